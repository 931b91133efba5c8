"""Each story told by the real bank and the real sandbox; its ledger must read exactly as the page beside this file.

After a change that is meant, look at what is printed, check it with a pencil, and write it into the page.
"""

from pathlib import Path

import pytest

from marketplace.kit.money import Money
from payments import ledger, services
from payments.invariants import INVARIANTS, check
from payments.models import Hold, Payout, PayoutMethod, Refund
from payments.states import CaseKind, Chart
from tests.payments.reconciliation.nights import compared, kinds
from tests.payments.stories import disputes
from tests.payments.stories.books import Story, euros, table
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db

PAGES = Path(__file__).parent


def fund_release_and_pay_out(bank: Bank) -> None:
    bank.paid_out(bank.released().payee)


def partial_refund_then_release(bank: Bank) -> None:
    hold = bank.secured()
    services.refund(hold, amount=euros(33_33), reason="one of three posts fell away")
    bank.settle_down()
    services.release(hold)
    bank.settle_down()


def kill_fee(bank: Bank) -> None:
    hold = bank.secured()
    services.divide(hold, to_payee=euros(25_00), reason="called off after shooting began")
    bank.settle_down()


def crew_split(bank: Bank) -> None:
    crew = [bank.payee(name) for name in ("Mina", "Jo", "Ada")]
    hold = bank.hold_for_crew([(crew[0], 1), (crew[1], 1), (crew[2], 1)])
    bank.pay(hold)
    bank.settle_down()
    services.release(hold)
    bank.settle_down()


def wallet_filled_drawn_and_returned(bank: Bank) -> None:
    wallet = bank.filled_wallet(euros(300_00))
    hold = bank.hold(payer=wallet.payer)
    services.draw(wallet, hold)
    services.release(hold)
    bank.settle_down()
    services.close_wallet(wallet, reason="the campaign is over")
    bank.settle_down()


def wallet_gets_a_refund_back(bank: Bank) -> None:
    wallet = bank.filled_wallet(euros(109_00))
    hold = services.draw(wallet, bank.hold(payer=wallet.payer))
    services.divide(hold, to_payee=euros(50_00), reason="half of it was done")
    bank.settle_down()


def expired_checkout_paid_late(bank: Bank) -> None:
    bank.reserve(euros(5_00))  # out of which the processing of the late payment is paid
    hold = bank.hold()
    bank.pay(hold)
    services.expire_hold(hold)
    bank.settle_down()


def payout_failed(bank: Bank) -> None:
    payout = bank.paid_out(bank.released().payee)
    bank.sandbox.control.fail_payout(payout=payout.stripe_id)
    bank.settle_down()


def instant_payout(bank: Bank) -> None:
    payout = _at_once(bank)
    bank.sandbox.control.pay_payout(payout=payout.stripe_id)
    bank.settle_down()


def instant_payout_comes_back(bank: Bank) -> None:
    payout = _at_once(bank)
    bank.sandbox.control.fail_payout(payout=payout.stripe_id, code="could_not_process")
    bank.settle_down()


def _at_once(bank: Bank) -> Payout:
    payee = bank.released().payee
    bank.sandbox.control.settle()
    payout = services.request_payout(payee, method=PayoutMethod.INSTANT)
    bank.settle_down()
    payout.refresh_from_db()
    return payout


def release_refused_then_made(bank: Bank) -> None:
    hold = bank.secured()
    bank.sandbox.control.fault(route="POST /v1/transfers", kind="400", count=1)
    services.release(hold)
    bank.settle_down()
    services.release(Hold.objects.get(pk=hold.pk))
    bank.settle_down()


def zero_decimals(bank: Bank) -> None:
    bank.reserve(Money(1_000, "JPY"))
    hold = bank.secured(Money(15_000, "JPY"))
    services.divide(hold, to_payee=Money(5_000, "JPY"), reason="a third of it was done")
    bank.settle_down()


def refund_after_release(bank: Bank) -> None:
    bank.reserve(euros(20_00))
    hold = bank.released()
    services.take_back(hold, amount=euros(60_00), reason="the post was taken down", by=bank.admin())
    bank.settle_down()


def refund_after_payout(bank: Bank) -> None:
    bank.reserve(euros(200_00))
    hold = bank.released()
    bank.paid_out(hold.payee)
    services.take_back(hold, reason="it was never published", by=bank.admin())
    bank.settle_down()


def refund_comes_back_and_is_sent_again(bank: Bank) -> None:
    bank.reserve(euros(20_00))
    hold = bank.secured()
    refund = services.refund(hold, reason="called off")
    bank.settle_down()
    bank.sandbox.control.fail_refund(refund=Refund.objects.get().stripe_id)
    bank.settle_down()
    services.refund_again(Refund.objects.get(pk=refund.pk), reason="the new card is known", by=bank.admin())
    bank.settle_down()


STORIES: list[Story] = [
    fund_release_and_pay_out,
    partial_refund_then_release,
    kill_fee,
    crew_split,
    wallet_filled_drawn_and_returned,
    wallet_gets_a_refund_back,
    expired_checkout_paid_late,
    payout_failed,
    instant_payout,
    instant_payout_comes_back,
    release_refused_then_made,
    zero_decimals,
    refund_after_release,
    refund_after_payout,
    refund_comes_back_and_is_sent_again,
    *disputes.STORIES,
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_the_ledger_tells_the_story(bank: Bank, story: Story) -> None:
    page = PAGES / f"{story.__name__}.txt"

    story(bank)

    told = table()
    assert told == (page.read_text() if page.exists() else ""), told
    assert_the_books_are_stripes(bank)
    assert_no_rule_is_broken()


def assert_no_rule_is_broken() -> None:
    broken = {look.invariant.name: look.rows for look in check(INVARIANTS, keep=False) if look.rows or look.trouble}
    assert broken == {}
    # A verdict that was turned round is a person's to look at; nothing else is.
    assert (compared().found, set(kinds()) - {CaseKind.DISPUTE}) == ([], set())


def assert_the_books_are_stripes(bank: Bank) -> None:
    bank.sandbox.control.settle()
    for row in bank.sandbox.control.balance()["available"]:
        assert ledger.balance(Chart.STRIPE, row["currency"].upper()).minor == row["amount"]


def test_no_page_is_left_without_its_story() -> None:
    assert {page.stem for page in PAGES.glob("*.txt")} == {story.__name__ for story in STORIES}
