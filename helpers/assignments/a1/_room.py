"""The thermostat that a learner's app talks to."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from helpers.assignments.a1 import _hints as hints
from helpers.assignments.a1 import _wire as wire
from helpers.assignments.a1 import beliefs
from helpers.assignments.a1._wire import ANSWER, HELLO, SET_TARGET, TARGET, TEMPERATURE
from helpers.checks.stage import PeerSocket, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong

Peer = Callable[[PeerSocket], None]


def app(stage: Stage, thermostat: Callable, peer: Peer, timeout: float = 1.0) -> Any:
    """The learner's app, connected to this thermostat of ours."""
    errors: list[Wrong] = []

    def serve(listener: Any) -> None:
        while True:
            connection, _ = listener.accept()
            with connection:
                try:
                    peer(connection)
                except Wrong as wrong:
                    errors.append(wrong)
                except (wire.Broken, OSError):
                    pass  # the app has gone

    address = stage.serve(serve).address
    try:
        own = thermostat(address, timeout)
    except Exception:
        _tell(errors)
        raise

    class Watched:
        """The app, whose thermostat's own complaints come first."""

        def __getattr__(self, name: str) -> Any:
            method = getattr(own, name)

            def call(*args: Any) -> Any:
                try:
                    return method(*args)
                except Exception:
                    _tell(errors)
                    raise
                finally:
                    if errors and sys.exc_info()[0] is None:
                        _tell(errors)

            return call

        def __enter__(self) -> Any:
            own.__enter__()
            return self

        def __exit__(self, *what: Any) -> None:
            own.__exit__(*what)

    return Watched()


def _tell(errors: list[Wrong]) -> None:
    if errors:
        raise errors[0]


def asked(sock: PeerSocket, kind: int | None = None) -> tuple[int, int, bytes]:
    """The app's next request, which must be of this kind."""
    got = wire.read(sock)
    if kind is not None and got[0] != kind:
        told = f"Expected {wire.KINDS[kind]} from the app, got {wire.in_words(*got)}."
        raise Wrong(told, hints=hints.CLIENT_SENDS)
    return got


def greeted(sock: PeerSocket, chosen: int) -> None:
    """Answer the app's HELLO, which must offer versions 1 and 2."""
    _, number, body = asked(sock, HELLO)
    if not {1, 2} <= set(body) or len(body) > 16:
        told = f"HELLO must list the versions 1 and 2; its body is {body.hex(' ') or 'empty'}."
        raise Wrong(told, hints=hints.CLIENT_SENDS)
    sock.sendall(wire.frame(ANSWER | HELLO, number, bytes([chosen])))


def room(
    chosen: int = 2,
    unit: bytes = b"C",
    values: tuple[int, int] = (195, 200),
    pieces: Callable[[PeerSocket, bytes], None] | None = None,
    counts: bool = False,
) -> Peer:
    """A thermostat that does what the specification says, in one version and one unit.

    `counts` lets it refuse numbers that came before, or are 0.
    """

    def peer(sock: PeerSocket) -> None:
        known = dict(zip((TEMPERATURE, TARGET), values, strict=True))
        send = pieces or (lambda sock, data: sock.sendall(data))
        _, number, body = asked(sock, HELLO)
        if not {1, 2} <= set(body) or len(body) > 16:
            told = f"HELLO must list the versions 1 and 2; its body is {body.hex(' ') or 'empty'}."
            raise Wrong(told, hints=hints.CLIENT_SENDS)
        numbers: set[int] = set()
        if counts:
            _expect_new(number, numbers)
        send(sock, wire.frame(ANSWER | HELLO, number, bytes([chosen])))
        while True:
            kind, number, body = wire.read(sock)
            if counts:
                _expect_new(number, numbers)
            if kind in known and not body:
                send(sock, wire.frame(ANSWER | kind, number, wire.value(known[kind], chosen, unit)))
            elif kind == SET_TARGET:
                known[TARGET] = _set(body, chosen, unit)
                send(sock, wire.frame(ANSWER | kind, number))
            else:
                told = f"The app sent {wire.in_words(kind, number, body)}, which is no request."
                raise Wrong(told, hints=hints.CLIENT_SENDS)

    return peer


def _expect_new(number: int, numbers: set[int]) -> None:
    """A request must have a number that is not among these; it is then."""
    if number in numbers:
        told = f"Each request has a number of its own: {number} came twice."
        raise Wrong(told, hints=hints.CLIENT_SENDS)
    if number == 0:
        told = "Requests are numbered from 1 to 65,535: number 0 came, which ERROR 2 uses."
        raise Wrong(told, hints=hints.CLIENT_SENDS)
    numbers.add(number)


def expect_set(body: bytes, version: int, tenths: int, call: str) -> None:
    """The body of a SET_TARGET must name this target, in either unit."""
    if (got := _set(body, version, b"C")) != tenths:
        told = f"{call}: the app sent {got / 10} °C ({body.hex(' ')}), and not what it was told."
        raise Wrong(told, hints=hints.CLIENT_SENDS)


def _set(body: bytes, version: int, unit: bytes) -> int:
    if len(body) != (2 if version == 1 else 3):
        told = f"In version {version} SET_TARGET has a body of {2 if version == 1 else 3} bytes"
        raise Wrong(f"{told}; the app's is {body.hex(' ')}.", beliefs.ONE_VERSION)
    tenths = int.from_bytes(body[:2], "big", signed=True)
    if version == 2 and body[2:] == b"F":
        tenths = round((tenths - 320) * 5 / 9)
    elif version == 2 and body[2:] != b"C":
        raise Wrong(f"A unit is C or F; the app sent {body[2:]!r}.", hints=hints.CLIENT_SENDS)
    return round(tenths * 9 / 5) + 320 if unit == b"F" else tenths


def expect_celsius(
    got: Any,
    celsius: float,
    what: str,
    belief: Misconception | None = None,
    steps: Hints = hints.CLIENT_VALUE,
) -> None:
    if not isinstance(got, float) or not abs(got - celsius) <= 0.06:
        told = f"{what}: expected {celsius} °C as a float, got {short(got)}."
        raise Wrong(told, belief, steps)


def expect_closed(stage: Stage, when: str) -> None:
    if left := stage.opened():
        comma = "" if when.endswith("but") else ","
        raise Wrong(f"{when}{comma} your app has not closed {left[0]}.", hints=hints.CLIENT_CLOSES)


def expect_raises(
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
