"""A failure is told in full, and names nobody: on a laptop as on a server."""

import logging
import sys

import pytest

from marketplace.kit.logs import formatter

THEIRS = "whsec_of_somebody"


def fail(key: str) -> None:
    raise ValueError(f"no such key: {key}, asked by mina.park@example.org")


@pytest.mark.parametrize("pretty", [True, False])
def test_a_traceback_is_one_text_in_which_secrets_are_blanked(pretty: bool) -> None:
    try:
        fail(THEIRS)
    except ValueError:
        record = logging.LogRecord("any", logging.ERROR, __file__, 1, "it broke", (), sys.exc_info())

    line = formatter(pretty=pretty).format(record)

    assert "it broke" in line
    assert "Traceback (most recent call last)" in line
    assert "no such key: [hidden], asked by [hidden]" in line
    assert "of_somebody" not in line
