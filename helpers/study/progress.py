"""What the learner has tried, predicted and answered, in one file beside the notebooks.

The file is JSON: {"version": 1, "exercises": {name: {"attempts": 3, "passed": true}},
"predictions": {name: value}, "firsts": {name: {"value": value, "time": "2026-12-01T09:30",
"measured": value, "sure": text}}, "quizzes": {name: {"choice": text, "right": true}}, "seen":
{name: {"answered": time, "missed": false, "asked": time, "by": "05"}}, "assignments": {"A1":
{"points": 14, "of": 20, "time": time}}, "work": {"05": {"seconds": 3600, "last": time, "cell":
id}}}. Questions of all kinds
have their answers in "quizzes", and in "seen" when each was answered, whether wrongly at first, and
which chapter asked for it. Each change is one atomic replacement, made under a lock. The solutions
edition reads it and changes nothing.

What is damaged is kept aside, and the rest goes on. A file that can't be read, that belongs to
another user or that a newer version wrote stays as it is: what is new is kept beside it, or in the
user's own data folder where nothing can be written there, and both become one when they can.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from helpers.study import kept_file
from helpers.study.kept_file import KeptAsItIs, name_of, notice, why
from helpers.study.places import beside, elsewhere, in_solutions, progress_file
from helpers.study.renumbered import (
    ASSIGNMENTS,
    FIRSTS,
    LATER,
    SECTIONS,
    SEEN,
    Data,
    merged,
    under_new_names,
)

NOT_HERE = "This is the solutions edition: nothing of it is recorded."
PATIENCE = 10.0  # seconds to wait for another kernel that changes the file
LITTLE = 0.2  # seconds to wait where nobody has asked for the change

_said: set[tuple[Path, str]] = set()  # which problems of which files this session has told of
_tried: set[Path] = set()  # whose side files this session has tried to take in by reading


def passed() -> set[str]:
    """The names of the exercises that have been passed."""
    return {name for name, entry in _read()["exercises"].items() if entry["passed"]}


def attempts(exercise: str) -> int:
    """How often an exercise has been checked, stubs not counted."""
    return _read()["exercises"].get(exercise, {"attempts": 0})["attempts"]


def prediction(name: str) -> float | int | str | None:
    """The number or the choice that is kept under this name, or None."""
    return _read()["predictions"].get(name)


def answer(name: str) -> str | None:
    """The choice that a quiz question was last answered with, or None."""
    return _read()["quizzes"].get(name, {"choice": None})["choice"]


def answers() -> dict[str, dict[str, str | bool]]:
    """The last "choice" of each question that was answered, and whether it is "right"."""
    return _read()["quizzes"]


def seen() -> dict[str, dict[str, str | bool]]:
    """Of each question when it was last "answered", and whether it was "missed" then, at the first
    try; and when it was "asked" for recall, "by" which chapter. What is not known is not there."""
    return _read().get(SEEN, {})


def kept() -> dict[str, list[str]]:
    """The names of all that is kept, by section."""
    data = _read()
    return {section: sorted(data[section]) for section in SECTIONS}


def record(exercise: str, success: bool) -> str:
    """Note an attempt; an exercise that was passed once stays passed.

    Returns:
        An empty string, or a sentence: why the attempt could not be kept, or once a session that
        it is kept beside a file which stays as it is.
    """

    def change(data: Data) -> None:
        entry = data["exercises"].setdefault(exercise, {"attempts": 0, "passed": False})
        entry["attempts"] += 1
        entry["passed"] = entry["passed"] or bool(success)

    return _keep(change, "This result could not be kept: {} The check itself is right.")


def keep_prediction(name: str, value: float | int | str) -> str:
    """Keep a prediction in place of an earlier one; the first of all is kept beside it, with its
    time, as a later one may know the result.

    Returns:
        An empty string or a sentence, as `record` does.
    """

    def change(data: Data) -> None:
        earlier = data["predictions"].get(name)  # kept by a version that did not note the first
        first = {"value": value, "time": _now()}
        if earlier is not None:
            first = {"value": earlier, "time": ""}
        data.setdefault(FIRSTS, {}).setdefault(name, first)
        data["predictions"][name] = value

    return _keep(change, "It holds until the kernel restarts, but could not be kept: {}")


def keep_measured(name: str, measured: float | int | str) -> None:
    """Keep what was measured first after the first prediction of this name, where there is one."""
    if "measured" in (first_prediction(name) or {"measured": None}):
        return

    def change(data: Data) -> None:
        if name in data.get(FIRSTS, {}):
            data[FIRSTS][name].setdefault("measured", measured)

    _keep(change, "")


def first_prediction(name: str) -> dict[str, float | int | str] | None:
    """The first prediction of this name: its "value", its "time" as ISO 8601 has it, to the minute
    ("" where an older version kept it), and "measured" where that is known. None without one."""
    return _read().get(FIRSTS, {}).get(name)


def section(name: str) -> Data:
    """All entries of a section by their names; nothing where it is not there yet."""
    return _read().get(name, {})


def change_quietly(change: Callable[[Data], object]) -> None:
    """Change what is kept, and say nothing where that can't be: for what nobody has asked for."""
    if not in_solutions():
        with contextlib.suppress(OSError):
            _change(progress_file(), change, LITTLE)


