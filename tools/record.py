"""Record conversations and sweeps: `python tools/record.py` writes those that are missing.

Each is a real run over real sockets, made once: a chapter's folder keeps it in `recorded/`,
and a puzzle shows it. `python tools/record.py "05 six pings"` records that one anew. Where packets
are lost, a seed or a script says which, so a test can record one again and find the same. A sweep
is a measurement at many seeds, of which a chapter makes one itself: `... record.py "07 sweep"`.
"""

import contextlib
import json
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

from helpers.chapters.chapter_03._lamps import obeys_every_time  # noqa: E402
from helpers.chapters.chapter_03.solutions import recv_frame, send_frame  # noqa: E402
from helpers.chapters.chapter_06.solutions import (  # noqa: E402
    receive_reliably,
    send_reliably,
)
from helpers.chapters.chapter_07 import staging  # noqa: E402
from helpers.chapters.chapter_09.solutions import selector_broker  # noqa: E402
from helpers.link.link import Link  # noqa: E402
from helpers.servers.servers import run_server  # noqa: E402
from helpers.trace.recorded import written  # noqa: E402

CHAPTERS = HERE.parent / "helpers" / "chapters"


def which_device() -> str:
    """Readings of four devices, of which one is packed in another byte order than agreed."""
    with _udp_socket(1) as collector, _udp_socket(1) as gateway:
        with Link(collector.getsockname(), delay=0.004) as link:
            for order, device, celsius in (
                ("!", 7, 21.5),
                ("!", 258, -40.0),
                ("<", 3, 20.5),
                ("!", 12, 0.0),
            ):
                gateway.sendto(struct.pack(f"{order}If", device, celsius), link.address)
                time.sleep(0.01)
            link.settle()
    return written(link.trace, {"client 1": "gateway", "server": "collector"})


