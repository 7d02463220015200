"""The exercises of chapter 01: names into addresses, readings into bytes."""

from __future__ import annotations

import contextlib
import math
import socket
import struct
from collections.abc import Callable, Iterator
from unittest import mock

from helpers.checks.runner import Case, Wrong

HOST, PORT = "sensor.example", 5683
ADDRESSES = [
    (socket.AF_INET6, "2001:db8::7"),
    (socket.AF_INET, "192.0.2.7"),
    (socket.AF_INET, "192.0.2.8"),
]

ONE_ADDRESS = (
    "Misconception: a name has one address. A name may stand for many, of IPv6 and of IPv4, "
    "and a client tries them in turn."
)
NATIVE_ORDER = (
    "Misconception: native byte order is fine. Machines differ in the order of their bytes, so "
    "protocols fix one: network byte order, the most significant byte first."
)
STR_SENT = (
    "Misconception: a str can be sent. Sockets carry bytes; text must be encoded and numbers "
    "packed before they are sent."
)


@contextlib.contextmanager
def known_hosts(function: Callable) -> Iterator[None]:
    """Let the name sensor.example resolve to three addresses, and no other name of .example.

    No question leaves the machine. The resolver is replaced in `socket`, and under the name
    that the learner may have imported it by.
    """

    def getaddrinfo(
        host: object, port: object, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> list[tuple]:
        if isinstance(host, bytes):
            host = host.decode("ascii")
        if not str(host).endswith((".example", ".invalid")):
            return real(host, port, family, type, proto, flags)
        if host != HOST:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        kinds = [(socket.SOCK_STREAM, 6), (socket.SOCK_DGRAM, 17)]
        return [
            (of_family, kind, number, "", _socket_address(of_family, ip, int(port or 0)))
            for of_family, ip in ADDRESSES
            if family in (0, of_family)
            for kind, number in kinds
            if type in (0, kind) and proto in (0, number)
        ]

    def gethostbyname(host: str) -> str:
        return getaddrinfo(host, 0, socket.AF_INET)[0][4][0]

    real = socket.getaddrinfo
    replaced = {"getaddrinfo": getaddrinfo, "gethostbyname": gethostbyname}
    names = getattr(function, "__globals__", {})
    with contextlib.ExitStack() as stack:
        for name, stand_in in replaced.items():
            if names.get(name) is getattr(socket, name):
                stack.enter_context(mock.patch.dict(names, {name: stand_in}))
            stack.enter_context(mock.patch.object(socket, name, stand_in))
        yield


def _socket_address(family: int, ip: str, port: int) -> tuple:
    return (ip, port, 0, 0) if family == socket.AF_INET6 else (ip, port)


def _resolved(function: Callable, host: str, port: int) -> list[tuple]:
    with known_hosts(function):
        found = function(host, port)
    call = f"resolve({host!r}, {port})"
    if not isinstance(found, list):
        raise Wrong(f"{call} returned {_short(found)}: expected a list")
    for pair in found:
        if not (isinstance(pair, tuple) and len(pair) == 2):
            raise Wrong(
                f"{call} returned a list that holds {_short(pair)}: expected tuples (ip, port)"
            )
    return found


def _many_addresses(function: Callable) -> None:
    found = _resolved(function, HOST, PORT)
    expected = [(ip, PORT) for _, ip in ADDRESSES]
    told = (
        f"The name {HOST} has three addresses, one of IPv6 and two of IPv4. "
        f"Expected {expected}, got {_short(found)}."
    )
    if found == expected:
        return
    different = len({repr(pair) for pair in found})
    if different < len(expected):
        raise Wrong(told, ONE_ADDRESS)
    if len(found) > different:
        raise Wrong(
            told + " Some come twice: once for each kind of socket, if you do not say which."
        )
    raise Wrong(told + " The order is the one in which a client should try them.")


def _address_stays(function: Callable) -> None:
    for host in ("127.0.0.1", "::1"):
        found = _resolved(function, host, 12345)
        if found != [(host, 12345)]:
            raise Wrong(
                f"{host} is an address already. Expected [({host!r}, 12345)], got {_short(found)}."
            )


def _unknown_name(function: Callable) -> None:
    host = "nowhere.invalid"
    try:
        found = _resolved(function, host, PORT)
    except socket.gaierror:
        return
    raise Wrong(
        f"No address is known for {host}. Expected the error socket.gaierror to reach the caller, "
        f"got {_short(found)}. A caller that hears of no error goes on with no address."
    )


READINGS = [
    (7, 21.5, "00 00 00 07 41 ac 00 00"),
    (258, -40.0, "00 00 01 02 c2 20 00 00"),
    (0, 0.0, "00 00 00 00 00 00 00 00"),
    (2**32 - 1, 0.15625, "ff ff ff ff 3e 20 00 00"),
]


def _packs(function: Callable) -> None:
    for device, celsius, expected in READINGS:
        told = f"pack_reading({device}, {celsius}): expected the bytes {expected}, "
        try:
            packed = function(device, celsius)
        except struct.error as error:
            raise Wrong(told + f"it raised struct.error: {error}.") from None
        if isinstance(packed, str):
            raise Wrong(told + f"got the str {_short(packed)}.", STR_SENT)
        if not isinstance(packed, (bytes, bytearray)):
            raise Wrong(told + f"got {_short(packed)}.")
        got = bytes(packed).hex(" ")
        if got == expected:
            continue
        little = struct.pack("<If", device, celsius)
        mixed = (struct.pack(">I", device) + little[4:], little[:4] + struct.pack(">f", celsius))
        problem = told + f"got {got or 'none'}."
        if bytes(packed) in (little, *mixed):
            raise Wrong(problem, NATIVE_ORDER)
        size = f" A reading has 8 bytes; these are {len(packed)}." if len(packed) != 8 else ""
        raise Wrong(problem + size)


def _refuses_large_id(function: Callable) -> None:
    for device in (2**32, -1):
        try:
            packed = function(device, 20.0)
        except (struct.error, ValueError, OverflowError):
            continue
        raise Wrong(
            f"pack_reading({device}, 20.0): {device} does not fit in 4 bytes without a sign. "
            f"Expected an error (ValueError or struct.error), got {_short(packed)}."
        )


def _unpacks(function: Callable) -> None:
    for device, celsius, packed in READINGS:
        got = function(bytes.fromhex(packed))
        told = f"unpack_reading of {packed}: expected ({device}, {celsius}), got {_short(got)}."
        if not (isinstance(got, tuple) and len(got) == 2):
            raise Wrong(told + " It is to be a tuple of two.")
        if any(isinstance(part, tuple) for part in got):
            raise Wrong(told + " struct.unpack returns a tuple, even for one value.")
        if got == (device, celsius) and isinstance(got[0], int) and isinstance(got[1], float):
            continue
        little = struct.unpack("<If", bytes.fromhex(packed))
        if any(got[index] == little[index] != (device, celsius)[index] for index in (0, 1)):
            raise Wrong(told, NATIVE_ORDER)
        raise Wrong(told + " The first is to be an int, the second a float.")
    odd = function(struct.pack("!If", 1, math.pi))
    if abs(odd[1] - math.pi) > 1e-6:
        raise Wrong(f"unpack_reading of a packed 3.141592…: got {_short(odd[1])}.")


def _refuses_wrong_size(function: Callable) -> None:
    for size in (0, 7, 9):
        try:
            got = function(bytes(size))
        except ValueError:
            continue
        except (struct.error, AssertionError, TypeError, IndexError) as error:
            kind = "struct.error" if isinstance(error, struct.error) else type(error).__name__
            raise Wrong(
                f"unpack_reading of {size} bytes raised {kind}: the contract says ValueError, so "
                "that a caller need not know how you unpack."
            ) from None
        raise Wrong(
            f"unpack_reading of {size} bytes: a reading has 8. Expected ValueError, "
            f"got {_short(got)}. A network can bring anything."
        )


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 100 else text[:97] + "..."


EXERCISES = {
    "resolve": [
        Case("a name with three addresses", _many_addresses),
        Case("a host that is an address already, IPv4 and IPv6", _address_stays),
        Case("a name that nobody knows", _unknown_name),
    ],
    "pack_reading": [
        Case("four readings, byte by byte", _packs),
        Case("device numbers that do not fit", _refuses_large_id),
    ],
    "unpack_reading": [
        Case("four readings, from their bytes", _unpacks),
        Case("too few and too many bytes", _refuses_wrong_size),
    ],
}
