# %% [markdown]
# # A TCP server and its client
#
# A smart plug, a device of the Internet of Things (IoT), wants to know how warm it is. So it asks a
# server, and the server answers. Two short programs are enough for that, but they leave questions
# open. What if the server is busy, or says nothing, or is gone? What if its answer comes in pieces?
# You will build both ends, and then put each of these questions to real sockets.
#
# At the end you can
# - **run** a server and a client, as scripts and inside a notebook;
# - **read** a conversation as a sequence diagram;
# - **predict** what happens when a peer is slow, silent, or gone;
# - **write** clients that give up in time, and a server that survives resets.
#
# About 75 minutes with the exercises, an estimate; beginners may need twice as long. Read [chapter
# 01](01_what_is_a_socket.ipynb) first.

# %% [markdown] tags=["about"]
# learn: write both, for peers that are late, silent or rude
# leave out: "What if I start the server twice?"
# ask: a client connects and sends before `accept` | Does it hang, fail, or go on?
# ask: the link that stalls, ends or resets after some bytes | What does the client get in each case?
# ask: one slow client before others | How long does the quick one wait?

# %%
import socket
import sys
import time
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

from helpers import Link, Slider, check, explore, free_port, page_style, predict, predicted
from helpers import order, puzzle, quiz, review, run_script, run_server, sequence_diagram, words

page_style()  # pictures follow a dark theme

# %%
review("02")

# %% [markdown]
# ## Two programs
#
# A server is like a small shop, which opens at an address, serves the customer who comes, and then
# turns to the next one. Three calls do this:
# - `create_server` opens the shop: it makes a socket, *binds* it to an address (chapter 01), and
#   lets it *listen*, which makes it a listener.
# - `accept` takes the client that has waited longest. It returns two things: a new socket for
#   talking to this client alone, and the client's address.
# - `sendall` sends the welcome. Then the `with` block ends and closes the connection.
#
# Clients that come while the server is busy wait in a queue, and the *backlog* says how many may do
# so: here about five.
#
# The next two cells write the programs into files beside this notebook, by their first line
# `%%writefile`. Both programs use port 12345, or another one that you type after the file's name
# (`sys.argv[1]`). The third cell runs the files: first the server, and then the client, twice. Will
# the second client be served as well?

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

# %%
port = free_port(12345)
with run_script("server.py", port, ready="listening") as script:
    for _ in range(2):
        print("client.py:", run_script("client.py", port).wait().strip())
print("server.py:", script.output.splitlines())

# %% [markdown]
# Yes: both clients got their welcome, because the server goes back to `accept` after each of them.
# (If another program uses port 12345, `free_port` has picked the next one that is free.)
#
# **Try** it by hand: in JupyterLab open *File → New → Terminal* twice, and go to the folder
# `notebooks` in both, by `cd notebooks`. Then type `python3 server.py` in one and `python3 client.py`
# in the other (on Windows `py`). If the port is taken, add another one to both commands, as in
# `python3 server.py 12399`. The server goes on until you press Ctrl+C, and it then ends with a
# `KeyboardInterrupt`, which is normal here. (On Windows press Ctrl+Break, or close the terminal.)
#
# ## One notebook, both ends
#
# For experiments we want to see both ends at once. So we write the server as a *function*, and
# `run_server` gives it a listener and runs it in a *thread*. A thread is a second line of work
# inside the same program, so the server can wait for clients while your cells go on.
#
# Between client and server we put a `Link`. The client connects to the link, and the link makes a
# connection of its own to the server. The link passes everything on and keeps a log, its `trace`. At
# the end of the `with` block server and link stop.
#
# The last line of the cell draws the log as a **sequence diagram**:
# - Time runs down, but no longer to scale. Where a later picture has a zigzag, a time in which
#   nothing happens is left out.
# - Each upright line is one end (the link between them has none), and each arrow is something that
#   one sent to the other. The words at it say what.
# - A black square, where there is one, marks the moment at which the server closes its socket.
#
# Look at the end of the conversation: which side ends it first?


# %% tags=["nbval-ignore-output"]
def welcome(listener):
    while True:
        connection, peer = listener.accept()
        with connection:
            connection.sendall(b"Welcome to the IoT Server!\n")


