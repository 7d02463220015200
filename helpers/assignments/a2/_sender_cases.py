"""What a learner's `send_firmware` meets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

from helpers.assignments.a2 import _hints as hints
from helpers.assignments.a2 import _wire as wire
from helpers.assignments.a2 import beliefs
from helpers.assignments.a2._field import (
    SENDER,
    failed_clearly,
    link_to,
    program,
    sent,
)
from helpers.assignments.a2._peers import Receiver
from helpers.assignments.a2._wire import ACK, DATA, DONE, FAIL, OFFER, Packet
from helpers.checks.stage import YOU, Stage
from helpers.checks.wrong import Hints, Misconception, Wrong

SIZES = (0, 1, 499, 500, 20_000)
SMALL, USUAL = 3_000, 20_000  # bytes
LONGEST = 6.2  # seconds: so long a program that ought to give up is waited for
CLOCKS = 0.05  # seconds by which two clocks of a machine may differ in so short a time


def sends(function: Callable, stage: Stage) -> None:
    """Five images over a link without faults, one after another."""
    send = program(function, SENDER)
    transfers = []
    for size in SIZES:
        image = wire.an_image(size)
        receiver = Receiver(stage, image, name="receiver" if size == 500 else "")
        receiver.start(send)
        run = receiver.wait()
        stats = sent(run, f"for an image of {size:,} bytes on a link that loses nothing")
        _expect_all(receiver)
        seen = receiver.transmissions
        if stats.transmissions != seen:
            told = f"`transmissions` is {stats.transmissions}, and {seen} DATA datagrams came."
            raise Wrong(told, hints=hints.SENDING)
        if not 0 <= stats.seconds <= run.seconds + CLOCKS:
            told = f"`seconds` is {stats.seconds:.6g}, and the call took {run.seconds:.2g} s."
            raise Wrong(told, hints=hints.SENDING)
        transfers.append(receiver.transfer)
    if len(set(transfers)) < len(transfers):
        told = (
            f"The transfer must be a new random number each time: {transfers[0]:#010x} came twice."
        )
        raise Wrong(told, beliefs.ANY_PACKET)


def _expect_all(receiver: Receiver) -> None:
    if receiver.transfer is None:
        told = (
            f"send_firmware returned, and nothing came, for an image of {len(receiver.image)} bytes"
        )
        raise Wrong(f"{told}.", hints=hints.SENDING)
    if receiver.lowest < receiver.count:
        raise Wrong(
            f"send_firmware returned, and of {receiver.count} chunks chunk {receiver.lowest} has "
            f"not "
            "come.",
            beliefs.LAST_ARRIVES,
        )


def _across(
    stage: Stage,
    send: Callable,
    where: str,
    belief: Misconception | None = None,
    tips: Hints | None = None,
    size: int = USUAL,
    **settings: object,
) -> None:
    """Send an image over a link to our receiver."""
    receiver = Receiver(stage, wire.an_image(size), name="", noisy="corrupt" in settings)
    with link_to(receiver.address, **settings) as link:
        receiver.start(send, link.address)
        sent(receiver.wait(), where, belief, tips)
        _expect_all(receiver)


def survives_loss(function: Callable, stage: Stage) -> None:
    """The first OFFER, its answer, then one of ten packets each way."""
    send = program(function, SENDER)
    where = "on a link that lost the first packet each way"
    first = {"script": ["drop"]}
    _across(stage, send, where, None, hints.REPEATING, SMALL, delay=0.002, up=first, down=first)
    where = "on a link that loses one of ten packets each way"
    _across(stage, send, where, None, hints.REPEATING, delay=0.002, loss=0.1, seed=4)


def survives_disorder(function: Callable, stage: Stage) -> None:
    """Answers that come twice and late; then a link that does so at random."""
    send = program(function, SENDER)
    older: list[bytes] = []

    def disordered(receiver: Receiver, packet: Packet, right: list[bytes]) -> Iterable[bytes]:
        older.extend(right)
        return [*right, *right, older[len(older) // 2], older[0]]

    receiver = Receiver(stage, wire.an_image(SMALL), disordered)
    receiver.start(send)
    where = "where each answer came twice, and older ones after it"
    sent(receiver.wait(), where, beliefs.NO_DUPLICATES)
    _expect_all(receiver)
    where = "on a link that doubles and reorders one of four packets"
    disorder = {"duplicate": 0.25, "reorder": 0.25, "jitter": 0.002}
    _across(stage, send, where, beliefs.NO_DUPLICATES, seed=5, **disorder)


def survives_damage(function: Callable, stage: Stage) -> None:
    """Before each right answer some with a damaged payload or CRC, then with a damaged header."""
    send = program(function, SENDER)

    def damaged(receiver: Receiver, packet: Packet, right: list[bytes]) -> Iterable[bytes]:
        fail = receiver.pack(FAIL, 1, b"the hash is another one")
        yield from (wire.damaged(fail, 20), wire.damaged(fail, 12))
        yield wire.damaged(receiver.pack(DONE, len(receiver.image)), 10)
        yield from (b"", b"\x04", fail[:-1], fail + b"\0", bytes(13), bytes(600))
        yield from right

    def damaged_head(receiver: Receiver, packet: Packet, right: list[bytes]) -> Iterable[bytes]:
        yield wire.damaged(receiver.pack(DONE, len(receiver.image)), 0)  # a FAIL, it seems
        yield wire.damaged(receiver.pack(ACK, 0), 8, 4)  # an ACK 4
        yield wire.damaged(wire.pack(FAIL, (receiver.transfer or 0) ^ 1, 1, b"no"), 4)
        yield from right

    for what, answers, belief in (
        ("damaged payloads and CRCs", damaged, beliefs.UNCHECKED),
        ("damaged headers", damaged_head, beliefs.PART_OF_IT),
    ):
        receiver = Receiver(stage, wire.an_image(SMALL), answers)
        receiver.start(send)
        where = f"where answers with {what} came before each right one"
        sent(receiver.wait(), where, belief)
        if receiver.lowest < receiver.count:
            told = f"send_firmware returned {where}, and chunk {receiver.lowest} has not come."
            raise Wrong(told, belief)
    where = "on a link that damages one of five packets"
    _across(stage, send, where, beliefs.UNCHECKED, delay=0.002, corrupt=0.2, seed=6)


def keeps_the_window(function: Callable, stage: Stage) -> None:
    """All are said to have come but chunk 0, until no new one has come for half a second."""
    send = program(function, SENDER)
    image = wire.an_image(300 * wire.CHUNK)
    beyond: list[int] = []  # the window
    told: list[bool] = []  # that chunk 0 has come
    newest, when = 0, time.monotonic()  # a busy machine may take long to send so many

    def missing(receiver: Receiver, packet: Packet, right: list[bytes]) -> Iterable[bytes]:
        nonlocal newest, when
        if packet.kind == DATA and packet.number >= wire.WINDOW and not told:
            beyond.append(packet.number)
        if packet.kind == DATA and packet.number > newest:
            newest, when = packet.number, time.monotonic()
        if told or time.monotonic() - when > 0.5:
            told.append(True)
            return right
        return [receiver.pack(ACK, 0, wire.bit_map(receiver.there - {0}, 0))]

    receiver = Receiver(stage, image, missing, name="")
    receiver.start(send)
    receiver.sending.wait(unless=lambda: beyond or receiver.wrong)
    if beyond:
        raise Wrong(
            f"Chunk 0 was not confirmed yet, and chunk {beyond[0]} came: at most 256 chunks from "
            "the lowest unconfirmed one on may have been sent.",
            beliefs.NO_WINDOW,
        )
    sent(receiver.wait(), "where chunk 0 was said to be missing for a while")
    _expect_all(receiver)


def keeps_the_size(function: Callable, stage: Stage) -> None:
    """A link that drops what is larger than 512 bytes; answers, and an image, that can't be."""
    send = program(function, SENDER)
    receiver = Receiver(stage, wire.an_image(SMALL), _nonsense)
    receiver.start(send)
    where = "where answers came first whose numbers, sizes or kinds are not allowed"
    sent(receiver.wait(), where, None, hints.LIMITS)
    if receiver.lowest < receiver.count:
        told = f"send_firmware returned {where}, and chunk {receiver.lowest} has not come."
        raise Wrong(told, None, hints.LIMITS)
    _across(stage, send, "on a link with an mtu of 512 bytes", beliefs.ANY_SIZE, mtu=512)
    receiver = Receiver(stage, b"")
    receiver.image = bytes(wire.MOST + 1)
    run = receiver.start(send)
    run.wait(unless=lambda: receiver.came)
    if receiver.came:
        told = "An image of 16 MiB and a byte can't be sent: ValueError was expected, and "
        raise Wrong(f"{told}{receiver.came[0][1]} came.", hints=hints.FAILING)
    if not isinstance(run.error, ValueError):
        what = f"it raised {run.error!r}" if run.error else f"it returned {run.result!r}"
        told = "An image of 16 MiB and a byte can't be sent: ValueError was expected, and "
        raise Wrong(f"{told}{what}.", hints=hints.FAILING)


