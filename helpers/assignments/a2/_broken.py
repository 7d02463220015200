"""Six programs that are broken in one thing each: the course's own, with a line changed."""

from __future__ import annotations

import linecache
from pathlib import Path
from typing import Any

from helpers.checks.interop import Program

_SOURCE = (Path(__file__).with_name("solutions.py")).read_text(encoding="utf-8")


def _changed(name: str, *changes: tuple[str, str]) -> dict[str, Any]:
    """What the course's own program defines, with texts changed that each stand there once."""
    code, file = _SOURCE, f"<{name}>"
    for old, new in changes:
        if code.count(old) != 1:
            raise ValueError(f"{old!r} stands {code.count(old)} times in solutions.py, not once")
        code = code.replace(old, new)
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    names: dict[str, Any] = {"__name__": "broken"}
    exec(compile(code, file, "exec", dont_inherit=True), names)
    return names


def _one(side: str, name: str, flaw: str, *changes: tuple[str, str]) -> Program:
    names = {side: _changed(name, *changes)[side]}
    return Program(name, names, frozenset(names), flaw)


PROGRAMS = (
    _one(
        "send_firmware",
        "sender A",
        "computes the CRC over the payload alone",
        (
            "crc = zlib.crc32(HEAD.pack(*self[:3], 0) + self.payload)",
            "crc = zlib.crc32(self.payload)",
        ),
    ),
    _one(
        "send_firmware",
        "sender B",
        "cuts chunks of 512 bytes, and forgets the header",
        ("CHUNK = LARGEST - HEAD.size", "CHUNK = LARGEST"),
    ),
    _one(
        "send_firmware",
        "sender C",
        "sends the bytes of each chunk backwards",
        ("talk.send(DATA, chunk, chunks[chunk])", "talk.send(DATA, chunk, chunks[chunk][::-1])"),
    ),
    _one(
        "receive_firmware",
        "receiver D",
        "returns as soon as it has said DONE",
        ("while talk.receive(time.monotonic() + LINGER):", "while False:"),
    ),
    _one(
        "receive_firmware",
        "receiver E",
        "draws a transfer number of its own for its answers",
        ("Packet(kind, self.transfer, number", "Packet(kind, self.transfer ^ 1, number"),
    ),
    _one(
        "receive_firmware",
        "receiver F",
        "never compares the hash, and always says DONE",
        ("fits = hashlib.sha256(image).digest() == digest", "fits = True"),
    ),
)
