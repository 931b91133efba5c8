import io
import json

import pytest
from django.test import Client
from rest_framework.exceptions import ParseError

from marketplace.kit.parsing import MAX_DEPTH, SafeJSONParser


def parse(raw: bytes) -> object:
    return SafeJSONParser().parse(io.BytesIO(raw))


def test_ordinary_json_is_read() -> None:
    assert parse(b'{"a": [1, "\xc3\xa9"]}') == {"a": [1, "é"]}


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e400}',
        b'{"a": [-1e400]}',
        b'{"a": "\\u0000"}',
        b'{"a": "\\ud800"}',
        b"[" * 5000 + b"]" * 5000,
        b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1),
        b'"' + b"x" * 1_100_000 + b'"',
    ],
)
def test_junk_is_refused(raw: bytes) -> None:
    with pytest.raises(ParseError):
        parse(raw)


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/healthz?x=%00", {}),
        ("/healthz%00", {}),
        ("/healthz", {"cookie": 'sessionid="\\000aaaa"'}),
        ("/healthz", {"authorization": "Bearer \x00"}),
    ],
)
def test_a_nul_anywhere_is_a_bad_request(path: str, headers: dict[str, str]) -> None:
    response = Client().get(path, headers=headers)

    assert response.status_code == 400
    assert json.loads(response.content)["code"] == "unreadable_input"
