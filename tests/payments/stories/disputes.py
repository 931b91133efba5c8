"""A payer's bank takes the payment back, at every stage of what was paid for: what each verdict does to the books."""

from payments import services
from payments.models import Account, Checkout, Dispute, Hold
from tests.payments import verdicts
from tests.payments.stories.books import Story, euros
from tests.plugins.sandbox import Bank


def dispute_won_while_held(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    bank.disputed(bank.secured(), won=True)


def dispute_lost_while_held(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    bank.disputed(bank.secured(), won=False)


def dispute_lost_in_part_while_held(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    bank.disputed(bank.secured(), won=False, amount=54_50)


def inquiry_closed(bank: Bank) -> None:
    """The bank only asked: nothing was taken, and the work is paid as if nobody had asked."""
    hold = bank.secured()
    asked = verdicts.open_dispute(bank, hold.checkouts.get(), inquiry=True)
    verdicts.judge(bank, asked, won=True)
    services.release(hold)
    bank.settle_down()


def inquiry_becomes_a_dispute_and_is_lost(bank: Bank) -> None:
    bank.reserve(euros(50_00))
    asked = verdicts.open_dispute(bank, bank.secured().checkouts.get(), inquiry=True)
    bank.sandbox.control.escalate_dispute(dispute=asked.stripe_id)
    bank.settle_down()
    verdicts.judge(bank, asked, won=False)


def dispute_won_while_the_release_waits(bank: Bank) -> None:
    """Approved, and the payee cannot receive yet: they are paid whatever the bank says, here after it has said it."""
    bank.reserve(euros(50_00))
    hold = _approved(bank, 100_00)
    bank.disputed(hold, won=True)
    bank.onboard(hold.payee)


def dispute_lost_while_the_release_waits(bank: Bank) -> None:
    """Up to the limit the loss is ours: what was approved stays paid."""
    bank.reserve(euros(200_00))
    hold = _approved(bank, 100_00)
    bank.disputed(hold, won=False)
    bank.onboard(hold.payee)


def dispute_lost_while_the_release_waits_above_what_we_bear(bank: Bank) -> None:
    """What is above the limit is not sent at all."""
    bank.reserve(euros(1000_00))
    hold = _approved(bank, 800_00)
    bank.disputed(hold, won=False)
    bank.onboard(hold.payee)


def dispute_won_after_release(bank: Bank) -> None:
    bank.reserve(euros(200_00))
    bank.disputed(bank.released(), won=True)


def dispute_lost_after_release(bank: Bank) -> None:
    bank.reserve(euros(200_00))
    bank.disputed(bank.released(), won=False)


def dispute_lost_after_release_above_what_we_bear(bank: Bank) -> None:
    """The payee's account holds it still: it is reversed."""
    bank.reserve(euros(1000_00))
    bank.disputed(bank.released(euros(800_00)), won=False)


def dispute_won_after_payout(bank: Bank) -> None:
    bank.reserve(euros(200_00))
    hold = bank.released()
    bank.paid_out(hold.payee)
    bank.disputed(hold, won=True)


def dispute_lost_after_payout(bank: Bank) -> None:
    bank.reserve(euros(200_00))
    hold = bank.released()
    bank.paid_out(hold.payee)
    bank.disputed(hold, won=False)


def dispute_lost_after_payout_above_what_we_bear(bank: Bank) -> None:
    """Nothing is there to be reversed: the payee owes it."""
    bank.reserve(euros(1000_00))
    hold = bank.released(euros(800_00))
    bank.paid_out(hold.payee)
    bank.disputed(hold, won=False)


def dispute_won_on_a_wallet(bank: Bank) -> None:
    """Nothing of it is drawn while the bank judges; afterwards what is left can be returned."""
    bank.reserve(euros(300_00))
    wallet = bank.filled_wallet(euros(300_00))
    services.draw(wallet, bank.hold(payer=wallet.payer))
    bank.judge(str(wallet.checkouts.get().charge), won=True)
    services.return_left(wallet, reason="the rest is not needed")
    bank.settle_down()


def dispute_lost_on_a_wallet(bank: Bank) -> None:
    bank.reserve(euros(300_00))
    wallet = bank.filled_wallet(euros(300_00))
    services.draw(wallet, bank.hold(payer=wallet.payer))
    services.release(services.draw(wallet, bank.hold(payer=wallet.payer)))
    bank.settle_down()
    bank.judge(str(wallet.checkouts.get().charge), won=False)


def dispute_won_while_a_crew_is_half_paid(bank: Bank) -> None:
    hold = _half_paid_crew(bank)
    bank.disputed(hold, won=True)
    services.unfreeze(hold)
    services.release(hold)
    bank.settle_down()


def dispute_lost_while_a_crew_is_half_paid(bank: Bank) -> None:
    """What is still held goes first; who was paid stays paid, up to the limit."""
    bank.disputed(_half_paid_crew(bank), won=False)


def dispute_won_on_a_late_payment(bank: Bank) -> None:
    """It pays for nothing: what came back of it is still the payer's, and is sent once more."""
    late = _late(bank)
    bank.judge(str(late.charge), won=True)
    refund = late.refunds.get()
    services.refund_again(refund, reason="the bank has judged", by=bank.admin())
    bank.settle_down()


def dispute_lost_on_a_late_payment(bank: Bank) -> None:
    """The bank has given the payer what we owed them."""
    bank.judge(str(_late(bank).charge), won=False)


def verdict_turned_after_an_appeal(bank: Bank) -> None:
    """Lost after the payout, appealed and won: nobody owes any more."""
    bank.reserve(euros(1000_00))
    hold = bank.released(euros(800_00))
    bank.paid_out(hold.payee)
    bank.disputed(hold, won=False)
    dispute = Dispute.objects.get()
    verdicts.tell(bank, dispute, "appeal_under_review")
    verdicts.tell(bank, dispute, "won", dispute.amount_minor)


def _approved(bank: Bank, minor: int) -> Hold:
    hold = bank.secured(euros(minor), payee=bank.payee(onboarded=False))
    services.release(hold)
    bank.settle_down()
    return hold


def _half_paid_crew(bank: Bank) -> Hold:
    """Jo has his half; Mina's transfer was refused, so hers is secured again."""
    bank.reserve(euros(200_00))
    crew: list[Account] = [bank.payee(name) for name in ("Mina", "Jo")]
    hold = bank.hold_for_crew([(one, 1) for one in crew])
    bank.pay(hold)
    bank.settle_down()
    bank.sandbox.control.fault(route="POST /v1/transfers", kind="400", count=1)
    services.release(hold)
    bank.settle_down()
    hold.refresh_from_db()
    return hold


def _late(bank: Bank) -> Checkout:
    """Paid after the end; the refund did not arrive, so the money lies with us when the bank takes it."""
    bank.reserve(euros(50_00))
    hold = bank.hold()
    bank.pay(hold)
    services.expire_hold(hold)
    bank.settle_down()
    late = hold.checkouts.get()
    bank.sandbox.control.fail_refund(refund=late.refunds.get().stripe_id)
    bank.settle_down()
    return late


STORIES: list[Story] = [
    dispute_won_while_held,
    dispute_lost_while_held,
    dispute_lost_in_part_while_held,
    inquiry_closed,
    inquiry_becomes_a_dispute_and_is_lost,
    dispute_won_while_the_release_waits,
    dispute_lost_while_the_release_waits,
    dispute_lost_while_the_release_waits_above_what_we_bear,
    dispute_won_after_release,
    dispute_lost_after_release,
    dispute_lost_after_release_above_what_we_bear,
    dispute_won_after_payout,
    dispute_lost_after_payout,
    dispute_lost_after_payout_above_what_we_bear,
    dispute_won_on_a_wallet,
    dispute_lost_on_a_wallet,
    dispute_won_while_a_crew_is_half_paid,
    dispute_lost_while_a_crew_is_half_paid,
    dispute_won_on_a_late_payment,
    dispute_lost_on_a_late_payment,
    verdict_turned_after_an_appeal,
]
