"""What a learner's `Thermostat` meets."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from helpers.assignments.a1 import _hints as hints
from helpers.assignments.a1 import _wire as wire
from helpers.assignments.a1 import beliefs
from helpers.assignments.a1._room import (
    app,
    asked,
    expect_celsius,
    expect_raises,
    expect_set,
    greeted,
    room,
)
from helpers.assignments.a1._wire import ANSWER, ERROR, SET_TARGET, TARGET, TEMPERATURE
from helpers.checks.kinds import names_of
from helpers.checks.stage import PeerSocket, Stage
from helpers.checks.stubs import is_stub
from helpers.checks.values import short
from helpers.checks.wrong import Misconception, NotThere, Wrong

TIMEOUT = 1.0
BRIEF = 0.2  # the timeout of those that wait in vain


def asks(thermostat: Callable, stage: Stage) -> None:
    """A thermostat of version 2, and one of version 1."""
    for chosen in (2, 1):
        with app(stage, thermostat, room(chosen, values=(213, 190), counts=True)) as it:
            try:
                got = it.temperature()
            except (ConnectionError, ValueError) as error:
                told = (
                    f"temperature(), in version {chosen}, raised {type(error).__name__}: {error}."
                )
                raise Wrong(told, _old(chosen), hints.CLIENT_VALUE) from None
            expect_celsius(got, 21.3, f"temperature() in version {chosen}", _old(chosen))
            expect_celsius(it.target(), 19.0, f"target() in version {chosen}", _old(chosen))
            _none(it.set_target(22.5))
            expect_celsius(it.target(), 22.5, f"target() after set_target(22.5), version {chosen}")
            _none(it.set_target(7))
            expect_celsius(it.target(), 7.0, f"target() after set_target(7), version {chosen}")


def _old(chosen: int) -> Misconception | None:
    return beliefs.ONE_VERSION if chosen == 1 else None


def _none(result: Any) -> None:
    if result is not None:
        raise Wrong(f"set_target returns nothing; it returned {short(result)}.")


def reads_units(thermostat: Callable, stage: Stage) -> None:
    """Fahrenheit, and temperatures below zero."""
    with app(stage, thermostat, room(2, b"F", (707, 680))) as it:
        expect_celsius(it.temperature(), 21.5, "temperature(), where 70.7 °F came", beliefs.NO_UNIT)
        expect_celsius(it.target(), 20.0, "target(), where 68.0 °F came", beliefs.NO_UNIT)
    with app(stage, thermostat, room(2, b"F", (705, -40))) as it:
        expect_celsius(it.temperature(), 21.4, "temperature(), where 70.5 °F came", beliefs.NO_UNIT)
        expect_celsius(it.target(), -20.0, "target(), where -4.0 °F came", beliefs.SIGNLESS)
    for chosen in (1, 2):
        with app(stage, thermostat, room(chosen, values=(-50, -1))) as it:
            expect_celsius(
                it.temperature(), -5.0, "temperature(), where ff ce came", beliefs.SIGNLESS
            )
            expect_celsius(it.target(), -0.1, "target(), where ff ff came", beliefs.SIGNLESS)


def takes_pieces(thermostat: Callable, stage: Stage) -> None:
    """Answers that come byte by byte."""

    def bytewise(sock: PeerSocket, data: bytes) -> None:
        for byte in data:
            sock.sendall(bytes([byte]))
            stage.pause(0.004)

    try:
        with app(stage, thermostat, room(2, values=(213, 190), pieces=bytewise)) as it:
            expect_celsius(it.temperature(), 21.3, "temperature(), byte by byte", beliefs.ONE_RECV)
            expect_celsius(it.target(), 19.0, "target(), byte by byte", beliefs.ONE_RECV)
    except (ConnectionError, ValueError, IndexError) as error:
        told = f"Each answer came byte by byte. It raised {type(error).__name__}: {error}."
        raise Wrong(told, beliefs.ONE_RECV) from None


def tells_answers_apart(thermostat: Callable, stage: Stage) -> None:
    """An answer that came too late is not that to the next question."""

    def late(sock: PeerSocket) -> None:
        greeted(sock, 1)
        _, first, _ = asked(sock, TEMPERATURE)
        _, second, _ = asked(sock, TARGET)
        old = wire.frame(ANSWER | TEMPERATURE, first, wire.value(999))
        sock.sendall(old + wire.frame(ANSWER | TARGET, second, wire.value(187)))
        _, third, _ = asked(sock, TARGET)
        sock.sendall(wire.frame(ERROR, second, bytes([wire.OUT_OF_LIMITS]) + b"too late"))
        sock.sendall(wire.frame(ANSWER | TARGET, third, wire.value(188)))
        asked(sock)

    with app(stage, thermostat, late, BRIEF) as it:
        expect_raises(TimeoutError, it.temperature, "temperature(), which nobody answered in time")
        for celsius in (18.7, 18.8):
            try:
                got = it.target()
            except (ConnectionError, ValueError, TimeoutError) as error:
                told = f"target() raised {type(error).__name__}: {error}. An answer to an earlier "
                raise Wrong(f"{told}question had come before its own.", beliefs.IN_ORDER) from None
            expect_celsius(got, celsius, "target(), after a late answer", beliefs.IN_ORDER)


def keeps_its_place(thermostat: Callable, stage: Stage) -> None:
    """Half of an answer comes in time, the rest after the next question."""

    def halves(sock: PeerSocket) -> None:
        greeted(sock, 1)
        _, first, _ = asked(sock, TEMPERATURE)
        late = wire.frame(ANSWER | TEMPERATURE, first, wire.value(999))
        sock.sendall(late[:6])
        _, second, _ = asked(sock, TARGET)
        sock.sendall(late[6:] + wire.frame(ANSWER | TARGET, second, wire.value(187)))
        asked(sock)

    with app(stage, thermostat, halves, BRIEF) as it:
        told = "temperature(), of whose answer 6 bytes of 9 came in time"
        expect_raises(TimeoutError, it.temperature, told, None, hints.CLIENT_KEPT)
        told = "target(), after the other 3 bytes of the late answer"
        try:
            got = it.target()
        except (ConnectionError, ValueError, TimeoutError) as error:
            told = f"{told}: expected 18.7 °C, got {type(error).__name__}: {error}."
            raise Wrong(told, None, hints.CLIENT_KEPT) from None
        expect_celsius(got, 18.7, told, None, hints.CLIENT_KEPT)


def passes_refusals_on(thermostat: Callable, stage: Stage) -> None:
    """A refusal is a ValueError, and the conversation goes on."""

    def refuses(sock: PeerSocket) -> None:
        greeted(sock, 2)
        for code, reason in ((5, "five to thirty, please"), (4, "no such value")):
            _, number, body = asked(sock, SET_TARGET)
            expect_set(body, 2, 350, "set_target(35.0)")
            sock.sendall(wire.frame(ERROR, number, bytes([code]) + reason.encode()))
        _, number, _ = asked(sock, TARGET)
        sock.sendall(wire.frame(ANSWER | TARGET, number, wire.value(200, 2)))
        asked(sock)

    with app(stage, thermostat, refuses) as it:
        for reason in ("five to thirty, please", "no such value"):
            told = "set_target(35.0), which the thermostat refuses"
            error = expect_raises(ValueError, lambda: it.set_target(35.0), told)
            if reason not in str(error):
                told = f"The refusal's reason was {reason!r}; the ValueError says {str(error)!r}."
                raise Wrong(told, hints=hints.CLIENT_ERRORS)
        try:
            expect_celsius(it.target(), 20.0, "target() after a refusal")
        except ConnectionError as error:
            told = f"target() after a refusal raised {type(error).__name__}: {error}."
            raise Wrong(told, beliefs.ERROR_ENDS) from None


def sets_what_fits(thermostat: Callable, stage: Stage) -> None:
    """Tenths, numbers that can't be sent, and the highest one that can."""
    with app(stage, thermostat, room(2)) as it:
        _none(it.set_target(21.48))
        told = "target() after set_target(21.48)"
        expect_celsius(it.target(), 21.5, told, None, hints.CLIENT_SETS)
    with app(stage, thermostat, room(1)) as it:
        for celsius in (float("nan"), float("inf"), float("-inf"), 4000.0, -4000.0):
            told = f"set_target({celsius})"
            expect_raises(
                ValueError, lambda c=celsius: it.set_target(c), told, None, hints.CLIENT_SETS
            )
        told = "target() after set_target was called with numbers that no value can hold"
        expect_celsius(it.target(), 20.0, told, None, hints.CLIENT_SETS)
        for celsius in (3276.7, -3276.8):
            try:
                _none(it.set_target(celsius))
            except ValueError as error:
                told = f"set_target({celsius}) raised ValueError: {error}. A value can hold that, "
                told += "and the limits are the thermostat's to judge."
                raise Wrong(told, hints=hints.CLIENT_SETS) from None
            told = f"target() after set_target({celsius}), of a thermostat without limits"
            expect_celsius(it.target(), celsius, told, None, hints.CLIENT_SETS)


def talks_to_its_own(thermostat: Callable, stage: Stage) -> None:
    """The learner's app and the learner's server."""
    server = names_of(thermostat).get("thermostat_server")
    if server is None:  # a class without methods of its own
        server = getattr(sys.modules.get("program"), "thermostat_server", None)
    if server is None or is_stub(server):
        raise NotThere("There is no `thermostat_server` yet that your app could talk to.")
    running = stage.run(server)
    address = running.address
    for _ in range(2):
        with thermostat(address, TIMEOUT) as it:
            expect_celsius(it.temperature(), 19.5, "temperature() of your own server")
            it.set_target(23.0)
            expect_raises(ValueError, lambda it=it: it.set_target(31.0), "set_target(31.0)")
            expect_celsius(it.target(), 23.0, "target() after set_target(23.0), of your own server")
