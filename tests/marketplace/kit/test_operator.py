"""Who runs the market, read from the environment."""

from typing import Any

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from marketplace.kit.operator import Operator, operator


def read(monkeypatch: pytest.MonkeyPatch, **given: str) -> Operator:
    for name, value in given.items():
        monkeypatch.setenv(f"OPERATOR_{name.upper()}", value)
    env: Any = environ.Env()
    return operator(env)


def test_nobody_is_an_operator_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    us = read(monkeypatch, name=" ")

    assert not us.is_named
    assert (us.vat_bps, us.prefix, us.address) == (0, "GW", ())


def test_an_operator_has_an_address_of_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    us = read(monkeypatch, name="Goodword GmbH", address="Market Street 1 | 89073 Ulm|", country="de", vat_id="DE1")

    assert us.is_named
    assert (us.address, us.country, us.vat_id) == (("Market Street 1", "89073 Ulm"), "DE", "DE1")


@pytest.mark.parametrize(("percent", "bps"), [("", 0), ("0", 0), ("19", 1900), ("8.1", 810), ("25.50", 2550)])
def test_vat_is_a_percentage(monkeypatch: pytest.MonkeyPatch, percent: str, bps: int) -> None:
    assert read(monkeypatch, vat_percent=percent).vat_bps == bps


@pytest.mark.parametrize("percent", ["19 %", "-1", "100", "8.125", "nan", "Infinity", "a lot"])
def test_vat_that_cannot_be_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, percent: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="OPERATOR_VAT_PERCENT"):
        read(monkeypatch, vat_percent=percent)
