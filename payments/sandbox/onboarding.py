"""What Stripe asks of a connected account, and what changes when it is answered or goes missing again."""

from payments.sandbox.store import Thing
from payments.sandbox.world import World

CURRENCY_OF = {
    "AT": "eur", "AU": "aud", "BE": "eur", "CA": "cad", "CH": "chf", "CZ": "czk", "DE": "eur", "DK": "dkk",
    "ES": "eur", "FI": "eur", "FR": "eur", "GB": "gbp", "HU": "huf", "IE": "eur", "IT": "eur", "JP": "jpy",
    "LU": "eur", "NL": "eur", "NO": "nok", "NZ": "nzd", "PL": "pln", "PT": "eur", "RO": "ron", "SE": "sek",
    "SG": "sgd", "US": "usd",
}  # fmt: skip

FIRST_NEEDS = (
    "business_type", "external_account", "individual.address.city", "individual.address.line1",
    "individual.address.postal_code", "individual.dob.day", "individual.dob.month", "individual.dob.year",
    "individual.email", "individual.first_name", "individual.last_name", "tos_acceptance.date", "tos_acceptance.ip",
)  # fmt: skip

_DUE = "requirements.fields_needed"


def put_requirements(account: Thing, needs: tuple[str, ...], *, reason: str | None) -> None:
    """Say what is due. Nothing due means nothing is in the way."""
    empty: Thing = {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": [],
        "disabled_reason": None,
        "errors": [],
        "eventually_due": [],
        "past_due": [],
        "pending_verification": [],
    }
    lists = {name: list(needs) for name in ("currently_due", "eventually_due", "past_due")}
    account["requirements"] = {**empty, **lists, "disabled_reason": reason if needs or reason else None}
    account["future_requirements"] = empty


def complete(world: World, account: Thing, *, name: str = "", bank: str = "works") -> Thing:
    """The person has answered everything: transfers and payouts are open."""
    ready = bool(account["external_accounts"]["data"])
    if not ready:
        account["external_accounts"]["data"].append(_bank(world, account, name, bank))
    account.update(details_submitted=True, payouts_enabled=True, business_type=account["business_type"] or "individual")
    account["capabilities"] = dict.fromkeys(account["capabilities"], "active")
    account["charges_enabled"] = "card_payments" in account["capabilities"]
    account["tos_acceptance"].update(date=world.now(), ip="127.0.0.1")
    put_requirements(account, (), reason=None)
    _tell(world, account)
    if not ready:
        world.emit("account.external_account.created", account["external_accounts"]["data"][0], account["id"])
    return account


def disable(world: World, account: Thing, *, reason: str = "requirements.past_due",
            needs: tuple[str, ...] = ("individual.verification.document",)) -> Thing:  # fmt: skip
    """Stripe needs something more: transfers and payouts stop."""
    account.update(charges_enabled=False, payouts_enabled=False)
    account["capabilities"] = dict.fromkeys(account["capabilities"], "inactive")
    put_requirements(account, needs, reason=reason)
    _tell(world, account)
    return account


def _tell(world: World, account: Thing) -> None:
    world.save(account)
    for name, status in account["capabilities"].items():
        capability = {
            "id": name,
            "object": "capability",
            "account": account["id"],
            "future_requirements": account["future_requirements"],
            "requested": True,
            "requested_at": account["created"],
            "requirements": {**account["requirements"], "disabled_reason": None if status == "active" else _DUE},
            "status": status,
        }
        world.emit("capability.updated", capability, account["id"])
    world.emit("account.updated", account, account["id"])


def _bank(world: World, account: Thing, name: str, bank: str) -> Thing:
    closed = bank == "closed"
    return {
        "id": world.new_id("ba"),
        "object": "bank_account",
        "account": account["id"],
        "account_holder_name": name or None,
        "account_holder_type": "individual",
        "account_type": None,
        "available_payout_methods": ["standard", "instant"],
        "bank_name": "SANDBOX TEST BANK",
        "country": account["country"],
        "currency": account["default_currency"],
        "default_for_currency": True,
        "fingerprint": world.new_id("fp")[3:19],
        "future_requirements": None,
        "last4": "1113" if closed else "6789",
        "metadata": {},
        "requirements": None,
        "routing_number": "110000000",
        "status": "new",
        "_closed": closed,
    }
