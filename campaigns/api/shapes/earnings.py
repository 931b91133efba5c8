"""Earnings and payouts, as the API shows them."""

from dataclasses import asdict

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.api.shapes.basic import MoneyShape, Shape
from payments.models import Payout
from payments.words import failure


class EarningsShape(Shape):
    """Where your money is, and what the bank still wants to know."""

    secured = MoneyShape()
    on_its_way = MoneyShape()
    available = MoneyShape()
    paying_out = MoneyShape()
    paid_out = MoneyShape()
    may_receive = serializers.BooleanField()
    may_be_paid_out = serializers.BooleanField()
    requirements = serializers.ListField(child=serializers.CharField())
    needs = serializers.ListField(child=serializers.CharField())
    owed = MoneyShape()
    minimum = MoneyShape()
    paused_until = serializers.DateTimeField(allow_null=True)


class ProblemShape(Shape):
    """Why a payout did not arrive, and what you can do."""

    text = serializers.CharField()
    next_step = serializers.CharField()


class PayoutShape(Shape):
    """One payment to your bank."""

    id = serializers.CharField(source="public_id")
    state = serializers.CharField()
    state_label = serializers.CharField(source="get_state_display")
    amount = MoneyShape()
    method = serializers.CharField()
    fee = MoneyShape()
    bank = serializers.CharField(source="bank_account", allow_null=True)
    problem = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    @extend_schema_field(ProblemShape(allow_null=True))
    def get_problem(self, payout: Payout) -> dict[str, str] | None:
        found = failure(payout)
        return asdict(found) if found else None


class QuoteShape(Shape):
    """One way to pay out now: what arrives where, and what it costs you besides."""

    method = serializers.CharField()
    amount = MoneyShape()
    fee = MoneyShape()
    bank = serializers.CharField()


class AddressShape(Shape):
    """Where to send the person; null while it is being prepared."""

    url = serializers.CharField(allow_null=True)


class SumsShape(Shape):
    """What a time or a payment comes to; ``reversed`` was taken from your account for what was ``claimed`` back."""

    earned = MoneyShape()
    claimed = MoneyShape()
    reversed = MoneyShape()
    written_off = MoneyShape()
    paid_out = MoneyShape()
    fees = MoneyShape()


class MonthShape(Shape):
    """A month, in UTC."""

    month = serializers.IntegerField()
    sums = SumsShape()


class WorkSumsShape(Shape):
    """A payment and the collaboration that it was for; null where we know of none."""

    payment = serializers.CharField()
    collaboration = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    sums = SumsShape()


class MovementShape(Shape):
    """One thing that happened: earned, claimed, reversed, written_off, paid_out or fees."""

    at = serializers.DateTimeField()
    kind = serializers.CharField()
    money = MoneyShape()
    payment = serializers.CharField(allow_blank=True)
    reference = serializers.CharField()


class StatementShape(Shape):
    """A year in one currency: opening + earned − reversed − paid out − fees = closing; if not, ``unexplained`` says by
    how much."""

    currency = serializers.CharField()
    opening = MoneyShape()
    closing = MoneyShape()
    owed = MoneyShape()
    unexplained = MoneyShape()
    total = SumsShape()
    months = MonthShape(many=True)
    payments = WorkSumsShape(many=True)
    movements = MovementShape(many=True)


class YearShape(Shape):
    """A year in the books. Days, months and the year are counted in ``time_zone``."""

    year = serializers.IntegerField()
    years = serializers.ListField(child=serializers.IntegerField())
    time_zone = serializers.CharField()
    statements = StatementShape(many=True)
