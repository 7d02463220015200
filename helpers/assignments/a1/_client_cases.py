"""What a learner's `Thermostat` meets."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable
from typing import Any

from helpers.assignments.a1 import _hints as hints
from helpers.assignments.a1 import _wire as wire
from helpers.assignments.a1 import beliefs
from helpers.assignments.a1._room import Peer, app, asked, expect_set, greeted, room
from helpers.assignments.a1._wire import ANSWER, ERROR, HELLO, SET_TARGET, TARGET, TEMPERATURE
from helpers.checks.kinds import names_of
from helpers.checks.peers import reset
from helpers.checks.stage import PeerSocket, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong

TIMEOUT = 1.0
BRIEF = 0.2  # the timeout of those that wait in vain
BREAKS = 0.6  # and of those that shall not wait for it
LATE = 3.0  # times a timeout after which an app has waited too long


def _expect(
    got: Any,
    celsius: float,
    what: str,
    belief: Misconception | None = None,
    steps: Hints = hints.CLIENT_VALUE,
) -> None:
    if not isinstance(got, float) or not abs(got - celsius) <= 0.06:
        told = f"{what}: expected {celsius} °C as a float, got {short(got)}."
        raise Wrong(told, belief, steps)


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
            _expect(got, 21.3, f"temperature() in version {chosen}", _old(chosen))
            _expect(it.target(), 19.0, f"target() in version {chosen}", _old(chosen))
            _none(it.set_target(22.5))
            _expect(it.target(), 22.5, f"target() after set_target(22.5), version {chosen}")
            _none(it.set_target(7))
            _expect(it.target(), 7.0, f"target() after set_target(7), version {chosen}")
            _none(it.set_target(21.48))
            told = f"target() after set_target(21.48), version {chosen}"
            _expect(it.target(), 21.5, told, None, hints.CLIENT_SETS)


def _old(chosen: int) -> Misconception | None:
    return beliefs.ONE_VERSION if chosen == 1 else None


def _none(result: Any) -> None:
    if result is not None:
        raise Wrong(f"set_target returns nothing; it returned {short(result)}.")


def reads_units(thermostat: Callable, stage: Stage) -> None:
    """Fahrenheit, and temperatures below zero."""
    with app(stage, thermostat, room(2, b"F", (707, 680))) as it:
        _expect(it.temperature(), 21.5, "temperature(), where 70.7 °F came", beliefs.NO_UNIT)
        _expect(it.target(), 20.0, "target(), where 68.0 °F came", beliefs.NO_UNIT)
    with app(stage, thermostat, room(2, b"F", (705, -40))) as it:
        _expect(it.temperature(), 21.4, "temperature(), where 70.5 °F came", beliefs.NO_UNIT)
        _expect(it.target(), -20.0, "target(), where -4.0 °F came", beliefs.SIGNLESS)
    for chosen in (1, 2):
        with app(stage, thermostat, room(chosen, values=(-50, -1))) as it:
            _expect(it.temperature(), -5.0, "temperature(), where ff ce came", beliefs.SIGNLESS)
            _expect(it.target(), -0.1, "target(), where ff ff came", beliefs.SIGNLESS)


def takes_pieces(thermostat: Callable, stage: Stage) -> None:
    """Answers that come byte by byte."""

    def bytewise(sock: PeerSocket, data: bytes) -> None:
        for byte in data:
            sock.sendall(bytes([byte]))
            stage.pause(0.004)

    try:
        with app(stage, thermostat, room(2, values=(213, 190), pieces=bytewise)) as it:
            _expect(it.temperature(), 21.3, "temperature(), byte by byte", beliefs.ONE_RECV)
            _expect(it.target(), 19.0, "target(), byte by byte", beliefs.ONE_RECV)
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
        _raises(TimeoutError, it.temperature, "temperature(), which nobody answered in time")
        for celsius in (18.7, 18.8):
            try:
                got = it.target()
            except (ConnectionError, ValueError, TimeoutError) as error:
                told = f"target() raised {type(error).__name__}: {error}. An answer to an earlier "
                raise Wrong(f"{told}question had come before its own.", beliefs.IN_ORDER) from None
            _expect(got, celsius, "target(), after a late answer", beliefs.IN_ORDER)


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
        _raises(TimeoutError, it.temperature, told, None, hints.CLIENT_KEPT)
        told = "target(), after the other 3 bytes of the late answer"
        try:
            got = it.target()
        except (ConnectionError, ValueError, TimeoutError) as error:
            told = f"{told}: expected 18.7 °C, got {type(error).__name__}: {error}."
            raise Wrong(told, None, hints.CLIENT_KEPT) from None
        _expect(got, 18.7, told, None, hints.CLIENT_KEPT)


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
            error = _raises(ValueError, lambda: it.set_target(35.0), told)
            if reason not in str(error):
                told = f"The refusal's reason was {reason!r}; the ValueError says {str(error)!r}."
                raise Wrong(told, hints=hints.CLIENT_ERRORS)
        try:
            _expect(it.target(), 20.0, "target() after a refusal")
        except ConnectionError as error:
            told = f"target() after a refusal raised {type(error).__name__}: {error}."
            raise Wrong(told, beliefs.ERROR_ENDS) from None


def refuses_nonsense(thermostat: Callable, stage: Stage) -> None:
    """Numbers that can't be sent, and the highest one that can."""
    with app(stage, thermostat, room(1)) as it:
        for celsius in (float("nan"), float("inf"), float("-inf"), 4000.0, -4000.0):
            told = f"set_target({celsius})"
            _raises(ValueError, lambda c=celsius: it.set_target(c), told, None, hints.CLIENT_SETS)
        told = "target() after set_target was called with numbers that no value can hold"
        _expect(it.target(), 20.0, told, None, hints.CLIENT_SETS)
        for celsius in (3276.7, -3276.8):
            _none(it.set_target(celsius))
            told = f"target() after set_target({celsius}), of a thermostat without limits"
            _expect(it.target(), celsius, told, None, hints.CLIENT_SETS)


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
            _raises(ConnectionError, it.temperature, told, belief)
            _expect_closed(stage, f"{told}, has raised ConnectionError, but")
            _raises(ConnectionError, it.target, f"target(), after the thermostat {what}")

    def wordy(sock: PeerSocket) -> None:
        greeted(sock, 1)
        _, number, _ = asked(sock, SET_TARGET)
        sock.sendall(wire.frame(ANSWER | SET_TARGET, number, good))
        asked(sock)

    with app(stage, thermostat, wordy, BREAKS) as it:
        told = "set_target(20), which was answered with a value"
        _raises(ConnectionError, lambda: it.set_target(20), told)


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
        _raises(ConnectionError, lambda peer=peer: app(stage, thermostat, peer), told)
        _expect_closed(stage, f"{told}, has raised an error, but")
    told = f"Thermostat(address, {BRIEF}), where HELLO is not answered"
    _raises(TimeoutError, lambda: app(stage, thermostat, mute, BRIEF), told)
    _expect_closed(stage, f"{told}, has raised TimeoutError, but")


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
            _raises(TimeoutError, it.temperature, told, belief, hints.CLIENT_LATE)
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
    _expect(it.temperature(), 19.5, "temperature()")
    it.close()
    _expect_closed(stage, "After close()")
    it.close()
    _raises(ConnectionError, it.temperature, "temperature() after close()")
    _raises(ConnectionError, lambda: it.set_target(20.0), "set_target(20.0) after close()")
    try:
        with app(stage, thermostat, room()) as it:
            raise KeyError("an error of the app's own")
    except KeyError:
        _expect_closed(stage, "After an error within a with block")
    else:
        raise Wrong("An error within a with block must get out of it.")


