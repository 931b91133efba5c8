"""The creators of the demo: some live where the businesses are, the rest anywhere."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from random import Random

from marketplace.demo.captions import Voice, has_words, words_of
from marketplace.demo.channels import draw_channels
from marketplace.demo.content import SUBJECT_FILES, load, subjects
from marketplace.demo.figures import Habits, draw_habits, price_minor, rate_of, reel_price_minor, rounded
from marketplace.demo.people import Registry, person
from marketplace.demo.places import Map, currency_of
from marketplace.demo.shapes import DemoChannel, DemoCreator, DemoRate, Place

KINDS_SOLD = {
    "instagram": ("reel", "post", "story", "replies"), "tiktok": ("video", "replies"), "youtube": ("video", "live_qa"),
    "blog": ("article",), "newsletter": ("newsletter",),
}  # fmt: skip
SMALLEST_SHARE = 0.5  # of the lowest price: for a good cause, or a nice neighbour
NETWORK_FACTOR = {"instagram": 1.0, "tiktok": 0.7, "youtube": 1.2, "blog": 1.0, "newsletter": 1.0}


class Pool:
    """Makes creators one after another from one source of chance."""

    def __init__(self, rng: Random, towns: Map, names: Registry, today: date) -> None:
        self._rng, self._map, self._names, self._today = rng, towns, names, today

    def fill(self, wanted: Sequence[tuple[Place, Sequence[str]]], size: int) -> Iterator[DemoCreator]:
        """``wanted`` first: for a hub, one creator per subject named; then anybody, up to ``size``."""
        made = 0
        for hub, niches in wanted:
            for niche in niches:
                made += 1
                yield self.one(niche, self._map.near(hub, self._rng))
        names = list(subjects())
        for number in range(size - made):
            niche = names[number % len(names)]
            yield self.one(niche, self._map.near(self._map.any_hub(self._rng), self._rng))

    def one(self, niche: str, place: Place, *, name: str = "", habits: Habits | None = None) -> DemoCreator:
        """A creator of one subject in one place; the rest is drawn."""
        rng = self._rng
        name = self._names.claim(name) if name else self._names.name(place.country)
        handle = self._names.handle(name, rng.choice(subjects()[niche]["en"]["words"]))
        habits = habits or draw_habits(rng)
        niches = self._niches(niche)
        language = self._language(niche, place)
        channels = draw_channels(rng, handle, Voice(language, place.name, set()), habits, niches, self._today)
        rates = self._rates(channels, habits)
        return DemoCreator(
            person=person(name, key=handle),
            handle=handle,
            display_name=name,
            bio=self._bio(niches, language, place),
            place=place,
            languages=self._languages(place, language),
            currency=currency_of(place.country),
            niches=niches,
            channels=channels,
            rates=rates,
            minimum_fee_minor=rounded(min(rate.price_minor for rate in rates) * SMALLEST_SHARE),
            exclusions=self._exclusions(niche),
            room_per_month=rng.choice((2, 3, 4, 4, 5, 6)),
            reply_rate=habits.reply_rate,
            comment_words=habits.comment_words,
        )

    def _niches(self, first: str) -> Mapping[str, float]:
        """The subject itself and one or two from the same corner of life."""
        corner = next(list(load(name)) for name in SUBJECT_FILES if first in load(name))
        others = self._rng.sample([slug for slug in corner if slug != first], self._rng.choice((0, 1, 1, 2)))
        shares = {0: (1.0,), 1: (0.74, 0.26), 2: (0.66, 0.22, 0.12)}[len(others)]
        return dict(zip([first, *others], shares, strict=True))

    def _language(self, niche: str, place: Place) -> str:
        writes_german = place.country in ("DE", "AT") and has_words(niche, "de") and self._rng.random() < 0.6
        return "de" if writes_german else "en"

    def _languages(self, place: Place, language: str) -> list[str]:
        spoken = [language, *load("places")["languages"][place.country]]
        if self._rng.random() < 0.15:
            spoken.append(self._rng.choice(load("places")["second_languages"]["all"]))
        return list(dict.fromkeys(spoken))

    def _bio(self, niches: Mapping[str, float], language: str, place: Place) -> str:
        first, *others = niches
        lines = [self._rng.choice(words_of(first, language)["bio"])]
        if others and self._rng.random() < 0.6:
            lines.append(
                self._rng.choice(words_of(others[0], language if has_words(others[0], language) else "en")["bio"])
            )
        where = ("Zuhause in {town}.", "Aus {town}.") if language == "de" else _WHERE
        lines.append(self._rng.choice(where).format(town=place.name))
        return " ".join(lines)

    def _rates(self, channels: Sequence[DemoChannel], habits: Habits) -> list[DemoRate]:
        rates = []
        for channel in channels:
            rate = rate_of(channel.network, channel.followers, habits.pull)
            reel = reel_price_minor(self._rng, channel.followers, rate * NETWORK_FACTOR[channel.network])
            sold = KINDS_SOLD[channel.network]
            kept = sold[:1] + tuple(kind for kind in sold[1:] if self._rng.random() < 0.75)
            rates += [DemoRate(kind, channel.network, price_minor(kind, reel)) for kind in kept]
        if self._rng.random() < 0.4:
            rates.append(DemoRate("ugc", "", price_minor("ugc", max(rate.price_minor for rate in rates))))
        return rates

    def _exclusions(self, niche: str) -> list[str]:
        words = load("exclusions")
        own = list(words["related"].get(niche, []))
        return list(dict.fromkeys([*own, *self._rng.sample(words["all"], self._rng.choice((0, 1, 2, 3)))]))


_WHERE = ("Based in {town}.", "Living in {town}.", "{town}, most days.", "You will find me in {town}.")
