"""Who is in a business: made by its first owner, joined by invitation, never without an owner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from campaigns import mail, tasks
from campaigns.forms.team import COUNTRIES
from campaigns.models import Business, Invite, Member
from campaigns.services import teams
from creators.models import Town
from marketplace.kit.errors import Conflict, Invalid, NotAllowed
from marketplace.trust.models import AuditEntry
from tests import cast as people
from tests.cast import Cast
from tests.pages import browser, read, send


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


@pytest.mark.parametrize("bad", [{"name": "  "}, {"name": "X", "currency": "XXX"}])
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


def test_one_open_invite_for_each_address(cast: Cast) -> None:
    invited(cast)

    with pytest.raises(Conflict):
        invited(cast, email="NORA.NEU@example.org")
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        invited(cast)

    assert Invite.objects.filter(withdrawn_at=None).count() == 1


def test_an_owner_edits_what_creators_read(cast: Cast) -> None:
    ulm = Town.objects.create(name="Ulm", country="DE", latitude=48.40, longitude=9.99)
    path = f"/team/{cast.bakery.public_id}/edit/"

    shown = read(cast.owner, path)
    answer = send(cast.owner, path, name="Rosa's New Bakery", about="Bread.", town="Ulm, DE")

    cast.bakery.refresh_from_db()
    assert "Germany" in shown
    assert answer.status_code == 302
    assert (cast.bakery.name, cast.bakery.about, cast.bakery.town) == ("Rosa's New Bakery", "Bread.", ulm)
    assert path in read(cast.owner, f"/team/{cast.bakery.public_id}/")
    assert path not in read(cast.manager, f"/team/{cast.bakery.public_id}/")


def test_a_business_is_where_its_town_is(cast: Cast) -> None:
    bath = Town.objects.create(name="Bath", country="GB", latitude=51.38, longitude=-2.36)

    made = teams.create_business(cast.mina, name="Mina's Flour", town=bath)
    with pytest.raises(Invalid, match="another country"):
        teams.create_business(cast.mina, name="Mina's Salt", town=bath, country="DE")
    with pytest.raises(Invalid, match="another country"):
        teams.edit_business(cast.bakery, name="Rosa's Bakery", town=bath, by=cast.owner)

    assert (made.country, made.account.country if made.account else "") == ("GB", "GB")
    assert Business.objects.filter(town=bath).count() == 1


def test_countries_stand_in_the_order_of_their_names() -> None:
    names = [str(name) for _code, name in COUNTRIES]

    assert names == sorted(names)


def test_editing_over_the_api_keeps_the_town(cast: Cast) -> None:
    ulm = Town.objects.create(name="Ulm", country="DE", latitude=48.40, longitude=9.99)
    Business.objects.update(town=ulm)

    path = f"/api/v1/businesses/{cast.bakery.public_id}/edit/"
    browser(cast.owner).post(path, {"name": "Rosa's"}, content_type="application/json")

    cast.bakery.refresh_from_db()
    assert (cast.bakery.name, cast.bakery.town) == ("Rosa's", ulm)
