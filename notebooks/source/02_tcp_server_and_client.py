# %% [markdown]
# # A TCP server and its client
#
# A smart plug asks a server how warm it is; the server answers. Two programs, two sockets, one
# conversation. In this chapter you build both ends, and then ask everything that the first
# version leaves open.
#
# At the end you can
# - **run** a server and a client, as scripts and inside a notebook;
# - **read** a conversation as a sequence diagram;
# - **predict** what happens when a peer is slow, silent, gone, or early;
# - **write** clients and a server that survive it.
#
# About 60 minutes. Read [chapter 01](01_what_is_a_socket.ipynb) first.

# %% [markdown] tags=["about"]
# learn: write both, for peers that are late, silent or rude
# leave out: "Which address is localhost?"
# ask: a client connects and sends before `accept` | Does it hang, fail, or go on?
# ask: one slow client before others | How long does the quick one wait?

# %%
import socket
import sys
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
    Link,
    check,
    free_port,
    page_style,
    predict,
    predicted,
    quiz,
    run_script,
    run_server,
    sequence_diagram,
    words,
)

page_style()  # pictures follow a dark theme

# %%
from helpers import review

review("02")

# %% [markdown]
# ## Two programs
#
# The server has three duties: **listen** on a port, **accept** a client, **send** a welcome.
# `create_server` does three steps in one call: it makes a socket, *binds* it to an address (gives it
# that address), and *listens*. A *backlog* of 5 lets a few clients wait in line until the server turns
# to them. `accept` takes the next of them and returns two things: a connection of its own for this
# client, and the address of the *peer*, the program at the other end. A `with` block closes its socket
# at its end, also when an error ends the block.
#
# The next two cells write two files beside this notebook. (`sys.argv[1]` is the port, if you type one
# after the file's name.)

# %% tags=["nbval-ignore-output"]
# %%writefile server.py
import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12345
with socket.create_server(("127.0.0.1", port), backlog=5) as listener:
    print("listening")
    while True:
        connection, peer = listener.accept()
        with connection:
            print("a client has come")
            connection.sendall(b"Welcome to the IoT Server!\n")

# %% tags=["nbval-ignore-output"]
# %%writefile client.py
import socket
import sys

port = int(sys.argv[1]) if len(sys.argv) > 1 else 12345
with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
    print(connection.recv(1024).decode())

# %% [markdown]
# `run_script` starts a file as a process of its own, as a terminal does. We wait until the server
# says that it is listening, and run the client twice. If another program holds port 12345,
# `free_port` takes the next free one.

# %%
port = free_port(12345)
with run_script("server.py", port, ready="listening") as script:
    for _ in range(2):
        print("client.py:", run_script("client.py", port).wait().strip())
print("server.py:", script.output.splitlines())

# %% [markdown]
# Each client got its welcome, and the server served one after the other.
#
# **Try** it by hand: in JupyterLab open *File → New → Terminal* twice, go to the folder `notebooks` in
# both, and type `python3 server.py` in one and `python3 client.py` in the other (on Windows `py`). If
# the port is taken, add another to both commands, as in `python3 server.py 12399`. The server loops
# for ever; Ctrl+C ends it with a `KeyboardInterrupt`, which is normal here. (On Windows `accept` does
# not hear Ctrl+C: press Ctrl+Break, or close the terminal.)
#
# ## One notebook, both ends
#
# For experiments we want both ends in view. `run_server` runs your server *function* in a *thread*, a
# second line of work that goes on beside your cells, and hands it a listening socket. The calls are the
# same as in the script.
#
# Between client and server we put a `Link`. The client connects to the link's address, and the link
# passes everything on and keeps a log of it, its `trace`. At the end of the `with` block the server and
# the link stop, and the notebook shows what the server printed, with the function's name in front.
#
# The drawing of this log is a **sequence diagram**: time runs down, each upright line is a program, and
# each arrow is something that went from one to the other.


# %% tags=["nbval-ignore-output"]
def welcome(listener):
    while True:
        connection, peer = listener.accept()
        with connection:
            connection.sendall(b"Welcome to the IoT Server!\n")
            print("sent a welcome")