def keep_sure(name: str, sure: str) -> str:
    """Keep how sure the learner is of the first prediction of this name, until its result is known;
    returns a sentence or "", as `record` does."""

    def change(data: Data) -> None:
        first = data.get(FIRSTS, {}).get(name, {"measured": None})
        if "measured" not in first:
            first["sure"] = sure

    return _keep(change, "That could not be kept: {}")


def keep_answer(name: str, choice: str, right: bool, missed: bool | None = None) -> str:
    """Keep a question's last answer in place of an earlier one.

    Args:
        name: the question's.
        choice: what was answered.
        right: whether it is right.
        missed: whether this answer or one just before it was wrong; else what `right` says.

    Returns:
        An empty string or a sentence, as `record` does.
    """
    missed = not right if missed is None else missed

    def change(data: Data) -> None:
        data["quizzes"][name] = {"choice": choice, "right": bool(right)}
        _note(data, name, answered=_now(), missed=bool(missed))

    return _keep(change, "The answer could not be kept: {}")


def keep_asked(names: list[str], chapter: str) -> None:
    """Note that a chapter recalls these questions now."""

    def change(data: Data) -> None:
        for name in names:
            _note(data, name, asked=_now(), by=chapter)

    _keep(change, "")


def _note(data: Data, name: str, **what: str | bool) -> None:
    data.setdefault(SEEN, {}).setdefault(name, {}).update(what)


def _now() -> str:
    return datetime.now().isoformat(timespec="minutes")


def record_assignment(name: str, points: int, of: int) -> str:
    """Keep an assignment's points where no better ones are kept.

    Returns:
        An empty string or a sentence, as `record` does.
    """

    def change(data: Data) -> None:
        best = data.setdefault(ASSIGNMENTS, {}).get(name, {"points": -1})
        if points > best["points"]:
            data[ASSIGNMENTS][name] = {"points": points, "of": of, "time": _now()}

    return _keep(change, "This result could not be kept: {}")


def points(assignment: str) -> dict[str, int | str] | None:
    """The best "points" of an assignment, "of" how many, and the "time"; None without any."""
    return _read().get(ASSIGNMENTS, {}).get(assignment)


def start_over(*names: str) -> None:
    """Forget what is kept under these names, in every section; without a name, everything.

    Raises:
        OSError: when the file can't be written; its text is a sentence.
    """

    def change(data: Data) -> None:
        for section in (each for each in (*SECTIONS, *LATER) if each in data):
            for name in names or list(data[section]):
                data[section].pop(name, None)

    path = progress_file()
    try:
        _change(path, change)
    except OSError as error:
        raise OSError(f"Nothing was forgotten: {why(path, error)}") from None


def take_over(found: Data) -> int:
    """Add what another copy of the course has kept, which is taken for the earlier of the two.

    Taking over the same once more changes nothing.

    Args:
        found: as `look_at` gives it.

    Returns:
        How many entries are new here, or other than they were.

    Raises:
        OSError: when the file can't be written; its text is a sentence.
    """
    path, changed = progress_file(), []

    def change(data: Data) -> None:
        both = merged(found, data, attempts=max)
        for section in SECTIONS:
            changed.extend(
                name for name in both[section] if both[section][name] != data[section].get(name)
            )
        data.update(both)

    try:
        _change(path, change)
    except OSError as error:
        raise OSError(why(path, error)) from None
    return len(changed)


