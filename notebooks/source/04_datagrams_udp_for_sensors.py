# %% [markdown]
# # Datagrams: UDP for sensors
#
# A sensor on a battery wakes up, sends twelve bytes, and sleeps again. It does not want to connect,
# to wait for a confirmation, or to say goodbye. UDP lets it do that, but the work that the sensor
# saves falls to the collector (chapter 00), which you write in this chapter.
#
# At the end you can
# - **send** and **receive** datagrams, and say what UDP promises and what it does not;
# - **choose** a size that arrives whole, and a buffer that survives a burst;
# - **tell** a lost reading from a duplicate and from a late one;
# - **measure** round-trip times, and find devices whose address you do not know.
#
# About 75 minutes, an estimate: beginners may need twice as long. Read
# [chapter 02](02_tcp_server_and_client.ipynb) and [chapter 03](03_messages_on_a_stream.ipynb) first.

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

from helpers import Link, Slider, check, explore, live, page_style
from helpers import predict, predicted, puzzle, quiz, run_server, sequence_diagram, words

page_style()  # pictures follow a dark theme

# %%
from helpers import review

review("04")

# %% [markdown]
# ## How many sockets does a collector need?
#
# In chapter 02 a server had a listener, and one more socket for each client. UDP has no `listen`, no
# `accept` and no connection. A collector *binds* a socket to an address, so that sensors can find it,
# and a sensor sends its datagrams to that address with `sendto`.
#
# Now two sensors send. How many sockets does the collector need, and how does it know who spoke? (The
# sensors bind too, so that we can print their names.)

# %%
predict("04 sockets", "How many sockets does the collector need?", low=0)


