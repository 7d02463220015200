"""Relays for datagrams as a user would write or find them, to measure ours beside.

Each passes what comes to its `address` on to the server, after `delay` seconds, in one direction.
"""

import asyncio
import socket
import threading
import time
from typing import Self


class Peer:
    """A relay in a thread. `seen` counts the packets that it has read."""

    def __init__(self, server: tuple[str, int], delay: float = 0.0) -> None:
        self.server, self.delay, self.seen = server, delay, 0
        self.ending = False
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 1024 * 1024)
        self.sock.bind(("127.0.0.1", 0))
        self.address = self.sock.getsockname()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ending = True
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bell:
            bell.sendto(b"", self.address)
        self.thread.join()
        self.sock.close()

    def run(self) -> None:
        """Read packets until the end."""
        while not self.ending:
            data = self.sock.recv(65_536)
            self.seen += 1
            self.pass_on(data)

    def pass_on(self, data: bytes) -> None:
        """Send one packet to the server."""
        self.sock.sendto(data, self.server)


class Naive(Peer):
    """No delay, no impairments: the least that a relay must do."""


class Sleeping(Peer):
    """Sleeps in its loop for each packet."""

    def pass_on(self, data: bytes) -> None:
        """Wait, then send."""
        if not self.ending:
            time.sleep(self.delay)
        super().pass_on(data)


class Timers(Peer):
    """A `threading.Timer` for each packet."""

    def pass_on(self, data: bytes) -> None:
        """Have a thread send it later."""
        if not self.ending:
            threading.Timer(self.delay, self.sock.sendto, (data, self.server)).start()


class Asyncio(Peer):
    """A datagram protocol whose loop calls later."""

    def run(self) -> None:
        """Run a loop until the end."""
        asyncio.run(self.serve())

    async def serve(self) -> None:
        """Relay until the end."""
        loop, peer = asyncio.get_running_loop(), self
        ended = loop.create_future()

        class Protocol(asyncio.DatagramProtocol):
            def connection_made(self, transport: asyncio.DatagramTransport) -> None:
                self.transport = transport

            def datagram_received(self, data: bytes, _: tuple) -> None:
                peer.seen += 1
                if not peer.ending:
                    loop.call_later(peer.delay, self.transport.sendto, data, peer.server)
                elif not ended.done():
                    ended.set_result(None)

        transport, _ = await loop.create_datagram_endpoint(Protocol, sock=self.sock)
        await ended
        transport.close()
