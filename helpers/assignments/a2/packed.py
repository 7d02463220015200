"""The first step: a learner's `packed` beside the packets of the specification's example."""

from __future__ import annotations

import html
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from helpers.assignments.a2 import _wire as wire
from helpers.checks.stubs import is_stub
from helpers.look.card import SIGNS, card, paragraph, verdict
from helpers.look.tables import html_table

IMAGE = bytes(1_000)  # of the example
TRANSFER = 0x5EED0042
EXAMPLE = {  # kind, number and payload of each packet that differs from the others
    "OFFER": (wire.OFFER, len(IMAGE), wire.digest(IMAGE)),
    "ACK 0": (wire.ACK, 0, b""),
    "DATA 0": (wire.DATA, 0, wire.chunks_of(IMAGE)[0]),
    "DATA 1": (wire.DATA, 1, wire.chunks_of(IMAGE)[1]),
    "DATA 2": (wire.DATA, 2, wire.chunks_of(IMAGE)[2]),
    "ACK 1": (wire.ACK, 1, b""),
    "ACK 1 with a bit map": (wire.ACK, 1, b"\x80"),
    "DONE": (wire.DONE, len(IMAGE), b""),
}
# The first byte of each, and the one after its last.
FIELDS = {
    "kind": (0, 1),
    "transfer": (1, 5),
    "number": (5, 9),
    "CRC": (9, 13),
    "payload": (13, None),
}
SHOWN = 4  # bytes of a field, which is what the head's fields have
HEADINGS = ("field", "from byte", "in the example", "yours")


@dataclass(frozen=True, repr=False)
class Comparison:
    """What a learner's function makes of the example, as a card or as plain text.

    Attributes:
        state: "right", "wrong", or "none" where it is not written yet.
        headline: the finding.
        fitting: the names of the packets that are as in the example.
        rows: of the first that is not, each field: its name, where it begins, its bytes in the
            example and in the learner's packet, and whether they are the same.
        why: what may have led there; empty where nothing is known.
    """

    state: str
    headline: str
    fitting: tuple[str, ...] = ()
    rows: tuple[tuple[str, int, str, str, bool], ...] = ()
    why: str = ""

    def __repr__(self) -> str:
        lines = [f"{SIGNS[self.state]} {self.headline}"]
        for name, place, expected, found, fits in self.rows:
            yours = "yours is the same" if fits else f"yours: {found}"
            lines.append(f"  {_sign(fits)} {name}, from byte {place}: {expected}; {yours}")
        return "\n".join([*lines, *filter(None, (self.why, self._fitting))])

    def _repr_html_(self) -> str:
        parts = [verdict(self.state, self.headline)]
        if self.rows:
            rows = (
                (name, str(place), _code(expected), f"{_sign(fits)} {_code(found)}")
                for name, place, expected, found, fits in self.rows
            )
            parts.append(html_table(HEADINGS, rows, HEADINGS[1:2]))
        parts += [paragraph("", text) for text in (self.why, self._fitting) if text]
        return card("check", "Your packets and those of the example", *parts, state=self.state)

    @property
    def _fitting(self) -> str:
        """Which packets are right although another one is not."""
        fitting = ", ".join(self.fitting)
        return f"As in the example: {fitting}." if fitting and self.state == "wrong" else ""


def compare(packed: Callable[[int, int, int, bytes], bytes]) -> Comparison:
    """Compare what a function makes with the packets of the example in section 7.

    It gives no points and keeps nothing. An error of the function is told, and not raised.

    Args:
        packed: takes kind, transfer, number and payload, and returns the bytes of a packet.

    Returns:
        What differs, and at which byte of which field. A notebook shows it.
    """
    if is_stub(packed):
        return Comparison("none", "packed: not started. Write it in the cell above, and run both.")
    made: dict[str, bytes] = {}
    for name, (kind, number, payload) in EXAMPLE.items():
        try:
            found = packed(kind, TRANSFER, number, payload)
        except NotImplementedError:
            return Comparison("none", "packed: not finished. It still raises NotImplementedError.")
        except Exception as error:  # whatever a learner's function does
            what = "struct.error" if isinstance(error, struct.error) else type(error).__name__
            told = f"For {name} it raises {what}: {error}".rstrip(": ")
            return Comparison("wrong", told, why=_why_raised(error))
        if not isinstance(found, bytes):
            told = f"For {name} it returns {type(found).__name__}, and bytes are asked for"
            why = "Has its last line a `return`?" if found is None else ""
            return Comparison("wrong", told, why=why)
        made[name] = found
    right = {name: wire.pack(each[0], TRANSFER, *each[1:]) for name, each in EXAMPLE.items()}
    fitting = tuple(name for name in EXAMPLE if made[name] == right[name])
    first = next((name for name in EXAMPLE if name not in fitting), None)
    if first is None:
        told = "All packets are as in the example, byte by byte"
        return Comparison("right", told, fitting)
    place = _first_difference(right[first], made[first])
    field = next(name for name, (_, end) in FIELDS.items() if end is None or place < end)
    told = f"{first} differs from byte {place} on, in the field {field}"
    return Comparison("wrong", told, fitting, _rows(right[first], made[first]), _why(made))


