# %% [markdown]
# # What is a socket?
#
# Three things are said of sockets in the Internet of Things: any device can talk to any other, one
# machine can serve many, and it all happens in real time. Before we believe that, we open a socket
# and look inside.
#
# At the end you can
# - **name** what makes up a socket: a file number, a local address, a peer's address;
# - **resolve** a host name, and say why "localhost" sometimes refuses you;
# - **tell** a stream from datagrams by what comes out at the other end;
# - **pack** a sensor's reading into bytes that every machine reads alike;
# - **judge** those three claims by what you have measured.
#
# About 65 minutes. Read [Start here](00_start_here.ipynb) first.

# %% [markdown] tags=["about"]
# learn: tell endpoints, addresses, streams and datagrams apart
# leave out: the clients in other languages
# ask: three sends over a stream, and three datagrams | How many things does the other end read?

# %%
import socket
import sys
from builtins import max, min  # Python's own, also after `from numpy import *`
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

from helpers import check, page_style, predict, predicted, quiz, run_server, words

page_style()  # pictures follow a dark theme

# %%
from helpers import review

review("01")

# %% [markdown]
# ## An endpoint that the system keeps for you
#
# A socket is one **end** of a conversation. The operating system holds it, with its buffers and its
# state; your program holds a number for it, as for an open file. We make a conversation of two ends
# and ask each for its number, its own address and its peer's.
#
# There will be three sockets: the listener, the client's, and the connection, which `accept` returns.
# Which of their addresses will be the same?

