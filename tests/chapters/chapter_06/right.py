"""Right answers to the exercises of chapter 06 in another style than the solutions'."""

import asyncio
import contextlib
import queue
import select
import selectors
import struct
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction

from support.answers import answer

from chapters.chapter_06 import judges

HEADER = struct.Struct("!BI")


DATA, ACK, END = 1, 2, 3


TRIES = 10


@dataclass
class Stats:
    transmissions: int
    rtts: list[float]


@answer("receive_reliably")
def receives_in_one_loop(sock):
    kept, ended = [], False
    while True:
        try:
            datagram, sender = sock.recvfrom(2048)
        except ConnectionResetError:
            continue
        except TimeoutError:
            if ended:
                return kept
            raise
        if len(datagram) < HEADER.size:
            continue
        kind, number = HEADER.unpack_from(datagram)
        payload = datagram[HEADER.size :]
        if kind == DATA:
            if number == len(kept) + 1 and not ended:
                kept.append(payload)
        elif kind == END and not payload:
            ended = ended or number == len(kept) + 1
        else:
            continue
        sock.sendto(HEADER.pack(ACK, len(kept) + ended), sender)


@answer("receive_reliably")
def receives_by_a_selector(sock):
    idle, payloads, last = sock.gettimeout(), {}, None
    sock.setblocking(False)
    here = 0
    try:
        with selectors.DefaultSelector() as selector:
            selector.register(sock, selectors.EVENT_READ)
            while selector.select(idle):
                try:
                    data, peer = sock.recvfrom(65_535)
                    kind, number = struct.unpack("!BI", data[:5])
                except (struct.error, BlockingIOError, ConnectionError):
                    continue
                if kind not in (1, 3) or (kind == 3 and len(data) > 5):
                    continue
                if number == here + 1:
                    here = number
                    if kind == 1:
                        payloads[number] = data[5:]
                    else:
                        last = number
                sock.sendto(struct.pack("!BI", 2, here), peer)
    finally:
        sock.settimeout(idle)
    if last is None:
        raise TimeoutError("the sender has fallen silent")
    return [payloads[number] for number in range(1, last)]


class _Inbox(asyncio.DatagramProtocol):
    def __init__(self):
        self.queue = asyncio.Queue()

    def datagram_received(self, data, sender):
        self.queue.put_nowait((data, sender))


async def _receives_by_asyncio(sock):
    idle = sock.gettimeout()
    loop = asyncio.get_running_loop()
    transport, inbox = await loop.create_datagram_endpoint(_Inbox, sock=sock.dup())
    stream, finished = [], False
    try:
        while True:
            data, sender = await asyncio.wait_for(inbox.queue.get(), idle)
            match data[:1], data[1:5], data[5:]:
                case b"\x01", number, payload if len(number) == 4:
                    if int.from_bytes(number, "big") == len(stream) + 1:
                        stream.append(payload)
                case b"\x03", number, b"" if len(number) == 4:
                    if int.from_bytes(number, "big") == len(stream) + 1:
                        finished = True
                case _:
                    continue
            upto = len(stream) + (1 if finished else 0)
            transport.sendto(b"\x02" + upto.to_bytes(4, "big"), sender)
    except TimeoutError:
        if not finished:
            raise
        return stream
    finally:
        transport.close()
        await asyncio.sleep(0)


@answer("receive_reliably")
def receives_by_asyncio(sock):
    return asyncio.run(_receives_by_asyncio(sock))


@answer("receive_reliably")
def receives_while_a_thread_listens(sock):
    idle, box, stop = sock.gettimeout(), queue.Queue(), threading.Event()

    def listen():
        while not stop.is_set():
            if select.select([sock], [], [], 0.01)[0]:
                with contextlib.suppress(OSError):
                    box.put(sock.recvfrom(4096))

    listener = threading.Thread(target=listen)
    listener.start()
    expected, kept, over = 1, [], False
    try:
        while True:
            data, sender = box.get(timeout=idle)
            if len(data) < 5:
                continue
            kind, number = HEADER.unpack(data[:5])
            if kind not in (DATA, END) or (kind == END and data[5:]):
                continue
            if number == expected:
                expected += 1
                if kind == DATA:
                    kept.append(data[5:])
                over |= kind == END
            sock.sendto(HEADER.pack(ACK, expected - 1), sender)
    except queue.Empty:
        if over:
            return kept
        raise TimeoutError("nothing came any more, and there was no END") from None
    finally:
        stop.set()
        listener.join()


@answer("receive_reliably")
def receives_with_a_deadline_of_its_own(sock):
    idle = sock.gettimeout()
    buffer = memoryview(bytearray(1500))
    kept, number_of_end = [], None
    deadline = time.monotonic() + idle
    while (left := deadline - time.monotonic()) > 0:
        sock.settimeout(left)
        try:
            size, sender = sock.recvfrom_into(buffer)
        except ConnectionResetError:
            continue
        except TimeoutError:
            break
        deadline = time.monotonic() + idle
        if size < 5:
            continue
        kind, number = HEADER.unpack_from(buffer)
        if kind == DATA:
            if number == len(kept) + 1:
                kept.append(bytes(buffer[5:size]))
        elif kind == END and size == 5:
            if number == len(kept) + 1:
                number_of_end = number
        else:
            continue
        sock.sendto(HEADER.pack(ACK, number_of_end or len(kept)), sender)
    sock.settimeout(idle)
    if number_of_end is None:
        raise TimeoutError
    return kept


