"""The right answers of assignment A2, as its source has them.

Written by `python3 course.py notebooks` from the assignment's source, where they are edited. Nothing
shows them before an exercise is passed.
"""

import contextlib
import hashlib
import math
import secrets
import struct
import time
import zlib
from dataclasses import dataclass
from typing import NamedTuple

HEAD = struct.Struct("!BIII")  # kind, transfer, number, CRC


def packed(kind, transfer, number, payload=b""):
    """The bytes of one packet: its header, and the payload behind it.

    Example: packed(3, 0x5EED0042, 0) returns 13 bytes, 03 5e ed 00 42 00 00 00 00 7b 31 66 7f.

    The CRC is `zlib.crc32` of the whole packet, computed while the CRC in its header is 0.
    """
    # your lines: a header with 0 as its CRC; the CRC; then the header with it, and the payload
    crc = zlib.crc32(HEAD.pack(kind, transfer, number, 0) + payload)
    return HEAD.pack(kind, transfer, number, crc) + payload


LARGEST = 512  # bytes of a datagram

CHUNK = LARGEST - HEAD.size

OFFER, DATA, ACK, DONE, FAIL = range(1, 6)

WRONG_HASH = 1

MOST = 16 * 2**20  # bytes of an image

WINDOW = 256  # chunks from the lowest one that is not confirmed

IN_FLIGHT = 64  # of them at once: more would only wait in a queue

OVERTAKEN = 16  # later ones that have come before a chunk is taken for lost

SHORTEST_TIMER, LONGEST_TIMER = 0.15, 0.4  # seconds

GIVE_UP, LINGER = 3.0, 1.0


class Packet(NamedTuple):
    """What a datagram holds."""

    kind: int
    transfer: int
    number: int
    payload: bytes = b""

    @classmethod
    def unpacked(cls, datagram):
        """The packet that a datagram holds; None where it is damaged, or holds none."""
        if not HEAD.size <= len(datagram) <= LARGEST:
            return None
        packet = cls(*HEAD.unpack_from(datagram)[:3], datagram[HEAD.size :])
        return packet if packed(*packet) == datagram else None


class Conversation:
    """One side of a transfer. What is no valid packet of the other side stays outside."""

    def __init__(self, sock, is_valid, address=None, transfer=None):
        self.sock, self.is_valid = sock, is_valid
        self.address, self.transfer = address, transfer
        self.heard = time.monotonic()

    def send(self, kind, number, payload=b""):
        self.sock.sendto(packed(kind, self.transfer, number, payload), self.address)

    def receive(self, until=math.inf):
        """The next valid packet; None where none has come by then.

        Raises ConnectionError for FAIL, and when nothing valid has come for too long.
        """
        while True:
            ends = min(until, self.heard + GIVE_UP)
            self.sock.settimeout(max(0.0, ends - time.monotonic()))  # 0: look, and don't wait
            try:
                datagram, address = self.sock.recvfrom(65_535)
            except (TimeoutError, BlockingIOError):
                if time.monotonic() < ends:
                    continue
                if until <= self.heard + GIVE_UP:
                    return None
                raise ConnectionError(f"nothing valid has come for {GIVE_UP:g} s") from None
            except ConnectionError:  # Windows tells so of a datagram that nobody took
                continue
            packet = Packet.unpacked(datagram)
            if packet and self.is_valid(packet) and self._is_ours(packet, address):
                self.heard = time.monotonic()
                if packet.kind == FAIL:
                    reason = packet.payload.decode(errors="replace")
                    raise ConnectionError(f"the other side ended the transfer: {reason}")
                return packet

    def _is_ours(self, packet, address):
        if self.address is None and packet.kind == OFFER:
            self.address, self.transfer = address, packet.transfer
        return (address, packet.transfer) == (self.address, self.transfer)


class Timer:
    """How long to wait for an ACK, learnt from round trips as RFC 6298 does it."""

    def __init__(self):
        self.mean = self.deviation = None
        self.seconds = LONGEST_TIMER

    def sample(self, round_trip):
        if self.mean is None:
            self.mean, self.deviation = round_trip, round_trip / 2
        else:
            self.deviation += (abs(round_trip - self.mean) - self.deviation) / 4
            self.mean += (round_trip - self.mean) / 8
        self.seconds = min(max(SHORTEST_TIMER, self.mean + 4 * self.deviation), LONGEST_TIMER)


