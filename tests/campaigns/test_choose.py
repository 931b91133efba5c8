"""From a creator's page to one of one's campaigns: asking, offering, keeping."""

from __future__ import annotations

import pytest
from django.test import Client

from campaigns.models import Saved
from campaigns.services.invitations import invite_creator
from marketplace.users.models import User
from tests import cast as people
from tests.cast import Cast

CHOOSE = "/campaigns/choose/?creator=mina"


def page(user: User | None, path: str) -> str:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(path, follow=True).content.decode()


def test_a_business_gets_from_a_creator_to_an_invitation(cast: Cast) -> None:
    campaign = people.campaign(cast)
    target = f'href="{CHOOSE}"'

    assert target in page(cast.manager, "/c/mina/")
    assert target in page(cast.manager, "/discover/")
    shown = page(cast.manager, CHOOSE)

    assert f"/campaigns/{campaign.public_id}/invite/mina/" in shown
    assert f"/campaigns/{campaign.public_id}/offer/mina/" in shown
    assert f"/campaigns/{campaign.public_id}/save/mina/" in shown


@pytest.mark.parametrize("who", ["mina", "other_creator"])
def test_creators_are_not_offered_each_other(cast: Cast, who: str) -> None:
    assert CHOOSE not in page(getattr(cast, who), "/c/mina/")


def test_who_was_invited_is_not_invited_again(cast: Cast) -> None:
    campaign = people.campaign(cast)
    invite_creator(campaign, cast.mina_profile, by=cast.manager)

    shown = page(cast.manager, CHOOSE)

    assert f"/campaigns/{campaign.public_id}/invite/mina/" not in shown
    assert f"/campaigns/{campaign.public_id}/offer/mina/" in shown
    assert "Invitation: Sent" in shown


def test_a_draft_can_only_keep_a_creator(cast: Cast) -> None:
    campaign = people.campaign(cast, state="draft")

    shown = page(cast.manager, CHOOSE)

    assert f"/campaigns/{campaign.public_id}/save/mina/" in shown
    assert f"/campaigns/{campaign.public_id}/invite/mina/" not in shown


def test_who_only_pays_is_offered_no_campaign(cast: Cast) -> None:
    campaign = people.campaign(cast)

    assert campaign.public_id not in page(cast.finance, CHOOSE)


def test_keeping_a_creator_comes_back_to_the_creator(cast: Cast) -> None:
    campaign = people.campaign(cast)
    client = Client()
    client.force_login(cast.manager, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.post(f"/campaigns/{campaign.public_id}/save/mina/", {"from": "creator"})

    assert answer.headers["Location"] == CHOOSE
    assert Saved.objects.filter(campaign=campaign, creator=cast.mina_profile).exists()
