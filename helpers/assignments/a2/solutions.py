import hashlib
import math
import secrets
import struct
import time
import zlib
from dataclasses import dataclass
from typing import NamedTuple

HEAD = struct.Struct("!BIII")  # kind, transfer, number, CRC-32 of the whole
LARGEST = 512  # bytes of a datagram
CHUNK = LARGEST - HEAD.size
OFFER, DATA, ACK, DONE, FAIL = range(1, 6)
WRONG_HASH, GAVE_UP = 1, 2
MOST = 16 * 2**20  # bytes of an image
WINDOW = 256  # chunks from the lowest one that is not confirmed
IN_FLIGHT = 64  # of them, at once: more would only wait in a queue
OVERTAKEN = 16  # later ones that have come before a chunk is taken for lost
GIVE_UP, LINGER = 3.0, 1.0  # seconds
SHORTEST_TIMER, LONGEST_TIMER = 0.15, 0.4


class Packet(NamedTuple):
    kind: int
    transfer: int
    number: int
    payload: bytes = b""

    def packed(self):
        crc = zlib.crc32(HEAD.pack(*self[:3], 0) + self.payload)
        return HEAD.pack(*self[:3], crc) + self.payload

    @classmethod
    def unpacked(cls, datagram):
        """The packet that a datagram holds; None where it is damaged, or holds none."""
        if not HEAD.size <= len(datagram) <= LARGEST:
            return None
        packet = cls(*HEAD.unpack_from(datagram)[:3], datagram[HEAD.size :])
        return packet if packet.packed() == datagram else None


@dataclass
class Stats:
    """What a transfer took: DATA datagrams, and seconds."""

    transmissions: int = 0
    seconds: float = 0.0


class Conversation:
    """One side of a transfer: all that is not a valid packet of the other side stays outside."""

    def __init__(self, sock, is_valid, address=None, transfer=None):
        self.sock, self.is_valid = sock, is_valid
        self.address, self.transfer = address, transfer
        self.heard = time.monotonic()

    def send(self, kind, number, payload=b""):
        self.sock.sendto(Packet(kind, self.transfer, number, payload).packed(), self.address)

    def receive(self, until):
        """The next valid packet; None where none has come by then."""
        while True:
            ends = min(until, self.heard + GIVE_UP)
            self.sock.settimeout(max(0.0, ends - time.monotonic()))
            try:
                datagram, address = self.sock.recvfrom(65536)
            except (BlockingIOError, TimeoutError):
                if time.monotonic() < ends:
                    continue
                if ends == until:
                    return None
                raise ConnectionError(f"nothing has come for {GIVE_UP:g} s") from None
            except ConnectionError:  # how some systems tell that an earlier datagram was refused
                continue
            packet = Packet.unpacked(datagram)
            if packet and self.is_valid(packet) and self._is_ours(packet, address):
                self.heard = time.monotonic()
                return packet

    def _is_ours(self, packet, address):
        if self.address is None and packet.kind == OFFER:
            self.address, self.transfer = address, packet.transfer
        return (address, packet.transfer) == (self.address, self.transfer)


class Timer:
    """How long to wait for an ACK, as RFC 6298 computes it from round trips."""

    def __init__(self):
        self.mean = self.deviation = None
        self.seconds = LONGEST_TIMER

    def sample(self, round_trip):
        if self.mean is None:
            self.mean, self.deviation = round_trip, round_trip / 2
        else:
            self.deviation += (abs(round_trip - self.mean) - self.deviation) / 4
            self.mean += (round_trip - self.mean) / 8
        self.seconds = min(max(self.mean + 4 * self.deviation, SHORTEST_TIMER), LONGEST_TIMER)


