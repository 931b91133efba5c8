"""What a row of the matrix sends: enough to succeed for whoever may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campaigns.terms import contract_items
from tests.permissions.rows import Fields
from tests.permissions.world import World

TODAY = timezone.localdate()
DUE, PUBLISH, END = (str(TODAY + timedelta(days=days)) for days in (10, 12, 30))
ITEM = {"kind": "reel", "network": "instagram", "count": 1, "detail": "Show the oven"}
LINES = {
    "items-TOTAL_FORMS": "1", "items-INITIAL_FORMS": "0", "items-0-kind": "reel", "items-0-network": "instagram",
    "items-0-count": "1", "items-0-detail": "Show the oven",
}  # fmt: skip
BRIEF_PAGE = {
    "title": "Rye week", "product": "Rye bread", "goal": "awareness", "message": "Rye is back.", "compensation": "fee",
    "budget": "600", "creators_wanted": "2", "starts_on": str(TODAY), "ends_on": END, "usage_days": "0",
    "disclosure": "#ad", **LINES,
}  # fmt: skip
TERMS_PAGE = {"fee": "210", "due_on": DUE, "publish_on": PUBLISH, "usage_days": "0", "disclosure": "#ad", **LINES}
TERMS = {"fee_minor": 21_000, "currency": "EUR", "deliverables": [ITEM], "due_on": DUE, "publish_on": PUBLISH}
REASON = {"reason": "It does not fit just now."}
SIGNED = {"version": 1, "signature": "Mina Park"}
SAID = {"text": "When do you bake?"}
REVIEWED = {"stars": 4, "text": "Good bread, good talk."}
REPORTED = {"reason": "abuse", "note": "Not kind."}
LINK = {"link": "https://example.org/take-two"}
LIVE = {"url": "https://example.org/p/1"}
INVOICING = {"name": "Somebody GmbH", "address": "Market Street 1\n89073 Ulm", "tax_id": "DE123"}
NAMED = {"name": "Rosa's Second Oven"}


def _change(world: World) -> dict[str, Any]:
    return {"item": contract_items(world["in_review"].contract)[0], "text": "Closer to the oven, please."}


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("take.pdf", b"%PDF-1.4 take two", content_type="application/pdf")


PAGE_FIELDS: Fields = {
    ("theme", ""): {"theme": "dark", "next": "/"},
    ("stripe_platform", ""): {"id": "evt_1"},
    ("key_list", ""): {"name": "My till", "days": "30"},
    ("profile_open", ""): {"display_name": "Somebody New"},
    ("profile_about", ""): {"display_name": "New Name", "handle": "new-name", "bio": "I film ovens. " * 4},
    ("profile_place", ""): {"country": "FR", "languages": ["fr"]},
    ("profile_niches", ""): {"niches": ["baking"]},
    ("profile_exclusions", ""): {"exclusions": "gambling", "room_per_month": "7"},
    ("profile_authenticity", ""): {"text": "We were on television that week."},
    ("profile_rates", ""): {"form": "rate", "kind": "story", "network": "instagram", "price": "90"},
    ("profile_channels", ""): {"network": "blog", "handle": "crumbs", "url": "https://crumbs.example.org/"},
    ("channel_edit", ""): {"network": "instagram", "handle": "mina", "followers": "4300"},
    ("business_new", ""): {**NAMED, "country": "DE", "currency": "EUR"},
    ("business_edit", ""): NAMED,
    ("business_invoicing", ""): INVOICING,
    ("creator_invoicing", ""): INVOICING,
    ("person_edit", ""): {"name": "Somebody Else", "time_zone": "Asia/Tokyo"},
    ("search_new", ""): {"name": "Bakers nearby", "is_told": "on"},
    ("search_detail", ""): {"name": "Bakers nearby", "is_told": "on"},
    ("team", ""): {"email": "new.hand@example.org", "role": "viewer"},
    ("member_role", ""): {"role": "finance"},
    ("campaign_new", ""): BRIEF_PAGE,
    ("campaign_edit", ""): BRIEF_PAGE,
    ("campaign_plan", ""): {"creators": ["omar"], "message": "We like your bread."},
    ("invitation_new", ""): {"message": "We like your bread."},
    ("offer_new", ""): TERMS_PAGE,
    ("application_new", ""): {"message": "I bake every Sunday."},
    ("campaign_verb", "cancel"): REASON,
    ("campaign_verb", "fund"): {"amount": "600"},
    ("payout_minimum", ""): {"minimum": "60"},
    ("digest_edit", ""): {"every": "never"},
    ("invitation_verb", "decline"): REASON,
    ("application_verb", "decline"): REASON,
    ("offer_verb", "accept"): SIGNED,
    ("offer_verb", "counter"): {**TERMS_PAGE, "version": "1"},
    ("offer_verb", "countered/counter"): {**TERMS_PAGE, "version": "2"},
    ("offer_verb", "revise"): {**TERMS_PAGE, "version": "2"},
    ("offer_verb", "agree"): {"version": "2"},
    ("offer_verb", "decline"): REASON,
    ("offer_verb", "withdraw"): REASON,
    ("conversation", ""): SAID,
    ("work_review", ""): REVIEWED,
    ("review_answer", ""): SAID,
    ("message_report", ""): REPORTED,
    ("collaboration_verb", "call_off"): REASON,
    ("collaboration_verb", "cancel"): REASON,
    ("collaboration_verb", "cancel_late"): REASON,
    ("collaboration_verb", "cancel_paid"): {**REASON, "keeps_minor": "10000"},
    ("collaboration_verb", "submit"): LINK,
    ("collaboration_verb", "mark_live"): LIVE,
    ("collaboration_verb", "request_changes"): _change,
}

API_FIELDS: Fields = {
    ("api_my_authenticity", ""): {"answer": "We were on television that week."},
    ("api_my_profile", ""): {"display_name": "New Name"},
    ("api_my_channel-list", ""): {"network": "blog", "handle": "crumbs"},
    ("api_my_channel-detail", "channel"): {"followers": 4300},
    ("api_my_rate-list", ""): {"kind": "story", "network": "instagram", "price_minor": 9000},
    ("api_my_rate-detail", "rate"): {"price_minor": 9000},
    ("api_business-list", ""): NAMED,
    ("api_business-edit", ""): NAMED,
    ("api_search-list", ""): lambda world: {
        "business": world.id_of("bakery"),
        "name": "Bakers nearby",
        "filters": {"country": "DE", "near": "48.4,10.0"},
    },
    ("api_search-edit", ""): {"name": "Bakers nearby", "is_told": False},
    ("api_member-change-role", ""): {"role": "finance"},
    ("api_invite-list", ""): lambda world: {
        "business": world.id_of("bakery"),
        "email": "new.hand@example.org",
        "role": "viewer",
    },
    ("api_invite-accept", ""): lambda world: {"token": world.id_of("to_omar")},
    ("api_campaign-list", ""): lambda world: {
        "business": world.id_of("bakery"),
        "title": "Rye week",
        "product": "Rye",
        "budget_minor": 60_000,
    },
    ("api_campaign-detail", ""): {"message": "Rye is back."},
    ("api_campaign-deliverables", ""): {"deliverables": [ITEM, ITEM]},
    ("api_campaign-cancel", ""): REASON,
    ("api_campaign-fund", ""): {"amount_minor": 600_00},
    ("api_earnings-minimum", ""): {"minimum_minor": 60_00},
    ("api_invitation-list", ""): lambda world: {
        "campaign": world.id_of("open"),
        "creator": world.cast.other_profile.public_id,
    },
    ("api_invitation-decline", ""): REASON,
    ("api_application-list", ""): lambda world: {"campaign": world.id_of("open"), "message": "I bake every Sunday."},
    ("api_application-offer", ""): TERMS,
    ("api_invitation-offer", ""): TERMS,
    ("api_application-decline", ""): REASON,
    ("api_offer-list", ""): lambda world: {
        "campaign": world.id_of("open"),
        "creator": world.cast.other_profile.public_id,
        "terms": TERMS,
    },
    ("api_offer-accept", ""): SIGNED,
    ("api_offer-counter", ""): {"version": 1, "terms": TERMS},
    ("api_offer-counter", "countered"): {"version": 2, "terms": TERMS},
    ("api_offer-take-back", ""): {"version": 2},
    ("api_offer-revise", ""): {"version": 2, "terms": TERMS},
    ("api_offer-agree", ""): {"version": 2},
    ("api_offer-decline", ""): REASON,
    ("api_offer-withdraw", ""): REASON,
    ("api_collaboration-write", ""): SAID,
    ("api_collaboration-review", ""): REVIEWED,
    ("api_message-report", ""): REPORTED,
    ("api_collaboration-call-off", ""): REASON,
    ("api_collaboration-submit", ""): LINK,
    ("api_collaboration-upload", ""): lambda _world: {"file": _file()},
    ("api_collaboration-cancel", ""): REASON,
    ("api_collaboration-cancel-late", ""): REASON,
    ("api_collaboration-cancel-paid", ""): {**REASON, "keeps_minor": 10_000},
    ("api_collaboration-request-changes", ""): lambda world: {"changes": [_change(world)]},
    ("api_collaboration-mark-live", ""): LIVE,
}
QUERIES = {
    "api_town-list": "q=Ul",
    "town_options": "near=Ul",
    "search_new": "country=DE",
    "creator_compare": "c=mina&c=omar",
    "api_creator-compare": "creators=mina,omar",
    "api_campaign-plan": "budget_minor=60000",
    "api_creator-alike": "limit=2",
}
