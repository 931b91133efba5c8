"""What every page of ours knows: which hats the person wears, and which buttons the tables give them."""

from collections.abc import Callable, Container, Iterable
from typing import Any, TypeVar, cast

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from campaigns.models import Member
from campaigns.moves import Moving, actions, machine_of
from campaigns.policies import Standing
from creators.models import Creator
from marketplace.notices.models import Notice
from marketplace.users.models import User
from marketplace.users.requests import person

Handler = Callable[[HttpRequest], HttpResponse]
Rows = TypeVar("Rows", bound=Iterable[Moving])
DANGER = {"cancel", "call_off", "cancel_late", "cancel_paid", "withdraw", "decline", "archive"}
# What moves things on. The first of these that is possible is the one button to see first; a page may have none.
MAIN = {"submit", "accept", "agree", "revise", "offer", "pay", "approve", "mark_live", "accept_live", "resume"}
ONE_CLICK = {"view", "pay", "shortlist", "pause", "resume"}
ICONS = {
    "accept": "file-signature", "pay": "shield-check", "submit": "upload", "approve": "check", "mark_live": "globe",
    "request_changes": "undo-2", "accept_live": "circle-check", "agree": "handshake", "extend": "clock",
    "fund": "wallet", "return_money": "undo-2",
}  # fmt: skip
# Verbs whose page is not under the thing itself.
ELSEWHERE: dict[tuple[str, str], Callable[[Any], str]] = {
    (name, "offer"): lambda row: reverse("offer_new", args=[row.campaign.public_id, row.creator.handle])
    for name in ("application", "invitation")
}


class HatsMiddleware:
    """Sets ``request.hats``: which of "business", "creator" and "news" hold for the person, read once, when asked."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.hats = SimpleLazyObject(lambda: hats_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def hats_of(request: HttpRequest) -> list[str]:
    """What the person is here, in one query; nothing for a stranger. "news" means unread notices."""
    if not request.user.is_authenticated:
        return []
    row = (
        User.objects.filter(pk=request.user.pk)
        .values(
            as_business=Exists(Member.objects.filter(user=OuterRef("pk"))),
            as_creator=Exists(Creator.objects.filter(user=OuterRef("pk"))),
            as_news=Exists(Notice.objects.filter(user=OuterRef("pk"), read_at=None)),
        )
        .first()
    )
    return [hat.removeprefix("as_") for hat, is_worn in (row or {}).items() if is_worn]


def standing(request: HttpRequest) -> Standing:
    """The person's roles, read once for everything a page shows."""
    if not hasattr(request, "standing"):
        request.standing = Standing(person(request))  # type: ignore[attr-defined]
    return cast("Standing", request.standing)  # type: ignore[attr-defined]


def buttons(request: HttpRequest, thing: Moving, verbs: Container[str]) -> list[dict[str, Any]]:
    """The verbs this person may use on this thing now and that have a page, the main one first."""
    name = machine_of(thing).name
    possible = [move for move in actions(thing, by=standing(request)) if move.verb in verbs]
    main = next((move for move in possible if move.verb in MAIN), None)
    found: list[dict[str, Any]] = []
    for move in sorted(possible, key=lambda move: move is not main):
        tone = "danger" if move.verb in DANGER else "primary" if move is main else ""
        found.append(
            {
                "verb": move.verb,
                "label": move.label,
                "url": _address(name, move.verb, thing),
                "tone": tone,
                "link": move.verb not in ONE_CLICK,
                "icon": ICONS.get(move.verb, ""),
            }
        )
    return found


def _address(name: str, verb: str, thing: Any) -> str:
    elsewhere = ELSEWHERE.get((name, verb))
    return elsewhere(thing) if elsewhere else reverse(f"{name}_verb", args=[thing.public_id, verb])


def with_buttons(request: HttpRequest, rows: Rows, verbs: Container[str]) -> Rows:
    """The rows of a page, each with this person's buttons for it as ``row.buttons``."""
    standing(request)  # read even for no rows, so that a page costs the same whatever it lists
    for row in rows:
        row.buttons = buttons(request, row, verbs)  # type: ignore[union-attr]
    return rows


def creator_of(request: HttpRequest) -> Creator:
    """The person's own profile, with its account and login; 404 for somebody who has none."""
    return get_object_or_404(Creator.objects.owned_by(request.user).select_related("account", "user"))
