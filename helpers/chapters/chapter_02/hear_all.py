"""The exercise hear_all of chapter 02: one line that reads, in a loop that is written already."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_02.beliefs import NOTHING_YET, ONE_RECV
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong

PAUSE = 0.02  # seconds between two pieces


def _heard(function: Callable, stage: Stage, *pieces: bytes) -> None:
    mine, peer = stage.connection()

    def sends() -> None:
        for number, piece in enumerate(pieces):
            if number:
                stage.pause(PAUSE)
            peer.sendall(piece)
        peer.shutdown(socket.SHUT_WR)

    script = stage.script(sends)
    whole = b"".join(pieces)
    try:
        got: Any = stage.call(function, mine)
    finally:
        with contextlib.suppress(OSError):
            script.result()  # so that the diagram shows what was still to come
    if mine.fileno() < 0:
        told = "The function has closed the connection. That is for its caller to do."
        raise Wrong(told, hints=NOT_YOURS)
    if not isinstance(got, (bytes, bytearray)):
        raise Wrong(f"Expected bytes, got {short(got)}.", hints=AS_IT_CAME)
    if got != whole:
        told = f"Expected {short(whole)}, got {short(bytes(got))}."
        # A newline or a blank alone, taken off, is an empty piece: the loop then ends early.
        if 0 < len(got) < len(whole) and whole.startswith(got) and whole[len(got)] > ord(" "):
            raise Wrong(told, ONE_RECV)
        gone = [each for each in pieces if each not in got]
        kept = b"".join(each for each in pieces if each not in gone)
        if gone and got == kept and got and all(map(bytes.strip, gone)):
            raise Wrong(told, hints=_missing(gone[0]))
        raise Wrong(told, hints=AS_IT_CAME)


def _pieces(function: Callable, stage: Stage) -> None:
    _heard(function, stage, b"Wel", b"come", b" to the IoT Server!\n")


def _white_space(function: Callable, stage: Stage) -> None:
    _heard(function, stage, b"21.5", b"\n", b" ", b"22.0\n")


def _nothing(function: Callable, stage: Stage) -> None:
    _heard(function, stage)


def _much(function: Callable, stage: Stage) -> None:
    photo = bytes(range(256)) * 80
    _heard(function, stage, photo[:8_000], photo[8_000:])


def _missing(gone: bytes) -> Hints:
    """Hints for a whole piece that is not in the result."""
    return (
        f"The piece {short(gone, 30)} is missing. Which call of `recv` took it, and where was its "
        "result kept?",
        "Each call of `recv` takes bytes out of the connection, and no other gives them again.",
        "Call it once in each round, keep what it returns, and add every piece to those before.",
    )


READ_NEXT = (
    "The loop asks what is in `piece`. Where does that come from, and is it new in each round?",
    "Which method of a connection waits for bytes and returns those that are there?",
    "It takes one argument: how many bytes it may return at the most, such as 1,024. Keep what it "
    "returns under the name that the lines below use.",
)
AS_IT_CAME = (
    "Compare what your function returned with what was sent, to the last byte.",
    "A piece may hold a part of a character, or nothing but a newline. What does your line do to "
    "it before the loop sees it?",
    "Keep what the method returns just as it is: take nothing off, and make nothing of it.",
)
NOT_YOURS = (
    "Who closes the connection, as the docstring has it?",
    "The caller may want to answer on it: one direction has ended, and the other is open.",
    "Leave the connection as it is, open, when all has come.",
)
NOTHING_CAME = (
    "What does `recv` return where the peer ends without a word?",
    "The lines below look at `piece`: what is in it then?",
    "Your line need not do anything special. The loop ends by what `recv` returns at the end.",
)

EXERCISE = Exercise(
    (
        Case(
            "three pieces",
            "The peer sends its welcome in three pieces, and ends its side.",
            _pieces,
            READ_NEXT,
            NOTHING_YET,
        ),
        Case(
            "pieces of white space",
            "The peer sends two readings, in four pieces of which one is a newline and one a "
            "blank, and ends its side.",
            _white_space,
            AS_IT_CAME,
            NOTHING_YET,
        ),
        Case(
            "a peer that ends without a word",
            "The peer ends its side at once.",
            _nothing,
            NOTHING_CAME,
            NOTHING_YET,
        ),
        Case(
            "20,480 bytes",
            "The peer sends a photo of 20,480 bytes, and ends its side.",
            _much,
            READ_NEXT,
            NOTHING_YET,
        ),
    ),
    "What it survives now: pieces of any size, white space, an end at once, and much at a time.",
)
