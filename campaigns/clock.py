"""Jobs that time starts: what is due is found in the rows, and each row is its own transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import takewhile
from time import monotonic
from typing import Any, TypeVar

from celery import shared_task
from django.db import models, transaction
from django.utils import timezone

from campaigns import shortlist, tasks
from campaigns.mail import deliver_invite
from campaigns.models import (
    Application,
    Campaign,
    Collaboration,
    Invitation,
    Invite,
    MatchRun,
    Offer,
    PlanProof,
    SavedSearch,
)
from campaigns.services import (
    briefs,
    digests,
    ending,
    freshness,
    funding,
    invitations,
    matches,
    offers,
    papers,
    reminders,
    reviews,
    searches,
    sweeps,
    work,
)
from campaigns.services.closing import ASKED, ASKING
from campaigns.states import LIVE_OFFER, RUNNING, CampaignState, CollaborationState
from marketplace.kit.alone import alone
from marketplace.kit.later import later
from marketplace.kit.sweeping import one_by_one
from payments.models import Checkout, Hold, Transfer
from payments.states import CheckoutState, HoldState, TransferState, WalletState

SCHEDULE: dict[str, tuple[str, float]] = {
    "campaigns-expire": ("campaigns.expire", 60.0),
    "campaigns-advance": ("campaigns.advance", 60.0),
    "campaigns-remind": ("campaigns.remind", 300.0),
    "campaigns-catch-up": ("campaigns.catch_up", 60.0),
    "campaigns-pay-again": ("campaigns.pay_again", 3600.0),
    "campaigns-cover": ("campaigns.cover", 30.0),
    "campaigns-invoice-missed": ("campaigns.invoice_missed", 600.0),
    "campaigns-rerank": ("campaigns.rerank", 30.0),
    "campaigns-refresh": ("campaigns.refresh_stale", 30.0),
    "campaigns-sweep": ("campaigns.sweep", 60.0),
    "campaigns-digests": ("campaigns.send_digests", 60.0),
    "campaigns-index": ("campaigns.prepare_match", 60.0),
    "campaigns-learn": ("campaigns.learn", 1_200.0),
    "campaigns-publish-reviews": ("campaigns.publish_reviews", 600.0),
    "campaigns-watch": ("campaigns.watch", 600.0),
}
BATCH = 200
AWHILE_SECONDS = 20.0
NIGHT, NIGHT_ENDS = 2, 6  # o'clock, the server's
LEARNS = 7  # o'clock; a timer of a day would start anew with every restart, and never ring
SHARDS = 2  # as many workers as rank at once in the night
SHARD_SECONDS = 10.0  # then whoever asked meanwhile has a turn
STUCK = timedelta(seconds=60)
HOPELESS = timedelta(minutes=30)
PAY_AGAIN_AFTER = timedelta(hours=24)
S = CollaborationState
Row = TypeVar("Row")


@shared_task(name="campaigns.expire")
def expire() -> None:
    """End what nobody answered in time."""
    now = timezone.now()
    _each(Invitation.objects.filter(state__in=ASKED, expires_at__lte=now), invitations.expire_invitation)
    _each(Application.objects.filter(state__in=ASKING, expires_at__lte=now), invitations.expire_application)
    _each(Offer.objects.filter(state__in=LIVE_OFFER, expires_at__lte=now), offers.expire_offer)


@shared_task(name="campaigns.rerank")
def rerank() -> None:
    """Rank open campaigns again once another model reads the pool: letters stood in until then."""
    newest = MatchRun.objects.filter(campaign=models.OuterRef("pk"), finished_at__isnull=False, error="")
    read_by = models.Subquery(newest.order_by("-created_at", "-pk").values("model")[:1])
    stale = Campaign.objects.open().annotate(read_by=read_by).exclude(read_by=shortlist.reading_model())
    _each(stale.exclude(read_by=None), matches.rank)


@shared_task(name="campaigns.refresh_stale")
def refresh_stale() -> None:
    """Find whose shortlist changed creators concern, and have those ranked again that are due."""
    freshness.find_stale()
    _each(freshness.due(), freshness.refresh)


@shared_task(name="campaigns.sweep")
def sweep() -> None:
    """Begin the night's sweep over all open campaigns, and wake workers while something of it is to do."""
    now = timezone.localtime()
    if NIGHT <= now.hour < NIGHT_ENDS:
        sweeps.start_sweep(now.date())
    if sweeps.unfinished() is not None:
        for shard in range(SHARDS):
            later(sweep_shard, shard=shard)


