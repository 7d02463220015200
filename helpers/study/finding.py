"""Finding what belongs to a chapter by the names of its files: no chapter is listed anywhere."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from helpers.uninterrupted import uninterrupted

if TYPE_CHECKING:  # the map and the questions look for a chapter too, and need no checks
    from helpers.checks.cases import Exercise
    from helpers.checks.milestones import Assignment

CHAPTERS = Path(__file__).resolve().parents[1] / "chapters"
ASSIGNMENTS = CHAPTERS.parent / "assignments"
ROOMS = {
    "beliefs",
    "charts",
    "staging",
    "orders",
    "others",
    "puzzles",
    "quizzes",
    "recall",
    "solutions",
    "words",
}


def exercises(chapter: str | None = None) -> list[str]:
    """The names of a chapter's exercises, or of all chapters', in the order of their files.

    Args:
        chapter: its number, such as "03".
    """
    return [
        name
        for folder in sorted(CHAPTERS.glob(f"chapter_{chapter or '[0-9][0-9]'}"))
        for name in sorted(_modules(folder))
        if _may_be_exercise(name)
    ]


def find_exercise(name: str) -> Exercise | None:
    """The exercise of this name; None where there is none. Only its own module is loaded.

    Raises:
        AttributeError: where the module of this name has no EXERCISE, which is its author's fault.
    """
    if not _may_be_exercise(name):
        return None
    for folder in sorted(CHAPTERS.glob("chapter_[0-9][0-9]")):
        if name in _modules(folder):
            return _load(folder, name).EXERCISE
    return None


def find_others(name: str) -> list[Callable]:
    """Other right answers of the exercise of this name, from its chapter's `others`."""
    for folder in sorted(CHAPTERS.glob("chapter_[0-9][0-9]")):
        if {name, "others"} <= _modules(folder):
            return [each for known, each in _load(folder, "others").OTHERS if known == name]
    return []


def find_room(chapter: str, name: str) -> ModuleType | None:
    """A chapter's module of this name, such as "quizzes"; None where it has none."""
    folder = CHAPTERS / f"chapter_{chapter}"
    if not folder.is_dir() or name not in _modules(folder):
        return None
    return _load(folder, name)


def chapters_with(name: str) -> list[str]:
    """The numbers of the chapters that have a module of this name, in order."""
    folders = sorted(CHAPTERS.glob("chapter_[0-9][0-9]"))
    return [folder.name[-2:] for folder in folders if name in _modules(folder)]


def assignments() -> list[str]:
    """The names of all assignments, such as "A1", in order."""
    return sorted(path.parent.name.upper() for path in ASSIGNMENTS.glob("a[0-9]*/milestones.py"))


def find_assignment(name: str) -> Assignment:
    """The assignment of this name, whatever its case.

    Raises:
        ValueError: where there is none.
    """
    known = assignments()
    if str(name).upper() not in known:
        raise ValueError(f"there is no assignment {name!r}; there are: {', '.join(known)}")
    return _load_of_assignment(str(name).lower(), "milestones").ASSIGNMENT


def find_programs(name: str) -> ModuleType | None:
    """An assignment's programs to talk to, its module `peers`; None where it has none."""
    folder = ASSIGNMENTS / str(name).lower()
    return _load_of_assignment(folder.name, "peers") if "peers" in _modules(folder) else None


def find_other_programs(name: str) -> ModuleType | None:
    """An assignment's module `others`, another right program; None where it has none."""
    folder = ASSIGNMENTS / str(name).lower()
    return _load_of_assignment(folder.name, "others") if "others" in _modules(folder) else None


def _load_of_assignment(folder: str, name: str) -> ModuleType:
    with uninterrupted():
        return importlib.import_module(f"helpers.assignments.{folder}.{name}")


def _modules(folder: Path) -> set[str]:
    """The names of a folder's modules, told apart by case on every system."""
    return {path.stem for path in folder.iterdir() if path.suffix == ".py"}


def _load(folder: Path, name: str) -> ModuleType:
    with uninterrupted():  # some load numpy, which in part would fail at every later import
        return importlib.import_module(f"helpers.chapters.{folder.name}.{name}")


def _may_be_exercise(name: str) -> bool:
    return name.isidentifier() and not name.startswith("_") and name not in ROOMS
