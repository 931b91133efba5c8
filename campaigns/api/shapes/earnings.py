"""Earnings and payouts, as the API shows them."""

from rest_framework import serializers

from campaigns.api.shapes.basic import MoneyShape, Shape


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


class PayoutShape(Shape):
    """One payment to your bank."""

    id = serializers.CharField(source="public_id")
    state = serializers.CharField()
    state_label = serializers.CharField(source="get_state_display")
    amount = MoneyShape()
    created_at = serializers.DateTimeField()


class AddressShape(Shape):
    """Where to send the person; null while it is being prepared."""

    url = serializers.CharField(allow_null=True)
