"""What the API's own description says of itself."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from marketplace.hooks.idempotency import HEADER, Idempotent

KEY = OpenApiParameter(
    HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Send the same key again and nothing is done twice; the first reply comes back.",
)


class Schema(AutoSchema):
    """Says of every POST of ours that it takes an Idempotency-Key."""

    def get_override_parameters(self) -> list[Any]:
        is_ours = self.method == "POST" and isinstance(self.view, Idempotent)
        return [KEY] if is_ours else []
