"""Other right answers of chapter 09: what each does better, and what it costs."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import math
import queue
import selectors
import socket
import struct
import threading
import time
from collections.abc import AsyncIterator, Iterator

from helpers.checks.answers import answer

LINE, WAITING, READING = 65_536, 1_000_000, 1_000  # bytes, at the most


@answer("take_lines")
def line_by_line(received: bytearray) -> list[bytes]:
    """It removes each line at once, so that the buffer is right whenever you stop. With very many
    lines it moves the rest of the buffer each time."""
    lines = []
    while (end := received.find(b"\n")) >= 0:
        lines.append(bytes(received[:end]))
        del received[: end + 1]
    return lines


@answer("take_lines")
def by_the_last_newline(received: bytearray) -> list[bytes]:
    """One search from the end tells whether anything is whole: where nothing is, the buffer is not
    copied, however long half a line has grown. It needs care with the newline that is last."""
    end = received.rfind(b"\n")
    lines = bytes(received[:end]).split(b"\n") if end >= 0 else []
    del received[: end + 1]
    return lines


@answer("send_some")
def until_there_is_no_room(connection: socket.socket, waiting: bytearray) -> None:
    """It goes on until the system takes no more, and so needs fewer rounds of the loop. A client
    that reads as fast as you send can keep it busy, while the others wait for their turn."""
    with contextlib.suppress(BlockingIOError):
        while waiting:
            del waiting[: connection.send(waiting)]


@answer("send_some")
def a_piece_at_a_time(connection: socket.socket, waiting: bytearray) -> None:
    """It offers at most 64 kB, so that every client gets the same share of each round. Much data
    then needs more rounds, and the front of the buffer is copied once more."""
    with contextlib.suppress(BlockingIOError):
        del waiting[: connection.send(waiting[:65_536])]


class _Member:
    """One client of the broker: its socket, its unfinished line, and what waits for it."""

    def __init__(self, room: _Room, sock: socket.socket) -> None:
        self.room, self.sock = room, sock
        self.half, self.unsent = b"", bytearray()

    def ready(self, events: int) -> None:
        if events & selectors.EVENT_WRITE:
            self.flush()
        if events & selectors.EVENT_READ and self in self.room.members:
            self.receive()

    def receive(self) -> None:
        try:
            data = self.sock.recv(LINE)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        *lines, self.half = (self.half + data).split(b"\n")
        whole = b"".join(line + b"\n" for line in lines)
        for other in self.room.members - {self}:
            other.unsent += whole
            other.flush()
        if not data or len(self.half) > LINE:
            self.room.forget(self)

    def flush(self) -> None:
        try:
            while self.unsent:
                del self.unsent[: self.sock.send(self.unsent)]
        except BlockingIOError:
            pass
        except OSError:
            return self.room.forget(self)
        if len(self.unsent) > WAITING:
            return self.room.forget(self)
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self.unsent else 0)
        self.room.selector.modify(self.sock, wanted, self.ready)


class _Room:
    """All members, and the selector that knows what to call for each."""

    def __init__(self, listener: socket.socket) -> None:
        self.listener, self.members = listener, set[_Member]()
        self.selector = selectors.DefaultSelector()
        listener.setblocking(False)
        self.selector.register(listener, selectors.EVENT_READ, self.accept)

    def accept(self, _: int) -> None:
        with contextlib.suppress(BlockingIOError):
            sock, _peer = self.listener.accept()
            sock.setblocking(False)
            member = _Member(self, sock)
            self.members.add(member)
            self.selector.register(sock, selectors.EVENT_READ, member.ready)

    def forget(self, member: _Member) -> None:
        if member in self.members:
            self.members.remove(member)
            self.selector.unregister(member.sock)
            member.sock.close()


@answer("selector_broker")
def by_callbacks(listener: socket.socket) -> None:
    """The selector keeps for each socket the method to call, so the loop knows nothing of brokers
    and serves other kinds of sockets as well. What happens after what is harder to see, since no
    function tells the story of one client from its beginning to its end."""
    room = _Room(listener)
    try:
        while listener.fileno() >= 0:
            for key, events in room.selector.select(0.2):
                if key.fileobj is listener or key.fileobj.fileno() >= 0:
                    key.data(events)
    except OSError:  # the listener is closed
        pass
    finally:
        for member in list(room.members):
            room.forget(member)
        room.selector.close()


class _Speaker(asyncio.Protocol):
    def __init__(self, room: set[_Speaker]) -> None:
        self.room, self.half = room, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.room.add(self)

    def data_received(self, data: bytes) -> None:
        whole, newline, self.half = (self.half + data).rpartition(b"\n")
        for other in self.room - {self}:
            other.transport.write(whole + newline)
            if other.transport.get_write_buffer_size() > WAITING:
                other.transport.abort()
        if len(self.half) > LINE:
            self.transport.abort()

    def connection_lost(self, _: Exception | None) -> None:
        self.room.discard(self)


@answer("selector_broker")
def by_protocols_of_asyncio(listener: socket.socket) -> None:
    """asyncio has the selector, the buffers and their flushing inside, so that twenty lines of
    broker are left. It does more for each line than a plain selector, and you can no longer say
    what the loop waits for."""

    async def main() -> None:
        loop, room = asyncio.get_running_loop(), set[_Speaker]()
        listener.setblocking(False)
        try:
            while True:
                sock, _ = await loop.sock_accept(listener)
                await loop.connect_accepted_socket(lambda: _Speaker(room), sock=sock)
        except OSError:  # the listener is closed
            pass
        finally:
            for member in list(room):
                member.transport.abort()
            await asyncio.sleep(0)  # a round of the loop, in which they are closed

    asyncio.run(main())


def _device_of(line: bytes) -> str | None:
    """The device of a line without its newline, or None where it is no reading."""
    try:
        device, value = line.decode().split(" ")
        good = device and len(line) < READING and math.isfinite(float(value))
    except ValueError:
        return None
    return device if good else None


class _Lines:
    """Cuts pieces into lines; of a line that is too long only its beginning is kept."""

    def __init__(self) -> None:
        self.half = b""

    def cut(self, piece: bytes) -> Iterator[bytes]:
        *lines, rest = piece.split(b"\n")
        for line in lines:
            yield self.half + line
            self.half = b""
        self.half = (self.half + rest)[: 2 * READING]


class _Telemetry(asyncio.Protocol):
    def __init__(self, counts: collections.Counter[str]) -> None:
        self.counts, self.lines = counts, _Lines()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]

    def pause_writing(self) -> None:
        self.transport.pause_reading()  # its answers are not read, so its lines must wait

    def resume_writing(self) -> None:
        self.transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        self.transport.writelines([self.answer_to(line) for line in self.lines.cut(data)])

    def answer_to(self, line: bytes) -> bytes:
        device = _device_of(line)
        if device is None:
            return b"error\n"
        self.counts[device] += 1
        return f"ok {device} {self.counts[device]}\n".encode()


@answer("telemetry_server")
async def by_a_protocol(host: str, port: int) -> asyncio.Server:
    """A protocol has no task and no stream for each client: the loop calls it when bytes have come,
    which costs the least. Waiting in the middle of an answer, as for a database, is not possible
    there, and back-pressure must be passed on by hand."""
    counts = collections.Counter[str]()
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: _Telemetry(counts), host, port)


async def _lines_of(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    lines = _Lines()
    while piece := await reader.read(4096):
        for line in lines.cut(piece):
            yield line


@answer("telemetry_server")
async def with_a_store_in_a_thread(host: str, port: int) -> asyncio.Server:
    """The counts are kept by a function that may block, as one that writes to a file does, and it
    runs in another thread, so that no client waits for the disk. Threads need a lock, and each
    reading costs two changes between threads."""
    counts, lock = collections.Counter[str](), threading.Lock()

    def store(device: str) -> int:
        with lock:
            counts[device] += 1
            return counts[device]

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async for line in _lines_of(reader):
                if (device := _device_of(line)) is None:
                    writer.write(b"error\n")
                else:
                    number = await asyncio.to_thread(store, device)
                    writer.write(f"ok {device} {number}\n".encode())
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    return await asyncio.start_server(serve, host, port)


def _plays(address: tuple[str, int], script: list[tuple[str, int, bytes]]) -> bool:
    """Let clients act by a script of what they do, who does it, and which bytes it is about."""
    with contextlib.ExitStack() as stack:
        socks, files = [], []
        for what, who, data in script:
            if what == "joins":
                sock = socket.create_connection(address, timeout=0.5)
                socks.append(stack.enter_context(sock))
                files.append(stack.enter_context(sock.makefile("rb")))
            elif what == "says":
                socks[who].sendall(data)
                time.sleep(0.02)  # so that two pieces do not come as one
            elif what == "hears" and files[who].readline() != data + b"\n":
                return False
            elif what == "resets":
                linger = struct.pack("ii", 1, 0)
                socks[who].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                socket.close(socks[who].detach())
    return True


@answer("judge_broker")
def by_a_script(address: tuple[str, int]) -> bool:
    """The tests are data, a list of who says and who hears what, so that a new one is a line and
    can be read aloud. A script can't expect that a connection ends: a line without an end is
    missed."""
    long = b"x" * 60_000
    script = [
        *[("joins", 0, b""), ("joins", 1, b""), ("says", 1, b"hello\n"), ("hears", 0, b"hello")],
        *[("joins", 2, b""), ("says", 2, b"hi\n"), ("hears", 0, b"hi"), ("hears", 1, b"hi")],
        *[("says", 0, b"21"), ("says", 1, b"open\n"), ("says", 0, b".5\n")],
        *[
            ("hears", 2, b"open"),
            ("hears", 2, b"21.5"),
            ("hears", 0, b"open"),
            ("hears", 1, b"21.5"),
        ],
        *[("says", 0, long + b"\n"), ("hears", 1, long)] * 12,
        *[("hears", 2, long)] * 12,
        *[("resets", 2, b""), ("says", 0, b"?\n"), ("hears", 1, b"?")],
    ]
    try:
        return _plays(address, script)
    except OSError:
        return False


class _Ear(threading.Thread):
    """A client whose lines are put into a queue by a thread, from when `start` is called."""

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(daemon=True)
        self.sock = socket.create_connection(address, timeout=1.2)
        self.heard: queue.Queue[bytes] = queue.Queue()

    def run(self) -> None:
        with contextlib.suppress(OSError), self.sock.makefile("rb") as stream:
            for line in stream:
                self.heard.put(line)
        self.heard.put(b"the end")

    def hears(self, *lines: bytes) -> bool:
        with contextlib.suppress(queue.Empty):
            return [self.heard.get(timeout=0.5) for _ in lines] == list(lines)
        return False


@answer("judge_broker")
def by_ears(address: tuple[str, int]) -> bool:
    """A thread listens for each client, so that nothing has to be read at the right moment, and who
    reads late is a thread that starts late. The threads have to be ended, on every way out."""
    ears: list[_Ear] = []
    line = b"x" * 49_999 + b"\n"
    try:
        for _ in range(3):
            ears.append(_Ear(address))
            ears[-1].sock.sendall(b"hello\n" if len(ears) > 1 else b"")
            if len(ears) < 3:
                ears[-1].start()
            if not all(each.hears(b"hello\n") for each in ears[:-1]):
                return False
        one, two, late = ears
        two.sock.sendall(b"21")
        time.sleep(0.03)
        one.sock.sendall(b"open\n")
        good = two.hears(b"open\n")
        two.sock.sendall(b".5\n")
        good = good and one.hears(b"21.5\n")
        for _ in range(14):
            one.sock.sendall(line)
            good = good and two.hears(line)
        late.start()
        good = good and late.hears(b"open\n", b"21.5\n", *[line] * 14)
        with contextlib.suppress(ConnectionError):
            late.sock.sendall(b"z" * 65_537)
        return good and late.hears(b"the end")
    except OSError:
        return False
    finally:
        for each in ears:
            with each.sock, contextlib.suppress(OSError, RuntimeError):  # not all were started
                each.sock.shutdown(socket.SHUT_RDWR)
                each.join()


OTHERS = [
    ("take_lines", line_by_line),
    ("take_lines", by_the_last_newline),
    ("send_some", until_there_is_no_room),
    ("send_some", a_piece_at_a_time),
    ("judge_broker", by_a_script),
    ("judge_broker", by_ears),
    ("selector_broker", by_callbacks),
    ("selector_broker", by_protocols_of_asyncio),
    ("telemetry_server", by_a_protocol),
    ("telemetry_server", with_a_store_in_a_thread),
]
