"""A business and its people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.place import TownField
from campaigns.models import Role
from marketplace.kit.money import EXPONENTS

COUNTRIES = [
    ("AT", _("Austria")), ("BE", _("Belgium")), ("CH", _("Switzerland")), ("DE", _("Germany")),
    ("ES", _("Spain")), ("FR", _("France")), ("GB", _("United Kingdom")), ("IE", _("Ireland")), ("IT", _("Italy")),
    ("NL", _("Netherlands")), ("PL", _("Poland")), ("PT", _("Portugal")), ("US", _("United States")),
]  # fmt: skip


class BusinessForm(forms.Form):
    """Who pays."""

    name = forms.CharField(label=_("Name of the business"), max_length=80)
    about = forms.CharField(
        label=_("What you do, in two sentences"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    website = forms.URLField(label=_("Website"), max_length=200, required=False, assume_scheme="https")
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES, initial="DE")
    town = TownField(label=_("Town"), required=False)
    currency = forms.ChoiceField(label=_("Currency you pay in"), choices=[(c, c) for c in EXPONENTS], initial="EUR")


class InviteForm(forms.Form):
    """A seat for somebody else."""

    email = forms.EmailField(label=_("Their e-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MANAGER)
