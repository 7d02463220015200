"""From the source of a chapter to its two editions: which cell goes where, and what is left of it.

The chapter has its exercises undone, the solutions edition has them solved. Nothing runs here.
"""

import ast
import hashlib
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

EDITIONS = ("chapter", "solutions")
TAGS = {"exercise", "raises-exception", "nbval-ignore-output"}
SPACING = {"lines_to_next_cell", "lines_to_end_of_cell_marker"}  # jupytext's own notes
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
BANNER = (
    "> **Solutions edition.** Every exercise is solved here. "
    "The chapter itself is [one folder up](../{})."
)


class BuildError(Exception):
    """A source can't be built, or a notebook did not run: the message says where and why."""


def stub(source: str) -> str:
    """Return an exercise cell with its solution taken out.

    Every top-level public function, and every public method of a top-level public class, keeps its
    decorators, its signature and its docstring as the author wrote them; its body becomes `raise
    NotImplementedError`. An `__init__` stays where it has a docstring, as its arguments are then
    part of the contract. All else is the solution, and goes.

    Raises ValueError where the cell is not valid Python, where nothing public is left to write, and
    where a function that would be left has no docstring.
    """
    try:
        tree = compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError as error:
        raise ValueError(f"not valid Python: {error.msg} in line {error.lineno}") from None
    lines = source.encode().split(b"\n")
    parts = []
    for node in tree.body:
        if isinstance(node, FUNCTIONS) and not node.name.startswith("_"):
            parts.append(_stub_function(node, lines))
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            parts.append(_stub_class(node, lines))
    if not parts:
        raise ValueError("the exercise has no public function or class for the learner to write")
    return "\n\n\n".join(parts)


def _stub_function(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[bytes]) -> str:
    if ast.get_docstring(node) is None:
        raise ValueError(f"{node.name} needs a docstring: it is all that the learner is told")
    return f"{_head(node, lines)}\n{' ' * node.body[0].col_offset}raise NotImplementedError"


def _stub_class(node: ast.ClassDef, lines: list[bytes]) -> str:
    methods = [
        child
        for child in node.body
        if isinstance(child, FUNCTIONS)
        and (
            not child.name.startswith("_")
            or (child.name == "__init__" and ast.get_docstring(child))
        )
    ]
    if not methods:
        raise ValueError(f"class {node.name} has no public method: give it a cell of its own")
    if ast.get_docstring(node) is None:
        raise ValueError(f"{node.name} needs a docstring: it is all that the learner is told")
    return "\n\n".join([_head(node, lines), *(_stub_function(method, lines) for method in methods)])


def _head(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, lines: list[bytes]) -> str:
    """The author's own text from the first decorator to the end of the docstring."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    docstring = node.body[0]
    if lines[docstring.lineno - 1][: docstring.col_offset].strip():
        raise ValueError(f"the docstring of {node.name} must start on a line of its own")
    head = [*lines[first - 1 : docstring.end_lineno - 1]]
    head.append(lines[docstring.end_lineno - 1][: docstring.end_col_offset])
    return b"\n".join(head).decode()


def make(source: Path, edition: str) -> NotebookNode:
    """Return one edition ("chapter" or "solutions") of a source as a notebook that has not run.

    Raises BuildError with the source's name and the cell's number (from 1) where the source is
    malformed.
    """
    text = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    notebook = nbformat.v4.new_notebook(metadata=NotebookNode(METADATA), nbformat_minor=5)
    seen: dict[str, int] = {}
    for number, cell in enumerate(text.cells, start=1):
        try:
            built = _make_cell(cell, edition)
        except ValueError as error:
            raise BuildError(f"{source.name}, cell {number}: {error}.") from None
        if number == 1:
            built.source = _titled(built, source, edition)
        digest = hashlib.sha256(f"{built.cell_type}\n{built.source}".encode()).hexdigest()[:8]
        seen[digest] = seen.get(digest, 0) + 1
        built.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
        notebook.cells.append(built)
    if not notebook.cells:
        raise BuildError(f"{source.name} has no cells.")
    return notebook


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
    return f"{title}\n\n{BANNER.format(target(source, 'chapter').name)}\n{rest}".rstrip("\n")


def target(source: Path, edition: str) -> Path:
    """Return the notebook that an edition of this source is saved as."""
    folder = source.parent.parent
    return (folder if edition == "chapter" else folder / "solutions") / f"{source.stem}.ipynb"
