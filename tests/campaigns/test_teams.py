"""Who is in a business: made by its first owner, joined by invitation, never without an owner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns import clock, mail, tasks
from campaigns.models import Business, Campaign, Collaboration, Invite, Member, Offer
from campaigns.services import teams
from creators.models import Creator
from marketplace.kit.errors import Conflict, Invalid, NotAllowed
from marketplace.trust.models import AuditEntry
from marketplace.users.models import User
from tests import cast as people
from tests.cast import Cast


def member(cast: Cast, name: str) -> Member:
    return Member.objects.get(business=cast.bakery, user=getattr(cast, name))


def invited(cast: Cast, email: str = "nora.neu@example.org", role: str = "manager") -> str:
    invite = teams.invite_member(cast.bakery, email=email, role=role, by=cast.owner)
    return mail.invite_token(invite.public_id)


def test_who_opens_a_business_owns_it(cast: Cast) -> None:
    made = teams.create_business(cast.mina, name=" Mina's Flour ", currency="CHF", country="CH")

    assert (made.name, made.currency) == ("Mina's Flour", "CHF")
    assert made.account is not None
    assert Member.objects.get(business=made).role == "owner"
    assert AuditEntry.objects.get(act="business.create").by == cast.mina


def test_a_name_of_two_lines_becomes_one_and_reaches_a_subject_as_one(cast: Cast, mailoutbox: list[Any]) -> None:
    made = teams.create_business(cast.mina, name="Evil\r\nBcc: X")
    teams.edit_business(made, name="Evil\u2028Twin\x07", by=cast.mina)
    invite = teams.invite_member(made, email="nora@example.org", role="viewer", by=cast.mina)

    mail.deliver_invite(invite.pk)

    assert (made.name, made.account and made.account.name) == ("Evil Twin", "Evil Bcc: X")
    assert mailoutbox[0].subject == "Mina Park invites you to “Evil Twin”"


@pytest.mark.parametrize(
    ("model", "column"), [(Business, "name"), (Campaign, "title"), (Creator, "display_name"), (User, "name")]
)
def test_no_row_holds_a_name_of_two_lines(cast: Cast, model: Any, column: str) -> None:
    people.campaign(cast)

    for text in ("A\nB", "A\r\nB", "A\u2028B", "A\u202eB", "A\x85B"):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.update(**{column: text})

    assert model.objects.update(**{column: "👩\u200d🍳 Bäckerei"})


@pytest.mark.parametrize(
    "bad", [{"name": "  "}, {"name": "\n\x07"}, {"name": "Log in at evil.example/x"}, {"name": "X", "currency": "XXX"}]
)
def test_a_business_needs_a_name_and_a_currency_we_know(cast: Cast, bad: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        teams.create_business(cast.mina, **bad)  # type: ignore[arg-type]

    assert Business.objects.count() == 2


def test_a_suspended_person_opens_nothing(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        teams.create_business(cast.suspended, name="X")

    assert Business.objects.count() == 2


def test_an_invite_is_mailed_and_its_secret_is_not_kept(
    cast: Cast, bell: list[tuple[str, dict[str, Any]]], mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        token = invited(cast)
    name, ids = bell[-1]
    assert name == "campaigns.mail.send_invite"
    for _ in range(2):
        tasks.send_invite(**ids)

    assert len(mailoutbox) == 1
    assert f"/join/{token}/" in mailoutbox[0].body
    assert token not in str(Invite.objects.values().get())


def test_an_invite_that_ended_is_not_mailed(cast: Cast, mailoutbox: list[Any]) -> None:
    invited(cast)

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        clock.catch_up()
        mail.deliver_invite(Invite.objects.get().pk)

    assert mailoutbox == []


def test_the_invited_person_joins_in_the_role_offered(cast: Cast) -> None:
    nora = people.person("Nora Neu")

    joined = teams.accept_invite(invited(cast), by=nora)

    assert (joined.business, joined.role) == (cast.bakery, "manager")
    assert teams.find_invite(mail.invite_token(Invite.objects.get().public_id)) is None


def test_nobody_joins_with_another_address_twice_or_late(cast: Cast) -> None:
    token = invited(cast)
    nora = people.person("Nora Neu")

    with pytest.raises(NotAllowed):
        teams.accept_invite(token, by=cast.other_creator)
    with time_machine.travel(timezone.now() + timedelta(days=8)), pytest.raises(Conflict):
        teams.accept_invite(token, by=nora)
    with pytest.raises(Conflict):
        teams.accept_invite("0" * 64, by=nora)

    assert not Member.objects.filter(user__in=[nora, cast.other_creator]).exists()
    teams.accept_invite(token, by=nora)
    with pytest.raises(Conflict):
        teams.accept_invite(token, by=nora)


@pytest.mark.parametrize("state", ["sent", "awaiting_payment", "on_hold"])
def test_nobody_joins_the_business_that_is_hiring_them(cast: Cast, state: str) -> None:
    token = invited(cast, cast.mina.email)
    offer = people.offer(cast) if state == "sent" else people.collaboration(cast, state=state).offer

    with pytest.raises(Conflict) as refused:
        teams.accept_invite(token, by=cast.mina)

    assert refused.value.code == "own_creator"
    assert not Member.objects.filter(user=cast.mina).exists()
    Offer.objects.filter(pk=offer.pk).update(state="expired")
    Collaboration.objects.update(state="completed")
    assert teams.accept_invite(token, by=cast.mina)


def test_a_withdrawn_invite_opens_no_door(cast: Cast) -> None:
    token = invited(cast)
    teams.withdraw_invite(Invite.objects.get(), by=cast.owner)

    with pytest.raises(Conflict):
        teams.accept_invite(token, by=people.person("Nora Neu"))
    with pytest.raises(Conflict):
        teams.withdraw_invite(Invite.objects.get(), by=cast.owner)


@pytest.mark.parametrize("who", ["manager", "finance", "viewer", "other_owner", "admin", "suspended"])
def test_only_owners_change_the_team(cast: Cast, who: str) -> None:
    person, target = getattr(cast, who), member(cast, "viewer")
    acts: list[Callable[[], object]] = [
        lambda: teams.invite_member(cast.bakery, email="x@example.org", role="viewer", by=person),
        lambda: teams.change_role(target, role="owner", by=person),
        lambda: teams.remove_member(target, by=person),
        lambda: teams.edit_business(cast.bakery, name="Mine", by=person),
    ]

    for act in acts:
        with pytest.raises(NotAllowed):
            act()

    assert member(cast, "viewer").role == "viewer"
    assert (Invite.objects.count(), Business.objects.get(pk=cast.bakery.pk).name) == (0, "Rosa's Bakery")


def test_the_last_owner_stays(cast: Cast) -> None:
    last = member(cast, "owner")

    for act in (
        lambda: teams.leave(cast.bakery, by=cast.owner),
        lambda: teams.remove_member(last, by=cast.owner),
        lambda: teams.change_role(last, role="viewer", by=cast.owner),
    ):
        with pytest.raises(Conflict, match="needs an owner"):
            act()

    assert member(cast, "owner").role == "owner"


def test_an_owner_may_go_once_there_is_another(cast: Cast) -> None:
    teams.change_role(member(cast, "manager"), role="owner", by=cast.owner)

    teams.leave(cast.bakery, by=cast.owner)

    assert not Member.objects.filter(user=cast.owner).exists()


@pytest.mark.parametrize(
    ("email", "role", "error"),
    [("no address", "viewer", Invalid), ("a@b.de", "king", Invalid), ("vera.holm@example.org", "viewer", Conflict)],
)
def test_bad_invites_are_refused(cast: Cast, email: str, role: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        teams.invite_member(cast.bakery, email=email, role=role, by=cast.owner)

    assert Invite.objects.count() == 0


def test_an_address_is_invited_a_few_times_a_day_by_whomever(cast: Cast) -> None:
    for _ in range(teams.TO_ONE_ADDRESS_MAX):
        invite = teams.invite_member(cast.bakery, email="nora@example.org", role="viewer", by=cast.owner)
        teams.withdraw_invite(invite, by=cast.owner)

    for business, owner in ((cast.bakery, cast.owner), (cast.other_business, cast.other_owner)):
        with pytest.raises(Conflict) as refused:
            teams.invite_member(business, email="NORA@example.org", role="viewer", by=owner)
        assert refused.value.code == "too_many_invites"

    with time_machine.travel(timezone.now() + timedelta(days=1, seconds=1)):
        assert teams.invite_member(cast.other_business, email="nora@example.org", role="viewer", by=cast.other_owner)


def test_a_business_sends_so_many_invites_a_day(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teams, "FROM_ONE_BUSINESS_MAX", 2)
    for name in ("a", "b"):
        invite = teams.invite_member(cast.bakery, email=f"{name}@example.org", role="viewer", by=cast.owner)
        teams.withdraw_invite(invite, by=cast.owner)

    with pytest.raises(Conflict):
        teams.invite_member(cast.bakery, email="c@example.org", role="viewer", by=cast.owner)

    assert Invite.objects.count() == 2
    assert teams.invite_member(cast.other_business, email="c@example.org", role="viewer", by=cast.other_owner)


def test_a_person_owns_a_few_businesses(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(teams, "BUSINESSES_MAX", 2)
    for name in ("Flour", "Salt"):
        teams.create_business(cast.mina, name=name)

    with pytest.raises(Conflict):
        teams.create_business(cast.mina, name="Yeast")

    assert Business.objects.filter(members__user=cast.mina).count() == 2


def test_one_open_invite_for_each_address(cast: Cast) -> None:
    invited(cast)

    with pytest.raises(Conflict):
        invited(cast, email="NORA.NEU@example.org")
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        invited(cast)

    assert Invite.objects.filter(withdrawn_at=None).count() == 1
