"""The exercise echo_server of chapter 02, against clients that are not kind."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable

from helpers.chapters.chapter_02 import _server_hints as hints
from helpers.chapters.chapter_02 import beliefs
from helpers.chapters.chapter_02._echoes import client_of, echo, explain_end, in_vain, missing, read
from helpers.chapters.chapter_02._peers import (
    RST,
    be_patient_again,
    expect_default_timeout,
    line_of,
    patience,
    waited_in_vain,
)
from helpers.chapters.chapter_02._work import count_calls, spins
from helpers.checks.cases import Case, Exercise
from helpers.checks.processor import FreeTime, processor_time
from helpers.checks.stage import Script, Silence, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong
from helpers.servers.crashes import ServerCrashed
from helpers.servers.servers import Server
from helpers.servers.settling import wait_until_settled
from helpers.servers.waiting import WRITE

MUCH = 8_000_000  # more bytes than the buffers of two sockets hold
PROBE = 10_000
FILLED = 0.5  # seconds in which all buffers are full, on most machines that have much to do
HASTE = 1.8  # seconds: almost all that a case has
LESS_HASTE = 0.2  # where a client has waited in vain already
A_PIECE = 64  # bytes: what `send` leaves unsent is more, what a call like `strip` takes is less
# What other servers take for a command, and this one for bytes like any others.
WORDS = (b"client 0", b"quit\n", b"exit", b"bye\r\n", b"stop")


def _two_messages(function: Callable, stage: Stage) -> None:
    be_patient_again(function)
    client = client_of(stage, stage.run(function))
    echo(client, b"first", beliefs.ONE_RECV)
    echo(client, b"\x00\xff second\r\n", beliefs.ONE_RECV, hints.SECOND_HINTS)


def _half_closed(function: Callable, stage: Stage) -> None:
    server = stage.run(function)
    client = client_of(stage, server)
    client.sendall(b"one last word")
    client.shutdown(socket.SHUT_WR)
    try:
        got = read(client, 13)
    except Silence as silence:
        told = "The client's last words did not come back."
        raise in_vain(server, silence, told, hints.LAST_WORD_HINTS) from None
    except ConnectionError:
        got = b""
    if got != b"one last word":
        explain_end(server)
        told = "The client sent b'one last word' and ended its side. Expected the echo, got "
        belief = beliefs.AT_ONCE if not got else None
        raise Wrong(f"{told}{short(got)}.", belief, hints.LAST_WORD_HINTS)
    try:
        rest = client.recv(1)
    except Silence as silence:
        told = f"After its echo the client expected the end of the server's side. {silence}"
        waited_in_vain(function)
        if server.settle(0.05):  # it waits, for the next client: it has only left this one open
            raise Wrong(told, hints=hints.CLOSE_HINTS) from None
        raise Wrong(told, beliefs.NOTHING_YET) from None
    if rest:
        told = f"After the echo the client got {short(rest)} more."
        raise Wrong(told, hints=hints.SAME_BYTES_HINTS)


def _one_after_another(function: Callable, stage: Stage) -> None:
    server = stage.run(function)
    for word in WORDS:
        with client_of(stage, server) as client:
            echo(client, word, hints.WORD_HINTS)
    explain_end(server)


def _much(function: Callable, stage: Stage) -> None:
    server = stage.run(function)
    client = client_of(stage, server)
    began, free = time.perf_counter(), FreeTime(server._threads)
    worked = processor_time(server._threads())
    echo(client, bytes(PROBE), beliefs.ONE_RECV)
    client.settimeout(patience(function, HASTE, LESS_HASTE))
    # `monotonic` may not have moved on: on Windows before Python 3.13 it has steps of 15 ms.
    rate = PROBE / (time.perf_counter() - began)
    # A server that reads byte by byte is slow, and right: it gets what it can do in time. One that
    # other programs keep from a processor is not slow itself.
    worked = processor_time(server._threads()) - worked
    is_fast = rate > 400_000 or max(free.seconds, 2 * worked) * 400_000 < PROBE
    size = MUCH if is_fast else int(rate * 0.4)
    message = random.Random(1).randbytes(size)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)

    reads = threading.Event()

    def send_in_time() -> int:
        sent, end = 0, time.perf_counter() + 0.3
        while sent < size and (time.perf_counter() < end or not reads.is_set()):
            client.sendall(message[sent : sent + 65536])
            sent = min(sent + 65536, size)
        client.shutdown(socket.SHUT_WR)
        return sent

    sender = stage.script(send_in_time)
    stage.pause(0.05)  # the client reads late, so that all buffers fill
    if size == MUCH:
        _wait_until_full(stage, server, sender)
    reads.set()
    got = bytearray()
    try:
        while piece := client.recv(65536):
            got += piece
    except Silence as silence:
        was_in_vain = patience(function, HASTE, LESS_HASTE) == LESS_HASTE
        if was_in_vain or sender.is_alive() or len(got) < sender.result():
            raise Wrong(f"{len(got):,} bytes came back, and then no more. {silence}") from None
    except ConnectionError:
        pass
    try:
        sent = sender.result()
    except OSError:  # the server has ended the conversation before its client did
        explain_end(client.server)
        told = "The client was still sending when its connection ended; "
        told += f"{len(got):,} bytes had come back."
        if len(got) > PROBE:
            raise Wrong(told, hints=hints.IN_THE_MIDST_HINTS) from None
        raise Wrong(told, beliefs.ONE_RECV) from None
    if got == message[:sent]:
        return
    explain_end(client.server)
    told = f"The client sent {sent:,} bytes and expected the same back; {len(got):,} came"
    told += "." if message.startswith(got) else ", and not the same."
    if not message.startswith(got) and missing(message, bytes(got)) < A_PIECE:
        raise Wrong(told, hints=hints.SAME_BYTES_HINTS)
    raise Wrong(told, beliefs.ONE_RECV if len(got) < 65536 else beliefs.SEND_ALL)


def _wait_until_full(stage: Stage, server: Server, sender: Script) -> None:
    """Wait until the server can send no more, or has all that its client sends; but not for long.

    On a machine that has much to do this may take a while.
    """
    end = time.perf_counter() + FILLED
    while time.perf_counter() < end:
        if any(event == WRITE for _, event in list(server._owner.parked.values())):
            return
        if not sender.is_alive() and wait_until_settled(server._owner, server._threads, 0.02):
            return
        stage.pause(0.01)


def _survives_reset(function: Callable, stage: Stage) -> None:
    server = stage.run(function)
    client = client_of(stage, server)
    echo(client, b"about to")
    client.sendall(b" vanish")
    # A linger time of zero makes close() send RST in place of FIN.
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
    stage.trace.record("client", "you", "reset")
    client.name = ""  # the reset is its end, as the trace has it
    client.close()
    explain_end(server, hints.RESET_SERVER_HINTS)
    second = client_of(stage, server, "client 2")
    echo(second, b"still there?")
    end = time.perf_counter() + 0.5
    while len(_open_connections(server)) > 1:  # that of the second client is in use
        if time.perf_counter() > end:
            raise Wrong(
                "The connection of the client that has reset it is still open in your server: "
                "every such client would cost it a socket, until there are none left.",
                hints=hints.OPEN_AFTER_RESET_HINTS,
            )
        stage.pause(0.01)


def _open_connections(server: Server) -> list[socket.socket]:
    return [sock for sock in server._owner.open_sockets() if sock.is_connection]


def _pauses(function: Callable, stage: Stage) -> None:
    before = socket.getdefaulttimeout()
    server = stage.run(function)
    count_calls(server)
    with client_of(stage, server) as first:
        echo(first, b"hello")
    _idle(stage, server, "Nobody came for a while.", hints.NOBODY_CAME_HINTS)
    client = client_of(stage, server)
    echo(client, b"first")
    _idle(stage, server, "The client was silent for a while.", hints.PAUSE_HINTS)
    try:
        echo(client, b"second", hints.PAUSE_HINTS)
    except Wrong as wrong:
        told = f"The client was silent for a while. {wrong}"
        raise Wrong(told, hints=wrong.hints) from None
    expect_default_timeout(before)


def _idle(stage: Stage, server: Server, told: str, why: Hints) -> None:
    """Let nothing happen, as if for long: every timeout of the learner's runs out.

    Raises:
        Wrong: where the function ends of it, or works on and on.
        ServerCrashed: where it fails for another reason.
    """
    if spins(stage, server):
        raise Wrong(
            f"{told} Your server was at work all the time, in {server.place}, and kept a processor "
            "busy.",
            hints=hints.BUSY_HINTS,
        )
    if not server.settle(0.1):
        return  # it works on and on, and does not wait: what follows shows what comes of it
    stage.time_out()
    try:
        explain_end(server, why)
    except ServerCrashed as crash:
        error = crash.__cause__
        if not isinstance(error, TimeoutError):
            raise
        told = f"{told} A timeout that your code has set ended a wait, and so your server"
        place = line_of(error)
        raise Wrong(f"{told}, in {place}." if place else f"{told}.", hints=why) from None


def _can_be_stopped(function: Callable, stage: Stage) -> None:
    server = stage.run(function)
    with client_of(stage, server) as client:
        echo(client, b"the last client")
    closed = stage.close_listener(server, patience(function, 0.3, 0.1))
    if closed.returned:
        return
    told = "The listener was closed, as its caller may do, and your server goes on and on, in "
    told += f"{closed.place}."
    if closed.spins:
        told += f" It has called `accept` {closed.accepts} times since, each time in vain."
    raise Wrong(told, hints=hints.STOP_HINTS)


OF_A_LISTENER = {"UnicodeError": hints.TEXT_HINTS, "OSError": hints.LISTENER_HINTS}

EXERCISE = Exercise(
    (
        Case(
            "two messages of one client",
            "The client sends a message, waits for its echo, and then sends another, which is no "
            "text.",
            _two_messages,
            hints.ECHO_HINTS,
            None,
            OF_A_LISTENER,
        ),
        Case(
            "a client that ends its side first",
            "The client sends its last words, ends its side, and waits for the echo and for the "
            "end of the server's side.",
            _half_closed,
            hints.LAST_WORD_HINTS,
            None,
            OF_A_LISTENER,
        ),
        Case(
            "five clients, one after another",
            'Five clients come one after another, each says a word, as "quit", and closes.',
            _one_after_another,
            hints.NEXT_HINTS,
            None,
            OF_A_LISTENER,
        ),
        Case(
            "a client that sends much and reads late",
            "The client sends up to 8 million bytes, ends its side, and begins to read late.",
            _much,
            hints.MUCH_HINTS,
            None,
            OF_A_LISTENER,
        ),
        Case(
            "a client that resets its connection",
            "A client sends a few words, and resets its connection. Then another client comes.",
            _survives_reset,
            hints.RESET_SERVER_HINTS,
            None,
            {"ConnectionError": beliefs.SAYS_GOODBYE, **OF_A_LISTENER},
        ),
        Case(
            "clients that take their time",
            "A client comes and goes, and nobody comes for a while. Then a client sends a word, is "
            "silent for a while, and sends another.",
            _pauses,
            hints.PAUSE_HINTS,
            None,
            OF_A_LISTENER,
        ),
        Case(
            "a caller that closes the listener",
            "A client was served. Then the caller closes the listener.",
            _can_be_stopped,
            hints.STOP_HINTS,
            None,
            OF_A_LISTENER,
        ),
    ),
    "What it survives now: several messages, half-closed and reset connections, one client after "
    "another, clients that read late or take all the time they like, and the end of its listener.",
)
