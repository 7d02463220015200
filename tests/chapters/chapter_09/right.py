"""Right answers to the exercises of chapter 09 in different styles."""

import asyncio
import collections
import contextlib
import math
import select
import selectors
import threading

from support.answers import answer

from chapters.chapter_09.bricks import RIGHT_BRICKS
from chapters.chapter_09.judges import RIGHT_JUDGES

LINE, WAITING = 65_536, 1_000_000


class _Member:
    def __init__(self, sock):
        self.sock = sock
        self.half = b""
        self.out = bytearray()
        self.gone = False


class _Broker:
    """Callbacks in the selector's data, one for each kind of socket."""

    def __init__(self, listener):
        self.selector = selectors.DefaultSelector()
        self.listener = listener
        self.members = []
        self.open = True
        listener.setblocking(False)
        self.selector.register(listener, selectors.EVENT_READ, self.accept)

    def run(self):
        try:
            while self.open:
                for key, events in self.selector.select():
                    key.data(events)
        finally:
            for member in list(self.members):
                self.forget(member)
            self.selector.close()

    def accept(self, _):
        try:
            sock, _ = self.listener.accept()
        except BlockingIOError:
            return
        except OSError:
            self.open = False
            return
        sock.setblocking(False)
        member = _Member(sock)
        self.members.append(member)
        self.selector.register(
            sock, selectors.EVENT_READ, lambda events: self.serve(member, events)
        )

    def serve(self, member, events):
        if events & selectors.EVENT_WRITE and not member.gone:
            self.flush(member)
        if events & selectors.EVENT_READ and not member.gone:
            self.read(member)

    def read(self, member):
        try:
            data = member.sock.recv(LINE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.forget(member)
            return
        *lines, member.half = (member.half + data).split(b"\n")
        if lines:
            self.send_to_others(member, b"".join(line + b"\n" for line in lines))
        if len(member.half) > LINE:
            self.forget(member)

    def send_to_others(self, sender, data):
        for member in list(self.members):
            if member is not sender:
                member.out += data
                self.flush(member)

    def flush(self, member):
        try:
            while member.out:
                del member.out[: member.sock.send(member.out)]
        except BlockingIOError:
            pass
        except OSError:
            self.forget(member)
            return
        if len(member.out) > WAITING:
            self.forget(member)
            return
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if member.out else 0)
        key = self.selector.get_key(member.sock)
        if key.events != wanted:
            self.selector.modify(member.sock, wanted, key.data)

    def forget(self, member):
        if not member.gone:
            member.gone = True
            self.members.remove(member)
            self.selector.unregister(member.sock)
            member.sock.close()


@answer("selector_broker")
def brokers_by_callbacks(listener):
    _Broker(listener).run()


def _client_of(sock, queues):
    """A generator: yields the events that it waits for, and is sent those that have come."""
    buffer = bytearray()
    mine = queues[sock]
    try:
        while True:
            events = yield selectors.EVENT_READ | (selectors.EVENT_WRITE if mine else 0)
            if events & selectors.EVENT_WRITE:
                with contextlib.suppress(BlockingIOError):
                    while mine:
                        sent = sock.send(mine[0])
                        if sent == len(mine[0]):
                            mine.popleft()
                        else:
                            mine[0] = mine[0][sent:]
            if events & selectors.EVENT_READ:
                try:
                    data = sock.recv(8192)
                except BlockingIOError:
                    continue
                if not data:
                    return
                buffer += data
                while (end := buffer.find(b"\n") + 1) > 0:
                    line = bytes(buffer[:end])
                    del buffer[:end]
                    for other, queue in queues.items():
                        if other is not sock:
                            queue.append(line)
                if len(buffer) > LINE:
                    return
    except OSError:
        return


