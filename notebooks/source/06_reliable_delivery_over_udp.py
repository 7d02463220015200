# %% [markdown]
# # Reliable delivery over UDP
#
# A door reports `open`, `shut`, `open`, and the network loses some of it. UDP does nothing about
# that. In this chapter you do: from a first "did you get it?" to windows that keep a long path full.
#
# At the end you can
# - **build** delivery that survives lost, doubled and late packets, lost confirmations too;
# - **predict** how many tries a message takes;
# - **set** a timer from what you measure, and back off when it was wrong;
# - **compare** stop-and-wait, Go-Back-N and Selective Repeat, and recognise CoAP's rules.
#
# About 110 minutes. Read chapters [04](04_datagrams_udp_for_sensors.ipynb) and
# [05](05_packet_loss.ipynb) first.

# %% [markdown] tags=["about"]
# learn: survive loss, duplicates and lost confirmations; set timers; fill a window
# leave out: the exercise on Go-Back-N
# ask: the lost acknowledgement | What has the receiver got, once the sender tries again?

# %%
import contextlib
import random
import select
import socket
import struct
import sys
import time
from builtins import max, min, round, sum  # Python's own, also after `from numpy import *`
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from IPython.display import display

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
    Slider,
    check,
    explore,
    live,
    own_answer,
    predict,
    predicted,
    quiz,
    run_server,
    words,
)
from helpers import page_style, sequence_diagram

page_style()  # pictures follow a dark theme

# %%
from helpers import review

review("06")

# %% [markdown]
# ## Five bytes in front
#
# Every datagram of this chapter begins with its kind, one byte, and a number, four bytes. A message
# travels in a `DATA`; the answer "I have it" is an `ACK`, an acknowledgement. At first nobody reads the
# number. You will see when it is missed.
#
# Of the next cell you need what stands above `in_words`; the rest is our stage. `deliver` runs a sender
# and a receiver over a link that does to each packet what a script says.

# %%
HEADER = struct.Struct("!BI")  # kind, number
DATA, ACK, END = 1, 2, 3
TRIES = 10  # transmissions of one message, before its sender gives up
EVENTS = [b"open", b"shut", b"open"]


@dataclass
class Stats:
    """What it took to send messages."""

    transmissions: int
    rtts: list[float]


def packet(kind, number, payload=b""):
    return HEADER.pack(kind, number) + payload


def in_words(datagram):
    """A datagram as the diagrams show it, such as: DATA 1 'open'"""
    kind, number = HEADER.unpack(datagram[:5])
    event = f"'{datagram[5:].decode()}'" if datagram[5:] else ""
    return f"{('DATA', 'ACK', 'END')[kind - 1]} {number or ''} {event}".strip()


draw = partial(sequence_diagram, words=in_words, roles=("sender", "receiver"))


