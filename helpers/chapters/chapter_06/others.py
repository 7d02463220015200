"""Other right answers of chapter 06: what each does better, and what it costs."""

import contextlib
import random
import select
import socket
import struct
import time
from dataclasses import dataclass

from helpers.checks.answers import answer

HEADER = struct.Struct("!BI")  # kind, number


DATA, ACK, END = 1, 2, 3


TRIES = 10


@dataclass
class Stats:
    """What it took to send messages."""

    transmissions: int
    rtts: list[float]


class Transfer:
    """The receiver's rules without a socket: a datagram goes in, the ACK's number comes out."""

    def __init__(self):
        self.messages, self.ended = [], False

    def take(self, datagram):
        """The number to confirm, or None for what is ignored."""
        if len(datagram) < HEADER.size:
            return None
        (kind, number), payload = HEADER.unpack(datagram[: HEADER.size]), datagram[HEADER.size :]
        if kind not in (DATA, END) or (kind == END and payload):
            return None
        if number == len(self.messages) + 1 and not self.ended:
            if kind == DATA:
                self.messages.append(payload)
            else:
                self.ended = True
        return len(self.messages) + self.ended


@answer("receive_reliably")
def splits_rules_and_socket(sock):
    """The rules are a class that a test can feed without any socket or wait.
    The price is a second piece, and a reader has to look at both.
    """
    transfer = Transfer()
    while True:
        try:
            datagram, sender = sock.recvfrom(2048)
        except ConnectionError:
            continue
        except TimeoutError:
            if not transfer.ended:
                raise
            return transfer.messages
        number = transfer.take(datagram)
        if number is not None:
            sock.sendto(HEADER.pack(ACK, number), sender)


@answer("receive_reliably")
def matches_patterns(sock):
    """Each kind of datagram is a line of a match statement, so that a missing rule is easy to see.
    The price is a statement that fewer people know, and the tuple that it needs.
    """
    messages, ended = [], False
    while True:
        try:
            datagram, sender = sock.recvfrom(2048)
        except ConnectionError:
            continue
        except TimeoutError:
            if not ended:
                raise
            return messages
        if len(datagram) < HEADER.size:
            continue
        kind, number = HEADER.unpack(datagram[: HEADER.size])
        is_next = number == len(messages) + 1 and not ended
        match kind, datagram[HEADER.size :]:
            case 1, payload:
                if is_next:
                    messages.append(payload)
            case 3, b"":
                ended = ended or is_next
            case _:
                continue
        sock.sendto(HEADER.pack(ACK, len(messages) + ended), sender)


@answer("judge_receiver")
def compares_with_rules_of_its_own(address):
    """It sends by chance what its own rules answer too, so it finds faults that nobody thought of.
    The rules must be right themselves, and which fault it was is hard to read from a chance step.
    """
    rules, chance = Transfer(), random.Random(6)  # a seed: the next run sends the same
    sent = [HEADER.pack(DATA, n) + b"open" for n in (1, 2, 3)] + [b"\x01\x00"]
    sent += [HEADER.pack(END, n) for n in (2, 3, 4)]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.4)
        while not rules.ended or chance.random() < 0.8:
            datagram = chance.choice(sent)
            number = rules.take(datagram)
            try:
                sock.sendto(datagram, address)
                if number is not None and sock.recv(2048) != HEADER.pack(ACK, number):
                    return False
            except OSError:
                return False
    return True


@answer("judge_receiver")
def sends_all_before_it_listens(address):
    """It sends all at once and compares one list, so it waits only once, and the code is short.
    It trusts loopback to keep the order, and can't say which step a missing ACK belongs to.
    """
    steps = [(DATA, 1), (DATA, 1), (DATA, 3), (END, 3), (DATA, 2), (END, 3), (END, 3)]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.4)
        answers = []
        try:
            sock.sendto(b"\x01\x00", address)
            for kind, number in steps:
                sock.sendto(HEADER.pack(kind, number), address)
            for _ in steps:
                answers.append(sock.recv(2048))
        except OSError:
            return False
    return answers == [HEADER.pack(ACK, number) for number in (1, 1, 1, 1, 2, 3, 3)]


@answer("send_reliably")
def sends_one_list(sock, address, messages, timeout):
    """END is the last of a list of datagrams, so that one loop sends all and nothing stands twice.
    The price is a question in three places: is this one END?
    """
    packets = [HEADER.pack(DATA, n) + message for n, message in enumerate(messages, 1)]
    packets.append(HEADER.pack(END, len(packets) + 1))
    stats = Stats(0, [])
    for number, packet in enumerate(packets, 1):
        is_end = number == len(packets)
        for attempt in range(TRIES):
            start = time.perf_counter()
            with contextlib.suppress(ConnectionError):
                sock.sendto(packet, address)
            stats.transmissions += not is_end
            if heard(sock, address, number, start + timeout):
                if attempt == 0 and not is_end:
                    stats.rtts.append(time.perf_counter() - start)
                break
        else:
            if not is_end:
                raise TimeoutError(f"message {number} of {len(messages)} was not confirmed")
    return stats


