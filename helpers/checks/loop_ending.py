"""Ending an event loop in which a learner's code has run, so that nothing of it is left."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

from helpers.checks.escape import keep_for_ever
from helpers.servers.owner import ServerStopped

ROUNDS = 3  # in which tasks are cancelled; who swallows that is left to the runner
A_ROUND = 0.1  # seconds for tasks to hear of it
THREADS = 0.3  # seconds for the loop's threads to end


def end_gently(loop: asyncio.AbstractEventLoop, server: Any) -> None:
    """Close the server, cancel all tasks, cut connections, and end the threads of the loop.

    Args:
        loop: of this thread; it has been stopped.
        server: what the learner's function has returned.
    """
    # A connection that was accepted in the last round gets its transport, which can be cut. A
    # server that is closed gives none.
    loop.run_until_complete(_a_round())
    _close(server)
    for _ in range(ROUNDS):
        tasks = asyncio.all_tasks(loop)
        if not tasks:
            break
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.wait(tasks, timeout=A_ROUND))
    for transport in _transports(loop):
        transport.abort()
    loop.run_until_complete(asyncio.wait([loop.create_task(_finish(loop))], timeout=A_ROUND))
    executor = getattr(loop, "_default_executor", None)
    if executor is not None:
        executor.shutdown(wait=False)
        deadline = time.monotonic() + THREADS
        for thread in list(getattr(executor, "_threads", ())):
            thread.join(max(0.0, deadline - time.monotonic()))


def clear_away(loop: asyncio.AbstractEventLoop, server: Any) -> None:
    """Close what is still open, and the loop; no line of the learner's runs any more."""
    with contextlib.suppress(Exception, ServerStopped):
        _close(server)
    for transport in _transports(loop):
        with contextlib.suppress(RuntimeError):  # the loop is closed
            transport.abort()  # nobody hears of it, as the loop runs no more
        sock = getattr(transport, "_sock", None)
        if sock is not None:
            sock.close()
            transport._sock = None  # or the collector warns of it
    keep_for_ever(asyncio.all_tasks(loop))
    with contextlib.suppress(RuntimeError):
        loop.close()


def _close(server: Any) -> None:
    if isinstance(server, asyncio.AbstractServer):
        server.close()


def _transports(loop: asyncio.AbstractEventLoop) -> list[Any]:
    return list(getattr(loop, "_transports", {}).values())


async def _a_round() -> None:
    """What a loop runs to do once what is due."""


async def _finish(loop: asyncio.AbstractEventLoop) -> None:
    await loop.shutdown_asyncgens()
    for _ in range(2):  # a transport that is aborted tells its protocol in the next round
        await asyncio.sleep(0)
