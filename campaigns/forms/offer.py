"""Asking, applying, offering, signing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.brief import DATE
from campaigns.terms import Draft, Item
from marketplace.kit.forms import MoneyField

LINES = forms.Textarea(attrs={"rows": 4})


class InvitationForm(forms.Form):
    """A few words to the creator."""

    message = forms.CharField(label=_("Your message"), max_length=1000, required=False, widget=LINES)


class ApplicationForm(forms.Form):
    """Why you, and for how much."""

    message = forms.CharField(label=_("Why you?"), max_length=1000, widget=LINES)
    price = MoneyField(label=_("Your price"), required=False, help_text=_("Leave empty to hear their offer first."))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_currency(self, currency, "price")


class TermsForm(forms.Form):
    """The terms of an offer or a counter-offer; deliverables come in their own set of forms."""

    fee = MoneyField(label=_("Fee for the creator"), help_text=_("They get all of it; our fee comes on top."))
    due_on = forms.DateField(label=_("Work handed in by"), widget=DATE)
    publish_on = forms.DateField(
        label=_("Published on"), widget=DATE, required=False, help_text=_("Leave empty if they only hand over files.")
    )
    usage_days = forms.IntegerField(label=_("Days you may use the content"), min_value=0, max_value=730, initial=0)
    usage_paid_ads = forms.BooleanField(label=_("Also in paid ads"), required=False)
    product = forms.CharField(label=_("Product given besides the fee"), max_length=120, required=False)
    disclosure = forms.CharField(label=_("How it is disclosed"), max_length=60, initial="#ad")
    note = forms.CharField(label=_("A few words"), max_length=1000, required=False, widget=LINES)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_currency(self, currency, "fee")

    def draft(self, items: list[Item]) -> Draft:
        """What was typed, as terms to put on the table."""
        return Draft(deliverables=items, **self.cleaned_data)


class AnswerForm(TermsForm):
    """Other terms, in answer to the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def draft(self, items: list[Item]) -> Draft:
        said = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return Draft(deliverables=items, **said)


class CounterForm(AnswerForm):
    """The same terms in the words of the creator, who proposes other ones."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fee"].label = _("Your fee")
        self.fields["fee"].help_text = _("You get all of it; the business pays our fee on top.")
        self.fields["due_on"].label = _("You hand in by")
        self.fields["publish_on"].label = _("You publish on")
        self.fields["publish_on"].help_text = _("Leave empty if you only hand over files.")
        self.fields["usage_days"].label = _("Days the business may use the content")
        self.fields["product"].label = _("Product you get besides the fee")


class AgreeForm(forms.Form):
    """The version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class AcceptForm(AgreeForm):
    """The signature: the version that was read, and the name typed out."""

    signature = forms.CharField(
        label=_("Type your full name to sign"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class _AsRead(forms.IntegerField):
    """Shown again as it is now, whatever was sent: the page around it says the new amount."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial


class ReasonForm(forms.Form):
    """A sentence for the other side."""

    reason = forms.CharField(label=_("Why? They will read this."), max_length=500, required=False, widget=LINES)


class CancelPaidForm(ReasonForm):
    """A sentence, and the amount that was read: nobody agrees to another one by clicking late."""

    keeps_minor = _AsRead(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, keeps_minor: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.fields["keeps_minor"].initial = keeps_minor


def set_currency(form: forms.Form, currency: str, name: str) -> None:
    """Tell a money field what it counts."""
    field = form.fields[name]
    if isinstance(field, MoneyField):
        field.currency = currency
