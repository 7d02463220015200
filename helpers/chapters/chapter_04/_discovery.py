"""The check of `discovery_responder`: who asks, who asks again, and who says something else."""

from __future__ import annotations

import contextlib
import errno
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from helpers.chapters.chapter_04 import _discovery_words as words
from helpers.chapters.chapter_04._shared import SPINS, note_sizes, works_on_and_on
from helpers.chapters.chapter_04.beliefs import DELIVERED, EMPTY, HALF
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong
from helpers.servers.servers import Server

QUESTION = b"who is there?"
NAME = "Küche"
ANSWER = NAME.encode()
LONGER = QUESTION + b" And where are you?"
MOMENT = 0.1  # seconds in which a server that works has dealt with what it was sent
OTHER_TALK = (
    (b"lamp", words.ANSWERS_ALL),
    (b"\xff\xfe\x00\x80 there?", words.ANSWERS_ALL),
    (b"WHO IS THERE?", words.CAPITALS),
    (QUESTION[:-1], words.SHORT),
    (QUESTION + b"\n", words.STRIPPED),
    (b" " + QUESTION, words.STRIPPED),
    (QUESTION + b"\x00", words.STRIPPED),
    (b"who is\xff there?", words.LOOSE),
)


@dataclass
class Responder:
    """The learner's responder at work.

    Attributes:
        server: that runs it.
        sizes: that it asks for.
        socks: the one that it was given.
    """

    server: Server
    sizes: list[int]
    socks: list[socket.socket]


def _respond(function: Callable, stage: Stage, told: threading.Event | None = None) -> Responder:
    """Run the learner's responder.

    Args:
        function: the learner's.
        stage: of this case.
        told: set when the next receiving is to raise ConnectionResetError, once.
    """
    sizes: list[int] = []
    socks: list[socket.socket] = []

    def discovery_responder(sock: socket.socket) -> None:
        socks.append(sock)
        note_sizes(sock, sizes)
        if told is not None:
            _tell_once(sock, told)
        stage.call(function, sock, NAME)

    return Responder(stage.run(discovery_responder, "udp"), sizes, socks)


def _wait(
    asker: socket.socket,
    responder: Responder,
    unanswered: Hints,
    returned: Hints,
    belief: Misconception | None = None,
) -> tuple:
    """The next datagram that this asker gets, as (data, sender).

    Args:
        asker: waits.
        responder: at work.
        unanswered: hints where it stays without an answer.
        returned: hints where the function has returned.
        belief: behind both.

    Raises:
        Wrong: where none comes, though the server has dealt with all that it was sent.
    """
    server = responder.server
    for patience in (0.15, 0.1):
        asker.settimeout(patience)
        try:
            return asker.recvfrom(2048)
        except TimeoutError:
            server.settle(1.0)
            if not server.running:
                break
    if not server.running:
        told = "Your function has returned. It is to answer one question after another, for ever."
        raise Wrong(told, belief, returned)
    told = f"A question stayed without an answer; your function was in {server.place}."
    if _is_connected(responder.socks[0]):
        raise Wrong(f"{told} It has connected `sock`.", hints=words.CONNECTED)
    raise Wrong(told, belief, unanswered)


def _ask(
    asker: socket.socket,
    responder: Responder,
    unanswered: Hints = words.NO_ANSWER,
    returned: Hints = words.RETURNED,
    belief: Misconception | None = None,
) -> None:
    """Ask, and raise Wrong unless the name comes, from the address that was asked."""
    address = responder.server.address
    asker.sendto(QUESTION, address)
    answer, sender = _wait(asker, responder, unanswered, returned, belief)
    _expect_name(answer)
    if sender != address:
        told = "The answer came from another port than the one that was asked."
        raise Wrong(told, hints=words.OTHER_PORT)


def _is_connected(sock: socket.socket) -> bool:
    with contextlib.suppress(OSError):
        return bool(sock.getpeername())
    return False


def _expect_name(answer: bytes) -> None:
    if answer == ANSWER:
        return
    hints = words.OTHER_ANSWER
    if answer == QUESTION:
        hints = words.ECHOED
    elif answer in [NAME.encode(other) for other in ("latin-1", "utf-16", "utf-16-le", "cp437")]:
        hints = words.UTF_8
    elif answer in [NAME.encode("ascii", errors) for errors in ("replace", "ignore")]:
        hints = words.LOST_LETTER
    told = f"The device's name is {NAME!r}. Expected {ANSWER!r}, got {short(answer)}."
    raise Wrong(told, hints=hints)


def _waiting(asker: socket.socket) -> list[bytes]:
    """The datagrams that wait for this asker."""
    found = []
    asker.settimeout(0)
    with contextlib.suppress(BlockingIOError):
        while True:
            found.append(asker.recvfrom(2048)[0])
    return found


def _hears_nothing(asker: socket.socket, responder: Responder, told: str, hints: Hints) -> None:
    """Raise Wrong where something has come for this asker, which has had what it asked for."""
    _expect_rest(responder)
    if came := _waiting(asker):
        hints = hints if came[0] == ANSWER else words.SAYS_NO
        raise Wrong(f"{told} Expected silence, got {short(came[0])}.", hints=hints)


def _expect_rest(responder: Responder) -> None:
    """Raise Wrong where it works on, with nothing to do: what it costs shows in each case."""
    if works_on_and_on(responder.server):
        place = responder.server.place
        told = f"Nobody has asked anything more, and your function works on and on in {place}."
        raise Wrong(told, hints=SPINS)


