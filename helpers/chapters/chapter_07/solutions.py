"""The right answers of chapter 07, as its source has them.

Written by `python3 course.py notebooks` from the chapter's source, where they are edited. Nothing
shows them before an exercise is passed.
"""

import contextlib
import struct
import time
from dataclasses import dataclass
from dataclasses import field

# The packets of chapter 06: a kind in one byte, a number in four, and then the payload.
HEADER = struct.Struct("!BI")  # kind, number

DATA, ACK, END = 1, 2, 3

TRIES = 10  # transmissions of one message, before its sender gives up


@dataclass
class Stats:
    """What it took to send messages."""

    transmissions: int
    rtts: list[float] = field(default_factory=list)  # here they may stay empty


def packet(kind, number, payload=b""):
    return HEADER.pack(kind, number) + payload


def next_ack(sock, address, ends):
    """The number of the next ACK from this address, or None where none comes until then."""
    while (left := ends - time.perf_counter()) > 0:
        sock.settimeout(left)
        try:
            answer, sender = sock.recvfrom(65_535)
        except TimeoutError:
            return None
        except ConnectionError:  # about an earlier datagram, which met a closed port
            continue
        if sender == address and len(answer) == HEADER.size and answer[0] == ACK:
            return HEADER.unpack(answer)[1]
    return None


def go_back_n_send(sock, address, messages, window, timeout):
    """Send messages with up to `window` of them unconfirmed, and then an END.

    Example: 8 messages, window 4, DATA 2 lost once: DATA 2, 3, 4 and 5 are sent again, so it
    returns Stats(12).

    What it sends:
    - Message n, counted from 1, goes out as DATA n, without waiting while the window has room.
    - One timer of `timeout` seconds starts with the oldest unconfirmed message, and anew when
      an ACK confirms something new. When it ends, every unconfirmed message that was sent is
      sent again, in order.
    - After the last confirmation END is sent up to TRIES times. END unconfirmed is no error.

    What it hears:
    - ACK n from `address` confirms all up to n.
    - All else is ignored: lower ACKs, those of numbers never sent, other kinds and addresses.
    - A ConnectionError of the socket counts as silence.
    - It waits in `recvfrom`, as `next_ack` does.

    Arguments:
    - sock is an open UDP socket; the caller closes it. The function may set its timeout.
    - address is a tuple (host, port).
    - messages is a list of bytes and may be empty.
    - window is a number of messages, 1 or more.
    - timeout is in seconds, by a clock that only goes forward.

    Returns Stats: transmissions counts the DATA datagrams, with those sent again. rtts may stay
    empty, and whatever stands in it is not looked at.
    Raises ValueError for a window below 1. Raises TimeoutError when the timer has ended TRIES
    times in a row without anything new confirmed; its text names the first message that was
    not confirmed, as "message 3 of 8 was not confirmed".
    """
    if window < 1:
        raise ValueError(f"a window has room for 1 message or more, not {window}")
    transmissions, oldest, fresh, silences = 0, 1, 1, 0
    ends = time.perf_counter() + timeout
    while oldest <= len(messages):
        # your lines: while the window has room, send with _send; count, and move fresh on
        while fresh < min(oldest + window, len(messages) + 1):
            _send(sock, address, packet(DATA, fresh, messages[fresh - 1]))
            transmissions += 1
            fresh += 1
        # end
        confirmed = next_ack(sock, address, ends)
        if confirmed is None:
            # your lines: the timer has ended. Give up, or go back?
            silences += 1
            if silences == TRIES:
                raise TimeoutError(f"message {oldest} of {len(messages)} was not confirmed")
            fresh = oldest
            # end
        else:
            # your lines: an ACK has come. If it confirms nothing new, the old timer goes on
            if not oldest <= confirmed < fresh:
                continue
            oldest, silences = confirmed + 1, 0
            # end
        ends = time.perf_counter() + timeout
    for _ in range(TRIES):
        _send(sock, address, packet(END, len(messages) + 1))
        ends = time.perf_counter() + timeout
        while (confirmed := next_ack(sock, address, ends)) is not None:
            if confirmed == len(messages) + 1:
                return Stats(transmissions)
    return Stats(transmissions)


def _send(sock, address, datagram):
    with contextlib.suppress(ConnectionError):  # about an earlier datagram; this one is lost
        sock.sendto(datagram, address)


def receive_selectively(sock, window):
    """Receive the messages of one sender in any order, confirm each, and return them in order.

    Example: window 4, and DATA 1 "a", DATA 3 "c", DATA 1 "a", DATA 2 "b", END 4 come. It answers
    ACK 1, 3, 1, 2, 4 and returns [b"a", b"b", b"c"].

    A message is DATA, number 1, 2, ..., and its payload of 0 to 1,000 bytes. `wanted` is the
    lowest number that is not here yet.

    What comes:
    - DATA from wanted to wanted + window - 1 is kept, once, and gets an ACK of its own number.
    - DATA below wanted was here before: it gets its ACK again, and is not kept again.
    - DATA beyond the window is ignored, without an answer.
    - END has no payload; its number is one more than the last message's. Once all before it are
      here, it gets an ACK of its number. Until then it is ignored.
    - All else is ignored: less than five bytes, another kind, number 0, an END with a payload.

    Each ACK goes to the address that its packet came from. After END it goes on to confirm DATA
    and END that come again, and returns when nothing has come for the socket's timeout.

    Arguments: sock is a bound UDP socket with a timeout in seconds; the caller closes it. window
    is a number of packets, 1 or more.
    Returns a list of the payloads, as bytes, in the order of their numbers.
    Raises ValueError for a window below 1, and TimeoutError if nothing comes for the timeout,
    before END. A ConnectionError of the socket must not end it, and it waits in `recvfrom`.
    """
    if window < 1:
        raise ValueError(f"a window has room for 1 packet or more, not {window}")
    messages, early, wanted, ended = [], {}, 1, False
    while True:
        try:
            datagram, sender = sock.recvfrom(65_535)
        except ConnectionError:  # on Windows, after an ACK that met a closed port
            continue
        except TimeoutError:
            if ended:
                return messages
            raise
        if len(datagram) < HEADER.size:
            continue
        (kind, number), payload = HEADER.unpack(datagram[:5]), datagram[5:]
        if kind == END and not payload and number == wanted:
            ended = True
            sock.sendto(packet(ACK, number), sender)
        elif kind == DATA and number > 0:
            # your lines: does it lie behind the window, in it, or beyond?
            if number >= wanted + window:
                continue
            if number >= wanted:
                early[number] = payload
            while wanted in early:
                messages.append(early.pop(wanted))
                wanted += 1
            sock.sendto(packet(ACK, number), sender)


class CongestionWindow:
    """How many packets may be in flight, as RFC 5681 has it, counted in packets.

    Attributes: size, the window in packets, a number that need not be whole; threshold, in
    packets too.

    Example: after one acked() size is 2, after three it is 4. Then lost() makes size and
    threshold 2, and the next acked() makes size 2.5.
    """

    def __init__(self):
        """Start with a size of 1, and a threshold of 64."""
        self.size, self.threshold = 1, 64

    def acked(self):
        """A packet was confirmed: add 1 below the threshold, and 1/size from it on."""
        self.size += 1 if self.size < self.threshold else 1 / self.size

    def lost(self):
        """One packet is missing: size and threshold become half the old size, at least 2."""
        self.threshold = self.size = max(self.size / 2, 2)

    def timed_out(self):
        """The timer has ended: the same threshold as for a loss, and a size of 1."""
        self.lost()
        self.size = 1
