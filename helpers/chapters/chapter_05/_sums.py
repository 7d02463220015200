"""What usual mistakes, and other sums, make of bytes instead of the Internet checksum."""

from __future__ import annotations

import binascii
import struct
import zlib
from collections.abc import Callable
from functools import reduce
from itertools import pairwise
from operator import xor

Sum = Callable[[bytes], int]
FULL = 0xFFFF


def words(data: bytes, order: str = "!") -> tuple[int, ...]:
    """The bytes two by two as numbers; an odd last one is followed by a zero."""
    data = bytes(data) + bytes(len(data) % 2)
    return struct.unpack(f"{order}{len(data) // 2}H", data)


def folded(total: int) -> int:
    """A sum whose carries have been added again until it fits into 16 bits."""
    while total > FULL:
        total = (total & FULL) + (total >> 16)
    return total


def internet(data: bytes) -> int:
    """The checksum as RFC 1071 has it: the complement of the one's complement sum."""
    return FULL - folded(sum(words(data)))


def not_turned_over(data: bytes) -> int:
    return folded(sum(words(data)))


def carry_lost(data: bytes) -> int:
    return FULL - sum(words(data)) % (FULL + 1)


def carry_lost_and_not_turned_over(data: bytes) -> int:
    return sum(words(data)) % (FULL + 1)


def never_folded(data: bytes) -> int:
    return sum(words(data))


def folded_once(data: bytes) -> int:
    total = sum(words(data))
    return FULL - ((total & FULL) + (total >> 16)) % (FULL + 1)


def one_carry_at_most(data: bytes) -> int:
    total = sum(words(data))
    return FULL - (total - FULL if total > FULL else total) % (FULL + 1)


def folded_once_and_too_wide(data: bytes) -> int:
    total = sum(words(data))
    return FULL ^ ((total & FULL) + (total >> 16))


def folded_once_and_negative(data: bytes) -> int:
    total = sum(words(data))
    return FULL - ((total & FULL) + (total >> 16))


def by_remainder(data: bytes) -> int:
    return FULL - sum(words(data)) % FULL


def without_mask(data: bytes) -> int:
    return ~folded(sum(words(data)))


def twos_complement(data: bytes) -> int:
    return -folded(sum(words(data))) & FULL


def little_endian(data: bytes) -> int:
    return FULL - folded(sum(words(data, "<")))


def alone_as_it_is(data: bytes) -> int:
    last = data[-1] if len(data) % 2 else 0
    return FULL - folded(sum(words(data[: len(data) // 2 * 2])) + last)


def zero_in_front(data: bytes) -> int:
    return internet(bytes(len(data) % 2) + data)


def padded_always(data: bytes) -> int:
    return internet(data if len(data) % 2 else data + b"\0\0")


def last_left_out(data: bytes) -> int:
    return internet(data[: len(data) // 2 * 2])


def overlapping(data: bytes) -> int:
    return FULL - folded(sum(a << 8 | b for a, b in pairwise(data)))


def of_words_by_xor(data: bytes) -> int:
    return reduce(xor, words(data), 0)


def turned_over_by_xor(data: bytes) -> int:
    return FULL ^ of_words_by_xor(data)


def of_bytes(data: bytes) -> int:
    return sum(data)


def turned_over_sum_of_bytes(data: bytes) -> int:
    return FULL - folded(sum(data))


def in_one_byte(data: bytes) -> int:
    return sum(data) % 256


def in_one_byte_turned_over(data: bytes) -> int:
    return 255 - sum(data) % 256


def in_two_bytes(data: bytes) -> int:
    return sum(data) % (FULL + 1)


def carried_in_one_byte(data: bytes) -> int:
    total = sum(data)
    while total > 255:
        total = (total & 255) + (total >> 8)
    return 255 - total


def of_bytes_by_xor(data: bytes) -> int:
    return reduce(xor, data, 0)


def half_of_a_crc(data: bytes) -> int:
    return zlib.crc32(data) & FULL


def upper_half_of_a_crc(data: bytes) -> int:
    return zlib.crc32(data) >> 16


def crc_of_16_bits(data: bytes) -> int:
    return binascii.crc_hqx(data, 0)


def crc_of_16_bits_from_ones(data: bytes) -> int:
    return binascii.crc_hqx(data, FULL)


def half_of_adler(data: bytes) -> int:
    return zlib.adler32(data) & FULL


def fletcher(data: bytes) -> int:
    low = high = 0
    for byte in data:
        low = (low + byte) % 255
        high = (high + low) % 255
    return high << 8 | low


SUMS_OF_BYTES: tuple[Sum, ...] = (
    of_bytes,
    turned_over_sum_of_bytes,
    in_one_byte,
    in_one_byte_turned_over,
    in_two_bytes,
    carried_in_one_byte,
    of_bytes_by_xor,
)
# Sums that look at places, too.
STRONGER: tuple[Sum, ...] = (
    zlib.crc32,
    half_of_a_crc,
    upper_half_of_a_crc,
    crc_of_16_bits,
    crc_of_16_bits_from_ones,
    zlib.adler32,
    half_of_adler,
    fletcher,
)
