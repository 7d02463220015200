# %% [markdown]
# # Packet loss
#
# Radio fades, queues overflow, cables are pulled: on every network some packets die. This chapter puts
# a link between a client and a server that loses, doubles, delays and reorders packets on purpose, so
# that you can watch and count it.
#
# At the end you can
# - **see** which packets died, and where, in three views of one log;
# - **predict** how many questions get an answer, and **say** how sure a measured loss is;
# - **tell** lost from doubled and late, and an average from the longest gap;
# - **explain** how delay turns into reordering, and a queue into delay and then into loss.
#
# About 90 minutes. Read [chapter 04](04_datagrams_udp_for_sensors.ipynb) first.

# %% [markdown] tags=["about"]
# learn: see packets die; say how many, how surely, in which pattern and how late
# leave out: the exercise on jitter
# ask: the loss slider, the same loss each way | At 30 % each way, how many questions get an answer?

# %%
import socket
import struct
import sys
import time
from builtins import max, min, sum  # Python's own, also after `from numpy import *`
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

review("05")

# %% [markdown]
# ## A link that loses
#
# The server is an echo: what comes in a datagram goes back in one. The client sends to a `Link` on the
# way. The link drops each packet with probability 0.3, in each direction, and delays the others by 0.005
# seconds. The client sends eight questions at once. `settle` waits until nothing is on its way any more;
# then the client reads the answers.
#
# The *seed* fixes the dice: with the same seed the same packets die, on any machine. Of
# eight questions, how many get an answer?


# %%
predict(
    "05 eight questions", "Of eight questions, how many get an answer?", low=0, high=8, unit="of 8"
)


