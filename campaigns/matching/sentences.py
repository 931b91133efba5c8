"""Each part's facts in one plain sentence. The same facts made the score; nothing is said that was not counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from campaigns.matching.brief import BriefFacts
from campaigns.matching.cells import TIER_NAMES
from marketplace.kit.money import Money

Fact = float | int | str | list[str]
Facts = Mapping[str, Fact]
FEW = 20
USUAL_SCORE = 50.0
NEAR = 0.8  # of what is usual: no weakness, though not above it
NETWORK_NAMES = {"instagram": "Instagram", "tiktok": "TikTok", "youtube": "YouTube"}


@dataclass(frozen=True)
class Reason:
    """A code to translate or group by, the sentence in English, and the numbers in it."""

    code: str
    text: str
    facts: dict[str, Fact]


@dataclass(frozen=True)
class Told:
    """What one part can say: when it speaks for, when it speaks against, when nothing is known, and what would help.

    `usual` finishes the sentence "… would move this creator from 5th to 2nd place".
    """

    known: Callable[[Facts, BriefFacts], str]
    against: Callable[[Facts, BriefFacts], str]
    unknown: str
    usual: str
    learned: str


def share(value: Fact) -> str:
    """.0342 as “3.4 %”, .42 as “42 %”, 0 as “0 %”."""
    number = 100 * float(value) if not isinstance(value, list) else 0.0
    return f"{number:.1f} %" if 0 < number < 10 else f"{number:.0f} %"


def place_name(number: Fact) -> str:
    """7 as “7th”."""
    place = int(number) if not isinstance(number, list) else 0
    ending = "th" if 10 <= place % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place:,}{ending}"


def _niche(facts: Facts, brief: BriefFacts) -> str:
    names = facts.get("niches")
    shared = f"Posts about {' and '.join(map(str, names))}. " if isinstance(names, list) and names else ""
    return f"{shared}{_closer(facts)}"


def _closer(facts: Facts) -> str:
    """A share of many, a place among few."""
    pool, place = int(float(str(facts["pool"]))), facts["place"]
    if pool == 1:
        return "The only creator left who could do it."
    if pool < FEW:
        nearest = "Closest" if place == 1 else f"{place_name(place)} closest"
        return f"{nearest} to your brief of the {pool} creators who could do it."
    return f"Closer to your brief than {facts['closer_than']} % of the {pool:,} creators who could do it."


def _niche_against(facts: Facts, brief: BriefFacts) -> str:
    closer = int(float(str(facts["place"]))) - 1
    of_them = f"{closer:,} of the {facts['pool']:,} creators who could do it"
    return f"{of_them} {'posts' if closer == 1 else 'post'} closer to your brief."


def _best_post(facts: Facts, brief: BriefFacts) -> str:
    """A share of many, a place among few."""
    whole = int(float(str(facts["of"])))
    if whole < FEW:
        nearest = "closest" if facts["place"] == 1 else f"{place_name(facts['place'])} closest"
        return f"{_post(facts)} comes {nearest} to your brief of the best posts of {whole} creators."
    share_of_them = f"{facts['closer_than']} % of the {whole:,} creators we compared"
    return f"{_post(facts)} comes closer to your brief than the best post of {share_of_them}."


def _post(facts: Facts) -> str:
    """The post by its day and first words, as far as they are known."""
    words = f" “{facts['words']}”" if facts.get("words") else ""
    if not facts.get("on"):
        return f"The post{words}" if words else "One post"
    day = date.fromisoformat(str(facts["on"]))
    return f"The post{words} of {day.day} {day:%b %Y}"


def _engagement(facts: Facts, brief: BriefFacts) -> str:
    posts = f", over {facts['posts']:,} post{'' if facts['posts'] == 1 else 's'}" if facts.get("posts") else ""
    own, usual = share(facts["rate"]), share(facts["usual"])
    network = NETWORK_NAMES.get(str(facts.get("network", "")))
    whom = f"{facts['tier']} creators{f' on {network}' if network else ''}"
    if NEAR <= float(str(facts["rate"])) / float(str(facts["usual"])) < 1:
        return f"{own} of followers like or comment{posts}, near the {usual} usual for {whom}."
    return f"{own} of followers like or comment{posts}; {usual} is usual for {whom}."


def _conversation(facts: Facts, brief: BriefFacts) -> str:
    seen = f" ({facts['comments']:,} seen)" if facts.get("comments") else ""
    said = []
    if "reply_rate" in facts:
        said.append(f"answers {share(facts['reply_rate'])} of comments")
    if "genuine_share" in facts:
        said.append(f"{share(facts['genuine_share'])} of comments say something of their own")
    if "words" in facts and len(said) < 2:
        said.append(f"comments are {facts['words']} words long on average")
    sentence = ", ".join(said) if said else f"{facts.get('per_like', 0)} comments per 100 likes"
    return f"{sentence[0].upper()}{sentence[1:]}{seen}."


def _place(facts: Facts, brief: BriefFacts) -> str:
    radius = f"{brief.radius_km:,.0f}" if brief.radius_km else "0"
    away = f"About {facts['km']:,} km" if facts["km"] else "Less than 1 km"
    return f"{away} from you; your radius is {radius} km."


def _price(facts: Facts, brief: BriefFacts) -> str:
    price = Money(int(float(str(facts["minor"]))), brief.currency)
    each = Money(int(float(str(facts["per_100_minor"]))), brief.currency)
    said = f"Asks {price} for your deliverables: about {each} for a hundred likes and comments"
    if "usual_100_minor" not in facts:
        return f"{said}."
    usual = Money(int(float(str(facts["usual_100_minor"]))), brief.currency)
    return f"{said}; {usual} is usual for those who could do it."


def _authenticity(facts: Facts, brief: BriefFacts) -> str:
    """“63 of 100”, with its band; below the usual only where the whole band is."""
    low, high = (100 * float(str(facts.get(name, facts["share"]))) for name in ("low", "high"))
    band = f" ({low:.0f}–{high:.0f})" if "low" in facts and "high" in facts else ""
    usual = "below the usual 50" if high < USUAL_SCORE else "above the usual 50" if low > USUAL_SCORE else "50 is usual"
    return f"Authenticity {100 * float(str(facts['share'])):.0f} of 100{band}; {usual}."


def _of_posts(facts: Facts, brief: BriefFacts) -> str:
    return f"{share(facts['share'])} of recent posts are sponsored."


TOLD: dict[str, Told] = {
    "niche": Told(
        _niche, _niche_against, "We have not read this creator's posts yet.",
        "Posting about your subject as much as most", "Posts close to your brief",
    ),
    "best_post": Told(
        _best_post, lambda facts, brief: "No single post comes close to your brief.",
        "We have not compared single posts yet.", "One post as close as most have", "One post close to your brief",
    ),
    "engagement": Told(
        _engagement, _engagement, "We know no engagement rate yet.",
        "The usual engagement", "A good engagement rate",
    ),
    "conversation": Told(
        _conversation, _conversation, "We have not seen how people talk under the posts.",
        "Conversation as lively as usual", "Lively conversation under the posts",
    ),
    "place": Told(
        _place, _place, "We don't know where this creator is.",
        "Being as near as most", "Living near you",
    ),
    "price": Told(
        _price, _price, "There is no price for your deliverables yet: ask first.",
        "A usual price for this engagement", "A good price for this engagement",
    ),
    "reliability": Told(
        lambda facts, brief: f"{share(facts['share'])} of past work came on time and as agreed.",
        lambda facts, brief: f"Only {share(facts['share'])} of past work came on time and as agreed.",
        "No finished work on Goodword yet.", "Reliability as usual", "A first collaboration that goes well",
    ),
    "authenticity": Told(
        _authenticity, _authenticity,
        "There is not enough evidence for an authenticity score yet.",
        "An authenticity score as most have", "A good authenticity score",
    ),
    "saturation": Told(
        lambda facts, brief: f"Room for you: {_of_posts(facts, brief)}",
        lambda facts, brief: f"Followers see much advertising: {_of_posts(facts, brief)}",
        "We don't know how many posts are sponsored.", "Fewer sponsored posts", "Few sponsored posts",
    ),
}  # fmt: skip


def tier_name(tier: int) -> str:
    """The glossary's name of a band of followers."""
    return TIER_NAMES[tier] if tier < len(TIER_NAMES) else "such"
