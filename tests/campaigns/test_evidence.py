"""What a bank is told when it takes a payment back: what answers its reason, and what matters before what is long."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.evidence import evidence_for_all
from campaigns.models import Activity, Collaboration
from campaigns.services import cancelling, work
from payments.models import Checkout, Dispute
from payments.services import propose_evidence
from tests import cast as people
from tests.cast import Cast


@pytest.fixture
def paid(cast: Cast) -> Collaboration:
    """Mina's approved work for the bakery, paid."""
    made = people.secure(people.collaboration(cast))
    work.submit_work(made, link="https://example.org/draft", note="The first cut", by=cast.mina)
    work.approve_work(made, by=cast.manager)
    return made


def told(made: Collaboration, reason: str) -> dict[str, str]:
    dispute = Dispute(checkout=made.hold.checkouts.get(), amount_minor=1, currency="EUR", reason=reason)
    return evidence_for_all([made], dispute=dispute)


ALWAYS = {"customer_name", "customer_email_address", "service_date", "product_description", "uncategorized_text"}
MONEY_BACK = {"refund_policy_disclosure", "refund_refusal_explanation"}


@pytest.mark.parametrize(
    ("reason", "besides"),
    [
        ("product_not_received", {"access_activity_log"}),
        ("product_unacceptable", MONEY_BACK),
        ("credit_not_processed", MONEY_BACK),
        ("fraudulent", {"access_activity_log"}),
        ("duplicate", {"duplicate_charge_explanation"}),
        ("subscription_canceled", {"cancellation_rebuttal", "cancellation_policy_disclosure"}),
        ("general", {"access_activity_log", *MONEY_BACK}),
        ("a_reason_of_tomorrow", {"access_activity_log", *MONEY_BACK}),
    ],
)
def test_each_reason_is_answered_in_its_own_fields(paid: Collaboration, reason: str, besides: set[str]) -> None:
    found = told(paid, reason)

    assert set(found) == ALWAYS | besides
    assert all(found.values())


def test_who_signed_in_and_ordered_is_told_to_a_bank_that_speaks_of_fraud(cast: Cast, paid: Collaboration) -> None:
    log = told(paid, "fraudulent")["access_activity_log"]

    assert f"{cast.manager.name} approved the work" in log
    assert cast.mina.name not in log


def test_the_service_was_had_on_the_day_it_was_handed_in(paid: Collaboration) -> None:
    assert told(paid, "product_not_received")["service_date"] == timezone.now().date().isoformat()


def test_what_went_back_and_what_the_creator_keeps_is_told_to_the_cent(cast: Cast) -> None:
    made = people.secure(people.collaboration(cast))
    cancelling.begin(made, by=cast.mina)
    cancelling.cancel_paid(made, keeps_minor=5_000, reason="We closed.", by=cast.manager)

    said = told(made, "credit_not_processed")["refund_refusal_explanation"]

    assert "€163.50 is on its way back" in said
    assert "the creator keeps €50.00" in said


def test_a_payment_of_the_same_sum_for_something_else_is_named(cast: Cast, paid: Collaboration) -> None:
    campaign = people.fund(paid.offer.campaign, paid.hold.total.minor)
    other = Checkout.objects.get(wallet=campaign.wallet)

    found = told(paid, "duplicate")

    assert found["duplicate_charge_id"] == other.charge
    assert other.wallet is not None
    assert other.wallet.public_id in found["duplicate_charge_explanation"]
    assert paid.hold.public_id in found["duplicate_charge_explanation"]


def test_of_a_long_timeline_the_newest_and_what_matters_is_kept(paid: Collaboration) -> None:
    about = {"campaign": paid.offer.campaign, "offer": paid.offer, "collaboration": paid}
    Activity.objects.bulk_create(
        Activity(**about, role="clock", verb="remind", text=f"{'x' * 200} {number:03}") for number in range(300)
    )
    Activity.objects.filter(verb="remind").update(at=timezone.now() + timedelta(minutes=1))

    found = told(paid, "general")["uncategorized_text"]

    assert len(found) <= 20_000
    assert "approved the work" in found.partition("What happened")[2]
    assert "x 299" in found
    assert "x 000" not in found
    assert "less important lines are left out" in found


def test_all_fields_together_stay_within_what_stripe_takes(paid: Collaboration) -> None:
    names = ("product_description", "access_activity_log", "refund_policy_disclosure", "refund_refusal_explanation",
             "cancellation_rebuttal", "cancellation_policy_disclosure", "duplicate_charge_explanation",
             "uncategorized_text", "customer_name")  # fmt: skip
    dispute = Dispute.objects.create(
        checkout=paid.hold.checkouts.get(), stripe_id="du_1", amount_minor=1, currency="EUR", reason="general"
    )

    propose_evidence(dispute, dict.fromkeys(names, "x" * 30_000))

    assert max(len(text) for text in dispute.evidence.values()) == 20_000
    assert sum(len(text) for text in dispute.evidence.values()) == 150_000
