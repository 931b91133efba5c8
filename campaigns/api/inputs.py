"""What the API takes. Price, state and owner are never writable beyond what a verb asks for."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from campaigns.models import Business, Campaign, Compensation, Goal, ReportReason, Role
from campaigns.services.work import Change
from campaigns.terms import Draft, Item
from creators.models import Creator, DeliverableKind, Network, Niche, Town
from marketplace.kit.money import LARGEST_MINOR, Money
from payments.models import PayoutMethod

Input = serializers.Serializer[Any]


class ByPublicId(serializers.SlugRelatedField[Any]):
    """Names a row by its public id; rows one may not see do not exist."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="public_id", **kwargs)

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.visible_to(self.context["request"].user) if rows is not None else rows


class OfBusinessIn(Input):
    """Something new of one of your businesses."""

    business = ByPublicId(queryset=Business.objects.all())


class BusinessIn(Input):
    """A new business."""

    name = serializers.CharField(max_length=80)
    about = serializers.CharField(max_length=600, required=False, allow_blank=True)
    website = serializers.URLField(max_length=200, required=False, allow_blank=True)
    country = serializers.RegexField(r"^[A-Z]{2}$", required=False)
    currency = serializers.CharField(max_length=3, required=False)


class BusinessEditIn(Input):
    """What others read about a business."""

    name = serializers.CharField(max_length=80)
    about = serializers.CharField(max_length=600, required=False, allow_blank=True)
    website = serializers.URLField(max_length=200, required=False, allow_blank=True)


class FundIn(Input):
    """How much is paid into a campaign, in minor units of its currency."""

    amount_minor = serializers.IntegerField(min_value=1, max_value=LARGEST_MINOR)


class PayOutIn(Input):
    """How fast, and what you were told that it costs you: when it is more by now, nothing is sent."""

    method = serializers.ChoiceField(choices=PayoutMethod.choices, default=PayoutMethod.STANDARD)
    fee_minor = serializers.IntegerField(min_value=0, max_value=LARGEST_MINOR, required=False, allow_null=True)


class MinimumIn(Input):
    """From how much on money is paid out by itself, in minor units of your currency."""

    minimum_minor = serializers.IntegerField(min_value=1, max_value=LARGEST_MINOR)


class InviteIn(Input):
    """A seat for somebody."""

    business = ByPublicId(queryset=Business.objects.all())
    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=Role.choices)


class TokenIn(Input):
    """The secret from the link in the mail."""

    token = serializers.CharField(max_length=80)


class RoleIn(Input):
    """Another role."""

    role = serializers.ChoiceField(choices=Role.choices)


class BriefIn(Input):
    """A brief, whole or in part."""

    title = serializers.CharField(max_length=80, required=False)
    product = serializers.CharField(max_length=120, required=False)
    goal = serializers.ChoiceField(choices=Goal.choices, required=False)
    message = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    niches = serializers.SlugRelatedField(
        slug_field="slug", queryset=Niche.objects.all(), many=True, required=False, allow_empty=True
    )
    town = serializers.PrimaryKeyRelatedField(queryset=Town.objects.all(), required=False, allow_null=True)
    radius_km = serializers.IntegerField(min_value=1, max_value=2000, required=False, allow_null=True)
    country = serializers.RegexField(r"^([A-Z]{2})?$", required=False, allow_blank=True)
    languages = serializers.ListField(child=serializers.RegexField(r"^[a-z]{2}$"), max_length=10, required=False)
    platforms = serializers.ListField(child=serializers.CharField(max_length=12), max_length=5, required=False)
    compensation = serializers.ChoiceField(choices=Compensation.choices, required=False)
    product_value_minor = serializers.IntegerField(
        min_value=0, max_value=LARGEST_MINOR, required=False, allow_null=True
    )
    budget_minor = serializers.IntegerField(required=False)
    currency = serializers.CharField(max_length=3, required=False)
    creators_wanted = serializers.IntegerField(min_value=1, max_value=500, required=False)
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True)
    usage_days = serializers.IntegerField(min_value=0, max_value=3650, required=False)
    usage_paid_ads = serializers.BooleanField(required=False)
    disclosure = serializers.CharField(max_length=60, required=False)
    dos = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    donts = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class CampaignIn(BriefIn):
    """A new campaign: a business and a brief."""

    business = ByPublicId(queryset=Business.objects.all())
    title = serializers.CharField(max_length=80)
    product = serializers.CharField(max_length=120)
    budget_minor = serializers.IntegerField()


