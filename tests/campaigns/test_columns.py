"""Everybody in memory: the same filters as SQL, kept up with what changes, and a book on disk for a large pool."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connection

from campaigns.matching import BriefFacts, match, narrowing
from campaigns.models import Campaign, MatchRun
from campaigns.shortlist import book, building, pool, reading, renew, run_match
from campaigns.shortlist.brief import brief_facts
from campaigns.shortlist.columns import Batch, Rows
from campaigns.shortlist.filters import filtered
from campaigns.shortlist.pool import Everybody, load, opened
from creators.embedding import DIMENSIONS, LEXICAL, MODEL
from creators.embedding.vectors import pack
from creators.models import Changes, Creator, CreatorChange, CreatorNiche, CreatorVector, Niche, Rate, Town
from tests import cast as people
from tests.cast import Cast


def crowd(count: int, seed: int = 11) -> list[Creator]:
    """Creators of every kind: half of what a filter asks is not known of each."""
    chance = random.Random(seed)
    niche = Niche.objects.get(slug="baking")

    def either(*values: Any) -> Any:
        return chance.choice(values)

    rows = [
        Creator(
            handle=f"one-{number}", display_name=f"One {number}", state=either("listed", "listed", "listed", "draft"),
            country=either("DE", "FR", ""), currency=either("EUR", "CHF"),
            languages=either([], ["de"], ["fr", "en"]), platforms=either([], ["instagram"], ["tiktok", "blog"]),
            exclusions=either([], [], ["baking"], ["Fur"]), minimum_fee_minor=either(None, 500, 90_000),
            price_from_minor=either(None, 400, 80_000), latitude=either(None, 48.4, 48.5, 52.0),
            longitude=9.99 + number / 1_000, followers=either(None, 900, 40_000),
        )
        for number in range(count)
    ]  # fmt: skip
    made = Creator.objects.bulk_create(rows)
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSIONS))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    CreatorVector.objects.bulk_create(
        CreatorVector(creator=one, model=MODEL, vector=pack(vector), texts_hash="x")
        for one, vector in zip(made[::2], vectors[::2], strict=True)
    )
    CreatorNiche.objects.bulk_create(CreatorNiche(creator=one, niche=niche, weight=0.5) for one in made[::3])
    Rate.objects.bulk_create(
        Rate(creator=one, kind="reel", network=either("", "tiktok"), price_minor=700, currency=either("EUR", "CHF"))
        for one in made[::4]
    )
    return made


def facts_of(campaign: Campaign) -> BriefFacts:
    return brief_facts(campaign)


def told(who: Everybody) -> dict[int, Any]:
    """What the ranking would read, by creator."""
    vector = np.eye(1, DIMENSIONS, dtype=np.float32)[0]
    facts = BriefFacts(niches={"baking": 1.0}, vector=vector, deliverables={"reel": 2}, currency="EUR")
    everyone = who.pool(narrowing.Narrowed(np.flatnonzero(who.columns.alive), None), facts)
    columns = ("followers", "latitude", "price_minor", "platform", "cosines")
    names = sorted(everyone.niche_names)
    places = [everyone.niche_names.index(name) for name in names]
    return {
        int(pk): [
            names,
            everyone.niches[row][places].tolist(),
            *(str(getattr(everyone, name)[row]) for name in columns),
        ]
        for row, pk in enumerate(everyone.ids)
    }


BRIEFS: dict[str, dict[str, Any]] = {
    "country": {"country": "DE"},
    "languages": {"languages": ["fr", "it"]},
    "platforms": {"platforms": ["blog", "youtube"]},
    "everything": {"country": "FR", "languages": ["fr"], "platforms": ["tiktok"]},
    "nothing": {},
}


@pytest.mark.parametrize("name", BRIEFS)
@pytest.mark.parametrize("radius", [None, 15])
def test_the_columns_let_pass_whom_the_database_lets_pass(cast: Cast, name: str, radius: int | None) -> None:
    town = Town.objects.create(name="Ulm", country="DE", latitude=48.40, longitude=9.99) if radius else None
    crowd(150)
    campaign = people.campaign(cast, town=town, radius_km=radius, **BRIEFS[name])

    kept = filtered(campaign, facts_of(campaign))

    assert set(kept.ids) == kept.still(list(Creator.objects.values_list("pk", flat=True)))
    assert 0 < len(kept.ids) < 150


def test_catching_up_is_the_same_as_reading_all_anew(cast: Cast) -> None:
    made = crowd(60)
    who = load()
    Creator.objects.filter(pk=made[0].pk).update(followers=123_456, platforms=["youtube"])
    Creator.objects.filter(pk__in=[made[1].pk, made[2].pk]).update(state="unlisted")
    Creator.objects.filter(state="draft").update(state="listed")
    CreatorNiche.objects.filter(creator=made[3]).update(weight=0.9)
    CreatorNiche.objects.filter(creator=made[6]).delete()
    CreatorNiche.objects.create(creator=made[4], niche=Niche.objects.create(slug="pets", name="Pets"))
    CreatorVector.objects.filter(creator=made[8]).update(vector=pack(np.eye(DIMENSIONS)[0]))
    Rate.objects.filter(creator=made[8]).update(price_minor=99, currency=made[8].currency)
    people.creator(None, "newcomer")

    changes = CreatorChange.since(who.mark)
    who.catch_up(changes.mark, np.array(sorted(changes.creator_ids)))

    assert told(who) == told(load())


@pytest.fixture
def library(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own, and numbers so small that sixty creators are a large pool."""
    settings.DATA_DIR = tmp_path
    for module in (building, narrowing, pool):
        monkeypatch.setattr(module, "ENOUGH", 20)


