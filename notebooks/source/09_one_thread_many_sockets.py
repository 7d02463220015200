# %% [markdown]
# # One thread, many sockets
#
# A thread for each client is easy to write, because each thread may wait for its client. But a city has a
# million sensors, and a million threads would only wait and take memory. In this chapter **one** thread
# serves everybody.
#
# At the end you can
# - **read** many sockets in one thread, without waiting and without spinning;
# - **buffer** both directions, so that half a line or a slow reader harms nobody;
# - **follow** a client through a server on asyncio;
# - **limit** what waits for a slow reader, and say how such a server stops;
# - **judge** a broker from outside, and say what each design costs.
#
# About 120 minutes in five parts, an estimate: beginners may need twice as long. Read chapters
# [03](03_messages_on_a_stream.ipynb) and [08](08_many_clients_at_once.ipynb) first.

# %% [markdown] tags=["about"]
# learn: serve many clients in one thread, with bounded memory
# leave out: the telemetry server
# ask: five clients of one loop whose handler blocks | How long until all have their answers?

# %%
import selectors
import socket
import sys
import threading
import time
from builtins import max, sum  # Python's own, also after `from numpy import *`
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

# You need not read this cell. It finds the course's folder, this one or one above it.
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

from helpers import Slider, check, explore, page_style, predict, predicted, puzzle, quiz, words

page_style()  # pictures follow a dark theme

# %%
from helpers import review

review("09")

# %% [markdown]
# ## How can one thread listen to two sockets?
#
# Think of a porter who watches two gates. While he waits at the first, he does not hear a knock at the
# second. Our program is that porter, with connections to a door sensor and to a lamp. The door never says
# anything, and the lamp sends a message after 0.2 seconds.
#
# The program reads first from the door, with a timeout of 0.5 seconds, and then from the lamp. How long does
# the lamp's message wait until we read it? (You need not read `door_and_lamp`, which prepares both.)

# %%
predict("09 how late", "How long does the lamp's message wait until it is read?", low=0, unit="s")


# %% tags=["hidden", "nbval-ignore-output"]
@contextmanager
def door_and_lamp():
    """Our ends of a silent door and of a lamp that speaks after 0.2 s, and when it has spoken."""
    # socketpair() makes two sockets that are connected to each other already.
    (door, door_device), (lamp, lamp_device) = socket.socketpair(), socket.socketpair()
    spoke = []  # the time, as soon as the lamp speaks

    def speak():
        spoke.append(time.perf_counter())
        lamp_device.sendall(b"on\n")

    timer = threading.Timer(0.2, speak)  # calls it later, in a thread of its own
    with door, door_device, lamp, lamp_device:
        timer.start()
        yield door, lamp, spoke
        timer.join()


with door_and_lamp() as (door, lamp, spoke):
    door.settimeout(0.5)
    for sock in (door, lamp):
        with suppress(TimeoutError):
            print(sock.recv(100))
    late = time.perf_counter() - spoke[0]
print(f"read {late:.2f} s after it was sent")
print(predicted("09 how late").compare(round(late, 2)))

# %% tags=["claim"]
assert late > 0.1

# %% [markdown]
# The message waited for about 0.3 seconds. The lamp spoke after 0.2 seconds, but until 0.5 our only thread
# stood at the silent door.
#
# ## A call that never waits
#
# After `setblocking(False)` a socket is **non-blocking**: `recv` returns what is there, and never waits. If
# nothing is there, it raises `BlockingIOError` at once. This error only means "not now".
#
# With such sockets the porter can run from gate to gate and ask at each. How many rounds will the loop make in
# the 0.2 seconds until the lamp speaks?

# %%
predict("09 rounds", "How many rounds will the loop make?", low=1, unit="rounds")


# %% tags=["hidden", "nbval-ignore-output"]
def ask_in_turn(pause_ms=0):
    """Ask a door and a lamp in turn until one has spoken; return when, and what it cost."""
    with door_and_lamp() as (door, lamp, spoke):
        rounds, data = [], b""
        door.setblocking(False)
        lamp.setblocking(False)
        start, worked = time.perf_counter(), time.thread_time()
        while not data:
            if pause_ms:
                time.sleep(pause_ms / 1000)
            rounds.append(time.perf_counter() - start)
            for sock in (door, lamp):
                with suppress(BlockingIOError):
                    data = sock.recv(100)
        noticed = time.perf_counter() - start
        return rounds, spoke[0] - start, noticed, (time.thread_time() - worked) / noticed


