"""Saved searches: only who came since the last look is new, and one notice a day tells of them."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from campaigns import clock
from campaigns.models import SavedSearch
from campaigns.services import searches
from creators.models import Creator
from creators.search import Place, Wanted, address_of, restored, stored
from marketplace.kit.errors import Conflict, Invalid, NotAllowed
from marketplace.notices.models import Notice
from marketplace.users.models import User
from tests import cast as people
from tests.cast import Cast

pytestmark = pytest.mark.django_db
ALL = Wanted(
    q="rye", niches=["baking"], platform="instagram", language="de", country="DE",
    near=Place(48.4, 9.99, 25, "Ulm, DE"), price_min_minor=5_000, price_max_minor=9_999,
    engagement_min=0.03, tier="nano", available="room",
)  # fmt: skip


def save(cast: Cast, **extra: Any) -> SavedSearch:
    given: dict[str, Any] = {"name": "Germans", "wanted": Wanted(country="DE"), "by": cast.manager, **extra}
    return searches.save_search(cast.bakery, **given)


def told() -> list[str]:
    return list(Notice.objects.filter(kind=searches.KIND).order_by("pk").values_list("user__name", flat=True))


def a_day_later(search: SavedSearch) -> SavedSearch:
    """The clock, one more day on."""
    with time_machine.travel(search.checked_at + timedelta(hours=24, minutes=1), tick=False):
        clock.watch()
    search.refresh_from_db()
    return search


def test_who_fitted_when_it_was_saved_is_no_news(cast: Cast) -> None:
    search = a_day_later(save(cast))

    assert search.fresh == []
    assert told() == []


def test_who_comes_or_begins_to_fit_is_found_once_and_told_to_those_who_run_campaigns(cast: Cast) -> None:
    moves_in = people.creator(None, "moves-in", country="FR")
    search = save(cast)
    comes = people.creator(None, "comes")
    people.creator(None, "elsewhere", country="AT")
    Creator.objects.filter(pk=moves_in.pk).update(country="DE")

    search = a_day_later(a_day_later(search))

    assert set(search.fresh) == {moves_in.pk, comes.pk}
    assert told() == ["Rosa Keller", "Marco Lang"]
    notice = Notice.objects.filter(kind=searches.KIND).first()
    assert notice is not None
    assert (notice.text, notice.url) == ("2 new creators fit “Germans”.", f"/searches/{search.public_id}/")


def test_within_a_day_it_is_neither_checked_nor_told_again(cast: Cast) -> None:
    search = save(cast)
    people.creator(None, "comes")

    clock.watch()
    search.refresh_from_db()
    assert search.fresh == []
    search = a_day_later(search)
    people.creator(None, "comes-later")
    searches.check_search(search, now=search.checked_at + timedelta(hours=1))

    assert len(search.fresh) == 2
    assert len(told()) == 2


def test_what_was_looked_at_is_not_new_and_who_left_is_not_shown(cast: Cast) -> None:
    search = save(cast)
    comes, leaves = people.creator(None, "comes"), people.creator(None, "leaves")
    search = a_day_later(search)
    Creator.objects.filter(pk=leaves.pk).update(state="paused")

    assert [row["handle"] for row in searches.finds_of(search)] == ["comes"]
    search = a_day_later(searches.look_at_search(search, by=cast.owner))
    assert (search.fresh, comes.pk in search.known, leaves.pk in search.known) == ([], True, False)


def test_nobody_is_told_who_does_not_want_to_hear(cast: Cast) -> None:
    silent, loud = save(cast, name="Silent", is_told=False), save(cast)
    User.objects.filter(pk=cast.owner.pk).update(wants_finds=False)
    people.creator(None, "comes")

    assert len(a_day_later(silent).fresh) == 1
    loud.refresh_from_db()
    assert len(loud.fresh) == 1
    assert told() == ["Marco Lang"]


def test_of_a_very_broad_search_the_newest_are_watched(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "WATCHED", 2)
    old = people.creator(None, "old")
    newer = [people.creator(None, "newer"), people.creator(None, "newest")]
    search = save(cast)
    assert sorted(search.known) == [row.pk for row in newer]

    Creator.objects.filter(pk=newer[0].pk).update(country="FR")
    search = a_day_later(search)

    assert old.pk not in search.fresh
    assert search.fresh == []


def test_a_team_keeps_so_many_searches_each_with_a_filter_and_a_name_of_its_own(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = save(cast)
    with pytest.raises(Invalid, match="name already"):
        save(cast)
    with pytest.raises(Invalid, match="at least one filter"):
        save(cast, name="Everybody", wanted=Wanted(order="newest"))
    monkeypatch.setattr(searches, "SEARCHES_MAX", 1)
    with pytest.raises(Conflict):
        save(cast, name="One more")
    with pytest.raises(NotAllowed):
        searches.remove_search(first, by=cast.viewer)

    assert SavedSearch.objects.get() == first


def test_a_search_is_kept_and_asked_again_exactly() -> None:
    asked = Client().get(f"/discover/?{address_of(ALL)}")

    assert restored(stored(ALL)) == ALL
    said = address_of(ALL)
    assert "price_min=50.00&price_max=99.99&currency=EUR&engagement_min=3&tier=nano&available=room&order=newest" in said
    assert "near=Ulm%2C+DE&radius_km=25" in said
    assert asked.status_code == 200


def test_a_search_is_saved_from_the_filters_in_the_address_and_shown_with_its_finds(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.manager, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/discover/", {"country": "DE", "c": "mina"}).content.decode()
    assert 'href="/searches/new/?country=DE"' in page

    client.post("/searches/new/?country=DE&price_max=100", {"name": "Germans", "is_told": "on"})
    search = SavedSearch.objects.get()
    assert restored(search.wanted) == Wanted(niches=[], country="DE", price_max_minor=10_000)
    SavedSearch.objects.update(fresh=[cast.mina_profile.pk])

    assert "1 new for “Germans”" in client.get("/").content.decode()
    assert "/c/mina/" in client.get(f"/searches/{search.public_id}/").content.decode()
    client.post(f"/searches/{search.public_id}/look/")
    assert "Nobody new" in client.get("/searches/").content.decode()
    client.post(f"/searches/{search.public_id}/remove/")
    assert not SavedSearch.objects.exists()


def test_the_account_page_switches_the_notices_off(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.owner, backend="django.contrib.auth.backends.ModelBackend")

    client.post("/settings/you/", {"name": "Rosa Keller", "time_zone": "Europe/Berlin"})

    cast.owner.refresh_from_db()
    assert not cast.owner.wants_finds


def test_the_api_keeps_lists_and_looks_at_a_search(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.owner, backend="django.contrib.auth.backends.ModelBackend")
    body = {"business": cast.bakery.public_id, "name": "Near", "filters": {"near": "48.4,9.99", "radius_km": 25}}

    made = client.post("/api/v1/searches/", body, content_type="application/json")

    assert made.status_code == 201, made.content
    assert made.json()["filters"]["near"] == {
        "latitude": 48.4,
        "longitude": 9.99,
        "radius_km": 25.0,
        "label": "48.4,9.99",
    }
    SavedSearch.objects.update(fresh=[1, 2])
    [row] = client.get("/api/v1/searches/").json()["results"]
    assert row["new"] == 2
    assert client.post(f"/api/v1/searches/{row['id']}/look/").json()["new"] == 0
    assert client.post(f"/api/v1/searches/{row['id']}/remove/").status_code == 204
    assert not SavedSearch.objects.exists()
