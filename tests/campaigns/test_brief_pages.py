"""The brief's pages: nothing that was chosen gets lost, and an open campaign can still be worded better."""

from __future__ import annotations

import pytest

from creators.models import Niche
from tests import cast as people
from tests.cast import Cast
from tests.pages import browser, read, send


@pytest.fixture
def sourdough(cast: Cast) -> Niche:
    return Niche.objects.create(slug="sourdough", name="Sourdough", parent=cast.baking)


def test_a_draft_saved_again_keeps_its_finer_niche(cast: Cast, sourdough: Niche) -> None:
    campaign = people.campaign(cast, state="draft")
    campaign.niches.set([sourdough])

    answer = send(cast.manager, f"/campaigns/{campaign.public_id}/edit/", title="Better bread")

    assert answer.status_code == 302
    assert list(campaign.niches.all()) == [sourdough]


@pytest.mark.parametrize("state", ["open", "paused"])
def test_the_words_of_an_open_campaign_with_a_finer_niche_can_change(cast: Cast, sourdough: Niche, state: str) -> None:
    campaign = people.campaign(cast, state=state)
    campaign.niches.set([sourdough])

    answer = send(cast.manager, f"/campaigns/{campaign.public_id}/edit/", title="Better bread")

    campaign.refresh_from_db()
    assert (answer.status_code, campaign.title) == (302, "Better bread")
    assert list(campaign.niches.all()) == [sourdough]


def test_an_open_campaigns_page_offers_only_what_may_change(cast: Cast) -> None:
    campaign = people.campaign(cast)

    shown = read(cast.manager, f"/campaigns/{campaign.public_id}/edit/")

    assert 'name="title"' in shown
    assert [
        name for name in ("budget", "niches", "town", "items-0-kind", "usage_days") if f'name="{name}"' in shown
    ] == []
    assert "Save the changes" in shown
    assert "Save the draft" not in shown


def test_words_that_may_not_be_in_an_open_campaign_are_refused_beside_them(cast: Cast) -> None:
    campaign = people.campaign(cast)

    answer = send(cast.manager, f"/campaigns/{campaign.public_id}/edit/", message="Meet us at the casino.")

    campaign.refresh_from_db()
    assert answer.status_code == 400
    assert "casino" not in campaign.message


@pytest.mark.parametrize("state", ["in_review", "completed", "cancelled"])
def test_a_brief_that_cannot_change_is_not_offered_for_change(cast: Cast, state: str) -> None:
    campaign = people.campaign(cast, state=state)
    edit = f"/campaigns/{campaign.public_id}/edit/"

    assert browser(cast.manager).get(edit).status_code == 409
    assert edit not in read(cast.manager, campaign.get_absolute_url())
