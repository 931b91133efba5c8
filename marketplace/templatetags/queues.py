"""What the admin's first page can say: what waits."""

from collections.abc import Mapping
from typing import Any

from django import template

from marketplace.trust.queues import Queue
from marketplace.trust.queues import queues as found

register = template.Library()


@register.simple_tag(takes_context=True)
def queues(context: Mapping[str, Any]) -> list[Queue]:
    """The queues that whoever looks may see."""
    return found(context["request"])
