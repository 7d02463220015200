"""The module of right answers that the build writes for a chapter, from its source's exercises.

A check that sets a learner's function against a right peer, and a comparison after a pass, need a
right answer when a learner runs; it is the source's own. What an exercise uses of the cells above
it (imports, constants, classes, functions) comes along, and nothing else does.
"""

import ast
import symtable
from dataclasses import dataclass
from pathlib import Path

import jupytext
from editions import ASSIGNMENTS, WORKED, notebooks_of

HEAD = '''"""The right answers of {kind} {number}, as its source has them.

Written by `python3 course.py notebooks` from the {kind}'s source, where they are edited. Nothing
shows them before an exercise is passed.
"""
'''
IMPORTS = ast.Import | ast.ImportFrom
DEFINITIONS = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Part:
    """A piece of a source's code.

    Attributes:
        cell: the number of its cell.
        names: what it defines.
        text: as it stands in the source; an import's is that of one name alone.
        uses: the names that it reads.
    """

    cell: int
    names: frozenset[str]
    text: str
    uses: frozenset[str]
    is_import: bool = False
    is_constant: bool = False


def solutions_path(source: Path) -> Path:
    """Where the answers of a source belong."""
    helpers = notebooks_of(source).parent / "helpers"
    if source.parent.name == ASSIGNMENTS:
        return helpers / "assignments" / source.name[:2].lower() / "solutions.py"
    return helpers / "chapters" / f"chapter_{source.name[:2]}" / "solutions.py"


def solutions_text(source: Path) -> str:
    """The module's text; empty where the chapter has no exercise.

    Raises:
        SyntaxError: where an exercise's cell is not valid Python.
    """
    notebook = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    wanted: list[Part] = []
    known: list[Part] = []
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        if {"exercise", WORKED} & set(cell.metadata.get("tags", [])):
            wanted += _parts(number, cell.source, everything=True)
        else:
            known += _parts(number, cell.source)
    if not wanted:
        return ""
    chosen = _with_what_they_use(wanted, known)
    imports = [part.text for part in chosen if part.is_import]
    kind = "assignment" if source.parent.name == ASSIGNMENTS else "chapter"
    text = HEAD.format(kind=kind, number=source.name[:2])
    # Those of the course last, as ruff has them.
    for group in (False, True):
        lines = sorted(
            {line for line in imports if ("helpers" in line) == group}, key=_import_order
        )
        text += "\n" + "\n".join(lines) + "\n" if lines else ""
    was_constant = True
    for part in chosen:
        if not part.is_import:
            text += ("\n" if was_constant and part.is_constant else "\n\n") + part.text + "\n"
            was_constant = part.is_constant
    return text


def _import_order(line: str) -> tuple[bool, str]:
    return line.startswith("from"), line


def _with_what_they_use(wanted: list[Part], known: list[Part]) -> list[Part]:
    """These parts and, again and again, what they use of the others, in the source's order."""
    chosen = list(wanted)
    missing = list(wanted)
    while missing:
        part = missing.pop()
        for name in part.uses - part.names:
            if any(name in each.names for each in wanted):
                continue
            found = [each for each in known if name in each.names]
            above = [each for each in found if each.cell <= part.cell]
            for each in (above or found)[-1:]:
                if each not in chosen:
                    chosen.append(each)
                    missing.append(each)
    order = {id(part): place for place, part in enumerate([*known, *wanted])}
    return sorted(chosen, key=lambda part: (part.cell, order[id(part)]))


def _parts(cell: int, code: str, everything: bool = False) -> list[Part]:
    """What a cell defines; with `everything` all that it holds. A cell with a magic has nothing."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        if everything:
            raise
        return []
    parts: list[Part] = []
    end = 0
    for node in tree.body:
        lines = code.split("\n")[end : node.end_lineno]  # with the comments above it
        end = node.end_lineno or end
        if isinstance(node, ast.ImportFrom) and node.module == "builtins":
            continue  # it is for notebooks in which others have taken their place
        if isinstance(node, IMPORTS):
            parts += [
                Part(cell, *_one_import(node, alias), frozenset(), True) for alias in node.names
            ]
        elif everything or _defines(node):
            text = "\n".join(lines).strip("\n")
            constant = not isinstance(node, DEFINITIONS)
            parts.append(Part(cell, _names(node), text, _globals(text), is_constant=constant))
    return parts


def _globals(text: str) -> frozenset[str]:
    """The names that a piece of code reads and does not define in the function that reads them."""
    found: set[str] = set()
    tables = [symtable.symtable(text, "<source>", "exec")]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        outer = table.get_type() == "module"
        found |= {s.get_name() for s in table.get_symbols() if outer or s.is_global()}
    return frozenset(found)


def _one_import(node: IMPORTS, alias: ast.alias) -> tuple[frozenset[str], str]:
    kind = type(node)
    alone = kind(**{**{key: getattr(node, key) for key in node._fields}, "names": [alias]})
    return frozenset({(alias.asname or alias.name).partition(".")[0]}), ast.unparse(alone)


def _names(node: ast.stmt) -> frozenset[str]:
    if isinstance(node, DEFINITIONS):
        return frozenset({node.name})
    targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
    found = (each for target in targets if target is not None for each in ast.walk(target))
    return frozenset(each.id for each in found if isinstance(each, ast.Name))


def _defines(node: ast.stmt) -> bool:
    """Whether a statement is a class, a function, or a constant in capitals."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return all(name.isupper() for name in _names(node))
    return isinstance(node, DEFINITIONS)
