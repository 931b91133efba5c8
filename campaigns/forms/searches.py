"""A search that is kept."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.services.searches import NAME_MAX


class SearchEditForm(forms.Form):
    """What it is called, and whether it tells."""

    name = forms.CharField(label=_("Name of the search"), max_length=NAME_MAX)
    is_told = forms.BooleanField(
        label=_("Tell us when somebody new fits, at most once a day"),
        required=False,
    )


class SearchSaveForm(SearchEditForm):
    """The same, and for which of one's businesses; one business is no question."""

    business = forms.ChoiceField(label=_("For"), required=False)

    def __init__(self, *args: Any, businesses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["business"]
        if isinstance(field, forms.ChoiceField):
            field.choices = businesses
        if len(businesses) == 1:
            del self.fields["business"]
