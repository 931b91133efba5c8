"""Tables of settings that cannot be meant are refused before anything starts."""

from typing import Any

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from marketplace.kit.tables import ladder, sums

RUNGS = {"waiting": 1_000, "begun": 2_500, "approved": 10_000}


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(environ.Env, "ENVIRON", {})
    return environ.Env


def test_a_ladder_is_read_rung_by_rung(env: Any) -> None:
    env.ENVIRON["KILL_FEE_BPS_WAITING"] = "2500"

    assert ladder(env(), "KILL_FEE_BPS", RUNGS) == {"waiting": 2_500, "begun": 2_500, "approved": 10_000}


@pytest.mark.parametrize(("name", "bps"), [("WAITING", -1), ("APPROVED", 10_001), ("BEGUN", 999), ("WAITING", 2_501)])
def test_a_ladder_that_goes_down_or_out_of_range_starts_nothing(env: Any, name: str, bps: int) -> None:
    env.ENVIRON[f"KILL_FEE_BPS_{name}"] = str(bps)

    with pytest.raises(ImproperlyConfigured, match="KILL_FEE_BPS_"):
        ladder(env(), "KILL_FEE_BPS", RUNGS)


def test_sums_are_minor_units_of_currencies(env: Any) -> None:
    env.ENVIRON["LEAST"] = "EUR=100,JPY=150"

    assert sums(env(), "LEAST") == {"EUR": 100, "JPY": 150}
    assert sums(env(), "NOT_SET") == {}


@pytest.mark.parametrize("written", ["EUR=1.00", "EUR=-1", "EURO=100", "EUR="])
def test_a_sum_that_is_none_starts_nothing(env: Any, written: str) -> None:
    env.ENVIRON["LEAST"] = written

    with pytest.raises(ImproperlyConfigured, match="LEAST is written like"):
        sums(env(), "LEAST")
