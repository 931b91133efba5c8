"""`manage.py torture machine`: the Hypothesis state machine of the bank, played longer and from any seed."""

import os

from marketplace.launch.suite import test


def play_machine(*, runs: int, steps: int, seed: int) -> int:
    """The tests' own machine on the tests' own servers; their exit code is ours."""
    os.environ.update(MACHINE_RUNS=str(runs), MACHINE_STEPS=str(steps), MACHINE_SEED=str(seed))
    return test(["tests/payments/machine"])
