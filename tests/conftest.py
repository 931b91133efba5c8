"""What every test may ask for."""

import pytest
from django.conf import settings

pytest_plugins = [
    "tests.plugins.chromium",
    "tests.plugins.ledger",
    "tests.plugins.live",
    "tests.plugins.sandbox",
    "tests.plugins.slow",
]


@pytest.fixture(scope="session", autouse=True)
def static_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The web tier warns when its folder of static files is missing, and warnings are errors here."""
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")