@answer("send_reliably")
def sends_with_a_function_for_one(sock, address, messages, timeout):
    sent, rtts = 0, []

    def confirmed(kind, number, payload=b""):
        """Tries that it took and the seconds of the last one; None where nobody confirmed."""
        nonlocal sent
        for attempt in range(1, TRIES + 1):
            began = time.perf_counter()
            sent += kind == DATA
            with contextlib.suppress(ConnectionError):
                sock.sendto(HEADER.pack(kind, number) + payload, address)
            while (left := began + timeout - time.perf_counter()) > 0:
                sock.settimeout(left)
                try:
                    data, sender = sock.recvfrom(2048)
                except TimeoutError:
                    break
                except ConnectionError:
                    continue
                if sender != address or len(data) != HEADER.size:
                    continue
                came, upto = HEADER.unpack(data)
                if came == ACK and upto >= number:
                    return attempt, time.perf_counter() - began
        return None

    for number, payload in enumerate(messages, start=1):
        result = confirmed(DATA, number, payload)
        if result is None:
            raise TimeoutError(f"message {number} of {len(messages)} was not confirmed")
        if result[0] == 1:
            rtts.append(result[1])
    confirmed(END, len(messages) + 1)
    return Stats(sent, rtts)


@answer("send_reliably")
def sends_by_a_connected_socket(sock, address, messages, timeout):
    sock.connect(address)
    stats = Stats(0, [])
    packets = [struct.pack("!BI", 1, n) + m for n, m in enumerate(messages, 1)]
    packets.append(struct.pack("!BI", 3, len(messages) + 1))
    for number, packet in enumerate(packets, 1):
        is_end = number == len(packets)
        for retry in range(10):
            if not is_end:
                stats.transmissions += 1
            start = time.monotonic()
            with contextlib.suppress(ConnectionError):
                sock.send(packet)
            done = False
            try:
                while not done:
                    left = start + timeout - time.monotonic()
                    if left <= 0:
                        raise TimeoutError
                    sock.settimeout(left)
                    with contextlib.suppress(ConnectionError):
                        reply = sock.recv(1024)
                        done = len(reply) == 5 and reply[0] == 2
                        done = done and int.from_bytes(reply[1:], "big") >= number
            except TimeoutError:
                continue
            if retry == 0 and not is_end:
                stats.rtts.append(time.monotonic() - start)
            break
        else:
            if not is_end:
                raise TimeoutError(f"gave up at message {number}")
    return stats


@answer("send_reliably")
def sends_by_a_selector(sock, address, messages, timeout):
    trials, times = Counter(), {}
    sock.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)

        def wait(number, until):
            while True:
                left = until - time.perf_counter_ns() / 1e9
                if left <= 0 or not selector.select(left):
                    return False
                try:
                    data, sender = sock.recvfrom(65_535)
                    kind, upto = HEADER.unpack(data)
                except (OSError, struct.error):
                    continue
                if sender == address and kind == ACK and upto >= number:
                    return True

        number = 1
        while number <= len(messages) + 1:
            last = number > len(messages)
            packet = HEADER.pack(END, number) if last else HEADER.pack(DATA, number)
            if not last:
                packet += messages[number - 1]
            if trials[number] == TRIES:
                if last:
                    break
                raise TimeoutError(f"message {number} of {len(messages)} was not confirmed")
            trials[number] += 1
            start = time.perf_counter_ns() / 1e9
            with contextlib.suppress(OSError):
                sock.sendto(packet, address)
            if wait(number, start + timeout):
                times[number] = time.perf_counter_ns() / 1e9 - start
                number += 1
    del trials[len(messages) + 1]
    return Stats(
        sum(trials.values()),
        [times[number] for number in range(1, len(messages) + 1) if trials[number] == 1],
    )


async def _sends_by_asyncio(sock, address, messages, timeout):
    loop = asyncio.get_running_loop()
    transport, inbox = await loop.create_datagram_endpoint(_Inbox, sock=sock.dup())
    stats = Stats(0, [])

    async def ack(number):
        while True:
            data, sender = await inbox.queue.get()
            if (sender, data[:1], len(data)) == (address, b"\x02", 5):
                kind, upto = HEADER.unpack(data)
                if upto >= number:
                    return kind

    async def deliver(kind, number, payload=b""):
        for attempt in range(TRIES):
            stats.transmissions += kind == DATA
            began = loop.time()
            transport.sendto(HEADER.pack(kind, number) + payload, address)
            try:
                await asyncio.wait_for(ack(number), timeout)
            except TimeoutError:
                continue
            if kind == DATA and attempt == 0:
                stats.rtts.append(loop.time() - began)
            return
        if kind == DATA:
            raise TimeoutError(f"no acknowledgement of message {number}")

    try:
        for number, message in enumerate(messages, 1):
            await deliver(DATA, number, message)
        await deliver(END, len(messages) + 1)
    finally:
        transport.close()
        await asyncio.sleep(0)
    return stats


