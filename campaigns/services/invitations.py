"""How they meet: the business invites, or the creator applies."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.deadlines import after
from campaigns.mail import tell
from campaigns.models import Application, Campaign, Invitation, Saved
from campaigns.moves import lock, move, note
from campaigns.policies import require
from campaigns.services.closing import ASKING
from campaigns.states import CREATOR, MANAGER, CampaignState
from creators.models import Creator
from creators.states import CreatorState
from marketplace.kit.errors import Conflict, Invalid, NotAllowed
from marketplace.kit.money import LARGEST_MINOR, Money
from marketplace.users.models import User


def _deadline(name: str) -> datetime:
    return after(timezone.now(), hours=settings.HOURS[name])


def must_be_open(campaign: Campaign) -> None:
    """Refuse unless the campaign takes new people now."""
    if campaign.state != CampaignState.OPEN:
        raise Conflict("campaign_not_open", f"This campaign is {campaign.get_state_display().lower()} now.")


def must_be_available(creator: Creator, campaign: Campaign) -> None:
    """Refuse creators who are not listed or cannot sign in, and people who would hire themselves."""
    is_shut_out = creator.user is not None and (creator.user.is_suspended or not creator.user.is_active)
    if creator.state != CreatorState.LISTED or is_shut_out:
        raise Conflict("creator_not_listed", f"{creator} does not take new work now.")
    if creator.user_id and campaign.business.members.filter(user_id=creator.user_id).exists():
        raise Conflict("own_business", "Members of a business cannot be hired by it.")


# Why a creator who is not listed cannot apply, said to them.
NOT_READY = {
    CreatorState.DRAFT: "Finish your profile first and submit it for review; then you can apply.",
    CreatorState.IN_REVIEW: "Your profile is still being looked at. You can apply as soon as it is listed.",
    CreatorState.REJECTED: "Your profile needs changes before you can apply.",
    CreatorState.PAUSED: "Your profile is paused. Resume it to apply.",
    CreatorState.SUSPENDED: "Your profile is suspended, so you cannot apply.",
}


def not_ready(creator: Creator) -> str:
    """Why this creator cannot apply to anything now, or nothing."""
    return NOT_READY.get(CreatorState(creator.state), "")


def must_be_ready(creator: Creator) -> None:
    """Refuse an application of somebody who is not listed."""
    if wrong := not_ready(creator):
        raise Conflict("creator_not_listed", wrong)


def must_be_in_good_standing(creator: Creator) -> None:
    """Refuse a profile that was taken down or sent back since; one on a break may still finish its talks."""
    if creator.state not in (CreatorState.LISTED, CreatorState.PAUSED):
        wrong = f"The profile is {creator.get_state_display().lower()} now, so nothing can be signed with it."
        raise Conflict("creator_not_listed", wrong)


@transaction.atomic
def save_creator(campaign: Campaign, creator: Creator, *, by: User) -> Saved:
    """A manager puts a creator on the campaign's list."""
    require(by, campaign, MANAGER)
    saved, _made = Saved.objects.get_or_create(campaign=campaign, creator=creator)
    return saved


@transaction.atomic
def forget_creator(campaign: Campaign, creator: Creator, *, by: User) -> None:
    """A manager takes a creator off the campaign's list."""
    require(by, campaign, MANAGER)
    Saved.objects.filter(campaign=campaign, creator=creator).delete()


@transaction.atomic
def invite_creator(campaign: Campaign, creator: Creator, *, message: str = "", by: User) -> Invitation:
    """A manager asks a named creator to join; once for each campaign."""
    require(by, campaign, MANAGER)
    lock(campaign)
    must_be_open(campaign)
    must_be_available(creator, campaign)
    if campaign.invitations.filter(creator=creator).exists():
        raise Conflict("already_invited", f"{creator} was invited already.")
    invitation = Invitation.objects.create(
        campaign=campaign, creator=creator, sent_by=by, message=message.strip(), expires_at=_deadline("invitation")
    )
    note(invitation, "send", f"invited {creator}", by=by, role=MANAGER)
    tell(invitation, "send")
    return invitation


@transaction.atomic
def invite_creators(
    campaign: Campaign, creators: Iterable[Creator], *, message: str = "", by: User
) -> list[Invitation]:
    """A manager asks several creators with the same words; those who were asked before are not asked twice."""
    require(by, campaign, MANAGER)
    lock(campaign)
    asked = set(campaign.invitations.values_list("creator_id", flat=True))
    return [invite_creator(campaign, one, message=message, by=by) for one in creators if one.pk not in asked]


