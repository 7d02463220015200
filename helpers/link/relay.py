"""The thread inside a link: it waits for sockets and for deliveries that fall due."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import select
import selectors
import socket
import sys
import threading
import time
from collections.abc import Callable
from time import perf_counter
from typing import Any

from helpers.link.fates import Fates

BUFFER = 4 * 1024 * 1024  # bytes asked for; systems grant less
_FORCE = 33  # Linux: SO_RCVBUFFORCE, which may exceed the system's limit
PAUSE = 0.0002  # seconds between two turns of a crowded relay
SWITCH_INTERVAL = 0.0001  # seconds; see `quick_switching`
_SELECT_LIMIT = 1000  # select can't take file numbers of 1,024 and more

_is_warm = False
_open_relays = 0
_usual_interval = 0.0
_interval_lock = threading.Lock()


class Relay:
    """One thread that calls `readers` when their sockets are readable and keeps a timetable.

    Subclasses fill `readers` and `writers` (a socket's function is called when it is ready) and
    call `at` for what is to happen later. Everything of theirs runs in this thread. Sockets that
    may be in neither at the end are theirs to close, after `stop`.
    """

    def __init__(self, name: str) -> None:
        self.readers: dict[socket.socket, Callable[[], None]] = {}
        self.writers: dict[socket.socket, Callable[[], None]] = {}
        self.failure: BaseException | None = None
        self._timetable: list[tuple] = []
        self._ties = itertools.count()
        self._stopping = False
        self._turns = 0
        self._waiting = False
        self._wake_reader, self._wake_writer = socket.socketpair()
        self.readers[self._wake_reader] = lambda: self._wake_reader.recv(4096)
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()
        quick_switching(+1)

    def stop(self) -> None:
        """End the thread and close every socket; what was not delivered stays undelivered."""
        if self._stopping:
            return
        self._stopping = True
        self._wake_writer.close()
        self._thread.join()
        for sock in {*self.readers, *self.writers}:
            sock.close()
        quick_switching(-1)

    @property
    def is_alive(self) -> bool:
        """Whether its thread is at work."""
        return self._thread.is_alive()

    @property
    def crowded(self) -> bool:
        """Whether so much is on its way that doing it in larger portions is worth a short delay."""
        return False

    @property
    def idle(self) -> bool:
        """Whether nothing is left to read or to deliver."""
        if not self._thread.is_alive():
            return True
        # A thread that has waited from before the look until after it has changed nothing
        # meanwhile: no connection that it had just taken up was missing among the readers.
        turn = self._turns
        if not self._waiting:
            return False
        try:
            unread, _ = _wait(list(self.readers), [], 0)
        except (OSError, ValueError):  # one was closed meanwhile
            return False
        busy = unread or self.writers or self.next_due() is not None
        return not busy and self._waiting and self._turns == turn

    def at(self, when: float, action: Callable[..., None], *arguments: Any) -> None:
        """Call a function of this relay's at a moment of the clock `perf_counter`."""
        heapq.heappush(self._timetable, (when, next(self._ties), action, arguments))

    def scheduled(self, action: Callable[..., None]) -> list[tuple]:
        """The arguments of each call of this function that is still on the timetable."""
        return [arguments for _, _, each, arguments in list(self._timetable) if each == action]

    def call(self, action: Callable[..., None], *arguments: Any) -> None:
        """Call a function of this relay's from another thread, and wait until it is done.

        A relay that has stopped does nothing.
        """
        done = threading.Event()

        def act() -> None:
            try:
                action(*arguments)
            finally:
                done.set()

        self.at(0.0, act)
        with contextlib.suppress(OSError):  # closed: it has stopped
            self._wake_writer.send(b"!")
        while self._thread.is_alive() and not done.wait(0.05):
            pass

    def _run(self) -> None:
        try:
            while not self._stopping:
                self._turn()
        except BaseException as error:
            self.failure = error

    def _turn(self) -> None:
        if self.crowded:
            time.sleep(PAUSE)
        due = self.next_due()
        seconds = None if due is None else max(0.0, due - perf_counter())
        self._waiting = True
        readable, writable = _wait(list(self.readers), list(self.writers), seconds)
        self._turns += 1
        self._waiting = False
        if self._stopping:
            return
        for ready, functions in ((readable, self.readers), (writable, self.writers)):
            for sock in ready:
                function = functions.get(sock)
                if function:  # else: closed by one before it
                    function()
        self.deliver_due()

    def next_due(self) -> float | None:
        """The first moment of the timetable, if there is one."""
        return self._timetable[0][0] if self._timetable else None

    def deliver_due(self) -> None:
        """Do what the timetable has for now or earlier."""
        timetable = self._timetable
        now = perf_counter()
        while timetable and timetable[0][0] <= now:
            _, _, action, arguments = heapq.heappop(timetable)
            action(*arguments)


def _wait(
    readers: list[socket.socket], writers: list[socket.socket], seconds: float | None
) -> tuple[list[socket.socket], list[socket.socket]]:
    """The sockets that can be read and those that can be written, after at most so many seconds.

    `select` where it can be used: its time-outs are exact to microseconds, where `poll` counts
    milliseconds. On Windows a connect that failed is an exception to `select`, not a writable one.
    """
    try:
        if len(readers) + len(writers) < _SELECT_LIMIT:
            readable, writable, failed = select.select(readers, writers, writers, seconds)
            return readable, list({*writable, *failed}) if failed else writable
    except ValueError:  # a file number of 1,024 or more
        pass
    # `poll` needs no descriptor of its own, which matters most where there are so many.
    with getattr(selectors, "PollSelector", selectors.DefaultSelector)() as selector:
        events = dict.fromkeys(readers, selectors.EVENT_READ)
        for sock in writers:
            events[sock] = events.get(sock, 0) | selectors.EVENT_WRITE
        for sock, wanted in events.items():
            selector.register(sock, wanted)
        ready = [(key.fileobj, found) for key, found in selector.select(seconds)]
    return (
        [sock for sock, found in ready if found & selectors.EVENT_READ],
        [sock for sock, found in ready if found & selectors.EVENT_WRITE],
    )


def quick_switching(change: int) -> None:
    """Count open relays, and let threads take turns more often while there is one.

    A busy thread of the learner's holds the interpreter for the switch interval, five
    milliseconds by default, each time that the relay wants to go on. With a tenth of a
    millisecond a packet is late by well under one.
    """
    global _open_relays, _usual_interval
    with _interval_lock:
        if _open_relays == 0 and change > 0:
            _usual_interval = sys.getswitchinterval()
            if _usual_interval > SWITCH_INTERVAL:
                sys.setswitchinterval(SWITCH_INTERVAL)
        _open_relays += change
        if _open_relays == 0 and _usual_interval > SWITCH_INTERVAL:
            sys.setswitchinterval(_usual_interval + 5e-7)  # it cuts off parts of a microsecond


def warm_up(seed: int) -> None:
    """Load numpy and draw the first fates of a process now, so that no packet waits for them.

    Raises:
        TypeError: for a seed that is no whole number.
    """
    global _is_warm
    fates = Fates([], seed, "up", 0)
    if not _is_warm:
        fates.next()
        _is_warm = True


def widen(sock: socket.socket) -> None:
    """Give a socket the largest receive buffer that the system grants, so that bursts fit."""
    if sys.platform == "linux":
        try:
            sock.setsockopt(socket.SOL_SOCKET, _FORCE, BUFFER)
        except OSError:
            pass
        else:
            return
    for size in (BUFFER, BUFFER // 4, BUFFER // 16):
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)
        except OSError:  # macOS refuses more than its limit
            continue
        return
