"""Hand pip's settings (index, certificates, wheels at hand) to uv, which does not read them. Standard library only."""

import os
import subprocess

# pip's name → uv's name; a list is joined by blanks for uv, and by commas where it says so.
NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "timeout": "UV_HTTP_TIMEOUT",
    "cache-dir": "",
}
RANKS = {"global": 0, "install": 1, ":env:": 2}


def pip_settings(listing: str) -> dict[str, str]:
    """Read `pip config list`: the environment beats the command's own section, that beats the global one."""
    found: dict[str, tuple[int, str]] = {}
    for line in listing.splitlines():
        place, _, value = line.partition("=")
        section, _, name = place.rpartition(".")
        rank = RANKS.get(section, -1)
        if rank >= 0 and rank >= found.get(name, (-1, ""))[0]:
            found[name] = (rank, value.strip("'\""))
    return {name: value for name, (_, value) in found.items()}


def translated(settings: dict[str, str]) -> dict[str, str]:
    """pip's settings under uv's names."""
    result: dict[str, str] = {}
    for name, value in settings.items():
        target = NAMES.get(name)
        words = value.replace("\\n", " ").split()
        if target and words:
            result[target] = ",".join(words) if target == "UV_FIND_LINKS" else " ".join(words)
    return result


def installer_environment(pip: list[str]) -> dict[str, str]:
    """The environment uv runs in. What the person set for uv stays; hashes make pooling the indexes safe."""
    listing = subprocess.run(  # noqa: S603 - our own pip
        [*pip, "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    ours = {"UV_PYTHON_DOWNLOADS": "never", "UV_INDEX_STRATEGY": "unsafe-best-match", "UV_LINK_MODE": link_mode()}
    return ours | translated(pip_settings(listing)) | dict(os.environ) | {"UV_PYTHON_DOWNLOADS": "never"}


def link_mode() -> str:
    """Hard links from the cache are quickest; across file systems uv would warn on every package, so it copies."""
    return os.environ.get("UV_LINK_MODE", "hardlink" if same_file_system() else "copy")


def same_file_system() -> bool:
    cache = os.environ.get("UV_CACHE_DIR") or os.path.expanduser("~/.cache")
    try:
        return os.stat(cache).st_dev == os.stat(os.path.dirname(os.path.abspath(__file__))).st_dev
    except OSError:
        return False
