"""The exercise fetch_welcome of chapter 02, against servers that are not kind."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_02 import beliefs
from helpers.chapters.chapter_02._peers import (
    IMPATIENT,
    NOT_READY,
    PATIENT,
    RST,
    CheckServer,
    case,
    drain,
    is_first_part,
    must_raise,
    once,
    without_traces,
)
from helpers.checks.cases import Exercise
from helpers.checks.stage import YOU, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

WELCOME = "Welcome to the IoT Server!\nIt is 21 degrees here.\n"


def _greeted(
    function: Callable, stage: Stage, pieces: list[bytes], pause: float, timeout: float
) -> None:
    server = CheckServer(stage)

    def greeter(listener: socket.socket) -> None:
        while True:
            with server.accept(listener) as connection, contextlib.suppress(OSError):
                server.send(connection, pieces, pause)
                connection.shutdown(socket.SHUT_WR)
                drain(connection)
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
        raise Wrong(f"{told}.", hints=beliefs.SLOW_HINTS) from None
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
            hints=beliefs.ENCODING_HINTS,
        ) from None
    whole = b"".join(pieces)
    if got != whole.decode():
        server.finish()
        _explain_welcome(got, whole, pieces)
    once(server)


def _explain_welcome(got: Any, whole: bytes, pieces: list[bytes]) -> None:
    expected = whole.decode()
    told = f"Expected {short(expected)}, got {short(got)}."
    if isinstance(got, (bytes, bytearray)):
        raise Wrong(told + " The result is to be a str.", hints=beliefs.WHOLE_HINTS)
    if not isinstance(got, str):
        raise Wrong(told, hints=beliefs.WHOLE_HINTS)
    if got.strip() == expected.strip() and got != expected:
        raise Wrong(told + " White space at the ends is part of what was sent.")
    if "\N{REPLACEMENT CHARACTER}" in got:
        raise Wrong(told, beliefs.EACH_CHUNK)
    if is_first_part(got.encode(), whole, pieces):
        raise Wrong(told, beliefs.ONE_RECV)
    if whole.isascii() or len(got) < len(expected) // 2:
        raise Wrong(told)
    raise Wrong(told + " The text is in UTF-8.", hints=beliefs.ENCODING_HINTS)


def _whole_welcome(function: Callable, stage: Stage) -> None:
    _greeted(function, stage, [WELCOME.encode()], 0.0, PATIENT)


def _slow_welcome(function: Callable, stage: Stage) -> None:
    text = (WELCOME * 1000).encode()
    pieces = [text[:7], text[7:907], text[907:5011], text[5011:]]
    _greeted(function, stage, pieces, 0.12, 0.3)


def _cut_character(function: Callable, stage: Stage) -> None:
    text = "Willkommen, 21 °C und schön!\n".encode()
    cut = text.index("°".encode()) + 1
    _greeted(function, stage, [text[:5], text[5:cut], text[cut:]], 0.05, PATIENT)


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

    address = stage.serve(falls_silent).address
    told = "The server sent 3 bytes, did not end its side, and said nothing more."
    call = lambda: without_traces(function, stage, address, IMPATIENT)  # noqa: E731
    must_raise(stage, call, TimeoutError, told)
    once(server)


def _reset_welcome(function: Callable, stage: Stage) -> None:
    server = CheckServer(stage)

    def resets(listener: socket.socket) -> None:
        while True:
            with server.accept(listener) as connection, contextlib.suppress(OSError):
                connection.sendall(b"Wel")
                stage.pause()
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
                stage.trace.record("server", YOU, "reset")

    address = stage.serve(resets).address
    told = "The server sent 3 bytes and reset the connection."
    call = lambda: without_traces(function, stage, address, PATIENT)  # noqa: E731
    must_raise(stage, call, ConnectionError, told)
    once(server)


EXERCISE = Exercise(
    (
        case(
            "a welcome in one piece",
            "The server sends its welcome of two lines at once, and ends its side.",
            _whole_welcome,
            beliefs.WHOLE_HINTS,
            **NOT_READY,
        ),
        case(
            "50,000 bytes in four pieces, with pauses",
            "The server sends its welcome in four pieces, 0.12 s apart, and ends its side. The "
            "timeout is 0.3 s.",
            _slow_welcome,
            beliefs.WHOLE_HINTS,
            **NOT_READY,
        ),
        case(
            "a character cut in two",
            "The server sends its welcome in three pieces, the second of which ends inside the "
            "character °, and ends its side.",
            _cut_character,
            beliefs.WHOLE_HINTS,
            **NOT_READY,
        ),
        case(
            "a server that ends without a word",
            "The server accepts, and ends its side at once.",
            _no_welcome,
            beliefs.EMPTY_HINTS,
            **NOT_READY,
        ),
        case(
            "a server that falls silent",
            "The server sends 3 bytes, and then nothing more; it does not end its side. The "
            f"timeout is {IMPATIENT} s.",
            _silent_welcome,
            beliefs.SILENCE_HINTS,
            beliefs.NO_TIMEOUT,
            **NOT_READY,
        ),
        case(
            "a server that resets",
            "The server sends 3 bytes, and resets the connection.",
            _reset_welcome,
            beliefs.RESET_HINTS,
            **NOT_READY,
        ),
    ),
    "What it survives now: a welcome in pieces, slow ones and cut characters, a server without a "
    "word, silence, and a reset.",
    closes=True,
)
