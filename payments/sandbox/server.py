"""The sockets: ``serve()`` for the launcher, ``start_in_thread()`` for tests."""

import json
import os
import secrets
import socket
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from payments.sandbox import webhooks
from payments.sandbox.control import ACTS, Control
from payments.sandbox.engine import Engine
from payments.sandbox.errors import ApiError
from payments.sandbox.pages import show
from payments.sandbox.store import Store
from payments.sandbox.wire import LARGEST_BODY, Request, Response, as_json
from payments.sandbox.world import Config, World

HEARTBEAT_SECONDS = 0.5
IDLE_SECONDS = 60


@dataclass(slots=True)
class Sandbox:
    """A running double. ``url`` is its address; ``control`` moves its world; ``journal`` is what was said."""

    engine: Engine
    httpd: "_Server"
    courier: webhooks.Courier | None
    bell: threading.Condition
    threads: list[threading.Thread] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return self.engine.world.config.url

    @property
    def control(self) -> Control:
        return Control(self.engine)

    @property
    def journal(self) -> list[tuple[Request, Response]]:
        return self.engine.journal or []

    def deliver(self) -> int:
        """Bring all waiting news now, in this thread. Returns how many were tried."""
        return self.courier.round() if self.courier else 0

    def stop(self) -> None:
        """Close every socket, wait for every thread, close the file."""
        self.stopping.set()
        with self.bell:
            self.bell.notify_all()
        self.httpd.shutdown()
        self.httpd.hang_up()
        self.httpd.server_close()
        for thread in self.threads:
            thread.join(timeout=5)
        self.engine.world.store.close()

    def beat(self) -> None:
        """The heart: time passes and news leaves."""
        ticked = 0.0
        while not self.stopping.is_set():
            with self.bell:
                self.bell.wait(HEARTBEAT_SECONDS)
            try:
                if not self.stopping.is_set() and time.monotonic() - ticked >= HEARTBEAT_SECONDS:
                    self.control.do("tick")
                    ticked = time.monotonic()
                more = True
                while more and not self.stopping.is_set():
                    more = self.deliver() == webhooks.BATCH
            except Exception as error:
                print(f"sandbox: {type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201

    def ring(self) -> None:
        with self.bell:
            self.bell.notify_all()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for the answers under way
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], listener: socket.socket | None = None) -> None:
        self.open: set[socket.socket] = set()
        self.engine: Engine | None = None
        super().__init__(address, _Handler, bind_and_activate=listener is None)
        if listener is not None:
            self.socket.close()
            self.socket, self.server_address = listener, listener.getsockname()

    def hang_up(self) -> None:
        """Close the connections that clients keep alive."""
        for connection in list(self.open):
            _close(connection)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Sandbox"
    sys_version = ""
    timeout = IDLE_SECONDS
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)  # noqa: FBT003 - a C flag
        self.server.open.add(self.connection)

    def handle(self) -> None:
        """A client that goes away is no error."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Quiet: what was said is in the file."""

    def _any(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit() or int(length) > LARGEST_BODY:
            self.close_connection = True
            self._send(as_json(413, {"error": {"type": "invalid_request_error", "message": "Too large."}}))
            return
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, path, query, headers, self.rfile.read(int(length)))
        if self.server.engine is not None:
            self._send(dispatch(self.server.engine, request))

    do_GET = do_POST = do_DELETE = do_HEAD = _any  # noqa: N815 - the library's names

    def _send(self, response: Response) -> None:
        if response.cut:
            self.close_connection = True
            _close(self.connection)
            return
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Sandbox-Name", os.environ.get("GOODWORD_SANDBOX_NAME", ""))
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)


def dispatch(engine: Engine, request: Request) -> Response:
    """The API, the control desk, or a page for people."""
    if request.path.startswith("/v1/"):
        return engine.handle(request)
    if request.path.startswith("/_control/"):
        return _controlled(engine, request)
    return show(engine.world, request)


