"""Right answers to the exercises of chapter 07 in another style than the solutions'."""

import asyncio
import contextlib
import heapq
import queue
import selectors
import struct
import threading
import time
import types
from collections import deque
from dataclasses import dataclass
from fractions import Fraction

from support.answers import answer

HEADER = struct.Struct("!BI")


DATA, ACK, END = 1, 2, 3


TRIES = 10


class _Inbox(asyncio.DatagramProtocol):
    def __init__(self):
        self.queue = asyncio.Queue()

    def datagram_received(self, data, sender):
        self.queue.put_nowait((data, sender))


@answer("go_back_n_send")
def goes_back_in_one_loop(sock, address, messages, window, timeout):
    if window < 1:
        raise ValueError(f"a window of {window} lets nothing through")
    base, following, sent, ends = 1, 1, 0, 0

    def send(kind, number, payload=b""):
        with contextlib.suppress(ConnectionError):
            sock.sendto(HEADER.pack(kind, number) + payload, address)

    def ack_until(deadline):
        while (left := deadline - time.monotonic()) > 0:
            sock.settimeout(left)
            try:
                data, sender = sock.recvfrom(2048)
            except TimeoutError:
                return None
            except ConnectionError:
                continue
            if sender == address and len(data) == HEADER.size and data[0] == ACK:
                return HEADER.unpack(data)[1]
        return None

    deadline = time.monotonic() + timeout
    while base <= len(messages):
        while following < base + window and following <= len(messages):
            send(DATA, following, messages[following - 1])
            sent += 1
            following += 1
        number = ack_until(deadline)
        if number is None:
            ends += 1
            if ends == TRIES:
                raise TimeoutError(f"message {base} of {len(messages)} was not confirmed")
            for again in range(base, following):
                send(DATA, again, messages[again - 1])
                sent += 1
            deadline = time.monotonic() + timeout
        elif base <= number < following:
            base, ends = number + 1, 0
            deadline = time.monotonic() + timeout
    for _ in range(TRIES):
        send(END, len(messages) + 1)
        deadline = time.monotonic() + timeout
        while (number := ack_until(deadline)) is not None:
            if number == len(messages) + 1:
                return sent
    return sent


@answer("go_back_n_send")
def goes_back_by_a_selector(sock, address, messages, window, timeout):
    if window < 1:
        raise ValueError("window must be at least 1")
    packets = [HEADER.pack(DATA, n) + m for n, m in enumerate(messages, 1)]
    unsent, flying = deque(enumerate(packets, 1)), deque()
    sent = silences = 0
    sock.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)

        def acks(seconds):
            """The numbers of the acknowledgements that are here, at most so many seconds later."""
            if selector.select(max(0, seconds)):
                while True:
                    try:
                        data, sender = sock.recvfrom(65_535)
                    except BlockingIOError:
                        return
                    except ConnectionError:
                        continue
                    if sender == address and len(data) == 5 and data[0] == ACK:
                        yield HEADER.unpack(data)[1]

        def out(packet):
            with contextlib.suppress(ConnectionError):
                sock.sendto(packet, address)

        end = time.perf_counter() + timeout
        while unsent or flying:
            while unsent and len(flying) < window:
                flying.append(unsent.popleft())
                out(flying[-1][1])
                sent += 1
            for number in acks(end - time.perf_counter()):
                if flying and flying[0][0] <= number <= flying[-1][0]:
                    while flying and flying[0][0] <= number:
                        flying.popleft()
                    silences, end = 0, time.perf_counter() + timeout
            if flying and time.perf_counter() >= end:
                silences += 1
                if silences >= 10:
                    raise TimeoutError(f"no confirmation of message {flying[0][0]}")
                for _, packet in flying:
                    out(packet)
                    sent += 1
                end = time.perf_counter() + timeout
        last = len(messages) + 1
        for _ in range(10):
            out(HEADER.pack(END, last))
            end = time.perf_counter() + timeout
            while (left := end - time.perf_counter()) > 0:
                if last in acks(left):
                    return sent
    return sent


