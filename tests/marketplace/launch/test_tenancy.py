"""One holder for each data folder, and guests who may borrow what it runs."""

import os
import re
import socket
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from marketplace.launch import tenancy as tenancy_module
from marketplace.launch.places import REPO, LaunchError, data_folder, kept_secrets, private
from marketplace.launch.ports import listen
from marketplace.launch.setting import open_doors, read_env_file, set_stage
from marketplace.launch.tenancy import Tenancy, holder, servers_for_a_moment


@contextmanager
def same_environment() -> Iterator[None]:
    """The launcher speaks to the product through the environment; afterwards it is as it was."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def test_a_second_holder_is_refused_and_told_who_is_first(data: Path) -> None:
    first, second = Tenancy(data, "manage.py up"), Tenancy(data, "manage.py shell")

    assert first.try_hold()
    assert not second.try_hold()
    assert holder(data) == f"manage.py up (process {os.getpid()})"

    first.stop()
    third = Tenancy(data, "manage.py shell")
    assert third.try_hold()
    third.stop()


def test_a_guest_uses_the_servers_that_run(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host = Tenancy(data, "manage.py up")
    assert host.try_hold()
    with monkeypatch.context() as theirs:
        theirs.setenv("DATABASE_URL", "postgres://theirs@/theirs?host=/somewhere")
        theirs.setenv("REDIS_URL", "unix:///somewhere/valkey.sock")
        host.publish()

    with same_environment(), servers_for_a_moment(data, "manage.py shell"):
        borrowed = os.environ["DATABASE_URL"]

    assert borrowed == "postgres://theirs@/theirs?host=/somewhere"
    assert stat.S_IMODE((data / "services.json").stat().st_mode) == 0o600
    host.stop()


def test_a_guest_does_not_wait_for_ever(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host = Tenancy(data, "manage.py up")
    assert host.try_hold()
    monkeypatch.setattr(tenancy_module, "WAIT_SECONDS", 0.1)

    with pytest.raises(LaunchError, match="process"), servers_for_a_moment(data, "manage.py shell"):
        pass

    host.stop()


def test_real_servers_are_used_as_they_are(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://db.example/goodword")
    monkeypatch.setenv("REDIS_URL", "redis://cache.example/0")

    with servers_for_a_moment(data, "manage.py migrate"):
        assert os.environ["DATABASE_URL"] == "postgres://db.example/goodword"

    assert list(data.iterdir()) == []


def test_a_busy_port_moves_to_the_next() -> None:
    with socket.socket() as occupant:
        occupant.bind(("127.0.0.1", 0))
        occupant.listen()
        busy = occupant.getsockname()[1]

        with listen(busy) as listener:
            assert listener.getsockname()[1] > busy


def test_when_no_port_is_free_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.launch.ports.TRIES", 1)
    with socket.socket() as occupant:
        occupant.bind(("127.0.0.1", 0))
        occupant.listen()

        with pytest.raises(LaunchError, match="--port"):
            listen(occupant.getsockname()[1])


def test_the_port_of_the_sandbox_is_held_from_the_first_moment(data: Path) -> None:
    """Two that start at once would else choose the same, and one's product would speak to the other's double."""
    with same_environment():
        open_doors(0, {"web", "sandbox"}, data, lambda _words: None)
        chosen = int(os.environ["STRIPE_API_BASE"].rpartition(":")[2])

        with listen(chosen) as other:
            assert other.getsockname()[1] != chosen
        with socket.socket(fileno=int(os.environ["GOODWORD_SANDBOX_FD"])) as ours:
            assert ours.getsockname()[1] == chosen
        os.close(int(os.environ["GOODWORD_WEB_FD"]))


def test_without_a_sandbox_to_run_no_port_is_held(data: Path) -> None:
    with same_environment():
        open_doors(0, {"worker"}, data, lambda _words: None)
        chosen = int(os.environ["STRIPE_API_BASE"].rpartition(":")[2])

        with listen(chosen) as other:
            assert other.getsockname()[1] == chosen
        assert "GOODWORD_SANDBOX_FD" not in os.environ


def test_secrets_are_made_once_and_read_by_their_owner_only(data: Path) -> None:
    first = kept_secrets(data)

    assert kept_secrets(data) == first
    assert len(set(first.values())) == len(first) == 3
    assert stat.S_IMODE((data / "secrets").stat().st_mode) == 0o600


def test_what_the_operator_set_stays(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with same_environment():
        monkeypatch.setenv("SECRET_KEY", "theirs")
        monkeypatch.setenv("STRIPE_WEBHOOK_SECRET_FILE", "/run/secrets/stripe")
        set_stage(data)

        assert os.environ["SECRET_KEY"] == "theirs"
        assert "STRIPE_WEBHOOK_SECRET" not in os.environ
        assert os.environ["GOODWORD_LOCAL"] == "1"


def test_an_env_file_fills_in_what_the_environment_leaves_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    (tmp_path / ".env").write_text("# a note=1\nPORT=8000\nSITE_URL='https://a.example'  # ours\nSECRET_KEY=\n")

    with same_environment():
        read_env_file(tmp_path / ".env")

        assert os.environ["PORT"] == "9000"
        assert os.environ["SITE_URL"] == "https://a.example"
        assert "SECRET_KEY" not in os.environ


def test_every_setting_is_in_the_example() -> None:
    """A knob nobody can find is no knob."""
    example = set(re.findall(r"^([A-Z_]+)=", (REPO / ".env.example").read_text(), re.M))
    read = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", (REPO / "marketplace" / "settings.py").read_text()))

    assert len(read) > 20
    assert read - example == set()


def test_a_folder_others_could_read_is_closed(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)

    assert stat.S_IMODE(private(tmp_path / "open").stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GOODWORD_DATA", str(tmp_path / "file" / "data"))

    with pytest.raises(LaunchError, match="GOODWORD_DATA"):
        data_folder()
