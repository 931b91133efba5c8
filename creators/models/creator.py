"""The creator: a person who makes and usually publishes the content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Mod
from django.utils import timezone

from creators.models.place import Niche, Town
from creators.states import CreatorState
from marketplace.kit.models import Stamped
from marketplace.kit.texts import stays_one_line
from marketplace.users.rights import sees_all
from payments.models import Account

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.users.models import User


Row = TypeVar("Row", bound=models.Model)


class CreatorQuerySet(models.QuerySet["Creator"]):
    """Reads that make the call English."""

    def listed(self) -> CreatorQuerySet:
        return self.filter(state=CreatorState.LISTED)

    def visible_to(self, user: User | AnonymousUser) -> CreatorQuerySet:
        """Listed creators for everybody; one's own in any state; everything for staff."""
        if not user.is_authenticated:
            return self.listed()
        if sees_all(user, self.model):
            return self.all()
        return self.filter(Q(state=CreatorState.LISTED) | Q(user=user))

    def due_for_figures(self) -> CreatorQuerySet:
        """Those whose channels, posts or rates changed after their figures were made."""
        return self.filter(Q(figures_at__isnull=True) | Q(figures_at__lt=F("facts_at")))

    def due_for_authenticity(self, version: str) -> CreatorQuerySet:
        """Those whose figures are newer than their score, or whose score another version made."""
        stale = (
            Q(authenticity_at__isnull=True) | Q(authenticity_at__lt=F("figures_at")) | ~Q(authenticity_version=version)
        )
        return self.filter(stale, figures_at__isnull=False)

    def due_for_vector(self, model: str) -> CreatorQuerySet:
        """Those whose texts changed after their vector was made, or whose vector another model made, or without those
        of their posts."""
        unread = Q(vector__isnull=True) | Q(vector__posts__isnull=True)
        return self.filter(unread | Q(vector__made_at__lt=F("texts_at")) | ~Q(vector__model=model))

    def owned_by(self, user: User | AnonymousUser) -> CreatorQuerySet:
        return self.filter(user=user) if user.is_authenticated else self.none()


class OfCreatorQuerySet(models.QuerySet[Row]):
    """Lines of a creator's profile."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The lines of every profile this person may see."""
        return self.filter(creator__in=Creator.objects.visible_to(user))

    def owned_by(self, user: User | AnonymousUser) -> Self:
        """The lines of one's own profile."""
        return self.filter(creator__in=Creator.objects.owned_by(user))


