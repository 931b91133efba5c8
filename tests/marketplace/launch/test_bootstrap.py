"""From a bare Python to the locked environment."""

import os
import re
import sys
from pathlib import Path

import pytest

from marketplace.launch import bootstrap
from marketplace.launch.bootstrap import RUNTIME, STAMPS, TESTS, UV, fingerprint, is_ready, runs
from marketplace.launch.indexes import pip_settings, translated

PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", re.M | re.I)


def pins(path: Path) -> dict[str, str]:
    return dict(PIN.findall(path.read_text()))


def test_the_tests_lock_holds_everything_the_product_needs() -> None:
    """Both are installed into one environment; a difference would change it back and forth."""
    product = pins(RUNTIME)

    assert len(product) > 40
    assert {name: pins(TESTS).get(name) for name in product} == product


@pytest.mark.parametrize("lock", [RUNTIME, TESTS, UV], ids=lambda path: path.name)
def test_every_locked_package_has_a_hash(lock: Path) -> None:
    entries = [entry for entry in re.split(r"\n(?=[a-z0-9])", lock.read_text(), flags=re.I) if PIN.match(entry)]

    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_a_stamp_is_only_good_for_the_lock_it_was_made_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "requirements.txt"
    lock.write_text("one==1\n")
    monkeypatch.setitem(STAMPS, lock, ".stamp")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(sys.executable)
    assert not is_ready(tmp_path, lock)

    (tmp_path / ".stamp").write_text(fingerprint(lock))
    assert is_ready(tmp_path, lock)

    lock.write_text("one==2\n")
    assert not is_ready(tmp_path, lock)


def test_a_venv_whose_python_is_gone_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / ".venv"
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "python").symlink_to("/nowhere/python3")
    monkeypatch.setattr(bootstrap, "REPO", tmp_path)
    assert not runs(home)

    bootstrap.make_environment(home)

    assert runs(home)


def test_somebody_elses_broken_venv_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="deactivate"):
        bootstrap.make_environment(tmp_path)


def test_uv_hears_what_pip_was_told() -> None:
    listing = """:env:.cert='/ca.crt'
:env:.find-links='/wheels /more'
global.cert='/older.crt'
global.index-url='https://mirror.example/simple'
global.extra-index-url='file:///one file:///two'
install.trusted-host='mirror.example'
freeze.timeout='9'
"""

    assert translated(pip_settings(listing)) == {
        "SSL_CERT_FILE": "/ca.crt",
        "UV_FIND_LINKS": "/wheels,/more",
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "UV_INDEX": "file:///one file:///two",
        "UV_INSECURE_HOST": "mirror.example",
    }


def test_a_machine_that_writes_no_bytecode_still_compiles_only_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(sys, "pycache_prefix", None)

    bootstrap.compile_once(tmp_path)

    assert not sys.dont_write_bytecode
    assert sys.pycache_prefix == os.environ["PYTHONPYCACHEPREFIX"] == str(tmp_path / "bytecode")
    assert "PYTHONDONTWRITEBYTECODE" not in os.environ
