"""The main job in a real Chromium: a business and a creator in two windows, from sign-up to payout."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser

from campaigns.models import Campaign, Collaboration, Offer
from creators.models import Creator, Niche, Town
from creators.services.moderation import approve_creator
from marketplace.users.models import User
from payments.models import Account
from tests.browser.people import Person, faults
from tests.cast import person
from tests.plugins.live import Stack, until
from tests.story import BIO, OPEN_LEDGER, day, payout_arrives

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "48 hours of patience"


@dataclass
class Walk:
    """Both windows, and what was wrong with the pages they saw, by address."""

    stack: Stack
    rosa: Person
    mina: Person
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def look(self, who: Person, name: str) -> None:
        """Look closely at the page this person has before them."""
        scheme = "light" if who is self.rosa else "dark"
        found = faults(who, axe_at=(1280,), schemes=(scheme,))
        if found:
            self.wrong[name] = found


def test_a_business_and_a_creator_from_sign_up_to_payout(stack: Stack, chromium: Browser) -> None:
    Niche.objects.create(slug="baking", name="Baking")
    Town.objects.create(name="Ulm", region="BW", country="DE", latitude=48.40, longitude=9.99)
    with Person(chromium, stack.url) as rosa, Person(chromium, stack.url, width=360, scheme="dark") as mina:
        walk = Walk(stack, rosa, mina)
        mina_joins(walk)
        rosa_joins(walk)
        post_a_brief(walk)
        invite(walk)
        agree(walk)
        sign_and_pay(walk)
        work(walk)
        get_paid(walk)
        assert walk.wrong == {}


def sign_up(walk: Walk, who: Person, name: str, email: str) -> User:
    who.open("/accounts/signup/")
    walk.look(who, "sign-up")
    who.fill(email=email, name=name, password1=PASSWORD).press("Sign up")
    walk.look(who, "mail sent")
    mail = until(lambda: walk.stack.mails(email), what="the mail")[-1]
    plain = mail.get_body(("plain",))
    words = str(plain.get_content()) if plain else ""
    link = re.search(r"http://\S+/confirm-email/\S+", words)
    assert link, words
    who.open(link[0])
    walk.look(who, "confirm")
    who.press("confirm")
    if "/login/" in who.page.url:
        who.fill(login=email, password=PASSWORD).press("Log in")
    walk.look(who, "welcome")
    return User.objects.get(email=email)


def mina_joins(walk: Walk) -> None:
    mina = walk.mina
    sign_up(walk, mina, "Mina Park", "mina@example.org")
    mina.press("Set up my profile").fill(display_name="Mina").press("Start my profile")
    mina.fill(bio=BIO).press("Save")
    mina.open("/me/profile/place/")
    mina.fill(town="Ulm, DE", languages="de").press("Save")
    mina.open("/me/profile/niches/")
    mina.fill(niches="baking").press("Save")
    mina.open("/me/profile/channels/")
    walk.look(mina, "channels")
    mina.fill(network="instagram", handle="mina.bakes", followers=4200, engagement=5.1).press("Add")
    mina.open("/me/profile/rates/")
    walk.look(mina, "rates")
    mina.fill(kind="reel", price="180.00").press("Save price")
    mina.open("/me/profile/")
    walk.look(mina, "profile")
    mina.press("Submit for review")
    approve_creator(Creator.objects.get(), by=person("Ada Min", is_staff=True, is_superuser=True))
    mina.open("/")
    walk.look(mina, "creator's home")


def rosa_joins(walk: Walk) -> None:
    sign_up(walk, walk.rosa, "Rosa Keller", "rosa@example.org")
    walk.rosa.press("Set up my business")
    walk.look(walk.rosa, "business")
    walk.rosa.fill(name="Rosa's Bakery", about="We bake bread.", country="DE", town="Ulm, DE", currency="EUR")
    walk.rosa.press("Open the business")


def post_a_brief(walk: Walk) -> None:
    rosa = walk.rosa
    walk.look(rosa, "goals")
    with rosa.page.expect_navigation():
        rosa.page.click("main a[href*='goal=content']")
    walk.look(rosa, "brief")
    rosa.fill(title="Our sourdough", product="Sourdough bread", message="Baked with patience.")
    rosa.fill(niches=str(Niche.objects.get().pk), budget="600.00", creators_wanted=2, usage_days=0)
    rosa.fill(starts_on=day(0), ends_on=day(30), dos="Show the crust")
    rosa.fill(**{"items-0-kind": "reel", "items-0-network": "instagram", "items-0-count": 1, "items-1-DELETE": True})
    rosa.press("Save the draft")
    walk.look(rosa, "draft")
    rosa.press("Post this campaign")
    walk.look(rosa, "posting")
    rosa.press("Post this campaign")
    assert "Open" in rosa.text()


def invite(walk: Walk) -> None:
    rosa, mina = walk.rosa, walk.mina
    rosa.press("Shortlist")
    rosa.until(lambda: "Mina" in rosa.text() and "looks again" not in rosa.text())
    walk.look(rosa, "shortlist")
    rosa.press("Invite")
    walk.look(rosa, "inviting")
    rosa.fill(message="We like your bread.").press("Send the invitation")
    mina.open("/opportunities/")
    walk.look(mina, "opportunities")
    mina.open(Campaign.objects.get().get_absolute_url())
    walk.look(mina, "brief as read")
    mina.press("I'm interested").press("I'm interested")


def agree(walk: Walk) -> None:
    rosa, mina = walk.rosa, walk.mina
    rosa.page.reload()
    rosa.press("Make an offer")
    walk.look(rosa, "offering")
    rosa.fill(fee="200.00", due_on=day(10), publish_on=day(12)).press("Sign and send the offer")
    offer = Offer.objects.get().get_absolute_url()
    mina.open(offer)
    walk.look(mina, "offer")
    mina.press("Propose changes")
    walk.look(mina, "countering")
    mina.fill(fee="240.00", usage_days=30).press("Send the proposal")
    rosa.open(offer)
    walk.look(rosa, "counter-offer")
    rosa.press("Agree to the changes").press("Agree to the changes")


def sign_and_pay(walk: Walk) -> None:
    rosa, mina = walk.rosa, walk.mina
    mina.page.reload()
    mina.press("Accept and sign")
    walk.look(mina, "signing")
    mina.fill(signature="Mina Park").press("Accept and sign")
    walk.look(mina, "signed")
    room = Collaboration.objects.get().get_absolute_url()
    rosa.open(room)
    walk.look(rosa, "waiting for the payment")
    rosa.press("Secure the payment")
    walk.look(rosa, "checkout")
    assert "Pay €261.60" in rosa.text()
    rosa.press("Pay")
    rosa.until(lambda: "In production" in rosa.text() and "/payment/" not in rosa.page.url)
    walk.look(rosa, "paid")
    rosa.open(f"{room}contract/")
    walk.look(rosa, "contract")
    mina.open(room)


def work(walk: Walk) -> None:
    rosa, mina = walk.rosa, walk.mina
    room = mina.page.url
    mina.press("Submit for review")
    walk.look(mina, "submitting")
    mina.fill(link="https://drive.example.org/draft-1").press("Submit for review")
    rosa.open(room)
    walk.look(rosa, "reviewing")
    rosa.press("Request changes")
    walk.look(rosa, "requesting")
    rosa.fill(item="Do: Show the crust", text="The crust is never seen.").press("Request changes")
    mina.page.reload()
    walk.look(mina, "changes requested")
    mina.press("Submit for review").fill(link="https://drive.example.org/draft-2").press("Submit for review")
    rosa.page.reload()
    rosa.press("Approve").press("Approve")
    mina.page.reload()
    mina.press("It is live")
    mina.fill(url="https://instagram.com/p/mina-bakes").press("It is live")
    rosa.page.reload()
    rosa.press("Confirm and release").press("Confirm and release")
    walk.look(rosa, "completed")


def get_paid(walk: Walk) -> None:
    mina = walk.mina
    mina.open("/earnings/")
    walk.look(mina, "earnings before")
    mina.press("Go to Stripe")
    walk.look(mina, "onboarding")
    mina.fill(first_name="Mina", last_name="Park", agree=True).press("Agree and finish")
    walk.stack.rest()
    walk.stack.bank.control.settle()
    mina.until(lambda: "Pay out now" in mina.text())
    mina.press("Pay out now")
    walk.look(mina, "payout")
    mina.press("Pay out now")
    payout_arrives(walk.stack)
    mina.page.reload()
    walk.look(mina, "earnings after")
    assert Account.objects.payees().get().payouts_enabled
    for who in (mina, walk.rosa):
        who.open(Collaboration.objects.get().get_absolute_url())
        assert [text in who.text() for text, _, _ in OPEN_LEDGER] == [True] * len(OPEN_LEDGER)
        walk.look(who, "the end")
