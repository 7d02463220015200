"""Many clients in a process of their own: they ask an echo service, or hold connections open.

Called as `python clients.py JOB` by `helpers/load.py`, with the job as JSON. What comes of
it is printed as one line of JSON. Standard library only, so that it starts at once.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import selectors
import socket
import sys
import time

READING = b"lamp 21.5\n"  # what every client sends, and hears again
SPARE = 50  # files that the process needs beside its connections
LONGEST = 60.0  # seconds after which held connections are given up, whoever has forgotten them

Address = tuple[str, int]


def own_address(process: int) -> Address | None:
    """An address on loopback for the clients of this process alone, with any port.

    Linux has 16 million of them. So thousands of clients take no port that another program, such as
    a kernel that starts, is about to listen on, and none that the clients of a neighbour on the
    same machine look for. Other systems have only 127.0.0.1: None stands for that.
    """
    if sys.platform != "linux":
        return None
    return f"127.{128 + (process >> 16) % 64}.{(process >> 8) % 256}.{process % 256}", 0


SOURCE = own_address(os.getpid())


def raise_own_limit(clients: int) -> None:
    """Let this process open so many sockets, as far as the hard limit allows.

    Nothing has to be put back: the limit ends with the process.
    """
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = clients + SPARE
    if soft in (resource.RLIM_INFINITY, wanted) or soft > wanted:
        return
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS has a lower limit of its own
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def connect(address: Address, clients: int, deadline: float) -> list[socket.socket]:
    """Connect one after another, at a pace that the server's queue can follow.

    Returns as many as could be connected before the deadline, on the monotonic clock, and within
    the limit of open files.
    """
    connections: list[socket.socket] = []
    for number in range(clients):
        left = deadline - time.monotonic()
        if left <= 0:
            break
        try:
            connections.append(socket.create_connection(address, left, source_address=SOURCE))
        except OSError:
            break
        connections[-1].setblocking(False)
        if number % 50 == 49:
            time.sleep(0.001)
    return connections


class Client:
    """A connection that waits for an answer: since when, and for how many bytes still."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.asked = 0.0
        self.missing = 0
        self.answers = 0

    def ask(self) -> None:
        """Send one reading."""
        self.asked, self.missing = time.perf_counter(), len(READING)
        self.connection.send(READING)


def ready(selector: selectors.BaseSelector, seconds: float) -> list:
    """What `select` returns; where there is nothing to watch, it just waits.

    On Windows `select` refuses to watch nothing (WinError 10022).
    """
    if selector.get_map():
        return selector.select(seconds)
    time.sleep(max(0.0, seconds))
    return []


def keep_asking(address: Address, clients: int, seconds: float) -> dict[str, float]:
    """Every client asks, waits for the whole answer, and asks again, until the time is up."""
    crowd = [Client(each) for each in connect(address, clients, time.monotonic() + 5)]
    waits: list[float] = []
    with selectors.DefaultSelector() as selector:
        for client in crowd:
            selector.register(client.connection, selectors.EVENT_READ, client)
        start = time.perf_counter()
        end = start + seconds
        for client in crowd:
            client.ask()
        while (now := time.perf_counter()) < end:
            for key, _ in ready(selector, end - now):
                client = key.data
                try:
                    came = len(client.connection.recv(1024))
                    client.missing -= came
                    if came and client.missing == 0:
                        waits.append(time.perf_counter() - client.asked)
                        client.answers += 1
                        client.ask()
                except OSError:
                    came = 0
                if not came:  # the server has left it
                    selector.unregister(client.connection)
        end = time.perf_counter()
    for client in crowd:
        client.connection.close()
    unanswered = [end - client.asked for client in crowd]
    return {
        "clients": len(crowd),
        "served": sum(client.answers > 0 for client in crowd),
        "answers": len(waits),
        "rate": len(waits) / (end - start),
        "p99": percentile(waits + unanswered, 0.99),
        "p99_answered": percentile(waits, 0.99) if waits else 0.0,
    }


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)] if ordered else float("nan")


def ask_once(
    address: Address, clients: int, slow: int, pause: float, timeout: float
) -> list[float | None]:
    """All clients connect at once and ask once; a slow one sends its reading in two halves."""
    half = len(READING) // 2
    waits: list[float | None] = [None] * clients
    start = time.perf_counter()
    later: list[tuple[float, Client]] = []  # who has to send its second half, and when
    crowd = []
    with selectors.DefaultSelector() as selector:
        for number in range(clients):
            connection = socket.socket()
            if SOURCE:
                connection.bind(SOURCE)
            connection.setblocking(False)
            connection.connect_ex(address)
            crowd.append(Client(connection))
            selector.register(connection, selectors.EVENT_WRITE, number)
        while selector.get_map() and (now := time.perf_counter()) < start + timeout:
            while later and later[0][0] <= now:
                with contextlib.suppress(OSError):
                    later.pop(0)[1].connection.send(READING[half:])
            until = later[0][0] if later else start + timeout
            for key, _ in selector.select(max(0.0, until - now)):
                client = crowd[key.data]
                try:
                    if key.events == selectors.EVENT_WRITE:  # connected, or refused
                        is_slow = key.data < slow
                        client.missing = len(READING)
                        client.connection.send(READING[:half] if is_slow else READING)
                        if is_slow:
                            later.append((time.perf_counter() + pause, client))
                        selector.modify(client.connection, selectors.EVENT_READ, key.data)
                        continue
                    came = len(client.connection.recv(1024))
                except OSError:
                    came = 0
                client.missing -= came
                if client.missing == 0:
                    waits[key.data] = time.perf_counter() - start
                if not came or client.missing == 0:
                    selector.unregister(client.connection)
                    client.connection.close()
    for client in crowd:
        client.connection.close()
    return waits


def hold_open(address: Address, clients: int, seconds: float) -> None:
    """Connect, say how many are connected, and echo what comes until this process is ended."""
    connections = connect(address, clients, time.monotonic() + seconds)
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection, selectors.EVENT_READ)
        print(json.dumps(len(connections)))
        end = time.monotonic() + LONGEST
        while (left := end - time.monotonic()) > 0:
            for key, _ in ready(selector, left):
                connection = key.fileobj
                try:
                    data = connection.recv(1024)
                    connection.send(data)
                except OSError:
                    data = b""
                if not data:
                    selector.unregister(connection)
                    connection.close()


def main() -> None:
    """Do the job that the command line names."""
    job = json.loads(sys.argv[1])
    gc.disable()  # a pause of the clients' own would count as the server's
    raise_own_limit(max(job["clients"]) if isinstance(job["clients"], list) else job["clients"])
    address = tuple(job["address"])
    if job["what"] == "keep asking":
        runs = zip(job["clients"], job["seconds"], strict=True)
        loads = [keep_asking(address, clients, seconds) for clients, seconds in runs]
        print(json.dumps(loads))
    elif job["what"] == "ask once":
        waits = ask_once(address, job["clients"], job["slow"], job["pause"], job["timeout"])
        print(json.dumps(waits))
    else:
        hold_open(address, job["clients"], job["seconds"])


if __name__ == "__main__":
    main()