with run_server(welcome) as server, Link(server.address, "tcp") as welcome_link:
    with socket.create_connection(welcome_link.address, timeout=5) as client:
        received = client.recv(1024).decode().strip()
        print("received:", received)

sequence_diagram(
    welcome_link.trace,
    "A welcome: the server sends, and then both sides end",
    roles=("client", "server"),
)

# %% tags=["claim"]
assert received == "Welcome to the IoT Server!"
assert [event.kind for event in welcome_link.trace] == ["connect", "data", "end", "end"]

# %% [markdown]
# `close` shows as FIN: that side sends no more. Behind the other arrows TCP exchanges more packets:
# three to connect (the *handshake*,
# [RFC 9293, section 3.5](https://www.rfc-editor.org/rfc/rfc9293#section-3.5)),
# and acknowledgements, which say that data has arrived. In the diagrams of the checks you will also
# read *closes*: that side has closed its socket, so it neither sends nor reads any more.
#
# Now the questions. **Predict** each answer before you run the cell. A wrong guess costs nothing, and
# you remember best what surprised you.
#
# ## Does connect wait for accept?
#
# This server listens and never gets as far as `accept` before the client connects and sends.

# %%
predict(
    "02 connect",
    "The client calls `connect` and `sendall` before the server calls `accept`. What happens?",
    choices=["It hangs until the server accepts", "It fails after a while", "It goes on at once"],
)

# %% tags=["hidden"]
with socket.create_server(("127.0.0.1", 0)) as listener:
    client = socket.create_connection(listener.getsockname(), timeout=1)
    client.sendall(b"anyone there?")
    print("connected and sent, before accept was called")

    connection, peer = listener.accept()
    print("accept came later and found:", connection.recv(1024))
    connection.close()
    client.close()
print(predicted("02 connect").compare("It goes on at once"))

# %% [markdown]
# It goes on. The **operating system** completes the handshake and keeps the connection in the
# listener's queue, the backlog. What the client sends waits in a *buffer*, memory that the system keeps
# for it. So a successful `connect` says that the other machine's system has answered. It does not say
# that a program serves you.
#
# ## What if I start the server twice?
#
# You mend your server, start it again, and read "Address already in use". Why? The cell tries to bind
# a port three times: while a server listens on it; after that server has served a client and closed;
# and once more with an option of the socket, `SO_REUSEADDR` ("reuse the address"). Which of the three
# will fail?


# %% tags=["nbval-ignore-output"]
def try_to_bind(port, reuse):
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
        try:
            sock.bind(("127.0.0.1", port))
        except OSError as error:
            return f"failed: {error.strerror}"
    return "worked"


listener = socket.create_server(("127.0.0.1", 0))
port = listener.getsockname()[1]
results = {"while it listens": try_to_bind(port, reuse=False)}
client = socket.create_connection(("127.0.0.1", port))
listener.accept()[0].close()  # the server's side closes first
client.close()
listener.close()
results["after it closed"] = try_to_bind(port, reuse=False)
results["after it closed, SO_REUSEADDR"] = try_to_bind(port, reuse=True)
for when, result in results.items():
    print(f"{when}: {result}")

# %% tags=["claim"]
assert "failed" in results["while it listens"]
assert results["after it closed, SO_REUSEADDR"] == "worked"

# %% [markdown]
# The first try fails because normally only one socket at a time can listen on an address and port. The
# second fails on Linux and macOS, though nobody listens any more. The side that closed first keeps the
# connection for a minute or so in the state **TIME-WAIT**, and meanwhile the port is held. So late
# packets cannot end up in a new connection
# ([RFC 9293, section 3.3.2](https://www.rfc-editor.org/rfc/rfc9293#section-3.3.2)).
#
# `SO_REUSEADDR` lets you bind in spite of a TIME-WAIT, but not in spite of a server that still listens.
# (On Linux both servers, the old and the new, must have set it.) On Windows a TIME-WAIT holds no port,
# and the option means something else: two servers may share a port, and nobody knows which of them gets
# a client. `create_server` sets the option on the systems where it helps, so you need not.
#
# ## Does send send everything?
#
# The server accepts and does not read until the client says so. (Server and client are two threads, and
# a `threading.Event` lets one of them wait for the other's `set`.) The client offers 50 million bytes to
# one `send`.

