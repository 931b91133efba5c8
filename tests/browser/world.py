"""The world of the permission matrix, lived in: long names, long words, money, several matches, two-step log-in."""

from __future__ import annotations

import time
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from campaigns.models import Business, Campaign, Match, Submission
from creators.models import AuthenticityAnswer, AuthenticityRecord, CommentStats, Creator, Post
from creators.refresh import refresh_authenticity, refresh_figures
from marketplace.notices.models import Notice
from tests import cast as people
from tests.cast import PASSWORD
from tests.permissions.world import World, browser

LONG_WORD = "Donaudampfschifffahrtsgesellschaftskapitänsmütze"
LONG_LINK = "https://drive.example.org/" + "a-very-long-folder/" * 12 + "draft.mp4"
REASONS = [
    {"code": "niche", "text": "Bakes every week: 14 of the last 20 posts are about bread.", "facts": {}},
    {"code": "place", "text": "Lives 4 km from you, in Ulm.", "facts": {}},
    {"code": "talk", "text": "Answers 6 of 10 comments (30 posts, 12 Nov).", "facts": {}},
]


def live_in(world: World) -> World:
    """Add what a page must bear in real life."""
    world.things["asked"] = world["invitation"].campaign
    _name_things(world)
    _rank_more(world)
    _score(world)
    people.secure(world["completed"])
    people.secure(world["in_production"])
    people.secure(world["late"])
    _log_in_anew(world)
    return world


def _name_things(world: World) -> None:
    Business.objects.filter(pk=world.cast.bakery.pk).update(name=f"Rosa's {LONG_WORD[:40]} & Bakery")
    Campaign.objects.filter(title="Our sourdough").update(title=f"Our sourdough and the {LONG_WORD}")
    Creator.objects.filter(pk=world.cast.mina_profile.pk).update(
        display_name="Mina Wolfeschlegelsteinhausenbergerdorff"
    )
    Submission.objects.update(link=LONG_LINK, note=f"The {LONG_WORD} is in it. " * 3)
    told = {"kind": "test", "url": "/campaigns/", "next_step": "Look at it"}
    for user in (world.cast.owner, world.cast.mina):
        Notice.objects.bulk_create(Notice(user=user, text=f"{LONG_WORD} is open. " * 2, **told) for _ in range(3))


def _score(world: World) -> None:
    """Mina's authenticity over three months, with all signs known or not, and her answer to it."""
    mina = world.cast.mina_profile
    channel = mina.channels.get(network="instagram")
    for number in range(9):
        post = Post.objects.create(
            channel=channel, external_id=f"seen-{number}", likes=200, comments=14, text=LONG_WORD
        )
        CommentStats.objects.create(
            post=post, loaded=20, fan_comments=20, unique_fans=19, replied_to=8, emoji_only=9, short_or_generic=14,
            mean_words=3.0,
        )  # fmt: skip
    refresh_figures([mina.pk])
    refresh_authenticity([mina.pk])
    today = mina.authenticity_records.get()
    for month in (1, 2, 3):
        older = AuthenticityRecord.objects.get(pk=today.pk)
        older.pk, older.made_on = None, today.made_on - timedelta(days=30 * month)
        older.save()
    AuthenticityAnswer.objects.create(creator=mina, text=f"We filmed the {LONG_WORD} that week. " * 4)


def _rank_more(world: World) -> None:
    run = world["open"].match_runs.get()
    run.matches.update(reasons=REASONS, change="A lower price would move her up by one place.", price_minor=180_00)
    for rank in range(2, 6):
        found = people.creator(people.person(f"Baker {rank}"), f"baker-{rank}", town_label="Blaubeuren, DE")
        parts = {"niche": {"value": 1.0, "weight": 1.0, "points": 90.0 - rank}}
        Match.objects.create(run=run, creator=found, rank=rank, score=90 - rank, parts=parts, reasons=REASONS)


def _log_in_anew(world: World) -> None:
    """Fina has a password, Marco a second step, and somebody new has nothing at all yet."""
    for user in (world.cast.owner, world.cast.manager):
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    world.cast.finance.set_password(PASSWORD)
    world.cast.finance.save()
    TOTP.activate(world.cast.manager, generate_totp_secret())
    RecoveryCodes.activate(world.cast.manager)
    world.browsers["finance"] = browser(world.cast.finance)
    world.browsers["manager"] = browser(world.cast.manager)
    store = SessionStore(world.browsers["manager"].cookies[settings.SESSION_COOKIE_NAME].value)
    store["account_authentication_methods"] = [{"method": "mfa", "at": time.time(), "reauthenticated": True}]
    store["account_authentication_methods_user"] = str(world.cast.manager.pk)
    store.save()
    world.browsers["newcomer"] = browser(people.person("Nina Neu"))
