"""What the API reads and writes of creators; every field is named."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from creators.figures import TIERS
from creators.models import Channel, Creator, DeliverableKind, Network, Rate
from creators.policies import actions_for
from creators.search import AVAILABLE, ORDERS, RADIUS_KM, RADIUS_MAX_KM
from marketplace.kit.money import EXPONENTS, LARGEST_MINOR

TIER_NAMES = [*(name for name, _below in TIERS), "mega"]


class SearchQuery(serializers.Serializer[Any]):
    """What one may ask of a search. There is no order by followers."""

    q = serializers.CharField(required=False, allow_blank=True, max_length=100, help_text="Words in name, bio, niches.")
    niche = serializers.CharField(required=False, max_length=200, help_text="Slugs with commas between; any of them.")
    platform = serializers.ChoiceField(required=False, choices=Network.choices)
    language = serializers.CharField(required=False, max_length=2, min_length=2)
    country = serializers.CharField(required=False, max_length=2, min_length=2)
    near = serializers.CharField(required=False, max_length=80, help_text="A town's id or name, or “lat,lon”.")
    radius_km = serializers.FloatField(required=False, default=RADIUS_KM, min_value=1, max_value=RADIUS_MAX_KM)
    price_min_minor = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_MINOR)
    price_max_minor = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_MINOR)
    currency = serializers.ChoiceField(required=False, default="EUR", choices=sorted(EXPONENTS))
    engagement_min = serializers.FloatField(required=False, min_value=0, max_value=1, help_text="A share: 0.03 is 3 %.")
    tier = serializers.ChoiceField(required=False, choices=TIER_NAMES)
    available = serializers.ChoiceField(
        required=False, choices=AVAILABLE, help_text="“room”: takes paid work; “active”: posted in the last 30 days."
    )
    facets = serializers.BooleanField(
        required=False, default=False, help_text="Also count niches, networks, … each given the other filters."
    )
    ordering = serializers.ChoiceField(required=False, default="engagement", choices=ORDERS)
    page_size = serializers.IntegerField(required=False, default=25, min_value=1, max_value=100)
    cursor = serializers.CharField(required=False, default="", max_length=200)


class CreatorCard(serializers.Serializer[Any]):
    """One creator in a list. Rates and shares are from 0 to 1; null is unknown."""

    id = serializers.CharField(source="public_id")
    handle = serializers.CharField()
    display_name = serializers.CharField()
    niches = serializers.ListField(source="niche_names", child=serializers.CharField())
    place = serializers.CharField(source="town_label")
    country = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    platforms = serializers.ListField(child=serializers.CharField())
    tier = serializers.CharField()
    followers = serializers.IntegerField(allow_null=True)
    engagement_rate = serializers.FloatField(allow_null=True, help_text="(likes + comments) ÷ followers, median.")
    engagement_shrunk = serializers.FloatField(allow_null=True, help_text="The rate after shrinkage to its tier.")
    engagement_posts = serializers.IntegerField(help_text="How many posts the rate is from.")
    conversation = serializers.FloatField(allow_null=True)
    reply_rate = serializers.FloatField(allow_null=True)
    comment_words = serializers.FloatField(allow_null=True)
    genuine_share = serializers.FloatField(allow_null=True)
    comments_seen = serializers.IntegerField()
    sponsored_share = serializers.FloatField(allow_null=True)
    price_from_minor = serializers.IntegerField(allow_null=True)
    currency = serializers.CharField()
    last_post_on = serializers.DateField(allow_null=True)
    figures_at = serializers.DateTimeField(allow_null=True)
    distance_km = serializers.FloatField(required=False, help_text="Only when “near” was asked.")


class ChannelSerializer(serializers.ModelSerializer[Channel]):
    """A channel with its figures; new figures count as entered by hand."""

    id = serializers.CharField(source="public_id", read_only=True)
    followers = serializers.IntegerField(allow_null=True, required=False, min_value=0)
    following = serializers.IntegerField(allow_null=True, required=False, min_value=0)
    posts_count = serializers.IntegerField(allow_null=True, required=False, min_value=0)

    class Meta:
        model = Channel
        fields = [
            "id", "network", "handle", "url", "followers", "following", "posts_count", "engagement_rate", "source",
            "figures_on",
        ]  # fmt: skip
        read_only_fields = ["source"]
        validators: list[Any] = []


class RateSerializer(serializers.ModelSerializer[Rate]):
    """One line of the rate card; the currency is the profile's."""

    id = serializers.CharField(source="public_id", read_only=True)
    kind = serializers.ChoiceField(choices=DeliverableKind.choices)
    network = serializers.ChoiceField(choices=Network.choices, allow_blank=True, default="")
    price_minor = serializers.IntegerField(min_value=1, max_value=LARGEST_MINOR)
    note = serializers.CharField(max_length=140, allow_blank=True, default="")

    class Meta:
        model = Rate
        fields = ["id", "kind", "network", "price_minor", "currency", "note"]
        read_only_fields = ["currency"]
        validators: list[Any] = []


