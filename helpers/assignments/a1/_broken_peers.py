"""Thermostats that a learner's `Thermostat` must not believe, or not wait for."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable

from helpers.assignments.a1 import _hints as hints
from helpers.assignments.a1 import _wire as wire
from helpers.assignments.a1 import beliefs
from helpers.assignments.a1._room import (
    Peer,
    app,
    asked,
    expect_celsius,
    expect_closed,
    expect_raises,
    greeted,
    room,
)
from helpers.assignments.a1._wire import ANSWER, ERROR, HELLO, SET_TARGET, TEMPERATURE
from helpers.checks.peers import reset
from helpers.checks.stage import PeerSocket, Stage
from helpers.checks.wrong import Misconception, Wrong

BRIEF = 0.2  # the timeout of those that wait in vain
BREAKS = 0.6  # and of those that shall not wait for it
PATIENT = 5.0  # and of one that is refused: Windows takes two seconds to say so
LATE = 3.0  # times a timeout after which an app has waited too long


def tells_of_broken_peers(thermostat: Callable, stage: Stage) -> None:
    """Peers that end, reset, or send what is no answer."""

    def then(break_it: Callable[[PeerSocket, int], None], chosen: int) -> Peer:
        def peer(sock: PeerSocket) -> None:
            greeted(sock, chosen)
            _, number, _ = asked(sock, TEMPERATURE)
            break_it(sock, number)
            with contextlib.suppress(OSError, wire.Broken):
                wire.read(sock)

        return peer

    def sending(
        kind: int, body: bytes, add: int = 0, cut: int | None = None
    ) -> Callable[[PeerSocket, int], None]:
        return lambda sock, n: sock.sendall(wire.frame(kind, n + add, body)[:cut])

    good, old = wire.value(195), beliefs.ONE_VERSION
    trusted = beliefs.LENGTH_TRUSTED
    long = b"\x80\x00\x00\x00" + wire.frame(0x82, 2, good)[4:]
    broken: tuple[tuple[str, int, Callable[[PeerSocket, int], None], Misconception | None], ...] = (
        ("ended", 1, lambda sock, n: sock.close(), None),
        ("reset", 1, lambda sock, n: reset(sock), None),
        (
            "ended within its answer",
            1,
            lambda sock, n: (sock.sendall(wire.frame(0x82, n, good)[:8]), sock.close()),
            None,
        ),
        ("sent a frame of 2 GB", 1, lambda sock, n: sock.sendall(long), trusted),
        ("sent a length of 2", 1, lambda sock, n: sock.sendall(b"\0\0\0\2\x82\0"), trusted),
        ("answered as if to SET_TARGET", 1, sending(ANSWER | SET_TARGET, b""), None),
        ("answered with a request", 1, sending(TEMPERATURE, b""), None),
        ("answered without a value", 1, sending(0x82, b""), None),
        ("answered a number that was never asked", 1, sending(0x82, good, 700), beliefs.IN_ORDER),
        ("sent a unit, in version 1", 1, sending(0x82, good + b"C"), old),
        ("sent no unit, in version 2", 2, sending(0x82, good), old),
        ("sent the unit K", 2, sending(0x82, good + b"K"), beliefs.NO_UNIT),
        ("answered ERROR 77, which is no code", 1, sending(ERROR, b"\x4dwhat?"), None),
        ("answered ERROR without a code", 1, sending(ERROR, b""), None),
        ("answered ERROR 6, which closes", 1, sending(ERROR, b"\x06say HELLO"), None),
        (
            "answered ERROR 2, which closes",
            1,
            lambda sock, n: sock.sendall(wire.frame(ERROR, 0, b"\x02bad frame")),
            None,
        ),
    )
    for what, chosen, break_it, belief in broken:
        with app(stage, thermostat, then(break_it, chosen), BREAKS) as it:
            told = f"temperature(), when the thermostat {what}"
            expect_raises(ConnectionError, it.temperature, told, belief)
            expect_closed(stage, f"{told}, has raised ConnectionError, but")
            expect_raises(ConnectionError, it.target, f"target(), after the thermostat {what}")

    def wordy(sock: PeerSocket) -> None:
        greeted(sock, 1)
        _, number, _ = asked(sock, SET_TARGET)
        sock.sendall(wire.frame(ANSWER | SET_TARGET, number, good))
        asked(sock)

    with app(stage, thermostat, wordy, BREAKS) as it:
        told = "set_target(20), which was answered with a value"
        expect_raises(ConnectionError, lambda: it.set_target(20), told)


def greets_strangers(thermostat: Callable, stage: Stage) -> None:
    """Servers that refuse HELLO, choose a version of their own, or are none."""

    def choosing(body: bytes, kind: int = ANSWER | HELLO) -> Peer:
        def peer(sock: PeerSocket) -> None:
            _, number, _ = asked(sock, HELLO)
            sock.sendall(wire.frame(kind, number, body))

        return peer

    def mute(sock: PeerSocket) -> None:
        asked(sock, HELLO)
        asked(sock)

    for what, peer in (
        ("chose version 3", choosing(b"\x03")),
        ("chose no version", choosing(b"")),
        ("answered ERROR 1, no common version", choosing(b"\x01none of mine", ERROR)),
        ("answered ERROR 4, bad body", choosing(b"\x04which versions?", ERROR)),
        ("spoke HTTP", lambda sock: sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
        ("ended", lambda sock: None),
    ):
        told = f"Thermostat(address, timeout), where the server {what}"
        expect_raises(ConnectionError, lambda peer=peer: app(stage, thermostat, peer), told)
        expect_closed(stage, f"{told}, has raised an error, but")
    with socket.socket() as nobody:  # a port that is taken, and at which nobody listens
        nobody.bind(("127.0.0.1", 0))
        told = f"Thermostat(address, {PATIENT}), where nobody listens"
        expect_raises(ConnectionError, lambda: thermostat(nobody.getsockname(), PATIENT), told)
        expect_closed(stage, f"{told}, has raised an error, but")
    told = f"Thermostat(address, {BRIEF}), where HELLO is not answered"
    expect_raises(TimeoutError, lambda: app(stage, thermostat, mute, BRIEF), told)
    expect_closed(stage, f"{told}, has raised TimeoutError, but")


def gives_up_in_time(thermostat: Callable, stage: Stage) -> None:
    """Silence, and an answer that comes drop by drop."""

    def drips(sock: PeerSocket) -> None:
        greeted(sock, 1)
        _, number, _ = asked(sock)
        for byte in wire.frame(ANSWER | TEMPERATURE, number, wire.value(195)):
            stage.pause(BRIEF * 0.6)
            sock.sendall(bytes([byte]))
        asked(sock)

    def silent(sock: PeerSocket) -> None:
        greeted(sock, 1)
        while True:
            asked(sock)

    for what, peer, belief in (
        ("nobody answered", silent, None),
        ("the answer came in nine pieces, 0.12 s apart", drips, beliefs.EVERY_PIECE),
    ):
        with app(stage, thermostat, peer, BRIEF) as it:
            began = time.monotonic()
            told = f"temperature() with a timeout of {BRIEF} s, where {what}"
            expect_raises(TimeoutError, it.temperature, told, belief, hints.CLIENT_LATE)
            took = time.monotonic() - began
            if took > LATE * BRIEF:
                told = f"{told}: TimeoutError came after {took:.1f} s."
                raise Wrong(told, belief, hints.CLIENT_LATE)
            if took < 0.8 * BRIEF:
                told = f"{told}: TimeoutError came after {took:.2f} s already."
                raise Wrong(told, None, hints.CLIENT_LATE)


def closes(thermostat: Callable, stage: Stage) -> None:
    """`close`, and the end of a with block."""
    it = app(stage, thermostat, room())
    expect_celsius(it.temperature(), 19.5, "temperature()")
    it.close()
    expect_closed(stage, "After close()")
    it.close()
    expect_raises(ConnectionError, it.temperature, "temperature() after close()")
    expect_raises(ConnectionError, lambda: it.set_target(20.0), "set_target(20.0) after close()")
    try:
        with app(stage, thermostat, room()) as it:
            raise KeyError("an error of the app's own")
    except KeyError:
        expect_closed(stage, "After an error within a with block")
    else:
        raise Wrong("An error within a with block must get out of it.")
