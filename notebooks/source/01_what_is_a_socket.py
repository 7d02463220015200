# %% [markdown]
# # What is a socket?
#
# A phone in one country switches a lamp in another, because each of the two holds a socket. People
# say three things of sockets: any device can talk to any other, one machine can serve many devices,
# and all of it happens in real time, that is, an answer never comes too late.
#
# First we look inside a socket, and ask how a packet finds it. Then you test one claim after the
# other, and one of them will fail.
#
# At the end you can
# - **name** what belongs to a socket: a file number, its own address, and that of the other end;
# - **resolve** a host name, and say why "localhost" sometimes refuses you;
# - **tell** a stream from datagrams by what comes out at the other end;
# - **pack** a reading of a sensor into bytes that every machine reads alike;
# - **judge** those three claims by what you have measured.
#
# About 70 minutes in three parts; this is an estimate, and beginners may need twice as long. Read
# [Start here](00_start_here.ipynb) first.

# %% [markdown] tags=["about"]
# learn: tell endpoints, addresses, streams and datagrams apart
# leave out: the clients in other languages
# ask: two listeners that ask to share one port | Which of them gets the clients?
# ask: three sends over a stream, and three datagrams | How many things does the other end read?

# %%
import contextlib
import errno
import socket
import sys
import time
from builtins import max, min  # Python's own, also after `from numpy import *`
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

from helpers import Slider, check, explore, predict, predicted, puzzle, quiz, run_server
from helpers import page_style, words

page_style()  # pictures follow a dark theme

# %%
from helpers import review

review("01")

# %% [markdown]
# ## Three sockets for one conversation
#
# When you phone somebody, each of you holds a handset, and the telephone network does the rest. A
# socket is such a handset: the operating system keeps it and does the work, and your program holds
# only a small number for it, the *file number*, as it does for an open file.
#
# A server needs two kinds of sockets. Its **listener** waits for clients, as the main number of a
# company waits for callers. Whenever a client comes, `accept` makes a new socket, the *connection*,
# which does the talking. So one client and its server need three sockets.
#
# Each socket here has an address of two parts. The **IP address**, such as `127.0.0.1`, leads to a
# machine. The **port**, a number from 0 to 65,535, leads to the right sockets on that machine. In the
# next run `getsockname` tells us the address of each of the three. (The client may connect before the
# server calls `accept`: the system lets it wait.) The two sockets that talk also know the address of
# their **peer**, the other end, and `getpeername` returns it.
#
# Which of them has the same address as the listener?

# %%
predict(
    "01 same address",
    "Whose address will be the same as the listener's?",
    choices=["the client's", "the connection's", "both", "neither"],
)

# %% tags=["hidden", "nbval-ignore-output"]
with socket.create_server(("127.0.0.1", 0)) as listener:
    client = socket.create_connection(listener.getsockname())
    connection, peer = listener.accept()
    with client, connection:
        print("listener:   file", listener.fileno(), "at", listener.getsockname())
        for name, sock in (("client:    ", client), ("connection:", connection)):
            print(name, "file", sock.fileno(), "at", sock.getsockname(), "with", sock.getpeername())
        shared = connection.getsockname() == listener.getsockname()
print(predicted("01 same address").compare("the connection's" if shared else "neither"))

# %% tags=["claim"]
with socket.create_server(("127.0.0.1", 0)) as listener:
    with socket.create_connection(listener.getsockname()) as client:
        connection, peer = listener.accept()
        with connection:
            assert client.getsockname() == connection.getpeername() == peer
            assert connection.getsockname() == listener.getsockname()

# %% [markdown]
# Only the connection has the same address as the listener. Now compare the client's line with the
# connection's: what the client calls its own address, the connection calls its peer's, and the other
# way round.
#
# The listener asked for port 0, which means *any free port*, and the client asked for none and got
# one all the same: an **ephemeral port**, which the system picks for one conversation.
#
# ## Does each conversation need a port?
#
# A port may seem to be a door for one conversation. If five clients talk to one server, does the
# server need five doors?
#
# The function below makes as many listeners as you say, and sends the clients to them by turns. Its
# `ExitStack` is a `with` for any number of things: `keep` adds one, and all are closed at the end.


