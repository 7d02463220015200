# %% [markdown]
# # Many clients at once
#
# A house has fifty devices, and a city has a million. At any time some of them are slow, silent or gone. Our
# servers so far took one client after the other, so a single silent lamp was enough to stop them for everybody.
# In this chapter you write servers that go on serving the others, and measure what that costs.
#
# At the end you can
# - **explain** what a backlog is for, and why it serves nobody;
# - **write** a server in which no client waits for another one;
# - **compare** designs by what they cost, and ask who is missing from a statistic;
# - **protect** what all clients share, with a lock that makes nobody wait for long;
# - **stop** a server without cutting an answer in two.
#
# About 70 minutes in three parts, which is an estimate: a beginner may need twice as long. Read chapters
# [02](02_tcp_server_and_client.ipynb) and [03](03_messages_on_a_stream.ipynb) first. The questions below
# recall earlier chapters: pass over what you have not read.

# %% [markdown] tags=["about"]
# learn: serve hundreds of clients, none of which can harm the others
# leave out: "How many connections may be open?"
# ask: twenty clients, counted by threads without a lock | What is each of them told?

# %%
import socket
import sys
import threading
import time
from builtins import len, max, min, range, round, sum  # Python's own, as in chapter 01
from contextlib import nullcontext, suppress
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

from helpers import Slider, check, crowd, explore, is_connected, order, page_style
from helpers import predict, predicted, puzzle, quiz, review, run_script, run_server, words
from helpers import ask_once, files_left, idle_memory, keep_asking, processor_time

page_style()  # pictures follow a dark theme

# %%
review("08")

# %% [markdown]
# ## Who waits behind one slow client?
#
# As in chapter 02, the echo server below serves a client to the end before it accepts the next one. Now we
# measure what that costs.
#
# `ask_once` lets six clients connect at the same moment. Each sends one reading, and leaves when it has come
# back. Five of them are quick, but the first one pauses for half a second in the middle of its reading.
#
# Add up the waits of the five quick ones: how much time do they lose?


# %%
predict("08 quick ones", "How long will the five quick ones wait, all together?", low=0, unit="s")


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
print(predicted("08 quick ones").compare(round(sum(quick), 1)))

# %% tags=["claim"]
assert min(quick) > 0.4

# %% [markdown]
# They lost about 2.5 seconds: each of the five waited for half a second, although its answer takes far less
# than a millisecond. The server stood in `recv` all that time, waiting for the slow client. Meanwhile the five
# others stood in the listener's queue, where they were connected but not accepted.
#
# ## Does a longer queue help?
#
# `create_server(address, backlog=5)` asks the system for a queue of five. What if more clients come than the
# queue can hold?
#
# In the next experiment a `crowd` of a hundred clients connects while the server is busy. Then the server is
# free for 1.3 seconds: it accepts one client after another, welcomes it and closes. At the end `is_connected`
# asks each client whether its attempt to connect has succeeded. We try a backlog of 128, and then 5.


# %%
hundred = min(100, files_left() - 20)  # fewer where the system allows few connections