with run_server(welcome) as server, Link(server.address, "tcp") as welcome_link:
    with socket.create_connection(welcome_link.address, timeout=5) as client:
        received = client.recv(1024).decode().strip()
        print("received:", received)
        client.recv(1)  # why? see below

sequence_diagram(welcome_link.trace, "The server sends, both end", roles=("client", "server"))

# %% tags=["claim"]
assert received == "Welcome to the IoT Server!"
assert [event.kind for event in welcome_link.trace] == ["connect", "data", "end", "end"]
assert [event.source for event in welcome_link.trace][2:] == ["server", "client 1"]
assert [close.who for close in welcome_link.trace.closes] == ["server"]

# %% [markdown]
# The server ends it first. When a program closes its connection, the system sends a **FIN**, by which
# this side says that it will send no more. The server closed at the black square, and its FIN went
# out. The client's second `recv` waited for this FIN. Only then did the client close, so the client's
# FIN is the last arrow.
#
# TCP exchanges more packets than the picture shows. Three of them open the connection, and together
# they are called the *handshake* ([RFC 9293, section
# 3.5](https://www.rfc-editor.org/rfc/rfc9293#section-3.5)). In our pictures the dashed arrow
# *connects* stands for all three.
#
# ## Does connect wait for accept?
#
# You ring at a door, and nobody has got up to open it yet. In the next cell the server is such a
# door. It listens, and the client tries to connect and to send, but only later does the server call
# `accept`.

# %%
predict(
    "02 connect",
    "The client connects and sends before the server calls `accept`. What happens?",
    choices=["It hangs", "It fails after a while", "It goes on at once"],
)

# %% tags=["hidden", "nbval-ignore-output"]
with socket.create_server(("127.0.0.1", 0)) as listener:
    start = time.perf_counter()
    client = socket.create_connection(listener.getsockname(), timeout=1)
    client.sendall(b"anyone there?")
    took = time.perf_counter() - start
    print(f"connected and sent in {took:.3f} s, before accept was called")

    with client, listener.accept()[0] as connection:
        print("accept came later and found:", connection.recv(1024))
print(predicted("02 connect").compare("It goes on at once" if took < 0.5 else "It hangs"))

# %% tags=["claim"]
assert took < 0.5

# %% [markdown]
# The client goes on at once: the **operating system** does the handshake by itself, and needs no
# program of yours for that. The new connection waits in the listener's queue. What the client sends
# has to wait as well, in a *buffer*, which is memory that the system sets aside for it.
#
# So a successful `connect` tells you that the other machine's system has answered. It does not tell
# you that a program has time to serve you.
#
# ## What if I start the server twice?
#
# You change your server, start it again, and read "Address already in use". What if the first one
# is gone? The next cell tries three times to bind the same port:
# - while a server listens there;
# - after that server has served one client, and has closed the connection and its listener;
# - once more after that, with an option of the socket, `SO_REUSEADDR` ("reuse the address").

# %%
predict("02 three binds", "How many of the three tries will fail?", low=0, high=3, unit="of 3")


# %% tags=["hidden", "nbval-ignore-output"]
def try_to_bind(port, reuse):
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
        try:
            sock.bind(("127.0.0.1", port))
        except OSError as error:
            return f"failed: {error.strerror}"
    return "worked"


with socket.create_server(("127.0.0.1", 0)) as listener:
    port = listener.getsockname()[1]
    results = {"while it listens": try_to_bind(port, reuse=False)}
    with socket.create_connection(("127.0.0.1", port)):
        listener.accept()[0].close()  # the server's side closes first
results["after it closed"] = try_to_bind(port, reuse=False)
results["after it closed, SO_REUSEADDR"] = try_to_bind(port, reuse=True)
for when, result in results.items():
    print(f"{when}: {result}")
print(predicted("02 three binds").compare(sum("failed" in each for each in results.values())))

# %% tags=["claim"]
assert "failed" in results["while it listens"]
assert results["after it closed, SO_REUSEADDR"] == "worked"

