"""One call makes the demo's world. The same seed and the same day give the same world, to the letter."""

from collections.abc import Mapping, Sequence
from datetime import date
from random import Random
from typing import Any

from marketplace.demo.briefs import draw_businesses, draw_campaigns
from marketplace.demo.content import load
from marketplace.demo.figures import Habits
from marketplace.demo.people import Registry, person
from marketplace.demo.places import Map, the_map
from marketplace.demo.plots import draw_stories
from marketplace.demo.pool import Pool
from marketplace.demo.shapes import DemoBusiness, DemoCreator, DemoLogin, Person, World

CREATORS = 400


def world(seed: int = 7, *, today: date, creators: int = CREATORS) -> World:
    """The whole world as plain values; nothing is read but our own files."""
    rng = Random(seed)  # noqa: S311 - a story, not a secret
    towns, names = the_map(), Registry(rng)
    admin = person(names.claim(load("logins")["admin"]["name"]))
    businesses = {one.key: one for one in draw_businesses(towns, names)}
    pool = Pool(rng, towns, names, today)
    stars = _stars(pool, towns, businesses)
    locals_of = _locals(pool, businesses, stars)
    everybody = [*stars.values(), *(one for near in locals_of.values() for one in near if one not in stars.values())]
    everybody += pool.fill([], max(0, creators - len(everybody)))
    campaigns = {one.key: one for one in draw_campaigns(today)}
    return World(
        seed=seed,
        today=today,
        admin=admin,
        creators=tuple(everybody),
        businesses=tuple(businesses.values()),
        campaigns=tuple(campaigns.values()),
        stories=tuple(draw_stories(rng, campaigns, businesses, locals_of, stars)),
        logins=tuple(_logins(admin, businesses, stars)),
    )


def _stars(pool: Pool, towns: Map, businesses: Mapping[str, DemoBusiness]) -> dict[str, DemoCreator]:
    """The creators a visitor can log in as."""
    made = {}
    for key, about in load("logins")["stars"].items():
        place = businesses[about["business"]].place if "business" in about else towns.hub(about["town"])
        habits = Habits(about["followers"], 1.25, 0.62, 9.4, 0.93)
        made[key] = pool.one(about["niche"], place, name=about["name"], habits=habits)
    return made


def _locals(
    pool: Pool, businesses: Mapping[str, DemoBusiness], stars: Mapping[str, DemoCreator]
) -> dict[str, list[DemoCreator]]:
    """The creators around each business, in the order of what it wants; a star takes the place written for it."""
    taken = {
        (about["business"], about["takes"]): stars[key]
        for key, about in load("logins")["stars"].items()
        if "takes" in about
    }
    return {
        key: [
            taken.get((key, index)) or next(pool.fill([(business.place, [niche])], 1))
            for index, niche in enumerate(load("businesses")[key]["wants"])
        ]
        for key, business in businesses.items()
    }


def _logins(
    admin: Person, businesses: Mapping[str, DemoBusiness], stars: Mapping[str, DemoCreator]
) -> Sequence[DemoLogin]:
    words = load("logins")
    return [DemoLogin(one["who"], _whom(one, admin, businesses, stars), words["password"]) for one in words["people"]]


def _whom(
    one: Mapping[str, Any], admin: Person, businesses: Mapping[str, DemoBusiness], stars: Mapping[str, DemoCreator]
) -> Person:
    if "member" in one:
        key, role = one["member"]
        return businesses[key].members[role]
    return stars[one["star"]].person if "star" in one else admin
