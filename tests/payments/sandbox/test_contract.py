"""Our routes are Stripe's routes, and our parameters are Stripe's: both read from the library's own source."""

import ast
import os
import re
from functools import lru_cache
from typing import Any

import pytest
import stripe

from payments.gateway import API_VERSION, KINDS
from payments.sandbox.params import library_folder, schema
from payments.sandbox.resources import ROUTES
from payments.sandbox.routes import Route
from tests.payments.sandbox.acts import open_session
from tests.payments.shapes import check_object


@lru_cache
def services() -> dict[tuple[str, str], str]:
    """(method, path) → parameter class, for every method of every service of the library."""
    found: dict[tuple[str, str], str] = {}
    for source in library_folder().rglob("*_service.py"):
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.FunctionDef):
                found |= _route(node)
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


def test_the_library_was_read() -> None:
    assert len(services()) >= 600
    assert services()["POST", "/v1/transfers"] == "TransferCreateParams"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_is_one_of_stripes_with_its_own_parameters(route: Route) -> None:
    assert services()[route.method, _bare(route.path)] == _class_of(route)
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
    ],
)
def test_the_check_of_answers_can_fail(thing: dict[str, Any], complaint: str) -> None:
    assert complaint in " ".join(check_object(thing, "here"))


def test_stripes_own_test_mode_answers_with_the_same_fields(api: stripe.StripeClient) -> None:
    key = os.environ.get("STRIPE_TEST_KEY", "")
    if not key.startswith("sk_test_"):
        pytest.skip("STRIPE_TEST_KEY is not set, so Stripe's own test mode was not asked")
    theirs = stripe.StripeClient(key, stripe_version=API_VERSION, max_network_retries=2)

    for make in (lambda client: client.v1.customers.create({"name": "Bo"}), open_session):
        ours = set(make(api).to_dict())
        assert ours - set(make(theirs).to_dict()) == set()
