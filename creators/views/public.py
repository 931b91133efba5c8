"""A creator's public page: the first version of the media kit."""

from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from creators.models import Channel, Creator, Post
from creators.policies import SELF, roles_of
from creators.services.lookalikes import more_like
from creators.states import CreatorState
from creators.validity import LANGUAGES
from creators.views.authenticity import answer_of, latest_of
from creators.views.cards import card_of, day, length, percent, ranked_as, sample

POSTS_SHOWN = 6
LANGUAGE_NAMES = dict(LANGUAGES)


@require_safe
def creator_detail(request: HttpRequest, handle: str) -> HttpResponse:
    """Listed creators for everybody, one's own in any state; 404 for the rest."""
    visible = Creator.objects.visible_to(request.user).defer("words", "post_words")
    visible = visible.select_related("authenticity_answer")
    creator = get_object_or_404(visible, handle=handle)
    newest = F("posted_on").desc(nulls_last=True)
    posts = Post.objects.filter(channel__creator=creator).select_related("channel").order_by(newest, "-pk")
    is_mine = SELF in roles_of(request.user, creator)
    # Nobody is shown their rivals on their own page, and a page that is not public recommends nobody.
    alike = more_like(creator) if creator.state == CreatorState.LISTED and not is_mine else []
    context = {
        "creator": creator,
        "is_mine": is_mine,
        "alike": [{"card": card_of(one.row), "reasons": [reason.text for reason in one.reasons]} for one in alike],
        "may_ask": may_ask(request, creator),
        "figures": figures_of(creator),
        "latest": latest_of(creator),
        "answer": answer_of(creator),
        "channels": [channel_row(channel) for channel in creator.channels.all()],
        "rates": list(creator.rates.all()),
        "posts": list(posts[:POSTS_SHOWN]),
        "languages": [LANGUAGE_NAMES.get(code, code) for code in creator.languages],
    }
    return render(request, "creators/detail.html", context)


def may_ask(request: HttpRequest, creator: Creator) -> bool:
    """Whether the way to an invitation is shown: to businesses, and to whoever may still become one."""
    hats = getattr(request, "hats", None) or []
    is_theirs = SELF in roles_of(request.user, creator)
    return creator.state == CreatorState.LISTED and not is_theirs and ("business" in hats or "creator" not in hats)


def figures_of(creator: Creator) -> dict[str, str]:
    """The creator's figures in words; an empty string is unknown."""
    known = creator.engagement_rate is not None
    count = creator.comments_seen
    seen = ngettext("%(n)s comment seen", "%(n)s comments seen", count) % {"n": f"{count:,}"} if count else ""
    return {
        "engagement": percent(creator.engagement_rate),
        "engagement_from": sample(creator.engagement_posts, creator.last_post_on, known=known),
        "ranked_as": ranked_as(creator.engagement_rate, creator.engagement_shrunk),
        "answered": percent(creator.reply_rate),
        "answered_from": ", ".join(filter(None, (length(creator.comment_words), seen))),
        "genuine": percent(creator.genuine_share),
        "sponsored": percent(creator.sponsored_share),
        "made_on": day(creator.figures_at),
    }


def channel_row(channel: Channel) -> dict[str, Any]:
    """A channel with its figures, where they are from and of which day."""
    return {
        "channel": channel,
        "followers": f"{channel.followers:,}" if channel.followers is not None else "",
        "engagement": percent(channel.engagement_rate),
        "source": channel.get_source_display(),
        "figures_on": day(channel.figures_on),
    }
