"""The work over JSON: reading what is visible, one POST for each verb, refusals as problem+json."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Activity, Business, Campaign, Collaboration, Invite, Match, MatchRun, Member, Offer
from campaigns.services.teams import invite_member
from campaigns.states import MACHINES
from marketplace.notices.models import Notice
from marketplace.users.models import User
from tests import cast as people
from tests.campaigns.conftest import Asked
from tests.cast import Cast

API = "/api/v1"


def get(user: User, path: str, *, status: int = 200) -> Any:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"{API}/{path}")
    assert answer.status_code == status, answer.content[:500]
    return answer.json()


def post(user: User, path: str, body: Any = None, *, status: int = 200, method: str = "post", **headers: str) -> Any:
    client = Client(headers=headers or None)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    call = getattr(client, method)
    answer = call(f"{API}/{path}", json.dumps(body or {}), content_type="application/json")
    assert answer.status_code == status, answer.content[:500]
    return answer.json() if answer.content else None


BRIEF = {
    "title": "Our sourdough", "product": "Bread", "message": "Patience", "budget_minor": 60_000, "currency": "EUR",
    "niches": ["baking"], "country": "DE", "creators_wanted": 2,
}  # fmt: skip
TERMS = {
    "fee_minor": 20_000, "currency": "EUR",
    "deliverables": [{"kind": "reel", "network": "instagram", "count": 1, "detail": "Show the oven"}],
}  # fmt: skip


def terms(**extra: Any) -> dict[str, Any]:
    return {**TERMS, "due_on": str(timezone.localdate()), **extra}


def test_somebody_opens_a_business_and_a_campaign(cast: Cast, bank: Asked) -> None:
    ends = str(timezone.localdate() + timedelta(days=20))

    business = post(cast.mina, "businesses/", {"name": "Mina's Flour"}, status=201)
    campaign = post(cast.mina, "campaigns/", {**BRIEF, "ends_on": ends, "business": business["id"]}, status=201)
    post(cast.mina, f"campaigns/{campaign['id']}/deliverables/", {"deliverables": TERMS["deliverables"]})
    opened = post(cast.mina, f"campaigns/{campaign['id']}/submit/")

    assert business["roles"] == ["manager", "owner", "payer", "viewer"]
    assert opened["state"] == "open"
    assert [action["verb"] for action in opened["actions"]] == ["pause", "complete", "fund", "cancel"]
    assert opened["inside"]["left"] == {"minor": 60_000, "currency": "EUR", "text": "€600.00"}


def test_an_offer_goes_back_and_forth_and_is_signed(cast: Cast, bank: Asked) -> None:
    campaign = people.campaign(cast)
    asked = {"campaign": campaign.public_id, "creator": cast.mina_profile.public_id, "terms": terms()}

    offer = post(cast.manager, "offers/", asked, status=201)
    offer = post(cast.mina, f"offers/{offer['id']}/counter/", {"version": 1, "terms": terms(fee_minor=25_000)})
    assert offer["differences"] == [{"label": "Fee", "before": "€200.00", "after": "€250.00"}]
    offer = post(cast.manager, f"offers/{offer['id']}/agree/", {"version": 2})
    late = post(cast.mina, f"offers/{offer['id']}/accept/", {"version": 1, "signature": "Mina Park"}, status=409)
    made = post(cast.mina, f"offers/{offer['id']}/accept/", {"version": 2, "signature": " mina  park "}, status=201)

    assert late["code"] == "terms_changed"
    assert made["fee"]["minor"] == 25_000
    assert made["state"] == "awaiting_payment"
    assert [v["number"] for v in get(cast.mina, f"offers/{offer['id']}/versions/")] == [1, 2]


def test_work_is_handed_in_reviewed_and_published(cast: Cast, bank: Asked) -> None:
    made = people.collaboration(cast, state="in_production")
    path = f"collaborations/{made.public_id}"

    post(cast.mina, f"{path}/submit/", {"link": "https://example.org/draft"})
    item = "Disclosure: #ad"
    post(cast.manager, f"{path}/request_changes/", {"changes": [{"item": item, "text": "Say it first"}]})
    post(cast.mina, f"{path}/submit/", {"link": "https://example.org/draft2"})
    post(cast.manager, f"{path}/approve/")
    post(cast.mina, f"{path}/mark_live/", {"url": "https://example.org/p"})
    done = post(cast.manager, f"{path}/accept_live/")

    assert done["state"] == "completed"
    assert done["submissions"][1]["changes"][0]["item"] == item
    assert bank == ["release"]
    assert [row["verb"] for row in get(cast.mina, f"{path}/activity/")["results"]][:2] == ["accept_live", "mark_live"]


def test_a_price_a_state_or_an_owner_cannot_be_written(cast: Cast, bank: Asked) -> None:
    made = people.campaign(cast, state="draft")
    sly = {"state": "open", "business": cast.other_business.public_id, "findings": [], "title": "New"}

    answer = post(cast.manager, f"campaigns/{made.public_id}/", sly, method="patch")

    made.refresh_from_db()
    assert answer["title"] == made.title == "New"
    assert (made.state, made.business) == ("draft", cast.bakery)


@pytest.mark.parametrize("path", ["campaigns", "offers", "collaborations", "businesses", "invitations"])
def test_strangers_get_the_same_answer_as_for_nothing(cast: Cast, bank: Asked, path: str) -> None:
    people.collaboration(cast)
    Campaign.objects.update(state="paused")
    people.invitation(cast)
    models = {"campaigns": Campaign, "offers": Offer, "collaborations": Collaboration, "businesses": Business}
    rows = models.get(path, Campaign)._base_manager.filter() if path in models else cast.bakery.campaigns.none()
    row = rows.order_by("pk").first()
    wanted = row.public_id if row else "0" * 14

    there = get(cast.other_creator, f"{path}/{wanted}/", status=404)
    nothing = get(cast.other_creator, f"{path}/00000000000000/", status=404)

    assert there == nothing


def test_a_refusal_names_its_code_and_fields(cast: Cast, bank: Asked) -> None:
    bad = {**BRIEF, "business": cast.bakery.public_id, "budget_minor": 10**15, "currency": "XXX"}

    problem = post(cast.manager, "campaigns/", bad, status=400)

    assert problem["code"] == "brief_invalid"
    assert set(problem["errors"]) == {"budget", "currency"}
    assert Campaign.objects.count() == 0


def test_the_same_key_does_nothing_twice(cast: Cast, bank: Asked) -> None:
    body = {"campaign": people.campaign(cast).public_id, "creator": cast.mina_profile.public_id, "terms": terms()}
    key = {"idempotency-key": "offer-1"}

    first = post(cast.manager, "offers/", body, status=201, **key)
    again = post(cast.manager, "offers/", body, status=201, **key)
    other = post(cast.manager, "offers/", {**body, "terms": terms(fee_minor=1)}, status=422, **key)

    assert first == again
    assert other["code"] == "key_reused"
    assert Offer.objects.count() == 1


def test_the_shortlist_is_for_the_team_only(cast: Cast, bank: Asked) -> None:
    campaign = people.campaign(cast)
    run = MatchRun.objects.create(campaign=campaign, brief_hash="x", finished_at=timezone.now(), pool_size=1)
    reasons = [{"code": "niche", "text": "Bakes", "facts": {}}]
    Match.objects.create(run=run, creator=cast.mina_profile, rank=1, score=0.9, parts={}, reasons=reasons)

    ours = get(cast.viewer, f"campaigns/{campaign.public_id}/matches/")
    theirs = get(cast.other_owner, f"campaigns/{campaign.public_id}/matches/", status=403)

    assert ours["matches"][0]["creator"]["id"] == cast.mina_profile.public_id
    assert theirs["code"] == "not_yours"


def test_only_the_team_sees_what_is_left(cast: Cast, bank: Asked) -> None:
    campaign = people.campaign(cast)

    assert get(cast.viewer, f"campaigns/{campaign.public_id}/")["inside"]["left"]["minor"] == 60_000
    assert get(cast.mina, f"campaigns/{campaign.public_id}/")["inside"] is None


def test_who_am_i(cast: Cast) -> None:
    me = get(cast.mina, "me/")

    assert me["creator"] == {"id": cast.mina_profile.public_id, "name": "Mina"}
    assert get(cast.owner, "me/")["businesses"][0]["role"] == "owner"


def test_a_seat_is_offered_and_taken_back(cast: Cast) -> None:
    body = {"business": cast.bakery.public_id, "email": "new@example.org", "role": "viewer"}

    invite = post(cast.owner, "invites/", body, status=201)
    post(cast.owner, f"invites/{invite['id']}/withdraw/")

    assert Invite.objects.get().withdrawn_at is not None
    assert "token" not in json.dumps(invite)
    assert post(cast.manager, "invites/", body, status=403)["code"] == "not_yours"


def test_notices_are_read(cast: Cast, bank: Asked) -> None:
    people.invitation(cast)

    assert get(cast.mina, "notices/")["results"][0]["kind"] == "invitation.send"
    post(cast.mina, "notices/read/", status=204)
    assert Notice.objects.visible_to(cast.mina).unread().count() == 0


LISTS = [
    "businesses", "members", "invites", "campaigns", "invitations", "applications", "offers", "collaborations",
    "notices",
]  # fmt: skip


@pytest.mark.parametrize("path", LISTS)
def test_a_list_asks_the_database_the_same_for_one_and_for_many(
    cast: Cast, bank: Asked, path: str, django_assert_max_num_queries: Any
) -> None:
    client = Client()
    client.force_login(cast.owner, backend="django.contrib.auth.backends.ModelBackend")
    client.get(f"{API}/{path}/")
    _fill(cast, 1)
    with django_assert_max_num_queries(12) as one:
        client.get(f"{API}/{path}/?page_size=100")
    _fill(cast, 8)
    with django_assert_max_num_queries(12) as many:
        answer = client.get(f"{API}/{path}/?page_size=100").json()

    assert len(answer["results"]) >= 9
    assert len(one.captured_queries) == len(many.captured_queries)


def _fill(cast: Cast, count: int) -> None:
    for _ in range(count):
        number = Offer.objects.count()
        business = Business.objects.create(name=f"Branch {number}")
        Member.objects.create(business=business, user=cast.owner, role="owner")
        people.collaboration(cast)
        people.invitation(cast)
        people.application(cast)
        invite_member(cast.bakery, email=f"seat{number}@example.org", role="viewer", by=cast.owner)
    assert Activity.objects.exists()


def test_every_action_that_is_offered_has_an_address() -> None:
    prefixes = {m.name: f"api_{m.name}" for m in MACHINES.values()}
    offered = {(m.name, v.verb) for m in MACHINES.values() for v in m if v.roles - {"admin", "clock", "bank"}}

    for name, verb in offered:
        url_name = f"{prefixes[name]}-{verb.replace('_', '-')}"
        assert reverse(url_name, args=["0" * 14]).endswith(f"/{verb}/"), (name, verb)


def test_an_application_is_answered_with_an_offer(cast: Cast, bank: Asked) -> None:
    application = people.application(cast)

    offer = post(cast.manager, f"applications/{application.public_id}/offer/", terms(), status=201)
    again = post(cast.manager, f"applications/{application.public_id}/offer/", terms(), status=409)

    assert offer["terms"]["fee"]["minor"] == 20_000
    assert again["code"] == "wrong_state"


def test_an_admins_verbs_are_not_offered_here(cast: Cast, bank: Asked) -> None:
    campaign = people.campaign(cast, state="in_review")

    assert get(cast.admin, f"campaigns/{campaign.public_id}/")["actions"] == []


def test_a_file_is_handed_in(cast: Cast, bank: Asked, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    made = people.collaboration(cast, state="in_production")
    client = Client()
    client.force_login(cast.mina, backend="django.contrib.auth.backends.ModelBackend")
    path = f"{API}/collaborations/{made.public_id}/upload/"

    bad = client.post(path, {"file": SimpleUploadedFile("a.pdf", b"<html>")})
    good = client.post(path, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 x"), "note": "Here"})

    assert (bad.status_code, bad.json()["code"]) == (400, "file_kind")
    assert (good.status_code, good.json()["file_name"]) == (200, "a.pdf")


def test_the_open_ledger_is_on_both_sides(cast: Cast) -> None:
    paid = people.secure(people.collaboration(cast))

    ours = get(cast.finance, f"collaborations/{paid.public_id}/ledger/")
    theirs = get(cast.mina, f"collaborations/{paid.public_id}/ledger/")

    assert ours == theirs
    assert ours[0]["money"] == {"minor": 21_800, "currency": "EUR", "text": "€218.00"}


def test_the_description_of_the_api_is_whole() -> None:
    out = io.StringIO()

    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)

    assert "/api/v1/collaborations/{public_id}/accept_live/" in out.getvalue()
