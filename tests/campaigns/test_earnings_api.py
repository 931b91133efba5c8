"""Earnings over the API: the creator's own, nobody else's."""

import pytest
from rest_framework.test import APIClient

from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db
URL = "/api/v1/me/earnings/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def client_of(user: object) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)  # type: ignore[arg-type]
    return client


def test_a_creator_sees_where_the_money_is(cast: Cast) -> None:
    body = client_of(cast.mina).get(URL).json()

    assert body["secured"] == {"minor": 0, "currency": "EUR", "text": "€0.00"}
    assert body["may_receive"] is False
    assert client_of(cast.mina).get(URL + "payouts/").json()["results"] == []


def test_somebody_who_is_no_creator_has_no_earnings(cast: Cast) -> None:
    assert client_of(cast.owner).get(URL).status_code == 404
    assert client_of(cast.owner).post(URL + "pay_out/").status_code == 404


def test_a_payout_without_a_bank_is_refused_in_words(cast: Cast) -> None:
    response = client_of(cast.mina).post(URL + "pay_out/")

    assert response.status_code == 409
    assert response.json()["code"] == "payouts_off"
