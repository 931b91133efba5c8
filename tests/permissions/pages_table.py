"""The matrix of the pages. The words are in the order of the persons:

owner manager finance viewer other_business creator other_creator admin anonymous suspended

Somebody suspended is logged out by their next request, so they get what anonymous gets.
"""

OPEN_TO_ALL = """
healthz             GET   -   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
readyz              GET   -   503  503  503  503  503  503  503  503  503  503   # no clock ticks in a test
metrics             GET   -   404  404  404  404  404  404  404  404  404  404   # no METRICS_TOKEN is set
home                GET   -   ok   ok   ok   ok   ok   go   go   ok   ok   ok
fees                GET   -   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
trust               GET   -   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
contact             GET   -   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
styleguide          GET   -   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
campaign_start      GET   -   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
theme               POST  -   go   go   go   go   go   go   go   go   go   go
discover            GET   -   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
town_options        GET   -   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
creator_compare     GET   -   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
creator_detail      GET   mina   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
creator_reviews     GET   mina   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
creator_reviews     GET   sia    404  404  404  404  404  404  404  ok   404  404
creator_detail      GET   sia    404  404  404  404  404  404  404  ok   404  404   # a draft profile
creator_authenticity  GET   mina   ok   ok   ok   ok   ok   ok   ok   ok   ok   ok
creator_authenticity  GET   sia    404  404  404  404  404  404  404  ok   404  404
stripe_platform     POST  -   400  400  400  400  400  400  400  400  400  400   # no signature
stripe_connect      POST  -   400  400  400  400  400  400  400  400  400  400
"""

ONES_OWN = """
creator_home        GET   -   go   go   go   go   go   ok   ok   go   login login
notice_list         GET   -   ok   ok   ok   ok   ok   ok   ok   ok   login login
notice_mark_read    POST  -   go+  go+  go+  go   go   go+  go   go   login login
notice_open         POST  notice     go+  404  404  404  404  404  404  404  login login
notice_open         POST  told_mina  404  404  404  404  404  go+  404  404  login login
person_edit         GET   -   ok   ok   ok   ok   ok   ok   ok   ok   login login
person_edit         POST  -   go+  go+  go+  go+  go+  go+  go+  go+  login login
key_list            GET   -   ok   ok   ok   ok   ok   ok   ok   ok   login login
key_list            POST  -   ok+  ok+  ok+  ok+  ok+  ok+  ok+  ok+  login login
key_revoke          POST  key go+  404  404  404  404  404  404  404  login login
profile_edit        GET   -   ok   ok   ok   ok   ok   ok   ok   ok   login login
profile_open        POST  -   go+  go+  go+  go+  go+  go   go   go+  login login   # one profile each
profile_about       GET   -   go   go   go   go   go   ok   ok   go   login login
profile_about       POST  -   go   go   go   go   go   go+  go+  go   login login
profile_place       GET   -   go   go   go   go   go   ok   ok   go   login login
profile_place       POST  -   go   go   go   go   go   go+  go+  go   login login
profile_niches      GET   -   go   go   go   go   go   ok   ok   go   login login
profile_niches      POST  -   go   go   go   go   go   go+  go+  go   login login
profile_exclusions  GET   -   go   go   go   go   go   ok   ok   go   login login
profile_exclusions  POST  -   go   go   go   go   go   go+  go+  go   login login
profile_authenticity  GET   -   go   go   go   go   go   ok   ok   go   login login
profile_authenticity  POST  -   go   go   go   go   go   go+  go+  go   login login
profile_rates       GET   -   go   go   go   go   go   ok   ok   go   login login
profile_rates       POST  -   go   go   go   go   go   go+  go+  go   login login
profile_channels    GET   -   go   go   go   go   go   ok   ok   go   login login
profile_channels    POST  -   go   go   go   go   go   go+  go+  go   login login
rate_remove         POST  rate     404  404  404  404  404  go+  404  404  login login
channel_edit        GET   channel  404  404  404  404  404  ok   404  404  login login
channel_edit        POST  channel  404  404  404  404  404  go+  404  404  login login
channel_remove      POST  channel  404  404  404  404  404  go+  404  404  login login
creator_verb        POST  mina_profile/pause    403  403  403  403  403  go+  403  403  login login
creator_verb        POST  mina_profile/resume   403  403  403  403  403  409  403  403  login login
creator_verb        POST  mina_profile/approve  404  404  404  404  404  404  404  404  login login   # the admin's
creator_verb        POST  shy/submit    404  404  404  404  404  404  404  403  login login
earnings            GET   -   404  404  404  404  404  ok   ok+  404  login login   # opens Omar's account
onboarding_start    POST  -   404  404  404  404  404  go+  go+  404  login login
payout_request      GET   -   404  404  404  404  404  ok   ok+  404  login login   # opens Omar's account
creator_invoicing   GET   -   404  404  404  404  404  ok   ok   404  login login
creator_invoicing   POST  -   404  404  404  404  404  go+  go+  404  login login
statement           GET   this_year   404  404  404  404  404  ok   ok   404  login login
statement           GET   1999        404  404  404  404  404  404  404  404  login login
statement_pdf       GET   this_year   404  404  404  404  404  ok   ok   404  login login
statement_csv       GET   this_year   404  404  404  404  404  ok   ok   404  login login
payout_request      POST  -   404  404  404  404  404  go+  go+  404  login login
payout_minimum      GET   -   404  404  404  404  404  ok   ok+  404  login login
payout_minimum      POST  -   404  404  404  404  404  go+  go+  404  login login
opportunities       GET   -   go   go   go   go   go   ok   ok   go   login login
digest_edit         POST  -   404  404  404  404  404  go+  go+  404  login login
"""

