"""News on its way: signed, to the right endpoint, tried again, and troubled on request."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import stripe

from payments.gateway import verify_event
from payments.sandbox.server import Sandbox, start_in_thread
from payments.sandbox.webhooks import post_to, waiting
from payments.sandbox.world import Config
from tests.payments.conftest import Letters
from tests.payments.sandbox.acts import open_account, pay, transfer


def kinds(letters: Letters) -> list[str]:
    return [json.loads(body)["type"] for _, body, _ in letters]


def test_news_arrives_signed_at_its_own_endpoint(api: stripe.StripeClient, sandbox: Sandbox, letters: Letters) -> None:
    api.v1.customers.create({"name": "Bo"})
    account = open_account(api, sandbox)

    sandbox.deliver()

    customer, capability, *_ = letters
    assert (customer[0], capability[0]) == ("platform", "connect")
    assert verify_event(customer[1], customer[2], secret="whsec_platform")["type"] == "customer.created"
    assert verify_event(capability[1], capability[2], secret="whsec_connect")["account"] == account
    assert waiting(sandbox.engine.world.store) == 0


def test_an_event_remembers_the_request(api: stripe.StripeClient, sandbox: Sandbox, letters: Letters) -> None:
    made = api.v1.customers.create({"name": "Bo"}, {"idempotency_key": "op_1"})

    sandbox.deliver()

    event = json.loads(letters[0][1])
    assert made.last_response is not None
    assert event["request"] == {"id": made.last_response.request_id, "idempotency_key": "op_1"}
    assert event["data"]["object"]["id"] == made.id


def test_held_news_waits(api: stripe.StripeClient, sandbox: Sandbox, letters: Letters) -> None:
    sandbox.control.set_webhooks(hold=True)
    api.v1.customers.create({"name": "Bo"})
    sandbox.deliver()
    assert letters == []

    sandbox.control.set_webhooks(hold=False)
    sandbox.deliver()

    assert kinds(letters) == ["customer.created"]


def test_dropped_news_never_comes_but_can_be_read(api: stripe.StripeClient, sandbox: Sandbox, letters: Letters) -> None:
    sandbox.control.set_webhooks(drop=True)
    api.v1.customers.create({"name": "Bo"})
    sandbox.deliver()
    sandbox.control.set_webhooks(drop=False)
    sandbox.deliver()
    assert letters == []

    event = api.v1.events.list().data[0]
    sandbox.control.resend(event=event.id)
    sandbox.deliver()

    assert json.loads(letters[0][1])["id"] == event.id


def test_duplicates_and_disorder_come_on_request(api: stripe.StripeClient, sandbox: Sandbox, letters: Letters) -> None:
    sandbox.control.set_webhooks(duplicate=1, shuffle=True)
    pay(api, sandbox)

    sandbox.deliver()

    happened = [event.type for event in api.v1.events.list().data][::-1]
    assert sorted(kinds(letters)) == sorted(happened * 2)
    assert kinds(letters)[::2] != happened


def test_a_site_that_is_down_is_tried_again(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    assert sandbox.courier is not None
    sandbox.courier.post = lambda endpoint, body, signature: 503
    api.v1.customers.create({"name": "Bo"})

    assert sandbox.deliver() == 1
    assert sandbox.deliver() == 0
    assert sandbox.control.retry_webhooks() == 1
    sandbox.courier.post = lambda endpoint, body, signature: 200
    assert sandbox.deliver() == 1

    assert waiting(sandbox.engine.world.store) == 0


def test_an_endpoint_of_another_version_gets_its_label(
    api: stripe.StripeClient, sandbox: Sandbox, letters: Letters
) -> None:
    sandbox.control.set_webhooks(api_version="2019-02-19")
    api.v1.customers.create({"name": "Bo"})

    sandbox.deliver()

    assert json.loads(letters[0][1])["api_version"] == "2019-02-19"
    with pytest.raises(ValueError, match="No such switch"):
        sandbox.control.set_webhooks(apiversion="2019-02-19")


def test_events_tell_whether_they_arrived(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    arrived = api.v1.customers.create({"name": "Bo"}).id
    sandbox.deliver()
    waits = api.v1.customers.create({"name": "Jo"}).id

    for success, customer in ((True, arrived), (False, waits)):
        found = api.v1.events.list({"delivery_success": success}).data
        assert [event.data.object["id"] for event in found] == [customer]


def test_events_are_remembered_for_thirty_days(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    api.v1.customers.create({"name": "Bo"})
    sandbox.control.advance(seconds=29 * 86_400)
    assert len(api.v1.events.list().data) == 1

    sandbox.control.advance(seconds=2 * 86_400)

    assert api.v1.events.list().data == []


def test_a_connected_accounts_events_are_listed_as_that_account(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    account = open_account(api, sandbox)

    theirs = api.v1.events.list({"types": ["account.updated", "capability.updated"]}, {"stripe_account": account}).data
    ours = api.v1.events.list({"type": "account.*"}).data

    assert [event.type for event in theirs] == ["account.updated", "capability.updated"]
    assert {event.account for event in theirs} == {account}
    assert ours == []
    with pytest.raises(stripe.InvalidRequestError, match="only specify one"):
        api.v1.events.list({"type": "a", "types": ["b"]})


@pytest.fixture
def site() -> Iterator[tuple[str, list[tuple[str, bytes, str]]]]:
    """A real web server that takes news, on a free port."""
    got: list[tuple[str, bytes, str]] = []

    class Site(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, body, self.headers["Stripe-Signature"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = HTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", got
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("folder", ["", "/", "/webhooks/stripe/"])
def test_a_living_double_posts_to_the_site_by_itself(
    site: tuple[str, list[tuple[str, bytes, str]]], folder: str
) -> None:
    origin, got = site
    running = start_in_thread(webhook_url=origin + folder)
    api = stripe.StripeClient("sk_test_1", base_addresses={"api": running.url})

    api.v1.customers.create({"name": "Bo"})
    deadline = time.monotonic() + 5
    while not got and time.monotonic() < deadline:
        time.sleep(0.01)

    running.stop()
    path, body, signature = got[0]
    assert path == "/webhooks/stripe/platform/"
    assert verify_event(body, signature, secret="whsec_platform")["type"] == "customer.created"


def test_a_site_that_does_not_exist_answers_nothing() -> None:
    assert post_to("http://127.0.0.1:9")("platform", b"{}", "t=1,v1=") == 0


def test_a_living_double_lets_time_pass() -> None:
    running = start_in_thread(config=Config(payout_seconds=0, settle_seconds=0))
    api = stripe.StripeClient("sk_test_1", base_addresses={"api": running.url}, max_network_retries=0)
    account = open_account(api, running)
    transfer(api, account, pay(api, running).id)
    payout = api.v1.payouts.create({"amount": 9_000, "currency": "usd"}, {"stripe_account": account})

    deadline = time.monotonic() + 5
    while payout.status == "pending" and time.monotonic() < deadline:
        payout = api.v1.payouts.retrieve(payout.id, options={"stripe_account": account})

    running.stop()
    assert payout.status == "paid"