# %%
predict(
    "01 same address",
    "Whose own address will be the listener's as well?",
    choices=["the client's", "the connection's", "both have it", "neither has it"],
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
print(predicted("01 same address").compare("the connection's" if shared else "neither has it"))

# %% tags=["claim"]
with socket.create_server(("127.0.0.1", 0)) as listener:
    with socket.create_connection(listener.getsockname()) as client:
        connection, peer = listener.accept()
        with connection:
            assert client.getsockname() == connection.getpeername() == peer
            assert connection.getsockname() == listener.getsockname()

# %% [markdown]
# An address here is a pair: an **IP address**, which leads to the machine, and a **port**, a number from
# 0 to 65,535, which leads to the right sockets on it. What is local for one end is the peer of the
# other. And `accept` gave us a *third* socket: the listener goes on listening, the connection does the talking.
#
# We asked for port 0, which means *any free port*. The client did not ask at all, and got one too: an
# **ephemeral** port, for this one conversation. Ports below 1024 are for well-known services:
# on Linux an ordinary program usually may not listen there; Windows and macOS are less strict.
#
# ## Does a port name a program?
#
# Look at the last output again: two of the sockets have the same port. Now five clients come.

# %%
predict(
    "01 ports",
    "Five clients are connected to one server. How many ports do the server's five ends use?",
    low=1,
    high=10,
)

# %% tags=["hidden"]
with socket.create_server(("127.0.0.1", 0)) as listener:
    clients = [socket.create_connection(listener.getsockname()) for _ in range(5)]
    connections = [listener.accept()[0] for _ in range(5)]

used = len({c.getsockname()[1] for c in connections})
print("ports at the server's ends:", used)
print("ports at the clients' ends:", len({c.getsockname()[1] for c in clients}))
print("conversations:", len({(c.getsockname(), c.getpeername()) for c in connections}))
print(predicted("01 ports").compare(used))

for sock in (*clients, *connections):
    sock.close()

# %%
quiz("01 port")

# %% [markdown]
# One port, five conversations. A port does not name a program, nor a connection. All conversations so
# far speak **TCP**, the protocol that brings bytes complete and in order. What tells them apart is the
# **four** together: local address and port, remote address and port (section 3.4.1 of RFC 9293, the
# standard of TCP, which calls such an address and port a "socket"; RFCs are the Internet's standards,
# free to read). And one program may hold
# any number of ports: the one behind this notebook holds several.
#
# ## Names and addresses
#
# People write names, sockets need addresses. `getaddrinfo` asks the system. How many
# addresses has "localhost" on your machine?

# %%
predict("01 localhost", 'How many addresses has "localhost" here?', low=0, unit="addresses")

# %% tags=["hidden", "nbval-ignore-output"]
found = socket.getaddrinfo("localhost", 12345, type=socket.SOCK_STREAM)
for family, kind, protocol, canonical_name, address in found:
    print(family.name, address)
print(predicted("01 localhost").compare(len(found)))

# %% tags=["claim"]
assert found

# %% [markdown]
# It may be `127.0.0.1` (IPv4, `AF_INET`), `::1` (IPv6, `AF_INET6`), or both, in the order in which the
# system wants them tried; Linux, macOS and Windows differ, and so do two Linux machines. For IPv6
# Python gives a tuple of four, and the first two are again IP address and port. `type=` asks for TCP
# alone: `SOCK_STREAM` is its kind of socket, and there are others.
#
# Now a server listens on `127.0.0.1` only. A client tries `127.0.0.1`, then `::1`, then "localhost".
# Where will it be connected, and where will it get an error?


# %%
predict(
    "01 three hosts", "At how many of the three will it be connected?", low=0, high=3, unit="of 3"
)


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
# Same machine, same port, and still nobody there: `::1` is another address. (On a machine without
# IPv6 the error has another name, as there is no such address at all.) If your client says
# "localhost" and is refused while the server runs, this is the first thing to look at. The remedy is
# to try **every** address of a name, as `create_connection` does. For that you need the list.
#
# **Try:** let the server listen on `::1`: `create_server(("::1", 0), family=socket.AF_INET6)`.
# Who is refused now?
#
# ## Exercise 1: all addresses of a name
#
# The check asks for real addresses and for made-up names such as `sensor.example`, which it answers
# itself.


# %% tags=["exercise"]
def resolve(host, port):
    """Return every TCP address that a host name stands for.

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
# ## Stream or datagrams?
#
# There are two kinds of sockets in this course. `SOCK_STREAM` speaks TCP: a connection, then a stream
# of bytes. `SOCK_DGRAM` speaks **UDP**: no connection, each `sendto` sends one *datagram*, a packet of
# its own, to an address. A sensor sends three readings over each. What comes out at the
# other end? (`makefile` lets us read a stream to its end, as a file; `bind` gives a socket its address.
# That a client may send before `accept` is a matter for chapter 02.)

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

# %% tags=["hidden"]
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
# The stream kept every byte in order and forgot where one send ended: is it 21.5 and 22.0, or 21.52
# and 2.0? The datagrams kept their borders. (TCP and UDP count their ports apart.) What UDP does *not* keep is the promise to deliver: a
# datagram may be lost, doubled or late, and nobody tells you. Chapters 02 and 03 work with streams,
# 04 to 06 with datagrams.
#
# **Try:** let the sensor send an empty reading, `b""`, over each. Which of them shows it?
#
# ## Claim 1: any device can talk to any other
#
# If packets get through at all (routers and firewalls often forbid it), both must mean the same by the
# same **bytes**. Text first. A sensor sends a temperature; the reader guesses another encoding.

# %%
sent = "21.5 °C".encode("utf-8")
print(sent, len(sent), "bytes")
print("read as UTF-8:  ", sent.decode("utf-8"))
print("read as Latin-1:", sent.decode("latin-1"))

# %% [markdown]
# `°` became two bytes, and the wrong reader makes two other characters of them. Then numbers: 258 is
# 1 × 256 + 2, so its two bytes are 1 and 2. In which order? `struct.pack` turns numbers into bytes, by
# a format: first a sign for the order, then a letter for each number. `H` is two bytes without a sign.

# %%
import struct

number, letter = 258, "H"
for name, order in (("this machine, native", "="), ("little-endian", "<"), ("network order", "!")):
    print(f"{name:20}", struct.pack(order + letter, number).hex(" "))
little = struct.pack("<" + letter, number)
print(f"{little.hex(' ')} read in network order:", struct.unpack("!" + letter, little)[0])

# %% [markdown]
# Most computers of today are *little-endian*: the least significant byte comes first in memory.
# Internet protocols put the most significant byte first: **network byte order** (RFC 791, appendix
# B). Others do not (Bluetooth Low Energy is little-endian), so a protocol must say. A program that
# sends its native order works between two laptops, and fails on the first device that differs: 258
# arrives as 513.
#
# **Try:** 1 in place of 258; then `"I"` (four bytes) in place of `"H"` (two).
#
# If both agree on the bytes, the language does not matter. Here are two clients, in Perl and in
# Node.js, that read a reading of eight bytes: four for the device, four for its temperature. You need
# not know either language. The cell after it runs those that your machine has.

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
# The Python server sent eight bytes, and programs in other languages read device 7 and 21.5 degrees
# out of them. So the first claim holds, for devices whose makers agreed on the bytes.
#
# ## Exercises 2 and 3: a reading as eight bytes
#
# The format is the one of the last experiment: the device's number in four bytes without a sign, then
# the temperature as a 32-bit floating-point number (IEEE 754), both in network byte order. Python's
# `struct` knows them by letters; its page in the documentation has them under *Format Characters*.
# (32 bits hold about seven digits: 21.7 comes back as 21.700000762939453. That is fine here.)


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
# ## Claim 2: one machine can serve many
#
# Each connection takes two sockets here, as both ends are ours. The system limits the open files of a
# process, and sockets count as files: often 1,024 on Linux and 256 on macOS; JupyterLab raises it
# where it may. We stay below that, and stop at 1,000 connections. How long does one take?

# %%
predict("01 connections", "How long does one connection take, on average?", low=0, unit="µs")

# %% tags=["hidden", "nbval-ignore-output"]
import time

try:
    import resource

    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
except ImportError:  # Windows has no such limit
    limit = 4096
count = max(1, min(1000, (limit - 100) // 2))
with socket.create_server(("127.0.0.1", 0)) as listener:
    start = time.perf_counter()
    pairs = []
    for _ in range(count):
        client = socket.create_connection(listener.getsockname())
        pairs += [client, listener.accept()[0]]
    seconds = time.perf_counter() - start
for sock in pairs:
    sock.close()
print(f"limit {limit}; {count} connections in {seconds:.2f} s, {seconds / count * 1e6:.0f} µs each")
print(predicted("01 connections").compare(round(seconds / count * 1e6)))

# %% tags=["claim"]
assert count > 0

# %% [markdown]
# Sockets are cheap: well under a millisecond each, and a few kilobytes of the system's memory while
# they are idle. So the second claim holds, up to a limit that you should know. The number of sockets is not
# what makes "many" hard; serving them **at the same time** is: chapter 08.
#
# ## Claim 3: in real time
#
# A client sends 64 bytes to an echo server, waits for them to come back, and does so 2,000 times, on
# this machine, with no cable in between. How long is one round trip, and will they all take about
# the same? (A millisecond has 1,000 microseconds, µs.) The server's loop ends when `recv` returns
# `b""`: that says that the client has ended.

# %%
predict(
    "01 round trip",
    "How long will half of the round trips take, at most?",
    low=1,
    high=100_000,
    unit="µs",
)


# %% tags=["hidden", "nbval-ignore-output"]
from time import perf_counter


def echo(listener):
    connection, peer = listener.accept()
    with connection:
        while data := connection.recv(64):
            connection.sendall(data)


def round_trips(address, count):
    microseconds = []
    with socket.create_connection(address, timeout=5) as client:
        for _ in range(count):
            start = perf_counter()
            client.sendall(bytes(64))
            client.recv(64)
            microseconds.append((perf_counter() - start) * 1e6)
    return microseconds


with run_server(echo) as server:
    microseconds = round_trips(server.address, 2000)

# %% tags=["claim"]
assert len(microseconds) == 2000

# %% [markdown]
# Two thousand numbers say little. We draw how often each time came up, with two marks: half of the
# round trips stay under the *median*, 99 in a hundred under the *99th percentile*. The axis is
# logarithmic, as the slowest take many times as long as the fastest.

# %% tags=["hidden", "nbval-ignore-output"]
from helpers.chapters.chapter_01 import charts

charts.round_trip_times(microseconds, predicted("01 round trip"))

# %% tags=["claim"]
assert sorted(microseconds)[1000] < sorted(microseconds)[1980] < max(microseconds)

# %% [markdown]
# A round-trip time is not a number, it is a **distribution** with a long tail: now and then the
# system does something else first. The mean hides that, so quote the median and a high percentile.
# And this was the best case. Radio, distance and full queues add milliseconds to seconds; "real time"
# is a promise about the *worst* case, and a socket alone does not give it: the third claim fails.
#
# **Try:** measure again while the machine is busy, with a film or a download. Which changes more, the
# median or the 99th percentile?

# %% [markdown]
# ## Words of this chapter

# %%
words("01")

# %% [markdown]
# ## What you can do now
#
# - Name the parts of a socket, and what tells conversations apart.
# - Resolve a name, and find out why "localhost" was refused.
# - Tell a stream from datagrams.
# - Pack a reading into bytes that every machine reads alike.
# - Judge the three claims: any device, if the bytes are agreed; many, within limits; real time, no.
#
# In [chapter 02](02_tcp_server_and_client.ipynb) a server and a client talk, and then meet peers that
# are late, silent and rude.
#
# **Worth reading:** RFC 9293, section 3.4.1 (what identifies a connection); RFC 768 (all of UDP, on
# three pages); the pages *socket* and *struct* of the Python documentation.
