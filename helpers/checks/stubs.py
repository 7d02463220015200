"""Telling a stub, as the chapter gives it, from something that a learner has begun."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any


def is_stub(function: Any) -> bool:
    """Whether a function's body is still the chapter's: nothing but NotImplementedError.

    A class is a stub as long as all its methods are.
    """
    if inspect.isclass(function):
        methods = [each for each in vars(function).values() if inspect.isfunction(each)]
        return bool(methods) and all(is_stub(each) for each in methods)
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return False
    body = getattr(tree.body[0], "body", [])
    return isinstance(body, list) and bool(body) and all(_does_nothing(each) for each in body)


def _does_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
    return False
