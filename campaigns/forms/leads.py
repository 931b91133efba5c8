"""What a creator wants to see of the open campaigns."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.offer import set_currency
from campaigns.models import Rhythm
from marketplace.kit.forms import MoneyField

RADII = [("", _("Anywhere")), *((km, f"{km} km") for km in ("25", "50", "100", "250"))]


class LeadsForm(forms.Form):
    """The filters of the creator's list of campaigns; all of them may be empty."""

    mine = forms.BooleanField(label=_("Only my niches"), required=False)
    within = forms.ChoiceField(label=_("Within"), choices=RADII, required=False)
    pays = MoneyField(label=_("Pays me at least"), required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_currency(self, currency, "pays")
        self.fields["pays"].widget.attrs["placeholder"] = currency


class DigestForm(forms.Form):
    """How often a creator hears of new campaigns."""

    every = forms.ChoiceField(label=_("Tell me about new campaigns"), choices=Rhythm.choices)