@answer("selector_broker")
def brokers_by_generators(listener):
    queues, running = {}, {}
    with selectors.DefaultSelector() as selector, contextlib.ExitStack() as clients:
        selector.register(listener, selectors.EVENT_READ)

        def end(sock):
            selector.unregister(sock)
            del queues[sock], running[sock]
            sock.close()

        while listener.fileno() != -1:
            for key, events in selector.select(0.2):
                sock = key.fileobj
                if sock is listener:
                    try:
                        sock = clients.enter_context(listener.accept()[0])
                    except OSError:
                        return
                    sock.setblocking(False)
                    queues[sock] = collections.deque()
                    running[sock] = _client_of(sock, queues)
                    selector.register(sock, next(running[sock]))
                elif sock in running:
                    try:
                        running[sock].send(events)
                    except StopIteration:
                        end(sock)
            for sock, queue in list(queues.items()):
                if sum(map(len, queue)) > WAITING:
                    end(sock)
                else:
                    wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if queue else 0)
                    if selector.get_key(sock).events != wanted:
                        selector.modify(sock, wanted)


class _BrokerProtocol(asyncio.Protocol):
    def __init__(self, room):
        self.room, self.rest = room, b""

    def connection_made(self, transport):
        self.transport = transport
        self.room.add(self)

    def data_received(self, data):
        whole, newline, self.rest = (self.rest + data).rpartition(b"\n")
        if newline:
            for other in self.room - {self}:
                other.transport.write(whole + b"\n")
                if other.transport.get_write_buffer_size() > WAITING:
                    other.transport.abort()
        if len(self.rest) > LINE:
            self.transport.abort()

    def connection_lost(self, _):
        self.room.discard(self)


@answer("selector_broker")
def brokers_by_asyncio_inside(listener):
    async def main():
        loop, room = asyncio.get_running_loop(), set()
        listener.setblocking(False)
        try:
            while True:
                sock, _ = await loop.sock_accept(listener)
                await loop.connect_accepted_socket(lambda: _BrokerProtocol(room), sock=sock)
        except OSError:
            pass
        finally:
            for member in list(room):
                member.transport.abort()
            await asyncio.sleep(0)

    asyncio.run(main())


@answer("selector_broker")
def brokers_by_select(listener):
    halves, outs = {}, {}

    def end(sock):
        halves.pop(sock, None)
        outs.pop(sock, None)
        sock.close()

    listener.setblocking(False)
    try:
        while True:
            writers = [sock for sock, out in outs.items() if out]
            readable, writable, _ = select.select([listener, *halves], writers, [])
            for sock in writable:
                try:
                    sent = sock.send(outs[sock][:100_000])
                    outs[sock] = outs[sock][sent:]
                except BlockingIOError:
                    pass
                except OSError:
                    end(sock)
            for sock in readable:
                if sock is listener:
                    try:
                        new = listener.accept()[0]
                    except BlockingIOError:
                        continue
                    new.setblocking(False)
                    halves[new] = outs[new] = b""
                elif sock in halves:
                    try:
                        data = sock.recv(4096)
                    except BlockingIOError:
                        continue
                    except OSError:
                        data = b""
                    whole, newline, half = (halves[sock] + data).rpartition(b"\n")
                    for other in [each for each in halves if each is not sock]:
                        outs[other] += whole + newline
                        if len(outs[other]) > WAITING:
                            end(other)
                    halves[sock] = half
                    if not data or len(half) > LINE:
                        end(sock)
    except OSError:
        pass
    finally:
        for sock in list(halves):
            end(sock)


def _reading(line):
    """The device of a line without its newline, or None."""
    if len(line) >= 1000:
        return None
    try:
        device, value = line.decode().split(" ")
        return device if device and math.isfinite(float(value)) else None
    except ValueError:
        return None


async def _lines(reader):
    """Whole lines without their newlines; None for one that is too long."""
    buffer, skipping = bytearray(), False
    while data := await reader.read(4096):
        *lines, rest = data.split(b"\n")
        for line in lines:
            whole = bytes(buffer) + line
            yield None if skipping else whole
            buffer.clear()
            skipping = False
        buffer += rest
        if len(buffer) > 1000:
            buffer.clear()
            skipping = True


@answer("telemetry_server")
async def telemetry_by_streams(host, port):
    counts = collections.Counter()

    async def serve(reader, writer):
        try:
            async for line in _lines(reader):
                device = None if line is None else _reading(line)
                if device is None:
                    writer.write(b"error\n")
                else:
                    counts[device] += 1
                    writer.write(f"ok {device} {counts[device]}\n".encode())
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    return await asyncio.start_server(serve, host, port)


