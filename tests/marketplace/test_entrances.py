"""How people come in: the menus, the sign-up and its mail, an invitation to a team, the first look."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from campaigns.mail import invite_token
from campaigns.models import Member
from campaigns.services import teams
from marketplace.kit.models import new_public_id
from marketplace.users.models import User
from tests import cast as people
from tests.cast import PASSWORD, Cast, make_cast
from tests.creators.pool import listed

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr("marketplace.kit.later._ring", lambda task, kwargs: None)
    return make_cast()


def browser(user: User | None = None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


def menu(client: Client, part: str) -> str:
    """The links of the main menu, or of the bar at the bottom of a phone."""
    page = client.get("/discover/").content.decode()
    return page.split(f'aria-label="{part}"')[1].split("</nav>")[0]


def sign_up(client: Client, target: str, email: str = "") -> Any:
    """With an address of its own each time: one gets a mail only every few minutes, whichever test asks."""
    said = {
        "email": email or f"nina-{new_public_id()}@example.org",
        "name": "Nina Neu",
        "password1": PASSWORD,
        "next": target,
    }
    return client.post("/accounts/signup/", said)


def follow_mail(client: Client) -> Any:
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", str(mail.outbox[-1].body))
    assert link, mail.outbox[-1].body
    return client.post(link[1])


def test_every_hat_reaches_what_it_needs(cast: Cast) -> None:
    both = people.person("Bo Th")
    Member.objects.create(business=cast.bakery, user=both, role="owner")
    people.creator(both, "both")

    assert 'href="/offers/"' in menu(browser(cast.owner), "Main")
    assert 'href="/offers/"' in menu(browser(both), "Main")
    assert 'href="/campaigns/"' in menu(browser(both), "Main, at the bottom")
    assert menu(browser(both), "Main, at the bottom").count("<a ") == 5
    assert 'href="/creator/"' in browser(both).get("/").content.decode()


def test_the_team_is_in_the_menu_and_leads_to_ones_own(cast: Cast) -> None:
    client = browser(cast.viewer)

    assert 'href="/team/"' in client.get("/").content.decode()
    assert client.get("/team/").headers["Location"] == f"/team/{cast.bakery.public_id}/"

    Member.objects.create(business=cast.other_business, user=cast.viewer, role="viewer")
    choice = client.get("/team/").content.decode()
    assert f"/team/{cast.bakery.public_id}/" in choice
    assert f"/team/{cast.other_business.public_id}/" in choice


def test_staff_find_the_admin_on_their_start_page(cast: Cast) -> None:
    main = browser(cast.admin).get("/").content.decode().split("<main")[1]

    assert 'href="/admin/"' in main
    assert 'href="/admin/"' not in browser(people.person("Nina Neu")).get("/").content.decode()


def test_the_mailed_link_logs_in_the_browser_that_signed_up_and_goes_on(db: None) -> None:
    client = browser()

    assert sign_up(client, "/me/profile/").headers["Location"] == "/accounts/confirm-email/"
    answer = follow_mail(client)

    assert answer.headers["Location"] == "/me/profile/"
    assert client.get("/me/profile/").status_code == 200


def test_the_mailed_link_opens_nothing_in_another_browser(db: None) -> None:
    sign_up(browser(), "/me/profile/")
    stranger = browser()

    answer = follow_mail(stranger)

    assert answer.headers["Location"].startswith("/accounts/login/")
    assert stranger.get("/me/profile/").status_code == 302


def test_the_front_door_leads_each_to_their_own_first_step(db: None) -> None:
    page = browser().get("/").content.decode()

    assert 'href="/start/"' in page
    assert 'href="/accounts/signup/?next=/me/profile/"' in page
    assert "Join as a creator" in browser().get("/accounts/signup/?next=/me/profile/").content.decode()


def test_a_stranger_sees_who_fits_before_the_sign_up(db: None) -> None:
    listed("ana", price_from_minor=8_000)
    listed("dear", price_from_minor=90_000)

    page = browser().get("/start/", {"goal": "visits", "budget": "500"}).content.decode()

    assert "/c/ana/" in page
    assert "/c/dear/" not in page
    assert "/accounts/signup/?next=%2Fcampaigns%2Fnew%2F%3Fgoal%3Dvisits" in page


def test_somebody_logged_in_goes_from_the_first_look_to_the_brief(cast: Cast) -> None:
    page = browser(cast.owner).get("/start/", {"goal": "visits"}).content.decode()

    assert 'href="/campaigns/new/?goal=visits"' in page


def test_a_wrong_town_keeps_the_first_look_and_says_so(db: None) -> None:
    page = browser().get("/start/", {"goal": "visits", "town": "Atlantis"}).content.decode()

    assert 'value="Atlantis"' in page
    assert "know that town" in page


def test_a_stranger_reads_who_invites_them_and_comes_back_after_signing_up(cast: Cast) -> None:
    email = f"nina-{new_public_id()}@example.org"
    invite = teams.invite_member(cast.bakery, email=email, role="manager", by=cast.owner)
    path = f"/join/{invite_token(invite.public_id)}/"
    client = browser()

    page = client.get(path).content.decode()
    sign_up(client, path, email)
    onward = follow_mail(client).headers["Location"]
    client.post(f"{path}accept/")

    assert "Join Rosa&#x27;s Bakery" in page
    assert "Rosa Keller invites you as: Manager" in page
    assert f"email={email.replace('@', '%40')}" in page
    assert onward == path
    assert Member.objects.filter(business=cast.bakery, user__email=email, role="manager").exists()


def test_the_wrong_person_is_told_so_before_pressing_anything(cast: Cast) -> None:
    invite = teams.invite_member(cast.bakery, email="nina@example.org", role="manager", by=cast.owner)

    page = browser(cast.mina).get(f"/join/{invite_token(invite.public_id)}/").content.decode()

    assert "This seat belongs to another address" in page
    assert "accept/" not in page
    assert "nina@example.org" not in page
