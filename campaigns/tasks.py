"""Jobs that services start. Keyword ids in, one call out."""

from celery import shared_task

from campaigns import mail, shortlist


@shared_task(name="campaigns.mail.send_invite")
def send_invite(*, invite_id: int) -> None:
    mail.deliver_invite(invite_id)


@shared_task(name="campaigns.run_match")
def run_match(*, run_id: int) -> None:
    shortlist.run_match(run_id)


@shared_task(name="campaigns.prove_plan")
def prove_plan(*, proof_id: int) -> None:
    shortlist.prove(proof_id)
