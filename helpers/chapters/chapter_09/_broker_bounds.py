"""The cases of `selector_broker` in which something grows: a line, or what waits for a reader."""

from __future__ import annotations

from helpers.chapters.chapter_08._lines import Talker
from helpers.chapters.chapter_08._standing import line_of, served, spins
from helpers.chapters.chapter_09 import _broker_hints as hints
from helpers.chapters.chapter_09._broker import why_busy
from helpers.chapters.chapter_09._room import Room
from helpers.chapters.chapter_09.beliefs import SENDALL
from helpers.checks.stage import Silence, Stage
from helpers.checks.watched import Watched
from helpers.checks.wrong import Hints, Wrong
from helpers.servers.crashes import ServerCrashed

SETTLE = 0.05  # seconds that the broker gets to take in what was sent, at the most
LONGEST_LINE = 65_536  # bytes without a newline
MOST_WAITING = 1_000_000  # bytes
BIG = b"x" * 49_999 + b"\n"
SMALL_BUFFER = 65_536  # bytes, of the system: so that what waits is with the learner's code


@served()
def endless(server: Watched, stage: Stage) -> None:
    """A client sends as much without a newline as it may, then more; another many lines at once."""
    room = Room(server)
    one, two, three = room.join(3)
    two.say(b"z" * LONGEST_LINE)
    server.settle(SETTLE)
    two.say(b"\n")
    try:
        room.heard(two, b"z" * LONGEST_LINE + b"\n")
    except Wrong as wrong:
        gone = len(server.open_connections()) < 3
        raise Wrong(str(wrong), hints=hints.LIMIT_TOO_LOW if gone else wrong.hints) from None
    room.leave(two)
    two.say(b"z" * (LONGEST_LINE + 1))
    told = (
        f"A client has sent {LONGEST_LINE + 1:,} bytes without a newline. Expected that it is "
        f"disconnected once they are more than {LONGEST_LINE:,}."
    )
    room.expect_open(2, told, cause=hints.NO_LINE_LIMIT)
    room.say(one, b"lamp on\n")
    lines = [b"reading %d of many %s\n" % (number, b"." * 180) for number in range(1000)]
    try:
        room.say(three, *lines)
    except Wrong as wrong:
        gone = len(server.open_connections()) < 2
        raise Wrong(str(wrong), hints=hints.LINES_FIRST if gone else wrong.hints) from None


@served(SMALL_BUFFER)
def slow(server: Watched, stage: Stage) -> None:
    """One reads nothing while others say 700,000 bytes, and then reads all of it."""
    room = Room(server)
    try:
        late, one, two = room.join(3)
        for _ in range(14):
            two.say(BIG)
            room.heard(two, BIG, by=[one])
        try:
            room.heard(two, *[BIG] * 14, by=[late])
        except Wrong as wrong:
            raise _why_lost(room, late, two, wrong) from None
        two.say(b"the end\n")
        room.heard(two, b"the end\n", by=[one, late])
        _expect_rest(server)
    except (Wrong, ServerCrashed) as error:
        _explain(server, error)


def _expect_rest(server: Watched) -> None:
    """Expect that a broker rests when all that waited has been sent."""
    server.settle(SETTLE)
    if spins(server.server._threads):
        told = "The slow reader has read all, and nothing waits for anybody. Your broker keeps a "
        raise Wrong(f"{told}processor busy all the time.", why_busy(server), hints.SPINS)


def _why_lost(room: Room, late: Talker, other: Talker, wrong: Wrong) -> Wrong:
    """What a slow reader that missed something says about the broker."""
    if len(room.watched.open_connections()) < 3:
        return Wrong(str(wrong), hints=hints.THROWN_OUT)
    cause: Hints = hints.LOST
    if "in vain" in str(wrong):
        other.say(b"?\n")  # what was kept comes with it
        try:
            if room.hear(late) == BIG:
                cause = hints.NOT_RESUMED
        except Silence:
            pass
    return Wrong(str(wrong), wrong.misconception, cause)


def _explain(server: Watched, error: Wrong | ServerCrashed) -> None:
    """Raise this error again, or what says whether `sendall` has to do with it."""
    try:
        server.settle(0.1)
    except ServerCrashed as crash:
        error = crash
    own = error.__cause__
    if isinstance(own, BlockingIOError) and not server.cut:
        told = f"It raised BlockingIOError: {own}, in {line_of(own)}."
        raise Wrong(told, hints=hints.READY) from None
    if isinstance(error, Wrong) and server.cut:
        told = "`sendall` raised BlockingIOError in your code, in the middle of a line."
        raise Wrong(f"{error} {told}", SENDALL) from None
    raise error


@served(SMALL_BUFFER)
def stubborn(server: Watched, stage: Stage) -> None:
    """One reads nothing for ever while others say more than the broker is to keep."""
    room = Room(server)
    try:
        never, one, two = room.join(3)
        server.settle(SETTLE)  # a byte may be heard before it is known as sent
        meter = _Meter(server, never)
        while (left := MOST_WAITING - meter.waiting()) > 0 and meter.said < 3 * MOST_WAITING:
            line = BIG if left >= len(BIG) else b"y" * (left - 1) + b"\n"
            two.say(line)
            meter.said += len(line)
            try:
                room.heard(two, line, by=[one])
            except Wrong as wrong:
                gone = len(server.open_connections()) < 3
                raise Wrong(str(wrong), hints=hints.TOO_SOON if gone else wrong.hints) from None
            if server.server._owner.trace.left_out:
                return  # so much was sent that nobody can tell how much waits
            if left <= 2 * len(BIG):
                server.settle(SETTLE)
            if len(server.open_connections()) < 3:
                raise Wrong(
                    f"A client that read nothing was disconnected when {meter.waiting():,} bytes "
                    f"waited for it. Expected that up to {MOST_WAITING:,} may.",
                    hints=hints.TOO_SOON,
                )
        room.leave(never)
        two.say(b"\n" * 100)
        room.heard(two, *[b"\n"] * 100)
        told = (
            f"A client has read nothing of {meter.said:,} bytes; {meter.waiting() + 100:,} of them "
            "wait for it, and it is still connected. Expected that it is disconnected once more "
            f"than {MOST_WAITING:,} do."
        )
        room.expect_open(2, told, cause=hints.NO_LIMIT)
        room.say(one, b"who is left?\n")
    except (Wrong, ServerCrashed) as error:
        _explain(server, error)


class _Meter:
    """What waits for a client: what was said to it, less what the system has taken."""

    def __init__(self, server: Watched, client: Talker) -> None:
        self.said = 0
        self._server, self._at_first = server, 0
        self._peer = client.sock.getsockname()[:2]
        self._at_first = self._taken()

    def waiting(self) -> int:
        """Bytes that the broker still has to send to this client."""
        return self.said - (self._taken() - self._at_first)

    def _taken(self) -> int:
        owner = self._server.server._owner
        name = owner.peer_name(self._peer)
        return sum(
            event.size
            for event in owner.trace.events
            if event.target == name and event.kind == "data"
        )
