"""One file of progress on the disk: read with care, replaced in one step, changed under a lock.

Only a file that does not exist means that nothing is kept yet.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from helpers.study.renumbered import ASSIGNMENTS, FIRSTS, LATER, SECTIONS, SEEN, WORK, Data, newest


class KeptAsItIs(OSError):
    """A file is there, and is not ours to write.

    Attributes:
        why: what is the matter, as the end of a sentence that begins with its name.
        remedy: what to do, as the beginning of one.
    """

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(f"it {why}")
        self.why, self.remedy = why, remedy


def why(path: Path, problem: OSError) -> str:
    """What is the matter with a file, as a sentence."""
    return f"{path.name}: {problem.strerror or problem}."


def name_of(place: Path, path: Path) -> str:
    """What to call a place where something is kept: its name alone, where it is beside the file."""
    return place.name if place.parent == path.parent else str(place)


def notice(path: Path, problem: KeptAsItIs, place: Path) -> str:
    """That a file stays as it is, why, and where its user's progress is kept meanwhile."""
    return (
        f"{path.name} {problem.why}, so it stays as it is. What you do now is kept in "
        f"{name_of(place, path)}. {problem.remedy}, and the two become one."
    )


def empty() -> Data:
    """What is kept at first."""
    return {section: {} for section in SECTIONS}


def read(path: Path) -> tuple[Data, str]:
    """The file's good entries, under the names of its version; in words what is not good in it.

    Raises:
        KeptAsItIs: where it can't be read, or a newer version wrote it.
    """
    nothing = empty()
    try:
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return nothing, ""
    except OSError as error:
        why = f"can't be read ({error.strerror})"
        raise KeptAsItIs(why, "See to it that you may read and write it") from None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return nothing, "something that is not JSON"
    if not isinstance(found, dict):
        return nothing, "something that is not a list of names"
    if found and not set(found) & {*SECTIONS, "version"}:
        found = {"exercises": found}  # the layout before there were sections
    data, bad = dict(found) | nothing, []
    if not _is_whole(found.get("version", 1), 1):
        bad.append("version")
        del data["version"]
    elif data.get("version", 1) > newest():
        why = "was written by a newer version of the course"
        raise KeptAsItIs(why, "Start the newer version")
    data |= {section: {} for section in LATER if section in found}
    for section in (*SECTIONS, *LATER):
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
        return _is_predicted(entry)
    if not isinstance(entry, dict):
        return False
    if section == FIRSTS:
        measured = entry.get("measured", 0)
        good = _is_predicted(entry.get("value")) and _is_predicted(measured)
        texts = isinstance(entry.get("time"), str) and isinstance(entry.get("sure", ""), str)
        return good and texts
    if section == SEEN:
        return all(isinstance(entry.get(key, ""), str) for key in ("answered", "asked", "by")) and (
            isinstance(entry.get("missed", False), bool)
        )
    if section == WORK:
        texts = isinstance(entry.get("last"), str) and isinstance(entry.get("cell", ""), str)
        return texts and _is_whole(entry.get("seconds"), 0)
    if section == ASSIGNMENTS:
        return _is_whole(entry.get("points"), 0) and _is_whole(entry.get("of"), 0)
    if section == "quizzes":
        return isinstance(entry.get("choice"), str) and isinstance(entry.get("right"), bool)
    return _is_whole(entry.get("attempts"), 0) and isinstance(entry.get("passed"), bool)


def _is_predicted(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int | str) and not isinstance(value, bool)


def _is_whole(number: object, least: int) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= least


def copy_aside(path: Path) -> Path:
    """Copy the file to the first free name of its kind; the file itself stays."""
    content, number = path.read_bytes(), 1
    while True:
        suffix = f"-damaged{f'-{number}' if number > 1 else ''}{path.suffix}"
        aside = path.with_name(path.stem + suffix)
        try:
            with open(aside, "xb") as copy:
                copy.write(content)
            return aside
        except FileExistsError:
            number += 1
        except BaseException:
            aside.unlink(missing_ok=True)  # half a copy is none
            raise


def write(path: Path, data: Data) -> None:
    """Put this in place of what the file holds, in one step.

    Raises:
        KeptAsItIs: where the file belongs to another user.
        OSError: where it can't be written; then it is as it was.
    """
    with contextlib.suppress(FileNotFoundError):
        if not path.stat().st_mode & stat.S_IWUSR:  # else POSIX would replace it all the same
            raise PermissionError(f"the file {path.name} is read-only")
    number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            _refuse_another_users(path, file.fileno())
            json.dump(data, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())  # or a power cut could leave an empty file under the name
        _replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _refuse_another_users(path: Path, new: int) -> None:
    """A folder of ours would let us replace another's file: whose a new one is tells them apart,
    also for root and on disks where all files seem to be one user's."""
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_uid != os.fstat(new).st_uid:
            raise KeptAsItIs("belongs to another user", "See to it that it is yours")


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
def locked(path: Path, patience: float) -> Iterator[None]:
    """Hold the file for one change, against other kernels and threads that change it too.

    The system lets go of the lock when a kernel dies, so none is ever left behind. What such a
    kernel had begun to write is taken away.

    Args:
        path: the file; its lock stands beside it.
        patience: seconds to wait for another that holds it.

    Raises:
        TimeoutError: where another held it all the time.
        OSError: where there can be no lock, as the folder is missing or can't be written.
    """
    deadline = time.monotonic() + patience
    with _open(path.with_suffix(".lock")) as lock:
        while (state := _acquired(lock.fileno())) is False:
            if time.monotonic() > deadline:
                raise TimeoutError("another program holds it")
            time.sleep(0.01)
        if state:
            _sweep(path)
        yield  # closing the file gives the lock back


def _open(lock: Path) -> BinaryIO:
    try:
        return open(lock, "ab")
    except PermissionError:
        if not lock.exists():
            raise
        return open(lock, "rb")  # another user's: one that is only read holds as well


def _acquired(number: int) -> bool | None:
    """Whether the lock is ours; None on a file system without locks, where one kernel at a time is
    all that is safe."""
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
    except OSError:
        return None
    return True


def _sweep(path: Path) -> None:
    """Remove what killed kernels had begun to write: under the lock nobody else writes."""
    begun = re.compile(rf"\.{re.escape(path.stem)}(-session-\w+)?-\w{{8}}{re.escape(path.suffix)}")
    with contextlib.suppress(OSError):
        for name in filter(begun.fullmatch, os.listdir(path.parent)):
            with contextlib.suppress(OSError):
                os.unlink(path.with_name(name))
