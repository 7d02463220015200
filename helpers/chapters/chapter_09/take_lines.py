"""The check of `take_lines`: a buffer into which bytes come, and out of which whole lines go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_09 import _bricks_hints as hints
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

MANY = 5_000  # lines


def _take(
    function: Callable, stage: Stage, received: bytearray, expected: list[bytes], left: bytes
) -> None:
    """Call the function with this buffer, and look at what it returns and at what it leaves."""
    before = bytes(received)
    got = stage.call(function, received)
    told = f"received was {short(before)}. Expected {_listed(expected)}, got {_listed(got)}."
    _look_at_lines(got, expected, before, told)
    if bytes(received) != left:
        told = (
            f"received was {short(before)}. Afterwards it should hold {short(left)}; it holds "
            f"{short(bytes(received))}."
        )
        raise Wrong(told, hints=_why_left(before, bytes(received), left))


def _look_at_lines(got: Any, expected: list[bytes], before: bytes, told: str) -> None:
    if isinstance(got, tuple):
        got = list(got)
    if not isinstance(got, list):
        raise Wrong(told, hints=hints.NO_LIST)
    if got == expected:
        return
    if any(isinstance(line, str) for line in got):
        raise Wrong(told, hints=hints.TEXT)
    if not all(isinstance(line, bytes | bytearray) for line in got):
        raise Wrong(told, hints=hints.NO_BYTES)
    raise Wrong(told, hints=_why_lines(got, expected, before))


def _why_lines(got: list, expected: list[bytes], before: bytes) -> hints.Hints | None:
    if any(line.endswith(b"\n") for line in got):
        return hints.NEWLINE
    if [line.strip() for line in expected] == got:
        return hints.STRIPPED
    if [line for line in expected if line] == got:
        return hints.EMPTY
    if got[: len(expected)] == expected and b"".join(got[len(expected) :]) in before:
        return hints.HALF
    if got == expected[:1] or got == expected[-1:]:
        return hints.ONE_ONLY
    return None


def _why_left(before: bytes, found: bytes, left: bytes) -> hints.Hints | None:
    if found == before:
        return hints.NOT_REMOVED
    if not found:
        return hints.ALL_REMOVED
    return hints.NEWLINE_LEFT if found.strip(b"\n") == left.strip(b"\n") else None


def _listed(lines: Any) -> str:
    return short(lines if not isinstance(lines, list) else lines[:6])


def _more(received: bytearray, data: bytes) -> None:
    try:
        received += data
    except BufferError:
        told = "A view of the buffer is still open after your function has returned, so nothing "
        raise Wrong(f"{told}can be added to it.", hints=hints.VIEW) from None


def _line_and_a_half(function: Callable, stage: Stage) -> None:
    _take(function, stage, bytearray(b"lamp on\nlamp o"), [b"lamp on"], b"lamp o")


def _three(function: Callable, stage: Stage) -> None:
    _take(function, stage, bytearray(b"one\ntwo\nthree\n"), [b"one", b"two", b"three"], b"")


def _nothing(function: Callable, stage: Stage) -> None:
    _take(function, stage, bytearray(), [], b"")
    _take(function, stage, bytearray(b"half a li"), [], b"half a li")


def _any_bytes(function: Callable, stage: Stage) -> None:
    received = bytearray(b"\n\n\x00\xff\xfe\r\n  21.5 \t\nx\r")
    _take(function, stage, received, [b"", b"", b"\x00\xff\xfe\r", b"  21.5 \t"], b"x\r")


def _in_pieces(function: Callable, stage: Stage) -> None:
    lamp, door = bytearray(b"lam"), bytearray(b"op")
    _take(function, stage, lamp, [], b"lam")
    _take(function, stage, door, [], b"op")
    _more(lamp, b"p on\nlamp")
    _take(function, stage, lamp, [b"lamp on"], b"lamp")
    _more(door, b"en\n")
    _take(function, stage, door, [b"open"], b"")
    _more(lamp, b" off\n")
    _take(function, stage, lamp, [b"lamp off"], b"")
    _more(door, b"\nshut")
    _take(function, stage, door, [b""], b"shut")


def _many(function: Callable, stage: Stage) -> None:
    lines = [b"reading %d" % number for number in range(MANY)]
    received = bytearray(b"".join(line + b"\n" for line in lines) + b"rest")
    _take(function, stage, received, lines, b"rest")


EXERCISE = Exercise(
    cases=(
        Case(
            "a line and a half",
            "The buffer holds a line and the beginning of another.",
            _line_and_a_half,
            hints.LINES,
            if_it_raises={"BufferError": hints.VIEW},
            if_it_hangs=hints.ENDLESS,
        ),
        Case(
            "three lines at once",
            "The buffer holds three lines and nothing else.",
            _three,
            hints.LINES,
            if_it_hangs=hints.ENDLESS,
        ),
        Case(
            "no whole line",
            "The buffer is empty; then it holds half a line.",
            _nothing,
            hints.NONE_WHOLE,
            if_it_raises={"LookupError": hints.NONE_WHOLE, "ValueError": hints.NONE_WHOLE},
            if_it_hangs=hints.ENDLESS,
        ),
        Case(
            "any bytes",
            "Empty lines, bytes that are no text, spaces, and a carriage return.",
            _any_bytes,
            hints.AS_THEY_ARE,
            if_it_raises={"UnicodeError": hints.TEXT},
            if_it_hangs=hints.ENDLESS,
        ),
        Case(
            "two clients, piece by piece",
            "The lines of two clients come in pieces, each into a buffer of its own.",
            _in_pieces,
            hints.OWN_BUFFER,
            if_it_raises={"BufferError": hints.VIEW},
            if_it_hangs=hints.ENDLESS,
        ),
        Case(
            "5,000 lines at once",
            "The buffer holds 5,000 lines.",
            _many,
            hints.LINES,
            if_it_raises={"RecursionError": hints.RECURSION},
            if_it_hangs=hints.ENDLESS,
        ),
    ),
    survives="What it survives now: half lines, empty lines, many lines at once, and any bytes",
)