# %% [markdown]
# Two fail on Linux and macOS. The first try fails as in chapter 01.
#
# The second one fails although nobody listens any more. The reason is the connection that has just
# ended. Its last packets may still be on their way, and they must not be taken for a part of a new
# conversation. So the side that closed first, here the server, remembers the old connection for a
# while (Linux: a minute). This state is called **TIME-WAIT** ([RFC 9293, section
# 3.3.2](https://www.rfc-editor.org/rfc/rfc9293#section-3.3.2)), and meanwhile the system, to be safe,
# counts the whole port as used.
#
# The third try works, because `SO_REUSEADDR` lets you bind in spite of a TIME-WAIT. The system still
# knows the old connection by its four values, so nothing gets mixed up. Your own servers need not
# think of the option, since `create_server` sets it for you on Linux and macOS. (On Windows a
# TIME-WAIT holds no port, and the option means something else.)
#
# ## Does send send everything?
#
# A letter box can be full, and then the rest of your letters stays in your hand. Can a socket be
# full, too? This server accepts, but it is busy for three tenths of a second before it reads.
# Meanwhile the client offers 50 million bytes to a single `send`. We do this twice: first with a
# timeout of a second, and then with none (`None`).

# %%
predict("02 send", "How much does the first `send` take?", low=0, high=50, unit="million bytes")


# %% tags=["hidden", "nbval-ignore-output"]
def busy_at_first(listener):
    while True:
        connection, peer = listener.accept()
        with connection:
            time.sleep(0.3)
            while connection.recv(1_000_000):
                pass


def send_once(timeout):
    with run_server(busy_at_first) as server:
        with socket.create_connection(server.address, timeout) as client:
            start = time.perf_counter()
            taken = client.send(bytes(50_000_000))
            print(f"timeout {timeout}: took {taken:,} bytes in {time.perf_counter() - start:.2f} s")
    return taken


taken, all_taken = send_once(timeout=1), send_once(timeout=None)
print(predicted("02 send").compare(round(taken / 1e6, 1)))

# %% tags=["claim"]
assert 0 < taken < 50_000_000 or sys.platform == "win32"
assert all_taken == 50_000_000

# %% [markdown]
# No: the first `send` came back at once, and had taken only a part. The system took as much as fits
# into its buffers, and the server had read nothing of that yet. `send` returns how many bytes were
# taken, and leaves the rest to you. (Windows may take everything at once.)
#
# Why did the first `send` not wait for more room? A timeout is for one wait: with it `send` returns
# as soon as anything is taken; without one, only when all is. So the second `send` waited until the
# server began to read, after three tenths of a second. If the server never read, this `send` would
# wait for ever.
#
# In practice you call `sendall`, which goes on until everything is taken, or raises an error.
#
# ## Is one recv one message?
#
# The server sends 3,000 bytes in two calls, 50 milliseconds apart. First comes `Welcome ` with its
# space, and then 2,992 exclamation marks. The client calls `recv(1024)` again and again, until
# nothing comes any more.

# %%
predict(
    "02 first recv", "How many bytes will the first `recv` return?", low=0, high=3000, unit="bytes"
)


# %% tags=["hidden", "nbval-ignore-output"]
def sizes_of_pieces(recv_bytes=1024, reads_after_ms=0):
    def in_two_calls(listener):
        with listener.accept()[0] as connection:
            connection.sendall(b"Welcome ")
            time.sleep(0.05)
            connection.sendall(b"!" * 2992)

    with run_server(in_two_calls) as server:
        with socket.create_connection(server.address, timeout=5) as client:
            time.sleep(reads_after_ms / 1000)
            sizes = [len(client.recv(recv_bytes))]
            while sizes[-1]:
                sizes.append(len(client.recv(recv_bytes)))
    return sizes


sizes = sizes_of_pieces()
print(sizes, "together", sum(sizes))
print(predicted("02 first recv").compare(sizes[0]))

# %% tags=["claim"]
assert sum(sizes) == 3000 and max(sizes) <= 1024 and sizes[-1] == 0

# %% [markdown]
# The first `recv` asked for 1,024 bytes and returned eight, because eight were there. So `recv`
# returns **what is there**: at most as many bytes as you ask for, and at least one. (The 0 at the end
# has another meaning, see below.) It waits only while nothing is there.
#
# **Move the sliders.** The bar below is the stream, and each box is what one `recv` returned. (A
# box of 8 bytes looks like a line.) The second slider lets the client begin to read a little later.
# Find a setting with exactly two boxes, and one with a single box. What has become of the border
# between the two sends?

