"""Bring what a learner has done in an older copy of the course: `python3 course.py bring ../old`.

A new version stands beside the old one. Progress is taken over under its new names; each chapter
that was edited, and each that was kept before, is kept beside the new chapters. The old folder is
only read. Bringing it twice brings nothing twice. Standard library only.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]  # -P or PYTHONSAFEPATH would leave both out

from built import KEPT, NAME, is_built, is_edited, is_same, solutions_say  # noqa: E402
from fresh import Problem, keep  # noqa: E402

from helpers.study import progress  # noqa: E402

USAGE = "Nothing was brought. Name the older course's folder, as in: python3 course.py bring ../old"


def bring(word: str, root: Path = ROOT) -> tuple[str, bool]:
    """Bring progress and edited chapters from another copy of the course.

    Args:
        word: the path of its folder: the one that holds its course.py; or of a file of progress
            alone, as the web pages save one.
        root: the folder that they are brought to.

    Returns:
        A line that says what was done, and whether all was.

    Raises:
        Problem: where that folder is none to bring from; nothing was done then.
        OSError: where a chapter can't be read or kept.
    """
    old, kept = Path(word).expanduser(), []
    if old.suffix == ".json" and old.is_file():
        counted, trouble = _bring_progress(old)
    else:
        old = find_course(word, root)
        counted, trouble = _bring_progress(old / "progress.json")
        kept = [
            name
            for place in ("notebooks", "notebooks/solutions")
            for name in _bring_chapters(old / place, root / place)
        ]
    if done := _said(counted, kept):
        line = f"Brought from {old}, which is as it was: {done}."
    else:
        line = f"Nothing to bring from {old}: no progress and no edited chapter that is new here."
    return f"{line} {trouble}".rstrip(), not trouble


def _said(counted: int, kept: list[str]) -> str:
    parts = []
    if counted:
        parts.append(f"progress ({counted} {'entry' if counted == 1 else 'entries'})")
    if kept:
        parts.append(f"what you had edited, kept as {', '.join(kept)}")
    return " and ".join(parts)


def find_course(word: str, root: Path = ROOT) -> Path:
    """The folder of an older copy of the course, or of one of the same version.

    Raises Problem where it is none.
    """
    old = Path(word).expanduser()
    if not old.exists():
        raise Problem(f"there is no folder {old}.")
    if not old.is_dir():
        raise Problem(f"{old} is a file. Unpack it if it is an archive, and name the folder.")
    if old.samefile(root):
        raise Problem("that is the folder of this very course. Name the older one's.")
    if not all((old / part).exists() for part in ("course.py", "notebooks", "helpers")):
        raise Problem(f"{old} is not the course. Name the folder that holds the older course.py.")
    mine, other = version_of(root), version_of(old)
    if _numbers(other) > _numbers(mine):
        raise Problem(f"{old} has version {other}, which is newer than this one, {mine}.")
    return old


def version_of(folder: Path) -> str:
    """The version that a copy of the course has; "" for one that does not say it."""
    try:
        with open(folder / "pyproject.toml", "rb") as file:
            return str(tomllib.load(file)["project"]["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def _bring_progress(path: Path) -> tuple[int, str]:
    """How many entries were brought, and a sentence where progress could not be."""
    mine = progress.progress_file()
    if path.exists() and mine.exists() and path.samefile(mine):
        return 0, ""  # COURSE_PROGRESS names one file for both
    try:
        found = progress.look_at(path)
        if not any(found[section] for section in progress.SECTIONS):
            return 0, ""
        return progress.take_over(found), ""
    except progress.KeptAsItIs as error:
        return 0, f"Its {path.name} {error.why}. {error.remedy}, then run this again."
    except OSError as error:
        return 0, f"Progress could not be brought: {error}"


def _bring_chapters(old: Path, new: Path) -> list[str]:
    """Keep what was edited in one folder of notebooks beside those of another.

    Returns the names under which it is kept.
    """
    kept = []
    for path in sorted(old.glob("*.ipynb")):
        name = KEPT.sub(r"\1", path.name)
        if not NAME.fullmatch(name) or not path.is_file():
            continue
        content = path.read_bytes()
        if path.name == name and not _is_edited_chapter(content, path):
            continue
        new.mkdir(parents=True, exist_ok=True)
        here = [new / name, *new.glob(f"kept-*_{name}")]
        if not any(is_same(content, each.read_bytes()) for each in here if each.is_file()):
            kept.append(keep(content, new / name).name)
    return kept


def _is_edited_chapter(content: bytes, path: Path) -> bool:
    ours = is_built(content) or solutions_say(path.parent, path.name)
    return ours and is_edited(content)


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line and return its exit status: 2 for a folder to bring nothing from."""
    words = sys.argv[1:] if arguments is None else arguments
    sys.stdout.reconfigure(errors="backslashreplace")  # a folder may have any name
    if len(words) != 1:
        print(USAGE)
        return 2
    try:
        line, whole = bring(words[0], root)
    except Problem as problem:
        print(f"Nothing was brought: {problem}")
        return 2
    except OSError as error:
        print(f"Not all was brought: {error.strerror or error} ({error.filename or 'disk'}).")
        return 1
    print(line)
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
