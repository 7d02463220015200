"""The thermostat protocol's bytes, for the programs that a learner's program talks to."""

from __future__ import annotations

import struct

from helpers.assignments.a1 import _hints as hints
from helpers.assignments.a1 import beliefs
from helpers.checks.stage import PeerSocket
from helpers.checks.wrong import Hints, Misconception, Wrong

HEAD = struct.Struct("!IBH")  # length of what follows it, kind, number
SHORTEST, LONGEST = 3, 64
HELLO, TEMPERATURE, TARGET, SET_TARGET, ANSWER, ERROR = 1, 2, 3, 4, 0x80, 0xFF
NO_VERSION, BAD_FRAME, UNKNOWN, BAD_BODY, OUT_OF_LIMITS, NO_HELLO = range(1, 7)
CLOSING = {NO_VERSION, BAD_FRAME, NO_HELLO}
A_FRAME, SILENCE = 0.5, 1.0  # seconds that a server waits: for a begun frame, for a new one
UNREAD = 1.0  # and for an app that takes no more bytes
KINDS = {1: "HELLO", 2: "TEMPERATURE", 3: "TARGET", 4: "SET_TARGET"}
CODES = {
    1: "no common version",
    2: "bad frame",
    3: "unknown request",
    4: "bad body",
    5: "out of limits",
    6: "no HELLO yet",
}
SHOWN = 10  # bytes of a payload
MEASURED, AT_FIRST = 195, 200  # tenths of a degree Celsius


def frame(kind: int, number: int, body: bytes = b"") -> bytes:
    """A frame."""
    return HEAD.pack(SHORTEST + len(body), kind, number) + body


def value(tenths: int, version: int = 1, unit: bytes = b"C") -> bytes:
    """A temperature as a body."""
    return struct.pack("!h", tenths) + (unit if version == 2 else b"")


def in_words(kind: int, number: int, body: bytes) -> str:
    """A frame as a message names it: "ERROR 5 (out of limits) to number 7"."""
    if kind == ERROR and not body:
        return f"an ERROR to {number}"
    if kind == ERROR:
        told = CODES.get(body[0], "a code that the protocol lacks")
        return f"ERROR {body[0]} ({told}) to number {number}"
    if kind & ANSWER:
        what = KINDS.get(kind & 0x7F, f"request {kind & 0x7F}")
        return f"the answer to {what} with number {number}" + (
            f" and the body {body.hex(' ')}" if body else ""
        )
    return f"{KINDS.get(kind, f'request {kind}')} with number {number}" + (
        f" and the body {body.hex(' ')}" if body else " and no body"
    )


def named(head: bytes) -> str:
    """A payload's first bytes, behind the name of the frame that they begin: "HELLO 1: 00 00 …"."""
    told = head[:SHOWN].hex(" ") + (" …" if len(head) > SHOWN else "")
    if len(head) < HEAD.size:
        return told
    length, kind, number = HEAD.unpack_from(head)
    name = "ERROR" if kind == ERROR else KINDS.get(kind & 0x7F)
    if not SHORTEST <= length <= LONGEST or name is None:
        return told
    answered = "answer to " if kind & ANSWER and kind != ERROR else ""
    more = " and more" if len(head) > 4 + length else ""
    return f"{answered}{name} {number}{more}: {told}"


class Broken(Exception):
    """The other side did not keep to the frames: it has ended, or sent what is none."""


def read(sock: PeerSocket) -> tuple[int, int, bytes]:
    """The next frame: kind, number, body.

    Raises:
        Broken: where the other side ends, or sends what is no frame.
    """
    length = int.from_bytes(_exactly(sock, 4, "a frame's length"), "big")
    if not SHORTEST <= length <= LONGEST:
        raise Broken(f"a frame came whose length field says {length:,}: 3 to 64 are allowed")
    rest = _exactly(sock, length, f"the {length} bytes of a frame")
    return rest[0], int.from_bytes(rest[1:3], "big"), rest[3:]


def _exactly(sock: PeerSocket, count: int, what: str) -> bytes:
    received = b""
    while len(received) < count:
        piece = sock.recv(count - len(received))
        if not piece:
            told = f"after {len(received)} of {count} bytes of it" if received else "in its place"
            raise Broken(f"{what} was to come, and the connection ended {told}")
        received += piece
    return received


def expect(
    sock: PeerSocket,
    kind: int,
    number: int,
    body: bytes | None = None,
    belief: Misconception | None = None,
    hints: Hints | None = None,
    after: str = "",
    ended: Misconception | None = None,
) -> bytes:
    """Read a frame that must be this one; return its body.

    Args:
        sock: the check's end.
        kind: its kind; of an ERROR `body` is the one byte of its code, or None for any.
        number: its number.
        body: its body; None where any will do.
        belief: behind another one.
        hints: for another one.
        after: what was sent, as a part of a sentence.
        ended: the belief behind an end in its place.

    Raises:
        Wrong: for another one, or none.
    """
    wanted = in_words(kind, number, body or b"")
    after = f"After {after}: " if after else ""
    try:
        got = read(sock)
    except Broken as error:
        raise Wrong(f"{after}expected {wanted}; {error}.", ended or belief, hints) from None
    except ConnectionError as error:
        told = f"{after}expected {wanted}; the connection was reset ({type(error).__name__})."
        raise Wrong(told, ended or belief, hints) from None
    right = got[:2] == (kind, number)
    if right and kind == ERROR:
        right = body is None or got[2][:1] == body
        if right:
            _expect_reason(got[2][1:])
    elif right and body is not None:
        right = got[2] == body
    if not right:
        told = f"{after}expected {wanted}, got {in_words(*got)}."
        raise Wrong(told[0].upper() + told[1:], belief, hints)
    return got[2]


def _expect_reason(reason: bytes) -> None:
    try:
        text = reason.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if not text.strip():
        raise Wrong(
            "An ERROR has a reason in UTF-8 behind its code, for a person to read: it has "
            f"{reason!r}."
        )


def expect_value(
    sock: PeerSocket,
    kind: int,
    number: int,
    tenths: int,
    version: int,
    belief: Misconception | None = None,
    after: str = "",
    steps: Hints = hints.VALUE,
) -> None:
    """Read an answer whose value must be this one; of version 2 its unit may be either."""
    what = f"{KINDS[kind]}{after}"
    body = expect(sock, ANSWER | kind, number, None, belief, steps, what)
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


def expect_end(
    sock: PeerSocket,
    why: str,
    belief: Misconception | None = None,
    hints: Hints | None = None,
) -> None:
    """The other side must end the connection now, without another byte.

    Raises:
        Wrong: where it sends something, or stays.
    """
    try:
        more = sock.recv(100)
    except ConnectionError:
        return  # a reset is an end as well
    except TimeoutError:
        raise Wrong(f"{why}: the connection must end, and it stays open.", belief, hints) from None
    if more:
        raise Wrong(
            f"{why}: the connection must end without more, and {more.hex(' ')} came.", belief, hints
        )


def hello(sock: PeerSocket, versions: bytes = b"\x02", chosen: int = 2, number: int = 1) -> None:
    """Greet a learner's server, which must choose this version."""
    sock.sendall(frame(HELLO, number, versions))
    expect(sock, ANSWER | HELLO, number, bytes([chosen]), after=f"HELLO with {list(versions)}")
