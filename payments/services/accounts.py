"""Opening accounts, and the payee's way through Stripe's onboarding."""

from django.db import transaction

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.money import Money
from marketplace.trust.services import reason_given, record
from marketplace.users.models import User
from payments.minimums import bounds, minimum
from payments.models import Account, Operation, PauseReason
from payments.settlement import accounts, banks, outbox, sending
from payments.states import LIVE_OPERATIONS, AccountKind, OperationState


def open_account(*, kind: str, name: str, email: str, country: str, currency: str) -> Account:
    """Somebody can pay, or be paid, from now on. Stripe hears of them when it first matters."""
    Money(0, currency)  # refuses currencies we do not handle
    if kind not in AccountKind.values:
        raise Invalid("unknown_kind", "An account is a payer's or a payee's.")
    if len(country) != 2 or not country.isalpha():
        raise Invalid("unknown_country", "Write the country as two letters.", fields={"country": ["Two letters."]})
    return Account.objects.create(
        kind=kind,
        name=name[:120],
        email=email,
        country=country.upper(),
        currency=currency,
        payout_minimum_minor=minimum(currency).minor,
    )


def start_onboarding(account: Account, *, return_url: str, refresh_url: str) -> str | None:
    """The address of Stripe's page where the payee says who they are. None: still preparing, ask again.

    Must not be called inside a transaction: it speaks to Stripe.
    """
    if account.kind != AccountKind.PAYEE:
        raise Conflict("not_a_payee", "Only somebody who is paid needs this.")
    account.refresh_from_db()
    if account.stripe_account_id is None and not _connect(account):
        return None
    with transaction.atomic(durable=True):
        operation = outbox.put(
            "account_link.create",
            {
                "account": account.stripe_account_id,
                "type": "account_onboarding",
                "return_url": return_url,
                "refresh_url": refresh_url,
            },
            account=account,
        )
    sending.run(operation.pk, patient=False)
    operation.refresh_from_db()
    return operation.result.get("url") if operation.state == OperationState.DONE else None


def refresh_account(account: Account) -> Account:
    """How the payee's account stands at Stripe now; what waited for it goes out."""
    accounts.refresh(account)
    account.refresh_from_db()
    return account


@transaction.atomic
def set_payout_minimum(account: Account, least: Money) -> Account:
    """From how much on the payee wants to be paid out by themselves. Raises Invalid outside the bounds."""
    lowest, highest = bounds(account.currency)
    if least.currency != account.currency or not lowest <= least <= highest:
        raise Invalid.at("minimum", "minimum_out_of_range", f"Choose between {lowest} and {highest}.")
    account.payout_minimum_minor = least.minor
    account.save(update_fields=["payout_minimum_minor", "updated_at"])
    return account


@transaction.atomic
def pause_payouts(account: Account, reason: PauseReason) -> None:
    """Nothing leaves for this payee's bank for a while: somebody else may be at work."""
    account.refresh_from_db(from_queryset=Account.objects.select_for_update())
    banks.pause(account, reason)


@transaction.atomic
def lift_pause(account: Account, *, reason: str, by: User) -> Account:
    """A person has made sure that it is the payee; payouts go on at once."""
    account.refresh_from_db(from_queryset=Account.objects.select_for_update())
    record(act="account.lift_pause", thing=account, by=by, reason=reason_given(reason))
    if not account.is_paused:
        raise Conflict("not_paused", "Payouts of this account are not paused.")
    account.payouts_paused_until, account.payouts_paused_for = None, ""
    account.save(update_fields=["payouts_paused_until", "payouts_paused_for", "updated_at"])
    return account


def _connect(account: Account) -> bool:
    slot = f"connect:{account.public_id}"
    with transaction.atomic(durable=True):
        Account.objects.select_for_update().get(pk=account.pk)
        live = Operation.objects.filter(slot=slot, state__in=LIVE_OPERATIONS).first()
        account.refresh_from_db()
        if live is None and account.stripe_account_id is None:
            live = outbox.put("account.create", _account_params(account), slot=slot, account=account)
    if live is not None:
        sending.run(live.pk, patient=False)
        account.refresh_from_db()
    return account.stripe_account_id is not None


def _account_params(account: Account) -> dict[str, object]:
    # The platform bears fees and losses; the payee has Stripe's small dashboard; nothing but transfers is asked for.
    return {
        "country": account.country,
        "email": account.email,
        "controller": {
            "fees": {"payer": "application"},
            "losses": {"payments": "application"},
            "requirement_collection": "stripe",
            "stripe_dashboard": {"type": "express"},
        },
        "capabilities": {"transfers": {"requested": True}},
        "settings": {"payouts": {"schedule": {"interval": "manual"}}},
        "metadata": {"account": account.public_id},
    }
