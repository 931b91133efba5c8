"""The matrix of the API. The words are in the order of the persons:

owner manager finance viewer other_business creator other_creator admin anonymous suspended

A 400 for somebody else's id in a body: rows one may not see do not exist.
"""

OPEN_TO_ALL = """
api_schema          GET   -             ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api_docs            GET   -             ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api_creator-list    GET   -             ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api_creator-compare GET   -             ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api_creator-alike   GET   mina_profile  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api_creator-alike   GET   shy           404  404  404  404  404  404  404  ok   404  404
api_creator-authenticity  GET   mina_profile  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api_creator-authenticity  GET   shy           404  404  404  404  404  404  404  ok   404  404
api_creator-detail  GET   mina_profile  ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api_creator-detail  GET   shy           404  404  404  404  404  404  404  ok   404  404
api_niche-list      GET   -             ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
api_town-list       GET   -             ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
"""

ONES_OWN = """
api_me                 GET     -        ok   ok   ok   ok   ok   ok   ok   ok   401  401
api_my_profile         GET     -        404  404  404  404  404  ok   ok   404  401  401
api_my_profile         POST    -        ok+  ok+  ok+  ok+  ok+  ok   ok   ok+  401  401   # one each
api_my_profile         PATCH   -        404  404  404  404  404  ok+  ok+  404  401  401
api_my_authenticity    GET     -        404  404  404  404  404  ok   ok   404  401  401
api_my_authenticity    PUT     -        404  404  404  404  404  ok+  ok+  404  401  401
api_my_channel-list    GET     -        ok   ok   ok   ok   ok   ok   ok   ok   401  401
api_my_channel-list    POST    -        404  404  404  404  404  ok+  ok+  404  401  401
api_my_channel-detail  GET     channel  404  404  404  404  404  ok   404  404  401  401
api_my_channel-detail  PATCH   channel  404  404  404  404  404  ok+  404  404  401  401
api_my_channel-detail  DELETE  channel  404  404  404  404  404  ok+  404  404  401  401
api_my_rate-list       GET     -        ok   ok   ok   ok   ok   ok   ok   ok   401  401
api_my_rate-list       POST    -        404  404  404  404  404  ok+  ok+  404  401  401
api_my_rate-detail     GET     rate     404  404  404  404  404  ok   404  404  401  401
api_my_rate-detail     PATCH   rate     404  404  404  404  404  ok+  404  404  401  401
api_my_rate-detail     DELETE  rate     404  404  404  404  404  ok+  404  404  401  401
api_creator-pause      POST    mina_profile  403  403  403  403  403  ok+  403  403  401  401
api_creator-resume     POST    mina_profile  403  403  403  403  403  409  403  403  401  401
api_creator-submit     POST    mina_profile  403  403  403  403  403  409  403  403  401  401
api_creator-submit     POST    shy      404  404  404  404  404  404  404  403  401  401
api_earnings-list      GET     -        404  404  404  404  404  ok   ok+  404  401  401   # opens Omar's account
api_earnings-payouts   GET     -        404  404  404  404  404  ok   ok+  404  401  401
api_earnings-statement GET    this_year  404  404  404  404  404  ok   ok   404  401  401
api_earnings-statement GET    1999       404  404  404  404  404  404  404  404  401  401
api_earnings-onboard   POST    -        404  404  404  404  404  ok+  ok+  404  401  401
api_earnings-quotes    GET     -        404  404  404  404  404  ok   ok+  404  401  401
api_earnings-pay-out   POST    -        404  404  404  404  404  ok+  ok+  404  401  401
api_earnings-minimum   POST    -        404  404  404  404  404  ok+  ok+  404  401  401
api_notice-list        GET     -        ok   ok   ok   ok   ok   ok   ok   ok   401  401
api_notice-read        POST    -        ok+  ok+  ok+  ok   ok   ok+  ok   ok   401  401
api_notice-detail      GET     notice   ok   404  404  404  404  404  404  404  401  401
"""

