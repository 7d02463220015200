"""From the source of a chapter to its two editions: which cell goes where, and what is left of it.

The chapter has its exercises undone, the solutions edition has them solved. Nothing runs here.
"""

from pathlib import Path

import claims
import folded
import jupytext
import nbformat
import overview
from nbformat import NotebookNode
from stubs import BANNER, BANNER_OF_ASSIGNMENT, WORKED, digest_of, stub

EDITIONS = ("chapter", "solutions")
PLACEHOLDER = "THE-ADDRESS-OF-THE-COURSE"
# What a first cell says of fetching the course, and what it says while there is no address.
FETCHING = rf", or in a cell above run:\n!git clone {PLACEHOLDER} course\n%cd course/notebooks"
UPLOADING = ", and open the notebook in it."
HIDDEN = "hidden"  # an output that would give a prediction away, until the cell is run
TAGS = {
    "about",
    claims.CLAIM,
    "exercise",
    "raises-exception",
    "nbval-ignore-output",
    HIDDEN,
    WORKED,
}
ASSIGNMENTS = "assignments"  # the folder of their sources, and of their notebooks
SPACING = {"lines_to_next_cell", "lines_to_end_of_cell_marker"}  # jupytext's own notes
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class BuildError(Exception):
    """A source can't be built, or a notebook did not run: the message says where and why."""


def make(source: Path, edition: str) -> NotebookNode:
    """Return one edition ("chapter" or "solutions") of a source as a notebook that has not run.

    Raises BuildError with the source's name and the cell's number (from 1) where the source is
    malformed.
    """
    text = jupytext.reads(_addressed(source), fmt="py:percent")
    notebook = nbformat.v4.new_notebook(metadata=NotebookNode(METADATA), nbformat_minor=5)
    seen: dict[str, int] = {}
    for number, cell in enumerate(text.cells, start=1):
        tags = set(cell.metadata.get("tags", []))
        if {"about", claims.CLAIM} & tags or (WORKED in tags and edition == "chapter"):
            continue  # for README and TEACHING; for the tests; for the learner to write
        try:
            built = _make_cell(cell, edition)
        except ValueError as error:
            raise BuildError(f"{source.name}, cell {number}: {error}.") from None
        if number == 1:
            built.source = _titled(built, source, edition)
        digest = digest_of(built.cell_type, built.source)
        seen[digest] = seen.get(digest, 0) + 1
        built.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
        notebook.cells.append(built)
    if not notebook.cells:
        raise BuildError(f"{source.name} has no cells.")
    return notebook


def claims_of(source: Path) -> dict[int, list[str]]:
    """The claims of a source by code cell, from 0; raises BuildError for one that stands alone."""
    cells = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent").cells
    try:
        return claims.by_cell(cells)
    except ValueError as error:
        raise BuildError(f"{source.name}: {error}.") from None


def _addressed(source: Path) -> str:
    """A source's text; what fetches the course has its public address, where there is one."""
    text, root = source.read_text(encoding="utf-8"), notebooks_of(source).parent
    address = overview.address(root) if (root / "pyproject.toml").exists() else ""
    return text.replace(PLACEHOLDER, address) if address else text.replace(FETCHING, UPLOADING)


def _make_cell(cell: NotebookNode, edition: str) -> NotebookNode:
    tags = cell.metadata.get("tags", [])
    if unknown := sorted(set(tags) - TAGS):
        raise ValueError(f"unknown tag {', '.join(unknown)} (known: {', '.join(sorted(TAGS))})")
    if unknown := sorted(set(cell.metadata) - {"tags", *SPACING}):
        raise ValueError(f"unknown cell option {', '.join(unknown)} (only tags are known)")
    if not cell.source.strip():
        raise ValueError("the cell is empty")
    metadata = {"tags": tags} if tags else {}
    if cell.cell_type == "markdown" and not tags:
        return nbformat.v4.new_markdown_cell(cell.source, metadata=metadata)
    if cell.cell_type != "code":
        raise ValueError("a chapter has code cells, and markdown cells without tags, only")
    if HIDDEN in tags and edition == "chapter":
        metadata["jupyter"] = dict(folded.METADATA)
    undone = edition == "chapter" and "exercise" in tags
    return nbformat.v4.new_code_cell(
        stub(cell.source) if undone else cell.source, metadata=metadata
    )


def _titled(cell: NotebookNode, source: Path, edition: str) -> str:
    title, _, rest = cell.source.partition("\n")
    if cell.cell_type != "markdown" or not title.startswith("# "):
        raise BuildError(
            f"{source.name}, cell 1: its first line must be the chapter's title, `# ...`."
        )
    if edition == "chapter":
        return cell.source
    name = target(source, "chapter").name
    banner = BANNER.format(name)
    if source.parent.name == ASSIGNMENTS:
        banner = BANNER_OF_ASSIGNMENT.format(name)
    return f"{title}\n\n{banner}\n{rest}".rstrip("\n")


def target(source: Path, edition: str) -> Path:
    """Return the notebook that an edition of this source is saved as."""
    folder = notebooks_of(source)
    if edition == "solutions":
        folder /= "solutions"
    if source.parent.name == ASSIGNMENTS:
        folder /= ASSIGNMENTS
    return folder / f"{source.stem}.ipynb"


def notebooks_of(source: Path) -> Path:
    """The folder `notebooks` to which a source belongs: a chapter's, or an assignment's."""
    return source.parents[2] if source.parent.name == ASSIGNMENTS else source.parents[1]
