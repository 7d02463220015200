"""Clients of the telemetry server that a learner has written, in chapter 09."""

from __future__ import annotations

import asyncio
import functools
import inspect
import threading
import traceback
import types
from collections.abc import Awaitable, Callable
from typing import Any

from helpers.chapters.chapter_08._lines import Talker
from helpers.chapters.chapter_08._standing import line_of, the
from helpers.chapters.chapter_09 import _telemetry_hints as hints
from helpers.chapters.chapter_09.beliefs import BLOCKING, NOT_AWAITED, RUN_AGAIN
from helpers.checks.loops import LoopServer
from helpers.checks.stage import Silence, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong
from helpers.learner_code import frames_of_all_threads, is_learners
from helpers.servers.crashes import ServerCrashed

WAIT = 1.2  # seconds that a client waits for an answer: long, on any machine
SOON = 0.5  # seconds after which a loop that rests is not waited for
MORE = 0.1  # seconds for what was on its way then
MOST_ERRORS = 5  # that a client gets for one half line
RUNNING = ("running event loop", "loop is already running", "while another loop is running")


def started(function: Callable, stage: Stage, port: int = 0) -> LoopServer:
    """The learner's server at work.

    Raises:
        Wrong: where it does not start, with the hints for the way in which it doesn't.
    """
    try:
        return _AtWork(_looked_at(function), stage, BLOCKING, port=port)
    except Wrong as wrong:
        if "has not returned" in str(wrong) and not wrong.misconception:
            raise Wrong(str(wrong), hints=hints.NOT_BACK) from None
        raise


class _AtWork(LoopServer):
    """A server whose errors are looked at once more."""

    def __exit__(
        self, kind: type | None, error: BaseException | None, trace: types.TracebackType | None
    ) -> None:
        try:
            super().__exit__(kind, error, trace)
        except ServerCrashed as crash:
            own = crash.__cause__
            if own is None or "coroutine" not in str(own):
                raise
            _close_unawaited(own)
            told = f"It raised {type(own).__name__}: {own}, in {line_of(own)}."
            raise Wrong(told, NOT_AWAITED, hints.AWAIT_MISSING) from None

    def rests(self) -> bool:
        """Whether the loop waits, no timer will wake it, and no other thread works for it."""
        if not self.is_free() or getattr(self._loop, "_scheduled", [True]):
            return False
        others = frames_of_all_threads()
        for ident in (threading.main_thread().ident, self._script.ident):
            others.pop(ident, None)
        return not any(_is_in_learners_code(frame) for frame in others.values())


def _is_in_learners_code(frame: types.FrameType | None) -> bool:
    while frame is not None:
        if is_learners(frame.f_code.co_filename):
            return True
        frame = frame.f_back
    return False


def _looked_at(function: Callable) -> Callable:
    """The learner's function, whose start is looked at: a call without `await`, a loop of its "
    "own."""

    @functools.wraps(function)
    async def start(host: str, port: int) -> Any:
        try:
            result = function(host, port)
            if isinstance(result, Awaitable):
                result = await result
            elif not isinstance(result, asyncio.AbstractServer):
                told = "Expected a coroutine, as `async def` makes it; calling it gave "
                raise Wrong(f"{told}{short(result)}.")
        except RuntimeError as error:
            if not any(words in str(error) for words in RUNNING):
                raise
            _close_unawaited(error)
            told = f"It raised RuntimeError: {error}, in {line_of(error)}."
            raise Wrong(told, RUN_AGAIN) from None
        except TypeError as error:
            if "required positional argument" not in str(error) or error.__traceback__ is None:
                raise
            told = f"It raised TypeError: {error}, in {line_of(error)}."
            raise Wrong(told, hints=hints.CALLBACK) from None
        if inspect.iscoroutine(result):
            name = result.__name__
            result.close()
            told = (
                f"Expected an asyncio.Server, got a coroutine, `{name}`, that nobody has awaited."
            )
            raise Wrong(told, NOT_AWAITED)
        if isinstance(result, asyncio.AbstractServer) and not result.is_serving():
            raise Wrong("It returned a server that does not listen.", hints=hints.CLOSED_SERVER)
        return result

    return start