# %% tags=["hidden"]
def udp_socket():
    """A UDP socket on a free port of this machine, whose waits end after 0.3 seconds."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(0.3)
    return sock


def echo(sock):
    while True:
        data, client = sock.recvfrom(2048)
        sock.sendto(data, client)


answers = []
with (
    run_server(echo, kind="udp") as server,
    Link(server.address, loss=0.3, delay=0.005, seed=9) as link,
    udp_socket() as client,
):
    for number in range(1, 9):
        client.sendto(f"ping {number}".encode(), link.address)
    for each in (link, server, link):  # there, at the echo, and back
        each.settle(timeout=5)
    try:
        while True:
            answers.append(client.recv(2048).decode())
    except TimeoutError:
        print(len(answers), "of 8 were answered:", *answers)
print(predicted("05 eight questions").compare(len(answers)))

log = link.trace

# %% tags=["claim"]
assert len(log) == 8 + link.account()["down"].sent  # "down": from the server to the client

# %% tags=["nbval-ignore-output"]
from helpers import sequence_diagram

sequence_diagram(
    log, "A cross is a packet that died: a question or an answer", roles=("client", "server")
)

# %% tags=["claim"]
assert len(log) == 14  # eight questions, and six that came to the echo and were answered

# %% [markdown]
# Nothing told the client. `sendto` worked each time, and silence looks the same whether the question died
# or its answer. A real network has no `settle`: a client can only wait. (Answers are
# numbered apart here: the text in quotes tells.)
#
# ## One log, three views
#
# The diagram is drawn from the link's log, and the table below is the same log. The third view is a file,
# a *capture*. If you have Wireshark, run the next cell, and
# 1. choose *File > Open* and take `packet_loss.pcap` from this notebook's folder; where Jupyter runs
#    elsewhere, download it first (right click on it on the left, *Download*);
# 2. look at the list: a row for each packet, with time, addresses, protocol (UDP), length and ports.
#    A length of 34 is 6 bytes of ours, 8 of UDP's header and 20 of IP's. Select a packet, and open *User
#    Datagram Protocol* and *Data* below: there are the bytes;
# 3. type `frame.comment` into the filter line at the top and press Enter: the three packets that died
#    are left, and the comment in front of a packet's details says `lost: loss`;
# 4. clear the filter, choose *Statistics > Conversations*, and *UDP* there: 8 packets went one way, 6
#    the other.
#
# **What is real in that file?** Payloads, sizes and times are. The headers of IP and UDP are
# *synthesised*: `write_pcap` writes what a correct sender would have written, as the link never
# sees those of the system. No real capture has such comments: at the sender one sees a packet leave
# and not die, at the receiver one sees nothing.

# %% tags=["nbval-ignore-output"]
from helpers import packet_table, write_pcap

written = write_pcap(log, "packet_loss.pcap")
packet_table(log)

# %% tags=["claim"]
assert written == len(log) == 14

# %% [markdown]
# No Wireshark? The table says *lost* three times, in its last column: two questions and one answer.
# (Where a packet took much longer than 5 ms, your machine was busy.)

# %%
from helpers import puzzle

puzzle("05 what happened")

# %% [markdown]
# ## How many questions get an answer?
#
# Eight packets say little. Now we send more, and the link counts.

# %%
predict(
    "05 round trips",
    "Each packet is lost with probability 0.3, on the way there and on the way back. Of 100 "
    "questions, how many get an answer?",
    low=0,
    high=100,
    unit="of 100",
)


# %% tags=["hidden"]
def round_trips(loss, packets, seed):
    """Ask an echo through a lossy link; return loss, questions, and how many were answered."""
    with (
        run_server(echo, kind="udp") as server,
        Link(server.address, loss=loss, seed=seed) as link,
        udp_socket() as client,
    ):
        for number in range(1, packets + 1):
            client.sendto(number.to_bytes(4, "big"), link.address)
            if number % 100 == 0 or number == packets:  # no buffer is to overflow
                for each in (link, server, link):
                    each.settle(timeout=5)
        return loss, packets, link.account()["down"].delivered


measured = [round_trips(loss, 150, seed=7) for loss in (0.1, 0.3, 0.5, 0.7, 0.9)]
for loss, packets, answered in measured:
    print(f"loss {loss} each way: {answered} of {packets} answered, {answered / packets:.2f}")
print(predicted("05 round trips").compare(round(100 * measured[1][2] / 150)))

# %% [markdown]
# At 0.3 it is far below 0.7: a question must survive the way there **and** its answer the way back. Each
# succeeds with probability 1 − p, both with (1 − p) × (1 − p).
#
# Of 100 bars like those in the plot 95 should hold the true share: `margin` is the textbook's formula,
# 1.96 standard deviations each way. (A standard deviation is how far luck usually carries such a share
# from the true one.)
#
# The diamond is yours: drag the sliders, or select one and use the arrow keys. Find out at which loss
# each way half of the questions are answered.

# %% tags=["nbval-ignore-output"]
import numpy as np

from helpers.chapters.chapter_05 import charts


def margin(share, packets):
    return 1.96 * (share * (1 - share) / packets) ** 0.5


sliders = {
    "loss": Slider(0, 1, 0.05, start=0.5),
    "packets": Slider(10, 400, 10, start=150),
    "seed": Slider(1, 20, start=1),
}
chart_of_shares = charts.both_ways(measured, margin, predicted("05 round trips"))
panel = explore(round_trips, chart_of_shares, labels={"loss": "loss each way"}, **sliders)
panel

# %% tags=["claim"]
assert panel.data == round_trips(loss=0.5, packets=150, seed=1)  # the same seed, the same fates

# %% [markdown]
# Half comes back at 0.29, a quarter at 0.5. The losses do not add up: 1 − 2p would leave nothing at
# 0.5. Another seed is other luck, and the diamond moves by about as much as its bar says.
#
# **Try:** fewer packets; then a loss of 0. Where has the bar gone?
#
# ## Exercise 1: the loss each way
#
# Turn it round: you count answers, and want the loss each way.


# %% tags=["exercise"]
def one_way_loss(answered, asked):
    """The loss each way, from how many questions an echo answered.

    The loss is taken to be the same each way, and independent from packet to packet. (An
    echo can't tell which way lost more.) So the share of answers estimates (1 - p) ** 2, and
    the function returns that p.

    Arguments: answered and asked are whole numbers, asked is at least 1.
    Returns a float from 0 to 1, which is not rounded.
    Raises ValueError unless 0 <= answered <= asked and asked >= 1.

    Example: one_way_loss(49, 100) is 0.3, but for the last digits of a float.
    """
    if not 0 <= answered <= asked or asked < 1:
        raise ValueError(f"{answered} answers to {asked} questions")
    return 1 - (answered / asked) ** 0.5


# %%
check(one_way_loss)

# %% [markdown]
# ## How many packets make a number?
#
# A sensor sends 640 readings one way, at a loss of 0.1. `sense` notes what arrives: number, temperature,
# and when it was sent and came. What would we have said after 10 readings, after 40? (The seed is picked:
# none of the first ten dies.)


# %%
# Number, degrees Celsius, time of sending, and 84 bytes of padding (x): 100 bytes in all.
READING = struct.Struct("!Ifd84x")


def sense(celsius, gap=0.0, **settings):
    """Send readings, `gap` seconds apart, through a link; return what arrived, in that order."""
    arrived = []

    def collector(sock):
        while True:
            arrived.append((*READING.unpack(sock.recv(2048)), time.perf_counter()))

    with (
        run_server(collector, kind="udp") as server,
        Link(server.address, **settings) as link,
        udp_socket() as sensor,
    ):
        start = time.perf_counter()
        for number, value in enumerate(celsius, 1):
            time.sleep(max(0, start + number * gap - time.perf_counter()))
            sensor.sendto(READING.pack(number, value, time.perf_counter()), link.address)
            if (number % 100 == 0 and not gap) or number == len(celsius):
                link.settle(timeout=5)
                server.settle(timeout=5)
    return arrived


numbers = [number for number, *_ in sense([21.5] * 640, loss=0.1, seed=15)]
counts = {sent: sent - sum(number <= sent for number in numbers) for sent in (10, 40, 160, 640)}
for sent, lost in counts.items():
    print(f"after {sent:3}: {lost:2} lost, {lost / sent:.3f} ± {margin(lost / sent, sent):.3f}")
charts.growing_sample(counts, margin)

# %% [markdown]
# The width shrinks with the square root of the number: to know a loss of 0.1 to ± 0.01 takes about 3,500
# packets. After 40 the bar reaches below 0, which no loss can. And the point at 10 lies. None of ten was
# lost, and `margin` says ± 0. Yet at a loss of 0.1 ten in a row survive once in three tries (0.9¹⁰ =
# 0.35).
#
# Wilson (1927) asks the other way round: for **which** loss p is what we saw no more than 1.96 standard
# deviations from what p leads us to expect? With s = lost / n that is |s − p| ≤ 1.96 √(p (1 − p) / n):
# under the root stands p, the loss that we ask about, and not s, the one that we saw. For none of ten
# the ends are 0 and 0.28.
#
# With 50 packets at a loss of 0.02 the textbook's interval holds the truth in 64 % of all runs, where it
# promises 95. (In the other 36 % nothing is lost.) Wilson's holds it in 92 %.
#
# ## Exercise 2: how sure is a loss?


# %% tags=["exercise"]
def loss_interval(lost, sent):
    """The 95 % interval of a measured loss, by Wilson's formula.

    With s = lost / n, n = sent and z = 1.96 its ends are centre - half and centre + half:

        centre = (s + z² / (2 n)) / (1 + z² / n)
        half = z / (1 + z² / n) * √(s (1 - s) / n + z² / (4 n²))

    Arguments: lost and sent are whole numbers, sent is at least 1.
    Returns a tuple of two floats (low, high), within 0 to 1, which are not rounded.
    Raises ValueError unless 0 <= lost <= sent and sent >= 1.

    Example: loss_interval(0, 10) is about (0.0, 0.278).
    """
    if not 0 <= lost <= sent or sent < 1:
        raise ValueError(f"{lost} lost of {sent}")
    share, z2 = lost / sent, 1.96**2
    centre = (share + z2 / (2 * sent)) / (1 + z2 / sent)
    root = (share * (1 - share) / sent + z2 / (4 * sent**2)) ** 0.5
    half = 1.96 * root / (1 + z2 / sent)
    return max(0.0, centre - half), min(1.0, centre + half)


# %%
check(loss_interval)

# %%
quiz("05 ten pings")

# %% [markdown]
# ## What did the collector really lose?
#
# This link loses, doubles and holds back, each with probability 0.1 (what is held back comes 0.01
# seconds later). The collector counts what arrives. What will it say about the loss?


# %%
predict(
    "05 lost of 100",
    "How many of 100 readings will the collector call lost?",
    low=0,
    high=100,
    unit="of 100",
)

# %% tags=["hidden"]
from dataclasses import dataclass


@dataclass
class Report:
    lost: int
    duplicated: int
    reordered: int


came = sense([21.5] * 100, loss=0.1, duplicate=0.1, reorder=0.1, seed=19)
received = [number for number, *_ in came]
print(f"{len(received)} of 100 received, so {100 - len(received)} lost?")
print("missing:", *sorted(set(range(1, 101)) - set(received)))
print(predicted("05 lost of 100").compare(100 - len(received)))
print("came twice:", *sorted({number for number in received if received.count(number) > 1}))

# %% [markdown]
# Eight are missing, and eight others came twice. 1 − received / sent
# is **no** loss rate. Three words need care:
# - *lost* was sent and never came (RFC 7680). "Never" means: not by the time when you stop to wait;
# - *duplicated* is each arrival after the first of its number (RFC 5560);
# - *reordered* is a first arrival that comes after one that was sent later (RFC 4737). It is late, and
#   it is **here**: not lost.
#
# ## Exercise 3: lost, doubled, late
#
# `Report`, above, is a class with three named values: `Report(1, 1, 1)` makes one, and its `.lost` is 1.


# %% tags=["exercise"]
def loss_report(sent, received):
    """Count what was lost, duplicated and reordered.

    Arguments: sent is a list of sequence numbers in the order in which they were sent, each
    once; they may begin anywhere, leave gaps, and start again from 0 after the largest.
    received is a list of numbers in the order of arrival. Numbers that were never sent are
    ignored: old packets of another run. Neither list may be changed.
    Returns a Report (or any object with these attributes):
      lost: how many were sent and never received;
      duplicated: how many arrivals there were beyond the first of each number;
      reordered: how many first arrivals have, in sent, a place before that of a number that
      had arrived earlier.

    Example: loss_report([1, 2, 3, 4, 5], [1, 3, 2, 2, 5]) is Report(1, 1, 1): 4 is lost, 2
    came twice, and it came after 3.
    """
    place = {number: index for index, number in enumerate(sent)}
    seen, newest = set(), -1
    report = Report(lost=0, duplicated=0, reordered=0)
    for number in received:
        if number not in place:
            continue
        if number in seen:
            report.duplicated += 1
        else:
            report.reordered += place[number] < newest
        seen.add(number)
        newest = max(newest, place[number])
    report.lost = len(sent) - len(seen)
    return report


# %%
check(loss_report)

# %% [markdown]
# ## The same loss, in bursts
#
# On a radio packets do not die one by one: a lorry stops in the way, and for a while all do. Gilbert
# (1960) described that by two states, good and bad, with a chance to change at each packet; here the good
# one loses nothing and the bad one all.
#
# A sensor's 300 readings, one a minute, are sent at once here; in the last hour somebody opens a window
# for 15 minutes. Both records have a mean loss of 0.1, one of them in bursts.

# %%
predict(
    "05 longest gap",
    "300 readings, one in ten lost on average, in bursts of 8 on average. How long is the longest "
    "gap in the record?",
    low=0,
    high=300,
    unit="readings",
)

# %% tags=["hidden", "nbval-ignore-output"]
MINUTES = np.arange(1, 301)
CELSIUS = 20 + 1.5 * np.sin(MINUTES / 48) - 5 * ((MINUTES >= 246) & (MINUTES < 261))


def two_records(loss, burst, seed):
    """The same sensor over two links; return for each which minutes arrived."""
    ways = (("independent", 1), ("in bursts", burst))
    return {
        name: [n for n, *_ in sense(CELSIUS, loss=loss, burst=length, seed=seed)]
        for name, length in ways
    }


panel = explore(
    two_records,
    charts.records(MINUTES, CELSIUS),
    loss=Slider(0, 0.5, 0.05, start=0.1),
    burst=Slider(1, 20, start=8),
    seed=Slider(1, 20, start=3),
    labels={"burst": "burst (mean length)"},
)
gaps = {name: max(np.diff([0, *here, 301])) - 1 for name, here in panel.data.items()}
print(predicted("05 longest gap").compare(int(gaps["in bursts"])))
panel

# %% tags=["claim"]
assert gaps == {"independent": 3, "in bursts": 24}

# %% [markdown]
# (An orange stroke is a lost reading, the grey line the truth.) 31 and 35 readings are lost; but the
# longest gap has 3 in one record and 24 in the other, and in it the window was opened and closed. **An
# average does not say it all:** who must notice something within ten minutes asks for the longest gap.
#
# Move the seed. Ours was picked: with the other 19 some of the window is seen. But the longest gap is
# always longer in bursts, 6 to 39 readings and not 1 to 3. The counts scatter more, too: with bursts of 8
# Wilson's interval, which takes losses to be independent, is too narrow by a factor of about 3.6.

# %%
from helpers import puzzle

puzzle("05 which rule")

# %% [markdown]
# ## Exercise 4: the longest gap


# %% tags=["exercise"]
def longest_gap(sent, received):
    """The largest number of readings sent one after another of which none arrived.

    Arguments: as for loss_report. One that arrived late, or twice, has arrived. Numbers that
    were never sent are ignored. Neither list may be changed.
    Returns an int, 0 where nothing was lost. A gap at the beginning or the end counts, too.

    Example: longest_gap([1, 2, 3, 4, 5, 6], [4, 1, 6]) is 2: numbers 2 and 3 never came.
    """
    here = set(received)
    longest = gap = 0
    for number in sent:
        gap = 0 if number in here else gap + 1
        longest = max(longest, gap)
    return longest


# %%
check(longest_gap)

# %% [markdown]
# ## Delay is not one number
#
# A reading is sent every millisecond. The link takes 20 ms for each (`delay`) and up to 20 more, by
# chance, 10 on average (`jitter`). A delay that varies has *jitter*, or delay variation (RFC 3393).
# In which order do the readings arrive?

# %%
predict(
    "05 overtaken", "How many of 200 readings will be overtaken?", low=0, high=200, unit="of 200"
)

# %% tags=["hidden", "nbval-ignore-output"]
came = sense([21.5] * 200, gap=0.001, delay=0.02, jitter=0.01, seed=1)
delays = [(arrival - sending) * 1000 for *_, sending, arrival in came]
order = [number for number, *_ in came]
late = sum(number < max(order[: place + 1]) for place, number in enumerate(order))
print(f"{late} of 200 were overtaken; median {np.median(delays):.0f} ms")
print(predicted("05 overtaken").compare(late))
charts.delays_of(delays, late)

# %% tags=["claim"]
assert len(order) == 200 and late > 50

# %% [markdown]
# (Beyond 40 ms it is the machine, not the link.) **Jitter turns into
# reordering** where delays differ by more than the time between two packets, a millisecond here: about
# seven in ten are overtaken. A sensor that reports every minute never sees it.
#
# A slow line delays in another way: by its **queue**. This one takes 60,000 bytes a second (`rate`), lets
# up to 3,000 bytes wait (`queue`), and adds 10 ms. The sensor sends a reading of 100 bytes every
# millisecond, so 100,000 bytes a second. How long do readings 1 and 50 take?


# %%
predict("05 queue", "How long will reading 50 take?", low=0, unit="ms")


# %% tags=["hidden", "nbval-ignore-output"]
def bottleneck(delay_ms, jitter_ms, duplicate, reorder, rate, queue):
    """100 readings of 100 bytes, one each millisecond; return numbers, delays in ms, and their limit."""
    settings = {"duplicate": duplicate, "reorder": reorder, "rate": rate, "queue": queue, "seed": 2}
    settings |= {"delay": delay_ms / 1000, "jitter": jitter_ms / 1000}
    came = sense([21.5] * 100, gap=0.001, **settings)
    rows = [(number, (arrival - sending) * 1000) for number, _, sending, arrival in came]
    return rows, delay_ms + queue / rate * 1000


panel = explore(
    bottleneck,
    charts.through_a_queue(),
    delay_ms=Slider(0, 20, 5, start=10),
    jitter_ms=Slider(0, 10, 1, start=0),
    duplicate=Slider(0, 0.5, 0.05, start=0.0),
    reorder=Slider(0, 0.5, 0.05, start=0.0),
    rate=Slider(50_000, 150_000, 10_000, start=60_000),
    queue=Slider(500, 4_000, 500, start=3_000),
    labels={"rate": "rate (bytes/s)", "queue": "queue (bytes)"},
)
numbers = {number for number, _ in panel.data[0]}
taken = dict(panel.data[0])
print(predicted("05 queue").compare(round(taken.get(50, 0))))
panel

# %% tags=["claim"]
assert set(range(1, 31)) <= numbers  # 30 fit into the queue, whatever the time

# %% [markdown]
# The line falls behind, and each reading waits longer than the one before: the first takes about 12 ms,
# the 50th 45. From about the 75th on the queue is full: the delay stays at its most, 60 ms, and two in
# five of the rest are **lost**. A larger queue loses them later and makes all wait longer (RFC 7567); in
# the long run only a sender that slows down helps.
#
# **Try:** a rate of 100,000 and more; then jitter, duplicates, or reordering. (Jitter and reordering come
# on top of the dashed line. Losses that are gone the next time are your machine's: it paused, and the
# sensor sent the rest at once.)
#
# ## Exercise 5: jitter in one number
#
# The clocks of two machines differ, so a delay one way can't be measured by subtraction. But its
# **changes** can: the difference of the clocks drops out. RFC 3550 smooths them.


# %% tags=["exercise"]
def interarrival_jitter(timestamps):
    """The interarrival jitter of RFC 3550, section 6.4.1, in seconds.

    For two packets that arrive one after the other, D is the later one's (received - sent)
    minus that of the one before. J begins at 0, and each packet after the first adds
    (|D| - J) / 16 to it.

    Arguments: timestamps is a list of tuples (sent, received), in seconds, in the order of
    arrival, which may not be changed. The clocks of sender and receiver may differ by a
    constant, of any size and sign.
    Returns J after the last packet, a float; 0.0 for fewer than two packets.

    Example: interarrival_jitter([(0.0, 5.0), (1.0, 6.016)]) is 0.001: D is 0.016.
    """
    jitter, before = 0.0, None
    for sent, received in timestamps:
        transit = received - sent
        if before is not None:
            jitter += (abs(transit - before) - jitter) / 16
        before = transit
    return jitter


# %%
check(interarrival_jitter)

# %% [markdown]
# ## Words of this chapter

# %%
words("05")

# %% [markdown]
# ## What you can do now
#
# - See which packets died, as a diagram, a table and a capture.
# - Predict the share of round trips, (1 − p)², and put an interval on a measured loss.
# - Tell lost from doubled and late, and an average from the longest gap.
# - Explain how jitter reorders, and how a queue delays and then drops.
#
# [Chapter 06](06_reliable_delivery_over_udp.ipynb) delivers every message over a link like these.
#
# **Worth reading:** RFC 7680, sections 2 and 3 (loss); RFC 4737, section 3
# (reordering); RFC 3550, section 6.4.1 (jitter); RFC 7567, section 2 (queues); Wilson, "Probable
# inference, the law of succession, and statistical inference" (1927).
