# %% [markdown]
# # Many clients at once
#
# So far our servers took one client after the other. A house has fifty devices and a city a million, and some of
# them are always slow, silent or gone. This chapter serves all of them at once, in four ways, and
# measures what each way costs.
#
# At the end you can
# - **explain** what a backlog is, and why it serves nobody;
# - **choose** between threads, a pool, selectors and asyncio;
# - **keep** shared data right, memory bounded and messages whole while many clients come and go;
# - **write** a server in each of three styles that no client can stop.
#
# About 120 minutes. Read chapters [02](02_tcp_server_and_client.ipynb) and
# [03](03_messages_on_a_stream.ipynb) first.

# %% [markdown] tags=["about"]
# learn: serve a thousand clients, none of which can harm the others
# leave out: the telemetry server
# ask: twenty clients, counted by threads without a lock | What is each of them told?

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

review("08")

# %% [markdown]
# ## One slow client
#
# This echo server accepts a client, serves it to its end, and accepts the next. `ask_once` starts six
# clients in a process of their own. All connect at once, send a reading, and leave when it has come
# back. The first is slow: it sends half of its reading, and the other half 0.5 seconds later. How
# long do the five quick ones wait?


# %%
predict("08 quick ones", "How long will each of the five quick ones wait?", low=0, unit="s")


# %% tags=["hidden", "nbval-ignore-output"]
def one_after_another(listener):
    while True:
        connection, peer = listener.accept()
        with connection:
            while data := connection.recv(1024):
                connection.sendall(data)


with run_server(one_after_another) as server:
    slow, *quick = ask_once(server.address, clients=6, slow=1, pause=0.5, timeout=5)
print(f"the slow one: {slow:.2f} s; the five quick ones:", *(f"{wait:.2f}" for wait in quick))
print(predicted("08 quick ones").compare(round(min(quick), 2)))

# %% tags=["claim"]
assert min(quick) > 0.4

# %% [markdown]
# Half a second each, and all the server did was wait for the slow one. Meanwhile the five sat in
# the listener's queue. So would a longer queue help?
#
# ## What does a backlog of 5 mean?
#
# The *backlog* is the length that you ask for. Let a hundred clients come while the server is busy.
# Then it is free again, and for 1.3 seconds does nothing but accept, welcome and close.


# %%
from helpers import files_left

hundred = min(100, files_left() - 20)  # each is an open file; 20 to spare