def _controlled(engine: Engine, request: Request) -> Response:
    act = request.path.removeprefix("/_control/").strip("/")
    # A browser cannot send JSON across origins without asking first, so no page can press these buttons.
    if request.method != "POST" or request.headers.get("content-type", "") != "application/json":
        return as_json(405, {"error": {"message": "POST a JSON object.", "acts": sorted(ACTS)}})
    if act not in ACTS:
        return as_json(404, {"error": {"message": f"No such act: {act[:40]}", "acts": sorted(ACTS)}})
    try:
        return as_json(200, {"result": Control(engine).do(act, **json.loads(request.body or b"{}"))})
    except ApiError as error:
        return as_json(error.status, error.body)
    except (TypeError, ValueError, KeyError) as error:
        return as_json(400, {"error": {"message": f"{type(error).__name__}: {error}"}})


def _close(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _build(
    httpd: _Server, path: str, seed: str, config: Config, post: webhooks.Post | None, keys: dict[str, str]
) -> Sandbox:
    host = str(httpd.server_address[0])
    store = Store(path)
    with store.writing():
        store.set_knob("seed", store.knob("seed", seed))
    config.url = config.url or f"http://{host}:{httpd.server_address[1]}"
    courier = webhooks.Courier(store, keys, post) if post else None
    if courier is None:
        config.endpoints = ()
    engine = Engine(World(store, store.knob("seed"), config))
    sandbox = Sandbox(engine, httpd, courier, threading.Condition())
    engine.world.ring = sandbox.ring
    httpd.engine = engine
    sandbox.threads.append(threading.Thread(target=sandbox.beat, name="sandbox-heart", daemon=True))
    return sandbox


def serve(host: str, port: int, data_path: str, *, listener: socket.socket | None = None) -> None:
    """Run until killed, on ``listener`` if the caller holds one. ``data_path`` is a folder, or the SQLite file.

    Settings come from the environment.
    """
    read = os.environ.get
    path = Path(data_path)
    path = path if path.suffix else path / "stripe.sqlite3"
    path.parent.mkdir(parents=True, exist_ok=True)
    config = Config(
        url=read("GOODWORD_SANDBOX_URL", "").rstrip("/"),
        settle_seconds=int(read("GOODWORD_SANDBOX_SETTLE_SECONDS", "60")),
        debit_seconds=int(read("GOODWORD_SANDBOX_DEBIT_SECONDS", "60")),
        payout_seconds=int(read("GOODWORD_SANDBOX_PAYOUT_SECONDS", "60")),
    )
    site = read("GOODWORD_WEBHOOK_URL", "").rstrip("/")
    keys = {"platform": read("STRIPE_WEBHOOK_SECRET", ""), "connect": read("STRIPE_CONNECT_WEBHOOK_SECRET", "")}
    seed = read("GOODWORD_SANDBOX_SEED", "") or secrets.token_hex(8)
    sandbox = _build(
        _Server((host, port), listener), str(path), seed, config, webhooks.post_to(site) if site else None, keys
    )
    for thread in sandbox.threads:
        thread.start()
    sandbox.httpd.daemon_threads = True
    sandbox.httpd.serve_forever(poll_interval=0.5)


def start_in_thread(
    *,
    data_path: str = "",
    port: int = 0,
    seed: str = "seed",
    config: Config | None = None,
    webhook_url: str = "",
    on_event: webhooks.Post | None = None,
    secret: str = "whsec_platform",  # noqa: S107 - of a test
    connect_secret: str = "whsec_connect",  # noqa: S107 - of a test
    heart: bool = True,
) -> Sandbox:
    """A double for a test, on a free port, with the real delays of Stripe.

    News goes to ``webhook_url`` (a site) or to ``on_event(endpoint, body, signature)``, which answers an HTTP status.
    Without a heart nothing happens by itself: ``deliver()`` brings the news, ``control.advance()`` moves time.
    """
    config = config or Config()
    config.url = ""
    post = on_event or (webhooks.post_to(webhook_url) if webhook_url else None)
    path = data_path or str(Path(tempfile.mkdtemp(prefix="sandbox-")) / "stripe.sqlite3")
    keys = {"platform": secret, "connect": connect_secret}
    sandbox = _build(_Server(("127.0.0.1", port)), path, seed, config, post, keys)
    sandbox.engine.journal = []
    if not heart:
        sandbox.threads.clear()
    serving = threading.Thread(target=sandbox.httpd.serve_forever, args=(0.02,), name="sandbox", daemon=True)
    sandbox.threads.append(serving)
    for thread in sandbox.threads:
        thread.start()
    return sandbox
