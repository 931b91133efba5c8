"""A lock that took too long is a refusal to try again, not a failure of ours."""

from django.db import OperationalError
from django.test import RequestFactory
from psycopg import errors

from marketplace.kit.api import problem
from marketplace.kit.busy import as_busy


def caused_by(cause: Exception) -> OperationalError:
    error = OperationalError("said PostgreSQL")
    error.__cause__ = cause
    return error


def test_a_lock_timeout_is_busy_and_answered_503() -> None:
    response = problem(caused_by(errors.LockNotAvailable()), {"request": RequestFactory().get("/")})

    assert response is not None
    assert response.status_code == 503
    assert response.data["code"] == "busy"


def test_a_lost_database_stays_a_failure() -> None:
    assert as_busy(caused_by(errors.AdminShutdown())) is None
    assert as_busy(ValueError("else")) is None
