"""The pages of the work: what each person sees and can press, from the same tables as everything else."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Invitation, Offer
from campaigns.services import offers
from marketplace.users.models import User
from payments import services as bank
from tests import cast as people
from tests.cast import Cast
from tests.crowd import Crowd, make_crowd


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(user: User, path: str) -> str:
    return as_user(user).get(path).content.decode()


def fields_on(user: User, path: str) -> dict[str, str]:
    """What a form on a page would send if nothing was typed."""
    form = page(user, path).partition("<main")[2]
    inputs = [dict(re.findall(r'([a-z]+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", form)]
    fields = {one["name"]: unescape(one.get("value", "")) for one in inputs if one.get("type") != "checkbox"}
    chosen = re.findall(r'<select name="([^"]*)".*?<option value="([^"]*)" selected', form, re.S)
    return {**fields, **dict(chosen)}


@pytest.mark.parametrize(("who", "may"), [("owner", True), ("manager", True), ("finance", False), ("viewer", False)])
def test_an_application_is_answered_by_those_who_may(cast: Cast, who: str, may: bool) -> None:
    application = people.application(cast)
    answers = [f"/applications/{application.public_id}/{verb}/" for verb in ("shortlist", "decline")]
    answers.append(f"/campaigns/{application.campaign.public_id}/offer/mina/")

    for path in ("/", application.campaign.get_absolute_url()):
        shown = page(getattr(cast, who), path)
        assert [answer in shown for answer in answers] == [may] * 3


def test_an_application_on_the_shortlist_says_so_and_can_still_be_answered(cast: Cast) -> None:
    application = people.application(cast)

    as_user(cast.manager).post(f"/applications/{application.public_id}/shortlist/")

    shown = page(cast.manager, application.campaign.get_absolute_url())
    assert "Shortlisted" in shown
    assert f"/applications/{application.public_id}/shortlist/" not in shown
    assert f"/applications/{application.public_id}/decline/" in shown


def test_an_invitation_is_withdrawn_from_the_campaigns_page(cast: Cast) -> None:
    invitation = people.invitation(cast)
    button = f"/invitations/{invitation.public_id}/withdraw/"

    assert button in page(cast.manager, invitation.get_absolute_url())
    assert button not in page(cast.viewer, invitation.get_absolute_url())


@pytest.mark.parametrize("desk", ["/creator/", "/opportunities/"])
def test_opening_an_invitation_tells_the_business_that_it_was_read(cast: Cast, desk: str) -> None:
    invitation = people.invitation(cast)
    button = f"/invitations/{invitation.public_id}/view/"

    assert f'action="{button}"' in page(cast.mina, desk)
    answer = as_user(cast.mina).post(button)

    assert answer.headers["Location"] == invitation.get_absolute_url()
    assert Invitation.objects.get().state == "viewed"
    assert button not in page(cast.mina, desk)


@pytest.mark.parametrize("verb", ["agree", "revise"])
def test_an_answer_from_a_stale_page_is_refused(cast: Cast, verb: str) -> None:
    offer = people.offer(cast)
    offers.counter_offer(offer, terms=people.draft(25_000), by=cast.mina)
    stale = fields_on(cast.manager, f"{offer.get_absolute_url()}{verb}/")
    offers.revise_offer(offer, terms=people.draft(21_000), by=cast.owner)
    offers.counter_offer(offer, terms=people.draft(45_000), by=cast.mina)

    answer = as_user(cast.manager).post(f"{offer.get_absolute_url()}{verb}/", stale)

    assert (answer.status_code, stale["version"]) == (409, "2")
    assert "The terms have changed since you looked." in answer.content.decode()
    assert Offer.objects.get().state == "countered"


def test_a_counter_offer_from_a_stale_page_is_refused(cast: Cast) -> None:
    offer = people.offer(cast)
    stale = fields_on(cast.mina, f"{offer.get_absolute_url()}counter/")
    offers.counter_offer(offer, terms=people.draft(25_000), by=cast.mina)
    offers.revise_offer(offer, terms=people.draft(21_000), by=cast.owner)

    assert as_user(cast.mina).post(f"{offer.get_absolute_url()}counter/", stale).status_code == 409
    assert Offer.objects.get().version == 3


def test_an_answer_says_which_version_it_answers(cast: Cast) -> None:
    offer = people.offer(cast)
    offers.counter_offer(offer, terms=people.draft(25_000), by=cast.mina)

    assert as_user(cast.manager).post(f"{offer.get_absolute_url()}agree/", {}).status_code == 400
    assert as_user(cast.manager).post(f"{offer.get_absolute_url()}agree/", {"version": "2"}).status_code == 302
    assert Offer.objects.get().state == "sent"


@pytest.mark.parametrize("path", ["/collaborations/{}/do/pay/", "/api/v1/collaborations/{}/pay/"])
def test_the_checkout_leads_back_to_one_address_whoever_asked(
    cast: Cast, path: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SITE_URL = "https://goodword.example"
    asked: dict[str, str] = {}
    monkeypatch.setattr(bank, "checkout_url", lambda hold, **said: asked.update(said) or "https://checkout.example/")
    room = people.collaboration(cast)

    as_user(cast.finance).post(path.format(room.public_id), headers={"host": "127.0.0.1"})

    back = f"https://goodword.example/collaborations/{room.public_id}/payment/"
    assert asked == {"success_url": f"{back}?paid=1", "cancel_url": back}


LISTS = [
    ("owner", "/campaigns/", "campaigns"),
    ("owner", "/offers/", "offers"),
    ("owner", "/collaborations/", "collaborations"),
    ("owner", "{campaign}", "creator names"),
    ("owner", "{campaign}shortlist/", "creator names"),
    ("mina", "/opportunities/", "campaigns"),
    ("mina", "/earnings/", "collaborations"),
]


@pytest.fixture
def many(cast: Cast) -> Crowd:
    """One of everything, thirty-one times more."""
    crowd = make_crowd(cast)
    crowd.grow(31)
    return crowd


def test_no_list_is_cut_off(cast: Cast, many: Crowd) -> None:
    """Every page of a list has a way on until everything was shown."""
    for who, path, kind in LISTS:
        client, address = as_user(getattr(cast, who)), path.format(campaign=many.campaign.get_absolute_url())
        pattern = r"/c/([a-z0-9-]+)/" if kind == "creator names" else rf"/{kind}/([0-9a-z]{{14}})/"
        shown: set[str] = set()
        following = {address}
        seen = set()
        while following:
            seen.add(at := following.pop())
            body = client.get(at.partition("#")[0]).content.decode().partition("<main")[2]
            shown |= set(re.findall(pattern, body))
            following |= {address + unescape(q) for q in re.findall(r'href="(\?[^"]*)"[^>]*rel="next"', body)} - seen
        assert len(shown) >= 32, (path, len(shown))
