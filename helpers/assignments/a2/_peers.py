"""Receivers and senders of the check's own, which look at each datagram that a program sends."""

from __future__ import annotations

import random
import time
import zlib
from collections.abc import Callable, Iterable
from typing import Any

from helpers.assignments.a2 import _hints as hints
from helpers.assignments.a2 import _wire as wire
from helpers.assignments.a2 import beliefs
from helpers.assignments.a2._field import Running
from helpers.assignments.a2._wire import ACK, DATA, DONE, FAIL, OFFER, Packet
from helpers.checks.stage import YOU, PeerSocket, Stage
from helpers.checks.wrong import Hints, Misconception, Wrong

SOON = 1.0  # seconds that an answer may take
Answers = Callable[["Receiver", Packet, list[bytes]], Iterable[bytes]]


def _as_it_is(receiver: Receiver, packet: Packet, right: list[bytes]) -> Iterable[bytes]:
    return right


class Receiver:
    """A receiver for a learner's sender. It knows the image, and notes what is wrong.

    Args:
        stage: of the case.
        image: that is to come.
        answers: given the receiver, a packet and the right answers to it, what to answer; where
            it is not given, those.
        name: in the diagram; without one nothing is recorded.
        noisy: whether what comes may be damaged on its way.

    Attributes:
        came: when each datagram came, what it held (None: nothing valid) and its size.
        there: the chunks that have come.
        ahead: how far above the lowest missing chunk one has come.
        count: of all chunks.
        transfer: of the first OFFER.
        sender: its address.
        wrong: what was wrong first.
        sending: the call of the learner's function, once `start` was called.
    """

    def __init__(
        self,
        stage: Stage,
        image: bytes,
        answers: Answers = _as_it_is,
        name: str = "receiver",
        noisy: bool = False,
    ) -> None:
        self.image, self.chunks = image, wire.chunks_of(image)
        self.count = len(self.chunks)
        self.came: list[tuple[float, Packet | None, int]] = []
        self.there: set[int] = set()
        self.ahead = 0
        self.answered = False
        self.transfer: int | None = None
        self.sender: Any = None
        self.wrong: Wrong | None = None
        self._answers, self._stage, self._noisy = answers, stage, noisy
        stage.trace.words = wire.in_words
        self._lowest = 0
        self.sock: PeerSocket = stage.socket_udp(name or YOU)
        self.address = self.sock.getsockname()
        stage.script(self._run)

    def start(self, send: Callable, address: tuple[str, int] | None = None) -> Running:
        """Call the learner's sender, which sends to this address, or directly."""
        self.sending = Running(
            self._stage, send, self._stage.socket_udp(YOU), address or self.address, self.image
        )
        return self.sending

    def wait(self, seconds: float | None = None) -> Running:
        """Wait until the sender has come back, or has done something wrong, which is raised."""
        self.sending.wait(seconds, lambda: self.wrong)
        if self.wrong is not None:
            raise self.wrong
        return self.sending

    @property
    def lowest(self) -> int:
        """The lowest chunk that is missing."""
        lowest = self._lowest
        while lowest in self.there:
            lowest += 1
        self._lowest = lowest  # in one step: two threads may ask
        return lowest

    @property
    def transmissions(self) -> int:
        """How many DATA datagrams have come."""
        return sum(packet is not None and packet.kind == DATA for _, packet, _ in self.came)

    def pack(self, kind: int, number: int, payload: bytes = b"") -> bytes:
        """A datagram of this transfer."""
        return wire.pack(kind, self.transfer or 0, number, payload)

    def right(self) -> bytes:
        """What is to be answered now."""
        if self.lowest == self.count:
            return self.pack(DONE, len(self.image))
        return self.pack(ACK, self.lowest, wire.bit_map(self.there, self.lowest))

    def _run(self) -> None:
        while True:
            try:
                data, self.sender = self.sock.recvfrom(65_536)
            except ConnectionError:
                continue
            packet = wire.unpack(data)
            self.came.append((time.monotonic(), packet, len(data)))
            if packet is None and self._noisy:
                continue
            try:
                self._look(data, packet)
            except Wrong as wrong:
                self.wrong = wrong
                return
            if packet.kind == DATA:
                self.ahead = max(self.ahead, packet.number - self.lowest)
                self.there.add(packet.number)
            for each in self._answers(self, packet, [self.right()]):
                self.answered = True
                self.sock.sendto(each, self.sender)

    def _look(self, data: bytes, packet: Packet | None) -> None:
        if len(data) > wire.LARGEST:
            told = f"A datagram of {len(data)} bytes was sent: at most {wire.LARGEST} get through."
            raise Wrong(told, beliefs.ANY_SIZE)
        if packet is None:
            raise _no_packet(data)
        kind, transfer, number, payload = packet
        if kind not in (OFFER, DATA, FAIL):
            raise Wrong(f"A sender sends OFFER, DATA and FAIL, and this was {packet}.")
        if self.transfer is None:
            if kind != OFFER:
                raise Wrong(
                    f"{packet} came, and no OFFER had come before it. Even the first OFFER may be "
                    "lost: repeat it until it is answered, and only then send DATA.",
                    hints=hints.SENDING,
                )
            self.transfer = transfer
        if transfer != self.transfer:
            told = f"All packets bear the transfer of the OFFER, {self.transfer:#010x}; {packet}"
            raise Wrong(f"{told} bears {transfer:#010x}.", hints=hints.PACKETS)
        if kind == OFFER:
            if number != len(self.image):
                told = f"The image has {len(self.image):,} bytes, and OFFER says {number:,}."
                raise Wrong(told, hints=hints.PACKETS)
            if payload != wire.digest(self.image):
                told = "OFFER must carry the image's SHA-256, 32 bytes; its payload is "
                raise Wrong(f"{told}{payload[:8].hex(' ') or 'empty'} ...", hints=hints.PACKETS)
        elif kind == DATA:
            self._look_at_data(packet)

    def _look_at_data(self, packet: Packet) -> None:
        number = packet.number
        if not self.answered:
            told = f"{packet} came before the OFFER was answered: a receiver ignores it then."
            raise Wrong(told, hints=hints.SENDING)
        if number >= self.count:
            raise Wrong(
                f"{packet} came, and the image has {self.count} chunks: the number is that of the "
                "chunk, from 0 on.",
                hints=hints.PACKETS,
            )
        if packet.payload != self.chunks[number]:
            raise Wrong(
                f"{packet} does not hold chunk {number}: of {len(self.chunks[number])} bytes "
                f"expected, from byte {number * wire.CHUNK:,} of the image on.",
                hints=hints.PACKETS,
            )


