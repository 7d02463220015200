# %% [markdown]
# # Datagrams: UDP for sensors
#
# A sensor on a battery wakes up, sends twelve bytes, and sleeps again. It does not want to connect, to
# wait for a confirmation, or to say goodbye. That is what UDP is for. What the sensor gives up for it,
# the collector at the other end has to make good.
#
# At the end you can
# - **send** and **receive** datagrams, and say what UDP keeps of them and what it does not promise;
# - **choose** a size that arrives whole, and a buffer that survives a burst;
# - **tell** a lost reading from a duplicate and from a late one;
# - **measure** round-trip times, and find devices whose address you do not know.
#
# About 70 minutes. Read [chapter 02](02_tcp_server_and_client.ipynb) first.

# %% [markdown] tags=["about"]
# learn: collect what may be lost, doubled or late; ping and discover
# leave out: "Whom do I ask, if I know nobody?" and its exercise
# ask: a burst of 500 datagrams into a socket that nobody reads | How many are kept, on one machine, without any network?

# %%
import socket
import struct
import sys
from builtins import max  # Python's own, also after `from numpy import *`
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

from helpers import Link, Slider, check, explore
from helpers import page_style, predict, predicted, quiz, run_server, words

page_style()  # pictures follow a dark theme

# %%
from helpers import review

review("04")

# %% [markdown]
# ## Many sensors, one socket
#
# There is no `listen`, no `accept` and no connection. The collector *binds* a socket to an address, so
# that it can be found; a sensor sends there with `sendto`. Two sensors send. How many
# sockets does the collector need, and how does it know who spoke?


# %%
predict(
    "04 sockets",
    "Two sensors send. How many sockets does the collector need?",
    low=0,
    unit="sockets",
)


