"""The exercise echo_server of chapter 02, against clients that are not kind."""

from __future__ import annotations

import contextlib
import random
import socket
import time
import warnings
from collections.abc import Callable

from helpers.chapters.chapter_02 import beliefs
from helpers.chapters.chapter_02._peers import RST, expect_default_timeout
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import PeerSocket, Silence, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Misconception, Wrong
from helpers.servers.servers import Server

PATIENCE = 0.8  # seconds that a client waits for its echo: long, on any machine
PAUSE = 0.1  # seconds that a client is silent
LONGEST = 1.2  # seconds of a timeout that a client's pause can outlast
MUCH = 8_000_000  # more bytes than the buffers of two sockets hold
PROBE = 10_000
HASTE = 1.8  # seconds: almost all that a case has


def _read(client: PeerSocket, size: int) -> bytes:
    """What comes until there are `size` bytes, or the server has ended its side."""
    received = bytearray()
    while len(received) < size and (piece := client.recv(65536)):
        received += piece
    return bytes(received)


def _echo(client: PeerSocket, message: bytes, if_cut: Misconception | None = None) -> None:
    """Send a message and compare its echo.

    Raises:
        Wrong: with `if_cut` where the connection ended before the whole echo had come.
    """
    try:
        client.sendall(message)
        got = _read(client, len(message))
    except Silence as silence:
        raise Wrong(
            f"The client sent {short(message)}, and no echo came. "
            f"{_in_vain(client.server, silence)}"
        ) from None
    except ConnectionError:
        got = b""
    if got == message:
        return
    _explain_end(client.server)
    told = f"The client sent {short(message)} and expected the same back, got {short(got)}"
    if message.startswith(got):
        raise Wrong(f"{told}; then the connection ended.", if_cut)
    raise Wrong(f"{told}.")


def _explain_end(server: Server) -> None:
    """Say that the learner's function has ended, if it has, before its connection is spoken of.

    Raises:
        ServerCrashed: where it has failed.
        Wrong: where it has returned.
    """
    server.settle(0.2)
    if not server.running:
        raise Wrong(
            "Your server function has returned: it is to serve one client after another, for ever."
        )


def _in_vain(server: Server, silence: Silence) -> str:
    if any(event.kind == "connect" for event in server._owner.trace):
        return str(silence)
    return f"{silence} It has accepted nobody on the listener that it was given."


def _two_messages(function: Callable, stage: Stage) -> None:
    client = stage.client(stage.run(function), PATIENCE)
    _echo(client, b"first", beliefs.ONE_RECV)
    _echo(client, b"\x00\xff second\r\n", beliefs.ONE_RECV)


def _half_closed(function: Callable, stage: Stage) -> None:
    server = stage.run(function)
    client = stage.client(server, PATIENCE)
    client.sendall(b"one last word")
    client.shutdown(socket.SHUT_WR)
    try:
        got = _read(client, 13)
    except Silence as silence:
        raise Wrong(
            f"The client's last words did not come back. {_in_vain(server, silence)}"
        ) from None
    except ConnectionError:
        got = b""
    if got != b"one last word":
        _explain_end(server)
        told = "The client sent b'one last word' and ended its side. Expected the echo, got "
        raise Wrong(f"{told}{short(got)}.", beliefs.AT_ONCE if not got else None)
    try:
        rest = client.recv(1)
    except Silence as silence:
        told = f"After its echo the client expected the end of the server's side. {silence}"
        raise Wrong(told, None if _serves(stage, server) else beliefs.NOTHING_YET) from None
    if rest:
        raise Wrong(f"After the echo the client got {short(rest)} more.")


def _serves(stage: Stage, server: Server) -> bool:
    """Whether the server turns to another client, so that it has only left a connection open."""
    client = stage.client(server, 0.5)
    with contextlib.suppress(OSError):
        client.sendall(b"?")
        return client.recv(1) == b"?"
    return False


def _one_after_another(function: Callable, stage: Stage) -> None:
    server = stage.run(function)
    for number in range(5):
        with stage.client(server, PATIENCE) as client:
            _echo(client, b"client %d" % number)