def send_firmware(sock, address, image):
    """Send an image, as the specification says; returns `Stats`."""
    if len(image) > MOST:
        raise ValueError(f"an image has at most {MOST:,} bytes, not {len(image):,}")
    began = time.monotonic()
    chunks = [bytes(image[start : start + CHUNK]) for start in range(0, len(image), CHUNK)]

    def is_valid(packet):
        kind, _, number, payload = packet
        if kind == ACK:
            return number <= len(chunks) and len(payload) <= WINDOW // 8
        return kind == FAIL or (kind == DONE and number == len(image))

    talk = Conversation(sock, is_valid, address, secrets.randbits(32))
    flight = Flight(chunks)
    offer = len(image), hashlib.sha256(image).digest()
    again = began
    while True:
        now = time.monotonic()
        if flight.begun:
            for number in flight.due(now):
                talk.send(DATA, number, chunks[number])
        if not flight.sent and now >= again:  # not begun, or all is there and DONE was lost
            talk.send(OFFER, *offer)
            again = now + LONGEST_TIMER
        packet = talk.receive(min(flight.next_due(), again if not flight.sent else math.inf))
        if packet is None:
            continue
        if packet.kind == DONE:
            return Stats(flight.transmissions, time.monotonic() - began)
        if packet.kind == FAIL:
            reason = packet.payload.decode(errors="replace")
            raise ConnectionError(f"the receiver ended the transfer: {reason}")
        flight.confirm(packet, talk.heard)


class Flight:
    """Which chunks are under way, each with a timer of its own."""

    def __init__(self, chunks):
        self.count = len(chunks)
        self.begun = False
        self.transmissions = self.newest = 0
        self.lowest = self.next = 0
        self.sent = {}  # chunk -> which transmission it was, and when; the oldest first
        self.repeated = set()
        self.timer = Timer()

    def due(self, now):
        """The chunks to be sent now: those that are taken for lost, then new ones."""
        while self.sent:
            number, (transmission, moment) = next(iter(self.sent.items()))
            is_overtaken = transmission + OVERTAKEN < self.newest
            if not is_overtaken and moment + self.timer.seconds > now:
                break
            del self.sent[number]
            self.repeated.add(number)
            yield self._sent(number, now)
        end = min(self.count, self.lowest + WINDOW)
        while self.next < end and len(self.sent) < IN_FLIGHT:
            self.next += 1
            yield self._sent(self.next - 1, now)

    def _sent(self, number, now):
        self.transmissions += 1
        self.sent[number] = self.transmissions, now
        return number

    def next_due(self):
        """When the next timer runs out."""
        _, moment = next(iter(self.sent.values()), (0, math.inf))
        return moment + self.timer.seconds

    def confirm(self, ack, now):
        """Take note of what an ACK says is there."""
        self.begun = True
        there = (
            f"{int.from_bytes(ack.payload, 'big'):0{8 * len(ack.payload)}b}" if ack.payload else ""
        )
        for number in list(self.sent):
            place = number - ack.number - 1
            if number < ack.number or (0 <= place < len(there) and there[place] == "1"):
                transmission, moment = self.sent.pop(number)
                if number not in self.repeated:
                    self.timer.sample(now - moment)
                    self.newest = max(self.newest, transmission)
        self.lowest = min(self.sent, default=self.next)


def receive_firmware(sock):
    """Receive an image, as the specification says; returns it when its hash fits."""
    count = None

    def is_valid(packet):
        kind, _, number, payload = packet
        if kind == OFFER:
            return number <= MOST and len(payload) == 32
        if kind == DATA and count:
            last = number == count - 1
            return number < count and len(payload) == (
                size - last * number * CHUNK if last else CHUNK
            )
        return kind == FAIL

    talk = Conversation(sock, is_valid)
    offer = None
    while offer is None:
        packet = talk.receive(math.inf)
        offer = packet if packet.kind == OFFER else None
    size, digest = offer.number, offer.payload
    count = math.ceil(size / CHUNK)
    chunks, there, lowest = [b""] * count, bytearray(b"0" * count), 0
    while lowest < count:
        bits = bytes(there[lowest + 1 : lowest + 1 + WINDOW]).ljust(WINDOW, b"0")
        talk.send(ACK, lowest, int(bits, 2).to_bytes(WINDOW // 8, "big"))
        packet = talk.receive(math.inf)
        if packet.kind == FAIL:
            raise ConnectionError(
                f"the sender ended the transfer: {packet.payload.decode(errors='replace')}"
            )
        if packet.kind == DATA:
            chunks[packet.number] = packet.payload
            there[packet.number] = ord("1")
            found = there.find(b"0", lowest)
            lowest = count if found < 0 else found
    image = b"".join(chunks)
    fits = hashlib.sha256(image).digest() == digest
    answer = (DONE, size) if fits else (FAIL, WRONG_HASH, b"the hash of what came is another one")
    packet = offer
    while packet:
        talk.send(*answer)
        packet = talk.receive(time.monotonic() + LINGER)
    if not fits:
        raise ConnectionError("the hash of what came is not the one that was offered")
    return image
