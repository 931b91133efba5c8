"""Names and titles: one line, and no way to anywhere."""

import pytest

from marketplace.kit.texts import holds_address, one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Rosa's   Bakery ", "Rosa's Bakery"),
        ("A\r\nB", "A B"),
        ("A\u2028B\x85C", "A B C"),
        ("A\u202eB", "A B"),
        ("\x07\x1b", ""),
        ("👩\u200d🍳 مينا", "👩\u200d🍳 مينا"),
    ],
)
def test_a_text_becomes_one_line(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize("name", ["Kuchen.de", "St. Moritz / Davos", "24/7 Bakery", "Dr. No", "Mina & Co.", "@mina"])
def test_a_name_with_a_point_or_a_stroke_is_a_name(name: str) -> None:
    assert not holds_address(name)


@pytest.mark.parametrize(
    "name",
    ["https://evil.example", "see WWW.evil.example", "evil.example/login", "//evil.example", "help@evil.example",
     "evil.example?x=1", "evil.example:80"],
)  # fmt: skip
def test_a_name_that_leads_somewhere_is_an_address(name: str) -> None:
    assert holds_address(name)
