"""Who counts as one visitor, and what too many requests are answered."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import RequestFactory
from rest_framework.settings import api_settings
from rest_framework.throttling import AnonRateThrottle


@pytest.mark.parametrize(
    ("proxies", "forwarded", "who"),
    [
        (0, "10.0.0.1", "198.51.100.7"),
        (0, "10.0.0.2", "198.51.100.7"),
        (1, "10.0.0.1, 203.0.113.5", "203.0.113.5"),
        (1, "10.0.0.2, 203.0.113.5", "203.0.113.5"),
    ],
)
def test_a_forwarded_address_counts_only_from_our_own_proxies(
    proxies: int, forwarded: str, who: str, settings: Any
) -> None:
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": proxies}
    request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.7", HTTP_X_FORWARDED_FOR=forwarded)

    assert AnonRateThrottle().get_ident(request) == who  # type: ignore[arg-type]


def test_the_api_trusts_as_many_proxies_as_the_pages(settings: Any) -> None:
    assert api_settings.NUM_PROXIES == settings.ALLAUTH_TRUSTED_PROXY_COUNT == 0
