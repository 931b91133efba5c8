"""Pages by keyset: every row once, in order, there and back, whatever happens to the rows meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from marketplace.kit.paging import Page, page_of
from marketplace.users.models import User
from tests.cast import person

pytestmark = pytest.mark.django_db
ORDERS = [("-created_at", "-id"), ("created_at", "id"), ("time_zone", "-created_at", "id"), ("-is_active", "id")]


@pytest.fixture
def people() -> list[User]:
    """Seven people, some of them made at the same moment, in two time zones."""
    now = timezone.now()
    made = [person(f"Person {n}", is_active=n != 3) for n in range(7)]
    for n, user in enumerate(made):
        zone = "Europe/Berlin" if n % 2 else "Europe/Paris"
        User.objects.filter(pk=user.pk).update(created_at=now - timedelta(hours=n // 2), time_zone=zone)
    return made


def opened(address: str, by: Any) -> Page[User]:
    request = HttpRequest()
    request.GET = QueryDict(address.partition("#")[0].removeprefix("?"))
    return page_of(request, User.objects.all(), by=by, size=2)


def walk(by: Any, side: str, start: str) -> list[list[int]]:
    pages, address = [], start
    while True:
        page = opened(address, by)
        pages.append([user.pk for user in page])
        address = getattr(page, side)
        if not address:
            return pages


@pytest.mark.parametrize("by", ORDERS)
def test_every_row_is_shown_once_in_order(people: list[User], by: Any) -> None:
    pages = walk(by, "next", "")

    assert [len(page) for page in pages] == [2, 2, 2, 1]
    assert [pk for page in pages for pk in page] == list(User.objects.order_by(*by).values_list("pk", flat=True))


@pytest.mark.parametrize("by", ORDERS)
def test_the_way_back_is_the_way_there(people: list[User], by: Any) -> None:
    pages = walk(by, "next", "")
    last = opened(opened(opened(opened("", by).next, by).next, by).next, by)

    back = walk(by, "previous", last.previous)

    assert back == pages[2::-1]
    assert opened("", by).previous == last.next == ""


def test_a_row_that_goes_takes_no_other_with_it(people: list[User]) -> None:
    first = opened("", ORDERS[0])
    User.objects.filter(pk__in=[user.pk for user in first]).delete()

    second = opened(first.next, ORDERS[0])

    assert [user.pk for user in second] == list(User.objects.order_by(*ORDERS[0]).values_list("pk", flat=True))[:2]


@pytest.mark.parametrize("cursor", ["nonsense", "a:b:c", "é", "%F0%9F", "x" * 5000])
def test_a_cursor_that_nobody_made_counts_as_none(people: list[User], cursor: str) -> None:
    page = opened(f"?cursor={cursor}", ORDERS[0])

    assert len(page) == 2
    assert page.previous == ""


def test_a_cursor_of_another_order_counts_as_none(people: list[User]) -> None:
    elsewhere = opened("", ORDERS[1]).next

    assert opened(elsewhere, ORDERS[0]).previous == ""


def test_what_else_was_asked_stays_in_the_address(people: list[User]) -> None:
    request = HttpRequest()
    request.GET = QueryDict("offers=1&cursor=2")

    page = page_of(request, User.objects.all(), size=2, name="people")

    assert page.next.startswith("?offers=1&cursor=2&people=")
    assert page.next.endswith("#people")
