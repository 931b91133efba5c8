"""The brief: written, checked, opened, changed only as far as it may, closed with all its talks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from campaigns.models import Activity, Campaign, Deliverable, MatchRun
from campaigns.services import briefs, offers
from campaigns.services.invitations import apply_to_campaign, invite_creator
from campaigns.terms import Item
from creators.models import Niche, Town
from marketplace.kit.errors import Conflict, Invalid, NotAllowed
from marketplace.notices.models import Notice
from marketplace.trust.models import AuditEntry
from tests import cast as people
from tests.cast import REEL, Cast

TODAY = timezone.localdate()


def fields(**extra: Any) -> dict[str, Any]:
    return {"title": "Sourdough", "product": "Bread", "budget_minor": 60_000, "currency": "EUR", **extra}


def test_a_manager_writes_a_draft(cast: Cast) -> None:
    made = briefs.create_campaign(cast.bakery, by=cast.manager, niches=[cast.baking], **fields())

    assert (made.state, made.business, made.made_by) == ("draft", cast.bakery, cast.manager)
    assert Activity.objects.get().verb == "create"


@pytest.mark.parametrize("who", ["finance", "viewer", "other_owner", "mina", "admin", "suspended"])
def test_others_write_none(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        briefs.create_campaign(cast.bakery, by=getattr(cast, who), **fields())

    assert Campaign.objects.count() == 0


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"budget_minor": 0}, "budget"),
        ({"budget_minor": 10**15}, "budget"),
        ({"currency": "XXX"}, "currency"),
        ({"title": " "}, "title"),
        ({"goal": "fame"}, "goal"),
        ({"platforms": ["myspace"]}, "platforms"),
        ({"radius_km": 10}, "radius_km"),
        ({"creators_wanted": 0}, "creators_wanted"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ends_on"),
        ({"starts_on": TODAY + timedelta(days=9), "ends_on": TODAY + timedelta(days=1)}, "ends_on"),
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
    ],
)
def test_bad_input_is_named_by_field_and_nothing_is_written(cast: Cast, bad: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        briefs.create_campaign(cast.bakery, by=cast.manager, **fields(**bad))

    assert list(refused.value.fields) == [field]
    assert Campaign.objects.count() == 0


def test_a_clean_campaign_opens_at_once_and_asks_who_fits(cast: Cast) -> None:
    campaign = people.campaign(cast, state="draft")

    briefs.submit_campaign(campaign, by=cast.manager)

    assert campaign.state == "open"
    assert campaign.opened_at is not None
    assert MatchRun.objects.filter(campaign=campaign).count() == 1
    assert [a.text for a in Activity.objects.order_by("pk")] == [
        "Marco Lang posted the campaign",
        "The automatic check approved the campaign",
    ]


def test_a_flagged_campaign_waits_for_an_admin(cast: Cast) -> None:
    campaign = people.campaign(cast, state="draft", message="Vape and bread")

    briefs.submit_campaign(campaign, by=cast.manager)
    assert (campaign.state, campaign.findings[0]["code"]) == ("in_review", "banned")
    briefs.approve_campaign(campaign, by=cast.admin, reason="A vapour oven.")

    assert campaign.state == "open"
    assert Notice.objects.filter(user=cast.owner, kind="campaign.approve").exists()


def test_an_incomplete_campaign_is_not_posted(cast: Cast) -> None:
    campaign = people.campaign(cast, state="draft", message="")

    with pytest.raises(Invalid) as refused:
        briefs.submit_campaign(campaign, by=cast.manager)

    assert list(refused.value.fields) == ["message"]
    assert Campaign.objects.get().state == campaign.state == "draft"


def test_a_rejection_needs_a_reason_and_gives_it(cast: Cast) -> None:
    campaign = people.campaign(cast, state="in_review")

    with pytest.raises(Invalid):
        briefs.reject_campaign(campaign, reason=" ", by=cast.admin)
    briefs.reject_campaign(campaign, reason="Say what it is.", by=cast.admin)

    assert (campaign.state, campaign.state_reason) == ("rejected", "Say what it is.")


def test_what_an_admin_decides_about_a_campaign_is_on_record(cast: Cast) -> None:
    flagged, opened = people.campaign(cast, state="in_review"), people.campaign(cast)

    briefs.approve_campaign(flagged, reason="A vapour oven.", by=cast.admin)
    briefs.reject_campaign(opened, reason="Not yours to sell.", by=cast.admin)

    written = AuditEntry.objects.order_by("pk").values_list("act", "by", "thing_id", "reason")
    assert list(written) == [
        ("campaign.approve", cast.admin.pk, flagged.public_id, "A vapour oven."),
        ("campaign.reject", cast.admin.pk, opened.public_id, "Not yours to sell."),
    ]


def test_the_talks_of_a_campaign_that_is_taken_back_end(cast: Cast) -> None:
    offer = people.offer(cast)
    third = people.creator(people.person("Tina Drei"), "tina")
    invitation = invite_creator(offer.campaign, third, by=cast.manager)
    application = apply_to_campaign(offer.campaign, message="Me!", by=cast.other_creator)

    briefs.reject_campaign(offer.campaign, reason="Not yours to sell.", by=cast.admin)

    for thing in (offer, invitation, application):
        thing.refresh_from_db()
    assert offer.state == invitation.state == application.state == "expired"
    assert Notice.objects.filter(user=cast.mina, kind="offer.expire").exists()
    with pytest.raises(Conflict):
        offers.accept_offer(offer, version=1, signature="Mina Park", by=cast.mina)


def test_an_open_campaign_changes_texts_and_dates_only(cast: Cast) -> None:
    campaign = people.campaign(cast)

    briefs.edit_campaign(campaign, by=cast.manager, message="With rye.", ends_on=TODAY + timedelta(days=60))
    with pytest.raises(Invalid) as refused:
        briefs.edit_campaign(campaign, by=cast.manager, budget_minor=70_000, niches=[])

    assert set(refused.value.fields) == {"budget", "niches"}
    campaign.refresh_from_db()
    assert (campaign.message, campaign.budget_minor) == ("With rye.", 60_000)


def test_an_open_campaign_takes_no_words_that_need_a_look(cast: Cast) -> None:
    campaign = people.campaign(cast)

    with pytest.raises(Invalid) as refused:
        briefs.edit_campaign(campaign, by=cast.manager, message="Now with vape")

    assert list(refused.value.fields) == ["message"]
    assert "vape" not in Campaign.objects.get().message


@pytest.mark.parametrize("state", ["in_review", "completed", "cancelled", "archived"])
def test_other_states_change_nothing(cast: Cast, state: str) -> None:
    campaign = people.campaign(cast, state=state)

    with pytest.raises(Conflict):
        briefs.edit_campaign(campaign, by=cast.manager, message="New")

    assert Campaign.objects.get().message != "New"


def test_currency_and_budget_are_bound_by_what_was_promised(cast: Cast) -> None:
    offer = people.offer(cast)
    offers.accept_offer(offer, version=1, signature="Mina Park", by=cast.mina)
    campaign = offer.campaign
    briefs.reject_campaign(campaign, reason="Say more.", by=cast.admin)

    with pytest.raises(Invalid) as currency:
        briefs.edit_campaign(campaign, by=cast.manager, currency="CHF")
    with pytest.raises(Invalid) as budget:
        briefs.edit_campaign(campaign, by=cast.manager, budget_minor=21_799)

    assert (list(currency.value.fields), list(budget.value.fields)) == (["currency"], ["budget"])
    briefs.edit_campaign(campaign, by=cast.manager, budget_minor=21_800)
    assert Campaign.objects.get().budget_minor == 21_800


def test_the_wanted_work_is_fixed_once_posted(cast: Cast) -> None:
    draft, opened = people.campaign(cast, state="draft"), people.campaign(cast)
    two = [REEL, Item(kind="story", network="instagram", count=3, detail="")]

    assert len(briefs.set_deliverables(draft, items=two, by=cast.manager)) == 2
    with pytest.raises(Conflict):
        briefs.set_deliverables(opened, items=two, by=cast.manager)
    with pytest.raises(Invalid):
        briefs.set_deliverables(draft, items=[], by=cast.manager)

    assert Deliverable.objects.filter(campaign=draft).count() == 2
    assert Deliverable.objects.filter(campaign=opened).count() == 1


def test_a_town_brings_its_country(cast: Cast) -> None:
    town = Town.objects.create(name="Basel", country="CH", latitude=47.56, longitude=7.59)

    made = briefs.create_campaign(cast.bakery, by=cast.manager, **fields(town=town, radius_km=20))

    assert made.country == "CH"


@pytest.mark.parametrize("end", ["cancel", "complete"])
def test_all_talks_end_with_the_campaign(cast: Cast, end: str) -> None:
    offer = people.offer(cast)
    campaign = offer.campaign
    third = people.creator(people.person("Tina Drei"), "tina")
    invitation = invite_creator(campaign, third, by=cast.manager)
    application = apply_to_campaign(campaign, message="Me!", by=cast.other_creator)

    if end == "cancel":
        briefs.cancel_campaign(campaign, by=cast.manager, reason="Closed.")
    else:
        briefs.complete_campaign(campaign, by=cast.manager)

    for thing in (offer, invitation, application):
        thing.refresh_from_db()
    assert (offer.state, invitation.state, application.state) == ("withdrawn", "withdrawn", "declined")
    assert Notice.objects.filter(user=cast.mina, kind="offer.withdraw").exists()


def test_agreed_work_goes_on_when_the_campaign_ends(cast: Cast) -> None:
    made = people.collaboration(cast)

    briefs.cancel_campaign(made.offer.campaign, by=cast.manager)

    made.refresh_from_db()
    assert made.state == "awaiting_payment"
    with pytest.raises(Conflict):
        offers.send_offer(made.offer.campaign, cast.other_profile, terms=people.draft(), by=cast.manager)


def test_niches_are_kept(cast: Cast) -> None:
    other = Niche.objects.create(slug="pets", name="Pets")
    campaign = people.campaign(cast, state="draft")

    briefs.edit_campaign(campaign, by=cast.manager, niches=[other])

    assert list(campaign.niches.all()) == [other]
