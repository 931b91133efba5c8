"""A database for a benchmark: made beside the running servers, or servers started for it, and dropped afterwards."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import setup_test_environment

from marketplace.launch.places import data_folder
from marketplace.launch.setting import set_stage
from marketplace.launch.tenancy import servers_for_a_moment


@contextmanager
def database(name: str) -> Iterator[None]:
    """Everything inside runs on an empty, migrated database of its own, with DEBUG off."""
    os.environ["TEST_DB"] = f"bench_{name}_{os.getpid()}"
    data = data_folder()
    with servers_for_a_moment(data, f"benchmarks/{name}"):
        set_stage(data)
        django.setup()
        assert apps.ready
        setup_test_environment(debug=False)
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def load_places() -> None:
    call_command("load_places", stdout=io.StringIO())
