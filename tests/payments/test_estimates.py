"""Estimates against actuals: an operator sees a schedule that is out of date, and which price is missing."""

import io
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from marketplace.kit.money import Money
from marketplace.users.models import User
from payments import reads
from payments.estimates import ENOUGH, Comparison, compare, percent_of
from payments.models import Checkout, FeeSchedule
from tests.payments.invariants import story

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def price(
    country: str = "*", *, bps: int = 150, fixed: int = 25, cap: int | None = None, day: str = "2020-01-01"
) -> FeeSchedule:
    return FeeSchedule.objects.create(
        country=country, currency="EUR", method="card", bps=bps, fixed_minor=fixed, cap_minor=cap,
        valid_from=date.fromisoformat(day), source="the price list",
    )  # fmt: skip


@pytest.fixture
def alone() -> None:
    """No price but those of a test."""
    FeeSchedule.objects.all().delete()


def paid(times: int = 1) -> None:
    """€109.00 by card each, whose processing costs €1.89."""
    for _ in range(times):
        story.pay(story.opened())


def run(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("fees", *arguments, stdout=out)
    return int(ended.value.code or 0), out.getvalue()


def test_a_payment_stands_beside_its_estimate(alone: None) -> None:
    price()
    paid(2)

    (row,) = compare(LONG_AGO)

    assert (row.country, row.currency, row.method, row.count) == ("DE", "EUR", "card", 2)
    assert (row.volume, row.estimated, row.actual) == (Money(218_00, "EUR"), Money(3_78, "EUR"), Money(3_78, "EUR"))
    assert (row.difference, row.off_bps, row.verdict) == (Money(0, "EUR"), 0, "too few")


def test_a_schedule_out_of_date_is_seen(alone: None) -> None:
    price(bps=100, fixed=25)
    paid(ENOUGH)

    (row,) = compare(LONG_AGO)

    assert (row.estimated, row.difference) == (Money(13_40, "EUR"), Money(5_50, "EUR"))
    assert (row.off_bps, row.verdict, row.is_due) == (4104, "out of date", True)


def test_a_schedule_that_fits_is_left_alone(alone: None) -> None:
    price()
    paid(ENOUGH)

    assert [(row.verdict, row.is_due) for row in compare(LONG_AGO)] == [("fits", False)]


def test_a_payment_without_a_price_is_in_no_sum_but_its_own(alone: None) -> None:
    paid(1)

    (row,) = compare(LONG_AGO)

    assert (row.count, row.unpriced, row.unpriced_actual, row.estimated, row.actual) == (
        0, 1, Money(1_89, "EUR"), Money(0, "EUR"), Money(0, "EUR"),
    )  # fmt: skip
    assert (row.off_bps, row.verdict) == (None, "no price")


@pytest.mark.parametrize("day", ["2026-01-31", "2026-02-01", "2026-06-01"])
def test_the_price_of_a_day_is_the_one_that_estimates_start_from(alone: None, day: str) -> None:
    price(day="2026-01-01"), price(bps=900, day="2026-02-01"), price("DE", bps=200, day="2026-03-01", cap=1_00)
    paid()
    Checkout.objects.update(paid_at=datetime.fromisoformat(f"{day}T23:59:59").replace(tzinfo=UTC))

    (row,) = compare(LONG_AGO)

    same = FeeSchedule.objects.valid_on(date.fromisoformat(day), country="DE", currency="EUR")
    assert row.price == same


def test_an_estimate_is_the_one_that_people_saw(alone: None) -> None:
    price(bps=290, fixed=30, cap=3_00)
    paid()

    assert compare(LONG_AGO)[0].estimated == reads.processing_estimate(Money(109_00, "EUR"), country="DE")


def test_payments_into_a_wallet_count_and_older_ones_do_not(alone: None) -> None:
    price()
    story.fill(Money(400_00, "EUR"))

    assert [row.count for row in compare(LONG_AGO)] == [1]
    assert compare(timezone.now() + timedelta(seconds=1)) == []


def test_two_queries_however_many_payments(alone: None, django_assert_num_queries: Any) -> None:
    price()
    paid(3)

    with django_assert_num_queries(2):
        compare(LONG_AGO)


def test_the_command_says_it_and_ends_with_1_when_somebody_must_act(alone: None) -> None:
    price(bps=100)
    paid(ENOUGH)

    code, text = run()
    json_code, found = run("--json", "--days", "30")

    assert (code, json_code) == (1, 1)
    for words in ("DE", "card", "€13.40", "€18.90", "€5.50", "+41.0 %", "out of date", "Add a price"):
        assert words in text
    (row,) = json.loads(found)
    assert (row["payments"], row["difference_minor"], row["verdict"]) == (10, 5_50, "out of date")
    assert row["valid_from"] == "2020-01-01"


def test_the_command_ends_with_0_when_all_fits_or_nothing_came(alone: None) -> None:
    assert run() == (0, "No payment has arrived in the last 90 days.\n")
    price()
    paid(ENOUGH)

    assert run("--json")[0] == 0


def test_the_admin_shows_it_to_staff_who_may_see_prices(alone: None, client: Client) -> None:
    price(bps=100)
    paid(ENOUGH)
    page = "/admin/payments/feeschedule/actuals/"
    client.force_login(User.objects.create_superuser("ada.fees@goodword.example", "x", name="Ada"))

    shown = client.get(page).content.decode()

    for words in ("€13.40", "€18.90", "€5.50", "+41.0 %", "<strong>out of date</strong>"):
        assert words in shown
    assert page in client.get("/admin/payments/feeschedule/").content.decode()
    assert "last 30 days" in client.get(page, {"days": "30"}).content.decode()
    assert "last 90 days" in client.get(page, {"days": "x"}).content.decode()
    client.force_login(User.objects.create_user("cleo@goodword.example", "x", name="Cleo", is_staff=True))
    assert client.get(page).status_code == 403


@pytest.mark.parametrize(
    ("bps", "words"), [(None, "–"), (0, "0.0 %"), (4, "0.0 %"), (1250, "+12.5 %"), (-305, "−3.1 %"), (-4, "0.0 %")]
)
def test_a_share_is_written_with_its_sign(bps: int | None, words: str) -> None:
    assert percent_of(bps) == words


def test_less_than_estimated_is_negative() -> None:
    row = Comparison("DE", "EUR", "card", count=20, estimated_minor=200, actual_minor=150)

    assert (row.difference, row.off_bps, row.verdict) == (Money(-50, "EUR"), -2500, "out of date")
