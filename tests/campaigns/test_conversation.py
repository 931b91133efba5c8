"""What both sides write to each other: who may, who is told, what is warned of, what is hidden."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from campaigns.models import Collaboration, Message, ReadMark, Report
from campaigns.services import conversation as talk
from campaigns.services.conversation import write_message
from marketplace.kit.errors import Conflict, Invalid, NotAllowed
from marketplace.notices.models import Notice
from marketplace.trust.models import AuditEntry
from marketplace.users.models import User
from tests import cast as people
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PHONE = "Call me: +49 731 1234567"


@pytest.fixture
def media(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def room(cast: Cast) -> Collaboration:
    return people.collaboration(cast, state="in_production")


@pytest.fixture
def unpaid(cast: Cast) -> Collaboration:
    return people.collaboration(cast, state="awaiting_payment")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(room: Collaboration) -> str:
    return f"/collaborations/{room.public_id}/messages/"


def told(user: User) -> list[str]:
    rows = Notice.objects.filter(user=user, kind__contains="message", read_at=None)
    return list(rows.values_list("text", flat=True))


def test_each_side_reads_what_the_other_wrote(room: Collaboration, cast: Cast) -> None:
    write_message(room, text="  When do you bake?  ", by=cast.mina)
    write_message(room, text="At four.", by=cast.finance)

    rows = list(room.messages.order_by("pk").values_list("side", "text"))

    assert rows == [("creator", "When do you bake?"), ("business", "At four.")]
    assert told(cast.mina) == ["Rosa's Bakery wrote to you about “Our sourdough”."]
    assert told(cast.owner) == told(cast.manager) == ["Mina wrote to you about “Our sourdough”."]


def test_news_of_messages_come_once_until_they_are_read(room: Collaboration, cast: Cast) -> None:
    for text in ("One.", "Two.", "Three."):
        last = write_message(room, text=text, by=cast.mina)
    once = len(told(cast.owner))
    talk.read_messages(room, side="business", up_to=last.pk, by=cast.owner)
    after_reading = len(told(cast.owner))
    write_message(room, text="Four.", by=cast.mina)

    assert (once, after_reading, len(told(cast.owner)), len(told(cast.manager))) == (1, 0, 1, 1)


@pytest.mark.parametrize("who", ["viewer", "other_owner", "other_creator", "admin"])
def test_others_write_nothing(room: Collaboration, cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed):
        write_message(room, text="Hello?", by=getattr(cast, who))

    assert not Message.objects.exists()


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 4_001])
def test_nothing_and_too_much_are_refused(room: Collaboration, cast: Cast, text: str) -> None:
    with pytest.raises(Invalid):
        write_message(room, text=text, by=cast.mina)

    assert not Message.objects.exists()


def test_a_file_can_be_all_there_is_to_say(room: Collaboration, cast: Cast, media: None) -> None:
    sent = SimpleUploadedFile("../../dough.pdf", b"%PDF-1.4 dough", content_type="text/html")

    message = write_message(room, text="", file=sent, by=cast.mina)

    assert (message.text, message.file_name) == ("", "dough.pdf")
    answer = client_of(cast.owner).get(f"/messages/{message.public_id}/file/")
    assert (answer.status_code, answer.getvalue()) == (200, b"%PDF-1.4 dough")
    assert client_of(cast.other_owner).get(f"/messages/{message.public_id}/file/").status_code == 404


def test_contact_details_before_the_payment_are_asked_about_and_marked(unpaid: Collaboration, cast: Cast) -> None:
    with pytest.raises(Conflict) as refusal:
        write_message(unpaid, text=PHONE, by=cast.mina)
    nothing_yet = Message.objects.count()

    message = write_message(unpaid, text=PHONE, is_sure=True, by=cast.mina)

    assert (refusal.value.code, refusal.value.facts, nothing_yet) == ("leads_away", {"found": ["phone"]}, 0)
    assert message.leads_away
    assert "are not protected" in client_of(cast.owner).get(page(unpaid)).content.decode()
    assert "came with contact details" not in client_of(cast.mina).get(page(unpaid)).content.decode()


def test_contact_details_after_the_payment_are_nobodys_business(room: Collaboration, cast: Cast) -> None:
    assert not write_message(room, text=PHONE, by=cast.mina).leads_away


def test_the_page_keeps_what_was_typed_and_shows_the_box(unpaid: Collaboration, cast: Cast) -> None:
    client = client_of(cast.mina)

    asked = client.post(page(unpaid), {"text": PHONE})
    sent = client.post(page(unpaid), {"text": PHONE, "is_sure": "on"})

    shown = asked.content.decode()
    assert asked.status_code == 409
    assert "+49 731 1234567" in shown
    assert 'type="checkbox" name="is_sure"' in shown
    assert (sent.status_code, Message.objects.count()) == (302, 1)


def test_many_messages_at_once_have_to_wait(room: Collaboration, cast: Cast) -> None:
    for number in range(talk.AT_ONCE):
        write_message(room, text=f"Message {number}", by=cast.mina)

    with pytest.raises(Conflict):
        write_message(room, text="One more", by=cast.mina)
    write_message(room, text="The other side may", by=cast.owner)
    with time_machine.travel(timezone.now() + talk.AWHILE + timedelta(seconds=1)):
        write_message(room, text="One more", by=cast.mina)

    assert room.messages.count() == talk.AT_ONCE + 2


def test_a_writer_sees_that_it_was_read(room: Collaboration, cast: Cast) -> None:
    write_message(room, text="When do you bake?", by=cast.mina)
    mina, rosa = client_of(cast.mina), client_of(cast.owner)

    before = mina.get(page(room)).content.decode()
    rosa.get(page(room))
    after = mina.get(page(room)).content.decode()

    assert ("· read" in before, "· read" in after) == (False, True)


def test_a_read_mark_never_goes_back_and_staff_leave_none(room: Collaboration, cast: Cast) -> None:
    first, second = (write_message(room, text=text, by=cast.mina) for text in ("One.", "Two."))
    for seen in (second, first):
        talk.read_messages(room, side="business", up_to=seen.pk, by=cast.owner)
    client_of(cast.admin).get(page(room))

    assert ReadMark.objects.get(user=cast.owner).up_to == second.pk
    assert not ReadMark.objects.filter(user=cast.admin).exists()


def test_a_page_that_asks_again_is_told_only_of_what_is_new(room: Collaboration, cast: Cast) -> None:
    write_message(room, text="When do you bake?", by=cast.mina)
    rosa = client_of(cast.owner)
    shown = rosa.get(f"{page(room)}?lines", HTTP_HX_REQUEST="true")
    tag = shown.context["tag"]
    quiet = rosa.get(f"{page(room)}?lines", HTTP_HX_REQUEST="true", HTTP_IF_NONE_MATCH=tag)
    tag = rosa.get(f"{page(room)}?lines", HTTP_HX_REQUEST="true").context["tag"]

    still = rosa.get(f"{page(room)}?lines", HTTP_HX_REQUEST="true", HTTP_IF_NONE_MATCH=tag)
    write_message(room, text="And where?", by=cast.mina)
    news = rosa.get(f"{page(room)}?lines", HTTP_HX_REQUEST="true", HTTP_IF_NONE_MATCH=tag)

    assert (shown.status_code, still.status_code, news.status_code) == (200, 304, 200)
    assert quiet.status_code in (200, 304)  # the first look left a read mark, which may be news
    assert b"And where?" in news.content
    assert b"<html" not in news.content


def test_two_hundred_messages_come_in_pages(room: Collaboration, cast: Cast) -> None:
    Message.objects.bulk_create(
        Message(collaboration=room, by=cast.mina, side="creator", text=f"Line {number:03}") for number in range(200)
    )
    client = client_of(cast.owner)

    first = client.get(page(room))
    earlier = client.get(page(room) + first.context["lines"].next)

    assert [row.text for row in first.context["lines"]][::29] == ["Line 199", "Line 170"]
    assert earlier.context["lines"][0].text == "Line 169"
    assert "every 10s" not in earlier.content.decode()


def test_what_people_write_is_text_and_nothing_else(room: Collaboration, cast: Cast) -> None:
    write_message(
        room, text="<script>alert(1)</script> javascript:alert(2) https://example.org/x?a=1&b=2", by=cast.mina
    )

    shown = client_of(cast.owner).get(page(room)).content.decode()

    assert "<script>alert" not in shown
    assert 'href="javascript' not in shown
    assert 'href="https://example.org/x?a=1&amp;b=2" rel="nofollow"' in shown


def test_a_reported_message_is_hidden_with_a_reason_for_both(room: Collaboration, cast: Cast, media: None) -> None:
    sent = SimpleUploadedFile("dough.pdf", b"%PDF-1.4 dough")
    message = write_message(room, text="You fool", file=sent, by=cast.mina)
    report = talk.report_message(message, reason="abuse", note=" Not kind. ", by=cast.owner)
    again = talk.report_message(message, reason="spam", by=cast.owner)

    talk.uphold_report(report, reason="Be kind.", by=cast.admin)

    message.refresh_from_db()
    assert (report.pk, report.note, message.hidden_at is not None) == (again.pk, "Not kind.", True)
    assert "You fool" not in client_of(cast.owner).get(page(room)).content.decode()
    assert client_of(cast.owner).get(f"/messages/{message.public_id}/file/").status_code == 404
    told_both = Notice.objects.filter(kind="report.uphold").values_list("user", "text")
    assert dict(told_both) == {
        cast.mina.pk: "A message of yours is hidden: Be kind.",
        cast.owner.pk: "The message you reported is hidden: Be kind.",
    }
    assert AuditEntry.objects.get(act="report.uphold").reason == "Be kind."


def test_a_report_that_is_dismissed_hides_nothing_and_is_decided_once(room: Collaboration, cast: Cast) -> None:
    message = write_message(room, text="Two eggs", by=cast.mina)
    report = talk.report_message(message, reason="fraud", by=cast.finance)
    talk.dismiss_report(report, reason="Eggs are fine.", by=cast.admin)

    with pytest.raises(Conflict):
        talk.uphold_report(Report.objects.get(), reason="Changed my mind.", by=cast.admin)

    message.refresh_from_db()
    assert message.hidden_at is None
    assert Notice.objects.filter(kind__startswith="report.").count() == 1


@pytest.mark.parametrize("who", ["mina", "other_owner", "admin"])
def test_only_the_other_side_reports(room: Collaboration, cast: Cast, who: str) -> None:
    message = write_message(room, text="Two eggs", by=cast.mina)

    with pytest.raises(NotAllowed):
        talk.report_message(message, reason="fraud", by=getattr(cast, who))

    assert not Report.objects.exists()


def test_the_api_tells_reads_and_warns(unpaid: Collaboration, cast: Cast) -> None:
    client = client_of(cast.mina)
    address = f"/api/v1/collaborations/{unpaid.public_id}"

    warned = client.post(f"{address}/write/", {"text": PHONE}, content_type="application/json")
    sent = client.post(f"{address}/write/", {"text": PHONE, "is_sure": True}, content_type="application/json")
    read = client_of(cast.owner).get(f"{address}/messages/").json()

    assert (warned.status_code, warned.json()["code"]) == (409, "leads_away")
    assert sent.status_code == 201
    assert [(row["by"], row["text"], row["leads_away"]) for row in read["results"]] == [("Mina Park", PHONE, True)]
