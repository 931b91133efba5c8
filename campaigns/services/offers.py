"""The terms: offered, countered, agreed, signed."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from campaigns import budget
from campaigns.checks import pay_floor
from campaigns.deadlines import after
from campaigns.mail import tell
from campaigns.models import Application, Campaign, Collaboration, Invitation, Offer, Side, Terms
from campaigns.moves import check, lock, move, note
from campaigns.policies import require
from campaigns.services import funding
from campaigns.services.closing import ASKED, ASKING
from campaigns.services.invitations import must_be_available, must_be_in_good_standing, must_be_open
from campaigns.services.signing import must_sign_as, sign
from campaigns.states import MANAGER, InvitationState
from campaigns.terms import Draft, brief_of
from creators.models import Creator
from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.money import Money
from marketplace.users.models import User


def current_terms(offer: Offer) -> Terms:
    """The version that is on the table."""
    return offer.terms.get(number=offer.version)


def _deadline() -> datetime:
    return after(timezone.now(), hours=settings.HOURS["offer"])


@transaction.atomic
def send_offer(campaign: Campaign, creator: Creator, *, terms: Draft, by: User) -> Offer:
    """A manager signs terms and sends them to a creator; the money for it is set aside in the budget."""
    require(by, campaign, MANAGER)
    lock(campaign)
    must_be_open(campaign)
    must_be_available(creator, campaign)
    _check_terms(campaign, terms)
    asked = campaign.applications.filter(creator=creator, state__in=ASKING).first()
    _check_minimum(creator, terms.fee, asked_minor=asked.price_minor if asked else None)
    _check_left(campaign, terms.fee)
    now = timezone.now()
    try:
        with transaction.atomic():
            offer = Offer.objects.create(
                campaign=campaign, creator=creator, sent_by=by, signed_by=by, signed_at=now,
                fee_minor=terms.fee.minor, currency=terms.fee.currency, expires_at=_deadline(),
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict("live_offer_exists", f"{creator} has an offer from this campaign to answer already.") from error
    _put(offer, terms, side=Side.BUSINESS, brief=brief_of(campaign), by=by)
    _answer_asking(campaign, creator, by=by)
    note(offer, "send", f"sent {creator} an offer", by=by, role=MANAGER)
    tell(offer, "send")
    return offer


@transaction.atomic
def answer_application(application: Application, *, terms: Draft, by: User) -> Offer:
    """A manager answers an application with an offer."""
    lock(application.campaign)
    lock(application)
    check(application, "offer", by=by)
    return send_offer(application.campaign, application.creator, terms=terms, by=by)


@transaction.atomic
def answer_invitation(invitation: Invitation, *, terms: Draft, by: User) -> Offer:
    """A manager follows an invitation up with an offer, whether the creator has answered it or not."""
    lock(invitation.campaign)
    lock(invitation)
    check(invitation, "offer", by=by)
    return send_offer(invitation.campaign, invitation.creator, terms=terms, by=by)


@transaction.atomic
def counter_offer(offer: Offer, *, terms: Draft, version: int | None = None, by: User) -> Offer:
    """The creator proposes other terms, or corrects a proposal; the business's answer is awaited."""
    _take(offer, version, verb="counter", by=by)
    _check_terms(offer.campaign, terms)
    brief = current_terms(offer).brief
    move(offer, "counter", by=by, version=_next_number(offer), expires_at=_deadline(), reminded_at=None)
    _put(offer, terms, side=Side.CREATOR, brief=brief, by=by)
    tell(offer, "counter")
    return offer


@transaction.atomic
def take_back_offer(offer: Offer, *, version: int | None = None, by: User) -> Offer:
    """The creator takes a proposal back: what the business last put its name to is on the table again."""
    _take(offer, version, verb="take_back", by=by)
    number = _signed_number(offer)
    move(offer, "take_back", by=by, version=number, expires_at=_deadline(), reminded_at=None)
    tell(offer, "take_back")
    return offer


@transaction.atomic
def agree_offer(offer: Offer, *, version: int | None = None, by: User) -> Offer:
    """A manager signs the creator's terms as they stand; the creator only has to sign too."""
    lock(offer.campaign)
    _take(offer, version, verb="agree", by=by)
    fee = current_terms(offer).fee
    _check_left(offer.campaign, fee, besides=offer)
    move(
        offer, "agree", by=by, fee_minor=fee.minor, signed_by_id=by.pk, signed_at=timezone.now(),
        expires_at=_deadline(), reminded_at=None,
    )  # fmt: skip
    tell(offer, "agree")
    return offer


@transaction.atomic
def revise_offer(offer: Offer, *, terms: Draft, version: int | None = None, by: User) -> Offer:
    """A manager answers the creator's terms with new ones, signed by the business."""
    lock(offer.campaign)
    _take(offer, version, verb="revise", by=by)
    _check_terms(offer.campaign, terms)
    _check_minimum(offer.creator, terms.fee, asked_minor=current_terms(offer).fee_minor)
    _check_left(offer.campaign, terms.fee, besides=offer)
    move(
        offer, "revise", by=by, version=_next_number(offer), fee_minor=terms.fee.minor, signed_by_id=by.pk,
        signed_at=timezone.now(), expires_at=_deadline(), reminded_at=None,
    )  # fmt: skip
    _put(offer, terms, side=Side.BUSINESS, brief=brief_of(offer.campaign), by=by)
    tell(offer, "revise")
    return offer


