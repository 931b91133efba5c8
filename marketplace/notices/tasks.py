"""Jobs that services start."""

from celery import shared_task

from marketplace.notices import mail


@shared_task(name="notices.mail.send_notice")
def send_notice(*, notice_id: int) -> None:
    mail.deliver(notice_id)
