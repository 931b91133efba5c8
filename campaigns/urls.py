"""Every address of the work: pages in `urlpatterns`, the API in `api_urlpatterns`."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from campaigns.api.campaigns import CampaignViewSet
from campaigns.api.collaborations import CollaborationViewSet, MessageViewSet
from campaigns.api.earnings import EarningsViewSet
from campaigns.api.papers import InvoiceViewSet
from campaigns.api.people import BusinessViewSet, InviteViewSet, MemberViewSet, MeView, NoticeViewSet
from campaigns.api.searches import SearchViewSet
from campaigns.api.talks import ApplicationViewSet, InvitationViewSet, OfferViewSet
from campaigns.views import (
    briefs,
    choose,
    conversation,
    earnings,
    home,
    meetings,
    money,
    offers,
    papers,
    plans,
    proofs,
    reviews,
    searches,
    shortlist,
    start,
    statements,
    teams,
    work,
)

router = SimpleRouter()
router.register("businesses", BusinessViewSet, basename="api_business")
router.register("members", MemberViewSet, basename="api_member")
router.register("invites", InviteViewSet, basename="api_invite")
router.register("campaigns", CampaignViewSet, basename="api_campaign")
router.register("invitations", InvitationViewSet, basename="api_invitation")
router.register("applications", ApplicationViewSet, basename="api_application")
router.register("offers", OfferViewSet, basename="api_offer")
router.register("collaborations", CollaborationViewSet, basename="api_collaboration")
router.register("messages", MessageViewSet, basename="api_message")
router.register("invoices", InvoiceViewSet, basename="api_invoice")
router.register("me/earnings", EarningsViewSet, basename="api_earnings")
router.register("searches", SearchViewSet, basename="api_search")
router.register("notices", NoticeViewSet, basename="api_notice")

api_urlpatterns: list[URLPattern | URLResolver] = [path("me/", MeView.as_view(), name="api_me"), *router.urls]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("start/", start.campaign_start, name="campaign_start"),
    path("creator/", home.creator_home, name="creator_home"),
    path("business/new/", teams.business_new, name="business_new"),
    path("team/", teams.team_mine, name="team_mine"),
    path("team/<str:public_id>/", teams.team, name="team"),
    path("team/<str:public_id>/invoicing/", papers.business_invoicing, name="business_invoicing"),
    path("team/<str:public_id>/edit/", teams.business_edit, name="business_edit"),
    path("team/members/<str:public_id>/role/", teams.member_role, name="member_role"),
    path("team/members/<str:public_id>/remove/", teams.member_remove, name="member_remove"),
    path("team/invites/<str:public_id>/withdraw/", teams.invite_withdraw, name="invite_withdraw"),
    path("join/<str:token>/", teams.invite_show, name="invite_show"),
    path("join/<str:token>/accept/", teams.invite_accept, name="invite_accept"),
    path("searches/", searches.search_list, name="search_list"),
    path("searches/new/", searches.search_new, name="search_new"),
    path("searches/<str:public_id>/", searches.search_detail, name="search_detail"),
    path("searches/<str:public_id>/look/", searches.search_look, name="search_look"),
    path("searches/<str:public_id>/remove/", searches.search_remove, name="search_remove"),
    path("campaigns/", briefs.campaign_list, name="campaign_list"),
    path("campaigns/new/", briefs.campaign_new, name="campaign_new"),
    path("campaigns/choose/", choose.creator_choose, name="creator_choose"),
    path("campaigns/<str:public_id>/", briefs.campaign_detail, name="campaign_detail"),
    path("campaigns/<str:public_id>/edit/", briefs.campaign_edit, name="campaign_edit"),
    path("campaigns/<str:public_id>/money/", money.campaign_money, name="campaign_money"),
    path("campaigns/<str:public_id>/plan/", plans.campaign_plan, name="campaign_plan"),
    path("campaigns/<str:public_id>/plan/prove/", proofs.plan_prove, name="plan_prove"),
    path("campaigns/<str:public_id>/plan/proofs/<str:proof_id>/", proofs.plan_proof, name="plan_proof"),
    path("campaigns/<str:public_id>/shortlist/", shortlist.shortlist, name="shortlist"),
    path("campaigns/<str:public_id>/shortlist/request/", shortlist.matches_request, name="matches_request"),
    path("campaigns/<str:public_id>/save/<slug:handle>/", shortlist.creator_save, name="creator_save"),
    path("campaigns/<str:public_id>/forget/<slug:handle>/", shortlist.creator_forget, name="creator_forget"),
    path("campaigns/<str:public_id>/invite/<slug:handle>/", meetings.invitation_new, name="invitation_new"),
    path("campaigns/<str:public_id>/offer/<slug:handle>/", offers.offer_new, name="offer_new"),
    path("campaigns/<str:public_id>/apply/", meetings.application_new, name="application_new"),
    path("campaigns/<str:public_id>/do/<slug:verb>/", briefs.campaign_verb, name="campaign_verb"),
    path("opportunities/", meetings.opportunities, name="opportunities"),
    path("opportunities/digest/", meetings.digest_edit, name="digest_edit"),
    path("invitations/<str:public_id>/<slug:verb>/", meetings.invitation_verb, name="invitation_verb"),
    path("applications/<str:public_id>/<slug:verb>/", meetings.application_verb, name="application_verb"),
    path("offers/", offers.offer_list, name="offer_list"),
    path("offers/<str:public_id>/", offers.offer_detail, name="offer_detail"),
    path("offers/<str:public_id>/<slug:verb>/", offers.offer_verb, name="offer_verb"),
    path("collaborations/", work.collaboration_list, name="collaboration_list"),
    path("collaborations/<str:public_id>/", work.collaboration_detail, name="collaboration_detail"),
    path("collaborations/<str:public_id>/contract/", work.contract, name="contract"),
    path("collaborations/<str:public_id>/payment/", work.payment, name="payment"),
    path("collaborations/<str:public_id>/do/<slug:verb>/", work.collaboration_verb, name="collaboration_verb"),
    path("collaborations/<str:public_id>/messages/", conversation.conversation, name="conversation"),
    path("messages/<str:public_id>/file/", conversation.message_file, name="message_file"),
    path("messages/<str:public_id>/report/", conversation.message_report, name="message_report"),
    path("collaborations/<str:public_id>/review/", reviews.work_review, name="work_review"),
    path("reviews/<str:public_id>/answer/", reviews.review_answer, name="review_answer"),
    path("c/<slug:handle>/reviews/", reviews.creator_reviews, name="creator_reviews"),
    path("business/<str:public_id>/reviews/", reviews.business_reviews, name="business_reviews"),
    path("submissions/<str:public_id>/file/", work.submission_file, name="submission_file"),
    path("earnings/", earnings.earnings, name="earnings"),
    path("earnings/invoicing/", papers.creator_invoicing, name="creator_invoicing"),
    path("earnings/years/<int:year>/", statements.statement, name="statement"),
    path("earnings/years/<int:year>/pdf/", statements.statement_pdf_file, name="statement_pdf"),
    path("earnings/years/<int:year>/csv/", statements.statement_csv_file, name="statement_csv"),
    path("invoices/", papers.invoice_list, name="invoice_list"),
    path("invoices/<str:public_id>/", papers.invoice_detail, name="invoice_detail"),
    path("invoices/<str:public_id>/pdf/", papers.invoice_pdf, name="invoice_pdf"),
    path("earnings/onboarding/", earnings.onboarding_start, name="onboarding_start"),
    path("earnings/payout/", earnings.payout_request, name="payout_request"),
    path("earnings/minimum/", earnings.payout_minimum, name="payout_minimum"),
]
