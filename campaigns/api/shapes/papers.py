"""Invoices, as the API shows them."""

from rest_framework import serializers

from campaigns.api.shapes.basic import MoneyShape, Shape


class PartyShape(Shape):
    """A side of an invoice as it was when it was issued."""

    name = serializers.CharField()
    address = serializers.ListField(child=serializers.CharField())
    country = serializers.CharField()
    tax_id = serializers.CharField()


class InvoiceShape(Shape):
    """An invoice, or a credit note when ``corrects`` names the invoice it takes its amount off."""

    id = serializers.CharField(source="public_id")
    number = serializers.CharField(source="label")
    about = serializers.CharField()
    corrects = serializers.CharField(source="corrects.public_id", allow_null=True, default=None)
    issued_on = serializers.DateField()
    served_on = serializers.DateField()
    seller = PartyShape()
    buyer = PartyShape()
    text = serializers.CharField()
    reference = serializers.CharField()
    net = MoneyShape()
    tax = MoneyShape()
    tax_bps = serializers.IntegerField()
    amount = MoneyShape()
    is_demo = serializers.BooleanField()
    created_at = serializers.DateTimeField()
