"""The campaign's own money: paid in once, drawn on by every signature, and what is left goes back."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from campaigns import budget
from campaigns.mail import tell
from campaigns.models import Campaign, Collaboration
from campaigns.moves import check, lock, move, note
from campaigns.policies import roles_of
from campaigns.services.signing import account_of_business
from campaigns.states import BANK, PAYER, CollaborationState
from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.money import Money
from marketplace.kit.pacing import its_time
from marketplace.users.models import User
from payments import purses
from payments import services as bank
from payments.models import Checkout, Wallet
from payments.states import CheckoutState, WalletState

# A bank debit takes days. Signed work that it will pay for always has two days left, so nobody is reminded or struck.
KEEPS_AHEAD = timedelta(hours=48)
WAITS = timedelta(hours=72)


def purse_of(campaign: Campaign) -> purses.Purse | None:
    """What is in the campaign's wallet and what became of the rest; None while it was never funded."""
    return purses.purse(campaign.wallet) if campaign.wallet is not None else None


def to_fund(campaign: Campaign, purse: purses.Purse | None) -> Money:
    """What of the budget is neither paid for nor in this purse or on its way to it; zero when it is all there."""
    aside = purse.free + purse.on_its_way if purse else Money(0, campaign.currency)
    open_minor = (campaign.budget - budget.paid(campaign) - aside).minor
    return Money(max(open_minor, 0), campaign.currency)


def fund_campaign(campaign: Campaign, *, amount: Money, by: User) -> str | None:
    """Somebody who may pay goes to the hosted checkout; None means it is being prepared, look again in a moment."""
    wallet = _wallet_to_fill(campaign, amount, by=by)
    # Outside that transaction: the bank speaks to Stripe here, and no row of ours may wait for that.
    back = f"{settings.SITE_URL}{campaign.get_absolute_url()}money/"
    return bank.wallet_url(wallet, amount, success_url=f"{back}?paid=1", cancel_url=back)


@transaction.atomic
def _wallet_to_fill(campaign: Campaign, amount: Money, *, by: User) -> Wallet:
    lock(campaign)
    check(campaign, "fund", by=by)
    most = to_fund(campaign, purse_of(campaign))
    if amount.currency != campaign.currency:
        raise Invalid.at("amount", "bad_amount", f"This campaign is paid in {campaign.currency}.")
    if amount.minor <= 0 or amount > most:
        raise Invalid.at("amount", "bad_amount", f"Between nothing and {most}: more is not needed for this budget.")
    if campaign.wallet is None:
        campaign.wallet = bank.open_wallet(
            payer=account_of_business(campaign.business, by=by),
            currency=campaign.currency,
            reference=f"campaign:{campaign.public_id}",
            description=campaign.title,
        )
        campaign.save(update_fields=["wallet", "updated_at"])
    return campaign.wallet


@transaction.atomic
def return_money(campaign: Campaign, *, by: User) -> Campaign:
    """Somebody who may pay takes back what nothing was signed for; it goes where it came from."""
    lock(campaign)
    check(campaign, "return_money", by=by)
    if campaign.wallet is None or not bank.return_left(campaign.wallet, reason="not needed"):
        raise Conflict("nothing_left", "Nothing is left to return.", state=campaign.state)
    move(campaign, "return_money", by=by)
    return campaign


def cover(collaboration: Collaboration) -> bool:
    """Pay for signed work out of the campaign's money. False when that is not enough: it is paid for by itself."""
    wallet = collaboration.offer.campaign.wallet
    if wallet is None or wallet.state != WalletState.OPEN:
        return False
    try:
        with transaction.atomic():
            bank.draw(wallet, collaboration.hold)
    except Conflict:  # too little is left, a bank debit for this work is on its way, or somebody was faster
        return False
    collaboration.refresh_from_db()
    return True


def cover_waiting(campaign: Campaign) -> None:
    """Pay for what was signed before the money came, in the order of the signatures."""
    for collaboration in _waiting(campaign).filter(due_at__gt=timezone.now()):
        cover(collaboration)


def is_coming(collaboration: Collaboration) -> bool:
    """True when the campaign's money, with what is on its way to it, pays for this after what was signed before it."""
    purse = purse_of(collaboration.offer.campaign)
    if purse is None or not purse.on_its_way:
        return False
    aside = purse.free + purse.on_its_way
    for waiting in _waiting(collaboration.offer.campaign):
        if waiting.hold.total <= aside:
            aside -= waiting.hold.total
            if waiting == collaboration:
                return True
    return False


@transaction.atomic
def wait_for_bank(collaboration: Collaboration) -> None:
    """The payment is on its way from the business's bank: the time to pay does not run out meanwhile."""
    lock(collaboration)
    if collaboration.state == CollaborationState.AWAITING_PAYMENT and is_coming(collaboration):
        collaboration.due_at = timezone.now() + WAITS
        collaboration.save(update_fields=["due_at", "updated_at"])
        bank.prolong(collaboration.hold, due_at=collaboration.due_at)
        note(collaboration, "wait", "has the campaign's money on its way and waits for it", by=None, role=BANK)


def _waiting(campaign: Campaign) -> QuerySet[Collaboration]:
    signed = Collaboration.objects.filter(offer__campaign=campaign, state=CollaborationState.AWAITING_PAYMENT)
    return signed.select_related("hold", "offer__campaign__wallet").order_by("signed_at", "pk")


def look_again(campaign: Campaign, *, by: User) -> bool:
    """Whoever may pay is back from the checkout: ask the bank now and then. True when no payment is open any more."""
    wallet = campaign.wallet
    if wallet is None or PAYER not in roles_of(by, campaign):
        return True
    if its_time(f"wallet:{wallet.pk}"):
        bank.refresh_checkout(wallet)
        cover_waiting(campaign)
    return not wallet.checkouts.filter(state__in=[CheckoutState.PREPARING, CheckoutState.OPEN]).exists()


def close(campaign: Campaign) -> None:
    """The campaign has ended: nothing is drawn any more, what is left goes back."""
    if campaign.wallet is not None and campaign.wallet.state == WalletState.OPEN:
        bank.close_wallet(campaign.wallet, reason="the campaign ended")


def note_filled(wallet: Wallet, checkout: Checkout) -> None:
    """A payment arrived in a campaign's wallet."""
    campaign = Campaign.objects.filter(wallet=wallet).first()
    if campaign is not None:
        note(campaign, "fund", f"confirmed {checkout.total} for the campaign", by=None, role=BANK)
        tell(campaign, "funded")


def tell_of(wallet: Wallet, event: str) -> None:
    """News of a wallet, told to those who pay for its campaign; other wallets concern nobody here."""
    campaign = Campaign.objects.filter(wallet=wallet).first()
    if campaign is not None:
        tell(campaign, event)
