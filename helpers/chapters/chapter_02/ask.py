"""The exercise ask of chapter 02, against servers that are not kind."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_02 import _hints, beliefs
from helpers.chapters.chapter_02._answers import (
    MUCH,
    PAUSE,
    TIMEOUT,
    Answerer,
    explain_error,
    explained,
    gave_up,
    other_request,
)
from helpers.chapters.chapter_02._peers import (
    ANOTHER_ERROR,
    GIVE_UP,
    IMPATIENT,
    NOT_READY,
    PATIENT,
    CheckServer,
    again_if_late,
    be_patient_again,
    case,
    drain,
    expect_no_threads,
    once,
    patience,
    still_open,
    threads_of,
    waited_in_vain,
    without_traces,
)
from helpers.chapters.chapter_02._silence import must_time_out
from helpers.checks.cases import Exercise
from helpers.checks.stage import YOU, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

BUSY = 0.05  # seconds that a server is busy before it reads, so that the buffers fill


def _asked(
    function: Callable,
    stage: Stage,
    request: bytes,
    reply: Callable[[bytes], list[bytes]],
    timeout: float = PATIENT,
    busy: float = 0.005,
    pause: float = PAUSE,
) -> None:
    """Let the function ask a server that answers once it has seen the end of the request."""
    give_up = patience(function, GIVE_UP, 0.2)
    server = Answerer(stage, reply, give_up, pause)
    address = stage.serve(lambda listener: server.serve(listener, busy)).address

    def noting(*args: Any) -> Any:
        got = stage.call(function, *args)
        server.threads_left = bool(threads_of(stage))
        return got

    pieces = reply(request)
    began = time.perf_counter()
    try:
        got = without_traces(noting, stage, address, request, timeout)
    except OSError as error:
        explain_error(error, server, give_up, timeout, began)
        if server.gave_up:
            waited_in_vain(function)
            told = f"{gave_up(give_up)} It raised {type(error).__name__}: {error}."
            raise Wrong(told, beliefs.NO_END) from None
        raise
    told = f"Expected {short(b''.join(pieces))}, got {short(got)}."
    once(server)
    if server.gave_up:
        waited_in_vain(function)
        as_expected = got == b"".join(pieces)  # where no answer was to come anyway
        raise Wrong(gave_up(give_up) + ("" if as_expected else f" {told}"), beliefs.NO_END)
    if got == b"".join(pieces) and isinstance(got, bytes):
        expect_no_threads(stage)
        return
    server.finish()
    if server.threads_left:
        raise Wrong(told, hints=_hints.THREAD_HINTS)
    if server.asked and server.asked[0] != request:
        raise Wrong(*other_request(request, server.asked[0], told))
    if not got and isinstance(got, bytes) and (left := stage.opened()):
        raise Wrong(f"{told} The function has returned {still_open(left)}")
    raise Wrong(*explained(got, request, pieces, told))


def _short_question(function: Callable, stage: Stage) -> None:
    be_patient_again(function)
    _asked(function, stage, b"temperature?", lambda asked: [asked.upper()], busy=BUSY)


def _reply_in_pieces(function: Callable, stage: Stage) -> None:
    pieces = [b"21.5 deg", b"rees,\nand", b" falling.\n" * 8000, b"Is that all?\n"]

    def attempt(slower: float) -> None:
        times = {"timeout": TIMEOUT * slower, "pause": PAUSE * slower}
        _asked(function, stage, b"temperature?", lambda _: pieces, **times)

    again_if_late(stage, attempt)


def _large_question(function: Callable, stage: Stage) -> None:
    for size in (5_000, MUCH):
        busy = BUSY if size == MUCH else 0.005
        _asked(function, stage, bytes(size), lambda asked: [b"%d bytes" % len(asked)], busy=busy)


def _no_reply(function: Callable, stage: Stage) -> None:
    _asked(function, stage, b"anyone?", lambda _: [])


def _no_question(function: Callable, stage: Stage) -> None:
    _asked(function, stage, b"", lambda asked: [b"%d bytes" % len(asked)])


def _never_served(function: Callable, stage: Stage) -> None:
    server = CheckServer(stage)

    def never_accepts(listener: socket.socket) -> None:
        while not select.select([listener], [], [], 0.0)[0]:  # until a client is in the queue
            stage.pause(0.005)
        stage.trace.record(YOU, "server", "connect")
        stage.note("no program had accepted your connection")
        while True:
            stage.pause(1.0)

    address = stage.serve(never_accepts).address
    told = "The connection was complete, but no program had accepted it: nobody served it."
    call = lambda: without_traces(function, stage, address, b"anyone?", IMPATIENT)  # noqa: E731
    must_time_out(stage, server, call, address, told, beliefs.ACCEPT)


def _half_a_reply(function: Callable, stage: Stage) -> None:
    server = CheckServer(stage)
    kept = []

    def falls_silent(listener: socket.socket) -> None:
        while True:
            kept.append(server.accept(listener))
            with contextlib.suppress(OSError):
                drain(kept[-1])
                kept[-1].sendall(b"21.")
            server.set_clock_if_wanted()

    address = stage.serve(falls_silent).address
    told = "The server sent 3 bytes, did not end its side, and said nothing more."
    call = lambda: without_traces(function, stage, address, b"anyone?", IMPATIENT)  # noqa: E731
    must_time_out(stage, server, call, address, told)


EXERCISE = Exercise(
    (
        case(
            "a short question",
            "The server reads the request to its end, and answers in capital letters.",
            _short_question,
            _hints.SHORT_HINTS,
            **NOT_READY,
        ),
        case(
            "an answer in four pieces, with pauses",
            "The server reads the request to its end, answers in four pieces, "
            "and ends its side. Each pause is shorter than the timeout, all together are longer.",
            _reply_in_pieces,
            _hints.SHORT_HINTS,
            **NOT_READY,
        ),
        case(
            "questions of 5,000 and of 8 million bytes",
            "The server is busy for a moment, reads the request to its end, and answers how many "
            "bytes have reached it.",
            _large_question,
            _hints.LARGE_HINTS,
            **NOT_READY | {"BlockingIOError": _hints.NOT_BLOCKING_HINTS},
        ),
        case(
            "no answer but an end",
            "The server reads the request to its end, and ends its side without an answer.",
            _no_reply,
            _hints.NO_ANSWER_HINTS,
            **NOT_READY | dict.fromkeys(("ConnectionError", "Exception"), _hints.NO_ANSWER_HINTS),
        ),
        case(
            "a server that never accepts",
            "The server listens, and its program never calls accept. The timeout is "
            f"{IMPATIENT} s.",
            _never_served,
            _hints.UNSERVED_HINTS,
            beliefs.ACCEPT,
            **NOT_READY | ANOTHER_ERROR,
        ),
        case(
            "half an answer, then silence",
            "The server reads the request to its end, sends 3 bytes of its answer, and then "
            f"nothing more. The timeout is {IMPATIENT} s.",
            _half_a_reply,
            _hints.SILENCE_HINTS,
            beliefs.NO_TIMEOUT,
            **NOT_READY | ANOTHER_ERROR,
        ),
        case(
            "a question of no bytes",
            "The server reads the request to its end, and answers how many bytes it had.",
            _no_question,
            _hints.NO_QUESTION_HINTS,
            **NOT_READY,
        ),
    ),
    "What it survives now: long requests and long answers, answers in pieces, none at all, a "
    "server that never accepts, and silence in mid-answer.",
    closes=True,
)