TEAM = """
business_new     GET   -            ok   ok   ok   ok   ok   ok   ok   ok   login login
business_new     POST  -            go+  go+  go+  go+  go+  go+  go+  go+  login login
team             GET   bakery       ok   ok   ok   ok   404  404  404  ok   login login
team             POST  bakery       go+  403  403  403  404  404  404  403  login login
team             GET   wheels       404  404  404  404  ok   404  404  ok   login login
business_edit    GET   bakery       ok   403  403  403  404  404  404  403  login login
business_edit    POST  bakery       go+  403  403  403  404  404  404  403  login login
business_invoicing  GET   bakery    ok   403  ok   403  404  404  404  403  login login
business_invoicing  POST  bakery    go+  403  go+  403  404  404  404  403  login login
search_list      GET   -            ok   ok   ok   ok   ok   ok   ok   ok   login login
search_new       GET   -            ok   ok   403  403  ok   go   go   go   login login
search_new       POST  -            go+  go+  403  403  go+  go   go   go   login login
search_detail    GET   search       ok   ok   ok   ok   404  404  404  ok   login login
search_detail    POST  search       go+  go+  403  403  404  404  404  403  login login
search_look      POST  search       go+  go+  403  403  404  404  404  403  login login
search_remove    POST  search       go+  go+  403  403  404  404  404  403  login login
member_role      POST  seat_viewer  go+  403  403  403  404  404  404  403  login login
member_remove    POST  seat_viewer  go+  403  403  go+  404  404  404  403  login login   # everybody may leave
member_remove    POST  seat_owner   409  403  403  403  404  404  404  403  login login   # but the last owner
invite_withdraw  POST  invite       go+  403  403  403  404  404  404  403  login login
team_mine        GET   -            go   go   go   go   go   go   go   go   login login   # to one's own
invite_show      GET   to_omar      ok   ok   ok   ok   ok   ok   ok   ok   ok    ok      # whoever has the link
invite_accept    POST  to_omar      403  403  403  403  403  403  go+  403  login login
invite_accept    POST  made-up      409  409  409  409  409  409  409  409  login login
"""

