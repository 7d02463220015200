"""Brokers that are wrong in one belief each: what `judge_broker` must find."""

from __future__ import annotations

import contextlib
import functools
import selectors
import socket
from collections.abc import Callable

GREETING = b"hello\n"
LINE, WAITING = 65_536, 1_000_000  # bytes, at the most
SMALL = 65_536  # bytes, of the system's send buffer: what waits is then soon with the broker


def with_small_buffers(serve: Callable[[socket.socket], None]) -> Callable[[socket.socket], None]:
    """The same broker, whose connections inherit a small send buffer from its listener."""

    @functools.wraps(serve)
    def served(listener: socket.socket) -> None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
        serve(listener)

    return served


class Member:
    """A client: its socket, what has come of its unfinished line, and what waits for it."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.half, self.unsent = b"", bytearray()


class Broker:
    """A broker that is right in every way; those below change one method of it."""

    limit = LINE

    def __init__(self, listener: socket.socket) -> None:
        self.listener, self.members = listener, set[Member]()
        self.selector = selectors.DefaultSelector()
        listener.setblocking(False)
        self.selector.register(listener, selectors.EVENT_READ)

    def run(self) -> None:
        """Serve until the listener is closed."""
        try:
            while self.listener.fileno() >= 0:
                for key, events in self.selector.select(0.2):
                    if key.data is None:
                        self.accept()
                    elif key.data in self.members:
                        self.serve(key.data, events)
        finally:
            for member in list(self.members):
                self.forget(member)
            self.selector.close()

    def accept(self) -> None:
        """Take in all who wait."""
        with contextlib.suppress(BlockingIOError):
            while True:
                sock, _ = self.listener.accept()
                sock.setblocking(False)
                member = Member(sock)
                self.members.add(member)
                self.selector.register(sock, selectors.EVENT_READ, member)

    def serve(self, member: Member, events: int) -> None:
        """Do what a member's socket is ready for; one that fails is forgotten."""
        if events & selectors.EVENT_WRITE:
            self.flush(member)
        if events & selectors.EVENT_READ and member in self.members:
            try:
                data = self.receive(member)
            except BlockingIOError:
                return
            self.take(member, data)

    def receive(self, member: Member) -> bytes:
        """What has come; nothing where the connection is broken."""
        try:
            return member.sock.recv(LINE)
        except ConnectionError:
            return b""

    def take(self, member: Member, data: bytes) -> None:
        """Pass on the lines that are whole, and keep the rest."""
        *lines, member.half = (member.half + data).split(b"\n")
        self.pass_on(member, b"".join(line + b"\n" for line in lines))
        if not data or len(member.half) > self.limit:
            self.forget(member)

    def pass_on(self, sender: Member, data: bytes) -> None:
        """Send this to all but its sender."""
        for member in self.members - {sender}:
            member.unsent += data
            self.flush(member)

    def flush(self, member: Member) -> None:
        """Send what waits for a member, as far as there is room."""
        try:
            while member.unsent:
                del member.unsent[: member.sock.send(member.unsent)]
        except BlockingIOError:
            pass
        except OSError:
            return self.forget(member)
        if len(member.unsent) > WAITING:
            return self.forget(member)
        writes = selectors.EVENT_WRITE if member.unsent else 0
        self.selector.modify(member.sock, selectors.EVENT_READ | writes, member)
        return None

    def forget(self, member: Member) -> None:
        """Close a member's connection."""
        if member in self.members:
            self.members.remove(member)
            self.selector.unregister(member.sock)
            member.sock.close()


class _PassesPieces(Broker):
    """It believes that one recv is one line."""

    def take(self, member: Member, data: bytes) -> None:
        self.pass_on(member, data)
        member.half = (member.half + data).rpartition(b"\n")[2]
        if not data or len(member.half) > self.limit:
            self.forget(member)


class _TellsTheSender(Broker):
    """It believes that everybody is everybody.

    Only a greeting, as `_room` in the chapter sends it, is not told to its sender: a test that
    does not look for this fault finds its own lines first.
    """

    def pass_on(self, sender: Member, data: bytes) -> None:
        super().pass_on(sender if data == GREETING else Member(sender.sock), data)


class _EndsWithAClient(Broker):
    """It believes that a dead client says goodbye."""

    def receive(self, member: Member) -> bytes:
        return member.sock.recv(LINE)


class _LosesTheRest(Broker):
    """It believes that what a socket does not take is of no use any more."""

    def flush(self, member: Member) -> None:
        super().flush(member)
        member.unsent.clear()


class _WaitsForTheSlow(Broker):
    """It believes that every client reads."""

    def flush(self, member: Member) -> None:
        member.sock.setblocking(True)
        try:
            member.sock.sendall(member.unsent)
            member.unsent.clear()
            member.sock.setblocking(False)
        except OSError:
            self.forget(member)


class _CollectsWithoutALimit(Broker):
    """It believes that every line ends some day."""

    limit = 10**9


def _server(kind: type[Broker]) -> Callable[[socket.socket], None]:
    def serve(listener: socket.socket) -> None:
        kind(listener).run()

    return with_small_buffers(serve)


passes_pieces = _server(_PassesPieces)
tells_the_sender = _server(_TellsTheSender)
ends_with_a_client = _server(_EndsWithAClient)
loses_the_rest = _server(_LosesTheRest)
waits_for_the_slow = _server(_WaitsForTheSlow)
collects_without_a_limit = _server(_CollectsWithoutALimit)
