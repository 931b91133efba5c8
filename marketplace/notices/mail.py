"""Carrying a notice to the mail server, once."""

from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from marketplace.kit.texts import one_line
from marketplace.notices.models import Notice

LEASE = timedelta(minutes=5)


def deliver(notice_id: int) -> bool:
    """Send one notice unless it was sent or somebody is sending it. Returns whether this call sent it."""
    now = timezone.now()
    waiting = Notice.objects.unsent().unclaimed(now).filter(pk=notice_id)
    if not waiting.update(mail_lease_until=now + LEASE):
        return False
    notice = Notice.objects.select_related("user").get(pk=notice_id)
    _message(notice).send()
    Notice.objects.filter(pk=notice_id).update(mailed_at=timezone.now(), mail_lease_until=None)
    return True


def _message(notice: Notice) -> EmailMultiAlternatives:
    context = {
        "notice": notice,
        "site_url": settings.SITE_URL,
        "link": settings.SITE_URL + notice.url,
        "button": notice.next_step,
    }
    message = EmailMultiAlternatives(
        subject=one_line(notice.text)[:120],
        body=render_to_string("notices/mail.txt", context),
        to=[notice.user.email],
        headers={"Auto-Submitted": "auto-generated", "X-Notice": notice.public_id},
    )
    message.attach_alternative(render_to_string("notices/mail.html", context), "text/html")
    return message
