"""News reaches a person once: in the app at once, by mail once."""

import pytest
from django.core.mail import EmailMultiAlternatives

from marketplace.notices import clock, mail
from marketplace.notices.models import Notice
from marketplace.notices.services import notify
from tests.cast import person

pytestmark = pytest.mark.django_db


def told() -> Notice:
    notice = notify(person("Rosa Keller"), kind="test", text="Mina <b>signed</b>.", url="/offers/", next_step="Pay")
    assert notice is not None
    return notice


def test_a_notice_is_mailed_once_however_often_it_is_asked(mailoutbox: list[EmailMultiAlternatives]) -> None:
    notice = told()

    sent = [mail.deliver(notice.pk) for _ in range(3)]

    assert sent == [True, False, False]
    assert len(mailoutbox) == 1


def test_a_mail_has_words_a_link_and_nothing_executable(mailoutbox: list[EmailMultiAlternatives]) -> None:
    mail.deliver(told().pk)

    message = mailoutbox[0]
    html = str(message.alternatives[0][0])
    assert message.to == ["rosa.keller@example.org"]
    assert "/offers/" in str(message.body)
    assert "Pay" in html
    assert "&lt;b&gt;signed" in html


def test_a_subject_is_one_line(mailoutbox: list[EmailMultiAlternatives]) -> None:
    notice = notify(person("Rosa Keller"), kind="test", text="Evil\r\nBcc: x@example.org", url="/")
    assert notice is not None

    mail.deliver(notice.pk)

    assert mailoutbox[0].subject == "Evil Bcc: x@example.org"


def test_the_sweep_sends_what_the_doorbell_missed(mailoutbox: list[EmailMultiAlternatives]) -> None:
    notice = told()
    Notice.objects.filter(pk=notice.pk).update(created_at="2026-01-01T00:00:00Z")

    clock.sweep()
    clock.sweep()

    assert len(mailoutbox) == 1


def test_one_mail_that_breaks_does_not_stop_the_others_and_rests_a_while(
    mailoutbox: list[EmailMultiAlternatives], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, tried = told(), []
    other = notify(person("Mina Park"), kind="test", text="News.", url="/offers/")
    Notice.objects.update(created_at="2026-01-01T00:00:00Z")
    real = mail._message

    def break_first(notice: Notice) -> EmailMultiAlternatives:
        tried.append(notice.pk)
        if notice.pk == broken.pk:
            raise ValueError("a broken row")
        return real(notice)

    monkeypatch.setattr(mail, "_message", break_first)
    clock.sweep()
    clock.sweep()

    assert other is not None
    assert tried == [broken.pk, other.pk]
    assert [message.to for message in mailoutbox] == [["mina.park@example.org"]]


def test_somebody_without_a_login_is_told_nothing() -> None:
    assert notify(None, kind="test", text="x", url="/") is None


def test_a_long_reason_is_told_as_far_as_it_fits() -> None:
    user = person("Rosa Keller")

    notice = notify(user, kind="test", text="x" * 520, url="/")

    assert notice is not None
    assert notice.text == "x" * 299 + "…"
