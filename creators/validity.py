"""Checks a row before it is written and says what is wrong at the field."""

from collections.abc import Collection

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from marketplace.kit.errors import Invalid

# Languages we can name; ISO 639-1.
LANGUAGES = (
    ("ar", "Arabic"), ("bg", "Bulgarian"), ("bn", "Bengali"), ("ca", "Catalan"), ("cs", "Czech"), ("da", "Danish"),
    ("de", "German"), ("el", "Greek"), ("en", "English"), ("es", "Spanish"), ("et", "Estonian"), ("fa", "Persian"),
    ("fi", "Finnish"), ("fr", "French"), ("ga", "Irish"), ("he", "Hebrew"), ("hi", "Hindi"), ("hr", "Croatian"),
    ("hu", "Hungarian"), ("id", "Indonesian"), ("is", "Icelandic"), ("it", "Italian"), ("ja", "Japanese"),
    ("ko", "Korean"), ("lt", "Lithuanian"), ("lv", "Latvian"), ("nl", "Dutch"), ("no", "Norwegian"), ("pl", "Polish"),
    ("pt", "Portuguese"), ("ro", "Romanian"), ("ru", "Russian"), ("sk", "Slovak"), ("sl", "Slovenian"),
    ("sr", "Serbian"), ("sv", "Swedish"), ("sw", "Swahili"), ("th", "Thai"), ("tr", "Turkish"), ("uk", "Ukrainian"),
    ("ur", "Urdu"), ("vi", "Vietnamese"), ("zh", "Chinese"),
)  # fmt: skip
# Those most of our creators publish in: shown at once, the others one tap away.
COMMON_LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl", "pt")
LANGUAGE_CODES = frozenset(code for code, _word in LANGUAGES)


def check(thing: models.Model, *, exclude: Collection[str] = (), behind: str = NON_FIELD_ERRORS) -> None:
    """Raise Invalid with a message per field unless the row could be saved; ``behind`` takes errors of the whole."""
    _check_texts(thing)
    try:
        thing.full_clean(exclude=exclude)
    except ValidationError as error:
        fields = {behind if name == NON_FIELD_ERRORS else name: said for name, said in error.message_dict.items()}
        first = next(iter(fields.values()))[0]
        raise Invalid("invalid", first, fields=fields) from error


def _check_texts(thing: models.Model) -> None:
    """What only forms would check: the length of long texts, and characters that no text has."""
    for field in thing._meta.concrete_fields:
        if field.generated:
            continue
        value = getattr(thing, field.attname)
        if isinstance(value, str) and "\0" in value:
            raise refuse(field.name, _("This holds a character that no text has."))
        longest = getattr(field, "max_length", None)
        if isinstance(value, str) and isinstance(field, models.TextField) and longest and len(value) > longest:
            raise refuse(field.name, _("Keep this under %(max)d letters.") % {"max": longest})


def refuse(field: str, message: str, code: str = "invalid") -> Invalid:
    """An Invalid about one field."""
    return Invalid.at(field, code, message)
