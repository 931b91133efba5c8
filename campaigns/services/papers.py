"""Invoices of the work: issued when the money arrives, credited when it goes back after all, shown to both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from campaigns.models import Business, Collaboration
from campaigns.policies import require
from campaigns.services.earnings import account_of
from campaigns.services.signing import account_of_business
from campaigns.states import PAYER
from campaigns.terms import item_text
from creators.models import Creator
from marketplace.kit.errors import Invalid
from marketplace.kit.paper import unwritable
from marketplace.kit.texts import one_line
from marketplace.users.rights import sees_all
from payments import services as bank
from payments.models import Account, Hold, Invoice, InvoiceDetails, Refund, Transfer

if TYPE_CHECKING:
    from marketplace.users.models import User


def accounts_of(user: User) -> QuerySet[Account]:
    """The accounts at the bank whose papers this person may read: their teams' and their own as a creator."""
    return Account.objects.filter(Q(business__members__user=user) | Q(creator__user=user))


def invoices_of(user: User) -> QuerySet[Invoice]:
    """The invoices this person may read, as issuer or recipient; all for staff who may look at them."""
    found = Invoice.objects.select_related("corrects", "issuer", "recipient", "hold")
    return found if sees_all(user, Invoice) else found.for_accounts(accounts_of(user))


def invoice_release(hold: Hold, transfer: Transfer) -> None:
    """The creator's invoice for the work, and ours for the fee. Part of the bank's own transaction."""
    collaboration = _of(hold)
    if collaboration is not None:
        bank.issue_invoices(transfer, work=_work(collaboration, transfer))


def credit_refund(refund: Refund) -> None:
    """A refund after the release takes its part off both invoices."""
    if refund.hold is not None and _of(refund.hold) is not None:
        bank.issue_credit_notes(refund)


@transaction.atomic
def invoice_missed(transfer: Transfer) -> None:
    """Issue what a release from before there were invoices lacks, credit notes included."""
    invoice_release(transfer.hold, transfer)
    for refund in transfer.hold.refunds.filter(after_release=True, claims__isnull=False).distinct().order_by("pk"):
        credit_refund(refund)


def change_business_details(business: Business, *, name: str, address: str, tax_id: str, by: User) -> InvoiceDetails:
    """Whoever pays says what later invoices call the business."""
    require(by, business, PAYER)
    return _change(account_of_business(business, by=by), name=name, address=address, tax_id=tax_id)


def change_creator_details(creator: Creator, *, name: str, address: str, tax_id: str, by: User) -> InvoiceDetails:
    """The creator says what later invoices call them."""
    return _change(account_of(creator, by=by), name=name, address=address, tax_id=tax_id)


def details_of(account: Account | None, *, name: str) -> dict[str, str]:
    """What stands on invoices now, for a form."""
    found = InvoiceDetails.objects.filter(account=account).first() if account else None
    return {
        "name": found.name if found else name,
        "address": found.address if found else "",
        "tax_id": found.tax_id if found else "",
    }


def _change(account: Account, *, name: str, address: str, tax_id: str) -> InvoiceDetails:
    name, tax_id = one_line(name), one_line(tax_id)
    wrong = {
        field: [f"Our papers have no letters for “{strange[:10]}”. Please write it in Latin letters."]
        for field, text in (("name", name), ("address", address), ("tax_id", tax_id))
        if (strange := unwritable(text))
    }
    if wrong:
        raise Invalid("unwritable", "Some letters cannot be printed.", fields=wrong)
    return bank.change_invoice_details(account, name=name, address=address, tax_id=tax_id)


def _work(collaboration: Collaboration, transfer: Transfer) -> bank.Work:
    """What the papers say about it: the contract's own words, and the day on which the work was done."""
    contract = collaboration.contract
    title = contract.get("brief", {}).get("title") or collaboration.offer.campaign.title
    items = [item_text({**item, "detail": ""}) for item in contract["terms"]["deliverables"]]
    if collaboration.kept_minor is not None:
        items = ["What the contract leaves to the creator after the business has cancelled", *items]
    done_at = collaboration.completed_at or transfer.confirmed_at or timezone.now()
    return bank.Work(
        text="\n".join([title, *items]),
        fee_text=f"Platform fee: {title}, {collaboration.offer.creator.display_name}",
        reference=f"Contract {collaboration.public_id}, signed {collaboration.signed_at.date().isoformat()} (UTC)",
        served_on=done_at.date(),
    )


def _of(hold: Hold) -> Collaboration | None:
    rows = Collaboration.objects.select_related("offer__campaign", "offer__creator")
    return rows.filter(hold=hold).first()
