"""Beginning again: a chapter as it was at first, or progress as if nothing had been tried."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from helpers.study import at_work, progress
from helpers.study.finding import exercises
from helpers.uninterrupted import uninterrupted

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "fresh.py"


def fresh(chapter: str | int | None = None) -> None:
    """Start a chapter afresh, and keep the version that is there under another name beside it.

    `python3 course.py fresh 03` does the same. What it did is printed. Progress stays.

    Args:
        chapter: its number, such as "03"; without it nothing is changed.
    """
    words = [] if chapter is None else [str(chapter)]
    with uninterrupted():
        done = subprocess.run(
            [sys.executable, str(SCRIPT), *words],
            env=os.environ | {"PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
    print(done.stdout.rstrip())


def start_over(*names: str, everything: bool = False) -> None:
    """Forget what is kept of exercises, predictions, quizzes and work. Notebooks stay as they are.

    Args:
        names: exercises, such as "recv_exactly"; chapters, such as "03", with all that is theirs;
            or the names of predictions and questions, such as "03 one recv".
        everything: True to forget it all.

    Raises:
        TypeError: where a name is given and everything is asked for as well, or a name is no text.
    """
    if names and everything:
        raise TypeError("give start_over names, or everything=True, and not both")
    if not all(isinstance(name, str) for name in names):
        raise TypeError('names are texts: start_over("recv_exactly"), with quotes')
    kept = {name for entries in progress.kept().values() for name in entries} | {*at_work.work()}
    if not names and not everything:
        print(
            'Nothing was forgotten. Name an exercise, as in start_over("resolve"), a chapter, as '
            'in start_over("01"), or write start_over(everything=True).'
        )
        return
    wanted = kept if everything else {each for name in names for each in _meant_by(name, kept)}
    unknown = [name for name in names if not _meant_by(name, kept)]
    if unknown:
        print(f"Nothing is kept of {', '.join(unknown)}.")
    if everything and not kept:
        print("Nothing is kept yet.")
    if not wanted:
        return
    try:
        progress.start_over(*(() if everything else wanted))
    except OSError as error:
        print(error)
        return
    print("Forgotten:", ", ".join(sorted(wanted)) + ".")


def _meant_by(name: str, kept: set[str]) -> set[str]:
    """The kept names that a learner's word stands for."""
    if name.isdecimal() and len(name) <= 2:
        chapter = name.zfill(2)
        of_chapter = {each for each in kept if each.partition(" ")[0] == chapter}
        return of_chapter | (kept & set(exercises(chapter)))
    return {name} & kept
