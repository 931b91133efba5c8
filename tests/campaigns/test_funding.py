"""A campaign with money of its own: paid in at the real double of Stripe, drawn on by signatures, returned."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.test import Client

from campaigns import clock
from campaigns.models import Campaign, Collaboration
from campaigns.services import briefs, cancelling, ending, funding, offers
from creators.models import Creator
from marketplace.kit.errors import Conflict, Invalid, NotAllowed
from marketplace.kit.money import Money
from marketplace.notices.models import Notice
from payments import ledger
from payments.models import Checkout, FeeSchedule, Refund
from payments.sandbox.server import Sandbox
from payments.states import Chart
from tests import cast as people
from tests.cast import Cast, draft
from tests.payments.agreement import differences
from tests.plugins.sandbox import Bank, Letters

BUDGET = Money(600_00, "EUR")
TOTAL = Money(218_00, "EUR")  # an offer of €200.00 with the fee of 9 %


@pytest.fixture
def bank(sandbox: Sandbox, letters: Letters) -> Bank:
    """The whole bank, not the one that only notes what it is asked."""
    return Bank(sandbox, letters)


@pytest.fixture
def prices(db: None) -> None:
    """What a test that commits may have wiped away: the prices that the migration has written."""
    FeeSchedule.objects.all().delete()
    importlib.import_module("payments.migrations.0003_processing_prices").add(apps, None)


def fund(bank: Bank, campaign: Campaign, cast: Cast, minor: int = BUDGET.minor, *, method: str = "card") -> Campaign:
    """Fina pays in on Stripe's page, and the news arrives."""
    url = funding.fund_campaign(campaign, amount=Money(minor, "EUR"), by=cast.finance)
    assert url
    bank.sandbox.control.pay_session(session=Checkout.objects.latest("pk").stripe_id, method=method)
    bank.settle_down()
    campaign.refresh_from_db()
    return campaign


def signed(cast: Cast, campaign: Campaign, creator: Creator | None = None) -> Collaboration:
    made = creator or cast.mina_profile
    assert made.user is not None
    offer = offers.send_offer(campaign, made, terms=draft(), by=cast.manager)
    return offers.accept_offer(offer, version=1, signature=made.user.name, by=made.user)


def in_wallet(campaign: Campaign) -> Money:
    assert campaign.wallet is not None
    return ledger.held(Chart.WALLET, campaign.wallet.public_id, "EUR")


def test_what_is_signed_is_paid_at_once_from_the_campaigns_money(cast: Cast, bank: Bank) -> None:
    campaign = fund(bank, people.campaign(cast), cast)

    work = signed(cast, campaign)

    assert (work.state, work.hold.state) == ("in_production", "secured")
    assert in_wallet(campaign) == BUDGET - TOTAL
    assert differences(bank.sandbox) == []
    found = funding.purse_of(campaign)
    assert found is not None
    assert (found.paid_in, found.left, found.drawn) == (BUDGET, BUDGET - TOTAL, TOTAL)
    assert [(payment.method, payment.processing) for payment in found.payments] == [("card", Money(9_25, "EUR"))]
    assert funding.to_fund(campaign, found) == Money(0, "EUR")
    kinds = set(Notice.objects.filter(user=cast.owner).values_list("kind", flat=True))
    assert {"campaign.funded", "offer.accept_funded", "collaboration.start"} <= kinds
    assert "offer.accept" not in kinds  # nobody is asked to pay what is paid


def test_money_that_comes_later_pays_for_what_waits_in_the_order_of_signatures(cast: Cast, bank: Bank) -> None:
    campaign = people.campaign(cast)
    first, second = signed(cast, campaign), signed(cast, campaign, creator=cast.other_profile)
    fund(bank, campaign, cast, 300_00)

    clock.cover()

    states = [Collaboration.objects.get(pk=work.pk).state for work in (first, second)]
    assert states == ["in_production", "awaiting_payment"]
    assert in_wallet(campaign) == Money(300_00, "EUR") - TOTAL
    clock.cover()  # what does not suffice today is simply left
    assert in_wallet(campaign) == Money(300_00, "EUR") - TOTAL


def test_a_bank_debit_is_on_its_way_before_it_is_there(cast: Cast, bank: Bank) -> None:
    campaign = people.campaign(cast)
    assert funding.fund_campaign(campaign, amount=BUDGET, by=cast.owner)
    checkout = Checkout.objects.get()
    bank.sandbox.control.pay_session(session=checkout.stripe_id, method="debit")
    bank.settle_down()
    checkout.refresh_from_db()
    campaign.refresh_from_db()

    found = funding.purse_of(campaign)
    assert found is not None
    assert (found.on_its_way, found.left) == (BUDGET, Money(0, "EUR"))
    assert funding.to_fund(campaign, found) == Money(0, "EUR")
    assert signed(cast, campaign).state == "awaiting_payment"

    bank.sandbox.control.finish_debit(payment_intent=checkout.payment_intent, succeeded=True)
    bank.settle_down()
    clock.cover()

    assert Collaboration.objects.get().state == "in_production"