@shared_task(name="campaigns.sweep_shard", soft_time_limit=240, time_limit=270)
def sweep_shard(*, shard: int) -> None:
    """Rank some campaigns of the sweep, then let others have the worker; one hand for each shard."""
    with alone(f"campaigns-sweep-{shard}") as mine:
        found = sweeps.unfinished() if mine else None
        if found is not None and sweeps.work(found, seconds=SHARD_SECONDS):
            later(sweep_shard, shard=shard)


@shared_task(name="campaigns.send_digests")
def send_digests() -> None:
    """Tell creators of new campaigns that suit them, in the morning, and no more often than they want."""
    if timezone.localtime().hour >= digests.MORNING:
        due = digests.due(timezone.localdate()).order_by("pk")
        one_by_one(_for_a_while(list(due[:BATCH])), digests.tell_of_new, job="tell_of_new")


@shared_task(name="campaigns.prepare_match", soft_time_limit=240, time_limit=270)
def prepare_match() -> None:
    """Index a large pool again once enough of it has changed; until then the changed are looked at one by one."""
    with alone("campaigns-index") as mine:
        if mine:
            shortlist.renew()


@shared_task(name="campaigns.learn")
def learn() -> None:
    """Learn from what came of the shortlists; an admin decides whether it ranks."""
    if timezone.localtime().hour != LEARNS:
        return
    with alone("campaigns-learn") as mine:
        if mine:
            shortlist.learn_weights()


@shared_task(name="campaigns.watch")
def watch() -> None:
    """Look once a day whom each saved search finds anew."""
    _each(SavedSearch.objects.filter(checked_at__lte=timezone.now() - searches.CHECK_EVERY), searches.check_search)


@shared_task(name="campaigns.publish_reviews")
def publish_reviews() -> None:
    """Publish what one side wrote when the other has said nothing in time."""
    one_by_one(
        reviews.to_publish(timezone.now()).order_by("pk")[:BATCH], reviews.publish_reviews, job="publish_reviews"
    )


@shared_task(name="campaigns.advance")
def advance() -> None:
    """Act where a deadline passed: silence approves, unpaid work ends, late work is noted."""
    due = Collaboration.objects.filter(due_at__lte=timezone.now())
    _each(due.filter(state=S.AWAITING_PAYMENT), ending.expire)
    _each(due.filter(state=S.IN_REVIEW), lambda row: work.approve_work(row, by=None))
    _each(due.filter(state=S.LIVE), lambda row: work.accept_live(row, by=None))
    working = [S.IN_PRODUCTION, S.CHANGES_REQUESTED, S.APPROVED]
    _each(due.filter(state__in=working, overdue_at=None), reminders.note_late)
    over = Campaign.objects.filter(
        state__in=[CampaignState.OPEN, CampaignState.PAUSED], ends_on__lt=timezone.localdate()
    )
    busy = Offer.objects.filter(models.Q(state__in=LIVE_OFFER) | models.Q(collaboration__state__in=RUNNING))
    _each(over.exclude(pk__in=busy.values("campaign")), lambda row: briefs.complete_campaign(row, by=None))


@shared_task(name="campaigns.remind")
def remind() -> None:
    """Tell people a day before a deadline passes, once for each deadline."""
    soon = timezone.now() + reminders.REMIND_BEFORE
    _each(Invitation.objects.filter(state__in=ASKED, expires_at__lte=soon, reminded_at=None), reminders.remind)
    _each(Application.objects.filter(state__in=ASKING, expires_at__lte=soon, reminded_at=None), reminders.remind)
    _each(Offer.objects.filter(state__in=LIVE_OFFER, expires_at__lte=soon, reminded_at=None), reminders.remind)
    _each(Collaboration.objects.filter(state__in=RUNNING, due_at__lte=soon, reminded_at=None), reminders.remind)


