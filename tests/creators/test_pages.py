"""The pages: they open for whom they are for, keep what was typed, escape what was written, and ask little."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from creators.models import Channel, Creator, Niche, Post, Town
from marketplace.users.models import User
from tests.creators.pool import listed

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert('x')</script>"
SECTIONS = ("", "about/", "place/", "niches/", "exclusions/", "rates/", "channels/")


def browser(user: User | None = None) -> Client:
    client = Client()
    if user:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_anybody_may_look_around() -> None:
    listed("ana", display_name="Ana", engagement_rate=0.041, engagement_posts=12, price_from_minor=8_000)

    page = browser().get("/discover/").content.decode()

    assert "4.1 %" in page
    assert "12 posts" in page
    assert "€80.00" in page
    assert "not known yet" in page
    assert "followers" not in page.split('id="results"')[1].split("</main>")[0].lower()


def test_htmx_gets_the_results_alone() -> None:
    listed("ana")

    page = browser().get("/discover/", headers={"HX-Request": "true"})

    assert "<html" not in page.content.decode()
    assert "/c/ana/" in page.content.decode()
    assert "HX-Request" in page.headers["Vary"]


def test_one_wrong_filter_is_said_at_its_field_and_spoils_nothing() -> None:
    listed("ana", niche_slugs=["baking"])
    listed("ben")

    page = browser().get("/discover/", {"niche": "baking", "price_max": "cheap"}).content.decode()

    assert 'value="cheap"' in page
    assert "Shown without: Price up to" in page
    assert "/c/ana/" in page
    assert "/c/ben/" not in page


def test_nobody_found_teaches_what_to_do() -> None:
    assert "Nobody matches" in browser().get("/discover/", {"q": "zzz"}).content.decode()


@pytest.mark.parametrize(
    "asked", [{"q": SCRIPT}, {"niche": SCRIPT}, {"near": SCRIPT}, {"cursor": SCRIPT}, {"order": SCRIPT}]
)
def test_what_is_asked_is_never_script(asked: dict[str, str]) -> None:
    assert SCRIPT not in browser().get("/discover/", asked).content.decode()


def test_what_creators_write_is_never_script_and_right_to_left_stays_whole(mina: User, ulm: Town) -> None:
    creator = listed("mina", user=mina, display_name="مينا 🍞", bio=SCRIPT, exclusions=[SCRIPT], niche_names=["A & B"])
    channel = Channel.objects.create(creator=creator, network="blog", handle='"><b>', followers=5)
    Post.objects.create(channel=channel, external_id="1", text=SCRIPT)
    creator.rates.create(kind="reel", price_minor=100, currency="EUR", note=SCRIPT)

    for url in ("/discover/", "/c/mina/"):
        page = browser().get(url).content.decode()
        assert SCRIPT not in page
        assert '"><b>' not in page
        assert "مينا 🍞" in page


def test_the_discover_page_asks_the_same_for_one_and_for_fifty(niches: dict[str, Niche]) -> None:
    counts = []
    for number in (1, 50):
        while Creator.objects.count() < number:
            listed(f"c{Creator.objects.count()}", niche_names=["Baking", "Pets"], price_from_minor=100)
        with CaptureQueriesContext(connection) as asked:
            browser().get("/discover/")
        counts.append(len(asked))

    assert counts == [8, 8]


def test_the_public_page_asks_the_same_for_one_and_for_many(whole: Creator) -> None:
    Creator.objects.update(state="listed")
    counts = []
    for number in (1, 12):
        while whole.channels.count() < number:
            channel = Channel.objects.create(creator=whole, network="blog", handle=f"b{whole.channels.count()}")
            Post.objects.create(channel=channel, external_id="1", text="Hello")
        cache.clear()  # who is alike is kept for a while
        with CaptureQueriesContext(connection) as asked:
            browser().get("/c/mina/")
        counts.append(len(asked))

    assert counts == [7, 7]


def test_a_public_page_says_where_each_figure_is_from(whole: Creator) -> None:
    Creator.objects.update(state="listed", exclusions=["Gambling"])
    Channel.objects.update(source="entered", figures_on="2026-11-12")

    page = browser().get("/c/mina/").content.decode()

    for words in ("Entered by hand", "12 Nov 2026", "4,200", "€90.00", "Gambling", "sourdough"):
        assert words in page


def test_a_page_that_is_not_listed_is_there_for_its_owner_alone(whole: Creator, mina: User, omar: User) -> None:
    assert browser(mina).get("/c/mina/").status_code == 200
    assert browser(omar).get("/c/mina/").status_code == 404
    assert browser().get("/c/mina/").status_code == 404


@pytest.mark.parametrize("section", SECTIONS)
def test_strangers_log_in_before_they_edit(section: str) -> None:
    answer = browser().get(f"/me/profile/{section}")

    assert answer.status_code == 302
    assert "/login/" in answer.headers["Location"]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_opens_for_its_owner_within_its_queries(
    whole: Creator, mina: User, niches: dict[str, Niche], section: str
) -> None:
    client = browser(mina)
    client.get("/")  # the first page of a session notes where it is used

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/me/profile/{section}")

    assert answer.status_code == 200
    assert len(asked) <= 8


@pytest.mark.parametrize("section", SECTIONS[1:])
def test_without_a_profile_a_section_leads_to_the_first_step(mina: User, section: str) -> None:
    answer = browser(mina).get(f"/me/profile/{section}")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/me/profile/")


def test_a_creator_goes_from_nothing_to_submitted(mina: User, niches: dict[str, Niche], ulm: Town) -> None:
    client = browser(mina)
    steps = [
        ("/me/profile/open/", {"display_name": "Mina Bakes"}),
        (
            "/me/profile/about/",
            {"display_name": "Mina", "handle": "mina", "bio": "I bake sourdough on camera, every Friday."},
        ),
        ("/me/profile/place/", {"town": "Ulm, DE", "country": "", "languages": ["de", "en"]}),
        (
            "/me/profile/channels/",
            {"network": "instagram", "handle": "@mina", "followers": "4200", "engagement": "6.1"},
        ),
        ("/me/profile/niches/", {"niches": ["baking"]}),
        ("/me/profile/rates/", {"form": "terms", "currency": "EUR", "minimum_fee": "50"}),
        (
            "/me/profile/rates/",
            {"form": "rate", "kind": "reel", "network": "instagram", "price": "90.00", "note": "One cut"},
        ),
        ("/me/profile/exclusions/", {"exclusions": "Gambling\nAlcohol", "room_per_month": "3"}),
    ]

    for url, said in steps:
        assert client.post(url, said).status_code == 302, url
    creator = Creator.objects.get()
    client.post(f"/creators/{creator.public_id}/submit/")

    creator.refresh_from_db()
    assert creator.state == "in_review"
    assert creator.exclusions == ["Gambling", "Alcohol"]
    assert (creator.minimum_fee_minor, creator.price_from_minor) == (5_000, 9_000)
    assert creator.engagement_rate == 0.061
    assert creator.languages == ["de", "en"]


@pytest.mark.parametrize(
    ("section", "said", "kept", "words"),
    [
        ("about/", {"display_name": "New", "handle": "not a slug", "bio": "My words"}, "My words", "valid"),
        ("about/", {"display_name": "x" * 80, "handle": "m", "bio": "My words"}, "My words", "at most 60"),
        ("about/", {"display_name": "New", "handle": "taken", "bio": "My words"}, "My words", "page address is taken"),
        ("about/", {"display_name": "New", "handle": "m", "bio": "A" * 2_000}, "AAAA", "at most 1200"),
        ("place/", {"town": "Atlantis", "languages": ["de"]}, "Atlantis", "know that town"),
        ("place/", {"town": "", "country": "Germany", "languages": ["de"]}, "Germany", "two letters"),
        ("niches/", {"niches": ["poetry"]}, "", "poetry"),
        ("exclusions/", {"exclusions": "x" * 60, "room_per_month": "3"}, "x" * 60, "48 letters"),
        ("exclusions/", {"exclusions": "Mine", "room_per_month": "999"}, "Mine", "60"),
        ("rates/", {"form": "rate", "kind": "reel", "price": "0", "note": "My note"}, "My note", "more than nothing"),
        ("rates/", {"form": "rate", "kind": "reel", "price": "1" + "0" * 15, "note": "My note"}, "My note", "amount"),
        ("rates/", {"form": "terms", "currency": "XXX", "minimum_fee": "12"}, "12", "XXX"),
        ("channels/", {"network": "blog", "handle": "mine", "followers": "-3"}, "mine", "greater than or equal"),
        ("channels/", {"network": "blog", "handle": "mine", "followers": "9" * 15}, "mine", "number of people"),
        ("channels/", {"network": "blog", "handle": "mine", "url": "javascript:alert(1)"}, "mine", "valid URL"),
        ("channels/", {"network": "blog", "handle": "mine", "figures_on": "2999-01-01"}, "mine", "not come yet"),
    ],
)
def test_a_wrong_answer_is_said_at_its_field_and_what_was_typed_stays(
    profile: Creator, mina: User, omar: User, niches: dict[str, Niche],
    section: str, said: dict[str, object], kept: str, words: str,
) -> None:  # fmt: skip
    Creator.objects.create(user=omar, handle="taken", display_name="Omar")
    before = Creator.objects.filter(pk=profile.pk).values().get()

    answer = browser(mina).post(f"/me/profile/{section}", said)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert kept in page
    assert words in page
    assert Creator.objects.filter(pk=profile.pk).values().get() == before
    assert not profile.channels.exists()
    assert not profile.rates.exists()


def test_removing_the_last_channel_of_a_listed_profile_is_refused_in_words(whole: Creator, mina: User) -> None:
    Creator.objects.update(state="listed")
    channel = whole.channels.get()

    page = browser(mina).post(f"/me/profile/channels/{channel.public_id}/remove/", follow=True).content.decode()

    assert "needs a channel" in page
    assert whole.channels.exists()


def test_strangers_do_not_touch_channels_prices_or_verbs(whole: Creator, omar: User) -> None:
    Creator.objects.update(state="listed")
    Creator.objects.create(user=omar, handle="omar", display_name="Omar")
    client, channel, rate = browser(omar), whole.channels.get(), whole.rates.get()

    assert client.get(f"/me/profile/channels/{channel.public_id}/").status_code == 404
    assert client.post(f"/me/profile/channels/{channel.public_id}/remove/").status_code == 404
    assert client.post(f"/me/profile/rates/{rate.public_id}/remove/").status_code == 404
    assert client.post(f"/creators/{whole.public_id}/pause/").status_code == 403
    whole.refresh_from_db()
    assert whole.state == "listed"
    assert whole.channels.exists()
    assert whole.rates.exists()


def test_the_reason_of_a_rejection_stands_on_the_profile(whole: Creator, mina: User) -> None:
    Creator.objects.update(state="rejected", state_reason="Say where you bake.")

    assert "Say where you bake." in browser(mina).get("/me/profile/").content.decode()


def test_a_town_field_offers_towns(ulm: Town) -> None:
    assert "Ulm, DE" in browser().get("/discover/towns/", {"near": "ul"}).content.decode()
    assert "Ulm" not in browser().get("/discover/towns/", {"near": "u"}).content.decode()


def test_a_wrong_filter_that_is_folded_away_is_opened() -> None:
    assert '<details class="more" open' in browser().get("/discover/", {"price_max": "cheap"}).content.decode()
    assert '<details class="more" open' not in browser().get("/discover/").content.decode()


def test_submit_is_offered_when_nothing_is_missing(whole: Creator, mina: User) -> None:
    assert "/submit/" in browser(mina).get("/me/profile/").content.decode()

    whole.rates.all().delete()
    Creator.objects.update(price_from_minor=None)

    assert "/submit/" not in browser(mina).get("/me/profile/").content.decode()
