"""Apps that a learner's `thermostat_server` must outlive, and those that are only slow."""

from __future__ import annotations

import functools
import socket
import time
from collections.abc import Callable
from typing import Any

from helpers.assignments.a1 import _hints as hints
from helpers.assignments.a1 import _wire as wire
from helpers.assignments.a1 import beliefs
from helpers.assignments.a1._wire import HELLO, SET_TARGET, TEMPERATURE
from helpers.checks.peers import reset
from helpers.checks.stage import PeerSocket, Silence, Stage
from helpers.checks.wrong import Misconception, Wrong

NEXT = 0.7  # seconds within which the next client must be served
LATE = 0.4  # the same, where a limit of 1 s must not pass for one of 0.5 s
FILLING = 4.5  # seconds until the buffers are full, at the most: a program may read byte by byte
OVER = 0.3  # seconds after which a connection has ended that ends at all
SIDE_BY_SIDE = 0.2  # seconds after which no limit can have run out
EARLY = 0.8  # of the time that a server must wait at least: less than this part is too early


def outlives_who_vanishes(function: Callable, stage: Stage) -> None:
    """Clients that reset, end, and end in the midst of a frame; then the next one."""
    server = stage.run(function)
    requests = wire.frame(HELLO, 1, b"\x01") + wire.frame(TEMPERATURE, 2) * 5
    for _ in range(3):
        app = stage.client(server)
        app.sendall(requests)
        reset(app)
    stage.client(server).close()
    with stage.client(server) as app:
        wire.hello(app)
        app.sendall(wire.frame(TEMPERATURE, 2)[:6])
    _is_served(stage, server, "Five clients had vanished")


def outlives_silence(function: Callable, stage: Stage) -> None:
    """A client that says nothing: not too early, and the next one is served."""
    server = stage.run(function)
    silent = stage.client(server, OVER)
    began = time.monotonic()
    stage.note("a client was silent")
    _is_served(stage, server, "A client had connected and said nothing for 1.0 s", wire.SILENCE)
    _not_early(time.monotonic() - began, wire.SILENCE, "A client that says nothing has 1.0 s")
    wire.expect_end(silent, "A client had said nothing for 1.0 s", hints=hints.WAITING)


def outlives_half_a_frame(function: Callable, stage: Stage) -> None:
    """One byte, and then another before each call of recv can time out."""
    server = stage.run(function)
    slow = stage.client(server)
    wire.hello(slow)
    slow.settimeout(OVER)
    began = time.monotonic()
    stage.note("a client sent a frame byte by byte, too slowly")

    def drips() -> None:
        for byte in wire.frame(SET_TARGET, 2, wire.value(210, 2)) * 3:
            try:
                slow.sendall(bytes([byte]))
            except OSError:
                return
            stage.pause(0.15)

    stage.script(drips)
    told = "A frame was not complete after 0.5 s"
    _is_served(stage, server, told, wire.A_FRAME, beliefs.EVERY_PIECE, LATE)
    _not_early(time.monotonic() - began, wire.A_FRAME, "A frame that has begun has 0.5 s")
    wire.expect_end(slow, "A frame was not complete after 0.5 s", hints=hints.WAITING)


def outlives_who_does_not_read(function: Callable, stage: Stage) -> None:
    """A client that asks on and on and takes no answer."""

    @functools.wraps(function)
    def narrow(listener: Any) -> None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)  # connections inherit it
        function(listener)

    server = stage.run(narrow)
    deaf = stage.client(server)
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    wire.hello(deaf)

    def floods() -> None:
        for _ in range(100):
            deaf.sendall(wire.frame(TEMPERATURE, 2) * 500)

    stage.script(floods)
    stage.note("a client sent requests on and on, and read no answer")
    told = "A client sent requests for seconds and read no answer"
    _is_served(stage, server, told, wire.UNREAD + FILLING, beliefs.UNREAD)


def ends_with_the_listener(function: Callable, stage: Stage) -> None:
    """The caller closes the listener while the server waits in accept."""
    server = stage.run(function)
    with stage.client(server) as app:
        wire.hello(app)
    closed = stage.close_listener(server)
    if not closed.returned:
        doing = "calls accept on and on" if closed.spins else f"is still in {closed.place}"
        raise Wrong(f"The caller closed the listener, and your server {doing}.", hints=hints.ENDS)
    if closed.error is not None:
        told = f"{type(closed.error).__name__}: {closed.error}"
        raise Wrong(
            f"The caller closed the listener; the function must return, and it raised {told}.",
            hints=hints.ENDS,
        )
    if left := stage.opened():
        told = f"Your server has returned, and has not closed {left[0]}."
        raise Wrong(told, hints=hints.CLOSING)


def waits_for_the_slow(function: Callable, stage: Stage) -> None:
    """A client that is slow, and within the limits."""
    server = stage.run(function)
    with stage.client(server) as app:
        wire.hello(app, b"\x01", 1)
        for number in (2, 3):
            stage.pause(0.65)
            request = wire.frame(TEMPERATURE, number)
            app.sendall(request[:3])
            stage.pause(0.25)
            told = "A client asked after 0.65 s, in two pieces 0.25 s apart."
            _still_served(app, request[3:], number, told)
        told = "A client had asked twice in 1.8 s, never too slowly, and asked once more."
        _still_served(app, wire.frame(TEMPERATURE, 4), 4, told)


def counts_from_the_first_byte(function: Callable, stage: Stage) -> None:
    """A stream that never pauses between two frames, each of which is in time."""
    server = stage.run(function)
    with stage.client(server) as app:
        wire.hello(app, b"\x01", 1)
        left = b""
        for number in range(4, 8):  # each piece ends one frame and begins the next
            request = wire.frame(TEMPERATURE, number)
            app.sendall(left + request[:3])
            left = request[3:]
            stage.pause(0.2)
            if number > 4:
                told = "Each piece had the end of one request and the beginning of the next"
                _still_served(app, b"", number - 1, f"{told}, 0.2 s apart.")
        _still_served(app, left, 7, "The last of four requests came 0.2 s after its first bytes.")


def _still_served(app: PeerSocket, last: bytes, number: int, told: str) -> None:
    try:
        app.sendall(last)
        wire.expect_value(app, TEMPERATURE, number, wire.MEASURED, 1)
    except ConnectionError as error:
        ended = f"Your server had ended the connection ({type(error).__name__})."
        raise Wrong(f"{told} {ended}", hints=hints.WAITING) from None
    except Wrong as wrong:
        raise Wrong(f"{told} {wrong}", hints=hints.WAITING) from None


def _is_served(
    stage: Stage,
    server: object,
    what: str,
    after: float = 0.0,
    belief: Misconception = beliefs.ONE_CLIENT,
    soon: float = NEXT,
) -> None:
    """Another client must be served soon."""
    with stage.client(server, after + soon, "the next client") as app:
        try:
            wire.hello(app)
        except (Silence, Wrong) as problem:
            raise Wrong(f"{what}; the next client was not served. {problem}", belief) from None


def _not_early(took: float, seconds: float, what: str) -> None:
    if took < seconds * EARLY:
        told = f"{what}, and the next one waits; it was served after {took:.1f} s already."
        if took < SIDE_BY_SIDE:
            told += " Either the first was ended too early, or two are served at once, and a "
            told += "thermostat must hold one conversation at a time."
        raise Wrong(told, hints=hints.WAITING)
