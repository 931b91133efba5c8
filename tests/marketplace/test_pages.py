"""The pages that belong to nobody's app."""

from typing import Any

import pytest
from django.test import Client


def test_a_program_gets_its_404_as_problem_json() -> None:
    response = Client().get("/api/v1/nothing/here/")

    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "no_such_address"
    assert "/api/docs/" in response.json()["detail"]


@pytest.mark.django_db
def test_a_person_gets_a_page_that_helps() -> None:
    response = Client().get("/nothing/here/")

    assert response.status_code == 404
    assert b"<html" in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["de", "de-DE,de;q=0.9", "fr, de;q=0.5", "en-GB"])
def test_whatever_the_browser_asks_for_a_page_is_in_one_language(asked: str) -> None:
    browser = Client(headers={"accept-language": asked})

    page = browser.post("/accounts/login/", {}).content.decode()

    assert '<html lang="en"' in page
    assert "This field is required." in page


ELSEWHERE = ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_the_theme_switch_goes_back_to_our_own_pages_only(target: str) -> None:
    response = Client().post("/theme/", {"theme": "dark", "next": target})

    assert response["Location"] == "/"
    assert response.cookies["theme"].value == "dark"


@pytest.mark.django_db
def test_on_a_laptop_the_page_says_where_mail_lies(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.LOCAL = True

    page = Client().get("/accounts/confirm-email/").content.decode()

    assert settings.EMAIL_FILE_PATH in page


@pytest.mark.django_db
def test_a_server_does_not_show_its_folders(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.LOCAL = False

    assert settings.EMAIL_FILE_PATH not in Client().get("/accounts/confirm-email/").content.decode()


@pytest.mark.parametrize("path", ["/api/v1/", "/api/v1/offers/0123456789abcd/frobnicate/"])
def test_an_address_or_a_verb_that_is_none_is_told_from_a_thing_that_is_not_there(path: str) -> None:
    refusal = Client().post(path).json()

    assert (refusal["status"], refusal["code"]) == (404, "no_such_address")


@pytest.mark.django_db
def test_the_apis_page_introduces_itself_and_leads_back() -> None:
    page, schema = (Client().get(path).content.decode() for path in ("/api/docs/", "/api/schema/"))

    assert 'href="/"' in page
    assert 'href="/settings/keys/"' in page
    assert "Authorization: Bearer gw_" in schema
