"""Closing a case: a person has looked, and says why it is settled. Money is never touched by it."""

from django.db import transaction
from django.utils import timezone

from marketplace.kit.errors import Conflict
from marketplace.trust.services import reason_given, record
from marketplace.users.models import User
from payments.models import Account, Case


@transaction.atomic
def close_case(case: Case, *, reason: str, by: User) -> Case:
    """The person says what it was. Payouts of its account go on, unless another case is open."""
    reason = reason_given(reason)
    case.refresh_from_db(from_queryset=Case.objects.select_for_update(of=("self",)))
    if not case.is_open:
        raise Conflict("already_closed", "Somebody has closed this case already.")
    case.closed_at, case.closed_by, case.reason = timezone.now(), by, reason[:300]
    case.save(update_fields=["closed_at", "closed_by", "reason"])
    record(act="case.close", thing=case, by=by, reason=reason)
    return case


def refuse_under_review(account: Account) -> None:
    """Raises Conflict while a case about this account is open."""
    if Case.objects.blocking(account).exists():
        raise Conflict(
            "under_review", "We are checking something about your account, so payouts wait. You need to do nothing."
        )
