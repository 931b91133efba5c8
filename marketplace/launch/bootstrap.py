"""From a bare Python to the locked environment, with the standard library alone.

`.venv` is made beside manage.py (an active venv is respected), `uv` goes into it, then exactly what the lock says.
A stamp makes the second call cost nothing; a file lock keeps two calls at once from breaking each other.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from marketplace.launch.indexes import installer_environment

REPO = Path(__file__).resolve().parent.parent.parent
RUNTIME = REPO / "requirements.txt"
TESTS = REPO / "tests" / "requirements.txt"
UV = Path(__file__).with_name("uv.txt")
NEED_TESTS = {"test", "lint", "fix", "lock", "torture"}
STAMPS = {RUNTIME: ".goodword-runtime", TESTS: ".goodword-tests"}


def enter_environment(arguments: list[str]) -> None:
    """Return inside the right Python with the right packages, or replace this process by one that is."""
    if os.environ.get("GOODWORD_BOOTSTRAP") == "0":  # an image that was built with everything in it
        return
    requirements = TESTS if arguments[1:2] and arguments[1] in NEED_TESTS else RUNTIME
    home = environment()
    if not is_ready(home, requirements):
        prepare(home, requirements)
    compile_once(home)
    if Path(sys.prefix) != home:
        program = str(python_of(home))
        os.execv(program, [program, *arguments])  # noqa: S606 - the Python we just made


def compile_once(home: Path) -> None:
    """Where Python was told not to write bytecode beside the sources, it goes into the venv: half of every start."""
    if sys.dont_write_bytecode:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(home / "bytecode")
        sys.dont_write_bytecode = False


def environment() -> Path:
    """The venv we are in, else the one beside manage.py."""
    if sys.prefix != sys.base_prefix:
        return Path(sys.prefix)
    active = os.environ.get("VIRTUAL_ENV")
    if active and python_of(Path(active)).exists():
        return Path(active)
    return REPO / ".venv"


def python_of(home: Path) -> Path:
    return home / "bin" / "python"


def fingerprint(requirements: Path) -> str:
    """Changes when the lock, the Python, or the place does."""
    facts = f"{sys.version_info[:2]} {REPO}".encode()
    return hashlib.sha256(facts + requirements.read_bytes()).hexdigest()


def is_ready(home: Path, requirements: Path) -> bool:
    try:
        stamp = (home / STAMPS[requirements]).read_text()
    except OSError:
        return False
    return stamp == fingerprint(requirements) and python_of(home).exists()


def prepare(home: Path, requirements: Path) -> None:
    """Make the venv and install, one caller at a time; whoever waited finds the work done."""
    with (REPO / "manage.py").open() as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        if is_ready(home, requirements):
            return
        say(f"Preparing {home} from {requirements.relative_to(REPO)} (once) …")
        make_environment(home)
        install(home, requirements)
        done = [requirements, RUNTIME] if requirements == TESTS else [requirements]
        for each in done:  # the tests' lock holds everything the product needs
            (home / STAMPS[each]).write_text(fingerprint(each))


def make_environment(home: Path) -> None:
    """A venv whose Python runs. One that was left half made, or whose Python has gone, is made again."""
    if runs(home):
        return
    if home != REPO / ".venv":
        sys.exit(f"The active environment {home} does not work. Leave it (`deactivate`) and start again.")
    shutil.rmtree(home, ignore_errors=True)
    venv.EnvBuilder(with_pip=False, symlinks=True).create(home)


def runs(home: Path) -> bool:
    try:
        wanted = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
        return quiet([str(python_of(home)), "-I", "-c", wanted]) == 0
    except OSError:
        return False


def install(home: Path, requirements: Path) -> None:
    """uv where it can be had, else pip: the same lock, the same hashes."""
    pip = find_pip(home)
    settings = installer_environment(pip)
    if quiet([*uv(home), "--version"]) != 0:
        call([*pip, "install", "--quiet", "--require-hashes", "-r", str(UV)], check=False, env=None)
    locked = ["install", "--quiet", "--no-deps", "--require-hashes", "-r", str(requirements)]
    if quiet([*uv(home), "--version"]) == 0:
        target = ["--python", str(python_of(home))]
        if call([*uv(home), "pip", locked[0], *target, *locked[1:]], check=False, env=settings) == 0:
            return
        say("uv could not install everything; trying pip …")
    call([*pip, *locked], check=True, env=None)


def uv(home: Path) -> list[str]:
    return [str(python_of(home)), "-m", "uv"]


def find_pip(home: Path) -> list[str]:
    """A pip that installs into `home`: its own, this Python's, or one made by ensurepip."""
    inside = [str(python_of(home)), "-m", "pip"]
    if quiet([*inside, "--version"]) == 0:
        return inside
    outside = [sys.executable, "-m", "pip", "--python", str(python_of(home))]
    if quiet([*outside, "--version"]) == 0:
        return outside
    if importlib.util.find_spec("ensurepip") is None:
        add_ensurepip()
    call([str(python_of(home)), "-m", "ensurepip", "--default-pip"], check=True, env=None, silent=True)
    return inside


def add_ensurepip() -> None:
    """Debian keeps ensurepip in a package of its own: as root on such a machine fetch it, else say the line."""
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    line = ["apt-get", "install", "-y", "--no-install-recommends", package]
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"Python's ensurepip is missing. Run `sudo {' '.join(line)}` and start again.")
    say(f"Installing {package} …")
    call(["apt-get", "update", "-qq"], check=False, env=None, silent=True)
    call(line, check=True, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, silent=True)
    importlib.invalidate_caches()


def quiet(command: list[str]) -> int:
    done = subprocess.run(  # noqa: S603 - our own command lines
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, check=False
    )
    return done.returncode


def call(command: list[str], *, check: bool, env: dict[str, str] | None, silent: bool = False) -> int:
    """Run a command with its words on our stderr; with `check`, its failure is ours."""
    out = subprocess.DEVNULL if silent else sys.stderr
    done = subprocess.run(command, stdout=out, stdin=subprocess.DEVNULL, env=env, check=False)  # noqa: S603
    if check and done.returncode != 0:
        sys.exit(f"This failed: {' '.join(command)}\nMend what it says above and start again.")
    return done.returncode


def say(words: str) -> None:
    sys.stderr.write(words + "\n")
    sys.stderr.flush()