def udp_socket():
    """A UDP socket on a free port of this machine, whose waits end after 0.4 seconds."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(0.4)
    return sock


def deliver(sender, receiver, up=(), down=(), delay=0.003, watch=contextlib.nullcontext):
    """Send EVENTS over a link with scripts for both ways; return what was kept, and the trace."""
    kept = []
    with (
        run_server(partial(receiver, kept=kept), kind="udp", name="receiver") as server,
        Link(server.address, delay=delay, up={"script": up}, down={"script": down}) as link,
        udp_socket() as sock,
        watch(link),
    ):
        try:
            sender(sock, link.address, EVENTS)
            ending = "the sender is content"
        except TimeoutError:
            ending = "the sender waits in vain"
        link.settle(5)
        server.settle()
    print(f"{ending}; kept:", *(event.decode() for event in kept))
    return kept, link.trace


# %% [markdown]
# ## A lost packet
#
# The plainest idea: send, wait for an ACK, send the next. The script drops the second packet.
# What do sender and receiver have at the end?


# %%
predict(
    "06 lost packet",
    "How many of the three messages will the receiver have?",
    low=0,
    high=3,
    unit="of 3",
)


# %% tags=["hidden", "nbval-ignore-output"]
def wait_for_ack(sock, address, messages):
    for number, message in enumerate(messages, 1):
        sock.sendto(packet(DATA, number, message), address)
        sock.recv(2048)  # the ACK


def keep_all(sock, kept):
    while True:
        datagram, sender = sock.recvfrom(2048)
        kept.append(datagram[5:])
        sock.sendto(packet(ACK, 0), sender)


kept, trace = deliver(wait_for_ack, keep_all, up={2: "drop"})
print(predicted("06 lost packet").compare(len(kept)))
draw(trace, "One lost packet, and both sides wait for ever")

# %% tags=["claim"]
assert kept == [b"open"]

# %% [markdown]
# Both wait, each for the other; only our socket's
# timeout ended it. So the sender needs a **timer**: without an ACK it sends the message again.
#
# ## A lost acknowledgement
#
# That repairs a lost packet. But an ACK is a packet as well. The script drops the second ACK, for two
# receivers: one keeps all that comes, the other reads the number and passes over what it has already.
# What does each of them have, and does the sender get to the end?


# %%
predict(
    "06 lost ACK", "How often will the receiver that keeps all have `shut`?", low=0, unit="times"
)


# %% tags=["hidden", "nbval-ignore-output"]
def repeat_until_ack(sock, address, messages, timer=0.1):
    sock.settimeout(timer)
    for number, message in enumerate(messages, 1):
        for attempt in (1, 2, 3, 4):
            sock.sendto(packet(DATA, number, message), address)
            try:
                sock.recv(2048)  # any ACK
                break
            except TimeoutError:
                if attempt == 4:
                    raise


def ignore_old(sock, kept):
    while True:
        datagram, sender = sock.recvfrom(2048)
        if HEADER.unpack(datagram[:5])[1] == len(kept) + 1:
            kept.append(datagram[5:])
            sock.sendto(packet(ACK, 0), sender)


doubled, first = deliver(repeat_until_ack, keep_all, down={2: "drop"})
stuck, second = deliver(repeat_until_ack, ignore_old, down={2: "drop"})
print(predicted("06 lost ACK").compare(doubled.count(b"shut")))
display(draw(first, "Who keeps all gets 'shut' twice"))
draw(second, "Who is silent about old messages is asked again and again")

# %% tags=["claim"]
assert doubled.count(b"shut") >= 2 and stuck == [b"open", b"shut"]

# %% [markdown]
# The sender can't tell a lost ACK from a lost message, so it repeats a message that is there. For the
# first receiver the door was shut twice. The second knows a **duplicate** by its number, but says nothing
# and is asked until the sender gives up: the ACK that was lost is the one that the sender needs. So confirm a duplicate
# **again**, and keep it only once.
#
# ## By hand
#
# Now you are the network. The next cell sends the three messages to the receiver that keeps all, over
# a link that takes a second each way, so you see each packet cross. Click on a packet, and it is lost.
# Without a mouse, press Tab until the packets have a frame, choose one with the arrow keys, and press K.
# *Pause* gives you time to choose, but the sender's timer of 4 seconds goes on.
#
# Run the cell three times. Before each run, say what the receiver will have and how long it takes:
# 1. Kill a `DATA`.
# 2. Kill an `ACK`.
# 3. Kill the last packet, which is the ACK of message 3.


# %% tags=["nbval-ignore-output"]
patient = partial(repeat_until_ack, timer=4)
watching = partial(live, words=in_words, roles=("sender", "receiver"))
kept, trace = deliver(patient, keep_all, delay=1, watch=watching)

# %% tags=["claim"]
assert kept == EVENTS and all(event.fate == "delivered" for event in trace)

# %% [markdown]
# (The saved run is one in which nobody killed anything.) Each of the three costs 4 seconds, one timer.
# After a lost `DATA` the receiver has each message once; after a lost `ACK` it has one twice. The sender
# sees no difference. The last packet is no exception: the receiver had everything already, and still the
# sender sends again, because nothing tells it so. Kill that ACK four times, and the sender
# gives up although all has arrived.
#
# ## A late acknowledgement
#
# The next receiver confirms a duplicate again and keeps it only once. The script holds the first ACK
# back for 0.15 seconds, longer than the timer, and drops the third packet, which is message 2.


# %% tags=["nbval-ignore-output"]
def confirm_each(sock, kept):
    while True:
        datagram, sender = sock.recvfrom(2048)
        if HEADER.unpack(datagram[:5])[1] == len(kept) + 1:
            kept.append(datagram[5:])
        sock.sendto(packet(ACK, 0), sender)


kept, trace = deliver(repeat_until_ack, confirm_each, up={3: "drop"}, down={1: 0.15})
draw(trace, "A late ACK is taken for the next one, and two events are lost")

# %% tags=["claim"]
assert kept[:1] == [b"open"]

# %% [markdown]
# The worst of all: the sender is content and two events are lost. The first message was confirmed
# twice, and the sender took the late ACK for that of message 2. Message 3 then came too early, and was
# not kept. An ACK must say **what** it confirms. Ours says: everything up to this number is here. Now
# all these accidents at once, and a doubled message.


# %% tags=["nbval-ignore-output"]
def confirm_up_to(sock, kept):
    while True:
        datagram, sender = sock.recvfrom(2048)
        if HEADER.unpack(datagram[:5])[1] == len(kept) + 1:
            kept.append(datagram[5:])
        sock.sendto(packet(ACK, len(kept)), sender)


def stop_and_wait(sock, address, messages, timer=0.1):
    """Send each message until its ACK comes; return how many datagrams that took."""
    transmissions = 0
    for number, message in enumerate(messages, 1):
        confirmed = 0
        while confirmed < number:
            sock.sendto(packet(DATA, number, message), address)
            transmissions += 1
            ends = time.perf_counter() + timer
            while confirmed < number and (left := ends - time.perf_counter()) > 0:
                sock.settimeout(left)
                try:
                    confirmed = HEADER.unpack(sock.recv(2048)[:5])[1]
                except TimeoutError:
                    break
    return transmissions


kept, trace = deliver(
    stop_and_wait, confirm_up_to, up={3: "drop", 4: "duplicate"}, down={1: 0.15, 3: "drop"}
)
draw(trace, "Numbers in both directions: each event once, in order")

# %% tags=["claim"]
assert kept == EVENTS

# %% [markdown]
# This is **stop-and-wait**. (Where nothing overtakes, a single bit would do as its number: the
# *alternating-bit protocol* of 1969. Datagrams do overtake, so we count on.)

# %%
from helpers import puzzle

puzzle("06 read the bytes")

# %% [markdown]
# ## Exercises 1 and 2: the real thing
#
# Two things are missing. A sender must **give up**: the peer may be gone. And the receiver must learn
# that it is **over**: an `END`, with the number after the last message's. Its ACK can be lost too, so
# the receiver stays for a while to confirm it again. Nobody can be sure of the last ACK; each protocol
# has to end without.
#
# Measure with `time.perf_counter` or `time.monotonic`: the clock of `time.time` may be set while you wait.


# %% tags=["exercise"]
def receive_reliably(sock):
    """Receive the messages of one sender, confirm them, and return them in order.

    A message is DATA, number 1, 2, ..., and its payload of 0 to 1,000 bytes. END has no payload;
    its number is one more than the last message's. Each DATA and END, new or old, is
    answered to the address that it came from: with an ACK of the highest number up to which
    all is here (an END counts too; ACK 0: nothing yet), without payload. A number that was
    here before is not kept again. One that comes too early, before its predecessor, is not
    kept at all. All other datagrams are ignored, without an answer: shorter than five
    bytes, of another kind, an END with a payload.

    After END it goes on to confirm what comes, as that ACK may be lost, until nothing has
    come for the socket's timeout. While it waits it leaves the processor to others.

    Arguments: sock is a bound UDP socket with a timeout in seconds; the caller closes it.
    Returns a list of the payloads, as bytes.
    Raises TimeoutError where nothing comes for the timeout, before END.
    On Windows receiving raises ConnectionResetError where an ACK met a closed port; that
    must not end it.

    Example: DATA 1 "a", DATA 1 "a", DATA 3 "c", DATA 2 "b", END 3 come. It answers
    ACK 1, 1, 1, 2, 3 and returns [b"a", b"b"].
    """
    messages, ended = [], False
    while True:
        try:
            datagram, sender = sock.recvfrom(2048)
        except ConnectionError:
            continue
        except TimeoutError:
            if ended:
                return messages
            raise
        if len(datagram) < HEADER.size:
            continue
        (kind, number), payload = HEADER.unpack(datagram[:5]), datagram[5:]
        is_next = number == len(messages) + 1 and not ended
        if kind == DATA and number > 0:
            if is_next:
                messages.append(payload)
        elif kind == END and number > 0 and not payload:
            ended = ended or is_next
        else:
            continue
        sock.sendto(HEADER.pack(ACK, len(messages) + ended), sender)


# %%
check(receive_reliably)


# %% tags=["exercise"]
def send_reliably(sock, address, messages, timeout):
    """Send messages one at a time, each until it is confirmed, and then an END.

    Message n, counted from 1, is sent as DATA n. Its confirmation is an ACK, from `address`,
    of number n or more. Without it `timeout` seconds after it was sent, it is sent again;
    whatever else comes is ignored and does not lengthen the wait. END, with the number after
    the last, is sent in the same way. A wait leaves the processor to others.

    Arguments: sock is an open UDP socket, which the caller closes (the function may set its
    timeout); address is a tuple (host, port), host an IPv4 address; messages is a list of
    bytes and may be empty; timeout is in seconds.
    Returns Stats: transmissions is the number of DATA datagrams sent, with those sent again;
    rtts has, for each message that was confirmed at its first transmission, in order,
    the seconds from sending to ACK, by a clock that nobody sets back.
    Raises TimeoutError where a message was sent TRIES times and not confirmed; its text names
    the first such message, as "message 3 of 8 was not confirmed". An END that is not confirmed
    after TRIES times is no error. A ConnectionError of the socket counts as silence.

    Example: message 1 of 2 is lost once: Stats(transmissions=3, rtts=[0.0004])
    """
    stats = Stats(0, [])
    for number, message in enumerate(messages, 1):
        for attempt in range(TRIES):
            stats.transmissions += 1
            rtt = _try_once(sock, address, packet(DATA, number, message), timeout)
            if rtt is not None:
                break
        else:
            raise TimeoutError(f"message {number} of {len(messages)} was not confirmed")
        if attempt == 0:  # else nobody knows which transmission the ACK is for
            stats.rtts.append(rtt)
    for _ in range(TRIES):
        if _try_once(sock, address, packet(END, len(messages) + 1), timeout) is not None:
            break
    return stats


def _try_once(sock, address, datagram, timeout):
    """Send once; return the seconds until its ACK came, or None where it did not."""
    number = HEADER.unpack(datagram[:5])[1]
    start = time.perf_counter()
    with contextlib.suppress(ConnectionError):
        sock.sendto(datagram, address)
    while (left := start + timeout - time.perf_counter()) > 0:
        sock.settimeout(left)
        try:
            answer, sender = sock.recvfrom(2048)
        except TimeoutError:
            return None
        except ConnectionError:
            continue
        if sender == address and len(answer) == HEADER.size:
            kind, confirmed = HEADER.unpack(answer)
            if kind == ACK and confirmed >= number:
                return time.perf_counter() - start
    return None


# %%
check(send_reliably)

# %%
quiz("06 not confirmed")

# %% [markdown]
# ## How many tries?
#
# Each packet is lost with probability p, in both directions. How often must a message be sent on
# average, until its ACK comes? To measure it fast, 150 messages take each try together. The link says
# when nothing is on its way any more, so no timer is needed.

# %%
predict(
    "06 tries",
    "Each packet is lost with probability 0.3, messages and ACKs alike. How many times is a message "
    "sent on average?",
    low=1,
    high=10,
    unit="times",
)

# %% tags=["hidden", "nbval-ignore-output"]
import numpy as np

from helpers.chapters.chapter_06 import charts


def confirm_number(sock):
    while True:
        datagram, sender = sock.recvfrom(2048)
        sock.sendto(packet(ACK, HEADER.unpack(datagram[:5])[1]), sender)


def tries(loss, seed, messages=150):
    """How many times each message was sent, until it was confirmed."""
    sent, open_ones = np.zeros(messages, int), list(range(messages))
    with (
        run_server(confirm_number, kind="udp") as server,
        Link(server.address, loss=loss, seed=seed) as link,
        udp_socket() as sock,
    ):
        while open_ones:
            for number in open_ones:
                sock.sendto(packet(DATA, number), link.address)
                sent[number] += 1
            for place in (link, server, link):  # there, received, and back
                place.settle()
            while select.select([sock], [], [], 0)[0]:
                open_ones.remove(HEADER.unpack(sock.recv(2048))[1])
    return sent


sent = {
    loss: np.concatenate([tries(loss, seed) for seed in (1, 2, 3)])
    for loss in (0, 0.1, 0.2, 0.3, 0.4, 0.5)
}
print(predicted("06 tries").compare(round(sent[0.3].mean(), 2)))
charts.tries_by_loss(sent, predicted("06 tries"))

# %% tags=["claim"]
assert sent[0].mean() == 1 and sent[0.5].mean() > sent[0.3].mean() > 1

# %% [markdown]
# A try succeeds with probability (1 − p)², if both get through; the average number of tries until the
# first success is one over that. At 0.3 it is 2.04, at 0.5 already 4.
#
# ## How long should the timer be?
#
# Now the link delays each packet by 5 milliseconds, so a round trip takes 10, and loses one in ten. Ten
# messages by stop-and-wait, with timers from 3 to 90 milliseconds. What do the shortest
# and the longest cost?


# %%
predict(
    "06 short timer",
    "How many datagrams will a message cost with a timer of 3 ms?",
    low=1,
    unit="datagrams",
)


# %% tags=["hidden", "nbval-ignore-output"]
def cost(timer, loss=0.1, seed=11, messages=10):
    """Datagrams and milliseconds for each message, by stop-and-wait with this timer."""
    with (
        run_server(partial(confirm_up_to, kept=[]), kind="udp", name="receiver") as server,
        Link(server.address, loss=loss, delay=0.005, seed=seed) as link,
        udp_socket() as sock,
    ):
        start = time.perf_counter()
        transmissions = stop_and_wait(sock, link.address, [b"open"] * messages, timer)
        taken = time.perf_counter() - start
    return transmissions / messages, taken * 1000 / messages


costs = {milliseconds: cost(milliseconds / 1000) for milliseconds in (3, 6, 15, 30, 90)}
print(predicted("06 short timer").compare(round(costs[3][0], 1)))
charts.cost_of_timers(costs)

# %% tags=["claim"]
assert costs[3][0] > costs[90][0] >= 1

# %% [markdown]
# A timer below the round trip repeats what is not lost: several datagrams for each message, on
# a network that may be overloaded already. One of 90 ms wastes most of its time after each loss. Best is
# a little more than a round trip; but how long is that, on a path that you do not know, and that
# changes?
#
# RFC 6298 (section 2) measures. It keeps a smoothed round-trip time and its usual deviation, and sets the
# timer to the one plus **four times** the other. Two rules go with it (sections 3 and 5):
# - **Karn's rule**: the round trip of a message that was sent again is no sample. Its ACK may answer
#   either transmission.
# - **Back off**: each time the timer ends, it doubles, and stays so until a valid sample comes.
#
# Here each way takes 3 milliseconds, from message 25 on 10, from 50 on 3 again; one packet in 50 is lost, each
# way.


# %% tags=["nbval-ignore-output"]
def follow(messages=75, seed=3):
    """Stop-and-wait with a timer that follows; return a row for each message, in milliseconds."""
    rows, smooth, spread, timer = [], None, None, 0.1
    with (
        run_server(confirm_number, kind="udp") as server,
        Link(server.address, jitter=0.0005, loss=0.02, seed=seed) as link,
        udp_socket() as sock,
    ):
        for number in range(messages):
            link.set(delay=0.01 if 25 <= number < 50 else 0.003)
            used, sent, confirmed = timer, [], -1
            while confirmed != number:
                if not sent or time.perf_counter() > sent[-1] + timer:
                    timer = timer * 2 if sent else timer
                    sent.append(time.perf_counter())
                    sock.sendto(packet(DATA, number), link.address)
                if select.select([sock], [], [], timer / 20)[0]:
                    confirmed = HEADER.unpack(sock.recv(2048))[1]
            since = [(time.perf_counter() - moment) * 1000 for moment in sent]
            rows.append((number, used * 1000, since))
            if len(sent) == 1:  # Karn's rule
                rtt = since[0] / 1000
                if smooth is None:
                    smooth, spread = rtt, rtt / 2
                else:
                    spread += (abs(smooth - rtt) - spread) / 4
                    smooth += (rtt - smooth) / 8
                timer = smooth + max(0.001, 4 * spread)
    return rows


rows = follow()
charts.timer_that_follows(rows)

# %% tags=["claim"]
assert any(len(since) == 1 for _, _, since in rows) and len(rows) == 75

# %% [markdown]
# The timer starts high, at three times the first sample, and sinks. At message 25 it is suddenly
# too short: the message goes out again, and the crosses show what its sample might have been,
# counted from each transmission. Karn's rule takes none of them. But the doubled timer stays for the next
# message, and so after one or two it is long enough for a valid sample. Upward spikes are losses. (RFC 6298,
# rule 2.4, asks for a second at least; we left that out here.)

# %%
from helpers import puzzle

puzzle("06 each comes twice")

# %% [markdown]
# ## Exercise 3: the estimator
#
# When yours passes, **try** it in `follow`: an `RtoEstimator(minimum=0)` in place of `timer`, `smooth` and
# `spread`.


# %% tags=["exercise"]
class RtoEstimator:
    """The retransmission timer of RFC 6298, section 2, with a clock granularity G of 0.001 s.

    Example: with minimum=0 timeout() is 1.0 at first, after sample(0.1) 0.3, after another
    sample(0.1) 0.25, and after back_off() 0.5.
    """

    def __init__(self, minimum=1.0, maximum=60.0):
        """Bounds of the timer, in seconds."""
        self._minimum, self._maximum = minimum, maximum
        self._smooth = self._deviation = None
        self._set(1.0)

    def timeout(self):
        """Return the timer in seconds, always from minimum to maximum.

        Before the first sample it is 1.0, then SRTT + max(G, 4 * RTTVAR), both as in `sample`.
        """
        return self._timeout

    def sample(self, rtt):
        """Take a round-trip time R in seconds, of a message that was sent only once.

        The first sample: SRTT = R, RTTVAR = R/2. Each later one, in this order: RTTVAR becomes
        3/4 of itself plus 1/4 of |SRTT - R|, SRTT becomes 7/8 of itself plus 1/8 of R.
        A sample ends a backing off. Raises ValueError for a negative rtt, and changes nothing.
        """
        if not rtt >= 0:
            raise ValueError(f"a round-trip time is 0 seconds or more, not {rtt!r}")
        if self._smooth is None:
            self._smooth, self._deviation = rtt, rtt / 2
        else:
            self._deviation += (abs(self._smooth - rtt) - self._deviation) / 4
            self._smooth += (rtt - self._smooth) / 8
        self._set(self._smooth + max(0.001, 4 * self._deviation))

    def back_off(self):
        """Double the timer, up to maximum; it stays so until the next sample."""
        self._set(2 * self._timeout)

    def _set(self, timeout):
        self._timeout = min(max(timeout, self._minimum), self._maximum)


# %%
check(RtoEstimator)

# %% [markdown]
# ## The same idea in the field: CoAP
#
# CoAP, a protocol for small devices, runs over UDP. Its **confirmable** message is stop-and-wait with a
# *message ID*. RFC 7252, section 4.2: the first timer is a random time from ACK_TIMEOUT (2 s) to
# ACK_TIMEOUT × ACK_RANDOM_FACTOR (1.5). Each time it ends, the message goes again and the timer doubles, at most
# MAX_RETRANSMIT (4) times; then the sender gives up. Here are these rules, 200 times faster, beside your
# sender (`stop_and_wait`, until yours passes its check). The first 4 transmissions are lost, or 5.
#
# And why **random**? In the second picture thirty devices all send at once. The gateway takes one message in a
# fifth of a second, and queues four more. First all wait the same 2 seconds, then each draws its own.
# How many are confirmed?

# %% tags=["nbval-ignore-output"]
ACK_TIMEOUT, ACK_RANDOM_FACTOR, MAX_RETRANSMIT = 2.0, 1.5, 4
FASTER = 200
COAP = struct.Struct("!BBH")  # version, type and token length; code; message ID
CONFIRMABLE, COAP_ACK, POST = 0x40, 0x60, 0x02


def coap_timers(dice, factor=ACK_RANDOM_FACTOR):
    """How long a confirmable message waits after each of its transmissions, in seconds."""
    first = dice.uniform(ACK_TIMEOUT, ACK_TIMEOUT * factor) / FASTER
    return [first * 2**retransmission for retransmission in range(MAX_RETRANSMIT + 1)]


def send_confirmable(sock, address, message_id, payload, dice):
    """Send by CoAP's rules; return whether it was confirmed."""
    for timer in coap_timers(dice):
        sock.sendto(COAP.pack(CONFIRMABLE, POST, message_id) + b"\xff" + payload, address)
        ends = time.perf_counter() + timer
        while (left := ends - time.perf_counter()) > 0:
            sock.settimeout(left)
            with contextlib.suppress(TimeoutError):
                if COAP.unpack(sock.recv(2048)[:4]) == (COAP_ACK, 0, message_id):
                    return True
    return False