@answer("go_back_n_send")
def goes_back_while_a_thread_listens(sock, address, messages, window, timeout):
    if window < 1:
        raise ValueError(window)
    box, stop = queue.Queue(), threading.Event()

    def listen():
        sock.settimeout(0.01)
        while not stop.is_set():
            with contextlib.suppress(OSError):
                data, sender = sock.recvfrom(1024)
                if sender == address and len(data) == 5 and data[0] == ACK:
                    box.put(HEADER.unpack(data)[1])

    def get(deadline):
        left = deadline - time.monotonic()
        return box.get(timeout=left) if left > 0 else box.get_nowait()

    thread = threading.Thread(target=listen)
    thread.start()
    total, count = len(messages), 0
    confirmed = reached = failures = 0
    try:
        deadline = time.monotonic() + timeout
        while confirmed < total:
            while reached < min(total, confirmed + window):
                reached += 1
                count += 1
                sock.sendto(HEADER.pack(DATA, reached) + messages[reached - 1], address)
            try:
                number = get(deadline)
            except queue.Empty:
                failures += 1
                if failures == TRIES:
                    raise TimeoutError(f"message {confirmed + 1} was not confirmed") from None
                reached = confirmed  # so all of the window goes out once more
                furthest = min(total, confirmed + window)
                while reached < furthest:
                    reached += 1
                    count += 1
                    with contextlib.suppress(ConnectionError):
                        sock.sendto(HEADER.pack(DATA, reached) + messages[reached - 1], address)
                deadline = time.monotonic() + timeout
                continue
            if confirmed < number <= reached:
                confirmed, failures = number, 0
                deadline = time.monotonic() + timeout
        for _ in range(TRIES):
            with contextlib.suppress(ConnectionError):
                sock.sendto(HEADER.pack(END, total + 1), address)
            deadline = time.monotonic() + timeout
            with contextlib.suppress(queue.Empty):
                while get(deadline) != total + 1:
                    pass
                break
    finally:
        stop.set()
        thread.join()
    return count


async def _goes_back_by_asyncio(sock, address, messages, window, timeout):
    if window < 1:
        raise ValueError("at least one message must be on its way")
    loop = asyncio.get_running_loop()
    transport, inbox = await loop.create_datagram_endpoint(_Inbox, sock=sock.dup())
    base, top, count, failures = 0, 0, 0, 0

    async def next_ack():
        while True:
            data, sender = await inbox.queue.get()
            if sender == address and len(data) == 5 and data[0] == ACK:
                return HEADER.unpack(data)[1]

    def put(start, stop):
        nonlocal count
        for index in range(start, stop):
            transport.sendto(HEADER.pack(DATA, index + 1) + messages[index], address)
            count += 1

    try:
        deadline = loop.time() + timeout
        while base < len(messages):
            limit = min(base + window, len(messages))
            put(top, limit)
            top = max(top, limit)
            try:
                async with asyncio.timeout_at(deadline):
                    number = await next_ack()
            except TimeoutError:
                failures += 1
                if failures == TRIES:
                    raise TimeoutError(f"message {base + 1}: no confirmation") from None
                put(base, top)
                deadline = loop.time() + timeout
                continue
            if base < number <= top:
                base, failures = number, 0
                deadline = loop.time() + timeout
        for _ in range(TRIES):
            transport.sendto(HEADER.pack(END, len(messages) + 1), address)
            try:
                async with asyncio.timeout(timeout):
                    while await next_ack() != len(messages) + 1:
                        pass
                break
            except TimeoutError:
                pass
    finally:
        transport.close()
        await asyncio.sleep(0)
    return count


@answer("go_back_n_send")
def goes_back_by_asyncio(sock, address, messages, window, timeout):
    return asyncio.run(_goes_back_by_asyncio(sock, address, messages, window, timeout))


@answer("go_back_n_send")
def goes_back_on_a_connected_socket(sock, address, messages, window, timeout):
    if not window >= 1:
        raise ValueError("window")
    sock.connect(address)

    def put(kind, number, payload=b""):
        with contextlib.suppress(ConnectionError):  # as good as lost
            sock.send(HEADER.pack(kind, number) + payload)

    def came(seconds):
        if seconds <= 0:
            raise TimeoutError
        sock.settimeout(seconds)
        try:
            kind, number = HEADER.unpack(sock.recv(1400))
        except (struct.error, ConnectionError):
            return 0
        return number if kind == ACK else 0

    count, base, fresh, in_a_row = 0, 1, 1, 0
    timer = time.monotonic()
    while base <= len(messages):
        for fresh in range(fresh, min(base + window, len(messages) + 1)):  # noqa: B020
            put(DATA, fresh, messages[fresh - 1])
            count += 1
            fresh += 1
        try:
            number = came(timer + timeout - time.monotonic())
        except TimeoutError:
            in_a_row += 1
            if in_a_row >= TRIES:
                raise TimeoutError(f"message {base} is not confirmed") from None
            for number in range(base, fresh):
                put(DATA, number, messages[number - 1])
            count += fresh - base
            timer = time.monotonic()
        else:
            if base <= number < fresh:
                base, in_a_row, timer = number + 1, 0, time.monotonic()
    for _ in range(TRIES):
        put(END, len(messages) + 1)
        timer = time.monotonic()
        try:
            while came(timer + timeout - time.monotonic()) <= len(messages):
                pass
        except TimeoutError:
            continue
        break
    return count


