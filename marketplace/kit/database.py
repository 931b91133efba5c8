"""Where the database is, and the limits every connection has."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import environ


def database(url: str, *, test_name: str = "") -> dict[str, Any]:
    """Read a postgres:// URL; a socket folder goes in ``?host=`` because django-environ keeps %2F quoted."""
    config: dict[str, Any] = dict(environ.Env.db_url_config(url))
    options = config.setdefault("OPTIONS", {})
    host = parse_qs(urlsplit(url).query).get("host", [""])[0]
    options.pop("host", None)
    config["HOST"] = host or config.get("HOST", "")
    config["CONN_MAX_AGE"] = 60
    config["CONN_HEALTH_CHECKS"] = True
    options["options"] = (
        "-c lock_timeout=3s -c statement_timeout=10s -c idle_in_transaction_session_timeout=15s -c timezone=UTC"
    )
    config["TEST"] = {"NAME": test_name or None}
    return config