def half_closed() -> str:
    """A client ends its side in the middle of a conversation; the server answers after it."""

    def counts(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            total = 0
            while piece := connection.recv(1024):
                total += len(piece)
            connection.sendall(b"%d bytes" % total)

    with run_server(counts) as server, Link(server.address, "tcp", delay=0.004) as link:
        with socket.create_connection(link.address, timeout=5) as client:
            for reading in (b"21.5 ", b"22.0"):
                client.sendall(reading)
                time.sleep(0.02)
            client.shutdown(socket.SHUT_WR)
            while client.recv(1024):
                pass
    return written(link.trace, {"client 1": "client"})


def unread() -> str:
    """A server closes a connection of which it has not read everything."""

    def reads_four(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(4)
            connection.sendall(b"off")
            time.sleep(0.05)  # the rest of the request has come by now

    with run_server(reads_four) as server, Link(server.address, "tcp", delay=0.004) as link:
        with socket.create_connection(link.address, timeout=5) as client:
            client.sendall(b"lamp off, heating on")
            try:
                while client.recv(1024):
                    pass
            except ConnectionResetError:
                pass
    return written(link.trace, {"client 1": "app", "server": "lamp"})


def late_answer() -> str:
    """Pings one after the other: an answer comes late, and a question is lost."""
    with (
        run_server(_echo, kind="udp") as server,
        Link(
            server.address, delay=0.008, up={"script": {4: "drop"}}, down={"script": {2: 0.04}}
        ) as link,
        _udp_socket(1) as client,
    ):
        for number in range(1, 6):
            question, over = b"ping %d" % number, time.monotonic() + 0.05
            client.sendto(question, link.address)
            answer = b""
            while answer != question and (left := over - time.monotonic()) > 0:
                client.settimeout(left)
                try:
                    answer = client.recv(2048)
                except TimeoutError:
                    break
    return written(link.trace, {"client 1": "pinger", "server": "device"})


def a_wrong_length() -> str:
    """Frames, of which one has a length that counts itself, for a lamp that answers each."""

    def answers_frames(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                while recv_frame(connection, 100) is not None:
                    send_frame(connection, b"ok")
            except (ValueError, EOFError):
                pass

    with run_server(answers_frames) as server, Link(server.address, "tcp", delay=0.004) as link:
        with socket.create_connection(link.address, timeout=0.1) as app:
            for length, command in ((2, b"on"), (3, b"off"), (10, b"dim 40"), (2, b"on")):
                app.sendall(length.to_bytes(4, "big") + command)
                try:
                    app.recv(100)
                except TimeoutError:
                    continue
            app.sendall((3).to_bytes(4, "big") + b"off")
            try:
                while app.recv(100):
                    pass
            except OSError:  # what it has not read makes a reset of the lamp's close
                pass
    return written(link.trace, {"client 1": "app", "server": "lamp"})


def one_wrong_answer() -> str:
    """A lamp that toggles again when the app asks again."""
    commands = (
        b'{"id": 1, "set": "on"}\n',
        b'{"id": 2, "set": "toggle"}\n',
        b"hello\n",
        b'{"id": 2, "set": "toggle"}\n',
        b'{"id": 3, "set": "off"}\n',
    )
    with run_server(obeys_every_time) as server, Link(server.address, "tcp", delay=0.004) as link:
        with socket.create_connection(link.address, timeout=5) as app:
            for command in commands:
                app.sendall(command)
                app.recv(1000)
    return written(link.trace, {"client 1": "app", "server": "lamp"})


def one_killed() -> str:
    """Five readings, of which the third is killed on its way."""
    with _udp_socket(5) as collector, _udp_socket(5) as sensor:
        with Link(collector.getsockname(), delay=2) as link:
            for number in range(1, 6):
                sensor.sendto(b"reading %d" % number, link.address)
                time.sleep(1)  # as in the chapter
                for packet in link.in_flight():
                    if packet.number == 3:
                        link.kill(packet.id)
            link.settle()
    return written(link.trace, {"client 1": "sensor", "server": "collector"})


def six_pings(slower: float = 1) -> str:
    """Pings one after the other; some are lost, and of others the answer. Each waits `slower`."""
    with (
        run_server(_echo, kind="udp") as server,
        Link(server.address, loss=0.3, delay=0.004, seed=13) as link,
        _udp_socket(0.03 * slower) as client,
    ):
        for number in range(1, 7):
            client.sendto(b"ping %d" % number, link.address)
            try:
                client.recv(2048)
            except TimeoutError:
                continue
    return written(link.trace, {"client 1": "pinger", "server": "device"})


def which_rule() -> str:
    """Readings of different sizes, which are lost by one rule."""
    with _udp_socket(1) as collector:
        address = collector.getsockname()
        with (
            Link(address, loss=0.4, burst=5, delay=0.004, seed=3) as link,
            _udp_socket(1) as sensor,
        ):
            for number in range(1, 19):
                reading = b"%d" % number + b" " + b"x" * (number * 37 % 60)
                sensor.sendto(reading, link.address)
                time.sleep(0.002)
            link.settle()
    return written(link.trace, {"client 1": "sensor", "server": "collector"})


def each_twice() -> str:
    """Stop-and-wait with a timer that is shorter than the way there and back."""
    return _delivered([b"open", b"shut"], 0.05, delay=0.04)


def read_the_bytes(slower: float = 1) -> str:
    """Stop-and-wait where a message is lost, and later an ACK. Its timer may be `slower`."""
    messages = [b"on", b"off", b"on"]
    return _delivered(
        messages,
        0.05 * slower,
        delay=0.004,
        up={"script": {2: "drop"}},
        down={"script": {2: "drop"}},
    )


def two_sensors() -> str:
    """A server that counts for two sensors, in a thread each; its first two counts are one."""
    both, counts = threading.Barrier(2), [0]

    def serves(connection: socket.socket) -> None:
        with connection:
            while connection.recv(64):
                seen = counts[-1]
                if seen == 0:
                    both.wait(5)
                counts.append(seen + 1)
                connection.sendall(b"count %d\n" % (seen + 1))

    def counts_for_all(listener: socket.socket) -> None:
        while True:
            threading.Thread(target=serves, args=(listener.accept()[0],), daemon=True).start()

    with run_server(counts_for_all) as server, Link(server.address, "tcp", delay=0.004) as link:
        with (
            socket.create_connection(link.address, timeout=5) as first,
            socket.create_connection(link.address, timeout=5) as second,
        ):
            for sensor in (first, second):
                sensor.sendall(b"open\n")
                time.sleep(0.001)
            for sensor in (first, second):
                sensor.recv(64)
            for sensor in (first, second):
                time.sleep(0.01)
                sensor.sendall(b"open\n")
                sensor.recv(64)
            time.sleep(0.01)
            trace = written(link.trace, {"client 1": "sensor 1", "client 2": "sensor 2"})
    return trace


def whose_lines() -> str:
    """A broker hears a line in two pieces, with another client's line between them."""
    with run_server(selector_broker) as server, Link(server.address, "tcp", delay=0.004) as link:
        with contextlib.ExitStack() as stack:
            clients = []
            for _ in range(3):
                clients.append(
                    stack.enter_context(socket.create_connection(link.address, timeout=5))
                )
                time.sleep(0.02)
            thermometer, door, app = clients
            for sock, piece in (
                (thermometer, b"21"),
                (door, b"open\n"),
                (thermometer, b".5\n22"),
                (door, b"shut\n"),
            ):
                sock.sendall(piece)
                time.sleep(0.02)
            names = {"client 1": "thermometer", "client 2": "door", "client 3": "app"}
            return written(link.trace, {**names, "server": "broker"})


def none_again() -> str:
    """Go-Back-N where the ACKs of 1 and 2 are lost, and that of 3 comes in time."""
    _, trace = staging.transfer(
        "Go-Back-N", 3, messages=6, slot=0.004, lost_acks={1: "drop", 2: "drop"}, seconds=9
    )
    return written(trace, {"client 1": "sender", "server": "receiver"})


SWEEP_SEEDS = range(2, 13)  # the chapter itself runs with seed 1
SWEEP_SECONDS = 0.15
SWEEP_STALL, SWEEP_TRIES = 3 * staging.SLOT, 20


def sweep_points() -> list[tuple[str, int, float]]:
    """The rules, windows and losses whose goodput chapter 07 shows."""
    losses, windows = (0, 0.1, 0.2, 0.3), (1, 4, 8, 16, 32)
    both = staging.RULES[1:]
    points = [("stop-and-wait", 1, loss) for loss in losses]
    points += [(rule, 32, loss) for rule in both for loss in losses]
    return points + [(rule, window, 0.1) for rule in both for window in windows if window != 32]


def goodput(rule: str, window: int, loss: float, seed: int) -> float:
    """What one run reaches, in packets a slot; one in which the machine stood still is repeated."""
    for _ in range(SWEEP_TRIES):
        flow, _ = staging.transfer(rule, window, loss, seed, SWEEP_SECONDS)
        if flow.stall < SWEEP_STALL:
            break
    return flow.arrived / (SWEEP_SECONDS / staging.SLOT - staging.TRIP)


def sweep() -> str:
    """The goodput of each point, at eleven seeds."""
    rows = []
    for point in sweep_points():
        values = [round(goodput(*point, seed), 3) for seed in SWEEP_SEEDS]
        rows.append(json.dumps([*point, values]))
    return "[\n" + ",\n".join(rows) + "\n]\n"


def _delivered(messages: list[bytes], timer: float, **settings: object) -> str:
    with (
        _udp_socket(8 * timer) as receiver,  # it ends when nothing has come for so long
        Link(receiver.getsockname(), **settings) as link,
        _udp_socket(0.4) as sender,
        run_server(partial(_receives, receiver), kind="udp", name="receiver"),
    ):
        send_reliably(sender, link.address, messages, timer)
        link.settle()
    return written(link.trace, {"client 1": "sender", "server": "receiver"})


def _receives(receiver: socket.socket, _: socket.socket) -> None:
    receive_reliably(receiver)


def _echo(sock: socket.socket) -> None:
    while True:
        data, client = sock.recvfrom(2048)
        sock.sendto(data, client)


def _udp_socket(timeout: float) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(timeout)
    return sock


RUNS: dict[str, Callable[..., str]] = {
    "00 one killed": one_killed,
    "01 which device": which_device,
    "02 half closed": half_closed,
    "02 unread": unread,
    "04 late answer": late_answer,
    "03 a wrong length": a_wrong_length,
    "03 one wrong answer": one_wrong_answer,
    "05 six pings": six_pings,
    "05 which rule": which_rule,
    "06 each twice": each_twice,
    "06 read the bytes": read_the_bytes,
    "07 none again": none_again,
    "08 two sensors": two_sensors,
    "09 whose lines": whose_lines,
}
SWEEPS: dict[str, tuple[Callable[[], str], Path]] = {"07 sweep": (sweep, staging.SWEEP)}


def file_of(name: str) -> Path:
    """Where a conversation stands, such as "05 six pings"."""
    chapter, _, words = name.partition(" ")
    return CHAPTERS / f"chapter_{chapter}" / "recorded" / f"{words.replace(' ', '_')}.json"


def main(names: list[str]) -> int:
    """Record those that are named, or those that are missing; return the exit status."""
    known = {name: (run, file_of(name)) for name, run in RUNS.items()} | SWEEPS
    if unknown := [name for name in names if name not in known]:
        print(f"nothing is called {', '.join(unknown)}; there are {', '.join(known)}")
        return 2
    for name in names or [each for each, (_, file) in known.items() if not file.exists()]:
        run, file = known[name]
        file.parent.mkdir(exist_ok=True)
        file.write_text(run(), encoding="utf-8", newline="\n")
        print(f"{name}: recorded")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
