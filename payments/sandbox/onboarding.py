"""What Stripe asks of a connected account, and what changes when it is answered or goes missing again."""

from payments.sandbox.banks import add_bank, break_bank, change_bank
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

DOCUMENT = "individual.verification.document"
_DUE = "requirements.fields_needed"
_DEADLINES = "deadlines"


def put_requirements(account: Thing, needs: tuple[str, ...], *, reason: str | None, deadline: int | None = None,
                     pending: tuple[str, ...] = ()) -> None:  # fmt: skip
    """Say what is due. Nothing due means nothing is in the way; before a deadline nothing is past due."""
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
    lists: Thing = {name: list(needs) for name in ("currently_due", "eventually_due")}
    lists |= {"past_due": [] if deadline else list(needs), "pending_verification": list(pending)}
    account["requirements"] = {**empty, **lists, "current_deadline": deadline, "disabled_reason": reason}
    account["future_requirements"] = empty


def complete(
    world: World, account: Thing, *, name: str = "", bank: str = "works", currency: str = "", pending: bool = False
) -> Thing:
    """The person has answered everything: transfers and payouts are open, or wait until a document is checked."""
    banks = account["external_accounts"]["data"]
    made = None if banks else add_bank(world, account, name=name, bank=bank, currency=currency)
    if banks and all(one["status"] == "errored" for one in banks):
        change_bank(world, account, name=name, bank=bank)
    account.update(details_submitted=True, business_type=account["business_type"] or "individual")
    account["tos_acceptance"].update(date=world.now(), ip="127.0.0.1")
    reason = "requirements.pending_verification" if pending else None
    put_requirements(account, (), reason=reason, pending=(DOCUMENT,) if pending else ())
    _open(account, "pending" if pending else "active")
    tell(world, account)
    if made:
        world.emit("account.external_account.created", made, account["id"])
    return account


def require(world: World, account: Thing, *, needs: tuple[str, ...], seconds: int) -> Thing:
    """Stripe wants something more by a deadline. Until then all goes on."""
    deadline = world.now() + seconds
    put_requirements(account, needs, reason=None, deadline=deadline)
    world.store.set_knob(_DEADLINES, {**world.store.knob(_DEADLINES, {}), account["id"]: deadline})
    tell(world, account)
    return account


def disable_due(world: World) -> None:
    """Accounts whose deadline has passed unanswered."""
    deadlines: dict[str, int] = world.store.knob(_DEADLINES, {})
    over = [account_id for account_id, at in deadlines.items() if at <= world.now()]
    for account_id in over:
        account = world.get("account", account_id)
        if account["requirements"]["current_deadline"] == deadlines.pop(account_id):
            disable(world, account, needs=tuple(account["requirements"]["currently_due"]))
    if over:
        world.store.set_knob(_DEADLINES, deadlines)


def disable(world: World, account: Thing, *, reason: str = "requirements.past_due",
            needs: tuple[str, ...] = (DOCUMENT,)) -> Thing:  # fmt: skip
    """Transfers and payouts stop: Stripe needs something more, looks closer, or has rejected the account."""
    account.update(charges_enabled=False, payouts_enabled=False)
    account["capabilities"] = dict.fromkeys(account["capabilities"], "inactive")
    put_requirements(account, needs if reason.startswith("requirements.") else (), reason=reason)
    tell(world, account)
    return account


def stop_payouts(world: World, account: Thing, bank_id: str) -> None:
    """A payout came back from the bank: no other leaves before there is another bank account."""
    break_bank(world, account, bank_id)
    account["payouts_enabled"] = False
    put_requirements(account, ("external_account",), reason="requirements.past_due")
    tell(world, account)


def replace_bank(world: World, account: Thing, *, name: str = "", bank: str = "works", currency: str = "") -> Thing:
    """The person names another bank account; payouts that waited for one may leave again."""
    made = change_bank(world, account, name=name, bank=bank, currency=currency)
    if account["requirements"]["currently_due"] == ["external_account"]:
        put_requirements(account, (), reason=None)
        account["payouts_enabled"] = account["details_submitted"]
    tell(world, account)
    return made


def deauthorize(world: World, account: Thing) -> Thing:
    """The person has cut the tie to the platform: from now on their account is out of its reach."""
    account["_gone"] = True
    world.save(account)
    application = {"id": "ca_SandboxPlatform00", "object": "application", "name": "Goodword"}
    world.emit("account.application.deauthorized", application, account["id"])
    return account


def capability(account: Thing, name: str) -> Thing:
    """One capability as an object of its own."""
    status = account["capabilities"][name]
    return {
        "id": name,
        "object": "capability",
        "account": account["id"],
        "future_requirements": account["future_requirements"],
        "requested": True,
        "requested_at": account["created"],
        "requirements": {**account["requirements"], "disabled_reason": None if status == "active" else _DUE},
        "status": status,
    }


def tell(world: World, account: Thing) -> None:
    """Keep the account as it is now, and say so."""
    world.save(account)
    for name in account["capabilities"]:
        world.emit("capability.updated", capability(account, name), account["id"])
    world.emit("account.updated", account, account["id"])


def _open(account: Thing, status: str) -> None:
    account["capabilities"] = dict.fromkeys(account["capabilities"], status)
    account["payouts_enabled"] = status == "active"
    account["charges_enabled"] = status == "active" and "card_payments" in account["capabilities"]
