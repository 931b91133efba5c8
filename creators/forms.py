"""What people type about creators, one form for each section of the profile, and the search."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from creators.figures import TIERS
from creators.models import DeliverableKind, Network, Town
from creators.search import ORDERS, RADIUS_KM, RADIUS_MAX_KM, Wanted
from creators.services.places import find_place, find_towns
from creators.validity import COMMON_LANGUAGES, LANGUAGE_CODES, LANGUAGES
from marketplace.kit.chips import ChipsField
from marketplace.kit.forms import MoneyField, attempt
from marketplace.kit.money import EXPONENTS

CURRENCIES = [(code, code) for code in sorted(EXPONENTS)]
TIER_CHOICES = [(name, name.capitalize()) for name, _below in TIERS] + [("mega", "Mega")]
ORDER_LABELS = {
    "engagement": _("Engagement"),
    "conversation": _("Conversation"),
    "newest": _("Newest"),
    "price": _("Price"),
    "distance": _("Distance"),
}
AVAILABLE_LABELS = {"room": _("Takes paid work"), "active": _("Posted in the last 30 days")}


class SearchForm(forms.Form):
    """The filters of the discover page; all of them may be empty."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    niche = forms.SlugField(label=_("Niche"), required=False, max_length=48)
    platform = forms.ChoiceField(label=_("Network"), required=False, choices=[("", ""), *Network.choices])
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[("", ""), *LANGUAGES])
    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        label=_("Country"),
        required=False,
        error_messages={"invalid": _("Two letters, like DE.")},
    )
    near = forms.CharField(label=_("Near"), required=False, max_length=80)
    radius_km = forms.FloatField(label=_("Within"), required=False, min_value=1, max_value=RADIUS_MAX_KM)
    price_min = MoneyField(label=_("Price from"), required=False)
    price_max = MoneyField(label=_("Price up to"), required=False)
    currency = forms.ChoiceField(label=_("Currency"), required=False, choices=[("", ""), *CURRENCIES])
    engagement_min = forms.FloatField(label=_("Engagement from"), required=False, min_value=0, max_value=100)
    tier = forms.ChoiceField(label=_("Size"), required=False, choices=[("", ""), *TIER_CHOICES])
    available = forms.ChoiceField(
        label=_("Availability"), required=False, choices=[("", ""), *AVAILABLE_LABELS.items()]
    )
    order = forms.ChoiceField(
        label=_("Order by"), required=False, choices=[("", ""), *((name, name) for name in ORDERS)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.fields["price_min"], self.fields["price_max"]):
            if isinstance(field, MoneyField) and self.data.get("currency") in EXPONENTS:
                field.currency = str(self.data["currency"])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        low, high = said.get("price_min"), said.get("price_max")
        if low and high and low > high:
            self.add_error("price_max", forms.ValidationError(_("This is less than the lowest price."), code="range"))
        return said

    def said(self, name: str, default: Any = "") -> Any:
        """A valid answer, or the default: one wrong filter does not spoil the others."""
        return self.cleaned_data.get(name) or default

    def wanted(self) -> Wanted:
        """The search, without what was not understood; a town nobody knows is said at its field."""
        place = self.said("near")
        near = attempt(self, lambda: find_place(place, radius_km=self.radius)) if place else None
        order = self.said("order", "distance" if near else "engagement")
        lowest, highest = self.said("price_min", None), self.said("price_max", None)
        percent = self.said("engagement_min", None)
        return Wanted(
            q=self.said("q"),
            niches=[self.said("niche")] if self.said("niche") else [],
            platform=self.said("platform"),
            language=self.said("language"),
            country=self.said("country").upper(),
            near=near,
            price_min_minor=lowest.minor if lowest else None,
            price_max_minor=highest.minor if highest else None,
            currency=self.said("currency", "EUR"),
            engagement_min=percent / 100 if percent else None,
            tier=self.said("tier"),
            available=self.said("available"),
            order=order if near or order != "distance" else "engagement",
        )

    @property
    def radius(self) -> float:
        return float(self.said("radius_km", RADIUS_KM))


class OpeningForm(forms.Form):
    """What opens a profile."""

    display_name = forms.CharField(max_length=60, label=_("Your name or your channel's name"))


class AboutForm(forms.Form):
    """Who one is."""

    display_name = forms.CharField(max_length=60, label=_("Name"))
    handle = forms.SlugField(max_length=40, label=_("Page address"), help_text=_("Your page will be at /c/ and this."))
    bio = forms.CharField(
        max_length=1200,
        required=False,
        label=_("What you make, and for whom"),
        help_text=_("Needed to be listed, at least 40 letters. Say what you know best."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )


class PlaceForm(forms.Form):
    """Where one is and which languages one publishes in."""

    town = forms.CharField(
        max_length=120,
        required=False,
        label=_("Town"),
        help_text=_("The town and its country, like Bath, GB. To be listed, a country is enough."),
        widget=forms.TextInput(attrs={"list": "towns", "autocomplete": "off"}),
    )
    country = forms.RegexField(
        r"^[A-Za-z]{2}$",
        required=False,
        label=_("Country"),
        help_text=_("Two letters, if you don't want to name a town."),
        error_messages={"invalid": _("Write the country as two letters, like DE.")},
    )
    languages = ChipsField(choices=LANGUAGES, common=COMMON_LANGUAGES, label=_("Languages you publish in"))

    def clean_town(self) -> Town | None:
        text = self.cleaned_data["town"]
        if not text:
            return None
        found = find_towns(text, limit=1)
        if not found:
            raise forms.ValidationError(_("We don't know that town. Try the town and its country, like Bath, GB."))
        return found[0]

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean_languages(self) -> list[str]:
        return [code for code in self.cleaned_data["languages"] if code in LANGUAGE_CODES]


class NichesForm(forms.Form):
    """What one is credible in."""

    niches = ChipsField(label=_("Your niches"), help_text=_("At most five. Fewer say more."))

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["niches"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = choices


class ExclusionsForm(forms.Form):
    """What one will not promote, and how much work one takes."""

    exclusions = forms.CharField(
        max_length=1200,
        required=False,
        label=_("What you will not promote"),
        help_text=_("One on each line, like “gambling”. Businesses see this before they ask."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    room_per_month = forms.IntegerField(min_value=0, max_value=60, label=_("Paid collaborations you take in a month"))

    def clean_exclusions(self) -> list[str]:
        lines = dict.fromkeys(line.strip() for line in self.cleaned_data["exclusions"].splitlines() if line.strip())
        if any(len(line) > 48 for line in lines):
            raise forms.ValidationError(_("Keep each line under 48 letters."))
        return list(lines)


class TermsForm(forms.Form):
    """The currency of one's prices, and below which one does not start."""

    currency = forms.ChoiceField(choices=CURRENCIES, label=_("Currency of your prices"))
    minimum_fee = MoneyField(
        required=False,
        label=_("Smallest fee you work for"),
        help_text=_("Offers below this in your currency don't reach you. Nobody sees it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, code = self.fields["minimum_fee"], self.data.get("currency")
        if isinstance(field, MoneyField) and code in EXPONENTS:
            field.currency = str(code)


class RateForm(forms.Form):
    """One line of the rate card."""

    kind = forms.ChoiceField(choices=DeliverableKind.choices, label=_("Deliverable"))
    network = forms.ChoiceField(choices=[("", _("Any network")), *Network.choices], required=False, label=_("Network"))
    price = MoneyField(label=_("Price"))
    note = forms.CharField(max_length=140, required=False, label=_("What is included"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["price"]
        if isinstance(field, MoneyField):
            field.currency = currency
            field.help_text = currency


class AnswerForm(forms.Form):
    """What a creator says to their authenticity score."""

    text = forms.CharField(
        max_length=600,
        required=False,
        label=_("Your answer"),
        help_text=_("It stands beside your score for everybody, and somebody of us reads it. Empty takes it away."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )


class ChannelForm(forms.Form):
    """A channel and its figures, each with the day it is from."""

    network = forms.ChoiceField(choices=Network.choices, label=_("Network"))
    handle = forms.CharField(max_length=80, label=_("Handle"), help_text=_("Without the @."))
    url = forms.URLField(max_length=300, required=False, label=_("Address"), assume_scheme="https")
    followers = forms.IntegerField(min_value=0, required=False, label=_("Followers or subscribers"))
    engagement = forms.FloatField(
        min_value=0,
        max_value=100,
        required=False,
        label=_("Engagement in %"),
        help_text=_("Likes and comments for 100 followers, as your network shows it. Leave empty if you don't know."),
    )
    figures_on = forms.DateField(
        required=False, label=_("Figures from"), widget=forms.DateInput(attrs={"type": "date"})
    )

    @property
    def changes(self) -> dict[str, Any]:
        """The answers in the service's words; the network's per cent become a share."""
        said = dict(self.cleaned_data)
        percent = said.pop("engagement")
        return {**said, "engagement_rate": None if percent is None else percent / 100}
