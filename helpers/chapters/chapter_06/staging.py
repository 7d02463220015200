"""The stage of chapter 06: packets in words, and many transfers that are counted and timed."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from helpers.chapters.chapter_06 import solutions
from helpers.chapters.chapter_06._wire import HEADER, NAMES, SIZE, ack, data
from helpers.link import blocks  # noqa: F401 (numpy, now: a cell may be interrupted amid its import)
from helpers.link.link import Link
from helpers.servers.servers import run_server
from helpers.trace.diagram import sequence_diagram

if TYPE_CHECKING:
    import numpy as np

    from helpers.look.picture import Drawing
    from helpers.trace.trace import Trace

Sender = Callable[..., Any]
FASTER = 80  # how many times faster than CoAP's our clock runs
IN_A_SECOND = 5  # messages that the gateway takes, on CoAP's clock
SILENCE = 0.5  # seconds without a datagram, after which a transfer is over
QUEUE = 4  # messages that may wait for it
LATE, RUNS = 0.002, 3  # seconds; a run in which a device sent later than that is repeated
PAUSED = 0.02  # seconds; a packet, or an answer, of `deliver` that is later has met a pause
PAUSE = 40  # milliseconds: no round trip of `follow` takes so long, unless the machine paused


def in_words(datagram: bytes) -> str:
    """A datagram as the diagrams show it, such as: DATA 1 'open'."""
    kind, number = HEADER.unpack(datagram[: HEADER.size])
    event = f"'{datagram[HEADER.size :].decode()}'" if datagram[HEADER.size :] else ""
    return f"{NAMES[kind]} {number or ''} {event}".strip()


SHOWN = {"words": in_words, "roles": ("sender", "receiver")}


def draw(trace: Trace, title: str) -> Drawing:
    """A sequence diagram in the chapter's words; see `helpers.sequence_diagram`."""
    return sequence_diagram(trace, title, **SHOWN)


def _socket() -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(0.4)
    return sock


def _confirm_number(sock: socket.socket) -> None:
    """Confirm each message by the number that it has."""
    while True:
        datagram, sender = sock.recvfrom(SIZE)
        sock.sendto(ack(HEADER.unpack(datagram[: HEADER.size])[1]), sender)


def tries(loss: float, seeds: Sequence[int] = (1, 2, 3), messages: int = 150) -> np.ndarray:
    """How many times each message was sent, until it was confirmed; for some seeds, one by one.

    All that are not confirmed take a try together. The link says when nothing is on its way any
    more, so nobody waits for a timer.

    Args:
        loss: a probability, for each packet in both directions.
        seeds: of the losses.
        messages: how many, for each seed.
    """
    import numpy as np

    return np.concatenate([_tries(loss, seed, messages) for seed in seeds])


def _tries(loss: float, seed: int, messages: int) -> np.ndarray:
    import numpy as np

    sent, open_ones = np.zeros(messages, int), list(range(messages))
    with (
        run_server(_confirm_number, kind="udp") as server,
        Link(server.address, loss=loss, seed=seed) as link,
        _socket() as sock,
    ):
        while open_ones:
            for number in open_ones:
                sock.sendto(data(number, b""), link.address)
                sent[number] += 1
            for place in (link, server, link):  # there, received, and back
                place.settle()
            while select.select([sock], [], [], 0)[0]:
                open_ones.remove(HEADER.unpack(sock.recv(SIZE))[1])
    return sent


def confirm_up_to(sock: socket.socket, kept: list[bytes]) -> None:
    """A right receiver of messages, without an end: the lines of the chapter's order.

    Args:
        sock: to receive from.
        kept: gets the messages.
    """
    while True:
        datagram, sender = sock.recvfrom(SIZE)
        number = HEADER.unpack(datagram[: HEADER.size])[1]
        if number == len(kept) + 1:
            kept.append(datagram[HEADER.size :])
        sock.sendto(ack(len(kept)), sender)


