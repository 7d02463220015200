"""How many frames carry a datagram, by cable and by radio."""

from __future__ import annotations

from math import ceil

UDP = 8  # bytes of its header
ETHERNET = 1_480  # bytes of a frame that are left for a fragment, after IPv4's header of 20
IPV6 = 40
# A frame of an IEEE 802.15.4 radio may have 81 bytes for a packet, of which one says what follows;
# each fragment then takes 4 or 5 for itself (RFC 4944, sections 4 and 5).
RADIO, FRAGMENT = 80, 4


def frames(packet: int, room: int, header: int) -> int:
    """How many frames carry a packet.

    Args:
        packet: its bytes.
        room: how many a frame carries.
        header: what each frame of several gives to a header of its own.
    """
    if packet <= room:
        return 1
    share = (room - header) // 8 * 8  # all but the last carry a multiple of 8 bytes
    return 1 + ceil((packet - (room - header)) / share)


def ethernet(size: int) -> int:
    """The frames of a datagram with so many bytes of payload, by IPv4 over Ethernet."""
    return frames(UDP + size, ETHERNET, 0)


def radio(size: int) -> int:
    """The same by IPv6 over an IEEE 802.15.4 radio, its headers uncompressed."""
    return frames(UDP + IPV6 + size, RADIO, FRAGMENT)
