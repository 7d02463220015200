# %% [markdown]
# # One thread, many sockets
#
# To be written.

# %% [markdown] tags=["about"]
# learn: serve many clients in one thread, with bounded memory
# leave out: the telemetry server
# ask: five clients of one loop whose handler blocks | How long until all have their answers?

# %%
import asyncio
import selectors
import socket
import sys
import threading
import time
from builtins import any, max, min, sum  # Python's own, also after `from numpy import *`
from contextlib import ExitStack, closing, suppress
from pathlib import Path

# Finds the course's folder, this one or one above it, by a file that no other has.
here = Path.cwd()
places = (here, *here.parents, *map(Path, sys.path))
course = [folder for folder in places if (folder / "helpers/welcome.py").is_file()]
if not course:
    do = "Open the notebook in that folder: `python3 course.py lab` starts there."
    if "google.colab" in sys.modules:
        do = "Upload it, or in a cell above run:\n!git clone THE-ADDRESS-OF-THE-COURSE course\n%cd course/notebooks"
    python = f"Python {sys.version.split()[0]}, {sys.executable}"
    problem = ImportError(f"The course's folder is neither {here} nor above it ({python}). {do}")
    problem._render_traceback_ = lambda: [str(problem)]  # in place of a long traceback
    raise problem
sys.path.insert(0, str(course[0]))

from helpers import (
    Slider,
    check,
    explore,
    predict,
    predicted,
    quiz,
    run_script,
    run_server,
    words,
)
from helpers import crowd, is_connected, page_style
from helpers import ask_once, hold_open, idle_memory, keep_asking, processor_time

page_style()  # pictures follow a dark theme

# %%
from helpers import review

review("09")

# %% [markdown]
# ## asyncio in a notebook
#
# Calling an `async def` function only makes a *coroutine*; `await` runs it. A notebook runs on an asyncio
# loop already, so `await` works in a cell. `asyncio.run` makes a **new** loop, which it may not do where one
# is running: it fails here.
#
# All functions of a loop share one thread. Five clients ask; before it answers, each handler waits for 0.1
# seconds, once with `asyncio.sleep` and once with `time.sleep`. How long does it take until all five have
# their answers?


# %%
predict("09 five", "How long will the five take with `time.sleep`?", low=0, unit="s")


# %% tags=["hidden", "nbval-ignore-output"]
async def five_clients(wait):
    """Five clients ask a server whose handler waits; return the seconds until all are answered."""

    async def serve(reader, writer):
        with closing(writer):
            line = await reader.readline()
            await wait()
            writer.write(line)

    async def ask(address):
        reader, writer = await asyncio.open_connection(*address)
        with closing(writer):
            writer.write(b"lamp 21.5\n")
            await reader.read()

    with closing(await asyncio.start_server(serve, "127.0.0.1", 0)) as server:
        start = time.perf_counter()
        await asyncio.gather(*(ask(server.sockets[0].getsockname()) for _ in range(5)))
        return time.perf_counter() - start


async def lets_others_run():
    await asyncio.sleep(0.1)


async def blocks():
    time.sleep(0.1)


print(f"asyncio.sleep: {await five_clients(lets_others_run):.2f} s")
print(f"time.sleep: {(blocked := await five_clients(blocks)):.2f} s")
print(predicted("09 five").compare(round(blocked, 2)))
coroutine = lets_others_run()
try:
    asyncio.run(coroutine)
except RuntimeError as error:
    print("RuntimeError:", error)
coroutine.close()

# %% tags=["claim"]
assert blocked > 0.49

# %% [markdown]
# `time.sleep` freezes the loop, and with it every client and every timer. So does any call that blocks: a plain
# `recv`, a slow file, a long calculation. `await asyncio.to_thread(function)` moves it out.
# And between two `await`s nobody else runs, so there `count += 1` is safe; **across** an `await` it is not.
#
# ## Who holds what a slow reader does not take?
#
# A server feeds 15 MB to a dashboard that never reads. `writer.write` does not wait: what the system does not
# take stays in the server's memory. `await writer.drain()` waits until most of it has
# gone. What will both curves look like?


# %%
predict(
    "09 without drain",
    "How much will wait in the server at most without `drain`?",
    low=0,
    unit="MB",
)


# %% tags=["hidden", "nbval-ignore-output"]
async def feed(drain, pieces=300, size=50_000):
    """Feed a client that never reads; return the megabytes that wait here after each write."""
    waiting, done = [], asyncio.Event()

    async def serve(reader, writer):
        try:
            for _ in range(pieces):
                writer.write(bytes(size))
                waiting.append(writer.transport.get_write_buffer_size() / 1e6)
                if drain:
                    await asyncio.wait_for(writer.drain(), 0.3)
        except OSError:
            pass  # this reader is too slow, or has gone: let it go
        writer.transport.abort()
        done.set()

    with closing(await asyncio.start_server(serve, "127.0.0.1", 0)) as server:
        with socket.create_connection(server.sockets[0].getsockname()):  # it never reads
            await done.wait()
    return waiting


from helpers.chapters.chapter_09 import charts

without, drained = await feed(drain=False), await feed(drain=True)
print(predicted("09 without drain").compare(round(max(without), 1)))
charts.waiting_in_the_server(without, drained)

# %% tags=["claim"]
assert max(without) > 10 * max(drained)

# %% [markdown]
# Where write is alone, one reader can take all your memory. With `drain` the writer stops
# as soon as the system's own buffers are full: **back-pressure**. Then decide: wait (a file), or give up
# that reader (a broker, whose other clients can't wait).

# %% [markdown]
# ## Exercise 2: a broker
#
# All of it in one thread: each line goes to everyone else. Keep two buffers for each client, and use
# `setblocking(False)` and `send`: `sendall` on such a socket raises `BlockingIOError` after an unknown
# part. Ask for `EVENT_READ | EVENT_WRITE` (`selector.modify`) only while something waits to be sent, or the
# selector never rests; `events & EVENT_WRITE` tells which it was. A closed listener wakes no selector: let
# `select` time out, and look at `listener.fileno()`, which is -1 then. Not every dead client says goodbye:
# some are found out when you send to them.


# %% tags=["exercise"]
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


# %%
check(selector_broker)

# %% [markdown]
# ## Exercise 3: a telemetry server
#
# The same carefulness with asyncio: streams, a limit on lines, and one dictionary that all connections
# share. `asyncio.start_server` takes a `limit`; `reader.readuntil` raises `LimitOverrunError` past it, and
# leaves the bytes where they are (the error's `consumed` counts them).


# %% tags=["exercise"]
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


# %%
check(telemetry_server)

# %% [markdown]
# ## Words of this chapter

# %%
words("09")

# %% [markdown]
# ## What you can do now
