"""Other right answers of an exercise, for comparison when it has been passed."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from helpers.look.card import block, card, fold, paragraph

MOST_NAMES = 4  # that a sentence on the difference names


@dataclass(frozen=True)
class Other:
    """Another right answer.

    Attributes:
        name: what is different about it, in words.
        about: what it does better and what it costs.
        code: its source, without its docstring.
        difference: what it calls that the learner's does not, and the other way round; or empty.
    """

    name: str
    about: str
    code: str
    difference: str


class Others:
    """The other right answers of one exercise, as a notebook or as plain text shows them."""

    def __init__(self, exercise: str, answers: Sequence[Other]) -> None:
        self.exercise, self._answers = exercise, tuple(answers)

    def __len__(self) -> int:
        return len(self._answers)

    def __iter__(self) -> Iterator[Other]:
        return iter(self._answers)

    def __repr__(self) -> str:
        parts = []
        for each in self:
            parts += [each.name, *textwrap.wrap(each.about, 98), each.difference]
            parts += ["", textwrap.indent(each.code, "    "), ""]
        return "\n".join(parts).rstrip()

    def _repr_html_(self) -> str:
        return card("check", f"Other answers of {self.exercise}", self.folds())

    def folds(self) -> str:
        """A fold for each answer. Its code is not coloured: that would weigh five times as much."""
        return "".join(
            fold(
                each.name,
                paragraph("", each.about)
                + (paragraph("Beside yours", each.difference) if each.difference else "")
                + block(each.code),
            )
            for each in self
        )


def compared(exercise: str, answers: Sequence[Callable[..., Any]], learners: Any) -> Others:
    """Set other answers beside the learner's.

    Args:
        exercise: its name.
        answers: functions or classes whose source can be read; each `label` says what is different
            about it, each docstring what it does better and what it costs.
        learners: the learner's function.
    """
    theirs = _called(_tree_of(_source_of(learners)))
    return Others(exercise, [_other(answer, theirs) for answer in answers])


def _other(answer: Callable[..., Any], theirs: set[str] | None) -> Other:
    label = getattr(answer, "label", answer.__name__)
    about = " ".join((inspect.getdoc(answer) or "").split())
    source = _source_of(answer)
    tree = _tree_of(source)
    code = _shown(answer, source, tree) if tree else ""
    return Other(_in_words(label), about, code, _difference(_called(tree), theirs))


def _in_words(label: str) -> str:
    words = label.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _source_of(function: Any) -> str:
    """The source of a function or class; empty where it can't be read."""
    try:
        return textwrap.dedent(inspect.getsource(inspect.unwrap(function)))
    except (OSError, TypeError, ValueError):
        return ""


def _tree_of(source: str) -> ast.Module | None:
    """The syntax of a definition; None where there is none."""
    try:
        return ast.parse(source) if source else None
    except SyntaxError:
        return None


def _shown(answer: Callable[..., Any], source: str, tree: ast.Module) -> str:
    """A definition without its decorators and its docstring, after what it calls beside it."""
    definition, lines = tree.body[0], source.rstrip().splitlines()
    start, first = definition.lineno - 1, definition.body[0]
    shown = lines[start:]
    if inspect.getdoc(answer) and isinstance(first, ast.Expr):
        shown = lines[start : first.lineno - 1] + lines[first.end_lineno :]
    around = getattr(answer, "__globals__", {})
    used = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    beside = [
        around[name]
        for name in around
        if name in used and getattr(around[name], "__module__", None) == answer.__module__
    ]
    return "\n".join([*(f"{_source_of(each)}\n" for each in beside), *shown])


def _called(tree: ast.Module | None) -> set[str] | None:
    """The names of all that is called, but for what is defined in the same place."""
    if tree is None:
        return None
    nodes = list(ast.walk(tree))
    own = {each.name for each in nodes if hasattr(each, "name") and hasattr(each, "body")}
    called = {
        each.func.attr if isinstance(each.func, ast.Attribute) else getattr(each.func, "id", "")
        for each in nodes
        if isinstance(each, ast.Call)
    }
    return {name for name in called - own - {"answer"} if name and not name.startswith("_")}


def _difference(its: set[str] | None, theirs: set[str] | None) -> str:
    if its is None or theirs is None:
        return ""
    said = []
    for who, names in (("it", its - theirs), ("yours", theirs - its)):
        if names:
            shown = sorted(names)[:MOST_NAMES]
            more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
            said.append(f"{who} calls {', '.join(f'`{name}`' for name in shown)}{more}")
    if not said:
        return "both call the same; they differ in their order and their loops."
    return "; ".join(said) + "."
