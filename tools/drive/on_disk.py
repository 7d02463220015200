"""The chapters on disk, for the tests that go over all of them."""

import os
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(ROOT.glob("notebooks/source/[0-9][0-9]_*.py"))
CHAPTERS = sorted(ROOT.glob("notebooks/[0-9][0-9]_*.ipynb"))
SOLUTIONS = sorted(ROOT.glob("notebooks/solutions/[0-9][0-9]_*.ipynb"))
# Those of assignments are built and run as chapters are; they have no exercises and no questions.
TASKS = sorted(ROOT.glob("notebooks/source/assignments/A[0-9]_*.py"))
ASSIGNMENTS = sorted(ROOT.glob("notebooks/**/assignments/A[0-9]_*.ipynb"))
NOTEBOOKS = CHAPTERS + SOLUTIONS
# Whether to try in every chapter what takes long and differs little between them. `course.py abuse`
# does, `course.py test` tries it in a few.
THOROUGH = os.environ.get("COURSE_TESTS") == "thorough"


def name(path: Path) -> str:
    """Return a path below notebooks/ as a test's id, such as `solutions/02_tcp.ipynb`."""
    return path.relative_to(ROOT / "notebooks").as_posix()


def each(paths: list[Path]) -> pytest.MarkDecorator:
    """Run a test once for each path, as its argument `path`."""
    return pytest.mark.parametrize("path", paths, ids=name)


def read(path: Path) -> NotebookNode:
    """Return a notebook as nbformat reads it."""
    return nbformat.read(path, as_version=4)


def code_cells(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """Return the code cells with their numbers, counted from 1 over all cells."""
    return [(n, c) for n, c in enumerate(notebook.cells, start=1) if c.cell_type == "code"]


def tags(cell: NotebookNode) -> list[str]:
    """Return a cell's tags."""
    return cell.metadata.get("tags", [])
