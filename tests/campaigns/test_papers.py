"""Invoices of the work: issued with the release, read by both sides, never by anybody else."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now
from pypdf import PdfReader
from rest_framework.test import APIClient

from campaigns import clock
from campaigns.models import Collaboration
from campaigns.services import papers
from marketplace.kit.errors import Invalid, NotAllowed
from marketplace.kit.money import Money
from payments import services as bank
from payments.invariants import INVARIANTS, check
from payments.models import Invoice, Refund, Transfer
from payments.signals import hold_released
from tests import cast as people
from tests.cast import Cast
from tests.pages import browser, read

DAY = timedelta(days=1)
DETAILS = {"name": "Mina Park Film", "address": "Market Street 1\n89073 Ulm", "tax_id": "DE 123"}


@pytest.fixture
def released(cast: Cast) -> Collaboration:
    """Mina's reel for €200.00, paid and released."""
    return people.release(people.secure(people.collaboration(cast, state="completed")))


def test_a_release_issues_both_invoices_in_the_contracts_words(cast: Cast, released: Collaboration) -> None:
    work, fee = Invoice.objects.order_by("pk")

    assert (work.amount, work.issuer, work.recipient) == (
        Money(20_000, "EUR"), released.hold.payee, released.hold.payer,
    )  # fmt: skip
    assert (fee.amount, fee.issuer) == (Money(1_800, "EUR"), None)
    assert work.text == "Our sourdough\n1 × Reel or short video on Instagram"
    assert fee.text == "Platform fee: Our sourdough, Mina"
    assert work.reference.startswith(f"Contract {released.public_id}, signed 20")


def test_money_taken_back_is_credited_on_both(cast: Cast, released: Collaboration) -> None:
    bank.take_back(released.hold, amount=Money(5_000, "EUR"), reason="It was taken down.", by=cast.admin)

    notes = Invoice.objects.filter(corrects__isnull=False).order_by("pk")
    assert [(note.about, note.amount) for note in notes] == [("work", Money(5_000, "EUR")), ("fee", Money(450, "EUR"))]
    looks = check(INVARIANTS, keep=False)
    assert [look.invariant.name for look in looks if look.rows and "invoice" in look.invariant.name] == []


def test_a_kill_fee_is_invoiced_as_what_it_is(cast: Cast) -> None:
    room = people.secure(people.collaboration(cast, state="in_production"))
    Collaboration.objects.filter(pk=room.pk).update(kept_minor=20_000, kept_fee_minor=1_800)

    people.release(room)

    assert "leaves to the creator after the business has cancelled" in Invoice.objects.get(about="work").text


def test_both_sides_find_their_invoices(cast: Cast, released: Collaboration) -> None:
    work, fee = Invoice.objects.order_by("pk")
    room = released.get_absolute_url()

    for user, seen, hidden in ((cast.viewer, [work, fee], []), (cast.mina, [work], [fee])):
        for page in ("/invoices/", room):
            shown = read(user, page)
            assert all(invoice.label in shown for invoice in seen)
            assert not any(invoice.label in shown for invoice in hidden)
    assert "No invoices yet" in read(cast.other_creator, "/invoices/")


def test_the_page_of_one_says_what_its_paper_says(cast: Cast, released: Collaboration) -> None:
    work = Invoice.objects.get(about="work")
    bank.take_back(released.hold, amount=Money(5_000, "EUR"), reason="It was taken down.", by=cast.admin)
    note = Invoice.objects.get(corrects=work)

    shown = read(cast.owner, f"/invoices/{work.public_id}/")
    answer = browser(cast.owner).get(f"/invoices/{work.public_id}/pdf/")
    text = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()

    assert answer["Content-Disposition"] == f'attachment; filename="{work.label}.pdf"'
    for words in (work.label, "€200.00", "Self-billed", "Our sourdough", "Mina"):
        assert words in shown
        assert words in text
    assert note.label in shown
    assert "-€50.00" in shown
    assert "-€50.00" in read(cast.owner, f"/invoices/{note.public_id}/")