def confirm_coap(sock):
    while True:
        datagram, sender = sock.recvfrom(2048)
        sock.sendto(COAP.pack(COAP_ACK, 0, COAP.unpack(datagram[:4])[2]), sender)


def times_of(send, receiver, lost):
    """Each datagram's time, in CoAP's seconds, and fate, if the first are lost; send's result."""
    with (
        run_server(receiver, kind="udp", name="receiver") as server,
        Link(server.address, up={"script": ["drop"] * lost}) as link,
        udp_socket() as sock,
    ):
        result = send(sock, link.address)
    sent = [event for event in link.trace if event.source != "server" and event.head[0] != END]
    return [((event.time - sent[0].time) * FASTER, event.fate) for event in sent], result


def by_coap(sock, address):
    return send_confirmable(sock, address, 7, b"open", random.Random(4))


def by_you(sock, address):
    sender = yours or stop_and_wait
    return sender(sock, address, [b"open"], ACK_TIMEOUT / FASTER)


yours = own_answer("send_reliably")
runs = {
    "CoAP, 5 lost": times_of(by_coap, confirm_coap, 5)[0],
    "CoAP, 4 lost": times_of(by_coap, confirm_coap, 4)[0],
    "yours, 4 lost" if yours else "stop_and_wait, 4 lost": times_of(by_you, confirm_number, 4)[0],
}
charts.intervals(runs, gives_up=sum(coap_timers(random.Random(4))) * FASTER)