from helpers.chapters.chapter_09 import charts

asking = explore(ask_in_turn, charts.asked_in_turn(), pause_ms=Slider(0, 100, start=0))
print(predicted("09 rounds").compare(len(asking.data[0])))
asking

# %% tags=["claim"]
assert len(asking.data[0]) > 1000

# %% [markdown]
# The loop makes thousands of rounds, and only the last one finds anything. The thread *spins*: it asks again
# and again. It notices the message within milliseconds, but it keeps a core busy meanwhile.
#
# Now **move the slider**, which makes the loop pause before each round. A longer pause means less work, but
# the message waits until the pause is over. Yet the operating system knows the very moment when a packet
# arrives.
#
# ## Let the system wake you
#
# The porter sits down, and a bell wakes him. That bell is a **selector**, a list of sockets that you hand to
# the system. Its `select()` sleeps until at least one of them is **ready**, which means that a call such as
# `recv` would not wait.
#
# `register` puts both sockets on the list. `EVENT_READ` says that we wait for something to read, and `"door"`
# is a note of our own. How late will the message be noticed, and how much will the processor work?

# %% tags=["nbval-ignore-output"]
with door_and_lamp() as (door, lamp, spoke), selectors.DefaultSelector() as selector:
    selector.register(door, selectors.EVENT_READ, "door")
    selector.register(lamp, selectors.EVENT_READ, "lamp")
    worked = time.thread_time()
    for key, events in selector.select():
        print(f"the {key.data} says {key.fileobj.recv(100)}")
    late, worked = time.perf_counter() - spoke[0], time.thread_time() - worked
print(f"noticed after {1000 * late:.1f} ms, with {1000 * worked:.1f} ms of a processor's work")

# %% tags=["claim"]
assert worked < 0.05

# %% [markdown]
# The message is noticed almost at once, and with hardly any work. `select` returned a list of one pair: a
# *key*, and the events for which its socket is ready. The key's `fileobj` is this socket, and its `data` is our
# note.
#
# A listener can be on the list, too, and is ready when a client is there for `accept`. A connection is also
# ready when its peer has ended, because then `recv` returns `b""` at once. This is an echo server in one thread
# for clients that never reset; its listener is registered already:
#
# ```python
# while True:
#     for key, events in selector.select():
#         if key.fileobj is listener:
#             connection, peer = listener.accept()
#             selector.register(connection, selectors.EVENT_READ)
#         elif data := key.fileobj.recv(1024):
#             key.fileobj.sendall(data)
#         else:
#             selector.unregister(key.fileobj)
#             key.fileobj.close()
# ```
#
# Such a loop round `select` is an **event loop**. Its rule is to **wait for all, do what can be done, and
# never wait for one**. But one call in this loop may break it.

# %%
quiz("09 the hidden wait")

# %% [markdown]
# ### A good place to stop
#
# To go on tomorrow, click on the next cell and choose *Run → Run All Above Selected Cell* (about 3 seconds).
#
# ## A buffer for what comes
#
# You now build a **broker**, a server that passes each line of a client on to all the others. Apps and lamps
# often talk through one, so that none needs the address of another.
#
# A socket that is ready may have brought half a line, and our thread must not wait for the rest. So the
# broker keeps a buffer for each client, and takes out whole lines.
#
# ## Exercise 1: take out the whole lines
#
# The buffer is a `bytearray`, `bytes` that can be changed: `received += data` adds at the end, and `del
# received[:5]` removes the first five bytes. The caller holds the same object, so it sees what you remove.


# %% tags=["exercise"]
def take_lines(received):
    r"""Remove the whole lines from a buffer, and return them.

    - Argument: received is a bytearray, what has come from a client and was not taken yet.
    - Returns a list of bytes: the whole lines in order, each without the b"\n" that ends it.
    - If no line is whole, the list is empty.
    - What stands after the last b"\n" stays in received, and nothing else does.
    - Nothing but b"\n" ends a line, and bytes are not decoded.

    Example: received is bytearray(b"lamp on\nlamp o"). Then take_lines(received) == [b"lamp on"],
    and afterwards received == b"lamp o".
    """
    *lines, rest = bytes(received).split(b"\n")
    received[:] = rest
    return lines


