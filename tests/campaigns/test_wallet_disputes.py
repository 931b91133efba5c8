"""A bank takes back what a business paid in for a whole campaign: every work it paid for rests, and is spoken for."""

from __future__ import annotations

import pytest
from django.test import Client

from campaigns.models import Campaign, Collaboration
from campaigns.services import funding, offers
from campaigns.services.work import submit_work
from creators.models import Creator
from marketplace.kit.money import Money
from marketplace.notices.models import Notice
from marketplace.trust.models import Strike
from marketplace.users.models import User
from payments.models import Checkout, Dispute
from payments.sandbox.server import Sandbox
from payments.services import submit_evidence
from tests import cast as people
from tests.cast import Cast, draft
from tests.plugins.sandbox import Bank, Letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank(sandbox: Sandbox, letters: Letters) -> Bank:
    """The whole bank, not the one that only notes what it is asked."""
    return Bank(sandbox, letters)


@pytest.fixture
def campaign(cast: Cast, bank: Bank) -> Campaign:
    bank.reserve(Money(1_000_00, "EUR"))
    made = people.campaign(cast)
    assert funding.fund_campaign(made, amount=Money(600_00, "EUR"), by=cast.finance)
    bank.sandbox.control.pay_session(session=Checkout.objects.get().stripe_id, method="card")
    bank.settle_down()
    made.refresh_from_db()
    return made


def signed(cast: Cast, campaign: Campaign, creator: Creator) -> Collaboration:
    assert creator.user is not None
    offer = offers.send_offer(campaign, creator, terms=draft(), by=cast.manager)
    return offers.accept_offer(offer, version=1, signature=creator.user.name, by=creator.user)


def open_dispute(bank: Bank) -> Dispute:
    bank.sandbox.control.open_dispute(charge=Checkout.objects.get().charge)
    bank.settle_down()
    return Dispute.objects.get()


def judge(bank: Bank, dispute: Dispute, *, won: bool) -> None:
    bank.sandbox.control.close_dispute(dispute=dispute.stripe_id, won=won)
    bank.settle_down()


def told(user: User, kind: str) -> int:
    return Notice.objects.filter(user=user, kind=kind).count()


def test_every_work_that_was_paid_from_it_rests_and_is_spoken_for(cast: Cast, bank: Bank, campaign: Campaign) -> None:
    works = [signed(cast, campaign, creator) for creator in (cast.mina_profile, cast.other_profile)]

    dispute = open_dispute(bank)

    assert set(Collaboration.objects.values_list("state", flat=True)) == {"on_hold"}
    for work in works:
        assert work.contract_hash in dispute.evidence["uncategorized_text"]
    assert told(cast.finance, "collaboration.disputed") == 2
    assert told(cast.mina, "collaboration.put_on_hold") == 1


def test_an_inquiry_that_escalates_stops_the_work_and_is_answered_anew(
    cast: Cast, bank: Bank, campaign: Campaign
) -> None:
    work = signed(cast, campaign, cast.mina_profile)
    bank.sandbox.control.open_dispute(charge=Checkout.objects.get().charge, inquiry=True)
    bank.settle_down()
    dispute = Dispute.objects.get()
    submit_evidence(dispute, reason="complete", by=cast.admin)
    bank.settle_down()
    work.refresh_from_db()
    before = work.state
    submit_work(work, link="https://example.org/draft", note="The first cut", by=cast.mina)

    bank.sandbox.control.escalate_dispute(dispute=dispute.stripe_id)
    bank.settle_down()

    work.refresh_from_db()
    dispute.refresh_from_db()
    assert (before, work.state, dispute.submitted_at) == ("in_production", "on_hold", None)
    assert "https://example.org/draft" in dispute.evidence["uncategorized_text"]
    submit_evidence(dispute, reason="complete", by=cast.admin)
    bank.settle_down()
    dispute.refresh_from_db()
    assert dispute.submitted_at is not None


def test_a_lost_dispute_ends_every_work_that_lost_its_payment(cast: Cast, bank: Bank, campaign: Campaign) -> None:
    for creator in (cast.mina_profile, cast.other_profile):
        signed(cast, campaign, creator)

    judge(bank, open_dispute(bank), won=False)

    assert set(Collaboration.objects.values_list("state", flat=True)) == {"cancelled"}
    assert told(cast.mina, "collaboration.charge_back") == 1
    assert Strike.objects.filter(kind="chargeback").count() == 2


def test_work_whose_payment_is_still_there_waits_for_a_decision(cast: Cast, bank: Bank, campaign: Campaign) -> None:
    work = signed(cast, campaign, cast.mina_profile)
    bank.sandbox.control.open_dispute(charge=Checkout.objects.get().charge, amount=100_00)
    bank.settle_down()

    judge(bank, Dispute.objects.get(), won=False)

    work.refresh_from_db()
    assert (work.state, work.hold.state) == ("on_hold", "frozen")
    assert told(cast.mina, "collaboration.dispute_over") == 1
    assert not Strike.objects.exists()


@pytest.mark.parametrize(("won", "news"), [(True, "campaign.dispute_won"), (False, "campaign.charge_back")])
def test_whoever_pays_hears_of_money_that_nothing_was_signed_for(
    cast: Cast, bank: Bank, campaign: Campaign, client: Client, *, won: bool, news: str
) -> None:
    dispute = open_dispute(bank)
    client.force_login(cast.finance)
    page = client.get(f"{campaign.get_absolute_url()}money/").content.decode()

    judge(bank, dispute, won=won)

    assert "rest until your bank has decided" in page
    assert told(cast.finance, "campaign.disputed") == 1
    assert told(cast.finance, news) == 1
    found = funding.purse_of(campaign)
    assert found is not None
    assert found.free == Money(600_00 if won else 0, "EUR")