# %% tags=["hidden"]
def udp_socket():
    """A UDP socket on a free port of this machine, whose waits end after a second."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(1)
    return sock


with udp_socket() as collector, udp_socket() as kitchen, udp_socket() as cellar:
    names = {kitchen.getsockname(): "kitchen", cellar.getsockname(): "cellar"}
    for sensor, reading in ((kitchen, b"21.5"), (cellar, b"12.0"), (kitchen, b"21.6")):
        sensor.sendto(reading, collector.getsockname())
    for _ in range(3):
        data, sender = collector.recvfrom(1024)
        print(names[sender], data)
print(predicted("04 sockets").compare(1))

# %% [markdown]
# One: a single socket hears everybody, in the order of arrival. `recvfrom` returns each datagram
# **with its sender's address**, to which the collector could send an answer. (A device's address may
# change, so in exercise 1 each reading also carries its device's number.)
#
# ## Does half a datagram wait for you?
#
# From a TCP stream you may read four bytes now and the rest later. Here three datagrams of twelve bytes
# are waiting: `21.5 degrees`, `22.0 degrees` and `22.5 degrees`. The first read asks for 4 bytes, and
# so does the second. What will the second one return?

# %%
predict(
    "04 rest",
    "What will the second read return?",
    choices=["the rest of the first", "4 bytes of the second", "all of the second", "an error"],
)

# %% tags=["hidden", "nbval-ignore-output"]
got = [None] * 3
with udp_socket() as collector, udp_socket() as sensor:
    for reading in (b"21.5 degrees", b"22.0 degrees", b"22.5 degrees"):
        sensor.sendto(reading, collector.getsockname())
    for place, size in enumerate((4, 4, 1024)):
        try:
            got[place] = collector.recvfrom(size)[0]
        except OSError as error:  # on Windows
            got[place] = str(error)
print(*got, sep="\n")
print(predicted("04 rest").compare("4 bytes of the second" if got[1] == b"22.0" else "an error"))

# %% tags=["claim"]
assert got[2] == b"22.5 degrees" and b" degrees" not in got

# %% [markdown]
# On Linux and macOS it returns 4 bytes of the second datagram. Each read takes **one** datagram, and
# throws away what does not fit. Windows throws it away, too, but raises an `OSError` (WinError 10040).
# So ask for more than can come, for example 65,535 bytes where readings have 12, and then look at
# the length of what came.
#
# ## What does an empty datagram mean?
#
# In chapter 02 an empty result, `b""`, was the end of the conversation. Now a sensor sends a reading,
# then a datagram of no bytes, then another reading. Does the collector get them all?

# %%
predict("04 empty", "How many of the three does the collector get?", low=0, high=3)

# %% tags=["hidden"]
with udp_socket() as collector, udp_socket() as sensor:
    for reading in (b"21.5", b"", b"22.0"):
        sensor.sendto(reading, collector.getsockname())
    came = [collector.recvfrom(1024)[0] for _ in range(3)]
print(came)
print(predicted("04 empty").compare(len(came)))

# %% [markdown]
# Yes, all three, because a datagram of no bytes is a message like any other. Without a connection
# there is nothing to close, so **nobody tells you that it is over**. There is only silence, and by a
# timeout you decide how long you wait for more.
#
# ## Who tells you that nobody listens?
#
# A sensor sends to a port where nobody listens, and then waits for an answer. It tries that with two
# sockets:
#
# 1. The first one uses `sendto`, as before.
# 2. The second one uses `connect` and `send`. On a UDP socket `connect` sends nothing, but chooses the
#    one peer to which `send` sends, and from which `recv` hears.
#
# Which of the two sockets will hear that nobody is there?

# %%
predict("04 nobody", "Which socket hears of it?", choices=["neither", "the connected one", "both"])


# %% tags=["hidden", "nbval-ignore-output"]
def send_to_nobody(connected):
    with udp_socket() as sensor, udp_socket() as closed:
        sensor.settimeout(0.2)
        nobody = closed.getsockname()
        closed.close()
        if connected:
            sensor.connect(nobody)
            sensor.send(b"21.5")
        else:
            sensor.sendto(b"21.5", nobody)
        try:
            sensor.recvfrom(1024)
        except OSError as error:
            return type(error).__name__


results = [send_to_nobody(connected) for connected in (False, True)]
print("not connected: sent; then receiving:", results[0])
print("connected:     sent; then receiving:", results[1])
heard = sum(result != "TimeoutError" for result in results)
print(predicted("04 nobody").compare(("neither", "the connected one", "both")[heard]))

# %% tags=["claim"]
assert results[1] in ("ConnectionRefusedError", "ConnectionResetError")

# %% [markdown]
# Sending worked both times. So a `sendto` without an error means that your system **took** the
# datagram, and not that it arrived. What the sensor hears afterwards depends on its system:
#
# - Linux and macOS tell only the connected socket, by a `ConnectionRefusedError` at its **next** call.
#   The other one waits in vain, until its `TimeoutError`.
# - Windows tells both, by a `ConnectionResetError` (WinError 10054) at the next receive. A server
#   must survive this error.
#
# How can the system know? The system at the other end has answered *port unreachable*. Such a message
# belongs to *ICMP*, the protocol by which the network itself reports what went wrong ([RFC 1122,
# section 4.1.3.1](https://www.rfc-editor.org/rfc/rfc1122#section-4.1.3.1)). But it hardly ever
# reports a lost packet, and a machine that is off reports nothing at all.
#
# ## How large may a datagram be?
#
# The next cell searches for the largest size: each step tries the size in the middle between one that
# works and one that fails.

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
# On Linux and Windows it may have 65,507 bytes, because a packet of IPv4 has at most 65,535. The
# packet begins with *headers*, which say where it goes and how long it is: IPv4's takes 20 bytes, and
# UDP's 8. (macOS stops at 9,216 unless it is told otherwise.)
#
# ## What does a large datagram risk?
#
# Hardly any cable carries so much in one piece. Each network has a largest packet, and its size is
# called the *MTU*, the maximum transmission unit. A larger packet has to be cut into **fragments**,
# which travel one by one, and if one of them is lost, the receiver gets nothing of the packet.
#
# How large is one piece? Here is Ethernet, the usual cable network, beside a small radio for lamps and
# sensors, called IEEE 802.15.4 ([RFC 4944, section
# 4](https://www.rfc-editor.org/rfc/rfc4944#section-4)):
#
# | | bytes in one piece | headers | left for you |
# |---|---|---|---|
# | Ethernet, IPv4 | 1,500 | IPv4 20, UDP 8 | 1,472 |
# | small radio, IPv6 | as few as 81 | the radio's own 1, IPv6 40, UDP 8 | 32 |
#
# By radio 12 bytes fit into one piece. With the headers of IPv6 and UDP 1,232 bytes become 1,280. The
# radio cuts these, headers and all. Of a piece's 81 bytes 72 are left for them, since each piece also
# says where it belongs, in steps of 8. As 1,280 / 72 is a little less than 18, it needs 18 pieces.
#
# Now say that one piece in a hundred is lost. A datagram of two pieces arrives only if both arrive,
# so its chance is 0.99 × 0.99 = 0.98. By radio we send 100 datagrams of 18 pieces each. How many of
# them arrive? (Inside one machine there is no cable, so what the cell calls *measured* is
# calculated.)

# %%
predict("04 pieces", "How many of the 100 arrive?", low=0, high=100, unit="of 100")

# %% tags=["hidden"]
from helpers.chapters.chapter_04 import charts, staging

print(predicted("04 pieces").compare(round(100 * 0.99**18)))
charts.one_lost_frame()

# %% [markdown]
# About 83, because 18 factors of 0.99 make 0.83. In the picture a datagram travels in one piece up to
# the dot on its curve, and each step after the dot is one more piece. So fragments multiply the
# *loss*, the share of packets that have not come when one stops waiting.
#
# So small devices send little. If you know nothing of the networks on the way, stay within 1,232
# bytes. With the headers of IPv6 they make the 1,280 that each of its networks must carry, if need be
# in pieces ([RFC 8200, section 5](https://www.rfc-editor.org/rfc/rfc8200#section-5)).
#
# ### A good place to stop
#
# To go on tomorrow, open the chapter, click on the next cell, and choose
# *Run → Run All Above Selected Cell*. This takes about 3 seconds.
#
# ## Can one machine lose a datagram to itself?
#
# A meter was cut off for an hour. Now it sends all its readings in a *burst*, one right after the
# other, while the collector is busy and reads none. The readings wait in the **receive buffer** of the
# collector's socket, from their arrival until a `recvfrom` takes them.
#
# We ask for a buffer of 65,536 bytes and send 500 readings of 12 bytes, which is 6,000 bytes in all.
# How many are kept, and which are lost, the first or the last?
#
# (In the code, a `Struct` is a format with its own `pack` and `unpack`. With a timeout of 0 a socket does
# not wait: where nothing is there, `recv` raises `BlockingIOError`.)

# %%
predict("04 burst", "How many of the 500 readings are kept?", low=0, high=500, unit="of 500")

# %% tags=["hidden", "nbval-ignore-output"]
READING = struct.Struct("!IIf")  # device, sequence number, degrees Celsius


def burst(datagrams, buffer):
    """Send a burst to a socket that nobody reads; return which numbers it has kept."""
    kept = []
    with udp_socket() as collector, udp_socket() as sensor:
        collector.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        granted = collector.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        for number in range(datagrams):
            sensor.sendto(READING.pack(7, number, 21.5), collector.getsockname())
        collector.settimeout(0)
        try:
            while True:
                kept.append(READING.unpack(collector.recv(1024))[1])
        except BlockingIOError:
            return datagrams, buffer, granted, kept


panel = explore(
    burst,
    charts.burst_into_a_buffer(predicted("04 burst")),
    datagrams=Slider(0, 1000, 20, start=500),
    buffer=Slider(4096, 204800, 4096, start=65536),
)
print(predicted("04 burst").compare(len(panel.data[3])))
panel

# %% tags=["claim"]
assert 0 < len(panel.data[3]) <= 500

# %% [markdown]
# On Linux about 150 readings are kept, the **first** ones: look at where the filled part ends. A
# datagram that finds the buffer full is dropped, and neither side is told.
#
# But why do 6,000 bytes not fit into 65,536? Linux counts more than your bytes: for each small
# datagram it charges several hundred bytes of its own bookkeeping. To make up for that, it grants
# twice what you ask for, here 131,072 bytes, which is more than 800 for each reading kept. (macOS and
# Windows count in other ways.)
#
# **Try:** both sliders. Does twice the buffer keep twice as many? (On Linux yes, about. But a real
# collector has a better way than a large buffer: it reads sooner.)
#
# ## Lost, doubled or late?
#
# The collector sees only what comes. To let it notice what does not come, the sensor **numbers** its
# readings: each gets a *sequence number*. In the next cell six readings go over a link, one every
# tenth of a second. The link follows a script: it loses number 2, doubles number 3, and holds number 4
# back for a second. Which number will arrive last?
#
# Run the cell once and watch. (At the start of each arrow stands the reading's number; times are not
# to scale.) Then run it again, press *Pause* while number 5 is on its way, kill it by a click, and go
# on. What does the collector say now?

# %%
predict("04 order", "Which number will arrive last?", low=1, high=6)

# %% tags=["hidden", "nbval-ignore-output"]
import time


def report_arrivals(collector):
    """Say of each reading what the collector can know of it; return the numbers in their order."""
    newest, order = 0, []
    try:
        while True:
            number = READING.unpack(collector.recv(1024))[1]
            if number in order:
                print(number, "again: a duplicate")
            elif number < newest:
                print(number, "late: not lost after all")
            else:
                print(number, "after a gap" if number > newest + 1 else "")
            newest, order = max(newest, number), [*order, number]
    except TimeoutError:
        print("still missing:", set(range(1, newest + 1)) - set(order))
        return order


with (
    udp_socket() as collector,
    Link(collector.getsockname(), script={2: "drop", 3: "duplicate", 4: 1.0}, delay=0.5) as link,
    live(link, "Six numbered readings", lambda data: f"{data[7]}", ("sensor", "collector")),
    udp_socket() as sensor,
):
    for number in range(1, 7):
        sensor.sendto(READING.pack(7, number, 21.5), link.address)
        time.sleep(0.1)
    link.settle(timeout=60)
    order = report_arrivals(collector)
    print(predicted("04 order").compare(order[-1] if order else 0))

# %% tags=["claim"]
assert order == [1, 3, 3, 5, 6, 4]

# %% [markdown]
# Number 4 arrives last: its arrow begins before those of 5 and 6, and ends below both. Now read what the
# collector printed in the first run, line by line:
#
# - When 3 came, 2 was missing, and when 5 came, 4 was missing. Both times the collector saw a **gap**.
# - 3 came again: a number that was there before is a **duplicate**. (Dashed: a copy that the link
#   made.)
# - 4 came after 6: a smaller number that is new is **late**.
#
# At a gap the collector can't know whether the number is lost or late: if the number comes after all,
# it was late, and until then the collector can only wait. (If you killed 5, its gap showed when 6
# came.)
#
# ## Exercise 1: collect what the sensors send
#
# Now you write the collector. Each device counts its own readings, so only device and number together
# tell one reading from another.


# %% tags=["exercise"]
def collect(sock, idle):
    """Receive readings until nothing at all has come for `idle` seconds.

    A reading is a datagram of exactly 12 bytes, in network byte order:
    - device: 4 bytes without a sign;
    - sequence number: 4 bytes without a sign;
    - temperature: a 32-bit float.

    Arguments: sock is a bound UDP socket; idle is in seconds.
    Returns a dict: for each device's number a list of its temperatures, in the order of their
    sequence numbers. Without readings it is {}.
    The caller closes sock; the function may set its timeout.

    Example: device 7 sends number 1 with 20.0, then 3 with 22.0, then 2 with 21.0, then 2
    again: {7: [20.0, 21.0, 22.0]}

    What else may come:
    - Numbers may begin anywhere, and some may be missing.
    - A reading whose device and number were there already is a duplicate, and left out.
    - Any other datagram, an empty one too, is ignored, but it breaks the silence.
    - The sender's address means nothing, because a device may change it.
    """
    readings = {}
    sock.settimeout(idle)
    while True:
        try:
            data = sock.recv(65_535)
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
# ### A good place to stop
#
# To go on tomorrow, open the chapter, click on the next cell, and choose
# *Run → Run All Above Selected Cell*. This takes about 7 seconds.
#
# ## Is this the answer to my question?
#
# A *ping* is a question that asks only whether somebody is there, and its sender is the *pinger*. Ours
# pings a device four times. After each ping it waits up to 0.4 seconds, and takes whatever comes for
# the answer.
#
# But the device is busy when ping 2 comes. It keeps ping 2 until ping 3 arrives, and then it answers
# both, first 2 and then 3. How many of the four pings get their own answer? (With `kind="udp"` the
# server's function is given a bound UDP socket.)


# %%
predict("04 busy device", "How many of the four pings get their own answer?", low=0, high=4)


# %% tags=["hidden", "nbval-ignore-output"]
right = 0
with run_server(staging.busy_device, kind="udp") as server, udp_socket() as pinger:
    pinger.settimeout(0.4)
    for question in (b"ping 1", b"ping 2", b"ping 3", b"ping 4"):
        pinger.sendto(question, server.address)
        try:
            answer = pinger.recv(1024)
            print(question, "is answered by", answer)
            right += answer == question
        except TimeoutError:
            print(question, "has no answer within 0.4 seconds")
print(predicted("04 busy device").compare(right))
sequence_diagram(server.trace, "Ping 2 is answered when ping 3 waits", roles=("pinger", "device"))

# %% tags=["claim"]
assert len(server.trace) == 8 and right == 1

# %% [markdown]
# Only one, ping 1. The answer to ping 2 was late, and the pinger took it for the answer to ping 3. From
# then on every ping gets the answer of the one before, and all round-trip times are wrong.
#
# So a question needs a number, and its answer must repeat this number. The pinger ignores whatever else
# comes: a late answer, a duplicate, or a datagram from somebody else.
#
# Yet a datagram that is ignored costs time. Say that a ping has 0.4 seconds, and after 0.3 a late
# answer comes. A socket's timeout begins anew with each `recvfrom`, so the next call would wait for
# another 0.4, and the ping would have 0.7 in all. Therefore note at the start when the ping's time will
# be over, and give each call only what is left, here 0.1. When nothing is left, stop: 0 would
# not wait at all, and less is an error.
#
# Before you write that, find the fault in five lines.

# %%
quiz("04 a longer wait")

# %% [markdown]
# ## Exercise 2: ping
#
# Now you write the pinger: a number in each ping, and one time limit for all that comes.


# %% tags=["exercise"]
def ping(address, count, timeout):
    """Send `count` pings one after another, and measure the round-trip time of each.

    - Ping n, counted from 1, is the datagram b"ping n", as in b"ping 3".
    - Its answer is the same bytes, sent back from `address`.
    - The next ping is sent when the answer has come, or when `timeout` seconds have passed
      since this one was sent. (Where nobody listens, it may be sent at once.)

    Arguments: address is a tuple (host, port), host an IPv4 address; timeout is in seconds,
    for each ping.
    Returns a list with a float for each ping, its round-trip time in seconds, or None where
    no answer came in time.
    The function closes its socket.

    Example: a device that answers all but ping 2 at once: [0.0001, None, 0.0001]

    What else may come is ignored and does not lengthen the wait: a late answer to an earlier
    ping, a duplicate, an empty datagram, one from another address.
    Raises nothing where nobody listens: those pings give None, at once or after `timeout`.
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
            answer = sock.recvfrom(65_535)
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

