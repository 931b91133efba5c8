"""Invoices and credit notes of your businesses, and your own as a creator."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from campaigns.api.shapes.papers import InvoiceShape
from campaigns.api.verbs import Readable
from campaigns.services import papers
from marketplace.kit.files import PDF, attachment
from payments.models import Invoice
from payments.papers import draw_invoice


class PdfRenderer(BaseRenderer):
    """Lets a caller ask for a PDF; the file is made elsewhere."""

    media_type = "application/pdf"
    format = "pdf"

    def render(self, data: Any, accepted: str | None = None, context: Mapping[str, Any] | None = None) -> Any:
        """Only a refusal comes here, as JSON like every other."""
        return JSONRenderer().render(data)


class InvoiceViewSet(Readable):
    """What was invoiced, in whose name, with which number. Nothing of it ever changes."""

    serializer_class = InvoiceShape
    queryset = Invoice.objects.none()

    def get_queryset(self) -> QuerySet[Invoice]:
        return papers.invoices_of(self.person)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[JSONRenderer, PdfRenderer])
    def pdf(self, request: Request, public_id: str) -> HttpResponse:
        invoice = self.get_object()
        return attachment(draw_invoice(invoice), name=f"{invoice.label}.pdf", kind=PDF)
