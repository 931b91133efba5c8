"""A creator's year, as a page, as files and by program: their own alone, and the same everywhere."""

from __future__ import annotations

import csv
import io

import pytest
from django.utils.timezone import now
from pypdf import PdfReader
from rest_framework.test import APIClient

from campaigns.models import Collaboration
from campaigns.services.statements import year_of
from marketplace.kit.errors import NotAllowed
from marketplace.kit.money import Money
from payments import ledger
from payments import services as bank
from payments.states import Chart
from tests import cast as people
from tests.cast import Cast
from tests.pages import browser, read


@pytest.fixture
def released(cast: Cast) -> Collaboration:
    """Mina's reel for €200.00, paid and released, and €50.00 of it asked back."""
    made = people.release(people.secure(people.collaboration(cast, state="completed")))
    bank.take_back(made.hold, amount=Money(5_000, "EUR"), reason="It was taken down.", by=cast.admin)
    return made


def test_a_creator_reads_their_year(cast: Cast, released: Collaboration) -> None:
    shown = read(cast.mina, f"/earnings/years/{now().year}/")

    for words in (
        f"Your year {now().year}", "counted in UTC", "€200.00", "€50.00", "Our sourdough", "Rosa's Bakery",
        released.get_absolute_url(), "By month", "By collaboration",
    ):  # fmt: skip
        assert words in shown
    assert "do not add up" not in shown
    assert f"/earnings/years/{now().year}/" in read(cast.mina, "/earnings/")


def test_the_files_and_the_program_say_the_same(cast: Cast, released: Collaboration) -> None:
    page = f"/earnings/years/{now().year}/"
    pdf, sheet = (browser(cast.mina).get(f"{page}{kind}/") for kind in ("pdf", "csv"))
    client = APIClient()
    client.force_authenticate(cast.mina)
    told = client.get(f"/api/v1/me/earnings/years/{now().year}/").json()

    text = PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    rows = list(csv.DictReader(io.StringIO(sheet.content.decode())))
    (one,) = told["statements"]
    assert pdf["Content-Disposition"] == f'attachment; filename="statement-{now().year}.pdf"'
    assert (sheet["Content-Type"], one["total"]["earned"]["text"]) == ("text/csv; charset=utf-8", "€200.00")
    assert "Our sourdough" in text
    assert "€200.00" in text
    assert [(row["kind"], row["amount"]) for row in rows] == [("earned", "200.00"), ("claimed", "50.00")]
    assert {row["work"] for row in rows} == {"Our sourdough, Rosa's Bakery"}
    assert (told["time_zone"], one["unexplained"]["minor"], one["owed"]["minor"]) == ("UTC", 0, 5_000)
    assert [line["kind"] for line in one["movements"]] == ["earned", "claimed"]
    assert one["payments"][0]["collaboration"] == released.public_id


def test_a_year_without_anything_says_so(cast: Cast) -> None:
    page = f"/earnings/years/{now().year}/"

    assert "Nothing moved in this year" in read(cast.mina, page)
    assert b"%PDF" in browser(cast.mina).get(f"{page}pdf/").content
    for year in (1, 1999, now().year + 1, 99999):
        assert browser(cast.mina).get(f"/earnings/years/{year}/").status_code == 404


def test_a_year_that_does_not_add_up_is_said_on_the_page(cast: Cast, released: Collaboration) -> None:
    payee = released.hold.payee
    lines = [
        ledger.debit(Chart.MEMO_RECEIVED, Money(5, "EUR")),
        ledger.credit(Chart.MEMO_CONNECTED, Money(5, "EUR"), payee.public_id),
    ]
    ledger.post(lines, key="by:hand", kind="by_hand", account=payee)

    assert "do not add up by €0.05" in read(cast.mina, f"/earnings/years/{now().year}/")


def test_a_year_is_its_creators_alone(cast: Cast, released: Collaboration) -> None:
    with pytest.raises(NotAllowed):
        year_of(cast.mina_profile, now().year, by=cast.owner)
    assert "Our sourdough" not in read(cast.other_creator, f"/earnings/years/{now().year}/")
    assert browser(cast.owner).get(f"/earnings/years/{now().year}/").status_code == 404
