"""What the system answers where a socket is used in a way that it can't be used."""

from __future__ import annotations

import errno
import re
import socket
import types
from collections.abc import Callable
from typing import Any

from helpers.checks.slips import MISSING, Place, Slip
from helpers.learner_code import frames_of_all_threads, learners_frame, line_in_words


def of_system(error: OSError, place: Place) -> Slip | None:
    """An error of the system's, by its number; None where the case's hints may say more."""
    name = errno.errorcode.get(error.errno or 0, "").removeprefix("WSA")
    find = _BY_NUMBER.get(name)
    return find(place) if find else None


def of_blocking(error: BlockingIOError, place: Place) -> Slip:
    """A call on a socket that does not block, where nothing could be done at once."""
    return Slip(
        "The socket does not block: a call that would have to wait raises this error.",
        (
            "The socket does not block (`setblocking(False)` or a timeout of zero), and nothing "
            "could be received or sent at this moment.",
            "Such a socket is used after something has said that it is ready, as a selector does. "
            "Even then `sendall` may find that there is no room left.",
            "Ask whether the socket is ready before this call, and keep what could not be sent; "
            "or give the socket a timeout in place of this.",
        ),
    )


def _closed(place: Place) -> Slip:
    said, sock = place.receiver
    it = f"`{said}`" if said else "The socket"
    where = _closing_line(place.frame.f_code, place, said)
    if not where and (elsewhere := _closed_by_another_thread(place, said)):
        return Slip(
            f"{it} was closed before that: by {elsewhere}, in another thread.",
            (
                f"{it} is used after another thread has closed it, by {elsewhere}. Did that thread "
                "wait until this one was done?",
                "The end of a `with` closes its socket, and so does `close`. A thread that starts "
                "another one goes on at once, whatever the other one still has to do.",
                "Let the thread that uses the socket close it, when it needs it no more.",
            ),
        )
    closed = f"by {where}" if where else "by a line that ran before"
    return Slip(
        f"{it} was closed before that: {closed}.",
        (
            f"{it} is used after it was closed {closed}.",
            "The end of a `with` closes its socket, and so does `close`. After that neither side "
            "of the conversation can be used. `shutdown` ends one direction only.",
            "Use the socket before the line that closes it, or close it later.",
        ),
    )


def _closed_by_another_thread(place: Place, said: str) -> str:
    """The one line that closes what is written so, in a function of this file in another thread."""
    own = place.frame.f_code
    frames = [learners_frame(each) for each in frames_of_all_threads().values()]
    codes = {each.f_code for each in frames if each and each.f_code.co_filename == place.file}
    del frames  # with what their variables hold
    found = {line for each in codes - {own} if (line := _closing_line(each, place, said))}
    return found.pop() if len(found) == 1 else ""


def _closing_line(code: types.CodeType, place: Place, said: str) -> str:
    """The one line of a function of this file that closes what is written so; empty if not one."""
    if not said:
        return ""
    numbers = sorted({number for _, _, number in code.co_lines() if number})
    closes = re.compile(rf"\b{re.escape(said)}\.(close|detach)\(|\bwith\b.*\b{re.escape(said)}\b")
    lines = [line_in_words(place.file, each) for each in numbers if each != place.number]
    found = [line for line in lines if closes.search(line.partition("`")[2])]
    return found[0] if len(found) == 1 else ""


def _unconnected(place: Place) -> Slip:
    said, sock = place.receiver
    it = f"`{said}`" if said else "The socket"
    if _listens(sock) or "listen" in said.lower():
        return Slip(
            f"{it} is the listener: it accepts clients, and nothing passes through it.",
            (
                f"{it} is the listener, and bytes pass only through the connection that `accept` "
                "has returned.",
                "A server has one listener, and a socket of its own for each client.",
                "Call this on the first of the two values that `accept` returns.",
            ),
        )
    return Slip(
        f"{it} is connected to nobody.",
        (
            f"{it} has no peer: it was not connected, or the conversation has ended.",
            "`connect`, `create_connection` and `accept` give a socket its peer. With datagrams "
            "an address goes with each `sendto`.",
            "Connect it before this line.",
        ),
    )