CAMPAIGNS = """
campaign_list    GET   -            ok   ok   ok   ok   ok   ok   ok   ok   login login
campaign_new     GET   -            ok   ok   403  403  ok   go   go   go   login login
campaign_new     POST  -            go+  go+  403  403  go+  go   go   go   login login
creator_choose   GET   -            404  404  404  404  404  404  404  404  login login   # nobody is named
campaign_detail  GET   open         ok   ok   ok   ok   ok   ok   ok   ok   login login
campaign_detail  GET   draft        ok   ok   ok   ok   404  404  404  ok   login login
campaign_detail  GET   their_draft  404  404  404  404  ok   404  404  ok   login login
campaign_edit    GET   draft        ok   ok   403  403  404  404  404  404  login login
campaign_edit    POST  draft        go+  go+  403  403  404  404  404  404  login login
campaign_edit    POST  their_draft  404  404  404  404  go+  404  404  404  login login
shortlist        GET   open         ok+  ok+  ok+  ok+  404  404  404  404  login login   # noted as seen
campaign_plan    GET   open         ok   ok   ok   ok   404  404  404  404  login login
campaign_plan    POST  open         go+  go+  403  403  404  404  404  404  login login
plan_prove       POST  open         go+  go+  go+  go+  404  404  404  404  login login
plan_proof       GET   open/proof   ok   ok   ok   ok   404  404  404  404  login login
matches_request  POST  open         go+  go+  403  403  404  404  404  404  login login
creator_save     POST  open/omar    go+  go+  403  403  404  404  404  404  login login
creator_forget   POST  open/mina    go+  go+  403  403  404  404  404  404  login login
invitation_new   GET   open/omar    ok   ok   403  403  404  404  404  404  login login
invitation_new   POST  open/omar    go+  go+  403  403  404  404  404  404  login login
offer_new        GET   open/omar    ok   ok   403  403  404  404  404  404  login login
offer_new        POST  open/omar    go+  go+  403  403  404  404  404  404  login login
application_new  GET   open         404  404  404  404  404  ok   ok   404  login login
application_new  POST  open         404  404  404  404  404  go+  go+  404  login login
application_new  POST  draft        404  404  404  404  404  404  404  404  login login
campaign_money   GET   open               ok   ok   ok   ok   404  404  404  404  login login
campaign_money   GET   funded             ok   ok   ok   ok   404  404  404  404  login login
campaign_verb    GET   draft/submit       ok   ok   403  403  404  404  404  403  login login
campaign_verb    POST  draft/submit       go+  go+  403  403  404  404  404  403  login login
campaign_verb    GET   open/fund          ok   403  ok   403  403  403  403  403  login login
campaign_verb    POST  open/fund          go+  403  go+  403  403  403  403  403  login login
campaign_verb    POST  funded/return_money go+ 403  go+  403  403  403  403  403  login login
campaign_verb    POST  open/pause         go+  go+  403  403  403  403  403  403  login login
campaign_verb    POST  paused/resume      go+  go+  403  403  404  404  404  403  login login
campaign_verb    POST  open/complete      go+  go+  403  403  403  403  403  403  login login
campaign_verb    POST  open/cancel        go+  go+  403  403  403  403  403  403  login login
campaign_verb    POST  cancelled/archive  go+  go+  403  403  404  404  404  403  login login
campaign_verb    POST  cancelled/pause    409  409  403  403  404  404  404  403  login login   # too late
campaign_verb    POST  flagged/approve    404  404  404  404  404  404  404  404  login login   # in the admin only
"""

TALKS = """
invitation_verb   GET   invitation/accept      403  403  403  403  404  ok   404  403  login login
invitation_verb   POST  invitation/view        403  403  403  403  404  go+  404  403  login login
invitation_verb   POST  invitation/accept      403  403  403  403  404  go+  404  403  login login
invitation_verb   POST  invitation/decline     403  403  403  403  404  go+  404  403  login login
invitation_verb   POST  invitation/withdraw    go+  go+  403  403  404  403  404  403  login login
application_verb  GET   application/decline    ok   ok   403  403  404  403  404  403  login login
application_verb  POST  application/shortlist  go+  go+  403  403  404  403  404  403  login login
application_verb  POST  application/decline    go+  go+  403  403  404  403  404  403  login login
application_verb  POST  application/withdraw   403  403  403  403  404  go+  404  403  login login
offer_list        GET   -                 ok   ok   ok   ok   ok   ok   ok   ok   login login
offer_detail      GET   sent              ok   ok   ok   ok   404  ok   404  ok   login login
offer_verb        GET   sent/accept       403  403  403  403  404  ok   404  403  login login
offer_verb        POST  sent/accept       403  403  403  403  404  go+  404  403  login login
offer_verb        GET   sent/counter      403  403  403  403  404  ok   404  403  login login
offer_verb        POST  sent/counter      403  403  403  403  404  go+  404  403  login login
offer_verb        POST  sent/decline      403  403  403  403  404  go+  404  403  login login
offer_verb        POST  sent/extend       go+  go+  403  403  404  403  404  403  login login
offer_verb        POST  sent/withdraw     go+  go+  403  403  404  403  404  403  login login
offer_verb        POST  sent/agree        409  409  403  403  404  403  404  403  login login   # too early
offer_verb        POST  countered/agree   go+  go+  403  403  404  403  404  403  login login
offer_verb        GET   countered/revise  ok   ok   403  403  404  403  404  403  login login
offer_verb        POST  countered/revise  go+  go+  403  403  404  403  404  403  login login
offer_verb        GET   countered/counter    403  403  403  403  404  ok   404  403  login login
offer_verb        POST  countered/counter    403  403  403  403  404  go+  404  403  login login
offer_verb        POST  countered/take_back  403  403  403  403  404  go+  404  403  login login
offer_verb        POST  countered/accept  403  403  403  403  404  409  404  403  login login
"""

