"""A wallet as its owner looks at it: what came in and how, what it pays for, what is left."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Subquery, Sum

from marketplace.kit.money import Money
from payments.models import Checkout, Dispute, Draw, Refund, Wallet
from payments.settlement import drawing
from payments.states import CheckoutState

SEEN = [CheckoutState.PAID, CheckoutState.PROCESSING]


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment into a wallet. ``processing`` is what it really cost; None until the money is here."""

    at: datetime | None
    method: str
    total: Money
    processing: Money | None


@dataclass(frozen=True, slots=True)
class Purse:
    """``paid_in`` = ``left`` + ``drawn`` + ``returned``. ``on_its_way`` comes from banks and is not among it yet.

    ``frozen`` is what of ``left`` a payer's bank has taken back and not judged; ``free`` is the rest.
    """

    paid_in: Money
    left: Money
    drawn: Money
    returned: Money
    on_its_way: Money
    frozen: Money
    payments: list[Payment]

    @property
    def free(self) -> Money:
        """What can be drawn or returned now."""
        return self.left - self.frozen


def purse(wallet: Wallet) -> Purse:
    """What is in it, from the books, and what became of the rest. Four queries; two more while a bank disputes."""

    def money(minor: int | None) -> Money:
        return Money(minor or 0, wallet.currency)

    disputed = Exists(Dispute.objects.undecided().filter(checkout=OuterRef("pk")))
    seen = wallet.checkouts.filter(state__in=SEEN).annotate(disputed=disputed)
    checkouts = list(seen.order_by("paid_at", "pk"))
    here = [checkout for checkout in checkouts if checkout.state == CheckoutState.PAID]
    coming = [checkout for checkout in checkouts if checkout.state == CheckoutState.PROCESSING]
    draws = Draw.objects.filter(checkout__wallet=wallet).aggregate(sum=Sum(F("minor") - F("returned_minor")))
    back = Refund.objects.standing().filter(wallet=wallet, hold=None, late=False)
    returned = back.aggregate(sum=Sum(F("amount_minor") + F("fee_minor")))
    return Purse(
        paid_in=money(sum(checkout.total_minor for checkout in here)),
        left=drawing.left(wallet),
        drawn=money(draws["sum"]),
        returned=money(returned["sum"]),
        on_its_way=money(sum(checkout.total_minor for checkout in coming)),
        frozen=money(_frozen(wallet, {one.pk for one in here if getattr(one, "disputed", False)})),
        payments=[_payment(checkout) for checkout in [*here, *coming]],
    )


def _frozen(wallet: Wallet, disputed: set[int]) -> int:
    if not disputed:
        return 0
    return sum(money.minor for checkout, money in drawing.left_of_payments(wallet) if checkout.pk in disputed)


def drawn(hold: OuterRef) -> Subquery:
    """What a hold still has of its wallet's money, beside a row: what came back is not drawn any more."""
    draws = Draw.objects.filter(hold=hold).order_by().values("hold")
    return Subquery(draws.annotate(sum=Sum(F("minor") - F("returned_minor"))).values("sum"))


def _payment(checkout: Checkout) -> Payment:
    cost = checkout.processing_minor
    return Payment(
        at=checkout.paid_at,
        method=checkout.method,
        total=checkout.total,
        processing=None if cost is None else Money(cost, checkout.currency),
    )