def _nonsense(receiver: Receiver, packet: Packet, right: list[bytes]) -> Iterable[bytes]:
    """Before each right answer some whose CRC fits, and that are not valid all the same."""
    yield receiver.pack(DONE, len(receiver.image) + 1)
    yield receiver.pack(DONE, len(receiver.image), b"all of it")
    yield receiver.pack(ACK, receiver.count + 5)
    yield receiver.pack(ACK, receiver.lowest, b"\xff" * 33)
    yield receiver.pack(OFFER, len(receiver.image), wire.digest(receiver.image))
    yield receiver.pack(9, 0)
    yield from right


def ignores_strangers(function: Callable, stage: Stage) -> None:
    """DONE, FAIL and ACKs from another address, and of another transfer."""
    send = program(function, SENDER)
    stranger = stage.socket_udp("stranger")
    where = "where a stranger and an earlier transfer spoke"

    def between(receiver: Receiver, packet: Packet, right: list[bytes]) -> Iterable[bytes]:
        forged = [
            (ACK, receiver.count, b""),
            (DONE, len(receiver.image), b""),
            (FAIL, 1, b"a stranger's"),
        ]
        for kind, number, payload in forged:
            stranger.sendto(receiver.pack(kind, number, payload), receiver.sender)
        earlier = (receiver.transfer or 0) ^ 1
        yield from (wire.pack(kind, earlier, number, payload) for kind, number, payload in forged)
        yield from right

    def in_words(head: bytes) -> str:
        return wire.in_words(head, receiver.transfer)

    receiver = Receiver(stage, wire.an_image(SMALL), between)
    stage.trace.words = in_words
    receiver.start(send)
    sent(receiver.wait(), where, beliefs.ANY_PACKET)
    if receiver.lowest < receiver.count:
        told = f"send_firmware returned {where}, and chunk {receiver.lowest} has not come."
        raise Wrong(told, beliefs.ANY_PACKET)


