"""What is built once for a whole file: a transaction round all its tests, and one inside it round each of them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def taken_back(*, lasting: bool = False) -> Iterator[None]:
    """Nothing of it is kept. What is ``lasting`` may idle while a busy machine is at something else."""
    with transaction.atomic():
        if lasting:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield
        transaction.set_rollback(True)
