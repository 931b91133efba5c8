"""What the templates of the work can say."""

from collections.abc import Mapping
from typing import Any

from django import template

from campaigns.terms import item_text as sentence

register = template.Library()


@register.filter
def item_text(item: Mapping[str, Any]) -> str:
    """“2 × Reel or short video on Instagram: show the oven”."""
    return sentence(item)
