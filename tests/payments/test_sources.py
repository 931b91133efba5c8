"""Whatever moves our balance at Stripe has a balance transaction there, and the posting names it."""

import pytest

from marketplace.kit.money import Money
from payments import gateway, services
from payments.models import Posting
from payments.settlement import sending
from payments.states import Chart, RefundState
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def test_every_move_of_our_balance_is_booked_with_stripes_balance_transaction(bank: Bank) -> None:
    bank.reserve(Money(10_00, "EUR"))
    hold = bank.secured()
    refund = services.refund(hold, amount=Money(40_00, "EUR"), reason="a part")
    bank.settle_down()
    refund.refresh_from_db()
    bank.sandbox.control.fail_refund(refund=refund.stripe_id)
    bank.settle_down()
    services.release(hold)
    bank.settle_down()

    lines = gateway.call("balance_transaction.list", {"limit": 100}, key=None)

    assert isinstance(lines, gateway.Success)
    booked = Posting.objects.filter(entries__chart=Chart.STRIPE).values_list("kind", "source")
    assert {line["id"] for line in lines.data["data"]} == {line for _, line in booked}
    assert sorted(kind for kind, _ in booked) == [
        "funded", "refund_confirmed", "refund_failed", "release_confirmed", "topup",
    ]  # fmt: skip


def test_a_refund_that_left_and_came_back_before_we_heard_is_booked_as_both(bank: Bank) -> None:
    bank.reserve(Money(10_00, "EUR"))
    hold = bank.secured()
    refund = services.refund(hold, reason="called off")
    bank.sandbox.control.fault(route="POST /v1/refunds", kind="cut", count=1, after=True)
    bank.sandbox.control.set_webhooks(hold=True)
    sending.run_due()
    (made,) = bank.sandbox.engine.world.store.newest("refund", "")
    bank.sandbox.control.fail_refund(refund=made[1]["id"])
    bank.sandbox.control.set_webhooks(hold=False)

    bank.settle_down()

    refund.refresh_from_db()
    assert refund.state == RefundState.FAILED
    assert sorted(Posting.objects.exclude(source="").values_list("kind", flat=True)) == [
        "funded", "refund_confirmed", "refund_failed", "topup",
    ]  # fmt: skip
