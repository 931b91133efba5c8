"""The world the matrix looks at: one thing of each kind and state of Rosa's Bakery and Mina, with secrets planted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.utils import timezone

from campaigns.mail import invite_token
from campaigns.models import (
    Collaboration,
    Match,
    MatchRun,
    Member,
    PlanProof,
    Review,
    Saved,
    SavedSearch,
    Side,
    Submission,
)
from campaigns.services import conversation, invitations, offers, searches, teams
from campaigns.shortlist import Asked
from creators.models import Channel, Creator, Rate
from creators.search import Wanted
from creators.states import CreatorState
from marketplace.hooks.services import READ, make_key
from marketplace.kit.money import Money
from marketplace.notices.models import Notice
from marketplace.users.middleware import SEEN
from marketplace.users.models import User
from payments.models import Invoice
from tests import cast as people
from tests.cast import Cast, make_cast

PERSONS = (
    "owner", "manager", "finance", "viewer", "other_business", "creator", "other_creator", "admin", "anonymous",
    "suspended",
)  # fmt: skip
STRANGERS = ("other_business", "other_creator", "anonymous", "suspended")
TEAM = ("owner", "manager", "finance", "viewer")
ROOMS = ("awaiting_payment", "in_production", "changes_requested", "in_review", "approved", "live", "completed")

# Words that stand in the things below and nowhere else. The business's own are not for the creator either.
OF_THE_BUSINESS = ("saffron-draft", "saffron-seat", "saffron-doubt", "vera.holm@example.org", "fina.berg@example.org")
OF_BOTH_SIDES = ("saffron-note", "saffron-link", "saffron-pitch", "saffron-invited", "saffron-file", "saffron-deal")
OF_THE_CREATOR = ("saffron-reason", "mina.park@example.org")
SECRETS = OF_THE_BUSINESS + OF_BOTH_SIDES + OF_THE_CREATOR


class Browser(RequestFactory):
    """Sends a request as one person and forgets the answer's cookies. Lighter than Client."""

    handler = ClientHandler(enforce_csrf_checks=False)

    def generic(self, *args: Any, **kwargs: Any) -> Any:
        return super().generic(*args, **kwargs)

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))  # type: ignore[attr-defined]


@dataclass
class World:
    """Things by the name a row of the matrix calls them, and a browser for each person."""

    cast: Cast
    things: dict[str, Any] = field(default_factory=dict)
    browsers: dict[str, Browser] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.things[name]

    def id_of(self, name: str) -> str:
        """What stands in the address of a thing: its public id, a handle, a token, or the word itself."""
        thing = self.things.get(name, name)
        return thing if isinstance(thing, str) else str(thing.public_id)


def build_world() -> World:
    """Everybody and everything, through the services where they exist."""
    world = World(make_cast())
    for part in (_campaigns, _talks, _rooms, _team, _mina, _others):
        world.things |= part(world.cast)
    world.browsers = {name: browser(world.cast.persons.get(name)) for name in PERSONS}
    return world


def browser(user: User | None) -> Browser:
    """A browser in which this person has logged in and looked at a page: the session is noted already."""
    client, found = Client(), Browser()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.session
        now = timezone.now().timestamp()
        session["account_authentication_methods"] = [{"method": "password", "at": now}]
        session[SEEN] = int(now)
        session.save()
        UserSession.objects.create(user=user, session_key=session.session_key, ip="127.0.0.1", user_agent="Browser")
        found.cookies.update(client.cookies)
    return found


def _campaigns(cast: Cast) -> dict[str, Any]:
    made: dict[str, Any] = {
        name: people.campaign(cast, state=state, title=f"saffron-draft {name}", dos="saffron-draft")
        for name, state in (
            ("draft", "draft"),
            ("flagged", "in_review"),
            ("paused", "paused"),
            ("cancelled", "cancelled"),
        )
    }
    made["open"] = people.campaign(cast)
    made["funded"] = people.fund(people.campaign(cast))
    run = MatchRun.objects.create(campaign=made["open"], brief_hash="0" * 64, finished_at=timezone.now(), pool_size=2)
    parts = {"niche": {"value": 1.0, "weight": 1.0, "points": 90.0}}
    reasons = [{"code": "niche", "text": "Bakes.", "facts": {}}]
    Match.objects.create(
        run=run, creator=cast.mina_profile, rank=1, score=90, parts=parts, reasons=reasons, doubt="saffron-doubt"
    )
    made["proof"] = PlanProof.objects.create(
        campaign=made["open"],
        question=Asked(Money(50_000, "EUR"), "reach", 1, 3, 0, every_niche=False, only_known=False).stored(),
        finished_at=timezone.now(),
        created_at=timezone.now(),
        best=[[cast.mina_profile.pk, 15_000]],
        planned=[[cast.mina_profile.pk, 15_000]],
        reach=410.0,
        best_reach=412.0,
        ceiling=412.0,
        cost_minor=16_350,
    )
    Saved.objects.create(campaign=made["open"], creator=cast.mina_profile)
    return made


