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
from helpers.assignments.a1._room import Peer, app, asked, greeted, room
from helpers.assignments.a1._wire import ANSWER, ERROR, HELLO, SET_TARGET, TARGET, TEMPERATURE
from helpers.checks.kinds import names_of
from helpers.checks.peers import reset
from helpers.checks.stage import PeerSocket, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong

TIMEOUT = 1.0
BRIEF = 0.2  # the timeout of those that wait in vain
LATE = 3.0  # times a timeout after which an app has waited too long


def _expect(got: Any, celsius: float, what: str, belief: Misconception | None = None) -> None:
    number = isinstance(got, (int, float)) and not isinstance(got, bool)
    if not number or abs(got - celsius) > 0.06:
        told = f"{what}: expected {celsius} °C, got {short(got)}."
        raise Wrong(told, belief, hints.CLIENT_VALUE)


def asks(thermostat: Callable, stage: Stage) -> None:
    """A thermostat of version 2, and one of version 1."""
    for chosen in (2, 1):
        with app(stage, thermostat, room(chosen, values=(213, 190))) as it:
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


def passes_refusals_on(thermostat: Callable, stage: Stage) -> None:
    """A refusal is a ValueError, and the conversation goes on."""

    def refuses(sock: PeerSocket) -> None:
        greeted(sock, 2)
        for code, reason in ((5, "five to thirty, please"), (4, "no such value")):
            _, number, _ = asked(sock, SET_TARGET)
            sock.sendall(wire.frame(ERROR, number, bytes([code]) + reason.encode()))
        _, number, _ = asked(sock, TARGET)
        sock.sendall(wire.frame(ANSWER | TARGET, number, wire.value(200, 2)))
        asked(sock)

    with app(stage, thermostat, refuses) as it:
        for reason in ("five to thirty, please", "no such value"):
            error = _raises(
                ValueError, lambda: it.set_target(35.0), "set_target(35.0), which was refused"
            )
            if reason not in str(error):
                told = f"The refusal's reason was {reason!r}; the ValueError says {str(error)!r}."
                raise Wrong(told, hints=hints.CLIENT_ERRORS)
        try:
            _expect(it.target(), 20.0, "target() after a refusal")
        except ConnectionError as error:
            told = f"target() after a refusal raised {type(error).__name__}: {error}."
            raise Wrong(told, beliefs.ERROR_ENDS) from None


def refuses_nonsense(thermostat: Callable, stage: Stage) -> None:
    """Numbers that can't be sent."""
    with app(stage, thermostat, room(1)) as it:
        for celsius in (float("nan"), float("inf"), 4000.0):
            _raises(ValueError, lambda c=celsius: it.set_target(c), f"set_target({celsius})")
        _expect(it.target(), 20.0, "target() after them")


def tells_of_broken_peers(thermostat: Callable, stage: Stage) -> None:
    """Peers that end, reset, or send what is no answer."""

    def then(break_it: Callable[[PeerSocket, int], None]) -> Peer:
        def peer(sock: PeerSocket) -> None:
            greeted(sock, 1)
            _, number, _ = asked(sock, TEMPERATURE)
            break_it(sock, number)
            with contextlib.suppress(OSError, wire.Broken):
                wire.read(sock)

        return peer

    good = wire.value(195)
    broken: list[tuple[str, Callable[[PeerSocket, int], None], Misconception | None]] = [
        ("ended", lambda sock, n: sock.close(), None),
        ("reset", lambda sock, n: reset(sock), None),
        (
            "ended within its answer",
            lambda sock, n: (sock.sendall(wire.frame(0x82, n, good)[:8]), sock.close()),
            None,
        ),
        (
            "sent a frame of 2 GB",
            lambda sock, n: sock.sendall(b"\x80\x00\x00\x00" + wire.frame(0x82, n, good)[4:]),
            beliefs.LENGTH_TRUSTED,
        ),
        (
            "sent a frame of 2 bytes",
            lambda sock, n: sock.sendall(b"\x00\x00\x00\x02\x82\x00"),
            beliefs.LENGTH_TRUSTED,
        ),
        (
            "answered as if to SET_TARGET",
            lambda sock, n: sock.sendall(wire.frame(ANSWER | SET_TARGET, n)),
            None,
        ),
        ("answered without a value", lambda sock, n: sock.sendall(wire.frame(0x82, n)), None),
        (
            "answered ERROR 2, which closes",
            lambda sock, n: sock.sendall(wire.frame(ERROR, 0, b"\x02bad frame")),
            None,
        ),
    ]
    for what, break_it, belief in broken:
        with app(stage, thermostat, then(break_it)) as it:
            told = f"temperature(), when the thermostat {what}"
            _raises(ConnectionError, it.temperature, told, belief)
            _raises(ConnectionError, it.target, "target() after the conversation was over")


def greets_strangers(thermostat: Callable, stage: Stage) -> None:
    """Servers that refuse HELLO, choose a version of their own, or are none."""

    def choosing(body: bytes, kind: int = ANSWER | HELLO) -> Peer:
        def peer(sock: PeerSocket) -> None:
            _, number, _ = asked(sock, HELLO)
            sock.sendall(wire.frame(kind, number, body))

        return peer

    for what, peer in (
        ("chose version 3", choosing(b"\x03")),
        ("chose no version", choosing(b"")),
        ("answered ERROR 1, no common version", choosing(b"\x01none of mine", ERROR)),
        ("spoke HTTP", lambda sock: sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")),
        ("ended", lambda sock: None),
    ):
        told = f"Thermostat(address, timeout), where the server {what}"
        _raises(ConnectionError, lambda peer=peer: app(stage, thermostat, peer), told)
        _expect_closed(stage, f"{told}, and the constructor has raised an error")


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
        raise Wrong(f"{when}, your app has not closed {left[0]}.", hints=hints.CLIENT_CLOSES)


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
        raise Wrong(told, belief, steps) from None
    raise Wrong(f"{what}: expected {kind.__name__}, got {short(got)}.", belief, steps)
