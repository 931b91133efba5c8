"""A bank in which everything happens once, without asking Stripe: its answers are made up here, the books are not."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from marketplace.kit.money import Money
from marketplace.users.models import User
from payments import gateway, services
from payments.models import (
    Account,
    BankAccount,
    Checkout,
    Hold,
    Operation,
    PayoutMethod,
    Posting,
    Reconciliation,
    Refund,
    Reversal,
    StripeEvent,
    StripeLine,
    Wallet,
)
from payments.reconciliation import lines
from payments.settlement import arrivals, disputes, outbox, payouts, prices, refunds, sending, treasury
from payments.states import Chart, EventState

EUROS = Money(100_00, "EUR")
numbers: Iterator[int] = count(1)


def answered(operation: Operation | None, **data: Any) -> None:
    """Stripe has done it."""
    assert operation is not None
    number = next(numbers)
    known = {"id": f"{operation.kind[:2]}_{number}", "balance_transaction": f"txn_{number}", "status": "succeeded"}
    sending.settle(operation, gateway.Success({**known, **data}))


def account(kind: str, name: str) -> Account:
    made = services.open_account(kind=kind, name=name, email="a@b.example", country="DE", currency="EUR")
    if kind == "payee":
        ready = {"transfers_active": True, "payouts_enabled": True, "stripe_account_id": f"acct_{next(numbers)}"}
        Account.objects.filter(pk=made.pk).update(**ready)
    return Account.objects.get(pk=made.pk)


def opened(payee: Account | None = None, payer: Account | None = None, crew: list[Account] | None = None) -> Hold:
    due_at = timezone.now() + timedelta(days=3)
    payee = payee or (crew[0] if crew else account("payee", "Mina"))
    return services.open_hold(
        payer=payer or account("payer", "Oat & Ember"), payee=payee, amount=EUROS, reference="work:1",
        description="One reel", due_at=due_at, shares=[(one, 1) for one in crew or []],
    )  # fmt: skip


def pay(hold: Hold) -> Hold:
    """The payment arrives, in time or not."""
    arrive(hold.total, hold=hold)
    hold.refresh_from_db()
    return hold


def fill(money: Money) -> Wallet:
    """A wallet with one payment in it."""
    wallet = services.open_wallet(
        payer=account("payer", "Oat & Ember"), currency=money.currency, reference="plan:1", description="Autumn"
    )
    arrive(money, wallet=wallet)
    return wallet


def arrive(money: Money, *, hold: Hold | None = None, wallet: Wallet | None = None) -> None:
    number, purpose = next(numbers), hold or wallet
    assert purpose is not None
    operation = outbox.put(
        "checkout_session.create", {}, slot=f"checkout:{purpose.public_id}", hold=hold, wallet=wallet
    )
    checkout = Checkout.objects.create(
        hold=hold, wallet=wallet, operation=operation, total_minor=money.minor, currency=money.currency,
        expires_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    answered(operation, url="https://pay.example/")
    checkout.refresh_from_db()
    line = {"id": f"txn_{number}", "amount": money.minor, "fee": 189, "net": money.minor - 189, "currency": "eur"}
    charge = {"id": f"ch_{number}", "balance_transaction": line, "payment_method_details": {"type": "card"}}
    intent = {"id": f"pi_{number}", "amount_received": money.minor, "currency": "eur", "latest_charge": charge}
    arrivals.payment_arrived(checkout, intent)


def release(hold: Hold) -> Hold:
    answered(services.release(hold).operation)
    hold.refresh_from_db()
    return hold


def refund(hold: Hold, minor: int | None = None) -> Refund:
    made = services.refund(hold, amount=Money(minor, "EUR") if minor else None, reason="called off")
    answered(made.operation)
    made.refresh_from_db()
    return made


def pay_out(payee: Account, *, arrives: bool) -> None:
    payout = payouts.reserve(payee, EUROS, bank_of(payee), method=PayoutMethod.STANDARD, fee=Money(0, "EUR"))
    if arrives:
        answered(payout.operation)
        payout.refresh_from_db()
        payouts.follow(payout, {"id": payout.stripe_id, "status": "paid"})


def pay_out_at_once(payee: Account, *, taken: bool) -> None:
    """An instant payout, whose price Stripe has taken already, or not yet."""
    price = Money(1_00, "EUR")
    payout = payouts.reserve(payee, EUROS - price, bank_of(payee), method=PayoutMethod.INSTANT, fee=price)
    answered(payout.operation, application_fee_amount=price.minor)
    payout.refresh_from_db()
    if taken:
        number = next(numbers)
        prices.follow(payout, {"id": f"fee_{number}", "amount": price.minor, "balance_transaction": f"txn_{number}"})


def bank_of(payee: Account) -> BankAccount:
    known = {"currency": "EUR", "is_default": True, "takes_instant": True}
    return BankAccount.objects.get_or_create(account=payee, defaults={"stripe_id": f"ba_{next(numbers)}", **known})[0]


def come_back(made: Refund) -> None:
    """The payer's bank sends the refund back."""
    failed = {"status": "failed", "failure_balance_transaction": f"txn_{next(numbers)}"}
    refunds.follow(made, {"id": made.stripe_id, "balance_transaction": "known", **failed})