def test_what_is_left_returns_on_demand_and_at_the_end(cast: Cast, bank: Bank) -> None:
    bank.reserve(Money(1_000_00, "EUR"))
    campaign = fund(bank, people.campaign(cast), cast)
    work = signed(cast, campaign)

    funding.return_money(campaign, by=cast.finance)
    bank.settle_down()

    assert [refund.total for refund in Refund.objects.all()] == [BUDGET - TOTAL]
    assert in_wallet(campaign) == Money(0, "EUR")
    with pytest.raises(Conflict, match="Nothing is left"):
        funding.return_money(campaign, by=cast.finance)

    ending.cancel(work, reason="Ill.", by=cast.mina)
    assert in_wallet(campaign) == TOTAL  # the refund of drawn work lies in the wallet again
    briefs.complete_campaign(campaign, by=cast.owner)
    bank.settle_down()

    assert in_wallet(campaign) == Money(0, "EUR")
    found = funding.purse_of(campaign)
    assert found is not None
    assert (found.returned, found.drawn) == (BUDGET, Money(0, "EUR"))
    assert differences(bank.sandbox) == []


def test_money_that_comes_after_the_end_goes_back(cast: Cast, bank: Bank) -> None:
    bank.reserve(Money(1_000_00, "EUR"))
    campaign = people.campaign(cast)
    assert funding.fund_campaign(campaign, amount=BUDGET, by=cast.owner)
    session = Checkout.objects.get().stripe_id
    bank.sandbox.control.pay_session(session=session)
    briefs.cancel_campaign(campaign, reason="No.", by=cast.owner)

    bank.settle_down()

    assert [refund.total for refund in Refund.objects.all()] == [BUDGET]
    assert Notice.objects.filter(user=cast.owner, kind="campaign.returned_late").exists()
    assert differences(bank.sandbox) == []


@pytest.mark.parametrize("minor", [0, -5, BUDGET.minor + 1, 10**15])
def test_an_amount_that_the_budget_does_not_need_is_refused_at_the_field(cast: Cast, bank: Bank, minor: int) -> None:
    campaign = people.campaign(cast)

    with pytest.raises(Invalid) as refused:
        funding.fund_campaign(campaign, amount=Money(minor, "EUR"), by=cast.owner)

    assert "amount" in refused.value.fields
    assert not Checkout.objects.exists()
    assert Campaign.objects.get().wallet is None


def test_a_second_click_leads_to_the_same_page(cast: Cast, bank: Bank) -> None:
    campaign = people.campaign(cast)

    urls = {funding.fund_campaign(campaign, amount=BUDGET, by=cast.owner) for _ in range(2)}

    assert len(urls) == Checkout.objects.count() == 1


@pytest.mark.parametrize("who", ["manager", "viewer", "mina", "other_owner"])
def test_only_whoever_may_pay_funds_or_takes_back(cast: Cast, bank: Bank, who: str) -> None:
    campaign = fund(bank, people.campaign(cast), cast, 100_00)

    with pytest.raises(NotAllowed):
        funding.fund_campaign(campaign, amount=Money(1_00, "EUR"), by=getattr(cast, who))
    with pytest.raises(NotAllowed):
        funding.return_money(campaign, by=getattr(cast, who))
    assert in_wallet(campaign) == Money(100_00, "EUR")


def test_the_pages_say_what_it_costs_before_and_what_it_cost_after(
    cast: Cast, bank: Bank, client: Client, prices: None
) -> None:
    campaign = people.campaign(cast)
    client.force_login(cast.finance, backend="django.contrib.auth.backends.ModelBackend")
    path = campaign.get_absolute_url()

    before = client.get(f"{path}do/fund/").content.decode()
    assert "€9.25" in before  # by card, all at once: 1.5 % and €0.25
    assert "€9.50" in before  # by card, two offers
    assert "€0.35" in before  # one SEPA debit

    answer = client.post(f"{path}do/fund/", {"amount": "600"})
    assert answer.status_code == 302
    assert answer["Location"] == Checkout.objects.get().url
    bank.sandbox.control.pay_session(session=Checkout.objects.get().stripe_id)
    assert client.get(f"{path}money/?paid=1").status_code == 302  # it is there: the page goes on
    after = client.get(f"{path}money/").content.decode()

    assert "€600.00" in after
    assert "€9.25" in after
    assert "All of the budget is paid in already" in client.get(f"{path}do/fund/").content.decode()


def test_an_amount_that_is_too_much_keeps_the_form(cast: Cast, bank: Bank, client: Client) -> None:
    path = f"{people.campaign(cast).get_absolute_url()}do/fund/"
    client.force_login(cast.owner, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.post(path, {"amount": "601"})

    assert answer.status_code == 400
    assert "€600.00: more is not needed" in answer.content.decode()
    assert 'value="601"' in answer.content.decode()


def test_a_kill_fee_of_drawn_work_is_paid_and_the_rest_lies_in_the_wallet_again(cast: Cast, bank: Bank) -> None:
    campaign = fund(bank, people.campaign(cast), cast)
    work = cancelling.begin(signed(cast, campaign), by=cast.mina)

    cancelling.cancel_paid(work, keeps_minor=50_00, reason="We close.", by=cast.manager)
    bank.settle_down()

    kept = Money(50_00 + 4_50, "EUR")  # a quarter of the fee, and our fee on it
    assert in_wallet(campaign) == BUDGET - kept
    found = funding.purse_of(campaign)
    assert found is not None
    assert (found.left, found.drawn) == (BUDGET - kept, kept)
    assert funding.to_fund(campaign, found) == Money(0, "EUR")
    assert differences(bank.sandbox) == []
