"""Whose people are the same: counted among commenters where they were seen, and said so."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from django.test import Client

from campaigns.shortlist.candidates import OTHER_NICHES
from creators.models import Channel, CommenterSample, Creator
from tests import cast as people
from tests.campaigns.test_plans import asked, chosen, priced
from tests.cast import Cast


def commented(creator: Creator, first: int, last: int) -> None:
    """So many people, by number, were seen commenting under this creator's posts."""
    channel = Channel.objects.create(creator=creator, network="blog", handle=f"b-{creator.handle}")
    hashes = np.arange(first, last, dtype="<u8").tobytes()
    CommenterSample.objects.create(
        channel=channel, hashes=hashes, people=last - first, coverage=1.0, seen_on=date(2026, 11, 12)
    )


def test_who_shares_commenters_is_known_to_share_people(cast: Cast) -> None:
    campaign = people.campaign(cast)
    ana, ben, cleo = (priced(handle, followers=9_000) for handle in ("ana", "ben", "cleo"))
    before = asked(cast, campaign, most=2)
    for creator, first in ((ana, 0), (ben, 20), (cleo, 500)):
        commented(creator, first, first + 100)

    planned = asked(cast, campaign, most=2)

    assert before.shared == []
    assert chosen(planned) in ({"ana", "cleo"}, {"ben", "cleo"})
    assert list(planned.pool.shared) == [frozenset({ana.pk, ben.pk})]
    assert planned.shared == []  # the two of the plan are not those who share


def test_the_plan_says_what_its_overlap_is_from(cast: Cast, client: Client) -> None:
    campaign = people.campaign(cast)
    ana, ben = (priced(handle, followers=9_000) for handle in ("ana", "ben"))
    client.force_login(cast.viewer)
    address = f"{campaign.get_absolute_url()}plan/"
    api = f"/api/v1/campaigns/{campaign.public_id}/plan/"

    assert "Shared people are estimated from niche, place and size" in client.get(address).content.decode()
    assert client.get(api).json()["overlap_from"] == "prior"

    commented(ana, 0, 100)
    commented(ben, 50, 150)

    page, said = client.get(address).content.decode(), client.get(api).json()
    assert "For 1 of 1 pair, shared people are counted among those who comment under both." in page
    assert said["overlap_from"] == "commenters"
    assert [one["name"] for one in said["known_pairs"][0]["creators"]] == ["Ana", "Ben"]
    place = said["places"][0]
    assert said["known_pairs"][0]["people"] == pytest.approx(place["alone"] / OTHER_NICHES / 2)
    assert place["shared"] == pytest.approx(0.5, abs=0.05)


def test_content_does_not_overlap_whoever_comments(cast: Cast) -> None:
    campaign = people.campaign(cast)
    for handle in ("ana", "ben"):
        commented(priced(handle, followers=9_000), 0, 100)

    assert not asked(cast, campaign, goal="content").pool.shared