# %% tags=["claim"]
assert len(runs["CoAP, 5 lost"]) == 1 + MAX_RETRANSMIT


# %%
predict("06 in step", "Thirty send in step. How many are confirmed?", low=0, high=30, unit="of 30")


# %% tags=["hidden", "nbval-ignore-output"]
def herd(factor, devices=30, seed=1):
    """Devices that all begin at once; returns those confirmed, and the trace."""
    dice, plan, confirmed = random.Random(seed), [], set()
    for device in range(devices):
        timers = coap_timers(dice, factor)
        plan += [(sum(timers[:k]), device) for k in range(1 + MAX_RETRANSMIT)]
    with (
        run_server(confirm_coap, kind="udp") as server,
        Link(server.address, up={"rate": 4 * FASTER * 5, "queue": 4 * 5}) as link,
        udp_socket() as sock,
    ):
        start = time.perf_counter()
        for moment, device in sorted(plan):
            while select.select([sock], [], [], max(0, start + moment - time.perf_counter()))[0]:
                confirmed.add(COAP.unpack(sock.recv(2048))[2])
            if device not in confirmed:
                sock.sendto(COAP.pack(CONFIRMABLE, POST, device), link.address)
        for place in (link, server, link):
            place.settle()
        while select.select([sock], [], [], 0)[0]:
            confirmed.add(COAP.unpack(sock.recv(2048))[2])
    return confirmed, link.trace


