"""The main job, from brief to payout: real HTTP, real database, a real worker, and Stripe's double ringing back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.cast import Cast, make_cast
from tests.plugins.live import Stack, until
from tests.story import BIO, FEE, HAPPENED, OPEN_LEDGER, assert_the_end, day, to_the_bank
from tests.walkers import Program, Visitor

pytestmark = pytest.mark.django_db(transaction=True)

REEL = {"kind": "reel", "network": "instagram", "count": 1, "detail": "Show the oven"}


@pytest.fixture
def cast(stack: Stack) -> Cast:
    return make_cast()


def terms(fee: int, **extra: Any) -> dict[str, Any]:
    return {
        "fee_minor": fee,
        "currency": "EUR",
        "deliverables": [REEL],
        "due_on": day(10),
        "publish_on": day(12),
        **extra,
    }


@dataclass
class Walk:
    """Both sides of one story, and the addresses of what they make on the way."""

    stack: Stack
    cast: Cast
    rosa: Program
    mina: Program

    def both(self, path: str) -> tuple[list[str], list[str]]:
        return self.rosa.verbs(path), self.mina.verbs(path)


def test_brief_to_payout_through_the_api(stack: Stack, cast: Cast) -> None:
    with Program(stack.url, cast.owner) as rosa, Program(stack.url, cast.mina) as mina:
        walk = Walk(stack, cast, rosa, mina)
        describe_mina(walk)

        campaign = post_a_brief(walk)
        find_mina(walk, campaign)
        invite(walk, campaign)
        offer = agree(walk, campaign)
        room = sign(walk, offer)
        pay(walk, room)
        work(walk, room)
        get_paid(walk)

        lines = [(line["text"], line["money"]["text"], line["state"]) for line in rosa.get(f"{room}ledger/")]
        assert lines == OPEN_LEDGER
        assert mina.get(f"{room}ledger/") == rosa.get(f"{room}ledger/")
        happened = mina.get(f"{room}activity/?page_size=100")["results"]
        assert [row["verb"] for row in happened] == [verb for verb, _ in reversed(HAPPENED)]
        assert walk.both(room) == ([], [])
    assert_the_end(stack, cast)


def describe_mina(walk: Walk) -> None:
    walk.mina.patch("me/profile/", bio=BIO, niches=["baking"], languages=["de"])
    walk.mina.post(
        "me/channels/", 201, network="instagram", handle="mina.bakes", url="https://instagram.com/mina.bakes",
        followers=4200, engagement_rate=0.051, figures_on=day(-1),
    )  # fmt: skip
    walk.mina.post("me/rates/", 201, kind="reel", network="instagram", price_minor=180_00)
    walk.stack.rest()


def post_a_brief(walk: Walk) -> str:
    made = walk.rosa.post(
        "campaigns/", 201, business=walk.cast.bakery.public_id, title="Our sourdough", product="Sourdough bread",
        message="Baked with 48 hours of patience.", country="DE", niches=["baking"], budget_minor=600_00,
        currency="EUR", creators_wanted=2, starts_on=day(0), ends_on=day(30), dos="Show the crust",
    )  # fmt: skip
    campaign = f"campaigns/{made['id']}/"
    assert walk.rosa.verbs(campaign) == ["submit", "cancel"]
    walk.rosa.post(f"{campaign}deliverables/", deliverables=[REEL])

    posted = walk.rosa.post(f"{campaign}submit/")

    assert posted["state"] == "open"
    assert walk.rosa.verbs(campaign) == ["pause", "complete", "fund", "cancel"]
    return campaign


def find_mina(walk: Walk, campaign: str) -> None:
    walk.rosa.post(f"{campaign}match/", 202)

    found = until(lambda: walk.rosa.get(f"{campaign}matches/"), what="the shortlist")

    best = found["matches"][0]
    assert best["creator"]["id"] == walk.cast.mina_profile.public_id
    assert len(best["reasons"]) == 3
    assert best["price_minor"] == 180_00


def invite(walk: Walk, campaign: str) -> None:
    ids = {"campaign": campaign.split("/")[1], "creator": walk.cast.mina_profile.public_id}
    made = walk.rosa.post("invitations/", 201, message="We like your bread.", **ids)
    invitation = f"invitations/{made['id']}/"
    assert walk.both(invitation) == (["offer", "withdraw"], ["view", "accept", "decline"])

    walk.mina.post(f"{invitation}accept/")

    assert walk.both(invitation) == (["offer"], [])


def agree(walk: Walk, campaign: str) -> str:
    ids = {"campaign": campaign.split("/")[1], "creator": walk.cast.mina_profile.public_id}
    offer = f"offers/{walk.rosa.post('offers/', 201, terms=terms(200_00), **ids)['id']}/"
    assert walk.both(offer) == (["extend", "withdraw"], ["accept", "counter", "decline"])

    countered = walk.mina.post(f"{offer}counter/", version=1, terms=terms(FEE, usage_days=30))
    assert countered["differences"] == [
        {"label": "Fee", "before": "€200.00", "after": "€240.00"},
        {"label": "Usage rights", "before": "None", "after": "30 days, own channels only"},
    ]
    assert walk.both(offer) == (["agree", "revise", "withdraw"], ["counter", "take_back"])

    walk.rosa.post(f"{offer}agree/", version=2)
    assert walk.both(offer) == (["extend", "withdraw"], ["accept", "counter", "decline"])
    return offer


def sign(walk: Walk, offer: str) -> str:
    refused = walk.mina.post(f"{offer}accept/", 400, version=2, signature="Somebody Else")
    assert refused["code"] == "signature_differs"

    room = f"collaborations/{walk.mina.post(f'{offer}accept/', 201, version=2, signature='mina park')['id']}/"

    seen = walk.rosa.get(room)
    assert (seen["fee"]["text"], seen["total"]["text"], seen["state"]) == ("€240.00", "€261.60", "awaiting_payment")
    assert walk.both(room) == (["pay", "call_off"], ["cancel"])
    return room


def pay(walk: Walk, room: str) -> None:
    checkout = until(lambda: walk.rosa.post(f"{room}pay/")["url"], what="the checkout")
    with Visitor(walk.stack.url) as browser:
        browser.open(checkout)
        assert "Pay €261.60" in browser.html
        browser.send(method="card")

    until(lambda: walk.rosa.get(room)["state"] == "in_production", what="the payment")

    assert walk.both(room) == (["cancel_paid"], ["begin", "submit", "cancel"])


def work(walk: Walk, room: str) -> None:
    walk.mina.post(f"{room}submit/", link="https://drive.example.org/draft-1", note="First cut")
    assert walk.both(room) == (["request_changes", "approve", "cancel_paid"], [])

    changes = [{"item": "Do: Show the crust", "text": "The crust is never seen."}]
    walk.rosa.post(f"{room}request_changes/", changes=changes)
    assert walk.both(room) == (["cancel_paid"], ["submit", "cancel"])

    walk.mina.post(f"{room}submit/", link="https://drive.example.org/draft-2")
    walk.rosa.post(f"{room}approve/")
    assert walk.both(room) == (["cancel_paid"], ["mark_live"])

    walk.mina.post(f"{room}mark_live/", url="https://instagram.com/p/mina-bakes")
    assert walk.both(room) == (["accept_live"], [])

    assert walk.rosa.post(f"{room}accept_live/")["state"] == "completed"
    waiting = ("Waiting until Mina can receive money", "€240.00", "open")
    last = until(lambda: walk.mina.get(f"{room}ledger/"))[-1]
    assert (last["text"], last["money"]["text"], last["state"]) == waiting


def get_paid(walk: Walk) -> None:
    with Visitor(walk.stack.url) as browser:
        to_the_bank(walk.stack, browser.log_in(walk.cast.mina))
