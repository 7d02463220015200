"""What the checks of chapter 04 share: the sizes that a function asks for, and errors' hints."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from helpers.checks.processor import Clock as Clock
from helpers.checks.processor import processor_time
from helpers.checks.wrong import Hints, Misconception
from helpers.servers.servers import Server


def with_hints(belief: Misconception, first: str) -> Misconception:
    """The same belief, with a first hint that fits this failure."""
    return replace(belief, hints=(first, *belief.hints[1:]))


def note_sizes(sock: socket.socket, sizes: list[int]) -> None:
    """Note in `sizes` what size is given when anything is received from this socket."""

    def noting(call: Callable) -> Callable:
        def receive(size: Any, *rest: Any, **options: Any) -> Any:
            sizes.append(size if isinstance(size, int) else len(size))
            return call(size, *rest, **options)

        return receive

    for name in ("recv", "recvfrom", "recv_into", "recvfrom_into"):
        setattr(sock, name, noting(getattr(sock, name)))


def works_on_and_on(server: Server) -> bool:
    """Whether a server that has nothing to do works all the same."""
    if server.settle(0.06):
        return False
    began = processor_time(server._threads())
    time.sleep(0.05)
    # Elsewhere the time is that of all threads, and others may be at work.
    if sys.platform == "linux" and processor_time(server._threads()) - began > 0.01:
        return True
    return not server.settle(1.0)


SPINS: Hints = (
    "Your function looks again and again whether something has come, and keeps a processor busy "
    "all the while: let one call wait.",
    "A socket that does not block, or a timeout of 0, means not to wait at all.",
    "Give the socket, or the select, the time that is left, and it sleeps until something comes.",
)

RAISES: dict[str, Misconception | Hints] = {
    "AttributeError": (
        "You ask a value for something that values of its type don't have: what is it, a socket, "
        "bytes, a str, a tuple?",
        "recvfrom returns a tuple of two: the bytes, and the sender's address. recv returns bytes.",
        "Print the value's type just before the line that is shown above.",
    ),
    "ValueError": (
        "Something was to be taken apart into more or fewer names than it has parts: recv returns "
        "bytes alone, recvfrom bytes and the sender's address.",
        "The error's line is shown above: what is on the right of its `=`?",
        "Print what is on the right just before that line, and count its parts.",
    ),
    "TypeError": (
        "A call got a value of the wrong type: the error's last line says which. A socket sends "
        "bytes, never a str, to an address that is the whole tuple.",
        "Text becomes bytes by `encode`, bytes become text by `decode`; an address is a tuple.",
        "Print the values of the line that is shown above with their types, just before it.",
    ),
    "OSError": (
        "The system refuses the call in the line that is shown above: a UDP socket needs no "
        "`listen` and no `accept`, and one that only asks needs no `bind`.",
        "A socket that is bound already can receive at once, from everybody; `connect` sends "
        "nothing, it only sets the one peer.",
        "recvfrom gives a datagram with its sender, sendto sends one to an address.",
    ),
    "UnicodeDecodeError": (
        "You decode bytes that are no text: any bytes may come, so compare bytes with bytes.",
        "b'...' is a literal of bytes: no decoding is needed to compare with it.",
        "Compare first, and decode only what you know to be text.",
    ),
    "BlockingIOError": (
        "Your socket does not block: where nothing has come, receiving raises BlockingIOError at "
        "once, in place of waiting.",
        "`settimeout(0)` and `setblocking(False)` both mean not to wait at all.",
        "Give the socket a timeout above 0: then it waits so long, and raises TimeoutError.",
    ),
    "Exception": (
        "An error ended your function in the line that is shown above: read its last line first. "
        "Which value there is not what you thought?",
        "Print the values of that line just before it.",
        "Ask of each datagram what could be in it: anything may come.",
    ),
}
