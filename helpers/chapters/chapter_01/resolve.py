"""The exercise resolve: a name into the addresses that the system knows for it."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from typing import Any

from helpers.chapters.chapter_01.beliefs import (
    A_PORT,
    IPV6_HINTS,
    LITERAL_HINTS,
    ONE_ADDRESS,
    ORDER_HINTS,
    UNKNOWN_HINTS,
)
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

HOST, PORT = "sensor.example", 5683
HOSTS = {  # the names that the check knows, with what it answers for them
    "sensor.example": ["2001:db8::7", "192.0.2.7", "192.0.2.8"],
    "twice.example": ["192.0.2.9", "2001:db8::9", "192.0.2.9"],
}
UNKNOWN = (socket.EAI_NONAME, "Name or service not known")


@contextlib.contextmanager
def known_hosts(function: Callable[..., Any]) -> Iterator[None]:
    """Let the names of HOSTS resolve, and no other name of .example and .invalid.

    No question about them leaves the machine. The resolver is replaced in `socket`, and under
    the names that the learner may have imported it by; all is put back at the end.
    """

    def getaddrinfo(
        host: object, port: object, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0
    ) -> list[tuple]:
        host = host.decode("ascii") if isinstance(host, bytes) else host
        if not str(host).endswith((".example", ".invalid")):
            return real(host, port, family, type, proto, flags)
        if host not in HOSTS or flags & socket.AI_NUMERICHOST:
            raise socket.gaierror(*UNKNOWN)
        kinds = [(socket.SOCK_STREAM, 6), (socket.SOCK_DGRAM, 17)]
        return [
            (_family(ip), kind, number, "", _socket_address(ip, int(port or 0)))
            for ip in HOSTS[host]
            if family in (0, _family(ip))
            for kind, number in kinds
            if type in (0, kind) and proto in (0, number)
        ]

    def gethostbyname(host: str) -> str:
        return getaddrinfo(host, 0, socket.AF_INET)[0][4][0]

    def gethostbyname_ex(host: str) -> tuple[str, list[str], list[str]]:
        found = getaddrinfo(host, 0, socket.AF_INET, socket.SOCK_STREAM)
        return host, [], [address[0] for *_, address in found]

    real = socket.getaddrinfo
    stand_ins = {each.__name__: each for each in (getaddrinfo, gethostbyname, gethostbyname_ex)}
    originals = {getattr(socket, name): name for name in stand_ins}
    globals_ = getattr(function, "__globals__", {})
    replaced = [
        (globals_, name, value)
        for name, value in globals_.items()
        if callable(value) and _hashable(value) and value in originals
    ]
    replaced += [(vars(socket), name, value) for value, name in originals.items()]
    try:
        for names, name, value in replaced:
            names[name] = stand_ins[originals[value]]
        yield
    finally:
        for names, name, value in replaced:
            if names.get(name) in stand_ins.values():
                names[name] = value


def _hashable(value: object) -> bool:
    return type(value).__hash__ is not None


def _family(ip: str) -> int:
    return socket.AF_INET6 if ":" in ip else socket.AF_INET


def _socket_address(ip: str, port: int) -> tuple:
    return (ip, port, 0, 0) if ":" in ip else (ip, port)


def _resolved(function: Callable, stage: Stage, host: str, port: int) -> list[tuple]:
    with known_hosts(function):
        found = stage.call(function, host, port)
    call = f"resolve({host!r}, {port})"
    if not isinstance(found, list):
        raise Wrong(f"{call}: expected a list of tuples (ip, port), got {short(found)}.")
    for pair in found:
        if not (isinstance(pair, tuple) and len(pair) == 2):
            raise Wrong(
                f"{call}: expected tuples (ip, port), got a list that holds {short(pair)}.",
                hints=(
                    "Look at one element of your list, and at the example in the description.",
                    "For IPv6 Python gives a tuple of four. The first two are IP address and port.",
                    "A slice takes the first two parts of a tuple of any length.",
                ),
            )
    return found


def _compare(function: Callable, stage: Stage, host: str, told: str) -> None:
    found = _resolved(function, stage, host, PORT)
    expected = list(dict.fromkeys((ip, PORT) for ip in HOSTS[host]))
    if found == expected:
        return
    told += f" Expected {expected}, got {short(found, 200)}."
    different = {repr(pair) for pair in found}
    if len(found) == 1:
        raise Wrong(told, ONE_ADDRESS)
    if found and set(found) < set(expected) and not any(":" in str(ip) for ip, _ in found):
        raise Wrong(
            told + " The address of IPv6 is missing.",
            hints=(
                "Which of the three is missing, and in what does it differ from the others?",
                "There are two families of addresses, AF_INET and AF_INET6. Ask for both.",
                "`getaddrinfo` gives both families if you do not name one; `gethostbyname` and "
                "`gethostbyname_ex` know IPv4 only.",
            ),
        )
    if len(found) > len(different):
        raise Wrong(
            told + " Some come more than once.",
            hints=(
                "Print the entries of `getaddrinfo`: in what do those of the same address differ?",
                "There is one entry for each kind of socket if you do not ask for one kind. And "
                "some systems give an address twice even then.",
                "Each pair is wanted once, at its first place. The keys of a dict come once, "
                "in the order in which they first came.",
            ),
        )
    if different == {repr(pair) for pair in expected}:
        raise Wrong(told + " All are there, in another order.")
    raise Wrong(told)


def _many_addresses(function: Callable, stage: Stage) -> None:
    told = f"The name {HOST} has three addresses, one of IPv6 and two of IPv4."
    _compare(function, stage, HOST, told)


def _same_address_twice(function: Callable, stage: Stage) -> None:
    told = "For twice.example the system gives one address, another, and the first again."
    _compare(function, stage, "twice.example", told)


def _ipv4_address(function: Callable, stage: Stage) -> None:
    # Bound, so that nobody else gets the port; and nobody listens.
    holder = stage.enter(socket.socket())
    holder.bind(("127.0.0.1", 0))
    port = holder.getsockname()[1]
    found = _resolved(function, stage, "127.0.0.1", port)
    if found != [("127.0.0.1", port)]:
        raise Wrong(
            f"127.0.0.1 is an address already. Expected [('127.0.0.1', {port})], got "
            f"{short(found)}.",
            None if found else A_PORT,
        )


def _ipv6_address(function: Callable, stage: Stage) -> None:
    found = _resolved(function, stage, "::1", PORT)
    if found != [("::1", PORT)]:
        raise Wrong(f"::1 is an address of IPv6. Expected [('::1', {PORT})], got {short(found)}.")


def _unknown_name(function: Callable, stage: Stage) -> None:
    host = "nowhere.invalid"
    try:
        found = _resolved(function, stage, host, PORT)
    except socket.gaierror as error:
        if error.args != UNKNOWN:
            raise Wrong(
                f"No address is known for {host}. Expected the system's own error to reach the "
                f"caller, with its number {UNKNOWN[0]}, by which a caller tells a name that does "
                f"not exist from a name server that is out of reach; got {short(error.args)}."
            ) from None
        return
    raise Wrong(
        f"No address is known for {host}. Expected the error socket.gaierror to reach the caller, "
        f"got {short(found)}. A caller that hears of no error goes on with no address."
    )


EXERCISE = Exercise(
    (
        Case(
            "a name with three addresses",
            f"The system knows three addresses for {HOST}: one of IPv6, then two of IPv4.",
            _many_addresses,
            ORDER_HINTS,
        ),
        Case(
            "an IPv4 address as the host, and nobody listening on the port",
            "The host is 127.0.0.1, and no program listens on this port.",
            _ipv4_address,
            LITERAL_HINTS,
            if_it_raises={"OSError": A_PORT},
        ),
        Case(
            "an IPv6 address as the host",
            "The host is ::1.",
            _ipv6_address,
            IPV6_HINTS,
        ),
        Case(
            "a name for which the system gives an address twice",
            "For twice.example the system gives one address, another, and the first again.",
            _same_address_twice,
            ORDER_HINTS,
        ),
        Case(
            "a name that nobody knows",
            "The system says that it knows no host nowhere.invalid, by raising socket.gaierror.",
            _unknown_name,
            UNKNOWN_HINTS,
        ),
    ),
    "What it survives now: names with many addresses, both families of IP, an address in place "
    "of a name, repeated answers, and a name that nobody knows.",
)
