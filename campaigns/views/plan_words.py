"""What the page and the API say of a plan, in plain words."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.matching.planning import Impossible, Place, Plan
from campaigns.models import PlanProof
from campaigns.services.plans import Planned
from campaigns.shortlist import Asked
from marketplace.kit.money import Money

BEST = 0.9995
BAR, HIGH = 600, 46  # the picture's width and the height of one line, in its own units
LONGEST_NAME = 28


@dataclass(frozen=True)
class Line:
    """One chosen creator as the page shows them; bars are lengths in the picture."""

    handle: str
    name: str
    url: str
    town: str
    price: Money
    is_estimate: bool
    alone: float
    adds: float
    shared: int
    swaps: list[dict[str, Any]]
    whole_bar: int
    own_bar: int
    top: int

    @property
    def short_name(self) -> str:
        return self.name if len(self.name) <= LONGEST_NAME else f"{self.name[: LONGEST_NAME - 1]}…"

    @property
    def label_at(self) -> int:
        return self.top + 14

    @property
    def bar_at(self) -> int:
        return self.top + 22


def lines(planned: Planned) -> list[Line]:
    """Those chosen, who add most first."""
    assert isinstance(planned.found, Plan)
    most = max((place.alone for place in planned.found.places), default=0.0) or 1.0
    return [_line(planned, place, most, number) for number, place in enumerate(planned.found.places)]


def _line(planned: Planned, place: Place, most: float, number: int) -> Line:
    row, currency = planned.pool.rows[place.creator], planned.left.currency
    return Line(
        handle=row.handle,
        name=row.name,
        url=reverse("creator_detail", args=[row.handle]),
        town=row.town,
        price=Money(place.price_minor, currency),
        is_estimate=place.creator in planned.pool.estimated,
        alone=place.alone,
        adds=place.adds,
        shared=round(100 * place.shared),
        swaps=[
            {
                "name": planned.pool.rows[swap.creator].name,
                "url": reverse("creator_detail", args=[planned.pool.rows[swap.creator].handle]),
                "price": Money(swap.price_minor, currency),
                "fewer": -swap.change,
            }
            for swap in place.swaps
        ],
        whole_bar=max(round(BAR * place.alone / most), 1),
        own_bar=max(round(BAR * place.adds / most), 1),
        top=HIGH * number,
    )


def certificate(plan: Plan) -> str:
    """How far from the best possible it is, rounded down."""
    if plan.certified >= BEST:
        return _("No plan within these limits does better.")
    percent = math.floor(100 * plan.certified)
    return _("At least %(percent)d %% of what the best possible plan would do.") % {"percent": percent}


def question_of(asked: Asked) -> list[tuple[str, str]]:
    """What was asked, as the fields of the form take it; a box that is not ticked is not there."""
    said = [
        ("budget", str(asked.budget.major)), ("goal", asked.goal), ("least", str(asked.least)),
        ("most", str(asked.most)), ("local", str(asked.local_percent or "")),
        ("niches", "on" if asked.every_niche else ""), ("known", "on" if asked.only_known else ""),
    ]  # fmt: skip
    return [(name, value) for name, value in said if value]


def verdict(proof: PlanProof) -> str:
    """How near the proposed plan comes to the best possible one, and whether that is known."""
    if proof.is_proposal_best:
        return _("Proved: no plan within these limits does noticeably better than the one proposed.")
    if proof.share is None:
        return _("The quick search found no plan within these limits; the solver did.")
    facts = {"percent": math.floor(1_000 * proof.share) / 10}
    if proof.is_exact:
        return (
            _("The plan proposed does %(percent)s %% of what the best possible one does, which stands below.") % facts
        )
    said = _(
        "Time was up before the best possible plan was known. The plan proposed does at least %(percent)s %% of it."
    )
    return said % facts + " " + _("The best that was found stands below.")


def basis(planned: Planned) -> str:
    """What the overlap is from."""
    known, count = len(planned.shared), len(planned.found.places) if isinstance(planned.found, Plan) else 0
    pairs = count * (count - 1) // 2
    if not pairs:
        return ""
    if not known:
        return _("Shared people are estimated from niche, place and size: nobody’s followers are known to us.")
    said = ngettext(
        "For %(known)d of %(pairs)d pair, shared people are counted among those who comment under both.",
        "For %(known)d of %(pairs)d pairs, shared people are counted among those who comment under both.",
        pairs,
    ) % {"known": known, "pairs": pairs}
    return said if known == pairs else said + " " + _("For the others they are estimated from niche, place and size.")


def spare(planned: Planned) -> str:
    """What is not spent, and why, where the number of creators is what holds the plan back; else nothing."""
    assert isinstance(planned.found, Plan)
    left = Money(planned.wanted.budget.minor - planned.found.cost_minor, planned.left.currency)
    if len(planned.found.places) < planned.wanted.most or left.minor * 10 < planned.wanted.budget.minor:
        return ""
    return _("%(sum)s is not needed for so many creators. Allow more of them to use it.") % {"sum": left.text()}


def in_the_way(planned: Planned) -> dict[str, str]:
    """Why there is no plan, as a title and a sentence that says what to change."""
    assert isinstance(planned.found, Impossible)
    code, facts = planned.found.code, planned.found.facts
    if code == "nobody":
        return {"title": _("Nobody to plan with"), "text": _nobody(planned)}
    if code == "budget":
        lowest = Money(facts["lowest_minor"], planned.left.currency)
        title = _("This budget is below every price")
        return {"title": title, "text": _("The lowest is %(sum)s, our fee included.") % {"sum": lowest.text()}}
    return {"title": _("No plan keeps to all of this"), "text": _LIMITS[code](facts, planned)}


def _least(facts: dict[str, int], planned: Planned) -> str:
    said = _("The budget buys %(n)d creators at most.") % {"n": facts["possible"]}
    if "needed_minor" not in facts:
        return f"{said} {_('Ask for fewer of them.')}"
    needed = Money(facts["needed_minor"], planned.left.currency).text()
    return said + " " + _("As many as you want cost at least %(sum)s.") % {"sum": needed}


def _local(facts: dict[str, int], planned: Planned) -> str:
    one, more = "%(n)d creator from around here fits the budget.", "%(n)d creators from around here fit the budget."
    found = ngettext(one, more, facts["count"])
    return found % {"n": facts["count"]} + " " + _("Ask for a smaller local share.")


_LIMITS: dict[str, Callable[[dict[str, int], Planned], str]] = {
    "least": _least,
    "local": _local,
    "niches": lambda facts, planned: _("No creator of one of the niches fits. Leave out “somebody from each niche”."),
    "risk": lambda facts, planned: _("We have seen too few posts of everybody who fits. Leave out that wish."),
    "floor": lambda facts, planned: _("Everybody's price is below what is fair for this work."),
    "together": lambda facts, planned: _("One wish alone could be met, but not all of them. Leave out one."),
}


def _nobody(planned: Planned) -> str:
    loosen = planned.loosen or {}
    name, count = loosen.get("name", ""), loosen.get("would_keep", 0)
    if name == "priceless":
        text = ngettext("%(n)d creator fits, but names no price.", "%(n)d creators fit, but name no price.", count)
        return text % {"n": count} + " " + _("Invite from the shortlist and ask.")
    if name == "asked_or_other_niches":
        return _("All who pass the filters work in other niches or are asked already. Add a niche to the brief.")
    if not count:
        return _("Nobody passes the filters of the brief.")
    without = ngettext("Without it, %(n)d creator would be left.", "Without it, %(n)d creators would be left.", count)
    return f"{loosen['text']} {without % {'n': count}}"