def tell() -> None:
    """One of everything: unpaid, secured, refunded, late, released, paid out, drawn, shared; and each on its way."""
    lines.keep([_line("topup", 1_000_00)])
    treasury.book(StripeLine.objects.get())
    _tell_of_papers()
    _tell_of_banks_and_claims()
    opened()
    refund(pay(opened()), 40_00)
    refund(pay(opened()))
    late = opened()
    services.expire_hold(late)
    pay(late)
    answered(late.refunds.get().operation)
    returned = pay(opened())
    come_back(refund(returned, 10_00))
    refund(returned, 10_00)
    services.release(pay(opened()))
    services.refund(pay(opened()), reason="called off")
    payee = release(pay(opened())).payee
    pay_out(payee, arrives=True)
    for taken in (True, False):
        release(pay(opened(payee)))
        pay_out_at_once(payee, taken=taken)
    release(pay(opened(payee)))
    pay_out(payee, arrives=False)
    pay(opened())
    _tell_of_wallets_and_crews()
    now = timezone.now()
    for state in (EventState.DONE, EventState.IGNORED):
        StripeEvent.objects.create(event_id=f"evt_{state}", kind="x", happened_at=now, payload={}, state=state)
    booked = Posting.objects.filter(entries__chart=Chart.STRIPE, kind="release_confirmed")
    lines.keep([_line("transfer", -100_00, source) for source in booked.values_list("source", flat=True)])
    Reconciliation.objects.create(finished_at=now)


def _tell_of_papers() -> None:
    """Released and invoiced with VAT, then a part taken back and credited."""
    ada = User.objects.create_superuser("ada.books@goodword.example", "x", name="Ada")
    work = services.Work("One reel", "Platform fee", "Contract 1", timezone.now().date())
    with override_settings(OPERATOR=replace(settings.OPERATOR, name="Goodword GmbH", vat_bps=1900)):
        hold = release(pay(opened()))
        services.issue_invoices(hold.transfers.get(), work=work)
        back = services.take_back(hold, amount=Money(25_00, "EUR"), reason="agreed", by=ada)
        services.issue_credit_notes(back)
    answered(Operation.objects.get(kind="transfer_reversal.create"))
    back.refresh_from_db()
    answered(back.operation)


def _tell_of_banks_and_claims() -> None:
    """A dispute that is open and one that was lost; a claim that was paid back, one on its way and one still owed."""
    for status in ("needs_response", "lost"):
        checkout, number = pay(opened()).checkouts.get(), next(numbers)
        minor = -checkout.total_minor
        taken = {"id": f"txn_{number}", "amount": minor, "fee": 20_00, "net": minor - 20_00, "currency": "eur"}
        disputes.follow(
            {"id": f"du_{number}", "charge": checkout.charge, "amount": checkout.total_minor, "currency": "eur",
             "status": status, "balance_transactions": [taken]}
        )  # fmt: skip
    ada = User.objects.create_user("teller@goodword.example", name="Ada")
    for steps in ("answered", "on its way", "paid out before"):
        hold = release(pay(opened()))
        if steps == "paid out before":
            pay_out(hold.payee, arrives=True)
        back = services.take_back(hold, amount=Money(40_00, "EUR"), reason="taken down", by=ada)
        if steps == "answered":
            answered(Reversal.objects.get(claim__hold=hold).operation)
            back.refresh_from_db()
            answered(back.operation)


def _tell_of_wallets_and_crews() -> None:
    crew = [account("payee", name) for name in ("Mina", "Ben", "Cleo")]
    shared = pay(opened(crew=crew))
    services.release(shared)
    for transfer in shared.transfers.all()[:2]:
        answered(transfer.operation)
    wallet = fill(Money(400_00, "EUR"))
    release(services.draw(wallet, opened(payer=wallet.payer)))
    services.refund(services.draw(wallet, opened(payer=wallet.payer)), amount=Money(30_00, "EUR"), reason="a part")
    services.close_wallet(wallet, reason="over")
    fill(Money(50_00, "EUR"))


def _line(kind: str, minor: int, stripe_id: str = "txn_topup") -> dict[str, Any]:
    return {"id": stripe_id, "type": kind, "source": "", "amount": minor, "fee": 0, "net": minor, "currency": "eur",
            "created": int(timezone.now().timestamp())}  # fmt: skip
