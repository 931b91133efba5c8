"""One line a log entry: readable on a laptop, JSON on a server."""

import logging
import re
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

_SECRET = ("password", "secret", "token", "authorization", "cookie", "signature", "api_key")
_HIDDEN = "[hidden]"
# What is a secret or a person's address wherever it stands: our keys, Stripe's, and e-mail.
_SHAPES = re.compile(r"\b(?:gw|[sr]k_live|[sr]k_test|whsec)_[\w-]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_STEPS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def scrub(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blank what is named like a secret, or looks like one, before it reaches a log."""
    for key in event:
        if key != "exc_info":  # it becomes text, and comes by again
            event[key] = _blank(key, event[key])
    return event


def _blank(name: str, value: Any) -> Any:
    if any(word in name.lower() for word in _SECRET):
        return _HIDDEN
    if isinstance(value, str):
        return _SHAPES.sub(_HIDDEN, value)
    if isinstance(value, Mapping):
        return {key: _blank(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_blank("", inner) for inner in value]
    return value


def formatter(*, pretty: bool) -> logging.Formatter:
    """The formatter that settings.LOGGING names; also points structlog at the standard library."""
    structlog.configure(
        processors=[*_STEPS, scrub, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    # A plain traceback: the one with every variable takes a second to draw, and nothing could be blanked in it.
    lines = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_STEPS, scrub],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            scrub,  # once more: the traceback has become text
            lines if pretty else structlog.processors.JSONRenderer(),
        ],
    )


def logging_config(*, level: str, pretty: bool) -> dict[str, Any]:
    """What settings.LOGGING holds."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter, "pretty": pretty}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django_structlog": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
            "fontTools": {"level": "WARNING"},
            "stripe": {"level": "WARNING"},
        },
    }