def _much(function: Callable, stage: Stage) -> None:
    client = stage.client(stage.run(function), PATIENCE)
    began = time.perf_counter()
    _echo(client, bytes(PROBE), beliefs.ONE_RECV)
    client.settimeout(HASTE)
    # `monotonic` may not have moved on: on Windows before Python 3.13 it has steps of 15 ms.
    rate = PROBE / (time.perf_counter() - began)
    # A server that reads byte by byte is slow, and right: it gets what it can do in time.
    size = MUCH if rate > 400_000 else int(rate * 0.4)
    message = random.Random(1).randbytes(size)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)

    def send_in_time() -> int:
        sent, end = 0, time.perf_counter() + 0.3
        while sent < size and time.perf_counter() < end:
            client.sendall(message[sent : sent + 65536])
            sent = min(sent + 65536, size)
        client.shutdown(socket.SHUT_WR)
        return sent

    sender = stage.script(send_in_time)
    stage.pause(0.1)  # the client reads late, so that all buffers fill
    got = bytearray()
    try:
        while piece := client.recv(65536):
            got += piece
    except Silence as silence:
        if sender.is_alive() or len(got) < sender.result():
            raise Wrong(f"{len(got):,} bytes came back, and then no more. {silence}") from None
    except ConnectionError:
        pass
    try:
        sent = sender.result()
    except OSError:  # the server has ended the conversation before its client did
        _explain_end(client.server)
        raise Wrong(
            f"The client was still sending when its connection ended; {len(got):,} bytes had come "
            "back.",
            beliefs.ONE_RECV,
        ) from None
    if got == message[:sent]:
        return
    _explain_end(client.server)
    told = f"The client sent {sent:,} bytes and expected the same back; {len(got):,} came"
    told += "." if message.startswith(got) else ", and not the same."
    raise Wrong(told, beliefs.ONE_RECV if len(got) < 65536 else beliefs.SEND_ALL)


def _survives_reset(function: Callable, stage: Stage) -> None:
    server = stage.run(function)
    client = stage.client(server, PATIENCE)
    _echo(client, b"about to")
    client.sendall(b" vanish")
    # A linger time of zero makes close() send RST in place of FIN.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
    stage.trace.record("client", "you", "reset")
    client.name = ""  # the reset is its end, as the trace has it
    client.close()
    second = stage.client(server, PATIENCE, "client 2")
    _echo(second, b"still there?")
    end = time.perf_counter() + 0.5
    while len(_open_connections(server)) > 1:  # that of the second client is in use
        if time.perf_counter() > end:
            raise Wrong(
                "The connection of the client that has reset it is still open in your server: "
                "every such client would cost it a socket, until there are none left."
            )
        stage.pause(0.01)


def _open_connections(server: Server) -> list[socket.socket]:
    return [sock for sock in server._owner.open_sockets() if sock.is_connection]


def _pauses(function: Callable, stage: Stage) -> None:
    before = socket.getdefaulttimeout()
    server = stage.run(function)
    stage.pause(PAUSE)
    stage.pause(rest := _outlast(server._socket))
    client = stage.client(server, PATIENCE)
    _echo(client, b"first")
    silence = max([PAUSE, *(_outlast(each) for each in _open_connections(server) if rest < 0.5)])
    stage.pause(silence)
    try:
        _echo(client, b"second")
    except Wrong as wrong:
        raise Wrong(f"The client was silent for {silence:.2f} s. {wrong}") from None
    expect_default_timeout(before)


def _outlast(sock: socket.socket) -> float:
    """The pause that shows what a timeout of the learner's does; 0 where it would be too long."""
    seconds = sock.gettimeout()
    return seconds + 0.15 if seconds and seconds <= LONGEST else 0.0


def _can_be_stopped(function: Callable, stage: Stage) -> None:
    server = stage.run(function)
    with stage.client(server, PATIENCE) as client:
        _echo(client, b"the last client")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # said below, in other words
        server._end(0.4)
    if server._threads():
        raise Wrong(
            "The listener was closed, as its caller may do, and your server goes on and on, in "
            f"{server.place}."
        )


EXERCISE = Exercise(
    (
        Case(
            "two messages of one client",
            "The client sends a message, waits for its echo, and then sends another, which is no "
            "text.",
            _two_messages,
            beliefs.ECHO_HINTS,
        ),
        Case(
            "a client that ends its side first",
            "The client sends its last words, ends its side, and waits for the echo and for the "
            "end of the server's side.",
            _half_closed,
            beliefs.LAST_WORD_HINTS,
        ),
        Case(
            "five clients, one after another",
            "Five clients come one after another, each says a few words, and closes.",
            _one_after_another,
            beliefs.NEXT_HINTS,
        ),
        Case(
            "a client that sends much and reads late",
            "The client sends up to 8 million bytes, ends its side, and begins to read late.",
            _much,
            beliefs.MUCH_HINTS,
        ),
        Case(
            "a client that resets its connection",
            "A client sends a few words, and resets its connection. Then another client comes.",
            _survives_reset,
            beliefs.RESET_SERVER_HINTS,
            None,
            {"ConnectionError": beliefs.SAYS_GOODBYE},
        ),
        Case(
            "clients that take their time",
            "Nobody comes for a while. Then a client sends a word, is silent for a while, and "
            "sends another.",
            _pauses,
            beliefs.PAUSE_HINTS,
        ),
        Case(
            "a caller that closes the listener",
            "A client was served. Then the caller closes the listener.",
            _can_be_stopped,
            beliefs.STOP_HINTS,
        ),
    ),
    "What it survives now: several messages, half-closed and reset connections, one client after "
    "another, clients that read late or take their time.",
)
