"""What in a message leads away from here: a phone number, an address, another messenger, a way to pay. Pure.

Before the payment is secured it is a warning to both sides, never a refusal: people may know each other, and a
pattern is no proof. Each is written so that dates, prices and hashtags are none of them.
"""

from __future__ import annotations

import re

PHONE, MAIL, LINK, MESSENGER, PAYMENT = "phone", "mail", "link", "messenger", "payment"
FEWEST_DIGITS, MOST_DIGITS = 8, 15  # a number with its area; the longest that E.164 knows
_NUMBER = re.compile(r"(?<![\w#@.,])(?:\+|00)?\(?\d(?:[ \u00a0()/.\-]{0,2}\d){6,17}(?!\w)")
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_GROUPED = re.compile(r"\d{1,3}(?:[. \u00a0]\d{3})+(?:,\d{2})?")  # 1.250.000 or 12 000 000
_PATTERNS = {
    MAIL: re.compile(r"\S@\S+\.\w{2,}|\w\s*[\[(]\s*at\s*[\])]\s*\w+\s*[\[(.]", re.I),
    LINK: re.compile(r"https?://|\bwww\.\w|\b[\w-]+\.(?:com|net|org|de|fr|me|io|app|link|shop)/\S", re.I),
    MESSENGER: re.compile(r"\b(?:whats\s?app|telegram|signal|wechat|viber|discord|snapchat)\b|\bt\.me\b", re.I),
    PAYMENT: re.compile(
        r"\b(?:paypal|venmo|revolut|cash\s?app|zelle|western union|bitcoin|usdt)\b"
        r"|\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){3,7}\b",  # an IBAN
        re.I,
    ),
}


def leading_away(text: str) -> list[str]:
    """Which kinds of contact a text holds, in a fixed order; empty for most."""
    found = [PHONE] if _has_phone(text) else []
    return found + [kind for kind, pattern in _PATTERNS.items() if pattern.search(text)]


def _has_phone(text: str) -> bool:
    without_dates = _DATE.sub(" · ", text)
    for match in _NUMBER.finditer(without_dates):
        said = match.group().strip()
        digits = sum(letter.isdigit() for letter in said)
        if FEWEST_DIGITS <= digits <= MOST_DIGITS and not _GROUPED.fullmatch(said):
            return True
    return False
