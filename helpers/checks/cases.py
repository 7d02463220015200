"""What an exercise is to a check: its cases, each with its peer, its hints and its beliefs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from helpers.checks.wrong import Hints, Misconception

if TYPE_CHECKING:  # a quiz, which looks for a chapter too, needs no stage
    from helpers.checks.stage import Stage


@dataclass(frozen=True)
class Case:
    """One thing that an exercise's function must survive.

    Attributes:
        name: what it survives, as the report says it: "a welcome in three pieces".
        peer: what the peer does, in a sentence.
        run: tries the function on a stage of its own; returns, raises Wrong, or lets the
            function's own error pass.
        hints: three steps for where no misconception was recognised.
        if_it_hangs: the belief behind a function that does not come back, or three hints for it.
        if_it_raises: beliefs, or three hints, by the name of the error's class, or of one of its
            bases.
        files: how many files the case and a right answer have open, at the most; sockets are files.
            Where this process may not open so many more, the case is not tried.
        rounds: how many times the time of one case it may take. Of cases that have several, the
            first that is tried does the work of all, and keeps for the others what it has found.
        words: says what a payload means, for the steps and the diagram: called with its first
            bytes. Without it they are shown as text or in hexadecimal.
    """

    name: str
    peer: str
    run: Callable[[Callable[..., Any], Stage], None]
    hints: Hints
    if_it_hangs: Misconception | Hints | None = None
    if_it_raises: Mapping[str, Misconception | Hints] = field(default_factory=dict)
    files: int = 24
    rounds: int = 1
    words: Callable[[bytes], str] | None = None


@dataclass(frozen=True)
class Exercise:
    """An exercise: its cases in the order in which they are tried.

    Attributes:
        cases: what the function must survive.
        survives: what is said when all have passed: "What it survives now: silence, …".
        closes: whether the function must close each socket that it opens. A case that passed
            otherwise then fails where one was not closed.
        again: whether a case that has failed after a long wait is tried once more, where all cases
            together leave the time: the machine may have stood still for so long.
        asks_async: whether the function is to be an `async def`. Where it is not, one that is, or
            that returns a coroutine, is refused.
        seconds: that all cases together may take, whatever came of the first; the usual time is
            for those that wait for little.
    """

    cases: tuple[Case, ...]
    survives: str
    closes: bool = False
    again: bool = False
    asks_async: bool = False
    seconds: float | None = None
