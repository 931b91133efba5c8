"""What is put on paper can be read out of it, in every script of Europe, and the same gives the same."""

import io
import time
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from marketplace.kit.paper import Paper, unwritable, writable

AT = datetime(2026, 11, 25, tzinfo=UTC)
NAMES = ("Ζωή Παπαδοπούλου", "Юлия Ковальчук", "Łukasz Żółć", "Đặng Thị Hồng", "Şükrü Öğüt", "Արամ Խաչատրյան")


def text_of(file: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)


def drawn(*names: str, rows: int = 2) -> bytes:
    paper = Paper("A list", at=AT, mark="DEMO")
    paper.heading("A list")
    paper.sides(["Seller", *names], ["Buyer", "Oat & Ember"])
    paper.facts([("Number", "GW-2026-00001")])
    paper.table(
        ("What", "Amount"), [(f"line {number}", f"€{number}.00") for number in range(rows)], widths=(70, 30), ends={1}
    )
    paper.note("Paid.")
    return paper.finish()


@pytest.mark.parametrize("name", NAMES)
def test_names_of_europe_can_be_read_out_of_it(name: str) -> None:
    assert name in text_of(drawn(name))
    assert unwritable(name) == ""


def test_what_cannot_be_written_is_a_box_and_never_lost_in_silence() -> None:
    assert unwritable("李 Mina 李明") == "李明"
    assert writable("李 Mina\n李明") == "□ Mina\n□□"
    assert "□ Mina" in text_of(drawn("李 Mina"))


def test_the_same_gives_the_same_bytes_whenever_it_is_drawn() -> None:
    first = drawn(*NAMES)
    time.sleep(1.1)

    assert drawn(*NAMES) == first
    assert drawn(*NAMES[1:]) != first


def test_a_long_list_goes_on_with_its_head_mark_and_number() -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(drawn(rows=120))).pages]

    assert len(pages) > 2
    assert all("DEMO" in page and "What" in page for page in pages)
    assert [f"A list · {number}" in page for number, page in enumerate(pages, start=1)] == [True] * len(pages)
    assert "line 119" in pages[-1]