# %% tags=["nbval-ignore-output"]
from helpers.chapters.chapter_02 import charts

explore(
    sizes_of_pieces,
    charts.boxes_of_recv(3000, first_send=8),
    recv_bytes=Slider(256, 4096, step=256, start=1024),
    reads_after_ms=Slider(0, 150, step=10),
)

# %% tags=["claim"]
assert sum(sizes_of_pieces(4096, 150)) == 3000

# %% [markdown]
# A client that reads at once finds the first send alone, so the first box ends where that send ended.
# But this is luck. A client that reads later finds both sends, and the border between them is gone: a
# stream has no marks in it. (With 4,096 bytes, a client that reads at once gets two boxes, and one
# that reads 100 ms later a single one.)
#
# The last result of every run is special: it is the empty `b""`. It does not mean that nothing is
# there *yet*, because then `recv` would wait. It means that the peer has ended its side, and that
# nothing will come any more, however often you ask.
#
# ## Exercise 1: which line is missing?
#
# Write the line that this function needs.


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
# ### A good place to stop
#
# To go on tomorrow, open the chapter, click on the next cell, and choose
# *Run → Run All Above Selected Cell*. This takes about four seconds.
#
# ## Is the server late, or gone?
#
# You ask, and nothing comes. Perhaps the server is still thinking, perhaps its program hangs, or
# nobody was ever there. Which of these can a client tell apart?
#
# Our server needs half a second for its answer. One client waits for 0.3 seconds at most, and another
# has no timeout. Then the server is stopped, and a third client comes. The cell prints what came, and
# how each conversation ended.

# %%
predict(
    "02 gone", "What does the third client get?", choices=['b""', "TimeoutError", "another error"]
)


# %% tags=["hidden", "nbval-ignore-output"]
def thinks(listener):
    while True:
        connection, peer = listener.accept()
        with connection:
            time.sleep(0.5)
            connection.sendall(b"It is 21.5 degrees here.\n")


def hear(address, timeout):
    """All that a server says, and what came at the end: b"" or an error, by its name."""
    heard = b""
    try:
        with socket.create_connection(address, timeout) as client:
            while piece := client.recv(1024):
                heard += piece
    except OSError as error:
        return heard, type(error).__name__
    return heard, 'b""'


with run_server(thinks) as server:
    print("a timeout of 0.3 s:", *hear(server.address, timeout=0.3))
    heard, end = hear(server.address, timeout=None)
    print("no timeout:", heard, end)
nothing, ending = hear(server.address, timeout=0.3)
print("nobody listens:", nothing, ending)
print(predicted("02 gone").compare(ending if ending == "TimeoutError" else "another error"))

# %% tags=["claim"]
assert (heard, end) == (b"It is 21.5 degrees here.\n", 'b""')

# %% [markdown]
# The client without a timeout got the answer. The first client gave up two tenths of a second too
# early: its `TimeoutError` says only that nothing came in time. So a client can't tell a server that
# thinks from one that hangs. If the server hung, a client without a timeout would wait for ever, so a
# client that must go on needs a timeout.
#
# But one case it can tell: `ConnectionRefusedError` means that the machine is there, but nobody
# listens. (A machine that is off stays silent. Windows tries for two seconds first, so there the
# client sees a `TimeoutError`.)
#
# ## What if it breaks off in the middle?
#
# A conversation that went well so far can still break off, and we let the link do that. On the way
# `down`, from the server to the client, it passes on some bytes of the answer, and then it does one
# of three things:
# - `stall_after`: it holds back all the rest, as if the cable were cut in this direction only;
# - `close_after`: it ends the connection by FIN;
# - `reset_after`: it *resets* the connection, which means that it throws it away. The packet that
#   says so is called RST.
#
# The answer has 25 bytes, and the client's timeout is 0.3 seconds. In the picture
# - an arrow from side to side has arrived, and one that ends midway is held back;
# - an arrow that starts midway was made by the link itself;
# - a cross marks a reset here (in chapter 00 it was a killed packet).
#
# **Choose a fault, and move the sliders.** Before you move one, guess what the client will get, and
# then read the title of the picture. Which fault can the client not tell from a normal end? And which
# delay looks like a stall?


