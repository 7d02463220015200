"""The cases of `telemetry_server`: devices behind many connections, whose readings are counted."""

from __future__ import annotations

import errno
from collections.abc import Callable

from helpers.chapters.chapter_07._devices import ask, expect, hear, started, talker, until_the_end
from helpers.chapters.chapter_07._lines import Talker, pieces
from helpers.chapters.chapter_07.beliefs import BACKLOG
from helpers.checks.loops import LoopServer
from helpers.checks.stage import Silence, Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong
from helpers.servers.listening import free_port, let_go

AFTER = 0.3  # seconds for one that has waited already, when another has gone
MANY = 50  # clients


def one(function: Callable, stage: Stage) -> None:
    """One client, three devices."""
    with started(function, stage) as server:
        client = talker(server)
        ask(server, client, b"lamp 21.5\n", b"ok lamp 1\n")
        ask(server, client, b"lamp -40\n", b"ok lamp 2\n")
        ask(server, client, b"door 0\n", b"ok door 1\n")
        ask(server, client, "küche 1e3\n".encode(), "ok küche 1\n".encode())
        ask(server, client, b"lamp 21.5\n", b"ok lamp 3\n")


def several(function: Callable, stage: Stage) -> None:
    """A device through three connections, one of which ends and comes again."""
    with started(function, stage) as server:
        first, second = talker(server), talker(server)
        ask(server, first, b"lamp 20\n", b"ok lamp 1\n")
        ask(server, second, b"lamp 21\n", b"ok lamp 2\n")
        ask(server, second, b"door 1\n", b"ok door 1\n")
        ask(server, first, b"lamp 22\n", b"ok lamp 3\n")
        first.sock.close()
        third = talker(server)
        ask(server, third, b"lamp 23\n", b"ok lamp 4\n")
        ask(server, third, b"door 0\n", b"ok door 2\n")
        for client in (second, third):
            client.end()
            until_the_end(server, client)
        ask(server, talker(server), b"lamp 24\n", b"ok lamp 5\n")


def together(function: Callable, stage: Stage) -> None:
    """Lines in one segment, and lines cut anywhere."""
    with started(function, stage) as server:
        client = talker(server)
        client.say(b"".join(b"lamp %d\n" % number for number in range(30)))
        for number in range(1, 31):
            expect(server, client, b"lamp %d\n" % (number - 1), b"ok lamp %d\n" % number)
        client.say(b"door 1\nlamp 31\nnothing\nlamp 32\n\ndoor 2\n")
        expect(server, client, b"door 1\n", b"ok door 1\n")
        expect(server, client, b"lamp 31\n", b"ok lamp 31\n")
        expect(server, client, b"nothing\n", b"error\n")
        expect(server, client, b"lamp 32\n", b"ok lamp 32\n")
        expect(server, client, b"\n", b"error\n")
        expect(server, client, b"door 2\n", b"ok door 2\n")
        line = "küche 21.5\n".encode()
        for piece in pieces(line + line, 1, 2, 9, len(line) - 1, len(line) + 2):
            client.say(piece)
            server.settle()
        expect(server, client, line, "ok küche 1\n".encode())
        expect(server, client, line, "ok küche 2\n".encode())


BAD = (
    b"lamp\n",
    b"lamp warm\n",
    b"\n",
    b"21.5\n",
    b"lamp nan\n",
    b"lamp -inf\n",
    b"lamp 1e999\n",
    b"lamp Infinity\n",
    b"lamp 21,5\n",
    b"lamp 0x15\n",
    b"lamp \xff\n",
    b"\xff\xfe 21.5\n",
)


def bad(function: Callable, stage: Stage) -> None:
    """Bad lines, each between good ones."""
    with started(function, stage) as server:
        client = talker(server)
        ask(server, client, b"lamp 1\n", b"ok lamp 1\n")
        for count, line in enumerate(BAD, start=2):
            ask(server, client, line, b"error\n")
            ask(server, client, b"lamp 1\n", b"ok lamp %d\n" % count)


def long(function: Callable, stage: Stage) -> None:
    """A line of 1,500 bytes, one of 900, and one of 300,000."""
    with started(function, stage) as server:
        client = talker(server)
        ask(server, client, b"n" * 1490 + b" 1\n", b"error\n")
        name = b"n" * 890
        _one_answer(server, client, 1493, name + b" 1\n", b"ok " + name + b" 1\n")
        line = b"m" * 300_000 + b" 1\n"
        client.say(line)
        expect(server, client, line, b"error\n")
        _one_answer(server, client, len(line), b"lamp 1\n", b"ok lamp 1\n")


def _one_answer(server: LoopServer, client: Talker, size: int, line: bytes, answer: bytes) -> None:
    """Send a line after one of so many bytes, which has its answer; expect no second one to it."""
    client.say(line)
    got = hear(server, client, f"an answer to {short(line)} after a line of {size:,} bytes")
    if got == b"error\n":
        client.sock.settimeout(AFTER)
        try:
            more = client.hear()
        except Silence:
            more = None
        raise Wrong(
            f"A line of {size:,} bytes came, and then {short(line)}. Expected one b'error\\n', "
            f"then {short(answer)}; the second answer was b'error\\n', too.",
            hints=ONE_LINE if more else None,
        )
    if got != answer:
        raise Wrong(f"Expected {short(answer)}, got {short(got)}.")


def ends(function: Callable, stage: Stage) -> None:
    """A client ends in mid-line; the same device goes on elsewhere."""
    with started(function, stage) as server:
        first, second = talker(server), talker(server)
        ask(server, first, b"lamp 1\n", b"ok lamp 1\n")
        first.say(b"lamp 2")
        first.end()
        until_the_end(server, first)
        ask(server, second, b"lamp 3\n", b"ok lamp 2\n")
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
        talker(server).vanish()
        ask(server, talker(server), b"door 2\n", b"ok door 2\n")
        ask(server, third, b"door 3\n", b"ok door 3\n")


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
            hints=RATIONED,
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
                raise Wrong(f"Two servers run. {wrong}", wrong.misconception, OWN) from None
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


ONE_LINE: Hints = (
    "What does your code make of the rest of a line whose beginning it has refused?",
    "A line ends at its newline, however long it is; all of it together is one bad line.",
    "Remember that you are inside a line that is too long, and throw away what comes until its "
    "newline has come.",
)
RATIONED: Hints = (
    "What limits how many clients are served at the same time?",
    "A task that waits for its client costs next to nothing.",
    "Let nothing be held for as long as a conversation lasts.",
)
OWN: Hints = (
    "Where do the counts live, and who else uses them?",
    "A count belongs to one server: a second one, or the same cell run again, begins anew.",
    "Make what counts inside the function, each time it is called.",
)
