"""What the templates of the work can say."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from campaigns.budget import each
from campaigns.ladder import lines, printed
from campaigns.models import Campaign, Offer
from campaigns.states import LIVE_OFFER, OfferState
from campaigns.states import CollaborationState as W
from campaigns.terms import item_text as sentence
from marketplace.kit.money import Money
from marketplace.users.models import User
from payments import words
from payments.models import Payout

register = template.Library()


@register.simple_tag
def kill_fees() -> list[str]:
    """What a contract signed now says about cancelling."""
    return lines(printed(free_hours=settings.HOURS["free_cancel"], bps=settings.KILL_FEE_BPS))


# What a collaboration's deadline is for, and what happens when it passes.
_DUE: dict[str, tuple[str, str]] = {
    W.AWAITING_PAYMENT: (_("secure the payment"), _("then it ends")),
    W.IN_PRODUCTION: (_("hand it in"), ""),
    W.IN_REVIEW: (_("review"), _("then it is approved")),
    W.CHANGES_REQUESTED: (_("hand it in again"), ""),
    W.APPROVED: (_("publish"), ""),
    W.LIVE: (_("look at it"), _("then the payment is released")),
}

_STEPS: dict[str, str] = {
    W.AWAITING_PAYMENT: _("Secure the payment"),
    W.IN_REVIEW: _("Review it"),
    W.LIVE: _("Look at it"),
}


_WAYS: dict[str, str] = {
    "card": _("Card"),
    "link": _("Link"),
    "sepa_debit": _("Bank debit (SEPA)"),
    "us_bank_account": _("Bank debit (ACH)"),
}


@register.filter
def way_to_pay(method: str) -> str:
    """Stripe's name of a way to pay, for people."""
    if method in _WAYS:
        return gettext(_WAYS[method])
    return method.replace("_", " ").capitalize() or "–"


@register.filter
def problem(payout: Payout) -> words.Failure | None:
    """Why a payout did not arrive, and what the payee can do; None while nothing is wrong."""
    return words.failure(payout)


@register.filter
def item_text(item: Mapping[str, Any]) -> str:
    """“2 × Reel or short video on Instagram: show the oven”."""
    return sentence(item)


@register.filter
def pay_for_one(campaign: Campaign) -> Money:
    """What the budget comes to for each creator wanted."""
    return each(campaign)


@register.filter
def due_verb(state: str) -> str:
    """What must be done until the deadline of a collaboration in this state: “review”."""
    verb = _DUE.get(state, ("", ""))[0]
    return gettext(verb) if verb else ""


@register.filter
def next_step(state: str) -> str:
    """The business's next step with a collaboration in this state, as a button says it."""
    return gettext(_STEPS[state]) if state in _STEPS else ""


@register.filter
def due_then(state: str) -> str:
    """What happens by itself after it: “then it is approved”; nothing when a person decides."""
    then = _DUE.get(state, ("", ""))[1]
    return gettext(then) if then else ""


@register.filter
def waits_for(offer: Offer, user: User) -> bool:
    """Whether an answer to this offer is awaited from this person's side."""
    is_creator = offer.creator.user_id == user.pk
    return offer.state == (OfferState.SENT if is_creator else OfferState.COUNTERED)


@register.filter
def state_for(offer: Offer, user: User) -> str:
    """Where an offer stands as this person would say it: “Waiting for you”, “Waiting for Mina”."""
    if offer.state not in LIVE_OFFER:
        return offer.get_state_display()
    if waits_for(offer, user):
        return gettext("Waiting for you")
    other = offer.creator if offer.state == OfferState.SENT else offer.campaign.business
    return gettext("Waiting for %(name)s") % {"name": other}


@register.filter
def day_in_words(text: str) -> str:
    """“5 Dec 2026” from a contract's “2026-12-05”."""
    return date_format(date.fromisoformat(text), "j M Y") if text else ""


@register.filter
def host(url: str) -> str:
    """“drive.example.org” of a link, so that one sees where it leads before following it."""
    return urlsplit(url).hostname or ""
