"""The cases of `selector_broker`: a room of clients that say lines to each other."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from helpers.chapters.chapter_07._room import WAIT, Room
from helpers.chapters.chapter_07.beliefs import GOODBYE, SENDALL
from helpers.checks.stage import Silence, Stage
from helpers.checks.values import short
from helpers.checks.watched import Watched, watched
from helpers.checks.wrong import Wrong

SETTLE = 0.03  # seconds that the broker gets to take in a piece, so that pieces come apart
LONGEST_LINE = 65_536  # bytes without a newline
MOST_WAITING = 1_000_000  # bytes
BIG = b"x" * 49_999 + b"\n"
SMALL_BUFFER = 65_536  # bytes, of the system: so that what waits is with the learner's code


@watched()
def three(server: Watched, stage: Stage) -> None:
    """Three clients say a line each, one of them two at once."""
    room = Room(server)
    one, two, three = room.join(3)
    room.say(two, b"lamp on\n")
    room.say(three, b"21.5\n", b"lamp off\n")
    room.say(one, b"good night\n")
    room.say(two, b"good night, too\n")


@watched()
def odd(server: Watched, stage: Stage) -> None:
    """Empty lines, lines that are no text, and one that is long."""
    room = Room(server)
    one, two, three = room.join(3)
    room.say(two, b"\n")
    room.say(two, b"\x00\xff\xfe\n", b"\n", b"\n")
    room.say(three, b"  between spaces \t\r\n")
    room.say(one, b"y" * 60_000 + b"\n", b"short\n")


@watched()
def halves(server: Watched, stage: Stage) -> None:
    """Half a line, another client's line, and the rest."""
    room = Room(server)
    one, two, three = room.join(3)
    two.say(b"21")
    server.settle(SETTLE)
    three.say(b"lamp on\nlamp")
    room.heard(three, b"lamp on\n", by=[one])
    server.settle(SETTLE)
    two.say(b".5\n22.5\n2")
    room.heard(two, b"21.5\n", b"22.5\n", by=[one, three])
    three.say(b" off\n")
    room.heard(three, b"lamp on\n", b"lamp off\n", by=[two])
    room.heard(three, b"lamp off\n", by=[one])
    two.say(b"3\n")
    room.heard(two, b"23\n", by=[one, three])


@watched()
def bytewise(server: Watched, stage: Stage) -> None:
    """Three clients send their lines byte by byte, in turn."""
    room = Room(server)
    one, *senders = room.join(4)
    lines = [b"aaaa\n", b"bbbb\n", b"cccc\n"]
    for number in range(len(lines[0])):
        for sender, line in zip(senders, lines, strict=True):
            sender.say(line[number : number + 1])
        server.settle(SETTLE)
    try:
        got = [one.hear() for _ in lines]
    except Silence as silence:
        told = f"Three clients sent {_listed(lines)}, byte by byte and in turn; the client "
        raise Wrong(f"{told} was to hear each of them whole. {silence}") from None
    if sorted(got, key=lambda line: line or b"") != lines:
        server.settle(0.2)
        told = f"Three clients sent {_listed(lines)}, byte by byte and in turn; the client "
        raise Wrong(f"{told}heard {_listed(got)}.")


def _listed(lines: Iterable[bytes | None]) -> str:
    return ", ".join(short(line, 30) for line in lines)


@watched()
def ends(server: Watched, stage: Stage) -> None:
    """A client says a line and half of another, and ends its side."""
    room = Room(server)
    one, two, three = room.join(3)
    two.say(b"21.5\n22")
    two.end()
    room.heard(two, b"21.5\n")
    room.leave(two)
    try:
        ended = two.is_ended()
    except Silence as silence:
        told = "A client has ended its side, and the broker still holds its connection."
        raise Wrong(f"{told} {silence}", hints=FORGET) from None
    if not ended:
        raise Wrong("A client that has ended its side was sent something more.")
    room.say(three, b"lamp on\n")
    room.say(one, b"lamp off\n")


@watched()
def fifty(server: Watched, stage: Stage) -> None:
    """Fifty clients come; each of five says a line, and one leaves."""
    room = Room(server)
    room.join(50)
    threads = len(server.server._threads())
    if threads > 1:
        raise Wrong(
            f"With fifty clients your broker runs in {threads} threads. Expected one thread for "
            "all, which a selector tells who has something to say.",
            hints=ONE_THREAD,
        )
    for number in (0, 49, 25, 7):
        room.say(room.members[number], b"I am %d\n" % number)
    gone = room.members[3]
    room.leave(gone)
    gone.sock.close()
    room.say(room.members[10], b"one of us has gone\n")