class Creator(Stamped):
    """A creator's profile. Imported ones have no ``user`` until somebody claims them; never deleted, only unlisted."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="creator"
    )
    external_id = models.CharField(max_length=64, null=True, blank=True, unique=True)
    handle = models.SlugField(
        max_length=40,
        unique=True,
        help_text="Your page will be at /c/handle.",
        error_messages={"unique": "This page address is taken already. Try another one."},
    )
    display_name = models.CharField(max_length=60)
    bio = models.TextField(max_length=1200, blank=True)
    town = models.ForeignKey(Town, null=True, blank=True, on_delete=models.PROTECT, related_name="creators")
    country = models.CharField(max_length=2, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    minimum_fee_minor = models.BigIntegerField(null=True, blank=True)
    exclusions = ArrayField(
        models.CharField(max_length=48), default=list, blank=True, help_text="What you will not promote."
    )
    room_per_month = models.PositiveSmallIntegerField(default=4, help_text="Paid collaborations you take in a month.")
    niches = models.ManyToManyField(Niche, through="CreatorNiche", related_name="creators")
    state = models.CharField(max_length=12, choices=CreatorState.choices, default=CreatorState.DRAFT, db_index=True)
    state_reason = models.CharField(max_length=500, blank=True)
    account = models.OneToOneField(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="creator")

    # The figures search and matching read, refreshed from channels, posts and comments; NULL is unknown, not zero.
    followers = models.BigIntegerField(null=True, blank=True)
    platforms = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    engagement_rate = models.FloatField(
        null=True, blank=True, help_text="Median (likes + comments) ÷ followers over sampled posts."
    )
    engagement_posts = models.PositiveIntegerField(default=0, help_text="How many posts the rate is from.")
    engagement_shrunk = models.FloatField(null=True, blank=True, help_text="The rate after shrinkage to its tier.")
    reply_rate = models.FloatField(null=True, blank=True)
    comment_words = models.FloatField(null=True, blank=True, help_text="Mean words per fan comment.")
    genuine_share = models.FloatField(
        null=True, blank=True, help_text="Share of comments that are neither emoji only nor generic."
    )
    comments_seen = models.PositiveIntegerField(default=0)
    sponsored_share = models.FloatField(null=True, blank=True)
    price_from_minor = models.BigIntegerField(null=True, blank=True, help_text="The lowest price on the rate card.")
    last_post_on = models.DateField(null=True, blank=True)
    conversation = models.FloatField(null=True, blank=True, help_text="0–1: replies, length and substance of comments.")
    tier = models.CharField(max_length=8, blank=True, help_text="Band of followers of the largest channel.")
    figures_at = models.DateTimeField(null=True, blank=True)
    authenticity = models.FloatField(
        null=True, blank=True, help_text="0–1, 0.5 is usual; NULL with too little evidence."
    )
    authenticity_low = models.FloatField(null=True, blank=True, help_text="The lower end of its 80 % band.")
    authenticity_high = models.FloatField(null=True, blank=True)
    authenticity_version = models.CharField(max_length=16, blank=True, default="", db_default="")
    authenticity_at = models.DateTimeField(null=True, blank=True)

    # Copies for reading: a card, a filter or a sweep needs no join.
    town_label = models.CharField(max_length=260, blank=True)
    niche_names = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    niche_slugs = ArrayField(
        models.CharField(max_length=48), default=list, blank=True, help_text="With all their ancestors."
    )
    niche_words = models.TextField(blank=True)
    post_words = models.TextField(
        blank=True, default="", db_default="", help_text="The newest posts' texts, cut short, for the search."
    )
    facts_at = models.DateTimeField(default=timezone.now, help_text="When channels, posts or rates last changed.")
    texts_at = models.DateTimeField(default=timezone.now, help_text="When bio, niches or posts' texts last changed.")
    words = models.GeneratedField(
        expression=SearchVector(
            "display_name", "handle", "bio", "town_label", "niche_words", "post_words", config="simple"
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = CreatorQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            stays_one_line("display_name", name="creator_name_one_line"),
            models.CheckConstraint(
                condition=Q(followers__isnull=True) | Q(followers__gte=0), name="creator_followers_real"
            ),
            models.CheckConstraint(
                condition=Q(minimum_fee_minor__isnull=True) | Q(minimum_fee_minor__gt=0),
                name="creator_minimum_fee_positive",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True) | Q(latitude__range=(-90, 90)), name="creator_latitude"
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True) | Q(longitude__range=(-180, 180)),
                name="creator_longitude",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "country"], name="creator_by_country"),
            models.Index(
                F("state"),
                Coalesce("engagement_shrunk", Value(-1.0)).desc(),
                F("id").desc(),
                name="creator_by_engagement",
            ),
            models.Index(
                F("state"),
                Coalesce("conversation", Value(-1.0)).desc(),
                F("id").desc(),
                name="creator_by_conversation",
            ),
            models.Index(fields=["state", "currency", "price_from_minor", "id"], name="creator_by_price"),
            models.Index(fields=["state", "-id"], name="creator_by_newest"),
            # The lots of creators/search/facets.py: a 64th of a large pool stands for all of it.
            models.Index(F("state"), Mod(F("id"), 64), name="creator_by_lot"),
            GinIndex(fields=["words"], name="creator_by_words"),
            GinIndex(fields=["niche_slugs"], name="creator_by_niche"),
            models.Index(fields=["latitude", "longitude"], name="creator_by_place"),
            GinIndex(fields=["platforms"], name="creator_by_platform"),
            GinIndex(fields=["languages"], name="creator_by_language"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        return f"/c/{self.handle}/"


class CreatorNiche(models.Model):
    """How much a creator's posts speak of a niche (weight 0–1), and as of when."""

    creator = models.ForeignKey(Creator, on_delete=models.CASCADE, related_name="niche_weights")
    niche = models.ForeignKey(Niche, on_delete=models.PROTECT, related_name="weights")
    weight = models.FloatField(default=1.0)
    as_of = models.DateField(auto_now=True)

    class Meta:
        ordering = ["-weight", "niche_id"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "niche"], name="one_weight_per_niche"),
            models.CheckConstraint(condition=Q(weight__gte=0) & Q(weight__lte=1), name="niche_weight_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.niche} {self.weight:.0%}"


class CreatorVector(models.Model):
    """What a creator's posts mean: one vector (384 × float16) made by one model version from one state of the texts."""

    creator = models.OneToOneField(Creator, on_delete=models.CASCADE, related_name="vector")
    model = models.CharField(max_length=48, db_index=True)
    vector = models.BinaryField(max_length=4096)
    texts_hash = models.CharField(max_length=64)
    posts = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of how many single posts the meaning is kept; NULL: of none yet."
    )
    made_at = models.DateTimeField(auto_now=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.creator_id} by {self.model}"
