"""Amounts as people type them: with a currency's sign, with separators, read only when they can mean one thing."""

import re

from babel.numbers import get_currency_symbol

from marketplace.kit.errors import Invalid
from marketplace.kit.money import Money

# Spaces and apostrophes only ever group; a point or a comma may also be the decimal one.
_GROUPING = re.compile(r"[\s'’]")
_PLAIN = re.compile(r"\d+(?:[.,]\d{1,3})?")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d{1,3})?")


def read_amount(text: str, currency: str) -> Money:
    """Read “1240.5”, “1.240,50”, “1,240.50”, “€600” or “600 EUR”. Raises Invalid, with the reason, on anything else."""
    bare = _GROUPING.sub("", _without_sign(text.strip(), currency))
    if re.fullmatch(r"[-−–][\d.,]+", bare):
        raise Invalid("negative_amount", "The amount must be more than nothing.")
    if len(re.sub(r"\D", "", bare)) > 15 and re.fullmatch(r"[\d.,]+", bare):
        raise Invalid("amount_too_large", "That amount is larger than we handle.")
    return Money.parse(_with_point(bare, currency), currency)


def _without_sign(text: str, currency: str) -> str:
    """The text without the currency's sign or code before or behind it."""
    for sign in (currency, get_currency_symbol(currency, "en"), get_currency_symbol(currency, "en")[-1:]):
        lowered = text.lower()
        if lowered.startswith(sign.lower()):
            return text[len(sign) :].strip()
        if lowered.endswith(sign.lower()):
            return text[: -len(sign)].strip()
    return text


def _with_point(text: str, currency: str) -> str:
    """The same digits with a decimal point and nothing else; what is no amount stays as it is."""
    marks = re.findall(r"[.,]", text)
    if len(marks) == 1 and re.fullmatch(r"\d{1,3}[.,]\d{3}", text) and Money(0, currency).exponent != 3:
        whole = re.sub(r"[.,]", "", text)
        raise Invalid("ambiguous_amount", f"“{text}” can be read in two ways. Write {whole}, or the decimals shorter.")
    if _PLAIN.fullmatch(text):
        return text.replace(",", ".")
    if not _GROUPED.fullmatch(text):
        return text
    if len(set(marks)) == 1:
        return re.sub(r"[.,]", "", text)
    whole, decimals = text.rsplit(marks[-1], 1)
    return re.sub(r"[.,]", "", whole) + "." + decimals