def look_at(path: Path) -> Data:
    """What a progress file holds, with what is kept beside it, under the names of this version.

    Nothing on the disk is changed.

    Raises:
        KeptAsItIs: where the file can't be read, or a newer version wrote it.
    """
    return _with_sides(path, under_new_names(kept_file.read(path)[0]))


def _read() -> Data:
    path = progress_file()
    try:
        data, damage = kept_file.read(path)
    except KeptAsItIs as error:
        there = os.access(path.parent, os.W_OK)
        _tell(path, error, notice(path, error, beside(path) if there else elsewhere(path)))
        return _with_sides(path, under_new_names(kept_file.empty()))
    if damage or (path not in _tried and _sides(path)):
        _tried.add(path)
        try:
            return _change(path)  # under the lock, as another kernel may have done it by now
        except OSError as error:
            if damage:
                said = f"{path.name} holds {damage}, and could not be mended: "
                _tell(path, error, f"{said}{error.strerror or error}.")
    return _with_sides(path, under_new_names(data))


def _keep(change: Callable[[Data], object], lost: str) -> str:
    """Change the file, or where that can't be what is kept beside it or elsewhere.

    Returns:
        "", or a sentence of what is the matter; `lost` is the one that says why in its {}.
    """
    path = progress_file()
    if in_solutions():
        return NOT_HERE
    problem: OSError | None = None
    for place in (path, beside(path), elsewhere(path)):
        if isinstance(problem, TimeoutError) and place == beside(path):
            continue  # it has the same lock
        try:
            if place == elsewhere(path):
                place.parent.mkdir(parents=True, exist_ok=True)
            _change(place, change)
            break
        except OSError as error:
            problem = problem or error
            if not path.parent.is_dir():  # whoever chose that folder is to know
                return lost.format(why(path, problem))
    else:
        return lost.format(why(path, problem))
    if problem is None:
        return ""
    if isinstance(problem, KeptAsItIs):
        return _once(path, problem, notice(path, problem, place))
    until = "" if isinstance(problem, TimeoutError) else " Until it can be, it is in {}."
    return lost.format(why(path, problem) + until.format(name_of(place, path)))


def _change(
    path: Path, change: Callable[[Data], object] | None = None, patience: float | None = None
) -> Data:
    """Change a file under its lock and return what it holds then; what is damaged in it is mended.

    What was kept beside it meanwhile is taken in, and goes when it is safe in the file.
    """
    main = progress_file()
    with _locked(main if path == beside(main) else path, patience), contextlib.ExitStack() as held:
        data, taken = _load(path), []
        for side in _sides(path) if path == main else ():
            if side == elsewhere(main):
                held.enter_context(_locked(side))
            with contextlib.suppress(KeptAsItIs):
                data = merged(data, _load(side))
                taken.append(side)
        if change:
            change(data)
        if change or taken:
            kept_file.write(path, data)
        for side in taken:
            side.unlink(missing_ok=True)
    return data


def _load(path: Path) -> Data:
    """Read a file; with the lock held, keep a damaged one aside and go on with what is good."""
    data, damage = kept_file.read(path)
    if damage:
        aside = kept_file.copy_aside(path)
        try:
            kept_file.write(path, data)
        except OSError:
            aside.unlink()  # the damaged file is still in place
            raise
        print(f"{path.name} held {damage}; it is kept as {aside.name}, and the course goes on.")
    return under_new_names(data)


def _sides(path: Path) -> list[Path]:
    """What is kept beside a file, and elsewhere, until it can be written."""
    return [side for side in (beside(path), elsewhere(path)) if side.exists()]


def _with_sides(path: Path, data: Data) -> Data:
    for side in _sides(path):
        with contextlib.suppress(KeptAsItIs):
            data = merged(data, under_new_names(kept_file.read(side)[0]))
    return data


def _locked(path: Path, patience: float | None = None) -> contextlib.AbstractContextManager[None]:
    return kept_file.locked(path, PATIENCE if patience is None else patience)


def _once(path: Path, problem: OSError, sentence: str) -> str:
    """The sentence, or "" where this session has told of this problem before."""
    if (known := (path, str(problem))) in _said:
        return ""
    _said.add(known)
    return sentence


def _tell(path: Path, problem: OSError, sentence: str) -> None:
    if said := _once(path, problem, sentence):
        print(said)
