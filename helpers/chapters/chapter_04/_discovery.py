"""The check of `discovery_responder`: who asks, who asks again, and who says something else."""

from __future__ import annotations

import contextlib
import errno
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

from helpers.chapters.chapter_04._shared import note_sizes
from helpers.chapters.chapter_04.beliefs import DELIVERED, EMPTY, HALF
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Misconception, Wrong
from helpers.servers.servers import Server

QUESTION = b"who is there?"
NAME = "Küche"
ANSWER = NAME.encode()
LONGER = QUESTION + b" And where are you?"


def _respond(
    function: Callable, stage: Stage, told: threading.Event | None = None
) -> tuple[Server, list[int]]:
    """Run the learner's responder; the server, and the sizes that it asks for.

    Args:
        function: the learner's.
        stage: of this case.
        told: set when the next receiving is to raise ConnectionResetError, once.
    """
    sizes: list[int] = []

    def discovery_responder(sock: socket.socket) -> None:
        note_sizes(sock, sizes)
        if told is not None:
            _tell_once(sock, told)
        stage.call(function, sock, NAME)

    return stage.run(discovery_responder, "udp"), sizes


def _wait(
    asker: socket.socket, server: Server, misconception: Misconception | None = None
) -> tuple:
    """The next datagram that this asker gets, as (data, sender).

    Raises:
        Wrong: where none comes, though the server has dealt with all that it was sent.
    """
    for patience in (0.3, 0.1):
        asker.settimeout(patience)
        try:
            return asker.recvfrom(2048)
        except TimeoutError:
            server.settle(1.0)
            if not server.running:
                break
    if not server.running:
        told = "Your function has returned. It is to answer one question after another, for ever."
        raise Wrong(told, misconception)
    told = f"A question stayed without an answer; your function was in {server.place}."
    raise Wrong(told, misconception)


def _ask(asker: socket.socket, server: Server, misconception: Misconception | None = None) -> None:
    """Ask, and raise Wrong unless the name comes, from the address that was asked."""
    asker.sendto(QUESTION, server.address)
    answer, sender = _wait(asker, server, misconception)
    if answer != ANSWER:
        raise Wrong(f"The device's name is {NAME!r}. Expected {ANSWER!r}, got {short(answer)}.")
    if sender != server.address:
        raise Wrong("The answer came from another port than the one that was asked.")


def _count(asker: socket.socket) -> int:
    """How many datagrams wait for this asker."""
    count = 0
    asker.settimeout(0)
    with contextlib.suppress(BlockingIOError):
        while asker.recvfrom(2048):
            count += 1
    return count


def _hears_nothing(asker: socket.socket, server: Server, told: str) -> None:
    """Raise Wrong where something has come for this asker, which has had what it asked for."""
    server.settle()
    if _count(asker):
        raise Wrong(f"{told} Expected silence, got an answer.")


def several(function: Callable, stage: Stage) -> None:
    """Three askers, one after another."""
    server, _ = _respond(function, stage)
    for number in range(1, 4):
        _ask(stage.socket_udp(f"asker {number}"), server)


def burst(function: Callable, stage: Stage) -> None:
    """Twenty askers ask before anyone has an answer; each gets one, and only one."""
    server, _ = _respond(function, stage)
    askers = [stage.socket_udp(f"asker {number}") for number in range(1, 21)]
    for asker in askers:
        asker.sendto(QUESTION, server.address)
    for asker in askers:
        answer, _ = _wait(asker, server)
        if answer != ANSWER:
            raise Wrong(f"Expected {ANSWER!r} for each, got {short(answer)}.")
    server.settle()
    if more := sum(map(_count, askers)):
        raise Wrong(f"Each has asked once and had its answer. Expected no more, got {more}.")


def again(function: Callable, stage: Stage) -> None:
    """One asker asks three times, as the first two answers were lost for it."""
    server, _ = _respond(function, stage)
    asker = stage.socket_udp("asker")
    _ask(asker, server)
    # Another asker shows that it still answers, but not to the same one.
    _ask(stage.socket_udp("other"), server)
    for _ in range(2):
        _ask(asker, server, DELIVERED)


def empty(function: Callable, stage: Stage) -> None:
    """Two questions, an empty datagram, and another question."""
    server, _ = _respond(function, stage)
    silent, asker = stage.socket_udp("silent"), stage.socket_udp("asker")
    for other in ("other", "another"):
        _ask(stage.socket_udp(other), server)
    silent.sendto(b"", server.address)
    _ask(asker, server, EMPTY)
    _hears_nothing(silent, server, "An empty datagram is no question.")


def other_talk(function: Callable, stage: Stage) -> None:
    """Another device's answer, shouting, a short question, and bytes that are no text."""
    server, _ = _respond(function, stage)
    talker, asker = stage.socket_udp("talker"), stage.socket_udp("asker")
    for data in (b"lamp", b"WHO IS THERE?", b"who is there", b"\xff\xfe\x00\x80 there?"):
        talker.sendto(data, server.address)
    _ask(asker, server)
    _hears_nothing(talker, server, "None of what it said was the question.")


def borders(function: Callable, stage: Stage) -> None:
    """Half a question and its other half, then a question with more behind it."""
    server, sizes = _respond(function, stage)
    halves, longer, asker = (stage.socket_udp(name) for name in ("halves", "longer", "asker"))
    for other in ("other", "another"):
        _ask(stage.socket_udp(other), server)
    halves.sendto(QUESTION[:6], server.address)
    halves.sendto(QUESTION[6:], server.address)
    longer.sendto(LONGER, server.address)
    try:
        _ask(asker, server)
    except Wrong as wrong:
        # Where halves are kept for later, what follows no longer is a question.
        raise Wrong(str(wrong), HALF) from None
    server.settle()
    if (answers := _count(halves)) > 0:
        # Two answers are those of a function that answers everything.
        told = f"Two datagrams never become one. Expected silence, and {answers} came back."
        raise Wrong(told, HALF if answers == 1 else None)
    told = "A longer datagram is not the question, even if it begins like it."
    if _count(longer) > 0:
        cut = 0 < max(sizes, default=0) < len(LONGER)
        raise Wrong(f"{told} Expected silence, got an answer.", HALF if cut else None)


def gone(function: Callable, stage: Stage) -> None:
    """An asker closes its socket at once; the system says so, as Windows does; others ask."""
    told_of_it = threading.Event()
    server, _ = _respond(function, stage, told_of_it)
    with stage.socket_udp("gone") as asker:
        asker.sendto(QUESTION, server.address)
    server.settle()
    told_of_it.set()
    # The first of these may be answered by a call that had begun before.
    for name in ("asker", "another"):
        _ask(stage.socket_udp(name), server)


def _tell_once(sock: socket.socket, told: threading.Event) -> None:
    """Let the next call that receives from this socket raise once it is told."""

    def telling(call: Callable) -> Callable:
        def receive(*arguments: Any, **options: Any) -> Any:
            if told.is_set():
                told.clear()
                number = 10054 if sys.platform == "win32" else errno.ECONNRESET
                raise ConnectionResetError(number, "An asker has gone (as on Windows)")
            return call(*arguments, **options)

        return receive

    for name in ("recv", "recvfrom", "recv_into", "recvfrom_into"):
        setattr(sock, name, telling(getattr(sock, name)))
