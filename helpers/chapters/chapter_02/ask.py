"""The exercise ask of chapter 02, against servers that are not kind."""

from __future__ import annotations

import contextlib
import errno
import select
import socket
import time
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_02 import _hints, beliefs
from helpers.chapters.chapter_02._peers import (
    ANOTHER_ERROR,
    GIVE_UP,
    IMPATIENT,
    NOT_READY,
    PATIENT,
    CheckServer,
    case,
    drain,
    expect_no_threads,
    is_first_part,
    line_of,
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
from helpers.checks.wrong import Hints, Misconception, Wrong

PAUSE, TIMEOUT = 0.04, 0.1  # seconds: each pause is shorter, all together are longer
MOST_CLIENTS = 3  # that are answered, where one was expected
BUSY = 0.05  # seconds that a server is busy before it reads, so that the buffers fill
ENDED = (errno.EBADF, errno.ENOTCONN, getattr(errno, "ESHUTDOWN", errno.ENOTCONN))


class Answerer(CheckServer):
    """A server that answers a request once it has seen its end.

    Attributes:
        asked: the requests that have reached it.
        threads_left: whether the function had a thread at work when it returned.
    """

    def __init__(self, stage: Stage, reply: Callable[[bytes], list[bytes]], give_up: float) -> None:
        super().__init__(stage)
        self.asked: list[bytes] = []
        self.threads_left = False
        self._reply, self._give_up = reply, give_up

    def serve(self, listener: socket.socket, busy: float) -> None:
        """Serve one client after another; busy for so many seconds before it reads."""
        while True:
            with self.accept(listener) as connection, contextlib.suppress(OSError):
                if self.clients > MOST_CLIENTS:
                    continue
                connection.settimeout(self._give_up)
                try:
                    self._wait_for_something(connection)
                    self.stage.pause(busy)
                    self.asked.append(drain(connection))
                except TimeoutError:
                    self.gave_up = True
                else:
                    connection.settimeout(None)
                    self.send(connection, self._reply(self.asked[-1]), PAUSE)
            self.done.set()

    def _wait_for_something(self, connection: socket.socket) -> None:
        """Wait for bytes or an end without taking them: the diagram shows them as they came."""
        end = time.monotonic() + self._give_up
        while not select.select([connection], [], [], 0.0)[0]:
            if time.monotonic() > end:
                raise TimeoutError
            self.stage.pause(0.005)


def _asked(
    function: Callable,
    stage: Stage,
    request: bytes,
    reply: Callable[[bytes], list[bytes]],
    timeout: float = PATIENT,
    busy: float = 0.005,
) -> None:
    """Let the function ask a server that answers once it has seen the end of the request."""
    give_up = patience(function, GIVE_UP, 0.2)
    server = Answerer(stage, reply, give_up)
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
        _explain_error(error, server, give_up, timeout, began)
        if server.gave_up:
            waited_in_vain(function)
            told = f"{_gave_up(give_up)} It raised {type(error).__name__}: {error}."
            raise Wrong(told, beliefs.NO_END) from None
        raise
    told = f"Expected {short(b''.join(pieces))}, got {short(got)}."
    once(server)
    if server.gave_up:
        waited_in_vain(function)
        as_expected = got == b"".join(pieces)  # where no answer was to come anyway
        raise Wrong(_gave_up(give_up) + ("" if as_expected else f" {told}"), beliefs.NO_END)
    if got == b"".join(pieces) and isinstance(got, bytes):
        expect_no_threads(stage)
        return
    server.finish()
    if server.threads_left:
        raise Wrong(told, hints=_hints.THREAD_HINTS)
    if server.asked and server.asked[0] != request:
        raise Wrong(*_other_request(request, server.asked[0], told))
    if not got and isinstance(got, bytes) and (left := stage.opened()):
        raise Wrong(f"{told} The function has returned {still_open(left)}")
    raise Wrong(*_explained(got, request, pieces, told))


def _gave_up(seconds: float) -> str:
    return f"The server waited {seconds} s for the end of the request, and it did not come."


def _explain_error(
    error: OSError, server: CheckServer, give_up: float, timeout: float, began: float
) -> None:
    """Say what an error of the function's means, where that can be said."""
    once(server)
    if error.errno in ENDED and not server.gave_up:
        told = f"It raised {type(error).__name__}: {error}"
        told += f", in {place}." if (place := line_of(error)) else "."
        raise Wrong(told, beliefs.AT_ONCE) from None
    if isinstance(error, TimeoutError) and timeout < give_up and not server.gave_up:
        longest = server.longest_wait(began)
        if longest > timeout * 0.8:
            return  # the request's end was late, or this machine: the error says enough
        raise Wrong(
            f"The timeout was {timeout} s, and no wait was longer than {longest:.2f} s. Expected "
            f"the whole answer, got TimeoutError after {time.perf_counter() - began:.2f} s.",
            hints=_hints.SLOW_HINTS,
        ) from None


def _other_request(
    request: bytes, asked: bytes, told: str
) -> tuple[str, Misconception | None, Hints]:
    """What is to be said where another request has reached the server than was given."""
    told = (
        f"The request had {len(request):,} bytes, and {len(asked):,} reached the server: "
        f"{short(asked, 40)}. {told}"
    )
    if asked == str(request).encode():
        return told, None, _hints.AS_TEXT_HINTS
    if request and asked.startswith(request):
        return told, None, _hints.ADDED_HINTS
    if not request.startswith(asked):
        return told, None, _hints.CHANGED_REQUEST_HINTS
    # What the system took of millions of bytes is a round number of nobody's choice.
    sent_once = len(request) >= MUCH and len(asked) > 10_000
    belief = beliefs.SEND_ALL if sent_once else None
    return told, belief, beliefs.SEND_ALL.hints if belief else _hints.LARGE_HINTS


def _explained(
    got: Any, request: bytes, pieces: list[bytes], told: str
) -> tuple[str, Misconception | None, Hints | None]:
    """What is to be said of a result that is not the reply."""
    expected = b"".join(pieces)
    if not isinstance(got, bytes):
        told += " The result is to be bytes."
        hints = {
            str: _hints.DECODED_HINTS,
            bytearray: _hints.BYTEARRAY_HINTS,
            type(None): _hints.RETURN_HINTS if pieces else _hints.NO_ANSWER_HINTS,
        }
        return told, None, hints.get(type(got)) or _hints.of_type(got, "bytes")
    if not got:
        return told, beliefs.AT_ONCE if request else None, None
    if len(pieces) > 1 and got == pieces[-1]:
        return told, None, _hints.LAST_PIECE_HINTS
    if is_first_part(got, expected, pieces):
        return told, beliefs.ONE_RECV, None
    if expected.startswith(got) and got.endswith(b"\n"):
        return told, None, _hints.REPLY_LINE_HINTS
    if got.strip() == expected.strip():
        return told, None, _hints.CHANGED_REPLY_HINTS
    return told, None, _hints.STOPPED_HINTS if expected.startswith(got) else None


MUCH = 8_000_000


def _short_question(function: Callable, stage: Stage) -> None:
    _asked(function, stage, b"temperature?", lambda asked: [asked.upper()], busy=BUSY)


def _reply_in_pieces(function: Callable, stage: Stage) -> None:
    pieces = [b"21.5 deg", b"rees,\nand", b" falling.\n" * 8000, b"Is that all?\n"]
    _asked(function, stage, b"temperature?", lambda _: pieces, TIMEOUT)


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
            f"{PAUSE} s apart, and ends its side. The timeout is {TIMEOUT} s.",
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
