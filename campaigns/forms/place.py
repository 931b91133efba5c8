"""A town, typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from creators.models import Town
from creators.services.places import find_towns

SUGGESTIONS = 4


class TownField(forms.CharField):
    """A town by name, with its country when the name is not enough. Cleans to a Town, or None when left empty."""

    widget = forms.TextInput(attrs={"list": "towns", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=120, **kwargs)

    def clean(self, value: Any) -> Town | None:
        text = super().clean(value)
        if not text:
            return None
        found = find_towns(text, limit=SUGGESTIONS)
        if not found:
            raise forms.ValidationError(_("We don't know that town. Try the town and its country, like Bath, GB."))
        return found[0]

    def prepare_value(self, value: Any) -> Any:
        return str(value) if isinstance(value, Town) else value
