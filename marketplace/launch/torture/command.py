"""`manage.py torture`: promises tried under trouble that is made on purpose. Exits non-zero when one is broken."""

import argparse
import json
import secrets
import sys

from marketplace.launch.greeting import console
from marketplace.launch.torture.machine import play_machine
from marketplace.launch.torture.report import broken, table
from marketplace.launch.torture.stage import Order, Stage


def torture(arguments: list[str]) -> int:
    """Which torture, how much of it, and from which seed."""
    options = parse(arguments)
    seed = options.seed if options.seed is not None else secrets.randbelow(1_000_000)
    if options.what == "machine":
        return play_machine(runs=options.runs, steps=options.steps, seed=seed)
    order = Order(options.collaborations, options.kills, seed, options.faults)
    console.print(
        f"{order.collaborations:,} collaborations, {order.kills} kills, {order.faults} % faults, seed {seed}.",
        highlight=False,
    )
    figures = Stage(order).run()
    if options.json:
        sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    else:
        console.print(table(figures))
    for promise in broken(figures):
        console.print(f"[red]✗[/] {promise}")
    return int(bool(broken(figures)))


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="manage.py torture", description="Try the promises under trouble.")
    kinds = parser.add_subparsers(dest="what", required=True)
    money = kinds.add_parser(
        "money", help="whole collaborations under kill -9 and provider faults, on servers of its own"
    )
    money.add_argument("--collaborations", type=int, default=100, metavar="N")
    money.add_argument("--kills", type=int, default=6, metavar="K")
    money.add_argument("--faults", type=int, default=12, metavar="PERCENT", help="of all requests to the provider")
    money.add_argument("--json", action="store_true", help="print the figures as JSON")
    machine = kinds.add_parser("machine", help="the bank's state machine, longer than the tests play it")
    machine.add_argument("--runs", type=int, default=200)
    machine.add_argument("--steps", type=int, default=30)
    for kind in (money, machine):
        kind.add_argument("--seed", type=int, help="the same seed makes the same plan again")
    options = parser.parse_args(arguments)
    if options.what == "money" and not (options.collaborations > 0 <= options.kills and 0 <= options.faults < 100):
        parser.error("--collaborations must be positive, --kills not negative, --faults from 0 to 99")
    return options
