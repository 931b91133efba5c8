"""How much an account looks like those that were labelled as fake: a logistic regression on nine bounded features.

It judges accounts, not audiences: a real person can buy followers, and a shy one has no picture. Features after Akyon
and Kalfaoglu, "Instagram Fake and Automated Account Detection" (ASYU 2019). `creators/data/account_model.json` holds
the coefficients and says how they were made. Never a verdict: a number for people who look further.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from creators.authenticity.evidence import sane
from creators.authenticity.norms import DATA

MANY_POSTS, MANY_FOLLOWERS, MANY_FOLLOWED = 1_000.0, 100_000.0, 8_000.0
FEW_FOLLOWERS, FEW_FOLLOWED, MUCH_FOLLOWED = 150.0, 400.0, 800.0
LONG_BIO = 150.0


@dataclass(frozen=True, slots=True)
class Account:
    """What an account's page shows. `digit_share`: digits ÷ letters of the user name; `bio_length` in characters."""

    has_picture: float | None = None
    digit_share: float | None = None
    bio_length: float | None = None
    posts: float | None = None
    followers: float | None = None
    following: float | None = None


def _log(value: float | None, most: float) -> float | None:
    known = sane(value)
    return None if known is None else math.log1p(min(known, most)) / math.log1p(most)


def _below(value: float | None, few: float) -> float | None:
    """How far below `few`: 0 at or above, 1 at none."""
    known = sane(value)
    return None if known is None else max(0.0, 1 - math.log1p(known) / math.log1p(few))


def _above(value: float | None, much: float, most: float) -> float | None:
    known = sane(value)
    if known is None:
        return None
    return max(0.0, math.log1p(min(known, most)) - math.log1p(much)) / (math.log1p(most) - math.log1p(much))


def _surplus(account: Account) -> float | None:
    """By how much an account follows more than follow it: 0 for even or fewer, 1 from a factor of 55 on."""
    followers, following = sane(account.followers), sane(account.following)
    if followers is None or following is None:
        return None
    return min(max(math.log1p(following) - math.log1p(followers), 0.0) / 4, 1.0)


def _no_picture(account: Account) -> float | None:
    known = sane(account.has_picture)
    return None if known is None else 1.0 - min(known, 1.0)


def _digits(account: Account) -> float | None:
    known = sane(account.digit_share)
    return None if known is None else min(known, 0.5) / 0.5


FEATURES: dict[str, Callable[[Account], float | None]] = {
    "no_picture": _no_picture,
    "digits_in_name": _digits,
    "bio": lambda account: _log(account.bio_length, LONG_BIO),
    "posts": lambda account: _log(account.posts, MANY_POSTS),
    "followers": lambda account: _log(account.followers, MANY_FOLLOWERS),
    "few_followers": lambda account: _below(account.followers, FEW_FOLLOWERS),
    "follows_more_than_follow": _surplus,
    "follows_few": lambda account: _below(account.following, FEW_FOLLOWED),
    "follows_many": lambda account: _above(account.following, MUCH_FOLLOWED, MANY_FOLLOWED),
}


@dataclass(frozen=True, slots=True)
class Coefficient:
    """Log-odds for the whole length of the feature, and the feature's mean, which stands in where it is unknown."""

    weight: float
    mean: float


@dataclass(frozen=True, slots=True)
class AccountModel:
    """Log-odds of "labelled as fake" = intercept + Σ weight × feature; `learned_from` are the files' SHA-256 sums."""

    version: str
    intercept: float
    features: Mapping[str, Coefficient]
    learned_from: tuple[str, ...] = ()

    def log_odds(self, account: Account) -> float:
        """Where as many fake as real accounts are about; finite whatever the figures are."""
        total = self.intercept
        for name, coefficient in self.features.items():
            found = FEATURES[name](account)
            total += coefficient.weight * (coefficient.mean if found is None else found)
        return total

    def chance(self, account: Account) -> float:
        """The same as a probability."""
        return 1 / (1 + math.exp(-min(max(self.log_odds(account), -50.0), 50.0)))


@cache
def account_model() -> AccountModel:
    """The model that ships."""
    said: dict[str, Any] = json.loads((DATA / "account_model.json").read_text(encoding="utf-8"))
    features = {name: Coefficient(**columns) for name, columns in said["features"].items()}
    sums = tuple(source["sha256"] for source in said["learned_from"])
    return AccountModel(said["version"], said["intercept"], features, sums)
