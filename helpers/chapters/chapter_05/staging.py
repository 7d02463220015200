"""What chapter 05 stands on: a sensor that sends through a link, and a collector."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Iterable, Iterator
from typing import Any

from helpers.link import blocks  # noqa: F401 (numpy, now: a cell may be interrupted amid its import)
from helpers.link.link import Link
from helpers.servers.servers import run_server

# Number, degrees Celsius, time of sending, and 84 bytes of padding (x): 100 bytes in all.
READING = struct.Struct("!Ifd84x")
ROOM = 100  # datagrams that any buffer holds
SETTLES = 5  # seconds


def send_through(
    payloads: Iterable[bytes], gap: float = 0.0, **settings: Any
) -> list[tuple[bytes, float]]:
    """Send datagrams through a link; return what arrived, in its order, and when.

    Args:
        payloads: of the datagrams; each is asked for when it is sent.
        gap: between two sendings, in seconds.
        settings: of the link.
    """
    arrived = []

    def collector(sock: socket.socket) -> None:
        while True:
            arrived.append((sock.recv(2048), time.perf_counter()))

    with (
        run_server(collector, kind="udp") as server,
        Link(server.address, **settings) as link,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sensor,
    ):
        sensor.bind(("127.0.0.1", 0))
        start = time.perf_counter()
        for number, payload in enumerate(payloads, 1):
            sensor.sendto(payload, link.address)
            if number % ROOM == 0 and not gap:  # so that no buffer overflows
                link.settle(timeout=SETTLES)
                server.settle(timeout=SETTLES)
            time.sleep(max(0, start + number * gap - time.perf_counter()))
        link.settle(timeout=SETTLES)
        server.settle(timeout=SETTLES)
    return arrived


def sense(
    celsius: Iterable[float], gap: float = 0.0, **settings: Any
) -> list[tuple[int, float, float, float]]:
    """Send readings through a link, numbered from 1.

    Args:
        celsius: what is read.
        gap: between two readings, in seconds.
        settings: of the link.

    Returns:
        Of each that arrived its number, its value, and when it was sent and arrived, in seconds.
    """

    def readings() -> Iterator[bytes]:  # one by one, so that each holds the time when it is sent
        for number, value in enumerate(celsius, 1):
            yield READING.pack(number, value, time.perf_counter())

    return [(*READING.unpack(data), at) for data, at in send_through(readings(), gap, **settings)]
