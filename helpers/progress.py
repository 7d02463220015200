"""What the learner has tried and passed, in one file beside the notebooks."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_STALE = 5.0  # seconds after which a lock is taken for left behind


def progress_file() -> Path:
    """Where progress is kept: `progress.json` in the course's folder, or COURSE_PROGRESS."""
    chosen = os.environ.get("COURSE_PROGRESS")
    return Path(chosen) if chosen else Path(__file__).resolve().parents[1] / "progress.json"


def passed() -> set[str]:
    """The names of the exercises that have been passed."""
    return {name for name, entry in _read().items() if entry["passed"]}


def attempts(exercise: str) -> int:
    """How often an exercise has been checked, stubs not counted."""
    return _read().get(exercise, {"attempts": 0})["attempts"]


def record(exercise: str, success: bool) -> str:
    """Note an attempt; an exercise that was passed once stays passed.

    Returns:
        An empty string, or a sentence that says why the attempt could not be kept.
    """
    try:
        with _locked():
            entries = _read()
            entry = entries.setdefault(exercise, {"attempts": 0, "passed": False})
            entry["attempts"] += 1
            entry["passed"] = entry["passed"] or success
            _write(entries)
    except OSError as error:
        return (
            f"This result could not be kept in {progress_file().name} ({error.strerror}); "
            "the check itself is right."
        )
    return ""


def start_over(exercise: str | None = None) -> None:
    """Forget the attempts at one exercise, or at all of them.

    Raises:
        OSError: when the file can't be written.
    """
    with _locked():
        entries = _read()
        if exercise is None:
            entries.clear()
        else:
            entries.pop(exercise, None)
        _write(entries)


def _read() -> dict[str, dict]:
    path = progress_file()
    try:
        text = path.read_bytes()
    except OSError:
        return {}
    try:
        entries = json.loads(text)
        return {
            str(name): {"attempts": int(entry["attempts"]), "passed": bool(entry["passed"])}
            for name, entry in entries.items()
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        _set_aside(path)
        return {}


def _set_aside(path: Path) -> None:
    """Keep a damaged file under another name, and say so."""
    aside = path.with_name(f"{path.stem}-damaged{path.suffix}")
    with contextlib.suppress(OSError):
        os.replace(path, aside)
        print(f"{path.name} could not be read; it is kept as {aside.name}, and a new one begins.")


def _write(entries: dict[str, dict]) -> None:
    path = progress_file()
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".progress-", suffix=".json")
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            json.dump(entries, file, indent=1, sort_keys=True)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    """Hold the file for one change, against other kernels that change it too."""
    lock = progress_file().with_suffix(".lock")
    deadline = time.monotonic() + 2 * _STALE
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            with contextlib.suppress(OSError):
                if time.time() - lock.stat().st_mtime > _STALE:
                    lock.unlink()  # whoever made it is long gone
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            lock.unlink()
