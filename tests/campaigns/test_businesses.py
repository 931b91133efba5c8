"""What a business says of itself: edited by its owner, placed by its town."""

from __future__ import annotations

import pytest

from campaigns.forms.team import COUNTRIES
from campaigns.models import Business
from campaigns.services import teams
from creators.models import Town
from marketplace.kit.errors import Invalid
from tests.cast import Cast
from tests.pages import browser, read, send


def test_an_owner_edits_what_creators_read(cast: Cast) -> None:
    ulm = Town.objects.create(name="Ulm", country="DE", latitude=48.40, longitude=9.99)
    path = f"/team/{cast.bakery.public_id}/edit/"

    shown = read(cast.owner, path)
    answer = send(cast.owner, path, name="Rosa's New Bakery", about="Bread.", town="Ulm, DE")

    cast.bakery.refresh_from_db()
    assert "Germany" in shown
    assert answer.status_code == 302
    assert (cast.bakery.name, cast.bakery.about, cast.bakery.town) == ("Rosa's New Bakery", "Bread.", ulm)
    assert path in read(cast.owner, f"/team/{cast.bakery.public_id}/")
    assert path not in read(cast.manager, f"/team/{cast.bakery.public_id}/")


def test_a_business_is_where_its_town_is(cast: Cast) -> None:
    bath = Town.objects.create(name="Bath", country="GB", latitude=51.38, longitude=-2.36)

    made = teams.create_business(cast.mina, name="Mina's Flour", town=bath)
    with pytest.raises(Invalid, match="another country"):
        teams.create_business(cast.mina, name="Mina's Salt", town=bath, country="DE")
    with pytest.raises(Invalid, match="another country"):
        teams.edit_business(cast.bakery, name="Rosa's Bakery", town=bath, by=cast.owner)

    assert (made.country, made.account.country if made.account else "") == ("GB", "GB")
    assert Business.objects.filter(town=bath).count() == 1


def test_countries_stand_in_the_order_of_their_names() -> None:
    names = [str(name) for _code, name in COUNTRIES]

    assert names == sorted(names)


def test_editing_over_the_api_keeps_the_town(cast: Cast) -> None:
    ulm = Town.objects.create(name="Ulm", country="DE", latitude=48.40, longitude=9.99)
    Business.objects.update(town=ulm)

    path = f"/api/v1/businesses/{cast.bakery.public_id}/edit/"
    browser(cast.owner).post(path, {"name": "Rosa's"}, content_type="application/json")

    cast.bakery.refresh_from_db()
    assert (cast.bakery.name, cast.bakery.town) == ("Rosa's", ulm)
