"""The API's edges: what is misspelt is noticed, who has no key is told how to get one."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast
from tests.pages import browser


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("/api/v1/campaigns/?stat=open", "unknown_parameter", "cursor, page_size"),
        ("/api/v1/creators/?nich=baking", "unknown_parameter", "niche"),
        ("/api/v1/towns/?query=ulm", "unknown_parameter", "country, q"),
        ("/api/v1/campaigns/?cursor=junk", "bad_cursor", "follow “next”"),
    ],
)
def test_a_misspelt_parameter_is_noticed(cast: Cast, path: str, code: str, words: str) -> None:
    answer = browser(cast.owner).get(path)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert words in answer.json()["detail"]


def test_a_stranger_is_told_how_to_send_a_key() -> None:
    answer = Client().get("/api/v1/me/")

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")
    assert "Authorization: Bearer gw_" in answer.json()["detail"]