# %%
def conversations(clients, ports):
    """Return the listeners' addresses, and both addresses of each conversation."""
    with contextlib.ExitStack() as stack:
        keep = stack.enter_context
        listeners = [keep(socket.create_server(("127.0.0.1", 0))) for _ in range(ports)]
        pairs = []
        for number in range(clients):
            listener = listeners[number % ports]
            keep(socket.create_connection(listener.getsockname()))
            connection = keep(listener.accept()[0])
            pairs.append((connection.getpeername(), connection.getsockname()))
        return [listener.getsockname() for listener in listeners], pairs


predict("01 ports", "Five clients talk to one server. How many ports does it use?", low=1, high=10)

# %% tags=["hidden"]
listeners, pairs = conversations(clients=5, ports=1)
used = len({server[1] for client, server in pairs})
print("ports at the server's ends:", used)
print("ports at the clients' ends:", len({client[1] for client, server in pairs}))
print(predicted("01 ports").compare(used))

# %% [markdown]
# All five conversations go through one port of the server. The next cell draws them. A **process**
# is a running program with memory of its own. The picture has two of them, since clients mostly run
# elsewhere, but here our notebook plays both.
#
# Look at the right half first: how many sockets stand behind one port? Then **move the sliders**.
# What comes with one more client, and what with one more port?

# %% tags=["nbval-ignore-output"]
from helpers.chapters.chapter_01 import charts

sliders = {"clients": Slider(1, 6, start=5), "ports": Slider(1, 3, start=1)}
panel = explore(conversations, charts.sockets_and_ports(), **sliders)
panel

# %% tags=["claim"]
assert len(panel.data[1]) == 5

# %% [markdown]
# At first six sockets stand behind the server's port: the listener, and five connections. One more
# client brings two sockets, one at each end, and a port at the client's end only. One more port
# brings a listener to the same process. So a port does not name a conversation, and one program may
# have several ports. If a packet comes to a port with six sockets, how does the system know for which
# of them it is?

# %%
quiz("01 port")

# %% [markdown]
# The system looks at **four** values: the IP address and the port of each end. The five clients'
# ports differ, so no two conversations share all four. A new client's first packet fits none, and
# goes to the listener.
#
# These conversations speak **TCP**, which brings bytes in order and without gaps while the
# connection holds. TCP is a **protocol**, an agreement on which bytes mean what, and who speaks
# when. A document that describes a protocol of the Internet is called an **RFC**; that of TCP is
# [RFC 9293](https://www.rfc-editor.org/rfc/rfc9293).
#
# ## Can two listeners share one port?
#
# You start a server twice, and get an error. So people say that only one socket at a time can
# listen at a port. Is that a law, or a custom?
#
# The function `two_listeners` tries it. With `reuse_port=True` both listeners ask the system for
# permission to share, by the option `SO_REUSEPORT`. Then forty clients come.


# %%
def waiting_at(listener):
    """How many clients wait at a listener."""
    count = 0
    listener.settimeout(0.1)
    try:
        while True:
            listener.accept()[0].close()
            count += 1
    except TimeoutError:  # nobody waits any more
        return count


def two_listeners(reuse_port):
    with contextlib.ExitStack() as stack:
        keep = stack.enter_context
        first = keep(socket.create_server(("127.0.0.1", 0), reuse_port=reuse_port))
        second = keep(socket.create_server(first.getsockname(), reuse_port=reuse_port))
        for _ in range(40):
            keep(socket.create_connection(first.getsockname()))
        return waiting_at(first), waiting_at(second)


predict(
    "01 shared port",
    "Both listeners ask to share one port. Who gets the forty clients?",
    choices=["nobody: it is refused", "the first alone", "the second alone", "both get some"],
)

# %% tags=["hidden", "nbval-ignore-output"]
try:
    two_listeners(reuse_port=False)
except OSError as error:
    name = errno.errorcode[error.errno]  # the system's short name for this error
    print("Neither asks: the second is refused,", name)

try:
    first, second = two_listeners(reuse_port=True)
    print(f"Both ask: the first gets {first}, the second {second}")
    sharing = "the first alone" if first else "the second alone"
    if first and second:
        sharing = "both get some"
except ValueError:
    print("This system has no SO_REUSEPORT.")
    sharing = "nobody: it is refused"
print(predicted("01 shared port").compare(sharing))

# %% tags=["claim"]
assert sharing == "both get some" or not hasattr(socket, "SO_REUSEPORT") or sys.platform != "linux"

