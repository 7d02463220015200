"""A trace as a capture file for Wireshark: real payloads and times under made-up headers.

The log knows what passed and when, not the headers that the system wrote. So the addresses are
the peers' own, as if the link between them were a wire, and the rest of each header is what a
correct sender would write. The file says so in its comment.
"""

from __future__ import annotations

import contextlib
import ipaddress
import math
import os
import struct
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from helpers.trace.headers import ACK, FIN, LARGEST_SEGMENT, PSH, RST, SYN, Peer, datagram, segment
from helpers.trace.trace import Event, Trace

RAW_IP = 101  # link type: each packet begins with its IP header
MADE_UP = (
    "Written from the log of a course on sockets. Payloads, sizes and times are real; the IP, UDP "
    "and TCP headers are synthesised, with the handshakes and without bare acknowledgements. A "
    "packet's comment says if it was lost."
)


def write_pcap(
    trace: Trace, path: str | os.PathLike[str], at: Literal["sender", "receiver"] = "sender"
) -> int:
    """Write a trace to a file that Wireshark, tshark and tcpdump open.

    The file is written as a whole or not at all. It is in the format pcapng whatever its name
    ends in, as the older pcap has no room for comments; readers look at the content.
    A payload longer than the trace keeps (`Trace.keep`) is cut, and its full length noted.

    Args:
        trace: what passed; it may still grow.
        path: the file; one of that name is replaced.
        at: "sender" for every packet that was sent, when it was sent; "receiver" for those
            that arrived, copies included, when they arrived.

    Returns:
        How many packets the file holds. A connection begins with three for one event, and a
        slice of a stream above 65,495 bytes takes several.

    Raises:
        ValueError: for another `at`, and for a datagram that is larger than UDP allows.
        OSError: when the file can't be written.
    """
    if at not in ("sender", "receiver"):
        raise ValueError(f'at is {at!r}: use "sender" or "receiver"')
    events = sorted(trace.events, key=lambda event: event.time)
    packets = sorted(_packets(events, dict(trace.endpoints), at), key=lambda packet: packet.time)
    comment = MADE_UP
    if trace.left_out:
        comment += f" {trace.left_out:,} later events were not kept."
    began = round(trace.began * 1_000_000)
    blocks = [_section(comment), _interface(f"at the {at}")]
    blocks += [_packet(packet, began + round(packet.time * 1_000_000)) for packet in packets]
    _write(Path(path), b"".join(blocks))
    return len(packets)


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet of a capture.

    Attributes:
        time: seconds since the trace began.
        data: the bytes that are kept, from the IP header on.
        cut: how many bytes of the payload are not.
        comment: what became of it, where that is not plain delivery.
    """

    time: float
    data: bytes
    cut: int = 0
    comment: str = ""


def _packets(
    events: list[Event], endpoints: dict[str, tuple[str, int]], at: str
) -> Iterator[Packet]:
    names = dict.fromkeys(name for event in events for name in (event.source, event.target))
    peers = _addresses(names, endpoints)
    streams = _Streams(peers, at)
    sent: set[tuple[str, str, int]] = set()
    for event in events:
        if event.kind != "datagram":
            yield from streams.packets(event)
            continue
        key = (event.source, event.target, event.number)
        copy = event.fate == "duplicate" or key in sent  # a copy can be lost as well
        if event.number:
            sent.add(key)
        time = _seen(event, at)
        if math.isfinite(time) and not (copy and at == "sender"):
            source, target = peers[event.source], peers[event.target]
            data = datagram(source, target, event.head, event.size, event.number)
            yield Packet(time, data, event.size - len(event.head), _comment(event))


def _seen(event: Event, at: str) -> float:
    """When a side saw it, in seconds since the trace began; infinity for never."""
    if at == "sender":
        return event.time
    if event.fate in ("dropped", "in flight"):
        return math.inf
    if event.delivered is not None:
        return event.delivered
    return event.time if event.fate == "delivered" else math.inf  # a socket's own log


def _comment(event: Event) -> str:
    if event.fate == "dropped" and event.cause == "mtu":
        return "lost: larger than the link's mtu"
    if event.fate == "dropped":
        return f"{'refused' if event.kind == 'connect' else 'lost'}: {event.cause}"
    if event.fate == "duplicate":
        return "a copy that the link added" + (", damaged" if event.cause == "corrupt" else "")
    if event.cause == "corrupt":
        return "damaged: bits were flipped on the way"
    if event.cause == "link":
        return "by the link"
    if event.cause == "held":
        return "held back by the link"
    return "not delivered so far" if event.fate == "in flight" else ""


def _addresses(names: Iterable[str], endpoints: dict[str, tuple[str, int]]) -> dict[str, Peer]:
    """Each peer's address, all of one IP version.

    A peer whose address is not known gets one that is reserved for documentation (RFC 5737,
    RFC 3849) and a port from the dynamic range (RFC 6335).
    """
    known: dict[str, Peer] = {}
    for name, (host, port) in endpoints.items():
        with contextlib.suppress(ValueError):  # a name that nobody has resolved
            address = ipaddress.ip_address(host.partition("%")[0])
            known[name] = (getattr(address, "ipv4_mapped", None) or address, port)
    six = any(address.version == 6 for address, _ in known.values())
    base = ipaddress.ip_address("2001:db8::" if six else "192.0.2.0")
    peers = {}
    for index, name in enumerate(names):
        made_up = (base + index % 254 + 1, 49_152 + index % 16_384)
        address, port = known.get(name, made_up)
        if six and address.version == 4:
            address = ipaddress.IPv6Address(f"::ffff:{address}")
        peers[name] = (address, port)
    return peers


class _Side:
    """What one side of a connection has sent, and what of it has arrived."""

    def __init__(self, first: int) -> None:
        self.next = first  # the sequence number of its next byte
        self.ended = False  # it has sent FIN
        self._arrived = first
        self._under_way: deque[tuple[float, int]] = deque()

    def advance(self, by: int, arrival: float) -> None:
        self.next += by
        self._under_way.append((arrival, self.next))

    def arrived(self, time: float) -> int:
        """The first number that the other side misses at that time."""
        while self._under_way and self._under_way[0][0] <= time:
            self._arrived = self._under_way.popleft()[1]
        return self._arrived


class _Streams:
    """The connections of a trace: turns their events, in order, into segments.

    Args:
        peers: the address of each.
        at: the side at which packets are seen.
    """

    def __init__(self, peers: dict[str, Peer], at: str) -> None:
        self._peers, self._at = peers, at
        self._sides: dict[tuple[str, str], _Side] = {}
        self._reset: set[_Side] = set()
        self._opened = 0

    def packets(self, event: Event) -> Iterator[Packet]:
        """The packets of one event."""
        way = (event.source, event.target)
        if event.kind == "connect" or way not in self._sides:
            self._opened += 1
            first = self._opened * 10_000  # not 0, which Wireshark takes for unknown
            self._sides |= {way: _Side(first), way[::-1]: _Side(first + 5_000)}
        mine, theirs = self._sides[way], self._sides[way[::-1]]
        if event.kind == "connect":
            yield from self._connect(event, mine, theirs)
        elif mine in self._reset:
            return
        elif event.kind == "data":
            for start in range(0, event.size, LARGEST_SEGMENT):
                size = min(LARGEST_SEGMENT, event.size - start)
                kept = event.head[start : start + size]
                yield from self._send(event, PSH | ACK, kept, size)
        elif event.kind == "reset":
            self._reset |= {mine, theirs}
            yield from self._send(event, RST | ACK)
        elif not mine.ended:
            mine.ended = True
            yield from self._send(event, FIN | ACK)
            mine.advance(1, _seen(event, "receiver"))

    def _connect(self, event: Event, mine: _Side, theirs: _Side) -> Iterator[Packet]:
        """SYN, SYN with ACK and ACK (RFC 9293, section 3.5), or SYN and RST where it failed."""
        client, server = self._peers[event.source], self._peers[event.target]
        first, answer = mine.next, theirs.next
        seen, arrival = _seen(event, self._at), _seen(event, "receiver")
        mine.advance(1, arrival)
        if math.isfinite(seen):
            yield Packet(seen, segment(client, server, (first, 0), SYN), comment=_comment(event))
        if math.isfinite(arrival):
            theirs.advance(1, arrival)
            yield Packet(arrival, segment(server, client, (answer, first + 1), SYN | ACK))
            yield Packet(arrival, segment(client, server, (first + 1, answer + 1), ACK))
        elif event.fate == "dropped" and math.isfinite(seen):
            yield Packet(seen, segment(server, client, (0, first + 1), RST | ACK))

    def _send(self, event: Event, flags: int, kept: bytes = b"", size: int = 0) -> Iterator[Packet]:
        source, target = self._peers[event.source], self._peers[event.target]
        mine = self._sides[event.source, event.target]
        theirs = self._sides[event.target, event.source]
        numbers = (mine.next, theirs.arrived(event.time))
        mine.advance(size, _seen(event, "receiver"))
        time = _seen(event, self._at)
        if math.isfinite(time):
            data = segment(source, target, numbers, flags, kept, size)
            yield Packet(time, data, size - len(kept), _comment(event))


def _write(path: Path, content: bytes) -> None:
    partial = path.parent / f"{path.name}.{os.getpid()}.part"
    try:
        partial.write_bytes(content)
        os.replace(partial, path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise


# The blocks of the file: draft-ietf-opsawg-pcapng, section 4. The options used are a comment (1)
# and an interface's name (2).


def _section(comment: str) -> bytes:
    head = struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)
    return _block(0x0A0D0D0A, head + _option(1, comment))


def _interface(name: str) -> bytes:
    return _block(1, struct.pack("<HHI", RAW_IP, 0, 0) + _option(2, name))


def _packet(packet: Packet, microseconds: int) -> bytes:
    high, low = divmod(microseconds, 2**32)
    kept = len(packet.data)
    head = struct.pack("<IIIII", 0, high, low, kept, kept + packet.cut)
    comment = _option(1, packet.comment) if packet.comment else b""
    return _block(6, head + _padded(packet.data) + comment)


def _block(kind: int, body: bytes) -> bytes:
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size


def _option(code: int, text: str) -> bytes:
    value = text.encode()
    end_of_options = bytes(4)
    return struct.pack("<HH", code, len(value)) + _padded(value) + end_of_options


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