@transaction.atomic
def view_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """The creator opens the invitation; the business sees that it was read."""
    lock(invitation)
    move(invitation, "view", by=by)
    return invitation


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """The creator is interested; the business may now make an offer."""
    _answer(invitation)
    move(invitation, "accept", by=by)
    tell(invitation, "accept")
    return invitation


@transaction.atomic
def decline_invitation(invitation: Invitation, *, reason: str = "", by: User) -> Invitation:
    """The creator says no, perhaps with a reason."""
    lock(invitation)
    move(invitation, "decline", by=by, reason=reason)
    tell(invitation, "decline")
    return invitation


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, by: User) -> Invitation:
    """A manager takes an unanswered invitation back."""
    lock(invitation)
    move(invitation, "withdraw", by=by)
    tell(invitation, "withdraw")
    return invitation


def _answer(invitation: Invitation) -> None:
    lock(invitation)
    if invitation.expires_at <= timezone.now():
        raise Conflict("expired", "This invitation has expired.", verb="accept", state=invitation.state)


@transaction.atomic
def apply_to_campaign(campaign: Campaign, *, message: str, price: Money | None = None, by: User) -> Application:
    """A creator asks to join an open campaign, perhaps with a price; at most twenty at a time."""
    lock(campaign)
    creator = _creator_of(by)
    must_be_open(campaign)
    must_be_ready(creator)
    must_be_available(creator, campaign)
    _check_application(campaign, message, price)
    if Application.objects.filter(creator=creator, state__in=ASKING).count() >= settings.OPEN_APPLICATIONS_MAX:
        raise Conflict("too_many_applications", f"You have {settings.OPEN_APPLICATIONS_MAX} open applications already.")
    try:
        with transaction.atomic():
            application = Application.objects.create(
                campaign=campaign,
                creator=creator,
                message=message.strip(),
                price_minor=price.minor if price else None,
                currency=campaign.currency,
                expires_at=_deadline("application"),
            )
    except IntegrityError as error:
        raise Conflict("already_applied", "You have applied to this campaign already.") from error
    note(application, "send", "applied", by=by, role=CREATOR)
    tell(application, "send")
    return application


def _creator_of(user: User) -> Creator:
    if user.is_suspended or not user.is_active:
        raise NotAllowed("suspended", "Your account is suspended.")
    creator = Creator.objects.select_for_update(no_key=True).order_by().filter(user=user).first()
    if creator is None:
        raise NotAllowed("no_creator_profile", "Only creators can apply. Make a creator profile first.")
    return creator


def _check_application(campaign: Campaign, message: str, price: Money | None) -> None:
    problems: dict[str, list[str]] = {}
    if not message.strip():
        problems["message"] = ["Say in a sentence why you fit."]
    if price is not None and price.currency != campaign.currency:
        problems["price"] = [f"This campaign pays in {campaign.currency}."]
    elif price is not None and not 0 < price.minor <= LARGEST_MINOR:
        problems["price"] = ["The price must be more than nothing, and an amount we can handle."]
    if problems:
        raise Invalid("application_invalid", "Please check what you entered.", fields=problems)


@transaction.atomic
def shortlist_application(application: Application, *, by: User) -> Application:
    """A manager keeps an application in mind; the creator is told."""
    lock(application)
    move(application, "shortlist", by=by)
    tell(application, "shortlist")
    return application


@transaction.atomic
def decline_application(application: Application, *, reason: str = "", by: User) -> Application:
    """A manager says no to an application, perhaps with a reason."""
    lock(application)
    move(application, "decline", by=by, reason=reason, state_reason=reason[:500])
    tell(application, "decline")
    return application


@transaction.atomic
def withdraw_application(application: Application, *, by: User) -> Application:
    """The creator takes an application back."""
    lock(application)
    move(application, "withdraw", by=by)
    tell(application, "withdraw")
    return application


@transaction.atomic
def expire_invitation(invitation: Invitation) -> None:
    """Time ends an invitation that nobody answered."""
    move(invitation, "expire", by=None, role="clock")
    tell(invitation, "expire")


@transaction.atomic
def expire_application(application: Application) -> None:
    """Time ends an application that the business did not answer."""
    move(application, "expire", by=None, role="clock")
    tell(application, "expire")
