"""The people of a business: who joins, in which role, and who leaves."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from campaigns import tasks
from campaigns.mail import invite_digest, invite_token
from campaigns.models import Business, Invite, Member, Offer, Role
from campaigns.policies import OWNER, require
from campaigns.states import LIVE_OFFER, RUNNING
from creators.models import Town
from marketplace.kit.errors import Conflict, Invalid, NotAllowed
from marketplace.kit.later import later
from marketplace.kit.models import new_public_id
from marketplace.kit.money import Money
from marketplace.kit.texts import holds_address, one_line
from marketplace.trust.services import record
from marketplace.users.models import User
from payments.services import open_account
from payments.states import AccountKind

INVITE_LASTS = timedelta(days=7)
OPEN_INVITES_MAX = 50
# Mails to people who never asked for one: so many a day to one address, from whomever, and from one business.
TO_ONE_ADDRESS_MAX = 3
FROM_ONE_BUSINESS_MAX = 20
BUSINESSES_MAX = 10


@transaction.atomic
def create_business(
    user: User,
    *,
    name: str,
    about: str = "",
    website: str = "",
    town: Town | None = None,
    country: str = "",
    currency: str = "EUR",
) -> Business:
    """Somebody opens a business and is its first owner. Without a country it is where its town is, else in Germany."""
    if user.is_suspended or not user.is_active:
        raise NotAllowed("suspended", "Your account is suspended.")
    name = _named(name)
    Money(0, currency)
    # The person's row is the queue for two clicks at once.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.memberships.filter(role=Role.OWNER).count() >= BUSINESSES_MAX:
        raise Conflict("too_many_businesses", f"One person can own {BUSINESSES_MAX} businesses.")
    country = country or (town.country if town else "DE")
    _check_town(town, country)
    account = open_account(kind=AccountKind.PAYER, name=name, email=user.email, country=country, currency=currency)
    business = Business.objects.create(
        name=name,
        about=about.strip(),
        website=website,
        town=town,
        country=country,
        currency=currency,
        time_zone=user.time_zone,
        account=account,
    )
    Member.objects.create(business=business, user=user, role=Role.OWNER)
    record(act="business.create", thing=business, by=user)
    return business


@transaction.atomic
def edit_business(
    business: Business, *, name: str, about: str = "", website: str = "", town: Town | None = None, by: User
) -> Business:
    """An owner changes what others read about the business."""
    require(by, business, OWNER)
    name = _named(name)
    _check_town(town, business.country)
    business.name, business.about, business.website, business.town = name, about.strip(), website, town
    business.save(update_fields=["name", "about", "website", "town", "updated_at"])
    record(act="business.edit", thing=business, by=by)
    return business


def _named(name: str) -> str:
    name = one_line(name)
    if not name:
        raise Invalid("nameless", "Please give your business a name.", fields={"name": ["Please fill this in."]})
    if holds_address(name):
        wrong = "A name holds no web or e-mail address."
        raise Invalid.at("name", "address_in_name", wrong)
    return name


@transaction.atomic
def invite_member(business: Business, *, email: str, role: str, by: User) -> Invite:
    """An owner offers a seat in the team to an e-mail address; the link goes by mail and lasts seven days."""
    require(by, business, OWNER)
    _lock(business)
    address = email.strip().lower()
    _check_seat(business, address, role)
    over = Invite.objects.open().filter(business=business, email__iexact=address, expires_at__lte=timezone.now())
    over.update(withdrawn_at=timezone.now())
    public_id = new_public_id()
    invite, made = Invite.objects.get_or_create(
        business=business,
        email=address,
        accepted_at=None,
        withdrawn_at=None,
        defaults={
            "public_id": public_id,
            "role": role,
            "invited_by": by,
            "digest": invite_digest(invite_token(public_id)),
            "expires_at": timezone.now() + INVITE_LASTS,
        },
    )
    if not made:
        raise Conflict("already_invited", "This address has an open invite already.")
    record(act="business.invite", thing=invite, by=by)
    later(tasks.send_invite, invite_id=invite.pk)
    return invite


def _check_town(town: Town | None, country: str) -> None:
    """Payments are booked in the business's country: its town cannot be in another."""
    if town is not None and town.country != country:
        raise Invalid(
            "town_elsewhere",
            "The town is in another country.",
            fields={"town": [f"{town} is not in the country you chose ({country})."]},
        )


