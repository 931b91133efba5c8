"""The creator and the bank: where the money is, who gets it, and sending it there."""

from __future__ import annotations

from django.conf import settings

from creators.models import Creator
from creators.services.accounts import give_account
from marketplace.kit.errors import Conflict, NotAllowed
from marketplace.users.models import User
from payments import services as bank
from payments.models import Account, Payout


def start_onboarding(creator: Creator, *, by: User) -> str | None:
    """The creator goes to the bank's page to say who gets the money; None means ask again in a moment."""
    back = f"{settings.SITE_URL}/earnings/"
    return bank.start_onboarding(account_of(creator, by=by), return_url=f"{back}?back=1", refresh_url=back)


def request_payout(creator: Creator, *, by: User) -> Payout:
    """The creator sends what is available to the bank now."""
    return bank.request_payout(account_of(creator, by=by))


def look_again(creator: Creator, *, by: User) -> None:
    """Back from the bank's page: ask the bank how the account stands."""
    account = account_of(creator, by=by)
    if account.stripe_account_id:
        bank.refresh_account(account)


def lacks_place(creator: Creator) -> bool:
    """Whether nobody knows yet where the creator lives, which an account at the bank begins with."""
    return creator.account_id is None and not creator.country


def account_of(creator: Creator, *, by: User) -> Account:
    """The creator's own account, opened when first needed; nobody else may use it."""
    if creator.user_id != by.pk:
        raise NotAllowed("not_yours", "These earnings are not yours.")
    if lacks_place(creator):
        raise Conflict("no_place", "Say where you live first: it decides how you can be paid.")
    account = give_account(creator)
    if account is None:
        raise Conflict("no_account", "This profile has nobody to pay yet.")
    return account
