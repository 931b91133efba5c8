"""The supply side over HTTP: filters, five orders and none by followers, pages that lose nobody, owned things."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from creators.models import Channel, Creator, Niche, Town
from creators.search import ORDERS
from marketplace.users.models import User
from tests.creators.pool import listed

pytestmark = pytest.mark.django_db
URL = "/api/v1/creators/"


def api(user: User | None = None) -> Client:
    client = Client(headers={"accept": "application/json"})
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def handles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["handle"] for row in answer.json()["results"]]


ANA = {
    "bio": "Sourdough and rye.", "niche_slugs": ["baking", "food-drink"], "niche_names": ["Baking"],
    "platforms": ["instagram"], "languages": ["de"], "engagement_shrunk": 0.05, "followers": 900, "tier": "seed",
    "price_from_minor": 5_000, "conversation": 0.2, "latitude": 48.4, "longitude": 9.99, "town_label": "Ulm, DE",
}  # fmt: skip
BEN = {
    "niche_slugs": ["pets"], "niche_names": ["Pets"], "platforms": ["tiktok", "youtube"], "languages": ["en", "de"],
    "country": "GB", "engagement_shrunk": 0.09, "followers": 9_000, "tier": "nano", "price_from_minor": 20_000,
    "conversation": 0.6, "latitude": 51.38, "longitude": -2.36,
}  # fmt: skip
CEM = {
    "niche_slugs": ["food-drink"], "platforms": ["instagram"], "languages": ["tr"], "engagement_shrunk": 0.02,
    "followers": 2_000_000, "tier": "mega", "price_from_minor": 900_000, "currency": "USD",
}  # fmt: skip
DEE = {"latitude": 48.45, "longitude": 10.05}


@pytest.fixture
def pool(niches: dict[str, Niche], ulm: Town) -> None:
    """Four listed creators who differ in everything, and one whom nobody may find."""
    for handle, values in (("ana", ANA), ("ben", BEN), ("cem", CEM), ("dee", DEE)):
        listed(handle, **values)
    Creator.objects.create(handle="eve", display_name="Eve", state="paused", engagement_shrunk=0.9)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["ben", "ana", "cem", "dee"]),
        ({"niche": "food-drink"}, ["ana", "cem"]),
        ({"niche": "baking,pets"}, ["ben", "ana"]),
        ({"platform": "youtube"}, ["ben"]),
        ({"language": "de"}, ["ben", "ana"]),
        ({"country": "gb"}, ["ben"]),
        ({"tier": "mega"}, ["cem"]),
        ({"engagement_min": "0.04"}, ["ben", "ana"]),
        ({"price_max_minor": "6000"}, ["ana"]),
        ({"price_max_minor": "900000", "currency": "USD"}, ["cem"]),
        ({"q": "sourd"}, ["ana"]),
        ({"q": "SOURDOUGH rye"}, ["ana"]),
        ({"q": "sourdough pets"}, []),
        ({"q": "!!! '"}, []),
        ({"q": "o'); drop table creators_creator; --"}, []),
        ({"near": "48.4,9.99"}, ["ana", "dee"]),
        ({"near": "Ulm", "radius_km": "5"}, ["ana"]),
        ({"near": "Ulm", "ordering": "distance"}, ["ana", "dee"]),
        ({"ordering": "conversation"}, ["ben", "ana", "dee", "cem"]),
        ({"ordering": "newest"}, ["dee", "cem", "ben", "ana"]),
        ({"ordering": "price"}, ["ana", "ben"]),
    ],
)
@pytest.mark.usefixtures("pool")
def test_a_filter_finds_exactly_whom_it_names(asked: dict[str, str], found: list[str]) -> None:
    assert handles(api().get(URL, asked)) == found


@pytest.mark.parametrize("wanted", ["followers", "-followers", "tier", "id", "random"])
def test_there_is_no_order_by_followers_nor_any_other_than_the_five(wanted: str) -> None:
    answer = api().get(URL, {"ordering": wanted})

    assert answer.status_code == 400
    assert "ordering" in answer.json()["errors"]
    assert "followers" not in ORDERS


@pytest.mark.parametrize(
    ("name", "value"),
    [("near", "Atlantis"), ("near", "95,0"), ("radius_km", "0"), ("radius_km", "501"), ("page_size", "101"),
     ("page_size", "0"), ("engagement_min", "nan"), ("engagement_min", "2"), ("price_max_minor", "-1"),
     ("price_max_minor", "1" + "0" * 30), ("platform", "myspace"), ("currency", "XXX"), ("country", "Germany"),
     ("q", "x" * 101)],
)  # fmt: skip
def test_a_filter_that_makes_no_sense_is_refused_by_name(name: str, value: str) -> None:
    answer = api().get(URL, {name: value})

    assert answer.status_code == 400
    assert name in answer.json()["errors"]


@pytest.mark.parametrize("order", ["engagement", "conversation", "newest", "price", "distance"])
def test_pages_forward_and_back_show_everybody_once_even_among_equals(order: str) -> None:
    for number in range(23):
        listed(
            f"c{number:02}",
            engagement_shrunk=[None, 0.05, 0.05, 0.07][number % 4],
            conversation=[None, 0.5][number % 2],
            price_from_minor=[100, 200][number % 2],
            latitude=48.4 + number % 3 / 100,
            longitude=10.0,
        )
    asked = {"ordering": order, "page_size": "5", "near": "48.4,10.0"}
    pages, back = [api().get(URL, asked)], []
    while pages[-1].json()["next"]:
        pages.append(api().get(pages[-1].json()["next"]))
    answer = pages[-1]
    while answer.json()["previous"]:
        answer = api().get(answer.json()["previous"])
        back.append(handles(answer))

    seen = [handles(page) for page in pages]
    assert [len(page) for page in seen] == [5, 5, 5, 5, 3]
    assert len({handle for page in seen for handle in page}) == 23
    assert back == seen[-2::-1]


@pytest.mark.parametrize(
    "cursor", ["junk", "W10", "bnVsbA", "WyJuIiwgImVuZ2FnZW1lbnQiLCAiYSIsIDFd", "WzFd", "é", "a" * 300]
)
@pytest.mark.usefixtures("pool")
def test_a_cursor_that_nobody_made_does_no_harm(cursor: str) -> None:
    assert api().get(URL, {"cursor": cursor}).status_code in (200, 400)


def test_the_list_asks_the_database_once_for_one_and_for_fifty() -> None:
    counts = []
    for number in (1, 50):
        while Creator.objects.count() < number:
            listed(f"c{Creator.objects.count()}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(handles(api().get(URL, {"page_size": "100"}))) == number
        counts.append(len(asked))

    assert counts == [1, 1]


def test_one_creator_is_read_with_channels_rates_and_actions(whole: Creator, mina: User, omar: User) -> None:
    Creator.objects.update(state="listed")
    url = f"{URL}{whole.public_id}/"

    stranger, owner = api().get(url).json(), api(mina).get(url).json()

    assert [channel["followers"] for channel in stranger["channels"]] == [4_200]
    assert [rate["price_minor"] for rate in stranger["rates"]] == [9_000]
    assert stranger["actions"] == []
    assert owner["actions"] == [{"verb": "pause", "label": "Pause my listing"}]
    assert "minimum_fee_minor" not in stranger


def test_a_draft_is_nobodys_business_but_its_owners(whole: Creator, mina: User, omar: User) -> None:
    url = f"{URL}{whole.public_id}/"

    absent = api(omar).get(f"{URL}{'0' * 14}/")

    assert api(mina).get(url).status_code == 200
    assert api(omar).get(url).status_code == api().get(url).status_code == absent.status_code == 404
    assert api(omar).get(url).json() == absent.json()


def test_the_verbs_follow_the_table_for_the_owner_only(whole: Creator, mina: User, omar: User) -> None:
    url = f"{URL}{whole.public_id}/"

    assert api().post(f"{url}submit/").status_code in (401, 403)
    assert api(omar).post(f"{url}submit/").status_code == 404
    assert api(mina).post(f"{url}pause/").json()["code"] == "wrong_state"
    assert api(mina).post(f"{url}submit/").status_code == 200
    assert api(mina).post(f"{url}submit/").status_code == 409

    Creator.objects.update(state="listed")
    assert api(omar).post(f"{url}pause/").status_code == 403
    assert api(mina).post(f"{url}pause/").json()["actions"] == [{"verb": "resume", "label": "List me again"}]
    assert api(mina).post(f"{url}resume/").status_code == 200


def test_my_profile_is_opened_read_and_changed(mina: User, niches: dict[str, Niche], ulm: Town) -> None:
    client = api(mina)
    assert client.get("/api/v1/me/profile/").status_code == 404
    assert client.post("/api/v1/me/profile/", {"display_name": "مينا 🍞"}, "application/json").status_code == 200

    said = {"bio": "Bread.", "niches": ["baking"], "town_id": ulm.pk, "languages": ["de"], "minimum_fee_minor": 5_000}
    answer = client.patch("/api/v1/me/profile/", said, "application/json").json()

    assert answer["display_name"] == "مينا 🍞"
    assert answer["place"] == "Ulm, DE"
    assert answer["niche_slugs"] == ["baking"]
    assert answer["actions"] == [{"verb": "submit", "label": "Submit for review"}]


@pytest.mark.parametrize(
    "said",
    [{"bio": "x" * 1_201}, {"niches": ["poetry"]}, {"town_id": 999_999}, {"currency": "XXX"}, {"handle": "a b"},
     {"languages": "de"}, {"minimum_fee_minor": -5}],
)  # fmt: skip
def test_a_bad_patch_names_its_field_and_changes_nothing(profile: Creator, mina: User, said: dict[str, Any]) -> None:
    before = Creator.objects.values().get()

    answer = api(mina).patch("/api/v1/me/profile/", {"display_name": "New", **said}, "application/json")

    assert answer.status_code == 400
    assert next(iter(said)) in answer.json()["errors"]
    assert Creator.objects.values().get() == before


@pytest.mark.parametrize("name", ["state", "user", "account", "engagement_shrunk", "followers", "external_id"])
def test_state_owner_and_figures_are_never_writable(profile: Creator, mina: User, name: str) -> None:
    before = Creator.objects.values_list(name, flat=True).get()

    api(mina).patch("/api/v1/me/profile/", {name: "listed"}, "application/json")

    assert Creator.objects.values_list(name, flat=True).get() == before


def test_my_channels_and_rates_are_mine_alone(profile: Creator, mina: User, omar: User) -> None:
    client, other = api(mina), api(omar)
    channel = client.post(
        "/api/v1/me/channels/", {"network": "blog", "handle": "mina", "followers": 10}, "application/json"
    ).json()
    rate = client.post("/api/v1/me/rates/", {"kind": "reel", "price_minor": 9_000}, "application/json").json()
    urls = (f"/api/v1/me/channels/{channel['id']}/", f"/api/v1/me/rates/{rate['id']}/")

    for url in urls:
        assert other.get(url).status_code == other.delete(url).status_code == 404
        assert other.patch(url, {}, "application/json").status_code == 404
    assert client.patch(urls[0], {"followers": 20}, "application/json").json()["followers"] == 20
    assert client.patch(urls[1], {"price_minor": 8_000}, "application/json").json()["price_minor"] == 8_000
    assert client.patch(urls[1], {"price_minor": 0}, "application/json").status_code == 400
    assert (
        client.post("/api/v1/me/channels/", {"network": "blog", "handle": "mina"}, "application/json").status_code
        == 400
    )
    assert [client.delete(url).status_code for url in urls] == [204, 204]
    assert not Channel.objects.exists()


def test_niches_and_towns_are_there_for_pickers(niches: dict[str, Niche], ulm: Town) -> None:
    assert {"slug": "baking", "name": "Baking", "parent": "food-drink"} in api().get("/api/v1/niches/").json()
    assert [town["name"] for town in api().get("/api/v1/towns/", {"q": "ul"}).json()] == ["Ulm"]
