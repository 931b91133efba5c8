"""Free ports: a busy one moves to the next, and we say so."""

import socket

from marketplace.launch.places import LaunchError

HOST = "127.0.0.1"
TRIES = 50


def listen(wanted: int) -> socket.socket:
    """A listening socket on `wanted` or the next free port. The launcher keeps it: a web restart drops nobody."""
    for port in range(wanted, min(wanted + TRIES, 65536)) if wanted else [0]:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(512)
        except OSError:
            listener.close()
        else:
            listener.set_inheritable(True)
            return listener
    raise LaunchError(f"Ports {wanted} to {wanted + TRIES - 1} are all busy. Choose another with --port.")
