"""Reading one thing only when it is new, and changing it only when it is as last seen; being told to slow down."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.throttling import UserRateThrottle

from campaigns.models import Activity, Campaign
from campaigns.services import briefs
from creators.models import Channel
from marketplace.kit import later
from marketplace.users.models import User
from tests import cast as people
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Cast:
    monkeypatch.setattr(later, "_ring", lambda task, kwargs: None)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tags"}}
    cache.clear()
    return make_cast()


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def path_of(campaign: Campaign) -> str:
    return f"/api/v1/campaigns/{campaign.public_id}/"


def change(client: Client, path: str, tag: str, **fields: Any) -> Any:
    return client.patch(path, json.dumps(fields), content_type="application/json", headers={"If-Match": tag})


def test_what_somebody_has_already_is_not_sent_again(cast: Cast) -> None:
    client, path = browser(cast.manager), path_of(campaign := people.campaign(cast))

    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": f'W/"other", {tag}'})
    briefs.pause_campaign(campaign, by=cast.manager)
    newer = client.get(path, headers={"If-None-Match": tag})

    assert tag.startswith('W/"')
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert newer.status_code == 200
    assert newer.headers["ETag"] != tag


def test_a_tag_is_of_what_one_person_sees(cast: Cast) -> None:
    path = path_of(people.campaign(cast))

    assert browser(cast.manager).get(path).headers["ETag"] != browser(cast.mina).get(path).headers["ETag"]


def test_a_change_of_an_older_state_is_refused(cast: Cast) -> None:
    rosa, marco, path = browser(cast.owner), browser(cast.manager), path_of(people.campaign(cast))
    seen_by_rosa, seen_by_marco = (one.get(path).headers["ETag"] for one in (rosa, marco))

    first = change(marco, path, seen_by_marco, message="Rye is back.")
    before = Activity.objects.count()
    second = change(rosa, path, seen_by_rosa, message="Spelt is back.")

    assert first.status_code == 200
    assert second.status_code == 412
    assert second.headers["Content-Type"] == "application/problem+json"
    assert second.json()["code"] == "changed_meanwhile"
    assert Campaign.objects.get().message == "Rye is back."
    assert Activity.objects.count() == before
    assert change(marco, path, first.headers["ETag"], message="Rye.").status_code == 200
    assert change(rosa, path, "*", message="Spelt.").status_code == 200


def test_ones_own_profile_and_channels_have_tags_too(cast: Cast) -> None:
    mina = browser(cast.mina)
    channel = Channel.objects.create(creator=cast.mina_profile, network="blog", handle="crumbs")
    for path, field in (("/api/v1/me/profile/", "bio"), (f"/api/v1/me/channels/{channel.public_id}/", "handle")):
        tag = mina.get(path).headers["ETag"]
        changed = change(mina, path, tag, **{field: "New crumbs"})

        assert changed.status_code == 200, changed.content
        assert change(mina, path, tag, **{field: "Newer crumbs"}).status_code == 412
        assert change(mina, path, changed.headers["ETag"], **{field: "Newest crumbs"}).status_code == 200


def test_a_thing_one_may_not_see_has_no_tag_to_match(cast: Cast) -> None:
    path = path_of(people.campaign(cast, state="draft"))

    assert change(browser(cast.other_owner), path, "*", message="Mine now").status_code == 404


def test_too_many_requests_are_told_when_to_come_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/min"})
    client = browser(cast.owner)

    answers = [client.get("/api/v1/me/") for _ in range(3)]
    other = browser(cast.mina).get("/api/v1/me/")

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["Content-Type"] == "application/problem+json"
    assert answers[2].json()["code"] == "throttled"
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert other.status_code == 200
