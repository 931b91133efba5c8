"""Writes the world's people, creators and businesses in bulk. Running it twice changes nothing."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from campaigns.models import Business, Member
from creators.models import (
    Channel,
    CommenterSample,
    CommentStats,
    Creator,
    CreatorNiche,
    Niche,
    Post,
    Rate,
    Snapshot,
    Town,
)
from creators.refresh import copy_niches, refresh_authenticity, refresh_figures
from creators.services.places import load_places
from creators.states import CreatorState
from marketplace.demo.commenters import commenter_samples
from marketplace.demo.places import TIME_ZONES
from marketplace.demo.shapes import DemoBusiness, DemoChannel, DemoCreator, Person, Place, World
from marketplace.users.models import User
from payments.models import Account
from payments.states import AccountKind

YEAR = 365
# Not everybody is listed: an admin finds work, and a list finds an edge. Counted from the end of the world.
UNLISTED = [
    (CreatorState.IN_REVIEW, ""),
    (CreatorState.IN_REVIEW, ""),
    (CreatorState.IN_REVIEW, ""),
    (CreatorState.PAUSED, ""),
    (CreatorState.REJECTED, "Please say where the follower figure is from."),
    (CreatorState.SUSPENDED, "Three reports about copied photos; the answer is awaited."),
]
Towns = Mapping[tuple[str, str, str], Town]


def is_filled(world: World) -> bool:
    return User.objects.filter(email=world.admin.email).exists()


@transaction.atomic
def fill(world: World) -> None:
    """People, creators with all that is known of them, businesses with their teams."""
    load_places()
    towns = _towns(world)
    users = _people(world)
    _creators(world, users, towns)
    _businesses(world.businesses, users, towns)


def _towns(world: World) -> Towns:
    places = {_key(one.place) for one in world.creators} | {_key(one.place) for one in world.businesses}
    found = Town.objects.filter(name__in={name for name, _region, _country in places})
    return {(town.name, town.region, town.country): town for town in found}


def _key(place: Place) -> tuple[str, str, str]:
    return (place.name, place.region, place.country)


def _people(world: World) -> dict[str, User]:
    """Everybody can log in with the demo's one password, hashed once; every address counts as confirmed."""
    zones: dict[str, str] = {one.person.email: TIME_ZONES[one.place.country] for one in world.creators}
    people: dict[str, Person] = {world.admin.email: world.admin}
    for business in world.businesses:
        zones |= {person.email: business.time_zone for person in business.members.values()}
        people |= {person.email: person for person in business.members.values()}
    people |= {one.person.email: one.person for one in world.creators}
    password = make_password(world.logins[0].password)
    users = User.objects.bulk_create(
        User(
            email=person.email,
            name=person.name,
            password=password,
            time_zone=zones.get(person.email, "Europe/Berlin"),
            is_staff=person == world.admin,
            is_superuser=person == world.admin,
        )
        for person in people.values()
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    return {user.email: user for user in users}


def _creators(world: World, users: Mapping[str, User], towns: Towns) -> None:
    accounts = Account.objects.bulk_create(
        Account(
            kind=AccountKind.PAYEE, name=one.display_name, email=one.person.email, country=one.place.country,
            currency=one.currency,
        )
        for one in world.creators
    )  # fmt: skip
    rows = Creator.objects.bulk_create(
        _creator(one, users[one.person.email], towns[_key(one.place)], account)
        for one, account in zip(world.creators, accounts, strict=True)
    )
    for row, (state, reason) in zip(reversed(rows), UNLISTED, strict=False):
        row.state, row.state_reason = state, reason
    Creator.objects.bulk_update(rows[-len(UNLISTED) :], ["state", "state_reason"])
    made = dict(zip(world.creators_by_handle(), rows, strict=True))
    _niches_and_rates(world, made)
    _channels(world, made)
    ids = [row.pk for row in rows]
    copy_niches(ids)
    refresh_figures(ids)
    refresh_authenticity(ids)
    # They joined over the last year, so that “newest” means something.
    now = timezone.now()
    for number, row in enumerate(rows):
        row.created_at = now - timedelta(days=number * 37 % YEAR, hours=number % 24)
    Creator.objects.bulk_update(rows, ["created_at"])


def _creator(one: DemoCreator, user: User, town: Town, account: Account) -> Creator:
    return Creator(
        user=user,
        account=account,
        external_id=f"demo-{one.handle}",
        handle=one.handle,
        display_name=one.display_name,
        bio=one.bio,
        town=town,
        town_label=str(town),
        country=town.country,
        latitude=town.latitude,
        longitude=town.longitude,
        languages=list(one.languages),
        currency=one.currency,
        minimum_fee_minor=one.minimum_fee_minor,
        exclusions=list(one.exclusions),
        room_per_month=one.room_per_month,
        state=CreatorState.LISTED,
    )


def _niches_and_rates(world: World, made: Mapping[str, Creator]) -> None:
    niches = {niche.slug: niche for niche in Niche.objects.all()}
    CreatorNiche.objects.bulk_create(
        CreatorNiche(creator=made[one.handle], niche=niches[slug], weight=weight)
        for one in world.creators
        for slug, weight in one.niches.items()
    )
    Rate.objects.bulk_create(
        Rate(
            creator=made[one.handle], kind=rate.kind, network=rate.network, price_minor=rate.price_minor,
            currency=one.currency,
        )
        for one in world.creators
        for rate in one.rates
    )  # fmt: skip


def _channels(world: World, made: Mapping[str, Creator]) -> None:
    pairs = [(one, channel) for one in world.creators for channel in one.channels]
    rows = Channel.objects.bulk_create(_channel(made[one.handle], channel) for one, channel in pairs)
    channels = list(zip(rows, (channel for _creator, channel in pairs), strict=True))
    Snapshot.objects.bulk_create(
        Snapshot(
            channel=row, taken_on=past.taken_on, followers=past.followers, posts_count=past.posts_count,
            engagement_rate=past.engagement_rate, source=channel.source,
        )
        for row, channel in channels
        for past in channel.snapshots
    )  # fmt: skip
    _posts(channels)
    people = [(row, one, channel) for row, (one, channel) in zip(rows, pairs, strict=True)]
    CommenterSample.objects.bulk_create(commenter_samples(people))


def _channel(creator: Creator, channel: DemoChannel) -> Channel:
    return Channel(
        creator=creator,
        network=channel.network,
        handle=channel.handle,
        url=channel.url,
        external_id=f"{channel.network}-{channel.handle}",
        followers=channel.followers,
        following=channel.following,
        posts_count=channel.posts_count,
        engagement_rate=channel.engagement_rate,
        source=channel.source,
        figures_on=channel.figures_on,
    )


def _posts(channels: Iterable[tuple[Channel, DemoChannel]]) -> None:
    pairs = [(row, post) for row, channel in channels for post in channel.posts]
    rows = Post.objects.bulk_create(
        Post(
            channel=row, external_id=post.external_id, posted_on=post.posted_on, kind=post.kind, text=post.text,
            likes=post.likes, comments=post.comments, is_disclosed=post.is_disclosed, is_sponsored=post.is_sponsored,
        )
        for row, post in pairs
    )  # fmt: skip
    samples = [(row, post.sample) for row, (_channel, post) in zip(rows, pairs, strict=True)]
    CommentStats.objects.bulk_create(
        CommentStats(
            post=row, loaded=seen.loaded, fan_comments=seen.fan_comments, unique_fans=seen.unique_fans,
            owner_replies=seen.owner_replies, replied_to=seen.replied_to, emoji_only=seen.emoji_only,
            short_or_generic=seen.short_or_generic, mean_words=seen.mean_words,
        )
        for row, seen in samples
    )  # fmt: skip


def _businesses(businesses: Iterable[DemoBusiness], users: Mapping[str, User], towns: Towns) -> None:
    for one in businesses:
        row = Business.objects.create(
            name=one.name,
            about=one.about,
            website=one.website,
            town=towns[_key(one.place)],
            country=one.place.country,
            currency=one.currency,
            time_zone=one.time_zone,
            account=Account.objects.create(
                kind=AccountKind.PAYER, name=one.name, email=one.members["owner"].email, country=one.place.country,
                currency=one.currency,
            ),
        )  # fmt: skip
        Member.objects.bulk_create(
            Member(business=row, user=users[person.email], role=role) for role, person in one.members.items()
        )
