"""Who stands on papers: an account as it wants to be called, and the operator."""

from typing import Any

from django.conf import settings

from marketplace.kit.operator import NOBODY
from payments.models import Account, InvoiceDetails


def party_of(account: Account) -> dict[str, Any]:
    """name, address (lines), country, tax_id; the account's own name until somebody has said more."""
    details = InvoiceDetails.objects.filter(account=account).first()
    known = (details.name, details.address.splitlines(), details.tax_id) if details else (account.name, [], "")
    return dict(zip(("name", "address", "tax_id"), known, strict=True)) | {"country": account.country}


def operator() -> dict[str, Any]:
    """We ourselves."""
    us = settings.OPERATOR
    return {"name": us.name or NOBODY, "address": list(us.address), "country": us.country, "tax_id": us.vat_id}


def is_demo() -> bool:
    """Nobody is named as the operator, or the money is a test's."""
    return not settings.OPERATOR.is_named or "_test_" in settings.STRIPE_SECRET_KEY
