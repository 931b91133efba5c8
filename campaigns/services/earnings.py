"""The creator and the bank: where the money is, who gets it, and sending it there."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns.budget import FREE_AGAIN
from campaigns.models import Collaboration
from creators.models import Creator
from creators.services.accounts import give_account
from marketplace.kit.errors import Conflict, NotAllowed
from marketplace.kit.money import Money
from marketplace.kit.pacing import its_time
from marketplace.users.models import User
from payments import services as bank
from payments.ledger import held
from payments.models import Account, Payout, PayoutMethod
from payments.reads import SECURED_STATES
from payments.services.payouts import Quote
from payments.states import Chart, HoldState

RELEASED_STATES = [HoldState.RELEASING, HoldState.RELEASED]


def start_onboarding(creator: Creator, *, by: User) -> str | None:
    """The creator goes to the bank's page to say who gets the money; None means ask again in a moment."""
    back = f"{settings.SITE_URL}/earnings/"
    return bank.start_onboarding(account_of(creator, by=by), return_url=f"{back}?back=1", refresh_url=back)


def quote_payouts(creator: Creator, *, by: User) -> list[Quote]:
    """Every way in which the creator's money could leave for the bank now, with what arrives and what it costs."""
    return bank.quote_payouts(account_of(creator, by=by))


def request_payout(
    creator: Creator, *, by: User, method: PayoutMethod = PayoutMethod.STANDARD, fee_minor: int | None = None
) -> Payout:
    """The creator sends what is available to the bank now. ``fee_minor``: what they were told that it costs them."""
    account = account_of(creator, by=by)
    fee = None if fee_minor is None else Money(fee_minor, account.currency)
    return bank.request_payout(account, method=method, fee=fee)


def set_minimum(creator: Creator, minimum: Money, *, by: User) -> Account:
    """The creator says from how much on money is paid out by itself."""
    return bank.set_payout_minimum(account_of(creator, by=by), minimum)


def look_again(creator: Creator, *, by: User) -> None:
    """Back from the bank's page: ask the bank how the account stands, now and then."""
    account = account_of(creator, by=by)
    if account.stripe_account_id and its_time(f"account:{account.pk}"):
        bank.refresh_account(account)


@dataclass(frozen=True, slots=True)
class Glance:
    """A creator's desk in four numbers, in the currency they are paid in. Released money moves until it is paid out."""

    secured: Money
    moving: Money
    paid_out: Money
    room_left: int


def at_a_glance(creator: Creator) -> Glance:
    """Where the money of this creator's work is, and how much more paid work they take this month. Two queries."""
    account = creator.account
    currency = account.currency if account else creator.currency
    mine = Q(hold__currency=currency)
    month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    sums = Collaboration.objects.filter(offer__creator=creator).aggregate(
        secured=Sum("hold__amount_minor", filter=mine & Q(hold__state__in=SECURED_STATES), default=0),
        released=Sum(
            Coalesce("kept_minor", "hold__amount_minor"), filter=mine & Q(hold__state__in=RELEASED_STATES), default=0
        ),
        begun=Count("pk", filter=Q(created_at__gte=month) & ~Q(state__in=FREE_AGAIN)),
    )
    paid_out = held(Chart.MEMO_PAID_OUT, account.public_id, currency) if account else Money(0, currency)
    return Glance(
        secured=Money(sums["secured"], currency),
        moving=max(Money(sums["released"], currency) - paid_out, Money(0, currency), key=lambda money: money.minor),
        paid_out=paid_out,
        room_left=max(0, creator.room_per_month - sums["begun"]),
    )


def lacks_bank(creator: Creator, currency: str) -> bool:
    """Whether money of this currency will wait until the creator has named a bank account that takes it."""
    account = creator.account
    return creator.currency != currency if account is None else not account.keeps(currency)


def lacks_place(creator: Creator) -> bool:
    """Whether nobody knows yet where the creator lives, which an account at the bank begins with."""
    return creator.account_id is None and not creator.country


def must_be_own(creator: Creator, *, by: User) -> None:
    """Raise NotAllowed for somebody else's earnings."""
    if creator.user_id != by.pk:
        raise NotAllowed("not_yours", "These earnings are not yours.")


def account_of(creator: Creator, *, by: User) -> Account:
    """The creator's own account, opened when first needed; nobody else may use it."""
    must_be_own(creator, by=by)
    if lacks_place(creator):
        raise Conflict("no_place", "Say where you live first: it decides how you can be paid.")
    account = give_account(creator)
    if account is None:
        raise Conflict("no_account", "This profile has nobody to pay yet.")
    return account