def hundred_at_once(backlog):
    """Let a hundred clients connect; return how many are welcomed, and how many connected."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=backlog)
    with listener, crowd(listener.getsockname(), hundred, wait=False) as clients:
        welcomed, end = 0, time.perf_counter() + 1.3
        with suppress(TimeoutError):  # nobody has come in the rest of the time
            while welcomed < hundred and (left := end - time.perf_counter()) > 0:
                listener.settimeout(left)
                with listener.accept()[0] as connection:
                    connection.sendall(b"Welcome to the IoT Server!\n")
                welcomed += 1
        return welcomed, sum(is_connected(client) for client in clients)


predict(
    "08 welcomed",
    "With a backlog of 5, how many of the hundred are welcomed within 1.3 seconds?",
    low=0,
    high=100,
    unit="of 100",
)

# %% tags=["hidden", "nbval-ignore-output"]
for backlog in (128, 5):
    welcomed, connected = hundred_at_once(backlog)
    print(
        f"backlog {backlog}: {welcomed} of {hundred} welcomed; connect() succeeded for {connected}"
    )
print(predicted("08 welcomed").compare(welcomed))

# %% tags=["claim"]
assert welcomed < 60

# %% [markdown]
# On Linux the queue holds backlog + 1 finished connections: six. The other 94 requests to connect (SYN) are
# dropped. Each client repeats its request after one second, all together, and the queue is full again at
# once: six to eight more get in. But then `connect()` succeeds for **all**. Linux answers such a flood with
# *SYN cookies* (RFC 4987, section 3.6): it confirms, and remembers nothing. The client's last packet of
# the handshake finds the queue full and is dropped. The client is connected to a server that does not know it,
# and as it waits for a welcome it sends nothing that could tell.
#
# macOS drops requests too, says its published source, and clients go on trying. Windows refuses, says the
# Winsock reference (*listen*); its `connect` takes about two seconds to raise
# `ConnectionRefusedError`. Linux caps what you ask for at `net.core.somaxconn` (4,096 since 5.4), macOS
# at `kern.ipc.somaxconn` (128).
#
# So a backlog bridges a **moment**. With 128 all were welcomed, but only once the server was free: it is a
# waiting room, not another doctor.
#
# ## Four ways to serve many
#
# The next three cells write the same echo as scripts, each with `work` seconds before an answer.
#
# 1. **Threads**: each client has one, which may block as it likes. Or a **pool**: a fixed number of
#    threads share the clients; who comes when all are taken, waits until one *leaves*.
# 2. **Selectors**: one thread asks the system which sockets have something, and reads only those.
# 3. **asyncio**: also one thread that asks the system; at each `await` a function lets others run.

# %% tags=["nbval-ignore-output"]
# %%writefile echo_threads.py
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

work, workers = float(sys.argv[1]), int(sys.argv[2])


def serve(connection):
    with connection:
        while data := connection.recv(1024):
            if work:
                time.sleep(work)
            connection.sendall(data)


def in_its_own_thread(function, connection):
    threading.Thread(target=function, args=(connection,), daemon=True).start()


start = ThreadPoolExecutor(workers).submit if workers else in_its_own_thread
with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
    print(listener.getsockname()[1])
    while True:
        start(serve, listener.accept()[0])

# %% tags=["nbval-ignore-output"]
# %%writefile echo_selectors.py
import selectors
import socket
import sys
import time

work = float(sys.argv[1])
listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
selector = selectors.DefaultSelector()
selector.register(listener, selectors.EVENT_READ)
print(listener.getsockname()[1])
while True:
    for key, events in selector.select():
        if key.fileobj is listener:
            selector.register(listener.accept()[0], selectors.EVENT_READ)
            continue
        try:
            data = key.fileobj.recv(1024)
            if data and work:
                time.sleep(work)
            key.fileobj.send(data)  # may take a part only: exercise 2 does it right
        except ConnectionError:
            data = b""
        if not data:
            selector.unregister(key.fileobj)
            key.fileobj.close()

# %% tags=["nbval-ignore-output"]
# %%writefile echo_asyncio.py
import asyncio
import sys

work = float(sys.argv[1])


async def serve(reader, writer):
    while data := await reader.read(1024):
        if work:
            await asyncio.sleep(work)
        writer.write(data)
        await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main())

# %% [markdown]
# ## How many are possible?
#
# Each connection is an open file, and Linux and macOS limit those of a process (`resource.getrlimit`). The
# *soft* limit is in force: past it, `accept` fails with `OSError` ("too many open files"). A process may move
# it, up to the *hard* one. The second cell tries 5,000 at once: `room_for` raises the soft limit, and
# puts it back. (The clients are a process again, with its own limit. Windows has none, but there Python's
# `select` watches 512 sockets at most.)

# %% tags=["nbval-ignore-output"]
from helpers import files_open, open_file_limits, room_for

soft, hard = open_file_limits()
counts = sorted({min(count, soft - 20) for count in (1, 10, 100, 1000)})  # 20 files to spare
print(f"limits: {soft:,} soft, {hard:,} hard; so this chapter measures with {counts} clients")

# %% tags=["claim"]
assert counts[0] == 1


# %% tags=["nbval-ignore-output"]
def hold(count):
    """Hold so many connections open at the same time; return how many of them answered."""
    with room_for(files_open() + count + 20), ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=1024))
        stack.enter_context(hold_open(listener.getsockname(), count, seconds=3))
        listener.settimeout(2)  # nobody new for so long: no more will come
        connections = []
        with suppress(TimeoutError):
            while len(connections) < count:
                connections.append(stack.enter_context(listener.accept()[0]))
        for connection in connections:
            connection.sendall(b"?")
        return sum(connection.recv(1) == b"?" for connection in connections)


wanted = min(5000, hard - files_open() - 20)
held = hold(wanted)
print(f"{held:,} of {wanted:,} held open at once, and each has answered")

# %% tags=["claim"]
assert held > 0 and open_file_limits() == (soft, hard)  # as before

# %% [markdown]
# Connections that rest cost little. What does it cost to **serve** them? `keep_asking` lets so many
# clients ask, each again as soon as it has its answer, for 0.25 seconds at most. We note the answers a
# second, the 99th percentile of the waits (99 of 100 were not longer; who has no answer counts with the wait so
# far), how many clients were served at all, and the server's processor time for an answer and memory for an
# idle connection.
#
# Which design spends least on an answer? How many of 1,000 does a pool of 32 serve?

# %%
predict(
    "08 pool", f"How many of {counts[-1]:,} clients does a pool of 32 serve?", low=0, unit="clients"
)

# %% tags=["hidden", "nbval-ignore-output"]
designs = {
    "one after another": ("echo_threads.py", 1),  # a pool of one; not measured here
    "thread per client": ("echo_threads.py", 0),
    "pool of 32": ("echo_threads.py", 32),
    "selectors": ("echo_selectors.py",),
    "asyncio": ("echo_asyncio.py",),
}


def start(design, work=0.0):
    file, *workers = designs[design]
    server = run_script(file, work, *workers, ready="\n")
    return server, ("127.0.0.1", int(server.output))


taken = {}
seconds = [0.1 if count <= 100 else 0.25 for count in counts]
for design in list(designs)[1:]:
    server, address = start(design)
    with server:
        memory = idle_memory(server.pid, address, min(500, counts[-1])) / 1000
        before = processor_time(server.pid)
        taken[design] = keep_asking(address, counts, seconds)
        used = processor_time(server.pid) - before
    each = 1e6 * used / max(1, sum(load.answers for load in taken[design]))
    most = taken[design][-1]
    served = f"{most.served} of {most.clients} served"
    print(f"{design}: {each:.0f} µs an answer, {memory:.1f} kB a connection, {served}")
print(predicted("08 pool").compare(taken["pool of 32"][-1].served))
loads = taken  # of all designs, for the charts

# %% tags=["claim"]
assert loads["pool of 32"][-1].served <= 32 < counts[-1]

# %% tags=["nbval-ignore-output"]
from IPython.display import display

from helpers import crowd_axes, draw_crowd, percentiles_chart, rates_chart

rates_title = "More clients bring no more answers, once the processors are busy"
display(rates_chart(rates_title, loads))
display(percentiles_chart("The waits grow with the crowd, whoever serves it", loads))

# %% tags=["claim"]
assert any(each[-1].p99 > each[0].p99 for each in loads.values())  # all, on a quiet machine

# %% [markdown]
# Once the processors are busy, the rate can't grow, so the wait must: clients divided by rate (Little's
# law). Surest is the processor time: other work hardly enters it. **Selectors** do the least for an answer.
# **asyncio** does more, and is easier to write. **Threads** must be switched between, and of a thousand some
# have had no turn yet; they take most memory, too. Only one at a time runs Python (the *GIL*, a lock of the
# interpreter), so threads here are for **waiting**, not for more cores. The **pool** looks good and is the
# worst: it serves 32, who stay, and nobody else. Its percentile hides that while those without any answer
# are fewer than one in a hundred requests. So always ask who is not in the statistics.
#
# What the plots can't show: a network, since all is one machine; more than its cores, which the load shares;
# the load's own limit, as it is Python too; what the system keeps for each connection. Trust ratios,
# and only large ones. (Wild curves? Something else keeps the machine busy: measure again.)
#
# Now with handlers that **wait**, as for a database. Each client asks once. (In our
# selectors script the wait is `time.sleep`, which stops everyone.) The panel runs when you press the button.


# %% tags=["nbval-ignore-output"]
def crowd_of(design, clients, work_ms, slow_percent):
    slow = clients * slow_percent // 100
    server, address = start(design, work_ms / 1000)
    with server:
        return design, slow, ask_once(address, clients, slow)


panel = explore(
    crowd_of,
    draw_crowd,
    crowd_axes(),
    slow=True,
    design=list(designs),
    clients=Slider(1, min(200, counts[-1]), start=min(50, counts[-1])),
    work_ms=Slider(0, 50, 5, start=10),
    slow_percent=Slider(0, 100, 10, start=10),
)
panel

# %% tags=["claim"]
assert len(panel.data[2]) == 50

# %% [markdown]
# Slow clients come first and pause for 0.3 seconds; all give up after 2. **Try** the five designs: who
# suffers from slow clients, and who from slow work? A thread per client and asyncio suffer from neither.
#
# ## Exercise 1: a thread for each
#
# `serve` of `echo_threads.py`, made fit for clients that reset, and for a listener that is closed.


# %% tags=["exercise"]
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


# %%
check(threaded_echo)

# %%
quiz("08 two cores")

# %% [markdown]
# ## What do the clients share?
#
# Twenty clients of a threaded server each send one reading, and are told how many have come. The server
# counts with what `count += 1` does, written as its three steps; at the pause any other thread may run.
# First the pause is a `Barrier`: it lets nobody on until all twenty have arrived, the worst timing there
# is. What are the clients told?
#
# Then two remedies, with a short sleep as the pause. A **lock** lets one thread at a time through the
# steps. A **queue** leaves the data to one thread, and all others send it requests.


# %%
predict(
    "08 counts",
    "Twenty readings come. What is the highest count that a client is told?",
    low=1,
    high=20,
)


# %% tags=["hidden"]
def counts_told(record):
    """Let twenty clients send a reading at once; return the counts that they are told."""

    def serve(connection):
        with connection:
            connection.recv(1024)
            connection.sendall(b"%d" % record())

    def counter(listener):
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],)).start()

    with run_server(counter) as server, crowd(server.address, 20) as clients:
        for client in clients:
            client.sendall(b"lamp 21.5\n")
        return sorted(int(client.recv(16)) for client in clients)


def add_one(pause):
    global count
    seen = count  # read
    pause()
    count = seen + 1  # add, and write
    return count


def meet():
    with suppress(threading.BrokenBarrierError):  # who never comes is waited for a second only
        everyone.wait(timeout=1)


count, everyone = 0, threading.Barrier(20)
told = counts_told(lambda: add_one(meet))
print("barrier:", *told)
print(predicted("08 counts").compare(max(told)))


# %%
from queue import Queue


def with_lock():
    with lock:
        return add_one(lambda: time.sleep(0.001))


def with_queue():
    answer = Queue()
    requests.put(answer)
    return answer.get()


def keeper():  # the only thread that touches `count`
    while answer := requests.get():
        answer.put(add_one(lambda: time.sleep(0.001)))


count, lock = 0, threading.Lock()
print("lock:   ", *counts_told(with_lock))
count, requests, owner = 0, Queue(), threading.Thread(target=keeper, daemon=True)
owner.start()
try:
    print("queue:  ", *counts_told(with_queue))
finally:
    requests.put(None)  # the keeper's end, whatever has happened
    owner.join()

# %% [markdown]
# Twenty readings, and the count is 1: all have read 0 before one wrote. The GIL does not help. It keeps
# single steps of the interpreter whole, and `+=` has several. Without the barrier it happens rarely, and
# hardly ever while you look.
#
# ## How does a server stop?
#
# Five clients are in the middle of an answer of twenty readings and a newline when we want to stop. Abruptly:
# close all sockets. Or gracefully: accept nobody new, let each answer end, then return.


# %% tags=["nbval-ignore-output"]
def whole_answers(graceful):
    """Stop a server in mid-answer; return how many of five clients get all of it."""
    stopping = threading.Event()

    def answer(connection):
        with connection:
            for _ in range(20):
                connection.sendall(b"21.5,")
                time.sleep(0.03)
            connection.sendall(b"\n")

    def serve(listener):
        workers = []
        listener.settimeout(0.02)  # to look at `stopping` now and then
        while not stopping.is_set():
            with suppress(TimeoutError):
                connection, peer = listener.accept()
                workers.append(threading.Thread(target=answer, args=(connection,)))
                workers[-1].start()
        listener.close()
        for worker in workers:
            worker.join()

    with run_server(serve) as server, crowd(server.address, 5) as clients:
        for client in clients:
            client.recv(5)  # the first reading has come
        stopping.set() if graceful else server.stop()
        answers = [client.makefile("rb").read() for client in clients]
    return sum(answer.endswith(b"\n") for answer in answers)


abrupt, graceful = whole_answers(graceful=False), whole_answers(graceful=True)
print(f"whole answers: {abrupt} of 5 after an abrupt stop, {graceful} of 5 after a graceful one")

# %% tags=["claim"]
assert abrupt < graceful == 5

# %% [markdown]
# To the clients that were cut off it looked like a normal end: no error, only a newline missing. (A real
# server also sets a deadline: a client that is stuck must not hold it up for ever.)
#
# (The end of this part.)

# %%
quiz("08 gone")

# %% [markdown]
# ## Words of this chapter

# %%
words("08")

# %% [markdown]
# ## What you can do now
#
# - Explain a backlog: a waiting room for a moment.
# - Choose: threads while there are a few hundred clients and handlers block; a pool for short jobs;
#   selectors or asyncio for thousands that mostly wait.
# - Keep shared data right (lock, queue), memory bounded (back-pressure), messages whole (graceful stop).
# - Write servers with threads, selectors and asyncio that outlive their clients.
#
# Still open, for later chapters: when TCP and when UDP, how to stay up when peers vanish, and how to keep
# others out.
#
# **Worth reading:** RFC 4987 (SYN floods and what helps); the manual page *listen(2)*; of the Python
# documentation *selectors*, *Streams* and *Developing with asyncio*.
