"""Form fields that speak the kit's types, and the way a domain "no" lands beside the field it is about."""

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms

from marketplace.kit.amounts import read_amount
from marketplace.kit.errors import DomainError, Invalid, NotAllowed
from marketplace.kit.money import Money

Result = TypeVar("Result")


class MoneyField(forms.CharField):
    """An amount in major units, as people type it, read exactly. ``currency`` is set by the form that knows it."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, *, currency: str = "EUR", **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)
        self.currency = currency

    def clean(self, value: Any) -> Money | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            money = read_amount(text, self.currency)
        except Invalid as error:
            raise forms.ValidationError(error.message, code=error.code) from error
        if money.minor == 0:
            raise forms.ValidationError("The amount must be more than nothing.", code="zero_amount")
        return money

    def prepare_value(self, value: Any) -> Any:
        return format(value.major, "f") if isinstance(value, Money) else value


def attempt(form: forms.BaseForm, call: Callable[[], Result]) -> Result | None:
    """Run a service for a valid form. A DomainError becomes the form's error, so that nothing typed is lost.

    Only "this is not yours to do" does not: no other text in the form would help.
    """
    try:
        return call()
    except NotAllowed:
        raise
    except DomainError as error:
        _attach(form, error)
        return None


def _attach(form: forms.BaseForm, error: DomainError) -> None:
    fields = error.fields if isinstance(error, Invalid) else {}
    known = {name: messages for name, messages in fields.items() if name in form.fields}
    for name, messages in known.items():
        form.add_error(name, [forms.ValidationError(message, code=error.code) for message in messages])
    if not known:
        form.add_error(None, forms.ValidationError(error.message, code=error.code))
