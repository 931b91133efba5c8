"""Stripe's double for every test, and a bank teller who brings its news to Django and lets the queues run dry."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from marketplace.kit import later
from marketplace.kit.money import Money
from marketplace.users.models import User
from payments import gateway, ledger, services
from payments.models import Account, Hold, Payout, Transfer, Wallet
from payments.sandbox.server import Sandbox, start_in_thread
from payments.settlement import inbox, releases, sending
from payments.states import Chart, TransferState
from tests.payments.shapes import complaints, misspelt

# (endpoint, body, signature), as a site receives them
Letters = list[tuple[str, bytes, str]]
PAGE = "https://goodword.example/back/"
ROUNDS = 12


@pytest.fixture
def letters() -> Letters:
    """The webhooks that arrived, in order. Nothing arrives before ``sandbox.deliver()``."""
    return []


@pytest.fixture
def sends_nonsense() -> bool:
    """Tests of the double itself send it what the product never would, and say so here."""
    return False


@pytest.fixture
def sandbox(
    settings: Any, tmp_path: Path, letters: Letters, monkeypatch: pytest.MonkeyPatch, sends_nonsense: bool
) -> Iterator[Sandbox]:
    """Stripe's double. Nothing in it happens by itself: ``deliver()`` brings news, ``control`` moves the world.

    When the test is over, every answer it gave and (unless the test sends nonsense on purpose) every request it got
    is compared with the types of the stripe library.
    """

    def receive(endpoint: str, body: bytes, signature: str) -> int:
        letters.append((endpoint, body, signature))
        return 200

    settings.STRIPE_SECRET_KEY = "sk_test_of_the_tests"
    settings.STRIPE_WEBHOOK_SECRET = "whsec_platform"
    settings.STRIPE_CONNECT_WEBHOOK_SECRET = "whsec_connect"
    monkeypatch.setattr(gateway, "NETWORK_RETRIES", 0)
    running = start_in_thread(data_path=str(tmp_path / "stripe.sqlite3"), on_event=receive, heart=False)
    settings.STRIPE_API_BASE = running.url
    yield running
    unexpected = complaints(running) + ([] if sends_nonsense else misspelt(running))
    running.stop()
    assert unexpected == []


@pytest.fixture
def bank(sandbox: Sandbox, letters: Letters, monkeypatch: pytest.MonkeyPatch) -> "Bank":
    """The whole bank with its Stripe. The doorbell is silent: ``settle_down()`` does what workers would."""
    monkeypatch.setattr(later, "_ring", lambda task, kwargs: None)
    return Bank(sandbox, letters)


@dataclass
class Bank:
    """What a test asks of the bank. ``sandbox.control`` moves Stripe's side of the world."""

    sandbox: Sandbox
    letters: Letters
    client: Client = field(default_factory=Client)

    def post(self, endpoint: str, body: bytes, signature: str) -> int:
        """Bring one webhook to Django, as Stripe would. Returns the status."""
        answer = self.client.post(
            f"/webhooks/stripe/{endpoint}/",
            body,
            content_type="application/json",
            headers={"Stripe-Signature": signature},
        )
        return answer.status_code

    def deliver(self) -> int:
        """Bring all waiting webhooks to Django. Returns how many came."""
        self.sandbox.deliver()
        came, self.letters[:] = list(self.letters), []
        for endpoint, body, signature in came:
            assert self.post(endpoint, body, signature) == 200
        return len(came)

    def settle_down(self) -> None:
        """Bring news and run both queues until nothing moves any more."""
        for _ in range(ROUNDS):
            moved = self.deliver() + inbox.read_due() + sending.run_due()
            ready = Transfer.objects.filter(state=TransferState.WAITING, payee__transfers_active=True)
            for payee in Account.objects.filter(pk__in=ready.values("payee")):
                moved += releases.send_waiting(payee)
            if not moved:
                return
        raise AssertionError("the bank does not come to rest")

    def keep_reserve(self, money: Money | None = None) -> None:
        """The platform has money of its own at Stripe: processing is not given back, so a refund takes more."""
        money = Money(1_000_00, "EUR") if money is None else money
        self.sandbox.control.add_funds(amount=money.minor, currency=money.currency.lower())
        self.sandbox.control.settle()

    def payer(self, name: str = "Oat & Ember", currency: str = "EUR") -> Account:
        return services.open_account(kind="payer", name=name, email="till@oat.example", country="DE", currency=currency)

    def payee(self, name: str = "Mina", currency: str = "EUR", *, onboarded: bool = True) -> Account:
        account = services.open_account(
            kind="payee", name=name, email="mina@crumb.example", country="DE", currency=currency
        )
        if onboarded:
            self.onboard(account)
        return account

    def onboard(self, account: Account) -> None:
        """The payee fills in Stripe's pages, and we hear of it."""
        assert services.start_onboarding(account, return_url=PAGE, refresh_url=PAGE)
        self.sandbox.control.complete_onboarding(account=account.stripe_account_id, currency=account.currency.lower())
        self.settle_down()
        account.refresh_from_db()

    def name_bank(self, account: Account, currency: str) -> None:
        """The payee names a bank account in that currency, and we have made sure that it is the payee."""
        self.sandbox.control.change_bank(account=account.stripe_account_id, currency=currency.lower())
        self.settle_down()
        services.lift_pause(account, reason="called the known number", by=self.admin())

    def reserve(self, amount: Money) -> None:
        """The platform keeps money of its own at Stripe, from which processing and refunds are paid."""
        line = self.sandbox.control.add_funds(amount=amount.minor, currency=amount.currency.lower())
        lines = [ledger.debit(Chart.STRIPE, amount), ledger.credit(Chart.BANK, amount)]
        with transaction.atomic():
            ledger.post(lines, key=f"topup:{line['source']}", kind="topup", source=line["id"])

    def hold(
        self, amount: Money | None = None, /, *, payer: Account | None = None, payee: Account | None = None
    ) -> Hold:
        amount = Money(100_00, "EUR") if amount is None else amount
        return services.open_hold(
            payer=payer or self.payer(currency=amount.currency),
            payee=payee or self.payee(currency=amount.currency),
            amount=amount,
            reference="work:1",
            description="One reel about sourdough",
            due_at=timezone.now() + timedelta(hours=72),
        )

    def hold_for_crew(self, shares: list[tuple[Account, int]], amount: Money | None = None) -> Hold:
        """One agreed payment for several payees, divided by weight."""
        return services.open_hold(
            payer=self.payer(),
            payee=shares[0][0],
            amount=amount or Money(100_00, "EUR"),
            reference="work:crew",
            description="Three reels about sourdough",
            due_at=timezone.now() + timedelta(hours=72),
            shares=shares,
        )

    def wallet(self, payer: Account | None = None, currency: str = "EUR") -> Wallet:
        return services.open_wallet(
            payer=payer or self.payer(currency=currency), currency=currency, reference="plan:1", description="Autumn"
        )

    def filled_wallet(self, amount: Money, method: str = "card") -> Wallet:
        """A wallet into which one payment has arrived."""
        wallet = self.wallet(currency=amount.currency)
        self.fill(wallet, amount, method)
        self.settle_down()
        return wallet

    def fill(self, wallet: Wallet, amount: Money, method: str = "card") -> str:
        """The payer pays into the wallet on the hosted page. Returns the session's id; no news is brought yet."""
        assert services.wallet_url(wallet, amount, success_url=PAGE, cancel_url=PAGE)
        return self._pay_newest(wallet, method)

    def pay(self, hold: Hold, method: str = "card") -> str:
        """The payer goes to the hosted page and pays. Returns the session's id; no news is brought yet."""
        assert services.checkout_url(hold, success_url=PAGE, cancel_url=PAGE)
        return self._pay_newest(hold, method)

    def _pay_newest(self, purpose: Hold | Wallet, method: str) -> str:
        session = purpose.checkouts.order_by("-pk").values_list("stripe_id", flat=True)[0]
        self.sandbox.control.pay_session(session=session, method=method)
        return str(session)

    def secured(self, amount: Money | None = None, /, **parties: Account) -> Hold:
        """A hold whose payment has arrived."""
        hold = self.hold(amount, **parties)
        self.pay(hold)
        self.settle_down()
        hold.refresh_from_db()
        return hold

    def released(self, amount: Money | None = None, /, **parties: Account) -> Hold:
        """A hold whose money is on the payee's account."""
        hold = self.secured(amount, **parties)
        services.release(hold)
        self.settle_down()
        hold.refresh_from_db()
        return hold

    def disputed(self, hold: Hold, *, won: bool, amount: int | None = None) -> None:
        """The payer's bank takes the payment back, and judges."""
        self.judge(str(hold.checkouts.get().charge), won=won, amount=amount)
        hold.refresh_from_db()

    def judge(self, charge: str, *, won: bool, amount: int | None = None) -> None:
        dispute = self.sandbox.control.open_dispute(charge=charge, amount=amount)
        self.settle_down()
        self.sandbox.control.close_dispute(dispute=dispute["id"], won=won)
        self.settle_down()

    def admin(self) -> User:
        """Somebody whose name stands beside a decision."""
        return User.objects.filter(email="teller@goodword.example").first() or User.objects.create_user(
            "teller@goodword.example", name="Odile"
        )

    def paid_out(self, account: Account) -> Payout:
        """The payee's money is at their bank."""
        self.sandbox.control.settle()
        payout = services.request_payout(account)
        self.settle_down()
        payout.refresh_from_db()
        self.sandbox.control.pay_payout(payout=payout.stripe_id)
        self.settle_down()
        payout.refresh_from_db()
        return payout
