"""The cases of `selector_broker`: a room of clients that say lines to each other."""

from __future__ import annotations

import contextlib
import selectors
from collections.abc import Iterable

from helpers.chapters.chapter_08._standing import close_listener, patiently, served, spins, stack
from helpers.chapters.chapter_08.beliefs import GOODBYE
from helpers.chapters.chapter_09 import _broker_hints as hints
from helpers.chapters.chapter_09._room import SOON, WAIT, Room
from helpers.chapters.chapter_09.beliefs import FASTER, WRITABLE
from helpers.checks.stage import Silence, Stage
from helpers.checks.values import short
from helpers.checks.watched import Watched
from helpers.checks.wrong import Misconception, Wrong

SETTLE = 0.03  # seconds that the broker gets to take in a piece, so that pieces come apart


@served()
def three(server: Watched, stage: Stage) -> None:
    """Three clients say a line each, one of them two at once."""
    room = Room(server)
    one, two, three = room.join(3)
    room.say(two, b"lamp on\n")
    room.say(three, b"21.5\n", b"lamp off\n")
    room.say(one, b"good night\n")
    room.say(two, b"good night, too\n")


@served()
def odd(server: Watched, stage: Stage) -> None:
    """Empty lines, lines that are no text, and one that is long."""
    room = Room(server)
    one, two, three = room.join(3)
    room.say(two, b"\n")
    room.say(two, b"\x00\xff\xfe\n", b"\n", b"\n")
    room.say(three, b"  between spaces \t\r\n")
    room.say(one, b"y" * 60_000 + b"\n", b"short\n")


@served()
def halves(server: Watched, stage: Stage) -> None:
    """Half a line, another client's line, and the rest."""
    room = Room(server)
    one, two, three = room.join(3)
    two.say(b"21")
    server.settle(SETTLE)
    if half := one.so_far():
        told = f"A client sent b'21' and no newline so far, and the others heard {short(half)}."
        raise Wrong(told, hints=hints.NOT_WHOLE)
    three.say(b"lamp on\nlamp")
    try:
        room.heard(three, b"lamp on\n", by=[one])
    except Wrong as wrong:
        cause = hints.HELD_BACK if wrong.hints is hints.NOBODY else wrong.hints
        raise Wrong(str(wrong), wrong.misconception, cause) from None
    server.settle(SETTLE)
    two.say(b".5\n22.5\n2")
    room.heard(two, b"21.5\n", b"22.5\n", by=[one, three])
    three.say(b" off\n")
    room.heard(three, b"lamp on\n", b"lamp off\n", by=[two])
    room.heard(three, b"lamp off\n", by=[one])
    two.say(b"3\n")
    room.heard(two, b"23\n", by=[one, three])


@served()
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
        got = [room.hear(one) for _ in lines]
    except Silence as silence:
        told = f"Three clients sent {_listed(lines)}, byte by byte and in turn; the client "
        told = f"{told} was to hear each of them whole. {silence}"
        raise Wrong(told, hints=room.why_silent()) from None
    if sorted(got, key=lambda line: line or b"") != lines:
        server.settle(0.2)
        told = f"Three clients sent {_listed(lines)}, byte by byte and in turn; the client "
        raise Wrong(f"{told}heard {_listed(got)}.", hints=hints.MIXED)


def _listed(lines: Iterable[bytes | None]) -> str:
    return ", ".join(short(line, 30) for line in lines)


@served()
def ends(server: Watched, stage: Stage) -> None:
    """A client says a line and half of another, and ends its side."""
    room = Room(server)
    one, two, three = room.join(3)
    two.say(b"21.5\n22")
    two.end()
    room.heard(two, b"21.5\n")
    room.leave(two)
    try:
        ended = patiently(server, two.sock, two.is_ended, SOON)
    except Silence as silence:
        told = "A client has ended its side, and the broker still holds its connection."
        raise Wrong(f"{told} {silence}", hints=hints.FORGET) from None
    if not ended:
        raise Wrong("A client that has ended its side was sent something more.")
    try:
        room.say(three, b"lamp on\n")
    except Wrong as wrong:
        cause = hints.DROPPED_AT_END if "got b'22" in str(wrong) else wrong.hints
        raise Wrong(str(wrong), wrong.misconception, cause) from None
    room.say(one, b"lamp off\n")


@served()
def fifty(server: Watched, stage: Stage) -> None:
    """Fifty clients come; each of five says a line, and one leaves."""
    room = Room(server)
    room.join(50)
    threads = len(server.server._threads())
    if threads > 1:
        raise Wrong(
            f"With fifty clients your broker runs in {threads} threads. Expected one thread for "
            "all, which a selector tells who has something to say.",
            hints=hints.ONE_THREAD,
        )
    for number in (0, 49, 25, 7):
        room.say(room.members[number], b"I am %d\n" % number)
    gone = room.members[3]
    room.leave(gone)
    gone.sock.close()
    room.say(room.members[10], b"one of us has gone\n")


@served()
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
    room.expect_open(2, told, GOODBYE, hints.CLOSE_DEAD)
    for _ in range(3):  # their sockets get the numbers of those that have gone
        room.join()


@served()
def rest(server: Watched, stage: Stage) -> None:
    """Five clients say nothing: the broker has nothing to do. Its timeouts run out, and it goes "
    "on."""
    room = Room(server)
    one, *_ = room.join(5)
    server.settle(SETTLE)
    if spins(server.server._threads):
        told = "Five clients say nothing, and nothing waits for any of them. Your broker keeps a "
        raise Wrong(f"{told}processor busy all the time.", why_busy(server), hints.SPINS)
    ended = stage.time_out()
    try:
        room.say(one, b"still there?\n")
        room.join()
    except (Wrong, OSError) as error:
        if not ended or not server._returned.is_set():
            raise
        told = f"A timeout of your own has run out. {error}"
        raise Wrong(told, hints=hints.TIMED_OUT) from None


def why_busy(server: Watched) -> Misconception | None:
    """The belief behind a broker that never rests, as its selector shows it."""
    selectors_seen = {
        each
        for frame in stack(server.server._main)
        for each in [*frame.f_locals.values(), *_attributes(frame.f_locals.get("self"))]
        if isinstance(each, selectors.BaseSelector)
    }
    for selector in selectors_seen:
        with contextlib.suppress(RuntimeError, AttributeError):  # it changes, or is closed
            if any(key.events & selectors.EVENT_WRITE for key in selector.get_map().values()):
                return WRITABLE
    return FASTER if selectors_seen else None


def _attributes(owner: object) -> Iterable[object]:
    return list(getattr(owner, "__dict__", {}).values())


@served()
def closed(server: Watched, stage: Stage) -> None:
    """The listener is closed while three clients are connected, one of them in mid-line."""
    room = Room(server)
    one, two, three = room.join(3)
    room.say(one, b"lamp on\n")
    three.say(b"half a l")
    try:
        close_listener(server, 0.8, WAIT)
    except Wrong as wrong:
        cause = hints.NOT_YOURS if server.closed_listener else hints.GOES_ON
        raise Wrong(str(wrong), hints=cause) from None
    if server.left_open:
        raise Wrong(
            f"Your function has returned and left {server.left_open} connections open: its "
            "clients wait for ever. Expected that it closes them.",
            hints=hints.AT_THE_END,
        )
