"""The queues of the admin: every list that has a filter for what waits, with how much does and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.db.models import Min, QuerySet
from django.http import HttpRequest
from django.urls import reverse

# The parameters by which a list's filter says that it is a queue.
QUEUES = ("queue", "stuck")
CLOCKS = ("updated_at", "created_at", "happened_at")


@dataclass(frozen=True, slots=True)
class Queue:
    """One list of things that wait: how it is called, how many wait, since when the oldest does, where they are."""

    name: str
    words: str
    count: int
    oldest: datetime | None
    url: str


def queues(request: HttpRequest) -> list[Queue]:
    """The queues this person may look at, the fullest first."""
    found = [
        _queue(request, page, kind)
        for page in admin.site._registry.values()  # noqa: SLF001 - the site has no public list of its pages
        if page.has_view_permission(request)
        for kind in page.list_filter
        if isinstance(kind, type) and issubclass(kind, admin.SimpleListFilter) and kind.parameter_name in QUEUES
    ]
    return sorted(found, key=lambda queue: (-queue.count, queue.name))


def _queue(request: HttpRequest, page: admin.ModelAdmin[Any], kind: type[admin.SimpleListFilter]) -> Queue:
    meta, parameter = page.model._meta, str(kind.parameter_name)
    value, words = _first_choice(request, page, kind)
    chosen = kind(request, {parameter: [value]}, page.model, page)
    rows: QuerySet[Any] | None = chosen.queryset(request, page.get_queryset(request))
    assert rows is not None, f"{kind.__name__} filters nothing for its own choice"
    clock = next((name for name in CLOCKS if name in {field.name for field in meta.fields}), None)
    oldest = rows.order_by().aggregate(oldest=Min(clock))["oldest"] if clock else None
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return Queue(str(meta.verbose_name_plural).capitalize(), words, rows.count(), oldest, f"{url}?{parameter}={value}")


def _first_choice(
    request: HttpRequest, page: admin.ModelAdmin[Any], kind: type[admin.SimpleListFilter]
) -> tuple[str, str]:
    """A queue's filter has one choice: what waits."""
    value, words = next(iter(kind(request, {}, page.model, page).lookup_choices))
    return str(value), str(words)
