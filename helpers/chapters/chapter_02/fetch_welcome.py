"""The exercise fetch_welcome of chapter 02, against servers that are not kind."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_02 import _hints, beliefs
from helpers.chapters.chapter_02._peers import (
    ANOTHER_ERROR,
    IMPATIENT,
    NOT_READY,
    PATIENT,
    RST,
    CheckServer,
    again_if_late,
    case,
    drain,
    expect_no_threads,
    is_first_part,
    once,
    without_traces,
)
from helpers.chapters.chapter_02._silence import must_raise, must_time_out
from helpers.checks.cases import Exercise
from helpers.checks.stage import YOU, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong

WELCOME = "Welcome to the IoT Server!\nIt is 21 degrees here.\n"
CUT_WELCOME = "Willkommen, 21 °C und schön!\r\n"
PAUSE, TIMEOUT = 0.04, 0.1  # seconds: each pause is shorter, all together are longer


def _greeted(
    function: Callable, stage: Stage, pieces: list[bytes], pause: float, timeout: float
) -> None:
    server = CheckServer(stage)
    sent: list[bytes] = []  # by the function

    def greeter(listener: socket.socket) -> None:
        while True:
            with server.accept(listener) as connection, contextlib.suppress(OSError):
                server.send(connection, pieces, pause)
                connection.shutdown(socket.SHUT_WR)
                sent.append(drain(connection))
            server.done.set()

    address = stage.serve(greeter).address
    began = time.perf_counter()
    try:
        got = without_traces(function, stage, address, timeout)
    except TimeoutError:
        if server.longest_wait(began) > timeout * 0.8:
            return  # this machine was too busy: nothing can be said
        took = time.perf_counter() - began
        told = (
            f"The timeout was {timeout} s, and no wait was longer than "
            f"{max(pause, server.longest_wait(began)):.2f} s. Expected the whole welcome, got "
            f"TimeoutError after {took:.2f} s"
        )
        if took >= timeout:
            told += ": the timeout is for each wait by itself, not for all of them together"
        server.finish()
        hints = _hints.SLOW_HINTS if took >= timeout else _hints.EARLY_HINTS
        raise Wrong(f"{told}.", hints=hints) from None
    except UnicodeDecodeError as error:
        server.finish()
        if error.encoding.lower().replace("_", "-") in ("utf-8", "utf8"):
            raise Wrong(
                f"It raised UnicodeDecodeError: {error}. The bytes are right, but there were not "
                "all of a character yet.",
                beliefs.EACH_CHUNK,
            ) from None
        raise Wrong(
            f"It raised UnicodeDecodeError: {error}. The server's text is in UTF-8, as the "
            "contract says.",
            hints=_hints.ENCODING_HINTS,
        ) from None
    whole = b"".join(pieces)
    if got != whole.decode():
        server.finish()
        raise Wrong(*_explained(got, whole, pieces))
    once(server)
    server.finish()
    if any(sent):
        told = f"The function has sent {short(sent[0])} to the server, which had not asked for it."
        raise Wrong(told, hints=_hints.SENT_HINTS)
    expect_no_threads(stage)


def _explained(
    got: Any, whole: bytes, pieces: list[bytes]
) -> tuple[str, Misconception | None, Hints | None]:
    """What is to be said of a result that is not the whole welcome."""
    expected = whole.decode()
    told = f"Expected {short(expected)}, got {short(got)}."
    if not isinstance(got, str):
        if isinstance(got, (bytes, bytearray)):
            return told + " The result is to be a str.", None, _hints.BYTES_HINTS
        if got is None:
            return told, None, _hints.RETURN_HINTS if expected else _hints.EMPTY_HINTS
        return told, None, _hints.of_type(got, "a str")
    if got.startswith(("b'", 'b"')):
        return told, None, _hints.REPR_HINTS
    if got.replace("\r\n", "\n") == expected.replace("\r\n", "\n"):
        return told, None, _hints.LINE_END_HINTS
    if got.strip() == expected.strip():
        told += " White space at the ends is part of what was sent."
        return told, None, _hints.STRIP_HINTS
    if "\N{REPLACEMENT CHARACTER}" in got:
        return told, beliefs.EACH_CHUNK, None
    if (expected and not got) or (len(pieces) > 1 and got.encode() == pieces[-1]):
        return told, None, _hints.LAST_PIECE_HINTS
    if is_first_part(got.encode(), whole, pieces):
        return told, beliefs.ONE_RECV, None
    if got.endswith("\n") and expected.startswith(got):
        return told, None, _hints.LINE_HINTS
    if expected.startswith(got):
        return told, None, _hints.STOPPED_HINTS
    if whole.isascii() or len(got) < len(expected) // 2:
        return told, None, None
    return told + " The text is in UTF-8.", None, _hints.ENCODING_HINTS


def _whole_welcome(function: Callable, stage: Stage) -> None:
    _greeted(function, stage, [WELCOME.encode()], 0.0, PATIENT)


def _slow_welcome(function: Callable, stage: Stage) -> None:
    text = (WELCOME * 1000).encode()
    pieces = [text[:7], text[7:907], text[907:5011], text[5011:]]
    again_if_late(
        stage,
        lambda slower: _greeted(function, stage, pieces, PAUSE * slower, TIMEOUT * slower),
    )


def _cut_character(function: Callable, stage: Stage) -> None:
    text = CUT_WELCOME.encode()
    cut = text.index("°".encode()) + 1
    _greeted(function, stage, [text[:5], text[5:cut], text[cut:]], 0.02, PATIENT)


def _no_welcome(function: Callable, stage: Stage) -> None:
    _greeted(function, stage, [], 0.0, PATIENT)


def _silent_welcome(function: Callable, stage: Stage) -> None:
    server = CheckServer(stage)
    kept = []

    def falls_silent(listener: socket.socket) -> None:
        while True:
            kept.append(server.accept(listener))
            with contextlib.suppress(OSError):
                kept[-1].sendall(b"Wel")
            server.set_clock_if_wanted()

    address = stage.serve(falls_silent).address
    told = "The server sent 3 bytes, did not end its side, and said nothing more."
    call = lambda: without_traces(function, stage, address, IMPATIENT)  # noqa: E731
    must_time_out(stage, server, call, address, told)


def _reset_welcome(function: Callable, stage: Stage) -> None:
    server = CheckServer(stage)

    def resets(listener: socket.socket) -> None:
        while True:
            with server.accept(listener) as connection, contextlib.suppress(OSError):
                connection.sendall(b"Wel")
                stage.pause(0.02)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
                stage.trace.record("server", YOU, "reset")

    address = stage.serve(resets).address
    told = "The server sent 3 bytes and reset the connection."
    call = lambda: without_traces(function, stage, address, PATIENT)  # noqa: E731
    must_raise(stage, call, ConnectionError, told, _hints.RESET_HINTS)
    once(server)


EXERCISE = Exercise(
    (
        case(
            "a welcome in one piece",
            "The server sends its welcome of two lines at once, and ends its side.",
            _whole_welcome,
            _hints.WHOLE_HINTS,
            **NOT_READY,
        ),
        case(
            "50,000 bytes in four pieces, with pauses",
            "The server sends its welcome in four pieces, and ends its side. Each pause is shorter "
            "than the timeout, all together are longer.",
            _slow_welcome,
            _hints.WHOLE_HINTS,
            **NOT_READY,
        ),
        case(
            "a character cut in two",
            "The server sends its welcome in three pieces, the second of which ends inside the "
            "character °, and ends its side.",
            _cut_character,
            _hints.WHOLE_HINTS,
            **NOT_READY,
        ),
        case(
            "a server that ends without a word",
            "The server accepts, and ends its side at once.",
            _no_welcome,
            _hints.EMPTY_HINTS,
            **NOT_READY | dict.fromkeys(("ConnectionError", "Exception"), _hints.EMPTY_HINTS),
        ),
        case(
            "a server that falls silent",
            "The server sends 3 bytes, and then nothing more; it does not end its side. The "
            f"timeout is {IMPATIENT} s.",
            _silent_welcome,
            _hints.SILENCE_HINTS,
            beliefs.NO_TIMEOUT,
            **NOT_READY | ANOTHER_ERROR,
        ),
        case(
            "a server that resets",
            "The server sends 3 bytes, and resets the connection.",
            _reset_welcome,
            _hints.RESET_HINTS,
            **NOT_READY,
        ),
    ),
    "What it survives now: a welcome in pieces, slow ones and cut characters, a server without a "
    "word, silence, and a reset.",
    closes=True,
)