# %%
puzzle("04 came too late")

# %% [markdown]
# ## What does a silent ping tell you?
#
# Another pinger sends 40 pings at once, and notes when each left. Each answer finds its ping by the
# number.
#
# The link loses one packet in five on the way there, and one in five on the way back. Each way takes
# 5 milliseconds and a *jitter*, the part that varies ([RFC
# 3393](https://www.rfc-editor.org/rfc/rfc3393#section-1.1)), here from 0 to 10. (The code gives its
# average in seconds, `jitter=0.005`.)
#
# Dice decide which packets die, and the *seed* is the number that fixes the dice: the same seed, the
# same throws. How many pings stay without an answer?

# %%
predict("04 silent pings", "How many of 40 pings stay without an answer?", low=0, high=40)


# %% tags=["hidden", "nbval-ignore-output"]
def echo(sock):
    while True:
        data, asker = sock.recvfrom(1024)  # run_server passes over WinError 10054
        sock.sendto(data, asker)


def ping_all(loss, seed, count=40):
    """Send pings through a lossy link, all at once; return the milliseconds of each answer."""
    sent, milliseconds = {}, {}
    with (
        run_server(echo, kind="udp") as server,
        Link(server.address, loss=loss, delay=0.005, jitter=0.005, seed=seed) as link,
        udp_socket() as pinger,
    ):
        pinger.settimeout(0.3)
        for number in range(1, count + 1):
            sent[number] = time.perf_counter()
            pinger.sendto(b"ping %d" % number, link.address)
        try:
            while True:
                number = int(pinger.recv(1024).split()[1])
                milliseconds[number] = (time.perf_counter() - sent[number]) * 1000
        except TimeoutError:
            return loss, count, milliseconds


