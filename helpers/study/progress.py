"""What the learner has tried, predicted and answered, in one file beside the notebooks.

The file is JSON: {"exercises": {name: {"attempts": 3, "passed": true}}, "predictions": {name:
value}, "quizzes": {name: {"choice": text, "right": true}}}. Each change is one atomic replacement,
made under a lock. What can't be read is kept aside, and the rest goes on.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = ("exercises", "predictions", "quizzes")
PATIENCE = 10.0  # seconds to wait for another kernel that changes the file

Data = dict[str, dict[str, Any]]


def progress_file() -> Path:
    """Where progress is kept: `progress.json` in the course's folder, or COURSE_PROGRESS."""
    chosen = os.environ.get("COURSE_PROGRESS")
    return Path(chosen) if chosen else ROOT / "progress.json"


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


def kept() -> dict[str, list[str]]:
    """The names of all that is kept, by section."""
    return {section: sorted(entries) for section, entries in _read().items() if section in SECTIONS}


def record(exercise: str, success: bool) -> str:
    """Note an attempt; an exercise that was passed once stays passed.

    Returns:
        An empty string, or a sentence that says why the attempt could not be kept.
    """

    def change(data: Data) -> None:
        entry = data["exercises"].setdefault(exercise, {"attempts": 0, "passed": False})
        entry["attempts"] += 1
        entry["passed"] = entry["passed"] or bool(success)

    problem = _try(change)
    return problem and f"This result could not be kept: {problem} The check itself is right."


def keep_prediction(name: str, value: float | int | str) -> str:
    """Keep a prediction in place of an earlier one.

    Returns:
        An empty string, or a sentence that says why it could not be kept.
    """
    problem = _try(lambda data: data["predictions"].update({name: value}))
    return problem and f"It holds until the kernel restarts, but could not be kept: {problem}"


def keep_answer(name: str, choice: str, right: bool) -> str:
    """Keep a question's last answer in place of an earlier one.

    Returns:
        An empty string, or a sentence that says why it could not be kept.
    """
    entry = {"choice": choice, "right": bool(right)}
    problem = _try(lambda data: data["quizzes"].update({name: entry}))
    return problem and f"The answer could not be kept: {problem}"


def start_over(*names: str) -> None:
    """Forget what is kept under these names, in every section; without a name, everything.

    Raises:
        OSError: when the file can't be written; its text is a sentence.
    """

    def change(data: Data) -> None:
        for section in SECTIONS:
            for name in names or list(data[section]):
                data[section].pop(name, None)

    problem = _try(change)
    if problem:
        raise OSError(f"Nothing was forgotten: {problem}")


def _try(change: Callable[[Data], object]) -> str:
    """Change the file; return "", or the sentence that says why it could not be changed."""
    path = progress_file()
    try:
        with _locked(path):
            data = _load(path, mend=True)
            change(data)
            _write(path, data)
    except OSError as error:
        return f"{path.name}: {error.strerror or error}."
    return ""


def _read() -> Data:
    path = progress_file()
    data, damage = _parse(path)
    if not damage:
        return data
    try:
        with _locked(path):  # another kernel may have mended it by now
            return _load(path, mend=True)
    except OSError as error:
        print(f"{path.name} holds {damage}, and could not be mended: {error.strerror or error}.")
        return data


def _load(path: Path, mend: bool) -> Data:
    """Read the file; with the lock held, keep a damaged one aside and go on with what is good."""
    data, damage = _parse(path)
    if damage and mend:
        aside = _copy_aside(path)
        try:
            _write(path, data)
        except OSError:
            aside.unlink()  # the damaged file is still in place
            raise
        print(f"{path.name} held {damage}; it is kept as {aside.name}, and the course goes on.")
    return data


def _parse(path: Path) -> tuple[Data, str]:
    """The file's good entries, and in words what is not good in it ("" where all is)."""
    empty: Data = {section: {} for section in SECTIONS}
    try:
        text = path.read_bytes()
    except OSError:
        return empty, ""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return empty, "something that is not JSON"
    if not isinstance(found, dict):
        return empty, "something that is not a list of names"
    if found and not set(found) & set(SECTIONS):
        found = {"exercises": found}  # the layout before there were sections
    data, bad = dict(found) | empty, []
    for section in SECTIONS:
        entries = found.get(section, {})
        if not isinstance(entries, dict):
            bad.append(section)
            continue
        for name, entry in entries.items():
            if _is_good(section, entry):
                data[section][name] = entry
            else:
                bad.append(name)
    return data, f"entries that can't be read ({', '.join(bad)})" if bad else ""


def _is_good(section: str, entry: object) -> bool:
    if section == "predictions":
        if isinstance(entry, float):
            return math.isfinite(entry)
        return isinstance(entry, int | str) and not isinstance(entry, bool)
    if not isinstance(entry, dict):
        return False
    if section == "quizzes":
        return isinstance(entry.get("choice"), str) and isinstance(entry.get("right"), bool)
    tried = entry.get("attempts")
    whole = isinstance(tried, int) and not isinstance(tried, bool) and tried >= 0
    return whole and isinstance(entry.get("passed"), bool)


def _copy_aside(path: Path) -> Path:
    """Copy the file to the first free name of its kind; the file itself stays."""
    number = 1
    while True:
        suffix = f"-damaged{f'-{number}' if number > 1 else ''}{path.suffix}"
        aside = path.with_name(path.stem + suffix)
        try:
            with open(aside, "xb") as copy, open(path, "rb") as file:
                shutil.copyfileobj(file, copy)
            return aside
        except FileExistsError:
            number += 1


def _write(path: Path, data: Data) -> None:
    with contextlib.suppress(FileNotFoundError):
        if not path.stat().st_mode & stat.S_IWUSR:  # else POSIX would replace it all the same
            raise PermissionError(f"the file {path.name} is read-only")
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".progress-", suffix=".json")
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            json.dump(data, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())  # or a power cut could leave an empty file under the name
        _replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _replace(name: str, path: Path) -> None:
    """Put the new file in place; on Windows a reader's open file refuses that for a moment."""
    deadline = time.monotonic() + 1
    while True:
        try:
            os.replace(name, path)
            return
        except PermissionError:
            if os.name != "nt" or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the file for one change, against other kernels and threads that change it too.

    The system lets go of the lock when a kernel dies, so none is ever left behind.
    """
    deadline = time.monotonic() + PATIENCE
    with open(path.with_suffix(".lock"), "a") as lock:
        while not _acquired(lock.fileno()):
            if time.monotonic() > deadline:
                raise TimeoutError("another program holds it")
            time.sleep(0.01)
        yield  # closing the file gives the lock back


def _acquired(number: int) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            os.lseek(number, 0, os.SEEK_SET)
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a file system without locks: one kernel at a time is all that is safe there
        return True
    return True
