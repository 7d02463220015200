"""What kind of callable a learner has written, where another was asked for."""

from __future__ import annotations

import functools
import inspect
from collections.abc import MutableMapping
from typing import Any

from helpers.checks.wrong import Hints, Wrong

_IS_ASYNC = (inspect.iscoroutinefunction, inspect.isasyncgenfunction)
ASYNC_HINTS: Hints = (
    "Is there an `async` before the `def`? This exercise asks for a plain function.",
    "Calling an `async` function runs none of its lines: it gives a coroutine, which an event loop "
    "has to run. Whoever calls this function expects that the work is done when it comes back.",
    "Take `async` and each `await` away and use calls that wait by themselves. What must be a "
    "coroutine can be run inside of a plain function by `asyncio.run`.",
)


def refused_as_async(function: Any) -> str:
    """Why a function can't be what a plain `def` makes; empty where it can.

    Args:
        function: the learner's, or a class, whose methods are looked at.
    """
    if inspect.isclass(function):
        found = [name for name, each in vars(function).items() if _is_async(each)]
        if not found:
            return ""
        return (
            f"The method `{found[0]}` is an `async def`: calling it runs none of its lines. This "
            "exercise asks for plain methods, each with `def` alone."
        )
    if not _is_async(innermost(function)):
        return ""
    return (
        "It is an `async def`: calling it runs none of its lines, and gives a coroutine. This "
        "exercise asks for a plain function, with `def` alone."
    )


def a_coroutine_came(coroutine: Any) -> Wrong:
    """What to raise where a plain function has returned a coroutine; closes it."""
    name = coroutine.__name__
    coroutine.close()  # or Python warns, at a line that has nothing to do with it
    return Wrong(
        f"It returned the coroutine `{name}`, of which no line has run. Expected that the work is "
        "done when the function comes back.",
        hints=hints_on_coroutine(name),
    )


def hints_on_coroutine(name: str) -> Hints:
    """For a plain function that handed out a coroutine, or dropped it, in place of running it."""
    return (f"`{name}` is an `async` function: what does calling it return?", *ASYNC_HINTS[1:])


def innermost(function: Any) -> Any:
    """The function behind a partial, or behind an object that can be called."""
    while isinstance(function, functools.partial):
        function = function.func
    if inspect.isclass(function) or hasattr(function, "__code__"):
        return function
    return type(function).__call__ if callable(function) else function


def names_of(function: Any) -> MutableMapping[str, Any]:
    """The names of the learner's module, as the function sees them."""
    for each in (function, innermost(function)):
        names = getattr(each, "__globals__", None)
        if names is not None:
            return names
    # A class: the names are those of its methods.
    own = getattr(function, "__dict__", {}).values()
    methods = (getattr(each, "__globals__", None) for each in own)
    return next((each for each in methods if each is not None), {})


def _is_async(function: Any) -> bool:
    return any(is_kind(function) for is_kind in _IS_ASYNC)
