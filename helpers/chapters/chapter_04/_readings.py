"""What sensors send to a collector under check, and what is right to make of it."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from helpers.trace.trace import preview

Sent = Sequence[tuple[str, bytes]]  # (sender, datagram)
Readings = dict[int, list[float]]


def reading(device: int, number: int, celsius: float) -> bytes:
    """A datagram as a sensor sends it."""
    return struct.pack("!IIf", device, number, celsius)


MANY = [
    (f"sensor {device % 10}", reading(device, number, device % 50 - 7 + number / 4))
    for number in range(8)
    for device in (7, 8, 3_000_000_009)
]
DOUBLED = [
    ("sensor 7", reading(7, 1, 20.0)),
    ("sensor 7", reading(7, 1, 20.0)),
    ("sensor 8", reading(8, 1, 20.0)),
    ("sensor 7", reading(7, 2, 20.0)),
    ("sensor 7", reading(7, 3, 20.5)),
    ("sensor 7", reading(7, 2, 20.0)),
    ("sensor 8", reading(8, 1, 20.0)),
]
MOVED = [
    ("sensor", reading(7, 1, 20.0)),
    ("gateway", reading(8, 1, 12.0)),
    ("gateway", reading(7, 2, 20.5)),
    ("gateway", reading(8, 2, 12.5)),
    ("sensor", reading(7, 3, 21.0)),
    ("gateway", reading(7, 1, 20.0)),
]
GAPS = [
    ("sensor 7", reading(7, 5, 20.0)),
    ("sensor 7", reading(7, 6, 20.5)),
    ("sensor 7", reading(7, 9, 21.0)),
    ("sensor 0", reading(0, 3, 12.0)),
    ("sensor 7", reading(7, 12, 21.5)),
]
ORDERED = (1, 2, 10, 255, 256, 300, 4_000_000_000)
SHUFFLED = [
    ("sensor", reading(7, number, celsius))
    for number, celsius in (
        (255, 22.0),
        (4_000_000_000, 18.0),
        (2, 23.0),
        (300, 21.0),
        (10, 24.0),
        (1, 20.0),
        (256, 19.0),
    )
]
WITH_EMPTY = [
    ("sensor", reading(7, 1, 20.0)),
    ("sensor", reading(7, 2, 20.5)),
    ("sensor", b""),
    ("sensor", reading(7, 3, 21.0)),
    ("sensor", b""),
    ("sensor", reading(7, 4, 21.5)),
]
TOO_LONG_BY_ONE = reading(7, 7, 70.0) + b"!"
TWO_IN_ONE = reading(7, 8, 90.0) + reading(7, 9, 91.0)
BROKEN = [
    ("sensor", reading(7, 1, 20.0)),
    ("stranger", reading(7, 2, 20.5)[:7]),
    ("sensor", reading(7, 2, 20.5)),
    ("stranger", TWO_IN_ONE),
    ("stranger", b"hello"),
    ("stranger", reading(7, 6, 60.0)[:11]),
    ("stranger", TOO_LONG_BY_ONE),
    ("sensor", reading(7, 3, 21.0)),
]
CHANGED = [
    ("sensor", reading(7, 1, 20.0)),
    ("sensor", reading(7, 2, 20.5)),
    ("sensor", reading(7, 1, 99.0)),
    ("sensor", reading(7, 3, 21.0)),
    ("sensor", reading(7, 2, -40.0)),
]


def in_words(data: bytes) -> str:
    """What a datagram means where it is a reading; its beginning where it is none."""
    if len(data) != struct.calcsize("!IIf"):
        return f"{preview(data, len(data))}, no reading" if data else "empty"
    device, number, celsius = struct.unpack("!IIf", data)
    return f"device {device}, number {number:,}, {celsius:.6g} °C"


def as_arrived(datagrams: Iterable[bytes], form: str = "!IIf") -> Readings:
    """What each device has sent in the order of arrival, nothing sorted and nothing left out."""
    readings: Readings = {}
    for device, _, celsius in (struct.unpack(form, each) for each in datagrams):
        readings.setdefault(device, []).append(celsius)
    return readings


def by_number(datagrams: Iterable[bytes]) -> Readings:
    """What each device has sent in the order of its numbers, each number once, the first of it."""
    kept: dict[bytes, bytes] = {}
    for data in datagrams:
        kept.setdefault(data[:8], data)
    return as_arrived(kept[key] for key in sorted(kept))


def without_repeats(datagrams: Iterable[bytes]) -> Readings:
    """The same, where only what equals the datagram right before was left out."""
    last, kept = b"", []
    for data in datagrams:
        if data != last:
            kept.append(data)
        last = data
    return as_arrived(sorted(kept))


def datagrams(sent: Sent) -> list[bytes]:
    """The datagrams without their senders."""
    return [data for _, data in sent]
