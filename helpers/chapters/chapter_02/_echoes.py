"""The clients of the check of echo_server, and what they say of an echo that does not come."""

from __future__ import annotations

from helpers.chapters.chapter_02 import _server_hints as hints
from helpers.chapters.chapter_02._peers import patience, waited_in_vain
from helpers.checks.stage import PeerSocket, Silence, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong
from helpers.servers.servers import Server

PATIENCE = 0.8  # seconds that a client waits for its echo: long, on any machine
LESS = 0.03  # where one has waited in vain already


def client_of(stage: Stage, server: Server, name: str = "") -> PeerSocket:
    """A connected client, which waits for its echo as long as it seems worth while."""
    return stage.client(server, patience(server._serve, PATIENCE, LESS), name)


def read(client: PeerSocket, size: int, received: bytearray | None = None) -> bytes:
    """What comes until there are `size` bytes, or the server has ended its side.

    Where it comes to neither, `received` has what came until then.
    """
    received = bytearray() if received is None else received
    while len(received) < size and (piece := client.recv(65536)):
        received += piece
    return bytes(received)


def echo(
    client: PeerSocket,
    message: bytes,
    if_cut: Misconception | Hints | None = None,
    if_silent: Hints = hints.ECHO_HINTS,
) -> None:
    """Send a message and compare its echo.

    Raises:
        Wrong: with `if_cut` where the connection ended before the whole echo had come, and with
            `if_silent` where nothing came.
    """
    received = bytearray()
    try:
        client.sendall(message)
        got = read(client, len(message), received)
    except Silence as silence:
        told = f"The client sent {short(message)}, its side is still open, and no echo came."
        if received:
            told = f"The client sent {short(message)}, and no more than {short(bytes(received))} "
            told, if_silent = f"{told}came back.", hints.SAME_BYTES_HINTS
        raise in_vain(client.server, silence, told, if_silent) from None
    except ConnectionError:
        got = b""
    if got == message:
        return
    explain_end(client.server)
    told = f"The client sent {short(message)} and expected the same back, got {short(got)}"
    if not message.startswith(got):
        raise Wrong(f"{told}.", hints=hints.SAME_BYTES_HINTS)
    belief = if_cut if isinstance(if_cut, Misconception) else None
    raise Wrong(f"{told}; then the connection ended.", belief, None if belief else if_cut)


def explain_end(server: Server, why: Hints = hints.NEXT_HINTS) -> None:
    """Say that the learner's function has ended, if it has, before its connection is spoken of.

    Raises:
        ServerCrashed: where it has failed.
        Wrong: where it has returned.
    """
    server.settle(0.2)
    if not server.running:
        raise Wrong(
            "Your server function has returned: it is to serve one client after another, for ever.",
            hints=why,
        )


def in_vain(server: Server, silence: Silence, told: str, why: Hints) -> Wrong:
    """What is to be said where a client has waited in vain."""
    waited_in_vain(server._serve)
    if any(event.kind == "connect" for event in server._owner.trace):
        return Wrong(f"{told} {silence}", hints=why)
    told += f" {silence} It has accepted nobody on the listener that it was given."
    return Wrong(told, hints=hints.NOT_ACCEPTED_HINTS)


def missing(message: bytes, got: bytes) -> int:
    """How many bytes are missing where the echo first differs; 0 where none are, but others."""
    same, end = 0, min(len(got), len(message))
    while same < end:  # halved each time: the bytes before `same` agree, those up to `end` may
        middle = (same + end + 1) // 2
        if message[same:middle] == got[same:middle]:
            same = middle
        else:
            end = middle - 1
    return max(0, message.find(got[same : same + 32], same) - same)
