"""The rate card: one price for each deliverable on each network."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from creators.models import Creator, DeliverableKind, Network, Rate
from creators.policies import SELF, must_be
from creators.refresh import refresh_figures
from creators.states import CreatorState
from creators.validity import check, refuse
from marketplace.kit.errors import Conflict
from marketplace.kit.money import LARGEST_MINOR, Money
from marketplace.users.models import User

RATES_MAX = 40


@dataclass(frozen=True, slots=True)
class RateLine:
    """One line as the creator writes it; an empty network means any."""

    kind: str
    price: Money
    network: str = ""
    note: str = ""


@transaction.atomic
def set_rate(creator: Creator, *, line: RateLine, by: User, replaces: Rate | None = None) -> Rate:
    """Put one price on the card, in place of what stood there for the same deliverable."""
    creator = _locked(creator, by=by)
    if replaces is not None and (replaces.kind, replaces.network) != (line.kind, line.network):
        replaces.delete()
    rate = _store(creator, line)
    _finish(creator)
    return rate


@transaction.atomic
def remove_rate(rate: Rate, *, by: User) -> None:
    """Take one price off the card; a listed profile keeps at least one."""
    creator = _locked(rate.creator, by=by)
    rate.delete()
    _finish(creator)


def _locked(creator: Creator, *, by: User) -> Creator:
    must_be(by, creator, SELF)
    return Creator.objects.select_for_update(no_key=True).get(pk=creator.pk)


def _store(creator: Creator, line: RateLine) -> Rate:
    if line.price.currency != creator.currency:
        raise refuse("price", _("Your profile's currency is %(code)s.") % {"code": creator.currency})
    if not 0 < line.price.minor <= LARGEST_MINOR:
        raise refuse("price", _("Write a price above zero, like 120.00."))
    if line.kind not in DeliverableKind.values:
        raise refuse("kind", _("We don't know this deliverable."))
    if line.network and line.network not in Network.values:
        raise refuse("network", _("We don't know this network."))
    rate = Rate.objects.filter(creator=creator, kind=line.kind, network=line.network).first()
    rate = rate or Rate(creator=creator, kind=line.kind, network=line.network)
    rate.price_minor, rate.currency, rate.note = line.price.minor, line.price.currency, line.note
    check(rate)
    rate.save()
    return rate


def _finish(creator: Creator) -> None:
    count = creator.rates.count()
    if count > RATES_MAX:
        raise Conflict("too_many_rates", _("A rate card has at most %(max)d lines.") % {"max": RATES_MAX})
    if count == 0 and creator.state == CreatorState.LISTED:
        raise Conflict("last_rate", _("A listed profile needs a price. Add another one first."))
    Creator.objects.filter(pk=creator.pk).update(facts_at=timezone.now())
    refresh_figures([creator.pk])
