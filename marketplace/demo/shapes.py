"""What the demo's world is made of, as plain values. Words are those of the glossary; money is in minor units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Place:
    """A town of the open table."""

    name: str
    region: str
    country: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be named and written to; ``key`` names them inside the world."""

    key: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class DemoComments:
    """What the comments under a post look like, counted over a loaded sample."""

    loaded: int
    fan_comments: int
    unique_fans: int
    owner_replies: int
    replied_to: int
    emoji_only: int
    short_or_generic: int
    mean_words: float


@dataclass(frozen=True, slots=True)
class DemoPost:
    """Something a creator published."""

    external_id: str
    posted_on: date
    kind: str
    niche: str
    text: str
    likes: int
    comments: int
    sample: DemoComments
    is_sponsored: bool = False
    is_disclosed: bool = False


@dataclass(frozen=True, slots=True)
class DemoSnapshot:
    """A channel's figures on one day of the past."""

    taken_on: date
    followers: int
    posts_count: int
    engagement_rate: float


@dataclass(frozen=True, slots=True)
class DemoChannel:
    """One creator's account on one network."""

    network: str
    handle: str
    url: str
    followers: int
    following: int
    posts_count: int
    engagement_rate: float
    source: str
    figures_on: date
    posts: Sequence[DemoPost] = ()
    snapshots: Sequence[DemoSnapshot] = ()


@dataclass(frozen=True, slots=True)
class DemoRate:
    """One line of a rate card."""

    kind: str
    network: str
    price_minor: int


@dataclass(frozen=True, slots=True)
class DemoCreator:
    """A creator with all that is known of them. The first channel is the one they live on."""

    person: Person
    handle: str
    display_name: str
    bio: str
    place: Place
    languages: Sequence[str]
    currency: str
    niches: Mapping[str, float]
    channels: Sequence[DemoChannel]
    rates: Sequence[DemoRate]
    minimum_fee_minor: int
    exclusions: Sequence[str]
    room_per_month: int
    reply_rate: float
    comment_words: float


@dataclass(frozen=True, slots=True)
class DemoBusiness:
    """A small business and its people by role."""

    key: str
    name: str
    kind: str
    about: str
    website: str
    place: Place
    currency: str
    time_zone: str
    members: Mapping[str, Person]


@dataclass(frozen=True, slots=True)
class DemoDeliverable:
    """One wanted item of a brief."""

    kind: str
    network: str
    count: int
    detail: str


@dataclass(frozen=True, slots=True)
class DemoCampaign:
    """A brief, and how far its campaign has come (a campaign state)."""

    key: str
    business: str
    title: str
    product: str
    goal: str
    message: str
    niches: Sequence[str]
    radius_km: int | None
    languages: Sequence[str]
    platforms: Sequence[str]
    deliverables: Sequence[DemoDeliverable]
    budget_minor: int
    creators_wanted: int
    starts_on: date
    ends_on: date
    usage_days: int
    dos: str
    donts: str
    product_value_minor: int | None
    state: str
    state_reason: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing somebody does in a story: a verb of the life cycles, who does it, and with which words or price."""

    verb: str
    who: str
    text: str = ""
    price_minor: int = 0


@dataclass(frozen=True, slots=True)
class Story:
    """How one creator and one campaign got on, step by step; ``ends`` is the state of the thing it ends with."""

    campaign: str
    creator: str
    ends: str
    steps: Sequence[Step]
    began_days_ago: int


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """A person of the demo whom a visitor can be."""

    who: str
    person: Person
    password: str


@dataclass(frozen=True, slots=True)
class World:
    """Everything, and nothing besides."""

    seed: int
    today: date
    admin: Person
    creators: Sequence[DemoCreator]
    businesses: Sequence[DemoBusiness]
    campaigns: Sequence[DemoCampaign]
    stories: Sequence[Story]
    logins: Sequence[DemoLogin]

    def creators_by_handle(self) -> dict[str, DemoCreator]:
        return {one.handle: one for one in self.creators}

    def creator(self, handle: str) -> DemoCreator:
        return next(one for one in self.creators if one.handle == handle)

    def business(self, key: str) -> DemoBusiness:
        return next(one for one in self.businesses if one.key == key)

    def campaign(self, key: str) -> DemoCampaign:
        return next(one for one in self.campaigns if one.key == key)
