"""`test` and `lint` never look better than things are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.launch import checks, doctor, suite
from marketplace.launch.checks import Result, report
from marketplace.launch.doctor import Finding
from marketplace.launch.places import LaunchError
from marketplace.launch.suite import find_browser
from marketplace.launch.suite import pytest as command


@pytest.fixture
def no_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suite, "chromium", lambda: "")
    monkeypatch.setattr(suite, "install_chromium", lambda: False)
    monkeypatch.delenv("GOODWORD_SKIP_BROWSER", raising=False)
    monkeypatch.delenv("CI", raising=False)


@pytest.mark.usefixtures("no_browser")
def test_without_chromium_ci_fails_instead_of_skipping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "1")

    with pytest.raises(LaunchError, match="apt-get install"):
        find_browser([])


@pytest.mark.usefixtures("no_browser")
def test_without_chromium_a_laptop_leaves_the_browser_out_and_knows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOODWORD_SKIP_BROWSER", "")

    assert find_browser([]) is False
    assert os.environ["GOODWORD_SKIP_BROWSER"] == "1"


@pytest.mark.usefixtures("no_browser")
def test_tests_that_need_no_browser_do_not_ask_for_one() -> None:
    assert find_browser(["tests/payments", "-x"]) is True


def test_tests_run_on_all_cores_unless_the_person_chose() -> None:
    assert command([])[3:] == ["-n", "auto"]
    assert command(["-n0", "tests/payments"])[3:] == ["-n0", "tests/payments"]
    assert command(["--pdb"])[3:] == ["--pdb"]


def test_one_failed_check_fails_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    fine, broken = Result("style", 0, 0.1, ""), Result("types", 1, 2.0, "app.py:1: error: no [brackets] lost")

    assert report([fine]) == 0
    assert report([fine, broken]) == 1
    assert "no [brackets] lost" in capsys.readouterr().err


def test_an_unknown_check_is_refused() -> None:
    assert checks.lint(["spelling"]) == 2


def test_the_doctor_says_how_to_mend_and_exits_accordingly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = Finding("Disk", "0.1 GB free", well=False, mend="Make room.")
    hint = Finding("Port", "8000 is in use", well=None, mend="Choose another.")

    monkeypatch.setattr(doctor, "EXAMINATIONS", (lambda: broken, lambda: hint))
    assert doctor.doctor([]) == 1
    assert "Make room." in capsys.readouterr().err

    monkeypatch.setattr(doctor, "EXAMINATIONS", (lambda: hint,))
    assert doctor.doctor([]) == 0


def test_the_doctor_finds_a_data_folder_others_can_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "data_folder", lambda: tmp_path)

    tmp_path.chmod(0o755)
    assert doctor.data().well is False

    tmp_path.chmod(0o700)
    assert doctor.data().well is True


def test_an_old_python_is_told_so_in_a_sentence() -> None:
    program = "import sys; sys.version_info = (3, 9, 1); exec(open('manage.py').read())"

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert said.returncode == 1
    assert "Python 3.11 or newer" in said.stderr
