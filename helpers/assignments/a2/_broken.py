"""Six programs that are broken in one thing each: the course's own, with a line changed."""

from __future__ import annotations

from functools import partial

from helpers.assignments.a2 import solutions
from helpers.checks.interop import broken

_sender = partial(broken, solutions, "send_firmware")
_receiver = partial(broken, solutions, "receive_firmware")

PROGRAMS = (
    _sender(
        "sender A",
        "computes the CRC over the payload alone",
        (
            "crc = zlib.crc32(HEAD.pack(kind, transfer, number, 0) + payload)",
            "crc = zlib.crc32(payload)",
        ),
    ),
    _sender(
        "sender B",
        "cuts chunks of 512 bytes, and forgets the header",
        ("CHUNK = LARGEST - HEAD.size", "CHUNK = LARGEST"),
    ),
    _sender(
        "sender C",
        "sends the bytes of each chunk backwards",
        ("talk.send(DATA, chunk, chunks[chunk])", "talk.send(DATA, chunk, chunks[chunk][::-1])"),
    ),
    _receiver(
        "receiver D",
        "returns as soon as it has said DONE",
        ("while talk.receive(time.monotonic() + LINGER):", "while False:"),
    ),
    _receiver(
        "receiver E",
        "draws a transfer number of its own for its answers",
        ("packed(kind, self.transfer, number", "packed(kind, self.transfer ^ 1, number"),
    ),
    _receiver(
        "receiver F",
        "never compares the hash, and always says DONE",
        ("fits = hashlib.sha256(image).digest() == digest", "fits = True"),
    ),
)
