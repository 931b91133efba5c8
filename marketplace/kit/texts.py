"""Text of one line: names and titles, which end up in the subject of a mail and in other people's sentences."""

import re

from django.db import models
from django.db.models import Q

# Control characters, the line ends that are none in ASCII, and the marks that turn the writing direction around.
# Python and PostgreSQL read this pattern alike.
BREAKS = r"[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]"
_BREAKS = re.compile(BREAKS)
_ADDRESS = re.compile(r"//|\bwww\.|\.\w{2,}[/?#:]|\S@\S+\.\w", re.I)


def one_line(text: str) -> str:
    """The text without line ends and control characters, and with single spaces."""
    return " ".join(_BREAKS.sub(" ", text).split())


def holds_address(text: str) -> bool:
    """Whether a name leads somewhere. It stands in mails of ours to people who never heard of who wrote it.

    “Kuchen.de” is a name; “kuchen.de/login”, “www.kuchen.de” and “https://kuchen.de” are addresses.
    """
    return bool(_ADDRESS.search(text))


def stays_one_line(column: str, *, name: str) -> models.CheckConstraint:
    """The constraint that makes this true of every row, whoever writes it."""
    return models.CheckConstraint(
        condition=~Q(**{f"{column}__regex": BREAKS}), name=name, violation_error_message="Write this in one line."
    )
