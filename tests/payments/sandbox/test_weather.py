"""Bad weather: some percent of all requests meet a fault, the same ones for the same seed."""

import pytest
import stripe

from payments.sandbox import faults
from payments.sandbox.server import Sandbox


def storms(sandbox: Sandbox, requests: int = 500) -> list[faults.Fault | None]:
    store = sandbox.engine.world.store
    return [faults.strike(store, "GET", "/v1/balance") for _ in range(requests)]


def test_weather_strikes_so_many_percent_from_the_seed(sandbox: Sandbox) -> None:
    sandbox.control.set_weather(percent=12, seed=7)
    first = storms(sandbox)
    sandbox.engine.world.store.set_knob("count:weather", 0)

    again = storms(sandbox)

    assert again == first
    struck = [fault for fault in first if fault is not None]
    assert 0.08 < len(struck) / len(first) < 0.16
    assert {fault.kind for fault in struck} == {"cut", "429", "409", "500", "delay"}


def test_the_weather_clears(sandbox: Sandbox, api: stripe.StripeClient) -> None:
    sandbox.control.set_weather(percent=12)
    sandbox.control.set_weather(percent=0)

    assert storms(sandbox, requests=50) == [None] * 50
    assert api.v1.balance.retrieve().object == "balance"


def test_an_armed_fault_comes_before_the_weather(sandbox: Sandbox, api: stripe.StripeClient) -> None:
    sandbox.control.set_weather(percent=99)
    sandbox.control.fault(route="GET /v1/balance", kind="401")

    with pytest.raises(stripe.AuthenticationError):
        api.v1.balance.retrieve()
