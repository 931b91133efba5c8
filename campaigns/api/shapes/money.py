"""A campaign's own money, as the API shows it."""

from rest_framework import serializers

from campaigns.api.shapes.basic import ActionShape, MoneyShape, Shape


class CostShape(Shape):
    """What one way to pay is expected to cost in processing, and where that price is from."""

    method = serializers.CharField()
    estimate = MoneyShape()
    price_from = serializers.CharField(source="source")


class PaymentShape(Shape):
    """One payment into a campaign; what the processing really cost is known once it is here."""

    at = serializers.DateTimeField(allow_null=True)
    method = serializers.CharField()
    total = MoneyShape()
    processing = MoneyShape(allow_null=True)


class InPurseShape(Shape):
    """``paid_in`` is ``left``, ``drawn`` by signed work and ``returned`` together.

    ``frozen`` is what of ``left`` rests because the payer's bank has taken a payment back.
    """

    paid_in = MoneyShape()
    left = MoneyShape()
    drawn = MoneyShape()
    returned = MoneyShape()
    on_its_way = MoneyShape()
    frozen = MoneyShape()
    payments = PaymentShape(many=True)


class PurseShape(Shape):
    """The campaign's wallet, null while nothing was paid in, and what its budget still needs."""

    purse = InPurseShape(allow_null=True)
    to_fund = MoneyShape()
    costs = CostShape(many=True)
    actions = ActionShape(many=True)
