"""Opening a page as somebody, and sending its form back as a browser would, in one process and one transaction."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client

from marketplace.users.models import User
from tests.walkers import Form

BUTTON = re.compile(r'<(?:a|button)[^>]*class="button([^"]*)"[^>]*>(.*?)</(?:a|button)>', re.S)


def browser(user: User) -> Client:
    """A browser in which this person is logged in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(user: User, path: str) -> str:
    """What this person reads on a page, without entities."""
    return unescape(browser(user).get(path).content.decode())


def send(user: User, path: str, **typed: Any) -> Any:
    """Open a page, change what is typed in its main form, leave the rest as it is, and send it."""
    client = browser(user)
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return client.post(path, {**as_it_stands(answer), **typed})


def as_it_stands(answer: Any) -> dict[str, Any]:
    """What the main form of a page would send if nothing were changed."""
    main = answer.content.decode().partition("<main")[2]
    form = next(fields for method, action, fields in Form(main).forms if method == "post" and not action)
    return {name: value for name, value in form.items() if name != "csrfmiddlewaretoken"}


def buttons(user: User, path: str) -> dict[str, str]:
    """The buttons in the main part of a page: words to variant, in their order."""
    main = read(user, path).partition("<main")[2]
    return {re.sub(r"<[^>]*>", "", words).strip(): kind.strip() for kind, words in BUTTON.findall(main)}
