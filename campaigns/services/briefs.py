"""The brief: written, checked, opened, paused, closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from campaigns import checks
from campaigns.budget import committed
from campaigns.mail import tell
from campaigns.models import Business, Campaign, Compensation, Deliverable, Goal
from campaigns.moves import check, lock, move, note
from campaigns.policies import require
from campaigns.services import funding
from campaigns.services.closing import close_talks
from campaigns.services.freshness import mark_campaigns
from campaigns.services.matches import rank
from campaigns.states import MANAGER, CampaignState
from campaigns.terms import Item, items_problem
from creators.models import Network, Niche, Town
from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.texts import one_line
from marketplace.trust.services import reason_given, record
from marketplace.users.models import User
from payments.fees import platform_fee

TEXTS = {"title", "product", "message", "dos", "donts"}
ALWAYS_EDITABLE = TEXTS | {"starts_on", "ends_on"}
FULLY_EDITABLE = [CampaignState.DRAFT, CampaignState.REJECTED]
BARELY_EDITABLE = [CampaignState.OPEN, CampaignState.PAUSED]


class BriefFields(TypedDict, total=False):
    """Everything a business may write into a brief; money comes as minor units."""

    title: str
    product: str
    goal: str
    message: str
    town: Town | None
    radius_km: int | None
    country: str
    languages: list[str]
    platforms: list[str]
    compensation: str
    product_value_minor: int | None
    budget_minor: int
    currency: str
    creators_wanted: int
    starts_on: date | None
    ends_on: date | None
    usage_days: int
    usage_paid_ads: bool
    disclosure: str
    dos: str
    donts: str


@transaction.atomic
def create_campaign(
    business: Business, *, by: User, niches: Sequence[Niche] = (), **fields: Unpack[BriefFields]
) -> Campaign:
    """A manager starts a draft; nobody else sees it yet."""
    require(by, business, MANAGER)
    campaign = Campaign(
        business=business, made_by=by, currency=fields.get("currency", business.currency), budget_minor=0
    )
    _write(campaign, fields)
    campaign.save()
    campaign.niches.set(niches)
    note(campaign, "create", "started the campaign", by=by, role=MANAGER)
    return campaign


@transaction.atomic
def edit_campaign(
    campaign: Campaign, *, by: User, niches: Sequence[Niche] | None = None, **fields: Unpack[BriefFields]
) -> Campaign:
    """A manager changes the brief: all of it before it opens, only texts and dates afterwards."""
    require(by, campaign, MANAGER)
    lock(campaign)
    _check_editable(campaign, fields, niches=niches)
    _write(campaign, fields)
    if campaign.state in BARELY_EDITABLE:
        _refuse_bad_texts(campaign)
    campaign.save()
    if niches is not None:
        campaign.niches.set(niches)
    mark_campaigns([campaign.pk] if campaign.state == CampaignState.OPEN else [])
    note(campaign, "edit", "edited the brief", by=by, role=MANAGER)
    return campaign


@transaction.atomic
def set_deliverables(campaign: Campaign, *, items: Sequence[Item], by: User) -> list[Deliverable]:
    """A manager says which pieces of work are wanted; only before the campaign opens."""
    require(by, campaign, MANAGER)
    lock(campaign)
    if campaign.state not in FULLY_EDITABLE:
        raise Conflict("brief_locked", "The wanted work cannot change once the campaign is posted.")
    if wrong := items_problem(items):
        raise Invalid.at("deliverables", "bad_deliverables", wrong)
    campaign.deliverables.all().delete()
    return Deliverable.objects.bulk_create(
        Deliverable(campaign=campaign, position=position, **item) for position, item in enumerate(items)
    )


@transaction.atomic
def submit_campaign(campaign: Campaign, *, by: User) -> Campaign:
    """A manager posts the campaign: a clean one opens at once, a flagged one waits for an admin."""
    lock(campaign)
    check(campaign, "submit", by=by)
    brief = _as_checked(campaign)
    if problems := checks.missing(brief, today=timezone.localdate()):
        raise Invalid("brief_incomplete", "A few things are missing before this can be posted.", fields=problems)
    findings = checks.findings(brief)
    move(campaign, "submit", by=by, findings=findings, state_reason="")
    if findings:
        tell(campaign, "in_review")
    else:
        move(campaign, "approve", by=None, role="clock", who="The automatic check", opened_at=timezone.now())
        rank(campaign)
        tell(campaign, "approve")
    return campaign


@transaction.atomic
def approve_campaign(campaign: Campaign, *, by: User, reason: str = "") -> Campaign:
    """An admin lets a flagged campaign open."""
    lock(campaign)
    move(campaign, "approve", by=by, reason=reason, opened_at=timezone.now(), state_reason="")
    record(act="campaign.approve", thing=campaign, by=by, reason=reason)
    rank(campaign)
    tell(campaign, "approve")
    return campaign


@transaction.atomic
def reject_campaign(campaign: Campaign, *, reason: str, by: User) -> Campaign:
    """An admin sends a campaign back with the reason; if it was open, its talks end."""
    reason_given(reason)
    lock(campaign)
    move(campaign, "reject", by=by, reason=reason, state_reason=reason[:500])
    record(act="campaign.reject", thing=campaign, by=by, reason=reason)
    close_talks(campaign, by=None, reason="The campaign was taken back.")
    tell(campaign, "reject")
    return campaign


@transaction.atomic
def pause_campaign(campaign: Campaign, *, by: User) -> Campaign:
    """A manager stops new invitations, applications and offers; what is under way goes on."""
    lock(campaign)
    move(campaign, "pause", by=by)
    return campaign


@transaction.atomic
def resume_campaign(campaign: Campaign, *, by: User) -> Campaign:
    """A manager opens a paused campaign again."""
    lock(campaign)
    move(campaign, "resume", by=by)
    mark_campaigns([campaign.pk])
    return campaign


@transaction.atomic
def complete_campaign(campaign: Campaign, *, by: User | None) -> Campaign:
    """A manager, or time, ends a campaign; open talks end, agreed work goes on."""
    lock(campaign)
    move(campaign, "complete", by=by, role="clock")
    close_talks(campaign, by=by)
    funding.close(campaign)
    return campaign


@transaction.atomic
def cancel_campaign(campaign: Campaign, *, by: User, reason: str = "") -> Campaign:
    """A manager gives a campaign up; open talks end, agreed work goes on under its contract."""
    lock(campaign)
    move(campaign, "cancel", by=by, reason=reason, state_reason=reason[:500])
    close_talks(campaign, by=by)
    funding.close(campaign)
    return campaign


@transaction.atomic
def archive_campaign(campaign: Campaign, *, by: User) -> Campaign:
    """A manager puts an ended campaign away."""
    lock(campaign)
    move(campaign, "archive", by=by)
    return campaign


def must_be_editable(campaign: Campaign) -> None:
    """Refuse while the brief is looked at, and once the campaign has ended."""
    if campaign.state not in FULLY_EDITABLE + BARELY_EDITABLE:
        raise Conflict("brief_locked", f"A campaign that is {campaign.get_state_display().lower()} cannot change.")


def _write(campaign: Campaign, fields: BriefFields) -> None:
    for name, value in fields.items():
        setattr(campaign, name, value.strip() if isinstance(value, str) else value)
    campaign.title = one_line(campaign.title)
    problems = checks.budget_problems(campaign.budget_minor, campaign.currency)
    problems |= checks.date_problems(campaign.starts_on, campaign.ends_on, today=timezone.localdate())
    problems |= _shape_problems(campaign)
    if problems:
        raise Invalid("brief_invalid", "Please check what you entered.", fields=problems)
    if campaign.town is not None:
        campaign.country = campaign.town.country


def _shape_problems(campaign: Campaign) -> checks.Problems:
    found: checks.Problems = {}
    choices: list[tuple[str, Any]] = [("goal", Goal.values), ("compensation", Compensation.values)]
    for name, values in choices:
        if getattr(campaign, name) not in values:
            found[name] = ["Please choose one of these."]
    if not campaign.title:
        found["title"] = ["Please fill this in."]
    if campaign.radius_km is not None and campaign.town is None:
        found["radius_km"] = ["Choose a town for the radius."]
    if not 1 <= campaign.creators_wanted <= 500:
        found["creators_wanted"] = ["Between 1 and 500 creators."]
    if set(campaign.platforms) - set(Network.values):
        found["platforms"] = ["Please choose from the list."]
    return found


def _check_editable(campaign: Campaign, fields: BriefFields, *, niches: Sequence[Niche] | None) -> None:
    must_be_editable(campaign)
    if campaign.state in BARELY_EDITABLE:
        fixed = [name for name in fields if name not in ALWAYS_EDITABLE and _differs(campaign, name, fields)]
        if niches is not None and {n.pk for n in niches} != set(campaign.niches.values_list("pk", flat=True)):
            fixed.append("niches")
        if fixed:
            locked = {name.removesuffix("_minor"): ["This is fixed once the campaign is open."] for name in fixed}
            raise Invalid("brief_locked", "An open campaign keeps its budget, place and rights.", fields=locked)
    spoken_for = committed(campaign)
    if (spoken_for or campaign.wallet_id) and fields.get("currency", campaign.currency) != campaign.currency:
        raise Invalid(
            "currency_locked",
            "The currency is fixed: money is promised or paid in it.",
            fields={"currency": ["Fixed."]},
        )
    if fields.get("budget_minor", campaign.budget_minor) < spoken_for.minor:
        promised = f"{spoken_for} is promised already."
        raise Invalid.at("budget", "budget_too_small", promised)


def _differs(campaign: Campaign, name: str, fields: BriefFields) -> bool:
    wanted: object = dict(fields)[name]
    return bool(getattr(campaign, name) != wanted)


def _refuse_bad_texts(campaign: Campaign) -> None:
    known = {(f["code"], f["text"]) for f in campaign.findings}
    fresh = [f for f in checks.text_findings(_texts(campaign)) if (f["code"], f["text"]) not in known]
    if fresh:
        problems: checks.Problems = {}
        for finding in fresh:
            problems.setdefault(finding["field"], []).append(finding["text"])
        raise Invalid("brief_flagged", "An open campaign cannot take these words.", fields=problems)


def _texts(campaign: Campaign) -> dict[str, str]:
    return {name: getattr(campaign, name) for name in sorted(TEXTS)}


def _as_checked(campaign: Campaign) -> checks.Brief:
    wanted = campaign.deliverables.all()
    return checks.Brief(
        texts=_texts(campaign),
        items=[Item(kind=d.kind, network=d.network, count=d.count, detail=d.detail) for d in wanted],
        budget=campaign.budget,
        platform_fee=platform_fee(campaign.budget),
        creators_wanted=campaign.creators_wanted,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        has_niche=campaign.niches.exists(),
        has_place=bool(campaign.country or campaign.town_id),
    )
