"""What a server must not be started with; `manage.py check --deploy` says so."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Doubt

HINT = "GOODWORD_LOCAL=1 says that this is one machine to try things on."


@register(Tags.security, deploy=True)
def money_is_real(app_configs: Sequence[Any] | None, **_kwargs: Any) -> list[CheckMessage]:
    """A server without DEBUG speaks to Stripe itself, with a key that is not for tests."""
    if settings.DEBUG or settings.LOCAL:
        return []
    found: list[CheckMessage] = []
    if settings.STRIPE_API_BASE:
        found.append(Error("STRIPE_API_BASE names a double of Stripe: no money moves.", hint=HINT, id="goodword.E001"))
    if "_test_" in settings.STRIPE_SECRET_KEY:
        found.append(Error("STRIPE_SECRET_KEY is a key for tests: no money moves.", hint=HINT, id="goodword.E002"))
    return found


@register(Tags.security, deploy=True)
def invoices_are_somebodys(app_configs: Sequence[Any] | None, **_kwargs: Any) -> list[CheckMessage]:
    """Who takes a fee issues invoices for it, and needs a name to do so."""
    if settings.DEBUG or settings.LOCAL or settings.OPERATOR.is_named:
        return []
    words = "OPERATOR_NAME is empty: every invoice is marked as a demo."
    return [Doubt(words, hint="Set OPERATOR_NAME, OPERATOR_ADDRESS and OPERATOR_COUNTRY.", id="goodword.W001")]


@register()
def the_chosen_model_is_here(app_configs: Sequence[Any] | None, **_kwargs: Any) -> list[CheckMessage]:
    """The light model comes in a package that is installed only where it is wanted."""
    if not settings.EMBEDDING_LIGHT or find_spec("wordllama"):
        return []
    words = "EMBEDDING_LIGHT is set and the package wordllama is not installed: posts are read by letters alone."
    return [Doubt(words, hint="pip install --no-deps wordllama", id="goodword.W002")]
