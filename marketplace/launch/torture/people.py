"""The people of `torture money`: many at once, each telling one collaboration after the other, then the payouts."""

import os
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.db import connection

from marketplace.launch.torture.audit import figures, is_settled
from marketplace.launch.torture.patience import at_stripe, persist
from marketplace.launch.torture.plots import CURRENCIES, plan, play
from marketplace.launch.torture.stage import read, write
from payments import ledger, services
from payments.models import Account
from payments.states import AccountKind, Chart, PayoutState

AT_ONCE = 24
RESERVE_MINOR = 100_000_000
LONGEST_SECONDS = 300.0  # more than is promised, so that the figures say by how much


class Tally:
    """How far everybody is, told to the launcher; and what went wrong for whom."""

    def __init__(self, folder: Path) -> None:
        self.place = folder / "progress.json"
        self.lock = threading.Lock()
        self.done, self.whole, self.words = 0, 1, "Collaborations"
        self.complaints: list[str] = []

    def each(self, act: Callable[[Any], None], things: Iterable[Any]) -> None:
        """Everybody does theirs; whoever gives up is heard, and the others go on."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda thing: self._one(act, thing), things))

    def _one(self, act: Callable[[Any], None], thing: Any) -> None:
        try:
            act(thing)
        except Exception as problem:
            traceback.print_exc()
            self.complaints.append(f"{thing}: {type(problem).__name__}: {problem}"[:300])
        finally:
            connection.close()
        with self.lock:
            self.done += 1
            self.tell()

    def tell(self) -> None:
        write(self.place, {"done": self.done, "whole": self.whole, "words": self.words})


def main() -> None:
    """Everything the people do, and what the books say in the end."""
    folder = Path(os.environ["GOODWORD_DATA"])
    order = read(folder / "order.json") or {}
    plots = list(plan(order["collaborations"], order["seed"]))
    tally = Tally(folder)
    tally.whole = len(plots) + len({(plot.amount.currency, plot.side) for plot in plots})
    tally.tell()
    for currency in CURRENCIES:
        # What refunds and processing cost more than a hold has brought comes out of the platform's own money.
        persist(lambda currency=currency: added(currency), "the reserve")  # type: ignore[misc]
    at_stripe("set_weather", percent=order["faults"], seed=order["seed"])
    tally.each(play, plots)
    tally.words = "Payouts"
    tally.each(pay_out, Account.objects.filter(kind=AccountKind.PAYEE))
    calm = persist(lambda: read(folder / "calm.json"), "the last kill")
    persist(lambda: at_stripe("set_weather", percent=0) is None, "better weather")
    seconds = wait_until_settled(float(calm["last_kill_at"]))
    facts = persist(lambda: figures(RESERVE_MINOR), "the figures")
    write(folder / "figures.json", {
        **order, **facts, "kills_by_victim": calm["kills"], "seconds_to_settle": seconds,
        "complaints": tally.complaints, "load": os.getloadavg()[0],
    })  # fmt: skip


def added(currency: str) -> bool:
    return bool(at_stripe("add_funds", amount=RESERVE_MINOR, currency=currency.lower()))


def pay_out(payee: Account) -> None:
    """All of it goes to the payee's bank, however often they have to ask."""

    def empty() -> bool:
        moving = payee.payouts.filter(state__in=[PayoutState.REQUESTED, PayoutState.ON_ITS_WAY]).exists()
        if not moving and ledger.held(Chart.MEMO_CONNECTED, payee.public_id, payee.currency):
            services.request_payout(payee)
            return False
        return not moving

    persist(empty, f"payouts of {payee.name}")


def wait_until_settled(last_kill_at: float) -> float | None:
    """Seconds from the last kill until nothing was under way any more; None when that was too long."""
    while time.time() - last_kill_at < LONGEST_SECONDS:
        if persist(lambda: [is_settled()], "a look")[0]:
            return time.time() - last_kill_at
        time.sleep(1)
    return None
