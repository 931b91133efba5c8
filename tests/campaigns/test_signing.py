"""Signing: one's own name, what was on the screen, in time, and by the creator only."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta

import pytest
import time_machine

from campaigns.models import Collaboration, Offer
from campaigns.services import offers
from creators.models import Creator
from marketplace.kit.errors import Conflict, Invalid, NotAllowed
from tests import cast as people
from tests.cast import Cast, draft


@pytest.mark.parametrize("name", ["Mina", "Nina Park", "", "Mina Parks"])
def test_a_signature_is_ones_own_name(cast: Cast, name: str) -> None:
    offer = people.offer(cast)

    with pytest.raises(Invalid) as refused:
        offers.accept_offer(offer, version=1, signature=name, by=cast.mina)

    assert "signature" in refused.value.fields
    assert Offer.objects.get().state == "sent"
    assert Collaboration.objects.count() == 0


def test_an_expired_offer_cannot_be_accepted_even_before_the_clock_saw_it(cast: Cast) -> None:
    offer = people.offer(cast)

    with time_machine.travel(offer.expires_at + timedelta(seconds=1)), pytest.raises(Conflict) as refused:
        offers.accept_offer(offer, version=1, signature="Mina Park", by=cast.mina)

    assert refused.value.code == "expired"
    assert Collaboration.objects.count() == 0


def test_what_was_on_the_screen_is_what_is_signed(cast: Cast) -> None:
    offer = people.offer(cast)
    stale = Offer.objects.get()
    offers.counter_offer(offer, terms=draft(25_000), by=cast.mina)
    offers.agree_offer(offer, by=cast.manager)

    with pytest.raises(Conflict) as refused:
        offers.accept_offer(stale, version=1, signature="Mina Park", by=cast.mina)

    assert refused.value.code == "terms_changed"


@pytest.mark.parametrize(
    ("state", "may"), [("listed", True), ("paused", True), ("suspended", False), ("rejected", False)]
)
def test_a_profile_that_was_taken_down_signs_nothing(cast: Cast, state: str, may: bool) -> None:
    offer = people.offer(cast)
    Creator.objects.filter(pk=cast.mina_profile.pk).update(state=state)

    with nullcontext() if may else pytest.raises(Conflict, match="nothing can be signed"):
        offers.accept_offer(offer, version=1, signature="Mina Park", by=cast.mina)

    assert (Collaboration.objects.exists(), Offer.objects.get().state) == (may, "accepted" if may else "sent")


def test_only_the_creator_signs(cast: Cast) -> None:
    offer = people.offer(cast)

    with pytest.raises(NotAllowed):
        offers.accept_offer(offer, version=1, signature="Rosa Keller", by=cast.owner)

    assert Collaboration.objects.count() == 0
