"""The server as a process: the control desk over HTTP, a kill, a restart."""

import multiprocessing
import os
import signal
import socket
import time
from pathlib import Path

import pytest
import requests
import stripe

from payments.sandbox.server import Sandbox, serve, start_in_thread


def test_the_control_desk_answers_over_http(sandbox: Sandbox) -> None:
    answer = requests.post(f"{sandbox.url}/_control/add_funds", json={"amount": 500}, timeout=5)

    assert answer.json()["result"]["net"] == 500
    assert requests.post(f"{sandbox.url}/_control/state", json={}, timeout=5).json()["result"]["now"] > 0


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [("add_funds", {"amout": 1}, 400), ("nonsense", {}, 404), ("pay_session", {"session": "cs_test_none"}, 404)],
)
def test_the_control_desk_says_what_is_wrong(sandbox: Sandbox, path: str, body: dict[str, str], status: int) -> None:
    assert requests.post(f"{sandbox.url}/_control/{path}", json=body, timeout=5).status_code == status


def test_a_web_page_cannot_press_the_buttons(sandbox: Sandbox) -> None:
    answer = requests.post(f"{sandbox.url}/_control/add_funds", data='{"amount": 500}', timeout=5)

    assert answer.status_code == 405
    assert sandbox.control.balance()["available"][0]["amount"] == 0


def test_it_remembers_after_a_restart(tmp_path: Path) -> None:
    path = str(tmp_path / "stripe.sqlite3")
    first = start_in_thread(data_path=path, heart=False)
    made = stripe.StripeClient("sk_test_1", base_addresses={"api": first.url}).v1.customers.create({"name": "Bo"})
    first.stop()

    second = start_in_thread(data_path=path, seed="another", heart=False)
    api = stripe.StripeClient("sk_test_1", base_addresses={"api": second.url})
    seen, new = api.v1.customers.retrieve(made.id), api.v1.customers.create({"name": "Jo"})
    second.stop()

    assert seen.name == "Bo"
    assert new.id != made.id
    assert second.engine.world.seed == "seed"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start_process(port: int, folder: Path) -> "multiprocessing.process.BaseProcess":
    process = multiprocessing.get_context("spawn").Process(target=serve, args=("127.0.0.1", port, str(folder)))
    process.start()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            requests.get(f"http://127.0.0.1:{port}/", timeout=1)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return process
    raise AssertionError("the sandbox did not start")


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    port = free_port()
    api = stripe.StripeClient("sk_test_1", base_addresses={"api": f"http://127.0.0.1:{port}"}, max_network_retries=0)
    process = start_process(port, tmp_path / "data")
    made = [api.v1.customers.create({"name": "Bo"}, {"idempotency_key": f"k{n}"}).id for n in range(20)]

    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    again = start_process(port, tmp_path / "data")

    replayed = [api.v1.customers.create({"name": "Bo"}, {"idempotency_key": f"k{n}"}).id for n in range(20)]
    assert replayed == made
    assert len(api.v1.customers.list({"limit": 100}).data) == 20
    again.terminate()
    again.join()
