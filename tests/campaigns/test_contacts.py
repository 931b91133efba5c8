"""What in a message leads away, and what only looks like it."""

import pytest

from campaigns.contacts import LINK, MAIL, MESSENGER, PAYMENT, PHONE, leading_away


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call me: +49 731 1234567", [PHONE]),
        ("0171/234 56 78 after six", [PHONE]),
        ("(415) 555-0132, thanks", [PHONE]),
        ("0049 (0)731 123 45 67", [PHONE]),
        ("mina@example.org", [MAIL]),
        ("mina [at] example (dot) org", [MAIL]),
        ("See https://example.org/x", [LINK]),
        ("bit.me/abc is shorter", [LINK]),
        ("Are you on WhatsApp?", [MESSENGER]),
        ("t.me slash minabakes", [MESSENGER]),
        ("I take PayPal, too", [PAYMENT]),
        ("IBAN DE89 3704 0044 0532 0130 00", [PAYMENT]),
        ("Write to me@example.org or +44 20 7946 0958", [PHONE, MAIL]),
    ],
)
def test_contact_details_are_seen(text: str, found: list[str]) -> None:
    assert leading_away(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The reel is due on 2026-11-30, the story on 04.12.2026 and 5/12/2026.",
        "I have 1.250.000 views and 12 000 000 in reach, for 1,250.00 €.",
        "#20261130 #sourdough @rosas_bakery",
        "Two reels, 3 frames, 45 seconds, 10:30–11:15, 4200 followers.",
        "E.g. flour, salt, water etc. Kuchen.de is a name.",
        "👍👍👍",
        "Order 1234567 arrived.",
    ],
)
def test_what_only_looks_like_it_is_none(text: str) -> None:
    assert leading_away(text) == []


def test_a_long_message_is_read_in_a_moment() -> None:
    """No pattern may take more than linear time: people can send 4,000 letters of anything."""
    for piece in ("1 ", "a@", "(((", "de89 ", "0.", "+", "www", "[at"):
        leading_away(piece * (4_000 // len(piece)))
