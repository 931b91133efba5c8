"""The first questions, asked before anybody signs up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.place import TownField
from campaigns.models import Goal
from creators.services.places import niche_choices
from marketplace.kit.forms import MoneyField


class StartForm(forms.Form):
    """Goal, subject, place and budget: enough to show somebody who fits."""

    goal = forms.ChoiceField(label=_("What should it do?"), choices=Goal.choices, initial=Goal.VISITS)
    niche = forms.ChoiceField(label=_("What is it about?"), required=False)
    town = TownField(label=_("Near"), required=False)
    budget = MoneyField(label=_("Budget in euros"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["niche"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Anything")), *niche_choices()]
        self.fields["town"].widget.attrs["placeholder"] = _("Town, like Bath, GB")
        self.fields["budget"].widget.attrs["placeholder"] = "500"