panel = explore(
    ping_all, charts.pings(), loss=Slider(0, 1, 0.05, start=0.2), seed=Slider(1, 20, start=8)
)
print(predicted("04 silent pings").compare(40 - len(panel.data[2])))
panel

# %% tags=["claim"]
assert len(panel.data[2]) < 40

# %% [markdown]
# About 14. A ping is answered only if both ways go well, and the chance of that is 0.8 × 0.8 = 0.64,
# which makes about 26 of 40. This count is rough: move the seed.
#
# Each dot is an answer. Two ways of 5 to 15 milliseconds make 10 to 30, and the machine's own work
# comes on top: forty pings at once keep it busy, often for another 10 milliseconds.
#
# But what does a cross tell you? It says only that no answer had come when the pinger stopped waiting:
# perhaps the question died, or the answer, or the answer would have come a second later.
#
# **Try:** `pinger.settimeout(0.005)` in `ping_all`. How many crosses are there now? (All 40, as a
# rule, because an answer needs at least 10 milliseconds.)
#
# ## Whom do I ask, if I know nobody?
#
# You bring home a new lamp, and the app on your phone has to find it. But nobody has typed in the
# lamp's address. So the app asks **everybody**, and the lamp answers. There are two ways to ask:
#
# - By *broadcast* a datagram goes to all machines of a network (in IPv4 only).
# - By **multicast** it goes to a group address, and reaches those who have joined this group.
#
# Now three devices join a group, each with a socket of its own at the same port. (They may share the
# port because each asked for permission.) How many datagrams must the app send, so that all three hear
# its question?

