"""Load for an echo service: many clients, in a process of their own, bounded in number and time.

In the kernel's process they would compete with its threads for the interpreter, and the picture
would show that. All of them send the same reading, and wait for it to come back.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from helpers.servers.scripts import Script, run_script

MOST_CLIENTS = 10_000
LONGEST = 10.0  # seconds
ACCEPTED_WITHIN = 2.0  # seconds, by a server that is measured
SELECT_WATCHES = 512  # sockets at the most, on Windows, whose selectors know nothing but `select`

_CLIENTS = Path(__file__).with_name("clients.py")

Address = tuple[str, int]


@dataclass(frozen=True)
class Load:
    """What clients have met that asked again and again.

    Attributes:
        clients: how many were connected; fewer than wished where a limit or the server said so.
        served: how many of them got an answer at all.
        answers: how many came, to all clients together.
        rate: answers a second, all clients together.
        p99: the 99th percentile of their waits, in seconds. A request that was not answered
            counts with the time that it had waited when all ended.
        p99_answered: the same of the answers alone, as one would have it who looks at no others; 0
            where none came.
    """

    clients: int
    served: int
    answers: int
    rate: float
    p99: float
    p99_answered: float = 0.0


def keep_asking(
    address: Address,
    clients: Sequence[int],
    seconds: float | Sequence[float] = 0.25,
    tries: int = 1,
) -> list[Load]:
    """Let so many clients ask an echo service, each again as soon as it has its answer.

    Args:
        address: (host, port) of a service that sends back what it gets.
        clients: how many at the same time; for each of these numbers there is a run of its own.
        seconds: how long they ask in each run, connecting not included; one number for all
            runs, or one for each. A wait longer than that can't be seen.
        tries: how many runs there are for each number. Other programs can only make one worse, so
            the one with the most answers a second is kept.

    Returns:
        A `Load` for each number. All connections are closed then, and the process has ended.

    Raises:
        ValueError: for numbers out of range, or not one of seconds for each of clients.
        RuntimeError: when the clients' process has failed, with what it printed.
        TimeoutError: when it has not ended in time; it has been ended then.
    """
    times = [seconds] * len(clients) if isinstance(seconds, int | float) else list(seconds)
    for number, each in zip(clients, times, strict=True):
        _check("clients", number, 1, _most())
        _check("seconds", each, 0.01, LONGEST)
    if tries < 1:
        raise ValueError(f"tries is at least 1, not {tries!r}")
    job = {"what": "keep asking", "address": address[:2], "clients": list(clients) * tries}
    found = _result({**job, "seconds": times * tries}, (sum(times) + 6 * len(times)) * tries + 10)
    loads = [Load(**each) for each in found]
    every = len(times)
    return [max(loads[first::every], key=lambda load: load.rate) for first in range(every)]


def ask_once(
    address: Address, clients: int, slow: int = 0, pause: float = 0.3, timeout: float = 2.0
) -> list[float | None]:
    """Let so many clients connect at once, ask once, and leave.

    Args:
        address: (host, port) of a service that sends back what it gets.
        clients: how many.
        slow: how many of them send only half of their request, and the rest `pause` seconds
            later. They are the first to connect.
        pause: seconds.
        timeout: seconds, after which those who have no answer give up.

    Returns:
        For each client, in the order of connecting, the seconds until it had its whole answer,
        or None. All connections are closed then, and the process has ended.

    Raises:
        ValueError: for numbers out of range.
        RuntimeError: when the clients' process has failed, with what it printed.
    """
    _check("clients", clients, 1, _most())
    _check("slow", slow, 0, clients)
    _check("pause", pause, 0, LONGEST)
    _check("timeout", timeout, 0, LONGEST)
    job = {"what": "ask once", "address": address[:2], "clients": clients, "slow": slow}
    return _result({**job, "pause": pause, "timeout": timeout}, timeout + 10)


def hold_open(address: Address, clients: int, seconds: float = 5.0) -> Crowd:
    """Start clients that connect and then keep their connections open; returns at once.

    They send back what they get, and say nothing of their own.

    Args:
        address: (host, port) of any TCP service.
        clients: how many.
        seconds: how long they may take to connect.

    Returns:
        The crowd. The caller ends it, by `stop()` or as a context manager; it ends by itself
        after a minute, and with this Python process.

    Raises:
        ValueError: for numbers out of range.
    """
    _check("clients", clients, 1, _most())
    _check("seconds", seconds, 0.01, LONGEST)
    job = {"what": "hold open", "address": address[:2], "clients": clients, "seconds": seconds}
    return Crowd(run_script(_CLIENTS, json.dumps(job)), seconds + 10)


def idle_memory(pid: int, address: Address, clients: int) -> float:
    """Measure how much memory of its own a server's process takes for a connection that rests.

    Args:
        pid: the server's process.
        address: its (host, port).
        clients: how many connections to share the growth between; the more, the surer.

    Returns:
        Bytes a connection (of the process, not of the system); 0 where nobody could connect.

    Raises:
        RuntimeError: when the clients' process has failed, with what it printed.
    """
    import psutil

    process = psutil.Process(pid)
    count_files = process.num_handles if sys.platform == "win32" else process.num_fds
    memory, files = process.memory_info().rss, count_files()
    with hold_open(address, clients) as crowd:
        connected = crowd.wait()
        deadline = time.monotonic() + ACCEPTED_WITHIN
        while count_files() < files + connected and time.monotonic() < deadline:
            time.sleep(0.005)
        return (process.memory_info().rss - memory) / connected if connected else 0.0


def processor_time(pid: int) -> float:
    """Return the seconds for which a process has run on a processor, its system calls included.

    The difference between two such times says what work has cost, however busy the machine was.
    """
    import psutil

    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


class Crowd:
    """Clients that hold their connections open, as `hold_open` returns them."""

    def __init__(self, script: Script, timeout: float) -> None:
        self._script, self._timeout = script, timeout

    def wait(self) -> int:
        """Wait until all are connected or can't be, and return how many are.

        Raises:
            RuntimeError: when the clients' process has failed, with what it printed.
            TimeoutError: when it says nothing in time.
        """
        self._script.wait_for("\n", self._timeout)
        return _parsed(self._script.output)

    def stop(self) -> None:
        """Close all their connections and end their process."""
        self._script.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _result(job: dict[str, Any], timeout: float) -> Any:
    with run_script(_CLIENTS, json.dumps(job)) as script:
        return _parsed(script.wait(timeout))


def _parsed(output: str) -> Any:
    try:
        return json.loads(output)
    except ValueError:
        raise RuntimeError(f"the clients' process has failed. It printed:\n{output}") from None


def _most() -> int:
    return SELECT_WATCHES if sys.platform == "win32" else MOST_CLIENTS


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name} is {value}: use a number from {low} to {high}")