@shared_task(name="campaigns.catch_up")
def catch_up() -> None:
    """Do what the doorbell missed: rankings and proofs that wait, invites that were not mailed."""
    waiting = MatchRun.objects.filter(finished_at=None, created_at__lt=timezone.now() - STUCK)
    one_by_one(waiting.order_by("pk")[:5], _run_again, job="run_match")
    unproved = PlanProof.objects.filter(finished_at=None, created_at__lt=timezone.now() - STUCK)
    one_by_one(unproved.order_by("pk")[:1], _prove_again, job="prove_plan")
    stuck = Invite.objects.to_mail().filter(created_at__lt=timezone.now() - STUCK).order_by("pk")
    one_by_one(stuck.values_list("pk", flat=True)[:BATCH], deliver_invite, job="deliver_invite")


def _run_again(run: MatchRun) -> None:
    if run.created_at < timezone.now() - HOPELESS:
        shortlist.give_up(run, error="This took too long. Please ask again.")
    else:
        shortlist.run_match(run.pk)


def _prove_again(proof: PlanProof) -> None:
    if proof.created_at < timezone.now() - HOPELESS:
        shortlist.fail(proof, error="This took too long. Please ask again.")
    else:
        later(tasks.prove_plan, proof_id=proof.pk)


@shared_task(name="campaigns.cover")
def cover() -> None:
    """Pay for signed work out of its campaign's money, once that is there."""
    now = timezone.now()
    waiting = Collaboration.objects.filter(
        state=S.AWAITING_PAYMENT, due_at__gt=now, offer__campaign__wallet__state=WalletState.OPEN
    )
    _each(waiting, funding.cover)
    on_its_way = Checkout.objects.filter(state=CheckoutState.PROCESSING).values("wallet")
    soon = waiting.filter(due_at__lt=now + funding.KEEPS_AHEAD, offer__campaign__wallet__in=on_its_way)
    _each(soon, funding.wait_for_bank)


@shared_task(name="campaigns.pay_again")
def pay_again() -> None:
    """Release once a day what the bank refused to pass on."""
    earned = models.Q(state=S.COMPLETED) | models.Q(state=S.CANCELLED, kept_minor__gt=0)
    returned = Collaboration.objects.filter(earned, hold__state=HoldState.SECURED)
    _each(returned.filter(updated_at__lt=timezone.now() - PAY_AGAIN_AFTER), ending.pay_again)


@shared_task(name="campaigns.invoice_missed")
def invoice_missed() -> None:
    """Issue the invoices of releases that have none, as those from before there were invoices."""
    missed = Transfer.objects.filter(state=TransferState.CONFIRMED, invoices=None, hold__collaboration__isnull=False)
    rows = missed.select_related("hold__payer", "payee").order_by("confirmed_at", "pk")
    one_by_one(rows[:BATCH], papers.invoice_missed, job="invoice_missed")


def _for_a_while(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows until the time is over that a job may take: the next round goes on, well before a task is cut off."""
    until = monotonic() + AWHILE_SECONDS
    return takewhile(lambda _row: monotonic() < until, rows)


def _each(rows: models.QuerySet[Any], act: Callable[[Any], object]) -> None:
    """Do one thing for each row in its own transaction; a row that somebody holds, that refuses or breaks, is left."""

    @transaction.atomic
    def act_on(pk: int) -> None:
        row = _held(rows, pk)
        if row is not None:
            act(row)

    due = list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    one_by_one(due, act_on, job=rows.model.__name__)


def _held(rows: models.QuerySet[Any], pk: int) -> Any:
    """The row, locked, if it is still due and nobody else holds it. A payment is locked before its work."""
    if rows.model is Collaboration:
        free = Hold.objects.select_for_update(no_key=True, skip_locked=True).order_by().filter(collaboration=pk)
        if free.first() is None:
            return None
    return rows.select_for_update(no_key=True, skip_locked=True, of=("self",)).filter(pk=pk).first()
