"""A new version that was unpacked over an old one: chapters of old names go, or are kept.

Progress needs nothing here: an entry moves under its new name when it is read.
"""

import re
import sys
from pathlib import Path

from start.places import ROOT

TABLE = re.compile(r"<!-- table chapters:.*?<!-- end of chapters -->", re.DOTALL)


def tell_of_older_chapters(root: Path = ROOT) -> None:
    """Put older chapters away and say so; where that can't be done, say that."""
    try:
        done = put_older_chapters_away(root)
    except OSError as error:
        done = f"A chapter of an older version could not be put away: {error}."
    if done:
        sys.stdout.write(done + "\n")


def put_older_chapters_away(root: Path = ROOT) -> str:
    """Take away each chapter that this version has under another name or not at all.

    One that was edited is kept, under the name that `fresh` would give it. A notebook of another's
    making stays: a chapter has a solutions edition of its own name that says so, and cells that
    the course has built.

    Returns:
        A sentence of what was done; "" where nothing was.
    """
    mine, folder = names_of_this_version(root), root / "notebooks"
    found = [*folder.glob("[0-9][0-9]_*.ipynb"), *folder.glob("solutions/[0-9][0-9]_*.ipynb")]
    old = sorted(path for path in found if mine and path.name not in mine)
    if (root / ".git").exists():  # with a source, it is a chapter that an author has begun
        old = [path for path in old if not (folder / "source" / f"{path.stem}.py").exists()]
    if not old:
        return ""
    from built import is_built, is_edited, solutions_say
    from fresh import keep

    theirs = [path for path in old if solutions_say(folder, path.name)]
    gone, kept = 0, []
    for path in theirs:
        content = path.read_bytes()
        if not is_built(content):
            continue
        if is_edited(content):
            kept.append(keep(content, path).name)
        else:
            gone += 1
        path.unlink()
    done = [f"kept what you had edited, as {', '.join(kept)}"] if kept else []
    if gone:
        done.append(f"took away {gone} notebook{'s' * (gone > 1)} as nobody had edited")
    return f"Of chapters that an older version had, course.py {' and '.join(done)}." if done else ""


def names_of_this_version(root: Path) -> set[str]:
    """The files of its chapters: README's table has them, and comes with each version, while a
    folder may still hold all that an older one had."""
    try:
        table = TABLE.search((root / "README.md").read_text(encoding="utf-8"))
    except (OSError, UnicodeError):
        return set()
    return set(re.findall(r"notebooks/(\d\d_\w+\.ipynb)", table[0])) if table else set()
