"""Where a creator publishes, entered by hand: each figure says where it is from and of which day."""

from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from creators.models import Channel, Creator, Snapshot, Source
from creators.policies import SELF, must_be
from creators.refresh import refresh_figures
from creators.states import CreatorState
from creators.validity import check, refuse
from marketplace.kit.errors import Conflict
from marketplace.users.models import User

CHANNELS_MAX = 12
FOLLOWERS_MAX = 5_000_000_000
FIGURES = ("followers", "following", "posts_count", "engagement_rate")


class ChannelChanges(TypedDict, total=False):
    """What a person may say of a channel; absent means unchanged."""

    network: str
    handle: str
    url: str
    followers: int | None
    following: int | None
    posts_count: int | None
    engagement_rate: float | None
    figures_on: date | None


@transaction.atomic
def add_channel(creator: Creator, *, by: User, **said: Unpack[ChannelChanges]) -> Channel:
    """Add a channel with its figures, and keep them as the day's snapshot."""
    must_be(by, creator, SELF)
    if creator.channels.count() >= CHANNELS_MAX:
        raise Conflict("too_many_channels", _("A profile has at most %(max)d channels.") % {"max": CHANNELS_MAX})
    return _store(Channel(creator=creator), said)


@transaction.atomic
def edit_channel(channel: Channel, *, by: User, **said: Unpack[ChannelChanges]) -> Channel:
    """Change a channel; new figures are from the person's own hand and become the day's snapshot."""
    must_be(by, channel.creator, SELF)
    return _store(Channel.objects.select_for_update(no_key=True, of=["self"]).get(pk=channel.pk), said)


@transaction.atomic
def remove_channel(channel: Channel, *, by: User) -> None:
    """Take a channel off the profile with its posts and snapshots; a listed profile keeps at least one."""
    creator = channel.creator
    must_be(by, creator, SELF)
    Creator.objects.select_for_update(no_key=True).get(pk=creator.pk)
    if creator.state == CreatorState.LISTED and creator.channels.count() == 1:
        raise Conflict("last_channel", _("A listed profile needs a channel. Add another one first."))
    channel.delete()
    _touch(creator)


def _store(channel: Channel, said: ChannelChanges) -> Channel:
    before = [getattr(channel, name) for name in FIGURES]
    for name, value in said.items():
        setattr(channel, name, value)
    channel.handle = channel.handle.strip().removeprefix("@")
    if before != [getattr(channel, name) for name in FIGURES]:
        channel.source = Source.ENTERED
        channel.figures_on = said.get("figures_on") or timezone.now().date()
    _check(channel)
    channel.save()
    _keep_snapshot(channel)
    _touch(channel.creator)
    return channel


def _check(channel: Channel) -> None:
    if channel.figures_on and channel.figures_on > timezone.now().date():
        raise refuse("figures_on", _("This day has not come yet."))
    if channel.followers is not None and not 0 <= channel.followers <= FOLLOWERS_MAX:
        raise refuse("followers", _("Write a number of people."))
    if channel.engagement_rate is not None and not 0 <= channel.engagement_rate <= 1:
        raise refuse("engagement_rate", _("Write a share of followers between 0 and 100 %."))
    taken = Channel.objects.filter(network=channel.network, handle=channel.handle).exclude(pk=channel.pk)
    if taken.exists():
        raise refuse("handle", _("This channel is already on Goodword."), code="channel_taken")
    check(channel, behind="handle")


def _keep_snapshot(channel: Channel) -> None:
    if channel.figures_on is None or all(getattr(channel, name) is None for name in FIGURES):
        return
    figures = {name: getattr(channel, name) for name in FIGURES}
    Snapshot.objects.update_or_create(
        channel=channel, taken_on=channel.figures_on, defaults={**figures, "source": channel.source}
    )


def _touch(creator: Creator) -> None:
    now = timezone.now()
    Creator.objects.filter(pk=creator.pk).update(facts_at=now, texts_at=now, updated_at=now)
    refresh_figures([creator.pk])
