"""The main job once more, as people do it: pages and forms over real HTTP, without a line of JavaScript."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest

from creators.models import Channel, Creator, Rate, Town
from tests.cast import Cast, make_cast
from tests.plugins.live import Stack, until
from tests.story import OPEN_LEDGER, assert_the_end, day, to_the_bank
from tests.walkers import Visitor

ONE_REEL: dict[str, Any] = {
    "items-0-kind": "reel",
    "items-0-network": "instagram",
    "items-0-count": "1",
    "items-0-detail": "Show the oven",
    "items-1-DELETE": "on",
}
pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Walk:
    """Both sides with a browser each."""

    stack: Stack
    cast: Cast
    rosa: Visitor
    mina: Visitor

    def shows(self, path: str, verb: str) -> tuple[bool, bool]:
        """Who of the two is shown a button for the verb on this page."""
        return self.rosa.open(path).offers(verb), self.mina.open(path).offers(verb)


@pytest.fixture
def cast(stack: Stack) -> Cast:
    """The cast at home in Ulm, with Mina's channel and price on file."""
    cast = make_cast()
    town = Town.objects.create(name="Ulm", region="BW", country="DE", latitude=48.40, longitude=9.99)
    cast.bakery.town = town
    cast.bakery.save()
    Creator.objects.update(latitude=48.40, longitude=9.99, town_label="Ulm, DE")
    Channel.objects.create(creator=cast.mina_profile, network="instagram", handle="mina.bakes", followers=4200)
    Rate.objects.create(creator=cast.mina_profile, kind="reel", network="instagram", price_minor=180_00, currency="EUR")
    return cast


def press(visitor: Visitor, path: str, verb: str, **fields: Any) -> Visitor:
    """Press the verb's button on a page: some act at once, others ask first on a page of their own."""
    visitor.open(path)
    target = re.search(rf'(href|action)="([^"]*/{verb}/)"', visitor.html)
    assert target, f"no way to {verb} on {visitor.url}"
    if target[1] == "action":
        return visitor.send(f"/{verb}/", **fields)
    return visitor.open(target[2]).send(**fields)


def link_in(visitor: Visitor, path: str, kind: str) -> str:
    """The address of the one thing of this kind on a page."""
    found = set(re.findall(rf'"(/{kind}/[0-9a-z]{{14}}/)', visitor.open(path).html))
    assert len(found) == 1, f"{kind} on {path}: {found}"
    return str(found.pop())


def test_brief_to_payout_through_the_pages(stack: Stack, cast: Cast) -> None:
    with Visitor(stack.url) as rosa, Visitor(stack.url) as mina:
        walk = Walk(stack, cast, rosa.log_in(cast.owner), mina.log_in(cast.mina))

        campaign = post_a_brief(walk)
        invite(walk, campaign)
        offer = agree(walk, campaign)
        room = sign_and_pay(walk, offer)
        work(walk, room)
        to_the_bank(stack, mina)

        for visitor in (rosa, mina):
            html = unescape(visitor.open(room).html)
            assert [text in html for text, _, _ in OPEN_LEDGER] == [True] * len(OPEN_LEDGER)
            assert [money in html for _, money, _ in OPEN_LEDGER] == [True] * len(OPEN_LEDGER)
        assert "€240.00" in mina.open("/earnings/").html
    assert_the_end(stack, cast)


def post_a_brief(walk: Walk) -> str:
    walk.rosa.open("/campaigns/new/")
    assert walk.rosa.html.count("?goal=") == 5
    walk.rosa.open("/campaigns/new/?goal=content")
    walk.rosa.send(
        title="Our sourdough", product="Sourdough bread", message="Baked with 48 hours of patience.",
        niches=[str(walk.cast.baking.pk)], budget="600.00", creators_wanted="2", starts_on=day(0), ends_on=day(30),
        usage_days="0", dos="Show the crust",
        **ONE_REEL,
    )  # fmt: skip
    campaign = link_in(walk.rosa, "/campaigns/", "campaigns")
    walk.mina.open(campaign, expect=404)

    press(walk.rosa, campaign, "submit")

    assert walk.mina.open(campaign).offers("apply")
    return campaign


def invite(walk: Walk, campaign: str) -> None:
    until(lambda: "Mina" in walk.rosa.open(f"{campaign}shortlist/").html, what="the shortlist")
    walk.rosa.open(f"{campaign}invite/mina/").send(message="We like your bread.")
    assert "Our sourdough" in walk.mina.open("/opportunities/").html
    assert "We like your bread." in walk.mina.open(campaign).html

    press(walk.mina, campaign, "accept")

    assert not walk.mina.open(campaign).offers("accept")


def agree(walk: Walk, campaign: str) -> str:
    walk.rosa.open(f"{campaign}offer/mina/").send(fee="200.00", due_on=day(10), publish_on=day(12))
    offer = link_in(walk.mina, "/offers/", "offers")
    assert walk.shows(offer, "accept") == (False, True)
    assert walk.shows(offer, "withdraw") == (True, False)

    press(walk.mina, offer, "counter", fee="240.00", usage_days="30")

    for text in ("<del>€200.00</del>", "<ins>€240.00</ins>", "<ins>30 days, own channels only</ins>"):
        assert text in walk.rosa.open(offer).html
    assert walk.shows(offer, "accept") == (False, False)
    press(walk.rosa, offer, "agree")
    return offer


def sign_and_pay(walk: Walk, offer: str) -> str:
    walk.mina.open(f"{offer}accept/").send(expect=400, signature="Somebody Else")
    assert "Type your name as it is in your account: Mina Park." in walk.mina.html
    walk.mina.send(signature="Mina Park")
    room = link_in(walk.rosa, "/collaborations/", "collaborations")
    assert "€261.60" in walk.rosa.open(room).html
    assert walk.shows(room, "pay") == (True, False)

    until(lambda: "Pay €261.60" in press(walk.rosa, room, "pay").html, what="the checkout")
    walk.rosa.send(method="card")
    until(lambda: walk.mina.open(room).offers("submit"), what="the payment")

    assert "Mina Park" in walk.rosa.open(f"{room}contract/").html
    return room


def work(walk: Walk, room: str) -> None:
    press(walk.mina, room, "submit", link="https://drive.example.org/draft-1")
    assert walk.shows(room, "approve") == (True, False)

    press(walk.rosa, room, "request_changes", item="Do: Show the crust", text="The crust is never seen.")
    assert "The crust is never seen." in walk.mina.open(room).html

    press(walk.mina, room, "submit", link="https://drive.example.org/draft-2")
    press(walk.rosa, room, "approve")
    assert walk.shows(room, "mark_live") == (False, True)

    press(walk.mina, room, "mark_live", url="https://instagram.com/p/mina-bakes")
    press(walk.rosa, room, "accept_live")
    until(lambda: "Waiting until Mina can receive money" in walk.mina.open(room).html, what="the waiting transfer")