def _no_packet(data: bytes) -> Wrong:
    """Why what was sent is no packet."""
    told = "What was sent is no packet"
    if len(data) < wire.HEAD.size:
        told = f"{told}: it has {len(data)} bytes, and a header alone has {wire.HEAD.size}."
        return Wrong(told, hints=hints.PACKETS)
    kind, transfer, number, crc = wire.HEAD.unpack_from(data)
    payload = data[wire.HEAD.size :]
    right = wire.HEAD.unpack_from(wire.pack(kind, transfer, number, payload))[3]
    told = f"{told}: its CRC field is {crc:08x}, and the CRC-32 of all of it, with that field zero"
    told = f"{told}, is {right:08x}."
    if crc == zlib.crc32(data[:9] + payload):
        told += " Yours leaves its own four bytes out: they count as zeros, and they do count."
    too_little = payload, data[1:9] + payload
    belief = beliefs.PART_OF_IT if crc in map(zlib.crc32, too_little) else None
    return Wrong(told, belief, None if belief else hints.PACKETS)


class Asker:
    """A sender for a learner's receiver, one step at a time.

    Args:
        stage: of the case.
        receive: the learner's function, which is called at once.
        image: that is offered.
        name: in the diagram; without one nothing is recorded.
    """

    def __init__(self, stage: Stage, receive: Callable, image: bytes, name: str = "sender") -> None:
        self.image, self.chunks = image, wire.chunks_of(image)
        self.transfer = random.Random(len(image)).getrandbits(32)
        self.there: set[int] = set()
        self._stage = stage
        stage.trace.words = wire.in_words
        theirs = stage.socket_udp(YOU)
        self.address = theirs.getsockname()
        self.sock = stage.socket_udp(name or YOU)
        self.receiving = Running(stage, receive, theirs)

    def raw(self, datagram: bytes, sock: PeerSocket | None = None) -> None:
        """Send these bytes, from the sender's socket or another."""
        (sock or self.sock).sendto(datagram, self.address)

    def pack(self, kind: int, number: int, payload: bytes = b"") -> bytes:
        """A datagram of this transfer."""
        return wire.pack(kind, self.transfer, number, payload)

    def an_offer(self) -> bytes:
        """The OFFER."""
        return self.pack(OFFER, len(self.image), wire.digest(self.image))

    def some_data(self, number: int) -> bytes:
        """A chunk as DATA."""
        return self.pack(DATA, number, self.chunks[number])

    def offer(self, **how: Any) -> None:
        """Send the OFFER, which must be answered."""
        self.raw(self.an_offer())
        self.expect("OFFER", **how)

    def data(self, number: int, **how: Any) -> None:
        """Send a chunk, which must be answered."""
        self.raw(self.some_data(number))
        self.there.add(number)
        self.expect(f"DATA {number}", **how)

    @property
    def lowest(self) -> int:
        """The lowest chunk that was not sent."""
        return next((n for n in range(len(self.chunks)) if n not in self.there), len(self.chunks))

    def expect(
        self,
        after: str,
        belief: Misconception | None = None,
        tips: Hints | None = None,
        within: float = SOON,
        kind: int = 0,
    ) -> Packet:
        """The right answer must come now: ACK with the lowest missing number, or DONE.

        Answers that were right before may come once more in between.

        Args:
            after: what was sent.
            belief, tips: for another one.
            within: seconds.
            kind: FAIL, where that is the right one.

        Raises:
            Wrong: for another answer, or none.
        """
        done = self.lowest == len(self.chunks)
        wanted = kind or (DONE if done else ACK)
        number = len(self.image) if done else self.lowest
        told = "FAIL" if wanted == FAIL else str(Packet(wanted, 0, number))
        ends, last = time.monotonic() + within, None
        while (left := ends - time.monotonic()) > 0:
            last = self.receive(left) or last
            if last is None:
                break
            if last.kind == FAIL and wanted == FAIL:
                return last
            if (last.kind, last.number) == (wanted, number):
                return last
            if last.kind == ACK and last.number > self.lowest:
                raise Wrong(
                    f"After {after}: {last} came, and chunk {self.lowest} is missing: expected "
                    f"{told}.",
                    belief or beliefs.ACK_NAMES,
                    tips,
                )
            if last.kind != ACK:
                break
        came = f"{last} came" if last else "nothing came"
        if last is not None and last.kind == wanted == DONE:
            told = f"After {after}: expected {told}, and {came}: its number is the image's size."
            raise Wrong(told, None, hints.PACKETS)
        if last is None and self.receiving.over and self.receiving.error is not None:
            error = self.receiving.error
            if not isinstance(error, ConnectionError):
                raise error
            came = f"it has raised ConnectionError ({error})"
        if last is not None and last.kind == ACK and belief is None and not tips:
            belief = beliefs.ACK_NAMES
        raise Wrong(f"After {after}: expected {told}, and {came}.", belief, tips)

    def silent(self, after: str, belief: Misconception | None, seconds: float = 0.15) -> None:
        """No answer may come now."""
        if (packet := self.receive(seconds)) is not None:
            raise Wrong(f"After {after}, which it must ignore: {packet} came.", belief)

    def receive(self, seconds: float) -> Packet | None:
        """The next answer, which must keep to the specification; None where none comes in time."""
        self.sock.settimeout(max(0.001, seconds))
        try:
            data, _ = self.sock.recvfrom(65_536)
        except TimeoutError:
            return None
        packet = wire.unpack(data)
        if len(data) > wire.LARGEST:
            told = f"A datagram of {len(data)} bytes was sent: at most {wire.LARGEST} get through."
            raise Wrong(told, beliefs.ANY_SIZE)
        if packet is None:
            raise _no_packet(data)
        if packet.transfer != self.transfer:
            told = (
                f"The transfer is {self.transfer:#010x}, and {packet} bears {packet.transfer:#x}."
            )
            raise Wrong(told, beliefs.ANY_PACKET)
        if packet.kind == ACK:
            if len(packet.payload) > wire.BIT_MAP:
                told = f"A bit map has at most {wire.BIT_MAP} bytes: {packet} came."
                raise Wrong(told, hints=hints.PACKETS)
            claimed = wire.chunks_in(packet.payload, packet.number)
            if wrong := sorted(claimed - self.there):
                raise Wrong(
                    f"The bit map of {packet} says that chunk {wrong[0]} is there, which was not "
                    "sent: its first bit stands for the chunk after the ACK's number.",
                    hints=hints.PACKETS,
                )
        elif packet.kind not in (DONE, FAIL):
            raise Wrong(f"A receiver sends ACK, DONE and FAIL, and this was {packet}.")
        return packet

    def finish(self, belief: Misconception | None = None, tips: Hints | None = None) -> None:
        """Send what is missing, chunk by chunk."""
        while self.lowest < len(self.chunks):
            self.data(self.lowest, belief=belief, tips=tips)
