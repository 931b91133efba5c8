"""The agreed work with the real bank's books: paid, handed in, reviewed, published, released or refunded."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from campaigns.models import Activity, Collaboration, Submission
from campaigns.services import ending, work
from campaigns.services.work import Change
from campaigns.states import CollaborationState
from campaigns.terms import contract_items, fingerprint
from marketplace.kit.errors import Conflict, Invalid, NotAllowed
from marketplace.notices.models import Notice
from marketplace.trust.models import Strike
from payments.models import Hold
from tests import cast as people
from tests.cast import Cast

LINK = "https://example.org/draft"


@pytest.fixture
def paid(cast: Cast) -> Collaboration:
    """Mina's work, paid for."""
    return people.secure(people.collaboration(cast))


def handed_in(cast: Cast, paid: Collaboration) -> Collaboration:
    work.submit_work(paid, link=LINK, by=cast.mina)
    return paid


def hold_state(made: Collaboration) -> str:
    return Hold.objects.get(pk=made.hold_id).state


def change(made: Collaboration) -> list[Change]:
    return [Change(item=contract_items(made.contract)[0], text="Closer, please.")]


def test_signing_freezes_the_contract(cast: Cast) -> None:
    made = people.collaboration(cast)

    made.refresh_from_db()

    assert made.contract_hash == fingerprint(made.contract)
    assert made.contract["terms"]["fee"]["minor"] == 20_000
    assert made.contract["signatures"]["creator"]["typed"] == "Mina Park"
    assert made.contract["signatures"]["business"]["name"] == "Marco Lang"
    assert made.hold.reference == f"offer:{made.offer.public_id}"


def test_a_payment_starts_the_work(cast: Cast, paid: Collaboration) -> None:
    assert paid.state == CollaborationState.IN_PRODUCTION
    assert paid.due_at is not None
    assert paid.due_at > timezone.now() + timedelta(days=9)
    assert Notice.objects.filter(user=cast.mina, kind="collaboration.start").exists()
    assert Notice.objects.filter(user=cast.finance, kind="collaboration.start").exists()


