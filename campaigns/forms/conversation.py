"""Writing in the room, and reporting what somebody wrote."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.offer import LINES
from campaigns.models import ReportReason


class MessageForm(forms.Form):
    """A text, a file, or both. Whether contact details are meant is asked only after they were seen."""

    text = forms.CharField(
        label=_("Your message"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = forms.FileField(label=_("A file"), required=False, help_text=_("JPEG, PNG, WebP, MP4 or PDF, up to 10 MB."))
    is_sure = forms.BooleanField(
        label=_("Send it with the contact details"), required=False, widget=forms.HiddenInput, initial=False
    )

    def ask_whether_sure(self) -> None:
        """From now on the form shows the box."""
        self.fields["is_sure"].widget = forms.CheckboxInput()


class ReportForm(forms.Form):
    """What is wrong with a message."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=ReportReason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(label=_("A few words for us"), max_length=500, required=False, widget=LINES)
