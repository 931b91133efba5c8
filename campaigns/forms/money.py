"""Paying into a campaign."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.offer import set_currency
from marketplace.kit.forms import MoneyField


class FundForm(forms.Form):
    """How much is paid in; the whole that the budget needs is suggested."""

    amount = MoneyField(label=_("Amount"), help_text=_("What no offer is signed for comes back to you."))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_currency(self, currency, "amount")
