"""Sending money to the bank, and from how much on it is sent by itself."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.forms.offer import set_currency
from marketplace.kit.forms import MoneyField
from payments.models import PayoutMethod
from payments.services.payouts import Quote


class PayoutForm(forms.Form):
    """How fast. The ways are told with what arrives and what it costs; ``fee_minor`` is the cost that was told."""

    method = forms.ChoiceField(
        label=gettext_lazy("How fast?"), choices=PayoutMethod.choices, widget=forms.RadioSelect, required=False
    )
    fee_minor = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def tell(self, quotes: Iterable[Quote]) -> None:
        """Say what each way does, and note the cost that is said."""
        method = self.fields["method"]
        assert isinstance(method, forms.ChoiceField)
        method.required = True  # one of them is chosen already
        method.choices = [(quote.method, _way(quote)) for quote in quotes]
        told = {"fee_minor": max(quote.fee.minor for quote in quotes)}
        self.initial = {"method": PayoutMethod.STANDARD, **told}
        if self.is_bound:  # what was sent is the cost that was told before; what is told now is confirmed next
            self.data = {**self.data, **told}

    def clean_method(self) -> PayoutMethod:
        return PayoutMethod(self.cleaned_data["method"] or PayoutMethod.STANDARD)


class MinimumForm(forms.Form):
    """From how much on money is paid out by itself."""

    minimum = MoneyField(label=gettext_lazy("Pay out automatically from"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_currency(self, currency, "minimum")


def _way(quote: Quote) -> str:
    said = {"sum": quote.amount, "fee": quote.fee}
    if quote.method == PayoutMethod.STANDARD:
        return _("Standard, free: %(sum)s arrive in one to three working days") % said
    if quote.fee:
        return _("Instant, costs %(fee)s: %(sum)s arrive within half an hour") % said
    return _("Instant, free: %(sum)s arrive within half an hour") % said
