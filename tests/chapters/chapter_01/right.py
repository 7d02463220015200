"""Right answers to the exercises of chapter 01 in another style than the solutions'."""

import array
import asyncio
import contextlib
import ctypes
import socket
import struct
import sys

from support.answers import answer

# resolve


@answer("resolve")
def collects_in_a_loop(host, port):
    result = []
    for *_, address in socket.getaddrinfo(host, port):
        pair = (address[0], address[1])
        if pair not in result:
            result.append(pair)
    return result


@answer("resolve")
def asks_by_protocol_and_gives_the_port_as_text(host, port):
    found = socket.getaddrinfo(host, str(port), proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(sockaddr[:2] for *_, sockaddr in found))


@answer("resolve")
def asks_for_datagrams_and_so_for_the_same_addresses(host, port):
    found = socket.getaddrinfo(host, port, 0, socket.SOCK_DGRAM)
    return list(dict.fromkeys(sockaddr[:2] for *_, sockaddr in found))


@answer("resolve")
def asks_by_asyncio(host, port):
    async def ask():
        loop = asyncio.get_running_loop()
        return await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)

    return list({entry[4][:2]: None for entry in asyncio.run(ask())})


@answer("resolve")
def tells_a_number_by_inet_pton(host, port):
    for family in (socket.AF_INET, socket.AF_INET6):
        with contextlib.suppress(OSError):
            socket.inet_pton(family, host)
            return [(host, port)]
    found = socket.getaddrinfo(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM, 0, 0)
    return list(dict.fromkeys(address[:2] for *_, address in found))


@answer("resolve")
def lets_the_error_pass_again(host, port):
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        raise
    return list(dict.fromkeys(address[:2] for *_, address in found))


# pack_reading


@answer("pack_reading")
def packs_by_to_bytes(device_id, celsius):
    return device_id.to_bytes(4, "big") + struct.pack(">f", celsius)


@answer("pack_reading")
def packs_by_a_struct(device_id, celsius):
    return struct.Struct(">Lf").pack(device_id, celsius)


@answer("pack_reading")
def packs_by_a_ctypes_structure(device_id, celsius):
    class Reading(ctypes.BigEndianStructure):
        _fields_ = (("device", ctypes.c_uint32), ("celsius", ctypes.c_float))

    if not 0 <= device_id < 2**32:
        raise ValueError(f"no such device: {device_id}")
    return bytes(Reading(device_id, celsius))


@answer("pack_reading")
def packs_by_htonl(device_id, celsius):
    celsius_bytes = array.array("f", [celsius])
    if sys.byteorder == "little":
        celsius_bytes.byteswap()
    return struct.pack("=I", socket.htonl(device_id)) + celsius_bytes.tobytes()


# unpack_reading


@answer("unpack_reading")
def unpacks_by_from_bytes(data):
    if len(data) != 8:
        raise ValueError("eight bytes wanted")
    (celsius,) = struct.unpack_from(">f", data, 4)
    return int.from_bytes(data[:4], "big"), celsius


@answer("unpack_reading")
def turns_the_error_of_struct_into_another(data):
    try:
        device, celsius = struct.unpack("!If", data)
    except struct.error as error:
        raise ValueError(str(error)) from error
    return device, celsius


@answer("unpack_reading")
def unpacks_by_ntohl(data):
    if len(data) != struct.calcsize("!If"):
        raise ValueError(len(data))
    celsius = array.array("f", bytes(data[4:]))
    if sys.byteorder == "little":
        celsius.byteswap()
    return socket.ntohl(struct.unpack("=I", data[:4])[0]), celsius[0]


RIGHT = [
    ("resolve", collects_in_a_loop),
    ("resolve", asks_by_protocol_and_gives_the_port_as_text),
    ("resolve", asks_for_datagrams_and_so_for_the_same_addresses),
    ("resolve", asks_by_asyncio),
    ("resolve", tells_a_number_by_inet_pton),
    ("resolve", lets_the_error_pass_again),
    ("pack_reading", packs_by_to_bytes),
    ("pack_reading", packs_by_a_struct),
    ("pack_reading", packs_by_a_ctypes_structure),
    ("pack_reading", packs_by_htonl),
    ("unpack_reading", unpacks_by_from_bytes),
    ("unpack_reading", turns_the_error_of_struct_into_another),
    ("unpack_reading", unpacks_by_ntohl),
]
