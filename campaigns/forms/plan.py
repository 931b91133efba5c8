"""What a plan is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.offer import set_currency
from campaigns.services.plans import MOST_CREATORS, Wanted
from marketplace.kit.forms import MoneyField

if TYPE_CHECKING:
    from campaigns.models import Campaign

GOALS = [
    ("reach", _("People")),
    ("clicks", _("Clicks")),
    ("content", _("Content")),
]
SHARES = [(0, _("Anywhere")), (25, _("A quarter")), (50, _("Half")), (75, _("Three quarters")), (100, _("All"))]


class PlanForm(forms.Form):
    """A budget and what it should buy; what is left empty is as the campaign says."""

    budget = MoneyField(label=_("Budget"), help_text=_("Our fee included."))
    goal = forms.ChoiceField(label=_("What counts"), choices=GOALS, required=False)
    least = forms.IntegerField(label=_("Creators, at least"), min_value=1, max_value=MOST_CREATORS, required=False)
    most = forms.IntegerField(label=_("Creators, at most"), min_value=1, max_value=MOST_CREATORS, required=False)
    local = forms.TypedChoiceField(label=_("From around here"), choices=SHARES, coerce=int, required=False)
    niches = forms.BooleanField(label=_("Somebody from each niche of the brief"), required=False)
    known = forms.BooleanField(label=_("Only creators of whom we have seen three posts"), required=False)

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_currency(self, campaign.currency, "budget")
        if campaign.town_id is None:
            del self.fields["local"]
        if len(campaign.niches.all()) < 2:
            del self.fields["niches"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        least, most = said.get("least"), said.get("most")
        if least and most and least > most:
            self.add_error("most", _("This must be no less than “at least”."))
        return said

    def wanted(self) -> Wanted:
        """The question, of a valid form."""
        said = self.cleaned_data
        return Wanted(
            budget=said["budget"],
            goal=said["goal"],
            least=said["least"] or 1,
            most=said["most"],
            local_percent=said.get("local") or 0,
            every_niche=said.get("niches", False),
            only_known=said["known"],
        )