# %%
predict(
    "02 send",
    "How many of the 50 million bytes will one `send` take?",
    low=0,
    high=50,
    unit="million bytes",
)

# %% tags=["hidden", "nbval-ignore-output"]
import threading

reading_allowed = threading.Event()


def reads_later(listener):
    connection, peer = listener.accept()
    with connection:
        reading_allowed.wait(1.5)  # seconds at most, also if the cell is interrupted
        while connection.recv(65536):
            pass


with run_server(reads_later) as server:
    with socket.create_connection(server.address, timeout=1) as client:
        request = bytes(50_000_000)
        taken = client.send(request)
        print(f"send took {taken:,} of {len(request):,} bytes")
        reading_allowed.set()
print(predicted("02 send").compare(round(taken / 1e6, 1)))

# %% tags=["claim"]
assert 0 < taken < len(request) or sys.platform == "win32"

# %% [markdown]
# `send` returns how many bytes the system **took** into its buffers, which is not what has
# arrived. On a socket with a timeout that may be only a part of the request (on Linux and macOS;
# Windows may take it all). Without a timeout `send` waits until the server makes room by reading: for
# ever, if it never does. `sendall` goes on until everything is taken, or raises an error. So use
# `sendall`.
#
# ## Is one recv one message?
#
# The server sends 3,000 bytes in two calls, a moment apart: `Welcome ` with its space, and 2,992
# exclamation marks.

# %%
predict(
    "02 first recv",
    "The client calls `recv(1024)`. How many bytes does the first call return?",
    low=0,
    high=3000,
    unit="bytes",
)

# %% tags=["hidden", "nbval-ignore-output"]
import time


def in_two_pieces(listener):
    while True:
        connection, peer = listener.accept()
        with connection:
            connection.sendall(b"Welcome ")
            time.sleep(0.05)
            connection.sendall(b"!" * 2992)


with run_server(in_two_pieces) as server:
    with socket.create_connection(server.address, timeout=5) as client:
        sizes = [len(client.recv(1024)) for _ in range(3)]
        while sizes[-1]:
            sizes.append(len(client.recv(1024)))
print(sizes, "together", sum(sizes))
print(predicted("02 first recv").compare(sizes[0]))

# %% tags=["claim"]
assert sum(sizes) == 3000 and max(sizes) <= 1024 and sizes[-1] == 0

# %% [markdown]
# `recv(1024)` returns **what is there**: at least one byte and at most 1,024, however they were
# sent. It waits only while nothing is there. One result is special, the empty `b""`: the peer has ended
# its side, and nothing will come any more. If you ask again, you get `b""` again.

# %% [markdown]
# ## First, one line
#
# One line of this function is missing. The function should collect everything that comes until the
# peer ends its side.


# %% tags=["exercise"]
def hear_all(connection):
    """Read all that comes on a connection until the peer ends its side, and return it as bytes.

    Argument: connection is a connected socket, which the caller closes.

    Example: a peer that sends b"Wel" and b"come" and ends its side gives b"Welcome".
    """
    received = bytearray()
    while True:
        # your line
        piece = connection.recv(1024)
        # end
        if not piece:
            return bytes(received)
        received += piece


# %%
check(hear_all)

# %%
quiz("02 wrong line")

# %% [markdown]
# ## Three ways to get nothing
#
# Our client meets a peer that is silent, a peer that resets the connection, and a port on which
# nobody listens. What does it get from each: `ConnectionRefusedError`, `ConnectionResetError`,
# `TimeoutError`, or `b""`?
#
# To *reset* is to throw a connection away: the system sends RST in place of FIN. Our second server asks
# for that by an option, a *linger* time of 0. (You need not remember how; `struct.pack` writes the
# option's two numbers as bytes.) Without the option a reset comes from a server that closes, or
# crashes, before it has read everything. If it has read everything, the system sends FIN even after a
# crash, and that looks like a normal end.

# %%
import struct


def silent(listener):
    connection, peer = listener.accept()
    connection.recv(1)


