"""The exercise ask of chapter 02, against servers that are not kind."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Callable

from helpers.chapters.chapter_02 import beliefs
from helpers.chapters.chapter_02._peers import (
    GIVE_UP,
    IMPATIENT,
    NOT_READY,
    PATIENT,
    CheckServer,
    case,
    drain,
    is_first_part,
    must_raise,
    once,
    still_open,
    without_traces,
)
from helpers.checks.cases import Exercise
from helpers.checks.stage import YOU, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong


def _asked(
    function: Callable,
    stage: Stage,
    request: bytes,
    reply: Callable[[bytes], list[bytes]],
    compare: Callable[[bytes, list[bytes], bytes], None] | None = None,
) -> None:
    """Let the function ask a server that answers once it has seen the end of the request."""
    server = CheckServer(stage)

    def answerer(listener: socket.socket) -> None:
        while True:
            with server.accept(listener) as connection, contextlib.suppress(OSError):
                connection.settimeout(GIVE_UP)
                try:
                    _wait_for_something(stage, connection)
                    stage.pause()  # a busy server: meanwhile the buffers fill
                    asked = drain(connection)
                except TimeoutError:
                    server.gave_up = True
                else:
                    connection.settimeout(None)
                    server.send(connection, reply(asked), 0.05)
            server.done.set()

    address = stage.serve(answerer).address
    try:
        got = without_traces(function, stage, address, request, PATIENT)
    except OSError as error:
        if type(error) is OSError or server.gave_up:
            problem = f"It raised {type(error).__name__}: {error}."
            raise Wrong(f"{_gave_up(server)} {problem}".lstrip(), beliefs.AT_ONCE) from None
        raise
    pieces = reply(request)
    told = f"Expected {short(b''.join(pieces))}, got {short(got)}."
    if server.gave_up:
        as_expected = got == b"".join(pieces)  # where no answer was to come anyway
        raise Wrong(_gave_up(server) + ("" if as_expected else f" {told}"), beliefs.AT_ONCE)
    if got == b"".join(pieces) and isinstance(got, bytes):
        once(server)
        return
    server.finish()
    if not isinstance(got, bytes):
        raise Wrong(told + " The result is to be bytes.", hints=beliefs.SHORT_HINTS)
    if not got and (left := stage.opened()):
        raise Wrong(f"{told} The function has returned {still_open(left)}")
    if not got:
        raise Wrong(told, beliefs.AT_ONCE if request else None)
    if is_first_part(got, b"".join(pieces), pieces):
        raise Wrong(told, beliefs.ONE_RECV)
    raise Wrong(told)


def _wait_for_something(stage: Stage, connection: socket.socket) -> None:
    """Wait for bytes or an end without taking them: the diagram shows the request as it came."""
    end = time.monotonic() + GIVE_UP
    while not select.select([connection], [], [], 0.0)[0]:
        if time.monotonic() > end:
            raise TimeoutError
        stage.pause(0.01)


def _gave_up(server: CheckServer) -> str:
    if not server.gave_up:
        return ""
    return f"The server waited {GIVE_UP} s for the end of the request, and it did not come."


def _short_question(function: Callable, stage: Stage) -> None:
    _asked(function, stage, b"temperature?", lambda asked: [asked.upper()])


def _reply_in_pieces(function: Callable, stage: Stage) -> None:
    pieces = [b"21.5 deg", b"rees,\nand", b" falling.\n" * 8000]
    _asked(function, stage, b"temperature?", lambda _: pieces)


def _large_question(function: Callable, stage: Stage) -> None:
    for size, belief in ((5_000, None), (8_000_000, beliefs.SEND_ALL)):
        reached: list[int] = []

        def count(asked: bytes, reached: list[int] = reached) -> list[bytes]:
            reached.append(len(asked))
            return [b"%d bytes" % len(asked)]

        try:
            _asked(function, stage, bytes(size), count)
        except Wrong as wrong:
            if reached and reached[0] < size and wrong.misconception is None:
                told = f"The request had {size:,} bytes, and {reached[0]:,} reached the server."
                raise Wrong(told, belief) from None
            raise


def _no_reply(function: Callable, stage: Stage) -> None:
    _asked(function, stage, b"anyone?", lambda _: [])


def _no_question(function: Callable, stage: Stage) -> None:
    _asked(function, stage, b"", lambda asked: [b"%d bytes" % len(asked)])


def _never_served(function: Callable, stage: Stage) -> None:
    def never_accepts(listener: socket.socket) -> None:
        while not select.select([listener], [], [], 0.0)[0]:  # until a client is in the queue
            stage.pause(0.01)
        stage.trace.record(YOU, "server", "connect")
        stage.note("no program had accepted your connection")
        while True:
            stage.pause(1.0)

    address = stage.serve(never_accepts).address
    told = "The connection was complete, but no program had accepted it: nobody served it."
    call = lambda: without_traces(function, stage, address, b"anyone?", IMPATIENT)  # noqa: E731
    must_raise(stage, call, TimeoutError, told, beliefs.ACCEPT)


def _half_a_reply(function: Callable, stage: Stage) -> None:
    server = CheckServer(stage)
    kept = []

    def falls_silent(listener: socket.socket) -> None:
        while True:
            kept.append(server.accept(listener))
            with contextlib.suppress(OSError):
                drain(kept[-1])
                kept[-1].sendall(b"21.")

    address = stage.serve(falls_silent).address
    told = "The server sent 3 bytes, did not end its side, and said nothing more."
    call = lambda: without_traces(function, stage, address, b"anyone?", IMPATIENT)  # noqa: E731
    must_raise(stage, call, TimeoutError, told)
    once(server)


EXERCISE = Exercise(
    (
        case(
            "a short question",
            "The server reads the request to its end, and answers in capital letters.",
            _short_question,
            beliefs.SHORT_HINTS,
            **NOT_READY,
        ),
        case(
            "an answer in three pieces",
            "The server reads the request to its end, answers in three pieces, 0.05 s apart, and "
            "ends its side.",
            _reply_in_pieces,
            beliefs.SHORT_HINTS,
            **NOT_READY,
        ),
        case(
            "questions of 5,000 and of 8 million bytes",
            "The server is busy for a moment, reads the request to its end, and answers how many "
            "bytes have reached it.",
            _large_question,
            beliefs.LARGE_HINTS,
            **NOT_READY,
        ),
        case(
            "no answer but an end",
            "The server reads the request to its end, and ends its side without an answer.",
            _no_reply,
            beliefs.NO_ANSWER_HINTS,
            **NOT_READY,
        ),
        case(
            "a server that never accepts",
            "The server listens, and its program never calls accept. The timeout is "
            f"{IMPATIENT} s.",
            _never_served,
            beliefs.UNSERVED_HINTS,
            beliefs.ACCEPT,
        ),
        case(
            "half an answer, then silence",
            "The server reads the request to its end, sends 3 bytes of its answer, and then "
            f"nothing more. The timeout is {IMPATIENT} s.",
            _half_a_reply,
            beliefs.SILENCE_HINTS,
            beliefs.NO_TIMEOUT,
            **NOT_READY,
        ),
        case(
            "a question of no bytes",
            "The server reads the request to its end, and answers how many bytes it had.",
            _no_question,
            beliefs.NO_QUESTION_HINTS,
            **NOT_READY,
        ),
    ),
    "What it survives now: long requests and long answers, answers in pieces, none at all, a "
    "server that never accepts, and silence in mid-answer.",
    closes=True,
)
