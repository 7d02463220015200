"""What is left of an exercise when its solution is taken out, and how cells are told apart.

Standard library only: starting a chapter afresh needs this, and may run before anything is set up.
"""

import ast
import hashlib
import re

FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
BANNER = (
    "> **Solutions edition.** Every exercise is solved here. "
    "The chapter itself is [one folder up](../{})."
)
BANNER_OF_ASSIGNMENT = (
    "> **Solutions edition.** This assignment is solved here. "
    "The assignment itself is [two folders up](../../assignments/{})."
)
WORKED = "worked"  # the tag of an assignment's cells that its solutions edition alone has


# In a cell that starts half written these two lines stand round what the learner writes.
YOURS, END = "# your line", "# end"
_YOURS = re.compile(rf"(\s*){YOURS}s?(:.*)?")
MISSING = "raise NotImplementedError"


def digest_of(kind: str, source: str) -> str:
    """Return the first part of a built cell's id, which depends on its kind and text alone."""
    return hashlib.sha256(f"{kind}\n{source}".encode()).hexdigest()[:8]


def stub(source: str) -> str:
    """Return an exercise cell with its solution taken out.

    Where lines of it are marked, from `# your line` to `# end`, only these are: each such gap has
    `raise NotImplementedError` in their place, and the marks and all the rest stay as they are.
    Else all is the learner's to write:

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
    if any(_YOURS.fullmatch(line) for line in source.split("\n")):
        return _half_written(source, tree)
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


def _half_written(source: str, tree: ast.Module) -> str:
    """The cell with its marked lines taken out."""
    left: list[str] = []
    gap: str | None = None  # the white space before the mark of the gap that is open
    filled = False
    for line in source.split("\n"):
        begins = _YOURS.fullmatch(line)
        if gap is None and line.strip() == END:
            raise ValueError(f"`{END}` stands where no `{YOURS}` is before it")
        if begins and gap is not None:
            raise ValueError(f"a second `{YOURS}` stands before the `{END}` of the first")
        if begins:
            gap, filled = begins[1], False
            left += [line, f"{gap}{MISSING}"]
        elif gap is None:
            left.append(line)
        elif line.strip() == END:
            if not filled:
                raise ValueError(f"nothing stands between `{YOURS}` and `{END}`")
            left.append(line)
            gap = None
        else:
            filled = filled or bool(line.strip())
    if gap is not None:
        raise ValueError(f"`{YOURS}` has no `{END}` after it")
    public = [n for n in tree.body if isinstance(n, FUNCTIONS | ast.ClassDef) and n.name[0] != "_"]
    if not public or ast.get_docstring(public[-1]) is None:
        raise ValueError(
            "a half-written exercise needs a public function or class with a docstring"
        )
    text = "\n".join(left)
    try:
        compile(text, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError:
        told = "the marked lines can't be taken out: they must be whole statements of one block"
        raise ValueError(told) from None
    return text


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
