"""The cases of `telemetry_server` in which an update of a count could be lost."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from time import sleep  # as it is before a check puts another in its place

from helpers.chapters.chapter_08._lines import Talker
from helpers.chapters.chapter_08.beliefs import GIL
from helpers.chapters.chapter_09 import _telemetry_hints as hints
from helpers.chapters.chapter_09._devices import WAIT, ask, hear, started, talker
from helpers.chapters.chapter_09.beliefs import UNDRAINED
from helpers.checks.loops import LoopServer
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong
from helpers.learner_code import is_learners

MANY = 50  # clients
SEND_BUFFER = 16_384  # bytes, of the system: so that a client that does not read is soon felt
LONG_NAME = b"x" * 900  # of a device: its answers fill buffers
FLOOD = 3_000_000  # bytes that a client sends without reading
KEPT = 100_000  # bytes of answers to them: more than there is if each of them is an error
READINGS = 250
BUDGET = 0.5  # seconds for each of two parts of a case: on a slow machine it sees less
MOST_ANSWERS = 400  # that the other client asks for until the first one's readings stand still
SLOW_LINES = 150  # that other threads run slowly


def at_once(function: Callable, stage: Stage) -> None:
    """Fifty clients send a reading of one device each, all at the same moment."""
    with started(function, stage) as server:
        clients = []
        for number in range(1, MANY + 1):
            clients.append(talker(server))
            if number % 5 == 0:  # so many fit into any backlog
                server.settle()
        with _slow_threads():
            with server.held():
                for client in clients:
                    client.say(b"lamp 21.5\n")
            counts = [[_count(server, client, b"lamp")] for client in clients]
        told = f"{MANY} clients sent a reading of `lamp` each, all at the same moment."
        if all(each == [1] for each in counts):
            _expect_shared(server, clients[:2])
        _compare(told, counts)


def _expect_shared(server: LoopServer, clients: list[Talker]) -> None:
    """Expect that what one client has counted, one after another, the next one finds counted."""
    counts = []
    for client in clients:
        client.say(b"lamp 22.5\n")
        counts.append(_count(server, client, b"lamp"))
    if counts[0] >= counts[1]:
        raise Wrong(
            f"Two clients sent a reading of `lamp`, one after the other, and got the counts "
            f"{counts[0]} and {counts[1]}. Expected one count for all connections.",
            hints=hints.SHARED,
        )


def _count(server: LoopServer, client: Talker, device: bytes) -> int:
    """The count of the next answer, which must be one to a reading of this device."""
    got = hear(server, client, f"an answer to a reading of {short(device, 30)}")
    start = b"ok %s " % device
    digits = got.removeprefix(start).removesuffix(b"\n")
    if not got.startswith(start) or not digits.isdigit():
        raise Wrong(f"Expected b'ok', the device and a count, got {short(got)}.")
    return int(digits)


def _compare(told: str, counts: list[list[int]], complete: bool = True) -> None:
    """Expect each count once, and those of each connection in order.

    Args:
        told: what was sent.
        counts: what each connection was answered.
        complete: whether these are all answers.
    """
    together = sorted(count for each in counts for count in each)
    number = len(together)
    twice = sorted({each for each, following in pairwise(together) if each == following})
    if twice:
        raise Wrong(
            f"{told} Expected each count once; {len(twice)} of them came more than once, the first "
            f"of these {twice[0]}: readings were lost.",
            GIL,
        )
    if complete and together != list(range(1, number + 1)):
        raise Wrong(f"{told} Expected each count from 1 to {number}, got {short(together)}.")
    if any(each != sorted(each) for each in counts):
        raise Wrong(f"{told} One of them got its answers in another order.", hints=hints.ORDER)


@contextlib.contextmanager
def _slow_threads() -> Iterator[None]:
    """Let threads that start meanwhile rest before each line of the learner's, for some lines.

    So what two threads do without a lock meets in every run, and not by luck.
    """
    left, end = SLOW_LINES, time.monotonic() + BUDGET

    def at_each_line(frame: object, event: str, _: object) -> Callable:
        nonlocal left
        if event == "line" and left > 0 and time.monotonic() < end:
            left -= 1
            sleep(0.0005)
        return at_each_line

    def at_each_call(frame: object, event: str, _: object) -> Callable | None:
        return at_each_line if is_learners(frame.f_code.co_filename) else None

    before = threading.gettrace()
    threading.settrace(at_each_call)
    try:
        yield
    finally:
        threading.settrace(before)


def deaf(function: Callable, stage: Stage) -> None:
    """A client sends many readings and reads no answer; another sends of the same device."""
    with started(function, stage) as server:
        server.small_send_buffer(SEND_BUFFER)
        first, second = talker(server), talker(server)
        line = LONG_NAME + b" 1\n"
        sent = _send_some(first, line * READINGS)
        counts: list[int] = []
        end = time.monotonic() + BUDGET
        while not _stands_still(counts) and len(counts) < MOST_ANSWERS and time.monotonic() < end:
            second.say(line)
            try:
                counts.append(_count(server, second, LONG_NAME))
            except Wrong as wrong:
                raise Wrong(
                    str(wrong), wrong.misconception, wrong.hints or _drains(wrong)
                ) from None
        theirs: list[int] = []
        whole, end = sent // len(line), time.monotonic() + BUDGET
        while len(theirs) < whole and time.monotonic() < end:
            theirs.append(_count(server, first, LONG_NAME))
        told = "A client sent readings and read no answer; another sent readings of that device."
        if theirs[:1] == counts[:1] == [1]:
            raise Wrong(
                f"{told} Both began with a count of 1: expected one count for both.",
                hints=hints.SHARED,
            )
        _compare(told, [theirs, counts], complete=len(theirs) == whole)


def _drains(wrong: Wrong) -> Hints | None:
    return None if wrong.misconception else hints.DRAINS


def flood(function: Callable, stage: Stage) -> None:
    """A client sends and sends, and reads no answer: at some time its server must wait for it."""
    with started(function, stage) as server:
        server.small_send_buffer(SEND_BUFFER)
        for sock in server._server.sockets:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SEND_BUFFER)
        client, other = talker(server), talker(server)
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            client.sock.setsockopt(socket.SOL_SOCKET, option, SEND_BUFFER)
        line = LONG_NAME + b" 1\n"
        sent = _send_some(client, line * (FLOOD // len(line)))
        if sent > FLOOD - len(line) and _answers(client) >= KEPT:
            raise Wrong(
                f"A client has sent {sent:,} bytes and read no answer. Your server has read all of "
                "it, and keeps all answers in its memory. Expected that it reads no more from a "
                "client whose answers are not taken.",
                UNDRAINED,
            )
        ask(server, other, b"lamp 1\n", b"ok lamp 1\n", hints.AS_IT_IS)


def _answers(client: Talker) -> int:
    """How many bytes of answers come now, as far as it matters."""
    got, end = 0, time.monotonic() + BUDGET
    client.sock.settimeout(0.3)
    client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, FLOOD)
    with contextlib.suppress(OSError):
        while got < KEPT and time.monotonic() < end and (piece := client.sock.recv(1 << 18)):
            got += len(piece)
    return got


def _stands_still(counts: list[int]) -> bool:
    """Whether nobody else's readings were counted during the last three: the other one waits."""
    return len(counts) >= 3 and counts[-1] == counts[-3] + 2


def _send_some(client: Talker, data: bytes) -> int:
    """Send as much as is taken without a long wait; how many bytes."""
    sent, quiet = 0, 0
    client.sock.settimeout(0.0)
    while sent < len(data) and quiet < 10:
        try:
            sent += client.sock.send(data[sent:])
            quiet = 0
        except BlockingIOError:
            quiet += 1
            sleep(0.002)
        except ConnectionError:
            break
    client.sock.settimeout(WAIT)
    return sent
