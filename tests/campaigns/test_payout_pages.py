"""Sending money to the bank as a creator does it: the cost first, the pause explained, failures in words."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from campaigns import logins
from creators.models import Creator
from creators.services.accounts import give_account
from marketplace.kit.money import Money
from marketplace.notices.models import Notice
from payments.models import Account, PauseReason, Payout, PayoutMethod
from payments.sandbox.server import Sandbox
from payments.states import PayoutState
from tests.cast import Cast
from tests.pages import browser, read
from tests.payments.agreement import differences
from tests.plugins.sandbox import Bank, Letters

EUROS = Money(100_00, "EUR")


@pytest.fixture
def bank(sandbox: Sandbox, letters: Letters) -> Bank:
    """The whole bank, not the one that only notes what it is asked."""
    return Bank(sandbox, letters)


@pytest.fixture
def mina(cast: Cast, bank: Bank) -> Account:
    """Mina's account at the real bank, with money that was released to her."""
    account = give_account(Creator.objects.get(pk=cast.mina_profile.pk))
    assert account is not None
    bank.onboard(account)
    bank.released(EUROS, payee=account)
    bank.sandbox.control.settle()
    bank.settle_down()
    return account


@pytest.fixture
def page(cast: Cast, mina: Account) -> Client:
    return browser(cast.mina)


def test_the_page_says_what_arrives_where_and_what_it_costs(page: Client) -> None:
    shown = page.get("/earnings/payout/").content.decode()

    assert "SANDBOX TEST BANK ····6789" in shown
    assert "Standard, free: €100.00 arrive" in shown
    assert "Instant, costs €0.99: €99.01 arrive" in shown
    assert Payout.objects.count() == 0


def test_the_page_reads_little(page: Client, django_assert_num_queries: Any) -> None:
    page.get("/earnings/payout/")

    with django_assert_num_queries(11):
        page.get("/earnings/payout/")


def test_a_standard_payout_is_what_a_plain_click_sends(page: Client, bank: Bank) -> None:
    answer = page.post("/earnings/payout/", follow=True)

    assert "€100.00 is on its way to your bank." in answer.content.decode()
    assert Payout.objects.get().method == PayoutMethod.STANDARD


def test_an_instant_payout_is_chosen_with_its_cost(page: Client, bank: Bank) -> None:
    answer = page.post("/earnings/payout/", {"method": "instant", "fee_minor": "99"}, follow=True)
    bank.settle_down()

    assert "€99.01 is on its way to your bank." in answer.content.decode()
    assert Payout.objects.get().fee == Money(99, "EUR")
    assert "and €0.99 for its speed" in page.get("/earnings/").content.decode()
    assert differences(bank.sandbox) == []


def test_a_cost_that_rose_is_shown_again(page: Client, bank: Bank) -> None:
    bank.sandbox.control.set_instant_price(bps=500)

    answer = page.post("/earnings/payout/", {"method": "instant", "fee_minor": "99"})

    assert answer.status_code == 409
    assert "This would cost €4.76 now." in answer.content.decode()
    assert "Instant, costs €4.76" in answer.content.decode()
    assert Payout.objects.count() == 0


def test_a_cost_that_rose_can_be_confirmed_on_the_page_that_tells_it(page: Client, bank: Bank) -> None:
    bank.sandbox.control.set_instant_price(bps=500)
    told = page.post("/earnings/payout/", {"method": "instant", "fee_minor": "99"}).content.decode()
    hidden = re.search(r'<input[^>]*name="fee_minor"[^>]*value="(\d+)"', told)
    assert hidden is not None

    page.post("/earnings/payout/", {"method": "instant", "fee_minor": hidden[1]})

    assert Payout.objects.get().fee == Money(4_76, "EUR")


def test_an_unknown_way_is_refused_at_its_field(page: Client) -> None:
    answer = page.post("/earnings/payout/", {"method": "by pigeon"})

    assert answer.status_code == 400
    assert Payout.objects.count() == 0


def test_with_nothing_available_the_page_says_so(cast: Cast, bank: Bank) -> None:
    account = give_account(Creator.objects.get(pk=cast.mina_profile.pk))
    assert account is not None
    bank.onboard(account)

    answer = browser(cast.mina).get("/earnings/payout/")

    assert answer.status_code == 409
    assert "Nothing is available for a payout yet." in answer.content.decode()


