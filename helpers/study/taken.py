"""A learner's program, taken from the cells that they have run, or from a file."""

from __future__ import annotations

import ast
import symtable
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

# Calls without an effect that a constant may be made by, such as `HEADER = struct.Struct("!BI")`.
_MAKES_A_VALUE = {
    "Struct", "calcsize", "compile", "frozenset", "set", "dict", "list", "tuple", "bytes",
    "bytearray", "range", "len", "min", "max", "sum", "int", "float", "str", "bool", "sorted",
    "namedtuple", "Enum", "IntEnum", "fromhex", "timedelta", "Fraction", "Decimal", "itemgetter",
    "attrgetter", "partial", "encode", "format", "join", "maketrans", "TypeVar", "NewType",
    "ord", "chr", "abs", "round", "zip", "enumerate", "map", "from_bytes", "to_bytes", "pack",
    "items", "keys", "values", "split", "IntFlag", "make_dataclass", "deque", "defaultdict",
    "Counter", "MappingProxyType", "Lock", "RLock", "getLogger",
}  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """A program as it is assessed.

    Attributes:
        code: its text.
        file: what its lines are said to be of in a report.
        names: what was taken, in the order of the text; empty for a file, which is taken as it is.
        missing: the names that were asked for and are not there.
        left_out: names that the program uses, and that only statements with an effect have made.
    """

    code: str
    file: str
    names: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(eq=False)
class _Part:
    """One statement that defines something."""

    names: set[str]
    text: str
    now: set[str]  # names that have to be there when it is run
    needs: set[str]  # names that it uses at any time


def from_cells(asks: Iterable[str], cells: Iterable[str] | None = None) -> Taken:
    """The newest definition of each name that was asked for, and of all that they need.

    Imports, functions, classes and constants are taken. Statements with an effect are left out: a
    server that was started in a cell is not started again.

    Args:
        asks: the names that the specification asks for.
        cells: texts of cells in the order in which they were run; those of this kernel without it.

    Raises:
        LookupError: where none of the names is there.
    """
    newest: dict[str, _Part] = {}
    always: dict[str, _Part] = {}  # imports whose names nobody knows, and those for the compiler
    texts = list(_history() if cells is None else cells)
    for text in texts:
        for part in _parts(text):
            for name in part.names:
                newest[name] = part
            if part.text.startswith("from __future__") or "*" in part.names:
                always[part.text] = part
    asks = tuple(asks)
    missing = tuple(name for name in asks if name not in newest)
    if len(missing) == len(asks):
        raise LookupError(
            f"no cell that was run in this kernel defines {' or '.join(asks)}: run the cells with "
            'your program first, or name its file behind the assignment, "my_file.py"'
        )
    ordered = list(always.values())
    todo, wanted = [name for name in asks if name in newest], set()
    while todo:
        name = todo.pop()
        if name in newest and name not in wanted:
            wanted.add(name)
            todo += sorted(newest[name].needs)
    for name in [name for name in newest if name in wanted]:
        _place(newest[name], newest, ordered, [])
    names = tuple(sorted({name for part in ordered for name in part.names} & wanted))
    futures = [part for part in ordered if part.text.startswith("from __future__")]
    rest = [part for part in ordered if part not in futures]
    code = "\n".join(part.text for part in futures + rest) + "\n"
    made = _made_by_effects(texts) - newest.keys()
    left_out = sorted(made & _globals_of(symtable.symtable(code, "", "exec"))) if made else ()
    return Taken(code, "your cells", names, missing, tuple(left_out))


def from_file(path: str | Path) -> Taken:
    """A program in a file, as it is.

    Raises:
        ValueError: where it is no text of Python.
        OSError: where it can't be read.
    """
    path = Path(path)
    try:
        code = path.read_text(encoding="utf-8")
        ast.parse(code)
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is no text in UTF-8") from None
    except (SyntaxError, ValueError) as error:
        line = f", line {error.lineno}" if getattr(error, "lineno", None) else ""
        raise ValueError(f"{path.name}{line} is not Python: {error.args[0]}") from None
    return Taken(code, path.name)


def _history() -> list[str]:
    """The cells that this kernel has run, as IPython has understood them."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return list(shell.user_ns.get("In", [])) if shell else []


def _parts(cell: str) -> Iterator[_Part]:
    try:
        statements = ast.parse(cell).body
    except (SyntaxError, ValueError):
        return
    for each in statements:
        if names := _defined(each):
            decorators = getattr(each, "decorator_list", [])
            first = min([each.lineno, *(d.lineno for d in decorators)])
            text = "\n".join(cell.splitlines()[first - 1 : each.end_lineno])
            if isinstance(each, (ast.Assign, ast.AnnAssign)) or ";" in text.splitlines()[0]:
                text = ast.unparse(each)
            yield _Part(names, text + "\n", _used_now(each), _used(each))


def _made_by_effects(cells: Iterable[str]) -> set[str]:
    """The names that cells assign in statements which are left out."""
    found: set[str] = set()
    for cell in cells:
        try:
            statements = ast.parse(cell).body
        except (SyntaxError, ValueError):
            continue
        for each in statements:
            if not _defined(each):
                found |= {
                    node.id
                    for node in ast.walk(each)
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
                }
    return found


def _globals_of(table: symtable.SymbolTable) -> set[str]:
    """The names that functions and classes look up outside of themselves."""
    found = {each.get_name() for each in table.get_symbols() if each.is_global()}
    return found.union(*map(_globals_of, table.get_children()))


def _defined(statement: ast.stmt) -> set[str]:
    """The names that a statement defines; empty for one with an effect."""
    match statement:
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {(each.asname or each.name).partition(".")[0] for each in names}
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return {statement.name}
        case ast.Assign(targets=targets, value=value) if _is_constant(value):
            return {
                each.id
                for target in targets
                for each in ast.walk(target)
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
            }
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value and _is_constant(value):
            return {name}
    return set()


def _is_constant(value: ast.expr) -> bool:
    """Whether nothing but the value comes of an expression."""
    for each in ast.walk(value):
        if isinstance(each, (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)):
            return False
        if isinstance(each, ast.Call):
            called = each.func
            name = getattr(called, "attr", None) or getattr(called, "id", "")
            if name not in _MAKES_A_VALUE:
                return False
    return True


def _used(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def _used_now(node: ast.AST) -> set[str]:
    """The names that are looked up when a statement is run, and not when its function is called."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        arguments = node.args
        parts = [*node.decorator_list, *arguments.defaults, *filter(None, arguments.kw_defaults)]
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        parts += [each.annotation for each in every if each.annotation]
        parts += [node.returns] if node.returns else []
    elif isinstance(node, ast.ClassDef):
        parts = [*node.decorator_list, *node.bases, *(each.value for each in node.keywords)]
        found = {name for each in parts for name in _used(each)}
        return found.union(*(_used_now(each) for each in node.body))
    elif isinstance(node, ast.Lambda):
        parts = [*node.args.defaults]
    else:
        parts = [node]
    return {name for each in parts for name in _used(each)}


def _place(part: _Part, newest: dict[str, _Part], ordered: list[_Part], way: list[_Part]) -> None:
    """Put a part behind those that have to be there when it is run."""
    if part in ordered or part in way:
        return
    for name in sorted(part.now):
        if name in newest and newest[name] is not part:
            _place(newest[name], newest, ordered, [*way, part])
    ordered.append(part)