def _check_seat(business: Business, email: str, role: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid(
            "bad_email", "Please check the e-mail address.", fields={"email": ["This is not an e-mail address."]}
        ) from None
    if role not in Role.values:
        raise Invalid("bad_role", "Please choose a role.", fields={"role": ["Please choose one of the roles."]})
    if Member.objects.filter(business=business, user__email__iexact=email).exists():
        raise Conflict("already_member", "This person is in the team already.")
    if Invite.objects.open().filter(business=business).count() >= OPEN_INVITES_MAX:
        raise Conflict("too_many_invites", f"At most {OPEN_INVITES_MAX} invites can be open at once.")
    _check_pace(business, email)


def _check_pace(business: Business, email: str) -> None:
    """Withdrawn ones count too: their mail was sent."""
    today = Invite.objects.filter(created_at__gt=timezone.now() - timedelta(days=1))
    if today.filter(email__iexact=email).count() >= TO_ONE_ADDRESS_MAX:
        raise Conflict("too_many_invites", "This address was invited several times today. Try again tomorrow.")
    if today.filter(business=business).count() >= FROM_ONE_BUSINESS_MAX:
        raise Conflict("too_many_invites", f"A business can send {FROM_ONE_BUSINESS_MAX} invites a day.")


def find_invite(token: str) -> Invite | None:
    """The open invite this link belongs to, if it still counts."""
    found = Invite.objects.select_related("business", "invited_by").filter(digest=invite_digest(token)).first()
    if found is None or found.accepted_at or found.withdrawn_at or found.expires_at <= timezone.now():
        return None
    return found


@transaction.atomic
def accept_invite(token: str, *, by: User) -> Member:
    """The invited person joins; only with the e-mail address that was invited."""
    invite = Invite.objects.select_for_update(no_key=True).filter(digest=invite_digest(token)).first()
    if invite is None or invite.accepted_at or invite.withdrawn_at or invite.expires_at <= timezone.now():
        raise Conflict("invite_over", "This invite is no longer valid. Ask for a new one.")
    if by.is_suspended or by.email.casefold() != invite.email.casefold():
        raise NotAllowed("other_address", "This invite was sent to another e-mail address.")
    _lock(invite.business)
    _must_not_be_hired(by, invite.business)
    member, _made = Member.objects.get_or_create(business=invite.business, user=by, defaults={"role": invite.role})
    invite.accepted_at = timezone.now()
    invite.save(update_fields=["accepted_at", "updated_at"])
    record(act="business.join", thing=invite, by=by)
    return member


def _must_not_be_hired(user: User, business: Business) -> None:
    theirs = Offer.objects.filter(creator__user=user, campaign__business=business)
    if theirs.filter(Q(state__in=LIVE_OFFER) | Q(collaboration__state__in=RUNNING)).exists():
        message = "This business has an offer to you or work with you that has not ended. Join its team afterwards."
        raise Conflict("own_creator", message)


@transaction.atomic
def withdraw_invite(invite: Invite, *, by: User) -> None:
    """An owner takes an open invite back; its link stops working."""
    require(by, invite.business, OWNER)
    changed = Invite.objects.open().filter(pk=invite.pk)
    if not changed.update(withdrawn_at=timezone.now()):
        raise Conflict("invite_over", "This invite is no longer open.")
    record(act="business.withdraw_invite", thing=invite, by=by)


@transaction.atomic
def change_role(member: Member, *, role: str, by: User) -> Member:
    """An owner gives a member another role; the last owner stays owner."""
    require(by, member.business, OWNER)
    if role not in Role.values:
        raise Invalid("bad_role", "Please choose a role.", fields={"role": ["Please choose one of the roles."]})
    _lock(member.business)
    if role != Role.OWNER:
        _keep_an_owner(member)
    if not Member.objects.filter(pk=member.pk).update(role=role, updated_at=timezone.now()):
        raise Conflict("gone", "This person has left the team.")
    member.role = role
    record(act="business.change_role", thing=member, by=by, reason=role)
    return member


@transaction.atomic
def remove_member(member: Member, *, by: User) -> None:
    """An owner takes somebody out of the team; the last owner cannot go."""
    require(by, member.business, OWNER)
    _lock(member.business)
    _keep_an_owner(member)
    record(act="business.remove_member", thing=member, by=by)
    Member.objects.filter(pk=member.pk).delete()


@transaction.atomic
def leave(business: Business, *, by: User) -> None:
    """Somebody leaves the team; the last owner cannot."""
    _lock(business)
    member = Member.objects.filter(business=business, user=by).first()
    if member is None:
        raise NotAllowed("not_yours", "You are not in this team.")
    _keep_an_owner(member)
    record(act="business.leave", thing=business, by=by)
    member.delete()


def _lock(business: Business) -> None:
    """One change of a team at a time: two owners cannot remove each other at once."""
    Business.objects.select_for_update(no_key=True).order_by().get(pk=business.pk)


def _keep_an_owner(leaving: Member) -> None:
    others = Member.objects.filter(business_id=leaving.business_id, role=Role.OWNER).exclude(pk=leaving.pk)
    if not others.exists():
        raise Conflict("last_owner", "A business needs an owner. Make somebody else owner first.")