# %% tags=["nbval-ignore-output"]
def tells(listener):
    with listener.accept()[0] as connection:
        connection.sendall(b"It is 21.5 degrees here.\n")


def broken(fault, after_bytes, delay_ms):
    settings = {"delay": delay_ms / 1000, fault: after_bytes}
    with run_server(tells) as server, Link(server.address, "tcp", down=settings) as link:
        heard, end = hear(link.address, timeout=0.3)
    return link.trace, f"{len(heard)} of 25 bytes came, and then {end}"


explore(
    broken,
    lambda data: sequence_diagram(*data, roles=("client", "server")),
    fault=["stall_after", "close_after", "reset_after"],
    after_bytes=Slider(0, 25, start=12),
    delay_ms=Slider(20, 400, step=20, start=40),
)

# %% tags=["claim"]
assert broken("stall_after", 12, 40)[1] == "12 of 25 bytes came, and then TimeoutError"

# %% [markdown]
# - `close_after` can't be told from a normal end: its FIN shows as `b""`, and a normal end is nothing
#   else. Even if half of the answer is missing, no error says so!
# - `stall_after` shows as `TimeoutError`: silence, and no reason for it. A delay above the timeout
#   looks the same, although nothing is lost. (At 25 bytes only the FIN is held back.)
# - `reset_after` shows as `ConnectionResetError` ([RFC 9293, section
#   3.5.3](https://www.rfc-editor.org/rfc/rfc9293#section-3.5.3)), or perhaps as `BrokenPipeError`
#   when you send (on Windows `ConnectionAbortedError`).
#
# All these errors are kinds of `OSError`, and so is `ConnectionRefusedError`.
#
# A reset can also happen between two programs that both run well. The puzzle asks how.

# %%
puzzle("02 why a reset")

# %% [markdown]
# ## Exercise 2: a patient client
#
# Write the client that gets the whole welcome, in however many pieces it comes. The timeout that you
# give to `create_connection` stays with the socket, and holds for each later `recv` as well. You may
# call your `hear_all`.


