"""How both sides meet, on their pages: invitations that end in an offer, answers at hand, and doors shut early."""

from __future__ import annotations

import pytest

from campaigns.models import Invitation
from campaigns.services import offers
from campaigns.services.invitations import accept_invitation
from campaigns.states import InvitationState
from creators.models import Creator
from marketplace.kit.errors import Conflict
from marketplace.users.models import User
from tests import cast as people
from tests.cast import Cast, draft
from tests.pages import browser, buttons, read, send


@pytest.mark.parametrize("answered", [False, True])
def test_an_offer_closes_the_invitation_before_it(cast: Cast, answered: bool) -> None:
    invitation = people.invitation(cast)
    if answered:
        accept_invitation(invitation, by=cast.mina)

    offers.answer_invitation(invitation, terms=draft(), by=cast.manager)

    invitation.refresh_from_db()
    assert invitation.state == InvitationState.OFFERED
    assert "We like your bread." not in read(cast.mina, "/creator/") + read(cast.mina, "/opportunities/")


def test_an_invitation_that_was_declined_is_not_followed_up(cast: Cast) -> None:
    invitation = people.invitation(cast)
    Invitation.objects.update(state=InvitationState.DECLINED)

    with pytest.raises(Conflict) as refused:
        offers.answer_invitation(invitation, terms=draft(), by=cast.manager)

    assert refused.value.code == "wrong_state"


def test_the_brief_leads_to_the_offer_and_then_to_the_work(cast: Cast) -> None:
    offer = offers.answer_invitation(people.invitation(cast), terms=draft(), by=cast.manager)
    brief = offer.campaign.get_absolute_url()
    offered = read(cast.mina, brief)

    room = offers.accept_offer(offer, version=1, signature="Mina Park", by=cast.mina)

    assert offer.get_absolute_url() in offered
    assert "You are invited" not in offered
    assert room.get_absolute_url() in read(cast.mina, brief)


@pytest.mark.parametrize("desk", ["/creator/", "/opportunities/"])
def test_an_invitation_is_answered_from_its_card(cast: Cast, desk: str) -> None:
    people.invitation(cast)

    shown = buttons(cast.mina, desk)

    assert (shown["I'm interested"], shown["Not for me"]) == ("primary small-size", "danger small-size")


def test_a_creator_who_is_interested_can_be_made_an_offer_from_the_campaign(cast: Cast) -> None:
    invitation = accept_invitation(people.invitation(cast), by=cast.mina)

    shown = buttons(cast.manager, invitation.campaign.get_absolute_url())

    assert "Make an offer" in shown


def test_what_one_did_is_confirmed_in_a_sentence(cast: Cast) -> None:
    campaign = people.campaign(cast)

    answer = browser(cast.manager).post(f"/campaigns/{campaign.public_id}/do/pause/", follow=True)

    assert "You paused the campaign." in answer.content.decode()


@pytest.mark.parametrize("state", ["draft", "in_review", "rejected", "paused"])
def test_a_creator_who_is_not_listed_hears_so_before_applying(cast: Cast, state: str) -> None:
    campaign = people.campaign(cast)
    Creator.objects.filter(pk=cast.mina_profile.pk).update(state=state)
    apply = f"/campaigns/{campaign.public_id}/apply/"

    brief, form = read(cast.mina, campaign.get_absolute_url()), browser(cast.mina).get(apply)

    assert apply not in brief
    assert "/me/profile/" in brief
    assert form.status_code == 409
    assert "does not take new work" not in brief + form.content.decode()


def test_a_listed_creator_applies(cast: Cast) -> None:
    campaign = people.campaign(cast)
    apply = f"/campaigns/{campaign.public_id}/apply/"

    assert apply in read(cast.mina, campaign.get_absolute_url())
    assert send(cast.mina, apply, message="I bake every Sunday.").status_code == 302


@pytest.mark.parametrize("page", ["new/", "{id}/edit/", "{id}/invite/mina/", "{id}/offer/mina/"])
@pytest.mark.parametrize("who", ["finance", "viewer"])
def test_a_form_that_would_be_refused_is_not_opened(cast: Cast, page: str, who: str) -> None:
    campaign = people.campaign(cast)
    person: User = getattr(cast, who)

    answer = browser(person).get("/campaigns/" + page.format(id=campaign.public_id))

    assert answer.status_code == 403