class Flight:
    """The chunks that are in flight, each with a time of its own: Selective Repeat."""

    def __init__(self, count):
        self.count = count  # of all chunks
        self.may_begin = False
        self.lowest = self.next = 0  # the lowest unconfirmed chunk, and the next new one
        self.sent = {}  # chunk -> the number and the moment of its transmission, in this order
        self.repeated = set()
        self.transmissions = self.newest = 0  # all, and the newest one that was confirmed
        self.timer = Timer()

    def due(self, now):
        """The chunks to be sent now: first those that are taken for lost, then new ones."""
        while self.sent:
            chunk, (transmission, moment) = next(iter(self.sent.items()))
            overtaken = self.newest - transmission > OVERTAKEN
            if not overtaken and now < moment + self.timer.seconds:
                break
            del self.sent[chunk]
            self.repeated.add(chunk)
            yield self._sent(chunk, now)
        end = min(self.count, self.lowest + WINDOW) if self.may_begin else 0
        while self.next < end and len(self.sent) < IN_FLIGHT:
            self.next += 1
            yield self._sent(self.next - 1, now)

    def next_due(self):
        """When the next timer runs out."""
        _, moment = next(iter(self.sent.values()), (0, math.inf))
        return moment + self.timer.seconds

    def confirm(self, ack, now):
        """Take note of what an ACK says."""
        self.may_begin = True
        there = "".join(f"{byte:08b}" for byte in ack.payload)
        for chunk in list(self.sent):
            place = chunk - ack.number - 1
            if chunk < ack.number or there[max(0, place) : place + 1] == "1":
                transmission, moment = self.sent.pop(chunk)
                if chunk not in self.repeated:  # else nobody knows which of them was confirmed
                    self.timer.sample(now - moment)
                    self.newest = max(self.newest, transmission)
        self.lowest = min(self.sent, default=self.next)

    def _sent(self, chunk, now):
        self.transmissions += 1
        self.sent[chunk] = self.transmissions, now
        return chunk


@dataclass
class Stats:
    """What a transfer took: DATA datagrams, and seconds."""

    transmissions: int
    seconds: float


def send_firmware(sock, address, image):
    """Send an image, as the specification says. The caller closes the socket."""
    if len(image) > MOST:
        raise ValueError(f"an image has at most {MOST:,} bytes, not {len(image):,}")
    began = offer_due = time.monotonic()
    chunks = [image[start : start + CHUNK] for start in range(0, len(image), CHUNK)]

    def is_valid(packet):
        if packet.kind == ACK:
            return packet.number < len(chunks) and len(packet.payload) <= WINDOW // 8
        if packet.kind == DONE:
            return packet.number == len(image) and not packet.payload
        return packet.kind == FAIL

    talk = Conversation(sock, is_valid, address, secrets.randbits(32))
    flight = Flight(len(chunks))
    while True:
        now = time.monotonic()
        for chunk in flight.due(now):
            talk.send(DATA, chunk, chunks[chunk])
        if not flight.sent and now >= offer_due:  # at first, and for an empty image
            talk.send(OFFER, len(image), hashlib.sha256(image).digest())
            offer_due = now + LONGEST_TIMER
        packet = talk.receive(flight.next_due() if flight.sent else offer_due)
        if packet and packet.kind == DONE:
            return Stats(flight.transmissions, time.monotonic() - began)
        if packet:
            flight.confirm(packet, talk.heard)


def receive_firmware(sock):
    """Receive an image, as the specification says. The caller closes the socket."""
    size = 0

    def is_valid(packet):
        if packet.kind == OFFER:
            return packet.number <= MOST and len(packet.payload) == 32
        if packet.kind == DATA:
            return 0 < len(packet.payload) == min(CHUNK, size - packet.number * CHUNK)
        return packet.kind == FAIL

    talk = Conversation(sock, is_valid)
    _, _, size, digest = talk.receive()
    count = math.ceil(size / CHUNK)
    chunks, there, lowest = [b""] * count, bytearray(b"0" * count), 0
    while lowest < count:
        bits = there[lowest + 1 : lowest + 1 + WINDOW].ljust(WINDOW, b"0")
        talk.send(ACK, lowest, int(bits, 2).to_bytes(WINDOW // 8, "big"))
        packet = talk.receive()
        if packet.kind == DATA:
            chunks[packet.number], there[packet.number] = packet.payload, ord("1")
            lowest = (there + b"0").index(b"0", lowest)
    image = b"".join(chunks)
    fits = hashlib.sha256(image).digest() == digest
    answer = (DONE, size) if fits else (FAIL, WRONG_HASH, b"the hash is not the one offered")
    with contextlib.suppress(ConnectionError):  # of a FAIL that comes too late
        talk.send(*answer)
        while talk.receive(time.monotonic() + LINGER):
            talk.send(*answer)
    if not fits:
        raise ConnectionError("the hash of what came is not the one that was offered")
    return image