def test_from_handing_in_to_release(cast: Cast, paid: Collaboration) -> None:
    handed_in(cast, paid)
    work.approve_work(paid, by=cast.manager)
    work.mark_live(paid, url="https://example.org/p/1", by=cast.mina)
    work.accept_live(paid, by=cast.manager)

    assert paid.state == CollaborationState.COMPLETED
    assert paid.completed_at is not None
    assert hold_state(paid) == "releasing"
    verbs = list(Activity.objects.filter(collaboration=paid).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["create", "start", "submit", "approve", "mark_live", "accept_live"]


def test_content_that_is_not_published_completes_when_approved(cast: Cast) -> None:
    paid = people.secure(people.collaboration(cast, publish_on=None))

    work.approve_work(handed_in(cast, paid), by=cast.manager)

    assert paid.state == CollaborationState.COMPLETED
    assert hold_state(paid) == "releasing"


def test_changes_name_a_line_of_the_contract_at_most_twice(cast: Cast, paid: Collaboration) -> None:
    for _ in range(2):
        work.request_changes(handed_in(cast, paid), changes=change(paid), by=cast.manager)
    handed_in(cast, paid)

    with pytest.raises(Conflict, match="2 times"):
        work.request_changes(paid, changes=change(paid), by=cast.manager)

    paid.refresh_from_db()
    assert (paid.state, paid.revisions) == ("in_review", 2)
    assert paid.submissions.count() == 3


@pytest.mark.parametrize(
    "changes", [[], [Change("The weather", "Nicer")], [Change("Disclosure: #ad", " ")]], ids=["none", "other", "empty"]
)
def test_empty_or_foreign_changes_are_refused(cast: Cast, paid: Collaboration, changes: list[Change]) -> None:
    handed_in(cast, paid)

    with pytest.raises(Invalid):
        work.request_changes(paid, changes=changes, by=cast.manager)

    assert Collaboration.objects.get().state == "in_review"


@pytest.mark.parametrize(
    "link", ["http://a.de/x", "javascript:alert(1)", "https://localhost/x", "https://u:p@a.de/", "x"]
)
def test_links_that_are_not_public_and_safe_are_refused(cast: Cast, paid: Collaboration, link: str) -> None:
    with pytest.raises(Invalid) as refused:
        work.submit_work(paid, link=link, by=cast.mina)

    assert "link" in refused.value.fields
    assert Submission.objects.count() == 0
    assert Collaboration.objects.get().state == "in_production"


def test_nothing_is_not_handed_in(cast: Cast, paid: Collaboration) -> None:
    with pytest.raises(Invalid):
        work.submit_work(paid, by=cast.mina)

    assert Collaboration.objects.get().state == "in_production"


def test_a_picture_is_kept_without_its_metadata(cast: Cast, paid: Collaboration, settings: object) -> None:
    raw = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    Image.new("RGB", (40, 30), "red").save(raw, "JPEG", exif=exif)

    done = work.submit_work(paid, file=SimpleUploadedFile("../../my pic.php", raw.getvalue()), by=cast.mina)

    kept = done.file.read()
    assert b"secret place" not in kept
    assert Image.open(io.BytesIO(kept)).size == (40, 30)
    assert done.file_name == "my pic.jpg"
    assert "my pic" not in str(done.file.name)
    done.file.delete(save=False)


def _huge() -> bytes:
    raw = io.BytesIO()
    Image.new("1", (9000, 9000)).save(raw, "PNG")
    return raw.getvalue()


BAD_FILES = {
    "script": (b"<?php echo 1;", "file_kind"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "file_kind"),
    "empty": (b"", "file_empty"),
    "broken": (b"\x89PNG\r\n\x1a\n" + b"0" * 40, "image_broken"),
    "too many pixels": (_huge(), "image_too_large"),
    "too large": (b"%PDF-" + b"0" * (10 * 1_048_576), "file_too_large"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_files_that_are_not_what_we_take_are_refused(cast: Cast, paid: Collaboration, name: str) -> None:
    content, code = BAD_FILES[name]

    with pytest.raises(Invalid) as refused:
        work.submit_work(paid, file=SimpleUploadedFile("a.png", content), by=cast.mina)

    assert refused.value.code == code
    assert Submission.objects.count() == 0


def test_a_creator_who_cancels_gives_everything_back(cast: Cast, paid: Collaboration) -> None:
    ending.cancel(paid, reason="I am ill.", by=cast.mina)

    assert hold_state(paid) == "refunding"
    assert Notice.objects.filter(user=cast.manager, kind="collaboration.cancel").exists()


def test_a_reason_is_needed_to_cancel(cast: Cast, paid: Collaboration) -> None:
    with pytest.raises(Invalid):
        ending.cancel(paid, reason="  ", by=cast.mina)

    assert hold_state(paid) == "secured"
    assert Collaboration.objects.get().state == "in_production"


def test_before_paying_both_sides_can_walk_away(cast: Cast) -> None:
    made = people.collaboration(cast)

    ending.call_off(made, reason="Changed plans.", by=cast.manager)

    assert made.state == "cancelled"
    assert hold_state(made) == "expired"


def test_late_work_can_only_be_cancelled_after_72_hours(cast: Cast, paid: Collaboration) -> None:
    assert paid.due_at is not None
    with time_machine.travel(paid.due_at + timedelta(hours=71)), pytest.raises(Conflict, match="72 hours"):
        ending.cancel_late(paid, by=cast.manager)
    assert Collaboration.objects.get().state == "in_production"

    with time_machine.travel(paid.due_at + timedelta(hours=73)):
        ending.cancel_late(paid, by=cast.manager)

    assert hold_state(paid) == "refunding"


@pytest.mark.parametrize(("decide", "money"), [("settle_release", "releasing"), ("settle_refund", "refunding")])
def test_an_admin_freezes_and_decides(cast: Cast, paid: Collaboration, decide: str, money: str) -> None:
    ending.put_on_hold(paid, reason="We look into it.", by=cast.admin)
    assert hold_state(paid) == "frozen"

    getattr(ending, decide)(paid, reason="As agreed.", by=cast.admin)

    assert hold_state(paid) == money
    assert paid.state == ("completed" if decide == "settle_release" else "cancelled")


def test_only_an_admin_decides(cast: Cast, paid: Collaboration) -> None:
    ending.put_on_hold(paid, reason="We look into it.", by=cast.admin)

    with pytest.raises(NotAllowed):
        ending.settle_release(paid, reason="I want it.", by=cast.mina)

    assert hold_state(paid) == "frozen"


def test_paying_twice_is_refused(cast: Cast, paid: Collaboration) -> None:
    with pytest.raises(Conflict):
        work.pay(paid, by=cast.owner)


def test_paying_after_the_time_is_refused(cast: Cast) -> None:
    made = people.collaboration(cast)

    with time_machine.travel(timezone.now() + timedelta(hours=73)), pytest.raises(Conflict, match="over"):
        work.pay(made, by=cast.owner)


def test_the_same_news_from_the_bank_twice_changes_nothing(cast: Cast, paid: Collaboration) -> None:
    marks = Activity.objects.count(), Notice.objects.count()

    work.start(paid.hold)

    assert (Activity.objects.count(), Notice.objects.count()) == marks


def test_the_bank_giving_up_ends_the_work_with_a_strike(cast: Cast) -> None:
    made = people.collaboration(cast)

    ending.expire(made, role="bank")
    ending.expire(made, role="bank")

    assert Collaboration.objects.get().state == "expired"
    assert Strike.objects.get().user == cast.manager