def heard(sock, address, number, ends):
    """Whether an ACK of this number or a higher one comes before then."""
    upto = 0
    while upto is not None and upto < number:
        upto = number_of_ack(sock, address, ends)
    return upto is not None


def number_of_ack(sock, address, ends):
    """The number of the next ACK, or None where none comes before then."""
    while (left := ends - time.perf_counter()) > 0:
        sock.settimeout(left)
        with contextlib.suppress(ConnectionError, TimeoutError):
            datagram, sender = sock.recvfrom(2048)
            if sender == address and len(datagram) == HEADER.size and datagram[0] == ACK:
                return HEADER.unpack(datagram)[1]
    return None


@answer("send_reliably")
def waits_by_select(sock, address, messages, timeout):
    """select waits, so that the timeout of the caller's socket stays as the caller has set it.
    The price is a second call for each datagram, and on Windows select takes only sockets.
    """

    def send(kind, number, payload=b""):
        """Send once; return the seconds until its ACK, or None."""
        start = time.perf_counter()
        with contextlib.suppress(ConnectionError):
            sock.sendto(HEADER.pack(kind, number) + payload, address)
        while (left := start + timeout - time.perf_counter()) > 0:
            if not select.select([sock], [], [], left)[0]:
                break
            with contextlib.suppress(ConnectionError, struct.error):
                datagram, sender = sock.recvfrom(2048)
                kind_of_it, upto = HEADER.unpack(datagram)
                if (sender, kind_of_it) == (address, ACK) and upto >= number:
                    return time.perf_counter() - start
        return None

    rtts, transmissions = [], 0
    for number, message in enumerate(messages, 1):
        times = (send(DATA, number, message) for _ in range(TRIES))
        tries, rtt = next(((n, t) for n, t in enumerate(times, 1) if t is not None), (TRIES, None))
        transmissions += tries
        if rtt is None:
            raise TimeoutError(f"message {number} of {len(messages)} was not confirmed")
        if tries == 1:
            rtts.append(rtt)
    any(send(END, len(messages) + 1) is not None for _ in range(TRIES))
    return Stats(transmissions, rtts)


@answer("RtoEstimator")
class ComputesOnDemand:
    """It keeps what was measured and how far it has backed off, and computes the timer when asked.
    No value can go stale that way, but each call computes it anew.
    """

    def __init__(self, minimum=1.0, maximum=60.0):
        self.minimum, self.maximum = minimum, maximum
        self.srtt, self.rttvar, self.doublings = None, 0.0, 0

    def timeout(self):
        """The timer in seconds."""
        plain = 1.0 if self.srtt is None else self.srtt + max(0.001, 4 * self.rttvar)
        bounded = min(max(plain, self.minimum), self.maximum)
        return min(bounded * 2**self.doublings, self.maximum)

    def sample(self, rtt):
        """Take a round-trip time in seconds."""
        if rtt < 0:
            raise ValueError("a round-trip time is 0 seconds or more")
        if self.srtt is None:
            self.srtt, self.rttvar = rtt, rtt / 2
        else:
            self.rttvar = 3 / 4 * self.rttvar + 1 / 4 * abs(self.srtt - rtt)
            self.srtt = 7 / 8 * self.srtt + 1 / 8 * rtt
        self.doublings = 0

    def back_off(self):
        """Double the timer, up to the maximum."""
        if self.timeout() < self.maximum:
            self.doublings += 1


@answer("RtoEstimator")
class CountsNanoseconds:
    """Whole nanoseconds, eight and four times as large, need only sums and shifts, as in a kernel.
    It suits a chip without floating point, but the two factors have to be kept in mind.
    """

    SECOND = 1_000_000_000

    def __init__(self, minimum=1.0, maximum=60.0):
        self._minimum, self._maximum = (round(each * self.SECOND) for each in (minimum, maximum))
        self._srtt8 = self._rttvar4 = None
        self._set(self.SECOND)

    def timeout(self):
        """The timer in seconds."""
        return self._timeout / self.SECOND

    def sample(self, rtt):
        """Take a round-trip time in seconds."""
        if rtt < 0:
            raise ValueError("a round-trip time is 0 seconds or more")
        rtt = round(rtt * self.SECOND)
        if self._srtt8 is None:
            self._srtt8, self._rttvar4 = rtt << 3, rtt << 1
        else:
            error = rtt - (self._srtt8 >> 3)
            self._srtt8 += error
            self._rttvar4 += abs(error) - (self._rttvar4 >> 2)
        self._set((self._srtt8 >> 3) + max(self.SECOND // 1000, self._rttvar4))

    def back_off(self):
        """Double the timer, up to the maximum."""
        self._set(2 * self._timeout)

    def _set(self, timeout):
        self._timeout = min(max(timeout, self._minimum), self._maximum)


OTHERS = [
    ("receive_reliably", splits_rules_and_socket),
    ("receive_reliably", matches_patterns),
    ("judge_receiver", compares_with_rules_of_its_own),
    ("judge_receiver", sends_all_before_it_listens),
    ("send_reliably", sends_one_list),
    ("send_reliably", waits_by_select),
    ("RtoEstimator", ComputesOnDemand),
    ("RtoEstimator", CountsNanoseconds),
]
