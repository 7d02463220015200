"""Ending threads of a learner's function that would not end by themselves."""

from __future__ import annotations

import concurrent.futures.thread
import contextlib
import ctypes
import dis
import sys
import threading
import time
import types
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from helpers.learner_code import frames_of_all_threads, is_learners
from helpers.servers.ending import raise_in
from helpers.servers.owner import ServerStopped

if TYPE_CHECKING:  # whoever runs an event loop has loaded it; most exercises have none
    import asyncio

_ROUND = 0.01  # seconds between two attempts
_GENTLE_ROUNDS = 3  # before a thread that swallows what is raised in it must watch its lines
_ROUNDS_OF_A_TURN = 10  # after which every handler may be tried once more
_LOCK = type(threading.Lock())
_immortal: set[asyncio.Task] = set()
_tried: dict[int, set[tuple[types.CodeType, int | None]]] = {}


class CheckEnded(ServerStopped):
    """Raised in a thread that is to end and that has swallowed a ServerStopped.

    A loop round `except: pass` swallows it wherever it strikes inside the `try`. So the thread,
    when it makes the error, also begins to watch its own lines, and raises ServerStopped again
    at the first one that another handler guards, or none: sooner or later outside the loop.
    """

    def __init__(self) -> None:
        frame: types.FrameType | None = sys._getframe()
        while frame is not None:
            if is_learners(frame.f_code.co_filename):
                frame.f_trace = _at_each_line  # not at each instruction: Python 3.12.1 crashes
            frame = frame.f_back
        sys.settrace(_in_no_new_frame)


def _in_no_new_frame(*_: object) -> None:
    return None


def _at_each_line(frame: types.FrameType, event: str, _: object) -> Callable | None:
    if event != "line":
        return _at_each_line
    place = (frame.f_code, _handler(frame.f_code, frame.f_lasti))
    tried = _tried.setdefault(threading.get_ident(), set())
    if place in tried:
        return _at_each_line
    tried.add(place)
    raise ServerStopped


def _handler(code: types.CodeType, offset: int) -> int | None:
    """Where the code goes on if this instruction raises; None where it leaves the function."""
    parse = getattr(dis, "_parse_exception_table", None)
    entries = parse(code) if parse else ()
    return next((each.target for each in entries if each.start <= offset < each.end), None)


def end_learners_threads(
    threads: Callable[[], list[threading.Thread]], wake: Callable[[], None], seconds: float
) -> list[threading.Thread]:
    """Make threads end: by waking what they wait for, and by an exception raised in them.

    Args:
        threads: gives those that are alive at this moment.
        wake: ends what they wait for, as far as it is known.
        seconds: to try for.

    Returns:
        Those that have not ended.
    """
    deadline = time.monotonic() + seconds
    wake()
    _join(threads, min(0.02, seconds))
    rounds = 0
    while (alive := threads()) and time.monotonic() < deadline:
        if rounds % _ROUNDS_OF_A_TURN == 0:
            _tried.clear()
        rounds += 1
        frames = frames_of_all_threads()
        for thread in alive:
            frame = frames.get(thread.ident)
            # A thread of the check's own ends when it is woken; it may hold a lock of the course.
            if _runs_learners_code(frame) or rounds > _ROUNDS_OF_A_TURN:
                raise_in([thread], ServerStopped if rounds <= _GENTLE_ROUNDS else CheckEnded)
            _wake_from_condition(frame)
            _dismiss_from_pool(frame)
            _release_locks(frame)
            for loop in loops_of(frame):
                _break(loop)
            del frame
        del frames
        wake()
        _join(threads, _ROUND)
    _tried.clear()
    return threads()


def _join(threads: Callable[[], list[threading.Thread]], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while (alive := threads()) and (left := deadline - time.monotonic()) > 0:
        alive[0].join(left)


def _runs_learners_code(frame: types.FrameType | None) -> bool:
    while frame is not None:
        if is_learners(frame.f_code.co_filename):
            return True
        frame = frame.f_back
    return False


def _wake_from_condition(frame: types.FrameType | None) -> None:
    """End the wait of a thread in Event.wait, Queue.get and others that wait for a condition."""
    if frame is None or frame.f_code is not threading.Condition.wait.__code__:
        return
    waiter = frame.f_locals.get("waiter")
    if waiter is not None:
        with contextlib.suppress(RuntimeError):  # released in the meantime
            waiter.release()


def _release_locks(frame: types.FrameType | None) -> None:
    """Release the locks that a learner's line may wait for, as nobody else will."""
    if frame is None or not is_learners(frame.f_code.co_filename):
        return
    values = list(frame.f_locals.values())  # with those of the functions round it
    for value in list(values):
        own = type(value).__module__ == frame.f_globals.get("__name__")
        # A thread has locks of its own, which are not the learner's.
        if own and not issubclass(type(value), threading.Thread):
            with contextlib.suppress(AttributeError):
                values += object.__getattribute__(value, "__dict__").values()
    names = frame.f_code.co_names
    values += [frame.f_globals[name] for name in names if name in frame.f_globals]
    for value in values:
        if type(value) is _LOCK and value.locked():
            with contextlib.suppress(RuntimeError):  # released in the meantime
                value.release()


def _dismiss_from_pool(frame: types.FrameType | None) -> None:
    """Shut down the ThreadPoolExecutor that a thread waits in for work."""
    if frame is None or frame.f_code is not concurrent.futures.thread._worker.__code__:
        return
    executor = frame.f_locals["executor_reference"]()
    if executor is not None:
        executor.shutdown(wait=False)


def _break(loop: asyncio.BaseEventLoop) -> None:
    """End an event loop. Its tasks that do not end with it are never collected.

    A coroutine that swallows every error would swallow also the one that Python raises in it
    when it is collected, and go on in whichever thread that happens.
    """
    import asyncio

    with contextlib.suppress(RuntimeError):  # closed, or its tasks changed, in the meantime
        keep_for_ever(asyncio.all_tasks(loop))
        loop.call_soon_threadsafe(_leave_loop)


def keep_for_ever(tasks: set[asyncio.Task]) -> None:
    """Let these tasks never be collected: what they might do then, nobody could end."""
    for task in tasks - _immortal:
        _immortal.add(task)
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(task))


def _leave_loop() -> None:
    raise ServerStopped


def loops_of(frame: types.FrameType | None) -> Iterator[asyncio.BaseEventLoop]:
    """The event loops that run in a thread whose innermost frame this is."""
    base = getattr(sys.modules.get("asyncio.base_events"), "BaseEventLoop", None)
    if base is None:  # nobody has loaded asyncio, or not to its end: no loop runs
        return
    run_forever = base.run_forever.__code__
    while frame is not None:
        if frame.f_code is run_forever:
            yield frame.f_locals["self"]
        frame = frame.f_back


def waiting_coroutine(loop: asyncio.AbstractEventLoop) -> types.FrameType | None:
    """The frame of the learner's that a loop's first unfinished task waits in."""
    import asyncio

    with contextlib.suppress(RuntimeError):  # the loop's tasks changed meanwhile
        for task in asyncio.all_tasks(loop):
            frame, found = None, None
            awaited: Any = task.get_coro()
            while awaited is not None:
                frame = getattr(awaited, "cr_frame", None)
                if frame is not None and is_learners(frame.f_code.co_filename):
                    found = frame
                awaited = getattr(awaited, "cr_await", None)
            if found is not None:
                return found
    return None
