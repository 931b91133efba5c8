"""The notes of changed creators, read by several transactions at once: each told once, none lost."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import F

from campaigns.models import ReadingPosition, StaleShortlist
from campaigns.services import freshness
from creators.models import Creator, CreatorChange
from tests import cast as people
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def changed(*creators: Creator) -> None:
    Creator.objects.filter(pk__in=[one.pk for one in creators]).update(comments_seen=F("comments_seen") + 1)


@pytest.fixture
def market(cast: Cast) -> Cast:
    """The notes of the cast are read, and one campaign is open."""
    freshness.find_stale()
    people.campaign(cast, title="open")
    return cast


def test_a_change_is_told_once(market: Cast) -> None:
    changed(market.mina_profile)

    assert [freshness.find_stale() for _time in range(3)] == [1, 0, 0]


def test_a_change_is_told_when_its_transaction_ends_however_late(market: Cast) -> None:
    slow = connection.copy()
    slow.set_autocommit(False)
    with slow.cursor() as cursor:
        cursor.execute("UPDATE creators_creator SET country = 'AT' WHERE id = %s", [market.mina_profile.pk])
    changed(market.other_profile)
    while_open = [freshness.find_stale() for _time in range(2)]

    slow.commit()
    slow.close()

    assert while_open == [1, 0]
    assert [freshness.find_stale() for _time in range(2)] == [1, 0]


def test_a_reader_that_dies_half_way_leaves_the_notes_to_the_next(
    market: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ReadingPosition.objects.get().position
    changed(market.mina_profile)
    with monkeypatch.context() as patched:
        patched.setattr(freshness, "mark_campaigns", dies)
        with pytest.raises(RuntimeError, match="power cut"):
            freshness.find_stale()

    assert ReadingPosition.objects.get().position == before
    assert freshness.find_stale() == 1
    assert StaleShortlist.objects.get().campaign.title == "open"


def dies(_campaign_ids: object) -> None:
    raise RuntimeError("power cut")


def test_notes_that_were_dropped_unread_concern_everybody(market: Cast) -> None:
    changed(market.mina_profile)
    CreatorChange.forget(CreatorChange.since(0).mark)

    freshness.find_stale()

    assert StaleShortlist.objects.get().campaign.title == "open"
    assert freshness.find_stale() == 0
