"""The pages a person sees at "Stripe": checkout, the bank's 3-D Secure question, onboarding, a receipt."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from babel.numbers import format_currency
from django.template import Context, Engine

from payments.sandbox import cards, onboarding, paying, tariff
from payments.sandbox.store import Thing
from payments.sandbox.wire import Request, Response, redirect
from payments.sandbox.world import Origin, World

_FOLDER = Path(__file__).parent / "templates"
_ENGINE = Engine(dirs=[str(_FOLDER)])
_SAFE = {
    "Cache-Control": "no-store",
    "Content-Type": "text/html; charset=utf-8",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def show(world: World, request: Request) -> Response:
    """Any page, or a friendly 404."""
    for pattern, page in _PAGES:
        match = pattern.fullmatch(request.path)
        if match:
            with world.store.writing():
                world.origin = Origin()
                return page(world, request, *match.groups())
    return _message("Nothing here", "This address of the sandbox leads nowhere.", status=404)


def checkout(world: World, request: Request, session_id: str) -> Response:
    """See what is to be paid, choose how, pay."""
    session = _session(world, session_id)
    if session is None:
        return _message("Unknown checkout", "There is no such checkout in this sandbox.", status=404)
    if session["status"] != "open" or session["expires_at"] <= world.now():
        return _closed(session)
    if request.method == "POST":
        return _pay(world, session, request.fields())
    intent = world.maybe(session["payment_intent"] or "") or {}
    customer = world.maybe(session["customer"] or "") or {}
    methods = cards.choices(session["payment_method_types"])
    error = (intent.get("last_payment_error") or {}).get("message", "") if "declined" in request.query else ""
    return _page(
        "checkout.html",
        leads_to=_ways_out(session),
        session=session,
        items=[_line(item) for item in session["_items"]],
        amount=_money(session["amount_total"], session["currency"]),
        common=[method for method in methods if not method.rare],
        rare=[method for method in methods if method.rare],
        email=session["customer_email"] or customer.get("email") or "",
        name=customer.get("name") or "",
        error=error,
    )


def _pay(world: World, session: Thing, fields: dict[str, str]) -> Response:
    method = cards.METHODS.get(fields.get("method", ""))
    if method not in cards.choices(session["payment_method_types"]):
        return redirect(f"/c/pay/{session['id']}")
    answer = paying.pay(world, session, method, name=fields.get("name", "")[:200], email=fields.get("email", "")[:200])
    return _after(session, answer)


def challenge(world: World, request: Request, session_id: str) -> Response:
    """The bank asks whether it is really you."""
    session = _session(world, session_id)
    intent = world.maybe((session or {}).get("payment_intent") or "")
    if session is None or intent is None or intent["status"] != "requires_action":
        return redirect(f"/c/pay/{session_id}")
    if request.method == "POST":
        answer = paying.answer_challenge(world, session, passed=request.fields().get("answer") == "yes")
        return _after(session, answer)
    amount = _money(session["amount_total"], session["currency"])
    return _page("challenge.html", leads_to=_ways_out(session), session=session, amount=amount)


def _after(session: Thing, answer: str) -> Response:
    if answer == "challenge":
        return redirect(f"/c/pay/{session['id']}/challenge")
    if answer in {"paid", "processing", "complete"}:
        return redirect(_success(session))
    return redirect(f"/c/pay/{session['id']}?declined=1")


def setup(world: World, request: Request, account_id: str, token: str) -> Response:
    """A creator tells Stripe who they are and where their money should go."""
    found = world.store.get(f"link_{token}")
    link = found[2] if found else {}
    account = world.maybe(account_id)
    if link.get("_account") != account_id or account is None:
        return _message("Unknown link", "There is no such onboarding link in this sandbox.", status=404)
    if link["_used"] or link["expires_at"] <= world.now():
        return redirect(link["_refresh"])
    if request.method == "POST":
        return _set_up(world, link, account, request.fields())
    ways = (link["_return"], link["_refresh"])
    return _page("setup.html", leads_to=ways, account=account, needs=account["requirements"]["currently_due"])


def _set_up(world: World, link: Thing, account: Thing, fields: dict[str, str]) -> Response:
    world.store.put("account_link", "", {**link, "_used": True})
    if fields.get("do") == "finish":
        name = f"{fields.get('first_name', '')} {fields.get('last_name', '')}".strip()[:200]
        onboarding.complete(world, account, name=name, bank=fields.get("bank", "works"))
    return redirect(link["_return"])


def receipt(world: World, request: Request, charge_id: str) -> Response:
    charge = world.maybe(charge_id)
    if charge is None or charge["object"] != "charge":
        return _message("Unknown receipt", "There is no such payment in this sandbox.", status=404)
    paid = _money(charge["amount"], charge["currency"])
    return _message(f"{paid} paid", f"Payment {charge_id}. No real money has moved.")


def front(world: World, request: Request) -> Response:
    return _message("Goodword's sandbox", "This server stands in for Stripe, so that everything can be tried for free.")


def stylesheet(world: World, request: Request) -> Response:
    body = (_FOLDER / "sandbox.css").read_bytes()
    return Response(200, body, {"Content-Type": "text/css; charset=utf-8", "X-Content-Type-Options": "nosniff"})


def _session(world: World, session_id: str) -> Thing | None:
    found = world.store.get(session_id)
    return found[2] if found and found[0] == "checkout.session" else None


def _closed(session: Thing) -> Response:
    if session["status"] == "complete":
        return _message("Already paid", "This checkout is complete. You don't need to do anything else.",
                        back=_success(session), label="Continue")  # fmt: skip
    return _message("This checkout has expired", "Nothing was charged. Go back and start the payment again.",
                    back=session["cancel_url"] or "", label="Go back")  # fmt: skip


def _success(session: Thing) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _ways_out(session: Thing) -> tuple[str, ...]:
    return (session["success_url"], session["cancel_url"] or "")


def _line(item: Thing) -> Thing:
    return {**item, "about": item["_about"], "shown": _money(item["amount_total"], item["currency"])}


def _money(amount: int, currency: str) -> str:
    major = Decimal(amount).scaleb(-tariff.decimals(currency))
    return str(format_currency(major, currency.upper(), locale="en"))


def _message(title: str, text: str, *, status: int = 200, back: str = "", label: str = "") -> Response:
    return _page("message.html", status=status, title=title, text=text, back=back, label=label)


def _page(template: str, *, status: int = 200, leads_to: tuple[str, ...] = (), **facts: Any) -> Response:
    """Browsers check a form's redirects against ``form-action``, so the site we send people back to is named."""
    sites = {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, leads_to) if parts.netloc}
    policy = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
    policy += " ".join(["form-action 'self'", *sorted(sites)])
    body = _ENGINE.get_template(template).render(Context(facts, use_l10n=False, use_tz=False))
    return Response(status, body.encode(), {**_SAFE, "Content-Security-Policy": policy})


_PAGES: list[tuple[re.Pattern[str], Callable[..., Response]]] = [
    (re.compile(r"/"), front),
    (re.compile(r"/assets/sandbox\.css"), stylesheet),
    (re.compile(r"/c/pay/(cs_test_\w+)"), checkout),
    (re.compile(r"/c/pay/(cs_test_\w+)/challenge"), challenge),
    (re.compile(r"/setup/(acct_\w+)/(\w+)"), setup),
    (re.compile(r"/receipts/(\w+)"), receipt),
]