class _Telemetry(asyncio.Protocol):
    def __init__(self, counts):
        self.counts, self.buffer, self.too_long = counts, b"", False

    def connection_made(self, transport):
        self.transport = transport

    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()

    def data_received(self, data):
        *lines, self.buffer = (self.buffer + data).split(b"\n")
        self.transport.writelines([self.answer(line) for line in lines])
        if len(self.buffer) > 1000:
            self.buffer, self.too_long = b"", True

    def answer(self, line):
        too_long, self.too_long = self.too_long, False
        device = None if too_long else _reading(line)
        if device is None:
            return b"error\n"
        self.counts[device] = self.counts.get(device, 0) + 1
        return b"ok %s %d\n" % (device.encode(), self.counts[device])


@answer("telemetry_server")
async def telemetry_by_a_protocol(host, port):
    counts = {}
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: _Telemetry(counts), host, port)


@answer("telemetry_server")
async def telemetry_with_a_slow_store_and_a_lock(host, port):
    counts, lock = collections.defaultdict(int), asyncio.Lock()

    async def count(device):
        async with lock:
            before = counts[device]
            await asyncio.sleep(0)
            counts[device] = before + 1
            return before + 1

    async def serve(reader, writer):
        with contextlib.suppress(ConnectionError):
            async for line in _lines(reader):
                device = _reading(line) if line is not None else None
                text = f"ok {device} {await count(device)}\n" if device else "error\n"
                writer.write(text.encode())
                await writer.drain()
        writer.close()

    return await asyncio.start_server(serve, host, port)


@answer("telemetry_server")
async def telemetry_counted_in_threads_with_a_lock(host, port):
    counts, lock = {}, threading.Lock()

    def count(device):
        with lock:
            now = counts.get(device, 0)
            now += 1
            counts[device] = now
        return now

    async def serve(reader, writer):
        try:
            while True:
                line = await _next_line(reader)
                if line is None:
                    break
                device = _reading(line)
                if device is None:
                    writer.write(b"error\n")
                    continue
                number = await asyncio.to_thread(count, device)
                writer.write(f"ok {device} {number}\n".encode())
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    return await asyncio.start_server(serve, host, port, limit=2000)


async def _next_line(reader):
    """One line without its newline, cut off at about 2,000 bytes; None at the end."""
    start = b""
    while True:
        try:
            return start + (await reader.readuntil(b"\n"))[:-1]
        except asyncio.IncompleteReadError:
            return None
        except asyncio.LimitOverrunError as error:
            start = (start + await reader.readexactly(error.consumed))[:2000]


@answer("telemetry_server")
async def telemetry_by_a_queue(host, port):
    readings = asyncio.Queue()

    async def keep():
        counts = {}
        while True:
            device, answered = await readings.get()
            counts[device] = counts.get(device, 0) + 1
            if not answered.cancelled():
                answered.set_result(counts[device])

    keeper = asyncio.create_task(keep())

    async def serve(reader, writer):
        try:
            async for line in _lines(reader):
                device = _reading(line or b"")
                if device is None:
                    writer.write(b"error\n")
                else:
                    answered = asyncio.get_running_loop().create_future()
                    await readings.put((device, answered))
                    writer.write(f"ok {device} {await answered}\n".encode())
                await writer.drain()
        except ConnectionResetError:
            pass
        finally:
            writer.close()
            keeper.done()

    return await asyncio.start_server(serve, host, port)


RIGHT = [
    (each.exercise, each)
    for each in (
        brokers_by_callbacks,
        brokers_by_generators,
        brokers_by_asyncio_inside,
        brokers_by_select,
        telemetry_by_streams,
        telemetry_by_a_protocol,
        telemetry_with_a_slow_store_and_a_lock,
        telemetry_counted_in_threads_with_a_lock,
        telemetry_by_a_queue,
    )
]

RIGHT += [*RIGHT_BRICKS, *RIGHT_JUDGES]
