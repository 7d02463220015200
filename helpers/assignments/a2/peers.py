"""Programs of A2 that a learner's can be set against, and how two of them talk."""

from __future__ import annotations

import hashlib
import itertools
import random
import socket
import threading
from typing import Any

from helpers.assignments.a2 import _broken, others, solutions
from helpers.assignments.a2._wire import in_words
from helpers.checks.interop import HUNG, REFUSED, WORKED, WRONG, Interop, Names, Talk, right
from helpers.link.link import Link

SIDES = ("send_firmware", "receive_firmware")
SIZE, PATIENCE = 2_000, 7.0  # bytes, seconds
# Chunk 1 and the first DONE are lost: each sender meets a gap, and each receiver a repeat.
LOSSES = {"up": {"script": {3: "drop"}}, "down": {"script": {6: "drop"}}}
_count = itertools.count(1)


def converse(sender: Names, receiver: Names) -> Talk:
    """Let an image cross a link that loses two packets."""
    image = random.Random(2).randbytes(SIZE)
    with _bound() as theirs, _bound() as mine:
        with Link(
            theirs.getsockname(), name=f"interop {next(_count)}", delay=0.002, **LOSSES
        ) as link:
            ends = {
                "receiver": _Call(receiver["receive_firmware"], theirs),
                "sender": _Call(sender["send_firmware"], mine, link.address, image),
            }
            for end in ends.values():
                end.thread.join(PATIENCE)
        talk = _outcome(ends["sender"], ends["receiver"], image)
        talk.trace = link.trace
    return talk


def _bound() -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    return sock


class _Call:
    """One side, in a thread, and what came of it."""

    def __init__(self, function: Any, *args: Any) -> None:
        self.result: Any = None
        self.error: Exception | None = None
        self._call = function, args
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        function, args = self._call
        try:
            self.result = function(*args)
        except Exception as error:
            self.error = error


def _outcome(sender: _Call, receiver: _Call, image: bytes) -> Talk:
    for name, end in (("sender", sender), ("receiver", receiver)):
        if end.thread.is_alive():
            told = f"The {name} had not come back after {PATIENCE:g} s."
            return Talk(HUNG, told, "See section 6: 3 seconds without a valid packet end it.")
        if end.error is not None and not isinstance(end.error, ConnectionError):
            told = f"The {name} raised {type(end.error).__name__}: {end.error}."
            return Talk(WRONG, told, "See the table of errors in section 8.")
    got = receiver.result
    if receiver.error is None and got != image:
        told = f"The receiver returned another image, {len(got or b'')} bytes with the SHA-256 "
        told += f"{hashlib.sha256(got or b'').hexdigest()[:8]} ..., and said no word."
        return Talk(WRONG, told, "See section 5: it must compare the hash.")
    if sender.error is None and receiver.error is None:
        return Talk(WORKED, "The image has come, and both know it, though two packets were lost.")
    if sender.error is None:
        told = f"The sender believes in success, and the receiver raised: {receiver.error}."
        return Talk(WRONG, told, "See section 4: only DONE ends a transfer with success.")
    if receiver.error is None:
        told = f"The image has come, and the sender, which can't know, raised: {sender.error}."
        return Talk(REFUSED, told, "See section 5: the last answer may be lost.")
    told = f"Both failed clearly. The sender: {sender.error}. The receiver: {receiver.error}."
    return Talk(REFUSED, told)


INTEROP = Interop(
    SIDES,
    ("sender", "receiver"),
    (*right(SIDES, solutions, others), *_broken.PROGRAMS),
    converse,
    seconds=2 * PATIENCE + 2,
    at_once=16,
    words=in_words,
)