def deliver(
    sender: Callable[..., Any],
    receiver: Callable[..., Any],
    messages: Sequence[bytes],
    up: Any = (),
    down: Any = (),
    delay: float = 0.003,
    watch: Callable[..., contextlib.AbstractContextManager] | None = None,
) -> tuple[list[bytes], Trace]:
    """Run a sender and a receiver without an end, and print how that ended.

    A run in which the machine paused is repeated, where nobody watches it: a timer that ran out
    only for that adds packets, and the script then means others.

    Args:
        sender: called with a socket, an address and the messages; its TimeoutError ends the run.
        receiver: called with a socket and the list `kept`, which gets what it keeps.
        messages: to be sent.
        up: the link's script for the way to the receiver, such as {2: "drop"}.
        down: the script of the way back.
        delay: of each way, in seconds.
        watch: as `helpers.live`, to show the packets while they cross.

    Returns:
        What the receiver has kept, and the link's trace.
    """
    for _ in range(1 if watch else RUNS):
        kept, trace, ending = _deliver(sender, receiver, messages, up, down, delay, watch)
        if not _has_paused(trace, _longest(delay, up), _longest(delay, down)):
            break
    print(f"{ending}; kept:", *(message.decode() for message in kept))
    return kept, trace


def _deliver(
    sender: Callable[..., Any],
    receiver: Callable[..., Any],
    messages: Sequence[bytes],
    up: Any,
    down: Any,
    delay: float,
    watch: Callable[..., contextlib.AbstractContextManager] | None,
) -> tuple[list[bytes], Trace, str]:
    kept, ending = [], "the sender waits in vain"
    with (
        run_server(partial(receiver, kept=kept), kind="udp", name="receiver") as server,
        Link(server.address, delay=delay, up={"script": up}, down={"script": down}) as link,
        _socket() as sock,
        watch(link, **SHOWN) if watch else contextlib.nullcontext(),
    ):
        with contextlib.suppress(TimeoutError):
            sender(sock, link.address, messages)
            ending = "the sender has its ACKs"
        link.settle(5)
        server.settle()
    return kept, link.trace, ending


def _longest(delay: float, script: Any) -> float:
    """The longest time that a packet takes by a script, or as any other does."""
    fates = script.values() if isinstance(script, Mapping) else script
    return max([delay, *(each for each in fates if isinstance(each, (int, float)))])


def _has_paused(trace: Trace, up: float, down: float) -> bool:
    """Whether the link or the receiver was late, where packets take so long in each direction."""
    arrived = None  # when the receiver got what it may answer
    for event in sorted(trace, key=lambda event: event.time):
        from_receiver = event.source == "server"
        took = (event.delivered or event.time) - event.time
        if took > (down if from_receiver else up) + PAUSED:
            return True
        if from_receiver and arrived is not None and event.time - arrived > PAUSED:
            return True
        if not from_receiver and event.delivered is not None:
            arrived = event.delivered
    return False


def meet(
    sender: Sender | None,
    receiver: Callable[[socket.socket], list[bytes]] | None,
    messages: Sequence[bytes],
    up: Any = (),
    down: Any = (),
) -> tuple[list[bytes], Any, Trace]:
    """Let a sender and a receiver meet, over a link with scripts for both ways.

    Args:
        sender: as the exercise `send_reliably`; the course's own where it is None.
        receiver: as the exercise `receive_reliably`; the course's own where it is None.
        messages: to be sent.
        up: the script of the way to the receiver.
        down: the script of the way back.

    Returns:
        What the receiver has returned, empty where it has not; what the sender has; the trace.
    """
    kept: list[bytes] = []
    is_over = threading.Event()
    receive = receiver or solutions.receive_reliably

    def serve(sock: socket.socket) -> None:
        sock.settimeout(SILENCE)
        with contextlib.suppress(TimeoutError):
            kept.extend(receive(sock))
        is_over.set()

    with (
        run_server(serve, kind="udp", name="receiver") as server,
        Link(server.address, delay=0.003, up={"script": up}, down={"script": down}) as link,
        _socket() as sock,
    ):
        stats = (sender or solutions.send_reliably)(sock, link.address, list(messages), 0.1)
        is_over.wait(5)
    return kept, stats, link.trace


def cost(
    sender: Sender, timer: float, loss: float = 0.1, seed: int = 11, messages: int = 10
) -> tuple[float, float]:
    """Datagrams and milliseconds that a message costs, where each packet takes 5 ms.

    Args:
        sender: as the chapter's `stop_and_wait`: returns how many datagrams it has sent.
        timer: its timer, in seconds.
        loss: a probability, for each packet in both directions.
        seed: of the losses.
        messages: how many are sent.
    """
    with (
        run_server(partial(confirm_up_to, kept=[]), kind="udp", name="receiver") as server,
        Link(server.address, loss=loss, delay=0.005, seed=seed) as link,
        _socket() as sock,
    ):
        start = time.perf_counter()
        transmissions = sender(sock, link.address, [b"open"] * messages, timer)
        taken = time.perf_counter() - start
    return transmissions / messages, taken * 1000 / messages


