"""What a migration does to rows that were there before it."""

from __future__ import annotations

from importlib import import_module

from django.db import connection

from campaigns.models import Campaign, Terms
from tests import cast as people
from tests.cast import Cast

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
