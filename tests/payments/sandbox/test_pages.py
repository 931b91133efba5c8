"""The hosted pages, used as a browser without JavaScript would."""

import re

import pytest
import requests
import stripe

from payments.sandbox.server import Sandbox
from tests.payments.sandbox.acts import CANCEL, open_account, open_session

WHO = {"email": "ada@oat.test", "name": "Ada"}


def send(url: str, **fields: str) -> requests.Response:
    return requests.post(url, data=fields, timeout=5, allow_redirects=False)


def look(url: str) -> requests.Response:
    return requests.get(url, timeout=5, allow_redirects=False)


def test_the_page_says_what_is_paid_and_that_it_is_not_real(api: stripe.StripeClient) -> None:
    page = look(open_session(api, 124_000, "eur").url)

    assert page.status_code == 200
    assert "Sandbox, no real money" in page.text
    assert "€1,240.00" in page.text
    assert "Reel about bread" in page.text
    assert CANCEL in page.text


def test_paying_leads_back_to_the_site(api: stripe.StripeClient) -> None:
    session = open_session(api)

    answer = send(session.url, method="card", **WHO)

    seen = api.v1.checkout.sessions.retrieve(session.id).to_dict()
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"http://site.test/paid?session={session.id}"
    assert seen["payment_status"] == "paid"
    assert (seen["customer_details"]["email"], seen["customer_details"]["name"]) == ("ada@oat.test", "Ada")


def test_a_declined_card_may_try_again(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    session = open_session(api)

    answer = send(session.url, method="declined", **WHO)
    page = look(sandbox.url + answer.headers["Location"])

    assert 'role="alert"' in page.text
    assert "Your card was declined." in page.text
    assert send(session.url, method="card", **WHO).headers["Location"].startswith("http://site.test/paid")


@pytest.mark.parametrize(("answer", "ends"), [("yes", "paid"), ("no", "unpaid")])
def test_the_bank_asks(api: stripe.StripeClient, sandbox: Sandbox, answer: str, ends: str) -> None:
    session = open_session(api)
    asked = send(session.url, method="challenge", **WHO)
    page = look(sandbox.url + asked.headers["Location"])
    assert "Is this you?" in page.text

    send(sandbox.url + asked.headers["Location"], answer=answer)

    assert api.v1.checkout.sessions.retrieve(session.id).payment_status == ends


def test_a_second_tab_does_not_pay_twice(api: stripe.StripeClient) -> None:
    session = open_session(api)
    send(session.url, method="card", **WHO)

    second = send(session.url, method="card", **WHO)

    assert "Already paid" in second.text
    assert len(api.v1.charges.list().data) == 1


def test_an_expired_checkout_leads_back(api: stripe.StripeClient) -> None:
    session = open_session(api)
    api.v1.checkout.sessions.expire(session.id)

    page = send(session.url, method="card", **WHO)

    assert "has expired" in page.text
    assert CANCEL in page.text
    assert api.v1.charges.list().data == []


def test_a_way_to_pay_that_is_not_offered_pays_nothing(api: stripe.StripeClient) -> None:
    session = open_session(api, allowed_payment_method_types=["card"])

    for method in ("debit", "gold", ""):
        send(session.url, method=method, **WHO)

    assert api.v1.charges.list().data == []


def test_onboarding_opens_the_account(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox, ready=False)
    link = api.v1.account_links.create({
        "account": account, "type": "account_onboarding",
        "refresh_url": "http://site.test/again", "return_url": "http://site.test/done",
    })  # fmt: skip
    assert "Set up your payouts" in look(link.url).text

    answer = send(link.url, do="finish", first_name="Lena", last_name="B", bank="works", agree="yes")

    seen = api.v1.accounts.retrieve(account).to_dict()
    assert answer.headers["Location"] == "http://site.test/done"
    assert seen["payouts_enabled"]
    assert seen["external_accounts"]["data"][0]["account_holder_name"] == "Lena B"
    assert look(link.url).headers["Location"] == "http://site.test/again"


def test_onboarding_can_wait(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox, ready=False)
    link = api.v1.account_links.create({
        "account": account, "type": "account_onboarding",
        "refresh_url": "http://site.test/again", "return_url": "http://site.test/done",
    })  # fmt: skip

    assert send(link.url, do="later").headers["Location"] == "http://site.test/done"

    assert not api.v1.accounts.retrieve(account).payouts_enabled


def test_an_old_link_leads_to_a_new_one(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox, ready=False)
    link = api.v1.account_links.create({
        "account": account, "type": "account_onboarding",
        "refresh_url": "http://site.test/again", "return_url": "http://site.test/done",
    })  # fmt: skip
    sandbox.control.advance(seconds=301)

    assert look(link.url).headers["Location"] == "http://site.test/again"


@pytest.mark.parametrize("path", ["/nothing", "/c/pay/cs_test_none", "/setup/acct_1/x", "/receipts/ch_x", "/c/pay/%00"])
def test_what_is_not_there_is_a_friendly_404(sandbox: Sandbox, path: str) -> None:
    page = look(sandbox.url + path)

    assert page.status_code == 404
    assert "<h1>" in page.text


def test_what_people_wrote_is_escaped(api: stripe.StripeClient) -> None:
    evil = "<script>alert(1)</script>"
    session = open_session(api, customer_email="a@b.test", line_items=[
        {"quantity": 1, "price_data": {"currency": "usd", "unit_amount": 100, "product_data": {"name": evil}}}
    ])  # fmt: skip

    page = look(session.url)

    assert evil not in page.text
    assert "&lt;script&gt;" in page.text


def test_the_policy_allows_nothing_but_our_styles_and_the_way_back(api: stripe.StripeClient) -> None:
    page = look(open_session(api).url)

    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert policy.endswith("form-action 'self' http://site.test")
    assert "script" not in policy
    assert not re.search(r"<script|style=|onclick", page.text)


def test_every_field_has_a_label(api: stripe.StripeClient) -> None:
    text = look(open_session(api).url).text

    for field in re.findall(r'<input id="(\w+)"', text):
        assert f'for="{field}"' in text
    assert '<html lang="en">' in text
    assert text.count("<h1") == 1
