"""A client of `threaded_echo` that says something and expects it back."""

from __future__ import annotations

from helpers.chapters.chapter_08 import _echo_hints as hints
from helpers.chapters.chapter_08._standing import patiently, spins, standing, the
from helpers.checks.stage import PeerSocket, Silence
from helpers.checks.values import short
from helpers.checks.watched import Watched
from helpers.checks.wrong import Hints, Misconception, Wrong
from helpers.servers.crashes import ServerCrashed

WAIT = 1.2  # seconds that a client waits where it may be in vain: long, on any machine
SOON = 0.3  # seconds after which a server that has nothing more to do is not waited for


def echo(server: Watched, client: PeerSocket, message: bytes) -> None:
    """Send a message, and hear the same."""
    try:
        client.sendall(message)
        got = read(server, client, len(message))
    except Silence as silence:
        look(server)
        told = f"{named(client)} sent {short(message)} and expected the same back. {silence}"
        raise Wrong(told, hints=_why_silent(server)) from None
    except ConnectionError:
        got = b""
    if got != message:
        look(server)
        told = f"{named(client)} sent {short(message)} and expected the same back, got {short(got)}"
        if len(got) < len(message):
            raise Wrong(f"{told}; then its connection ended.")
        raise Wrong(f"{told}.", hints=hints.CHANGED)


def _why_silent(server: Watched) -> Hints | None:
    """What to say where a client was accepted and nobody seems to serve it."""
    alone = len(server.server._threads()) == 1 and server.server._main.is_alive()
    served = server.accepted and not standing(server)
    return hints.NOT_STARTED if alone and served else None


def named(client: PeerSocket) -> str:
    """The client as a sentence begins."""
    return the(client.name, begins=True)


def read(server: Watched, client: PeerSocket, size: int) -> bytes:
    """So many bytes, or fewer where the connection ends.

    Raises:
        Silence: where nothing more comes.
    """
    received = bytearray()

    def more() -> bytes:
        return client.recv(65536)

    while len(received) < size:
        try:
            piece = patiently(server, client, more, SOON)
        except Silence as silence:
            if not received:
                raise
            told = f"Of {size:,} bytes only {short(bytes(received))} came back. {silence}"
            raise Wrong(told, hints=hints.CUT) from None
        if not piece:
            break
        received += piece
    return bytes(received)


def look(server: Watched) -> None:
    """Raise what a thread of the server has failed with, where it has."""
    try:
        server.settle(0.2)
    except ServerCrashed as crash:
        cause = crash.__cause__
        if isinstance(cause, TypeError) and "argument after *" in str(cause):
            told = f"A thread could not call its function. TypeError: {cause}."
            raise Wrong(told, hints=hints.COMMA) from None
        raise


def expect_end(
    server: Watched,
    client: PeerSocket,
    told: str,
    cause: Hints,
    belief: Misconception | None = None,
) -> None:
    """Expect that the server ends its side of this connection."""
    try:
        rest = read(server, client, 1)
    except Silence as silence:
        told = f"{told} Expected the same of the server. {silence}"
        cause = hints.EMPTY_AGAIN if spins(server.server._threads) else cause
        raise Wrong(told, belief, cause) from None
    except ConnectionError:
        rest = b""
    if rest:
        raise Wrong(f"{told} Expected nothing more, got {short(rest)}.")
