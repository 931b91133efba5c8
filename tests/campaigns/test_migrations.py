"""What a migration does to rows that were there before it."""

from __future__ import annotations

from importlib import import_module

from django.db import connection

from campaigns.models import Campaign, ReadingPosition, StaleShortlist, Terms
from campaigns.services import freshness
from creators.models import CreatorChange
from tests import cast as people
from tests.cast import Cast

CARRY_OVER: str = import_module("campaigns.migrations.0015_notes_are_read_on").CARRY_OVER
FILL_BRIEFS: str = import_module("campaigns.migrations.0003_fill_the_briefs_of_terms").FILL


def test_terms_of_before_get_the_brief_that_was_signed_or_else_todays(cast: Cast) -> None:
    unsigned = people.offer(cast)
    signed = people.collaboration(cast)
    Terms.objects.update(brief={})
    Campaign.objects.update(dos="Bake at midnight")

    with connection.cursor() as cursor:
        cursor.execute(FILL_BRIEFS)

    assert unsigned.terms.get().brief["dos"] == "Bake at midnight"
    assert signed.offer.terms.get().brief == signed.contract["brief"]


def test_creators_who_waited_in_the_table_of_before_are_looked_at(cast: Cast) -> None:
    campaign = people.campaign(cast)
    CreatorChange.objects.all().delete()
    ReadingPosition.objects.all().delete()
    with connection.cursor() as cursor:
        waits = "INSERT INTO campaigns_changedcreator (creator_id, since, again_at) VALUES (%s, now(), now())"
        cursor.execute(waits, [cast.mina_profile.pk])

        cursor.execute(CARRY_OVER)

    assert freshness.find_stale() == 1
    assert StaleShortlist.objects.get().campaign == campaign
