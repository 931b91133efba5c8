"""A listing's life: every state × verb × role, reasons, notices, and who loses a race."""

import pytest

from creators.models import Creator, Niche, Town
from creators.moves import move
from creators.policies import actions_for
from creators.services.channels import add_channel
from creators.services.moderation import (
    approve_creator,
    reinstate_creator,
    reject_creator,
    submit_creator,
    suspend_creator,
)
from creators.services.profiles import edit_profile, open_profile
from creators.services.rates import RateLine, set_rate
from creators.states import CREATOR, CreatorState
from marketplace.kit.errors import Conflict, Invalid, NotAllowed
from marketplace.kit.money import Money
from marketplace.notices.models import Notice
from marketplace.trust.models import AuditEntry
from marketplace.users.models import User

ROLES = ("self", "admin", "other", "staff_without_rights")


@pytest.fixture
def people(mina: User, omar: User, admin: User) -> dict[str, User]:
    helper = User.objects.create_user("help@example.org", None, name="Hel Per", is_staff=True)
    return {"self": mina, "admin": admin, "other": omar, "staff_without_rights": helper}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("verb", CREATOR.verbs)
@pytest.mark.parametrize("state", CreatorState.values)
def test_every_state_verb_and_role_does_what_the_table_says(
    profile: Creator, people: dict[str, User], state: str, verb: str, role: str
) -> None:
    Creator.objects.update(state=state)
    profile.refresh_from_db()
    rows = [row for row in CREATOR if row.verb == verb and role in row.roles]
    ready = [row for row in rows if state in row.sources]

    if ready:
        move(profile, verb, by=people[role])
    else:
        with pytest.raises(Conflict if rows else NotAllowed):
            move(profile, verb, by=people[role])

    profile.refresh_from_db()
    assert profile.state == (ready[0].target if ready else state)
    assert AuditEntry.objects.filter(act=f"creator.{verb}").count() == len(ready)


def test_the_owner_who_is_also_admin_sees_both_kinds_of_buttons(profile: Creator, admin: User) -> None:
    Creator.objects.update(user=admin, state="listed")
    profile.refresh_from_db()

    assert {row.verb for row in actions_for(admin, profile)} == {"reject", "pause", "suspend"}


def test_an_incomplete_profile_is_not_submitted_and_hears_what_is_missing(profile: Creator, mina: User) -> None:
    with pytest.raises(Conflict, match="Add at least one channel"):
        submit_creator(profile, by=mina)

    profile.refresh_from_db()
    assert profile.state == "draft"
    assert not AuditEntry.objects.exists()


def test_approval_lists_the_creator_opens_the_account_and_tells_them(whole: Creator, mina: User, admin: User) -> None:
    submit_creator(whole, by=mina)
    approve_creator(whole, by=admin)

    whole.refresh_from_db()
    assert whole.state == "listed"
    assert whole.account is not None
    assert whole.account.kind == "payee"
    assert Notice.objects.get(user=mina).url == "/me/profile/"


def test_a_second_approval_keeps_the_account(whole: Creator, mina: User, admin: User) -> None:
    submit_creator(whole, by=mina)
    approve_creator(whole, by=admin)
    account = whole.account
    reject_creator(whole, reason="The bio promises cures.", by=admin)
    submit_creator(whole, by=mina)

    approve_creator(whole, by=admin)

    assert whole.account == account


def test_an_imported_creator_is_moderated_without_a_person_behind_it(whole: Creator, admin: User) -> None:
    Creator.objects.update(user=None, state="in_review")
    whole.refresh_from_db()

    approve_creator(whole, by=admin)

    assert whole.account is None
    assert not Notice.objects.exists()


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
@pytest.mark.parametrize(
    ("act", "state"), [(reject_creator, "listed"), (suspend_creator, "listed"), (reinstate_creator, "suspended")]
)
def test_a_decision_needs_a_reason_of_sensible_length(
    whole: Creator, admin: User, act: object, state: str, reason: str
) -> None:
    Creator.objects.update(state=state)
    whole.refresh_from_db()

    with pytest.raises(Invalid) as refused:
        act(whole, reason=reason, by=admin)  # type: ignore[operator]

    whole.refresh_from_db()
    assert "reason" in refused.value.fields
    assert whole.state == state


def test_a_rejection_says_why_to_the_creator_and_to_the_record(whole: Creator, mina: User, admin: User) -> None:
    Creator.objects.update(state="in_review")
    whole.refresh_from_db()

    reject_creator(whole, reason="Say where you bake.", by=admin)

    whole.refresh_from_db()
    assert whole.state_reason == "Say where you bake."
    assert "Say where you bake." in Notice.objects.get(user=mina).text
    assert AuditEntry.objects.get(act="creator.reject").reason == "Say where you bake."


def test_of_two_decisions_at_once_the_second_is_told(whole: Creator, mina: User, admin: User) -> None:
    Creator.objects.update(state="in_review")
    one, two = Creator.objects.get(pk=whole.pk), Creator.objects.get(pk=whole.pk)
    approve_creator(one, by=admin)

    with pytest.raises(Conflict) as refused:
        reject_creator(two, reason="Too late.", by=admin)

    whole.refresh_from_db()
    assert refused.value.code == "lost_race"
    assert whole.state == "listed"
    assert not AuditEntry.objects.filter(act="creator.reject").exists()


def test_a_profile_filled_in_by_services_can_be_submitted_at_once(
    mina: User, niches: dict[str, Niche], ulm: Town
) -> None:
    creator = open_profile(mina, display_name="Mina Bakes")
    bio = "I bake sourdough on camera every Friday."
    edit_profile(creator, by=mina, bio=bio, town=ulm, languages=["de"], niches=["baking"])
    add_channel(creator, by=mina, network="instagram", handle="mina", followers=4_200)
    set_rate(creator, by=mina, line=RateLine("reel", Money(9_000, "EUR")))

    submit_creator(creator, by=mina)

    creator.refresh_from_db()
    assert creator.state == "in_review"
