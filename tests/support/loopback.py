"""What tests of sockets share: the loopback addresses to try, and peers that read or listen."""

import contextlib
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 10.0  # seconds for what must arrive


def has_ipv6() -> bool:
    """Whether ::1 can be bound here."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not has_ipv6(), reason="this machine has no ::1")
HOSTS = ["127.0.0.1", pytest.param("::1", marks=needs_ipv6)]


def family_of(host: str) -> socket.AddressFamily:
    """The address family of a loopback address."""
    return socket.AF_INET6 if ":" in host else socket.AF_INET


@contextlib.contextmanager
def listening(host: str = "127.0.0.1", backlog: int = 128) -> Iterator[socket.socket]:
    """A listening TCP socket that waits long for a client, but not for ever."""
    with socket.create_server((host, 0), family=family_of(host), backlog=backlog) as listener:
        listener.settimeout(PATIENCE)
        yield listener


def read_all(sock: socket.socket) -> bytes:
    """What arrives until the peer sends no more."""
    received = bytearray()
    while data := sock.recv(1 << 20):
        received += data
    return bytes(received)


def run_python(source: str, **options: object) -> subprocess.CompletedProcess:
    """Run a program in a process of its own, with the course importable."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        **options,
    )
