"""The bank in the admin: all of it readable, none of it writable, and one verb for what is stuck."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from marketplace.kit.money import Money
from marketplace.trust.models import AuditEntry
from marketplace.users.models import User
from payments import services
from payments.models import Claim, Dispute, FeeSchedule, Operation, Posting, StripeEvent
from payments.settlement import outbox
from payments.states import EventState, OperationState
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db

MODELS = sorted(model._meta.model_name or "" for model in admin.site._registry if model._meta.app_label == "payments")


@pytest.fixture
def ada(client: Client) -> User:
    ada = User.objects.create_superuser("ada@goodword.example", "x", name="Ada")
    client.force_login(ada)
    return ada


def parked() -> Operation:
    operation = outbox.put("customer.create", {"name": "A"}, slot="customer:a")
    Operation.objects.update(state=OperationState.PARKED)
    return operation


@pytest.mark.parametrize("name", MODELS)
def test_every_list_and_every_row_opens(bank: Bank, client: Client, ada: User, name: str) -> None:
    bank.paid_out(bank.released().payee)
    model = next(model for model in admin.site._registry if model._meta.label_lower == f"payments.{name}")

    assert client.get(reverse(f"admin:payments_{name}_changelist")).status_code == 200

    for row in model._default_manager.all()[:1]:
        assert client.get(reverse(f"admin:payments_{name}_change", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("name", sorted(set(MODELS) - {"feeschedule"}))
def test_nothing_can_be_added_changed_or_deleted(bank: Bank, client: Client, ada: User, name: str) -> None:
    bank.paid_out(bank.released().payee)
    model = next(model for model in admin.site._registry if model._meta.label_lower == f"payments.{name}")
    row = model._default_manager.first()

    answers = [client.post(reverse(f"admin:payments_{name}_add"), {}).status_code]
    if row is not None:
        for page in ("change", "delete"):
            answers.append(
                client.post(reverse(f"admin:payments_{name}_{page}", args=[row.pk]), {"post": "yes"}).status_code
            )

    assert set(answers) == {403}
    assert model._default_manager.filter(pk=row.pk).exists() if row is not None else True


def test_a_stuck_operation_is_found_and_tried_again_with_a_reason(bank: Bank, client: Client, ada: User) -> None:
    operation = parked()
    page = reverse("admin:payments_operation_changelist")

    assert str(operation.key) in client.get(page, {"q": str(operation.key), "stuck": "yes"}).content.decode()
    client.post(page, {"action": "retry", "reason": "the key was mended", "_selected_action": [operation.pk]})

    operation.refresh_from_db()
    assert operation.state == OperationState.PENDING
    entry = AuditEntry.objects.get(act="operation.retry")
    assert (entry.by, entry.reason) == (ada, "the key was mended")


def test_without_a_reason_nothing_is_tried_again(bank: Bank, client: Client, ada: User) -> None:
    operation = parked()

    client.post(reverse("admin:payments_operation_changelist"), {"action": "retry", "_selected_action": [operation.pk]})

    operation.refresh_from_db()
    assert operation.state == OperationState.PARKED
    assert AuditEntry.objects.count() == 0


def test_a_parked_event_is_read_again(bank: Bank, client: Client, ada: User) -> None:
    event = StripeEvent.objects.create(
        event_id="evt_1", kind="customer.created", happened_at=timezone.now(), payload={}, state=EventState.PARKED
    )

    client.post(
        reverse("admin:payments_stripeevent_changelist"),
        {"action": "retry", "reason": "now it is known", "_selected_action": [event.pk]},
    )
    bank.settle_down()

    event.refresh_from_db()
    assert event.state == EventState.IGNORED


def test_staff_without_the_right_sees_no_such_verb(bank: Bank, client: Client) -> None:
    clerk = User.objects.create_user("clerk@goodword.example", "x", name="Clerk", is_staff=True)
    client.force_login(clerk)
    operation = parked()

    answer = client.post(
        reverse("admin:payments_operation_changelist"),
        {"action": "retry", "reason": "let me", "_selected_action": [operation.pk]},
    )

    operation.refresh_from_db()
    assert answer.status_code == 403
    assert operation.state == OperationState.PARKED


def test_a_price_can_be_added_for_estimates(client: Client, ada: User) -> None:
    before = FeeSchedule.objects.count()

    client.post(
        reverse("admin:payments_feeschedule_add"),
        {
            "country": "DE", "currency": "EUR", "method": "card", "valid_from": "2026-11-01", "bps": 120,
            "fixed_minor": 25, "source": "our contract",
        },
    )  # fmt: skip

    assert FeeSchedule.objects.count() == before + 1
    assert Posting.objects.count() == 0


def act(client: Client, name: str, action: str, row: Any, reason: str = "asked by the payer") -> None:
    wanted = {"action": action, "_selected_action": row.pk, "reason": reason}
    assert client.post(reverse(f"admin:payments_{name}_changelist"), wanted).status_code == 302


def test_a_released_payment_is_taken_back_and_the_claim_written_off(bank: Bank, client: Client, ada: User) -> None:
    bank.reserve(Money(200_00, "EUR"))
    hold = bank.released()
    bank.paid_out(hold.payee)

    act(client, "hold", "take_back", hold)
    bank.settle_down()
    act(client, "claim", "write_off", Claim.objects.get())

    assert Claim.objects.get().state == "written_off"
    assert [row.act for row in AuditEntry.objects.order_by("pk")] == ["hold.take_back", "claim.write_off"]


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_is_taken_back(bank: Bank, client: Client, ada: User, reason: str) -> None:
    hold = bank.released()

    act(client, "hold", "take_back", hold, reason)

    assert not Claim.objects.exists()
    assert not AuditEntry.objects.exists()


def test_an_admin_sends_the_evidence(bank: Bank, client: Client, ada: User) -> None:
    bank.reserve(Money(50_00, "EUR"))
    bank.sandbox.control.open_dispute(charge=bank.secured().checkouts.get().charge)
    bank.settle_down()
    dispute = services.propose_evidence(Dispute.objects.get(), {"uncategorized_text": "Delivered."})

    act(client, "dispute", "submit", dispute)
    bank.settle_down()

    dispute.refresh_from_db()
    assert dispute.submitted_at is not None