def test_a_program_lists_them_and_takes_the_file(cast: Cast, released: Collaboration) -> None:
    client = APIClient()
    client.force_authenticate(cast.mina)

    (row,) = client.get("/api/v1/invoices/").json()["results"]
    answer = client.get(f"/api/v1/invoices/{row['id']}/pdf/", headers={"accept": "application/pdf"})
    missing = client.get(f"/api/v1/invoices/{'0' * 14}/pdf/", headers={"accept": "application/pdf"})

    assert row["number"] == Invoice.objects.get(about="work").label
    assert (row["amount"]["text"], row["corrects"], row["buyer"]["name"]) == ("€200.00", None, "Rosa's Bakery")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert missing.status_code == 404
    assert missing.json()["code"] == "not_found"


def test_releases_from_before_there_were_invoices_are_caught_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(hold_released, "send", lambda **_: None)
        room = people.release(people.secure(people.collaboration(cast, state="completed")))
        before.setattr(papers, "credit_refund", lambda refund: None)
        bank.take_back(room.hold, amount=Money(5_000, "EUR"), reason="It was taken down.", by=cast.admin)
    assert not Invoice.objects.exists()

    clock.invoice_missed()
    clock.invoice_missed()

    assert [(one.about, one.is_credit_note) for one in Invoice.objects.order_by("pk")] == [
        ("work", False), ("fee", False), ("work", True), ("fee", True),
    ]  # fmt: skip


def test_a_payment_that_is_for_no_work_has_no_papers(cast: Cast, released: Collaboration) -> None:
    hold, transfer = released.hold, Transfer.objects.get()
    alone = bank.open_hold(
        payer=hold.payer, payee=hold.payee, amount=hold.amount, reference="x", description="x", due_at=now() + DAY
    )

    papers.invoice_release(alone, transfer)
    papers.credit_refund(Refund(hold=alone, after_release=True))

    assert Invoice.objects.count() == 2


@pytest.mark.parametrize("page", ["/earnings/invoicing/", "/team/{bakery}/invoicing/"])
def test_details_are_said_once_and_read_on_later_invoices(cast: Cast, page: str) -> None:
    user = cast.mina if "earnings" in page else cast.finance
    page = page.format(bakery=cast.bakery.public_id)

    answer = browser(user).post(page, DETAILS, follow=True)

    assert "Later invoices say it like this" in answer.content.decode()
    assert "Mina Park Film" in read(user, page)
    people.release(people.secure(people.collaboration(cast, state="completed")))
    work = Invoice.objects.get(about="work")
    party = work.seller if user == cast.mina else work.buyer
    assert party == {
        "name": "Mina Park Film", "address": ["Market Street 1", "89073 Ulm"], "tax_id": "DE 123", "country": "DE",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "words"),
    [({"name": ""}, "This field is required"), ({"name": "李明"}, "no letters for"), ({"address": "x" * 301}, "300")],
)
def test_details_that_cannot_be_printed_are_refused_at_the_field(cast: Cast, wrong: dict[str, str], words: str) -> None:
    answer = browser(cast.mina).post("/earnings/invoicing/", DETAILS | wrong)

    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_a_name_is_one_line_and_nobody_else_says_it(cast: Cast) -> None:
    made = papers.change_business_details(cast.bakery, name="Rosa\nKeller", address="", tax_id="a\tb", by=cast.owner)

    assert (made.name, made.tax_id) == ("Rosa Keller", "a b")
    with pytest.raises(NotAllowed):
        papers.change_business_details(cast.bakery, name="Me", address="", tax_id="", by=cast.manager)
    with pytest.raises(NotAllowed):
        papers.change_creator_details(cast.mina_profile, name="Me", address="", tax_id="", by=cast.owner)
    with pytest.raises(Invalid):
        papers.change_creator_details(cast.mina_profile, name=" ", address="", tax_id="", by=cast.mina)


def test_staff_read_invoices_only_with_the_right_to(cast: Cast, released: Collaboration, settings: Any) -> None:
    clerk = people.person("Cleo Clerk", is_staff=True)

    assert papers.invoices_of(cast.admin).count() == 2
    assert papers.invoices_of(clerk).count() == 0
