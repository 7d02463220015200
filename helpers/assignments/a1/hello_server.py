"""What a learner's first server meets: apps that say HELLO, and nothing else.

Each frame arrives whole, and the app ends the conversation when it has its answer.
"""

from __future__ import annotations

from collections.abc import Callable

from helpers.assignments.a1 import _hints as hints
from helpers.assignments.a1 import _wire as wire
from helpers.assignments.a1 import beliefs
from helpers.assignments.a1._wire import ANSWER, HELLO
from helpers.checks.stage import PeerSocket, Silence, Stage
from helpers.checks.wrong import Wrong
from helpers.servers.servers import Server

BYTES = 8  # of an answer to HELLO


def answers_the_example(function: Callable, stage: Stage) -> None:
    """An app that speaks 1 and 2, as in the example: 2 is chosen."""
    _greet(stage, stage.run(function), 1, b"\x01\x02", 2)


def answers_an_old_app(function: Callable, stage: Stage) -> None:
    """An app that speaks 1 alone, with another number."""
    _greet(stage, stage.run(function), 7, b"\x01", 1)


def answers_one_after_another(function: Callable, stage: Stage) -> None:
    """Three apps; a number has two bytes, and a list no order."""
    server = stage.run(function)
    for place, (number, versions, chosen) in enumerate(
        ((258, b"\x01", 1), (3, b"\x02\x01", 2), (65_535, b"\x02", 2)), start=1
    ):
        _greet(stage, server, number, versions, chosen, f"app {place} of three")


def _greet(
    stage: Stage, server: Server, number: int, versions: bytes, chosen: int, who: str = "an app"
) -> None:
    """Say HELLO; the answer must be right to the last byte."""
    hello = wire.frame(HELLO, number, versions)
    wanted = wire.frame(ANSWER | HELLO, number, bytes([chosen]))
    after = f"After HELLO from {who} ({hello.hex(' ')}): expected {wanted.hex(' ')}"
    with stage.client(server) as app:
        got = _answer(app, hello, after)
    told = f"{after}, got {got.hex(' ')}."
    length, kind, got_number, body = got[:4], got[4], got[5:7], got[7:]
    if length[:1].isalnum():
        told += f" Those are the characters of a text, {got!r}: `bytes.fromhex` makes bytes of it."
    elif length != wanted[:4]:
        told += " The length counts the bytes behind it: kind, number and version are 4."
    elif kind != ANSWER | HELLO:
        told += f" The kind of the answer is 81, and not {kind:02x}."
    elif got_number != wanted[5:7]:
        told += f" The number is not that of the request, {wanted[5:7].hex(' ')}."
    elif len(body) > 1:
        told += " Behind the version nothing more may come."
    elif body[0] != chosen:
        told += f" The version is not the highest of {' and '.join(map(str, sorted(versions)))}."
        raise Wrong(told, beliefs.AS_TEXT, hints.HELLO)
    if got != wanted:
        raise Wrong(told, hints=hints.FIRST)


def _answer(app: PeerSocket, hello: bytes, after: str) -> bytes:
    """All bytes that come when HELLO was said, until there are as many as an answer has."""
    got = b""
    try:
        app.sendall(hello)
        while len(got) < BYTES and (piece := app.recv(100)):
            got += piece
    except Silence as silence:
        then = ", and then nothing" if got else ""
        raise Wrong(f"{after}, but {_came(got)}{then}. {silence}", hints=hints.FIRST) from None
    except ConnectionError:
        pass  # as an end: a server that has returned leaves its last app so
    if len(got) < BYTES:
        if app.server is not None:
            app.server.settle(0.2)  # a function that returns may need a moment to do so
            if not app.server.running:
                told = f"{after}, but {_came(got)}, and your server function has ended."
                raise Wrong(told, hints=hints.NEXT_APP)
        told = f"{after}, but {_came(got)}, and your server ended the connection."
        raise Wrong(told, hints=hints.FIRST)
    return got


def _came(got: bytes) -> str:
    return f"{len(got)} bytes came ({got.hex(' ')})" if got else "no answer was sent"