def _talks(cast: Cast) -> dict[str, Any]:
    def campaign() -> Any:
        return people.campaign(cast)

    asked = invitations.invite_creator(campaign(), cast.mina_profile, message="saffron-invited", by=cast.manager)
    applied = invitations.apply_to_campaign(campaign(), message="saffron-pitch", by=cast.mina)
    terms = people.draft(note="saffron-note")
    sent = offers.send_offer(campaign(), cast.mina_profile, terms=terms, by=cast.manager)
    countered = offers.send_offer(campaign(), cast.mina_profile, terms=terms, by=cast.manager)
    offers.counter_offer(countered, terms=people.draft(25_000, note="saffron-note"), by=cast.mina)
    return {"invitation": asked, "application": applied, "sent": sent, "countered": countered}


def _rooms(cast: Cast) -> dict[str, Any]:
    made: dict[str, Any] = {
        state: people.collaboration(cast, state=state, product="saffron-deal", note="saffron-note") for state in ROOMS
    }
    made["released"] = people.release(people.secure(people.collaboration(cast, state="completed")))
    made["this_year"] = str(timezone.now().year)
    made["work_invoice"] = Invoice.objects.get(about="work")
    made["fee_invoice"] = Invoice.objects.get(about="fee")
    long_ago = timezone.now() - timedelta(days=9)
    made["late"] = people.collaboration(cast, state="in_production", product="saffron-deal")
    Collaboration.objects.filter(pk=made["late"].pk).update(due_at=long_ago)
    Submission.objects.update(link="https://example.org/saffron-link")
    sketch = Submission.objects.filter(collaboration=made["in_review"]).get()
    sketch.file.save("sketch.pdf", ContentFile(b"%PDF-1.4 saffron-file"))
    sketch.file_name = "saffron-file.pdf"
    sketch.save()
    message = conversation.write_message(made["in_review"], text="A saffron-deal question", by=cast.manager)
    message.file.save("crumb.pdf", ContentFile(b"%PDF-1.4 saffron-file"))
    message.file_name = "saffron-file.pdf"
    message.save()
    review = Review.objects.create(
        collaboration=made["released"], side=Side.BUSINESS, by=cast.manager, stars=5, text="Crisp and on time.",
        published_at=timezone.now(),
    )  # fmt: skip
    return {**made, "file": sketch, "message": message, "review": review}


def _team(cast: Cast) -> dict[str, Any]:
    invite = teams.invite_member(cast.bakery, email="saffron-seat@example.org", role="viewer", by=cast.owner)
    to_omar = teams.invite_member(cast.bakery, email=cast.other_creator.email, role="viewer", by=cast.owner)
    search = searches.save_search(cast.bakery, name="saffron-draft bakers", wanted=Wanted(country="DE"), by=cast.owner)
    SavedSearch.objects.filter(pk=search.pk).update(fresh=[cast.mina_profile.pk, cast.other_profile.pk])
    key, _secret = make_key(cast.owner, name="saffron-draft key", scopes=[READ])
    notice = Notice.objects.create(user=cast.owner, kind="test", text="saffron-draft", url="/campaigns/")
    return {
        "bakery": cast.bakery,
        "seat_owner": Member.objects.get(user=cast.owner),
        "seat_viewer": Member.objects.get(user=cast.viewer),
        "search": search,
        "invite": invite,
        "to_omar": invite_token(to_omar.public_id),
        "key": key,
        "notice": notice,
    }


def _mina(cast: Cast) -> dict[str, Any]:
    Creator.objects.filter(pk=cast.mina_profile.pk).update(bio="I bake bread and film it. " * 3)
    channel = Channel.objects.create(creator=cast.mina_profile, network="instagram", handle="mina", followers=4200)
    Channel.objects.create(creator=cast.mina_profile, network="tiktok", handle="mina", followers=900)
    Rate.objects.create(creator=cast.mina_profile, kind="post", price_minor=15_000, currency="EUR")
    rate = Rate.objects.create(creator=cast.mina_profile, kind="reel", price_minor=20_000, currency="EUR")
    notice = Notice.objects.create(user=cast.mina, kind="test", text="saffron-reason", url="/creator/")
    return {"mina_profile": cast.mina_profile, "channel": channel, "rate": rate, "told_mina": notice}


def _others(cast: Cast) -> dict[str, Any]:
    """What Rosa and Mina may not see: a campaign of Wheels of Ulm, and a creator's profile that is not listed."""
    theirs = people.campaign(
        cast, state="draft", business=cast.other_business, made_by=cast.other_owner, title="Spokes"
    )
    shy = people.creator(people.person("Sia Shy"), "sia", state=CreatorState.DRAFT, display_name="Sia")
    return {"wheels": cast.other_business, "their_draft": theirs, "shy": shy}
