"""Which pages the sweep opens, and as whom: route, person, what stands in its address (by its name in the world)."""

LOOKS = """
home                     anonymous
discover                 anonymous
creator_detail           anonymous  mina
creator_authenticity     anonymous  mina
fees                     anonymous
trust                    anonymous
contact                  anonymous
campaign_start           anonymous
campaign_start           anonymous  ?goal=visits&niche=&town=&budget=500
invite_show              anonymous  to_omar
styleguide               anonymous
api_docs                 anonymous
account_login            anonymous
account_signup           anonymous
account_reset_password   anonymous
account_reset_password_done            anonymous
account_email_verification_sent        anonymous
account_confirm_email                  anonymous  made-up
account_reset_password_from_key        anonymous  made/up
account_reset_password_from_key_done   anonymous
account_inactive         anonymous

home                     owner
discover                 owner
creator_detail           owner      mina
creator_compare          owner      ?c=mina&c=omar&c=baker-2
creator_compare          anonymous
search_list              owner
search_new               owner      ?country=DE
search_detail            owner      search
campaign_list            owner
creator_choose           owner      ?creator=mina
creator_choose           viewer     ?creator=mina
campaign_new             owner
campaign_new             owner      ?goal=launch
campaign_detail          owner      open
campaign_detail          owner      draft
campaign_detail          owner      paused
campaign_edit            owner      draft
campaign_verb            owner      draft/submit
campaign_verb            owner      open/cancel
shortlist                owner      open
shortlist                owner      draft
campaign_plan            owner      open        ?budget=600&goal=reach&least=1&most=3
plan_proof               owner      open/proof
invitation_new           owner      open/omar
offer_new                owner      open/omar
application_verb         owner      application/decline
offer_list               owner
offer_detail             owner      countered
offer_verb               owner      countered/revise
offer_verb               owner      countered/agree
collaboration_list       owner
collaboration_detail     owner      awaiting_payment
collaboration_detail     owner      in_review
collaboration_detail     owner      late
collaboration_detail     owner      completed
collaboration_verb       owner      awaiting_payment/pay
collaboration_verb       owner      in_review/request_changes
collaboration_verb       owner      in_review/cancel_paid
collaboration_verb       owner      in_review/approve
contract                 owner      in_review
collaboration_detail     owner      released
conversation             owner      in_review
conversation             creator    in_review
message_report           creator    message
work_review              owner      completed
work_review              creator    released
review_answer            creator    review
creator_reviews          owner      mina
business_reviews         creator    bakery
invoice_list             owner
invoice_detail           owner      work_invoice
business_invoicing       owner      bakery
payment                  owner      awaiting_payment
team                     owner      bakery
business_new             owner
business_edit            owner      bakery
person_edit              owner
notice_list              owner
key_list                 owner
account_email            owner
account_logout           owner
account_set_password     owner
mfa_index                owner
mfa_activate_totp        owner
usersessions_list        owner
account_change_password  finance
account_reauthenticate   finance
mfa_index                manager
mfa_deactivate_totp      manager
mfa_view_recovery_codes  manager
mfa_generate_recovery_codes            manager
mfa_reauthenticate       manager
home                     newcomer
profile_edit             newcomer
campaign_list            viewer
team                     viewer     bakery

creator_home             creator
opportunities            creator
campaign_detail          creator    open
campaign_detail          creator    asked
application_new          creator    open
invitation_verb          creator    invitation/accept
invitation_verb          creator    invitation/decline
offer_list               creator
offer_detail             creator    sent
offer_detail             creator    countered
offer_verb               creator    sent/accept
offer_verb               creator    sent/counter
collaboration_list       creator
collaboration_detail     creator    in_production
collaboration_detail     creator    changes_requested
collaboration_detail     creator    completed
collaboration_verb       creator    in_production/submit
collaboration_verb       creator    approved/mark_live
contract                 creator    in_review
earnings                 creator
payout_minimum           creator
collaboration_detail     creator    released
statement                creator    this_year
statement                other_creator  this_year
invoice_list             creator
invoice_list             other_creator
invoice_detail           creator    work_invoice
creator_invoicing        creator
profile_edit             creator
profile_about            creator
profile_place            creator
profile_niches           creator
profile_exclusions       creator
profile_authenticity     creator
profile_rates            creator
profile_channels         creator
channel_edit             creator    channel
creator_detail           creator    mina
notice_list              creator
invite_show              other_creator    to_omar
campaign_money           owner    open
campaign_money           finance  funded
campaign_verb            owner    open/fund
campaign_verb            finance  funded/return_money

admin:index                            admin
admin:campaigns_campaign_changelist    admin
admin:campaigns_campaign_change        admin    flagged
admin:campaigns_campaign_verb          admin    flagged/reject
admin:campaigns_collaboration_changelist         admin
admin:campaigns_collaboration_change   admin    in_review
admin:campaigns_collaboration_verb     admin    live/put_on_hold
admin:campaigns_offer_change           admin    countered
admin:creators_creator_changelist      admin
admin:creators_creator_change          admin    mina_profile
admin:payments_hold_changelist         admin
admin:payments_feeschedule_changelist  admin
admin:payments_feeschedule_actuals     admin
admin:payments_operation_changelist    admin
admin:trust_auditentry_changelist      admin
admin:users_user_changelist            admin
"""

ONLY_SENT = "takes a POST and leads to another page"
NO_PAGE = "answers a program, not a person"
EXCLUDED = {
    "healthz": NO_PAGE,
    "readyz": NO_PAGE,
    "metrics": NO_PAGE,
    "api_schema": NO_PAGE,
    "stripe_platform": NO_PAGE,
    "stripe_connect": NO_PAGE,
    "town_options": "a part of a page: the suggestions under a field",
    "submission_file": "a download",
    "message_file": "a download",
    "invoice_pdf": "a download",
    "statement_pdf": "a download",
    "statement_csv": "a download",
    "mfa_download_recovery_codes": "a download",
    "mfa_authenticate": "only half-way through a log-in; test_accounts opens it",
    "account_confirm_login_code": "log-in by code is off",
    "theme": ONLY_SENT,
    "notice_mark_read": ONLY_SENT,
    "digest_edit": ONLY_SENT,
    "notice_open": ONLY_SENT,
    "key_revoke": ONLY_SENT,
    "profile_open": ONLY_SENT,
    "rate_remove": ONLY_SENT,
    "channel_remove": ONLY_SENT,
    "creator_verb": ONLY_SENT,
    "team_mine": "leads to the one team; several are a list of cards",
    "member_role": ONLY_SENT,
    "member_remove": ONLY_SENT,
    "invite_withdraw": ONLY_SENT,
    "invite_accept": ONLY_SENT,
    "search_look": ONLY_SENT,
    "search_remove": ONLY_SENT,
    "matches_request": ONLY_SENT,
    "plan_prove": ONLY_SENT,
    "creator_save": ONLY_SENT,
    "creator_forget": ONLY_SENT,
    "onboarding_start": ONLY_SENT,
    "payout_request": ONLY_SENT,
}