def talks_to_its_own(thermostat: Callable, stage: Stage) -> None:
    """The learner's app and the learner's server."""
    server = names_of(thermostat).get("thermostat_server")
    if server is None:  # a class without methods of its own
        server = getattr(sys.modules.get("program"), "thermostat_server", None)
    if server is None:
        raise Wrong("There is no thermostat_server yet that it could talk to.")
    running = stage.run(server)
    address = running.address
    for _ in range(2):
        with thermostat(address, TIMEOUT) as it:
            _expect(it.temperature(), 19.5, "temperature() of your own server")
            it.set_target(23.0)
            _raises(ValueError, lambda it=it: it.set_target(31.0), "set_target(31.0)")
            _expect(it.target(), 23.0, "target() after set_target(23.0), of your own server")


def _expect_closed(stage: Stage, when: str) -> None:
    if left := stage.opened():
        comma = "" if when.endswith("but") else ","
        raise Wrong(f"{when}{comma} your app has not closed {left[0]}.", hints=hints.CLIENT_CLOSES)


def _raises(
    kind: type[Exception],
    call: Callable[[], Any],
    what: str,
    belief: Misconception | None = None,
    steps: Hints = hints.CLIENT_ERRORS,
) -> Exception:
    """Call; the error must be of this kind. Returns it."""
    try:
        got = call()
    except kind as error:
        return error
    except Wrong:
        raise
    except Exception as error:
        told = f"{what}: expected {kind.__name__}, got {type(error).__name__}: {error}."
        belief = belief if isinstance(error, TimeoutError) else None  # it has seen, not believed
        raise Wrong(told, belief, steps) from None
    raise Wrong(f"{what}: expected {kind.__name__}, got {short(got)}.", belief, steps)
