"""What a learner's `receive_firmware` meets."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

from helpers.assignments.a2 import _hints as hints
from helpers.assignments.a2 import _wire as wire
from helpers.assignments.a2 import beliefs
from helpers.assignments.a2._field import (
    RECEIVER,
    Crossing,
    Running,
    failed_clearly,
    ours_sends,
    program,
    received,
)
from helpers.assignments.a2._peers import Asker
from helpers.assignments.a2._sender_cases import LONGEST, SIZES, SMALL, USUAL
from helpers.assignments.a2._wire import ACK, CHUNK, DATA, FAIL, OFFER
from helpers.checks.stage import YOU, Stage
from helpers.checks.wrong import Hints, Misconception, Wrong

EARLY, LATE = 0.75, 2.5  # seconds: a receiver must stay for 1 s after the last packet


def _across(
    stage: Stage, receive: Callable, size: int, seed: int = 0, **settings: object
) -> Crossing:
    return Crossing(stage, ours_sends, receive, wire.an_image(size), seed=seed, **settings)


def _expect(
    crossing: Crossing,
    where: str,
    belief: Misconception | None = None,
    tips: Hints | None = None,
) -> None:
    """What was sent over a link must have come."""
    crossing.sending.wait()
    error = crossing.sending.error
    if error is not None and not (
        crossing.receiving.over and not isinstance(crossing.receiving.error, ConnectionError)
    ):
        if not isinstance(error, ConnectionError):
            raise error
        crossing.receiving.wait(0.5)
        more = crossing.receiving.error
        also = f", and receive_firmware raised {more!r}" if more is not None else ""
        raise Wrong(f"Our sender has failed ({error}), {where}{also}.", belief, tips)
    crossing.receiving.wait()
    received(crossing.receiving, crossing.image, where, belief, tips)
    if error is not None:
        told = f"The image is right, and our sender has failed ({error}), {where}."
        raise Wrong(told, beliefs.LAST_ARRIVES)


def receives(function: Callable, stage: Stage) -> None:
    """Five images over a link without faults, side by side."""
    receive = program(function, RECEIVER)
    runs = []
    for size in SIZES:
        theirs, mine = stage.socket_udp(YOU), stage.socket_udp("sender" if size == 500 else YOU)
        image = wire.an_image(size)
        receiving = Running(stage, receive, theirs)
        runs.append(
            (image, receiving, Running(stage, ours_sends, mine, theirs.getsockname(), image))
        )
    for image, receiving, sending in runs:
        where = f"for an image of {len(image):,} bytes on a link that loses nothing"
        sending.wait()
        if isinstance(sending.error, ConnectionError):
            if receiving.over and receiving.error is not None:
                raise receiving.error
            raise Wrong(f"Our sender has failed ({sending.error}), {where}.", None, hints.RECEIVING)
        receiving.wait()
        received(receiving, image, where, None, hints.RECEIVING)


def answers_each(function: Callable, stage: Stage) -> None:
    """OFFER three times and each chunk, all of which must be answered."""
    asker = Asker(stage, program(function, RECEIVER), wire.an_image(4 * CHUNK + 7))
    asker.offer(tips=hints.RECEIVING)
    asker.offer(tips=hints.RECEIVING)
    asker.raw(asker.pack(OFFER, SMALL, wire.digest(b"")))
    asker.expect("a later OFFER of this transfer, with another size and hash", None, hints.OFFERED)
    last = len(asker.chunks) - 1
    for number in range(last):
        asker.data(number)
    asker.data(last, tips=hints.OFFERED)
    asker.receiving.wait()
    where = "where chunks came one by one, after a later OFFER that offered something else"
    received(asker.receiving, asker.image, where, None, hints.OFFERED)


def survives_loss(function: Callable, stage: Stage) -> None:
    """The first OFFER, its answer, then one of ten packets each way."""
    receive = program(function, RECEIVER)
    first = {"script": ["drop"]}
    with (
        _across(stage, receive, SMALL, delay=0.002, up=first, down=first) as scripted,
        _across(stage, receive, USUAL, 4, delay=0.002, loss=0.1) as random,
    ):
        _expect(scripted, "on a link that lost the first packet each way", None, hints.REPEATING)
        where = "on a link that loses one of ten packets each way"
        _expect(random, where, None, hints.REPEATING)


def survives_disorder(function: Callable, stage: Stage) -> None:
    """The last chunk first, each twice, OFFER in between; and a link that does so at random."""
    receive = program(function, RECEIVER)
    disorder = {"duplicate": 0.25, "reorder": 0.25, "jitter": 0.002}
    with _across(stage, receive, USUAL, 5, **disorder) as random:
        asker = Asker(stage, receive, wire.an_image(SMALL))
        asker.offer(belief=beliefs.NO_DUPLICATES)
        for number in (0, 0):
            asker.data(number, belief=beliefs.NO_DUPLICATES)
        for number in (6, 5, 5, 3, 4, 2, 2, 1):
            asker.data(number, belief=beliefs.USELESS)
        asker.receiving.wait()
        where = "where chunks came twice and from the last to the first"
        received(asker.receiving, asker.image, where, beliefs.NO_DUPLICATES)
        where = "on a link that doubles and reorders one of four packets"
        _expect(random, where, beliefs.NO_DUPLICATES)


def survives_damage(function: Callable, stage: Stage) -> None:
    """Before each packet some that are damaged, each in another field."""
    receive = program(function, RECEIVER)
    with _across(stage, receive, USUAL, 6, delay=0.002, corrupt=0.2) as random:
        asker = Asker(stage, receive, wire.an_image(SMALL))
        asker.raw(wire.damaged(asker.an_offer(), 40))
        asker.silent("an OFFER with a damaged hash", beliefs.UNCHECKED)
        for junk in (b"", b"\x01", bytes(13), bytes(600), asker.an_offer()[:-1]):
            asker.raw(junk)
        asker.offer(belief=beliefs.UNCHECKED)
        asker.data(0, belief=beliefs.UNCHECKED)
        for place, what, belief in (
            (100, "payload", beliefs.UNCHECKED),
            (11, "CRC", beliefs.UNCHECKED),
            (4, "transfer", beliefs.PART_OF_IT),
            (8, "number", beliefs.PART_OF_IT),
        ):
            asker.raw(wire.damaged(asker.some_data(2), place))
            asker.silent(f"DATA 2 with a damaged {what}", belief, 0.08)
        asker.raw(wire.damaged(asker.pack(FAIL, 1, b"no"), 11))
        asker.raw(wire.damaged(asker.an_offer(), 0, 4))  # a FAIL, it seems
        asker.data(1, belief=beliefs.PART_OF_IT)
        asker.finish(beliefs.UNCHECKED)
        asker.receiving.wait()
        where = "where damaged packets came before right ones"
        received(asker.receiving, asker.image, where, beliefs.UNCHECKED)
        where = "on a link that damages one of five packets"
        _expect(random, where, beliefs.UNCHECKED)


def ignores_nonsense(function: Callable, stage: Stage) -> None:
    """Packets whose CRC fits, and whose numbers and sizes are not allowed."""
    image = wire.an_image(3 * CHUNK + 20)
    asker = Asker(stage, program(function, RECEIVER), image)
    for what, datagram in (
        ("OFFER of 16 MiB and a byte", asker.pack(OFFER, wire.MOST + 1, bytes(32))),
        ("OFFER with a hash of 31 bytes", asker.pack(OFFER, len(image), bytes(31))),
        ("DATA before any OFFER", asker.some_data(0)),
        ("a packet of kind 9", asker.pack(9, 0)),
    ):
        _expect_ignored(asker, what, datagram)
    asker.offer(tips=hints.LIMITS)
    for what, datagram in (
        ("DATA 4 of an image of 4 chunks", asker.pack(DATA, 4, bytes(CHUNK))),
        ("DATA 4,294,967,295", asker.pack(DATA, 2**32 - 1, bytes(CHUNK))),
        ("DATA 1 with 498 bytes", asker.pack(DATA, 1, bytes(CHUNK - 1))),
        ("DATA 3, the last, with 21 bytes", asker.pack(DATA, 3, bytes(21))),
        ("DATA 3, the last, without any", asker.pack(DATA, 3)),
        ("an ACK", asker.pack(ACK, 4)),
        ("a packet of kind 0", asker.pack(0, 4)),
    ):
        _expect_ignored(asker, what, datagram)
    asker.finish(None, hints.LIMITS)
    asker.receiving.wait()
    where = "where packets with numbers and sizes came that are not allowed"
    received(asker.receiving, image, where, None, hints.LIMITS)


def _expect_ignored(asker: Asker, what: str, datagram: bytes) -> None:
    """Nothing may come of a datagram that is not valid."""
    asker.raw(datagram)
    try:
        asker.silent(what, None, 0.06)
    except Wrong as wrong:
        raise Wrong(str(wrong), wrong.misconception, wrong.hints or hints.LIMITS) from None


def ignores_strangers(function: Callable, stage: Stage) -> None:
    """Another address and another transfer, with OFFER, DATA and FAIL."""
    asker = Asker(stage, program(function, RECEIVER), wire.an_image(SMALL))
    stage.trace.words = functools.partial(wire.in_words, ours=asker.transfer)
    stranger = stage.socket_udp("stranger")
    theirs = wire.an_image(SMALL, 1)
    early = wire.pack(DATA, asker.transfer ^ 1, 0, theirs[:CHUNK])
    asker.raw(early)
    asker.offer(belief=beliefs.ANY_PACKET)
    asker.data(0, belief=beliefs.ANY_PACKET)
    asker.data(1, belief=beliefs.ANY_PACKET)
    for sock, transfer, whose in (
        (stranger, asker.transfer, "a stranger's"),
        (stranger, asker.transfer ^ 1, "a stranger's"),
        (asker.sock, asker.transfer ^ 1, "an earlier transfer's"),
    ):
        for datagram, what in (
            (wire.pack(OFFER, transfer, SMALL, wire.digest(theirs)), "OFFER"),
            (wire.pack(DATA, transfer, 2, theirs[2 * CHUNK : 3 * CHUNK]), "DATA 2"),
            (wire.pack(FAIL, transfer, 2, b"a stranger's"), "FAIL"),
        ):
            asker.raw(datagram, sock)
            asker.silent(f"{whose} {what}", beliefs.ANY_PACKET, 0.05)
    asker.finish(beliefs.ANY_PACKET)
    stranger.settimeout(0.01)
    try:
        stranger.recvfrom(600)
    except (TimeoutError, BlockingIOError):
        pass
    else:
        raise Wrong("A stranger was answered: only the sender is.", beliefs.ANY_PACKET)
    asker.receiving.wait()
    where = "where a stranger and an earlier transfer spoke"
    received(asker.receiving, asker.image, where, beliefs.ANY_PACKET)


def stays_for_the_end(function: Callable, stage: Stage) -> None:
    """DONE is lost: the last chunk comes again after 0.6 s and 1.2 s, and OFFER."""
    asker = Asker(stage, program(function, RECEIVER), wire.an_image(SMALL))
    asker.offer()
    asker.finish()
    last = len(asker.chunks) - 1
    for datagram, what in ((asker.some_data(last), f"DATA {last}"), (asker.an_offer(), "OFFER")):
        asker.receiving.wait(0.6)
        if asker.receiving.over:
            received(asker.receiving, asker.image, "with DONE", beliefs.LAST_ARRIVES)
            raise Wrong(
                "receive_firmware has returned within 0.6 s of its DONE: had that been lost, "
                "nobody would answer the sender any more.",
                beliefs.LAST_ARRIVES,
            )
        asker.raw(datagram)
        asker.expect(f"{what}, which came again as DONE was lost", beliefs.LAST_ARRIVES)
    quiet = time.monotonic()
    asker.receiving.wait(LATE + 1)
    took = time.monotonic() - quiet
    if not asker.receiving.over or took > LATE:
        told = f"Nothing came after DONE, and receive_firmware still waited after {took:.1f} s"
        raise Wrong(f"{told}: 1 s is enough.", None, hints.REPEATING)
    received(asker.receiving, asker.image, "where DONE was lost twice", beliefs.LAST_ARRIVES)
    if took < EARLY:
        told = f"After the last packet receive_firmware stayed for {took:.2f} s only, not for 1 s."
        raise Wrong(told, beliefs.LAST_ARRIVES)


def finds_a_wrong_hash(function: Callable, stage: Stage) -> None:
    """FAIL from the sender; then chunks that are whole, whose hash is not the one offered."""
    _hears_of_failure(function, stage)
    late = Asker(stage, program(function, RECEIVER), wire.an_image(SMALL, 2), name="")
    late.offer()
    late.finish()
    late.raw(late.pack(FAIL, 2, b"the sender has not heard of DONE"))
    asker = Asker(stage, program(function, RECEIVER), wire.an_image(SMALL))
    asker.raw(asker.pack(OFFER, SMALL, wire.digest(wire.an_image(SMALL, 1))))
    asker.expect("OFFER")
    last = len(asker.chunks) - 1
    for number in range(last):
        asker.data(number)
    for again in ("", ", which came again as FAIL was lost"):
        asker.raw(asker.some_data(last))
        asker.there.add(last)
        what = f"DATA {last}, after which the image is whole and its hash is wrong{again}"
        packet = asker.expect(what, beliefs.ALL_THERE, kind=FAIL)
        if packet.number != 1 or not packet.payload.strip():
            told = f"FAIL must carry code 1 and a reason for a person: {packet} came."
            raise Wrong(told, hints=hints.FAILING)
    asker.receiving.wait()
    failed_clearly(asker.receiving, RECEIVER, "where the hash was wrong", beliefs.ALL_THERE)
    late.receiving.wait()
    received(late.receiving, late.image, "where FAIL came after DONE", None, hints.FAILING)


def _hears_of_failure(function: Callable, stage: Stage) -> None:
    """The sender ends the transfer by FAIL."""
    asker = Asker(stage, program(function, RECEIVER), wire.an_image(SMALL))
    asker.offer()
    asker.data(0)
    asker.raw(asker.pack(FAIL, 2, b"the battery is low"))
    asker.receiving.wait()
    failed_clearly(asker.receiving, RECEIVER, "where the sender sent FAIL", None)
    if "the battery is low" not in str(asker.receiving.error):
        told = f"FAIL said 'the battery is low'; the error says {str(asker.receiving.error)!r}."
        raise Wrong(told, hints=hints.FAILING)


class Dead:
    """A sender that says nothing valid any more after some chunks, or from the start."""

    def __init__(self, stage: Stage, receive: Callable, begun: bool) -> None:
        self._stage, self.begun = stage, begun
        self.asker = Asker(stage, receive, wire.an_image(SMALL), name="")
        self.last = self.asker.receiving.began
        self._script = stage.script(self._send)

    def _send(self) -> None:
        asker = self.asker
        if self.begun:
            asker.offer()
            for number in (0, 1):
                asker.data(number)
            self.last = time.monotonic()
        while not asker.receiving.over:
            self._stage.pause(0.4)
            asker.raw(wire.damaged(asker.some_data(2), 5))
            if self.begun:
                asker.raw(wire.pack(DATA, asker.transfer ^ 1, 2, asker.chunks[2]))

    def told(self) -> float:
        """How many seconds after the last valid packet the receiver has given up."""
        run = self.asker.receiving
        run.wait(max(0.0, self.last + LONGEST - time.monotonic()))
        when = "after two chunks" if self.begun else "from the start"
        if not run.over:
            raise Wrong(
                f"receive_firmware still waits after {LONGEST:g} s: the link was dead {when}, "
                f"and only damaged "
                "packets and those of another transfer came.",
                beliefs.NEVER_GIVES_UP,
            )
        failed_clearly(run, RECEIVER, f"where the link was dead {when}", beliefs.NEVER_GIVES_UP)
        return run.began + run.seconds - self.last


class Silent:
    """A sender that pauses for two seconds, twice, and goes on."""

    def __init__(self, stage: Stage, receive: Callable) -> None:
        self._stage = stage
        self.asker = Asker(stage, receive, wire.an_image(SMALL), name="")
        self.script = stage.script(self._send)
        self.wrong: Wrong | None = None

    def _send(self) -> None:
        try:
            self.asker.offer()
            for number in (0, 1):
                self._stage.pause(2.0)
                self.asker.data(number, belief=beliefs.SILENCE_IS_DEATH)
            self.asker.finish()
        except Wrong as wrong:
            self.wrong = wrong
