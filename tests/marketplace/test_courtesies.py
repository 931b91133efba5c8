"""Small things a page owes its reader: its own words, the limit that was broken, only buttons that do something."""

from __future__ import annotations

from html import unescape

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from campaigns.templatetags.work import kill_fees
from creators.models import Channel, Creator, Post
from marketplace.notices.models import Notice
from marketplace.templatetags import goodword as say
from marketplace.users.models import User
from tests import cast as people
from tests.cast import PASSWORD
from tests.creators.pool import listed
from tests.pages import browser, read

pytestmark = pytest.mark.django_db
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"


@pytest.fixture
def nina() -> User:
    nina = people.person("Nina Neu")
    nina.set_password(PASSWORD)
    nina.save()
    return nina


def visit(path: str, **headers: str) -> str:
    return unescape(Client(headers=headers or None).get(path).content.decode())


def test_what_was_done_or_overtaken_is_only_opened(nina: User) -> None:
    told = {"user": nina, "kind": "test", "text": "News", "next_step": "Review it"}
    Notice.objects.create(**told, url="/collaborations/1/")
    Notice.objects.create(**told, url="/collaborations/1/")
    read_once = Notice.objects.create(**told, url="/collaborations/2/")

    before = read(nina, "/notices/")
    browser(nina).post(f"/notices/{read_once.public_id}/open/")
    after = read(nina, "/notices/")

    assert (before.count("Review it"), after.count("Review it")) == (2, 1)


def test_all_can_be_marked_as_read_while_some_are_not(nina: User) -> None:
    assert "Mark all as read" not in read(nina, "/notices/")

    Notice.objects.create(user=nina, kind="test", text="News", url="/")

    assert "Mark all as read" in read(nina, "/notices/")


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
def test_strangers_read_our_words_and_not_the_librarys(path: str) -> None:
    page = visit(path)

    assert ">E-mail</label>" in page
    for words in (">Email<", "Remember Me", '"Email address"'):
        assert words not in page


def test_the_account_pages_speak_our_words(nina: User) -> None:
    page = read(nina, "/accounts/password/change/")

    assert "Your password now" in page
    assert "Current Password" not in page


def test_one_confirmed_address_offers_nothing_that_could_not_be_done(nina: User) -> None:
    EmailAddress.objects.create(user=nina, email=nina.email, verified=True, primary=True)
    words = ("Make it the main one", "Send the link again", ">Remove<")

    alone = read(nina, "/accounts/email/")
    EmailAddress.objects.create(user=nina, email="new@example.org", verified=False)
    two = read(nina, "/accounts/email/").replace("\n", "").replace("  ", "")

    assert [word for word in words if word in alone] == []
    assert [word for word in words if word not in two] == []


def test_a_device_is_named_as_its_owner_would() -> None:
    iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"

    assert say.device(CHROME) == "Chrome on Linux"
    assert say.device(iphone) == "Safari on iPhone"
    assert say.device(CHROME + " Edg/141.0") == "Edge on Linux"
    assert say.device("curl/8.5.0") == "curl/8.5.0"
    assert say.device("") == "Unknown"


def test_the_page_of_devices_shows_names(nina: User) -> None:
    client = browser(nina)
    client.get("/", headers={"user-agent": CHROME})

    page = client.get("/accounts/sessions/").content.decode()

    assert "Chrome on Linux" in page


@pytest.mark.parametrize(("path", "way"), [("/offers/", "/opportunities/"), ("/collaborations/", "/opportunities/")])
def test_an_empty_list_leads_on(nina: User, path: str, way: str) -> None:
    people.creator(nina, "nina")

    assert f'href="{way}" class="button primary"' in read(nina, path)


def test_too_much_text_is_told_its_limit(nina: User) -> None:
    answer = browser(nina).post("/settings/you/", {"name": "x" * 2_000_000})

    assert answer.status_code == 400
    assert "at most 1 MB" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/discover/?q=%00", "text/html", "text/html"),
        ("/discover/?q=%00", "application/json", "application/problem+json"),
        ("/api/v1/creators/?q=%00", "text/html", "application/problem+json"),
    ],
)
def test_unreadable_characters_get_a_page_in_a_browser_and_json_in_a_program(path: str, accept: str, kind: str) -> None:
    answer = Client(headers={"accept": accept}).get(path)

    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith(kind)


def test_the_front_doors_example_is_called_one_and_its_figure_explained() -> None:
    page = visit("/")

    assert "An example" in page
    assert "87 of 100" in page


def test_the_page_of_fees_says_what_every_contract_says_of_cancelling() -> None:
    page = visit("/how-fees-work/")

    assert [line for line in kill_fees() if line not in page] == []


def test_a_cut_text_ends_in_its_own_line() -> None:
    assert say.shortened("Bread\n\nand butter", 7) == "Bread …"
    assert say.shortened("Bread and butter", 40) == "Bread and butter"
    assert say.shortened(None, 40) == ""


def test_a_public_page_has_no_column_of_dashes_and_no_lone_ellipsis() -> None:
    creator = listed("ana")
    channel = Channel.objects.create(creator=creator, network="blog", handle="ana")
    Post.objects.create(channel=channel, external_id="1", text=f"{'x' * 278}\n\n{'y' * 40}")
    creator.rates.create(kind="reel", price_minor=100, currency="EUR")

    bare = visit("/c/ana/")
    creator.rates.create(kind="post", price_minor=100, currency="EUR", note="One photo")
    noted = visit("/c/ana/")

    assert "x …" in bare
    assert ("Included" in bare, "Included" in noted) == (False, True)


def test_what_a_profile_needs_to_be_listed_is_not_called_optional(nina: User) -> None:
    people.creator(nina, "nina", state="draft")

    about, place = read(nina, "/me/profile/about/"), read(nina, "/me/profile/place/")

    assert "Needed to be listed, at least 40 letters" in about
    assert "(optional)" not in about + place
    assert Creator.objects.count() == 1


def test_the_secret_of_two_step_login_wraps_on_a_phone(nina: User) -> None:
    EmailAddress.objects.create(user=nina, email=nina.email, verified=True, primary=True)
    nina.set_password(PASSWORD)
    nina.save()
    client = Client()
    client.post("/accounts/login/", {"login": nina.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    page = client.get("/accounts/2fa/totp/activate/").content.decode()

    assert '<code class="secret" id="authenticator_secret">' in page
