"""What a learner's `thermostat_server` meets."""

from __future__ import annotations

import struct
from collections.abc import Callable

from helpers.assignments.a1 import _hints as hints
from helpers.assignments.a1 import _wire as wire
from helpers.assignments.a1 import beliefs
from helpers.assignments.a1._wire import ANSWER, ERROR, HELLO, SET_TARGET, TARGET, TEMPERATURE
from helpers.checks.stage import PeerSocket, Silence, Stage
from helpers.checks.wrong import Wrong

SOON = 0.4  # seconds within which a length must be refused: less than a frame's time


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
    with stage.client(server) as app:
        wire.hello(app)
        app.sendall(wire.frame(HELLO, 2, b"\x03"))
        after = "a second HELLO, with the versions [3]"
        wire.expect(app, ERROR, 2, bytes([wire.NO_VERSION]), None, hints.HELLO, after)
        wire.expect_end(app, "There is no common version", hints=hints.CLOSING)


def wants_hello(function: Callable, stage: Stage) -> None:
    """A question before HELLO: an error, and the end."""
    server = stage.run(function)
    requests = ((TEMPERATURE, b""), (9, b""), (TARGET, b"?"), (SET_TARGET, wire.value(301)))
    for kind, body in requests:
        with stage.client(server) as app:
            app.sendall(wire.frame(kind, 5, body))
            after = f"{wire.in_words(kind, 5, body)}, before HELLO"
            wire.expect(app, ERROR, 5, bytes([wire.NO_HELLO]), None, hints.NO_HELLO, after)
            wire.expect_end(app, "A request came before HELLO", hints=hints.CLOSING)


def answers(function: Callable, stage: Stage) -> None:
    """Temperature and target, in both versions."""
    server = stage.run(function)
    for versions, chosen in ((b"\x01", 1), (b"\x02", 2)):
        with stage.client(server) as app:
            wire.hello(app, versions, chosen, 65_535)
            for kind, tenths in ((TEMPERATURE, wire.MEASURED), (TARGET, wire.AT_FIRST)):
                app.sendall(wire.frame(kind, kind + 40))
                wire.expect_value(
                    app, kind, kind + 40, tenths, chosen, after=" of a new thermostat"
                )


def greets_again(function: Callable, stage: Stage) -> None:
    """A later HELLO chooses another version."""
    server = stage.run(function)
    with stage.client(server) as app:
        for number, (versions, chosen) in enumerate(
            ((b"\x02", 2), (b"\x01", 1), (b"\x02", 2)), start=1
        ):
            app.sendall(wire.frame(HELLO, 2 * number, versions))
            after = f"HELLO number {number} of a conversation, with the versions {list(versions)}"
            body = bytes([chosen])
            wire.expect(app, ANSWER | HELLO, 2 * number, body, None, hints.AGAIN, after)
            app.sendall(wire.frame(TEMPERATURE, 2 * number + 1))
            wire.expect_value(app, TEMPERATURE, 2 * number + 1, wire.MEASURED, chosen)


def sets(function: Callable, stage: Stage) -> None:
    """A target is kept, for the next client as well."""
    server = stage.run(function)
    steps = (
        (b"\x01", 1, wire.value(215), 215),
        (b"\x02", 2, wire.value(185, 2), 185),
        (b"\x01", 1, wire.value(50), 50),
        (b"\x02", 2, wire.value(300, 2), 300),
        (b"\x02", 2, wire.value(680, 2, b"F"), 200),
        (b"\x02", 2, wire.value(705, 2, b"F"), 214),
        (b"\x02", 2, wire.value(410, 2, b"F"), 50),
        (b"\x02", 2, wire.value(860, 2, b"F"), 300),
    )
    for versions, chosen, body, tenths in steps:
        with stage.client(server) as app:
            wire.hello(app, versions, chosen)
            app.sendall(wire.frame(SET_TARGET, 2, body))
            after = f"SET_TARGET with the body {body.hex(' ')} in version {chosen}"
            belief = beliefs.NO_UNIT if body[2:] == b"F" else None
            wire.expect(app, ANSWER | SET_TARGET, 2, b"", belief, hints.SET, after)
            app.sendall(wire.frame(TARGET, 3))
            wire.expect_value(app, TARGET, 3, tenths, chosen, belief)
        with stage.client(server) as other:
            wire.hello(other, b"\x01", 1)
            other.sendall(wire.frame(TARGET, 4))
            after = f", asked by the next app after {body.hex(' ')} was set"
            wire.expect_value(other, TARGET, 4, tenths, 1, beliefs.PER_CONNECTION, after)
    with stage.client(stage.run(function)) as app:
        wire.hello(app, b"\x01", 1)
        app.sendall(wire.frame(TARGET, 2))
        wire.expect_value(app, TARGET, 2, wire.AT_FIRST, 1, None, " of a new thermostat", hints.NEW)


