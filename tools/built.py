"""Notebooks on disk, as far as it can be told without running anything: whether one is a chapter of
the course, of any version, and whether the learner has edited it.

A built cell's id depends on its text, so a cell whose id no longer fits has been edited, and one
whose id fits was built. Outputs do not count. Standard library only.
"""

import json
import re
from pathlib import Path

from fresh import texts
from stubs import BANNER, digest_of

NAME = re.compile(r"\d\d_\w+\.ipynb", re.ASCII)
KEPT = re.compile(r"kept-\d+_(\d\d_\w+\.ipynb)", re.ASCII)


def fits(content: bytes) -> list[bool] | None:
    """For each cell whether its id fits its text; None for a file that is no notebook."""
    try:
        cells = json.loads(content)["cells"]
        return [
            str(cell.get("id")).partition("-")[0]
            == digest_of(cell["cell_type"], "".join(cell["source"]))
            for cell in cells
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def is_edited(content: bytes) -> bool:
    """Whether a chapter holds something of the learner's; one that can't be read might."""
    found = fits(content)
    return not found or not all(found)


def is_built(content: bytes) -> bool:
    """Whether a notebook has a cell that the course's build has written."""
    return any(fits(content) or ())


def is_same(one: bytes, other: bytes) -> bool:
    """Whether two notebooks have the same cells, whatever their outputs."""
    return one == other or (texts(one) is not None and texts(one) == texts(other))


def solutions_say(folder: Path, name: str) -> bool:
    """Whether the solutions edition of this name is there, and says of itself that it is one."""
    try:
        first = texts((folder / "solutions" / name).read_bytes())[0]
    except (OSError, TypeError, IndexError):
        return False
    return BANNER.format(name) in first[1]
