"""The exercise resolve: a name into the addresses that the system knows for it."""

from __future__ import annotations

import contextlib
import inspect
import socket
from collections.abc import Callable, Iterator
from typing import Any

from helpers.chapters.chapter_01 import beliefs
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong

HOST, PORT = "sensor.example", 5683
HOSTS = {  # the names that the check knows, with what it answers for them
    "sensor.example": ["192.0.2.7", "2001:db8::7", "192.0.2.8"],
    # So many that a set's order is not this one by chance.
    "twice.example": ["192.0.2.9", "2001:db8::9", "192.0.2.9"]
    + [f"192.0.2.{number}" for number in range(16, 10, -1)],
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
        found = function(host, port)
        if not inspect.isgenerator(found):
            found = stage.call(lambda: found)
    call = f"resolve({host!r}, {port})"
    if not isinstance(found, list):
        told = f"{call}: expected a list of tuples (ip, port), got {short(found)}."
        raise Wrong(told, hints=beliefs.LIST_HINTS if found is not None else beliefs.RETURN_HINTS)
    for pair in found:
        if not (isinstance(pair, tuple) and len(pair) == 2):
            told = f"{call}: expected tuples (ip, port), got a list that holds {short(pair)}."
            raise Wrong(told, hints=_of_another_shape(pair))
    return found


def _of_another_shape(pair: object) -> Hints:
    if isinstance(pair, tuple) and len(pair) == 5:
        return beliefs.ENTRY_HINTS
    if isinstance(pair, tuple) and len(pair) == 4:
        return beliefs.FOUR_HINTS
    first = (
        f"Your list holds {short(pair, 40)}: a tuple of two is wanted, the IP address and the port."
    )
    return (first, *beliefs.PAIR_HINTS[1:])


def _compare(function: Callable, stage: Stage, host: str, told: str) -> None:
    found = _resolved(function, stage, host, PORT)
    expected = list(dict.fromkeys((ip, PORT) for ip in HOSTS[host]))
    if found == expected:
        return
    told += f" Expected {expected}, got {short(found, 200)}."
    belief, hints, more = _difference(found, expected)
    raise Wrong(told + more, belief, hints)


def _difference(
    found: list[tuple], expected: list[tuple]
) -> tuple[Misconception | None, Hints | None, str]:
    """The belief, the hints and the words for a list that is not the expected one."""
    given = [repr(pair) for pair in found]
    if not found:
        return None, beliefs.EMPTY_HINTS, ""
    if [str(ip) for ip, _ in found] == [ip for ip, _ in expected]:
        return None, beliefs.PORT_HINTS, ""
    if not set(given) & {repr(pair) for pair in expected}:
        return None, beliefs.STRANGE_HINTS, ""
    if [":" in str(ip) for ip, _ in found] == [True] and len(expected) > 1:
        return None, beliefs.IPV4_HINTS, " Those of IPv4 are missing."
    if len(found) == 1:
        return beliefs.ONE_ADDRESS, None, ""
    if set(found) < set(expected) and not any(":" in str(ip) for ip, _ in found):
        return None, beliefs.FAMILY_HINTS, " The address of IPv6 is missing."
    if len(given) > len(set(given)):
        each = {given.count(pair) for pair in given}
        hints = beliefs.KIND_HINTS if min(each) > 1 else beliefs.TWICE_HINTS
        return None, hints, " Some come more than once."
    if set(given) == {repr(pair) for pair in expected}:
        return None, beliefs.SORTED_HINTS, " All are there, in another order."
    return None, None, ""


def _many_addresses(function: Callable, stage: Stage) -> None:
    told = f"The name {HOST} has three addresses, one of IPv6 and two of IPv4."
    _compare(function, stage, HOST, told)
    port = PORT + 1
    found = _resolved(function, stage, HOST, port)
    if found != [(ip, port) for ip in HOSTS[HOST]]:
        first = (
            f"The first call was right, and a second one with the port {port} was not. What does "
            "your function keep of an earlier call?"
        )
        raise Wrong(
            f"Then, for the port {port}, it gave {short(found, 200)}.",
            hints=(first, *beliefs.PORT_HINTS[1:]),
        )


def _same_address_twice(function: Callable, stage: Stage) -> None:
    told = "For twice.example the system gives one address, another, the first again, and six more."
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
            None if found else beliefs.A_PORT,
        )


def _ipv6_address(function: Callable, stage: Stage) -> None:
    found = _resolved(function, stage, "::1", PORT)
    if found != [("::1", PORT)]:
        raise Wrong(f"::1 is an address of IPv6. Expected [('::1', {PORT})], got {short(found)}.")


def _unknown_name(function: Callable, stage: Stage) -> None:
    host = "nowhere.invalid"
    told = f"No address is known for {host}. "
    try:
        with known_hosts(function):
            found = stage.call(function, host, PORT)
    except socket.gaierror as error:
        if error.args != UNKNOWN:
            raise Wrong(
                f"{told}Expected the system's own error to reach the "
                f"caller, with its number {UNKNOWN[0]}, by which a caller tells a name that does "
                f"not exist from a name server that is out of reach; got {short(error.args)}.",
                hints=beliefs.OWN_ERROR_HINTS,
            ) from None
        return
    raise Wrong(
        f"{told}Expected the error socket.gaierror to reach the caller, "
        f"got {short(found)}. A caller that hears of no error goes on with no address.",
        hints=(
            beliefs.UNKNOWN_HINTS[0].replace("something", short(found, 40)),
            *beliefs.UNKNOWN_HINTS[1:],
        ),
    )


EXERCISE = Exercise(
    (
        Case(
            "a name with three addresses",
            f"The system knows three addresses for {HOST}: one of IPv6 between two of IPv4.",
            _many_addresses,
            beliefs.ORDER_HINTS,
            beliefs.SLOW_HINTS,
            {
                "gaierror": beliefs.NAME_HINTS,
                "OSError": beliefs.A_PORT,
                "TypeError": beliefs.ARGUMENT_HINTS,
                "ValueError": beliefs.FOUR_HINTS,
            },
        ),
        Case(
            "an IPv4 address as the host, and nobody listening on the port",
            "The host is 127.0.0.1, and no program listens on this port.",
            _ipv4_address,
            beliefs.LITERAL_HINTS,
            beliefs.SLOW_HINTS,
            {"gaierror": beliefs.ONE_FAMILY_HINTS, "OSError": beliefs.A_PORT},
        ),
        Case(
            "an IPv6 address as the host",
            "The host is ::1.",
            _ipv6_address,
            beliefs.IPV6_HINTS,
        ),
        Case(
            "a name for which the system gives an address twice",
            "For twice.example the system gives one address, another, the first again, and more.",
            _same_address_twice,
            beliefs.ORDER_HINTS,
            beliefs.SLOW_HINTS,
        ),
        Case(
            "a name that nobody knows",
            "The system says that it knows no host nowhere.invalid, by raising socket.gaierror.",
            _unknown_name,
            beliefs.UNKNOWN_HINTS,
            beliefs.AGAIN_HINTS,
            {"Exception": beliefs.ANOTHER_ERROR_HINTS},
        ),
    ),
    "What it survives now: names with many addresses, both families of IP, an address in place "
    "of a name, repeated answers, and a name that nobody knows.",
)
