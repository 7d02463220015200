"""The firmware protocol's bytes, for the programs that a learner's program talks to."""

from __future__ import annotations

import hashlib
import random
import struct
import zlib
from typing import NamedTuple

HEAD = struct.Struct("!BIII")  # kind, transfer, number, CRC-32 of the whole
LARGEST = 512  # bytes of a datagram
CHUNK = LARGEST - HEAD.size
OFFER, DATA, ACK, DONE, FAIL = range(1, 6)
KINDS = {OFFER: "OFFER", DATA: "DATA", ACK: "ACK", DONE: "DONE", FAIL: "FAIL"}
WRONG_HASH, GAVE_UP = 1, 2
MOST = 16 * 2**20  # bytes of an image
WINDOW = 256  # chunks
BIT_MAP = WINDOW // 8  # bytes
KEPT = 64  # bytes of a datagram in a trace: what is shorter is there as a whole
SILENT, LINGER, GIVES_UP = 0.5, 1.0, 3.0  # seconds


class Packet(NamedTuple):
    """What a datagram holds."""

    kind: int
    transfer: int
    number: int
    payload: bytes = b""

    def __str__(self) -> str:
        kind = KINDS.get(self.kind, f"kind {self.kind}")
        if self.kind == FAIL:
            return f"FAIL {self.number} ({_reason(self.payload) or 'no reason'})"
        return f"{kind} {self.number:,}" + (
            f" with a payload of {len(self.payload)} bytes" if self.payload else ""
        )


def pack(kind: int, transfer: int, number: int, payload: bytes = b"") -> bytes:
    """A datagram."""
    crc = zlib.crc32(HEAD.pack(kind, transfer, number, 0) + payload)
    return HEAD.pack(kind, transfer, number, crc) + payload


def unpack(datagram: bytes) -> Packet | None:
    """What a datagram holds; None where its CRC does not fit, or it is too short or too long."""
    if not HEAD.size <= len(datagram) <= LARGEST:
        return None
    packet = Packet(*HEAD.unpack_from(datagram)[:3], datagram[HEAD.size :])
    return packet if pack(*packet) == datagram else None


def in_words(head: bytes, ours: int | None = None) -> str:
    """What a datagram's first bytes mean: "DATA 5", or its first bytes where it is no packet.

    Args:
        head: those bytes.
        ours: the transfer that needs no word, where others are spoken of.
    """
    if len(head) < HEAD.size or head[0] not in KINDS:
        return head[:8].hex(" ") or "empty"
    kind, transfer, number, _ = HEAD.unpack_from(head)
    payload = head[HEAD.size :]
    told = f"{KINDS[kind]} {number:,}"
    if kind == ACK and (there := chunks_in(payload, number)):
        told = f"ACK {number}, has {_runs(sorted(there))}"
    elif kind == FAIL:
        told = f"FAIL {number} {_reason(payload)}".strip()
    if len(head) < KEPT and unpack(head) is None:
        return f"{told} (its CRC does not fit)"
    return f"{told} (of another transfer)" if ours not in (None, transfer) else told


def _reason(payload: bytes) -> str:
    """What a FAIL says, without what a terminal can't show."""
    text = payload.decode(errors="replace")
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)


def _runs(numbers: list[int]) -> str:
    """Numbers in short: "3, 5-9"."""
    first = [n for n in numbers if n - 1 not in numbers]
    last = [n for n in numbers if n + 1 not in numbers]
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in zip(first, last, strict=True))


def damaged(datagram: bytes, place: int, bit: int = 1) -> bytes:
    """The datagram with one bit of this byte flipped: 1, 2, 4 and so on."""
    changed = bytearray(datagram)
    changed[place] ^= bit
    return bytes(changed)


def an_image(size: int, seed: int = 0) -> bytes:
    """An image of so many bytes."""
    return random.Random(f"{size} {seed}").randbytes(size)


def chunks_of(image: bytes) -> list[bytes]:
    """An image in the pieces in which it crosses."""
    return [image[start : start + CHUNK] for start in range(0, len(image), CHUNK)]


def digest(image: bytes) -> bytes:
    """What an OFFER carries."""
    return hashlib.sha256(image).digest()


def bit_map(there: set[int], lowest: int) -> bytes:
    """Which chunks after the lowest missing one are there, without zeros at the end."""
    bits = "".join("01"[lowest + 1 + place in there] for place in range(WINDOW))
    return int(bits, 2).to_bytes(BIT_MAP, "big").rstrip(b"\0")


def chunks_in(payload: bytes, lowest: int) -> set[int]:
    """The chunks that a bit map says are there."""
    bits = "".join(f"{byte:08b}" for byte in payload)
    return {lowest + 1 + place for place, bit in enumerate(bits) if bit == "1"}
