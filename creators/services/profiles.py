"""A creator's own profile: opened once, edited in sections."""

from collections.abc import Sequence
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from creators.models import Creator, CreatorNiche, Niche, Town
from creators.policies import SELF, must_be
from creators.refresh import copy_niches
from creators.validity import LANGUAGE_CODES, check, refuse
from marketplace.kit.models import new_public_id
from marketplace.kit.money import EXPONENTS, LARGEST_MINOR
from marketplace.kit.texts import holds_address, one_line
from marketplace.trust.services import record
from marketplace.users.models import User

NICHES_MAX = 5
EXCLUSIONS_MAX = 20
ROOM_MAX = 60


class ProfileChanges(TypedDict, total=False):
    """What a profile edit may set; absent means unchanged."""

    display_name: str
    handle: str
    bio: str
    languages: list[str]
    town: Town | None
    country: str
    currency: str
    minimum_fee_minor: int | None
    exclusions: list[str]
    room_per_month: int


@transaction.atomic
def open_profile(user: User, *, display_name: str = "") -> Creator:
    """Start this person's profile as a draft; asking again returns the one they have."""
    # The user's row is the queue for two clicks at once.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    mine = Creator.objects.filter(user=user).first()
    if mine is not None:
        return mine
    name = one_line(display_name or user.name)[:60] or _("New creator")
    creator = Creator(user=user, display_name=name, handle=free_handle(name))
    _check_name(creator)
    check(creator)
    creator.save()
    record(act="creator.open", thing=creator, by=user)
    return creator


def free_handle(name: str) -> str:
    """A page address made of the name that nobody has yet."""
    stem = slugify(name)[:30].strip("-") or "creator"
    if len(stem) > 1 and not Creator.objects.filter(handle=stem).exists():
        return stem
    return f"{stem}-{new_public_id()[:6]}"


@transaction.atomic
def edit_profile(
    creator: Creator, *, by: User, niches: Sequence[str] | None = None, **changes: Unpack[ProfileChanges]
) -> Creator:
    """Change what the person says of themselves; what is not named stays as it is."""
    must_be(by, creator, SELF)
    creator = Creator.objects.select_for_update(no_key=True).get(pk=creator.pk)
    _check_changes(creator, changes)
    for name, value in changes.items():
        setattr(creator, name, value)
    creator.display_name = one_line(creator.display_name)
    if "town" in changes:
        _place(creator, changes["town"])
    creator.texts_at = creator.facts_at = timezone.now()
    if "display_name" in changes:
        _check_name(creator)
    check(creator)
    creator.save()
    if niches is not None:
        set_niches(creator, slugs=niches, by=by)
    return creator


def _check_name(creator: Creator) -> None:
    if holds_address(creator.display_name):
        raise refuse("display_name", _("A name holds no web or e-mail address."), "address_in_name")


@transaction.atomic
def set_niches(creator: Creator, *, slugs: Sequence[str], by: User) -> None:
    """Replace the niches this person says they are credible in; at most five."""
    must_be(by, creator, SELF)
    wanted = list(dict.fromkeys(slugs))
    if len(wanted) > NICHES_MAX:
        raise refuse("niches", _("Choose at most %(max)d niches.") % {"max": NICHES_MAX})
    found = {niche.slug: niche for niche in Niche.objects.filter(slug__in=wanted)}
    unknown = [slug for slug in wanted if slug not in found]
    if unknown:
        raise refuse("niches", _("We don't know the niche “%(slug)s”.") % {"slug": unknown[0][:48]})
    Creator.objects.select_for_update(no_key=True).get(pk=creator.pk)
    creator.niche_weights.exclude(niche__slug__in=wanted).delete()
    rows = [CreatorNiche(creator=creator, niche=found[slug]) for slug in wanted]
    CreatorNiche.objects.bulk_create(rows, ignore_conflicts=True)
    copy_niches([creator.pk])
    creator.refresh_from_db(fields=["niche_names", "niche_slugs", "niche_words", "texts_at"])


def missing_for_review(creator: Creator) -> list[tuple[str, str]]:
    """What is still to fill in before the profile can be reviewed: (section, sentence), in the order of the form."""
    steps = [
        ("profile", bool(len(creator.bio.strip()) >= 40), _("Say in 40 letters or more what you make and for whom.")),
        ("place", bool(creator.country), _("Say where you are.")),
        ("place", bool(creator.languages), _("Say which languages you publish in.")),
        ("channels", creator.channels.exists(), _("Add at least one channel.")),
        ("niches", bool(creator.niche_names), _("Choose at least one niche.")),
        ("rates", creator.price_from_minor is not None, _("Put at least one price on your rate card.")),
    ]
    return [(section, sentence) for section, done, sentence in steps if not done]


def _place(creator: Creator, town: Town | None) -> None:
    """A town brings its country and its point on the map."""
    creator.town_label = f"{town.name}, {town.country}" if town else ""
    creator.latitude = town.latitude if town else None
    creator.longitude = town.longitude if town else None
    if town:
        creator.country = town.country


def _check_changes(creator: Creator, changes: ProfileChanges) -> None:
    """The rules that no column can hold."""
    for code in changes.get("languages", []):
        if code not in LANGUAGE_CODES:
            raise refuse("languages", _("We don't know the language “%(code)s”.") % {"code": code[:8]})
    if len(changes.get("exclusions", [])) > EXCLUSIONS_MAX:
        raise refuse("exclusions", _("Name at most %(max)d things.") % {"max": EXCLUSIONS_MAX})
    if not 0 <= changes.get("room_per_month", 1) <= ROOM_MAX:
        raise refuse("room_per_month", _("Choose a number from 0 to %(max)d.") % {"max": ROOM_MAX})
    country = changes.get("country", "")
    if country and not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
        raise refuse("country", _("Write the country as two letters, like DE."))
    _check_money(creator, changes)


def _check_money(creator: Creator, changes: ProfileChanges) -> None:
    currency = changes.get("currency", creator.currency)
    if currency not in EXPONENTS:
        raise refuse("currency", _("We don't handle the currency “%(code)s”.") % {"code": currency[:8]})
    if currency != creator.currency and creator.rates.exists():
        raise refuse("currency", _("Your prices are in %(code)s. Remove them first.") % {"code": creator.currency})
    fee = changes.get("minimum_fee_minor")
    if fee is not None and not 0 < fee <= LARGEST_MINOR:
        raise refuse("minimum_fee", _("Write an amount above zero, like 80.00."))
