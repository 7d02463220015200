"""A crowd of clients in this process, connected or beginning to connect, and closed at the end."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress


@contextmanager
def crowd(
    address: tuple[str, int], clients: int, *, wait: bool = True
) -> Iterator[list[socket.socket]]:
    """Connect so many clients to a server, and close all of them at the end of the block.

    Args:
        address: (host, port) of a TCP server.
        clients: how many.
        wait: whether to connect one after another, each until it is connected. Otherwise all
            begin to connect at once, and nobody waits: their sockets do not block, and
            `is_connected` tells of each whether it has succeeded.

    Yields:
        The clients' sockets, in the order of connecting; those that have waited have a timeout
        of 10 seconds.

    Raises:
        OSError: when a client that is to wait can't connect, or there are too many open files.
    """
    with ExitStack() as stack:
        members = []
        for _ in range(clients):
            if wait:
                member = socket.create_connection(address, timeout=10)
            else:
                member = socket.socket()
                member.setblocking(False)
                member.connect_ex(address)
            members.append(stack.enter_context(member))
        yield members


def is_connected(client: socket.socket) -> bool:
    """Whether `connect` has succeeded for this socket, and its connection has not been reset."""
    with suppress(OSError):
        return bool(client.getpeername())
    return False
