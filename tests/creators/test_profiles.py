"""One's own profile: opened once, edited in sections, wrong input refused at the field with nothing half-written."""

from datetime import timedelta

import pytest
from django.utils import timezone

from creators.models import Channel, Creator, Niche, Snapshot, Town
from creators.services.channels import add_channel, edit_channel, remove_channel
from creators.services.places import find_place, find_towns
from creators.services.profiles import edit_profile, missing_for_review, open_profile, set_niches
from creators.services.rates import RateLine, remove_rate, set_rate
from marketplace.kit.errors import Conflict, Invalid, NotAllowed
from marketplace.kit.money import Money
from marketplace.trust.models import AuditEntry
from marketplace.users.models import User


def test_a_profile_is_opened_once_with_an_address_of_its_own(mina: User, omar: User) -> None:
    first = open_profile(mina, display_name="Mina Bakes")

    again, other = open_profile(mina, display_name="Somebody else"), open_profile(omar, display_name="Mina Bakes")

    assert again == first
    assert first.handle == "mina-bakes"
    assert other.handle.startswith("mina-bakes-")
    assert first.state == "draft"
    assert AuditEntry.objects.filter(act="creator.open", by=mina).count() == 1


def test_a_name_without_latin_letters_still_gets_an_address(mina: User) -> None:
    assert open_profile(mina, display_name="مينا 🍞").handle.startswith("creator")


def test_an_edit_changes_what_is_named_and_nothing_else(profile: Creator, mina: User, ulm: Town) -> None:
    edit_profile(profile, by=mina, bio="Bread, slowly.", town=ulm)

    profile.refresh_from_db()
    assert (profile.bio, profile.display_name) == ("Bread, slowly.", "Mina")
    assert (profile.town_label, profile.country, profile.latitude) == ("Ulm, DE", "DE", 48.4)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"display_name": ""}, "display_name"),
        ({"display_name": "x" * 61}, "display_name"),
        ({"display_name": "Mina www.evil.example"}, "display_name"),
        ({"bio": "x" * 1_201}, "bio"),
        ({"bio": "nul \x00 inside"}, "bio"),
        ({"handle": "not a slug"}, "handle"),
        ({"handle": "omar"}, "handle"),
        ({"languages": ["xx"]}, "languages"),
        ({"country": "Germany"}, "country"),
        ({"country": "de"}, "country"),
        ({"currency": "XXX"}, "currency"),
        ({"minimum_fee_minor": 0}, "minimum_fee"),
        ({"minimum_fee_minor": 10**15}, "minimum_fee"),
        ({"exclusions": ["x"] * 21}, "exclusions"),
        ({"exclusions": ["x" * 49]}, "exclusions"),
        ({"room_per_month": -1}, "room_per_month"),
    ],
)
def test_a_wrong_answer_is_refused_at_its_field(
    profile: Creator, mina: User, omar: User, changes: dict[str, object], field: str
) -> None:
    Creator.objects.create(user=omar, handle="omar", display_name="Omar")
    before = Creator.objects.filter(pk=profile.pk).values().get()

    with pytest.raises(Invalid) as refused:
        edit_profile(profile, by=mina, **changes)  # type: ignore[arg-type]

    assert any(name.startswith(field) for name in refused.value.fields)
    assert Creator.objects.filter(pk=profile.pk).values().get() == before


def test_nobody_edits_somebody_elses_profile(profile: Creator, omar: User, admin: User) -> None:
    for person in (omar, admin):
        with pytest.raises(NotAllowed):
            edit_profile(profile, by=person, bio="mine now")

    profile.refresh_from_db()
    assert profile.bio == ""


def test_a_suspended_profile_is_not_edited(profile: Creator, mina: User) -> None:
    Creator.objects.update(state="suspended")
    profile.refresh_from_db()

    with pytest.raises(Conflict, match="suspended"):
        edit_profile(profile, by=mina, bio="let me in")


def test_niches_bring_their_ancestors_for_the_filters(profile: Creator, mina: User, niches: dict[str, Niche]) -> None:
    set_niches(profile, slugs=["baking", "pets"], by=mina)
    set_niches(profile, slugs=["baking"], by=mina)

    profile.refresh_from_db()
    assert profile.niche_names == ["Baking"]
    assert profile.niche_slugs == ["baking", "food-drink"]


