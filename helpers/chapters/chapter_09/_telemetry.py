"""The cases of `telemetry_server`: devices behind many connections, whose readings are counted."""

from __future__ import annotations

import errno
from collections.abc import Callable

from helpers.chapters.chapter_08._lines import Talker
from helpers.chapters.chapter_08._standing import spins
from helpers.chapters.chapter_08.beliefs import BACKLOG
from helpers.chapters.chapter_09 import _telemetry_hints as hints
from helpers.chapters.chapter_09._devices import (
    ask,
    started,
    talker,
    until_the_end,
)
from helpers.checks.loops import LoopServer
from helpers.checks.stage import Silence, Stage
from helpers.checks.wrong import Wrong
from helpers.servers.listening import free_port, let_go

AFTER = 0.3  # seconds for one that has waited already, when another has gone
MANY = 50  # clients


def one(function: Callable, stage: Stage) -> None:
    """One client, three devices."""
    with started(function, stage) as server:
        client = talker(server)
        try:
            ask(server, client, b"lamp 21.5\n", b"ok lamp 1\n")
        except Wrong as wrong:
            raise _at_the_end(server, client, wrong) from None
        ask(server, client, b"lamp -40\n", b"ok lamp 2\n")
        ask(server, client, b"door 0\n", b"ok door 1\n")
        ask(server, client, "küche 1e3\n".encode(), "ok küche 1\n".encode())
        ask(server, client, b"lamp 21.5\n", b"ok lamp 3\n")


def _at_the_end(server: LoopServer, client: Talker, wrong: Wrong) -> Wrong:
    """What to say where a first answer comes only when its client has ended its side."""
    if wrong.misconception or wrong.hints or "in vain" not in str(wrong):
        return wrong
    client.end()
    client.sock.settimeout(AFTER)
    try:
        came = client.hear() is not None
    except Silence:
        came = False
    told = f"{wrong} When the client had ended its side, the answer came."
    return Wrong(told, hints=hints.READS_TO_THE_END) if came else wrong


def several(function: Callable, stage: Stage) -> None:
    """A device through three connections, one of which ends and comes again."""
    with started(function, stage) as server:
        first = talker(server)
        ask(server, first, b"lamp 20\n", b"ok lamp 1\n")
        second = talker(server)
        try:
            ask(server, second, b"lamp 21\n", b"ok lamp 2\n", hints.SHARED)
        except Wrong as wrong:
            raise _held(server, first, second, wrong) from None
        ask(server, second, b"door 1\n", b"ok door 1\n")
        ask(server, first, b"lamp 22\n", b"ok lamp 3\n", hints.SHARED)
        first.sock.close()
        third = talker(server)
        ask(server, third, b"lamp 23\n", b"ok lamp 4\n", hints.SHARED)
        ask(server, third, b"door 0\n", b"ok door 2\n", hints.SHARED)
        for client in (second, third):
            client.end()
            until_the_end(server, client)
        ask(server, talker(server), b"lamp 24\n", b"ok lamp 5\n", hints.FORGOTTEN)


def _held(server: LoopServer, first: Talker, second: Talker, wrong: Wrong) -> Wrong:
    """What to say where the second client is served when the first has gone, and not before."""
    if wrong.misconception or "in vain" not in str(wrong):
        return wrong
    first.sock.close()
    second.sock.settimeout(AFTER)
    try:
        served = second.hear() is not None
    except Silence:
        served = False
    told = f"{wrong} When the first client had gone, the answer came."
    return Wrong(told, BACKLOG, hints.HELD) if served else wrong


def ends(function: Callable, stage: Stage) -> None:
    """A client ends in mid-line; the same device goes on elsewhere."""
    with started(function, stage) as server:
        first, second = talker(server), talker(server)
        ask(server, first, b"lamp 1\n", b"ok lamp 1\n")
        first.say(b"lamp 2")
        first.end()
        until_the_end(server, first)
        ask(server, second, b"lamp 3\n", b"ok lamp 2\n", hints.NOT_WHOLE)
        second.end()
        until_the_end(server, second)


def resets(function: Callable, stage: Stage) -> None:
    """Clients reset: in mid-line, before they read their answers, and at once."""
    with started(function, stage) as server:
        first, second, third = (talker(server) for _ in range(3))
        for number, client in enumerate((first, second, third), start=1):
            ask(server, client, b"window 1\n", b"ok window %d\n" % number)
        first.say(b"lamp 2")
        server.settle()
        first.vanish()
        with server.held():
            second.say(b"lamp x\n" * 200)
            second.vanish()
        ask(server, third, b"door 1\n", b"ok door 1\n")
        try:
            talker(server).vanish()
            last = talker(server)
        except Wrong as wrong:
            raise Wrong(str(wrong), hints=hints.SERVER_CLOSED) from None
        ask(server, last, b"door 2\n", b"ok door 2\n", hints.SHARED)
        ask(server, third, b"door 3\n", b"ok door 3\n", hints.SHARED)


def silent(function: Callable, stage: Stage) -> None:
    """Fifty clients send one reading each and then nothing; one more comes."""
    with started(function, stage) as server:
        quiet: list[Talker] = []
        for number in range(1, MANY + 2):
            client = talker(server)
            try:
                ask(server, client, b"lamp 1\n", b"ok lamp %d\n" % number)
            except Wrong as wrong:
                raise _rationed(quiet, client, wrong) from None
            if number % 5 == 0:
                client.say(b"half a li")
            quiet.append(client)
        server.settle()
        if spins(lambda: [server._script]):
            raise Wrong(
                f"{len(quiet)} clients say nothing, and your server keeps a processor busy all the "
                "time.",
                hints=hints.SPINS,
            )


def _rationed(served: list[Talker], client: Talker, wrong: Wrong) -> Wrong:
    """What a client that waits in vain beside those that are served says about the server."""
    if wrong.misconception or not served:
        return wrong
    for other in served:
        other.sock.close()
    client.sock.settimeout(AFTER)
    try:
        answered = client.hear() is not None
    except Silence:
        answered = False
    if not answered:
        return wrong
    if len(served) > 1:
        return Wrong(
            f"{len(served)} clients had their answers and then said nothing. One more was "
            "connected, and got its answer only when the others had gone: your server serves "
            f"{len(served)} at a time.",
            hints=hints.RATIONED,
        )
    told = (
        "One client had its answer and then said nothing. A second one was connected, and got its "
        "answer only when the first had gone: your server serves one after another."
    )
    return Wrong(told, BACKLOG)


def two(function: Callable, stage: Stage) -> None:
    """Two servers at once, the second on a port that the caller has chosen."""
    with started(function, stage) as server:
        client = talker(server)
        ask(server, client, b"lamp 1\n", b"ok lamp 1\n")
        with _on_a_port(function, stage) as other:
            beside = talker(other)
            try:
                ask(other, beside, b"lamp 1\n", b"ok lamp 1\n")
            except Wrong as wrong:
                raise Wrong(f"Two servers run. {wrong}", wrong.misconception, hints.OWN) from None
            ask(server, client, b"lamp 1\n", b"ok lamp 2\n")


def _on_a_port(function: Callable, stage: Stage) -> LoopServer:
    """A server on a port by number. Where another program is quicker, the next port is tried."""
    port = 40_000
    while True:
        port = free_port(port)
        try:
            return started(function, stage, port)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or port > 40_200:
                raise
            port += 1
        finally:
            let_go()
