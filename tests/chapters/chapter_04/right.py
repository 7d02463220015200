"""Right answers to the exercises of chapter 04 in another style than the solutions'."""

import asyncio
import contextlib
import functools
import heapq
import queue
import select
import selectors
import socket
import struct
import threading
import time
from collections import defaultdict

from support.answers import answer


def in_a_loop(coroutine):
    """A plain function, as the exercises ask for, that runs a coroutine in a loop of its own."""

    @functools.wraps(coroutine)
    def run(*arguments):
        return asyncio.run(coroutine(*arguments))

    return run


# collect


@answer("collect")
def collects_by_a_selector(sock, idle):
    seen = {}
    sock.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        while selector.select(idle):
            with contextlib.suppress(BlockingIOError, struct.error):
                device, number, celsius = struct.unpack("!IIf", sock.recvfrom(65_535)[0])
                seen.setdefault((device, number), celsius)
    readings = {}
    for device, number in sorted(seen):
        readings.setdefault(device, []).append(seen[device, number])
    return readings


@answer("collect")
def collects_into_one_buffer(sock, idle):
    buffer = bytearray(2048)
    readings = defaultdict(dict)
    sock.settimeout(idle)
    try:
        while True:
            size, _sender = sock.recvfrom_into(buffer)
            if size != 12:
                continue
            device, number = (int.from_bytes(buffer[at : at + 4], "big") for at in (0, 4))
            (celsius,) = struct.unpack_from(">f", buffer, 8)
            readings[device].setdefault(number, celsius)
    except TimeoutError:
        return {
            device: [celsius for _, celsius in sorted(by.items())]
            for device, by in readings.items()
        }


@answer("collect")
def collects_with_a_deadline_that_moves(sock, idle):
    heaps, seen = {}, set()
    deadline = time.monotonic() + idle
    while (left := deadline - time.monotonic()) > 0:
        ready, _, _ = select.select([sock], [], [], left)
        if not ready:
            break
        data = sock.recv(1024)
        deadline = time.monotonic() + idle
        if len(data) != 12 or data[:8] in seen:
            continue
        seen.add(data[:8])
        device, number, celsius = struct.unpack("!LLf", data)
        heapq.heappush(heaps.setdefault(device, []), (number, celsius))
    return {
        device: [heapq.heappop(heap)[1] for _ in range(len(heap))] for device, heap in heaps.items()
    }


class _Inbox(asyncio.DatagramProtocol):
    def __init__(self):
        self.queue = asyncio.Queue()

    def datagram_received(self, data, sender):
        self.queue.put_nowait((data, sender))


@answer("collect")
@in_a_loop
async def collects_by_asyncio(sock, idle):
    loop = asyncio.get_running_loop()
    transport, inbox = await loop.create_datagram_endpoint(_Inbox, sock=sock.dup())
    readings = {}
    try:
        while True:
            data, _ = await asyncio.wait_for(inbox.queue.get(), idle)
            if len(data) == 12:
                device, number, celsius = struct.unpack("!IIf", data)
                readings.setdefault(device, {}).setdefault(number, celsius)
    except TimeoutError:
        return {device: [by[key] for key in sorted(by)] for device, by in readings.items()}
    finally:
        transport.close()


@answer("collect")
def collects_into_a_list_of_rows(sock, idle):
    rows = []
    while select.select([sock], [], [], idle)[0]:
        try:
            row = struct.unpack(">LLf", sock.recv(65_535))
        except struct.error:
            continue
        if all(row[:2] != other[:2] for other in rows):
            rows.append(row)
    readings = {}
    for device, _, celsius in sorted(rows, key=lambda row: row[:2]):
        readings[device] = [*readings.get(device, []), celsius]
    return readings


# ping


@answer("ping")
def pings_by_a_connected_socket(address, count, timeout):
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(address)
        for number in range(1, count + 1):
            question = f"ping {number}".encode("ascii")
            began = time.monotonic()
            times.append(None)
            try:
                sock.send(question)
                while (left := began + timeout - time.monotonic()) > 0:
                    sock.settimeout(left)
                    if sock.recv(1024) == question:
                        times[-1] = time.monotonic() - began
                        break
            except (TimeoutError, ConnectionError):
                pass
    return times


@answer("ping")
def pings_by_a_dict_of_times(address, count, timeout):
    sent, result = {}, {}
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setblocking(False)
    try:
        for number in range(1, count + 1):
            text = b"ping %d" % number
            sent[text] = time.perf_counter()
            sock.sendto(text, address)
            while text not in result:
                left = sent[text] + timeout - time.perf_counter()
                if left <= 0 or not select.select([sock], [], [], left)[0]:
                    break
                try:
                    data, sender = sock.recvfrom(65_535)
                except OSError:
                    continue
                if sender == address and data == text:
                    result[data] = time.perf_counter() - sent[data]
        return [result.get(text) for text in sent]
    finally:
        sock.close()


