"""A Hypothesis state machine over the whole bank: people, Stripe, banks, webhooks, workers, faults and time, in any
order. After every step the promises of ``promises.py`` hold; when trouble ends, ledger and Stripe agree to the cent.

The quick suite plays 40 runs of 30 steps, always the same; ``manage.py torture machine --runs 200`` plays more.
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.payments.machine.beginnings import Beginnings
from tests.payments.machine.claims import Claims
from tests.payments.machine.disputes import Disputes
from tests.payments.machine.money_in import MoneyIn
from tests.payments.machine.money_out import MoneyOut, Payees
from tests.payments.machine.wallets import Crews, Wallets
from tests.payments.machine.weather import News, Weather, Workers
from tests.plugins.sandbox import Bank

RUNS = int(os.environ.get("MACHINE_RUNS", "40"))
STEPS = int(os.environ.get("MACHINE_STEPS", "30"))
SEED = int(os.environ.get("MACHINE_SEED", "1"))
SHARES = 4  # so that cores can share the work


class Machine(Beginnings, MoneyIn, Wallets, Crews, MoneyOut, Claims, Disputes, Payees, Weather, News, Workers):
    """All rules together. A new act of the bank is a class of rules more."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("share", range(SHARES))
def test_whatever_happens_nothing_is_lost_and_nothing_is_paid_twice(bank: Bank, share: int) -> None:
    play = settings(
        max_examples=-(-RUNS // SHARES),
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    machine: Any = seed(SEED * SHARES + share)(lambda: Machine(bank))

    run_state_machine_as_test(machine, settings=play)