# %%
check(take_lines)

# %%
puzzle("09 whose lines")

# %% [markdown]
# ## A buffer for what goes
#
# Sending may have to wait, too. If an app no longer reads, what you send to it collects in buffers of the
# system. When these are full, an ordinary socket waits in `sendall`, perhaps for ever, and a non-blocking one
# says "not now". Chapter 02 filled these buffers with one call. How much can we send before they are full: a
# packet, a page of text, a photo, a film?

# %%
predict("09 fits", "How much will fit before `send` raises the error?", low=0, unit="kB")

# %% tags=["hidden", "nbval-ignore-output"]
with socket.create_server(("127.0.0.1", 0)) as listener:
    with socket.create_connection(listener.getsockname()), listener.accept()[0] as ours:
        ours.setblocking(False)
        fits = last = 0
        with suppress(BlockingIOError):
            while last := ours.send(bytes(50_000)):
                fits += last
print(f"{fits:,} bytes; of the last 50,000 the system took {last:,}")
print(predicted("09 fits").compare(fits // 1000))

# %% tags=["claim"]
assert fits > 10_000 and 0 < last <= 50_000

# %% [markdown]
# How much fits depends on your system, but there always is an end. Of the last 50,000 bytes `send` may take only a
# **part**, and it returned how many.
#
# `sendall` on a non-blocking socket also sends what fits. But then it raises `BlockingIOError`, and nobody
# tells you how much has gone. Therefore an event loop uses `send`, and keeps the rest in a second buffer for
# each client.
#
# ## Exercise 2: send what can go now


# %% tags=["exercise"]
def send_some(connection, waiting):
    r"""Send as much of a buffer as the system takes now, and remove that from it; never wait.

    Arguments:
    - connection: a connected socket that does not block. The caller closes it.
    - waiting: a bytearray of what is still to be sent, perhaps empty.

    Returns None.
    - What was not taken stays in waiting, and goes first in a later call.
    - If nothing can be sent now, nothing happens.
    - Errors of a broken connection (ConnectionError) pass to the caller.

    Example: the system takes 5 bytes of bytearray(b"lamp on\n"). Then the buffer is b"on\n".
    """
    try:
        sent = connection.send(waiting)
    except BlockingIOError:
        return
    del waiting[:sent]


# %%
check(send_some)

# %% [markdown]
# ## When can the rest go?
#
# The selector knows that, too: a socket is ready for `EVENT_WRITE` if the system has room for more. A careless
# loop always asks for both events, `EVENT_READ | EVENT_WRITE`. Nobody says anything for 0.1 seconds: how often
# does its `select` return?

# %%
predict("09 both events", "How often will `select` return in 0.1 s?", low=0, unit="times")

# %% tags=["hidden", "nbval-ignore-output"]
ours, device = socket.socketpair()
with ours, device, selectors.DefaultSelector() as selector:
    selector.register(ours, selectors.EVENT_READ | selectors.EVENT_WRITE)
    times, end = 0, time.perf_counter() + 0.1
    while time.perf_counter() < end:
        times += len(selector.select(0.1))
print(predicted("09 both events").compare(times))

# %% tags=["claim"]
assert times > 100

# %% [markdown]
# `select` returns at once in every round, usually thousands of times, because a socket nearly always has room.
# So the loop spins again. Ask for `EVENT_WRITE` only **while something waits** in that client's buffer.
# `selector.modify(connection, events)` changes what you ask for.
#
# ## Exercise 3: a broker
#
# Now `take_lines` and `send_some` become a broker, once they work. It is half written. Each client has two
# buffers: `received[connection]` holds what has come from it, and `waiting[connection]` what is still to go to
# it. The loop at the end calls small functions, of which `forget` disconnects a client. Two gaps are yours.
#
# For example, a lamp sends `b"on\noff\nha"` in one piece. Then `b"on\noff\n"` goes to each *other* client,
# and `b"ha"` stays in the lamp's own buffer until its newline comes.
#
# **In `receive`:**
# 1. Take out the whole lines, and put back the newlines that `take_lines` has removed.
# 2. Add these lines to the buffer of each other client, and call the inner function `send(other)`.
# 3. If more than 65,536 bytes are left without a newline, forget the client that sent them.
#
# Step 2 has a trap. `send` forgets a dead client, and a dictionary may not lose an entry while a loop goes
# through it. So write `for other in list(waiting)`, which goes through a fresh copy.
#
# **In `send`,** look at what your `send_some` has left in `waiting[connection]`:
# - nothing: ask the selector for `EVENT_READ` alone;
# - something: ask for both events;
# - more than 1,000,000 bytes: forget the client instead.


# %% tags=["exercise"]
def selector_broker(listener):
    r"""Pass each line of a client on to every other client, in one thread, with `selectors`.

    - A line is all bytes up to and including b"\n". It goes to every other client that is
      connected at that moment.
    - Lines go out whole, never cut by another client's line. Those of one client go out in the
      order in which it sent them.
    - Half a line waits for its rest.
    - What a slow reader has not taken waits in a buffer of its own, and harms nobody.

    What may go wrong:
    - A client ends its side, or resets: it is forgotten, its connection closed, and its half line
      dropped. The others go on.
    - More than 65,536 bytes of a client are left without a newline: it is disconnected.
    - More than 1,000,000 bytes wait for a client: it is disconnected.

    Argument: listener is a listening TCP socket. The caller closes it, perhaps while the
    function waits. Within half a second the function notices that, closes the clients'
    connections, and returns.

    Example: of three clients, one sends b"lamp on\n"; the two others read b"lamp on\n".
    """
    received, waiting = {}, {}  # for each connection a buffer in each direction
    selector = selectors.DefaultSelector()

    def accept():
        with suppress(OSError):  # the client, or the listener, has gone
            connection, _ = listener.accept()
            connection.setblocking(False)
            received[connection], waiting[connection] = bytearray(), bytearray()
            selector.register(connection, selectors.EVENT_READ)

    def receive(connection):
        try:
            data = connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:  # it was reset
            data = b""
        if not data:
            return forget(connection)
        received[connection] += data
        # your lines: pass on the whole lines, and disconnect a client whose line is too long
        whole = b"".join(line + b"\n" for line in take_lines(received[connection]))
        for other in waiting.keys() - {connection}:
            waiting[other] += whole
            send(other)
        if len(received[connection]) > 65536:
            forget(connection)
        # end

    def send(connection):
        try:
            send_some(connection, waiting[connection])
        except OSError:
            return forget(connection)
        # your lines: disconnect a client for whom too much waits, or ask for the right events
        if len(waiting[connection]) > 1_000_000:
            return forget(connection)
        writing = selectors.EVENT_WRITE if waiting[connection] else 0
        selector.modify(connection, selectors.EVENT_READ | writing)
        # end

    def forget(connection):
        if connection in waiting:
            del received[connection], waiting[connection]
            selector.unregister(connection)
            connection.close()

    listener.setblocking(False)
    selector.register(listener, selectors.EVENT_READ)
    try:
        while listener.fileno() >= 0:  # it is -1 when the listener has been closed
            ready = []
            with suppress(OSError):  # which Windows raises when the listener has been closed
                ready = selector.select(0.2)  # the closing of a listener may not wake it
            for key, events in ready:
                if key.fileobj is listener:
                    accept()
                # `events & EVENT_WRITE` is 0 if there is no room. A client may have been forgotten.
                if key.fileobj in waiting and events & selectors.EVENT_WRITE:
                    send(key.fileobj)
                if key.fileobj in waiting and events & selectors.EVENT_READ:
                    receive(key.fileobj)
    finally:
        for connection in list(waiting):
            forget(connection)
        selector.close()


# %%
check(selector_broker)

# %% [markdown]
# ### A good place to stop
#
# To go on tomorrow, click on the next cell and choose *Run → Run All Above Selected Cell* (about 3 seconds).
#
# ## A function that can pause
#
# In the broker the story of one client is spread over several functions. It would be easier to read as one
# function, which **pauses** where it has to wait.
#
# The generators of chapter 03 pause, and a `for` loop let them go on. `next(generator, "ended")` runs one to
# its next `yield`; if it ends without reaching one, `next` returns `"ended"`.
#
# In the next cell each `story` is a generator that stops at its `yield`, before it reads. `run` is the loop
# that wakes it when its socket is ready. Which line of `run` does that? And what will be printed, if the lamp
# and the door send by turns?


# %%
def story(name, sock):
    for _ in range(2):
        yield  # pause, until something has come
        print(f"the {name} says", sock.recv(100))


def run(stories):
    """An event loop: wake each story when its socket is ready, until all have ended."""
    with selectors.DefaultSelector() as selector:
        for sock, generator in stories.items():
            next(generator)  # runs to its first pause
            selector.register(sock, selectors.EVENT_READ, generator)
        while selector.get_map():  # what is still registered
            for key, events in selector.select():
                if next(key.data, "ended") == "ended":  # returned when the story has ended
                    selector.unregister(key.fileobj)


def send_by_turns(devices):
    for number, device in enumerate(devices):
        device.sendall(b"reading %d" % number)
        time.sleep(0.05)


(door, door_device), (lamp, lamp_device) = socket.socketpair(), socket.socketpair()
with door, door_device, lamp, lamp_device:
    devices = [lamp_device, door_device, lamp_device, door_device]
    threading.Thread(target=send_by_turns, args=(devices,)).start()
    run({door: story("door", door), lamp: story("lamp", lamp)})

# %% [markdown]
# The line with `next(key.data, "ended")` wakes a story, because `key.data` is its generator.
#
# **asyncio**, a part of Python, does the same with words of its own:
# - A call of an `async def` function makes a **coroutine**, a story that has not begun.
# - `await other()` runs the coroutine `other()`, and goes on when it has ended. If `other()` has to wait, both
#   pause, as a generator does at `yield`, and the loop runs others.
# - `asyncio.gather` runs several by turns, until all have ended.
#
# A notebook has such a loop already, so `await` works in a cell, while a script starts one by
# `asyncio.run(main())`.
#
# Next, a lamp waits for 0.2 seconds and a door for 0.1. Each prints a line before and after, and the lamp is
# first. Which line comes **third**?

# %%
predict(
    "09 third",
    "Which one comes third?",
    choices=["the lamp waits", "the lamp goes on", "the door goes on"],
)

# %% tags=["hidden"]
import asyncio


went_on = []  # the names, the first to go on first


async def wait_a_moment(name, seconds):
    print(f"the {name} waits")
    await asyncio.sleep(seconds)  # pauses this one; the others run
    print(f"the {name} goes on")
    went_on.append(name)


lamp_story = wait_a_moment("lamp", 0.2)  # a coroutine: nothing is printed yet
await asyncio.gather(lamp_story, wait_a_moment("door", 0.1))
print(predicted("09 third").compare(f"the {went_on[0]} goes on"))

# %% [markdown]
# The third line is *the door goes on*. The lamp ran to its `await` and paused, so the door had its turn, and
# the door's time was up first. Together they took 0.2 seconds. Two `await`s in a row would take 0.3, because
# the second begins when the first has ended.
#
# ## A server on asyncio
#
# asyncio has both buffers built in. For each client `asyncio.start_server` calls a function of yours, the
# *handler*, with two streams:
# - `await reader.readline()` pauses until a whole line has come. After the end it returns what is left, half
#   a line or `b""`.
# - `writer.write(line)` puts bytes into the buffer of what goes, and returns at once.
# - `await writer.drain()` pauses if too much waits in that buffer, until there is room again.

# %%
quiz("09 a forgotten await")

# %% [markdown]
# ## What if one of them does not pause?
#
# All handlers share one thread. Five clients come at once, and before each answer the handler waits for 0.1
# seconds. With `await asyncio.sleep(0.1)` it pauses, so the five wait at the same time. But `time.sleep(0.1)`
# knows nothing of any loop. How long do the five take then? (In the code only `serve` matters.)

# %%
predict("09 five", "How long will the five take with `time.sleep`?", low=0, unit="s")


# %% tags=["hidden", "nbval-ignore-output"]
from concurrent.futures import ThreadPoolExecutor


def waits_of(clients, handler):
    """Let so many clients ask a server at once; return the seconds until each has its answer."""

    async def serve(reader, writer):
        with closing(writer):
            if handler == "time.sleep":
                time.sleep(0.1)
            else:
                await asyncio.sleep(0.1)
            writer.write(b"21.5\n")

    def ask(address):  # in a thread of its own, as another machine would
        start = time.perf_counter()
        with socket.create_connection(address, timeout=5) as client:
            client.recv(100)
            return time.perf_counter() - start

    async def all_ask():
        loop = asyncio.get_running_loop()
        with closing(await asyncio.start_server(serve, "127.0.0.1", 0)) as server:
            address = server.sockets[0].getsockname()
            return await asyncio.gather(
                *(loop.run_in_executor(pool, ask, address) for _ in range(clients))
            )

    with ThreadPoolExecutor(clients + 1) as pool:  # one runs the server's loop
        return pool.submit(asyncio.run, all_ask()).result()


kinds = ["time.sleep", "asyncio.sleep"]
waits = explore(waits_of, charts.waits_in_one_loop(), clients=Slider(1, 10, start=5), handler=kinds)
print(predicted("09 five").compare(round(max(waits.data), 2)))
waits

# %% tags=["claim"]
assert max(waits.data) > 0.4

# %% [markdown]
# The five take about 0.5 seconds. The picture shows stairs: each client waits for all who came before it.
# `time.sleep` keeps the thread, so the loop stands still, and with it every client. **Change the handler**,
# and all waits are alike.
#
# A plain `recv` does the same harm. `await asyncio.to_thread(function)` runs such a call in another thread.
#
# One thread has an advantage, too: between two `await`s no other coroutine of this loop runs, so `count += 1` is
# safe. But if an `await` stands **between** reading and writing a value, another coroutine may change it.
#
# ### A good place to stop
#
# To go on tomorrow, click on the next cell and choose *Run → Run All Above Selected Cell* (about 5 seconds).
#
# ## Who keeps what a slow reader does not take?
#
# A server sends 15 MB, in small pieces, to a dashboard that never reads. One handler only calls
# `writer.write`. Another one also awaits `writer.drain()` after each piece, and gives up when that takes 0.3
# seconds. How much will wait in the server's memory if nobody awaits `drain`?

# %%
predict("09 without drain", "How much will wait at most without `drain`?", low=0, unit="MB")


# %% tags=["hidden", "nbval-ignore-output"]
async def feed(drain, pieces=300, size=50_000):
    """Feed a client that never reads; return the megabytes that wait here after each write."""
    waiting, done = [], asyncio.Event()

    async def serve(reader, writer):
        with suppress(OSError):  # this reader is too slow (a TimeoutError), or has gone
            for _ in range(pieces):
                writer.write(bytes(size))
                waiting.append(writer.transport.get_write_buffer_size() / 1e6)
                if drain:
                    await asyncio.wait_for(writer.drain(), 0.3)
        writer.transport.abort()
        done.set()

    with closing(await asyncio.start_server(serve, "127.0.0.1", 0)) as server:
        with socket.create_connection(server.sockets[0].getsockname()):  # it never reads
            await done.wait()
    return waiting


without, drained = await feed(drain=False), await feed(drain=True)
print(predicted("09 without drain").compare(round(max(without), 1)))
charts.waiting_in_the_server(without, drained)

# %% tags=["claim"]
assert max(without) > 10 * max(drained)

# %% [markdown]
# All that the system's buffers do not take waits in the server: if they take 4 of the 15 MB, 11 MB wait. The
# curve of *write alone* begins to rise where these buffers are full. So a single slow reader can take all
# your memory.
#
# The other curve, the blue dots at the bottom, ends where these buffers are full: there **drain** paused, and
# the handler gave up. (It gave up only because this reader took nothing at all.) This is called
# **back-pressure**. A broker can't pause like that, as all others would wait, so it disconnects a reader that
# is too slow.
#
# ## How does such a server stop?
#
# As in chapter 08, we stop while five clients are in the middle of an answer. The handlers may go on until a
# *deadline*, and one that still runs then is *cancelled*: it stops at its `await`. How many answers are whole
# if the deadline is now?

# %%
predict("09 whole", "How many answers are whole if the deadline is now?", low=0, high=5)


# %% tags=["hidden", "nbval-ignore-output"]
async def whole_answers(deadline):
    """Stop a server in mid-answer; return how many of five clients get all of it."""
    tasks = set()

    async def serve(reader, writer):
        tasks.add(asyncio.current_task())  # the loop runs each call of serve as a task
        with closing(writer):
            for _ in range(20):
                writer.write(b"21.5,")
                await asyncio.sleep(0.01)
            writer.write(b"\n")

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    address = server.sockets[0].getsockname()
    with ExitStack() as stack:
        clients = [await asyncio.open_connection(*address) for _ in range(5)]
        for reader, writer in clients:
            stack.enter_context(closing(writer))
            await reader.readexactly(5)  # the first reading has come
        server.close()  # nobody new
        await asyncio.wait(tasks, timeout=deadline)
        for task in tasks:
            task.cancel()  # stops it at its `await`, if it has not ended
        answers = [await reader.read() for reader, _ in clients]
        return sum(answer.endswith(b"\n") for answer in answers)


abrupt, graceful = await whole_answers(deadline=0), await whole_answers(deadline=2)
print(f"deadline now: {abrupt} of 5 whole; deadline in 2 s: {graceful} of 5 whole")
print(predicted("09 whole").compare(abrupt))

# %% tags=["claim"]
assert abrupt < graceful == 5

# %% [markdown]
# Usually none is whole: the clients see a normal end, but the last newline is missing. With two seconds all
# five answers are whole.
#
# ### A good place to stop
#
# To go on tomorrow, click on the next cell and choose *Run → Run All Above Selected Cell* (about 6 seconds).
#
# ## Exercise 4: judge a broker
#
# As in chapters 03 and 06 you write a judge: does a broker keep its *contract*, the description in exercise 3?
# Your judge meets three right brokers and six with one fault each. Accuse none of the three, and find at least
# five of the six.
#
# `_room` below connects three clients: `one`, `two` and `three` are their sockets, and `hear_one()` returns the
# next line that *one* hears. One test is given, and you add tests for these faults:
# - The broker tells the sender, too.
# - It mixes the pieces of two lines.
# - It lets all others wait for a slow reader.
# - It loses what a slow reader has not taken.
# - It ends when one client resets. (Test this last: after `_reset(one)` *one* is gone.)
#
# The sixth breaks another sentence of the contract, and may be left out.
#
# The first fault needs a trick, because you can't wait for a line that must *not* come. So let *another* client
# say a line that must come: after the given test *two* says `open`. The first line that *one* hears must be
# `open`. From a faulty broker it is `lamp on`. (Hear each line at both others.)


# %% tags=["exercise"]
import struct


def judge_broker(address):
    r"""Tell whether a broker keeps the contract of exercise 3, by talking to it.

    - Argument: address is the (host, port) of a broker that was just started.
    - Returns True if it keeps the contract in all that you try, and False if it does not: also
      if it breaks off or stays silent.
    - Raises nothing, takes at most 2 seconds, and closes each socket that it opens.

    Three things to know:
    - Lines of two clients may overtake each other: send the second when somebody has heard the
      first.
    - To send half a line alone, wait for 0.05 seconds before another client speaks.
    - A slow reader is a client whose hear function you call late. The check makes the system's
      buffers small: sixteen lines of 50,000 bytes fill them, and are less than the million that
      may wait for a client.

    Example: of three clients, one sends b"lamp on\n", and another hears nothing within half a
    second. Then judge_broker(address) is False.
    """
    try:
        with _room(address) as ((one, two, three), (hear_one, hear_two, hear_three)):
            one.sendall(b"lamp on\n")
            passed = [hear_two() == b"lamp on\n", hear_three() == b"lamp on\n"]
            # your lines: a test for each way to break the contract
            three.sendall(b"21")
            time.sleep(0.05)  # so that it comes by itself
            two.sendall(b"open\n")
            passed.append(hear_one() == b"open\n")  # and not its own line
            three.sendall(b".5\n")
            passed += [hear() == b"21.5\n" for hear in (hear_one, hear_two)]
            line = b"x" * 49_999 + b"\n"
            for _ in range(16):  # three is a slow reader now
                one.sendall(line)
                passed.append(hear_two() == line)
            passed += [hear_three() == each for each in [b"open\n", *[line] * 16]]
            _reset(three)
            one.sendall(b"still there?\n")
            passed.append(hear_two() == b"still there?\n")
            with suppress(ConnectionError):  # it may be cut off by a reset, as early as here
                two.sendall(b"z" * 65_537)
                passed.append(hear_two() == b"")
            # end
        return all(passed)
    except OSError:  # silence is one, too: a TimeoutError
        return False


@contextmanager
def _room(address):
    """Three sockets that the broker has taken in, and for each a function that hears a line.

    Such a function returns the next line of its client. After half a second of silence it raises
    TimeoutError, and can't be used again.
    """
    with ExitStack() as stack:
        socks, hears = [], []
        for _ in range(3):
            sock = stack.enter_context(socket.create_connection(address, timeout=0.5))
            sock.sendall(b"hello\n" if hears else b"")  # nobody can hear the first
            for hear in hears:
                hear()
            socks.append(sock)
            hears.append(stack.enter_context(sock.makefile("rb")).readline)
        yield socks, hears


def _reset(sock):
    """Throw a connection away, as a client that crashes may."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.close(sock.detach())


# %% tags=["nbval-ignore-output"]
check(judge_broker)

# %% [markdown]
# ## What does each design cost?
#
# For three designs we have recorded, on a quiet machine, how much processor time an answer costs the server.
# (Chapter 08 printed it for your machine, where all may cost more.) Which is cheapest for one client, and which
# for a thousand?

# %%
charts.recorded_designs()

# %% [markdown]
# With one client the thread needs least work: **non-blocking sockets save nothing by themselves**, because a
# loop calls `select` besides `recv` and `send`.
#
# From ten clients on selectors need least work. One `select` then tells of many sockets, which helps asyncio,
# too; but that has to wake a coroutine for each step. With a thousand clients threads cost about seven times as
# much as selectors here, because the system has to switch between them. So choose:
# - Threads suit some hundreds of clients that mostly wait, and handlers that block.
# - asyncio suits thousands of clients that mostly wait.
# - Bare selectors suit a small program with one simple job.
#
# ## If you have time: a telemetry server
#
# `await reader.readuntil(b"\n")` is like `readline`, but raises `IncompleteReadError` if the stream ends before
# the newline, and `LimitOverrunError` if the line is longer than the `limit` of `asyncio.start_server`. The
# long line is then still in the buffer: `await reader.readexactly(error.consumed)` takes out what has come of
# it, and its newline may still come.


# %% tags=["exercise"]
async def telemetry_server(host, port):
    r"""Start a server that counts the readings of each device, and return it at once.

    - A line is UTF-8 text: a device, a space and a value, such as b"lamp 21.5\n".
    - Its answer is b"ok lamp 3\n", where 3 is how many readings this device has sent to this
      server so far, with this one, through all connections together.
    - Answers come in the order of the lines.
    - Any other line is answered by b"error\n", and the connection goes on: one of more than
      1,000 bytes before its newline, one that is not UTF-8, one whose value is no number
      (`float` decides; nan and inf are errors too).
    - Half a line at the end gets no answer.
    - A client that ends, resets or falls silent harms nobody. When it has ended its side, or
      reset, its connection is closed.
    - While a client leaves its answers unread, the server reads no more of its lines, so that
      what waits for it here stays below a million bytes.

    Arguments:
    - host: an address of this machine.
    - port: a number, 0 for any free one.

    Returns the asyncio.Server, which listens; the caller closes it.

    Example: lamp has sent one reading through another connection. A client that sends
    b"lamp 21.5\nlamp on\n" reads b"ok lamp 2\nerror\n".
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
            return None if too_long else line
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
# ## What you can do now
#
# - Read many sockets in one thread, and keep two buffers for each client.
# - Follow a client's story through `async` and `await`, and call nothing in it that blocks.
# - Limit what waits for a slow reader, and stop with a deadline.
# - Judge a broker, and say what each design costs.
#
# ### How far you have come
#
# In chapter 00 you killed a packet, nobody noticed, and you could only watch. Now you can
# - **see** what two programs say to each other (01, 02);
# - **write a protocol**, and judge programs that follow it (03, A1);
# - **measure** what a network loses (04, 05);
# - **repair** it as TCP does (06, 07, A2);
# - **serve** a crowd in which nobody harms the others (08, 09).
#
# ### What comes next
#
# In the second half, which is not written yet, a server will stay up through restarts, keep others out, and
# speak CoAP and MQTT, a protocol for brokers.
#
# **Worth reading:** of the Python documentation
# [selectors](https://docs.python.org/3/library/selectors.html),
# [Streams](https://docs.python.org/3/library/asyncio-stream.html) and [Developing with
# asyncio](https://docs.python.org/3/library/asyncio-dev.html).
#
# ## Words of this chapter

# %%
words("09")
