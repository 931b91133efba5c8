"""Back from the bank's pages: it is asked for news by whom it concerns, and not at every glance."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from campaigns.services import earnings, work
from creators.models import Creator
from payments.models import Account
from tests import cast as people
from tests.cast import Cast


@pytest.fixture
def clear_cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "work"}}
    cache.clear()


def test_the_bank_is_asked_now_and_then_for_whoever_may_pay(
    cast: Cast, clear_cache: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("payments.services.refresh_checkout", lambda hold: asked.append(hold.pk))
    made = people.collaboration(cast)

    for person in (cast.viewer, cast.manager, cast.mina, cast.other_owner):
        work.look_again(made, by=person)
    assert asked == []

    for person in (cast.owner, cast.finance, cast.owner):
        work.look_again(made, by=person)
    assert asked == [made.hold_id]

    cache.clear()
    people.secure(made)
    work.look_again(made, by=cast.owner)
    assert asked == [made.hold_id]


def test_a_creators_account_is_looked_at_now_and_then(
    cast: Cast, clear_cache: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr("payments.services.refresh_account", lambda account: asked.append(account.pk))
    account = earnings.account_of(cast.mina_profile, by=cast.mina)
    Account.objects.filter(pk=account.pk).update(stripe_account_id="acct_1")

    for _ in range(3):
        earnings.look_again(Creator.objects.get(pk=cast.mina_profile.pk), by=cast.mina)

    assert asked == [account.pk]
