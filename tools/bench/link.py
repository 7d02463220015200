"""The link's throughput and punctuality beside relays that a user would write.

    python tools/bench/link.py

Ratios of throughput compare each measurement with a naive relay's right before and after it, as the
machine's own speed varies from second to second; of several the median counts. How late
packets are is compared with plain sleeping in a process of its own at the same time: that much the
machine itself is late. Of several such comparisons the median counts.
"""

import contextlib
import math
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT, ROOT / "tools" / "bench"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

import processes  # noqa: E402
from peers import Asyncio, Naive, Sleeping, Timers  # noqa: E402

from helpers.link.link import Link  # noqa: E402
from helpers.link.relay import widen  # noqa: E402

DELAY = 0.02  # seconds
PAYLOAD = bytes(64)
EVERYTHING = {
    "loss": 0.02,
    "burst": 2,
    "delay": DELAY,
    "jitter": 0.001,
    "duplicate": 0.02,
    "reorder": 0.02,
    "rate": 1e9,
    "queue": 1e8,
}
PACKETS = 40_000  # of a measurement of throughput: the first delay must not count
SLOW_PACKETS = 1_000  # of one with a thread for each packet
BATCH = 200  # packets that are sent in a row
BEHIND = 50  # packets that a relay has not read yet when more are sent, at the most
NAP = 0.0005  # seconds until the receiver looks
END = 0.1  # seconds without a packet, after which no more is expected
ROUNDS = 7
DELAY_ROUNDS = 3
SECONDS = 2  # of a measurement of delay
PEER_SECONDS = 1
CYCLES = 300
RUNS = 100

# Four threads that sleep, so that there are enough samples: how much too long, in seconds.
CONTROL = f"""
import sys, threading, time
late = []
def sleeper():
    while time.perf_counter() < end:
        start = time.perf_counter()
        time.sleep({DELAY})
        late.append(time.perf_counter() - start - {DELAY})
end = time.perf_counter() + float(sys.argv[1])
threads = [threading.Thread(target=sleeper) for _ in range(4)]
for thread in threads:
    thread.start()
    time.sleep({DELAY} / 4)
for thread in threads:
    thread.join()
print(*late)
"""


class Ours:
    """The link behind the interface of a `Peer`."""

    def __init__(self, server: tuple[str, int], delay: float = 0.0, **settings: object) -> None:
        self.link = Link(server, name="bench", **{"delay": delay, **settings})
        self.address = self.link.address

    @property
    def seen(self) -> int:
        """The packets that it has read."""
        return self.link.up.sent

    def __enter__(self) -> "Ours":
        return self

    def __exit__(self, *_: object) -> None:
        self.link.stop()