@answer("ping")
def pings_with_a_fresh_socket_each(address, count, timeout):
    def one(number):
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
            selectors.DefaultSelector() as selector,
        ):
            selector.register(sock, selectors.EVENT_READ)
            sock.sendto(f"ping {number}".encode(), address)
            began = time.perf_counter()
            while (left := timeout - (time.perf_counter() - began)) > 0 and selector.select(left):
                try:
                    data, sender = sock.recvfrom(512)
                except ConnectionResetError:
                    continue
                if sender == address and data.decode("ascii", "replace") == f"ping {number}":
                    return time.perf_counter() - began
        return None

    return list(map(one, range(1, count + 1)))


@answer("ping")
@in_a_loop
async def pings_by_asyncio(address, count, timeout):
    loop = asyncio.get_running_loop()
    transport, inbox = await loop.create_datagram_endpoint(_Inbox, local_addr=("127.0.0.1", 0))

    async def answered(question):
        while await inbox.queue.get() != (question, address):
            pass

    times = []
    try:
        for number in range(1, count + 1):
            question = b"ping %d" % number
            transport.sendto(question, address)
            began = loop.time()
            try:
                await asyncio.wait_for(answered(question), timeout)
                times.append(loop.time() - began)
            except TimeoutError:
                times.append(None)
    finally:
        transport.close()
        await asyncio.sleep(0)
    return times


@answer("ping")
def pings_while_a_thread_listens(address, count, timeout):
    box, stop, times = queue.Queue(), threading.Event(), []

    def listen():
        while not stop.is_set():
            with contextlib.suppress(TimeoutError, ConnectionResetError):
                box.put((sock.recvfrom(2048), time.perf_counter()))

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(0.02)
        listener = threading.Thread(target=listen)
        listener.start()
        for number in range(1, count + 1):
            question = f"ping {number}".encode()
            began = time.perf_counter()
            sock.sendto(question, address)
            times.append(None)
            while times[-1] is None and (left := began + timeout - time.perf_counter()) > 0:
                with contextlib.suppress(queue.Empty):
                    came, when = box.get(timeout=left)
                    if came == (question, address):
                        times[-1] = when - began
        stop.set()
        listener.join()
    return times


# discovery_responder


@answer("discovery_responder")
def responds_by_a_selector(sock, name):
    answer_bytes = bytes(name, "utf-8")
    sock.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        while True:
            selector.select()
            with contextlib.suppress(BlockingIOError, ConnectionResetError):
                data, asker = sock.recvfrom(65_535)
                if bytes(data) == b"who is there?":
                    sock.sendto(answer_bytes, asker)


@answer("discovery_responder")
def responds_with_a_timeout(sock, name):
    buffer = memoryview(bytearray(14))
    sock.settimeout(0.2)
    while True:
        try:
            size, asker = sock.recvfrom_into(buffer)
        except OSError:
            continue
        if buffer[:size] == b"who is there?":
            sock.sendto(name.encode(), asker)


@answer("discovery_responder")
@in_a_loop
async def responds_by_asyncio(sock, name):
    loop = asyncio.get_running_loop()
    sock.setblocking(False)
    while True:
        try:
            data, asker = await loop.sock_recvfrom(sock, 2048)
        except ConnectionError:
            continue
        if data == b"who is there?":
            await loop.sock_sendto(sock, name.encode(), asker)


@answer("discovery_responder")
def responds_by_a_dict_of_answers(sock, name):
    answers = {b"who is there?": name.encode()}
    while True:
        try:
            question, asker = sock.recvfrom(100)
        except OSError as error:
            if isinstance(error, ConnectionResetError):
                continue
            raise
        if (told := answers.get(question)) is not None:
            sock.sendto(told, asker)


class _Device(asyncio.DatagramProtocol):
    def __init__(self, name):
        self.answer = name.encode()

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, asker):
        if data == b"who is there?":
            self.transport.sendto(self.answer, asker)


@answer("discovery_responder")
@in_a_loop
async def responds_by_a_datagram_endpoint(sock, name):
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Device(name), sock=sock)
    try:
        await asyncio.Event().wait()
    finally:
        transport.close()


RIGHT = [
    (each.exercise, each)
    for each in (
        collects_by_a_selector,
        collects_into_one_buffer,
        collects_with_a_deadline_that_moves,
        collects_by_asyncio,
        collects_into_a_list_of_rows,
        pings_by_a_connected_socket,
        pings_by_a_dict_of_times,
        pings_with_a_fresh_socket_each,
        pings_by_asyncio,
        pings_while_a_thread_listens,
        responds_by_a_selector,
        responds_with_a_timeout,
        responds_by_asyncio,
        responds_by_a_dict_of_answers,
        responds_by_a_datagram_endpoint,
    )
]
