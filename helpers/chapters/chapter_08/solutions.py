"""The right answers of chapter 08, as its source has them.

Written by `python3 course.py notebooks` from the chapter's source, where they are edited. Nothing
shows them before an exercise is passed.
"""

import asyncio
import selectors
import threading
from contextlib import suppress


def threaded_echo(listener):
    """Send back to each client what it sends, as soon as it comes, any number at the same time.

    Each client has a thread of its own (daemon=True, so that it can't keep the program alive).
    When the client has ended its side and has got all back, its connection is closed. A client
    that resets, or falls silent for ever, harms only itself.

    Argument: listener is a listening TCP socket. The caller closes it; then accept raises
    OSError, and the function returns, without an error. Clients that are connected then
    are still served by their threads.

    Example: fifty clients connect and are silent; the fifty-first sends b"on" and reads b"on".
    """
    while True:
        try:
            connection, _ = listener.accept()
        except ConnectionAbortedError:  # this one had gone before it was accepted
            continue
        except OSError:
            return
        threading.Thread(target=_echo, args=(connection,), daemon=True).start()


def _echo(connection):
    with connection, suppress(OSError):
        while data := connection.recv(65536):
            connection.sendall(data)


def selector_broker(listener):
    """Pass each line of a client on to every other client, in one thread, with `selectors`.

    A line is all bytes up to and including b"\\n". It goes to every other client that is
    connected at that moment: whole, in the order of its sender, never cut by another's line.
    Half a line waits for its rest; when its client ends first, it is dropped. A client that
    sends more than 65,536 bytes without a newline is disconnected. What a slow reader has not
    taken waits in a buffer of its own, and harms nobody; a client is disconnected when more
    than 1,000,000 bytes wait for it. One that resets or ends its side is forgotten, and
    its connection closed; the others go on.

    Argument: listener is a listening TCP socket. The caller closes it, perhaps while the
    function waits; it notices that within half a second, closes the clients' connections,
    and returns.

    Example: of three clients, one sends b"lamp on\\n"; the two others read b"lamp on\\n".
    """
    broker = _Broker(listener)
    try:
        while broker.listening and listener.fileno() >= 0:
            broker.work()
    finally:
        broker.close()


class _Client:
    def __init__(self, connection):
        self.connection = connection
        self.received, self.unsent = bytearray(), bytearray()


class _Broker:
    def __init__(self, listener):
        self.listener = listener
        self.listening = True
        self.clients = set()
        self.selector = selectors.DefaultSelector()
        listener.setblocking(False)
        self.selector.register(listener, selectors.EVENT_READ)

    def work(self):
        try:
            ready = self.selector.select(0.2)
        except OSError:  # Windows: the listener has been closed
            ready, self.listening = [], False
        for key, events in ready:
            client = key.data
            if client is None:
                self.accept_all()
            elif client in self.clients and events & selectors.EVENT_WRITE:
                self.send(client)
            if client in self.clients and events & selectors.EVENT_READ:
                self.receive(client)

    def accept_all(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError:  # the listener has been closed
                self.listening = False
                return
            connection.setblocking(False)
            client = _Client(connection)
            self.clients.add(client)
            self.selector.register(connection, selectors.EVENT_READ, client)

    def receive(self, client):
        try:
            data = client.connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        # Whoever had connected before these lines were sent must get them.
        self.accept_all()
        client.received += data
        *lines, rest = client.received.split(b"\n")
        good = 0
        while good < len(lines) and len(lines[good]) <= 65536:
            good += 1
        if good:
            self.pass_on(client, b"\n".join(lines[:good]) + b"\n")
        client.received = rest
        if not data or good < len(lines) or len(rest) > 65536:
            self.forget(client)

    def pass_on(self, sender, data):
        for client in self.clients - {sender}:
            client.unsent += data
            self.send(client)

    def send(self, client):
        try:
            sent = client.connection.send(client.unsent) if client.unsent else 0
        except BlockingIOError:
            sent = 0
        except OSError:
            return self.forget(client)
        del client.unsent[:sent]
        if len(client.unsent) > 1_000_000:
            return self.forget(client)
        writing = selectors.EVENT_WRITE if client.unsent else 0
        self.selector.modify(client.connection, selectors.EVENT_READ | writing, client)

    def forget(self, client):
        if client in self.clients:
            self.clients.remove(client)
            self.selector.unregister(client.connection)
            client.connection.close()

    def close(self):
        for client in self.clients:
            client.connection.close()
        self.selector.close()


async def telemetry_server(host, port):
    """Start a server that counts the readings of each device, and return it at once.

    A client sends lines of UTF-8 text, a device and a value with a space between, as
    b"lamp 21.5\\n". Each gets an answer, in order: b"ok lamp 3\\n", where 3 is how many
    readings this device has sent to this server so far, through all connections together
    and with this one. Every other line gets b"error\\n", and the connection goes on: one of
    more than 1,000 bytes, one that is not UTF-8, one whose value is no number (`float`
    decides; nan and inf are errors too).

    A client that ends, resets or falls silent harms nobody. While one leaves its answers
    unread, the server reads no more of its lines, so that what waits for it here stays below a
    million bytes. When a client has ended its side, or reset, its connection is closed; half a
    line at the end gets no answer.

    Arguments: host is an address of this machine; port is a number, 0 for any free one.
    Returns the asyncio.Server, which listens; the caller closes it.

    Example: lamp has sent one reading through another connection. A client that sends
    b"lamp 21.5\\nlamp on\\n" reads b"ok lamp 2\\nerror\\n".
    """
    counts = {}

    async def serve(reader, writer):
        try:
            while (line := await _next_line(reader)) != b"":
                device = _device_of(line)
                if device is None:
                    writer.write(b"error\n")
                else:
                    counts[device] = counts.get(device, 0) + 1  # no await between: nobody else runs
                    writer.write(f"ok {device} {counts[device]}\n".encode())
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    return await asyncio.start_server(serve, host, port, limit=1000)


async def _next_line(reader):
    """The next line, None for one that is too long, b"" at the end."""
    too_long = False
    while True:
        try:
            line = await reader.readuntil(b"\n")
            return None if too_long or len(line) > 1000 else line
        except asyncio.LimitOverrunError as error:
            await reader.readexactly(error.consumed)
            too_long = True
        except asyncio.IncompleteReadError:
            return b""


def _device_of(line):
    """The device of a good line, or None."""
    try:
        device, value = line.decode("utf-8").removesuffix("\n").split(" ")
        return device if device and abs(float(value)) < float("inf") else None
    except (AttributeError, ValueError):
        return None
