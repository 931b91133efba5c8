"""Loads towns and niches, which ship with the product; a second run changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand

from creators.services.places import load_places


class Command(BaseCommand):
    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = load_places()
        self.stdout.write(f"Towns new or changed: {loaded['towns']:,}. Niches new or changed: {loaded['niches']:,}.")
