"""The link beside a relay in C, and a stream through it beside a direct one.

Each program has a process of its own here, so that none waits for another's interpreter. The
programs in C stand in `datagrams.c`; where there is no compiler, their rows are left out.
"""

import contextlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).parent
ROUNDS = 7
ROUND_TRIPS = 40_000
OUTSTANDING = 32  # datagrams
PATIENCE = 60.0  # seconds for a program to end
BULK = 256 << 20  # bytes
BLOCK = bytes(256 << 10)
QUESTIONS = 2_000
PAYLOAD = bytes(64)

LINK = f"""
import sys
sys.path.insert(0, {str(HERE.parents[1])!r})
from helpers.link.link import Link
link = Link(("127.0.0.1", int(sys.argv[2])), kind=sys.argv[1], name="bench")
print(link.address[1], flush=True)
sys.stdin.read()
link.stop()
"""
# Swallows a connection that begins with "b", and sends back what comes on any other.
SERVER = """
import socket, sys, threading
def serve(peer):
    with peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if peer.recv(1) == b"b":
            room = bytearray(1 << 20)
            while peer.recv_into(room):
                pass
            peer.sendall(b"!")
        while data := peer.recv(64):
            peer.sendall(data)
def accept():
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
threading.Thread(target=accept, daemon=True).start()
sys.stdin.read()
"""
# The least that a relay for streams must do: two threads a connection, nothing noted.
PLAIN = """
import os, socket, sys, threading
def pump(source, target):
    room = memoryview(bytearray(1 << 18))
    while size := source.recv_into(room):
        target.sendall(room[:size])
    target.shutdown(socket.SHUT_WR)
def accept():
    while True:
        ends = (listener.accept()[0], socket.create_connection(("127.0.0.1", int(sys.argv[1]))))
        for sock in ends:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for pair in (ends, ends[::-1]):
            threading.Thread(target=pump, args=pair, daemon=True).start()
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
threading.Thread(target=accept, daemon=True).start()
sys.stdin.read()
os._exit(0)
"""


@contextlib.contextmanager
def program(*command: str) -> Iterator[int]:
    """A program that prints its port first, until it is told to end; the port."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:
        try:
            yield int(process.stdout.readline())
            process.stdin.close()
            process.wait(PATIENCE)
        finally:
            process.kill()


def our_link(kind: str, port: int) -> contextlib.AbstractContextManager[int]:
    """A link in a process of its own."""
    return program(sys.executable, "-c", LINK, kind, str(port))


@contextlib.contextmanager
def compiled() -> Iterator[str | None]:
    """The programs in C, compiled; None where there is no compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None or sys.platform == "win32":
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        target = str(Path(folder) / "datagrams")
        subprocess.run([compiler, "-O2", "-o", target, str(HERE / "datagrams.c")], check=True)
        yield target


def datagram_shares(programs: str) -> dict[str, list[float]]:
    """Round trips a second: direct, through the relay in C, and through our link."""

    def round_trips(port: int) -> float:
        words = [programs, "client", str(port), str(ROUND_TRIPS), str(OUTSTANDING)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=True)
        return float(done.stdout)

    taken: dict[str, list[float]] = {"direct": [], "C": [], "ours": []}
    with program(programs, "echo") as echo:
        for _ in range(ROUNDS):
            taken["direct"].append(round_trips(echo))
            with program(programs, "relay", str(echo)) as port:
                taken["C"].append(round_trips(port))
            with our_link("udp", echo) as port:
                taken["ours"].append(round_trips(port))
    return taken


def stream(port: int) -> tuple[float, float]:
    """Bytes a second in bulk, and the median seconds of a round trip of 64 bytes."""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        start = perf_counter()
        sock.sendall(b"b")
        for _ in range(BULK // len(BLOCK)):
            sock.sendall(BLOCK)
        sock.shutdown(socket.SHUT_WR)
        sock.recv(1)
        speed = BULK / (perf_counter() - start)
    times = []
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(b"e")
        for _ in range(QUESTIONS):
            start = perf_counter()
            sock.sendall(PAYLOAD)
            sock.recv(64)
            times.append(perf_counter() - start)
    return speed, statistics.median(times)


def stream_shares() -> dict[str, list[tuple[float, float]]]:
    """What `stream` measures: direct, through a plain relay, and through our link."""
    taken: dict[str, list[tuple[float, float]]] = {"direct": [], "plain": [], "ours": []}
    with program(sys.executable, "-c", SERVER) as server:
        for _ in range(ROUNDS):
            taken["direct"].append(stream(server))
            with program(sys.executable, "-c", PLAIN, str(server)) as port:
                taken["plain"].append(stream(port))
            with our_link("tcp", server) as port:
                taken["ours"].append(stream(port))
    return taken


def share(ours: list[float], others: list[float]) -> float:
    """The median of ours over theirs, round by round."""
    return statistics.median(our / other for our, other in zip(ours, others, strict=True))


def rows(row: Callable[..., dict]) -> Iterator[dict]:
    """The rows of the bench's table, each made by `row`."""
    with compiled() as programs:
        if programs is not None:
            taken = datagram_shares(programs)
            of_c = share(taken["ours"], taken["C"])
            yield row(
                "datagrams both ways, of a relay in C", of_c, "x", "at least 0.6", of_c >= 0.6,
                f"direct {statistics.median(taken['direct']):,.0f}/s; of direct C "
                f"{share(taken['C'], taken['direct']):.2f}, ours "
                f"{share(taken['ours'], taken['direct']):.2f}",
            )  # fmt: skip
    taken = stream_shares()
    speeds = {name: [speed for speed, _ in each] for name, each in taken.items()}
    trips = {
        name: statistics.median(trip for _, trip in each) * 1e6 for name, each in taken.items()
    }
    bulk = share(speeds["ours"], speeds["direct"])
    yield row(
        "a stream in bulk, of a direct one", bulk, "x", "at least 0.5", bulk >= 0.5,
        f"direct {statistics.median(speeds['direct']) / 1e6:,.0f} MB/s, a plain relay "
        f"{share(speeds['plain'], speeds['direct']):.2f} of it; a round trip of 64 bytes "
        f"{trips['ours']:.0f} us, direct {trips['direct']:.0f}, plain {trips['plain']:.0f}",
    )  # fmt: skip
