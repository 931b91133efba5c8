"""A wallet as its owner looks at it: what came in and how, what it pays for, what is left."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Subquery, Sum

from marketplace.kit.money import Money
from payments.models import Checkout, Draw, Refund, Wallet
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
    """``paid_in`` = ``left`` + ``drawn`` + ``returned``. ``on_its_way`` comes from banks and is not among it yet."""

    paid_in: Money
    left: Money
    drawn: Money
    returned: Money
    on_its_way: Money
    payments: list[Payment]


def purse(wallet: Wallet) -> Purse:
    """What is in it, from the books, and what became of the rest. Four queries."""

    def money(minor: int | None) -> Money:
        return Money(minor or 0, wallet.currency)

    checkouts = list(wallet.checkouts.filter(state__in=SEEN).order_by("paid_at", "pk"))
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
        payments=[_payment(checkout) for checkout in [*here, *coming]],
    )


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
