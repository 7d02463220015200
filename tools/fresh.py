"""Start a chapter afresh: `python3 course.py fresh 03`, or `fresh("03")` in a notebook.

The learner's notebook is kept beside it under another name, and the chapter as it was at first
takes its place. That is made from the solutions edition, where each cell's id says whether it is as
it was built, so neither git nor a network is needed. Standard library only.
"""

import ast
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

import folded
from stubs import BANNER, BANNER_OF_ASSIGNMENT, FUNCTIONS, WORKED, digest_of, stub

COURSE = Path(__file__).resolve().parents[1]
SOLUTIONS = COURSE / "notebooks" / "solutions"
# `course.py` sets it where the course's own folder can't be written.
NOTEBOOKS = Path(os.environ.get("COURSE_FOLDER") or COURSE) / "notebooks"
BINARY = getattr(os, "O_BINARY", 0)  # Windows would change the ends of lines
USAGE = "Nothing was changed. Name a chapter to start it afresh by its number, such as 03."


class Problem(Exception):
    """Something that the reader can put right; its text is the sentence that they see."""


def start_afresh(word: str, folder: Path = NOTEBOOKS) -> str:
    """Put a chapter back as it was at first, and return the sentences that say what was done.

    The learner's own version is copied first, to a name that no file has. Where anything fails,
    the chapter is left as it is.

    Args:
        word: the chapter's number, "03" or "3".
        folder: the one that holds the chapters.

    Raises:
        Problem: where there is no such chapter, or it can't be made anew.
        OSError: where a file can't be written.
    """
    chapter = find_chapter(word, folder)
    made = chapter_of(solutions_for(folder) / chapter.relative_to(folder))
    if not chapter.exists():
        _put(made, chapter)
        return f"There was no {chapter.name}: it is there again, as at first."
    mine = chapter.read_bytes()
    if texts(mine) == [(cell["cell_type"], cell["source"]) for cell in made["cells"]]:
        return (
            f"The cells of {chapter.name} are as at first, so nothing was changed. "
            "To take their outputs away: Edit, Clear Outputs of All Cells."
        )
    kept = keep(mine, chapter)
    try:
        _put(made, chapter)
    except BaseException:
        kept.unlink()  # the chapter is still the learner's own
        raise
    return (
        f"{chapter.name} is as at first. Your version is kept beside it, as {kept.name}.\n"
        "Is the chapter open in JupyterLab? Do not save it: choose File, Reload Notebook from Disk."
    )


def find_chapter(word: str, folder: Path = NOTEBOOKS) -> Path:
    """Return the chapter's notebook, whether it is there or not.

    Raises Problem with the list of chapters where the word is no number of one.
    """
    solutions = solutions_for(folder)
    found = [*solutions.glob("[0-9][0-9]_*.ipynb"), *solutions.glob("assignments/A[0-9]_*.ipynb")]
    numbers = {path.name[:2]: folder / path.relative_to(solutions) for path in sorted(found)}
    if not numbers:
        raise Problem(f"notebooks/solutions is empty, and a chapter is made from it. {_remedy()}")
    number = word.strip().upper().zfill(2)
    if not word.strip() or number not in numbers:
        known = ", ".join(numbers)
        raise Problem(f"there is no chapter {word!a}; there are {known}.")
    return numbers[number]


def solutions_for(folder: Path) -> Path:
    """Where the solutions edition is that chapters of this folder are made from."""
    return SOLUTIONS if folder == NOTEBOOKS else folder / "solutions"


