"""A campaign's money through the API and in the admin: what is offered there, shown, and refused at the field."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.models import Campaign
from campaigns.services import ending, funding
from marketplace.kit.errors import Invalid
from marketplace.kit.money import Money
from marketplace.users.models import User
from payments.models import Checkout, Refund
from payments.sandbox.server import Sandbox
from tests import cast as people
from tests.campaigns.test_funding import BUDGET, fund, in_wallet, signed
from tests.cast import Cast
from tests.plugins.sandbox import Bank, Letters


@pytest.fixture
def bank(sandbox: Sandbox, letters: Letters) -> Bank:
    """The whole bank, not the one that only notes what it is asked."""
    return Bank(sandbox, letters)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def wallet_of(campaign: Campaign, user: User) -> Any:
    return client_of(user).get(f"/api/v1/campaigns/{campaign.public_id}/wallet/").json()


def test_the_wallet_says_what_may_be_done_with_it(cast: Cast, bank: Bank) -> None:
    campaign = people.campaign(cast)
    empty = wallet_of(campaign, cast.finance)
    fund(bank, campaign, cast)
    filled = wallet_of(campaign, cast.finance)

    assert empty["purse"] is None
    assert [action["verb"] for action in empty["actions"]] == ["fund"]
    assert [action["verb"] for action in filled["actions"]] == ["fund", "return_money"]
    assert filled["purse"]["left"]["minor"] == BUDGET.minor
    assert filled["purse"]["payments"][0]["processing"]["minor"] == 9_25
    assert wallet_of(campaign, cast.viewer)["actions"] == []


def test_money_is_paid_in_and_taken_back_through_the_api(cast: Cast, bank: Bank) -> None:
    bank.keep_reserve()
    campaign, client = people.campaign(cast), client_of(cast.finance)
    path = f"/api/v1/campaigns/{campaign.public_id}/"

    paying = client.post(f"{path}fund/", {"amount_minor": 300_00}, content_type="application/json")
    assert paying.json() == {"url": Checkout.objects.get().url}
    bank.sandbox.control.pay_session(session=Checkout.objects.get().stripe_id)
    bank.settle_down()
    returned = client.post(f"{path}return_money/")

    assert returned.status_code == 200
    assert [refund.total for refund in Refund.objects.all()] == [Money(300_00, "EUR")]


@pytest.mark.parametrize("minor", [0, -1, 10**15, BUDGET.minor + 1, "all", None])
def test_an_amount_that_makes_no_sense_is_refused_at_its_field(cast: Cast, bank: Bank, minor: object) -> None:
    path = f"/api/v1/campaigns/{people.campaign(cast).public_id}/fund/"

    answer = client_of(cast.owner).post(path, {"amount_minor": minor}, content_type="application/json")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert {name.removesuffix("_minor") for name in answer.json()["errors"]} == {"amount"}
    assert not Checkout.objects.exists()


@pytest.mark.parametrize("typed", ["", "0", "-5", "nothing", "600,001", "1000000000000000", "601"])
def test_the_page_says_what_is_wrong_beside_the_amount(cast: Cast, bank: Bank, typed: str) -> None:
    path = f"{people.campaign(cast).get_absolute_url()}do/fund/"

    answer = client_of(cast.owner).post(path, {"amount": typed})

    assert answer.status_code == 400
    assert "id_amount_error" in answer.content.decode()
    assert not Checkout.objects.exists()


def test_a_campaign_is_funded_in_its_own_currency(cast: Cast, bank: Bank) -> None:
    campaign = people.campaign(cast)

    with pytest.raises(Invalid) as refusal:
        funding.fund_campaign(campaign, amount=Money(100_00, "USD"), by=cast.owner)

    assert "EUR" in refusal.value.fields["amount"][0]
    assert Campaign.objects.get().wallet is None


@pytest.mark.parametrize("state", ["in_review", "rejected"])
def test_money_does_not_stick_to_a_campaign_that_was_taken_back(cast: Cast, bank: Bank, state: str) -> None:
    campaign = fund(bank, people.campaign(cast), cast)
    Campaign.objects.update(state=state)
    campaign.refresh_from_db()

    funding.return_money(campaign, by=cast.finance)

    assert in_wallet(campaign) == Money(0, "EUR")


def test_an_admin_reads_a_campaigns_money(cast: Cast, bank: Bank) -> None:
    campaign = people.campaign(cast)
    path, client = reverse("admin:campaigns_campaign_change", args=[campaign.pk]), client_of(cast.admin)
    assert "Nothing was paid in" in client.get(path).content.decode()

    fund(bank, campaign, cast)
    page = client.get(path).content.decode()

    assert "€600.00 left of €600.00 paid in" in page
    assert campaign.wallet is not None
    assert reverse("admin:payments_wallet_change", args=[campaign.wallet.pk]) in page


def test_the_page_says_what_each_work_has_drawn_and_how_much_would_return(cast: Cast, bank: Bank) -> None:
    campaign, client = fund(bank, people.campaign(cast), cast), client_of(cast.finance)
    ended, work = signed(cast, campaign), signed(cast, campaign, creator=cast.other_profile)
    ending.cancel(ended, reason="Ill.", by=cast.mina)

    rows = client.get(f"{campaign.get_absolute_url()}money/").context["collaborations"]
    asked = client.get(f"{campaign.get_absolute_url()}do/return_money/").content.decode()

    assert [(row.pk, row.drawn_minor) for row in rows] == [(work.pk, 218_00), (ended.pk, 0)]
    assert "€382.00 go back" in asked


def test_the_page_says_that_nothing_would_return(cast: Cast, bank: Bank) -> None:
    campaign = fund(bank, people.campaign(cast), cast, 218_00)
    signed(cast, campaign)

    asked = client_of(cast.finance).get(f"{campaign.get_absolute_url()}do/return_money/").content.decode()

    assert "Nothing is left to return" in asked