@contextlib.contextmanager
def endpoint() -> Iterator[socket.socket]:
    """A UDP socket with a large buffer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        widen(sock)
        sock.bind(("127.0.0.1", 0))
        yield sock


def direct(packets: int) -> float:
    """Packets a second that one thread sends to itself."""
    with endpoint() as server, endpoint() as client:
        client.connect(server.getsockname())
        start = perf_counter()
        for _ in range(packets // BATCH):
            for _ in range(BATCH):
                client.send(PAYLOAD)
            for _ in range(BATCH):
                server.recv(2_048)
        return packets / (perf_counter() - start)


def throughput(kind: type, packets: int, **settings: object) -> float:
    """Packets a second that cross a relay, sent and received by one thread beside it."""
    with endpoint() as server, endpoint() as client:
        with kind(server.getsockname(), **settings) as relay:
            client.connect(relay.address)
            server.setblocking(False)
            start = last = perf_counter()
            sent = 0
            while sent < packets or relay.seen < packets or perf_counter() - last < END:
                if sent < packets and sent - relay.seen <= BEHIND:
                    for _ in range(BATCH):
                        client.send(PAYLOAD)
                    sent += BATCH
                time.sleep(NAP)  # a receiver that looks at each packet fights for the interpreter
                with contextlib.suppress(BlockingIOError):
                    while server.recv(2_048):
                        last = perf_counter()
        return packets / (last - start)


def lateness(kind: type, rate: int, seconds: float) -> list[float]:
    """How many seconds packets are too late, at so many of them a second."""
    late: list[float] = []
    with endpoint() as server, endpoint() as client:
        server.settimeout(2 * DELAY + 0.2)

        def receive() -> None:
            with contextlib.suppress(TimeoutError):
                while True:
                    sent = float(server.recv(64))
                    late.append(perf_counter() - sent - DELAY)

        with kind(server.getsockname(), delay=DELAY) as relay:
            client.connect(relay.address)
            reader = threading.Thread(target=receive)
            reader.start()
            start = perf_counter()
            for index in range(int(rate * seconds)):
                pause = start + index / rate - perf_counter()
                if pause > 0:
                    time.sleep(pause)
                client.send(repr(perf_counter()).encode())
            if kind is Sleeping:  # it would go on for minutes
                relay.delay = 0.0
            reader.join()
    return late


@contextlib.contextmanager
def control(seconds: float) -> Iterator[list[float]]:
    """Plain sleeping beside the block; how late it was is there at the end."""
    late: list[float] = []
    command = [sys.executable, "-c", CONTROL, str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield late
            late += [float(value) for value in process.communicate()[0].split()]
        finally:
            process.kill()


@contextlib.contextmanager
def busy_thread() -> Iterator[None]:
    """A thread of Python that never waits."""
    ending = threading.Event()

    def work() -> None:
        while not ending.is_set():
            math.factorial(20)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def summary(late: list[float]) -> tuple[float, float]:
    """The median and the 99th percentile, in milliseconds."""
    return statistics.median(late) * 1e3, statistics.quantiles(late, n=100)[98] * 1e3


def shown(late: list[float]) -> str:
    """Median and 99th percentile in milliseconds, as text."""
    return "{:.2f}/{:.1f}".format(*summary(late))


def survivors(seed: int) -> frozenset[bytes]:
    """The packets that cross a lossy link."""
    with endpoint() as server, endpoint() as client:
        server.setblocking(False)
        with Link(server.getsockname(), loss=0.3, jitter=0.001, seed=seed, name="bench") as link:
            for index in range(150):
                client.sendto(index.to_bytes(4, "big"), link.address)
        arrived = set()
        with contextlib.suppress(BlockingIOError):
            while True:
                arrived.add(server.recv(4))
        return frozenset(arrived)


def row(what: str, ours: float, unit: str, target: str, met: bool, peers: str) -> dict:
    return {
        "what": f"link: {what}", "ours": round(ours, 2), "unit": unit, "target": target,
        "met": bool(met), "peers": peers,
    }  # fmt: skip


def throughput_rows() -> Iterator[dict]:
    """Throughput in turns, as shares of what a naive relay has right before and after."""
    taken: dict[str, list[float]] = {"all": [], "none": [], "asyncio": [], "direct": []}
    over = []
    for _ in range(ROUNDS):
        taken["direct"].append(direct(PACKETS))
        speeds = [throughput(Naive, PACKETS)]
        for name, kind, settings in (("all", Ours, EVERYTHING), ("none", Ours, {})):
            speed = throughput(kind, PACKETS, **settings)
            speeds.append(throughput(Naive, PACKETS))
            taken[name].append(2 * speed / sum(speeds[-2:]))
        naive = statistics.mean(speeds)
        taken["direct"][-1] /= naive
        taken["asyncio"].append(throughput(Asyncio, PACKETS // 8, delay=DELAY) / naive)
        ours = throughput(Ours, PACKETS, delay=DELAY)
        over.append(ours / throughput(Timers, SLOW_PACKETS, delay=DELAY))
    ratio = {name: statistics.median(ratios) for name, ratios in taken.items()}
    for name, what, least in (("all", "with all", 0.75), ("none", "without", 0.85)):
        yield row(
            f"throughput {what} impairments, of a naive relay", ratio[name], "x",
            f"at least {least}", ratio[name] >= least,
            f"asyncio at 20 ms {ratio['asyncio']:.2f}, direct {ratio['direct']:.2f}; naive in the "
            f"last round {naive:,.0f}/s; each round: {' '.join(f'{x:.2f}' for x in taken[name])}",
        )  # fmt: skip
    over = statistics.median(over)
    yield row("throughput at 20 ms, of a Timer a packet", over, "x", "at least 10", over >= 10, "")


def lateness_rows() -> Iterator[dict]:
    """How late packets are at 20 ms."""
    for rate in (100, 5_000):
        medians, tails, both = [], [], ""
        for _ in range(DELAY_ROUNDS):
            with control(SECONDS) as plain:
                late = lateness(Ours, rate, SECONDS)
            medians.append(summary(late)[0] - summary(plain)[0])
            tails.append(summary(late)[1] - summary(plain)[1])
            both += f" {shown(late)} and {shown(plain)},"
        peers = f"median/p99 in ms: Timer {shown(lateness(Timers, rate, PEER_SECONDS))}"
        for name, kind in (("asyncio", Asyncio), ("sleep in the loop", Sleeping)):
            peers += f", {name} {shown(lateness(kind, rate, PEER_SECONDS))}"
        above = statistics.median(medians)
        what = f"lateness above plain sleep, {rate:,}/s"
        yield row(f"{what}, median", above, "ms", "at most 0.3", above <= 0.3, peers)
        above = statistics.median(tails)
        each = f"each round, ours and sleep:{both[:-1]}"
        yield row(f"{what}, p99", above, "ms", "at most 1", above <= 1, each)
    for rate in (100, 1_000):
        with busy_thread():
            late = lateness(Ours, rate, SECONDS)
            peers = f"Timer {shown(lateness(Timers, rate, PEER_SECONDS))}" if rate < 1_000 else ""
        median, p99 = summary(late)
        what = f"lateness beside a busy thread, {rate:,}/s, median"
        yield row(
            what, median, "ms", "at most 1", median <= 1, f"p99 {p99:.1f}; {peers}".rstrip("; ")
        )


def rows() -> Iterator[dict]:
    """The rows of the bench's table."""
    direct(PACKETS)  # warm up
    yield from throughput_rows()
    yield from processes.rows(row)
    yield from lateness_rows()
    wanted = survivors(1)
    same = sum(survivors(1) == wanted for _ in range(RUNS))
    yield row(
        "runs of one seed with the same survivors", same, f"of {RUNS}", "all", same == RUNS, ""
    )
    with endpoint() as server:
        times = []
        for _ in range(CYCLES):
            start = perf_counter()
            Link(server.getsockname(), name="bench").stop()
            times.append(perf_counter() - start)
    median = statistics.median(times) * 1e3
    yield row("start and stop, median", median, "ms", "at most 1", median <= 1, "")


if __name__ == "__main__":
    for each in rows():
        mark = "met" if each["met"] else "MISSED"
        print(
            f"{each['what']:62} {each['ours']:8} {each['unit']:7} {each['target']:14} {mark:7} "
            f"{each['peers']}",
            flush=True,
        )
