"""The supply side: who the creators are, where they publish, and what is known of it."""

from creators.models.authenticity import AuthenticityAnswer, AuthenticityRecord
from creators.models.change import Changes, CreatorChange
from creators.models.channel import Channel, CommentStats, Network, Post, Snapshot, Source
from creators.models.commenters import CommenterSample
from creators.models.creator import Creator, CreatorNiche, CreatorVector
from creators.models.place import Niche, Town
from creators.models.post_vector import PostVector
from creators.models.rate import DeliverableKind, Rate

__all__ = [
    "AuthenticityAnswer",
    "AuthenticityRecord",
    "Changes",
    "Channel",
    "CommentStats",
    "CommenterSample",
    "Creator",
    "CreatorChange",
    "CreatorNiche",
    "CreatorVector",
    "DeliverableKind",
    "Network",
    "Niche",
    "Post",
    "PostVector",
    "Rate",
    "Snapshot",
    "Source",
    "Town",
]
