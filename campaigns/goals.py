"""Briefs to start from: one template for each of the five common goals. Data only."""

from __future__ import annotations

from typing import Any

from campaigns.models import Goal

_TEMPLATES: dict[str, dict[str, Any]] = {
    Goal.AWARENESS: {
        "title": "Get to know us",
        "message": "Who we are, what we make, and why it is worth the walk.",
        "dos": "Show the place and the people.\nSay where we are.\nTell it in your own words.",
        "donts": "No scripts.\nNo comparison with other shops.",
        "creators_wanted": 3,
        "usage_days": 30,
        "days": 28,
        "deliverables": [
            {"kind": "reel", "network": "instagram", "count": 1, "detail": "Show the place and say where it is"},
            {"kind": "story", "network": "instagram", "count": 3, "detail": "Behind the scenes"},
        ],
    },
    Goal.LAUNCH: {
        "title": "Something new is here",
        "message": "What is new, who it is for, and from when it can be had.",
        "dos": "Try it before you talk about it.\nName the day it starts.",
        "donts": "No promises we did not make.",
        "creators_wanted": 4,
        "usage_days": 60,
        "days": 21,
        "deliverables": [
            {"kind": "reel", "network": "instagram", "count": 1, "detail": "Try it for the first time"},
            {"kind": "post", "network": "instagram", "count": 1, "detail": "Your honest verdict"},
            {"kind": "replies", "network": "instagram", "count": 1, "detail": "Answer questions for 48 hours"},
        ],
    },
    Goal.CONTENT: {
        "title": "Photos and videos for our channels",
        "message": "The look and the feeling we want on our own channels.",
        "dos": "Natural light.\nPortrait format.\nHand over the original files.",
        "donts": "No filters.\nNo music we would have to license.",
        "creators_wanted": 2,
        "usage_days": 180,
        "days": 28,
        "deliverables": [
            {"kind": "ugc", "network": "", "count": 5, "detail": "Photos in full size"},
            {"kind": "ugc", "network": "", "count": 2, "detail": "Videos of 15 to 30 seconds"},
        ],
    },
    Goal.VISITS: {
        "title": "Come by and say hello",
        "message": "Why it is worth coming in person, and what waits for those who do.",
        "dos": "Come in person.\nShow how to find us.\nName our opening hours.",
        "donts": "Please ask before you film other guests.",
        "creators_wanted": 4,
        "usage_days": 30,
        "days": 21,
        "deliverables": [
            {"kind": "reel", "network": "instagram", "count": 1, "detail": "Your visit, from the door on"},
            {"kind": "story", "network": "instagram", "count": 4, "detail": "With our place tagged"},
        ],
    },
    Goal.SALES: {
        "title": "Our shop, through your eyes",
        "message": "What it does for somebody's day, and how to order it.",
        "dos": "Show it in use.\nMention how to order.",
        "donts": "No discount codes other than ours.",
        "creators_wanted": 5,
        "usage_days": 90,
        "days": 30,
        "deliverables": [
            {"kind": "reel", "network": "instagram", "count": 1, "detail": "Show it in use"},
            {"kind": "story", "network": "instagram", "count": 3, "detail": "With a link to the shop"},
            {"kind": "replies", "network": "instagram", "count": 1, "detail": "Answer questions for 48 hours"},
        ],
    },
}


def templates_for(goal: str) -> dict[str, Any]:
    """The brief to start from for a goal; ``days`` is how long such a campaign usually runs."""
    found = _TEMPLATES[Goal(goal)]
    return {**found, "goal": Goal(goal).value, "deliverables": [dict(item) for item in found["deliverables"]]}