TEAM = """
api_business-list       GET   -            ok   ok   ok   ok   ok   ok   ok   ok   401  401
api_business-list       POST  -            ok+  ok+  ok+  ok+  ok+  ok+  ok+  ok+  401  401
api_business-detail     GET   bakery       ok   ok   ok   ok   404  404  404  ok   401  401
api_business-detail     GET   wheels       404  404  404  404  ok   404  404  ok   401  401
api_business-edit       POST  bakery       ok+  403  403  403  404  404  404  403  401  401
api_business-leave      POST  bakery       409  ok+  ok+  ok+  404  404  404  403  401  401
api_search-list         GET   -            ok   ok   ok   ok   ok   ok   ok   ok   401  401
api_search-list         POST  -            ok+  ok+  403  403  400  400  400  403  401  401
api_search-detail       GET   search       ok   ok   ok   ok   404  404  404  ok   401  401
api_search-edit         POST  search       ok+  ok+  403  403  404  404  404  403  401  401
api_search-look         POST  search       ok+  ok+  403  403  404  404  404  403  401  401
api_search-remove       POST  search       ok+  ok+  403  403  404  404  404  403  401  401
api_member-list         GET   -            ok   ok   ok   ok   ok   ok   ok   ok   401  401
api_member-detail       GET   seat_viewer  ok   ok   ok   ok   404  404  404  ok   401  401
api_member-change-role  POST  seat_viewer  ok+  403  403  403  404  404  404  403  401  401
api_member-remove       POST  seat_viewer  ok+  403  403  403  404  404  404  403  401  401
api_member-remove       POST  seat_owner   409  403  403  403  404  404  404  403  401  401
api_invite-list         GET   -            ok   ok   ok   ok   ok   ok   ok   ok   401  401
api_invite-list         POST  -            ok+  403  403  403  400  400  400  403  401  401
api_invite-detail       GET   invite       ok   ok   ok   ok   404  404  404  ok   401  401
api_invite-withdraw     POST  invite       ok+  403  403  403  404  404  404  403  401  401
api_invite-accept       POST  -            403  403  403  403  403  403  ok+  403  401  401
"""

CAMPAIGNS = """
api_campaign-list          GET    -            ok   ok   ok   ok   ok   ok   ok   ok   401  401
api_campaign-list          POST   -            ok+  ok+  403  403  400  400  400  403  401  401
api_campaign-recommended   GET    -            404  404  404  404  404  ok   ok   404  401  401
api_campaign-detail        GET    open         ok   ok   ok   ok   ok   ok   ok   ok   401  401
api_campaign-detail        GET    draft        ok   ok   ok   ok   404  404  404  ok   401  401
api_campaign-detail        GET    their_draft  404  404  404  404  ok   404  404  ok   401  401
api_campaign-detail        PATCH  draft        ok+  ok+  403  403  404  404  404  403  401  401
api_campaign-detail        PATCH  open         ok+  ok+  403  403  403  403  403  403  401  401
api_campaign-detail        PATCH  their_draft  404  404  404  404  ok+  404  404  403  401  401
api_campaign-deliverables  POST   draft        ok+  ok+  403  403  404  404  404  403  401  401
api_campaign-submit        POST   draft        ok+  ok+  403  403  404  404  404  403  401  401
api_campaign-pause         POST   open         ok+  ok+  403  403  403  403  403  403  401  401
api_campaign-resume        POST   paused       ok+  ok+  403  403  404  404  404  403  401  401
api_campaign-complete      POST   open         ok+  ok+  403  403  403  403  403  403  401  401
api_campaign-cancel        POST   open         ok+  ok+  403  403  403  403  403  403  401  401
api_campaign-archive       POST   cancelled    ok+  ok+  403  403  404  404  404  403  401  401
api_campaign-archive       POST   open         409  409  403  403  403  403  403  403  401  401
api_campaign-wallet        GET    funded       ok   ok   ok   ok   403  403  403  403  401  401
api_campaign-fund          POST   open         ok+  403  ok+  403  403  403  403  403  401  401
api_campaign-return-money  POST   funded       ok+  403  ok+  403  403  403  403  403  401  401
api_campaign-return-money  POST   open         409  403  409  403  403  403  403  403  401  401
api_campaign-match         POST   open         ok+  ok+  403  403  403  403  403  403  401  401
api_campaign-matches       GET    open         ok+  ok+  ok+  ok+  403  403  403  403  401  401
api_campaign-plan          GET    open         ok   ok   ok   ok   403  403  403  403  401  401
api_campaign-prove         POST   open         ok+  ok+  ok+  ok+  403  403  403  403  401  401
api_campaign-proof         GET    open         ok   ok   ok   ok   403  403  403  403  401  401
api_campaign-activity      GET    open         ok   ok   ok   ok   403  403  403  403  401  401
api_campaign-activity      GET    draft        ok   ok   ok   ok   404  404  404  403  401  401
"""

