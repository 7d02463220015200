"""The first step's reward: a learner's packets carry an image to the course's own receiver."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from helpers.assignments.a2 import _wire as wire
from helpers.assignments.a2 import solutions
from helpers.assignments.a2._field import link_to
from helpers.assignments.a2.packed import IMAGE, TRANSFER, Comparison, compare
from helpers.look.picture import Drawing
from helpers.trace.diagram import sequence_diagram

DELAY, PAUSE = 0.03, 0.008  # seconds each way, and between two packets: all are sent before an ACK
LOST = {3: "drop"}  # the sender's third packet, which is the first DATA 1
PATIENCE = 2.0  # seconds for an answer, on a link that loses none


def carry(packed: Callable[[int, int, int, bytes], bytes]) -> Drawing | Comparison:
    """Carry the image of the example over a link, in packets that a learner's function packs.

    Args:
        packed: as for `compare`.

    Returns:
        What crossed, as a diagram; where the packets are not right yet, a card that says so.

    Raises:
        TimeoutError: where an answer does not come in time, on a machine that does much else.
    """
    if compare(packed).state != "right":
        return Comparison("none", "Nothing was sent. First make the packets as in the example.")
    with (
        socket.socket(type=socket.SOCK_DGRAM) as mine,
        socket.socket(type=socket.SOCK_DGRAM) as theirs,
        ThreadPoolExecutor(1) as pool,
    ):
        for sock in (mine, theirs):
            sock.bind(("127.0.0.1", 0))
            sock.settimeout(PATIENCE)
        with link_to(theirs.getsockname(), delay=DELAY, up={"script": LOST}) as link:
            receiving = pool.submit(solutions.receive_firmware, theirs)
            _send(mine, link.address, packed)
            receiving.result()
    title = "Your packets have carried 1,000 bytes to our receiver"
    roles = ("sender", "receiver")
    return sequence_diagram(link.trace, title, words=wire.in_words, roles=roles)


def _send(sock: socket.socket, address: tuple[str, int], packed: Callable) -> None:
    """A sender that knows what is lost, and so needs no timer."""

    def send(kind: int, number: int, payload: bytes) -> None:
        sock.sendto(packed(kind, TRANSFER, number, payload), address)

    chunks = wire.chunks_of(IMAGE)
    send(wire.OFFER, len(IMAGE), wire.digest(IMAGE))
    sock.recv(wire.LARGEST)
    for number, chunk in enumerate(chunks):
        send(wire.DATA, number, chunk)
        time.sleep(PAUSE)
    for _ in range(len(chunks) - 1):  # one is lost, and so is not answered
        sock.recv(wire.LARGEST)
    send(wire.DATA, 1, chunks[1])
    sock.recv(wire.LARGEST)  # DONE
