"""Telling a stub, as the chapter gives it, from something that a learner has begun."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from typing import Any

# Round what a learner writes in a function that starts half written; tools/stubs.py knows them too.
_GAP = re.compile(r"^[ \t]*# your lines?(?::[^\n]*)?\n(.*?)^[ \t]*# end$", re.MULTILINE | re.DOTALL)


def is_stub(function: Any) -> bool:
    """Whether a function's body is still the chapter's: nothing but NotImplementedError.

    Where it has gaps, from `# your line` to `# end`, it is a stub as long as nothing else stands in
    any of them. A class is a stub as long as all its methods are; whether it has an `__init__` that
    does something says nothing, as long as nothing can be done with what it has made.
    """
    gaps = _GAP.findall(_source(function) + "\n")
    if gaps:
        return all(_is_untouched(gap) for gap in gaps)
    if inspect.isclass(function):
        methods = {name: each for name, each in vars(function).items() if _is_method(each)}
        if len(methods) > 1:
            methods.pop("__init__", None)
        return bool(methods) and all(is_stub(_plain(each)) for each in methods.values())
    try:
        tree = ast.parse(_source(function))
    except SyntaxError:
        return False
    body = getattr(tree.body[0], "body", []) if tree.body else []
    return isinstance(body, list) and bool(body) and all(_does_nothing(each) for each in body)


def _source(function: Any) -> str:
    """Its source, without the white space that all its lines have; empty where there is none."""
    try:
        return textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError, SyntaxError):
        return ""


def _is_untouched(gap: str) -> bool:
    try:
        statements = ast.parse(textwrap.dedent(gap)).body
    except SyntaxError:
        return False
    return all(_does_nothing(each) for each in statements)


def _is_method(value: Any) -> bool:
    return inspect.isfunction(_plain(value))


def _plain(method: Any) -> Any:
    """The function behind a method that is decorated by one of the three of Python's own."""
    if isinstance(method, property):
        return method.fget
    return method.__func__ if isinstance(method, (classmethod, staticmethod)) else method


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
    return False
