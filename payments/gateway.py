"""The only door to Stripe: plain dictionaries in, one of four outcomes out.

``call("transfer.create", params, key="op_…")`` sends the parameters as they are and never raises for anything
Stripe or the network does; it returns

* ``Success``  2xx: ``data`` is Stripe's object as a plain dict;
* ``Refused``  400, 402 or 404 with a reason: it did not happen, and the same request will never succeed;
* ``Unknown``  timeout, connection, 429, 409, 5xx: it may have happened; ask again with the *same* key;
* ``Ours``     401, 403, reused key, a key of the other mode, bad configuration: a person has to look.

``KINDS`` lists the acts. For acts on an existing object its id travels in ``params["id"]``.
"""

import json
import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from marketplace.kit.errors import Invalid

API_VERSION = "2026-10-28.endive"
TIMEOUT_SECONDS: float = 20
QUICK_SECONDS: float = 4
NETWORK_RETRIES = 2
TOLERANCE_SECONDS = 300
LONGEST_LISTING = 1_000
# Stripe's sentence when an id is of the other mode. Its code, resource_missing, is that of what does not exist at all.
_OTHER_MODE = re.compile(r"a similar object exists in (?:live|test) mode")

stripe.enable_telemetry = False


@dataclass(frozen=True, slots=True)
class Success:
    """Stripe did it. ``replayed`` says it had done so before, under the same key."""

    data: dict[str, Any]
    request_id: str = ""
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Stripe said no for good. ``code`` is Stripe's (a card's decline code); ``message`` its sentence."""

    code: str
    message: str
    status: int = 400
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer that can be trusted. Never treat it as a failure.

    ``replayed`` says that Stripe keeps this very answer under the key, and will give no other.
    """

    reason: str
    status: int | None = None
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Ours:
    """The fault is on our side: key, permission, reused idempotency key, configuration."""

    reason: str
    status: int | None = None


Outcome = Success | Refused | Unknown | Ours

# kind → (service of the library, its method, whether the method takes an id first)
KINDS: dict[str, tuple[str, str, bool]] = {
    "account.create": ("accounts", "create", False),
    "account.retrieve": ("accounts", "retrieve", True),
    "account.update": ("accounts", "update", True),
    "account.list": ("accounts", "list", False),
    "account_link.create": ("account_links", "create", False),
    "application_fee.retrieve": ("application_fees", "retrieve", True),
    "balance.retrieve": ("balance", "retrieve", False),
    "balance_transaction.retrieve": ("balance_transactions", "retrieve", True),
    "balance_transaction.list": ("balance_transactions", "list", False),
    "charge.retrieve": ("charges", "retrieve", True),
    "charge.list": ("charges", "list", False),
    "checkout_session.create": ("checkout.sessions", "create", False),
    "checkout_session.retrieve": ("checkout.sessions", "retrieve", True),
    "checkout_session.expire": ("checkout.sessions", "expire", True),
    "checkout_session.list": ("checkout.sessions", "list", False),
    "customer.create": ("customers", "create", False),
    "customer.retrieve": ("customers", "retrieve", True),
    "customer.list": ("customers", "list", False),
    "dispute.retrieve": ("disputes", "retrieve", True),
    "dispute.list": ("disputes", "list", False),
    "dispute.update": ("disputes", "update", True),
    "event.retrieve": ("events", "retrieve", True),
    "event.list": ("events", "list", False),
    "payment_intent.retrieve": ("payment_intents", "retrieve", True),
    "payment_intent.list": ("payment_intents", "list", False),
    "payout.create": ("payouts", "create", False),
    "payout.retrieve": ("payouts", "retrieve", True),
    "payout.list": ("payouts", "list", False),
    "refund.create": ("refunds", "create", False),
    "refund.retrieve": ("refunds", "retrieve", True),
    "refund.list": ("refunds", "list", False),
    "transfer.create": ("transfers", "create", False),
    "transfer.retrieve": ("transfers", "retrieve", True),
    "transfer.list": ("transfers", "list", False),
    "transfer_reversal.create": ("transfers.reversals", "create", True),
    "transfer_reversal.list": ("transfers.reversals", "list", True),
}

# To find what an act made, list these, narrowed by the parameters that the act and the list share.
_FOUND_BY: dict[str, tuple[str, ...]] = {
    "account.create": (),
    "checkout_session.create": ("customer",),
    "customer.create": ("email",),
    "payout.create": (),
    "refund.create": ("payment_intent", "charge"),
    "transfer.create": ("transfer_group", "destination"),
    "transfer_reversal.create": ("id",),
}


def call(
    kind: str, params: Mapping[str, Any], *, key: str | None, account: str | None = None, patient: bool = True
) -> Outcome:
    """Do one thing at Stripe.

    ``kind`` is in KINDS. ``params`` are Stripe's own (id of the object under ``"id"``). ``key`` is the
    idempotency key: every writing kind needs one, reading kinds pass ``None``. ``account`` acts as that
    connected account.
    """
    service, method, takes_id = KINDS[kind]
    if key is None and method in {"create", "update", "expire"}:
        raise ValueError(f"{kind} writes, so it needs an idempotency key")
    rest = {name: value for name, value in params.items() if not (takes_id and name == "id")}
    options = {"idempotency_key": key, "stripe_account": account}
    try:
        act = _act(service, method, patient=patient)
        answer = act(*([params["id"]] if takes_id else []), params=rest, options=options)
    except ImproperlyConfigured as error:
        return Ours(str(error))
    except stripe.StripeError as error:
        return _outcome(error)
    response = answer.last_response
    return Success(
        data=answer.to_dict(for_json=True),
        request_id=response.request_id or "",
        replayed=response.headers.get("Idempotent-Replayed") == "true",
    )