# %% tags=["hidden"]
def udp_socket():
    """A UDP socket on a free port of this machine, whose waits end after a second."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(1)
    return sock


with udp_socket() as collector, udp_socket() as kitchen, udp_socket() as cellar:
    names = {kitchen.getsockname(): "kitchen", cellar.getsockname(): "cellar"}
    kitchen.sendto(b"21.5", collector.getsockname())
    cellar.sendto(b"12.0", collector.getsockname())
    kitchen.sendto(b"21.6", collector.getsockname())
    for _ in range(3):
        data, sender = collector.recvfrom(1024)
        print(names[sender], data)
print(predicted("04 sockets").compare(1))

# %% [markdown]
# One socket hears everybody, in the order of arrival, and `recvfrom` returns each datagram **with its
# sender's address**. That is where an answer would go; it is no proof of who sent it.
#
# ## Does half a datagram wait for you?
#
# With a stream you may read four bytes now and the rest later. Here three datagrams of twelve bytes
# are waiting. What do three reads return?

# %%
predict(
    "04 rest",
    "The first read asks for 4 bytes, and so does the second. What will the second return?",
    choices=[
        "the next 4 bytes of the first",
        "4 bytes of the second",
        "all of the second",
        "an error",
    ],
)

# %% tags=["hidden", "nbval-ignore-output"]
got = []
with udp_socket() as collector, udp_socket() as sensor:
    for reading in (b"21.5 degrees", b"22.0 degrees", b"22.5 degrees"):
        sensor.sendto(reading, collector.getsockname())
    for size in (4, 4, 1024):
        try:
            got.append(collector.recvfrom(size)[0])
        except OSError as error:  # on Windows
            got.append(str(error))
print(*got, sep="\n")
second = "4 bytes of the second" if got[1] == b"22.0" else "an error"
print(predicted("04 rest").compare(second))

# %% tags=["claim"]
assert got[2] == b"22.5 degrees" and b" degrees" not in got

# %% [markdown]
# Each read took **one** datagram, and what did not fit was thrown away. Linux and macOS do that
# without a word; Windows does it too, and raises `OSError` (WinError 10040). So ask for more than the
# largest datagram that you expect, and then look at the length of what came.
#
# ## What does an empty datagram mean?
#
# In chapter 02 the empty result `b""` was the end of the conversation. And here?

# %%
with udp_socket() as collector, udp_socket() as sensor:
    for reading in (b"21.5", b"", b"22.0"):
        sensor.sendto(reading, collector.getsockname())
    print([collector.recvfrom(1024)[0] for _ in range(3)])

# %% [markdown]
# A message of no bytes, like any other: some devices use it to say "still here". Without a connection
# there is nothing to close, so **nobody tells you that it is over**. There is only silence, and how
# long to wait is for you to decide, with a timeout.
#
# ## Who refuses you?
#
# A sensor sends to a port where nobody listens, once with `sendto` and once from a *connected* socket.
# (`connect` on a UDP socket sends nothing; it sets the one peer for `send` and `recv`, and shuts out
# all others.) Which call fails, and how?


# %% tags=["nbval-ignore-output"]
def send_to_nobody(connected):
    with udp_socket() as sensor:
        sensor.settimeout(0.2)
        with udp_socket() as closed:
            nobody = closed.getsockname()  # from the next line on nobody has it
        try:
            if connected:
                sensor.connect(nobody)
                sensor.send(b"21.5")
            else:
                sensor.sendto(b"21.5", nobody)
            print("  sent, without an error")
            sensor.recvfrom(1024)
        except OSError as error:
            return type(error).__name__


for connected in (False, True):
    print("connected:" if connected else "not connected:")
    result = send_to_nobody(connected)
    print("  receiving:", result)

# %% tags=["claim"]
assert result in ("ConnectionRefusedError", "ConnectionResetError")

# %% [markdown]
# Sending works, both times: `sendto` without an error means that the system **took** the datagram, not
# that it arrived. The system at the other end answered with *port unreachable*, a message of ICMP, by
# which the network itself reports (RFC 1122, section 4.1.3.1). Linux and macOS tell only a connected socket, at
# its **next** call: `ConnectionRefusedError`.
# Windows tells any UDP socket, in its next receive: `ConnectionResetError` (WinError 10054), and a
# server must survive that. A machine that is switched off, or a firewall, answers nothing at all.
#
# ## How large may it be?
#
# We ask the system, by halving: what is the largest datagram that it takes?

# %% tags=["nbval-ignore-output"]
works, fails = 1, 70_000
with udp_socket() as collector, udp_socket() as sensor:
    while fails - works > 1:
        size = (works + fails) // 2
        try:
            sensor.sendto(bytes(size), collector.getsockname())
            works = len(collector.recvfrom(70_000)[0])
        except OSError:  # message too long
            fails = size
print(f"largest datagram: {works:,} bytes")

# %% tags=["claim"]
assert 9_000 < works <= 65_507

# %% [markdown]
# An IPv4 packet has at most 65,535 bytes; 20 of them are its header and 8 are UDP's, which leaves
# 65,507. (macOS stops at 9,216 unless it is told otherwise.) But no cable carries that in one piece. An
# Ethernet frame takes a packet of 1,500 bytes, its *MTU*; a larger one is cut into **fragments**, and
# the receiver gets all of it or nothing. An IEEE 802.15.4 radio, as in Thread and Zigbee, has frames of
# 127 bytes, of which 81 may be left for the packet (RFC 4944, section 4).
#
# So what does size cost, if each frame is lost with probability 0.01? This is calculated, not
# measured: inside one machine there is no cable on which a frame could die. The idea of the
# long cell: n frames all arrive with probability 0.99 to the power of n.

# %% tags=["nbval-ignore-output"]
from math import ceil

from helpers.chapters.chapter_04 import charts


def frames(packet, room, header):
    """How many frames carry a packet, if fragments need `header` bytes of their own in each."""
    if packet <= room:
        return 1
    share = (room - header) // 8 * 8  # all but the last carry a multiple of 8 bytes
    return 1 + ceil((packet - (room - header)) / share)


def ethernet(size):  # UDP's header once; of 1,500 bytes IPv4's header takes 20 in each
    return frames(8 + size, room=1480, header=0)


def radio(size):  # UDP's and IPv6's headers, uncompressed; one byte says what follows
    return frames(48 + size, room=80, header=4)


charts.one_lost_frame(ethernet, radio)

# %% tags=["claim"]
assert (radio(12), radio(1232), ethernet(1472), ethernet(1473)) == (1, 18, 1, 2)

# %% [markdown]
# Fragments multiply the loss, and a router or a firewall may drop them on principle. (The radio's curve
# counts the headers of IPv6 and UDP in full; RFC 6282 shrinks them.) So IoT stays small: a reading fits
# into one frame. Where you know nothing of the path, stay within 1,232 bytes: every
# IPv6 network must carry packets of 1,280 (RFC 8200, section 5), of which headers take 48.
#
# ## Can a burst be lost on one machine?
#
# Between arrival and `recvfrom` a datagram waits in the socket's **receive buffer**. Here nobody reads
# until the whole burst is sent. We ask for a buffer of 65,536 bytes, and send 500 readings of 12 bytes,
# 6,000 in all. Are the first or the last ones lost? And how many? (A `Struct` is a format with its own
# `pack` and `unpack`. A socket that does not block raises `BlockingIOError` where nothing is there.)

# %%
predict(
    "04 burst",
    "500 readings of 12 bytes, and a receive buffer of 65,536 bytes that nobody empties: "
    "how many readings are kept?",
    low=0,
    high=500,
    unit="of 500",
)

# %% tags=["hidden"]
READING = struct.Struct("!IIf")  # device, sequence number, degrees Celsius


def burst(datagrams, buffer):
    """Send a burst to a socket that nobody reads; return which numbers it has kept."""
    with udp_socket() as collector, udp_socket() as sensor:
        collector.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        granted = collector.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        for number in range(datagrams):
            sensor.sendto(READING.pack(7, number, 21.5), collector.getsockname())
        collector.setblocking(False)
        kept = []
        try:
            while True:
                kept.append(READING.unpack(collector.recv(1024))[1])
        except BlockingIOError:
            return datagrams, buffer, granted, kept


# %% tags=["hidden", "nbval-ignore-output"]
panel = explore(
    burst,
    charts.burst_into_a_buffer(predicted("04 burst")),
    datagrams=Slider(0, 1000, 20, start=500),
    buffer=Slider(4096, 204800, 4096, start=65536),
)
panel

# %% tags=["claim"]
assert 0 < len(panel.data[3]) <= 500

# %% [markdown]
# On Linux about 150 are kept, and they are the **first**: what finds the buffer full is dropped, and
# neither side hears of it. Linux grants twice what we asked for, as it also charges its own bookkeeping
# to the buffer, and that costs several hundred bytes for each small datagram. macOS and Windows count in
# other ways, and keep other numbers. No system grants every size: on Linux `net.core.rmem_max` is the
# limit, and who asks for nothing has room for about 250 such readings.
#
# **Try:** both sliders. Which helps more, a larger buffer or a shorter burst? (In a real collector the
# third way is the best: read sooner.)
#
# ## Lost, doubled or late?
#
# The collector sees only what comes. So the sensor **numbers** its readings. A `Link` with a script loses
# number 2, doubles number 3 and holds number 4 back for 0.4 seconds; the sensor sends every 0.02. In which order do they arrive?

# %%
predict("04 order", "Which number will arrive last?", low=1, high=6)

# %% tags=["hidden", "nbval-ignore-output"]
import time

from helpers import sequence_diagram

newest, seen = 0, set()
with (
    udp_socket() as collector,
    Link(collector.getsockname(), script={2: "drop", 3: "duplicate", 4: 0.4}) as link,
    udp_socket() as sensor,
):
    for number in range(1, 7):
        sensor.sendto(READING.pack(7, number, 21.5), link.address)
        time.sleep(0.02)
    for _ in range(6):
        device, number, celsius = READING.unpack(collector.recv(1024))
        if number in seen:
            print(number, "again: a duplicate")
        elif number < newest:
            print(number, "late: not lost after all")
        else:
            print(number, "after a gap" if number > newest + 1 else "")
        newest, seen = max(newest, number), seen | {number}
print("still missing:", set(range(1, newest + 1)) - seen)
print(predicted("04 order").compare(number))
sequence_diagram(
    link.trace, "Number 2 is lost, 3 comes twice, 4 is overtaken", roles=("sensor", "collector")
)

# %% tags=["claim"]
assert seen == {1, 3, 4, 5, 6} and number == 4

# %% [markdown]
# When 3 came, 2 was missing; when 5
# came, 4 was missing in the same way. A **gap** may be a loss or a delay, and only waiting tells. A
# number seen before is a **duplicate**, a smaller one that is new is **late**. Each device counts by
# itself, so what identifies a reading is the pair of device and number. (A real protocol also says what
# follows the largest number, and a restart.)
#
# ## Exercise 1: collect what the sensors send


# %% tags=["exercise"]
def collect(sock, idle):
    """Receive readings until nothing at all has come for `idle` seconds.

    A reading is a datagram of exactly 12 bytes, in network byte order: device (4 bytes
    without a sign), sequence number (4 bytes without a sign), temperature (32-bit float).
    Every other datagram, an empty one too, is ignored, but it breaks the silence.

    Arguments: sock is a bound UDP socket; idle is in seconds.
    Returns a dict: for each device that was heard a list of its temperatures, in the order
    of their sequence numbers. Numbers may begin anywhere, and some may be missing. A reading
    with a device and number that were there already is a duplicate, and is left out. The
    sender's address means nothing: a device may change it. Without readings: {}.
    The caller closes sock; the function may set its timeout.

    Example: device 7 sends number 1 with 20.0, then 3 with 22.0, then 2 with 21.0, then 2
    again: {7: [20.0, 21.0, 22.0]}
    """
    readings = {}
    sock.settimeout(idle)
    while True:
        try:
            data = sock.recv(2048)
        except TimeoutError:
            break
        if len(data) == 12:
            device, number, celsius = struct.unpack("!IIf", data)
            readings.setdefault(device, {}).setdefault(number, celsius)
    return {device: [by[number] for number in sorted(by)] for device, by in readings.items()}


# %%
check(collect)

# %%
quiz("04 number 3")

# %% [markdown]
# ## Is this the answer to my question?
#
# Now a gateway asks a device "are you there?" and measures how long the answer takes. This device is
# busy when ping 2 comes, and answers it when ping 3 arrives. The gateway sends, waits up to 0.4 seconds,
# and takes what comes. (With `kind="udp"` a server is given a bound UDP socket.) What does the
# gateway print for pings 2, 3 and 4?


# %%
predict(
    "04 busy device",
    "How many of the four pings get the answer that is theirs?",
    low=0,
    high=4,
    unit="of 4",
)


# %% tags=["hidden", "nbval-ignore-output"]
def busy_device(sock):
    held = b""
    while True:
        data, asker = sock.recvfrom(1024)
        if data == b"ping 2":
            held = data
            continue
        if held:
            sock.sendto(held, asker)
            held = b""
        sock.sendto(data, asker)


with run_server(busy_device, kind="udp") as server, udp_socket() as gateway:
    gateway.settimeout(0.4)
    right = 0
    for number in range(1, 5):
        gateway.sendto(f"ping {number}".encode(), server.address)
        try:
            answer = gateway.recvfrom(1024)[0]
            print(f"ping {number}: answered by", answer)
            right += answer == f"ping {number}".encode()
        except TimeoutError:
            print(f"ping {number}: no answer")
print(predicted("04 busy device").compare(right))
sequence_diagram(
    server.trace,
    "The answer to ping 2 comes while ping 3 waits for its own",
    roles=("gateway", "device"),
)

# %% tags=["claim"]
assert len(server.trace) == 8

# %% [markdown]
# One late answer, and every later ping takes the answer of the one before: the gateway is out of step for
# ever, and its round-trip times are fiction. Answers do not come in the order in which you ask. A
# question needs a number, its answer must repeat it, and whatever else comes is not what you wait for:
# a late answer, a duplicate, a datagram from somebody else.
#
# It must not lengthen the wait either. A socket's timeout begins anew with each `recvfrom`; the time for
# one ping does not. So note when it is over, and give each wait what is left. When nothing
# is left, stop: a timeout of 0 means not to wait at all, and a negative one is an error.
#
# ## Exercise 2: ping


# %% tags=["exercise"]
def ping(address, count, timeout):
    """Send `count` pings one after another, and measure the round-trip time of each.

    Ping n, counted from 1, is the datagram b"ping n", as in b"ping 3". Its answer is the
    same bytes, sent back from `address`. The next ping is sent when the answer has come,
    or when `timeout` seconds have passed since this one was sent. Whatever else comes
    meanwhile is ignored and does not lengthen the wait: a late answer to an earlier ping,
    a duplicate, an empty datagram, one from another address.

    Arguments: address is a tuple (host, port), host an IPv4 address; timeout is in seconds,
    for each ping.
    Returns a list with a float for each ping, its round-trip time in seconds, or None where
    no answer came in time.
    Raises nothing where nobody listens: those pings give None, and need not wait for it.
    The function closes its socket.

    Example: a device that answers all but ping 2 at once: [0.0001, None, 0.0001]
    """
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for number in range(1, count + 1):
            times.append(_ping_once(sock, address, b"ping %d" % number, timeout))
    return times


def _ping_once(sock, address, question, timeout):
    start = now = time.perf_counter()
    sock.sendto(question, address)
    while (left := start + timeout - now) > 0:
        sock.settimeout(left)
        try:
            answer = sock.recvfrom(2048)
        except TimeoutError:
            return None
        except ConnectionError:  # Windows: nobody listens there, or did not a moment ago
            answer = None
        now = time.perf_counter()
        if answer == (question, address):
            return now - start
    return None


# %%
check(ping)

# %% [markdown]
# ## What a pinger tells you
#
# Here is a pinger of another kind: it sends all its pings at once and notes when each left. The answers
# find their ping by its number. The link loses packets both ways, and delays each by 5 to 15
# milliseconds.

# %%
predict(
    "04 silent pings",
    "One packet in five is lost, on the way there and on the way back. How many of 40 pings stay "
    "without an answer?",
    low=0,
    high=40,
    unit="of 40",
)


# %% tags=["hidden"]
def echo(sock):
    while True:
        data, asker = sock.recvfrom(1024)
        sock.sendto(data, asker)


def ping_all(loss, seed, count=40):
    """Send pings through a lossy link, all at once; return the milliseconds of each answer."""
    sent, milliseconds = {}, {}
    with (
        run_server(echo, kind="udp") as server,
        Link(server.address, loss=loss, delay=0.005, jitter=0.005, seed=seed) as link,
        udp_socket() as gateway,
    ):
        gateway.settimeout(0.1)
        for number in range(1, count + 1):
            sent[number] = time.perf_counter()
            gateway.sendto(b"ping %d" % number, link.address)
        try:
            while True:
                number = int(gateway.recv(1024).split()[1])
                milliseconds[number] = (time.perf_counter() - sent[number]) * 1000
        except TimeoutError:
            return loss, count, milliseconds


# %% tags=["hidden", "nbval-ignore-output"]
panel = explore(
    ping_all, charts.pings(), loss=Slider(0, 1, 0.05, start=0.2), seed=Slider(1, 20, start=8)
)
print(predicted("04 silent pings").compare(40 - len(panel.data[2])))
panel

# %% tags=["claim"]
assert len(panel.data[2]) < 40

# %% [markdown]
# Both ways must go well: 0.8 × 0.8 = 0.64 come back on average, and about 14 of 40 do not. The times
# spread, as the delay varies, and a busy machine adds to them. A cross does not say whether the question died or the answer, or
# whether it would come in another second. And a loss count of 40 pings is a rough number: move the seed.
# [Chapter 05](05_packet_loss.ipynb) says how rough.
#
# **Try:** `gateway.settimeout(0.005)` in `ping_all`. What does the loss count measure now?
#
# ## Whom do I ask, if I know nobody?
#
# So far every sensor knew the collector's address. A new lamp knows nothing. It may ask **everybody**: by
# broadcast (all machines of a network, IPv4 only) or by **multicast**, to a group address that those
# who want to hear it have joined (printers and speakers are found so). Ours stays
# on this machine: the interface is 127.0.0.1, and with a TTL of 0 (how many networks it may cross) no
# machine may send it out (RFC 1122, section 3.2.1.7). An `ExitStack` closes all that was entered in it.
#
# Some machines and containers do not allow multicast. Then the second cell asks each device by itself,
# which works where their addresses are known.

# %%
from contextlib import ExitStack

GROUP, QUESTION = "239.255.4.4", b"who is there?"


def join_group(sock, port):
    """Let a socket hear the group on loopback; several sockets may share the port."""
    for option in ("SO_REUSEADDR", "SO_REUSEPORT"):  # Windows has no SO_REUSEPORT
        if hasattr(socket, option):
            sock.setsockopt(socket.SOL_SOCKET, getattr(socket, option), 1)
    sock.bind(("127.0.0.1" if sys.platform == "win32" else GROUP, port))
    member = socket.inet_aton(GROUP) + socket.inet_aton("127.0.0.1")
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    sock.settimeout(1)


def ask_the_group(seeker, members):
    """Ask once, for so many members to hear; return what each heard, and from whom."""
    seeker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
    seeker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 0)
    seeker.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)  # heard on this machine
    with ExitStack() as stack:
        listeners = [
            stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            for _ in range(members)
        ]
        port = 0
        for listener in listeners:
            join_group(listener, port)
            port = listener.getsockname()[1]
        seeker.sendto(QUESTION, (GROUP, port))
        return [listener.recvfrom(1024) for listener in listeners]


# %% tags=["nbval-ignore-output"]
with ExitStack() as stack:
    seeker = stack.enter_context(udp_socket())
    devices = {name: stack.enter_context(udp_socket()) for name in ("lamp", "plug", "radiator")}
    try:
        heard = ask_the_group(seeker, len(devices))
        print("one question, to the group")
    except OSError as error:
        print(f"no multicast here ({error}), so a question to each")
        for device in devices.values():
            seeker.sendto(QUESTION, device.getsockname())
        heard = [device.recvfrom(1024) for device in devices.values()]
    for (name, device), (question, asker) in zip(devices.items(), heard, strict=True):
        if question == QUESTION:
            device.sendto(name.encode(), asker)
    found = {}
    for _ in devices:
        name, address = seeker.recvfrom(1024)
        found[name.decode()] = address
    print("found:", *sorted(found))
    real = {name: device.getsockname() for name, device in devices.items()}
    print("each at its own address:", found == real)

# %% tags=["claim"]
assert found == real

# %% [markdown]
# By multicast one datagram is sent, three sockets hear it, and three answers come. The seeker knew no more
# than a group and a port; now it has a name **and an address** for each: the one that its answer came from.
#
# ## Exercise 3: a device that can be found


# %% tags=["exercise"]
def discovery_responder(sock, name):
    """Answer each question "who is there?" with this device's name, for ever.

    A question is a datagram of exactly the 13 bytes b"who is there?". The answer is the
    name in UTF-8, sent from `sock` to the address that the question came from. Who asks
    again gets it again: the first answer may have been lost. All else gets no answer, as
    an empty datagram, a longer one, or bytes that are no text.

    Arguments: sock is a bound UDP socket, which the caller closes; name is a str.
    The function never returns. On Windows receiving raises ConnectionResetError when an
    asker has gone; that must not end it.

    Example: with name "lamp", who sends b"who is there?" receives b"lamp".
    """
    while True:
        try:
            question, asker = sock.recvfrom(1024)
        except ConnectionError:
            continue
        if question == b"who is there?":
            sock.sendto(name.encode("utf-8"), asker)


# %%
check(discovery_responder)

# %% [markdown]
# ## Words of this chapter

# %%
words("04")

# %% [markdown]
# ## What you can do now
#
# - Send and receive datagrams: borders are kept, delivery is not promised, nobody says goodbye.
# - Choose a size that fits into one frame, and a receive buffer for the bursts that you expect.
# - Tell lost from doubled and late, by numbers.
# - Measure round-trip times with a timeout for each ping, and find devices by asking a group.
#
# [Chapter 05](05_packet_loss.ipynb) looks closer at the network that loses: how much, in which
# patterns, and what can be said of it from a sample.
#
# **Worth reading:** RFC 768 (UDP, three pages); RFC 8085, section 3 (what those who use UDP should take care
# of); the pages *socket* and *struct* of the Python documentation.
