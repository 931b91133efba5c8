"""Idempotency keys, as Stripe documents them."""

import threading
from typing import Any

import pytest
import stripe

from payments.sandbox.server import Sandbox
from tests.payments.sandbox.acts import open_account, pay, transfer

DAY = 86_400


def customers(api: stripe.StripeClient) -> int:
    return len(api.v1.customers.list({"limit": 100}).data)


def test_the_first_answer_is_replayed_word_for_word(api: stripe.StripeClient) -> None:
    first = api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "k"})

    again = api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "k"})

    assert again.last_response is not None
    assert first.last_response is not None
    assert again.last_response.body == first.last_response.body
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert again.last_response.headers["Original-Request"] == first.last_response.request_id
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert customers(api) == 1


def test_other_parameters_under_the_same_key_are_an_error(api: stripe.StripeClient) -> None:
    api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "k"})

    with pytest.raises(stripe.IdempotencyError) as refusal:
        api.v1.customers.create({"name": "Jo"}, {"idempotency_key": "k"})

    assert refusal.value.http_status == 400
    assert customers(api) == 1


def test_a_refusal_is_replayed_too(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox)
    asked: Any = {"amount": 100, "currency": "usd", "destination": account}
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.transfers.create(asked, {"idempotency_key": "k"})
    sandbox.control.add_funds(amount=1_000)

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        api.v1.transfers.create(asked, {"idempotency_key": "k"})

    assert refusal.value.headers is not None
    assert refusal.value.headers["Idempotent-Replayed"] == "true"
    assert api.v1.transfers.create(asked, {"idempotency_key": "k2"}).amount == 100


def test_a_request_that_failed_validation_leaves_no_trace(api: stripe.StripeClient) -> None:
    misspelt: Any = {"nmae": "Bo"}
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.customers.create(misspelt, {"idempotency_key": "k"})

    assert api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "k"}).name == "Bo"


def test_a_500_is_cached_and_keeps_coming(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.control.fault(route="POST /v1/customers", kind="500")

    for _ in range(3):
        with pytest.raises(stripe.APIError) as trouble:
            api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "k"})
        assert trouble.value.http_status == 500

    assert customers(api) == 0
    assert api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "k2"}).name == "Bo"


@pytest.mark.parametrize(("kind", "error"), [("429", stripe.RateLimitError), ("409", stripe.APIError)])
def test_busy_answers_are_not_cached(
    api: stripe.StripeClient, sandbox: Sandbox, kind: str, error: type[stripe.StripeError]
) -> None:
    sandbox.control.fault(route="POST /v1/customers", kind=kind)
    with pytest.raises(error):
        api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "k"})

    assert api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "k"}).name == "Bo"


def test_a_lost_answer_is_found_again(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.control.fault(route="POST /v1/customers", kind="cut", after=True)
    with pytest.raises(stripe.APIConnectionError):
        api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "k"})
    assert customers(api) == 1

    api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "k"})

    assert customers(api) == 1


def test_the_library_itself_heals_a_lost_answer(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.control.fault(route="POST /v1/customers", kind="cut", after=True)

    api.v1.customers.create({"name": "Bo"}, {"max_network_retries": 1})

    assert customers(api) == 1


def test_after_a_day_a_key_is_forgotten(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "k"})
    sandbox.control.advance(seconds=DAY + 1)

    api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "k"})

    assert customers(api) == 2


def test_keys_belong_to_an_account(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    accounts = [open_account(api, sandbox) for _ in range(2)]
    for account in accounts:
        transfer(api, account, pay(api, sandbox).id)
    sandbox.control.settle()

    payouts = [
        api.v1.payouts.create(
            {"amount": 100, "currency": "usd"}, {"stripe_account": account, "idempotency_key": "payout"}
        )
        for account in accounts
    ]

    assert payouts[0].id != payouts[1].id


def test_two_at_once_under_one_key_meet(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.control.fault(route="POST /v1/customers", kind="delay", seconds=0.5)
    first = threading.Thread(target=lambda: api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "k"}))
    first.start()
    while ("", "k") not in sandbox.engine.answers._busy:
        pass

    with pytest.raises(stripe.APIError) as trouble:
        api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "k"})

    first.join()
    assert (trouble.value.http_status, trouble.value.error.code) == (409, "idempotency_key_in_use")  # type: ignore[union-attr]
    assert customers(api) == 1


def test_a_key_has_a_longest_length(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="255"):
        api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "k" * 256})