# %%
predict("04 group", "How many datagrams must the app send?", low=0)

# %% [markdown]
# In the next cell each device joins the group, and then the app sends its question. The question must
# not leave this machine, so the app sends it by loopback with a *TTL* of 0. The TTL, or time to live,
# says how many networks a packet may cross ([RFC 791, section
# 3.1](https://www.rfc-editor.org/rfc/rfc791#section-3.1)).
#
# Each device hears the question by its `ear`, the socket that has joined the group. The ears share a
# port, so it answers from a socket of its own. (Where a machine allows no multicast, the app asks
# each device at its own address, which only we know.)

# %% tags=["hidden"]
GROUP, QUESTION = "239.255.4.4", b"who is there?"


def ask_the_group(app, listeners):
    """Let sockets join the group at one port, and ask all of them with one datagram."""
    port = staging.join_group(listeners, GROUP)
    app.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
    app.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 0)
    app.sendto(QUESTION, (GROUP, port))


# %% tags=["hidden", "nbval-ignore-output"]
with udp_socket() as app, staging.devices("lamp", "plug", "radiator") as devices:
    try:
        ask_the_group(app, [device.ear for device in devices])
        asked = 1
    except OSError as error:
        print(f"no multicast here ({error}), so a question to each")
        asked = len([app.sendto(QUESTION, each.hears_for_itself()) for each in devices])
    for device in devices:
        device.answer()
    found = {sender: name for name, sender in (app.recvfrom(1024) for _ in devices)}
    for (host, number), name in found.items():
        print(f"found: {name.decode()}, at {host}, port {number}")
    print(predicted("04 group").compare(asked))

