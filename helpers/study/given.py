"""What a learner gave `check`: an exercise's function, under whatever name, or something else."""

from __future__ import annotations

import ast
import difflib
import functools
import inspect
import types
from collections.abc import Mapping
from typing import Any

from helpers.checks.slips import expression_of
from helpers.checks.values import cut, short
from helpers.study.finding import exercises, find_exercise


def exercise_of(given: Any, caller: types.FrameType | None) -> str:
    """The name of the exercise that a value answers.

    A function that has lost its name, as a lambda, a partial or one that was decorated, answers the
    exercise under whose name the caller's cell knows it, if there is exactly one.

    Args:
        given: what `check` was called with.
        caller: the frame that has called `check`.

    Raises:
        TypeError: where it is the function of no exercise; says what came, and what to write.
    """
    known = {**caller.f_globals, **caller.f_locals} if caller else {}
    name = _own_name(given)
    if name is None or find_exercise(name) is None:
        name = _bound_name(given, known)
    if name is None:
        raise TypeError(_advice(given, known, _argument(caller)))
    if inspect.isclass(given) and name[:1].islower():
        raise TypeError(
            f"`{name}` is a class here, and this exercise asks for a function: begin it with "
            f"`def {name}`, then write check({name})"
        )
    if name[:1].isupper() and not callable(given):
        raise TypeError(f"give the class itself, without making an object of it: check({name})")
    return name


def _own_name(given: Any) -> str | None:
    name = getattr(given, "__name__", None)
    return name if isinstance(name, str) and callable(given) else None


def _bound_name(given: Any, known: Mapping[str, Any]) -> str | None:
    """The one exercise under whose name the caller knows this object; None where there is none."""
    if not callable(given):
        return None
    mine = [name for name, value in known.items() if value is given and find_exercise(name)]
    return mine[0] if len(mine) == 1 else None


def _argument(caller: types.FrameType | None) -> ast.expr | None:
    """What stands in the parentheses of the call of `check`, if it can be read."""
    node = expression_of(caller.f_code, caller.f_lasti) if caller else None
    return node.args[0] if isinstance(node, ast.Call) and node.args else None


def _advice(given: Any, known: Mapping[str, Any], argument: ast.expr | None) -> str:
    """What came in place of an exercise's function, and what its name must be."""
    called = argument.func if isinstance(argument, ast.Call) else None
    if isinstance(called, ast.Name) and find_exercise(called.id):
        if inspect.iscoroutine(given):
            given.close()  # or Python warns that nobody has awaited it
        came = "None" if given is None else short(given)
        return (
            f"`{called.id}(…)` calls the function, and check gets what it returns: {came}. Write "
            f"check({called.id}), without parentheses after the name"
        )
    names = [name for name, value in known.items() if value is given and not name.startswith("_")]
    name = (isinstance(given, str) and given) or _own_name(given) or (names or [""])[0]
    wanted = name if name in exercises() else _nearest([*names, name])
    example = f"write check({wanted or exercises()[0]})"
    what = _what_came(given)
    if isinstance(given, str):
        return f"{what}: {example}, without the quotes"
    if inspect.iscoroutine(given):
        given.close()
        return f"{what}: {example}, without calling the function, and without `async`"
    if not callable(given):
        return f"{what}: {example}, without quotes and without calling it"
    rename = (
        f"give it the name `{wanted}`, which comes nearest"
        if wanted
        else "give it the name that the exercise says"
    )
    return f"{what}, and no exercise has this name: {rename}, and {example}"


def _what_came(given: Any) -> str:
    """As "check takes the function of an exercise, and got a lambda"."""
    head = "check takes the function of an exercise, and got"
    if given is None:
        return f"{head} None, which is what a call gives whose function returns nothing"
    if inspect.iscoroutine(given):
        return f"{head} a coroutine, which is what calling an `async` function gives"
    if isinstance(given, functools.partial):
        return f"{head} a partial of {short(given.func)}"
    if inspect.isfunction(given) and given.__name__ == "<lambda>":
        return f"{head} a lambda, which has no name of its own"
    if inspect.isfunction(given) and given.__qualname__ != given.__name__:
        return (
            f"{head} the function `{cut(given.__qualname__, 60)}`, as a decorator without "
            "`functools.wraps` returns it"
        )
    return f"{head} {short(given)}"


def _nearest(names: list[str]) -> str:
    for name in names:
        if near := difflib.get_close_matches(name, exercises(), 1, 0.6):
            return near[0]
    return ""
