"""Where the threads of a learner's server stand while nobody says anything."""

from __future__ import annotations

import concurrent.futures.thread as pools
import functools
import inspect
import linecache
import threading
import time
import traceback
import types
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from helpers.checks.closing import SPINNING
from helpers.checks.processor import spins as spins
from helpers.checks.stage import PeerSocket, Silence, Stage
from helpers.checks.watched import Watched, watched
from helpers.checks.wrong import Wrong
from helpers.learner_code import frames_of_all_threads, is_learners, line_in_words
from helpers.servers.owner import READ
from helpers.servers.settling import wait_until_settled

TIMES = 8  # in a row that a server is seen at rest

FORGOTTEN = 5.0  # seconds after which a silence is of another check

# The case that the function's server was silent in, and when.
_silences: weakref.WeakKeyDictionary[Callable, tuple[str, float]] = weakref.WeakKeyDictionary()
Heard = TypeVar("Heard")


def served(
    send_buffer: int | None = None,
) -> Callable[[Callable[[Watched, Stage], None]], Callable[[Callable, Stage], None]]:
    """Make a case of a function that gets the learner's server at work, as `watched` does.

    Once a case of a check has failed by a silence, its other cases wait for less: that changes
    nothing any more, and a check is not to take long. The same case tried again waits as before.
    """

    def make(run: Callable[[Watched, Stage], None]) -> Callable[[Callable, Stage], None]:
        @functools.wraps(run)
        def case(server: Watched, stage: Stage) -> None:
            server.label = run.__name__
            try:
                run(server, stage)
            except Wrong as wrong:
                if "in vain" in str(wrong):
                    _silences[_function(server)] = (run.__name__, time.monotonic())
                raise

        return watched(send_buffer)(case)

    return make


def _function(server: Watched) -> Callable:
    return inspect.unwrap(server.server._serve)


def is_tired(server: Watched) -> bool:
    """Whether another case has just failed by a silence of the same function."""
    label, when = _silences.get(_function(server), ("", 0.0))
    return label not in ("", server.label) and time.monotonic() - when < FORGOTTEN


def patiently(
    server: Watched, sock: PeerSocket, receive: Callable[[], Heard], soon: float
) -> Heard:
    """What a client receives. It waits no longer for a server that has nothing more to do.

    Args:
        server: the learner's.
        sock: the client; its timeout, in seconds, is the longest that it waits in all.
        receive: receives from it.
        soon: seconds after which the server is looked at.

    Raises:
        Silence: where nothing has come.
    """
    whole = sock.gettimeout()
    if not whole or whole <= soon:
        return receive()
    tired = is_tired(server)
    try:
        sock.settimeout(soon / 2 if tired else soon)
        try:
            return receive()
        except Silence as silence:
            at_rest, first = rests(server), silence
        # What was on its way when we looked gets a moment more.
        sock.settimeout(0.1 if at_rest else min(whole - soon, 0.7) if tired else whole - soon)
        try:
            return receive()
        except Silence as second:
            raise (first if at_rest else second) from None
    finally:
        sock.settimeout(whole)


def rests(server: Watched) -> bool:
    """Whether every thread of a server waits, with nothing left to read."""
    if wait_until_settled(server.server._owner, server.server._threads, 0.05):
        return True
    before = _where_they_wait(server)
    server._stage.pause(0.05)
    return before is not None and before == _where_they_wait(server)


def _where_they_wait(server: Watched) -> list[tuple] | None:
    """Where each thread waits for a peer or for a lock; None where one of them is at work."""
    places: list[tuple] = []
    for thread in server.server._threads():
        frames = stack(thread)
        parked = server.server._owner.parked.get(thread.ident)
        if parked is None and not _waits_for_a_lock(frames):
            return None
        places.append((thread.ident, parked, frames[0].f_lasti if frames else 0))
    return places


