"""A chapter's code cells, and what a learner may have written into those of its exercises."""

import ast
import importlib
import importlib.util
from dataclasses import dataclass, field
from pathlib import Path

from drive.on_disk import CHAPTERS, ROOT, code_cells, read, tags
from for_viewers import as_run

AS_IT_IS = "as it is"
BODIES = ("...", "return None", "pass  # here I go on tomorrow", "print('called')", "x = y +")


@dataclass
class Cell:
    """A code cell.

    Attributes:
        number: counted from 1 over all cells of the notebook.
        source: its text in the chapter.
        errors: names of the errors that it ends with in a clean run.
        clean: all that it shows in a clean run, as text.
        variants: for an exercise, other texts of it, by name.
    """

    number: int
    source: str
    errors: set[str] = field(default_factory=set)
    clean: str = ""
    variants: dict[str, str] = field(default_factory=dict)

    def text(self, variant: str) -> str:
        """The cell's text in this variant."""
        return self.source if variant == AS_IT_IS else self.variants[variant]


def load_chapter(number: str, with_answers: bool = True) -> list[Cell]:
    """The cells of a chapter, as in "04", with all variants of its exercises.

    Raises:
        LookupError: where there is no such chapter.
    """
    path = next((each for each in CHAPTERS if each.name.startswith(f"{number}_")), None)
    if path is None:
        raise LookupError(f"there is no chapter {number!r}")
    cells = load(path)
    solved = [cell for _, cell in code_cells(read(path.parent / "solutions" / path.name))]
    wrong = table(number) if with_answers else {}
    for cell, notebook_cell, solution in zip(cells, _code(path), solved, strict=True):
        if "exercise" in tags(notebook_cell):
            cell.variants = variants(number, cell.source, solution.source, wrong)
    return cells


def load(path: Path) -> list[Cell]:
    """The code cells of any notebook, without variants."""
    found = []
    for number, cell in code_cells(read(path)):
        errors = {output["ename"] for output in cell.outputs if output.output_type == "error"}
        if "raises-exception" in tags(cell):
            errors.add("*")
        as_run(cell)
        found.append(Cell(number, cell.source, errors, shown(cell.outputs)))
    return found


def _code(path: Path) -> list:
    return [cell for _, cell in code_cells(read(path))]


def shown(outputs: list) -> str:
    """All that outputs show, as text."""
    parts = []
    for output in outputs:
        parts.append(output.get("text", ""))
        parts += output.get("traceback", [])
        data = output.get("data", {})
        parts += [str(text) for kind, text in data.items() if kind.startswith("text/")]
    return "\n".join(parts)


def table(chapter: str) -> dict[str, list[str]]:
    """The labels of a chapter's wrong answers, by exercise."""
    found: dict[str, list[str]] = {}
    if not (ROOT / "tests" / "chapters" / f"chapter_{chapter}" / "wrong.py").exists():
        return found
    for each in importlib.import_module(f"chapters.chapter_{chapter}.wrong").WRONG:
        found.setdefault(each.exercise, []).append(each.answer.label)
    return found


def variants(chapter: str, stub: str, solution: str, wrong: dict[str, list[str]]) -> dict[str, str]:
    """What may stand in an exercise's cell: its solution, half of it, hardly anything, an error."""
    found = {"solved": solution}
    for number, body in enumerate(BODIES):
        found[f"half written {number}"] = stub.replace("raise NotImplementedError", body)
    tree = ast.parse(solution)
    for part in (1, 2, 3):
        found[f"a part of it {part}"] = _cut(solution, tree, part)
    for name in (node.name for node in tree.body if hasattr(node, "name")):
        for label in wrong.get(name, []):
            found[f"wrong {label}"] = (
                f"{name} = __import__('sys').modules['course_abuse']"
                f".wrong_answer({chapter!r}, {label!r})"
            )
    return found


def _cut(solution: str, tree: ast.Module, part: int) -> str:
    """The solution without the last statements of each function: the learner was called away."""
    lines = solution.splitlines()
    gone: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and len(node.body) > 1:
            keep = max(1, len(node.body) - part)
            rest = node.body[keep:]
            gone.update(range(rest[0].lineno, rest[-1].end_lineno + 1))
    return "\n".join(line for number, line in enumerate(lines, start=1) if number not in gone)