@transaction.atomic
def extend_offer(offer: Offer, *, by: User) -> Offer:
    """A manager gives the creator more time, once."""
    _take(offer, None, verb="extend", by=by)
    later_on = after(offer.expires_at, hours=settings.HOURS["offer"])
    move(offer, "extend", by=by, expires_at=later_on, extended_at=timezone.now(), reminded_at=None)
    tell(offer, "extend")
    return offer


@transaction.atomic
def decline_offer(offer: Offer, *, reason: str = "", by: User) -> Offer:
    """The creator says no; the money set aside is free again."""
    lock(offer)
    move(offer, "decline", by=by, reason=reason, state_reason=reason[:500])
    tell(offer, "decline")
    return offer


@transaction.atomic
def withdraw_offer(offer: Offer, *, reason: str = "", by: User) -> Offer:
    """A manager takes an unsigned offer back."""
    lock(offer)
    move(offer, "withdraw", by=by, reason=reason, state_reason=reason[:500])
    tell(offer, "withdraw")
    return offer


@transaction.atomic
def expire_offer(offer: Offer) -> None:
    """Time ends an offer that nobody answered; what was set aside is free again."""
    move(offer, "expire", by=None, role="clock")
    tell(offer, "expire")


@transaction.atomic
def accept_offer(offer: Offer, *, version: int, signature: str, address: str | None = None, by: User) -> Collaboration:
    """The creator signs: the terms freeze; the campaign's money pays, or else the business is asked for it."""
    _take(offer, version, verb="accept", by=by)
    must_sign_as(by, signature)
    must_be_in_good_standing(offer.creator)
    move(offer, "accept", by=by)
    collaboration = sign(offer, current_terms(offer), signature=signature, address=address, by=by)
    if funding.cover(collaboration):
        tell(offer, "accept_funded")
    else:
        tell(offer, "accept_coming" if funding.is_coming(collaboration) else "accept")
    return collaboration


def _take(offer: Offer, version: int | None, *, verb: str, by: User) -> None:
    """Hold the offer, and refuse when it is not theirs, when time is up, or when other terms were on the screen."""
    lock(offer)
    check(offer, verb, by=by)
    if offer.expires_at <= timezone.now():
        raise Conflict("expired", "This offer has expired.", state=offer.state)
    if version is not None and version != offer.version:
        raise Conflict("terms_changed", "The terms have changed since you looked. Please read them again.")


def _next_number(offer: Offer) -> int:
    """Versions are numbered in the order they were written, also those that were taken back."""
    return offer.terms.count() + 1


def _signed_number(offer: Offer) -> int:
    """The version the business last signed: its own newest, or a later one of the creator's it agreed to."""
    signed = Q(side=Side.BUSINESS) | Q(at__lte=offer.signed_at)
    return offer.terms.filter(signed).order_by("-number").values_list("number", flat=True)[0]


def _put(offer: Offer, terms: Draft, *, side: Side, brief: dict[str, str], by: User) -> None:
    """Write one version down. The business speaks for its brief of today; the creator answers the one they read."""
    columns = terms.columns(brief=brief)
    Terms.objects.create(offer=offer, number=offer.version, side=side, by=by, **columns)


def _check_terms(campaign: Campaign, terms: Draft) -> None:
    problems = terms.problems(today=timezone.localdate())
    if terms.fee.currency != campaign.currency:
        problems["fee"] = [f"This campaign pays in {campaign.currency}."]
    elif wrong := _floor_problem(campaign, terms):
        problems.setdefault("fee", [wrong])
    if problems:
        raise Invalid("terms_invalid", "Please check the terms.", fields=problems)


def _check_minimum(creator: Creator, fee: Money, *, asked_minor: int | None) -> None:
    """Refuse a fee below the creator's smallest, unless they named it themselves; how small is theirs to know."""
    smallest = creator.minimum_fee_minor if creator.currency == fee.currency else None
    named = asked_minor is not None and fee.minor >= asked_minor
    if smallest is not None and fee.minor < smallest and not named:
        raise Conflict("below_minimum", f"{creator} does not take offers this small.")


def _floor_problem(campaign: Campaign, terms: Draft) -> str:
    """Why this is too little for the work, or nothing; an admin who opened the campaign below it has allowed that."""
    floor = pay_floor(terms.deliverables, campaign.currency)
    if terms.fee >= floor or any(finding["code"] == "pay_floor" for finding in campaign.findings):
        return ""
    return f"Too little for this work: the fair floor is {floor}. Pay more, or ask for less."


def _check_left(campaign: Campaign, fee: Money, *, besides: Offer | None = None) -> None:
    left = budget.left(campaign, besides=besides)
    if budget.cost(fee) > left:
        message = f"With our fee this takes {budget.cost(fee)}, but {left} of the budget is left."
        raise Conflict("over_budget", message, left=str(left), cost=str(budget.cost(fee)))


def _answer_asking(campaign: Campaign, creator: Creator, *, by: User) -> None:
    """From here on the offer is what both talk about: the application or invitation before it is closed."""
    asking = campaign.applications.select_for_update(no_key=True).filter(creator=creator, state__in=ASKING)
    for application in asking:
        move(application, "offer", by=by)
    invited = [*ASKED, InvitationState.ACCEPTED]
    for invitation in campaign.invitations.select_for_update(no_key=True).filter(creator=creator, state__in=invited):
        move(invitation, "offer", by=by)
