"""The unmodified stripe library, pointed at the double."""

import pytest
import stripe

from payments.sandbox.server import Sandbox


@pytest.fixture
def sends_nonsense() -> bool:
    return True


@pytest.fixture
def api(sandbox: Sandbox) -> stripe.StripeClient:
    """Stripe's own client. Without retries, so that each test sees the first answer."""
    return stripe.StripeClient("sk_test_of_the_tests", base_addresses={"api": sandbox.url}, max_network_retries=0)