def is_met(server: Watched, condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until a condition is met, at most so many seconds.

    It is not waited for any longer when the server rests: nothing will happen then.
    """
    if is_tired(server):
        seconds = min(seconds, 0.7)
    began, resting = time.monotonic(), 0
    while not condition():
        waited = time.monotonic() - began
        if waited > seconds or resting > TIMES:
            return False
        resting = resting + 1 if waited > seconds / 4 and rests(server) else 0
        server._stage.pause(0.01)
    return True


def close_listener(server: Watched, seconds: float, most: float) -> None:
    """Close the listener as `Watched.close_listener` does, within so many seconds, or `most`.

    It waits for longer than `seconds` only where the function neither rests nor accepts in vain.
    """
    try:
        server.close_listener(seconds)
    except Wrong:
        if server.closed_listener or server.server._owner.refusals >= SPINNING:
            raise
        if not is_met(server, server._returned.is_set, most - seconds):
            raise


# Where they stand


def stack(thread: threading.Thread) -> list[types.FrameType]:
    """The frames of a thread, the innermost first."""
    frame, found = frames_of_all_threads().get(thread.ident), []
    while frame is not None:
        found.append(frame)
        frame = frame.f_back
    return found


def line_of(error: BaseException) -> str:
    """The learner's line that an error was raised in, as "line 4 of echo: `peer.send(data)`"."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if is_learners(frame.filename):
            return line_in_words(frame.filename, frame.lineno or 0, frame.name)
    return "a line that can't be seen from here"


def _lines(frames: Iterable[types.FrameType]) -> Iterator[str]:
    """The learner's lines in a stack."""
    for frame in frames:
        if is_learners(frame.f_code.co_filename):
            yield linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()


def the(name: str, begins: bool = False) -> str:
    """A client as a sentence names it: "client" is "the client", "client 3" stays."""
    said = name if name[-1:].isdigit() else f"the {name}"
    return said[:1].upper() + said[1:] if begins else said


def standing(server: Watched) -> str:
    """What keeps a server from its next client, as seen from where its threads stand.

    Returns:
        "run": it serves a client in `Thread.run`.
        "join": its accepting thread waits for another thread. "called": it serves a client while
        it makes a thread, so the function was called there. "same": it serves a client itself.
        "pool": threads of a pool serve. "lock": a thread waits for a lock. "": nothing of these.
    """
    main = stack(server.server._main)
    if any(_is_join(frame) for frame in main):
        return "join"
    lines = list(_lines(main))
    if lines and "accept" not in lines[0]:
        if any(".run(" in line for line in lines[1:]):
            return "run"
        makes = any("Thread(" in line or "submit(" in line for line in lines[1:])
        return "called" if makes else "same"
    others = [stack(thread) for thread in server.server._threads()]
    if any(frame.f_code is pools._worker.__code__ for each in others for frame in each):
        return "pool"
    if any(_waits_for_a_lock(each) for each in others):
        return "lock"
    return ""


def one_thread_stands(server: Watched) -> str:
    """What a server of one thread waits for in place of its selector.

    Returns:
        "recv" or "send" for a call that waits for one peer, "again" where it is at work or sleeps,
        "" where it rests in a selector or has ended.
    """
    main = server.server._main
    place = server.server._owner.parked.get(main.ident)
    if place is not None:
        if any("accept" in line for line in _lines(stack(main))):
            return ""
        return "recv" if READ in place else "send"
    return "" if not main.is_alive() or rests(server) else "again"


def _is_join(frame: types.FrameType) -> bool:
    return frame.f_code is threading.Thread.join.__code__


def _waits_for_a_lock(frames: list[types.FrameType]) -> bool:
    """Whether a learner's own line is the innermost, and takes a lock."""
    if not frames or not is_learners(frames[0].f_code.co_filename):
        return False
    line = next(_lines(frames[:1]))
    return line.startswith(("with ", "async with ")) or "acquire" in line
