"""What a request must look like: keys, versions, parameters, lists, expansion."""

from typing import Any

import pytest
import requests
import stripe

from payments.sandbox.params import check, library_api_version, schema
from payments.sandbox.server import Sandbox
from payments.sandbox.wire import nest
from tests.payments.sandbox.acts import open_account, open_session, pay

AUTH = {"Authorization": "Bearer sk_test_of_the_tests"}


@pytest.mark.parametrize("key", ["sk_live_1", "rk_live_1", "pk_test_1", "nonsense"])
def test_only_secret_test_keys_are_taken(sandbox: Sandbox, key: str) -> None:
    api = stripe.StripeClient(key, base_addresses={"api": sandbox.url})

    with pytest.raises(stripe.AuthenticationError):
        api.v1.customers.create({"name": "Bo"})

    assert sandbox.control.state()["things"] == {}


def test_without_a_key_nothing_is_told(sandbox: Sandbox) -> None:
    assert requests.get(f"{sandbox.url}/v1/balance", timeout=5).status_code == 401


def test_another_api_version_is_refused(sandbox: Sandbox) -> None:
    api = stripe.StripeClient("sk_test_1", stripe_version="2019-01-01", base_addresses={"api": sandbox.url})

    with pytest.raises(stripe.InvalidRequestError, match="version"):
        api.v1.balance.retrieve()


def test_every_answer_names_its_request(api: stripe.StripeClient) -> None:
    response = api.v1.customers.create({"name": "Bo"}).last_response

    assert response is not None
    assert response.headers["Request-Id"].startswith("req_")
    assert response.headers["Stripe-Version"] == library_api_version()


def test_an_unknown_path_says_so(sandbox: Sandbox) -> None:
    answer = requests.post(f"{sandbox.url}/v1/nonsense", headers=AUTH, timeout=5)

    assert answer.status_code == 404
    assert "Unrecognized request URL" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ("currency=usd&destination=a&foo=1", "parameter_unknown", "foo"),
        ("currency=usd&destination=a&metadata[a][b]=1", None, "metadata[a]"),
        ("destination=a&amount=1", "parameter_missing", "currency"),
        ("currency=usd&destination=a", "parameter_missing", "amount"),
        ("currency=usd&destination=a&amount=ten", "parameter_invalid_integer", "amount"),
        ("currency=usd&destination=a&amount=1.5", "parameter_invalid_integer", "amount"),
        ("currency=usd&destination=a&amount=1_000", "parameter_invalid_integer", "amount"),
        ("currency=usd&destination=a&amount=", "parameter_invalid_empty", "amount"),
        ("currency=usd&destination=a&amount[x]=1", None, "amount"),
        ("currency=usd&destination=a&source_type=gold", None, "source_type"),
        ("currency=usd&destination=a&expand=x", None, "expand"),
        ("currency=usd&destination=a&amount=1&description=%00", None, "description"),
    ],
)
def test_a_malformed_parameter_is_named(sandbox: Sandbox, body: str, code: str, param: str) -> None:
    answer = requests.post(f"{sandbox.url}/v1/transfers", data=body, headers=AUTH, timeout=5)

    assert answer.status_code == 400
    assert (answer.json()["error"].get("code"), answer.json()["error"]["param"]) == (code, param)


@pytest.mark.parametrize("body", [b"\xff\xfe", b"&&&", b"a" * 900_000, b"a[" * 50_000, b"a[b]=1&a=2", b"=" * 500])
def test_junk_is_refused_and_never_breaks_it(sandbox: Sandbox, body: bytes) -> None:
    answer = requests.post(f"{sandbox.url}/v1/customers", data=body, headers=AUTH, timeout=5)

    assert answer.status_code == 400


def test_an_enormous_body_is_refused_unread(sandbox: Sandbox) -> None:
    headers = {**AUTH, "Content-Length": "1000001"}

    answer = requests.request("POST", f"{sandbox.url}/v1/customers", headers=headers, timeout=5)

    assert answer.status_code == 413


def test_metadata_has_limits(api: stripe.StripeClient) -> None:
    for metadata in ({str(n): "x" for n in range(51)}, {"k" * 41: "x"}, {"k": "x" * 501}):
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            api.v1.customers.create({"metadata": metadata})
        assert refusal.value.param == "metadata"


def test_nested_parameters_become_trees() -> None:
    tree = nest("a[b][0][c]=1&a[b][1][c]=2&d=&e[]=x&e[]=y")

    assert tree == {"a": {"b": {"0": {"c": "1"}, "1": {"c": "2"}}}, "d": "", "e": {"0": "x", "1": "y"}}


def test_types_are_put_right() -> None:
    checked = check("event_list", nest("created[gte]=5&limit=3&types[0]=a&delivery_success=true"))

    assert checked == {"created": {"gte": 5}, "limit": 3, "types": ["a"], "delivery_success": True}


def test_a_parameter_named_like_a_python_word_is_known() -> None:
    names = [name for name, _, _ in schema("v2/money_management/payout_intent_create").fields]

    assert "from" in names


def test_a_list_is_read_page_by_page(api: stripe.StripeClient) -> None:
    made = [api.v1.customers.create({"name": str(number)}).id for number in range(7)]

    first = api.v1.customers.list({"limit": 3})
    before = api.v1.customers.list({"limit": 3, "ending_before": made[2]})

    assert (first.has_more, [one.id for one in first.data]) == (True, made[:3:-1])
    assert [one.id for one in first.auto_paging_iter()] == made[::-1]
    assert [one.id for one in before.data] == [made[5], made[4], made[3]]


@pytest.mark.parametrize("asked", [{"limit": 0}, {"limit": 101}, {"starting_after": "cus_nobody"}])
def test_a_page_that_makes_no_sense_is_refused(api: stripe.StripeClient, asked: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.customers.list(asked)


def test_events_are_narrowed_by_type_and_time(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    pay(api, sandbox)
    sandbox.control.advance(seconds=1_000)
    api.v1.customers.create({"name": "Bo"})
    now = sandbox.control.state()["now"]

    assert {e.type for e in api.v1.events.list({"type": "payment_intent.*"}).data} == {
        "payment_intent.created",
        "payment_intent.succeeded",
    }
    assert [e.type for e in api.v1.events.list({"created": {"gte": now - 10}}).data] == ["customer.created"]
    assert [e.type for e in api.v1.events.list({"types": ["charge.succeeded"]}).data] == ["charge.succeeded"]


def test_expansion_reaches_into_lists(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    pay(api, sandbox)

    listed = api.v1.payment_intents.list({"expand": ["data.latest_charge.balance_transaction"]}).to_dict()

    assert listed["data"][0]["latest_charge"]["balance_transaction"]["net"] == 9_680


@pytest.mark.parametrize("path", ["nonsense", "amount_total.x", "payment_intent.a.b.c.d", "url"])
def test_what_cannot_be_expanded_is_refused(api: stripe.StripeClient, sandbox: Sandbox, path: str) -> None:
    session = open_session(api)

    with pytest.raises(stripe.InvalidRequestError, match="expand"):
        api.v1.checkout.sessions.retrieve(session.id, {"expand": [path]})


def test_the_same_seed_gives_the_same_ids(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    assert open_account(api, sandbox) == "acct_1olB7oCs2r8DoNB3"