def several(function: Callable, stage: Stage) -> None:
    """Three askers, one after another."""
    responder = _respond(function, stage)
    for number in range(1, 4):
        _ask(stage.socket_udp(f"asker {number}"), responder)
    _expect_rest(responder)


def quiet(function: Callable, stage: Stage) -> None:
    """An asker; then nobody for longer than any timeout of the function's own; then two more."""
    responder = _respond(function, stage)
    _ask(stage.socket_udp("asker 1"), responder)
    _expect_rest(responder)
    stage.time_out()
    for name in ("asker 2", "asker 3"):
        _ask(stage.socket_udp(name), responder, words.OWN_TIMEOUT, words.OWN_TIMEOUT)


def burst(function: Callable, stage: Stage) -> None:
    """Twenty askers ask before anyone has an answer; each gets one, and only one."""
    responder = _respond(function, stage)
    askers = [stage.socket_udp(f"asker {number}") for number in range(1, 21)]
    for asker in askers:
        asker.sendto(QUESTION, responder.server.address)
    for asker in askers:
        answer, _ = _wait(asker, responder, words.ONLY_SOME, words.RETURNED)
        _expect_name(answer)
    _expect_rest(responder)
    if more := sum(len(_waiting(asker)) for asker in askers):
        told = f"Each has asked once and had its answer. Expected no more, got {more}."
        raise Wrong(told, hints=words.TWICE)


def again(function: Callable, stage: Stage) -> None:
    """One asker asks three times, as the first two answers were lost for it."""
    responder = _respond(function, stage)
    asker = stage.socket_udp("asker 1")
    _ask(asker, responder)
    # Another asker shows that it still answers, but not to the same one.
    _ask(stage.socket_udp("asker 2"), responder)
    for _ in range(2):
        _ask(asker, responder, words.AGAIN, words.AGAIN, DELIVERED)
    _expect_rest(responder)


def empty(function: Callable, stage: Stage) -> None:
    """Two questions, an empty datagram, and another question."""
    responder = _respond(function, stage)
    silent, asker = stage.socket_udp("stranger"), stage.socket_udp("asker 3")
    for other in ("asker 1", "asker 2"):
        _ask(stage.socket_udp(other), responder)
    silent.sendto(b"", responder.server.address)
    _ask(asker, responder, words.ENDS_EMPTY, words.ENDS_EMPTY, EMPTY)
    told = "An empty datagram is no question."
    _hears_nothing(silent, responder, told, words.ANSWERS_EMPTY)


def other_talk(function: Callable, stage: Stage) -> None:
    """Another device's answer, shouting, what is nearly a question, and bytes that are no text."""
    responder = _respond(function, stage)
    server = responder.server
    talker, asker = stage.socket_udp("talker"), stage.socket_udp("asker")
    for data, _ in OTHER_TALK:
        talker.sendto(data, server.address)
    server.settle(MOMENT)
    if _waiting(talker):
        stage.again()
        for data, hints in OTHER_TALK:  # each by itself, to see which it was
            talker.sendto(data, server.address)
            _hears_nothing(talker, responder, f"{short(data)} is not the question.", hints)
    _ask(asker, responder, words.TOLERANT, words.RETURNED)
    told = "None of what it said was the question."
    _hears_nothing(talker, responder, told, words.TOLERANT)


def borders(function: Callable, stage: Stage) -> None:
    """Half a question and its other half, then a question with more behind it."""
    responder = _respond(function, stage)
    server, sizes = responder.server, responder.sizes
    halves, longer, asker = map(stage.socket_udp, ("stranger", "talker", "asker 3"))
    for other in ("asker 1", "asker 2"):
        _ask(stage.socket_udp(other), responder)
    halves.sendto(QUESTION[:6], server.address)
    halves.sendto(QUESTION[6:], server.address)
    longer.sendto(LONGER, server.address)
    # Where halves are kept for later, what follows no longer is a question.
    _ask(asker, responder, words.JOINED, words.JOINED, HALF)
    _expect_rest(responder)
    if answers := _waiting(halves):
        told = "Two datagrams never become one. Expected silence, and"
        told += f" {len(answers)} came back."
        if len(answers) == 1:
            raise Wrong(told, HALF, words.JOINED)
        raise Wrong(told, hints=words.ANSWERS_ALL)  # of a function that answers everything
    if _waiting(longer):
        told = "A longer datagram is not the question, even if it begins like it."
        told += " Expected silence, got an answer."
        if 0 < max(sizes, default=0) < len(LONGER):
            raise Wrong(told, HALF, words.CUT)
        raise Wrong(told, hints=words.BEGINS)


def gone(function: Callable, stage: Stage) -> None:
    """An asker closes its socket at once; the system says so, as Windows does; others ask."""
    told_of_it = threading.Event()
    responder = _respond(function, stage, told_of_it)
    with stage.socket_udp("asker 1") as asker:
        asker.sendto(QUESTION, responder.server.address)
    responder.server.settle(MOMENT)
    told_of_it.set()
    # The first of these may be answered by a call that had begun before.
    askers = [stage.socket_udp(name) for name in ("asker 2", "asker 3")]
    for asker in askers:
        _ask(asker, responder, words.DEAF, words.ENDED_BY_RESET)
    _expect_rest(responder)
    if any(_waiting(asker) for asker in askers):
        told = "An asker got its answer once more when receiving had raised ConnectionResetError."
        raise Wrong(told, hints=words.STALE)


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