def _rows(expected: bytes, found: bytes) -> tuple[tuple[str, int, str, str, bool], ...]:
    pairs = [(expected[start:end], found[start:end]) for start, end in FIELDS.values()]
    starts = [(name, start) for name, (start, _) in FIELDS.items()]
    return tuple(
        (*where, *map(_in_short, pair), pair[0] == pair[1])
        for where, pair in zip(starts, pairs, strict=True)
    )


def _sign(fits: bool) -> str:
    return SIGNS["right" if fits else "wrong"]


def _code(text: str) -> str:
    return f"<code>{html.escape(text)}</code>"


def _in_short(data: bytes) -> str:
    """Bytes in hexadecimal: all, or the first ones and how many there are."""
    if len(data) <= SHOWN:
        return data.hex(" ") or "empty"
    return f"{data[:SHOWN].hex(' ')} … ({len(data)} bytes)"


def _first_difference(expected: bytes, found: bytes) -> int:
    """The first byte in which two packets differ, which may be one that only one of them has."""
    pairs = enumerate(zip(expected, found, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(expected), len(found)))


def _why_raised(error: Exception) -> str:
    if isinstance(error, struct.error):
        return "`HEAD.pack` takes four numbers: kind, transfer, number, and the CRC or 0."
    return ""


def _why(made: dict[str, bytes]) -> str:
    """What may be wrong with a function that makes these packets."""
    for why, mistaken in MISTAKES:
        if all(
            mistaken(kind, number, payload) == made[name]
            for name, (kind, number, payload) in EXAMPLE.items()
        ):
            return why
    return ""


def _made(head: struct.Struct, kind: int, number: int, payload: bytes, covered: bytes) -> bytes:
    return head.pack(kind, TRANSFER, number, zlib.crc32(covered)) + payload


def _as_said(
    head: struct.Struct, kind: int, number: int, payload: bytes, carried: bool = True
) -> bytes:
    covered = head.pack(kind, TRANSFER, number, 0) + payload
    return _made(head, kind, number, payload if carried else b"", covered)


def _zeros(kind: int, number: int) -> bytes:
    return wire.HEAD.pack(kind, TRANSFER, number, 0)


LITTLE, PADDED = struct.Struct("<BIII"), struct.Struct("BIII")
MISTAKES: tuple[tuple[str, Callable[[int, int, bytes], bytes]], ...] = (
    (
        "Your CRC covers 9 bytes of the header and the payload. Its own four bytes count as well, "
        "as zeros: 13 bytes of header.",
        lambda k, n, p: _made(wire.HEAD, k, n, p, _zeros(k, n)[:9] + p),
    ),
    (
        "Your CRC covers the header alone. The payload counts as well.",
        lambda k, n, p: _made(wire.HEAD, k, n, p, _zeros(k, n)),
    ),
    (
        "Your CRC covers the payload alone. The header, with zeros as its CRC, counts as well.",
        lambda k, n, p: _made(wire.HEAD, k, n, p, p),
    ),
    (
        "The CRC is still 0. Compute it, and then pack the header once more, with the CRC in it.",
        lambda k, n, p: _zeros(k, n) + p,
    ),
    (
        "The header is right, and the payload is not there. It follows the header.",
        lambda k, n, p: _as_said(wire.HEAD, k, n, p, carried=False),
    ),
    (
        "Your numbers begin with their lowest byte. In network byte order the highest comes first: "
        "the format begins with `!`.",
        lambda k, n, p: _as_said(LITTLE, k, n, p),
    ),
    (
        "Your header has 16 bytes: without `!` in its format Python leaves room between fields.",
        lambda k, n, p: _as_said(PADDED, k, n, p),
    ),
)