def resets(listener):
    connection, peer = listener.accept()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def what_happens(address):
    try:
        with socket.create_connection(address, timeout=0.3) as client:
            return client.recv(1024)
    except OSError as error:
        return type(error).__name__


for function in (silent, resets):
    with run_server(function) as server:
        print(function.__name__ + ":", what_happens(server.address))
print("nobody listens:", what_happens(server.address))

# %% [markdown]
# Each has an error of its own:
# - `TimeoutError`: nothing came in time, and we do not know why. Without `timeout=` the client would go
#   on waiting.
# - `ConnectionResetError`: the peer threw the connection away
#   ([RFC 9293, section 3.5.3](https://www.rfc-editor.org/rfc/rfc9293#section-3.5.3)).
# - `ConnectionRefusedError`: a system answered that nobody listens there. (Windows tries for two seconds
#   first, so there you see `TimeoutError`.)
#
# All three are kinds of `OSError`.

# %%
from helpers import puzzle

puzzle("02 why a reset")

# %% [markdown]
# ## Exercise 1: a patient client
#
# Write the client that gets the whole welcome, in however many pieces it comes. You may call your
# `hear_all`.


# %% tags=["exercise"]
def fetch_welcome(address, timeout):
    """Connect once, read all that the server sends until it ends its side, and return it.

    Arguments: address is a tuple (host, port); timeout is in seconds, for connecting and
    for each wait. Returns a str, decoded from UTF-8; "" if the server ended without a word.
    Raises TimeoutError when a wait takes longer, ConnectionResetError when the server resets.
    The function closes its socket.

    Example: a server that sends b"Wel", b"come" and closes gives "Welcome".
    """
    received = bytearray()
    with socket.create_connection(address, timeout) as connection:
        while piece := connection.recv(1024):
            received += piece
    return received.decode("utf-8")


# %%
check(fetch_welcome)

# %%
quiz("02 silence")

# %% [markdown]
# *This is a good place to stop for today.*
#
# ## Must both sides close at once?
#
# A stream has two directions, and each can end by itself. This client says "that was all" with
# `shutdown(SHUT_WR)`: it shuts its side for writing, and still wants the answer. Does it get one?
#
# (`while piece := connection.recv(1024):` calls `recv`, names the result `piece`, and goes on as long as
# it is not empty. So this one line reads until the peer has ended its side.)


# %% tags=["nbval-ignore-output"]
def count_bytes(listener):
    connection, peer = listener.accept()
    with connection:
        total = 0
        while piece := connection.recv(1024):
            total += len(piece)
        connection.sendall(f"{total} bytes".encode())


with run_server(count_bytes) as server, Link(server.address, "tcp") as half_link:
    with socket.create_connection(half_link.address, timeout=5) as client:
        client.sendall(b"21.5 22.0 22.5")
        client.shutdown(socket.SHUT_WR)
        print(client.recv(1024).decode())
sequence_diagram(
    half_link.trace,
    "Half-closed: the client has ended, the answer still comes",
    roles=("client", "server"),
)

# %% tags=["claim"]
assert [event.kind for event in half_link.trace] == ["connect", "data", "end", "data", "end"]

# %% [markdown]
# It does. The client's FIN ends *its* direction, while the other direction stays open
# ([RFC 9293, section 3.6.1](https://www.rfc-editor.org/rfc/rfc9293#section-3.6.1)).
# This is a *half-close*. If the client called `close()` instead, it would give up the answer too.

# %%
from helpers import puzzle

puzzle("02 request ends")

# %%
from helpers import order

order("02 a server's steps")

# %% [markdown]
# ## Exercise 2: an echo server
#
# The server serves one client after another, for ever. An error that nobody catches ends the function.
# For an error of the listener that is right, because nobody can come any more. For an error of one
# client it is wrong, because the next client is waiting. So decide which lines belong inside a `try`.


# %% tags=["exercise"]
def echo_server(listener):
    """Send back to each client what it sends, until it ends its side; then serve the next.

    Argument: listener is a listening socket. The caller closes it: `accept` then raises an
    error, and only that ends the function. The function closes each connection. A client may
    be silent for as long as it likes.
    A client that resets its connection must not end the server (the socket raises
    ConnectionResetError or BrokenPipeError).

    Example: a client that sends b"on" and b"off" reads b"onoff".
    """
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                while piece := connection.recv(4096):
                    connection.sendall(piece)
            except ConnectionError:
                pass


