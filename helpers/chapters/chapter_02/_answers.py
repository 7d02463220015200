"""The server of the check of ask, and what is to be said of each wrong request or result."""

from __future__ import annotations

import contextlib
import errno
import select
import socket
import time
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_02 import _hints, beliefs
from helpers.chapters.chapter_02._peers import CheckServer, drain, is_first_part, line_of, once
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong

PAUSE, TIMEOUT = 0.04, 0.1  # seconds: each pause is shorter, all together are longer
MOST_CLIENTS = 3  # that are answered, where one was expected
MUCH = 8_000_000  # bytes: more than the buffers of two sockets hold
ENDED = (errno.EBADF, errno.ENOTCONN, getattr(errno, "ESHUTDOWN", errno.ENOTCONN))


class Answerer(CheckServer):
    """A server that answers a request once it has seen its end.

    Attributes:
        asked: the requests that have reached it.
        threads_left: whether the function had a thread at work when it returned.
    """

    def __init__(
        self,
        stage: Stage,
        reply: Callable[[bytes], list[bytes]],
        give_up: float,
        pause: float = PAUSE,
    ) -> None:
        super().__init__(stage)
        self._pause = pause
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
                    self.send(connection, self._reply(self.asked[-1]), self._pause)
            self.done.set()

    def _wait_for_something(self, connection: socket.socket) -> None:
        """Wait for bytes or an end without taking them: the diagram shows them as they came."""
        end = time.monotonic() + self._give_up
        while not select.select([connection], [], [], 0.0)[0]:
            if time.monotonic() > end:
                raise TimeoutError
            self.stage.pause(0.005)


def gave_up(seconds: float) -> str:
    return f"The server waited {seconds} s for the end of the request, and it did not come."


def explain_error(
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


def other_request(
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


def explained(
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
