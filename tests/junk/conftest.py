"""Bad input meets the same world as the permission matrix, and is taken back after every test."""

from tests.permissions.conftest import _django_db_helper, asked, before, world

__all__ = ["_django_db_helper", "asked", "before", "world"]