# %%
check(echo_server)

# %% [markdown]
# ## Exercise 3: ask, and hear the whole answer
#
# A half-close tells the server where your request ends. You may call your `hear_all` again.


# %% tags=["exercise"]
def ask(address, request, timeout):
    """Connect once, send a request, end your side, and return the whole reply.

    Arguments: address is a tuple (host, port); request is bytes, of any length; timeout is
    in seconds, for connecting, for sending the request, and for each wait for the reply.
    Returns bytes, b"" if no reply came before the server ended. Raises TimeoutError when one
    of them takes longer. The function closes its socket.

    Example: with run_server(count_bytes) as server,
    ask(server.address, b"21.5 22.0", 2.0) == b"9 bytes"
    """
    reply = bytearray()
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(4096):
            reply += piece
    return bytes(reply)


# %%
check(ask)

# %% [markdown]
# ## What does one slow client do to the others?
#
# This server reads one byte from each client before it welcomes it. The slow client connects first
# and does not send; the quick one sends at once. Who is served?


# %%
def reads_first(listener):
    while True:
        connection, peer = listener.accept()
        with connection:
            connection.recv(1)
            connection.sendall(b"Welcome!")


with run_server(reads_first) as server:
    slow = socket.create_connection(server.address, timeout=0.5)
    quick = socket.create_connection(server.address, timeout=0.5)
    quick.sendall(b"?")
    try:
        quick.recv(1024)
    except TimeoutError:
        print("quick client: half a second, and no answer")
    slow.sendall(b"?")
    print("slow client:", slow.recv(1024).decode())
    print("quick client:", quick.recv(1024).decode())
    slow.close()
    quick.close()

# %% [markdown]
# One silent client holds up everybody. A server that does one thing at a time needs a timeout on
# each connection, or it must serve several clients at once. Chapter 08 shows how.
#
# ## Which address is "localhost"?
#
# A server listens on one address. "localhost" may stand for `::1` and for `127.0.0.1`, and a client
# that tries the wrong one finds nobody there.


# %% tags=["nbval-ignore-output"]
def try_to_connect(host, port):
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError as error:
        return type(error).__name__
    return "connected"


results = {}
for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
    try:
        with socket.create_server((host, 0), family=family) as listener:
            for target in ("127.0.0.1", "::1", "localhost"):
                result = try_to_connect(target, listener.getsockname()[1])
                results[host, target] = result
                print(f"server on {host}, client to {target}: {result}")
    except OSError as error:
        print(f"no server on {host}, this machine has no such address: {error}")

# %% tags=["claim"]
assert results["127.0.0.1", "127.0.0.1"] == "connected" != results["127.0.0.1", "::1"]

# %% [markdown]
# The saved output comes from a machine on which "localhost" stands for `127.0.0.1` alone, so the last
# line failed there; yours may say otherwise. `create_connection` tries all addresses of a name in turn,
# so "localhost" reaches both servers if the system knows both addresses. A socket's own method
# `connect` tries one address. In this course we write `127.0.0.1`.

# %% [markdown]
# ## Words of this chapter

# %%
words("02")

# %% [markdown]
# ## What you can do now
#
# - Run a server and a client, as scripts and in a notebook.
# - Read a sequence diagram: connect, data, end, close, reset.
# - Say what `connect`, `send`, `recv`, `close` and `shutdown` promise, and what they do not.
# - Write clients and a server that survive pieces, silence and resets.
#
# One question stays open: with many messages on one connection, where does each end?
# [Chapter 03](03_messages_on_a_stream.ipynb), *Messages on a stream*, answers it.
#
# **Worth reading:** RFC 9293, sections [3.5](https://www.rfc-editor.org/rfc/rfc9293#section-3.5) (connecting)
# and [3.6](https://www.rfc-editor.org/rfc/rfc9293#section-3.6) (closing); the pages
# [socket](https://docs.python.org/3/library/socket.html) and
# [Socket Programming HOWTO](https://docs.python.org/3/howto/sockets.html) of the Python documentation.
