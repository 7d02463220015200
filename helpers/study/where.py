"""Places in a chapter that a link leads to: a cell, and the heading that it stands under."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from helpers.study.about import ASSIGNMENTS
from helpers.study.places import ROOT, notebook

AGAIN = (  # where a place is of another day; a link shows a cell, and does not always select it
    "The variables are gone since, so click on that cell, choose Run, Run All Above Selected Cell, "
    "and go on."
)
_HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Place:
    """A cell of a notebook.

    Attributes:
        cell: its id, which JupyterLab finds; "" where there is no such cell.
        heading: the last one before it, as plain text; "" without one.
    """

    cell: str = ""
    heading: str = ""


NOWHERE = Place()


def folder() -> Path:
    """The folder of the chapters that the learner works in."""
    here = notebook()
    if here is None or not here.is_file():
        return ROOT / "notebooks"
    return here.parent.parent if here.parent.name == ASSIGNMENTS else here.parent


def link(file: str, place: Place | None = None) -> str:
    """The address of a chapter's file, or of a place in it, from the notebook that runs.

    JupyterLab opens the notebook and goes to the cell; other front ends open the notebook.

    Args:
        file: as `course_map` has it, such as "assignments/A1_thermostat.ipynb".
        place: the cell.
    """
    here = notebook()
    up = "../" if here and here.parent.name == ASSIGNMENTS else ""
    return up + quote(file) + (f"#cell-id={quote(place.cell)}" if place and place.cell else "")


def own_file() -> str:
    """The file of the notebook that runs, as `link` takes it; "" where that is not known."""
    here = notebook()
    if here is None:
        return ""
    return f"{ASSIGNMENTS}/{here.name}" if here.parent.name == ASSIGNMENTS else here.name


def place_of(file: str, cell: str) -> Place:
    """The cell of this id in a chapter's file, as it was saved last."""
    return _find(file, lambda each: each.get("id") == cell)


def place_asking(file: str, word: str, argument: str) -> Place:
    """The first cell in which a chapter calls a word, as `quiz` with "05 pieces"."""
    call = re.compile(rf"^\s*{word}\(\s*{re.escape(argument)}(?!\w)", re.MULTILINE)
    return _find(
        file, lambda each: each["cell_type"] == "code" and call.search("".join(each["source"]))
    )


def _find(file: str, is_it: Callable[[dict], object]) -> Place:
    heading = ""
    try:
        for cell in json.loads((folder() / file).read_bytes())["cells"]:
            if cell["cell_type"] == "markdown":
                for found in _HEADING.findall("".join(cell["source"])):
                    heading = re.sub(r"[`*]|\]\([^)]*\)|\[", "", found)
            if is_it(cell):
                return Place(str(cell.get("id", "")), heading)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass  # it is not there, or no notebook any more: then the chapter is all that is known
    return NOWHERE