@answer("send_reliably")
def sends_by_asyncio(sock, address, messages, timeout):
    return asyncio.run(_sends_by_asyncio(sock, address, messages, timeout))


@answer("send_reliably")
def sends_while_a_thread_listens(sock, address, messages, timeout):
    upto, news, stop = 0, threading.Condition(), threading.Event()

    def listen():
        nonlocal upto
        sock.settimeout(0.01)
        while not stop.is_set():
            with contextlib.suppress(OSError):
                data, sender = sock.recvfrom(2048)
                if sender == address and len(data) == 5 and data[0] == ACK:
                    with news:
                        upto = max(upto, HEADER.unpack(data)[1])
                        news.notify()

    listener = threading.Thread(target=listen)
    listener.start()
    count, rtts = 0, []
    try:
        for number in range(1, len(messages) + 2):
            is_data = number <= len(messages)
            packet = HEADER.pack(DATA if is_data else END, number)
            packet += messages[number - 1] if is_data else b""
            for attempt in range(10):
                count += is_data
                began = time.perf_counter()
                with contextlib.suppress(OSError):
                    sock.sendto(packet, address)
                with news:
                    if news.wait_for(lambda number=number: upto >= number, timeout):
                        if is_data and not attempt:
                            rtts.append(time.perf_counter() - began)
                        break
            else:
                if is_data:
                    raise TimeoutError(f"message {number} was sent 10 times in vain")
    finally:
        stop.set()
        listener.join()
    return Stats(count, rtts)


@answer("RtoEstimator")
class KeepsTwoNumbers:
    def __init__(self, minimum=1.0, maximum=60.0):
        self.minimum, self.maximum = minimum, maximum
        self.srtt = self.rttvar = None
        self.rto = self._bounded(1.0)

    def _bounded(self, seconds):
        return max(self.minimum, min(self.maximum, seconds))

    def timeout(self):
        return self.rto

    def sample(self, rtt):
        if rtt < 0:
            raise ValueError(f"a round trip can't take {rtt} s")
        if self.srtt is None:
            self.srtt, self.rttvar = rtt, rtt / 2
        else:
            self.rttvar = 3 / 4 * self.rttvar + 1 / 4 * abs(self.srtt - rtt)
            self.srtt = 7 / 8 * self.srtt + 1 / 8 * rtt
        self.rto = self._bounded(self.srtt + max(0.001, 4 * self.rttvar))

    def back_off(self):
        self.rto = self._bounded(self.rto * 2)


@answer("RtoEstimator")
@dataclass
class IsADataclass:
    minimum: float = 1.0
    maximum: float = 60.0
    _mean: float | None = field(default=None, init=False)
    _deviation: float = field(default=0.0, init=False)
    _doublings: int = field(default=0, init=False)

    def timeout(self):
        plain = 1.0 if self._mean is None else self._mean + max(0.001, 4 * self._deviation)
        plain = min(max(plain, self.minimum), self.maximum)
        return min(plain * 2**self._doublings, self.maximum)

    def sample(self, rtt):
        if not rtt >= 0:
            raise ValueError("a round trip takes no negative time")
        if self._mean is None:
            self._mean, self._deviation = float(rtt), rtt / 2
        else:
            error = rtt - self._mean
            self._deviation += (abs(error) - self._deviation) / 4
            self._mean += error / 8
        self._doublings = 0

    def back_off(self):
        if self.timeout() < self.maximum:
            self._doublings += 1


@answer("RtoEstimator")
class RemembersAllSamples:
    def __init__(self, minimum=1.0, maximum=60.0):
        self._low, self._high = Fraction(minimum), Fraction(maximum)
        self._samples = []
        self._factor = 1

    def sample(self, rtt):
        if rtt < 0:
            raise ValueError(rtt)
        self._samples.append(rtt)
        self._factor = 1

    def back_off(self):
        self._factor *= 2

    def timeout(self):
        base = 1.0
        if self._samples:
            first, *rest = self._samples
            smooth, spread = first, first / 2
            for rtt in rest:
                spread = 0.75 * spread + 0.25 * abs(smooth - rtt)
                smooth = 0.875 * smooth + 0.125 * rtt
            base = smooth + max(0.001, 4 * spread)
        clipped = max(self._low, Fraction(base))
        return float(min(self._high, min(self._high, clipped) * self._factor))


TABLE = [
    receives_in_one_loop,
    receives_by_a_selector,
    receives_by_asyncio,
    receives_while_a_thread_listens,
    receives_with_a_deadline_of_its_own,
    sends_with_a_function_for_one,
    sends_by_a_connected_socket,
    sends_by_a_selector,
    sends_by_asyncio,
    sends_while_a_thread_listens,
    KeepsTwoNumbers,
    IsADataclass,
    RemembersAllSamples,
]


RIGHT = [*((each.exercise, each) for each in TABLE), *judges.RIGHT_JUDGES]
