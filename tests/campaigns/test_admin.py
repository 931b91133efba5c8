"""The admin's side: a queue to decide with a reason, a timeline to read, nothing to edit."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from campaigns.admin.work import CampaignAdmin
from campaigns.models import Activity, Campaign, Collaboration, MatchRun
from marketplace.users.models import User
from tests import cast as people
from tests.cast import Cast

OURS = [model for model in admin.site._registry if model._meta.app_label == "campaigns"]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def decide(user: User, thing: Campaign | Collaboration, verb: str, reason: str = "Because.") -> int:
    path = reverse(f"admin:campaigns_{thing._meta.model_name}_verb", args=[thing.pk, verb])
    return client_of(user).post(path, {"reason": reason}).status_code


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_every_list_and_page_opens_and_nothing_can_be_changed(cast: Cast, model: type) -> None:
    people.secure(people.collaboration(cast))
    people.invitation(cast)
    people.application(cast)
    client, name = client_of(cast.admin), f"admin:campaigns_{model._meta.model_name}"  # type: ignore[attr-defined]

    assert client.get(reverse(f"{name}_changelist")).status_code == 200
    assert client.get(reverse(f"{name}_add")).status_code == 403
    row = model._base_manager.first()  # type: ignore[attr-defined]
    if row is not None:
        assert client.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
        assert client.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code == 403
        assert client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_a_flagged_campaign_is_decided_with_a_reason(cast: Cast) -> None:
    campaign = people.campaign(cast, state="in_review")
    page = client_of(cast.admin).get(reverse("admin:campaigns_campaign_change", args=[campaign.pk])).content.decode()

    assert f"/admin/campaigns/campaign/{campaign.pk}/do/reject/" in page
    assert decide(cast.admin, campaign, "reject", "") == 200
    assert Campaign.objects.get().state == "in_review"
    assert decide(cast.admin, campaign, "reject", "Say what it is.") == 302
    assert Campaign.objects.get().state_reason == "Say what it is."
    assert Activity.objects.get(verb="reject").by == cast.admin


def test_too_late_is_said_on_the_page(cast: Cast) -> None:
    campaign = people.campaign(cast, state="open")

    assert decide(cast.admin, campaign, "approve") == 200
    assert Campaign.objects.get().state == "open"


@pytest.mark.parametrize("verb", ["pause", "cancel", "nonsense"])
def test_what_is_not_the_admins_is_not_there(cast: Cast, verb: str) -> None:
    assert decide(cast.admin, people.campaign(cast), verb) == 404
    assert Campaign.objects.get().state == "open"


def test_work_is_put_on_hold_and_settled(cast: Cast) -> None:
    paid = people.secure(people.collaboration(cast))

    assert decide(cast.admin, paid, "put_on_hold") == 302
    assert decide(cast.admin, paid, "settle_refund") == 302

    paid.refresh_from_db()
    assert paid.state == "cancelled"
    page = client_of(cast.admin).get(reverse("admin:campaigns_collaboration_change", args=[paid.pk])).content.decode()
    assert "decided to refund the payment" in page


def read(cast: Cast, path: str) -> str:
    return unescape(client_of(cast.admin).get(path).content.decode())


def test_the_first_page_counts_what_waits_and_leads_there(cast: Cast) -> None:
    people.campaign(cast, state="in_review")
    people.campaign(cast, state="in_review")
    people.campaign(cast)

    page = read(cast, "/admin/")
    queues = page.split('id="queues"')[1].split("</div>")[0]

    assert '<a href="/admin/campaigns/campaign/?queue=waiting"><strong>2</strong> Campaigns</a>' in queues
    assert '<a href="/admin/creators/creator/?queue=waiting"><strong>0</strong> Creators</a>' in queues
    assert '<a href="/admin/payments/operation/?stuck=yes"><strong>0</strong> Operations</a>' in queues
    assert "the oldest just now" in queues


def test_who_may_see_no_list_sees_no_queue(cast: Cast) -> None:
    page = client_of(people.person("Carl Erk", is_staff=True)).get("/admin/").content.decode()

    assert 'id="queues"' not in page


def test_money_and_contracts_are_written_for_people(cast: Cast) -> None:
    room = people.collaboration(cast)
    sent = people.offer(cast)
    campaign = people.campaign(cast, product_value_minor=4_500)

    contract = read(cast, reverse("admin:campaigns_collaboration_change", args=[room.pk]))
    offer = read(cast, reverse("admin:campaigns_offer_change", args=[sent.pk]))
    brief = read(cast, reverse("admin:campaigns_campaign_change", args=[campaign.pk]))

    assert "Rosa's Bakery and Mina" in contract
    assert "€200.00, and €18.00 to the platform" in contract
    assert "1 × Reel or short video on Instagram: Show the oven" in contract
    assert '"format"' not in contract
    assert ("€200.00" in offer, "20000" in offer) == (True, False)
    assert ("€600.00" in brief, "€45.00" in brief, "60000" in brief) == (True, True, False)


def test_a_decision_can_be_made_with_a_ready_sentence(cast: Cast) -> None:
    campaign = people.campaign(cast, state="in_review")
    path = reverse("admin:campaigns_campaign_verb", args=[campaign.pk, "reject"])
    ready = CampaignAdmin.ready["reject"][0]

    shown = read(cast, path)
    client_of(cast.admin).post(path, {"ready": [ready], "reason": "Thank you!"})

    assert ready in shown
    assert Campaign.objects.get().state_reason == f"{ready} Thank you!"


def test_a_sentence_that_is_not_on_the_list_is_not_taken(cast: Cast) -> None:
    campaign = people.campaign(cast, state="in_review")
    path = reverse("admin:campaigns_campaign_verb", args=[campaign.pk, "reject"])

    assert client_of(cast.admin).post(path, {"ready": ["Made up."]}).status_code == 200
    assert Campaign.objects.get().state == "in_review"


@pytest.mark.parametrize("who", ["owner", "mina", "suspended"])
def test_nobody_else_gets_in(cast: Cast, who: str) -> None:
    campaign = people.campaign(cast, state="in_review")

    assert decide(getattr(cast, who), campaign, "approve") in {302, 403, 404}
    assert Campaign.objects.get().state == "in_review"


def test_staff_without_the_right_decide_nothing(cast: Cast) -> None:
    clerk = people.person("Carl Erk", is_staff=True)

    assert decide(clerk, people.campaign(cast, state="in_review"), "approve") in {403, 404}
    assert Campaign.objects.get().state == "in_review"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_a_list_asks_the_database_the_same_for_one_and_for_many(
    cast: Cast, model: type, django_assert_max_num_queries: Any
) -> None:
    client = client_of(cast.admin)
    path = reverse(f"admin:campaigns_{model._meta.model_name}_changelist")  # type: ignore[attr-defined]
    client.get(path)
    counts = []
    for more in (1, 5):
        for _ in range(more):
            people.collaboration(cast)
            people.invitation(cast)
            people.application(cast)
            MatchRun.objects.create(campaign=people.campaign(cast), brief_hash="x")
        with django_assert_max_num_queries(12) as asked:
            client.get(path)
        counts.append(len(asked.captured_queries))

    assert counts[0] == counts[1]