class ActionSerializer(serializers.Serializer[Any]):
    """A verb this person may use now."""

    verb = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class CreatorDetail(CreatorCard):
    """A creator's public page."""

    bio = serializers.CharField()
    exclusions = serializers.ListField(child=serializers.CharField())
    channels = ChannelSerializer(many=True)
    rates = RateSerializer(many=True)
    actions = serializers.SerializerMethodField()

    @extend_schema_field(ActionSerializer(many=True))
    def get_actions(self, creator: Creator) -> list[dict[str, str]]:
        user = self.context["request"].user
        return [{"verb": move.verb, "label": move.label} for move in actions_for(user, creator)]


class ProfileSerializer(CreatorDetail):
    """A creator's own profile with what only they see."""

    state = serializers.CharField()
    state_reason = serializers.CharField()
    niche_slugs = serializers.SerializerMethodField(help_text="The niches as chosen.")
    minimum_fee_minor = serializers.IntegerField(allow_null=True)
    room_per_month = serializers.IntegerField()
    town_id = serializers.IntegerField(allow_null=True)

    def get_niche_slugs(self, creator: Creator) -> list[str]:
        return [weight.niche.slug for weight in creator.niche_weights.all()]


class ProfileInput(serializers.Serializer[Any]):
    """What may be changed of a profile; what is absent stays."""

    display_name = serializers.CharField(required=False, max_length=60)
    handle = serializers.SlugField(required=False, max_length=40)
    bio = serializers.CharField(required=False, allow_blank=True, max_length=1200)
    languages = serializers.ListField(required=False, child=serializers.CharField(max_length=2), max_length=20)
    town_id = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**31 - 1)
    country = serializers.CharField(required=False, allow_blank=True, max_length=2)
    currency = serializers.CharField(required=False, max_length=3)
    minimum_fee_minor = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    exclusions = serializers.ListField(required=False, child=serializers.CharField(max_length=48), max_length=20)
    room_per_month = serializers.IntegerField(required=False, min_value=0, max_value=60)
    niches = serializers.ListField(required=False, child=serializers.CharField(max_length=48), max_length=20)


class ProfileOpening(serializers.Serializer[Any]):
    """What opens a profile."""

    display_name = serializers.CharField(required=False, allow_blank=True, max_length=60, default="")


class NicheSerializer(serializers.Serializer[Any]):
    """A node of the niche tree."""

    slug = serializers.CharField()
    name = serializers.CharField()
    parent = serializers.CharField(source="parent__slug", allow_null=True)  # type: ignore[assignment]


class TownSerializer(serializers.Serializer[Any]):
    """A town, for “near” and for profiles."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    region = serializers.CharField()
    country = serializers.CharField()
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()


class TownQuery(serializers.Serializer[Any]):
    """The beginning of a town's name."""

    q = serializers.CharField(max_length=80)
    country = serializers.CharField(required=False, default="", max_length=2)