@watched()
def dead(server: Watched, stage: Stage) -> None:
    """Two clients reset, one of them at the moment when somebody's line is on its way to it."""
    room = Room(server)
    one, two, three, four = room.join(4)
    three.say(b"half a l")
    server.settle(SETTLE)
    room.leave(three)
    three.vanish()
    room.say(one, b"who is there?\n")
    server.hold()
    try:
        two.say(b"good night\n")
        server.wait_until_held()
        room.leave(four)
        four.vanish()
    finally:
        server.release()
    room.heard(two, b"good night\n")
    room.say(one, b"good night\n")
    told = "Two clients have reset their connections, and the broker still holds them open."
    room.expect_open(2, told, GOODBYE)
    room.join()


@watched()
def endless(server: Watched, stage: Stage) -> None:
    """A client sends a megabyte without a newline; another many lines at once."""
    room = Room(server)
    one, two, three = room.join(3)
    room.leave(two)
    sent = 0
    with contextlib.suppress(ConnectionError, Silence):
        while sent < 1_000_000:
            two.sock.sendall(b"z" * 20_000)
            sent += 20_000
    told = (
        f"A client has sent {sent:,} bytes without a newline. Expected that it is disconnected "
        f"once they are more than {LONGEST_LINE:,}."
    )
    room.expect_open(2, told)
    room.say(one, b"lamp on\n")
    room.say(three, *(b"reading %d of many %s\n" % (number, b"." * 180) for number in range(1000)))


@watched(SMALL_BUFFER)
def slow(server: Watched, stage: Stage) -> None:
    """One reads nothing while others say 700,000 bytes, and then reads all of it."""
    room = Room(server)
    late, one, two = room.join(3)
    try:
        for _ in range(14):
            two.say(BIG)
            room.heard(two, BIG, by=[one])
        room.heard(two, *[BIG] * 14, by=[late])
        two.say(b"the end\n")
        room.heard(two, b"the end\n", by=[one, late])
    except Wrong as wrong:
        raise _cut(server, wrong) from None


def _cut(server: Watched, wrong: Wrong) -> Wrong:
    """Say what `sendall` has to do with it, where it has."""
    if server.cut:
        told = "`sendall` raised BlockingIOError in your code, in the middle of a line."
        return Wrong(f"{wrong} {told}", SENDALL)
    return wrong


@watched(SMALL_BUFFER)
def stubborn(server: Watched, stage: Stage) -> None:
    """One reads nothing for ever while others say more than the broker is to keep."""
    room = Room(server)
    never, one, two = room.join(3)
    sent = 0
    try:
        while sent < 3_000_000 and len(server.open_connections()) > 2:
            two.say(BIG)
            sent += len(BIG)
            room.heard(two, BIG, by=[one])
        room.leave(never)
        if sent <= MOST_WAITING and len(server.open_connections()) < 3:
            raise Wrong(
                f"A client that read nothing was disconnected when {sent:,} bytes had been said. "
                f"Expected that up to {MOST_WAITING:,} bytes wait for it."
            )
        told = (
            f"A client has read nothing of {sent:,} bytes, and is still connected. Expected that "
            f"it is disconnected once more than {MOST_WAITING:,} bytes wait for it."
        )
        room.expect_open(2, told)
        room.say(one, b"who is left?\n")
    except Wrong as wrong:
        raise _cut(server, wrong) from None


@watched()
def closed(server: Watched, stage: Stage) -> None:
    """The listener is closed while three clients are connected, one of them in mid-line."""
    room = Room(server)
    one, two, three = room.join(3)
    room.say(one, b"lamp on\n")
    three.say(b"half a l")
    server.close_listener(WAIT)
    if server.left_open:
        raise Wrong(
            f"Your function has returned and left {server.left_open} connections open: its "
            "clients wait for ever. Expected that it closes them.",
            hints=AT_THE_END,
        )


FORGET = (
    "What does your broker do when a client's recv returns b''?",
    "That client has ended its side: nothing more will come, and nothing is to be sent to it.",
    "Take it out of the selector and out of your list, and close its connection.",
)
ONE_THREAD = (
    "How many threads does your broker start, and what for?",
    "A selector waits for any number of sockets at once, so nobody else has to.",
    "One loop: ask the selector who is ready, and do for each of them what can be done at once.",
)
AT_THE_END = (
    "Which connections are open when your loop ends, and who closes them?",
    "The function has accepted them, so they are its own; the listener is its caller's.",
    "Close all of them where the function is left, whichever way that happens.",
)
