"""How a stream may end under a function: early, by a reset, or in silence; and what it returns."""

from __future__ import annotations

import contextlib
import inspect
import re
import struct
import threading
import traceback
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

from helpers.chapters.chapter_03 import _hints as say
from helpers.chapters.chapter_03._pieces import Ends, sending
from helpers.chapters.chapter_03.beliefs import END_INSIDE, RECV_N, SHORT_READ
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong
from helpers.learner_code import has_learners_frame, learners_part

EARLY = (EOFError, ValueError, OSError, AssertionError, struct.error)
TIMEOUT = 0.1  # seconds, of the socket whose peer is silent
LATE = 1.2  # seconds after which such a function is let go


def named(error: BaseException) -> str:
    """The error's class, and the learner's line that it came from."""
    name = type(error).__name__
    name = "struct.error" if isinstance(error, struct.error) else name
    if not has_learners_frame(error):
        return name
    frame = traceback.extract_tb(learners_part(error.__traceback__))[-1]
    return f"{name} (line {frame.lineno}: `{frame.line}`)"


def expect_bytes(got: Any, function: Callable[..., Any], told: str) -> None:
    """Raise Wrong where a result is not bytes, with hints for what it is."""
    if isinstance(got, (bytes, bytearray, memoryview)):
        return
    hints = say.NOT_BYTES
    if got is None:
        hints = say.NO_RETURN
    elif isinstance(got, str):
        hints = say.TEXT
    elif isinstance(got, list):
        hints = say.YIELDS if inspect.isgeneratorfunction(function) else say.A_LIST
    elif isinstance(got, tuple):
        hints = say.A_TUPLE
    elif isinstance(got, BaseException):
        hints = say.RETURNED_ERROR
    raise Wrong(f"{told} The result is to be bytes.", hints=hints)


def early_end(
    ends: Ends, function: Callable[..., Any], *args: Any, count: int | None = None
) -> None:
    """Call a function whose stream ends inside a message, which must raise EOFError.

    Args:
        ends: the peer sends several pieces and ends its side.
        function: the learner's.
        args: what it gets.
        count: what the error's message must say, if anything.

    Raises:
        Wrong: with the belief that leads to what came.
    """
    expected = "The stream ended inside a message. Expected an EOFError"
    try:
        got = ends.call(function, *args)
    except EARLY as error:
        raise_unless_eof(ends, error, expected)
        if count is not None:
            expect_count(str(error), count, expected)
        ends.still_open()
        return
    if isinstance(got, BaseException):
        raise Wrong(f"{expected}, got one as a result.", hints=say.RETURNED_ERROR)
    if ends.read_in_part() and got != b"":
        raise Wrong(f"{expected}, got {short(got)}.", RECV_N)
    # Nothing at all is what a single recv returns as well.
    hints = END_INSIDE.hints if got == b"" else None
    raise Wrong(f"{expected}, got {short(got)}.", None if hints else END_INSIDE, hints)


def raise_unless_eof(ends: Ends, error: Exception, expected: str) -> None:
    """Raise Wrong where an error is not the EOFError of an early end, read to its end."""
    if ends.read_in_part():
        belief = RECV_N if isinstance(error, struct.error) else SHORT_READ
        if isinstance(error, ValueError):  # it may be about something else
            belief = None
        told = f"{expected}, once all that the peer sent was read; {named(error)} came before."
        raise Wrong(told, belief) from None
    if isinstance(error, struct.error):
        raise Wrong(f"{expected}, got {named(error)}.", END_INSIDE) from None
    if not isinstance(error, EOFError):
        raise Wrong(f"{expected}, got {named(error)}.", hints=say.OTHER_ERROR) from None


def expect_count(message: str, count: int, expected: str, others: Hints | None = None) -> None:
    """Raise Wrong where an error's message does not say how many bytes came.

    Args:
        message: the error's.
        count: the number that it must hold.
        expected: what was, as the beginning of a sentence.
        others: hints for a message that holds another number.
    """
    if str(count) in message:
        return
    hints = (others or say.OTHER_COUNT) if re.search(r"\d", message) else say.NO_COUNT
    told = f"{expected} whose message says that {count} bytes came. Its message is "
    raise Wrong(f"{told}{short(message)}.", hints=hints) from None


def reset_passes(ends: Ends, function: Callable[..., Any], *args: Any) -> None:
    """Call a function whose peer resets the connection, whose error must come out of it."""
    told = "The peer reset the connection. Expected ConnectionResetError"
    try:
        got = ends.call(function, *args)
    except ConnectionError:
        return
    except EARLY as error:
        raise Wrong(f"{told}, got {named(error)}.", hints=say.ERROR_LOST) from None
    raise Wrong(f"{told}, got {short(got)}.", hints=say.ERROR_LOST)


def silence_passes(
    function: Callable[..., Any], stage: Stage, piece: bytes = b"", *args: Any
) -> None:
    """Call a function whose peer is silent: the timeout of 0.1 s must come out of it.

    One that waits longer is let go after a moment: its peer ends its side then.

    Args:
        function: the learner's.
        stage: of the case.
        piece: what the peer sends before.
        args: what the function gets behind the connection.
    """
    ends = sending(stage, [piece])
    ends.mine.settimeout(TIMEOUT)
    let_go = let_go_late(stage, ends.peer.close)
    told = f"Nothing came within the socket's timeout of {TIMEOUT} s. Expected TimeoutError"
    try:
        got = ends.call(function, *args)
    except TimeoutError:
        came = "it"
    except EARLY as error:
        came = named(error)
    else:
        came = short(got)
    let_go.back.set()
    judge_silence(ends.mine, TIMEOUT, came, told, let_go.done.is_set())


def judge_silence(sock: Any, timeout: float, came: str, told: str, late: bool) -> None:
    """Raise Wrong unless the timeout of a function's socket has come out of it.

    Args:
        sock: the function's.
        timeout: that the socket had, in seconds.
        came: the result or the error; "it" for the TimeoutError that was expected.
        told: what was expected, as the beginning of a sentence.
        late: whether the function was still waiting long after its time.
    """
    if sock.fileno() >= 0 and sock.gettimeout() != timeout:
        own = sock.gettimeout()
        own = "no timeout at all" if own is None else f"one of {own:g} s"
        raise Wrong(f"{told}. Your function gave the connection {own}.", hints=say.OWN_TIMEOUT)
    if late:
        raise Wrong(f"{told}; after {LATE} s your function waited still.", hints=say.ASKS_AGAIN)
    if came != "it":
        raise Wrong(f"{told}, got {came}.", hints=say.TIMEOUT_LOST)


class _LetGo:
    def __init__(self) -> None:
        self.back, self.done = threading.Event(), threading.Event()


def let_go_late(stage: Stage, end: Callable[[], Any]) -> _LetGo:
    """Call `end` when a function has not come back long after its socket's timeout.

    Returns:
        An object whose event `back` is to be set when the function has come back; its event
        `done` is set where `end` was called before.
    """
    events = _LetGo()

    def watch() -> None:
        for _ in range(round(LATE / 0.05)):  # in steps: on a slow machine each takes longer
            if events.back.is_set():
                return
            stage.pause(0.05)
        events.done.set()
        end()

    stage.script(watch)
    return events


@contextlib.contextmanager
def peak_of_memory() -> Iterator[list[int]]:
    """How many bytes of memory were taken at the most inside, as the only item of a list."""
    peak, was_tracing = [0], tracemalloc.is_tracing()
    if not was_tracing:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        yield peak
        peak[0] = tracemalloc.get_traced_memory()[1] - before
    finally:
        if not was_tracing:
            tracemalloc.stop()