# %% tags=["exercise"]
def fetch_welcome(address, timeout):
    """Connect once, read all that the server sends until it ends its side, and return it.

    Arguments: address is a tuple (host, port); timeout is in seconds, for connecting and
    for each wait.
    Returns a str, decoded from UTF-8; "" if the server ended without a word.
    Lets through TimeoutError when a wait takes longer, and ConnectionResetError when the server
    resets.
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
# ### A good place to stop
#
# To go on tomorrow, open the chapter, click on the next cell, and choose
# *Run → Run All Above Selected Cell*, which takes about five seconds.
#
# ## Must both sides end together?
#
# On the phone you can say that this was all you wanted to ask, and go on listening. A stream has
# two directions as well. When this client has sent all, it calls `shutdown(SHUT_WR)`, which shuts its
# own side for *writing*: the FIN goes out, but the socket stays open. Only then does the server answer.


# %%
def count_bytes(listener):
    connection, peer = listener.accept()
    with connection:
        total = 0
        while piece := connection.recv(1024):
            total += len(piece)
        connection.sendall(f"{total} bytes".encode())


predict(
    "02 half",
    "The client has ended its side. What becomes of the answer?",
    choices=["it arrives", "it is lost", "the client gets an error"],
)

# %% tags=["hidden", "nbval-ignore-output"]
with run_server(count_bytes) as server, Link(server.address, "tcp") as half_link:
    with socket.create_connection(half_link.address, timeout=5) as client:
        client.sendall(b"21.5 22.0 22.5")
        client.shutdown(socket.SHUT_WR)
        answer = client.recv(1024).decode()
print("answer:", answer)
print(predicted("02 half").compare("it arrives" if answer else "it is lost"))
sequence_diagram(half_link.trace, "One side ends first", roles=("client", "server"))

# %% tags=["claim"]
assert [event.kind for event in half_link.trace] == ["connect", "data", "end", "data", "end"]

# %% [markdown]
# It arrives. Look at the third arrow: the client's FIN ends *its* direction only. The other one
# stays open for the answer ([RFC 9293, section
# 3.6.1](https://www.rfc-editor.org/rfc/rfc9293#section-3.6.1)). This is a *half-close*. If the
# client called `close()` instead, it would neither send nor read any more, and so lose the answer.
#
# The puzzle shows another half-close, and the task after it prepares exercise 3.

# %%
puzzle("02 request ends")

# %%
order("02 a server's steps")

# %% [markdown]
# ## Exercise 3: an echo server
#
# The server sends back what each client says, and serves one client after another, for ever. (It has
# no timeout; the last section shows what that costs.) An error that nobody catches ends the function.
# For an error of `accept` that is right: as a rule the listener has ended. But for an error of *one
# client* it is wrong, because the next client is waiting. So which lines belong inside a `try`?


# %% tags=["exercise"]
def echo_server(listener):
    """Send back to each client what it sends, until it ends its side; then serve the next.

    Argument: listener is a listening socket. The caller, as run_server does, ends it: `accept`
    then raises an error, and only that ends the function.
    - A client may be silent for as long as it likes.
    - The function closes each connection.
    - A client that resets its connection must not end the server. (The socket then raises an
      OSError, such as ConnectionResetError or BrokenPipeError.)

    Example: a client that sends b"on" and b"off" reads b"onoff".
    """
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                while piece := connection.recv(4096):
                    connection.sendall(piece)
            except OSError:
                pass


# %%
check(echo_server)

# %% [markdown]
# ## Exercise 4: ask, and hear the whole answer
#
# The client sends a request of any length, and a half-close tells the server where it ends. Only then
# the server replies, and the client wants all of it.


# %% tags=["exercise"]
def ask(address, request, timeout):
    """Connect once, send a request, end your side, and return the whole reply.

    Arguments: address is a tuple (host, port); request is bytes, of any length; timeout is
    in seconds, for connecting, for sending the request, and for each wait for the reply.
    Returns bytes, b"" if no reply came before the server ended.
    Lets through any error, such as TimeoutError when connecting, sending or a wait takes longer.
    The function closes its socket.

    Example: inside `with run_server(count_bytes) as server:`
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
# This server reads one byte from each client before the welcome. The slow client connects first and
# sends nothing, while the quick client comes second and sends at once. Does the quick one have to
# wait for the slow one?


# %%
def reads_first(listener):
    while True:
        connection, peer = listener.accept()
        with connection:
            connection.recv(1)
            connection.sendall(b"Welcome!")


predict("02 slow", "How many of the two get their welcome in half a second?", low=0, high=2)

# %% tags=["hidden"]
with run_server(reads_first) as server:
    slow = socket.create_connection(server.address, timeout=0.5)
    with slow, socket.create_connection(server.address, timeout=0.5) as quick:
        quick.sendall(b"?")
        try:
            welcomed = 1 if quick.recv(1024) else 0
        except TimeoutError:
            welcomed = 0
        print(predicted("02 slow").compare(welcomed))
        slow.sendall(b"?")
        print("and then, slow client and quick client:", slow.recv(1024), quick.recv(1024))

# %% [markdown]
# Yes: in the first half second nobody was welcomed, since the slow client had sent nothing. Then it
# sent its byte, and both were served. So one silent client holds up everybody behind it.
#
# A server that does one thing at a time needs a timeout on each connection, or it must serve
# several clients at once, as in chapter 08.
#
# ## What you can do now
#
# - Run a server and a client, as scripts and in a notebook.
# - Read a sequence diagram: connect, data, end, close, reset.
# - Say what `connect`, `send`, `recv`, `close` and `shutdown` promise, and what they do not.
# - Write clients that lose no piece and give up in time, and a server that survives resets.
#
# One question stays open: when many messages go over one connection, where does each of them end?
# [Chapter 03](03_messages_on_a_stream.ipynb) answers it.
#
# **Worth reading:** RFC 9293, sections [3.5](https://www.rfc-editor.org/rfc/rfc9293#section-3.5)
# (connecting) and [3.6](https://www.rfc-editor.org/rfc/rfc9293#section-3.6) (closing); the page
# [socket](https://docs.python.org/3/library/socket.html) of the Python documentation.
#
# ## Words of this chapter

# %%
words("02")
