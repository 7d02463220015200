"""What a learner's `thermostat_server` meets."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable

from helpers.assignments.a1 import _hints as hints
from helpers.assignments.a1 import _wire as wire
from helpers.assignments.a1 import beliefs
from helpers.assignments.a1._wire import ANSWER, ERROR, HELLO, SET_TARGET, TARGET, TEMPERATURE
from helpers.checks.peers import reset
from helpers.checks.stage import PeerSocket, Silence, Stage
from helpers.checks.wrong import Misconception, Wrong

NEXT = 0.7  # seconds within which the next client must be served
EARLY = 0.8  # of the time that a server must wait at least: less than this part is too early


def greets(function: Callable, stage: Stage) -> None:
    """Each list of versions gets the highest common one."""
    server = stage.run(function)
    for versions, chosen in (
        (b"\x01", 1),
        (b"\x01\x02", 2),
        (b"\x02\x01", 2),
        (b"\x01\x07\x63", 1),
        (bytes(range(2, 18)), 2),
    ):
        with stage.client(server) as app:
            app.sendall(wire.frame(HELLO, 7, versions))
            after = f"HELLO with the versions {list(versions)}"
            wire.expect(
                app, ANSWER | HELLO, 7, bytes([chosen]), beliefs.AS_TEXT, hints.HELLO, after
            )


def finds_no_version(function: Callable, stage: Stage) -> None:
    """No common version: an error, and the end."""
    server = stage.run(function)
    for versions in (b"\x03", b"\x00\x0b\x15", b"12"):
        with stage.client(server) as app:
            app.sendall(wire.frame(HELLO, 2, versions))
            after = f"HELLO with the versions {list(versions)}"
            wire.expect(
                app, ERROR, 2, bytes([wire.NO_VERSION]), beliefs.AS_TEXT, hints.HELLO, after
            )
            wire.expect_end(app, "There is no common version", hints=hints.CLOSING)


def wants_hello(function: Callable, stage: Stage) -> None:
    """A question before HELLO: an error, and the end."""
    server = stage.run(function)
    for kind in (TEMPERATURE, 9):
        with stage.client(server) as app:
            app.sendall(wire.frame(kind, 5))
            wire.expect(
                app,
                ERROR,
                5,
                bytes([wire.NO_HELLO]),
                None,
                hints.NO_HELLO,
                "a request before HELLO",
            )
            wire.expect_end(app, "A request came before HELLO", hints=hints.CLOSING)


def answers(function: Callable, stage: Stage) -> None:
    """Temperature and target, in both versions."""
    server = stage.run(function)
    for versions, chosen in ((b"\x01", 1), (b"\x02", 2)):
        with stage.client(server) as app:
            wire.hello(app, versions, chosen, 65_535)
            for kind, tenths in ((TEMPERATURE, wire.MEASURED), (TARGET, wire.AT_FIRST)):
                app.sendall(wire.frame(kind, kind + 40))
                _value(app, kind, kind + 40, tenths, chosen)


def _value(
    app: PeerSocket,
    kind: int,
    number: int,
    tenths: int,
    version: int,
    belief: Misconception | None = None,
) -> None:
    """Read an answer whose value must be this one; of version 2 its unit may be either."""
    what = wire.KINDS[kind]
    body = wire.expect(app, ANSWER | kind, number, None, belief, hints.VALUE, what)
    size = 2 if version == 1 else 3
    if len(body) != size:
        told = f"In version {version} a value has {size} bytes; {what} was answered by"
        raise Wrong(f"{told} {len(body)}: {body.hex(' ')}.", beliefs.ONE_VERSION)
    got = struct.unpack("!h", body[:2])[0]
    if version == 2 and body[2:] not in (b"C", b"F"):
        raise Wrong(f"A unit is C or F, and {what} was answered with {body[2:]!r}.")
    if version == 2 and body[2:] == b"F":
        got = round((got - 320) * 5 / 9)
    if got != tenths:
        told = f"{what}: expected {tenths / 10} °C, got {got / 10} °C ({body.hex(' ')})."
        raise Wrong(told, belief, hints.VALUE)


def sets(function: Callable, stage: Stage) -> None:
    """A target is kept, for the next client as well."""
    server = stage.run(function)
    steps = (
        (b"\x01", 1, wire.value(215), 215),
        (b"\x02", 2, wire.value(185, 2), 185),
        (b"\x02", 2, wire.value(680, 2, b"F"), 200),
        (b"\x01", 1, wire.value(50), 50),
        (b"\x02", 2, wire.value(300, 2), 300),
    )
    for versions, chosen, body, tenths in steps:
        with stage.client(server) as app:
            wire.hello(app, versions, chosen)
            app.sendall(wire.frame(SET_TARGET, 2, body))
            after = f"SET_TARGET with the body {body.hex(' ')} in version {chosen}"
            belief = beliefs.NO_UNIT if body[2:] == b"F" else None
            wire.expect(app, ANSWER | SET_TARGET, 2, b"", belief, hints.SET, after)
            app.sendall(wire.frame(TARGET, 3))
            _value(app, TARGET, 3, tenths, chosen, belief)
        with stage.client(server) as other:
            wire.hello(other, b"\x01", 1)
            other.sendall(wire.frame(TARGET, 4))
            _value(other, TARGET, 4, tenths, 1, beliefs.PER_CONNECTION)


def keeps_limits(function: Callable, stage: Stage) -> None:
    """Targets outside of the limits are refused, and nothing else changes."""
    server = stage.run(function)
    with stage.client(server) as app:
        wire.hello(app, b"\x01", 1)
        for number, tenths in enumerate((301, 49, -50, 32_767, -32_768), start=2):
            app.sendall(wire.frame(SET_TARGET, number, wire.value(tenths)))
            after = f"SET_TARGET to {tenths / 10} °C"
            belief = beliefs.SIGNLESS if tenths < 0 else None
            code = bytes([wire.OUT_OF_LIMITS])
            wire.expect(app, ERROR, number, code, belief, hints.LIMITS, after, beliefs.ERROR_ENDS)
        app.sendall(wire.frame(TARGET, 99))
        _value(app, TARGET, 99, wire.AT_FIRST, 1, beliefs.ERROR_ENDS)


def goes_on(function: Callable, stage: Stage) -> None:
    """Errors that do not close."""
    server = stage.run(function)
    for versions, chosen in ((b"\x01", 1), (b"\x02", 2)):
        with stage.client(server) as app:
            wire.hello(app, versions, chosen)
            wrong_value = wire.value(210, 3 - chosen)
            for number, (kind, body, code) in enumerate(
                (
                    (9, b"", wire.UNKNOWN),
                    (0x82, b"", wire.UNKNOWN),
                    (TEMPERATURE, b"?", wire.BAD_BODY),
                    (SET_TARGET, b"", wire.BAD_BODY),
                    (SET_TARGET, wrong_value, wire.BAD_BODY),
                    (HELLO, b"", wire.BAD_BODY),
                ),
                start=2,
            ):
                app.sendall(wire.frame(kind, number, body))
                after = wire.in_words(kind, number, body)
                wire.expect(
                    app, ERROR, number, bytes([code]), beliefs.ERROR_ENDS, hints.GOES_ON, after
                )
            app.sendall(wire.frame(TEMPERATURE, 77))
            _value(app, TEMPERATURE, 77, wire.MEASURED, chosen, beliefs.ERROR_ENDS)


def takes_pieces(function: Callable, stage: Stage) -> None:
    """A client that sends byte by byte."""
    server = stage.run(function)
    with stage.client(server) as app:
        _bytewise(stage, app, wire.frame(HELLO, 1, b"\x01"))
        wire.expect(app, ANSWER | HELLO, 1, b"\x01", beliefs.ONE_RECV, hints.FRAMES)
        _bytewise(stage, app, wire.frame(SET_TARGET, 2, wire.value(210)))
        wire.expect(app, ANSWER | SET_TARGET, 2, b"", beliefs.ONE_RECV, hints.FRAMES)


def _bytewise(stage: Stage, app: PeerSocket, data: bytes) -> None:
    for place, byte in enumerate(data):
        try:
            app.sendall(bytes([byte]))
        except ConnectionError:
            told = f"After {place} bytes of a frame, one by one, your server ended the connection."
            raise Wrong(told, beliefs.ONE_RECV, hints.FRAMES) from None
        stage.pause(0.003)


def takes_several(function: Callable, stage: Stage) -> None:
    """Several requests at once, the last one cut."""
    server = stage.run(function)
    with stage.client(server) as app:
        requests = [wire.frame(HELLO, 1, b"\x02")]
        requests += [wire.frame(SET_TARGET, n, wire.value(200 + n, 2)) for n in range(2, 30)]
        last = wire.frame(TARGET, 30)
        app.sendall(b"".join(requests) + last[:5])
        wire.expect(app, ANSWER | HELLO, 1, b"\x02", beliefs.ONE_RECV, hints.FRAMES)
        for number in range(2, 30):
            wire.expect(app, ANSWER | SET_TARGET, number, b"", beliefs.ONE_RECV, hints.FRAMES)
        app.sendall(last[5:])
        _value(app, TARGET, 30, 229, 2, beliefs.ONE_RECV)


def refuses_lengths(function: Callable, stage: Stage) -> None:
    """Frames of 2 GB, of 65 bytes, of 2 and of none."""
    server = stage.run(function)
    for length in (2**31, 2**32 - 1, 65, 2, 0):
        with stage.client(server, NEXT) as app:
            wire.hello(app)
            app.sendall(struct.pack("!I", length) + b"\x02\x00\x02")
            after = f"a frame whose length field says {length:,}"
            code = bytes([wire.BAD_FRAME])
            try:
                wire.expect(app, ERROR, 0, code, beliefs.LENGTH_TRUSTED, hints.LENGTH, after)
            except Silence as silence:
                told = f"After {after}: expected ERROR 2 at once. {silence}"
                raise Wrong(told, beliefs.LENGTH_TRUSTED, hints.LENGTH) from None
            wire.expect_end(app, f"After {after}", beliefs.LENGTH_TRUSTED, hints.LENGTH)


def takes_the_longest(function: Callable, stage: Stage) -> None:
    """The longest frame that is allowed, and a HELLO with too many versions."""
    server = stage.run(function)
    with stage.client(server) as app:
        wire.hello(app, bytes([1] * 16), 1)
        app.sendall(wire.frame(9, 2, bytes(61)))
        after = "a request of 64 bytes of a kind that nobody knows"
        wire.expect(app, ERROR, 2, bytes([wire.UNKNOWN]), None, hints.LENGTH, after)
        app.sendall(wire.frame(HELLO, 3, bytes([1] * 17)))
        after = "HELLO with 17 versions"
        wire.expect(app, ERROR, 3, bytes([wire.BAD_BODY]), None, hints.GOES_ON, after)


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
    silent = stage.client(server)
    began = time.monotonic()
    stage.note("a client was silent")
    _is_served(stage, server, "A client had connected and said nothing for 1.0 s", wire.SILENCE)
    _not_early(time.monotonic() - began, wire.SILENCE, "A client that says nothing has 1.0 s")
    silent.close()


def outlives_half_a_frame(function: Callable, stage: Stage) -> None:
    """One byte, and then another before each call of recv can time out."""
    server = stage.run(function)
    slow = stage.client(server)
    wire.hello(slow)
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
    _is_served(stage, server, "A frame was not complete after 0.5 s", wire.A_FRAME)
    _not_early(time.monotonic() - began, wire.A_FRAME, "A frame that has begun has 0.5 s")


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


def waits_for_the_slow(function: Callable, stage: Stage) -> None:
    """A client that is slow, and within the limits."""
    server = stage.run(function)
    with stage.client(server) as app:
        wire.hello(app, b"\x01", 1)
        for number in (2, 3):
            stage.pause(0.35)
            request = wire.frame(TEMPERATURE, number)
            app.sendall(request[:3])
            stage.pause(0.1)
            app.sendall(request[3:])
            try:
                _value(app, TEMPERATURE, number, wire.MEASURED, 1)
            except Wrong as wrong:
                told = f"A client asked after 0.35 s, in two pieces 0.1 s apart. {wrong}"
                raise Wrong(told, hints=hints.WAITING) from None


def _is_served(stage: Stage, server: object, what: str, after: float = 0.0) -> None:
    """Another client must be served soon."""
    with stage.client(server, after + NEXT, "the next client") as app:
        try:
            wire.hello(app)
        except (Silence, Wrong) as problem:
            belief = beliefs.EVERY_PIECE if "complete" in what else beliefs.ONE_CLIENT
            raise Wrong(f"{what}; the next client was not served. {problem}", belief) from None


def _not_early(took: float, seconds: float, what: str) -> None:
    if took < seconds * EARLY:
        raise Wrong(
            f"{what}, by the specification; the next client was served after {took:.1f} s already.",
            hints=hints.WAITING,
        )