# %% [markdown]
# The rule is a custom. Unless both ask to share, a second listener is refused: `EADDRINUSE` says that
# the address is in use. But if both ask, and both belong to the same user, Linux lets them share the
# port ([socket(7)](https://man7.org/linux/man-pages/man7/socket.7.html)), and both get some of the
# clients. So several processes can share the work of one port. (macOS may not spread the clients;
# Windows has no such option.)
#
# ## Why is "localhost" sometimes refused?
#
# People write names, but sockets need addresses. The function `getaddrinfo` asks the system which
# addresses a name stands for. We give it a port as well, and ask for TCP (`SOCK_STREAM`) alone.
# Each entry that comes back has five parts, and the last of them is the address.
#
# Every machine calls itself "localhost". How many addresses does this one name have?

# %%
predict("01 localhost", 'How many addresses has "localhost" here?', low=0)

# %% tags=["hidden", "nbval-ignore-output"]
found = socket.getaddrinfo("localhost", 12345, type=socket.SOCK_STREAM)
for family, kind, number, canonical_name, address in found:
    print(family.name, address)
print(predicted("01 localhost").compare(len(found)))

# %% tags=["claim"]
assert found

# %% [markdown]
# On most machines it has one or two: `127.0.0.1`, or `::1`, or both. The first is an address of
# **IPv4** (`AF_INET`). The second is one of **IPv6** (`AF_INET6`), the newer kind, which has room for
# far more addresses. Python gives an address of IPv6 as a tuple of four, but its first two parts are
# again IP address and port.
#
# Now a server listens on `127.0.0.1` and nowhere else. A client tries `127.0.0.1`, then `::1`, and
# then "localhost". How often does it get through?


# %%
predict("01 three hosts", "How many of the three connect?", low=0, high=3, unit="of 3")


# %% tags=["hidden", "nbval-ignore-output"]
def try_to_connect(host, port):
    try:
        socket.create_connection((host, port), timeout=3).close()
    except OSError as error:
        return type(error).__name__
    return "connected"


with socket.create_server(("127.0.0.1", 0)) as listener:
    port = listener.getsockname()[1]
    results = {host: try_to_connect(host, port) for host in ("127.0.0.1", "::1", "localhost")}
for host, result in results.items():
    print(f"to {host}: {result}")
print(predicted("01 three hosts").compare(list(results.values()).count("connected")))

# %% tags=["claim"]
assert (results["127.0.0.1"] == "connected") != (results["::1"] == "connected")

# %% [markdown]
# It gets through twice on most machines. Look at the second line: it is the same machine and the
# same port, but nobody listens there, because `::1` is another address.
#
# "localhost" got through because one of its addresses is `127.0.0.1`. Where the name stands for both,
# a program that tries only `::1` would be refused. So a client should try *every* address of a name,
# as `create_connection` does, and for that it needs the list.
#
# **Try:** let the server listen on `::1` by `create_server(("::1", 0), family=socket.AF_INET6)`. Who
# is refused now? (Whoever tries `127.0.0.1`, and so "localhost" if that is its only address.)
#
# ## Exercise 1: all addresses of a name
#
# Write the function that makes this list. Before you begin, print what `getaddrinfo` returns: where
# in each entry are the IP address and the port? The check also plays the system, with names such as
# `sensor.example` and addresses for them.


