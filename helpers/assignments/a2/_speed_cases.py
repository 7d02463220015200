"""How much of a narrow link a program uses, and how often it repeats itself."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from helpers.assignments.a2 import _hints as hints
from helpers.assignments.a2 import _wire as wire
from helpers.assignments.a2 import beliefs
from helpers.assignments.a2._field import (
    RECEIVER,
    SENDER,
    Crossing,
    link_to,
    ours_sends,
    program,
    received,
    sent,
)
from helpers.assignments.a2._peers import Receiver
from helpers.checks.stage import Stage
from helpers.checks.wrong import Misconception, Wrong
from helpers.link.link import Link

RATE, DELAY, LOSS = 200_000, 0.02, 0.1  # bytes a second, seconds each way, a probability
SIZE, SEEDS = 300_000, (1, 2, 3)
GRADES = (0.15, 0.3, 0.45, 0.6)  # of the bound
AT_MOST = (3.5, 1.4)  # transmissions for each chunk
THRIFTY, TOLD = 40_000, 100_000  # bytes: of the images for the sender and for the receiver
MANY = 1.5  # transmissions for each chunk: more of them take the room of others
WHOLE, PATIENCE = 2**20, 18.0  # bytes, seconds
FEW = 4  # chunks: with less in flight a program sends about one at a time
QUIET = 1.0  # seconds: a sender that says nothing for so long hangs
EARLY = 3.0  # seconds, after which a run that is far behind is ended
shares: dict[int, float] = {}  # of this process's newest program, by seed
repeats: list[float] = []  # its transmissions for each chunk
slow: list[tuple[str, Misconception | None]] = []  # what can be told of its unfinished runs
ahead: list[int] = []  # how far above the lowest missing chunk it came in each run
STEADY = {"delay": 0.01, "down": {"loss": LOSS}}
ENOUGH = 8.0  # seconds for one of these images
_KEPT, _PER_CHUNK = "shares", "per chunk"


def bound(size: int, rate: float, delay: float) -> float:
    """Seconds that no sender can fall below: the link sends what there is to send, without a pause.

    Before the first chunk and after the last one crosses, there is a round trip.
    """
    chunks = -(-size // wire.CHUNK)
    return (size + chunks * wire.HEAD.size) / rate + 4 * delay


def _shares(function: Callable, stage: Stage) -> dict[int, float]:
    kept: dict[str, Any] | None = stage.attempt.kept
    if kept is not None and _KEPT in kept:
        if isinstance(kept[_KEPT], Exception):
            raise kept[_KEPT]
        return kept[_KEPT]
    try:
        found = _measured(program(function, SENDER), stage)
    except Exception as error:
        if kept is not None:
            kept[_KEPT] = error
        raise
    if kept is not None:
        kept[_KEPT] = found
    return found


def _measured(send: Callable, stage: Stage) -> dict[int, float]:
    shares.clear()
    repeats.clear()
    slow.clear()
    ahead.clear()
    best = bound(SIZE, RATE, DELAY)
    longest = best / GRADES[0]
    for seed in SEEDS:
        receiver = Receiver(stage, wire.an_image(SIZE, seed), name="")
        narrow = {"seed": seed, "loss": LOSS, "delay": DELAY, "up": {"rate": RATE}}
        with link_to(receiver.address, **narrow) as link:
            receiver.start(send, link.address)
            receiver.wait(EARLY)
            if receiver.lowest < receiver.count * EARLY / longest / 2:
                shares[seed] = 0.0  # it is hopeless
                slow.append(_seen(receiver))
                receiver.sending.end()
                break
            run = receiver.wait(longest - EARLY)
            repeats.append(receiver.transmissions / receiver.count)
            ahead.append(receiver.ahead)
            shares[seed] = best / run.seconds if run.over else 0.0
            if run.over:
                sent(run, f"on a link of {RATE // 1000} kB/s", None, hints.SPEED)
            else:
                slow.append(_seen(receiver))
                run.end()
        if not shares[seed]:
            break  # more of them would take long, and say no more
    return dict(shares)


def reaches(share: float) -> Callable[[Callable, Stage], None]:
    """A case: the median over the seeds is at least this share of the bound."""

    def run(function: Callable, stage: Stage) -> None:
        found = _shares(function, stage)
        got = statistics.median(found.values())
        if got >= share:
            stage.attempt.note = f"{got:.0%} of what the link can carry"
            return
        runs = ", ".join(f"{each:.0%}" for each in found.values())
        told = f"{got:.0%}" if got else f"less than {GRADES[0]:.0%}"
        more, belief = slow[-1] if slow else ("", _belief(max(ahead, default=0)))
        raise Wrong(
            f"{SIZE // 1000} kB took so long that this is {told} of what the link can carry; "
            f"{share:.0%} are wanted here. Runs with other losses: {runs or 'none'}.{more}",
            beliefs.ALL_AGAIN if max(repeats, default=0) > MANY else belief,
            hints.SPEED,
        )

    return run


def _belief(ahead: int) -> Misconception | None:
    """What a slow program may believe whose chunks came so far above the lowest missing one."""
    return beliefs.ONE_AT_A_TIME if ahead < FEW else None


def _seen(receiver: Receiver) -> tuple[str, Misconception | None]:
    """What is to be seen of a sender that is not through, and what it may believe."""
    if not receiver.came:
        return " Nothing has come from it.", None
    quiet = time.monotonic() - receiver.came[-1][0]
    if quiet > QUIET:
        return f" Nothing has come from it for the last {quiet:.1f} s.", None
    return "", _belief(receiver.ahead)


def _repeats_of(send: Callable, stage: Stage) -> float:
    """Transmissions for each chunk, over a link with loss and a steady round trip."""
    came = chunks = 0
    for seed in (1, 2):
        receiver = Receiver(stage, wire.an_image(THRIFTY, seed), name="")
        with link_to(receiver.address, seed=seed, up={"loss": LOSS}, **STEADY) as link:
            receiver.start(send, link.address)
            where = "on a link that loses one of ten packets each way"
            if not receiver.wait(ENOUGH).over:
                more, belief = _seen(receiver)
                receiver.sending.end()
                told = f"{THRIFTY // 1000} kB were not through after {ENOUGH:g} s"
                raise Wrong(f"{told}, {where}.{more}", belief, hints.SPEED)
            sent(receiver.sending, where)
            link.settle()
            came += _transmissions(link)
        chunks += receiver.count
    return came / chunks


def _transmissions(link: Link) -> int:
    """How many DATA datagrams a link has been given."""
    data = bytes([wire.DATA])
    return sum(
        event.target == "server" and event.head[:1] == data and event.fate != "duplicate"
        for event in link.trace.events
    )


def repeats_at_most(limit: float) -> Callable[[Callable, Stage], None]:
    """A case: the sender sends each chunk so often, on average."""

    def run(function: Callable, stage: Stage) -> None:
        kept: dict[str, Any] = stage.attempt.kept if stage.attempt.kept is not None else {}
        if _PER_CHUNK not in kept:
            try:
                got = _repeats_of(program(function, SENDER), stage)
            except Exception as error:
                kept[_PER_CHUNK] = error
            else:
                kept[_PER_CHUNK] = got
        if isinstance(kept[_PER_CHUNK], Exception):
            raise kept[_PER_CHUNK]
        got = kept[_PER_CHUNK]
        if got > limit:
            raise Wrong(
                f"Each chunk was sent {got:.2f} times on average; {1 / (1 - LOSS):.2f} times are "
                f"needed at this loss, and {limit:g} times are allowed here.",
                beliefs.ALL_AGAIN,
            )
        stage.attempt.note = f"{got:.2f} times each chunk"

    return run


def spares_the_sender(function: Callable, stage: Stage) -> None:
    """Our sender, which repeats what it is not told of, needs few repeats with this receiver."""
    receive, image = program(function, RECEIVER), wire.an_image(TOLD, 3)
    where = "on a link that loses one of ten packets each way"
    with Crossing(
        stage, ours_sends, receive, image, seed=3, up={"loss": LOSS}, **STEADY
    ) as crossing:
        crossing.sending.wait(unless=lambda: crossing.receiving.error)
        if crossing.receiving.error is not None:
            received(crossing.receiving, image, where)
        if isinstance(crossing.sending.error, ConnectionError):
            raise Wrong(f"Our sender has failed ({crossing.sending.error}), {where}.")
        crossing.receiving.wait()
        received(crossing.receiving, image, where)
        got = crossing.sending.result.transmissions / -(-TOLD // wire.CHUNK)
    limit = 1.6
    if got > limit:
        raise Wrong(
            f"Our sender sent each chunk {got:.2f} times on average, as your receiver did not "
            f"tell of "
            f"all that had come: {limit:g} times are allowed here.",
            beliefs.USELESS,
        )
    stage.attempt.note = f"{got:.2f} times each chunk"


def works_together(function: Callable, stage: Stage) -> None:
    """1 MB between the learner's own two halves, through all that a link can do."""
    send, receive = program(function, SENDER), program(function, RECEIVER)
    image = wire.an_image(WHOLE)
    everything = {"loss": 0.1, "duplicate": 0.05, "reorder": 0.05, "corrupt": 0.02, "mtu": 512}
    where = "between your own two halves, on a link with all faults at once"
    with Crossing(
        stage, send, receive, image, seed=7, delay=0.002, jitter=0.001, **everything
    ) as crossing:
        if not crossing.sending.wait(PATIENCE):
            told = f"1 MB was not through after {PATIENCE:g} s"
            raise Wrong(f"{told}, {where}.")
        sent(crossing.sending, where)
        if not crossing.receiving.wait(4):
            raise Wrong(f"send_firmware has returned and receive_firmware has not, {where}.")
        received(crossing.receiving, image, where)
