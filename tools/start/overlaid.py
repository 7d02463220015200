"""A new version that was unpacked over an old one: chapters of old names go, or are kept.

Chapters that keep their names are overwritten by then; what JupyterLab has put by of them when they
were saved is brought back.

Progress needs nothing here: an entry moves under its new name when it is read.
"""

import re
import sys
from pathlib import Path

from start.places import ROOT

TABLE = re.compile(r"<!-- table chapters:.*?<!-- end of chapters -->", re.DOTALL)


def tell_of_older_chapters(root: Path = ROOT) -> None:
    """Put older chapters away, bring edits back, and say so; where that can't be done, say that."""
    for do in (put_older_chapters_away, bring_edits_back):
        try:
            done = do(root)
        except OSError as error:
            done = f"A chapter of an older version could not be kept: {error}."
        if done:
            sys.stdout.write(done + "\n")


def bring_edits_back(root: Path = ROOT) -> str:
    """Keep what the learner had edited in chapters that this version was unpacked over.

    JupyterLab puts a copy by whenever a notebook is saved by hand. One that is edited, of a chapter
    that is as it was built, holds what was overwritten; unless `fresh` has kept it since.

    Returns:
        A sentence of what was done; "" where nothing was.
    """
    if (root / ".git").exists():  # there git has what was before
        return ""
    copies = sorted((root / "notebooks").glob("**/.ipynb_checkpoints/*-checkpoint.ipynb"))
    if not copies:
        return ""
    from built import is_built, is_edited, is_same
    from fresh import keep

    kept = []
    for copy in copies:
        chapter = copy.parent.parent / copy.name.replace("-checkpoint", "")
        if not _may_be_overwritten(chapter):
            continue
        content, now = copy.read_bytes(), chapter.read_bytes()
        others = list(chapter.parent.glob(f"kept-*_{chapter.name}"))
        newer = [each for each in others if each.stat().st_mtime >= copy.stat().st_mtime]
        same = [each for each in others if is_same(content, each.read_bytes())]
        if is_built(content) and is_edited(content) and not (is_edited(now) or newer or same):
            kept.append(keep(content, chapter).name)
    if not kept:
        return ""
    return (
        "This version was unpacked over an older one, which overwrote chapters. What you had saved "
        f"of them is beside the new ones, as {', '.join(kept)}."
    )


def _may_be_overwritten(chapter: Path) -> bool:
    """Whether it is a chapter or an assignment, and there."""
    return bool(re.fullmatch(r"(\d\d|A\d)_\w+\.ipynb", chapter.name)) and chapter.is_file()


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
