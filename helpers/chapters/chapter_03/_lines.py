"""Lines as a learner's function yields them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from helpers.chapters.chapter_03 import _hints_lines as lines
from helpers.chapters.chapter_03._ends import named
from helpers.chapters.chapter_03._pieces import Ends
from helpers.chapters.chapter_03.beliefs import ONE_RECV
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong

MOST = 2000  # lines that a case takes


def lines_of(function: Callable, ends: Ends) -> tuple[list[Any], Exception | None]:
    """The lines that the function yields, and the error that ended them."""
    got: list[Any] = []
    try:
        ends.called.set()
        result = function(ends.mine)
        if isinstance(result, (str, bytes)) or not hasattr(result, "__iter__"):
            told = f"Expected lines one after another (`yield`), got {short(result)}."
            raise Wrong(told, hints=lines.NO_YIELD)
        for line in result:
            got.append(line)
            if len(got) > MOST:
                told = f"It yields on and on: {short(got[:3])} …"
                raise Wrong(told, hints=lines.NOT_TAKEN_OUT)
    except RuntimeError as error:
        if not isinstance(error.__cause__, StopIteration):
            raise
        raise Wrong("It raised StopIteration in a generator.", hints=lines.STOP) from None
    except (EOFError, ValueError, ConnectionError, TimeoutError) as error:
        return got, error
    return got, None


def compare(got: Sequence[Any], expected: Sequence[str]) -> None:
    """Raise Wrong where these are not the lines, with the belief or the slip that leads to them."""
    got, expected = list(got), list(expected)
    if got == expected:
        return
    told = f"Expected the lines {short(expected)}, got {short(got)}."
    if any(isinstance(each, (bytes, bytearray)) for each in got):
        raise Wrong(told + " A line is to be a str.", hints=lines.UNDECODED)
    if any(isinstance(each, (list, tuple)) for each in got):
        raise Wrong(told, hints=lines.LISTS)
    if not all(isinstance(each, str) for each in got):
        raise Wrong(told, hints=lines.NO_YIELD)
    if [each.removesuffix("\n") for each in got] == expected:
        told += " The newline that ends a line is not part of it."
        raise Wrong(told, hints=lines.NEWLINE_KEPT)
    if "\n" in "".join(got):
        raise Wrong(told, ONE_RECV)
    raise Wrong(told, hints=_slip(got, expected))


def _slip(got: list[str], expected: list[str]) -> Hints | None:
    """Hints for lines that a usual slip gives."""
    if got == [*expected, ""]:
        return lines.LAST_PIECE
    if got == [each for each in expected if each]:
        return lines.EMPTY_LINES
    if [each.strip() for each in got] == [each.strip() for each in expected]:
        return lines.STRIPPED
    if [each.strip() for each in got] == [each.strip() for each in expected if each.strip()]:
        return lines.EMPTY_LINES
    if got and got == expected[: len(got)]:
        return lines.SEVERAL
    if any(len(each.splitlines()) > 1 for each in expected):
        return lines.SEPARATORS
    return None


def first_line(got: Sequence[Any], error: Exception | None) -> None:
    """Raise Wrong where the line 'on', which was whole before anything went wrong, is missing."""
    if got[:1] == ["on"]:
        return
    if not got and error is not None:
        told = f"Expected the line 'on' first, which was whole; {named(error)} came before."
        raise Wrong(told, hints=lines.WHOLE_FIRST)
    compare(got, ["on"])