def asks_again_at_the_end(function: Callable, stage: Stage) -> None:
    """The first DONE is lost, also for an empty image."""
    send = program(function, SENDER)
    for size in (SMALL, 0):
        lost = []

        def loses(
            receiver: Receiver, packet: Packet, right: list[bytes], lost: list = lost
        ) -> Iterable[bytes]:
            if receiver.lowest == receiver.count and len(lost) < 2:
                lost.append(packet)
                return []
            return right

        receiver = Receiver(stage, wire.an_image(size), loses)
        receiver.start(send)
        run = receiver.wait()
        sent(run, "where the last answer was lost twice", beliefs.LAST_ARRIVES)
        if len(lost) < 2 or receiver.lowest < receiver.count:
            raise Wrong(
                "send_firmware returned before DONE had come: nobody has told it that the image "
                "is whole.",
                beliefs.LAST_ARRIVES,
            )


def passes_failure_on(function: Callable, stage: Stage) -> None:
    """The receiver says that the hash is wrong, or refuses at once."""
    send = program(function, SENDER)
    for at_once in (False, True):
        reason = "no room here" if at_once else "the hash is another one"

        def fails(
            receiver: Receiver,
            packet: Packet,
            right: list[bytes],
            at_once: bool = at_once,
            reason: str = reason,
        ) -> Iterable[bytes]:
            over = at_once or receiver.lowest == receiver.count
            fail = receiver.pack(FAIL, 7 if at_once else 1, reason.encode() + b"\xff" * at_once)
            return [fail] if over else right

        receiver = Receiver(stage, wire.an_image(SMALL), fails)
        receiver.start(send)
        run = receiver.wait()
        where = f"where the receiver sent FAIL ({reason})"
        failed_clearly(run, SENDER, where, beliefs.ALL_THERE)
        if reason not in str(run.error):
            said = f"FAIL said {reason!r}" + " and a byte that is no UTF-8" * at_once
            told = f"{said}; the ConnectionError says {str(run.error)!r}."
            raise Wrong(told, hints=hints.FAILING)
        if run.seconds > 2.5:
            told = f"send_firmware raised its error {run.seconds:.1f} s after the call, {where}."
            raise Wrong(told, hints=hints.FAILING)


