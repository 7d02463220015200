"""Frames, and the usual slips in what is on the wire."""

from __future__ import annotations

import struct
from collections.abc import Callable

from helpers.chapters.chapter_03 import _hints as say
from helpers.chapters.chapter_03 import _hints_frames as frames
from helpers.chapters.chapter_03.beliefs import NATIVE
from helpers.checks.wrong import Hints, Misconception, Wrong


def frame_of(payload: bytes) -> bytes:
    """A payload as the contract wants it on the wire."""
    return struct.pack("!I", len(payload)) + payload


def explain(got: bytes, payloads: list[bytes], told: str) -> None:
    """Raise Wrong for what was on the wire, by the usual slip that gives exactly that."""
    if not got:
        empty = not any(payloads)
        raise Wrong(told, hints=frames.EMPTY_PAYLOAD if empty else frames.NOT_SENT)
    for build, cause in SLIPS:
        try:
            slipped = b"".join(map(build, payloads))
        except (struct.error, OverflowError):
            continue
        if got == slipped:
            belief = cause if isinstance(cause, Misconception) else None
            raise Wrong(told, belief, None if belief else cause)


def _in(form: str) -> Callable[[bytes], bytes]:
    return lambda payload: struct.pack(form, len(payload)) + payload


SLIPS: list[tuple[Callable[[bytes], bytes], Misconception | Hints]] = [
    (_in("<I"), NATIVE),
    *((_in(form), frames.SIZE) for form in ("!H", "!Q", "<H", "<Q", "B")),
    (lambda payload: len(payload).to_bytes(3, "big") + payload, frames.SIZE),
    (lambda payload: struct.pack("!I", len(payload) + 4) + payload, frames.ITSELF),
    (lambda payload: struct.pack("<I", len(payload) + 4) + payload, NATIVE),
    *(
        (lambda payload, form=form: form.format(len(payload)).encode() + payload, frames.AS_DIGITS)
        for form in ("{}", "{:04}", "{:4}", "{:<4}", "{}\n", "{:08}")
    ),
    (lambda payload: payload, frames.NO_LENGTH),
    (lambda payload: frame_of(payload)[:4], frames.NO_PAYLOAD),
    (lambda payload: frame_of(payload)[:5], frames.ONE_LETTER),
    (lambda payload: payload + frame_of(payload)[:4], frames.AFTERWARDS),
    (lambda payload: frame_of(payload) + b"\n", frames.NEWLINE),
    (lambda payload: frame_of(payload + b"\n"), frames.NEWLINE),
    (lambda payload: bytes(len(payload)) + payload, frames.ZEROS),
    (lambda payload: frame_of(frame_of(payload)), frames.TWICE),
    (lambda payload: struct.pack("!I", len(payload) + 4) + frame_of(payload), frames.TWICE),
    *(
        (
            lambda payload, errors=errors: frame_of(payload.decode(errors=errors).encode()),
            frames.TEXT_MADE,
        )
        for errors in ("replace", "ignore", "backslashreplace")
    ),
    (lambda payload: frame_of(str(payload).encode()), frames.TEXT_MADE),
    (lambda payload: frame_of(payload.strip()), say.STRIPPED),
    (lambda payload: frame_of(payload) if payload else b"", frames.EMPTY_PAYLOAD),
]
