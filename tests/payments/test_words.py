"""Stripe's codes, in words that people can act on."""

import pytest

from payments import words
from payments.models import Payout
from payments.sandbox.onboarding import FIRST_NEEDS
from payments.sandbox.resources.payouts import FAILURES


def of(failure: str) -> words.Failure | None:
    return words.failure(Payout(failure=failure))


@pytest.mark.parametrize(
    ("requirement", "said"),
    [
        ("individual.dob.year", "Your date of birth"),
        ("person_1AbC.verification.document", "A picture of your passport or identity card"),
        ("individual.verification.additional_document", "A second document, for example one with your address"),
        ("company.address.line1", "Your address"),
        ("external_account", "The bank account that your money goes to"),
        ("tos_acceptance.ip", "Your agreement to Stripe's terms"),
        ("individual.hair_colour.shade", "One more detail: hair colour shade"),
        ("something_new", "One more detail: something new"),
        ("", "One more detail: "),
    ],
)
def test_a_requirement_is_a_sentence(requirement: str, said: str) -> None:
    assert words.needs([requirement]) == [said]


def test_what_is_asked_in_several_fields_is_said_once() -> None:
    said = words.needs(FIRST_NEEDS)

    assert len(said) == len(set(said)) < len(FIRST_NEEDS)
    assert not [line for line in said if line.startswith("One more detail")]


@pytest.mark.parametrize("code", sorted(FAILURES))
def test_every_failure_has_a_sentence_and_a_next_step(code: str) -> None:
    found = of(f"{code}: {FAILURES[code]}")

    assert found is not None
    assert found.text.endswith(".")
    assert found.next_step.endswith(".")
    assert "_" not in found.text


def test_an_unknown_failure_is_told_as_it_came() -> None:
    assert of("new_code: The bank is on the moon.") == words.Failure(
        "The bank is on the moon.", "Check the bank account you have named."
    )
    assert of("new_code") == words.Failure("new_code", "Check the bank account you have named.")


def test_a_payout_that_is_well_has_no_failure() -> None:
    assert of("") is None
