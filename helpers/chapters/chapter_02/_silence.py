"""How a client waits for a server that falls silent: how long, by which clock, at which cost."""

from __future__ import annotations

import contextlib
import socket
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

from helpers.chapters.chapter_02 import _hints
from helpers.chapters.chapter_02._peers import (
    IMPATIENT,
    PATIENT,
    CheckServer,
    expect_no_threads,
    once,
    still_open,
)
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Misconception, Wrong

LATE = 0.7  # seconds over its timeout that a wait may take on a busy machine
SOON = 0.7  # of its timeout: whoever raises before has not waited for it; clocks are coarse
LATER = 1.8  # times its timeout: so late nobody is three times, unless it waits for longer
MOST = 300  # calls in vain in one wait: who waits a millisecond between two makes 100
SPINNING = 0.5  # of the time that it waits: so much of a processor no wait takes
TRIES = 3  # a machine may stand still during one wait, hardly during three


def must_raise(
    stage: Stage,
    call: Callable[[], Any],
    error: type,
    told: str,
    hints: Hints,
    if_it_waited: Misconception | None = None,
) -> float:
    """Expect an error of the function's, and no socket left open on that way.

    Args:
        hints: where it returns something in place of it.
        if_it_waited: the belief of a function that has waited, and then returns.

    Returns:
        How many seconds it took.
    """
    began = time.perf_counter()
    try:
        got = call()
    except error as raised:
        took = time.perf_counter() - began
        if left := stage.opened():  # now: the error still holds what the function had
            told += f" The function raised {type(raised).__name__}, {still_open(left)}"
            raise Wrong(told, hints=_hints.OPEN_AFTER_ERROR_HINTS) from None
        expect_no_threads(stage)
        return took
    waited = time.perf_counter() - began >= IMPATIENT * 0.9
    name = "TimeoutError" if error is TimeoutError else "ConnectionResetError"
    first = (
        f"Your function returned {short(got, 40)}, and {name} is to reach the caller. {hints[0]}"
    )
    raise Wrong(
        f"{told} Expected {name}, got {short(got)}.",
        if_it_waited if waited else None,
        (first, *hints[1:]),
    )


def must_time_out(
    stage: Stage,
    server: CheckServer,
    call: Callable[[], Any],
    address: tuple[str, int],
    told: str,
    if_it_waited: Misconception | None = None,
) -> None:
    """Expect TimeoutError after IMPATIENT seconds, by a clock that nobody sets, and at no cost.

    The function is to connect once, with that timeout. In the first try the wall clock is set an
    hour ahead meanwhile, by the server. What may be the machine's fault is tried again.
    """
    early = False
    for attempt in range(TRIES):
        server.sets_clock = attempt == 0
        calls = _Calls(address)
        with calls.seen():
            problem, hints = _one_wait(stage, call, told, if_it_waited)
        stage.set_clock(0)
        server.clients = len(calls.timeouts)
        once(server)
        if not problem and calls.in_vain >= MOST:
            problem = f"While it waited it called `recv` {calls.in_vain:,} times in vain."
            hints = _hints.SPINNING_HINTS
        if not problem and early:
            raise Wrong(
                f"{told} While the function waited, this machine's clock was set an hour ahead, "
                "and TimeoutError came at once.",
                hints=_hints.CLOCK_HINTS,
            )
        if not problem:
            _expect_timeouts(calls.timeouts, IMPATIENT, told)
            return
        early = early or hints is _hints.EARLY_HINTS
    raise Wrong(f"{told} {problem}", hints=hints)


def _one_wait(
    stage: Stage, call: Callable[[], Any], told: str, if_it_waited: Misconception | None
) -> tuple[str, Hints | None]:
    """Let it wait once; what was wrong with its time, and hints on that.

    Raises:
        Wrong: for what no machine can be the cause of.
    """
    control = stage.script(_late_by, IMPATIENT)
    busy = _processor_time()
    took = must_raise(stage, call, TimeoutError, told, _hints.SILENCE_HINTS, if_it_waited)
    busy = _processor_time() - busy
    given = f"Expected TimeoutError after {IMPATIENT} s, the timeout that was given; it came after "
    late_by = control.result(PATIENT)
    if took > IMPATIENT + late_by + LATE:
        raise Wrong(f"{told} {given}{took:.1f} s.", hints=_hints.OWN_TIMEOUT_HINTS)
    if took > IMPATIENT * LATER + late_by:
        return f"{given}{took:.2f} s.", _hints.OWN_TIMEOUT_HINTS
    if took < IMPATIENT * SOON:
        return f"{given}{took:.3f} s already.", _hints.EARLY_HINTS
    if busy > SPINNING * took:
        words = f"It waited for {took:.2f} s, and kept a processor busy for {busy:.2f} s of it."
        return words, _hints.SPINNING_HINTS
    return "", None


def _processor_time() -> float:
    return time.thread_time() if hasattr(time, "thread_time") else 0.0


def _late_by(seconds: float) -> float:
    began = time.perf_counter()
    time.sleep(seconds)
    return time.perf_counter() - began - seconds


class _Calls:
    """What the function's sockets do: their timeouts when they connect, their calls in vain."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.timeouts: list[float | None] = []
        self.in_vain = 0
        self._port = address[1]
        self._seen: weakref.WeakSet[socket.socket] = weakref.WeakSet()

    def _connecting(self, real: Callable) -> Callable:
        def method(sock: socket.socket, to: Any) -> Any:
            if isinstance(to, tuple) and to[1:2] == (self._port,) and sock not in self._seen:
                self._seen.add(sock)  # one that does not block may call it again, to look
                self.timeouts.append(sock.gettimeout())
            return real(sock, to)

        return method

    def _receiving(self, real: Callable) -> Callable:
        def method(sock: socket.socket, *args: Any) -> Any:
            try:
                return real(sock, *args)
            except BlockingIOError:
                if type(sock) is socket.socket:  # none of the check's own
                    self.in_vain += 1
                raise

        return method

    @contextlib.contextmanager
    def seen(self) -> Iterator[None]:
        """See them from now on until the block ends."""
        makers = {"connect": self._connecting, "connect_ex": self._connecting}
        makers |= {"recv": self._receiving, "recv_into": self._receiving}
        before = vars(socket.socket).copy()
        ours = {name: make(getattr(socket.socket, name)) for name, make in makers.items()}
        for name, method in ours.items():
            setattr(socket.socket, name, method)
        try:
            yield
        finally:
            for name, method in ours.items():
                if vars(socket.socket).get(name) is not method:
                    continue  # somebody else's: who put it there puts it back
                if name in before:
                    setattr(socket.socket, name, before[name])
                else:
                    delattr(socket.socket, name)


def _expect_timeouts(timeouts: list[float | None], given: float, told: str) -> None:
    """Expect that each socket had about the given timeout, or did not block, when it connected.

    Raises:
        Wrong: where one had none, or a much longer one.
    """
    for each in timeouts:
        if each is None or each > given * LATER:
            had = "no timeout" if each is None else f"a timeout of {each:g} s"
            raise Wrong(
                f"{told} All that was right. But when your socket connected, it had {had}: where "
                "the server's machine does not answer, `connect` waits for as long as the system "
                f"lets it, minutes perhaps. The timeout that was given is {given} s, and it is for "
                "connecting too.",
                hints=_hints.CONNECT_HINTS,
            )
