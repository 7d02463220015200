"""Other right answers of chapter 07: what each does better, and what it costs."""

import collections
import contextlib
import struct
import time

from helpers.checks.answers import answer

HEADER = struct.Struct("!BI")  # kind, number


DATA, ACK, END = 1, 2, 3


TRIES = 10


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


@answer("go_back_n_send")
def keeps_a_queue(sock, address, messages, window, timeout):
    """What is unconfirmed stands in a queue: to confirm is to take from its front, to go back is
    to send all of it. The price is that each datagram of the window is held a second time.
    """
    if window < 1:
        raise ValueError(f"a window has room for 1 message or more, not {window}")
    waiting = enumerate(messages, 1)
    under_way = collections.deque()  # (number, datagram), the oldest first
    transmissions = silences = highest = 0

    def send(datagrams):
        for datagram in datagrams:
            with contextlib.suppress(ConnectionError):
                sock.sendto(datagram, address)
        return len(datagrams)

    ends = time.perf_counter() + timeout
    while highest < len(messages) or under_way:
        while len(under_way) < window and (following := next(waiting, None)):
            highest, message = following
            under_way.append((highest, HEADER.pack(DATA, highest) + message))
            transmissions += send([under_way[-1][1]])
        upto = number_of_ack(sock, address, ends)
        if upto is None:
            silences += 1
            if silences == TRIES:
                oldest = under_way[0][0]
                raise TimeoutError(f"message {oldest} of {len(messages)} was not confirmed")
            transmissions += send([datagram for _, datagram in under_way])
        elif under_way[0][0] <= upto <= highest:
            silences = 0
            while under_way and under_way[0][0] <= upto:
                under_way.popleft()
        else:
            continue
        ends = time.perf_counter() + timeout
    for _ in range(TRIES):
        send([HEADER.pack(END, len(messages) + 1)])
        if heard(sock, address, len(messages) + 1, time.perf_counter() + timeout):
            break
    return transmissions


class Window:
    """The sender's rules without a socket or a clock: events go in, numbers to send come out."""

    def __init__(self, count, size):
        self.count, self.size = count, size
        self.oldest, self.fresh, self.silences = 1, 1, 0

    def room(self):
        """The numbers that may be sent now."""
        first, self.fresh = self.fresh, min(self.oldest + self.size, self.count + 1)
        return range(first, self.fresh)

    def confirm(self, number):
        """Take an ACK; say whether it was new."""
        if not self.oldest <= number < self.fresh:
            return False
        self.oldest, self.silences = number + 1, 0
        return True

    def go_back(self):
        """The timer has ended."""
        self.silences += 1
        if self.silences == TRIES:
            raise TimeoutError(f"message {self.oldest} of {self.count} was not confirmed")
        self.fresh = self.oldest


@answer("go_back_n_send")
def splits_window_and_socket(sock, address, messages, window, timeout):
    """The window is a class that knows neither sockets nor clocks, so that tests need neither.
    The price is a second piece, and a reader has to look at both.
    """
    if window < 1:
        raise ValueError(f"a window has room for 1 message or more, not {window}")
    rules, transmissions = Window(len(messages), window), 0
    ends = time.perf_counter() + timeout
    while rules.oldest <= rules.count:
        for number in rules.room():
            with contextlib.suppress(ConnectionError):
                sock.sendto(HEADER.pack(DATA, number) + messages[number - 1], address)
            transmissions += 1
        upto = number_of_ack(sock, address, ends)
        if upto is None:
            rules.go_back()
        elif not rules.confirm(upto):
            continue
        ends = time.perf_counter() + timeout
    for _ in range(TRIES):
        with contextlib.suppress(ConnectionError):
            sock.sendto(HEADER.pack(END, len(messages) + 1), address)
        if heard(sock, address, len(messages) + 1, time.perf_counter() + timeout):
            break
    return transmissions


