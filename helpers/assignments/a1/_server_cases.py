"""What a learner's `thermostat_server` meets."""

from __future__ import annotations

import functools
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

from helpers.assignments.a1 import _hints as hints
from helpers.assignments.a1 import _wire as wire
from helpers.assignments.a1 import beliefs
from helpers.assignments.a1._wire import ANSWER, ERROR, HELLO, SET_TARGET, TARGET, TEMPERATURE
from helpers.checks.peers import reset
from helpers.checks.stage import PeerSocket, Silence, Stage
from helpers.checks.wrong import Hints, Misconception, Wrong

NEXT = 0.7  # seconds within which the next client must be served
LATE = 0.4  # the same, where a limit of 1 s must not pass for one of 0.5 s
SOON = 0.4  # seconds within which a length must be refused: less than a frame's time
SIDE_BY_SIDE = 0.2  # seconds after which no limit can have run out
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
                _value(app, kind, kind + 40, tenths, chosen, after=" of a new thermostat")


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
            _value(app, TEMPERATURE, 2 * number + 1, wire.MEASURED, chosen)


def _value(
    app: PeerSocket,
    kind: int,
    number: int,
    tenths: int,
    version: int,
    belief: Misconception | None = None,
    after: str = "",
    steps: Hints = hints.VALUE,
) -> None:
    """Read an answer whose value must be this one; of version 2 its unit may be either."""
    what = f"{wire.KINDS[kind]}{after}"
    body = wire.expect(app, ANSWER | kind, number, None, belief, steps, what)
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
        raise Wrong(told, belief, steps)


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
            _value(app, TARGET, 3, tenths, chosen, belief)
        with stage.client(server) as other:
            wire.hello(other, b"\x01", 1)
            other.sendall(wire.frame(TARGET, 4))
            after = f", asked by the next app after {body.hex(' ')} was set"
            _value(other, TARGET, 4, tenths, 1, beliefs.PER_CONNECTION, after)
    with stage.client(stage.run(function)) as app:
        wire.hello(app, b"\x01", 1)
        app.sendall(wire.frame(TARGET, 2))
        _value(app, TARGET, 2, wire.AT_FIRST, 1, None, " of a new thermostat", hints.NEW)


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
        _value(app, TARGET, 99, 210, 2, None, after, hints.LIMITS)


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
            _value(app, TEMPERATURE, 77, wire.MEASURED, chosen, None, after, hints.GOES_ON)
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
        _value(app, TARGET, 30, 229, 2, beliefs.ONE_RECV)


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
    wire.expect_end(silent, "A client had said nothing for 1.0 s", hints=hints.WAITING)


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
    _is_served(stage, server, told, wire.UNREAD + 1.5, beliefs.UNREAD)


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
        _value(app, TEMPERATURE, number, wire.MEASURED, 1)
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
            told += " A thermostat must hold one conversation at a time: are two served at once?"
        raise Wrong(told, hints=hints.WAITING)
