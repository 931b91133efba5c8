"""The hosted pages in a real Chromium: accessible, never wider than the screen, silent, and fine without JavaScript."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import stripe
from playwright.sync_api import Browser

from payments.sandbox.server import Sandbox
from tests.payments.sandbox.acts import open_account, open_session

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "browser" / "axe.min.js"


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """The one that the whole suite shares."""
    return chromium


@pytest.fixture
def site() -> Iterator[str]:
    """The site that people come from and go back to."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"<!doctype html><title>site</title><link rel=icon href=data:,>"
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def link(api: stripe.StripeClient, sandbox: Sandbox, site: str) -> str:
    account = open_account(api, sandbox, ready=False)
    return api.v1.account_links.create({
        "account": account, "type": "account_onboarding", "refresh_url": f"{site}/again", "return_url": f"{site}/done",
    }).url  # fmt: skip


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_every_page_is_accessible_and_fits(
    api: stripe.StripeClient, sandbox: Sandbox, browser: Browser, site: str, scheme: str, width: int
) -> None:
    fresh, declined, asked, paid = (open_session(api, 124_000, "eur") for _ in range(4))
    sandbox.control.pay_session(session=declined.id, method="declined")
    sandbox.control.pay_session(session=paid.id)
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(asked.url)
    page.fill("#email", "ada@oat.test")
    page.check("input[value=challenge]")
    page.click("button[type=submit]")

    for url in (page.url, fresh.url, f"{declined.url}?declined=1", paid.url, link(api, sandbox, site), sandbox.url):
        page.goto(url)
        page.evaluate(AXE.read_text())
        assert [one["id"] for one in page.evaluate("axe.run()")["violations"]] == [], url
        for size in (360, 768, 1280):
            page.set_viewport_size({"width": size, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), url

    page.close()
    assert said == []


def test_people_pay_and_onboard_without_javascript(
    api: stripe.StripeClient, sandbox: Sandbox, browser: Browser, site: str
) -> None:
    session = open_session(api, success_url=f"{site}/paid?s={{CHECKOUT_SESSION_ID}}")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()

    page.goto(session.url)
    page.fill("#email", "ada@oat.test")
    page.check("input[value=declined]")
    page.click("button[type=submit]")
    assert "declined" in page.inner_text("[role=alert]")
    page.fill("#email", "ada@oat.test")
    page.check("input[value=challenge]")
    page.click("button[type=submit]")
    page.click("button[value=yes]")
    assert page.url == f"{site}/paid?s={session.id}"

    page.goto(link(api, sandbox, site))
    page.fill("#first_name", "Lena")
    page.fill("#last_name", "B")
    page.check("input[name=agree]")
    page.click("button[value=finish]")
    assert page.url == f"{site}/done"

    context.close()
    assert api.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    assert [one.payouts_enabled for one in api.v1.accounts.list().data] == [True]