class ItemIn(Input):
    """One item of work."""

    kind = serializers.ChoiceField(choices=DeliverableKind.choices)
    network = serializers.ChoiceField(choices=[("", "Anywhere"), *Network.choices], required=False, allow_blank=True)
    count = serializers.IntegerField(min_value=1, max_value=50, required=False)
    detail = serializers.CharField(max_length=300, required=False, allow_blank=True)


def items_of(rows: list[dict[str, Any]]) -> list[Item]:
    """The items as the domain takes them."""
    return [
        Item(kind=r["kind"], network=r.get("network", ""), count=r.get("count", 1), detail=r.get("detail", ""))
        for r in rows
    ]


class ItemsIn(Input):
    """All wanted work."""

    deliverables = ItemIn(many=True)


class ReasonIn(Input):
    """A reason, where one helps."""

    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class NeededReasonIn(Input):
    """A reason, where one is needed."""

    reason = serializers.CharField(max_length=500)


class MessageIn(Input):
    """What to write to the other side; ``is_sure`` sends contact details although the payment is not secured yet."""

    text = serializers.CharField(max_length=4000)
    is_sure = serializers.BooleanField(required=False, default=False)


class ReportIn(Input):
    """What is wrong with a message."""

    reason = serializers.ChoiceField(choices=ReportReason.choices)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ReviewIn(Input):
    """How the work with the other side was."""

    stars = serializers.IntegerField(min_value=1, max_value=5)
    text = serializers.CharField(max_length=1000)


class CancelPaidIn(NeededReasonIn):
    """Why, and the amount that was read: what the creator keeps, from `kill-fee`."""

    keeps_minor = serializers.IntegerField(min_value=0, max_value=LARGEST_MINOR)


class InvitationIn(Input):
    """Whom to invite to what."""

    campaign = ByPublicId(queryset=Campaign.objects.all())
    creator = ByPublicId(queryset=Creator.objects.all())
    message = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class ApplicationIn(Input):
    """Asking to join."""

    campaign = ByPublicId(queryset=Campaign.objects.all())
    message = serializers.CharField(max_length=1000)
    price_minor = serializers.IntegerField(min_value=1, max_value=LARGEST_MINOR, required=False, allow_null=True)


class TermsIn(Input):
    """Terms to put on the table."""

    fee_minor = serializers.IntegerField(min_value=1, max_value=LARGEST_MINOR)
    currency = serializers.CharField(max_length=3)
    deliverables = ItemIn(many=True)
    due_on = serializers.DateField()
    publish_on = serializers.DateField(required=False, allow_null=True, default=None)
    usage_days = serializers.IntegerField(min_value=0, max_value=3650, required=False, default=0)
    usage_paid_ads = serializers.BooleanField(required=False, default=False)
    product = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    disclosure = serializers.CharField(max_length=60, required=False, default="#ad")
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


def draft_of(data: dict[str, Any]) -> Draft:
    """The terms as the domain takes them."""
    made = ("fee_minor", "currency", "deliverables")
    rest = {name: value for name, value in data.items() if name not in made}
    return Draft(fee=Money(data["fee_minor"], data["currency"]), deliverables=items_of(data["deliverables"]), **rest)


class OfferIn(Input):
    """Which terms go to whom."""

    campaign = ByPublicId(queryset=Campaign.objects.all())
    creator = ByPublicId(queryset=Creator.objects.all())
    terms = TermsIn()


class AnswerIn(Input):
    """New terms in answer to the version that was read."""

    version = serializers.IntegerField(min_value=1)
    terms = TermsIn()


class VersionIn(Input):
    """The version that was read."""

    version = serializers.IntegerField(min_value=1)


class SignatureIn(Input):
    """Your name as signature under the version that was read."""

    version = serializers.IntegerField(min_value=1)
    signature = serializers.CharField(max_length=80)


class WorkIn(Input):
    """Work to review, by link."""

    link = serializers.CharField(max_length=400)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class UploadIn(Input):
    """Work to review, as a file."""

    file = serializers.FileField(max_length=200)
    link = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class ChangeIn(Input):
    """One change: the line of the contract that is not met, and what to do."""

    item = serializers.CharField(max_length=300)
    text = serializers.CharField(max_length=500)


class ChangesIn(Input):
    """All changes of one round."""

    changes = ChangeIn(many=True)


def changes_of(data: dict[str, Any]) -> list[Change]:
    """The changes as the domain takes them."""
    return [Change(item=one["item"], text=one["text"]) for one in data["changes"]]


class LiveIn(Input):
    """Where the work was published."""

    url = serializers.CharField(max_length=400)
