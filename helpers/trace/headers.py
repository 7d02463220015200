"""IP, UDP and TCP headers as bytes, such as a correct sender would write, for captures."""

from __future__ import annotations

import ipaddress
import struct

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
LARGEST_SEGMENT = 65_495  # bytes: 65,535 less the headers of IPv4 and TCP
_UDP, _TCP = 17, 6
# The log knows no windows. Wireshark notes a window that is filled to the byte: slices of one size
# never do that to a prime, and beyond the handshake it is scaled as far as RFC 7323 allows.
_WINDOW, _WINDOW_SHIFT = 65_521, 14
_SYN_OPTIONS = struct.pack("!BBHBBBB", 2, 4, LARGEST_SEGMENT, 1, 3, 3, _WINDOW_SHIFT)

Peer = tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]


def datagram(source: Peer, target: Peer, kept: bytes, size: int, number: int) -> bytes:
    """A UDP datagram (RFC 768) in its IP packet, without what was not kept of its payload.

    Args:
        source, target: address and port, both of one IP version.
        kept: the payload's first bytes.
        size: bytes of the whole payload.
        number: the identification in an IPv4 header, so that a copy has that of its original.

    Raises:
        ValueError: for a payload that UDP can't carry.
    """
    largest = 65_507 if source[0].version == 4 else 65_527
    if size > largest:
        raise ValueError(f"a datagram carries {largest:,} bytes at most, not {size:,}")
    header = struct.pack("!HHH", source[1], target[1], 8 + size)
    checksum = _checksum(_pseudo(source, target, _UDP, 8 + size) + header + bytes(2) + kept)
    # Zero means that there is no checksum, so a sum of zero is written as its equal.
    whole = header + struct.pack("!H", checksum or 0xFFFF) + kept
    return _internet_header(source, target, _UDP, 8 + size, number) + whole


def segment(
    source: Peer,
    target: Peer,
    numbers: tuple[int, int],
    flags: int,
    kept: bytes = b"",
    size: int = 0,
) -> bytes:
    """A TCP segment (RFC 9293, section 3.1) in its IP packet, as `datagram` does it.

    Args:
        source, target, kept, size: as of `datagram`.
        numbers: sequence number and acknowledgement number; they may run beyond 32 bits.
        flags: the sum of FIN, SYN, RST, PSH and ACK.
    """
    options = _SYN_OPTIONS if flags & SYN else b""
    length = 20 + len(options)
    number, acknowledged = (each % 2**32 for each in numbers)
    offset = length // 4 << 4
    header = struct.pack(
        "!HHIIBBH", source[1], target[1], number, acknowledged, offset, flags, _WINDOW
    )
    pseudo = _pseudo(source, target, _TCP, length + size)
    checksum = _checksum(pseudo + header + bytes(4) + options + kept)
    whole = header + struct.pack("!HH", checksum, 0) + options + kept
    return _internet_header(source, target, _TCP, length + size) + whole


def _internet_header(
    source: Peer, target: Peer, protocol: int, size: int, number: int = 0
) -> bytes:
    """The IPv4 (RFC 791) or IPv6 header (RFC 8200) over so many bytes."""
    addresses = source[0].packed + target[0].packed
    if source[0].version == 6:
        return struct.pack("!IHBB", 6 << 28, size, protocol, 64) + addresses
    do_not_fragment = 0x4000
    header = struct.pack(
        "!BBHHHBB", 0x45, 0, 20 + size, number % 65_536, do_not_fragment, 64, protocol
    )
    return header + struct.pack("!H", _checksum(header + bytes(2) + addresses)) + addresses


def _pseudo(source: Peer, target: Peer, protocol: int, size: int) -> bytes:
    """What a checksum covers beside the segment; in IPv4's shorter form the sum is the same."""
    return source[0].packed + target[0].packed + struct.pack("!II", size, protocol)


def _checksum(data: bytes) -> int:
    """The Internet checksum (RFC 1071). Bytes that were not kept count as zero."""
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return 0xFFFF - total