@pytest.mark.parametrize("slugs", [["poetry"], [f"n{number}" for number in range(6)]])
def test_unknown_or_too_many_niches_are_refused(
    profile: Creator, mina: User, niches: dict[str, Niche], slugs: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        set_niches(profile, slugs=slugs, by=mina)

    assert "niches" in refused.value.fields
    assert not profile.niche_weights.exists()


def test_a_channel_brings_figures_and_a_snapshot_of_the_day(profile: Creator, mina: User) -> None:
    channel = add_channel(
        profile, by=mina, network="tiktok", handle="@mina.bakes", followers=4_200, engagement_rate=0.06
    )

    profile.refresh_from_db()
    today = timezone.now().date()
    assert (channel.handle, channel.source, channel.figures_on) == ("mina.bakes", "entered", today)
    assert Snapshot.objects.get().followers == 4_200
    assert (profile.followers, profile.tier, profile.platforms) == (4_200, "nano", ["tiktok"])
    assert (profile.engagement_rate, profile.engagement_posts) == (0.06, 0)


def test_new_figures_by_hand_no_longer_count_as_imported(profile: Creator, mina: User) -> None:
    channel = Channel.objects.create(creator=profile, network="blog", handle="m", followers=10, source="imported")

    edit_channel(channel, by=mina, followers=11)

    channel.refresh_from_db()
    assert (channel.source, channel.figures_on) == ("entered", timezone.now().date())


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"network": "myspace"}, "network"),
        ({"handle": ""}, "handle"),
        ({"handle": "taken"}, "handle"),
        ({"followers": -1}, "followers"),
        ({"followers": 10**13}, "followers"),
        ({"engagement_rate": 1.5}, "engagement_rate"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"figures_on": timezone.now().date() + timedelta(days=2)}, "figures_on"),
    ],
)
def test_an_absurd_channel_is_refused_at_its_field(
    profile: Creator, mina: User, omar: User, said: dict[str, object], field: str
) -> None:
    other = Creator.objects.create(user=omar, handle="omar", display_name="Omar")
    Channel.objects.create(creator=other, network="instagram", handle="taken")

    with pytest.raises(Invalid) as refused:
        add_channel(profile, by=mina, **{"network": "instagram", "handle": "mina", **said})  # type: ignore[arg-type]

    assert field in refused.value.fields
    assert not profile.channels.exists()


def test_a_listed_profile_keeps_its_last_channel_and_its_last_price(whole: Creator, mina: User) -> None:
    Creator.objects.update(state="listed")
    whole.refresh_from_db()

    with pytest.raises(Conflict, match="needs a channel"):
        remove_channel(whole.channels.get(), by=mina)
    with pytest.raises(Conflict, match="needs a price"):
        remove_rate(whole.rates.get(), by=mina)

    assert whole.channels.count() == whole.rates.count() == 1


def test_the_lowest_price_is_what_search_shows(profile: Creator, mina: User) -> None:
    lines = [RateLine("reel", Money(9_000, "EUR")), RateLine("story", Money(4_000, "EUR"), network="instagram")]
    for line in lines:
        set_rate(profile, line=line, by=mina)
    set_rate(profile, line=RateLine("post", Money(7_000, "EUR")), by=mina)

    profile.refresh_from_db()
    assert profile.price_from_minor == 4_000
    assert profile.rates.count() == 3


def test_setting_a_price_again_keeps_its_row(profile: Creator, mina: User) -> None:
    first = set_rate(profile, line=RateLine("reel", Money(9_000, "EUR")), by=mina)

    again = set_rate(profile, line=RateLine("reel", Money(9_500, "EUR")), by=mina)

    assert again.pk == first.pk
    assert profile.rates.get().price_minor == 9_500


@pytest.mark.parametrize(
    "line",
    [
        RateLine("reel", Money(0, "EUR")),
        RateLine("reel", Money(10**15, "EUR")),
        RateLine("reel", Money(100, "USD")),
        RateLine("dance", Money(100, "EUR")),
        RateLine("reel", Money(100, "EUR"), network="myspace"),
        RateLine("reel", Money(100, "EUR"), note="x" * 141),
    ],
)
def test_an_absurd_price_is_refused(profile: Creator, mina: User, line: RateLine) -> None:
    with pytest.raises(Invalid):
        set_rate(profile, line=line, by=mina)

    assert not profile.rates.exists()


def test_the_currency_does_not_change_under_prices(whole: Creator, mina: User) -> None:
    with pytest.raises(Invalid, match="Remove them first"):
        edit_profile(whole, by=mina, currency="USD")


def test_what_is_missing_is_said_section_by_section(profile: Creator, whole: Creator) -> None:
    empty = Creator(handle="nobody", display_name="Nobody", pk=0)

    assert {section for section, _ in missing_for_review(empty)} == {"profile", "place", "channels", "niches", "rates"}
    assert missing_for_review(whole) == []


def test_a_town_is_found_by_its_beginning_and_its_country(ulm: Town) -> None:
    Town.objects.create(name="Ulm", region="MN", country="US", latitude=44, longitude=-94)
    Town.objects.create(name="Ulmen", region="RP", country="DE", latitude=50, longitude=7)

    assert [town.name for town in find_towns("ulm")] == ["Ulm", "Ulm", "Ulmen"]
    assert [town.region for town in find_towns("Ulm, US")] == ["MN"]
    assert find_towns("%") == []
    assert find_place(str(ulm.pk)).label == "Ulm, DE"
    assert find_place("48.4, 9.99").latitude == 48.4


@pytest.mark.parametrize("text", ["Nowhere", "91,0", "0,181", "99999999999999"])
def test_no_such_place_is_said_at_the_field(ulm: Town, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        find_place(text)

    assert "near" in refused.value.fields
