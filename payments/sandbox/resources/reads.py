"""What is only ever read: balances, balance transactions, events, payment methods."""

from fnmatch import fnmatchcase

from payments.sandbox import balances, webhooks
from payments.sandbox.errors import malformed
from payments.sandbox.routes import Call, Route, page, retrieving
from payments.sandbox.store import Thing
from payments.sandbox.world import DAY

REMEMBERED = 30 * DAY


def balance(call: Call) -> Thing:
    return balances.balance(call.world, call.account)


def events(call: Call) -> Thing:
    """Events of this account and of the last 30 days, newest first, narrowed by type and by whether they arrived."""
    params, store = call.params, call.world.store
    if "type" in params and "types" in params:
        raise malformed("You may only specify one of these parameters: type, types.", "types")
    wanted = params.get("types") or [params.get("type", "*")]
    oldest = call.world.now() - REMEMBERED
    arrived = params.get("delivery_success")

    def keep(event: Thing) -> bool:
        right = event["created"] >= oldest and any(fnmatchcase(event["type"], one) for one in wanted)
        return right and arrived in {None, not webhooks.undelivered(store, event["id"])}

    return page(call, "event", keep)


def balance_transactions(call: Call) -> Thing:
    """Payout filters are refused by Stripe for manual payouts; here they just find none."""
    wanted = {n: call.params[n] for n in ("source", "type", "currency", "payout") if n in call.params}
    return page(
        call,
        "balance_transaction",
        lambda line: all(line.get(n) == v for n, v in wanted.items()),
        {n: v for n, v in wanted.items() if n == "source"},
    )


ROUTES = (
    Route("GET", "/v1/balance", "balance_retrieve", balance),
    Route("GET", "/v1/balance_transactions", "balance_transaction_list", balance_transactions),
    Route("GET", "/v1/balance_transactions/{id}", "balance_transaction_retrieve", retrieving("balance_transaction")),
    Route("GET", "/v1/events", "event_list", events),
    Route("GET", "/v1/events/{id}", "event_retrieve", retrieving("event")),
    Route("GET", "/v1/payment_methods/{payment_method}", "payment_method_retrieve", retrieving("payment_method")),
)
