"""Our routes are Stripe's routes, and our parameters are Stripe's: both read from the library's own source."""

import ast
import os
import re
from functools import lru_cache
from typing import Any

import pytest
import stripe

from payments.gateway import API_VERSION, KINDS
from payments.sandbox.params import Kind, library_folder, schema
from payments.sandbox.resources import ROUTES
from payments.sandbox.routes import Route
from payments.sandbox.server import Sandbox
from tests.payments.expanding import dead_ends
from tests.payments.sandbox.acts import open_session
from tests.payments.shapes import check_object, misspelt

METHODS = 648
# Two of them (detaching and deleting a customer's source) ask at the same address.
ADDRESSES = 647


@lru_cache
def services() -> list[tuple[tuple[str, str], str]]:
    """((method, path), parameter class) of every method of every service of the library."""
    found: list[tuple[tuple[str, str], str]] = []
    for source in library_folder().rglob("*_service.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.FunctionDef):
                found += _route(node).items()
    return found


def _route(function: ast.FunctionDef) -> dict[tuple[str, str], str]:
    params = [arg for arg in function.args.args if arg.arg == "params" and arg.annotation]
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
    asks = [call for call in calls if getattr(call.func, "attr", "") == "_request"]
    if not asks:
        return {}
    method, path = asks[0].args[:2]
    template = path if isinstance(path, ast.Constant) else getattr(getattr(path, "func", None), "value", path)
    if not isinstance(template, ast.Constant) or not isinstance(method, ast.Constant):
        return {}
    named = re.findall(r"\w+Params", ast.unparse(params[0].annotation)) if params and params[0].annotation else []
    return {(str(method.value).upper(), _bare(str(template.value))): named[0] if named else ""}


def _bare(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


def _class_of(route: Route) -> str:
    return "".join(part.capitalize() for part in route.reference.rpartition("/")[2].split("_")) + "Params"


def test_the_library_was_read_whole() -> None:
    addresses = dict(services())

    assert (len(services()), len(addresses)) == (METHODS, ADDRESSES)
    assert addresses["POST", "/v1/transfers"] == "TransferCreateParams"


def test_every_parameter_of_every_route_is_understood() -> None:
    folder = library_folder() / "params"
    files = [str(path.relative_to(folder)) for path in folder.rglob("_*_params.py")]
    unclear = [name for name in files if "v2/" not in name and "any" in kinds(schema(_reference(name)))]

    assert len(files) >= METHODS
    assert unclear == ["_file_create_params.py"]  # a file has no type of its own


def kinds(kind: Kind) -> set[str]:
    inner = [*kind.inner, *(one for _, _, one in kind.fields)]
    return {kind.name}.union(*(kinds(one) for one in inner))


def _reference(name: str) -> str:
    folder, _, file = name.removesuffix("_params.py").rpartition("/")
    return f"{folder}/{file[1:]}" if folder else file[1:]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_is_one_of_stripes_with_its_own_parameters(route: Route) -> None:
    assert dict(services())[route.method, _bare(route.path)] == _class_of(route)
    assert schema(route.reference).name == "hash"


def test_the_double_knows_every_act_of_the_gateway() -> None:
    ours = {(route.method, _bare(route.path)) for route in ROUTES}
    tables = {"balance": "/v1/balance"}
    for service, method, takes_id in KINDS.values():
        path = tables.get(service, "/v1/" + service.replace(".", "/"))
        if service == "transfers.reversals":
            path = "/v1/transfers/{}/reversals"
        elif takes_id:
            path += "/{}/expire" if method == "expire" else "/{}"
        verb = "POST" if method in {"create", "update", "expire"} else "GET"
        assert (verb, path) in ours, (service, method)


BALANCE: dict[str, Any] = {"object": "balance", "available": [], "livemode": False, "pending": []}


@pytest.mark.parametrize(
    ("thing", "complaint"),
    [
        ({"object": "balance"}, "missing field available"),
        (
            {"object": "account_link", "created": 1, "expires_at": 1, "url": "u", "surprise": 1},
            "unknown field surprise",
        ),
        ({"object": "account_link", "created": "1", "expires_at": 1, "url": "u"}, "is not int"),
        ({"object": "account_link", "created": True, "expires_at": 1, "url": "u"}, "is not int"),
        ({"object": "unicorn"}, "no object 'unicorn'"),
        ({**BALANCE, "available": [{"amount": 1}]}, "missing field currency"),
        ({**BALANCE, "available": [{"amount": 1, "currency": "eur", "source_types": {"card": "1"}}]}, "is not int"),
        ({"object": "list", "data": []}, "fields"),
        (
            {"object": "capability", "id": "transfers", "account": BALANCE, "requested": True, "status": "active"},
            "is not Account",
        ),
        (
            {"object": "capability", "id": "transfers", "account": "acct_1", "requested": True, "status": "lazy"},
            "is not a choice",
        ),
        (
            {
                "object": "event",
                "id": "evt_1",
                "created": 1,
                "livemode": False,
                "pending_webhooks": 1,
                "type": "charge.exploded",
                "data": {"object": BALANCE},
            },
            "'charge.exploded' is not a choice",
        ),
    ],
)
def test_the_check_of_answers_can_fail(thing: dict[str, Any], complaint: str) -> None:
    assert complaint in " ".join(check_object(thing, "here"))


@pytest.mark.parametrize(
    ("path", "ends"),
    [
        ("latest_charge.balance_transaction", []),
        ("latest_charge", []),
        ("latest_charge.amount", ["here: latest_charge.amount cannot be expanded"]),
        ("latest_charge.unicorn", ["here: latest_charge.unicorn cannot be expanded"]),
        ("status", ["here: status cannot be expanded"]),
    ],
)
def test_only_what_the_library_calls_expandable_is_expanded(path: str, ends: list[str]) -> None:
    assert dead_ends({"object": "payment_intent"}, [path], "here") == ends
    listed = dead_ends({"object": "list", "data": [{"object": "payment_intent"}]}, [f"data.{path}", path], "here")
    assert len(listed) == len(ends) + 1


@pytest.mark.parametrize(
    ("ask", "complaint"),
    [
        (lambda api: api.v1.customers.create({"nmae": "Bo"}), "Received unknown parameter: nmae"),
        (lambda api: api.v1.refunds.create({"reason": "because", "charge": "ch_1"}), "Invalid reason"),
        (lambda api: api.v1.customers.list({"limit": "many"}), "Invalid integer"),
        (lambda api: api.v1.payouts.create({"amount": 1}), "Missing required param: currency"),
        (lambda api: api.v1.plans.list(), "Unrecognized request URL"),
    ],
)
def test_the_check_of_requests_can_fail(api: stripe.StripeClient, sandbox: Sandbox, ask: Any, complaint: str) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        ask(api)

    assert complaint in " ".join(misspelt(sandbox))


def test_a_misspelt_request_is_found_even_when_its_answer_was_lost(api: stripe.StripeClient, sandbox: Sandbox) -> None:
    sandbox.control.fault(route="POST /v1/customers", kind="cut")
    misspelled: Any = {"nmae": "Bo"}
    with pytest.raises(stripe.APIConnectionError):
        api.v1.customers.create(misspelled)

    assert misspelt(sandbox) == ["POST /v1/customers: Received unknown parameter: nmae"]


def test_stripes_own_test_mode_answers_with_the_same_fields(api: stripe.StripeClient) -> None:
    key = os.environ.get("STRIPE_TEST_KEY", "")
    if not key.startswith("sk_test_"):
        pytest.skip("STRIPE_TEST_KEY is not set, so Stripe's own test mode was not asked")
    theirs = stripe.StripeClient(key, stripe_version=API_VERSION, max_network_retries=2)

    for make in (lambda client: client.v1.customers.create({"name": "Bo"}), open_session):
        ours = set(make(api).to_dict())
        assert ours - set(make(theirs).to_dict()) == set()
