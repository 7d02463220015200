"""The first step of A2: what it says of a learner's packets, and that right ones cross."""

import struct
import zlib

import pytest

from helpers.assignments.a2 import solutions
from helpers.assignments.a2.carried import carry
from helpers.assignments.a2.packed import MISTAKES, compare

HEAD, LITTLE = struct.Struct("!BIII"), struct.Struct("<BIII")


def undone(kind, transfer, number, payload=b""):
    """The chapter's."""
    # your lines: a head
    raise NotImplementedError
    # end


def begun(kind, transfer, number, payload=b""):
    """One line is there."""
    HEAD.pack(kind, transfer, number, 0)
    raise NotImplementedError


def without_the_zeros(kind, transfer, number, payload=b""):
    crc = zlib.crc32(HEAD.pack(kind, transfer, number, 0)[:9] + payload)
    return HEAD.pack(kind, transfer, number, crc) + payload


def of_the_head_alone(kind, transfer, number, payload=b""):
    crc = zlib.crc32(HEAD.pack(kind, transfer, number, 0))
    return HEAD.pack(kind, transfer, number, crc) + payload


def of_the_payload_alone(kind, transfer, number, payload=b""):
    return HEAD.pack(kind, transfer, number, zlib.crc32(payload)) + payload


def little_endian(kind, transfer, number, payload=b""):
    crc = zlib.crc32(LITTLE.pack(kind, transfer, number, 0) + payload)
    return LITTLE.pack(kind, transfer, number, crc) + payload


def padded(kind, transfer, number, payload=b""):
    head = struct.Struct("BIII")
    crc = zlib.crc32(head.pack(kind, transfer, number, 0) + payload)
    return head.pack(kind, transfer, number, crc) + payload


def without_crc(kind, transfer, number, payload=b""):
    return HEAD.pack(kind, transfer, number, 0) + payload


def without_payload(kind, transfer, number, payload=b""):
    return solutions.packed(kind, transfer, number, payload)[: HEAD.size]


def cut(kind, transfer, number, payload=b""):
    return solutions.packed(kind, transfer, number, payload)[:-1]


def longer(kind, transfer, number, payload=b""):
    return solutions.packed(kind, transfer, number, payload) + b"\0"


def without_return(kind, transfer, number, payload=b""):
    HEAD.pack(kind, transfer, number, 0)


def of_three_numbers(kind, transfer, number, payload=b""):
    return HEAD.pack(kind, transfer, number) + payload


def as_text(kind, transfer, number, payload=b""):
    return solutions.packed(kind, transfer, number, payload).hex()


def test_what_is_undone_is_no_mistake():
    assert repr(compare(undone)).startswith("– packed: not started")
    assert repr(compare(begun)).startswith("– packed: not finished")
    assert "✗" not in compare(undone)._repr_html_()


@pytest.mark.parametrize("function", [undone, without_payload])
def test_packets_that_are_not_right_are_not_sent(function):
    assert repr(carry(function)).startswith("– Nothing was sent.")


def test_right_packets_are_as_in_the_example_and_cross_a_link():
    assert repr(compare(solutions.packed)) == "✓ All packets are as in the example, byte by byte"
    crossed = repr(carry(solutions.packed))
    assert "DATA 1, lost" in crossed
    assert crossed.endswith(
        "ACK 1, has 2; 8. sender to receiver: DATA 1; 9. receiver to sender: DONE 1,000."
    )


@pytest.mark.parametrize(
    ("function", "where", "why"),
    [
        (without_the_zeros, "OFFER differs from byte 9 on, in the field CRC", "as zeros"),
        (of_the_head_alone, "OFFER differs from byte 9 on, in the field CRC", "the header alone"),
        (of_the_payload_alone, "OFFER differs from byte 9 on, in the field CRC", "payload alone"),
        (without_crc, "OFFER differs from byte 9 on, in the field CRC", "still 0"),
        (little_endian, "OFFER differs from byte 1 on, in the field transfer", "begins with `!`"),
        (padded, "OFFER differs from byte 1 on, in the field transfer", "16 bytes"),
        (without_payload, "OFFER differs from byte 13 on, in the field payload", "not there"),
        (cut, "OFFER differs from byte 44 on, in the field payload", ""),
        (longer, "OFFER differs from byte 45 on, in the field payload", ""),
        (without_return, "For OFFER it returns NoneType", "`return`"),
        (as_text, "For OFFER it returns str", ""),
        (of_three_numbers, "For OFFER it raises struct.error: pack expected 4", "four numbers"),
    ],
)
def test_a_wrong_packet_is_told_by_its_field_and_by_what_led_there(function, where, why):
    found = compare(function)
    assert (found.state, found.headline[: len(where)]) == ("wrong", where)
    assert why in found.why
    assert bool(found.why) == bool(why)
    assert where in repr(found)
    assert "✗" in found._repr_html_()


def test_packets_without_a_payload_may_be_right_where_others_are_not():
    assert compare(of_the_head_alone).fitting == ("ACK 0", "ACK 1", "DONE")
    assert "As in the example: ACK 0, ACK 1, DONE." in repr(compare(of_the_head_alone))


def test_each_mistake_is_told_from_the_others():
    assert len({why for why, _ in MISTAKES}) == len(MISTAKES)
