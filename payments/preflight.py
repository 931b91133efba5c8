"""What these books must not be opened with; `migrate` and `manage.py check --database default` say so."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from payments.gateway import is_live

HINT = "Set STRIPE_SECRET_KEY of the mode that this database was used with, or begin with an empty one."


@register(Tags.database)
def books_and_key_are_of_one_mode(
    app_configs: Sequence[Any] | None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Real money is never moved by books of test money, nor the other way round."""
    events: Any = apps.get_model("payments.StripeEvent")
    for name in databases or ():
        if events._meta.db_table not in connections[name].introspection.table_names():
            continue  # before the first migration
        mode = events.objects.using(name).livemode()
        if mode not in {None, is_live()}:
            books, key = ("live", "test") if mode else ("test", "live")
            words = f"The books of this database were made in Stripe's {books} mode, and the key is of {key} mode."
            return [Error(words, hint=HINT, id="goodword.E003")]
    return []