def chapter_of(solutions: Path) -> dict:
    """Return the chapter as a notebook in JSON's terms, from its solutions edition.

    Outputs are those of the solutions edition, but for cells that name something of an exercise:
    they would show what a solution does, and are left empty.

    Raises Problem where the solutions edition can't be read or is not as it was built.
    """
    name = solutions.name
    try:
        notebook = json.loads(solutions.read_bytes())
        cells = [_plain(cell) for cell in notebook["cells"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Problem(f"solutions/{name} can't be read ({error}). {_remedy()}") from None
    seen: dict[str, int] = {}
    solved: set[str] = set()
    for number, cell in enumerate(list(cells), start=1):
        if WORKED in cell["metadata"].get("tags", []):
            cells.remove(cell)  # for the learner to write
            continue
        if cell["id"].partition("-")[0] != digest_of(cell["cell_type"], cell["source"]):
            raise Problem(
                f"solutions/{name} has been changed, in cell {number}, and the chapter is made "
                f"from it. {_remedy()}"
            )
        if number == 1:
            for banner in (BANNER, BANNER_OF_ASSIGNMENT):
                cell["source"] = cell["source"].replace(f"\n\n{banner.format(name)}", "", 1)
        if cell["cell_type"] == "code":
            _leave_undone(cell, solved)
            folded.fold(cell)
        digest = digest_of(cell["cell_type"], cell["source"])
        seen[digest] = seen.get(digest, 0) + 1
        cell["id"] = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    return notebook | {"cells": cells}


def _plain(cell: dict) -> dict:
    """A cell with its text as one str and no metadata but its tags and what the chapter hides."""
    tags = cell["metadata"].get("tags")
    metadata = {"tags": tags} if tags else {}
    if tags and "hidden" in tags:
        metadata["jupyter"] = dict(folded.METADATA)
    changes = {"source": "".join(cell["source"]), "metadata": metadata}
    return cell | {"id": cell["id"]} | changes


def _leave_undone(cell: dict, solved: set[str]) -> None:
    """Take the solution out of a code cell, and the outputs that depend on one.

    `solved` grows by the names that this cell makes depend on an exercise.
    """
    if "exercise" in cell["metadata"].get("tags", []):
        cell["source"] = stub(cell["source"])
        solved |= _bound(cell["source"])
    elif solved & set(re.findall(r"\w+", cell["source"])):
        solved |= _bound(cell["source"])
        cell["outputs"], cell["execution_count"] = [], None


def _bound(source: str) -> set[str]:
    """The names that a cell gives a value, at any depth."""
    try:
        nodes = list(ast.walk(compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST)))
    except SyntaxError:  # a magic, or `await`
        return set()
    names = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return names | {n.name for n in nodes if isinstance(n, FUNCTIONS | ast.ClassDef)}


def texts(content: bytes) -> list[tuple[str, str]] | None:
    """The kind and text of each cell; None for a file that is no notebook."""
    try:
        cells = json.loads(content)["cells"]
        return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def keep(content: bytes, chapter: Path) -> Path:
    """Write the learner's version beside the chapter, to the first free name, and return it."""
    number = 1
    while True:
        # Not a chapter's number first, or it would be taken for a chapter.
        kept = chapter.with_name(f"kept-{number}_{chapter.name}")
        try:
            descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o644)
            break
        except FileExistsError:
            number += 1
    try:
        with os.fdopen(descriptor, "wb") as file:
            _write(file, content)
    except BaseException:
        kept.unlink()
        raise
    return kept


def _put(notebook: dict, path: Path) -> None:
    """Write a notebook in one step, in nbformat's own layout."""
    cells = [dict(cell, source=cell["source"].splitlines(True)) for cell in notebook["cells"]]
    text = json.dumps(
        notebook | {"cells": cells}, indent=1, sort_keys=True, ensure_ascii=False
    ).encode()
    number, name = tempfile.mkstemp(dir=path.parent, prefix=".fresh-", suffix=".part")
    try:
        with os.fdopen(number, "wb") as file:
            _write(file, text + b"\n")
        os.chmod(name, 0o644)  # mkstemp keeps others from reading it
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _write(file: BinaryIO, content: bytes) -> None:
    """Write to the disk itself, so that a power cut leaves no empty notebook."""
    file.write(content)
    file.flush()
    os.fsync(file.fileno())


def _remedy() -> str:
    return "Take it from the course's archive again, or run `git checkout notebooks/solutions`."


def main(arguments: list[str] | None = None, folder: Path = NOTEBOOKS) -> int:
    """Run the command line and return its exit status: 2 for a word that is no chapter."""
    words = sys.argv[1:] if arguments is None else arguments
    if len(words) != 1:
        print(USAGE)
        return 2 if words else 0
    try:
        print(start_afresh(words[0], folder))
    except Problem as problem:
        print(f"Nothing was changed: {problem}")
        return 2
    except OSError as error:
        print(f"Nothing was changed: {error.strerror or error} ({error.filename or 'disk'}).")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
