"""What sign-up asks beyond e-mail and password, and what one may change later."""

from zoneinfo import available_timezones

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.kit.texts import holds_address, one_line
from marketplace.users.models import User


class SignupForm(forms.Form):
    """The name others see; allauth adds the rest."""

    name = forms.CharField(label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))

    def clean_name(self) -> str:
        name = one_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Please write your name in letters."), code="nameless")
        if holds_address(name):
            raise forms.ValidationError(_("A name holds no web or e-mail address."), code="address")
        return name

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])


REGIONS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
ZONES = sorted(zone for zone in available_timezones() if zone.startswith(REGIONS))


class PersonForm(forms.Form):
    """The name others see, and where one's clock stands."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("How others see you, and how you sign. Contracts keep the name they were signed with."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=[(zone, zone.replace("_", " ")) for zone in [*ZONES, "UTC"]]
    )
    wants_finds = forms.BooleanField(
        label=_("Tell me when a saved search finds somebody new, at most once a day for each search"), required=False
    )
