"""What chapter 04 stands on: a device with other things to do, and some that are to be found."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

WAIT = 1.0  # seconds
SECOND = b"ping 2"  # when it comes, the device is busy


def busy_device(sock: socket.socket) -> None:
    """Answer pings with their own bytes, for ever, but the second one only when the third comes."""
    held: list[bytes] = []
    while True:
        data, asker = sock.recvfrom(1024)
        held.append(data)
        while held and data != SECOND:
            sock.sendto(held.pop(0), asker)


def join_group(socks: Iterable[socket.socket], group: str) -> int:
    """Let sockets hear a multicast group on loopback, all at one port.

    Args:
        socks: unbound UDP sockets, which get a timeout; the caller closes them.
        group: the group's IPv4 address.

    Returns:
        The port.

    Raises:
        OSError: where this machine allows no multicast.
    """
    port = 0
    for sock in socks:
        for option in ("SO_REUSEADDR", "SO_REUSEPORT"):  # Windows has no SO_REUSEPORT
            if hasattr(socket, option):
                sock.setsockopt(socket.SOL_SOCKET, getattr(socket, option), 1)
        sock.bind(("127.0.0.1" if sys.platform == "win32" else group, port))
        member = socket.inet_aton(group) + socket.inet_aton("127.0.0.1")
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        sock.settimeout(WAIT)
        port = sock.getsockname()[1]
    return port


class Device:
    """A device with a name, which answers from a socket of its own and hears by another.

    Attributes:
        name: what it answers.
        address: where its own socket is found: (host, port).
        ear: a socket without an address, which may join a group.
    """

    def __init__(self, name: str, stack: ExitStack) -> None:
        self.name = name
        self._own, self.ear = (
            stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) for _ in range(2)
        )
        self._own.bind(("127.0.0.1", 0))
        self._own.settimeout(WAIT)
        self.address = self._own.getsockname()

    def hears_for_itself(self) -> tuple[str, int]:
        """From now on it hears by its own socket, whose address this is."""
        self.ear = self._own
        return self.address

    def answer(self) -> bytes:
        """Hear one question, send the name to where it came from, and return the question.

        Raises:
            TimeoutError: where none comes.
        """
        question, asker = self.ear.recvfrom(1024)
        self._own.sendto(self.name.encode(), asker)
        return question


@contextmanager
def devices(*names: str) -> Iterator[list[Device]]:
    """Devices of these names, whose sockets are closed at the end of the block."""
    with ExitStack() as stack:
        yield [Device(name, stack) for name in names]