def look_up(kind: str, params: Mapping[str, Any], *, op_id: str, account: str | None = None) -> Outcome:
    """Did the act ``kind`` with these ``params`` happen? Lists, looking for ``metadata.op_id``.

    Success carries the object; Refused("not_found") means Stripe has none; Unknown that nobody answered.
    """
    for page in _pages(kind, params, account, {}):
        if not isinstance(page, Success):
            return page
        for thing in page.data["data"]:
            if (thing.get("metadata") or {}).get("op_id") == op_id:
                return Success(thing, page.request_id, replayed=True)
    return Refused("not_found", f"Stripe has nothing marked {op_id}.", status=404)


def things_like(
    kind: str, params: Mapping[str, Any], *, since: int | None = None, account: str | None = None, patient: bool = True
) -> Outcome:
    """Everything at Stripe that stands where the act ``kind`` with these ``params`` would: Success with ``data``.

    ``since`` leaves out what is older than that second.
    """
    things: list[dict[str, Any]] = []
    request_id = ""
    more = {} if since is None else {"created": {"gte": since}}
    for page in _pages(kind, params, account, more, patient=patient):
        if not isinstance(page, Success):
            return page
        request_id = page.request_id
        things += page.data["data"]
    return Success({"data": things}, request_id)


def is_live() -> bool:
    """Our key moves real money."""
    return "_live_" in settings.STRIPE_SECRET_KEY


def verify_event(raw: bytes, signature: str, *, secret: str) -> dict[str, Any]:
    """The event in this webhook body, once its signature and its time (±300 s) are proven. Raises Invalid."""
    try:
        stripe.WebhookSignature.verify_header(raw, signature, secret, TOLERANCE_SECONDS)
        signed_at = int(next(part[2:] for part in signature.split(",") if part.startswith("t=")))
        event = json.loads(raw)
    except (stripe.SignatureVerificationError, ValueError, RecursionError) as error:
        raise Invalid("bad_signature", "This message does not carry a valid Stripe signature.") from error
    if signed_at > time.time() + TOLERANCE_SECONDS:  # the library accepts any future
        raise Invalid("bad_signature", "This message is dated in the future.")
    if not isinstance(event, dict) or event.get("object") != "event":
        raise Invalid("not_an_event", "This message is signed, but it is not an event.")
    return event


def _pages(
    kind: str, params: Mapping[str, Any], account: str | None, more: Mapping[str, Any], *, patient: bool = True
) -> Iterator[Outcome]:
    """The list of what this kind of act makes, narrowed by what the act and the list share."""
    listing = kind.rpartition(".")[0] + ".list"
    narrowed = {name: params[name] for name in _FOUND_BY[kind] if params.get(name)} | dict(more)
    after: dict[str, Any] = {}
    for _ in range(LONGEST_LISTING):
        page = call(listing, {**narrowed, "limit": 100, **after}, key=None, account=account, patient=patient)
        yield page
        if not isinstance(page, Success) or not page.data["has_more"]:
            return
        after = {"starting_after": page.data["data"][-1]["id"]}
    yield Unknown(f"{listing} did not end after {LONGEST_LISTING} pages")


def _outcome(error: stripe.StripeError) -> Outcome:
    status = error.http_status
    message = error.user_message or type(error).__name__
    if isinstance(error, stripe.IdempotencyError | stripe.AuthenticationError | stripe.PermissionError):
        return Ours(message, status)
    if _OTHER_MODE.search(message):  # it exists, and our key is the wrong one: nobody has refused anything
        return Ours(message, status)
    if isinstance(error, stripe.InvalidRequestError | stripe.CardError) and status in {400, 402, 404}:
        body = error.json_body if isinstance(error.json_body, dict) else {}
        reason: dict[str, Any] = body.get("error") or {}
        return Refused(reason.get("decline_code") or error.code or reason.get("type", ""), message, status, reason)
    replayed = (error.headers or {}).get("Idempotent-Replayed") == "true"
    return Unknown(f"{type(error).__name__}: {message}", status, replayed)


def _act(service: str, method: str, *, patient: bool) -> Any:
    timeout, retries = (TIMEOUT_SECONDS, NETWORK_RETRIES) if patient else (QUICK_SECONDS, 0)
    thing: Any = _client(
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE, retries, timeout, refuse_live=settings.DEBUG
    ).v1
    for name in (*service.split("."), method):
        thing = getattr(thing, name)
    return thing


@lru_cache(maxsize=4)
def _client(
    key: str, base: str, retries: int, timeout: float = TIMEOUT_SECONDS, *, refuse_live: bool
) -> stripe.StripeClient:
    live = "_live_" in key
    if base and not key.startswith("sk_test_"):
        raise ImproperlyConfigured("STRIPE_API_BASE points to a sandbox, which takes sk_test_ keys only.")
    if live and refuse_live:
        raise ImproperlyConfigured("A live Stripe key is set while DEBUG is on.")
    if not key:
        raise ImproperlyConfigured("STRIPE_SECRET_KEY is not set.")
    bases = {"api": base, "connect": base, "files": base, "meter_events": base} if base else None
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=timeout),
        base_addresses=bases,  # type: ignore[arg-type]  # the library does not export its type
    )


# A connection shared with a forked parent would mix answers.
os.register_at_fork(after_in_child=_client.cache_clear)
