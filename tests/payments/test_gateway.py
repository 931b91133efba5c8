"""The gateway against the double: plain dictionaries in, one of four outcomes out."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import stripe
from django.core.exceptions import ImproperlyConfigured

from marketplace.kit.errors import Invalid
from payments import gateway
from payments.gateway import Ours, Refused, Success, Unknown, call, look_up, verify_event
from payments.sandbox.server import Sandbox
from payments.sandbox.webhooks import sign

SECRET = "whsec_platform"
BODY = json.dumps({"id": "evt_1", "object": "event", "type": "charge.succeeded"}).encode()


def made(kind: str, params: dict[str, Any], key: str, account: str | None = None) -> dict[str, Any]:
    outcome = call(kind, params, key=key, account=account)
    assert isinstance(outcome, Success), outcome
    return outcome.data


def account(sandbox: Sandbox) -> str:
    params = {"country": "US", "capabilities": {"transfers": {"requested": True}}}
    account_id: str = made("account.create", params, "account")["id"]
    sandbox.control.complete_onboarding(account=account_id)
    return account_id


def test_success_carries_a_plain_dictionary(sandbox: Sandbox) -> None:
    outcome = call("customer.create", {"name": "Oat & Ember", "metadata": {"op_id": "1"}}, key="k")

    assert isinstance(outcome, Success)
    assert type(outcome.data) is dict
    assert type(outcome.data["metadata"]) is dict
    assert outcome.request_id.startswith("req_")
    assert not outcome.replayed


def test_the_same_key_replays_the_first_answer(sandbox: Sandbox) -> None:
    first = call("customer.create", {"name": "Oat & Ember"}, key="k")

    second = call("customer.create", {"name": "Oat & Ember"}, key="k")

    assert isinstance(first, Success)
    assert isinstance(second, Success)
    assert second.replayed
    assert second.data == first.data


def test_a_key_reused_for_something_else_is_ours(sandbox: Sandbox) -> None:
    made("customer.create", {"name": "Oat & Ember"}, "k")

    outcome = call("customer.create", {"name": "Strider"}, key="k")

    assert isinstance(outcome, Ours)
    assert outcome.status == 400


def test_a_refusal_carries_stripes_code_and_sentence(sandbox: Sandbox) -> None:
    params = {"amount": 9_000, "currency": "usd", "destination": account(sandbox), "transfer_group": "hold_1"}

    outcome = call("transfer.create", params, key="t")

    assert isinstance(outcome, Refused)
    assert outcome.code == "balance_insufficient"
    assert "insufficient" in outcome.message


def test_what_does_not_exist_is_refused(sandbox: Sandbox) -> None:
    outcome = call("transfer.retrieve", {"id": "tr_missing"}, key=None)

    assert outcome == Refused("resource_missing", "No such transfer: 'tr_missing'", 404, outcome.data)  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["429", "409", "500", "503", "cut"])
def test_trouble_on_the_way_is_unknown(sandbox: Sandbox, kind: str) -> None:
    sandbox.control.fault(route="POST /v1/customers", kind=kind)

    outcome = call("customer.create", {"name": "Oat & Ember"}, key="k")

    assert isinstance(outcome, Unknown)
    assert sandbox.control.state()["things"].get("customer", 0) == 0


def test_silence_is_unknown(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "TIMEOUT_SECONDS", 0.2)
    gateway._client.cache_clear()
    sandbox.control.fault(route="POST /v1/customers", kind="delay", seconds=0.6)

    outcome = call("customer.create", {"name": "Oat & Ember"}, key="k")

    gateway._client.cache_clear()
    assert isinstance(outcome, Unknown)
    assert outcome.status is None


def test_a_lost_answer_is_unknown_and_asking_again_does_not_double(sandbox: Sandbox) -> None:
    sandbox.control.add_funds(amount=9_000)
    params = {"amount": 9_000, "currency": "usd", "destination": account(sandbox), "metadata": {"op_id": "op"}}
    sandbox.control.fault(route="POST /v1/transfers", kind="cut", after=True)
    lost = call("transfer.create", params, key="t")

    again = call("transfer.create", params, key="t")

    assert isinstance(lost, Unknown)
    assert isinstance(again, Success)
    assert again.replayed
    assert sandbox.control.state()["things"]["transfer"] == 1


def test_a_replaying_500_hides_what_look_up_finds(sandbox: Sandbox) -> None:
    sandbox.control.add_funds(amount=9_000)
    params = {"amount": 9_000, "currency": "usd", "destination": account(sandbox), "transfer_group": "hold_1",
              "metadata": {"op_id": "op_7"}}  # fmt: skip
    sandbox.control.fault(route="POST /v1/transfers", kind="500", after=True)

    assert isinstance(call("transfer.create", params, key="t"), Unknown)
    assert isinstance(call("transfer.create", params, key="t"), Unknown)
    found = look_up("transfer.create", params, op_id="op_7")

    assert isinstance(found, Success)
    assert found.data["amount"] == 9_000


def test_look_up_says_when_nothing_happened(sandbox: Sandbox) -> None:
    params = {"transfer_group": "hold_1", "destination": account(sandbox)}

    assert look_up("transfer.create", params, op_id="op_7") == Refused(
        "not_found", "Stripe has nothing marked op_7.", status=404
    )


def test_look_up_reads_every_page(sandbox: Sandbox) -> None:
    for number in range(103):
        made("customer.create", {"name": "n", "metadata": {"op_id": f"op_{number}"}}, f"k{number}")

    found = look_up("customer.create", {}, op_id="op_0")

    assert isinstance(found, Success)


def test_look_up_without_an_answer_is_unknown(sandbox: Sandbox) -> None:
    sandbox.control.fault(route="GET /v1/transfers", kind="500")

    assert isinstance(look_up("transfer.create", {"transfer_group": "g"}, op_id="op"), Unknown)


def test_acting_as_an_account_that_is_not_ours_is_ours_to_mend(sandbox: Sandbox) -> None:
    outcome = call("balance.retrieve", {}, key=None, account="acct_1stranger")

    assert isinstance(outcome, Ours)
    assert outcome.status == 403


def test_a_writing_act_needs_a_key(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="idempotency key"):
        call("customer.create", {}, key=None)


def test_the_sandbox_is_never_given_a_live_key(sandbox: Sandbox, settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = "sk_live_1"

    outcome = call("balance.retrieve", {}, key=None)

    assert isinstance(outcome, Ours)
    assert sandbox.journal == []


def test_a_live_key_does_not_go_with_debug(settings: Any) -> None:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, settings.DEBUG = "sk_live_1", "", True

    assert isinstance(call("balance.retrieve", {}, key=None), Ours)


def test_no_key_at_all_is_ours(settings: Any) -> None:
    with pytest.raises(ImproperlyConfigured):
        gateway._client("", "", 0, refuse_live=False)


def test_the_pinned_version_is_the_librarys() -> None:
    assert stripe._api_version._ApiVersion.CURRENT == gateway.API_VERSION


def test_two_at_once_under_one_key_do_it_once(sandbox: Sandbox) -> None:
    sandbox.control.fault(route="POST /v1/customers", kind="delay", seconds=0.3)
    outcomes: list[gateway.Outcome] = []
    hands = [
        threading.Thread(target=lambda: outcomes.append(call("customer.create", {"name": "One"}, key="k")))
        for _ in range(2)
    ]

    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()

    assert sorted(type(outcome).__name__ for outcome in outcomes) in (["Success", "Unknown"], ["Success", "Success"])
    assert sandbox.control.state()["things"]["customer"] == 1


def test_a_signed_event_is_read() -> None:
    event = verify_event(BODY, sign(BODY, SECRET, int(time.time())), secret=SECRET)

    assert event["type"] == "charge.succeeded"


# Made when the test runs, not when it is collected: what lies in the future would have come by then.
FORGERIES: dict[str, Callable[[int], str]] = {
    "none": lambda now: "",
    "nonsense": lambda now: "nonsense",
    "empty": lambda now: "t=1,v1=",
    "no time": lambda now: "t=,v1=00",
    "forged": lambda now: f"t={now},v1={'0' * 64}",
    "other secret": lambda now: sign(BODY, "whsec_of_somebody_else", now),
    "other body": lambda now: sign(BODY + b" ", SECRET, now),
    "old": lambda now: sign(BODY, SECRET, now - 400),
    "future": lambda now: sign(BODY, SECRET, now + 400),
    "two times": lambda now: sign(BODY, SECRET, now + 400) + f",t={now}",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_or_ill_timed_event_is_refused(forgery: str) -> None:
    signature = FORGERIES[forgery](int(time.time()))

    with pytest.raises(Invalid):
        verify_event(BODY, signature, secret=SECRET)


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[]", b"{", b'{"object": "charge"}', b"[" * 100_000])
def test_a_signed_body_that_is_no_event_is_refused(body: bytes) -> None:
    signature = sign(body, SECRET, int(time.time()))

    with pytest.raises(Invalid):
        verify_event(body, signature, secret=SECRET)


def test_without_a_secret_nothing_verifies() -> None:
    with pytest.raises(Invalid):
        verify_event(BODY, sign(BODY, "", int(time.time())), secret="")