class Dead:
    """A receiver that says nothing valid any more after some chunks; a stranger goes on."""

    def __init__(self, stage: Stage, send: Callable) -> None:
        self.last = time.monotonic()
        self.receiver = Receiver(stage, wire.an_image(USUAL), self._answers, name="")
        self.receiver.start(send)
        self._stage, self._stranger = stage, stage.socket_udp(YOU)
        stage.script(self._noise)

    def _answers(self, receiver: Receiver, packet: Packet, right: list[bytes]) -> Iterable[bytes]:
        if len(receiver.came) > 8:
            return []
        self.last = time.monotonic()
        return right

    def _noise(self) -> None:
        receiver = self.receiver
        while not receiver.sending.over:
            self._stage.pause(0.4)
            if receiver.sender and not receiver.sending.over:
                noise = receiver.pack(ACK, 0)
                self._stranger.sendto(noise, receiver.sender)
                receiver.sock.sendto(wire.damaged(noise, 5), receiver.sender)

    def told(self) -> float:
        """How many seconds after the last valid packet the sender has given up.

        Raises:
            Wrong: where it did not do so by ConnectionError.
        """
        while not self.receiver.sending.over and time.monotonic() < self.last + LONGEST:
            self.receiver.wait(0.1)
        if not self.receiver.sending.over:
            raise Wrong(
                f"send_firmware still sends after {LONGEST:g} s: the receiver has been silent "
                f"since "
                "the first chunks, and only a stranger and damaged packets came.",
                beliefs.NEVER_GIVES_UP,
            )
        where = "where the link had died"
        failed_clearly(self.receiver.sending, SENDER, where, beliefs.NEVER_GIVES_UP)
        run = self.receiver.sending
        return run.began + run.seconds - self.last


class Silent:
    """A receiver that hears nothing for two seconds after so many datagrams, and goes on."""

    def __init__(self, stage: Stage, send: Callable, after: int = 8, seconds: float = 2.0) -> None:
        self.after, self.seconds = after, seconds
        self.began = self.longest = 0.0
        self._before = 0.0
        self._lock = threading.Lock()
        self.receiver = Receiver(stage, wire.an_image(USUAL), self._answers, name="")
        self.receiver.start(send)

    def _answers(self, receiver: Receiver, packet: Packet, right: list[bytes]) -> Iterable[bytes]:
        now = time.monotonic()
        if self._before:
            self.longest = max(self.longest, now - self._before)
        self._before = now
        if len(receiver.came) > self.after:
            self.began = self.began or now
            if now - self.began < self.seconds:
                if packet.kind != OFFER:
                    receiver.there.discard(packet.number)
                return []
        return right
