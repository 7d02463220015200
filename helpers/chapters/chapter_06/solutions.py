"""The right answers of chapter 06, as its source has them.

Written by `python3 course.py notebooks` from the chapter's source, where they are edited. Nothing
shows them before an exercise is passed.
"""

import contextlib
import socket
import struct
import time
from dataclasses import dataclass

HEADER = struct.Struct("!BI")  # kind, number

DATA, ACK, END = 1, 2, 3

TRIES = 10  # transmissions of one message, before its sender gives up


@dataclass
class Stats:
    """What it took to send messages."""

    transmissions: int
    rtts: list[float]


def packet(kind, number, payload=b""):
    return HEADER.pack(kind, number) + payload


def udp_socket():
    """A UDP socket on a free port of this machine, whose waits end after 0.4 seconds."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(0.4)
    return sock


def receive_reliably(sock):
    """Receive the messages of one sender, confirm them, and return them in order.

    A message is DATA, number 1, 2, ..., and its payload of 0 to 1,000 bytes. END has no payload;
    its number is one more than the last message's. Each DATA and END, new or old, is
    answered to the address that it came from: with an ACK of the highest number up to which
    all is here (an END counts too; ACK 0: nothing yet), without payload. A number that was
    here before is not kept again. One that comes too early, before its predecessor, is not
    kept at all. All other datagrams are ignored, without an answer: shorter than five
    bytes, of another kind, an END with a payload.

    After END it goes on to confirm what comes, as that ACK may be lost, until nothing has
    come for the socket's timeout. While it waits it leaves the processor to others.

    Arguments: sock is a bound UDP socket with a timeout in seconds; the caller closes it.
    Returns a list of the payloads, as bytes.
    Raises TimeoutError where nothing comes for the timeout, before END.
    On Windows receiving raises ConnectionResetError where an ACK met a closed port; that
    must not end it.

    Example: DATA 1 "a", DATA 1 "a", DATA 3 "c", DATA 2 "b", END 3 come. It answers
    ACK 1, 1, 1, 2, 3 and returns [b"a", b"b"].
    """
    messages, ended = [], False
    while True:
        try:
            datagram, sender = sock.recvfrom(2048)
        except ConnectionError:
            continue
        except TimeoutError:
            if ended:
                return messages
            raise
        # your lines: what becomes of this datagram, and which ACK is sent for it
        if len(datagram) < HEADER.size:
            continue
        (kind, number), payload = HEADER.unpack(datagram[:5]), datagram[5:]
        is_next = number == len(messages) + 1 and not ended
        if kind == DATA and number > 0:
            if is_next:
                messages.append(payload)
        elif kind == END and number > 0 and not payload:
            ended = ended or is_next
        else:
            continue
        sock.sendto(packet(ACK, len(messages) + ended), sender)


def judge_receiver(address):
    """Tell whether a receiver keeps the contract of exercise 1, by sending to it.

    Argument: address is the (host, port) of a program that has just called receive_reliably,
    with a timeout of 2 seconds. It serves one transfer: what your first step has done still
    counts at the last one.
    Returns True if it keeps the contract in all that you try, and False if it does not: also
    if it falls silent or answers what can't be read. Raises nothing.
    A verdict may take 2 seconds. The function closes each socket that it opens.

    Example: a receiver that answers DATA 2, as the first datagram, by ACK 2. Then
    judge_receiver(address) is False, as DATA 1 is missing.
    """
    steps = [(packet(DATA, 1, b"open"), 1)]  # a datagram, and the number to be confirmed
    # your lines: more steps
    steps += [
        (packet(DATA, 1, b"open"), 1),  # the ACK was lost
        (packet(DATA, 3, b"open"), 1),  # 2 is missing
        (packet(END, 3), 1),
        (packet(END, 2)[:3], None),  # too short
        (packet(DATA, 2, b"shut"), 2),
        (packet(END, 3), 3),
        (packet(END, 3), 3),  # the last ACK was lost
    ]
    # end
    with udp_socket() as sock:
        return all(_answer(sock, address, datagram) == number for datagram, number in steps)


def _answer(sock, address, datagram):
    """Send a datagram; return the number of the ACK that comes, or None if none comes."""
    try:
        sock.sendto(datagram, address)
        kind, number = HEADER.unpack(sock.recv(2048))
    except (OSError, struct.error):
        return None
    return number if kind == ACK else None


def send_reliably(sock, address, messages, timeout):
    """Send messages one at a time, each until it is confirmed, and then an END.

    Message n, counted from 1, is sent as DATA n. Its confirmation is an ACK, from `address`,
    of number n or more. Without it `timeout` seconds after it was sent, it is sent again;
    whatever else comes is ignored and does not lengthen the wait. END, with the number after
    the last, is sent in the same way. A wait leaves the processor to others.

    Arguments: sock is an open UDP socket, which the caller closes (the function may set its
    timeout); address is a tuple (host, port), host an IPv4 address; messages is a list of
    bytes and may be empty; timeout is in seconds.
    Returns Stats: transmissions is the number of DATA datagrams sent, with those sent again;
    rtts has, for each message that was confirmed at its first transmission, in order,
    the seconds from sending to ACK, by a clock that nobody sets back.
    Raises TimeoutError where a message was sent TRIES times and not confirmed; its text names
    the first such message, as "message 3 of 8 was not confirmed". An END that is not confirmed
    after TRIES times is no error. A ConnectionError of the socket counts as silence.

    Example: message 1 of 2 is lost once: Stats(transmissions=3, rtts=[0.0004])
    """
    stats = Stats(0, [])
    for number, message in enumerate(messages, 1):
        # your lines: try it up to TRIES times, and keep the stats
        for attempt in range(TRIES):
            stats.transmissions += 1
            rtt = _try_once(sock, address, packet(DATA, number, message), timeout)
            if rtt is not None:
                break
        else:
            raise TimeoutError(f"message {number} of {len(messages)} was not confirmed")
        if attempt == 0:  # else nobody knows which transmission the ACK is for
            stats.rtts.append(rtt)
        # end
    for _ in range(TRIES):
        if _try_once(sock, address, packet(END, len(messages) + 1), timeout) is not None:
            break
    return stats


def _try_once(sock, address, datagram, timeout):
    """Send once; return the seconds until its ACK came, or None where it did not."""
    number = HEADER.unpack(datagram[:5])[1]
    start = time.perf_counter()
    with contextlib.suppress(ConnectionError):
        sock.sendto(datagram, address)
    while (left := start + timeout - time.perf_counter()) > 0:
        sock.settimeout(left)
        try:
            answer, sender = sock.recvfrom(2048)
        except TimeoutError:
            return None
        except ConnectionError:
            continue
        # your lines: is this the ACK that we wait for? then return the seconds since start
        if sender == address and len(answer) == HEADER.size:
            kind, confirmed = HEADER.unpack(answer)
            if kind == ACK and confirmed >= number:
                return time.perf_counter() - start
        # end
    return None


class RtoEstimator:
    """The retransmission timer of RFC 6298, section 2, with a clock granularity G of 0.001 s.

    Example: with minimum=0 timeout() is 1.0 at first, after sample(0.1) 0.3, after another
    sample(0.1) 0.25, and after back_off() 0.5.
    """

    def __init__(self, minimum=1.0, maximum=60.0):
        """Bounds of the timer, in seconds."""
        self._minimum, self._maximum = minimum, maximum
        self._smooth = self._deviation = None
        self._set(1.0)

    def timeout(self):
        """Return the timer in seconds, always from minimum to maximum.

        Before the first sample it is 1.0, then SRTT + max(G, 4 * RTTVAR), both as in `sample`.
        """
        return self._timeout

    def sample(self, rtt):
        """Take a round-trip time R in seconds, of a message that was sent only once.

        The first sample: SRTT = R, RTTVAR = R/2. Each later one, in this order: RTTVAR becomes
        3/4 of itself plus 1/4 of |SRTT - R|, SRTT becomes 7/8 of itself plus 1/8 of R.
        A sample ends a backing off. Raises ValueError for a negative rtt, and changes nothing.
        """
        if not rtt >= 0:
            raise ValueError(f"a round-trip time is 0 seconds or more, not {rtt!r}")
        if self._smooth is None:
            self._smooth, self._deviation = rtt, rtt / 2
        else:
            self._deviation += (abs(self._smooth - rtt) - self._deviation) / 4
            self._smooth += (rtt - self._smooth) / 8
        self._set(self._smooth + max(0.001, 4 * self._deviation))

    def back_off(self):
        """Double the timer, up to maximum; it stays so until the next sample."""
        self._set(2 * self._timeout)

    def _set(self, timeout):
        self._timeout = min(max(timeout, self._minimum), self._maximum)