def follow(
    send: Callable[..., Sequence[float]], estimator: Any = None, messages: int = 75, seed: int = 3
) -> list[tuple[int, float, Sequence[float]]]:
    """Send messages with a timer that follows the round trips, on a path that changes.

    Each way takes 3 ms, from message 25 on 10, from 50 on 3 again; one packet in 50 is lost.

    Args:
        send: as the chapter's `send_and_learn`: called with a socket, an address, a number and the
            estimator; it returns the seconds since each transmission when the ACK came.
        estimator: with the methods of `RtoEstimator`; by default the course's own, without bounds,
            and a run in which the machine paused is repeated.
        messages: how many are sent.
        seed: of losses and jitter.

    Returns:
        For each message its number, the timer at its first transmission, and the times since each
        transmission when its ACK came, both in milliseconds.
    """
    if estimator:
        return _follow(send, estimator, messages, seed)
    for _ in range(RUNS):
        rows = _follow(send, solutions.RtoEstimator(minimum=0), messages, seed)
        if all(since[0] < PAUSE for *_, since in rows if len(since) == 1):
            break
    return rows


def _follow(
    send: Callable[..., Sequence[float]], estimator: Any, messages: int, seed: int
) -> list[tuple[int, float, Sequence[float]]]:
    rows = []
    with (
        run_server(_confirm_number, kind="udp") as server,
        Link(server.address, jitter=0.0005, loss=0.02, seed=seed) as link,
        _socket() as sock,
    ):
        for number in range(messages):
            link.set(delay=0.01 if 25 <= number < 50 else 0.003)
            timer = estimator.timeout()
            since = send(sock, link.address, number, estimator)
            rows.append((number, timer * 1000, [each * 1000 for each in since]))
    return rows


def after_message_50(rows: Sequence[tuple[int, float, Sequence[float]]]) -> str:
    """What the timer of `follow` does when the path is fast again, in words of the prediction."""
    before, after = rows[50][1], rows[51][1]
    if after > before:
        return "It rises"
    return "It falls at once" if after < 0.95 * before else "It stays for a while"


def herd(
    timers: Callable[[Random], Sequence[float]], devices: int = 30, seed: int = 1
) -> tuple[set[int], Trace]:
    """Devices that all send at once to a gateway with a short queue, on a clock that is faster.

    The gateway takes a message in a fifth of a second, and four more may wait for it.

    Args:
        timers: gives for a device how long it waits after each of its transmissions, in seconds on
            CoAP's clock; called with a source of random numbers.
        devices: how many, from 1 to 255.
        seed: of the random numbers.

    Returns:
        The numbers of the devices that were confirmed, from 0, and the trace.
    """
    dice, plan = Random(seed), []
    for device in range(devices):
        waits = timers(dice)
        plan += [(sum(waits[:k]) / FASTER, device) for k in range(len(waits))]
    for _ in range(RUNS):
        confirmed, trace, late = _send_by(sorted(plan))
        if late < LATE:
            break
    return confirmed, trace


def _send_by(plan: Sequence[tuple[float, int]]) -> tuple[set[int], Trace, float]:
    """Send at the moments of a plan; return who was confirmed, the trace, and the latest delay."""
    confirmed, late = set(), 0.0
    way = {"rate": HEADER.size * FASTER * IN_A_SECOND, "queue": HEADER.size * (QUEUE + 1)}
    with (
        run_server(_confirm_number, kind="udp") as server,
        Link(server.address, up=way) as link,
        _socket() as sock,
    ):

        def hear(until: float) -> None:
            while select.select([sock], [], [], max(0, until - time.perf_counter()))[0]:
                confirmed.add(HEADER.unpack(sock.recv(SIZE))[1])

        start = time.perf_counter()
        for moment, device in plan:
            hear(start + moment)
            late = max(late, time.perf_counter() - start - moment)
            if device not in confirmed:
                sock.sendto(data(device, b""), link.address)
        for place in (link, server, link):
            place.settle()
        hear(0)
    return confirmed, link.trace, late


def device_of(datagram: bytes) -> int:
    """The number of a device in a datagram of `herd`."""
    return HEADER.unpack(datagram[: HEADER.size])[1]
