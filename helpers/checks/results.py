"""The result of a learner's function, taken to its end whatever kind of function it is."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterator
from typing import Any

from helpers.checks.kinds import a_coroutine_came
from helpers.checks.wrong import Wrong

MOST_ITEMS = 100_000  # that a generator may give before the check stops to ask for more


def taken(result: Any, asks_async: bool = True) -> Any:
    """What a call has returned, taken to its end.

    Args:
        result: what came back.
        asks_async: whether the function was to be an `async def`.

    Returns:
        Of a generator or another iterator its items, as a list; of a coroutine its result, from
        a loop of its own in this thread; else the result itself.

    Raises:
        Wrong: for more than 100,000 items; for a coroutine that was not asked for.
    """
    if inspect.iscoroutine(result) and not asks_async:
        raise a_coroutine_came(result)
    if inspect.isasyncgen(result):
        result = _items_of(result)
    if inspect.iscoroutine(result):
        import asyncio  # with the first coroutine: most exercises have none

        return asyncio.run(result)
    if isinstance(result, Iterator) and not hasattr(result, "readline"):  # a file is no such
        with contextlib.closing(result) if hasattr(result, "close") else contextlib.nullcontext():
            return _limited(result)
    return result


def _limited(items: Iterator[Any]) -> list[Any]:
    taken: list[Any] = []
    for item in items:
        taken.append(item)
        if len(taken) > MOST_ITEMS:
            raise Wrong(f"It gives more than {MOST_ITEMS:,} items and does not end.")
    return taken


async def _items_of(items: Any) -> list[Any]:
    taken: list[Any] = []
    async for item in items:
        taken.append(item)
        if len(taken) > MOST_ITEMS:
            raise Wrong(f"It gives more than {MOST_ITEMS:,} items and does not end.")
    return taken
