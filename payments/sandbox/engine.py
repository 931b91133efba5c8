"""One request in, one answer out: key, fault, idempotency, parameters, act, expansion."""

import sys
import time
import traceback
from dataclasses import dataclass, field

from payments.sandbox import faults, params
from payments.sandbox.answers import Answers, fingerprint
from payments.sandbox.errors import ApiError, bad_key, no_such_route, out_of_reach
from payments.sandbox.render import render
from payments.sandbox.resources import ROUTES
from payments.sandbox.routes import Call, Route
from payments.sandbox.wire import Request, Response, as_json
from payments.sandbox.world import PLATFORM, Origin, World

_COMPILED = [(route, route.pattern) for route in ROUTES]


@dataclass(slots=True)
class Turn:
    """One authorized request on its way."""

    request: Request
    request_id: str
    account: str
    route: Route
    ids: tuple[str, ...]
    key: str
    fault: faults.Fault | None


@dataclass(slots=True)
class Engine:
    world: World
    answers: Answers = field(init=False)
    journal: list[tuple[Request, Response]] | None = None

    def __post_init__(self) -> None:
        self.answers = Answers(self.world.store)

    def handle(self, request: Request) -> Response:
        """Answer a request to the API."""
        with self.world.store.writing():
            request_id = self.world.new_id("req")
        try:
            response = self._answer(self._admit(request, request_id))
        except ApiError as error:
            response = as_json(error.status, error.body)
        response.headers.setdefault("Request-Id", request_id)
        response.headers["Stripe-Version"] = params.library_api_version()
        if response.status >= 400:
            response.headers["Stripe-Should-Retry"] = "true" if response.status == 409 else "false"
        if self.journal is not None:
            self.journal.append((request, response))
        return response

    def _admit(self, request: Request, request_id: str) -> Turn:
        """Who asks, for what, and whether trouble is waiting for them."""
        check_key(request.headers.get("authorization", ""))
        version = request.headers.get("stripe-version", params.library_api_version())
        if version != params.library_api_version():
            raise ApiError(f"Invalid Stripe API version: {version[:40]}", began=False)
        account = request.headers.get("stripe-account", PLATFORM)
        self._check_account(account)
        route, ids = find_route(request)
        key = request.headers.get("idempotency-key", "") if route.method == "POST" else ""
        fault = faults.strike(self.world.store, route.method, route.path)
        return Turn(request, request_id, account, route, ids, key, fault)

    def _check_account(self, account: str) -> None:
        found = self.world.store.get(account) if account else None
        if account and (found is None or found[0] != "account" or found[2].get("_gone")):
            raise out_of_reach(account)

    def _answer(self, turn: Turn) -> Response:
        if not turn.key:
            return self._troubled(turn)
        self.answers.begin(turn.account, turn.key)
        try:
            return self._troubled(turn)
        finally:
            self.answers.end(turn.account, turn.key)

    def _troubled(self, turn: Turn) -> Response:
        """The work, with whatever fault was armed before or after it."""
        fault = turn.fault
        if fault is None:
            return self._kept(turn)
        if fault.kind == "delay" and not fault.after:
            time.sleep(fault.seconds)
        if fault.kind == "cut" and not fault.after:
            return Response(0, cut=True)
        error = faults.as_error(fault)
        if error and not error.began:
            raise error
        response = self._kept(turn)
        if fault.kind == "delay" and fault.after:
            time.sleep(fault.seconds)
        return Response(0, cut=True) if fault.kind == "cut" else response

    def _kept(self, turn: Turn) -> Response:
        """The first answer under this key, or the work and its answer, kept together."""
        mark = fingerprint(turn.request.method, turn.request.path, turn.request.body)
        with self.world.store.writing():
            self.world.origin = Origin(turn.request_id, turn.key or None)
            first = self.answers.find(turn.account, turn.key, mark) if turn.key else None
            if first:
                return first
            response, began = self._work(turn)
            response.headers["Request-Id"] = turn.request_id
            if turn.key and began:
                response.headers["Idempotency-Key"] = turn.key
                self.answers.keep(turn.account, turn.key, mark, response, self.world.now())
            return response

    def _work(self, turn: Turn) -> tuple[Response, bool]:
        trouble = faults.as_error(turn.fault) if turn.fault else None
        try:
            if trouble and turn.fault and not turn.fault.after:
                raise trouble
            with self.world.store.writing():
                checked = params.check(turn.route.reference, turn.request.form())
                call = Call(self.world, turn.account, checked, turn.ids, turn.request.path)
                thing = render(self.world, turn.route.act(call), checked.get("expand", []))
            if trouble:
                raise trouble
        except ApiError as error:
            return as_json(error.status, error.body), error.began
        except Exception:
            traceback.print_exc(file=sys.stderr)
            broken = ApiError("The sandbox itself failed; see its log.", status=500, kind="api_error")
            return as_json(500, broken.body), True
        return as_json(200, thing), True


def check_key(authorization: str) -> None:
    """Test keys only: a live key must never reach a sandbox."""
    scheme, _, key = authorization.partition(" ")
    if scheme != "Bearer" or not key:
        raise bad_key("You did not provide an API key.")
    if "_live_" in key:
        raise bad_key("A live key was sent to the sandbox. It takes sk_test_ keys only; consider rolling that key.")
    if not key.startswith("sk_test_"):
        raise bad_key(f"Invalid API Key provided: {key[:8]}***")


def find_route(request: Request) -> tuple[Route, tuple[str, ...]]:
    for route, pattern in _COMPILED:
        match = pattern.match(request.path) if route.method == request.method else None
        if match:
            return route, match.groups()
    raise no_such_route(request.method, request.path)
