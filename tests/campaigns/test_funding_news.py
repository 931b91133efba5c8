"""What a business hears of its campaign's money."""

from __future__ import annotations

import pytest

from campaigns.models import Campaign, Collaboration
from campaigns.services import briefs, ending, funding, work
from marketplace.kit.money import Money
from marketplace.notices.models import Notice
from marketplace.users.models import User
from payments.models import Checkout
from payments.sandbox.server import Sandbox
from tests import cast as people
from tests.campaigns.test_funding import BUDGET, fund, in_wallet, signed
from tests.cast import Cast
from tests.plugins.sandbox import Bank, Letters


@pytest.fixture
def bank(sandbox: Sandbox, letters: Letters) -> Bank:
    """The whole bank, not the one that only notes what it is asked."""
    return Bank(sandbox, letters)


def kinds(person: User) -> set[str]:
    return set(Notice.objects.filter(user=person).values_list("kind", flat=True))


def begin_debit(bank: Bank, campaign: Campaign, cast: Cast, amount: Money = BUDGET) -> Checkout:
    """Fina pays in by bank debit; the bank takes some days."""
    assert funding.fund_campaign(campaign, amount=amount, by=cast.finance)
    checkout = Checkout.objects.latest("pk")
    bank.sandbox.control.pay_session(session=checkout.stripe_id, method="debit")
    bank.settle_down()
    checkout.refresh_from_db()
    campaign.refresh_from_db()
    return checkout


def test_whoever_pays_hears_that_the_rest_is_back(cast: Cast, bank: Bank) -> None:
    bank.keep_reserve()
    campaign = fund(bank, people.campaign(cast), cast)

    funding.return_money(campaign, by=cast.finance)
    assert "campaign.returned" not in kinds(cast.finance)  # decided, not there yet
    bank.settle_down()

    assert "campaign.returned" in kinds(cast.finance)
    assert "campaign.returned" in kinds(cast.owner)
    assert "campaign.returned" not in kinds(cast.manager)


def test_the_refund_of_drawn_work_is_said_to_lie_in_the_campaigns_money(cast: Cast, bank: Bank) -> None:
    campaign = fund(bank, people.campaign(cast), cast)
    made = signed(cast, campaign)

    ending.cancel(made, reason="Ill.", by=cast.mina)

    assert in_wallet(campaign) == BUDGET
    assert "collaboration.refunded_to_campaign" in kinds(cast.finance)
    assert "collaboration.refunded" not in kinds(cast.finance)


def test_the_refund_of_drawn_work_goes_home_once_the_campaign_has_ended(cast: Cast, bank: Bank) -> None:
    bank.keep_reserve()
    campaign = fund(bank, people.campaign(cast), cast)
    made = signed(cast, campaign)
    briefs.complete_campaign(campaign, by=cast.manager)

    ending.cancel(made, reason="Ill.", by=cast.mina)
    bank.settle_down()

    assert in_wallet(campaign) == Money(0, "EUR")
    assert {"collaboration.refunded", "campaign.returned"} <= kinds(cast.finance)


def test_a_bounced_debit_is_told_and_can_be_tried_again(cast: Cast, bank: Bank) -> None:
    campaign = people.campaign(cast)
    checkout = begin_debit(bank, campaign, cast)

    bank.sandbox.control.finish_debit(payment_intent=checkout.payment_intent, succeeded=False)
    bank.settle_down()

    assert {"campaign.bounced"} == {kind for kind in kinds(cast.finance) if "campaign." in kind}
    found = funding.purse_of(campaign)
    assert found is not None
    assert found.on_its_way == Money(0, "EUR")
    assert fund(bank, campaign, cast) is campaign
    assert in_wallet(campaign) == BUDGET


def test_a_bounced_debit_for_one_offer_is_told_as_well(cast: Cast, bank: Bank) -> None:
    made = signed(cast, people.campaign(cast))
    assert work.pay(made, by=cast.finance)
    bank.sandbox.control.pay_session(session=Checkout.objects.get().stripe_id, method="debit")
    bank.settle_down()

    bank.sandbox.control.finish_debit(payment_intent=Checkout.objects.get().payment_intent, succeeded=False)
    bank.settle_down()

    told = Notice.objects.get(user=cast.finance, kind="collaboration.bounced")
    assert told.url == made.get_absolute_url()
    assert Collaboration.objects.get().state == "awaiting_payment"