def hundred_at_once(backlog):
    """Let a hundred clients connect; return how many are welcomed, and how many connected."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=backlog)
    with listener, crowd(listener.getsockname(), hundred, wait=False) as clients:  # at once
        welcomed, end = 0, time.perf_counter() + 1.3
        with suppress(TimeoutError):  # nobody has come in the rest of the time
            while welcomed < hundred and (left := end - time.perf_counter()) > 0:
                listener.settimeout(left)
                with listener.accept()[0] as connection:
                    connection.sendall(b"Welcome to the IoT Server!\n")
                welcomed += 1
        return welcomed, sum(is_connected(client) for client in clients)


predict("08 welcomed", "How many are welcomed with a backlog of 5?", low=0, high=100, unit="of 100")

# %% tags=["hidden", "nbval-ignore-output"]
for backlog in (128, 5):
    welcomed, connected = hundred_at_once(backlog)
    print(f"backlog {backlog}: {welcomed} of {hundred} welcomed, {connected} connected")
print(predicted("08 welcomed").compare(welcomed))

# %% tags=["claim"]
assert welcomed < 60

# %% [markdown]
# Only a few of the hundred were welcomed with a backlog of 5, although the server had nothing else to do. With
# 128 all of them were. With a backlog of 5 this happened on Linux:
# 1. The queue holds one connection more than the backlog, so six clients found room, and were welcomed. The
#    system dropped the other 94 requests to connect without a word.
# 2. After one second the clients' systems repeated all 94 requests at the same moment, and the queue had six
#    places again. The first packet of a handshake, the request, is called a **SYN**, and the second is the
#    server's yes. In such a rush Linux says yes to everybody, but notes down few: this is called
#    **SYN cookies** ([RFC 4987](https://www.rfc-editor.org/rfc/rfc4987#section-3.6)). A client gets its place
#    only by the third packet, if one is left. So a few more got in.
#
# Most of the others have had their yes too, and believe that they are connected. The server knows nothing of
# them.
#
# So yes, a longer queue helps over a moment in which nobody accepts. But it is a waiting room, and not another
# doctor.
#
# ## A thread for each client
#
# Here one thread does nothing but accept, and each client gets another thread. If a client is slow, only its
# own thread waits.
#
# You need three calls:
# - `thread = threading.Thread(target=serve, args=(connection,))` prepares a thread that will call
#   `serve(connection)`. The arguments are a tuple, and a tuple with one element needs its comma.
# - `thread.start()` lets it begin, and returns at once.
# - `thread.join()` waits until it has ended.
#
# With a third argument, `daemon=True`, the program can end without waiting for this thread, whose client may be
# silent for ever. How do these lines become a server?

# %%
order("08 a thread for each")

# %% [markdown]
# In the next server one line brings the old problem back.

# %%
quiz("08 still in turn")

# %% [markdown]
# ## Exercise 1: an echo in which nobody waits
#
# Now write such a server in full. It must be ready for two errors:
# - If a client resets its connection, `recv` or `sendall` raises a `ConnectionError` in its thread. That ends
#   this one conversation, and its connection must be closed all the same.
# - If the caller stops the server, `accept` raises an `OSError`. Then your function returns. (A
#   `ConnectionAbortedError` only says that one client has gone before: go on.)


# %% tags=["exercise"]
def threaded_echo(listener):
    """Send back to each client what it sends, as soon as it comes, any number at the same time.

    - Each client has a thread of its own (daemon=True, so that it can't keep the program alive).
    - When a client has ended its side and has got all back, its connection is closed.
    - A client that resets, or falls silent for ever, harms only itself.

    Argument: listener is a listening TCP socket; the caller, as run_server does, ends it.
    - Then accept raises OSError, and the function returns, without an error.
    - Clients that are connected then are still served by their threads.

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
# ### A good place to stop
#
# To go on tomorrow, open the chapter, click on the next cell, and choose *Run → Run All Above Selected Cell*.
# This takes about 5 seconds, and the exercise need not be done.

# %% [markdown]
# ## How many connections may be open?
#
# For the system each connection is an open file, and Linux and macOS allow a process only so many. Past the
# **soft limit** `accept` fails with an `OSError`, "too many open files". The process may raise this limit by
# itself, up to the **hard limit**. Where the limit is low, we measure with fewer than a thousand clients.

# %% tags=["nbval-ignore-output"]
from helpers import open_file_limits

soft, hard = open_file_limits()
counts = sorted({min(count, soft - 20) for count in (1, 10, 100, 1000)})  # 20 files to spare
print(f"limits: {soft:,} soft, {hard:,} hard; so we measure with {counts} clients")

# %% tags=["claim"]
assert counts[0] == 1

# %% [markdown]
# ## A pool of threads
#
# Threads are not free: each takes memory, and the system must switch between them. Therefore some servers use a
# **pool**, a limited number of threads, each of which takes one client after another. Is that a good bargain?
#
# The script below is an echo server with two arguments: the size of the pool, where 0 means a thread for each
# client, and the seconds that it works before each answer. In its last line `hand_over` gives a client to a
# thread. With a pool this is `submit`, a method of Python's `ThreadPoolExecutor`, which calls `serve` as soon
# as a thread is free.

# %% tags=["nbval-ignore-output"]
# %%writefile echo_threads.py
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

workers, work = int(sys.argv[1]), float(sys.argv[2])


def serve(connection):
    with connection:
        while data := connection.recv(1024):
            if work:
                time.sleep(work)
            connection.sendall(data)


def in_its_own_thread(function, connection):
    threading.Thread(target=function, args=(connection,), daemon=True).start()


hand_over = ThreadPoolExecutor(workers).submit if workers else in_its_own_thread
with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
    print(listener.getsockname()[1])
    while True:
        hand_over(serve, listener.accept()[0])

# %% [markdown]
# ## Four designs, up to a thousand clients
#
# The script serves as *thread per client* and as *pool of 32*. We compare both with `selectors` and `asyncio`,
# which serve everybody in one thread. Chapter [09](09_one_thread_many_sockets.ipynb) explains how; here only
# their cost counts.
#
# `run_script` starts a server, and `keep_asking` lets one client connect to it, then ten, and so on. Each stays,
# and asks again as soon as it has its answer. The cell prints for each design:
# - how much processor time an answer costs the server, with the largest crowd;
# - how much memory the server takes for one silent connection;
# - how many clients of the largest crowd had any answer at all.
#
# How many of the thousand clients will the pool of 32 serve?

# %%
predict("08 pool", "How many clients does the pool of 32 serve?", low=0, high=counts[-1])

# %% tags=["hidden", "nbval-ignore-output"]
of_chapter_09 = course[0] / "helpers/load/one_thread_echo.py"
designs = {
    "one after another": ("echo_threads.py", 1),  # a pool of one, for a later picture
    "thread per client": ("echo_threads.py", 0),
    "pool of 32": ("echo_threads.py", 32),
    "selectors": (of_chapter_09, "selectors"),
    "asyncio": (of_chapter_09, "asyncio"),
}


def start(design, work=0.0):
    server = run_script(*designs[design], work, ready="\n")
    return server, ("127.0.0.1", int(server.output))


def measured(design):
    server, address = start(design)
    with server:
        memory = idle_memory(server.pid, address, min(500, counts[-1])) / 1000
        few = keep_asking(address, counts[:-1], 0.1, tries=3)
        before = processor_time(server.pid)
        (many,) = keep_asking(address, counts[-1:], 0.6)
        used = 1e6 * (processor_time(server.pid) - before)
    each, served = used / max(1, many.answers), f"{many.served} of {many.clients} served"
    print(f"{design}: {each:.0f} µs an answer, {memory:.1f} kB a connection, {served}")
    return [*few, many]


loads = {design: measured(design) for design in list(designs)[1:]}
print(predicted("08 pool").compare(loads["pool of 32"][-1].served))

# %% tags=["claim"]
assert loads["pool of 32"][-1].served <= 32 < counts[-1]

# %% [markdown]
# The pool served 32 clients and nobody else. Each of its threads stays with its client until that client
# leaves, and these clients never leave. For them a pool is a bad bargain.
#
# The other designs can serve everybody, though a *thread per client* may leave some without an answer in the
# time that we measure, at most 0.6 seconds. It also takes the most memory, while `selectors` takes the least
# memory and, on a quiet machine, little work for an answer.
#
# Two pictures now show crowds of all sizes. The upper one shows the answers a second, of all clients together.
# The lower one shows the 99th percentile of the waits, which 99 of 100 requests stay under. (A request without
# an answer counts with its wait so far.)

# %% tags=["nbval-ignore-output"]
from IPython.display import display

from helpers import percentiles_chart, rates_chart

display(rates_chart("More clients bring no more answers, once the processors are busy", loads))
display(percentiles_chart("The waits grow with the crowd, whoever serves it", loads))

# %% tags=["claim"]
assert any(each[-1].p99 > each[0].p99 for each in loads.values())  # all, on a quiet machine

# %% [markdown]
# From some point on server and clients work without a pause, and then a larger crowd only waits longer. For
# example, if 1,000 clients share 100,000 answers a second, each gets 100, and waits a hundredth of a second for
# each. A curve may even fall, because more threads and sockets mean more work.
#
# A hollow mark says that some clients had no answer. With more time a *thread per client* would serve them, and
# the pool would not.
#
# With one client or ten a *thread per client* and the *pool of 32* run the same code. Yet in one run their
# marks may lie a factor of two or three apart. Chance decides, for example, whether the system runs client and
# server on the same core or on two. So trust only large differences, and measure several times.
#
# ## Who is missing from a statistic?
#
# A restaurant that asks only those who have eaten hears that nobody waited for long, and a pool can look good in
# the same way. The next cell computes its 99th percentile twice, of the answers alone and of all requests. How
# far apart are the two?

# %% tags=["nbval-ignore-output"]
for load in loads["pool of 32"][-2:]:
    alone, all_of_them = 1000 * load.p99_answered, 1000 * load.p99
    missing = load.clients - load.served
    share = missing / (load.answers + load.clients)
    print(f"{load.clients} clients, {missing} never served: {share:.1%} of the requests are theirs")
    print(f"  99th percentile: {alone:.1f} ms of the answers, {all_of_them:.1f} ms of all requests")

# %% tags=["claim"]
assert all(load.served <= 32 and load.p99 > 0 for load in loads["pool of 32"])

# %% [markdown]
# With the largest crowd they are far apart: a millisecond or a few for the answers alone, and about 0.6 seconds
# for all requests. The 32 lucky clients have the threads to themselves, while all others wait for as long as we
# measure.
#
# With 100 clients chance decides. The 68 without an answer have made 68 requests, the 32 others thousands. The
# 99th percentile leaves out the slowest 1% of all requests. If the 68 unanswered ones are less than that, it
# hides them; if they are more, it is as long as their wait. So always ask who is missing from a statistic.
#
# ## Do two threads compute twice as fast?
#
# Our threads spend their time waiting, but what if they compute? Each core of a processor runs one thread at
# a time. Two threads now add up squares: how many cores will they keep busy together?

# %%
from concurrent.futures import ThreadPoolExecutor

predict("08 cores", "How many cores will the two keep busy?", low=0, high=2, unit="of 2 cores")


# %% tags=["hidden", "nbval-ignore-output"]
def compute():
    sum(number * number for number in range(1_000_000))


def cores_in_use():
    began, used = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(2) as pool:  # waits for both at its end
        pool.submit(compute)
        pool.submit(compute)
    return (time.process_time() - used) / (time.perf_counter() - began)


cores = max(cores_in_use() for _ in range(5))
has_gil = getattr(sys, "_is_gil_enabled", lambda: True)()
print(f"{cores:.1f} cores in use; the GIL is {'on' if has_gil else 'off'}")
print(predicted("08 cores").compare(round(cores, 1)))

# %% tags=["claim"]
assert cores < 1.3 or not has_gil

# %% [markdown]
# They keep one core busy together, in the Python that most people have. The reason is a **lock**, something
# that only one thread at a time can hold. The interpreter, the program that runs Python code, has one, the
# **GIL** (global interpreter lock). Only the thread that holds it runs Python code, and a thread gives it up
# while it waits in `recv`. So in Python threads are good for waiting, and not for computing.
#
# Some versions of Python can do without a GIL: they are **free-threaded** ([PEP
# 703](https://peps.python.org/pep-0703/)). There two threads may use two cores.
#
# ## Slow clients, slow work
#
# In this panel each client asks once. Slow clients pause for 0.3 seconds in the middle of their request. The
# server may be slow as well: it works for some milliseconds before each answer, as if it asked a database.
#
# Choose a design. Set one of the two to 0 and press *Run*, and then the other. Which designs suffer from slow
# clients, and which from slow work?


# %% tags=["nbval-ignore-output"]
from helpers import crowd_axes, draw_crowd


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
# *One after another* suffers from both, and `selectors` from slow work:
# - With *one after another* the work adds up: at 10 ms each, fifty clients make half a second. The pauses do
#   not, because all slow clients pause at the same time.
# - `selectors` does not mind slow clients, but its one thread keeps everybody waiting while it works.
# - The *pool* bears both as long as one of its threads is free.
# - A *thread per client* minds neither, because this kind of work is waiting, too.
# - Nor does `asyncio`, which serves others while it waits, as chapter 09 shows.
#
# ### A good place to stop
#
# To go on tomorrow, open the chapter, click on the next cell, and choose *Run → Run All Above Selected Cell*.
# This takes about 20 seconds, and the exercise need not be done.

# %% [markdown]
# ## What do the clients share?
#
# So far each thread had only its own connection. Now twenty clients send one reading each to a server that
# counts, and each is told how many have come. All threads use the same variable `count`, and do what
# `count += 1` does, in its three steps: read, add, write.
#
# Between two steps any other thread may run. To see the worst timing, we put a `Barrier` after the first step:
# it lets nobody on until all twenty threads have arrived. What is the highest count that a client is told?


# %%
predict("08 counts", "What is the highest count that a client is told?", low=1, high=20)

# %% tags=["hidden"]
count, everyone = 0, threading.Barrier(20)


def count_one(connection):
    global count
    with connection:
        connection.recv(1024)
        seen = count  # read
        with suppress(threading.BrokenBarrierError):  # nobody waits for more than a second
            everyone.wait(timeout=1)
        count = seen + 1  # add, and write
        connection.sendall(b"%d" % count)


def counter(listener):
    while True:
        threading.Thread(target=count_one, args=(listener.accept()[0],)).start()


with run_server(counter) as server, crowd(server.address, 20) as clients:
    for client in clients:
        client.sendall(b"lamp 21.5\n")
    told = sorted(int(client.recv(16)) for client in clients)
print("told:", *told)
print(predicted("08 counts").compare(max(told)))

# %% [markdown]
# It is 1, although twenty readings have come. All twenty threads had read 0 before one of them wrote, so each
# wrote 1. This is a **lost update**: one thread overwrites what another has written. Without a barrier it
# happens rarely, and in some versions of Python perhaps never, but no version promises that. The GIL does not
# help, because it keeps single steps whole, and `count += 1` has several.
#
# Can you notice a lost update from outside? In the puzzle a server counts readings for two sensors.

# %%
puzzle("08 two sensors")

# %% [markdown]
# A program can have locks of its own: `lock = threading.Lock()` makes one. `with lock:` takes it, and gives
# it back at the end of the block. A thread that finds it taken waits until it is free.
#
# In the next picture each bar is a thread: it begins when the thread reads the total, and ends when the thread
# writes a new one. Move the sliders: when are updates lost? Then tick the lock: what does it cost?


# %% tags=["nbval-ignore-output"]
from helpers.chapters.chapter_08 import charts


def add_ones(threads, pause_ms, with_lock):
    """Let each thread add 1 to a total; return it, and when each thread read and wrote what."""
    total, bars, lock = 0, [], threading.Lock()

    def add_one():
        nonlocal total  # the one of the function around it
        with lock if with_lock else nullcontext():  # which does nothing
            began, seen = time.perf_counter(), total
            time.sleep(pause_ms / 1000)
            total = seen + 1
            bars.append((began, time.perf_counter(), seen + 1))

    workers = [threading.Thread(target=add_one) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return total, bars


sliders = {"threads": Slider(1, 20, start=8), "pause_ms": Slider(0, 20, start=10)}
updates = explore(add_ones, charts.lost_updates, **sliders, with_lock=False)
updates

# %% tags=["claim"]
assert len(updates.data[1]) == 8

# %% [markdown]
# Updates are lost where bars overlap: a thread that reads before another one has written reads an old total,
# so it writes the same number again.
#
# With the lock no two bars overlap, and the last total is the number of threads. The price is time: the whole
# takes as long as all bars together.
#
# ## Exercise 2: a count that is never wrong
#
# In `tally_server` any number of clients send names of devices, and each name is counted in a dictionary that
# belongs to the caller. Most of it is written already. (A limit for a line, as in chapter 03, is left out.) One
# lock is enough, and the decision is yours: which steps happen under it?
#
# Remember that a thread that holds a lock makes others wait, and that a client may take long to read its
# answer.


# %% tags=["exercise"]
def tally_server(listener, totals):
    r"""Count for each device the lines that name it, for any number of clients at once.

    - A line is the name of a device, of 1 to 1,000 bytes of UTF-8, and ends in b"\n".
    - Each line adds 1 to totals[name], which begins at 0 for a new name.
    - Its answer is the name, a space, the new count and b"\n".
    - No update is lost, and no two answers about a name have the same count.
    - Each client has a thread of its own (daemon=True). When it has gone, its connection is closed.
    - Half a line at the end of a stream counts nothing.
    - A client that resets, is silent, or does not read its answers holds up nobody else.

    Arguments:
    - listener: a listening TCP socket. run_server ends it; then the function returns, without
      an error.
    - totals: a dictionary from str to int, or an object with the same methods. It belongs to
      the caller, who may have filled it. Reading or writing a value may take a while, and other
      threads run meanwhile.

    Example: totals is {"lamp": 41}. A client sends b"lamp\ndoor\n" and reads
    b"lamp 42\ndoor 1\n".
    """
    # your line: the lock, made before the first thread
    lock = threading.Lock()
    # end

    def serve(connection):
        with suppress(OSError), connection, connection.makefile("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                name = line[:-1].decode("utf-8")
                # your lines: count the name in `totals`, and answer
                with lock:
                    count = totals[name] = totals.get(name, 0) + 1
                connection.sendall(f"{name} {count}\n".encode())
                # end

    while True:
        try:
            connection, _ = listener.accept()
        except ConnectionAbortedError:  # this client left before it was accepted
            continue
        except OSError:
            return
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


# %%
check(tally_server)

# %%
quiz("08 the dashboard")

# %% [markdown]
# ## How does a server stop?
#
# Every server is stopped at some time, often in the middle of an answer. In the next run a server sends twenty
# readings and then a newline to each of five clients. After the first reading we stop it in one of two ways:
# - *abruptly*: all sockets are closed at once;
# - *gracefully*: nobody new is accepted, and each answer that has begun goes out whole.
#
# How many of the five get a whole answer in each case, and what do the others notice?

# %%
predict("08 whole", "How many get a whole answer when the stop is abrupt?", low=0, high=5)


# %% tags=["hidden", "nbval-ignore-output"]
def whole_answers(graceful):
    """Stop a server in mid-answer; return how many of five clients get all of it."""
    stopping = threading.Event()  # a flag that all threads can see

    def answer(connection):
        with connection:
            for _ in range(20):
                connection.sendall(b"21.5,")
                time.sleep(0.02)
            connection.sendall(b"\n")

    def serve(listener):
        workers = []
        listener.settimeout(0.02)  # to look at `stopping` now and then
        while not stopping.is_set():
            with suppress(TimeoutError):
                workers.append(threading.Thread(target=answer, args=(listener.accept()[0],)))
                workers[-1].start()
        for worker in workers:
            worker.join()  # waits until this answer has gone out

    with run_server(serve) as server, crowd(server.address, 5) as clients:
        for client in clients:
            client.recv(5)  # the first reading has come
        stopping.set() if graceful else server.stop()
        return sum(client.makefile("rb").read().endswith(b"\n") for client in clients)


abrupt, graceful = whole_answers(graceful=False), whole_answers(graceful=True)
print(f"whole answers: {abrupt} of 5 after an abrupt stop, {graceful} of 5 after a graceful one")
print(predicted("08 whole").compare(abrupt))

# %% tags=["claim"]
assert abrupt < graceful == 5

# %% [markdown]
# After the **graceful stop** all five have their whole answer, and after the abrupt one nobody has. The
# clients here saw a normal end of the stream: only the newline that never came could tell them that something
# was missing.
#
# A real server also sets a **deadline** for its stop, the moment at which it closes whatever is still open.
# Otherwise a stuck client could hold it up for ever.
#
# So far our servers have noticed whenever a client had gone. Will they always?

# %%
quiz("08 gone")

# %% [markdown]
# No: a device without power can't say goodbye, so its connection stays open, and its thread waits for ever.
# Therefore a server needs a limit for silence. When a client has said nothing for so long, the server closes
# the connection, as the thermostat of [assignment A1](assignments/A1_thermostat.ipynb) does.
#
# ## What you can do now
#
# - Explain a backlog: a waiting room that bridges a moment, and serves nobody.
# - Write a server in which a slow, silent or dead client harms only itself.
# - Choose: a thread per client for some hundreds that mostly wait, a pool only where clients leave soon.
# - Ask who is missing from a percentile.
# - Protect what all share by one lock, held while reading and writing, and never while sending.
# - Stop a server so that no answer is cut in two.
#
# [Chapter 09](09_one_thread_many_sockets.ipynb) serves a thousand clients with a single thread.
#
# **Worth reading:** of the Python documentation [threading](https://docs.python.org/3/library/threading.html)
# and [concurrent.futures](https://docs.python.org/3/library/concurrent.futures.html).
#
# ## Words of this chapter

# %%
words("08")