def keeps_limits(function: Callable, stage: Stage) -> None:
    """Targets outside of the limits are refused, and nothing else changes."""
    server = stage.run(function)
    with stage.client(server) as app:
        wire.hello(app, b"\x02", 2)
        app.sendall(wire.frame(SET_TARGET, 90, wire.value(210, 2)))
        wire.expect(app, ANSWER | SET_TARGET, 90, b"", None, hints.SET, "SET_TARGET to 21.0 °C")
        tries = [(tenths, b"C") for tenths in (301, 49, -50, 32_767, -32_768)]
        for number, (tenths, unit) in enumerate([*tries, (862, b"F"), (408, b"F")], start=2):
            app.sendall(wire.frame(SET_TARGET, number, wire.value(tenths, 2, unit)))
            after = f"SET_TARGET to {tenths / 10} °{unit.decode()}"
            code = bytes([wire.OUT_OF_LIMITS])
            wire.expect(app, ERROR, number, code, None, hints.LIMITS, after, beliefs.ERROR_ENDS)
        app.sendall(wire.frame(TARGET, 99))
        after = " after 21.0 °C was set and seven targets were refused"
        wire.expect_value(app, TARGET, 99, 210, 2, None, after, hints.LIMITS)


def goes_on(function: Callable, stage: Stage) -> None:
    """Errors that do not close."""
    server = stage.run(function)
    for versions, chosen in ((b"\x01", 1), (b"\x02", 2)):
        with stage.client(server) as app:
            wire.hello(app, versions, chosen)
            _refused(
                app,
                (9, b"", wire.UNKNOWN),
                (0, b"", wire.UNKNOWN),
                (0x82, b"", wire.UNKNOWN),
                (9, b"?", wire.UNKNOWN),
                (TEMPERATURE, b"?", wire.BAD_BODY),
                (TARGET, b"?", wire.BAD_BODY),
                (SET_TARGET, b"", wire.BAD_BODY),
                (SET_TARGET, wire.value(210, 3 - chosen), wire.BAD_BODY),
                (SET_TARGET, wire.value(210, 2) + b"!", wire.BAD_BODY),
                (SET_TARGET, wire.value(210, 2, b"K"), wire.BAD_BODY),
                *_NO_HELLO_FITS,
            )
            app.sendall(wire.frame(TEMPERATURE, 77))
            after = " after refusals"
            wire.expect_value(
                app, TEMPERATURE, 77, wire.MEASURED, chosen, None, after, hints.GOES_ON
            )
    with stage.client(server) as app:
        _refused(app, *_NO_HELLO_FITS, first=" as the first request")
        wire.hello(app, number=9)


_NO_HELLO_FITS = ((HELLO, b"", wire.BAD_BODY), (HELLO, bytes([1] * 17), wire.BAD_BODY))


def _refused(app: PeerSocket, *requests: tuple[int, bytes, int], first: str = "") -> None:
    """Send requests that must be refused, each with its code, and none with an end."""
    for number, (kind, body, code) in enumerate(requests, start=2):
        app.sendall(wire.frame(kind, number, body))
        what = f"{wire.KINDS.get(kind, kind)} with 17 versions"
        after = (what if len(body) == 17 else wire.in_words(kind, number, body)) + first
        wanted = bytes([code])
        wire.expect(app, ERROR, number, wanted, None, hints.GOES_ON, after, beliefs.ERROR_ENDS)


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
        wire.expect_value(app, TARGET, 30, 229, 2, beliefs.ONE_RECV)


def refuses_lengths(function: Callable, stage: Stage) -> None:
    """Frames of 2 GB, of 65 bytes, of 2 and of none; and a web browser's first bytes."""
    server = stage.run(function)
    for length in (2**31, 2**32 - 1, 65, 2, 0, int.from_bytes(b"GET ", "big")):
        with stage.client(server, SOON) as app:
            after = f"the four bytes of a length field that says {length:,}"
            if length.to_bytes(4, "big") == b"GET ":
                after += ", from a web browser that did not greet"
            else:
                wire.hello(app)
            app.sendall(struct.pack("!I", length))
            code = bytes([wire.BAD_FRAME])
            try:
                wire.expect(app, ERROR, 0, code, beliefs.LENGTH_TRUSTED, hints.LENGTH, after)
            except Silence as silence:
                told = f"After {after}: expected ERROR 2 at once, before any other byte. {silence}"
                raise Wrong(told, beliefs.LENGTH_TRUSTED, hints.LENGTH) from None
            wire.expect_end(app, f"After {after}", beliefs.LENGTH_TRUSTED, hints.LENGTH)


def takes_the_longest(function: Callable, stage: Stage) -> None:
    """The longest frame that is allowed, and the longest HELLO."""
    server = stage.run(function)
    with stage.client(server) as app:
        wire.hello(app, bytes([1] * 16), 1)
        app.sendall(wire.frame(9, 2, bytes(61)))
        after = "a request of 64 bytes of a kind that nobody knows"
        wire.expect(app, ERROR, 2, None, None, hints.LENGTH, after)