def test_a_pause_is_explained_and_takes_the_button_away(page: Client, cast: Cast, mina: Account, bank: Bank) -> None:
    assert "Pay out now" in page.get("/earnings/").content.decode()

    bank.sandbox.control.change_bank(account=mina.stripe_account_id)
    bank.settle_down()

    shown = page.get("/earnings/").content.decode()
    assert "because of another bank account" in shown
    assert "Pay out now" not in shown
    assert page.post("/earnings/payout/").status_code == 409
    told = Notice.objects.get(user=cast.mina, kind="payout.paused")
    assert "another bank account" in told.text


@pytest.mark.parametrize("name", logins.CHANGES)
def test_every_change_of_a_login_is_listened_to(name: str) -> None:
    assert f"campaigns.logins.{name}" in [key[0] for key, *_ in logins.CHANGES[name].receivers]


def test_a_changed_login_pauses_the_creators_payouts(cast: Cast, mina: Account) -> None:
    logins.on_change(user=cast.mina)

    mina.refresh_from_db()
    assert mina.payouts_paused_for == PauseReason.LOGIN
    assert "because of a changed login" in Notice.objects.get(user=cast.mina, kind="payout.paused").text


def test_a_changed_password_is_such_a_login(cast: Cast, mina: Account) -> None:
    person = cast.mina
    person.set_password("an-old-password-9")
    person.save()
    client = browser(person)
    client.force_login(person)

    words = {"oldpassword": "an-old-password-9", "password1": "a-new-password-7", "password2": "a-new-password-7"}
    client.post("/accounts/password/change/", words)

    mina.refresh_from_db()
    assert mina.is_paused


def test_a_login_of_somebody_who_is_not_paid_concerns_nobody(cast: Cast, mina: Account) -> None:
    logins.on_change(user=cast.owner)

    mina.refresh_from_db()
    assert not mina.is_paused


def test_a_failed_payout_is_told_with_the_next_step(page: Client, cast: Cast, mina: Account, bank: Bank) -> None:
    payout = bank.paid_out(mina)

    bank.sandbox.control.fail_payout(payout=payout.stripe_id, code="incorrect_account_holder_name")
    bank.settle_down()

    words = "The bank account is in another name. Check the bank account you have named."
    assert words in page.get("/earnings/").content.decode()
    assert words in Notice.objects.get(user=cast.mina, kind="payout.failed").text


def test_what_stripe_asks_for_is_said_in_words(cast: Cast) -> None:
    account = give_account(Creator.objects.get(pk=cast.mina_profile.pk))
    assert account is not None
    account.requirements = ["individual.dob.day", "individual.dob.month", "external_account"]
    account.save()

    shown = read(cast.mina, "/earnings/")

    assert shown.count("Your date of birth") == 1
    assert "The bank account that your money goes to" in shown
    assert "individual.dob" not in shown


def test_the_minimum_is_changed_within_its_bounds(page: Client, mina: Account) -> None:
    saved = page.post("/earnings/minimum/", {"minimum": "120"}, follow=True)
    mina.refresh_from_db()
    kept = mina.payout_minimum
    refused = page.post("/earnings/minimum/", {"minimum": "9.99"})

    assert "paid out by itself from €120.00 on" in saved.content.decode()
    assert kept == Money(120_00, "EUR")
    assert refused.status_code == 400
    assert "Choose between €10.00 and €1,000.00." in refused.content.decode()


def test_a_pause_that_is_over_is_not_shown(cast: Cast, mina: Account) -> None:
    Account.objects.filter(pk=mina.pk).update(
        payouts_paused_until=timezone.now() - timedelta(minutes=1), payouts_paused_for=PauseReason.BANK
    )

    assert "Payouts wait until" not in read(cast.mina, "/earnings/")


def test_the_api_says_and_does_the_same(page: Client, cast: Cast, mina: Account, bank: Bank) -> None:
    url = "/api/v1/me/earnings/"

    quotes = page.get(url + "quotes/").json()
    raised = page.post(url + "minimum/", {"minimum_minor": 75_00}, content_type="application/json").json()
    made = page.post(url + "pay_out/", {"method": "instant", "fee_minor": 99}, content_type="application/json").json()
    bank.settle_down()
    listed = page.get(url + "payouts/").json()["results"]

    assert [(one["method"], one["fee"]["minor"], one["bank"]) for one in quotes] == [
        ("standard", 0, "SANDBOX TEST BANK ····6789"),
        ("instant", 99, "SANDBOX TEST BANK ····6789"),
    ]
    assert raised["minimum"]["minor"] == 75_00
    assert (made["method"], made["amount"]["minor"], made["problem"]) == ("instant", 99_01, None)
    assert listed[0]["state"] == PayoutState.ON_ITS_WAY
