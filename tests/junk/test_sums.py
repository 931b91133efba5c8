"""Wishes the rules refuse, over the API: each with its own code, and nothing half-written."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from campaigns.models import Collaboration, Offer
from payments.models import Hold
from tests.permissions.asking import Outcome, ask, snapshot
from tests.permissions.sending import SIGNED, TERMS
from tests.permissions.world import World

pytestmark = pytest.mark.django_db
API = "/api/v1"
YESTERDAY = str(timezone.localdate() - timedelta(days=1))


def _post(world: World, who: str, path: str, body: dict[str, Any], asked: list[str]) -> tuple[Outcome, dict[str, Any]]:
    got = ask(
        world.browsers[who], "POST", f"{API}/{path}", snapshot(), asked,
        data=json.dumps(body), content_type="application/json",
    )  # fmt: skip
    return got, json.loads(got.body or b"{}")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("budget_minor", 0),
        ("budget_minor", -5),
        ("budget_minor", 10**15),
        ("budget_minor", 10**400),
        ("budget_minor", "1e3"),
        ("budget_minor", 12.5),
        ("currency", "XXX"),
        ("currency", "eur"),
        ("currency", "€"),
        ("ends_on", YESTERDAY),
        ("ends_on", "9999-12-31"),
        ("ends_on", "2026-02-31"),
        ("radius_km", -1),
        ("creators_wanted", 0),
        ("usage_days", -1),
        ("product_value_minor", -1),
        ("title", ""),
        ("title", "x" * 81),
        ("platforms", ["myspace"]),
        ("languages", ["klingon"]),
        ("niches", ["no-such-niche"]),
        ("town", 10**12),
    ],
)
def test_an_impossible_brief_is_refused_at_its_field(field: str, value: object, world: World, asked: list[str]) -> None:
    brief = {"business": world.id_of("bakery"), "title": "Rye", "product": "Rye", "budget_minor": 60_000}
    brief |= {"ends_on": str(timezone.localdate() + timedelta(days=30)), field: value}

    got, told = _post(world, "owner", "campaigns/", brief, asked)

    assert got.status == 400, got.gist
    assert any(field.startswith(name) for name in told["errors"]), told
    assert not got.changed


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("fee_minor", 0, "invalid"),
        ("fee_minor", -1, "invalid"),
        ("fee_minor", 10**15, "invalid"),
        ("currency", "XXX", "unknown_currency"),
        ("currency", "USD", None),
        ("due_on", YESTERDAY, None),
        ("due_on", "9999-12-31", "terms_invalid"),
        ("publish_on", YESTERDAY, None),
        ("publish_on", "9999-12-31", "terms_invalid"),
        ("deliverables", [], None),
    ],
)
def test_impossible_terms_are_refused(
    field: str, value: object, code: str | None, world: World, asked: list[str]
) -> None:
    creator = world.cast.other_profile.public_id
    asking = {"campaign": world.id_of("open"), "creator": creator, "terms": TERMS | {field: value}}

    got, told = _post(world, "owner", "offers/", asking, asked)

    assert got.status in (400, 409), got.gist
    assert code is None or told["code"] == code
    assert not got.changed


def test_an_offer_above_what_is_left_cannot_be_sent(world: World, asked: list[str]) -> None:
    creator = world.cast.other_profile.public_id
    asking = {"campaign": world.id_of("open"), "creator": creator, "terms": TERMS | {"fee_minor": 60_000}}

    got, told = _post(world, "owner", "offers/", asking, asked)

    assert got.status == 409
    assert "left" in told["detail"] or "budget" in told["detail"], told
    assert not got.changed


def test_a_second_live_offer_to_one_creator_cannot_be_sent(world: World, asked: list[str]) -> None:
    sent: Offer = world["sent"]
    asking = {"campaign": sent.campaign.public_id, "creator": sent.creator.public_id, "terms": TERMS}

    got, _told = _post(world, "owner", "offers/", asking, asked)

    assert got.status == 409, got.gist
    assert not got.changed


def test_an_expired_offer_cannot_be_accepted(world: World, asked: list[str]) -> None:
    Offer.objects.filter(pk=world["sent"].pk).update(expires_at=timezone.now() - timedelta(minutes=1))

    got, told = _post(world, "creator", f"offers/{world.id_of('sent')}/accept/", SIGNED, asked)

    assert got.status == 409, got.gist
    assert "expired" in told["code"] or "expired" in told["detail"], told
    assert not got.changed


@pytest.mark.parametrize("signature", ["Omar Diaz", "mina", "", " ", "M\u0456na Park"])
def test_a_contract_is_signed_with_ones_own_name(signature: str, world: World, asked: list[str]) -> None:
    said = {"version": 1, "signature": signature}

    got, told = _post(world, "creator", f"offers/{world.id_of('sent')}/accept/", said, asked)

    assert got.status == 400, got.gist
    assert "signature" in told["errors"]
    assert not got.changed


def test_nobody_pays_twice(world: World, asked: list[str]) -> None:
    room: Collaboration = world["awaiting_payment"]
    Hold.objects.filter(pk=room.hold_id).update(state="secured")
    Collaboration.objects.filter(pk=room.pk).update(state="in_production")

    got, told = _post(world, "owner", f"collaborations/{room.public_id}/pay/", {}, asked)

    assert got.status == 409, got.gist
    assert told["state"] == "in_production"
    assert not got.changed


def test_nobody_pays_when_the_time_to_pay_is_over(world: World, asked: list[str]) -> None:
    room: Collaboration = world["awaiting_payment"]
    Collaboration.objects.filter(pk=room.pk).update(due_at=timezone.now() - timedelta(minutes=1))

    got, told = _post(world, "owner", f"collaborations/{room.public_id}/pay/", {}, asked)

    assert (got.status, told["code"]) == (409, "expired")
    assert not got.changed


@pytest.mark.parametrize("field", ["state", "fee_minor", "owner", "business", "made_by", "opened_at", "id", "findings"])
def test_what_is_not_yours_to_write_is_not_written(field: str, world: World, asked: list[str]) -> None:
    """Mass assignment: a field that the verb does not ask for is as if it were not there."""
    draft = world["draft"]
    before = {name: getattr(draft, name, None) for name in ("state", "business_id", "made_by_id", "public_id")}
    sent = json.dumps({"message": "Rye.", field: world.id_of("wheels")})

    answer = world.browsers["owner"].generic("PATCH", f"{API}/campaigns/{draft.public_id}/", sent, "application/json")

    draft.refresh_from_db()
    assert answer.status_code in (200, 400)
    assert {name: getattr(draft, name, None) for name in before} == before
