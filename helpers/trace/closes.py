"""Who has closed a socket: the one thing of a conversation that does not cross.

On the wire a `close` looks as a side that sends no more (FIN), so whoever watches only the bytes
can't tell it from `shutdown`. Where a socket belongs to this course's stage, the stage tells of its
close, and each trace that waits for word of that connection notes it.

A connection's client has a port of its own, so that address stands for both ends of it: the
client's close is told with the socket's own address, the server's with that of its peer. A client
may have closed before the other side has accepted it: word of a close waits a moment for a trace.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import weakref
from collections import OrderedDict
from time import perf_counter
from typing import Any

from helpers.trace.trace import Trace

MOST = 5_000  # ends that are waited for, and closes that nobody has asked for: the latest
RECENT = 2.0  # seconds in which a trace may still ask for one
OWN, PEERS = "own", "peer's"  # whose address it is, as seen by who closes

_Key = tuple[str, Any]
_waiting: OrderedDict[_Key, tuple[weakref.ref[Trace], str, str]] = OrderedDict()
_told: OrderedDict[_Key, float] = OrderedDict()  # the moments of closes that nobody waited for
_lock = threading.Lock()


def expect_close(trace: Trace, whose: str, address: Any, who: str, peer: str) -> None:
    """From now on a trace notes when the socket of one end is closed, once.

    Args:
        trace: whose diagram shows it.
        whose: OWN where the address is that of the socket itself, as of a client; PEERS where it
            is that of its peer, as of what `accept` returns.
        address: host and port of the connection's client.
        who: the name of the end that may be closed.
        peer: the name of the other end.
    """
    key = _key(whose, address)
    with _lock:
        told = _told.pop(key, None)
        if told is None or told < perf_counter() - RECENT:
            _waiting[key] = weakref.ref(trace), who, peer
            _keep_latest(_waiting)
            return
    trace.note_close(who, peer, told)


def forget_closes(trace: Trace) -> None:
    """A trace waits for no close any more."""
    with _lock:
        for key in [key for key, (kept, _, _) in _waiting.items() if kept() in (trace, None)]:
            del _waiting[key]


def tell_close(sock: socket.socket, peer: Any = None) -> None:
    """Say that a program closes this socket now, before it does.

    Args:
        sock: of a stream, and still open.
        peer: the address of its peer, where `accept` has returned it.
    """
    now, keys = perf_counter(), []
    if peer is not None:
        keys.append(_key(PEERS, peer))
    with contextlib.suppress(OSError):
        keys.append(_key(OWN, sock.getsockname()))
    for key in keys:
        with _lock:
            found = _waiting.pop(key, None)
            if found is None:
                _told[key] = now
                _keep_latest(_told)
        if found and (trace := found[0]()) is not None:
            trace.note_close(*found[1:], now)


def _keep_latest(kept: OrderedDict[_Key, Any]) -> None:
    while len(kept) > MOST:
        kept.popitem(last=False)


def _key(whose: str, address: Any) -> _Key:
    return whose, address[:2] if isinstance(address, tuple) else address