@answer("receive_selectively")
def keeps_by_a_heap(sock, window):
    if window <= 0:
        raise ValueError(window)
    heap, known, done, over = [], set(), [], False
    while True:
        try:
            data, whom = sock.recvfrom(4096)
        except TimeoutError:
            if over:
                return done
            raise
        except OSError:
            continue
        if len(data) < 5:
            continue
        kind, number = struct.unpack("!BI", data[:5])
        lowest = len(done) + 1
        if kind == END and number == lowest and len(data) == 5:
            over = True
        elif kind == DATA and 1 <= number < lowest:
            pass
        elif kind == DATA and lowest <= number < lowest + window and not over:
            if number not in known:
                known.add(number)
                heapq.heappush(heap, (number, data[5:]))
            while heap and heap[0][0] == len(done) + 1:
                done.append(heapq.heappop(heap)[1])
        else:
            continue
        sock.sendto(struct.pack("!BI", ACK, number), whom)


@answer("receive_selectively")
def keeps_by_asyncio(sock, window):
    if window < 1:
        raise ValueError("no window")

    async def main():
        loop = asyncio.get_running_loop()
        transport, inbox = await loop.create_datagram_endpoint(_Inbox, sock=sock.dup())
        shelf, wanted, end = {}, 1, None
        try:
            while True:
                try:
                    async with asyncio.timeout(sock.gettimeout()):
                        data, peer = await inbox.queue.get()
                except TimeoutError:
                    if end is None:
                        raise
                    return [shelf[number] for number in range(1, end)]
                if len(data) < 5:
                    continue
                kind, number = HEADER.unpack(data[:5])
                inside = number < wanted + window if end is None else number < end
                if kind == DATA and number and inside:
                    shelf.setdefault(number, data[5:])
                    while wanted in shelf:
                        wanted += 1
                elif kind == END and number == wanted and len(data) == 5:
                    end = number
                else:
                    continue
                transport.sendto(HEADER.pack(ACK, number), peer)
        finally:
            transport.close()
            await asyncio.sleep(0)

    return asyncio.run(main())


@answer("receive_selectively")
def yields_what_is_in_order(sock, window):
    if window < 1:
        raise ValueError(f"{window} places")

    def packets():
        while True:
            with contextlib.suppress(ConnectionError, struct.error):
                data, peer = sock.recvfrom(65_535)
                kind, number = HEADER.unpack(data[:5])
                yield kind, number, data[5:], peer

    shelf = deque([None] * window)  # the wanted one first
    base, ended, result = 1, False, []
    try:
        for kind, number, payload, peer in packets():
            place = number - base
            if kind == DATA and number > 0 and (place < 0 or (place < window and not ended)):
                if place >= 0:
                    shelf[place] = payload
                while shelf[0] is not None:
                    result.append(shelf.popleft())
                    shelf.append(None)
                    base += 1
            elif kind == END and not place and not payload:
                ended = True
            else:
                continue
            sock.sendto(HEADER.pack(ACK, number), peer)
    except TimeoutError:
        if not ended:
            raise
    return result


@answer("CongestionWindow")
class CountsInFractions:
    def __init__(self):
        self._size, self._limit = Fraction(1), Fraction(64)

    size = property(lambda self: float(self._size))
    threshold = property(lambda self: float(self._limit))

    def acked(self):
        step = Fraction(1) if self._size < self._limit else 1 / self._size
        self._size = (self._size + step).limit_denominator(10**9)

    def lost(self):
        self._size = self._limit = max(self._size / 2, Fraction(2))

    def timed_out(self):
        self.lost()
        self._size = Fraction(1)


@answer("CongestionWindow")
@dataclass
class IsADataclass:
    size: float = 1.0
    threshold: float = 64.0

    def acked(self):
        if self.size >= self.threshold:
            self.size = self.size + 1.0 / self.size
        else:
            self.size = self.size + 1.0

    def lost(self):
        self.threshold = self.size / 2 if self.size > 4 else 2.0
        self.size = self.threshold

    def timed_out(self):
        self.threshold, self.size = max(self.size / 2, 2.0), 1.0


@answer("CongestionWindow")
def makes_a_namespace():
    window = types.SimpleNamespace(size=1, threshold=64)

    def acked():
        window.size += min(1, 1 if window.size < window.threshold else 1 / window.size)

    def lost():
        window.threshold = window.size = max(2, window.size * 0.5)

    def timed_out():
        window.threshold, window.size = max(2, window.size * 0.5), 1

    window.acked, window.lost, window.timed_out = acked, lost, timed_out
    return window


TABLE = [
    goes_back_in_one_loop,
    goes_back_by_a_selector,
    goes_back_while_a_thread_listens,
    goes_back_by_asyncio,
    goes_back_on_a_connected_socket,
    keeps_by_a_heap,
    keeps_by_asyncio,
    yields_what_is_in_order,
    CountsInFractions,
    IsADataclass,
    makes_a_namespace,
]


RIGHT = [(each.exercise, each) for each in TABLE]