def _close_unawaited(error: BaseException) -> None:
    """Close what was to run in another loop, or Python warns of it at a line of nobody's."""
    for frame, _ in traceback.walk_tb(error.__traceback__):
        for value in list(frame.f_locals.values()):
            if inspect.iscoroutine(value) and inspect.getcoroutinestate(value) == "CORO_CREATED":
                value.close()


def talker(server: LoopServer) -> Talker:
    """A new client."""
    return Talker(server.client(WAIT))


def hear(server: LoopServer, client: Talker, sent: str) -> bytes:
    """The next answer.

    Args:
        sent: what it is expected for, as a part of a sentence.

    Raises:
        Wrong: where none comes.
    """
    try:
        got = heard(server, client)
    except Silence as silence:
        half = f" Only {short(client.half)} came, without a newline." if client.half else ""
        wrong = server.blocked(f"{the(client.name, begins=True)} expected {sent}.{half} {silence}")
        cause = hints.NO_NEWLINE if half and not wrong.misconception else None
        raise Wrong(str(wrong), wrong.misconception, cause) from None
    if got is None:
        told = f"{the(client.name, begins=True)} expected {sent}, and its connection had ended."
        raise Wrong(told, hints=hints.ENDED)
    return got


def heard(server: LoopServer, client: Talker) -> bytes | None:
    """The next line that a client hears. A loop that rests is not waited for any longer.

    Raises:
        Silence: where none comes.
    """
    sock, whole = client.sock, client.sock.gettimeout()
    try:
        sock.settimeout(min(SOON, whole))
        try:
            return client.hear()
        except Silence as silence:
            first, at_rest = silence, server.rests()
        sock.settimeout(MORE if at_rest else max(MORE, whole - SOON))
        try:
            return client.hear()
        except Silence as second:
            raise (first if at_rest else second) from None
    finally:
        sock.settimeout(whole)


def expect(
    server: LoopServer, client: Talker, line: bytes, answer: bytes, cause: Hints | None = None
) -> None:
    """Expect this answer to a line that was sent.

    Args:
        server, client: who was asked, and who asks.
        line, answer: what was sent, and what is expected.
        cause: hints for another answer; else they are found by what came.
    """
    got = hear(server, client, f"{short(answer)} for {short(line)}")
    if got != answer:
        told = f"For the line {short(line)} {the(client.name)} expected {short(answer)}"
        raise Wrong(f"{told}, got {short(got)}.", hints=cause or _why(line, answer, got))


def _why(line: bytes, answer: bytes, got: bytes) -> Hints | None:
    """What is wrong with an answer, as far as it shows."""
    if answer == b"error\n":
        return None
    if got == b"error\n":
        return hints.REFUSED if line.isascii() else hints.NAMES
    start, _, count = answer.rpartition(b" ")
    its_start, _, its_count = got.rpartition(b" ")
    if start != its_start or not its_count.strip().isdigit():
        return hints.AS_IT_IS
    if count == b"1\n" and its_count == b"0\n":
        return hints.FROM_ZERO
    if count == b"1\n":
        return hints.TOGETHER if b"lamp" not in start else hints.OF_BEFORE
    return None


def ask(
    server: LoopServer, client: Talker, line: bytes, answer: bytes, cause: Hints | None = None
) -> None:
    """Send a line, and expect this answer to it."""
    client.say(line)
    expect(server, client, line, answer, cause)


def until_the_end(server: LoopServer, client: Talker) -> None:
    """Expect that a client that has ended its side hears no more counts, and the end."""
    errors, who = 0, the(client.name, begins=True)
    try:
        while (got := heard(server, client)) is not None:
            errors += 1
            if errors > MOST_ERRORS:
                told = f"{who} had ended its side, and gets b'error\\n' on and on."
                raise Wrong(told, hints=hints.ERRORS_AT_THE_END)
            if got != b"error\n":
                raise Wrong(
                    f"{who} had ended its side, and got {short(got)}. What came "
                    "without a newline is no line: nobody knows whether b'lamp 2' was to be 2 or "
                    "21.5.",
                    hints=hints.NOT_WHOLE,
                )
    except Silence as silence:
        told = f"{who} has ended its side, and its connection was to be closed."
        wrong = server.blocked(f"{told} {silence}")
        cause = None if wrong.misconception else hints.END
        raise Wrong(str(wrong), wrong.misconception, cause) from None
