"""A business and its people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.place import TownField
from campaigns.models import Role
from marketplace.kit.money import EXPONENTS

COUNTRIES = [
    ("AT", _("Austria")), ("BE", _("Belgium")), ("FR", _("France")), ("DE", _("Germany")), ("IE", _("Ireland")),
    ("IT", _("Italy")), ("NL", _("Netherlands")), ("PL", _("Poland")), ("PT", _("Portugal")), ("ES", _("Spain")),
    ("CH", _("Switzerland")), ("GB", _("United Kingdom")), ("US", _("United States")),
]  # fmt: skip


class BusinessEditForm(forms.Form):
    """What creators read about a business."""

    name = forms.CharField(label=_("Name of the business"), max_length=80)
    about = forms.CharField(
        label=_("What you do, in two sentences"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    website = forms.URLField(label=_("Website"), max_length=200, required=False, assume_scheme="https")
    town = TownField(label=_("Town"), required=False)


class BusinessForm(BusinessEditForm):
    """Who pays: the same, and what never changes afterwards."""

    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES, initial="DE")
    currency = forms.ChoiceField(label=_("Currency you pay in"), choices=[(c, c) for c in EXPONENTS], initial="EUR")


class InviteForm(forms.Form):
    """A seat for somebody else."""

    email = forms.EmailField(label=_("Their e-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MANAGER)
