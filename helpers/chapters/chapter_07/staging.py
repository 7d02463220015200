"""Both ends of a window in one loop: what the experiments of chapter 07 measure with.

The rules themselves are the chapter's subject; here they stand side by side, so that one run
differs from another by its rule, its window and its link alone.
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from helpers.chapters.chapter_06._wire import ACK, HEADER, NAMES
from helpers.chapters.chapter_06.solutions import receive_reliably
from helpers.chapters.chapter_07 import solutions
from helpers.chapters.chapter_07._flow import (  # noqa: F401 (what a chapter's cells ask for, too)
    RULES,
    SLOT,
    TIMER,
    TRIP,
    Flow,
    Receiver,
)
from helpers.link import blocks  # noqa: F401 (numpy, now: a cell may be interrupted amid its import)
from helpers.link.link import Link
from helpers.trace.trace import Trace

# Right answers of the course's own, for experiments before the learner's are there.
GIVEN = {
    "receive_reliably": receive_reliably,
    **{name: each for name, each in vars(solutions).items() if callable(each)},
}

CALM, RUNS = 0.01, 4  # seconds for which the machine may stand still; runs until that is so
BAD = {"delay": 0.01, "loss": 0.1, "seed": 5}  # a link, both ways
Point = tuple[str, int, float]  # a rule, a window in packets, a loss from 0 to 1
SWEEP = Path(__file__).with_name("sweep.json")  # as tools/record.py has measured it


def theory(rule: str, window: float, loss: float) -> tuple[float, float]:
    """The lower and the upper bound of the goodput, in packets a slot; the chart has Go-Back-N's.

    Both are equal, and the chapter's formula, but for Selective Repeat. A message stays in the
    window for one trip, and a timer for each time that it is lost: by Little's law no more than
    `window` of these go on at a time. Were the window to move as a whole, it would wait for the one
    that is lost most often.

    Args:
        rule: as for `Flow`.
        window: in packets.
        loss: the probability that a packet is lost, below 1; ACKs are not.
    """
    repeats = loss / (1 - loss)  # of a message, on average
    if rule != "Selective Repeat":
        window = 1 if rule == "stop-and-wait" else window
        goodput = 1 / (max(1, TRIP / window) + TIMER * repeats)
        return goodput, goodput
    most = min(1 - loss, window / (TRIP + TIMER * repeats))
    slowest = sum(1 - (1 - loss**times) ** window for times in range(1, 60))
    return min(most, window / (window - 1 + TRIP + TIMER * slowest)), most


def recorded() -> dict[Point, list[float]]:
    """What eleven runs with other seeds have reached, by rule, window and loss."""
    rows = json.loads(SWEEP.read_text(encoding="utf-8"))
    return {(rule, window, loss): values for rule, window, loss, values in rows}


def lost_share(trace: Trace) -> float:
    """The share of the packets to the receiver that were dropped, from 0 to 1."""
    fates = [event.fate for event in trace if event.source != "server"]
    return fates.count("dropped") / max(1, len(fates))


def in_words(datagram: bytes) -> str:
    """A datagram as the diagrams show it, such as: DATA 1 'open'."""
    kind, number = HEADER.unpack(datagram[: HEADER.size])
    text = datagram[HEADER.size :].strip(b"\0").decode()
    return f"{NAMES[kind]} {number}" + (f" '{text}'" if text else "")


def run(receiver: socket.socket, link: Link, flows: Sequence[Flow], seconds: float = 9.0) -> None:
    """Let senders send through a link until all is confirmed, or the time is over.

    Args:
        receiver: a UDP socket, which the link leads to; the caller closes it.
        link: that the packets cross.
        flows: the senders, which all begin with the call but where they say otherwise.
        seconds: after which it ends at the latest.
    """
    socks = {socket.socket(socket.AF_INET, socket.SOCK_DGRAM): flow for flow in flows}
    ends: dict[Any, Receiver] = {}
    waiting, turns = list(flows), deque(flows)
    try:
        start = now = last = time.perf_counter()
        for sock, flow in socks.items():
            sock.bind(("127.0.0.1", 0))
            flow.open(sock, link.address, start)
        while now - start < seconds and not all(flow.done for flow in flows):
            turns.rotate()  # after a stall, who sends first finds the most room in a queue
            rest = min(flow.step(now) for flow in turns)
            looked = time.perf_counter()
            ready = select.select([receiver, *socks], [], [], max(0.0, rest))[0]
            now = time.perf_counter()
            for flow in flows:
                flow.stall = max(flow.stall, now - looked - max(0.0, rest), looked - last)
            for sock in ready:
                datagram, address = sock.recvfrom(2048)
                number = HEADER.unpack(datagram[: HEADER.size])[1]
                if sock is not receiver:
                    socks[sock].hear(number, now)
                    continue
                if address not in ends:  # the link has an address for each sender
                    ends[address] = Receiver(_begun(waiting))
                answer = ends[address].take(number, datagram[HEADER.size :])
                receiver.sendto(HEADER.pack(ACK, answer), address)
            now = last = time.perf_counter()
    finally:
        for sock in socks:
            sock.close()


def calm(experiment: Callable[[], tuple[Sequence[Flow], Trace]]) -> tuple[Sequence[Flow], Trace]:
    """Run an experiment; where the machine stood still meanwhile, run it again, up to four times.

    Args:
        experiment: returns its senders and the link's trace.

    Returns:
        The first run without a long pause, or the one with the shortest.
    """
    best = shortest = None
    for _ in range(RUNS):
        flows, trace = experiment()
        pause = max(flow.stall for flow in flows)
        if shortest is None or pause < shortest:
            best, shortest = (flows, trace), pause
        if pause < CALM:
            break
    return best


def deliver(
    send: Callable[..., Any],
    messages: Sequence[bytes],
    window: int,
    receive: Callable[[socket.socket], list[bytes]] = receive_reliably,
    timeout: float = 0.03,
) -> tuple[Any, float, list[bytes]]:
    """Run a sender and a receiver at the ends of a link that loses one packet in ten, each way.

    Where the machine stood still, a sender may give up by TimeoutError: then it runs again, up to
    four times in all.

    Args:
        send: called with a socket, an address, the messages, the window and the timeout.
        messages: to be sent.
        window: of the sender, in packets.
        receive: called with a bound socket.
        timeout: of the sender, in seconds.

    Returns:
        What the sender returned, the seconds until it did, and what the receiver returned.
    """
    for _ in range(RUNS - 1):
        with contextlib.suppress(TimeoutError):
            return _deliver(send, messages, window, receive, timeout)
    return _deliver(send, messages, window, receive, timeout)


def _deliver(
    send: Callable[..., Any],
    messages: Sequence[bytes],
    window: int,
    receive: Callable[[socket.socket], list[bytes]],
    timeout: float,
) -> tuple[Any, float, list[bytes]]:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
        ThreadPoolExecutor(1) as thread,
    ):
        for each in (there, sock):
            each.bind(("127.0.0.1", 0))
            each.settimeout(0.4)
        with Link(there.getsockname(), **BAD) as link:
            arrived, start = thread.submit(receive, there), time.perf_counter()
            stats = send(sock, link.address, list(messages), window, timeout)
            return stats, time.perf_counter() - start, arrived.result()


def _begun(waiting: list[Flow]) -> Flow:
    """The flow whose packet is the first of a new address: they begin one after the other."""
    flow = min(
        (each for each in waiting if each.sent), key=lambda each: each._sent_at[each.sent[0]]
    )
    waiting.remove(flow)
    return flow


def transfer(
    rule: str,
    window: int,
    loss: float = 0.0,
    seed: int = 1,
    seconds: float = 0.15,
    *,
    slot: float = SLOT,
    script: Mapping[int, str] | None = None,
    lost_acks: Mapping[int, str] | None = None,
    **settings: Any,
) -> tuple[Flow, Trace]:
    """Send numbered packets over a path for a while: one a slot, 8 slots there, no time back.

    Args:
        rule: as for `Flow`, whose other settings may follow.
        window: how many packets may be on their way.
        loss: the probability that a packet is lost; ACKs are not.
        seed: of the losses.
        seconds: for how long.
        slot: seconds.
        script: fates of single packets, by their place, such as {2: "drop"}.
        lost_acks: the same for ACKs.

    Returns:
        The sender with what it has seen, and the link's trace.
    """
    up = {"delay": TRIP * slot, "loss": loss, "script": script or {}}
    flow = Flow(window, rule, TIMER * slot, slot=slot, **settings)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        there, down = receiver.getsockname(), {"script": lost_acks or {}}
        with Link(there, up=up, down=down, seed=seed) as link:
            run(receiver, link, [flow], seconds)
    return flow, link.trace
