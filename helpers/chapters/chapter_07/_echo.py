"""The cases of `threaded_echo`: clients that are many, silent, slow, rude or gone."""

from __future__ import annotations

import contextlib
import random
import socket
import time

from helpers.chapters.chapter_07.beliefs import BACKLOG, GOODBYE, ONE_CORE
from helpers.checks.peers import reset
from helpers.checks.stage import PATIENCE, PeerSocket, Silence, Stage
from helpers.checks.values import short
from helpers.checks.watched import Watched, watched
from helpers.checks.wrong import Misconception, Wrong
from helpers.learner_code import frames_of_all_threads

MANY = 50  # clients
WAIT = 1.4  # seconds that a client waits where it may be in vain: long, on any machine
AFTER = 0.3  # seconds for one that has waited already, when another has gone
LONGEST = 0.7  # seconds of a timeout that a silent client can outlast
MUCH = 6_000_000  # more bytes than the buffers of two sockets hold


def _echo(server: Watched, client: PeerSocket, message: bytes) -> None:
    """Send a message, and hear the same."""
    try:
        client.sendall(message)
        got = _read(client, len(message))
    except Silence as silence:
        told = f"{_name(client)} sent {short(message)} and expected the same back. {silence}"
        raise Wrong(told) from None
    except ConnectionError:
        got = b""
    if got != message:
        server.settle(0.2)  # raises where the function has failed
        told = f"{_name(client)} sent {short(message)} and expected the same back, got {short(got)}"
        raise Wrong(told + ("; then its connection ended." if len(got) < len(message) else "."))


def _name(client: PeerSocket) -> str:
    return f"The {client.name}"


def _read(client: PeerSocket, size: int) -> bytes:
    received = bytearray()
    while len(received) < size and (piece := client.recv(65536)):
        received += piece
    return bytes(received)


def _expect_end(client: PeerSocket, told: str, belief: Misconception | None = None) -> None:
    """Expect that the server ends its side of this connection."""
    try:
        rest = client.recv(65536)
    except Silence as silence:
        raise Wrong(f"{told} Expected the same of the server. {silence}", belief) from None
    except ConnectionError:
        rest = b""
    if rest:
        raise Wrong(f"{told} Expected nothing more, got {short(rest)}.")


@watched()
def talks(server: Watched, stage: Stage) -> None:
    """One client, two messages that are no lines and no text, and its end."""
    client = server.client(WAIT)
    _echo(server, client, b"lamp on")
    _echo(server, client, b"\x00\xff\xfe no text\r\n")
    _echo(server, client, b"\n")
    client.sendall(b"one last word")
    client.shutdown(socket.SHUT_WR)
    try:
        got = _read(client, 13)
    except Silence as silence:
        raise Wrong(f"The client's last words did not come back. {silence}") from None
    except ConnectionError:
        got = b""
    if got != b"one last word":
        told = "The client sent b'one last word' and ended its side. Expected the echo, got "
        raise Wrong(f"{told}{short(got)}.")
    _expect_end(client, "The client has ended its side and has all its echoes.")


@watched()
def many(server: Watched, stage: Stage) -> None:
    """Fifty clients say a word each and then nothing; one more comes; then all go."""
    clients: list[PeerSocket] = []
    for number in range(1, MANY + 2):
        client = server.client(WAIT)
        try:
            _echo(server, client, b"client %d" % number)
        except Wrong as wrong:
            client.settimeout(AFTER)
            raise _rationed(server, clients, client, number, wrong) from None
        clients.append(client)
    working = _threads(server)
    if working < MANY * 0.8:  # a thread of the notebook's own may have ended meanwhile
        raise Wrong(
            f"{MANY + 1} clients are served, by no more than {max(working, 1)} threads. Expected a "
            "thread for each.",
            hints=OWN,
        )
    stage.pause(_longest_timeout(server))
    for client in random.Random(7).sample(clients, 10):
        _echo(server, client, b"still here")
    clients.append(server.client(WAIT))
    _echo(server, clients[-1], b"a late one")
    for client in clients:
        client.close()
    if not server.wait_for_connections(0, WAIT):
        raise Wrong(
            f"{MANY + 2} clients have closed their connections, and "
            f"{len(server.open_connections())} of them are still open in your server.",
            hints=CLOSE,
        )
    deadline = time.monotonic() + WAIT
    while (idle := _threads(server)) > MANY * 0.4:
        if time.monotonic() > deadline:
            raise Wrong(
                f"All clients have gone, and {idle} threads are still there. Expected each to end "
                "with its client.",
                hints=OWN,
            )
        stage.pause(0.01)


def _threads(server: Watched) -> int:
    """How many threads there are now beyond those of the time before the function began."""
    return len(frames_of_all_threads()) - server.threads_before


