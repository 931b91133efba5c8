"""Stripe's codes in words: what it still wants to know of a payee, and why a payout did not arrive."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from payments.models import Payout

# Beginning of a requirement, without whom it concerns → what people read. The first that fits holds.
_NEEDS: list[tuple[str, str]] = [
    ("external_account", gettext_noop("The bank account that your money goes to")),
    ("tos_acceptance", gettext_noop("Your agreement to Stripe's terms")),
    ("business_type", gettext_noop("Whether you work for yourself or as a company")),
    ("business_profile.url", gettext_noop("The address of your page or channel")),
    ("business_profile", gettext_noop("What you do, in a sentence")),
    ("verification.additional_document", gettext_noop("A second document, for example one with your address")),
    ("verification.proof_of_liveness", gettext_noop("A short video of yourself")),
    ("verification", gettext_noop("A picture of your passport or identity card")),
    ("documents", gettext_noop("A document that Stripe asks for")),
    ("dob", gettext_noop("Your date of birth")),
    ("address", gettext_noop("Your address")),
    ("registered_address", gettext_noop("Your address")),
    ("first_name", gettext_noop("Your full name")),
    ("last_name", gettext_noop("Your full name")),
    ("name", gettext_noop("The name of your company")),
    ("email", gettext_noop("Your e-mail address")),
    ("phone", gettext_noop("Your phone number")),
    ("id_number", gettext_noop("Your personal tax or identity number")),
    ("ssn_last_4", gettext_noop("The last four digits of your social security number")),
    ("tax_id", gettext_noop("The tax number of your company")),
    ("vat_id", gettext_noop("The VAT number of your company")),
    ("registration_number", gettext_noop("The registration number of your company")),
    ("nationality", gettext_noop("Your nationality")),
    ("political_exposure", gettext_noop("Whether you hold a public office")),
    ("owners", gettext_noop("Who owns your company")),
    ("directors", gettext_noop("Who directs your company")),
    ("executives", gettext_noop("Who runs your company")),
    ("structure", gettext_noop("The legal form of your company")),
]
_WHOM = ("individual", "company", "representative", "person_")


def needs(requirements: Iterable[str]) -> list[str]:
    """What Stripe wants to know (``individual.dob.day`` …), each thing once, in the order in which it was asked."""
    return list(dict.fromkeys(_need(requirement) for requirement in requirements))


def _need(requirement: str) -> str:
    whom, _dot, rest = requirement.partition(".")
    what = rest if rest and whom.startswith(_WHOM) else requirement
    for beginning, words in _NEEDS:
        if what == beginning or what.startswith(f"{beginning}."):
            return _(words)
    return _("One more detail: %(what)s") % {"what": what.replace(".", " ").replace("_", " ")}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a payout did not arrive, and what the payee can do."""

    text: str
    next_step: str


_OTHER_BANK = gettext_noop("Name another bank account.")
_CHECK_BANK = gettext_noop("Check the bank account you have named.")
_ASK_BANK = gettext_noop("Ask your bank, or name another account.")
_WAIT = gettext_noop("You need to do nothing: we try again.")
_STANDARD = gettext_noop("Use a standard payout.")

# Stripe's code → sentence, next step. docs.stripe.com/api/payouts/failures and docs.stripe.com/error-codes
_FAILURES: dict[str, tuple[str, str]] = {
    "account_closed": (gettext_noop("The bank account is closed."), _OTHER_BANK),
    "account_frozen": (gettext_noop("The bank account is frozen."), _ASK_BANK),
    "balance_insufficient": (gettext_noop("The money was not available at Stripe yet."), _WAIT),
    "bank_account_restricted": (gettext_noop("The bank account does not take this kind of payment."), _ASK_BANK),
    "bank_account_unusable": (gettext_noop("The bank account cannot be used."), _OTHER_BANK),
    "bank_ownership_changed": (gettext_noop("The bank account has moved to another bank."), _OTHER_BANK),
    "canceled": (gettext_noop("The payout was called off."), _WAIT),
    "could_not_process": (gettext_noop("The bank could not handle the payment."), _WAIT),
    "debit_not_authorized": (gettext_noop("The bank account does not allow this."), _ASK_BANK),
    "declined": (gettext_noop("The bank declined the payment."), _ASK_BANK),
    "incorrect_account_holder_address": (gettext_noop("The bank knows another address of you."), _CHECK_BANK),
    "incorrect_account_holder_name": (gettext_noop("The bank account is in another name."), _CHECK_BANK),
    "incorrect_account_holder_tax_id": (gettext_noop("The bank knows another tax number of you."), _CHECK_BANK),
    "incorrect_account_type": (gettext_noop("The bank account is of another kind than you said."), _CHECK_BANK),
    "instant_payouts_config_disabled": (gettext_noop("Instant payouts are not open to you."), _STANDARD),
    "instant_payouts_currency_disabled": (gettext_noop("Instant payouts do not exist in this currency."), _STANDARD),
    "instant_payouts_limit_exceeded": (gettext_noop("That is enough of instant payouts for today."), _STANDARD),
    "instant_payouts_unsupported": (gettext_noop("Your bank does not take instant payouts."), _STANDARD),
    "insufficient_funds": (gettext_noop("The money was not available at Stripe yet."), _WAIT),
    "invalid_account_number": (gettext_noop("There is a mistake in the account number."), _CHECK_BANK),
    "invalid_card": (gettext_noop("The card cannot be paid to."), _OTHER_BANK),
    "invalid_currency": (gettext_noop("The bank account does not take this currency."), _OTHER_BANK),
    "no_account": (gettext_noop("There is no such bank account."), _CHECK_BANK),
    "payouts_limit_exceeded": (gettext_noop("That is enough of payouts for today."), _WAIT),
    "payouts_not_allowed": (gettext_noop("Stripe does not send payouts there now."), _CHECK_BANK),
    "unsupported_card": (gettext_noop("The card cannot be paid to."), _OTHER_BANK),
}


def failure(payout: Payout) -> Failure | None:
    """Why it did not arrive; None while nothing is wrong. A code we do not know is told as it came."""
    if not payout.failure:
        return None
    code, _colon, message = payout.failure.partition(": ")
    text, next_step = _FAILURES.get(code, (message.strip() or code, _CHECK_BANK))
    return Failure(_(text), _(next_step))
