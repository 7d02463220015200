"""What the kernel itself has lost, where it tells."""

from __future__ import annotations

import socket


def drops_by_port(family: int) -> dict[int, int] | None:
    """How many datagrams each UDP port of this machine has lost to a full buffer.

    Linux counts them for each open socket in /proc/net/udp; elsewhere the answer is None.
    """
    table = "/proc/net/udp6" if family == socket.AF_INET6 else "/proc/net/udp"
    try:
        with open(table, "rb", buffering=0) as file:
            lines = file.readall().splitlines()[1:]
    except OSError:
        return None
    drops: dict[int, int] = {}
    for line in lines:
        fields = line.split()
        port = int(fields[1].rpartition(b":")[2], 16)
        drops[port] = drops.get(port, 0) + int(fields[-1])
    return drops
