"""What signing does: the terms freeze into a contract, a hold opens, the agreed work exists."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from campaigns.deadlines import after
from campaigns.ladder import printed
from campaigns.models import Business, Collaboration, Offer, Terms
from campaigns.moves import note
from campaigns.states import CREATOR
from campaigns.terms import Parties, Signature, contract_of, fingerprint, same_name
from creators.models import Creator
from creators.services.accounts import give_account
from marketplace.kit.errors import Conflict, Invalid
from marketplace.users.models import User
from payments.fees import platform_fee
from payments.models import Account
from payments.services import open_account, open_hold
from payments.states import AccountKind


def must_sign_as(user: User, signature: str) -> None:
    """A signature is one's own name."""
    if not same_name(signature, user.name):
        wrong = f"Type your name as it is in your account: {user.name}."
        raise Invalid.at("signature", "signature_differs", wrong)


def sign(offer: Offer, terms: Terms, *, signature: str, address: str | None, by: User) -> Collaboration:
    """Freeze the terms under both names and ask the business for the money."""
    _must_be_two_parties(offer)
    now = timezone.now()
    due_at = after(now, hours=settings.HOURS["payment"])
    contract = _contract(offer, terms, signature=signature, at=now.isoformat(timespec="seconds"), by=by)
    hold = open_hold(
        payer=account_of_business(offer.campaign.business, by=offer.signed_by),
        payee=account_of_creator(offer.creator),
        amount=terms.fee,
        reference=f"offer:{offer.public_id}",
        description=f"{offer.campaign.title}: {offer.creator}",
        due_at=due_at,
    )
    collaboration = Collaboration.objects.create(
        offer=offer, hold=hold, due_at=due_at, contract=contract, contract_hash=fingerprint(contract),
        signed_as=" ".join(signature.split()), signed_at=now, signed_from=address,
    )  # fmt: skip
    note(collaboration, "create", "signed the contract", by=by, role=CREATOR)
    return collaboration


def _must_be_two_parties(offer: Offer) -> None:
    """Nobody signs with themselves. The business is held, so that nobody joins it in this moment."""
    business = Business.objects.select_for_update(no_key=True).order_by().get(pk=offer.campaign.business_id)
    if business.members.filter(user=offer.creator.user).exists():
        raise Conflict("own_business", "Members of a business cannot be hired by it.")


def _contract(offer: Offer, terms: Terms, *, signature: str, at: str, by: User) -> dict[str, object]:
    creator, business = offer.creator, offer.campaign.business
    signer = offer.signed_by
    parties = Parties(
        business=business.name,
        business_id=business.public_id,
        creator=creator.display_name,
        creator_id=creator.public_id,
        signatures={
            "business": Signature(signer.name, signer.name, offer.signed_at.isoformat(timespec="seconds")),
            "creator": Signature(by.name, " ".join(signature.split()), at),
        },
    )
    ladder = printed(free_hours=settings.HOURS["free_cancel"], bps=settings.KILL_FEE_BPS)
    return contract_of(terms, parties=parties, platform_fee=platform_fee(terms.fee), ladder=ladder)


def account_of_business(business: Business, *, by: User) -> Account:
    """The business's account at the bank, opened when first needed."""
    business = (
        Business.objects.select_for_update(no_key=True, of=("self",))
        .select_related("account")
        .order_by()
        .get(pk=business.pk)
    )
    if business.account is None:
        business.account = open_account(
            kind=AccountKind.PAYER,
            name=business.name,
            email=by.email,
            country=business.country,
            currency=business.currency,
        )
        business.save(update_fields=["account", "updated_at"])
    return business.account


def account_of_creator(creator: Creator) -> Account:
    """The creator's account at the bank, opened when first needed."""
    account = give_account(creator)
    if account is None:
        raise Conflict("nobody_to_pay", "This profile has nobody to pay yet.")
    return account