@answer("receive_selectively")
def keeps_one_dictionary(sock, window):
    """Nothing is moved: one dictionary has all that came, early or not, and the list is made of it
    at the end. The price is that nothing can be handed out before the last message is here.
    """
    if window < 1:
        raise ValueError(f"a window has room for 1 packet or more, not {window}")
    came, wanted, last = {}, 1, None
    while True:
        try:
            datagram, sender = sock.recvfrom(2048)
        except ConnectionError:
            continue
        except TimeoutError:
            if last is None:
                raise
            return [came[number] for number in range(1, last)]
        if len(datagram) < HEADER.size:
            continue
        kind, number = HEADER.unpack_from(datagram)
        if kind == DATA and 0 < number < (last or wanted + window):
            came.setdefault(number, datagram[HEADER.size :])
            while wanted in came:
                wanted += 1
        elif kind == END and number == wanted and len(datagram) == HEADER.size:
            last = number
        else:
            continue
        sock.sendto(HEADER.pack(ACK, number), sender)


@answer("receive_selectively")
def moves_along_a_ring(sock, window):
    """The shelf is a ring of `window` places that never grows, as in a small device. The price is a
    second look at each number: without its bounds an old packet would take a new one's place.
    """
    if window < 1:
        raise ValueError(f"a window has room for 1 packet or more, not {window}")
    places, messages, ended = [None] * window, [], False
    while True:
        try:
            datagram, sender = sock.recvfrom(2048)
        except ConnectionError:
            continue
        except TimeoutError:
            if ended:
                return messages
            raise
        if len(datagram) < HEADER.size:
            continue
        (kind, number), payload = HEADER.unpack_from(datagram), datagram[HEADER.size :]
        ahead = number - len(messages) - 1  # below 0: it was here before
        if kind == DATA and number > 0 and ahead < (0 if ended else window):
            if ahead >= 0:
                places[number % window] = payload
            while (following := places[(len(messages) + 1) % window]) is not None:
                places[(len(messages) + 1) % window] = None
                messages.append(following)
        elif kind == END and ahead == 0 and not payload:
            ended = True
        else:
            continue
        sock.sendto(HEADER.pack(ACK, number), sender)


@answer("CongestionWindow")
class CountsAcks:
    """From the threshold on it counts ACKs and adds one packet when a whole window has come, so
    that the size stays a whole number there, but not exactly what the contract says: it makes up
    the parts for who reads the size. The price is a second number to keep right.
    """

    def __init__(self):
        self.threshold, self._whole, self._parts = 64, 1, 0.0

    @property
    def size(self):
        """The window, with its parts."""
        return self._whole + self._parts

    def acked(self):
        """Grow."""
        if self.size < self.threshold:
            self._whole += 1
        else:
            self._parts += 1 / self.size
            if self._parts >= 1:
                self._whole, self._parts = self._whole + 1, self._parts - 1

    def lost(self):
        """Halve."""
        self._whole, self._parts = max(self.size / 2, 2), 0.0
        self.threshold = self._whole

    def timed_out(self):
        """Begin again."""
        self.threshold = max(self.size / 2, 2)
        self._whole, self._parts = 1, 0.0


@answer("CongestionWindow")
class ShrinksInOnePlace:
    """Both losses go through one method, which has what they share and takes what differs. The
    price is that a reader has to follow one call more.
    """

    def __init__(self):
        self.size = 1
        self.threshold = 64

    def acked(self):
        """Grow."""
        slow_start = self.size < self.threshold
        self.size += 1 if slow_start else 1 / self.size

    def lost(self):
        """Halve."""
        self._shrink(at_once=False)

    def timed_out(self):
        """Begin again."""
        self._shrink(at_once=True)

    def _shrink(self, at_once):
        self.threshold = max(self.size / 2, 2)
        self.size = 1 if at_once else self.threshold


OTHERS = [
    ("go_back_n_send", keeps_a_queue),
    ("go_back_n_send", splits_window_and_socket),
    ("receive_selectively", keeps_one_dictionary),
    ("receive_selectively", moves_along_a_ring),
    ("CongestionWindow", CountsAcks),
    ("CongestionWindow", ShrinksInOnePlace),
]
