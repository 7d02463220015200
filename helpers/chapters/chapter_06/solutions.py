"""The right answers of chapter 06, as its source has them.

Written by `python3 course.py notebooks` from the chapter's source, where they are edited. Nothing
shows them before an exercise is passed.
"""

import contextlib
import socket
import struct
import time
from dataclasses import dataclass

HEADER = struct.Struct("!BI")  # five bytes: the kind in one, the number in four

DATA, ACK, END = 1, 2, 3  # the kinds

TRIES = 10  # transmissions of one message, before its sender gives up


@dataclass
class Stats:
    """What it took to send messages."""

    transmissions: int
    rtts: list[float]  # round-trip times, in seconds


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

    Normal case: DATA 1, DATA 2 and so on come, then an END, and then nothing.
    - DATA n is message n, with a payload of 0 to 1,000 bytes, which is kept.
    - END n has no payload. It says that message n - 1 was the last.
    - Each DATA and each END is answered by an ACK without payload, to the address that it came
      from. The ACK's number says that all messages (and the END) up to this one are here.
    - After END it goes on to confirm, and returns when nothing has come for the socket's timeout.

    Argument: sock is a bound UDP socket with a timeout in seconds; the caller closes it.
    Returns a list of the payloads, as bytes.
    It waits in `recvfrom`, and does not ask again and again.

    Example: DATA 1 "a", DATA 2 "b", END 3 come. It answers ACK 1, 2, 3 and returns [b"a", b"b"].

    What may go wrong:
    - A message or END that is here already comes again: it is answered, but not kept again.
    - A DATA or END comes while one before it is missing: it is answered, but does not count, as
      it will come again. While message 1 is missing, the ACK's number is 0.
    - A DATA comes after the END: it is a late copy, and is answered by END's number.
    - Anything else is ignored, without an answer: less than five bytes, another kind, the
      number 0, an END with a payload.
    - A ConnectionError of `recvfrom` does not end it (this is done).
    - Nothing comes for the timeout, before END is here: it raises TimeoutError.

    Example: DATA 1 "a", DATA 1 "a", DATA 3 "c", DATA 2 "b", END 3 come. It answers
    ACK 1, 1, 1, 2, 3 and returns [b"a", b"b"].
    """
    messages, ended = [], False
    while True:
        try:
            datagram, sender = sock.recvfrom(65_535)
        except ConnectionError:  # on Windows, after an ACK that met a closed port
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
    with a timeout of 2 seconds. It serves one transfer, so your steps build on one another.
    Returns True if every answer is as the contract says, and False if one is not.

    Example: the second step is (packet(DATA, 3, b"open"), 1), because DATA 2 is missing. A
    receiver that answers ACK 3 is wrong, and judge_receiver(address) returns False.

    What may go wrong: an answer that is missing or can't be read is a wrong one.
    Raises nothing, and closes each socket that it opens.
    Time: at most 2 seconds. Each None costs 0.4, so use at most four.
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
        kind, number = HEADER.unpack(sock.recv(65_535))
    except (OSError, struct.error):
        return None
    return number if kind == ACK else None


def send_reliably(sock, address, messages, timeout):
    """Send messages one at a time, each until it is confirmed, and then an END.

    Normal case:
    - Message n, counted from 1, goes out as DATA n. An ACK (five bytes) of n or more from `address`
      confirms it, and the next message goes out.
    - END goes out in the same way, with the number after the last message's.

    Arguments:
    - sock is an open UDP socket; the caller closes it. The function may set its timeout.
    - address is a tuple (host, port), host an IPv4 address.
    - messages is a list of bytes and may be empty; timeout is in seconds.

    Returns Stats:
    - transmissions counts the DATA datagrams, with those sent again.
    - rtts has the seconds from sending to ACK, by `perf_counter`, of each message that was
      confirmed at its first transmission, in order.

    Example: message 1 of 2 is lost once: Stats(transmissions=3, rtts=[0.0004])

    What may go wrong:
    - No such ACK has come `timeout` seconds after a transmission: the message is sent again, up
      to TRIES transmissions in all.
    - None has come after TRIES transmissions: it raises TimeoutError, whose text names the
      message, as "message 3 of 8 was not confirmed". Later messages are not sent.
    - An END is never confirmed: no error, as all messages are.
    - Whatever else comes is ignored, and does not lengthen the wait.
    - A ConnectionError of the socket counts as silence.

    It waits in `recvfrom`, and does not ask again and again.
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
            answer, sender = sock.recvfrom(65_535)
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
    """The retransmission timer (RTO) of RFC 6298, section 2; the clock's granularity G is 0.001 s.

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

        Before the first sample it is 1.0, and then SRTT + max(G, 4 * RTTVAR).
        """
        return self._timeout

    def sample(self, rtt):
        """Take a round-trip time R in seconds, of a message that was sent only once.

        The first sample sets SRTT = R and RTTVAR = R/2. Each later one changes, in this order,
        1. RTTVAR to 3/4 of itself plus 1/4 of |SRTT - R|, with SRTT as it was;
        2. SRTT to 7/8 of itself plus 1/8 of R.

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
        """Double what timeout() returns, up to maximum; it stays so until the next sample."""
        self._set(2 * self._timeout)

    def _set(self, timeout):
        self._timeout = min(max(timeout, self._minimum), self._maximum)
