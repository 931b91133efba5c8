"""The desk all rules work at: one bank, one Stripe, one clock, and what can be seen from here."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import time_machine
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from marketplace.kit.errors import DomainError
from marketplace.kit.money import Money
from marketplace.users.models import User
from payments import clock, services
from payments.models import (
    Account,
    Bookmark,
    Checkout,
    Hold,
    Operation,
    Payout,
    Posting,
    Refund,
    StripeEvent,
    Transfer,
    Wallet,
)
from payments.sandbox.webhooks import sign
from payments.states import AccountKind
from tests.payments.machine import promises, rules
from tests.payments.machine.facts import Facts
from tests.plugins.sandbox import Bank

Row = TypeVar("Row", bound=Model)
MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)
SECRETS = {"platform": "whsec_platform", "connect": "whsec_connect"}
MODELS = (Account, Bookmark, Checkout, Hold, Operation, Payout, Posting, Refund, StripeEvent, Transfer)
GUARDED = ("payments_entry", "payments_balance", "payments_invoice", "payments_invoiceseries")
EMPTIED = [*(model._meta.db_table for model in MODELS), *GUARDED]
CURRENCIES = ("EUR", "JPY")
MOST_ROUNDS = 12
ALWAYS = bool(os.environ.get("MACHINE_RULES"))  # they take longer than a step does

which = st.integers(min_value=0, max_value=11)  # one of those there are, counted round


class Desk(RuleBasedStateMachine):
    """A world of its own for every example: two payers, three payees (one ready), a payment secured for each."""

    def __init__(self, bank: Bank) -> None:
        super().__init__()
        self.bank = bank
        self.control: Any = bank.sandbox.control
        self.traveller = time_machine.travel(MORNING, tick=False)
        self.now = self.traveller.start()
        empty(bank)
        ready = bank.payee("Omar EUR")
        for currency in CURRENCIES:
            payer, unknown = bank.payer(currency=currency), bank.payee(f"Mina {currency}", currency, onboarded=False)
            bank.secured(Money(99_99, currency), payer=payer, payee=unknown)
        bank.secured(payer=self.payer("EUR"), payee=ready)
        self.open_wallet()
        clock.catch_up()  # as every ten minutes, so also before anything is lost
        self.seen: set[str] = set()

    @invariant()
    def the_bank_keeps_its_promises(self) -> None:
        """After every step, whatever it was."""
        facts = Facts(self.bank)
        promises.check(facts)
        if ALWAYS:
            rules.check()
        self.seen = facts.words()

    def teardown(self) -> None:
        """Trouble ends, time passes, and everything must have come to rest."""
        try:
            if sys.exc_info()[0] is None:
                rules.check()
                self.rest()
                facts = Facts(self.bank)
                promises.check(facts)
                promises.check_rest(facts)
                rules.check()
        finally:
            self.traveller.stop()

    def rest(self) -> None:
        self.control.clear_faults()
        for currency in CURRENCIES:
            self.control.add_funds(amount=1_000_000, currency=currency.lower())
        for days in (5, 1, 1, 1):
            self.pass_time(timedelta(days=days))
            self.bring(range(len(self.news())))
            self.work()

    def work(self) -> None:
        """What the clock does by itself, until no news comes of it."""
        for _ in range(MOST_ROUNDS):
            clock.catch_up()
            clock.expire_unpaid()
            clock.sweep()
            if not self.bank.deliver():
                return
        raise AssertionError("the bank does not come to rest")

    def pass_time(self, passed: timedelta) -> None:
        """On both sides: leases end, pauses end, pages close, debits and payouts arrive."""
        self.now.shift(passed)
        self.control.tick()

    def news(self) -> list[tuple[str, bytes, str]]:
        """What Stripe has sent and nobody has brought yet."""
        self.bank.sandbox.deliver()
        return self.bank.letters

    def bring(self, places: "range | list[int]", *, times: int = 1) -> None:
        """Bring these letters in this order; Stripe signs anew with every try."""
        letters = self.news()
        chosen = [letters[place] for place in places]
        self.bank.letters[:] = [letter for letter in letters if letter not in chosen]
        for endpoint, body, _ in chosen * times:
            signature = sign(body, SECRETS[endpoint], int(time.time()))
            assert self.bank.post(endpoint, body, signature) == 200

    def at_stripe(self, kind: str, *statuses: str) -> list[dict[str, Any]]:
        """The platform's things of a kind that stand so, oldest first."""
        things = self.bank.sandbox.engine.world.store.newest(kind, "")
        return [thing for _, thing in things if thing["status"] in statuses][::-1]

    def payer(self, currency: str) -> Account:
        return Account.objects.get(kind=AccountKind.PAYER, currency=currency)

    def open(self, minor: int, payee: Account, *, shares: Sequence[tuple[Account, int]] = ()) -> Hold:
        """The payer of that currency owes the payee so much, or all who have a share of it."""
        return services.open_hold(
            payer=self.payer(payee.currency), payee=payee, amount=Money(minor, payee.currency), reference="work:1",
            description="One reel about sourdough", due_at=timezone.now() + timedelta(hours=72), shares=shares,
        )  # fmt: skip

    def open_wallet(self) -> Wallet:
        return services.open_wallet(payer=self.payer("EUR"), currency="EUR", reference="plan:1", description="Autumn")

    def crew(self) -> list[Account]:
        """All who are paid in euros: one can receive from the start, one must be onboarded first."""
        return list(Account.objects.payees().filter(currency="EUR").order_by("pk"))

    def person(self) -> User:
        """Whose name stands beside a decision."""
        return User.objects.get_or_create(email="ada@goodword.example", defaults={"name": "Ada"})[0]

    def pick(self, rows: "QuerySet[Row]", place: int) -> Row:
        """The place-th of these rows, counted round."""
        found = list(rows.order_by("pk"))
        return found[place % len(found)]


@contextmanager
def refusals() -> Iterator[None]:
    """The bank may say no, in its own words and without having moved any money."""
    before = Posting.objects.count()
    try:
        yield
    except DomainError:
        assert Posting.objects.count() == before


def empty(bank: Bank) -> None:
    """A new bank and a new Stripe, on the servers that run already."""
    statements = connection.ops.sql_flush(no_style(), EMPTIED, allow_cascade=True)
    connection.ops.execute_sql_flush(statements)
    bank.sandbox.engine.world.store.clear()
    bank.sandbox.journal.clear()
    bank.letters.clear()
