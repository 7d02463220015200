"""Making the threads of a server end, by gentle means first."""

from __future__ import annotations

import concurrent.futures.thread
import contextlib
import ctypes
import socket
import threading
import time
from collections.abc import Callable

from helpers.learner_code import code_of_all_threads
from helpers.servers.owner import Owner, ServerStopped
from helpers.servers.served_socket import ServedSocket
from helpers.servers.settling import wait_until_settled

Threads = Callable[[], list[threading.Thread]]


def end_threads(owner: Owner, threads: Threads, timeout: float) -> list[threading.Thread]:
    """Wake a server's threads and wait for them to end.

    A thread that waits on one of the server's sockets ends at once. One in a selector is woken
    by the sockets being shut down, one in a loop of its own by an exception raised in it. One that
    is at work may be about to fail by itself, so the sockets stay as they are for a while longer.

    Args:
        owner: the server's sockets; the caller closes them afterwards.
        threads: gives the server's threads that are alive at this moment.
        timeout: seconds to wait at the most.

    Returns:
        The threads that have not ended.
    """
    start = time.monotonic()
    owner.wake()
    if not _join(threads, start + 0.02):
        wait_until_settled(owner, lambda: _others(threads), start + timeout / 10 - time.monotonic())
        owner.closing = True
        shut_down(owner.open_sockets())
    if not _join(threads, start + timeout / 4):
        raise_in(_others(threads))
    _join(threads, start + timeout)
    return _others(threads)


def _others(threads: Threads) -> list[threading.Thread]:
    """Those that are to end: not the caller, nor a pool's thread that has nothing to do."""
    return [
        thread
        for thread in threads()
        if thread is not threading.current_thread() and not is_idle_worker(thread)
    ]


def is_idle_worker(thread: threading.Thread) -> bool:
    """Whether a thread waits for work in a ThreadPoolExecutor, which may outlive the server."""
    return code_of_all_threads().get(thread.ident) is concurrent.futures.thread._worker.__code__


def _join(threads: Threads, deadline: float) -> bool:
    while alive := _others(threads):
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        alive[0].join(left)
    return True


def shut_down(sockets: list[ServedSocket]) -> None:
    """Shut sockets down, so that a selector that waits for them is woken."""
    for sock in sockets:
        with contextlib.suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)  # its own would write to the trace
        # A listening or a UDP socket hears that on Linux only; elsewhere it must get something.
        if not sock.is_connection:
            _ring(sock)


def _ring(sock: ServedSocket) -> None:
    with contextlib.suppress(OSError), socket.socket(sock.family, sock.type) as bell:
        bell.settimeout(0.1)
        bell.connect(sock.getsockname())
        bell.send(b"")


def raise_in(threads: list[threading.Thread], error: type[ServerStopped] = ServerStopped) -> None:
    """Raise an error in threads, each at its next line of Python, wherever that is."""
    for thread in threads:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(error)
        )


def _pass_stops_in_silence() -> None:
    """Have `threading` say nothing of a ServerStopped, as of a plain SystemExit.

    It strikes now and then in the last lines of a thread, behind all that would catch it.
    """
    hook = threading.excepthook

    def in_silence(arguments: threading.ExceptHookArgs) -> None:
        if not issubclass(arguments.exc_type, ServerStopped):
            hook(arguments)

    threading.excepthook = in_silence


_pass_stops_in_silence()
