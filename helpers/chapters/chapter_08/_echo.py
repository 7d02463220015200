"""The cases of `threaded_echo`: clients that are many, silent, slow, rude or gone."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time

from helpers.chapters.chapter_08 import _echo_hints as hints
from helpers.chapters.chapter_08._echo_many import ONE_AT_A_TIME, many, rest
from helpers.chapters.chapter_08._echo_talk import WAIT, echo, expect_end, look, named, read
from helpers.chapters.chapter_08._standing import (
    close_listener,
    is_met,
    patiently,
    served,
    standing,
)
from helpers.chapters.chapter_08.beliefs import GOODBYE
from helpers.checks.peers import reset
from helpers.checks.stage import PeerSocket, Silence, Stage
from helpers.checks.values import short
from helpers.checks.watched import Watched
from helpers.checks.wrong import Wrong

__all__ = ["closed", "many", "resets", "rest", "slow", "talks", "together"]

MUCH = 6_000_000  # more bytes than the buffers of two sockets hold
SOON = 0.3  # seconds for what tells two mistakes apart


@served()
def talks(server: Watched, stage: Stage) -> None:
    """One client, two messages that are no lines and no text, and its end."""
    client = server.client(WAIT)
    try:
        echo(server, client, b"lamp on")
    except Wrong as wrong:
        if not wrong.hints and "got b''" in str(wrong):
            raise Wrong(str(wrong), hints=hints.ENDED_AT_ONCE) from None
        raise _held_back(client, wrong) from None
    try:
        echo(server, client, b"\x00\xff\xfe no text\r\n")
        echo(server, client, b"\n")
    except Wrong as wrong:
        ended = "ended" in str(wrong)
        raise Wrong(str(wrong), hints=wrong.hints or (hints.ONCE if ended else None)) from None
    client.sendall(b"one last word")
    client.shutdown(socket.SHUT_WR)
    try:
        got = read(server, client, 13)
    except Silence as silence:
        raise Wrong(f"The client's last words did not come back. {silence}") from None
    except ConnectionError:
        got = b""
    if got != b"one last word":
        told = "The client sent b'one last word' and ended its side. Expected the echo, got "
        raise Wrong(f"{told}{short(got)}.")
    told = "The client has ended its side and has all its echoes."
    expect_end(server, client, told, hints.CLOSE)


def _held_back(client: PeerSocket, wrong: Wrong) -> Wrong:
    """What to say of a first message that did not come back: what the server waits for."""
    if wrong.hints or "in vain" not in str(wrong):
        return wrong
    client.settimeout(SOON)
    with contextlib.suppress(ConnectionError):
        client.sendall(b"\n")
        if _something(client):
            return Wrong(f"{wrong} When a newline followed, it came.", hints=hints.NO_LINES)
        client.shutdown(socket.SHUT_WR)
        if _something(client):
            told = f"{wrong} When the client had ended its side, it came."
            return Wrong(told, hints=hints.TOO_LATE)
    return wrong


def _something(client: PeerSocket) -> bool:
    try:
        return bool(client.recv(100))
    except Silence:
        return False


@served()
def resets(server: Watched, stage: Stage) -> None:
    """A client ends as it should; two reset; others go on and come."""
    first = server.client(WAIT)
    echo(server, first, b"in good order")
    first.close()
    if not is_met(server, lambda: not server.open_connections(), WAIT):
        raise Wrong(
            "A client has ended its side, and its connection is still open in your server.",
            hints=hints.CLOSE,
        )
    second, third, fourth = (server.client(WAIT) for _ in range(3))
    for client in (second, third, fourth):
        echo(server, client, b"here I am")
    _leave_in_the_middle(server)
    reset(second)
    third.sendall(b"an echo that nobody reads " * 400)
    reset(third)
    try:
        echo(server, fourth, b"still there?")
        server.settle(0.2)
        echo(server, server.client(WAIT), b"and a new one")
    except (Wrong, OSError) as error:
        look(server)
        if server.closed_listener or server.server._socket.fileno() < 0:
            told = "Two clients have reset, and nobody else can come: the listener is closed."
            raise Wrong(told, hints=hints.GONE_LISTENER) from None
        raise error from None
    if not is_met(server, lambda: len(server.open_connections()) <= 2, WAIT):
        raise Wrong(
            "Two clients have reset their connections, and your server still holds "
            f"{len(server.open_connections()) - 2} of them open: each such client "
            "costs it a socket, until there are none left.",
            GOODBYE,
            hints.CLOSE_AFTER_RESET,
        )


def _leave_in_the_middle(server: Watched) -> None:
    """A client ends its side and resets between the server's recv and its sendall."""
    client = server.client(WAIT)
    echo(server, client, b"and I leave")
    server.hold()
    try:
        client.sendall(b"nobody will read this")
        server.wait_until_held()
        client.shutdown(socket.SHUT_WR)
        reset(client)
    finally:
        server.release()
    server.settle(0.1)


