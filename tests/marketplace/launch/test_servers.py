"""The embedded PostgreSQL and Valkey, really started."""

import os
import pwd
import stat
from pathlib import Path

import psycopg
import pytest
import redis

from marketplace.launch.places import SOCKET_LIMIT, private, socket_folder
from marketplace.launch.postgres import FOR_TESTS, Postgres, acceptable
from marketplace.launch.valkey import Valkey
from tests.marketplace.launch.conftest import Launch, alive, kill, wait_until


def ask(server: Postgres, question: str) -> str:
    with psycopg.connect(host=str(server.sockets), user="goodword", dbname="goodword") as line:
        row = line.execute(question.encode()).fetchone()
    assert row is not None
    return str(row[0])


def test_postgresql_answers_on_a_private_socket_and_on_no_port(data: Path) -> None:
    server = Postgres(data, socket_folder(data), tuning=FOR_TESTS).start()
    try:
        assert ask(server, "SHOW listen_addresses") == ""
        assert ask(server, "SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'") == "1"
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    finally:
        server.stop()

    assert not (server.folder / "postmaster.pid").exists()


def test_postgresql_keeps_its_rows_through_a_restart(data: Path) -> None:
    server = Postgres(data, socket_folder(data)).start()
    try:
        with psycopg.connect(host=str(server.sockets), user="goodword", dbname="goodword") as line:
            line.execute("CREATE TABLE kept AS SELECT 7 AS n")
        assert server.process is not None
        kill(server.process.pid)
        server.process.wait()

        server.start()

        assert ask(server, "SELECT n FROM kept") == "7"
    finally:
        server.stop()


def test_a_half_made_cluster_is_made_again(data: Path) -> None:
    (data / "postgres" / "base").mkdir(parents=True)
    (data / "postgres").chmod(0o700)
    (data / "postgres" / "postgresql.conf").write_text("interrupted")

    server = Postgres(data, socket_folder(data), tuning=FOR_TESTS).start()
    try:
        assert ask(server, "SELECT 1") == "1"
    finally:
        server.stop()


def test_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    data = private(tmp_path / ("long-name-" * 12))

    sockets = socket_folder(data)
    server = Valkey(data, sockets).start()
    try:
        assert len(os.fsencode(server.socket)) <= SOCKET_LIMIT
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert redis.from_url(server.url).ping()
    finally:
        server.stop()
        server.socket.unlink(missing_ok=True)
        sockets.rmdir()


def test_valkey_keeps_tasks_through_a_kill(data: Path) -> None:
    server = Valkey(data, socket_folder(data)).start()
    try:
        redis.from_url(server.url).lpush("default", "task")
        wait_until(lambda: any(file.stat().st_size > 60 for file in server.folder.rglob("*.incr.aof")))
        assert server.process is not None
        kill(server.process.pid)
        server.process.wait()

        server.start()

        assert redis.from_url(server.url).llen("default") == 1
    finally:
        server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down")
def test_root_without_namespaces_becomes_somebody_else(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODWORD_NO_NAMESPACE", "1")

    server = Postgres(data, socket_folder(data), tuning=FOR_TESTS).start()
    try:
        assert ask(server, "SELECT 1") == "1"
        assert server.folder.stat().st_uid != 0
    finally:
        server.stop()
        server.remove()

    assert not server.home.exists()


SERVERS = """
import sys, time
from pathlib import Path
from marketplace.launch.places import socket_folder
from marketplace.launch.postgres import Postgres
from marketplace.launch.valkey import Valkey
data = Path(sys.argv[1])
servers = [Postgres(data, socket_folder(data)).start(), Valkey(data, socket_folder(data)).start()]
print(*[server.process.pid for server in servers], flush=True)
time.sleep(60)
"""


def test_servers_leave_when_their_launcher_is_killed(data: Path, launch: Launch) -> None:
    launcher = launch("-c", SERVERS, str(data))
    assert launcher.stdout is not None
    pids = [int(word) for word in launcher.stdout.readline().split()]
    assert len(pids) == 2
    assert all(alive(pid) for pid in pids)

    kill(launcher.pid)

    assert wait_until(lambda: not any(alive(pid) for pid in pids))


def test_where_the_kernel_does_not_tell_a_watcher_does(tmp_path: Path, launch: Launch) -> None:
    watcher = """
import os, subprocess, sys, time
shim = [sys.executable, "-I", "-S", "marketplace/launch/shim.py", "--tie", "15", "--watch", "1"]
child = subprocess.Popen([*shim, "--parent", str(os.getpid()), "--", "/bin/sh", "-c", "echo $$; exec sleep 60"])
time.sleep(60)
"""
    launcher = launch("-c", watcher)
    assert launcher.stdout is not None
    sleeper = int(launcher.stdout.readline())

    kill(launcher.pid)

    assert wait_until(lambda: not alive(sleeper))


def test_root_and_a_user_without_a_name_need_another_identity() -> None:
    assert not acceptable(0)
    assert not acceptable(987_654)
    assert acceptable(pwd.getpwnam("nobody").pw_uid)
