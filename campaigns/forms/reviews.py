"""Saying how the work with the other side was, and answering."""

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.offer import LINES

STARS = [
    ("5", _("5 – I would do it again at once")),
    ("4", _("4 – good")),
    ("3", _("3 – all right")),
    ("2", _("2 – with trouble")),
    ("1", _("1 – never again")),
]


class ReviewForm(forms.Form):
    """Stars and words. Neither can be changed later."""

    stars = forms.TypedChoiceField(label=_("How was it?"), choices=STARS, coerce=int, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("In your words"), max_length=1000, widget=LINES, help_text=_("Everybody can read this, with your name.")
    )


class AnswerReviewForm(forms.Form):
    """An answer to a review, once."""

    text = forms.CharField(label=_("Your answer"), max_length=1000, widget=LINES)
