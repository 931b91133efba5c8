"""Handing in, asking for changes, going live."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.offer import LINES


class SubmissionForm(forms.Form):
    """A link, a file, or both."""

    link = forms.URLField(label=_("Link to the draft"), max_length=400, required=False, assume_scheme="https")
    file = forms.FileField(
        label=_("Or a file"), required=False, help_text=_("JPEG, PNG, WebP, MP4 or PDF, up to 10 MB.")
    )
    note = forms.CharField(label=_("A few words"), max_length=1000, required=False, widget=LINES)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("link") and not data.get("file"):
            raise forms.ValidationError(
                _("Add a link or a file, so there is something to review."), code="nothing_sent"
            )
        return data


class ChangesForm(forms.Form):
    """One change; it names the line of the contract that is not met."""

    item = forms.ChoiceField(label=_("What is not met?"))
    text = forms.CharField(label=_("What should change?"), max_length=500, widget=LINES)

    def __init__(self, *args: Any, items: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [("", _("Choose a line")), *((item, item) for item in items)]  # type: ignore[attr-defined]


class LiveForm(forms.Form):
    """Where it can be seen."""

    url = forms.URLField(label=_("Address of the post"), max_length=400, assume_scheme="https")
