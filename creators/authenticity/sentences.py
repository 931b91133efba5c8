"""Each part in one plain sentence with its numbers, and what would improve the score. Never a verdict."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from creators.authenticity.readings import PAID_USUAL, SATURATED
from creators.authenticity.scoring import Authenticity, Part

NEAR = 0.35  # spreads: nearer than that is usual
MOST_ADVICE = 3


@dataclass(frozen=True, slots=True)
class Told:
    """How one part speaks: its title, its sentence from own and usual readings, what to do when low or unknown."""

    title: str
    sentence: Callable[[Part, float, float], str]
    unknown: str
    when_low: str
    when_unknown: str


def percent(value: float) -> str:
    """.0342 as “3.4 %”, .42 as “42 %”."""
    number = 100 * value
    return f"{number:.1f} %" if number < 10 else f"{number:.0f} %"


def _share(part: Part, reading: float) -> float:
    """Back from 2·arcsin √((k + 3/8) ÷ (n + 3/4)) to k ÷ n."""
    near = math.sin(min(max(reading, 0.0), math.pi) / 2) ** 2
    return min(max((near * (part.size + 0.75) - 0.375) / max(part.size, 1.0), 0.0), 1.0)


def _shares(what: str) -> Callable[[Part, float, float], str]:
    return lambda part, own, usual: f"{percent(_share(part, own))} {what}; {percent(_share(part, usual))} is usual."


def _returning(part: Part, own: float, usual: float) -> str:
    own_share, usual_share = (percent(1 - _share(part, reading)) for reading in (own, usual))
    return f"{own_share} of comments are from somebody who wrote under the post before; {usual_share} is usual."


def _engagement(part: Part, own: float, usual: float) -> str:
    return f"{percent(math.exp(own))} of followers like or comment on a post; {percent(math.exp(usual))} is usual."


def _per_like(part: Part, own: float, usual: float) -> str:
    return f"{100 * math.exp(own):.1f} comments for 100 likes; {100 * math.exp(usual):.1f} are usual."


def _depth(part: Part, own: float, usual: float) -> str:
    return f"Comments are {math.expm1(own):.1f} words long on average; {math.expm1(usual):.1f} are usual."


def _following(part: Part, own: float, usual: float) -> str:
    return f"Follows {math.expm1(own):,.0f} accounts; about {math.expm1(usual):,.0f} are usual."


def _growth(part: Part, own: float, usual: float) -> str:
    if own > -0.01:
        return "Followers came and went evenly, without sudden jumps."
    jump = percent(math.expm1(min(-own, 5.0)))
    return f"Followers once jumped by {jump} more than even growth and its usual swings explain."


def _saturation(part: Part, own: float, usual: float) -> str:
    if own > -0.001:
        return f"Not more than {percent(SATURATED)} of recent posts are sponsored."
    return f"More than {percent(SATURATED)} of recent posts are sponsored, which tires followers."


def _paid(part: Part, own: float, usual: float) -> str:
    ratio = percent(min(math.exp(own + PAID_USUAL), 99.0))
    return f"Sponsored posts reach {ratio} of the engagement of the others; {percent(math.exp(PAID_USUAL))} is usual."


SAMPLES = "Let us see more comments: connect the channel, or import a sample of them."
TOLD: dict[str, Told] = {
    "engagement": Told(
        "Engagement", _engagement, "We know no engagement rate of posts yet.",
        "Ask what your followers think, and post what they answered before.",
        "Connect the channel, so that likes and comments of posts are known.",
    ),
    "comments_per_like": Told(
        "Comments and likes", _per_like, "We don't know likes and comments of single posts yet.",
        "Posts that ask something get comments, not only likes.",
        "Connect the channel, so that likes and comments of posts are known.",
    ),
    "depth": Told(
        "Depth", _depth, "We have not seen what comments say.",
        "Questions that take a sentence to answer bring longer comments.", SAMPLES,
    ),
    "generic": Told(
        "Substance", _shares("of comments are very short or could stand under any post"),
        "We have not seen what comments say.", "Hide spam, and answer those who write something of their own.", SAMPLES,
    ),
    "emoji_only": Told(
        "Words", _shares("of comments are emoji only"), "We have not seen what comments say.",
        "Ask for words: questions that an emoji can't answer.", SAMPLES,
    ),
    "diversity": Told(
        "Variety", _shares("of comments say something that no other says"), "We don't know how alike comments are.",
        "Hide comments that are copied under every post.", SAMPLES,
    ),
    "replies": Told(
        "Replies", _shares("of comments get an answer"), "We have not seen whether comments are answered.",
        "Answer comments within two days.", SAMPLES,
    ),
    "returning": Told(
        "Conversation", _returning, "We don't know whether people write again.",
        "Answer with a question, so that people write again.", SAMPLES,
    ),
    "from_creators": Told(
        "Other creators", _shares("of comments are from other creators"),
        "We don't know how many comments are from other creators.",
        "Comments by other creators count less than those of followers.", SAMPLES,
    ),
    "following": Told(
        "Accounts followed", _following, "We don't know how many accounts this channel follows.",
        "Follow those you read: following very many looks like a trade.", "Enter how many accounts you follow.",
    ),
    "growth": Told(
        "Growth", _growth, "We have not watched the number of followers for long enough.",
        "If something happened that day, say so in your answer.",
        "Keep the number of followers up to date: it takes four days over two weeks.",
    ),
    "saturation": Told(
        "Sponsored posts", _saturation, "We know no posts yet.",
        "Leave more room between sponsored posts.", "Connect the channel, so that posts are known.",
    ),
    "paid_posts": Told(
        "Paid posts", _paid, "We know no sponsored and other posts to compare.",
        "Take work that suits your followers.", "",
    ),
}  # fmt: skip


def sentence(part: Part) -> str:
    """What this part says, with what it was read from."""
    told = TOLD[part.name]
    if part.own is None or part.usual is None:
        return told.unknown
    return told.sentence(part, part.own, part.usual)


def standing(part: Part) -> str:
    """ "for", "against", "usual" or "unknown"."""
    if part.standing is None:
        return "unknown"
    if abs(part.standing) < NEAR:
        return "usual"
    return "for" if part.standing > 0 else "against"


def moved(found: Authenticity) -> list[Part]:
    """The known parts, those that moved the score most first."""
    known = [part for part in found.parts if part.standing is not None]
    return sorted(known, key=lambda part: (-abs(part.points), part.name))


def improvements(found: Authenticity) -> list[str]:
    """At most three things to do: first what speaks against, then what would narrow the band; none twice."""
    against = sorted((part for part in found.parts if standing(part) == "against"), key=lambda part: part.points)
    unknown = sorted((part for part in found.parts if part.standing is None), key=lambda part: part.name)
    advice = [TOLD[part.name].when_low for part in against] + [TOLD[part.name].when_unknown for part in unknown]
    if not found.is_enough:
        advice.insert(
            min(len(against), 1), "More posts and comments: from 8 posts or 30 comments on, a score means something."
        )
    return list(dict.fromkeys(filter(None, advice)))[:MOST_ADVICE]
