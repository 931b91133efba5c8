"""Whom a budget buys: read from the pool, told on a page and in the API, and invited from there."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from campaigns.matching.planning import Impossible, Plan
from campaigns.models import Application, Campaign, Deliverable, Invitation
from campaigns.services.plans import Planned, Wanted, make_plan
from creators.models import Creator, CreatorNiche, Niche, Rate, Town
from marketplace.kit.errors import NotAllowed
from marketplace.kit.money import Money
from tests import cast as people
from tests.cast import Cast

ULM: dict[str, Any] = {"latitude": 48.40, "longitude": 9.99}
BERLIN: dict[str, Any] = {"latitude": 52.52, "longitude": 13.40}


def priced(handle: str, price: int = 15_000, **extra: Any) -> Creator:
    """A creator whose reel costs so much, with thirty posts seen."""
    seen = {"engagement_rate": 0.05, "engagement_posts": 30, "engagement_shrunk": 0.05, **ULM}
    made = people.creator(None, handle, **{**seen, **extra})
    Rate.objects.create(creator=made, kind="reel", network="instagram", price_minor=price, currency="EUR")
    return made


def asked(cast: Cast, campaign: Campaign, **wanted: Any) -> Planned:
    return make_plan(campaign, Wanted(**wanted), by=cast.viewer)


def chosen(planned: Planned) -> set[str]:
    assert isinstance(planned.found, Plan), planned.found
    return {planned.pool.rows[place.creator].handle for place in planned.found.places}


def test_the_budget_buys_those_who_reach_most_for_it(cast: Cast) -> None:
    for handle, price, followers in (("ana", 15_000, 9_000), ("ben", 16_000, 8_000), ("cleo", 50_000, 12_000)):
        priced(handle, price, followers=followers)

    planned = asked(cast, people.campaign(cast), budget=Money(40_000, "EUR"))

    assert chosen(planned) == {"ana", "ben"}
    assert isinstance(planned.found, Plan)
    assert planned.found.cost_minor == 15_000 + 1_350 + 16_000 + 1_440  # each with our nine per cent
    assert [place.price_minor for place in planned.found.places] == [15_000, 16_000]


def test_what_the_campaign_says_is_asked_when_nothing_else_is(cast: Cast) -> None:
    campaign = people.campaign(cast, goal="sales", creators_wanted=4)

    wanted = asked(cast, campaign).wanted

    assert (wanted.budget, wanted.goal, wanted.most) == (Money(60_000, "EUR"), "clicks", 4)


def test_a_creator_who_applies_is_answered_and_not_invited(cast: Cast) -> None:
    made = people.application(cast)
    Rate.objects.create(creator=made.creator, kind="reel", network="instagram", price_minor=15_000, currency="EUR")
    priced("ana")

    assert chosen(asked(cast, made.campaign)) == {"ana"}

    Application.objects.update(state="withdrawn")
    assert made.creator_id in asked(cast, made.campaign).pool.rows


def test_nobody_is_planned_below_the_fair_floor_or_their_minimum(cast: Cast) -> None:
    priced("cheap", 100)
    priced("proud", 100, minimum_fee_minor=30_000)

    planned = asked(cast, people.campaign(cast))

    prices = {planned.pool.rows[int(pk)].handle: int(price) for pk, price in _columns(planned)}
    assert prices == {"cheap": 4_000, "proud": 30_000}


def _columns(planned: Planned) -> Any:
    return zip(planned.pool.candidates.ids, planned.pool.candidates.price_minor, strict=True)


def test_a_price_for_another_network_is_only_about_right(cast: Cast) -> None:
    creator = priced("ana", price_from_minor=12_000)
    Rate.objects.filter(creator=creator).update(network="tiktok")

    planned = asked(cast, people.campaign(cast))

    assert chosen(planned) == {"ana"}
    assert planned.pool.estimated == {creator.pk}


def test_those_without_a_price_are_counted_and_not_planned(cast: Cast) -> None:
    priced("ana")

    planned = asked(cast, people.campaign(cast))

    assert chosen(planned) == {"ana"}
    assert planned.pool.priceless == 2  # Mina and Omar


def test_nobody_is_planned_who_was_asked_already(cast: Cast) -> None:
    campaign = people.campaign(cast)
    for handle in ("ana", "ben"):
        priced(handle)
    Invitation.objects.create(
        campaign=campaign,
        creator=Creator.objects.get(handle="ana"),
        sent_by=cast.manager,
        expires_at=campaign.created_at,
    )

    assert chosen(asked(cast, campaign)) == {"ben"}


def test_the_local_share_is_kept_or_named(cast: Cast) -> None:
    ulm = Town.objects.create(name="Ulm", country="DE", **ULM)
    campaign = people.campaign(cast, town=ulm)
    priced("near", followers=3_000)
    for handle in ("far", "farther"):
        priced(handle, followers=60_000, **BERLIN)

    assert chosen(asked(cast, campaign, most=2, local_percent=50)) == {"near", "far"}
    Creator.objects.filter(handle="near").update(**BERLIN)
    assert asked(cast, campaign, most=2, local_percent=50).found == Impossible("local", {"count": 0})


def test_somebody_from_each_niche_when_asked_for(cast: Cast) -> None:
    pets = Niche.objects.create(slug="pets", name="Pets")
    campaign = people.campaign(cast)
    campaign.niches.add(pets)
    for handle, niche, followers in (("ana", cast.baking, 90_000), ("ben", cast.baking, 80_000), ("cat", pets, 900)):
        CreatorNiche.objects.create(creator=priced(handle, followers=followers), niche=niche, weight=1.0)
    Creator.objects.filter(handle="cat").update(niche_slugs=["pets"])

    assert chosen(asked(cast, campaign, most=2)) == {"ana", "ben"}
    assert "cat" in chosen(asked(cast, campaign, most=2, every_niche=True))


def test_those_of_other_niches_are_left_out(cast: Cast) -> None:
    priced("ana", niche_slugs=["pets"])

    planned = asked(cast, people.campaign(cast))

    assert planned.found == Impossible("nobody")


def test_content_counts_pieces(cast: Cast) -> None:
    campaign = people.campaign(cast)
    Deliverable.objects.filter(campaign=campaign).update(count=2)
    for handle in ("ana", "ben"):
        priced(handle, 7_000)

    found = asked(cast, campaign, goal="content").found

    assert isinstance(found, Plan)
    assert (found.reach, found.low, found.high) == (4, 4, 4)


def test_only_those_we_know_when_asked_for(cast: Cast) -> None:
    priced("known", followers=2_000)
    priced("typed", followers=90_000, engagement_posts=0)

    assert chosen(asked(cast, people.campaign(cast), most=1)) == {"typed"}
    assert chosen(asked(cast, people.campaign(cast), most=1, only_known=True)) == {"known"}


def test_strangers_get_no_plan(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        make_plan(people.campaign(cast), Wanted(), by=cast.other_owner)


PROBLEMS = {
    "?budget=100&goal=reach&least=1&most=3": "The lowest is €163.50, our fee included.",
    "?budget=300&goal=reach&least=2&most=3": "As many as you want cost at least €327.00.",
}


@pytest.mark.parametrize("query", PROBLEMS)
def test_the_page_says_what_is_in_the_way(cast: Cast, client: Client, query: str) -> None:
    for handle in ("ana", "ben"):
        priced(handle)
    client.force_login(cast.owner)

    page = client.get(f"{people.campaign(cast).get_absolute_url()}plan/{query}").content.decode()

    assert PROBLEMS[query] in page


def test_when_nobody_names_a_price_the_page_says_so(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner)

    page = client.get(f"{people.campaign(cast).get_absolute_url()}plan/").content.decode()

    assert "2 creators fit, but name no price." in page


def test_when_a_filter_leaves_nobody_the_page_names_it(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner)

    page = client.get(f"{people.campaign(cast, platforms=['newsletter']).get_absolute_url()}plan/").content.decode()

    assert "Accept other networks. Without it, 2 creators would be left." in page


def test_a_budget_alone_is_a_question(cast: Cast, client: Client) -> None:
    priced("ana")
    client.force_login(cast.owner)

    answer = client.get(f"{people.campaign(cast).get_absolute_url()}plan/?budget=400")

    assert answer.status_code == 200
    assert 'value="400.00"' in answer.content.decode()
    assert "ana" in answer.content.decode()


def test_a_question_that_makes_no_sense_is_said_at_its_field(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner)

    answer = client.get(f"{people.campaign(cast).get_absolute_url()}plan/?budget=600&goal=reach&least=5&most=3")

    assert answer.status_code == 400
    assert "This must be no less than" in answer.content.decode()


def test_the_page_shows_the_plan_and_invites_those_ticked(cast: Cast, client: Client) -> None:
    campaign = people.campaign(cast)
    for handle in ("ana", "ben"):
        priced(handle)
    client.force_login(cast.manager)

    page = client.get(f"{campaign.get_absolute_url()}plan/").content.decode()
    answer = client.post(f"{campaign.get_absolute_url()}plan/", {"creators": ["ana"], "message": "We like your bread."})

    assert 'value="ana" checked' in page
    assert "€150.00" in page
    assert answer.headers["Location"] == f"{campaign.get_absolute_url()}#invitations"
    sent = Invitation.objects.get(campaign=campaign)
    assert (sent.creator.handle, sent.message) == ("ana", "We like your bread.")


def test_money_that_so_few_creators_cannot_use_is_told(cast: Cast, client: Client) -> None:
    campaign = people.campaign(cast)
    for handle in ("ana", "ben"):
        priced(handle)
    client.force_login(cast.viewer)
    address = f"{campaign.get_absolute_url()}plan/?budget=600&goal=reach&least=1"

    assert "€436.50 is not needed for so many creators." in client.get(f"{address}&most=1").content.decode()
    assert "is not needed" not in client.get(f"{address}&most=3").content.decode()


def test_inviting_twice_asks_nobody_twice(cast: Cast, client: Client) -> None:
    campaign = people.campaign(cast)
    client.force_login(cast.manager)

    for _ in range(2):
        answer = client.post(f"{campaign.get_absolute_url()}plan/", {"creators": ["mina", "omar"]})

    assert Invitation.objects.filter(campaign=campaign).count() == 2
    assert answer.headers["Location"].endswith("/plan/")


def test_the_api_tells_the_same(cast: Cast, client: Client) -> None:
    campaign = people.campaign(cast)
    ana, ben = priced("ana", followers=9_000), priced("ben", followers=8_000)
    client.force_login(cast.viewer)

    plan = client.get(f"/api/v1/campaigns/{campaign.public_id}/plan/?budget_minor=20000&most=1").json()

    assert plan["problem"] is None
    assert plan["budget"]["minor"] == 20_000
    assert [place["creator"]["id"] for place in plan["places"]] == [ana.public_id]
    assert plan["places"][0]["cost"] == {"minor": 16_350, "currency": "EUR", "text": "€163.50"}
    assert plan["places"][0]["swaps"][0]["creator"] == {"id": ben.public_id, "name": "Ben"}
    assert plan["low"] < plan["reach"] < plan["high"]
    assert plan["certified"] == 1


def test_the_api_refuses_what_it_does_not_know(cast: Cast, client: Client) -> None:
    client.force_login(cast.viewer)
    address = f"/api/v1/campaigns/{people.campaign(cast).public_id}/plan/"

    assert client.get(f"{address}?bugdet_minor=1").json()["code"] == "unknown_parameter"
    assert client.get(f"{address}?least=5&most=2").status_code == 400
    assert client.get(f"{address}?budget_minor=1").json()["problem"]["code"] == "nobody"
