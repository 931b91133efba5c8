"""Where a creator publishes, and the figures of it with their source and date."""

from django.db import models
from django.db.models import Q

from creators.models.creator import Creator, OfCreatorQuerySet
from marketplace.kit.models import Stamped


class Network(models.TextChoices):
    """The places a channel can be."""

    INSTAGRAM = "instagram", "Instagram"
    TIKTOK = "tiktok", "TikTok"
    YOUTUBE = "youtube", "YouTube"
    BLOG = "blog", "Blog"
    NEWSLETTER = "newsletter", "Newsletter"


class Source(models.TextChoices):
    """Where a figure is from."""

    CONNECTED = "connected", "Connected account"
    IMPORTED = "imported", "Imported"
    ENTERED = "entered", "Entered by hand"
    PROVED = "proved", "Proved by screenshot"


class ChannelQuerySet(OfCreatorQuerySet["Channel"]):
    """Channels."""


class Channel(Stamped):
    """One creator's account on one network. Figures carry their source and date; NULL is unknown."""

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="channels")
    network = models.CharField(max_length=12, choices=Network.choices)
    handle = models.CharField(max_length=80)
    url = models.URLField(max_length=300, blank=True)
    external_id = models.CharField(max_length=80, null=True, blank=True)
    followers = models.BigIntegerField(null=True, blank=True)
    following = models.BigIntegerField(null=True, blank=True)
    posts_count = models.BigIntegerField(null=True, blank=True)
    engagement_rate = models.FloatField(null=True, blank=True)
    source = models.CharField(max_length=12, choices=Source.choices, default=Source.ENTERED)
    figures_on = models.DateField(null=True, blank=True)

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["network", "handle"]
        constraints = [
            models.UniqueConstraint(fields=["network", "handle"], name="one_channel_per_handle"),
            models.CheckConstraint(
                condition=Q(followers__isnull=True) | Q(followers__gte=0), name="channel_followers_real"
            ),
            models.CheckConstraint(
                condition=Q(engagement_rate__isnull=True) | Q(engagement_rate__gte=0),
                name="channel_engagement_real",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_network_display()} @{self.handle}"


class Snapshot(models.Model):
    """A channel's figures on one day."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="snapshots")
    taken_on = models.DateField()
    followers = models.BigIntegerField(null=True, blank=True)
    following = models.BigIntegerField(null=True, blank=True)
    posts_count = models.BigIntegerField(null=True, blank=True)
    engagement_rate = models.FloatField(null=True, blank=True)
    source = models.CharField(max_length=12, choices=Source.choices)

    class Meta:
        ordering = ["-taken_on"]
        constraints = [models.UniqueConstraint(fields=["channel", "taken_on"], name="one_snapshot_a_day")]

    def __str__(self) -> str:
        return f"{self.channel_id} on {self.taken_on}"


class Post(models.Model):
    """Something a creator published, as far as we may know it."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="posts")
    external_id = models.CharField(max_length=80)
    posted_on = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=24, blank=True)
    text = models.TextField(blank=True)
    likes = models.BigIntegerField(null=True, blank=True)
    comments = models.BigIntegerField(null=True, blank=True)
    is_disclosed = models.BooleanField(default=False)
    is_sponsored = models.BooleanField(default=False)

    class Meta:
        ordering = ["-posted_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["channel", "external_id"], name="one_post_per_external_id")]

    def __str__(self) -> str:
        return self.text[:60]


class CommentStats(models.Model):
    """What the comments under one post look like; counts over a loaded sample."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="comment_stats")
    loaded = models.PositiveIntegerField()
    fan_comments = models.PositiveIntegerField(default=0)
    unique_fans = models.PositiveIntegerField(default=0)
    owner_replies = models.PositiveIntegerField(default=0)
    replied_to = models.PositiveIntegerField(default=0)
    emoji_only = models.PositiveIntegerField(default=0)
    short_or_generic = models.PositiveIntegerField(default=0)
    mean_words = models.FloatField(null=True, blank=True)
    distinct_texts = models.PositiveIntegerField(null=True, blank=True)
    from_creators = models.PositiveIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.loaded} comments of post {self.post_id}"
