"""Whatever moves our balance at Stripe has a balance transaction there, and the posting names it."""

import pytest

from marketplace.kit.money import Money
from payments import gateway, services
from payments.models import Posting
from payments.states import Chart
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def test_every_move_of_our_balance_is_booked_with_stripes_balance_transaction(bank: Bank) -> None:
    bank.keep_reserve()
    refund = services.refund(bank.secured(), amount=Money(40_00, "EUR"), reason="a part")
    bank.settle_down()
    refund.refresh_from_db()
    bank.sandbox.control.fail_refund(refund=refund.stripe_id)
    bank.settle_down()
    services.release(refund.hold)
    bank.settle_down()

    lines = gateway.call("balance_transaction.list", {"limit": 100}, key=None)

    assert isinstance(lines, gateway.Success)
    booked = Posting.objects.filter(entries__chart=Chart.STRIPE).values_list("kind", "source")
    assert {line["id"] for line in lines.data["data"] if line["type"] != "topup"} == {line for _, line in booked}
    assert sorted(kind for kind, _ in booked) == ["funded", "refund_confirmed", "refund_failed", "release_confirmed"]