@served(send_buffer=65_536)
def slow(server: Watched, stage: Stage) -> None:
    """One client sends much and reads nothing; another goes on; then the first reads."""
    slow, other = server.client(WAIT), server.client(WAIT)
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
    message = random.Random(1).randbytes(65536)
    sent = _fill(slow, message)
    try:
        for number in range(3):
            echo(server, other, b"word %d" % number)
    except Wrong as wrong:
        raise Wrong(str(wrong), hints=wrong.hints or hints.WHO_WAITS) from None
    with contextlib.suppress(ConnectionError):
        slow.shutdown(socket.SHUT_WR)
    got = bytearray()
    try:
        while piece := patiently(server, slow, lambda: slow.recv(1 << 18), 0.4):
            got += piece
    except Silence as silence:
        if len(got) < sent:
            told = f"The slow client sent {sent:,} bytes; {len(got):,} came back, then no more."
            raise Wrong(f"{told} {silence}", hints=hints.LOST) from None
        told = f"The slow client has ended its side and has its echo. {silence}"
        raise Wrong(told, hints=hints.CLOSE) from None
    except ConnectionError:
        pass
    expected = (message * (sent // len(message) + 1))[:sent]
    if got != expected:
        told = f"The slow client sent {sent:,} bytes and expected the same back; {len(got):,} came"
        told += "." if expected.startswith(got) else ", and not the same."
        raise Wrong(told, hints=hints.LOST)


def _fill(client: PeerSocket, message: bytes) -> int:
    """Send this again and again until nothing more is taken for a moment; how many bytes."""
    sent, quiet = 0, 0
    client.settimeout(0.0)
    while sent < MUCH and quiet < 10:
        try:
            start = sent % len(message)
            sent += client.send(message[start:])
            quiet = 0
        except BlockingIOError:
            quiet += 1
            time.sleep(0.002)
        except ConnectionError:
            break
    client.settimeout(WAIT)
    return sent


@served()
def together(server: Watched, stage: Stage) -> None:
    """Twenty clients send in turn, piece by piece, before any of them reads."""
    clients = [server.client(WAIT) for _ in range(20)]
    for number in range(10):
        for name, client in enumerate(clients):
            with contextlib.suppress(ConnectionError):
                client.sendall(b"%d.%d " % (name, number))
    for name, client in enumerate(clients):
        expected = b"".join(b"%d.%d " % (name, number) for number in range(10))
        try:
            got = read(server, client, len(expected))
        except Silence as silence:
            told = f"{named(client)} sent {short(expected)} and expected the same back. {silence}"
            raise Wrong(told) from None
        except ConnectionError:
            got = b""
        if got != expected:
            look(server)
            told = f"{named(client)} sent {short(expected)}, expected the same back,"
            raise Wrong(f"{told} and got {short(got)}.", hints=None if got else hints.ANOTHERS)


@served()
def closed(server: Watched, stage: Stage) -> None:
    """The listener is closed while a client is connected; then that client goes, too."""
    started = daemons_of(server)
    client = server.client(WAIT)
    echo(server, client, b"the last client")
    ends_with_its_listener(server, client, started)


def ends_with_its_listener(server: Watched, client: PeerSocket, started: list[bool]) -> None:
    """Close the listener while a client is connected, which goes then.

    Args:
        server: the learner's.
        client: has been served.
        started: what `daemons_of` has given, before the client came.
    """
    try:
        close_listener(server, 0.4, WAIT)
    except Wrong as wrong:
        if server.closed_listener or "goes on" not in str(wrong):
            raise
        where = standing(server)
        belief, cause = ONE_AT_A_TIME.get(where, (None, hints.GOES_ON))
        if where == "join":
            belief, cause = None, hints.WAITS_AT_THE_END
        raise Wrong(str(wrong), belief, cause) from None
    if not all(started):
        raise Wrong(
            "Your function has returned, and the thread of a client that is still connected is no "
            "daemon: Python waits for it before it ends.",
            hints=hints.NO_DAEMON,
        )
    client.close()
    if not is_met(server, lambda: not server.open_connections(), WAIT):
        told = "The last client has gone, and its connection is still open in your server."
        raise Wrong(told, hints=hints.CLOSE)


def daemons_of(server: Watched) -> list[bool]:
    """A list to which comes, of each thread that is made from now on, whether it is a daemon.

    A thread is one where its maker is, unless it is told otherwise. The server's own thread is one
    for the notebook's sake; a program's main thread, which the function may run in as well, is not.
    """
    started: list[bool] = []
    server.server._main._daemonic = False  # type: ignore[attr-defined]
    take_in = server.server.take_in

    def noting(thread: threading.Thread) -> None:
        started.append(thread.daemon)
        take_in(thread)

    server.server.take_in = noting  # type: ignore[method-assign]
    return started
