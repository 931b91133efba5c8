"""Cases: opened once, closed by a person for a reason, and what happens when the same is seen again."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.sites import site
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from marketplace.kit.errors import Conflict, Invalid
from marketplace.kit.money import Money
from marketplace.trust.models import AuditEntry
from marketplace.users.models import User
from payments import cases, services
from payments.models import Case
from payments.settlement import payouts
from payments.states import CaseKind
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db

PAGE = "admin:payments_case_changelist"


@pytest.fixture
def ada(client: Client) -> User:
    ada = User.objects.create_superuser("ada@goodword.example", "x", name="Ada")
    client.force_login(ada)
    return ada


def seen(*things: str, key: str = "balance:EUR", **more: Any) -> bool:
    return cases.open_case(kind=CaseKind.BALANCE, key=key, text="It does not agree.", things=things, **more)


def test_what_is_seen_twice_is_opened_once_and_keeps_what_was_seen_last() -> None:
    opened = [seen("5"), seen("6", money=Money(6, "EUR"))]

    case = Case.objects.get()
    assert opened == [True, False]
    assert (case.things, case.amount) == (["6"], Money(6, "EUR"))


def test_closing_answers_for_exactly_what_was_there(ada: User) -> None:
    seen("a", "b")
    services.close_case(Case.objects.get(), reason="both are known", by=ada)

    again = [seen("a"), seen("b", "a"), seen("a", "c")]

    assert again == [False, False, True]
    assert Case.objects.open().get().things == ["a", "c"]


def test_an_answer_holds_for_a_week(ada: User) -> None:
    seen("a")
    services.close_case(Case.objects.get(), reason="known", by=ada)

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        again = seen("a")

    assert again
    assert Case.objects.count() == 2


def test_only_one_case_of_a_key_is_open_whoever_writes() -> None:
    seen("a")

    with pytest.raises(IntegrityError, match="case_open_once"), transaction.atomic():
        Case.objects.create(kind=CaseKind.BALANCE, key="balance:EUR", text="again")


def test_that_it_is_no_longer_so_is_noted_and_nothing_more() -> None:
    seen("a")

    noted = [cases.clear_case("balance:EUR"), cases.clear_case("balance:EUR")]
    cleared = Case.objects.get()
    seen("a")

    assert noted == [True, False]
    assert cleared.is_open
    assert cleared.cleared_at is not None
    assert Case.objects.get().cleared_at is None


def test_a_case_is_closed_once_by_a_person_with_a_reason(ada: User) -> None:
    seen("a")
    case = Case.objects.get()

    with pytest.raises(Invalid):
        services.close_case(case, reason="  ", by=ada)
    services.close_case(case, reason="we topped up by hand", by=ada)
    with pytest.raises(Conflict) as refusal:
        services.close_case(case, reason="again", by=ada)

    entry = AuditEntry.objects.get()
    assert refusal.value.code == "already_closed"
    assert (entry.act, entry.by, entry.reason) == ("case.close", ada, "we topped up by hand")
    assert Case.objects.get().closed_by == ada


@pytest.mark.parametrize(
    "change", [{"closed_at": "2026-11-25T00:00Z"}, {"reason": "none"}, {"amount_minor": 5}], ids=str
)
def test_the_database_refuses_cases_that_cannot_be(change: dict[str, Any]) -> None:
    seen("a")

    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(**change)


def test_closing_lets_payouts_go_on(bank: Bank, ada: User) -> None:
    payee = bank.released().payee
    bank.sandbox.control.settle()
    for key in ("one", "two"):
        seen("a", key=key, account=payee)
    first, second = Case.objects.order_by("pk")

    services.close_case(first, reason="it was nothing", by=ada)
    with pytest.raises(Conflict) as refusal:
        services.request_payout(payee)
    services.close_case(second, reason="nor was this", by=ada)

    assert refusal.value.code == "under_review"
    assert services.request_payout(payee).amount == Money(100_00, "EUR")


def test_a_case_opened_while_stripe_is_asked_still_stops_the_payout(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    payee = bank.released().payee
    bank.sandbox.control.settle()
    real = payouts.ready

    def ready(*args: Any) -> Any:
        seen("a", account=payee)
        return real(*args)

    monkeypatch.setattr(payouts, "ready", ready)
    with pytest.raises(Conflict) as refusal:
        services.request_payout(payee)

    assert refusal.value.code == "under_review"


def test_the_admin_closes_with_a_reason_and_changes_nothing_else(client: Client, ada: User) -> None:
    seen("a", money=Money(5_00, "EUR"))
    case = Case.objects.get()
    order: dict[str, Any] = {"action": "close", "_selected_action": [case.pk]}

    client.post(reverse(PAGE), order)
    without = Case.objects.get().is_open
    client.post(reverse(PAGE), {**order, "reason": "known"})

    assert without
    assert Case.objects.get().reason == "known"
    assert Case.objects.get().amount == Money(5_00, "EUR")
    assert client.post(reverse("admin:payments_case_change", args=[case.pk]), {"text": "x"}).status_code == 403


def test_staff_without_the_right_cannot_close(client: Client) -> None:
    client.force_login(User.objects.create_user("clerk@goodword.example", "x", name="Clerk", is_staff=True))
    seen("a")

    answer = client.post(reverse(PAGE), {"action": "close", "reason": "x", "_selected_action": [Case.objects.get().pk]})

    assert answer.status_code == 403
    assert Case.objects.get().is_open


def test_the_admin_shows_open_cases_first_and_by_age(client: Client, ada: User) -> None:
    for number, days in enumerate((0, 3, 12, 40)):
        seen("a", key=f"k{number}")
        Case.objects.filter(key=f"k{number}").update(
            opened_at=timezone.now() - timedelta(days=days), text=f"old {days}"
        )
    services.close_case(Case.objects.get(key="k3"), reason="known", by=ada)

    listed = [str(case) for case in site._registry[Case].get_queryset(client.request().wsgi_request)]
    shown = {age: client.get(reverse(PAGE), {"age": age}).content.decode() for age in ("day", "week", "month", "older")}

    assert [text.rpartition("old ")[2] for text in listed] == ["12", "3", "0", "40"]
    for age, days in {"day": 0, "week": 3, "month": 12, "older": 40}.items():
        assert [other for other in (0, 3, 12, 40) if f"old {other}<" in shown[age]] == [days]


@pytest.mark.parametrize(("choice", "expected"), [("blocking", 1), ("cleared", 1), ("closed", 1), (None, 3)])
def test_the_admin_filters_cases(bank: Bank, client: Client, ada: User, choice: str | None, expected: int) -> None:
    seen("a", key="one", account=bank.payee(onboarded=False))
    seen("a", key="two")
    cases.clear_case("two")
    seen("a", key="three")
    services.close_case(Case.objects.get(key="three"), reason="known", by=ada)

    answer = client.get(reverse(PAGE), {"open": choice} if choice else {})

    assert answer.context["cl"].result_count == expected


def test_fifty_cases_cost_as_many_queries_as_one(bank: Bank, client: Client, ada: User) -> None:
    client.get(reverse(PAGE))
    counts = []
    for number in (1, 50):
        for extra in range(number):
            seen("a", key=f"{number} {extra}", account=bank.payee(f"P{extra}", onboarded=False))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(PAGE))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12