# %% tags=["exercise"]
def resolve(host, port):
    """Return every address that a host name stands for.

    Arguments: host is a name or an IP address, as str; port is an int.
    Returns a list of tuples (ip, port), each once, in the order in which the system gives
    them: of IPv4 and of IPv6 alike.
    Raises socket.gaierror, as it comes from the system, when the name is unknown.

    Example: resolve("127.0.0.1", 80) == [("127.0.0.1", 80)]
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(address[:2] for *_, address in found))


# %%
check(resolve)

# %% [markdown]
# ### A good place to stop
#
# To go on tomorrow, open this chapter, click on the next cell, and choose
# *Run → Run All Above Selected Cell*. This takes about 5 seconds, even if the exercise is not done.
#
# ## Where does one reading end?
#
# In this chapter all sockets so far were of one kind, `SOCK_STREAM`, which speaks TCP. It carries a
# **stream**: bytes in order, like water in a pipe. The other kind that we use, `SOCK_DGRAM`, carried
# the readings of chapter 00. It speaks **UDP** and has no connection. Each `sendto` sends a
# **datagram**, mostly as one packet: like a postcard, it carries an address, and arrives whole or not
# at all.
#
# A sensor sends three readings, first over a stream and then as datagrams. What comes out at the
# other end? Three calls are new: `makefile` lets us read a stream to its end, as a file; `bind` gives
# a socket its address; `recvfrom` receives one datagram, and says who has sent it.

# %%
predict(
    "01 borders",
    "At the other end, what shows where one reading ends and the next begins?",
    choices=["the stream and the datagrams", "only the stream", "only the datagrams", "neither"],
)

# %% tags=["hidden"]
readings = [b"21.5", b"22.0", b"22.5"]

with socket.create_server(("127.0.0.1", 0)) as listener:
    with socket.create_connection(listener.getsockname()) as sensor:
        for reading in readings:
            sensor.sendall(reading)
    collector, peer = listener.accept()
    with collector, collector.makefile("rb") as stream:
        print("stream:   ", stream.read())

with (
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as collector,
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sensor,
):
    collector.bind(("127.0.0.1", 0))
    collector.settimeout(2)
    for reading in readings:
        sensor.sendto(reading, collector.getsockname())
    came = [collector.recvfrom(1024)[0] for _ in readings]
print("datagrams:", came)
print(predicted("01 borders").compare("only the datagrams" if came == readings else "neither"))

# %% [markdown]
# Only the datagrams kept their borders. The stream kept all bytes in their order, but it forgot where
# one send ended: was the first reading 21.5, or 21.52? UDP has a price, too, because it does not
# promise to deliver: a datagram may be lost, come twice or come late.
#
# ## Claim 1: can any device talk to any other?
#
# Two things can stand in the way. The network may not let the packets through: a router, which
# joins a home to the internet, mostly lets them in only if somebody inside has asked for them. And
# when packets do arrive, both sides must mean the same by the same bytes.
#
# Take text. **UTF-8**, the encoding of most protocols, writes `°` as two bytes. A reader that
# assumes the older encoding Latin-1 makes two characters of them, so `21.5 °C` becomes `21.5 Â°C`.
# No error appears, but the text is wrong.
#
# Numbers have this trouble, too. A byte ends at 255, so 258 needs two of them: 258 is 1 × 256 + 2,
# which makes a 1 and a 2. The 1 counts most, because it stands for 256. Which of the two goes first?
#
# We write a byte as two *hexadecimal* digits, as `hex` does. After 9 come `a` for 10 up to `f` for
# 15, and the first digit counts 16 times: `1f` is 1 × 16 + 15 = 31, and `ff` is 255.
#
# `struct.pack` turns a number into bytes, and `struct.unpack` reads it again, as a tuple. Both are
# told a *format*: a sign for the order, and then a letter for each number, here `H` for two bytes.
# - `"!H"` puts the byte that counts most first, so 258 becomes `01 02`.
# - `"<H"` puts the byte that counts least first, so 258 becomes `02 01`.
#
# Now the sender packs 258 in one order, and the reader takes the other. What does it get?

# %%
predict("01 wrong order", "258 is packed in one order and read in the other. What is read?", low=0)

# %% tags=["hidden"]
import struct

packed = struct.pack("<H", 258)
print("packed:", packed.hex(" "))
print("read in the other order:", struct.unpack("!H", packed)[0])
print(predicted("01 wrong order").compare(struct.unpack("!H", packed)[0]))

# %% [markdown]
# The reader took the 2 for the byte that counts most, so it got 2 × 256 + 1 = 513, and
# nothing warned it.
#
# Each computer has an order of its own, the *native order* of its memory. Most computers of today
# are *little-endian*: the byte that counts least comes first. The protocols of the Internet put the
# byte that counts most first, and this is called **network byte order** ([RFC 791, appendix
# B](https://www.rfc-editor.org/rfc/rfc791#appendix-B)). Others chose differently, so each protocol
# has to say which order it uses.
#
# **Move the slider**: click on its knob and use the arrow keys. Is there a number near 258 that
# comes out right in both columns? (The letter `I` packs four bytes in place of two.)


# %% tags=["nbval-ignore-output"]
def in_both_orders(number, letter):
    return struct.pack("!" + letter, number), struct.pack("<" + letter, number)


panel = explore(
    in_both_orders, charts.two_orders(), number=Slider(0, 65_535, start=258), letter=["H", "I"]
)
panel

# %% tags=["claim"]
assert panel.data == (b"\x01\x02", b"\x02\x01")

# %% [markdown]
# Yes: 257 as two bytes, `01 01`, is the same in both orders, but few numbers are so lucky.
#
# What if the other program is written in another language? Here are two clients, in Perl and in
# Node.js, which you need not understand. Each receives eight bytes from our server in Python: four
# for the number of a device, and four for its temperature. The second cell runs those that your
# machine has. Will they read it right?

# %%
PERL = """use IO::Socket::INET; my $s = IO::Socket::INET->new("127.0.0.1:$ARGV[0]");
read($s, my $d, 8); printf "device %d: %.1f degrees\\n", unpack("N f>", $d);"""
NODE = """require("net").connect(+process.argv[1], "127.0.0.1").on("readable", function () {
  const d = this.read(8);
  if (d) console.log(`device ${d.readUInt32BE(0)}: ${d.readFloatBE(4).toFixed(1)} degrees`);
})"""

# %% tags=["nbval-ignore-output"]
import shutil
import subprocess


def send_reading(listener):
    connection, peer = listener.accept()
    with connection:
        connection.sendall(bytes.fromhex("00 00 00 07 41 ac 00 00"))


def read_in(name, code):
    """What a program in another language reads; nothing where this machine does not have it."""
    if not shutil.which(name):
        return "not on this machine"
    with run_server(send_reading) as server:
        command = [shutil.which(name), "-e", code, str(server.address[1])]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    return (done.stdout or done.stderr).strip()


in_perl, in_node = read_in("perl", PERL), read_in("node", NODE)
print(f"perl: {in_perl}\nnode: {in_node}")

# %% tags=["claim"]
assert {in_perl, in_node} <= {"device 7: 21.5 degrees", "not on this machine"}

# %% [markdown]
# Yes: each client that could run found device 7 and 21.5 degrees, so the language makes no
# difference. The first claim holds, then, on two conditions: the network lets the packets through,
# and both sides have agreed on the bytes.
#
# ## Exercises 2 and 3: a reading as eight bytes
#
# Now you write both sides of this agreement:
# - first the device's number, which is never negative and takes four bytes;
# - then the temperature, a floating-point number of four bytes, as the standard IEEE 754 describes
#   it;
# - both in network byte order.
#
# The documentation of `struct` lists the letters under [Format
# Characters](https://docs.python.org/3/library/struct.html#format-characters). A four-byte float (32
# bits, each 0 or 1) holds about seven digits: 21.7 comes back as 21.700000762939453.


# %% tags=["exercise"]
def pack_reading(device_id, celsius):
    """Return a reading as 8 bytes.

    Arguments: device_id is an int from 0 to 4,294,967,295; celsius is a float.
    Returns bytes: 4 for the device, 4 for the temperature, in network byte order.
    Raises struct.error, ValueError or OverflowError when device_id does not fit.

    Example: pack_reading(7, 21.5).hex(" ") == "00 00 00 07 41 ac 00 00"
    """
    return struct.pack("!If", device_id, celsius)


# %%
check(pack_reading)


# %% tags=["exercise"]
def unpack_reading(data):
    """Return the device and the temperature of a reading that pack_reading has packed.

    Argument: data is bytes. Returns a tuple (int, float).
    Raises ValueError when data has not exactly 8 bytes: a network can bring anything.

    Example: unpack_reading(bytes.fromhex("00 00 00 07 41 ac 00 00")) == (7, 21.5)
    """
    if len(data) != 8:
        raise ValueError(f"a reading has 8 bytes, not {len(data)}")
    return struct.unpack("!If", data)


# %%
check(unpack_reading)

# %%
quiz("01 byte order")

# %% [markdown]
# Now read bytes yourself. A **gateway**, a device that speaks for others, passes on four readings
# to a collector. Above each arrow stand the eight bytes of a packet. One device was built by
# somebody who had not read the agreement. Which one? You may click on its arrow.

# %%
puzzle("01 which device")

# %% [markdown]
# ### A good place to stop
#
# To go on tomorrow, open this chapter, click on the next cell, and choose
# *Run → Run All Above Selected Cell*. This takes about 6 seconds.
#
# ## Claim 2: can one machine serve many?
#
# Each connection costs a server some time, and an open file, because a socket counts as one. The
# system allows a process only so many open files: often 1,024 on Linux and 256 on macOS; Jupyter may
# raise it.
#
# We look the number up, and make as many connections as it allows, but at most 1,000. (Here each
# costs two files, since one process holds both ends.) How long does making one take? (A second has
# 1,000,000 microseconds, µs.)

# %%
predict(
    "01 connections", "How long does it take to make one connection, on average?", low=0, unit="µs"
)

# %% tags=["hidden", "nbval-ignore-output"]
try:
    import resource

    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
except ImportError:  # Windows has no such limit, so we take this one
    most = 4096
count = max(1, min(1000, (most - 100) // 2))
start = time.perf_counter()
conversations(clients=count, ports=1)
microseconds_each = (time.perf_counter() - start) / count * 1e6
print(f"{most} open files allowed; {count} connections, {microseconds_each:.0f} µs each")
print(predicted("01 connections").compare(round(microseconds_each)))

# %% tags=["claim"]
assert count > 0

# %% [markdown]
# Where we measured, a connection was made in less than a millisecond. So the second claim holds in
# part: one machine can *have* many connections, each process up to its number of open files. How it
# can *serve* them all is the question of chapters 08 and 09.
#
# ## Claim 3: does it happen in real time?
#
# A client sends 64 bytes to a server, which sends them back at once. Both run on this machine, and
# do this 2,000 times. The time from a question to its answer is the **round-trip time**. How long
# is it, and is it always about the same?
#
# In the server below, `while data := connection.recv(64)` receives, keeps what came as `data`, and
# goes on as long as `data` is not empty. When the client has closed its socket, `recv` returns `b""`.


# %%
def send_back(listener):
    connection, peer = listener.accept()
    with connection:
        while data := connection.recv(64):
            connection.sendall(data)


def round_trips(address, count):
    microseconds = []
    with socket.create_connection(address, timeout=5) as client:
        for _ in range(count):
            start = time.perf_counter()
            client.sendall(bytes(64))
            client.recv(64)  # on one machine all 64 come at once
            microseconds.append((time.perf_counter() - start) * 1e6)
    return microseconds


predict(
    "01 round trip",
    "Half of the round trips take less than how many microseconds?",
    low=1,
    high=100_000,
    unit="µs",
)

# %% [markdown]
# We draw how long each of the 2,000 round trips took: the higher a bar, the more of them took that
# long. Two lines in the picture have names. Half of the round trips stay under the **median**, and 99
# of a hundred stay under the 99th **percentile**. Triangles mark the slowest twenty, which is one in
# a hundred.
#
# The axis of times is *logarithmic*: an equal step to the right multiplies the time by the same
# number, so the fastest and the slowest fit into one picture.

# %% tags=["hidden", "nbval-ignore-output"]
with run_server(send_back) as server:
    microseconds = round_trips(server.address, 2000)
charts.round_trip_times(microseconds, predicted("01 round trip"))

# %% tags=["claim"]
assert len(microseconds) == 2000
assert sorted(microseconds)[1000] < sorted(microseconds)[1980] < max(microseconds)

# %% [markdown]
# Half of them took less than the median, and no, the time is not always the same. The bars may form
# one hill or several, and the triangles reach far to the right: a few round trips take much longer
# than most, for example because the system did something else first. So a round-trip time is not one
# number but a *distribution*, with a long tail. To describe it, the median and a high percentile say
# more than a mean.
#
# And this was the best case. Radio, distance and other people's packets add some milliseconds, or
# even whole seconds. "Real time" is a promise about the *worst* case, and a socket alone can't give
# it, so the third claim fails.
#
# **Try:** measure again while the machine is busy, with a film or a download. Which line moves
# more? (Often that of the 99th percentile.)
#
# ## What you can do now
#
# - Name what belongs to a socket, and what tells conversations apart.
# - Resolve a name, and find out why "localhost" was refused.
# - Tell a stream from datagrams.
# - Pack a reading into bytes that every machine reads alike.
# - Judge the three claims: two hold on conditions, and the third fails.
#
# In [chapter 02](02_tcp_server_and_client.ipynb) a server and a client talk, and then meet others
# that are late, silent and rude.
#
# **Worth reading:** [RFC 768](https://www.rfc-editor.org/rfc/rfc768), all of UDP on three pages; the
# pages [socket](https://docs.python.org/3/library/socket.html) and
# [struct](https://docs.python.org/3/library/struct.html) of Python's documentation.
#
# ## Words of this chapter

# %%
words("01")
