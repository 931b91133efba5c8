"""A payer is given longer to pay, while their bank takes its time."""

from datetime import timedelta

import pytest

from marketplace.kit.errors import Conflict
from payments import services
from payments.models import Hold
from tests.plugins.sandbox import Bank

pytestmark = pytest.mark.django_db


def test_there_is_longer_to_pay_and_never_shorter(bank: Bank) -> None:
    hold = bank.hold()
    due_at = hold.due_at + timedelta(hours=24)

    services.prolong(hold, due_at=due_at)
    services.prolong(hold, due_at=due_at - timedelta(hours=48))

    assert Hold.objects.get().due_at == due_at


def test_what_is_paid_is_not_given_longer(bank: Bank) -> None:
    hold = bank.secured()

    with pytest.raises(Conflict) as refusal:
        services.prolong(hold, due_at=hold.due_at + timedelta(hours=24))

    assert refusal.value.code == "not_waiting"
