"""The bank accounts to which a connected account's payouts go: added, changed, broken, gone."""

from payments.sandbox.store import Thing
from payments.sandbox.world import World


def add_bank(world: World, account: Thing, *, name: str = "", bank: str = "works", currency: str = "") -> Thing:
    """A new bank account, told once the account is saved. ``bank`` is works, closed, or slow (no instant payouts)."""
    made = _blank(world, account, name, bank, currency or account["default_currency"])
    account["external_accounts"]["data"].insert(0, made)
    return made


def change_bank(world: World, account: Thing, *, name: str = "", bank: str = "works", currency: str = "") -> Thing:
    """Another bank account takes the place of those in its currency. What was wrong with the old one is mended."""
    made = add_bank(world, account, name=name, bank=bank, currency=currency)
    banks = account["external_accounts"]["data"]
    old = [one for one in banks if one["currency"] == made["currency"] and one is not made]
    account["external_accounts"]["data"] = [one for one in banks if one not in old]
    world.save(account)
    world.emit("account.external_account.created", made, account["id"])
    for one in old:
        world.emit("account.external_account.deleted", one, account["id"])
    return made


def kept_currency(account: Thing, currency: str) -> str:
    """In what money of this currency arrives: as it is where a bank account takes it, else converted."""
    named = {bank["currency"] for bank in account["external_accounts"]["data"]}
    return currency if currency in named else str(account["default_currency"])


def break_bank(world: World, account: Thing, bank_id: str) -> None:
    """A payout came back: the bank account takes none until it is changed."""
    for bank in account["external_accounts"]["data"]:
        if bank["id"] == bank_id and bank["status"] != "errored":
            before = {"status": bank["status"]}
            bank["status"] = "errored"
            world.save(account)
            world.emit("account.external_account.updated", bank, account["id"], before)


def _blank(world: World, account: Thing, name: str, bank: str, currency: str) -> Thing:
    closed = bank == "closed"
    return {
        "id": world.new_id("ba"),
        "object": "bank_account",
        "account": account["id"],
        "account_holder_name": name or None,
        "account_holder_type": "individual",
        "account_type": None,
        "available_payout_methods": ["standard"] if bank == "slow" else ["standard", "instant"],
        "bank_name": "SANDBOX TEST BANK",
        "country": account["country"],
        "currency": currency,
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