WORK = """
collaboration_list    GET   -                 ok   ok   ok   ok   ok   ok   ok   ok   login login
collaboration_detail  GET   in_review         ok   ok   ok   ok   404  ok   404  ok   login login
collaboration_detail  GET   completed         ok   ok   ok   ok   404  ok   404  ok   login login
contract              GET   in_review         ok   ok   ok   ok   404  ok   404  ok   login login
payment               GET   awaiting_payment  ok   ok   ok   ok   404  ok   404  ok   login login
payment               GET   in_production     go   go   go   go   404  go   404  go   login login
invoice_list          GET   -                 ok   ok   ok   ok   ok   ok   ok   ok   login login
invoice_detail        GET   work_invoice      ok   ok   ok   ok   404  ok   404  ok   login login
invoice_detail        GET   fee_invoice       ok   ok   ok   ok   404  404  404  ok   login login   # the business's
invoice_pdf           GET   work_invoice      ok   ok   ok   ok   404  ok   404  ok   login login
invoice_pdf           GET   fee_invoice       ok   ok   ok   ok   404  404  404  ok   login login
work_review           GET   completed         ok   ok   ok   ok   404  ok   404  ok   login login
work_review           POST  completed         go+  go+  403  403  404  go+  404  403  login login
work_review           POST  in_review         409  409  403  403  404  409  404  403  login login
review_answer         GET   review            403  403  403  403  404  ok   404  403  login login   # of the bakery
review_answer         POST  review            403  403  403  403  404  go+  404  403  login login
business_reviews      GET   bakery            ok   ok   ok   ok   ok   ok   ok   ok   login login
conversation          GET   in_review         ok+  ok   ok+  ok+  404  ok+  404  ok   login login   # marked as read
conversation          POST  in_review         go+  go+  go+  403  404  go+  404  403  login login
message_file          GET   message           ok   ok   ok   ok   404  ok   404  ok   login login
message_report        GET   message           403  403  403  403  404  ok   404  403  login login   # not one's own
message_report        POST  message           403  403  403  403  404  go+  404  403  login login
submission_file       GET   file              ok   ok   ok   ok   404  ok   404  ok   login login
collaboration_verb  GET   awaiting_payment/pay       ok   403  ok   403  404  403  404  403  login login
collaboration_verb  POST  awaiting_payment/pay       go+  403  go+  403  404  403  404  403  login login
collaboration_verb  POST  in_production/pay          409  403  409  403  404  403  404  403  login login   # paid
collaboration_verb  POST  awaiting_payment/call_off  go+  go+  403  403  404  403  404  403  login login
collaboration_verb  GET   in_production/submit       403  403  403  403  404  ok   404  403  login login
collaboration_verb  POST  in_production/submit       403  403  403  403  404  go+  404  403  login login
collaboration_verb  POST  changes_requested/submit   403  403  403  403  404  go+  404  403  login login
collaboration_verb  POST  in_production/cancel       403  403  403  403  404  go+  404  403  login login
collaboration_verb  POST  late/cancel_late           go+  go+  403  403  404  403  404  403  login login
collaboration_verb  GET   in_review/cancel_paid      ok   ok   403  403  404  403  404  403  login login
collaboration_verb  POST  in_review/cancel_paid      go+  go+  403  403  404  403  404  403  login login
collaboration_verb  POST  in_production/begin        403  403  403  403  404  go+  404  403  login login
collaboration_verb  GET   in_review/request_changes  ok   ok   403  403  404  403  404  403  login login
collaboration_verb  POST  in_review/request_changes  go+  go+  403  403  404  403  404  403  login login
collaboration_verb  POST  in_review/approve          go+  go+  403  403  404  403  404  403  login login
collaboration_verb  POST  approved/mark_live         403  403  403  403  404  go+  404  403  login login
collaboration_verb  POST  live/accept_live           go+  go+  403  403  404  403  404  403  login login
collaboration_verb  POST  completed/accept_live      409  409  403  403  404  403  404  403  login login
collaboration_verb  POST  live/put_on_hold           404  404  404  404  404  404  404  404  login login   # admin
"""

PAGES = OPEN_TO_ALL + ONES_OWN + TEAM + CAMPAIGNS + TALKS + WORK
