"""Errors of Python's own, told as what a beginner did: for those that no case knows better.

A case's hints are about its protocol. Where a line stops with an error that has nothing to do with
it, as a `str` that is sent or a name without its module, the hints must be about that line. The
tables are in `slips_of_names`, `slips_of_attributes`, `slips_of_types`,
`slips_of_values` and `slips_of_sockets`.
"""

from __future__ import annotations

import ast
import difflib
import itertools
import linecache
import re
import textwrap
import traceback
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.checks.wrong import Hints
from helpers.learner_code import is_learners, line_in_words

MISSING = object()
_ON_PURPOSE = ("raise ", "raise(", "assert ", "assert(")


@dataclass(frozen=True)
class Slip:
    """What a learner did that Python could not go on with.

    Attributes:
        told: one sentence that explains the error.
        hints: three steps towards mending it.
    """

    told: str
    hints: Hints


@dataclass(frozen=True)
class Place:
    """The learner's line at which an error arose.

    Attributes:
        file, number: where the line is.
        frame: of the function that it belongs to.
        node: the expression of the line that failed; None where it can't be told.
        raised: whether it is a `raise` or an `assert` of the learner's own.
        innermost: whether the error arose in that line itself, and not in what it called.
    """

    file: str
    number: int
    frame: types.FrameType
    node: ast.expr | None
    raised: bool
    innermost: bool

    @property
    def words(self) -> str:
        """As "line 4 of ask: `data = connection.recv(10)`"."""
        return line_in_words(self.file, self.number, self.frame.f_code.co_name)

    @property
    def called(self) -> str:
        """The function or method that was called there, as it is written; empty where none was."""
        return ast.unparse(self.node.func) if isinstance(self.node, ast.Call) else ""

    @property
    def names(self) -> Mapping[str, Any]:
        """The names that the line can see, with their values."""
        return {**self.frame.f_globals, **self.frame.f_locals}

    def value(self, node: ast.expr | None) -> Any:
        """The value of a plain name of the line; MISSING where it is no plain name."""
        return self.names.get(node.id, MISSING) if isinstance(node, ast.Name) else MISSING

    @property
    def receiver(self) -> tuple[str, Any]:
        """On what a method was called, as it is written, and its value where that is known."""
        if isinstance(self.node, ast.Call) and isinstance(self.node.func, ast.Attribute):
            return ast.unparse(self.node.func.value), self.value(self.node.func.value)
        return "", MISSING


Row = tuple[str, str, str, str, str]  # a pattern, a sentence that explains, three hints


def place_of_error(error: BaseException) -> Place | None:
    """Where an error arose: the innermost of the learner's lines that it passed through."""
    found, innermost = None, False
    trace = error.__traceback__
    while trace is not None:
        innermost = is_learners(trace.tb_frame.f_code.co_filename)
        if innermost:
            found = trace
        trace = trace.tb_next
    if found is None:
        return None
    code = found.tb_frame.f_code
    text = _segment(code, found.tb_lasti)
    return Place(
        code.co_filename,
        found.tb_lineno,
        found.tb_frame,
        _parsed(text),
        linecache.getline(code.co_filename, found.tb_lineno).lstrip().startswith(_ON_PURPOSE),
        innermost,
    )


def expression_of(code: types.CodeType, instruction: int) -> ast.expr | None:
    """The expression of the source that an instruction belongs to; None where it can't be read."""
    return _parsed(_segment(code, instruction))


def _segment(code: types.CodeType, instruction: int) -> str:
    positions = next(itertools.islice(code.co_positions(), instruction // 2, None), None)
    if positions is None or None in positions:
        return ""
    first, last, start, end = positions
    lines = [linecache.getline(code.co_filename, number) for number in range(first, last + 1)]
    encoded = [line.encode() for line in lines]
    encoded[-1] = encoded[-1][:end]
    encoded[0] = encoded[0][start:]
    return b"".join(encoded).decode(errors="replace").strip()


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(f"({textwrap.dedent(text)}\n)", mode="eval").body
    except (SyntaxError, ValueError):
        return None


def raised_on_purpose(error: BaseException, place: Place | None) -> bool:
    """Whether the learner's own `raise` or `assert` made the error, so that it is meant."""
    if place is None or not place.raised:
        return False
    frames = list(traceback.walk_tb(error.__traceback__))
    return bool(frames) and frames[-1][0] is place.frame


def by_message(rows: tuple[Row, ...], message: str, place: Place) -> Slip | None:
    """The slip of the first row whose pattern a message has.

    Args:
        rows: what the pattern's groups have found is put into their texts by name, and so is
            `called`, the function that the line calls.
        message: the error's.
        place: the learner's line.
    """
    for pattern, *texts in rows:
        if found := re.search(pattern, message):
            groups = {name: value or "" for name, value in found.groupdict().items()}
            groups["called"] = place.called or "What is called"
            told, *hints = (text.format_map(groups) for text in texts)
            return Slip(told, tuple(hints))
    return None


def of_nothing(said: str, what: str) -> Slip:
    """None where a value was wanted.

    Args:
        said: the expression that is None, as it is written; empty where it is not known.
        what: what was done with it, as "called" or "asked for `recv`".
    """
    it = f"`{said}`" if said else "A value of this line"
    return Slip(
        f"{it} is None there, so nothing, and can't be {what}.",
        (
            f"{it} is None: which line gave it that value?",
            "Many calls do their work and return nothing, as `sendall`, `bind`, `settimeout`, "
            "`append` and `sort` do; so does a function of your own that has no `return`.",
            "Print it in the line before. Then let the line that makes it keep what it needs, or "
            "return it.",
        ),
    )


def not_awaited(name: str) -> Slip:
    """A coroutine that nobody waits for.

    Args:
        name: the function's that was called; empty where it is not known.
    """
    it = f"`{name}`" if name else "An `async` function"
    return Slip(
        f"{it} was called without `await`: that gives a coroutine, and none of its lines has run.",
        (
            f"{it} was called without `await`, so what it gave is a coroutine, not a result.",
            "An `async` function does nothing when it is called. It runs once it is awaited, or "
            "once a task is made of it.",
            "Write `await` before the call, in a function that is `async` itself.",
        ),
    )


def nearest(name: str, others: Iterable[str]) -> str:
    """The name that is most like another; empty where none is."""
    known = [each for each in others if not each.startswith("_") and each != name]
    return next(iter(difflib.get_close_matches(name, known, 1, 0.75)), "")


def misspelt(name: str, near: str, where: str = "") -> Slip:
    """A name that is known in another spelling, as " to the module `socket`" says where."""
    return Slip(
        f"Did you mean `{near}`?",
        (
            f"`{name}` is not known{where}, but `{near}` is: is it misspelt?",
            "Python takes each letter as it is written; capitals count as well.",
            f"Compare `{name}` with `{near}` letter by letter.",
        ),
    )