def _rationed(
    server: Watched, served: list[PeerSocket], client: PeerSocket, number: int, wrong: Wrong
) -> Wrong:
    """What a client that waits in vain among those that are served says about the server."""
    if not served or not server.server.running:
        return wrong
    for other in served:
        other.close()
    try:
        got = _read(client, 1)
    except (Silence, ConnectionError):
        got = b""
    if not got:
        return wrong
    if len(served) == 1:
        told = (
            "One client had its echo and then said nothing. A second one was connected, and got "
            "its echo only when the first had gone: your server serves one after another."
        )
        return Wrong(told, BACKLOG)
    told = (
        f"{len(served)} clients had their echoes and then said nothing. Client {number} was "
        "connected, and got its echo only when the others had gone: your server serves "
        f"{len(served)} at a time."
    )
    return Wrong(told, ONE_CORE)


def _longest_timeout(server: Watched) -> float:
    """A pause that shows what a timeout does, of the listener or a connection; at most 0.8 s."""
    sockets = [server.server._socket, *server.open_connections()]
    timeouts = [sock.gettimeout() or 0.0 for sock in sockets]
    return max((seconds + 0.1 for seconds in timeouts if 0.0 < seconds <= LONGEST), default=0.0)


@watched()
def resets(server: Watched, stage: Stage) -> None:
    """A client ends as it should; two reset; others go on and come."""
    first = server.client(WAIT)
    _echo(server, first, b"in good order")
    first.close()
    if not server.wait_for_connections(0, WAIT):
        raise Wrong(
            "A client has ended its side, and its connection is still open in your server.",
            hints=CLOSE,
        )
    second, third, fourth = (server.client(WAIT) for _ in range(3))
    for client in (second, third, fourth):
        _echo(server, client, b"here I am")
    reset(second)
    third.sendall(b"an echo that nobody reads " * 400)
    reset(third)
    _echo(server, fourth, b"still there?")
    _echo(server, server.client(WAIT), b"and a new one")
    if not server.wait_for_connections(2, WAIT):
        raise Wrong(
            "Two clients have reset their connections, and your server still holds "
            f"{len(server.open_connections()) - 2} of them open: each such client "
            "costs it a socket, until there are none left.",
            GOODBYE,
        )


@watched(send_buffer=65_536)
def slow(server: Watched, stage: Stage) -> None:
    """One client sends much and reads nothing; another goes on; then the first reads."""
    slow, other = server.client(WAIT), server.client(WAIT)
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
    message = random.Random(1).randbytes(65536)
    sent = _fill(slow, message)
    for number in range(3):
        _echo(server, other, b"word %d" % number)
    with contextlib.suppress(ConnectionError):
        slow.shutdown(socket.SHUT_WR)
    got = bytearray()
    try:
        while piece := slow.recv(1 << 18):
            got += piece
    except Silence as silence:
        if len(got) < sent:
            told = f"The slow client sent {sent:,} bytes; {len(got):,} came back, then no more."
            raise Wrong(f"{told} {silence}") from None
        raise Wrong(f"The slow client has ended its side and has its echo. {silence}") from None
    except ConnectionError:
        pass
    expected = (message * (sent // len(message) + 1))[:sent]
    if got != expected:
        told = f"The slow client sent {sent:,} bytes and expected the same back; {len(got):,} came"
        raise Wrong(told + ("." if expected.startswith(got) else ", and not the same."))


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


@watched()
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
            got = _read(client, len(expected))
        except Silence as silence:
            told = f"{_name(client)} sent {short(expected)} and expected the same back. {silence}"
            raise Wrong(told) from None
        except ConnectionError:
            got = b""
        if got != expected:
            server.settle(0.2)
            told = f"{_name(client)} sent {short(expected)}, expected the same back,"
            raise Wrong(f"{told} and got {short(got)}.")


@watched()
def closed(server: Watched, stage: Stage) -> None:
    """The listener is closed while a client is connected; then that client goes, too."""
    client = server.client(PATIENCE)
    _echo(server, client, b"the last client")
    server.close_listener(WAIT)
    client.close()
    if not server.wait_for_connections(0, WAIT):
        raise Wrong("The last client has gone, and its connection is still open in your server.")


CLOSE = (
    "What happens to a connection when its client has gone?",
    "An empty recv means that the client has ended its side; then this side is to be closed, too.",
    "Let each thread close the connection that it serves, whichever way it ends.",
)
OWN = (
    "What do the threads of your server do when their clients have gone?",
    "A thread for each client begins when the client is accepted, and its function ends when the "
    "client has gone.",
    "Start a thread for the client that you have accepted, and let it end when that one "
    "conversation is over.",
)
