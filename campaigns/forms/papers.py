"""What stands on invoices."""

from django import forms
from django.utils.translation import gettext_lazy as _


class InvoiceDetailsForm(forms.Form):
    """Who one is on invoices. Both sides of an invoice read it."""

    name = forms.CharField(label=_("Name on invoices"), max_length=120)
    address = forms.CharField(
        label=_("Address"),
        max_length=300,
        required=False,
        help_text=_("Street and number, postcode and town. The country is that of your account."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )
    tax_id = forms.CharField(
        label=_("VAT or tax number"), max_length=40, required=False, help_text=_("Leave it empty if you have none.")
    )
