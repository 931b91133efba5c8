"""Two ways through the product over real HTTP: a program with a key, and a person with a browser's cookies."""

from __future__ import annotations

import uuid
from html.parser import HTMLParser
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin

import requests
from django.conf import settings
from django.test import Client

from marketplace.hooks.services import READ, WRITE, make_key
from marketplace.users.models import User

TIMEOUT = 20
Fields = dict[str, Any]


class Walker:
    """What both share: an address, a session, and no patience for errors."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.session = requests.Session()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.session.close()


class Program(Walker):
    """Speaks the JSON API in the name of one person."""

    def __init__(self, site: str, user: User) -> None:
        super().__init__(site)
        _, secret = make_key(user, name="story", scopes=[READ, WRITE])
        self.session.headers["Authorization"] = f"Bearer {secret}"

    def get(self, path: str) -> Any:
        return self._said("GET", path, 200)

    def post(self, path: str, expect: int = 200, **body: Any) -> Any:
        return self._said("POST", path, expect, json=body, headers={"Idempotency-Key": uuid.uuid4().hex})

    def patch(self, path: str, **body: Any) -> Any:
        return self._said("PATCH", path, 200, json=body)

    def verbs(self, path: str) -> list[str]:
        """What this person may do with a thing now."""
        return [action["verb"] for action in self.get(path)["actions"]]

    def _said(self, method: str, path: str, expect: int, **options: Any) -> Any:
        answer = self.session.request(method, f"{self.site}/api/v1/{path}", timeout=TIMEOUT, **options)
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text[:600]}"
        return answer.json() if answer.content else None


class Form(HTMLParser):
    """The forms of a page: where each goes, and what it would send if nothing were changed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, Fields]] = []
        self._select: str | None = None
        self._area: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((named.get("method", "get").lower(), named.get("action", ""), {}))
        elif self.forms and tag in ("input", "select", "textarea", "option"):
            self._field(tag, named)

    def _field(self, tag: str, named: dict[str, str]) -> None:
        fields, name = self.forms[-1][2], named.get("name", "")
        if tag == "option":
            chosen = self._select and ("selected" in named or self._select not in fields)
            if chosen and self._select:
                fields[self._select] = named.get("value", "")
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area, fields[name] = name, ""
        elif named.get("type") in ("checkbox", "radio"):
            if "checked" in named:
                fields.setdefault(name, []).append(named.get("value", "on"))
        elif name and named.get("type") not in ("submit", "file"):
            fields[name] = named.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.forms[-1][2][self._area] += data

    def handle_endtag(self, tag: str) -> None:
        self._select = None if tag == "select" else self._select
        self._area = None if tag == "textarea" else self._area


class Visitor(Walker):
    """Opens pages and sends their forms, without JavaScript, as any browser would."""

    url = ""
    html = ""

    def log_in(self, user: User) -> Self:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        self.session.cookies.set(name, client.cookies[name].value, domain="127.0.0.1")
        return self

    def open(self, path: str, expect: int = 200) -> Self:
        self._arrived(self.session.get(urljoin(self.site, path), timeout=TIMEOUT), expect)
        return self

    def send(self, action: str = "", *, expect: int = 200, **changes: Any) -> Self:
        """Fill in the one form of this page that goes to ``action`` and send it; follow where it leads."""
        form = self.form(action)
        target = urljoin(self.url, form[1])
        data = {name: value for name, value in {**form[2], **changes}.items() if value is not None}
        self._arrived(self.session.post(target, data=data, headers={"Referer": self.url}, timeout=TIMEOUT), expect)
        return self

    def form(self, action: str = "") -> tuple[str, str, Fields]:
        """The first form that is posted to an address ending like this."""
        here = [form for form in Form(self.html).forms if form[0] == "post"]
        found = [form for form in here if urljoin(self.url, form[1]).split("?")[0].endswith(action)]
        skipped = [] if action else ["/theme/", "/accounts/logout/"]
        found = [form for form in found if not form[1].endswith(tuple(skipped) or ("\0",))]
        assert found, f"no form to {action!r} on {self.url}, only {[form[1] for form in here]}"
        return found[0]

    def offers(self, verb: str) -> bool:
        """Whether this page shows a button or a link for the verb."""
        return f"/{verb}/" in self.html

    def _arrived(self, answer: requests.Response, expect: int) -> None:
        self.url, self.html = answer.url, answer.text
        assert answer.status_code == expect, (
            f"{answer.request.method} {answer.url}: {answer.status_code} {_gist(answer)}"
        )


def _gist(answer: requests.Response) -> str:
    lines = [
        line.strip() for line in answer.text.splitlines() if "error" in line.lower() or "exception" in line.lower()
    ]
    return "\n".join(lines[:12]) or answer.text[:400]
