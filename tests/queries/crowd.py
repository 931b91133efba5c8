"""Many of everything in the world of the matrix, for tests that compare pages of one row with pages of fifty."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from campaigns.models import Activity, Match, Member, Message, Review, ReviewNote, Saved, Side, Submission, Terms
from campaigns.services import teams
from creators.models import Channel, Creator, CreatorNiche, DeliverableKind, Network, Niche, Post, Rate, Town
from creators.services.accounts import give_account
from marketplace.hooks.services import READ, make_key
from marketplace.kit.money import Money
from payments import ledger
from payments.models import Claim, Invoice, Payout, Refund
from payments.settlement import outbox
from payments.states import Chart
from tests import cast as people
from tests.crowd import clone
from tests.permissions.world import World

LINES = list(itertools.product(DeliverableKind.values, ["", *Network.values]))


def grow(world: World, numbers: Iterable[int]) -> None:
    """One more of each for every number: on Mina's desk, on the bakery's, in one campaign, one room and one offer."""
    for number in numbers:
        _meet(world, number)
        _work(world, number)
        _invoice(world, number)
        _talk(world)
        _show_off(world, number)
        _run_the_shop(world, number)


def _meet(world: World, number: int) -> None:
    """Mina in one more campaign of the bakery, one more creator in the open campaign, one more campaign elsewhere."""
    cast = world.cast
    campaign = people.campaign(cast)
    clone(world["invitation"], campaign=campaign)
    clone(world["application"], campaign=campaign)
    _agree(world, campaign, cast.mina_profile)
    maker = people.creator(None, f"maker-{number}")
    for name in ("invitation", "application"):
        clone(world[name], campaign=world["open"], creator=maker)
    _agree(world, world["open"], maker)
    Saved.objects.create(campaign=world["open"], creator=maker)
    run = world["open"].match_runs.get()
    first = Match.objects.get(run=run, rank=1)
    Match.objects.create(
        run=run, creator=maker, rank=number + 1, score=90, parts=first.parts, reasons=first.reasons, doubt=first.doubt
    )
    people.campaign(cast, business=cast.other_business, made_by=cast.other_owner)


def _review(world: World, room: Any) -> None:
    """What the bakery and the creator say of each other."""
    for side, person in ((Side.CREATOR, world.cast.mina), (Side.BUSINESS, world.cast.manager)):
        Review.objects.create(
            collaboration=room, by=person, side=side, stars=4, text="Good.", published_at=timezone.now()
        )


def _talk(world: World) -> None:
    """One more message of the creator and one more of the bakery, each with what hides behind a line."""
    for side, person in ((Side.CREATOR, world.cast.mina), (Side.BUSINESS, world.cast.manager)):
        Message.objects.create(collaboration=world["in_review"], by=person, side=side, text="More crumbs?")


def _agree(world: World, campaign: Any, creator: Creator) -> None:
    """An offer that became work, and a second one that was countered."""
    room = world["awaiting_payment"]
    for state in ("accepted", "countered"):
        offer = clone(room.offer, campaign=campaign, creator=creator, state=state)
        terms = room.offer.terms.get()
        terms.pk, terms.offer = None, offer
        terms.save()
        if state == "accepted":
            hold = clone(room.hold)
            _review(world, clone(room, offer=offer, hold=hold))
            _earn(world, hold)


def _earn(world: World, hold: Any) -> None:
    """Mina has earned a cent with it, and owes it back."""
    payee, cent = world["released"].hold.payee, Money(1, hold.currency)
    lines = [ledger.debit(Chart.MEMO_RECEIVED, cent), ledger.credit(Chart.MEMO_CONNECTED, cent, payee.public_id)]
    ledger.post(lines, key=f"crowd:{hold.public_id}", kind="release_confirmed", hold=hold, account=payee)
    Claim.objects.create(payee=payee, hold=hold, amount_minor=1, currency=hold.currency, reason="x")


def _work(world: World, number: int) -> None:
    """One more round, one more request, one more line of the diary; one more version of the terms on the table."""
    room, offer = world["in_review"], world["countered"]
    sent = Submission.objects.create(collaboration=room, number=number + 1, by=world.cast.mina, link="https://a.test/")
    ReviewNote.objects.create(submission=sent, item="Disclosure: #ad", text="Say it first.", by=world.cast.manager)
    Activity.objects.create(
        campaign=room.offer.campaign, offer=room.offer, collaboration=room, by=world.cast.mina, role="creator",
        thing="collaboration", verb="submit", text="Mina submitted work",
    )  # fmt: skip
    newest = Terms.objects.filter(offer=offer).order_by("-number")[0]
    newest.pk, newest.number = None, newest.number + 1
    newest.save()
    type(offer).objects.filter(pk=offer.pk).update(version=newest.number)


def _invoice(world: World, number: int) -> None:
    """One more invoice of each kind for the bakery, and one more credit note for both."""
    room, work = world["released"], world["work_invoice"]
    payee = clone(room.hold.payee, stripe_account_id=f"acct_crew_{number}")
    transfer = clone(work.transfer, payee=payee, operation=None, stripe_id=f"tr_crew_{number}")
    for name in ("work_invoice", "fee_invoice"):
        clone(world[name], transfer=transfer)
    checkout = room.hold.checkouts.get()
    refund = Refund.objects.create(
        hold=room.hold, checkout=checkout, amount_minor=1, fee_minor=0, currency="EUR", reason="x", after_release=True
    )
    clone(Invoice.objects.get(pk=work.pk), amount_minor=1, corrects=work, refund=refund)


def _show_off(world: World, number: int) -> None:
    """One more line of Mina's profile, of each kind; one more subject, town and payout."""
    mina = world.cast.mina_profile
    channel = Channel.objects.create(creator=mina, network="blog", handle=f"mina-{number}", followers=number)
    Post.objects.create(channel=channel, external_id="1", posted_on=timezone.localdate(), text="Bread", likes=1)
    kind, network = LINES[number]
    Rate.objects.get_or_create(
        creator=mina, kind=kind, network=network, defaults={"price_minor": 9000, "currency": "EUR"}
    )
    niche = Niche.objects.create(slug=f"bread-{number}", name=f"Bread {number}", parent=world.cast.baking)
    CreatorNiche.objects.create(creator=mina, niche=niche, weight=0.5)
    Town.objects.create(name=f"Ulm {number}", country="DE", latitude=48.4, longitude=10.0)
    account = give_account(mina)
    assert account is not None
    operation = outbox.put("payout.create", {}, account=account)
    Payout.objects.create(account=account, amount_minor=5000, currency="EUR", operation=operation)


def _run_the_shop(world: World, number: int) -> None:
    """One more seat, invite, key and piece of news; and one more business whose owner is Rosa."""
    cast = world.cast
    Member.objects.create(business=cast.bakery, user=people.person(f"Helper {number}"), role="viewer")
    clone(world["search"], name=f"Bakers {number}")
    clone(world["invite"], email=f"helper-{number}@example.org", digest=f"{number:064}")
    make_key(cast.owner, name=f"Till {number}", scopes=[READ])
    for name in ("notice", "told_mina"):
        clone(world[name])
    if number % 7 == 0:
        teams.create_business(cast.owner, name=f"Oven {number}")