got = {"all wait\nthe same": herd(1.0), "each at\nrandom": herd(ACK_RANDOM_FACTOR)}
together, spread = (len(confirmed) for confirmed, _ in got.values())
print(predicted("06 in step").compare(together))
charts.herd_chart(got, FASTER, lambda datagram: COAP.unpack(datagram)[2])

# %% tags=["claim"]
assert 0 < together <= 30 and 0 < spread <= 30

# %% [markdown]
# Without doubling a sender is through a short silence sooner; CoAP spares a network that has nothing to spare, and
# outlasts a silence of half a minute. After 31 times its first timer, 62 to 93 seconds, it gives up.
#
# Who collided once and waits as long as the others collides again, each time. Chance spreads them out.

# %% [markdown]
# ## Words of this chapter

# %%
words("06")

# %% [markdown]
# ## What you can do now
#
# - Build delivery that survives lost, doubled and late packets: numbers both ways, a timer, an end.
# - Predict how many tries a message takes: 1/(1 − p)².
# - Set a timer from measured round trips, with Karn's rule, backing off, and chance.
# - Compare windows, and recognise CoAP's confirmable message.
#
# So you have built the heart of TCP. [Chapter 08](08_many_clients_at_once.ipynb) asks what a server does
# with many clients at once.
#
# **Worth reading:** RFC 6298 (TCP's timer, in a few pages); RFC 7252, sections 4.2 to 4.8 (CoAP's messages); RFC
# 8085, section 3.1 (what a sender over UDP owes the network).
