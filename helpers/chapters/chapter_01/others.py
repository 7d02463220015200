"""Other right answers of chapter 01: what each does better, and what it costs."""

import socket
import struct

from helpers.checks.answers import answer


@answer("resolve")
def collects_pair_by_pair(host, port):
    """It shows each step in a line of its own, so that it is easy to read and to change.

    `in` searches the whole list for each pair, which is slow where there are thousands.
    """
    pairs = []
    for *_, address in socket.getaddrinfo(host, port):
        ip = address[0]
        if (ip, port) not in pairs:
            pairs.append((ip, port))
    return pairs


@answer("resolve")
def keeps_a_set_of_those_seen(host, port):
    """It stays quick with any number of addresses, as a set finds a pair at once.

    It needs two collections where the keys of a dict would do.
    """
    seen, pairs = set(), []
    for entry in socket.getaddrinfo(host, port, proto=socket.IPPROTO_TCP):
        pair = entry[4][:2]
        if pair not in seen:
            seen.add(pair)
            pairs.append(pair)
    return pairs


@answer("pack_reading")
def packs_field_by_field(device_id, celsius):
    """Each field stands in a line of its own, and the first says its size and order in words.

    It has to say the byte order twice, and a forgotten one would spoil a single field.
    """
    device = device_id.to_bytes(4, "big")
    temperature = struct.pack(">f", celsius)
    return device + temperature


@answer("pack_reading")
def says_what_does_not_fit(device_id, celsius):
    """Its error names the number and the limits, which helps whoever has to find the cause.

    It repeats limits that `struct` knows, and must be changed with the format.
    """
    if not 0 <= device_id <= 0xFFFF_FFFF:
        raise ValueError(f"device {device_id} is not between 0 and 4,294,967,295")
    return struct.Struct("!If").pack(device_id, celsius)


@answer("unpack_reading")
def translates_the_error(data):
    """It lets `struct` look at the length, so that no number of bytes stands in the code.

    It says nothing about what was expected beyond the words of `struct`.
    """
    try:
        device, celsius = struct.unpack("!If", data)
    except struct.error as error:
        raise ValueError(f"not a reading: {error}") from error
    return device, celsius


@answer("unpack_reading")
def asks_the_format_for_its_size(data):
    """The length is computed from the format, so both change together.

    It takes a line more, and the reader must know `struct.Struct`.
    """
    reading = struct.Struct("!If")
    if len(data) != reading.size:
        raise ValueError(f"a reading has {reading.size} bytes, not {len(data)}")
    return reading.unpack(data)


OTHERS = [
    ("resolve", collects_pair_by_pair),
    ("resolve", keeps_a_set_of_those_seen),
    ("pack_reading", packs_field_by_field),
    ("pack_reading", says_what_does_not_fit),
    ("unpack_reading", translates_the_error),
    ("unpack_reading", asks_the_format_for_its_size),
]
