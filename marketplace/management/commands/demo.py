"""`manage.py demo`: fills the market with a small believable world. A second run changes nothing."""

import json
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from marketplace.demo.filling import fill, is_filled
from marketplace.demo.posting import close_campaigns, post_campaigns, rank_first
from marketplace.demo.shapes import World
from marketplace.demo.telling import tell_stories
from marketplace.demo.till import the_till
from marketplace.demo.world import CREATORS, world
from marketplace.notices.models import Notice
from marketplace.users.models import User

LOGINS = "demo-logins.json"
LOCK = 0x676F6F64
PARTS = ("world", "stories")
STARTING_SECONDS = 20


class Command(BaseCommand):
    help = "Fill the market with invented businesses, creators and work. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=7, help="another seed, another world")
        parser.add_argument("--creators", type=int, default=CREATORS, help="how many creators, where it can be fewer")
        parser.add_argument("--part", choices=PARTS, help="only the people and briefs, or only the stories; else both")
        parser.add_argument("--anyway", action="store_true", help="also where there are people already")

    def handle(self, *args: Any, **options: Any) -> None:
        made = world(options["seed"], today=timezone.localdate(), creators=options["creators"])
        self._refuse_strangers(made, anyway=options["anyway"])
        _silence()
        with _alone():
            if options["part"] != "stories":
                self._make(made)
            if options["part"] != "world":
                self._tell(made, patience=STARTING_SECONDS if options["part"] == "stories" else 0)
            # The demo's people have read their mail: nothing is sent for what they did before anybody came.
            Notice.objects.filter(user__email__endswith="@example.org", mailed_at=None).update(mailed_at=timezone.now())
        self._write_logins(made)

    def _make(self, made: World) -> None:
        began = perf_counter()
        if is_filled(made):
            self.stdout.write("The demo's people are there already.")
            return
        fill(made)
        post_campaigns(made)
        rank_first(made)
        self.stdout.write(
            f"{len(made.creators)} creators, {len(made.businesses)} businesses, {len(made.campaigns)} campaigns"
            f" in {perf_counter() - began:.1f} s."
        )

    def _tell(self, made: World, *, patience: float) -> None:
        if not is_filled(made):
            raise CommandError("There is nobody to tell stories about yet: run demo --part world first.")
        began = perf_counter()
        with the_till(patience=patience) as till:
            told = tell_stories(made, till)
        close_campaigns(made)
        self.stdout.write(f"{told} stories told in {perf_counter() - began:.1f} s.")

    def _refuse_strangers(self, made: World, *, anyway: bool) -> None:
        """A market with real people in it is not filled with invented ones."""
        if not settings.LOCAL and not anyway:
            raise CommandError("This is not a demo site. Say --anyway if you mean it.")
        if not anyway and not is_filled(made) and User.objects.exists():
            raise CommandError("There are people here already. Say --anyway if you mean it.")

    def _write_logins(self, made: World) -> None:
        people = [{"who": one.who, "email": one.person.email, "password": one.password} for one in made.logins]
        folder = Path(settings.DATA_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        beside = folder / f".{LOGINS}.{os.getpid()}"
        beside.write_text(json.dumps(people, indent=2, ensure_ascii=False))
        beside.replace(folder / LOGINS)
        for person in people:
            self.stdout.write(f"  {person['who']}: {person['email']} / {person['password']}")


@contextmanager
def _alone() -> Iterator[None]:
    """One demo at a time: a second run waits for the first, however long that takes."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout TO 0")
        cursor.execute("SET statement_timeout TO 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        cursor.execute("RESET lock_timeout")
        cursor.execute("RESET statement_timeout")
        # Nobody waits for these rows: after a power cut the demo is simply made again.
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _silence() -> None:
    """No doorbell rings while the world is made: rows are the queue, and the sweeps find what is left to do."""
    current_app.conf.update(broker_url="memory://localhost/")