def test_a_book_holds_what_the_database_holds(cast: Cast, library: None) -> None:
    made = crowd(60)
    who = new_book()
    assert not renew()
    Creator.objects.filter(pk=made[0].pk).update(followers=123_456)
    CreatorVector.objects.filter(creator=made[2]).update(vector=pack(np.eye(DIMENSIONS)[0]))
    people.creator(None, "newcomer")
    changes = CreatorChange.since(who.mark)
    who.catch_up(changes.mark, np.array(sorted(changes.creator_ids)))

    want = told(load())
    assert {pk: facts[:-1] for pk, facts in told(who).items()} == {pk: facts[:-1] for pk, facts in want.items()}
    for pk, facts in told(who).items():
        assert float(facts[-1]) == pytest.approx(float(want[pk][-1]), abs=1e-6, nan_ok=True)


def test_the_changed_and_the_new_are_found_beside_the_index(cast: Cast, library: None) -> None:
    made = crowd(60)
    who = new_book()
    wish = np.eye(DIMENSIONS, dtype=np.float32)[3]
    changed, fresh = made[5], people.creator(None, "newcomer")
    Creator.objects.filter(pk=changed.pk).update(state="listed")
    for one in (changed, fresh):
        CreatorVector.objects.update_or_create(
            creator=one, defaults={"model": MODEL, "vector": pack(wish), "texts_hash": "y"}
        )
    changes = CreatorChange.since(who.mark)
    who.catch_up(changes.mark, np.array(sorted(changes.creator_ids)))
    facts = BriefFacts(vector=wish)

    chosen = who.narrowed(who.columns.alive, facts)

    assert chosen.counts is not None
    found = match(facts, who.pool(chosen, facts), limit=2)
    assert {one.creator for one in found} == {changed.pk, fresh.pk}


def new_book() -> Everybody:
    """The pool as a new process opens it. A test is one open transaction: its notes would all be told again."""
    assert renew()
    CreatorChange.objects.all().delete()
    who = opened(book.newest())
    assert who is not None
    return who


@pytest.mark.parametrize("broken", ["codes.faiss", "halves.npy", "ids.npy", "standings.npy", "book.json"])
def test_a_broken_book_is_no_book(cast: Cast, library: None, broken: str) -> None:
    crowd(30)
    new_book()

    (book.shelf() / book.newest() / broken).write_bytes(b"nonsense")

    assert opened(book.newest()) is None


def test_the_book_says_which_model_reads_without_counting(
    cast: Cast, library: None, django_assert_num_queries: Any
) -> None:
    crowd(60)
    assert pool.reading_model() == MODEL
    new_book()
    CreatorVector.objects.update(model=LEXICAL)

    with django_assert_num_queries(0):
        assert pool.reading_model() == MODEL

    assert renew()
    assert pool.reading_model() == LEXICAL


def test_a_book_of_a_later_history_is_not_believed(cast: Cast, library: None, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(30)
    new_book()
    monkeypatch.setattr(CreatorChange, "since", lambda mark: Changes(0, []))

    assert opened(book.newest()) is None


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_only_the_changed_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    cast = people.make_cast()
    first = pool.everybody()
    asked: list[list[int]] = []

    def noting(words: reading.Words, *, ids: Rows) -> Batch:
        asked.append(ids.tolist())
        return reading.read(words, ids=ids)

    monkeypatch.setattr(pool, "read", noting)
    Creator.objects.filter(pk=cast.mina_profile.pk).update(followers=77)

    again = pool.everybody()

    assert again is first
    assert [cast.mina_profile.pk in ids for ids in asked] == [True]  # and whoever a still open transaction may change
    row = again.columns.rows_of(np.array([cast.mina_profile.pk]))
    assert again.columns.column("followers")[row] == 77

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE creators_creator CASCADE")
    assert len(pool.everybody().columns) == 0


def test_whoever_the_database_lets_pass_no_longer_is_left_out(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = load()
    Creator.objects.filter(pk=cast.mina_profile.pk).update(state="unlisted")
    monkeypatch.setattr("campaigns.shortlist.filters.everybody", lambda: stale)
    run = MatchRun.objects.create(campaign=people.campaign(cast), brief_hash="x")

    run_match(run.pk)

    assert list(run.matches.values_list("creator", "rank")) == [(cast.other_profile.pk, 1)]


def test_the_model_that_read_most_reads_the_brief(cast: Cast) -> None:
    crowd(20)
    who = load()
    assert who.model == who.read_by == MODEL

    CreatorVector.objects.update(model=LEXICAL)

    assert load().model == load().read_by == LEXICAL