# %% tags=["claim"]
assert sorted(found.values()) == [b"lamp", b"plug", b"radiator"]
assert {device.address for device in devices} == set(found)

# %% [markdown]
# One: all three sockets heard the same datagram, and three answers came. Before, the app knew no more
# than a group and a port. Now it has a name **and an address** for each device, because `recvfrom`
# returns it.
#
# ## Exercise 3: a device that can be found
#
# Now you write the lamp that answers. It has its port for itself, so it hears and answers by one
# socket. Whatever it is sent, it must not stop.


# %% tags=["exercise"]
def discovery_responder(sock, name):
    """Answer each question "who is there?" with this device's name, for ever.

    - A question is a datagram of exactly the 13 bytes b"who is there?".
    - The answer is the name in UTF-8, sent from `sock` to the address that asked.
    - Whoever asks again is answered again, because the first answer may have been lost.
    - All else gets no answer: an empty datagram, a longer one, bytes that are no text.

    Arguments: sock is a bound UDP socket without a timeout, which the caller closes; name is
    a str.
    The function never returns. On Windows receiving raises ConnectionResetError when an
    asker has gone; that must not end it. Other errors do.

    Example: with the name "lamp", whoever sends b"who is there?" receives b"lamp".
    """
    while True:
        try:
            question, asker = sock.recvfrom(65_535)
        except ConnectionError:
            continue
        if question == b"who is there?":
            sock.sendto(name.encode("utf-8"), asker)


# %%
check(discovery_responder)

# %% [markdown]
# ## What you can do now
#
# - Send and receive datagrams: borders are kept, delivery is not promised, nobody says goodbye.
# - Choose a size that travels in one piece, and a receive buffer for the bursts that you expect.
# - Tell lost from doubled and late, by numbers.
# - Measure round-trip times with a timeout for each ping, and find devices by asking a group.
#
# [Chapter 05](05_packet_loss.ipynb) looks closer at the network that loses: how much, in which
# patterns, and what can be said of it from a sample.
#
# **Worth reading:** [RFC 768](https://www.rfc-editor.org/rfc/rfc768), UDP on three pages; [RFC 8085,
# section 3](https://www.rfc-editor.org/rfc/rfc8085#section-3), on what a program over UDP must take
# care of; and the page [socket](https://docs.python.org/3/library/socket.html) of Python's
# documentation.
#
# ## Words of this chapter

# %%
words("04")