TALKS = """
api_invitation-list        GET   -            ok   ok   ok   ok   ok   ok   ok   ok   401  401
api_invitation-list        POST  -            ok+  ok+  403  403  403  403  403  403  401  401
api_invitation-detail      GET   invitation   ok   ok   ok   ok   404  ok   404  ok   401  401
api_invitation-view        POST  invitation   403  403  403  403  404  ok+  404  403  401  401
api_invitation-accept      POST  invitation   403  403  403  403  404  ok+  404  403  401  401
api_invitation-decline     POST  invitation   403  403  403  403  404  ok+  404  403  401  401
api_invitation-offer       POST  invitation   ok+  ok+  403  403  404  403  404  403  401  401
api_invitation-withdraw    POST  invitation   ok+  ok+  403  403  404  403  404  403  401  401
api_application-list       GET   -            ok   ok   ok   ok   ok   ok   ok   ok   401  401
api_application-list       POST  -            403  403  403  403  403  ok+  ok+  403  401  401
api_application-detail     GET   application  ok   ok   ok   ok   404  ok   404  ok   401  401
api_application-shortlist  POST  application  ok+  ok+  403  403  404  403  404  403  401  401
api_application-offer      POST  application  ok+  ok+  403  403  404  403  404  403  401  401
api_application-decline    POST  application  ok+  ok+  403  403  404  403  404  403  401  401
api_application-withdraw   POST  application  403  403  403  403  404  ok+  404  403  401  401
api_offer-list             GET   -            ok   ok   ok   ok   ok   ok   ok   ok   401  401
api_offer-list             POST  -            ok+  ok+  403  403  403  403  403  403  401  401
api_offer-detail           GET   sent         ok   ok   ok   ok   404  ok   404  ok   401  401
api_offer-versions         GET   sent         ok   ok   ok   ok   404  ok   404  ok   401  401
api_offer-accept           POST  sent         403  403  403  403  404  ok+  404  403  401  401
api_offer-counter          POST  sent         403  403  403  403  404  ok+  404  403  401  401
api_offer-decline          POST  sent         403  403  403  403  404  ok+  404  403  401  401
api_offer-extend           POST  sent         ok+  ok+  403  403  404  403  404  403  401  401
api_offer-withdraw         POST  sent         ok+  ok+  403  403  404  403  404  403  401  401
api_offer-agree            POST  countered    ok+  ok+  403  403  404  403  404  403  401  401
api_offer-revise           POST  countered    ok+  ok+  403  403  404  403  404  403  401  401
api_offer-counter          POST  countered    403  403  403  403  404  ok+  404  403  401  401   # corrected
api_offer-take-back        POST  countered    403  403  403  403  404  ok+  404  403  401  401
api_offer-take-back        POST  sent         403  403  403  403  404  409  404  403  401  401
api_offer-revise           POST  sent         409  409  403  403  404  403  404  403  401  401
"""

WORK = """
api_invoice-list                   GET   -                 ok   ok   ok   ok   ok   ok   ok   ok   401  401
api_invoice-detail                 GET   work_invoice      ok   ok   ok   ok   404  ok   404  ok   401  401
api_invoice-detail                 GET   fee_invoice       ok   ok   ok   ok   404  404  404  ok   401  401
api_invoice-pdf                    GET   work_invoice      ok   ok   ok   ok   404  ok   404  ok   401  401
api_invoice-pdf                    GET   fee_invoice       ok   ok   ok   ok   404  404  404  ok   401  401
api_collaboration-list             GET   -                 ok   ok   ok   ok   ok   ok   ok   ok   401  401
api_collaboration-detail           GET   in_review         ok   ok   ok   ok   404  ok   404  ok   401  401
api_collaboration-ledger           GET   in_review         ok   ok   ok   ok   404  ok   404  ok   401  401
api_collaboration-activity         GET   in_review         ok   ok   ok   ok   404  ok   404  ok   401  401
api_collaboration-messages         GET   in_review         ok   ok   ok   ok   404  ok   404  ok   401  401
api_collaboration-write            POST  in_review         ok+  ok+  ok+  403  404  ok+  404  403  401  401
api_collaboration-review           POST  completed         ok+  ok+  403  403  404  ok+  404  403  401  401
api_collaboration-reviews          GET   completed         ok   ok   ok   ok   404  ok   404  ok   401  401
api_message-report                 POST  message           403  403  403  403  404  ok+  404  403  401  401
api_collaboration-pay              POST  awaiting_payment  ok+  403  ok+  403  404  403  404  403  401  401
api_collaboration-pay              POST  live              409  403  409  403  404  403  404  403  401  401
api_collaboration-call-off         POST  awaiting_payment  ok+  ok+  403  403  404  403  404  403  401  401
api_collaboration-submit           POST  in_production     403  403  403  403  404  ok+  404  403  401  401
api_collaboration-upload           POST  in_production     403  403  403  403  404  ok+  404  403  401  401
api_collaboration-cancel           POST  in_production     403  403  403  403  404  ok+  404  403  401  401
api_collaboration-cancel-late      POST  late              ok+  ok+  403  403  404  403  404  403  401  401
api_collaboration-cancel-late      POST  in_production     409  409  403  403  404  403  404  403  401  401
api_collaboration-kill-fee         GET   in_review         ok   ok   ok   ok   404  ok   404  ok   401  401
api_collaboration-cancel-paid      POST  in_review         ok+  ok+  403  403  404  403  404  403  401  401
api_collaboration-begin            POST  in_production     403  403  403  403  404  ok+  404  403  401  401
api_collaboration-request-changes  POST  in_review         ok+  ok+  403  403  404  403  404  403  401  401
api_collaboration-approve          POST  in_review         ok+  ok+  403  403  404  403  404  403  401  401
api_collaboration-mark-live        POST  approved          403  403  403  403  404  ok+  404  403  401  401
api_collaboration-accept-live      POST  live              ok+  ok+  403  403  404  403  404  403  401  401
"""

API = OPEN_TO_ALL + ONES_OWN + TEAM + CAMPAIGNS + TALKS + WORK
