"""How they meet: asked once, asking at most twenty times, answered in time or over."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from campaigns.models import Application, Campaign, Invitation, Saved
from campaigns.services import invitations, offers
from creators.models import Creator
from marketplace.kit.errors import Conflict, Invalid, NotAllowed
from marketplace.kit.money import Money
from marketplace.notices.models import Notice
from marketplace.users.models import User
from tests import cast as people
from tests.cast import Cast


def test_a_creator_is_asked_once_and_told(cast: Cast) -> None:
    invitation = people.invitation(cast)

    with pytest.raises(Conflict):
        invitations.invite_creator(invitation.campaign, cast.mina_profile, by=cast.owner)

    told = Notice.objects.get(user=cast.mina)
    assert (told.kind, told.url) == ("invitation.send", invitation.campaign.get_absolute_url())


@pytest.mark.parametrize("who", ["finance", "viewer", "other_owner", "mina", "admin", "suspended"])
def test_only_managers_ask(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        invitations.invite_creator(people.campaign(cast), cast.mina_profile, by=getattr(cast, who))

    assert Invitation.objects.count() == 0


def test_an_invitation_that_ran_out_cannot_be_accepted(cast: Cast) -> None:
    invitation = people.invitation(cast)

    with time_machine.travel(invitation.expires_at + timedelta(seconds=1)), pytest.raises(Conflict) as refused:
        invitations.accept_invitation(invitation, by=cast.mina)

    assert refused.value.code == "expired"
    assert Invitation.objects.get().state == "sent"


def test_only_creators_apply(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        invitations.apply_to_campaign(people.campaign(cast), message="Hi", by=cast.other_owner)

    assert Application.objects.count() == 0


@pytest.mark.parametrize(
    ("message", "price", "field"),
    [
        (" ", None, "message"),
        ("Hi", Money(100, "USD"), "price"),
        ("Hi", Money(0, "EUR"), "price"),
        ("Hi", Money(10**15, "EUR"), "price"),
    ],
)
def test_bad_applications_are_refused(cast: Cast, message: str, price: Money | None, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        invitations.apply_to_campaign(people.campaign(cast), message=message, price=price, by=cast.mina)

    assert list(refused.value.fields) == [field]
    assert Application.objects.count() == 0


def test_one_application_for_each_campaign(cast: Cast) -> None:
    first = people.application(cast)

    with pytest.raises(Conflict) as refused:
        invitations.apply_to_campaign(first.campaign, message="Again", by=cast.mina)

    assert refused.value.code == "already_applied"


def test_twenty_open_applications_are_enough(cast: Cast) -> None:
    for _ in range(20):
        last = people.application(cast)

    with pytest.raises(Conflict) as refused:
        people.application(cast)
    assert refused.value.code == "too_many_applications"

    invitations.withdraw_application(last, by=cast.mina)
    people.application(cast)


@pytest.mark.parametrize("state", ["draft", "paused", "completed"])
def test_only_open_campaigns_take_people(cast: Cast, state: str) -> None:
    campaign = people.campaign(cast, state=state)

    with pytest.raises(Conflict):
        invitations.apply_to_campaign(campaign, message="Hi", by=cast.mina)
    with pytest.raises(Conflict):
        invitations.invite_creator(campaign, cast.mina_profile, by=cast.manager)


def test_a_paused_creator_neither_asks_nor_is_asked(cast: Cast) -> None:
    Creator.objects.filter(pk=cast.mina_profile.pk).update(state="paused")
    cast.mina_profile.refresh_from_db()

    with pytest.raises(Conflict):
        people.invitation(cast)
    with pytest.raises(Conflict):
        people.application(cast)


@pytest.mark.parametrize("shut_out", [{"suspended_at": timezone.now()}, {"is_active": False}])
def test_a_creator_who_cannot_sign_in_is_neither_invited_nor_made_an_offer(
    cast: Cast, shut_out: dict[str, object]
) -> None:
    User.objects.filter(pk=cast.mina.pk).update(**shut_out)
    creator, campaign = Creator.objects.get(pk=cast.mina_profile.pk), people.campaign(cast)

    with pytest.raises(Conflict) as invited:
        invitations.invite_creator(campaign, creator, by=cast.manager)
    with pytest.raises(Conflict) as offered:
        offers.send_offer(campaign, creator, terms=people.draft(), by=cast.manager)

    assert {invited.value.code, offered.value.code} == {"creator_not_listed"}
    assert str(invited.value.message) == f"{creator} does not take new work now."
    assert not campaign.invitations.exists()


def test_a_creator_is_kept_on_the_list_by_hand(cast: Cast) -> None:
    campaign = people.campaign(cast)

    invitations.save_creator(campaign, cast.mina_profile, by=cast.manager)
    invitations.save_creator(campaign, cast.mina_profile, by=cast.manager)
    assert Saved.objects.count() == 1
    invitations.forget_creator(campaign, cast.mina_profile, by=cast.manager)

    assert Saved.objects.count() == 0
    with pytest.raises(NotAllowed):
        invitations.save_creator(campaign, cast.mina_profile, by=cast.viewer)


def test_an_application_says_no_with_a_reason(cast: Cast) -> None:
    application = people.application(cast)

    invitations.decline_application(application, reason="Too far away.", by=cast.manager)

    assert application.state_reason == "Too far away."
    assert Campaign.objects.get().state == "open"
