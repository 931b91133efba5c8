"""Asking for a key."""

from django import forms
from django.utils.translation import gettext_lazy as _


class KeyForm(forms.Form):
    """What the key is for and whether it may change things."""

    name = forms.CharField(label=_("What is it for?"), max_length=60)
    may_write = forms.BooleanField(label=_("It may change things, not only read"), required=False)
    days = forms.IntegerField(label=_("Days until it expires"), min_value=1, max_value=366, initial=90)
