"""Two programs of an assignment that were never tried together, and what comes of it."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from helpers.trace.trace import Trace

WORKED, REFUSED, WRONG, HUNG = "worked", "refused properly", "wrong", "hung"
Names = Mapping[str, Any]  # what a program has defined, by name


@dataclass
class Talk:
    """What came of one conversation.

    Attributes:
        outcome: WORKED; REFUSED, where an end said clearly that it can't go on; WRONG; HUNG.
        told: what came of it, in a sentence.
        must: the section of the specification that decides it; empty where nothing is wrong.
        trace: what passed.
    """

    outcome: str
    told: str
    must: str = ""
    trace: Trace = field(default_factory=Trace)


@dataclass(frozen=True)
class Program:
    """A program that takes part.

    Attributes:
        name: such as "the course's own".
        names: what it has defined; None for the learner's, which is loaded in its place.
        plays: the names of its functions or classes that take part.
        flaw: what is wrong with it, in a few words; empty for a right one.
    """

    name: str
    names: Names | None
    plays: frozenset[str]
    flaw: str = ""


@dataclass(frozen=True)
class Interop:
    """How the programs of an assignment are set against each other.

    Attributes:
        sides: the names of the two functions or classes: of the one that begins, of the other.
        roles: what the two are called: ("app", "thermostat").
        programs: ours.
        converse: lets a program's first side talk with another's second side; within `seconds`.
        seconds: that one conversation may take before it is said to hang.
        words: says what a payload's first bytes mean, in the diagrams; None shows the bytes.
        at_once: how many go on side by side; most wait.
    """

    sides: tuple[str, str]
    roles: tuple[str, str]
    programs: tuple[Program, ...]
    converse: Callable[[Names, Names], Talk]
    seconds: float = 6.0
    at_once: int = 6
    words: Callable[[bytes], str] | None = None


def right(sides: tuple[str, str], solutions: ModuleType, others: ModuleType) -> tuple[Program, ...]:
    """The two right programs of an assignment, each with both sides."""
    named = (("the course's own", solutions), ("another right one", others))
    return tuple(
        Program(name, {side: getattr(module, side) for side in sides}, frozenset(sides))
        for name, module in named
    )


def broken(
    solutions: ModuleType, side: str, name: str, flaw: str, *changes: tuple[str, str]
) -> Program:
    """One side of the course's own program, broken in one thing.

    Args:
        solutions: the module of that program.
        side: the name of its function or class.
        name: of the broken one, such as "server A".
        flaw: what is wrong with it, in a few words.
        changes: pairs of a text that stands there once, and what stands in its place.

    Raises:
        ValueError: for a text that does not stand there once.
    """
    code, file = Path(solutions.__file__).read_text(encoding="utf-8"), f"<{name}>"
    for old, new in changes:
        if code.count(old) != 1:
            raise ValueError(f"{old!r} stands {code.count(old)} times in solutions.py, not once")
        code = code.replace(old, new)
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    names: dict[str, Any] = {"__name__": "broken"}
    exec(compile(code, file, "exec", dont_inherit=True), names)
    return Program(name, {side: names[side]}, frozenset([side]), flaw)