def _listens(sock: Any) -> bool:
    if not isinstance(sock, socket.socket) or sock is MISSING:
        return False
    try:
        return bool(sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:
        return False


def _fixed(told: str, *hints: str) -> Callable[[Place], Slip]:
    return lambda place: Slip(told, hints)


def _ended_by_itself(place: Place) -> Slip | None:
    if "shutdown" not in place.frame.f_code.co_names:
        return None
    return Slip(
        "It sends on a side of the connection that is closed.",
        (
            "Is there a `shutdown` before this line? Who has shut its sending side can send no "
            "more.",
            "`shutdown` with SHUT_WR says: I have sent everything. Receiving goes on.",
            "Send all there is first, and shut the sending side after the last byte.",
        ),
    )


def _refused(place: Place) -> Slip | None:
    if not place.called.endswith("connect") and not place.called.endswith("create_connection"):
        return None  # a datagram found nobody: that is what cases are about
    return Slip(
        "Nobody listens at that address.",
        (
            "Is this the address that your function was given? Nobody listens at the one used "
            "here.",
            "An address is a host and a port, and both must be the server's.",
            "Print the address in the line before, and compare it with the one that was handed "
            "over.",
        ),
    )


_BY_NUMBER: dict[str, Callable[[Place], Slip | None]] = {
    "EBADF": _closed,
    "ENOTSOCK": _closed,
    "ENOTCONN": _unconnected,
    "EPIPE": _ended_by_itself,
    "EADDRINUSE": _fixed(
        "Another socket has this address already.",
        "The port that is asked for is taken: by a socket that was not closed, or by another "
        "program.",
        "One port belongs to one listener at a time. What is handed to your function is bound "
        "already.",
        "Use the socket that was given, or port 0, which means any free port.",
    ),
    "EADDRNOTAVAIL": _fixed(
        "This machine has no such address.",
        "An own socket is bound to, or connects to, an address that this machine doesn't have.",
        "To bind is for the own address, to connect is for the peer's. Port 0 is no port of a "
        "peer's.",
        "Print the address in the line before.",
    ),
    "EINVAL": _fixed(
        "The socket can't do that in the state that it is in.",
        "This call came too often, too late or on the wrong socket: it does not fit its state.",
        "A socket is bound once. It must listen before it accepts, and one that listens sends "
        "nothing.",
        "Follow the socket from the line that made it to this one: what was done with it?",
    ),
    "EISCONN": _fixed(
        "The socket is connected already.",
        "The socket has its peer already: it was connected before, or came from `accept`.",
        "`create_connection` and `accept` return connected sockets. A connected socket of "
        "datagrams needs no address when it sends.",
        "Leave `connect`, or the address, out; each new connection needs a new socket.",
    ),
    "EDESTADDRREQ": _fixed(
        "The system does not know where to send it.",
        "A datagram needs an address, and this socket has no peer: `send` does not take one.",
        "`sendto` takes the bytes and the address; `send` is for a socket with a peer.",
        "Use the call that takes an address, and give it the one of the peer.",
    ),
    "EMSGSIZE": _fixed(
        "A datagram can't be that large.",
        "What is sent here is too large for one datagram, which holds 65,507 bytes at most.",
        "A datagram is sent as a whole or not at all; one larger than about 1,400 bytes travels "
        "in pieces.",
        "Cut what is to be sent into several datagrams.",
    ),
    "EAFNOSUPPORT": _fixed(
        "The address does not fit the socket's family.",
        "The address belongs to another family than the socket: IPv4 and IPv6 don't mix.",
        "`AF_INET` is for IPv4, `AF_INET6` for IPv6.",
        "Make the socket with the family that belongs to the address.",
    ),
    "EOPNOTSUPP": _fixed(
        "A socket of this kind has no such call.",
        "This call is for the other kind of socket: does it hold a stream or datagrams?",
        "Only a TCP socket listens and accepts. What sends datagrams has no connections.",
        "Look at the line that made the socket, and at its type.",
    ),
    "ECONNREFUSED": _refused,
}  # fmt: skip
