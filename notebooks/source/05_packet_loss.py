# %% [markdown]
# # Packet loss
#
# On any network packets may die, for example because a lorry parks in front of an antenna. In this
# chapter you put a link between a client and a server. It loses, doubles, delays and damages packets
# on purpose, and you watch and count.
#
# At the end you can
# - **see** which packets died, and where, in three views of one log;
# - **predict** how many questions get an answer, and **say** how sure a measured loss is;
# - **tell** lost from doubled, late, damaged and too large, and **write** a checksum;
# - **explain** how a queue turns into delay, and then into loss.
#
# About 80 minutes, an estimate: beginners may need twice as long. Read
# [chapter 04](04_datagrams_udp_for_sensors.ipynb) first.

# %% [markdown] tags=["about"]
# learn: see packets die; say how many, how surely, in which pattern; find damage and what is too large
# leave out: "If you have time", which is not in the minutes
# ask: the loss slider, the same loss each way | At 30 % each way, how many questions get an answer?
# ask: a link that flips bits | Does what arrives equal what was sent?

# %%
import socket
import struct
import sys
import time
from builtins import max, min, sum  # Python's own, also after `from numpy import *`
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

from helpers import Link, Slider, check, explore, live, own_answer, page_style
from helpers import predict, predicted, puzzle, quiz, run_server, words

page_style()  # pictures follow a dark theme

# %%
from helpers import review

review("05")

# %% [markdown]
# ## Silence has two causes
#
# Our device is an *echo*, as in chapter 02: it sends back what it gets. A pinger sends it eight
# questions through a `Link`, which drops each packet with probability 0.3, in each direction. How
# many of the eight get an answer?
#
# Predict, then run the cell with the code once and watch the packets. Then run it again, and kill an
# answer by a click. Can the pinger tell this from a lost question?

# %%
predict("05 eight", "How many of the eight get an answer?", low=0, high=8, unit="of 8")


# %% tags=["hidden", "nbval-ignore-output"]
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


with (
    run_server(echo, kind="udp") as server,
    Link(server.address, loss=0.3, delay=0.6, seed=9) as link,
    live(
        link, "A cross is a packet that died", lambda data: data[5:].decode(), ("pinger", "device")
    ),
    udp_socket() as client,
):
    for number in range(1, 9):
        client.sendto(f"ping {number}".encode(), link.address)
        time.sleep(0.15)
    for each in (link, server, link):  # until all is there, answered, and back
        each.settle(timeout=60)
    answered = link.account()["down"].delivered  # "down": from the server
print(predicted("05 eight").compare(answered))

log = link.trace

# %% tags=["claim"]
assert link.account()["down"].delivered == 5
assert len(log) == 14  # eight questions, and six that came to the echo and were answered

# %% [markdown]
# In the first run five of the eight got an answer: two questions died on the way there, and answer 4
# on the way back.
#
# No, the pinger can't tell the two apart, because its `sendto` worked each time and silence looks the
# same in both cases.
#
# ## One log, three views
#
# The diagram is drawn from the link's log. Next, `packet_table` shows the log of your last run as a
# table, where the pinger is called `client 1`, and the device `server`. And `write_pcap` writes it
# into a *capture*, a file for the tools of networks.
#
# If you have such a tool, Wireshark, run the cell and open `packet_loss.pcap` from this notebook's
# folder. Type `frame.comment` into the filter line and press Enter. Now it lists only the packets
# that died, each with a comment such as `lost: loss`.

# %% tags=["nbval-ignore-output"]
from helpers import packet_table, write_pcap

written = write_pcap(log, "packet_loss.pcap")
packet_table(log)

# %% tags=["claim"]
assert written == len(log) == 14

# %%
puzzle("05 what happened")

# %% [markdown]
# ## How many questions get an answer?
#
# Chapter 04 multiplied 0.8 × 0.8. Does that hold at every loss? We send 150 questions at each of five
# losses, and let the link count the answers. At a loss of 0.3 each way, how many of 100 questions get
# an answer?

# %%
predict(
    "05 round trips", "How many get an answer at 0.3?", low=0, high=100, unit="of 100 questions"
)


# %% tags=["hidden", "nbval-ignore-output"]
from helpers.chapters.chapter_05 import charts, staging


def round_trips(loss, packets, seed):
    """Ask an echo through a lossy link; return loss, questions, and how many were answered."""
    with (
        run_server(echo, kind="udp") as server,
        Link(server.address, loss=loss, seed=seed) as link,
        udp_socket() as client,
    ):
        for number in range(1, packets + 1):
            client.sendto(number.to_bytes(4, "big"), link.address)
            if number % 100 == 0 or number == packets:  # so that no buffer overflows
                for each in (link, server, link):
                    each.settle(timeout=5)
        return loss, packets, link.account()["down"].delivered


measured = [round_trips(loss, 150, seed=33) for loss in (0.1, 0.3, 0.5, 0.7, 0.9)]
panel = explore(
    round_trips,
    charts.both_ways(measured, predicted("05 round trips")),
    loss=Slider(0, 1, 0.05, start=0.4),
    packets=Slider(10, 400, 10, start=150),
    seed=Slider(1, 20, start=1),
    labels={"loss": "loss each way"},
)
print(predicted("05 round trips").compare(round(100 * measured[1][2] / 150)))
panel

# %% tags=["claim"]
assert panel.data == round_trips(loss=0.4, packets=150, seed=1)  # the same seed, the same fates

# %% [markdown]
# About 49 of 100 get an answer, not 70, as the black point at a loss of 0.3 shows. Of 100 questions
# about 70 arrive, and of their answers seven in ten survive, so 70 × 0.7 = 49.
#
# With a loss of p each way that makes (1 − p) × (1 − p), the solid curve.
#
# **Try:** the white diamond is yours, and the sliders move it.
#
# 1. Lose 0.5 each way. Do the losses add up, so that nothing comes back? (No, a quarter comes back,
#    because 0.5 × 0.5 = 0.25.)
# 2. Move the seed, first with 20 packets and then with 400. When does the diamond jump farther? (With
#    20: fewer packets leave more to luck.)
#
# ## Exercise 1: the loss each way
#
# Now go the other way, from the share that was answered to p.


# %% tags=["exercise"]
def one_way_loss(answered, asked):
    """The loss each way, from how many questions an echo answered.

    Take every packet to be lost with the same chance p, either way. Then about
    (1 - p) ** 2 of the questions are answered. The function returns this p.

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
# ## How many packets does a sure number take?
#
# Ten readings were sent, and all ten came: is the network perfect? Turn the question round: if the
# network had a loss of 0.2, would it be a surprise that none of ten was lost?
#
# Of ten packets two are lost then on average, but often it is one or three. Is it too much luck that
# none was? (You may pass over the sums: the picture below shows what comes out.)
#
# - *How far does luck usually go?* Statistics has a measure for it, the *standard deviation*. Here it
#   is √(0.2 × 0.8 / 10) = 0.126, so the share that is lost typically strays from 0.2 by about that
#   much. With one or three lost in ten it strays by 0.1. For n packets and a loss of p this is √(p (1
#   − p) / n).
# - *How far did it go this time?* If the loss is 0.2 and we saw a share of 0, luck has moved it by
#   0.2, and 0.2 / 0.126 = 1.6 standard deviations.
# - *What is too far?* In about 95 of 100 cases luck moves the share by less than 1.96 standard
#   deviations. Here it had to go 1.6, so a loss of 0.2 **fits** what we saw. A loss for which it
#   would have to go farther than 1.96 is *out*.
#
# The next cell asks this for five losses. Does 0.3 fit as well?
#
# Then a sensor sends 640 readings one way, at a loss of 0.1. After 10 of them, 40, 160 and 640, a bar
# shows all losses that fit what was seen by then. How fast do the bars get shorter?
#
# (We picked a seed that spares the first ten, as happens once in three tries.)


# %%
def deviation(loss, packets):
    """How far luck typically moves the share that is lost: the standard deviation."""
    return (loss * (1 - loss) / packets) ** 0.5


def fits(loss, share, packets):
    """Whether a network with this loss may well lose such a share of the packets."""
    return abs(share - loss) <= 1.96 * deviation(loss, packets)


def bar(share, packets):
    """The smallest and the largest loss that fit, of 0, 0.001, 0.002 and so on up to 1."""
    fitting = [step / 1000 for step in range(1001) if fits(step / 1000, share, packets)]
    return fitting[0], fitting[-1]


for loss in (0.1, 0.2, 0.25, 0.3, 0.4):
    away = loss / deviation(loss, 10)  # from the 0 that we saw
    told = "fits" if fits(loss, 0, 10) else "is out"
    print(f"A loss of {loss:.2f}: none of ten is {away:.1f} standard deviations off, so it {told}.")

# The numbers of those of 640 readings that arrived.
numbers = [number for number, *_ in staging.sense([21.5] * 640, loss=0.1, seed=15)]
counts = {}  # how many were lost of the first 10, 40, 160 and 640
for sent in (10, 40, 160, 640):
    counts[sent] = sent - len([number for number in numbers if number <= sent])
charts.growing_sample(counts, bar)

# %% [markdown]
# No, 0.3 is out, but 0.25 still fits. In the picture each point is the loss that we saw. If none of
# ten is lost, says the first bar, any loss from 0 to 0.28 fits: the network need not be perfect.
#
# Each bar is a 95 % *interval*, a range computed from a sample, and such bars catch the true loss in
# about 95 of 100 samples. With four times the packets a bar is a little more than half as long. For a
# loss of 0.1, ± 0.01 takes about 3,500 packets: 1.96 × √(0.1 × 0.9 / 3,500) = 0.01.
#
# ## Exercise 2: how sure is a loss?
#
# The cell tried 1,001 losses for each bar. A formula by Wilson gives both ends at once. Write it as a
# function.


# %% tags=["exercise"]
def loss_interval(lost, sent):
    """The 95 % interval of a measured loss, by Wilson's formula.

    With n = sent, s = lost / n and z = 1.96 its ends are centre - half and centre + half:

        centre = (s + z² / (2 n)) / (1 + z² / n)
        half = z / (1 + z² / n) * √(s (1 - s) / n + z² / (4 n²))

    Arguments: lost and sent are whole numbers, sent is at least 1.
    Returns a tuple of two floats (low, high), not rounded and within 0 to 1. (Floats are not
    exact, so the formula may pass 0 or 1 by a hair. Cut an end off there.)
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
# ### A good place to stop
#
# To go on tomorrow, open the chapter, click on the next cell, and choose
# *Run → Run All Above Selected Cell*. This takes about 7 seconds.
#
# ## What did the collector really lose?
#
# A sensor sends 100 readings through a link that loses, doubles and holds back packets, each with
# probability 0.1. The collector only counts what arrives, and calls the rest of the 100 lost. How
# many is that?


# %%
predict("05 lost of 100", "How many does it call lost?", low=0, high=100, unit="of 100")

# %% tags=["hidden"]
came = staging.sense([21.5] * 100, loss=0.1, duplicate=0.1, reorder=0.1, seed=19)
received = [number for number, *_ in came]
print(f"{len(received)} of 100 received, so {100 - len(received)} lost?")
print("missing:", *sorted(set(range(1, 101)) - set(received)))
print(predicted("05 lost of 100").compare(100 - len(received)))
print("came twice:", *sorted({number for number in received if received.count(number) > 1}))

# %% [markdown]
# It calls none lost, because a hundred came. Still eight are missing, and eight others came twice and
# filled their places. (Our seed makes the two equal.) So counting is **not** enough. The numbers tell
# more:
#
# - A packet is *lost* if it has not come by the time when you stop waiting ([RFC
#   7680](https://www.rfc-editor.org/rfc/rfc7680#section-2)).
# - Each arrival after the first of its number is a *duplicate* ([RFC
#   5560](https://www.rfc-editor.org/rfc/rfc5560#section-3)).
# - A first arrival is *reordered* if a packet that was sent later has come earlier ([RFC
#   4737](https://www.rfc-editor.org/rfc/rfc4737#section-3)): the later packet has *overtaken* it. A
#   reordered packet is *late*, but it is **here**.
#
# ## Exercise 3: lost, doubled, late
#
# The next cell defines `Report`, a *dataclass*: a kind of object that keeps values under names.
# `Report(1, 2, 3)` makes one, and its `.lost` is then 1.

# %%
from dataclasses import dataclass


@dataclass
class Report:
    lost: int
    duplicated: int
    reordered: int


# %% tags=["exercise"]
def loss_report(sent, received):
    """Count what was lost, duplicated and reordered.

    Arguments, two lists that may not be changed:
      sent: sequence numbers in the order in which they were sent, each once. They may begin
      anywhere, leave gaps, and start again from 0 where a counter is full (65535, 0, 1).
      received: numbers in the order of arrival. Ignore those that were never sent: they are
      old packets of another run.
    Returns a Report with three counts:
      lost: how many were sent and never received;
      duplicated: how many arrivals there were beyond the first of each number;
      reordered: how many first arrivals came after a number that stands later in `sent`.

    Example: loss_report([1, 2, 3, 4, 5], [1, 3, 2, 2, 5]) is Report(1, 1, 1): 4 is lost, 2
    came twice, and its first arrival came after 3.
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
# On a radio packets rarely die one by one: while a lorry stops in the way, all of them die. In a
# model by Gilbert (1960) a link has two states, and dice decide when it changes from one to the
# other. In the plainest form every packet passes in the good state and dies in the bad one.
#
# A sensor reads a room's temperature once a minute for five hours, and in the last hour a door is
# open for 15 minutes. Two links carry the readings, and both lose one in ten on average. On the first
# link losses are *independent*: dice decide on each packet alone. On the second they come in
# *bursts*, on average about 8 in a row. How long is the longest *gap*, a row of lost readings, on the
# second link?

# %%
predict(
    "05 longest gap", "How long is the longest gap in bursts?", low=0, high=300, unit="readings"
)

# %% tags=["hidden", "nbval-ignore-output"]
import numpy as np

MINUTES = np.arange(1, 301)
CELSIUS = 20 + 1.5 * np.sin(MINUTES / 48) - 5 * ((MINUTES >= 246) & (MINUTES < 261))


def two_records(loss, burst, seed):
    """The same sensor over two links; return for each which minutes arrived."""
    return {
        name: [n for n, *_ in staging.sense(CELSIUS, loss=loss, burst=length, seed=seed)]
        for name, length in (("independent", 1), ("in bursts", burst))
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
# It is 24 readings long. Each orange stroke is a lost reading, and the grey line is the truth. The
# records lose about as much, 31 and 35. But in the upper one no gap is longer than 3, while in the
# lower one the open door has left no trace. **An average does not say it all:** if you must notice
# something within ten minutes, ask for the longest gap.
#
# **Try:** move the seed. Is the longest gap always in the lower record? (Yes, with each of the 20
# seeds. We picked the one with the worst luck.)
#
# ## Exercise 4: the longest gap


# %% tags=["exercise"]
def longest_gap(sent, received):
    """The length of the longest gap: readings sent in a row, none of which arrived.

    Arguments: sent and received, as for loss_report. Neither list may be changed.
    Returns an int, 0 where nothing was lost.
      - A reading that arrived late, or twice, has arrived.
      - Numbers that were never sent are ignored.
      - A gap at the beginning or the end counts, too.

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

# %%
puzzle("05 which rule")

# %% [markdown]
# ### A good place to stop
#
# To go on tomorrow, click on the next cell, and choose *Run → Run All Above Selected Cell*. This takes
# about 8 seconds.
#
# ## Is what arrives what was sent?
#
# A bit can flip on its way, and then the text `21.5` reads `61.5`, because 2 and 6 differ in one bit.
# UDP normally has a guard against that, a *checksum*. The sender's system computes a number from the
# bytes and sends it along. The receiver's system computes it again, and drops a datagram where the
# two differ ([RFC 1122, section 4.1.3.4](https://www.rfc-editor.org/rfc/rfc1122#section-4.1.3.4)). So
# damage on a wire looks like loss.
#
# But a router at home that rewrites addresses may compute a new checksum. If its memory has damaged
# the bytes, this one fits the damage. Our link can play such a router: with `corrupt=0.25` it flips
# one to three bits in about one packet of four. A sensor sends `kitchen 21.5` forty times, and
# `staging.send_through` returns what arrived.

# %%
predict(
    "05 damaged",
    "What will the collector get?",
    choices=[
        "About 30 readings: the system drops the others",
        "40 readings, as they were sent",
        "40 readings, some of them changed",
    ],
)

# %% tags=["hidden"]
SENT = b"kitchen 21.5"
forty = [data for data, _ in staging.send_through([SENT] * 40, corrupt=0.25, seed=6)]
changed = [data for data in forty if data != SENT]
print(len(forty), "arrived,", forty.count(SENT), "of them as they were sent. The others:")
print(*changed, sep="\n")
outcome = "40 readings, some of them changed" if changed else "40 readings, as they were sent"
if len(forty) < 40:
    outcome = "About 30 readings: the system drops the others"
print(predicted("05 damaged").compare(outcome))

# %% [markdown]
# All forty arrived, and the receiver's system found nothing wrong. But thirteen are not what was
# sent. Two of them, `kitchen 61.5` and `kitchen 21.4`, even look right, so a program that has to be
# sure adds a check of its own.
#
# Say that a message is two numbers, 87 and 45. The sender makes a checksum of two digits:
#
# 1. It adds them, 87 + 45 = 132, which has a digit too many: the *carry*, 1.
# 2. It cuts the carry off and adds it to the rest, 32 + 1 = 33.
# 3. It replaces each digit by 9 minus it, which makes 66 of 33, and sends this checksum along.
#
# The receiver adds all three, 87 + 45 + 66 = 198, and again the carry, 98 + 1 = 99. With anything but
# 99 it knows that something has changed. If 87 has become 81, it gets 93.
#
# The checksum of UDP, TCP and IP does this with bits in place of digits ([RFC
# 1071](https://www.rfc-editor.org/rfc/rfc1071#section-1)). Its numbers are *words* of two bytes, 16
# bits. In step 3 each bit is turned over: a 1 becomes 0, and a 0 becomes 1.
#
# ## Exercise 5: a checksum
#
# Now you write it.


# %% tags=["exercise"]
def checksum(data):
    """The Internet checksum of RFC 1071.

      1. If the number of bytes is odd, add a zero byte at the end.
      2. Take the bytes two by two as words of 16 bits, in network byte order, and add these.
      3. While the sum is above 65,535, add its carry, sum // 65,536, to the rest, sum % 65,536.
      4. Turn over each of the 16 bits: 65,535 minus the number.

    Argument: data is bytes of any length, also none.
    Returns an int from 0 to 65,535.

    Example: checksum(bytes.fromhex("0001f203f4f5f6f7")) is 0x220d: the four words add up to
    0x2ddf0, its carry is 2, 0xddf0 + 2 is 0xddf2, and that turned over is 0x220d.
    """
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total ^ 0xFFFF


# %%
check(checksum)

# %% [markdown]
# ## What does a checksum miss?
#
# Now the link damages each of 2,000 readings. Three checks look at what comes: the sum of all bytes,
# your checksum, and a *CRC-32* (cyclic redundancy check), `zlib.crc32`, with which Ethernet guards
# what it carries. (Until yours is done, a given one is used.) How many of the 2,000 does your
# checksum miss, so that they pass as good?
#
# In a second test 21.5 degrees inside and 12.0 outside are swapped. Which of the three checks see
# that?

# %%
predict("05 missed", "How many pass your checksum as good?", low=0, high=2000, unit="of 2,000")

# %% tags=["hidden"]
import zlib

mine = own_answer("checksum") or (lambda data: int.from_bytes(data, "big") % 65_535)
damaged = [data for data, _ in staging.send_through([SENT] * 2000, corrupt=1, seed=6)]
straight, swapped = struct.pack("!HH", 215, 120), struct.pack("!HH", 120, 215)
for name, sum_of in (("sum of bytes", sum), ("checksum", mine), ("CRC-32", zlib.crc32)):
    missed = [data for data in damaged if sum_of(data) == sum_of(SENT)]
    swap = "missed" if sum_of(straight) == sum_of(swapped) else "seen"
    print(f"{name + ':':13} {len(missed):2} of {len(damaged)} missed; two words swapped: {swap}")
    if sum_of is mine:
        compared = predicted("05 missed").compare(len(missed))
print(compared)

# %% [markdown]
# Your checksum misses about one damaged reading in a hundred. Its sum stays the same if a bit goes
# from 0 to 1 in one word, and the same bit from 1 to 0 in another. The sum of bytes misses about one
# in fifty. Only the CRC-32 sees the swapped words: in it the place of each bit counts, while a sum is
# the same in any order.
#
# The CRC-32 had to find all: in so short a message it sees any one, two or three flipped bits. If
# more are flipped, it may miss some, though very rarely. **A check makes errors rare, but never
# impossible.**
#
# ## Does a long message arrive as well as a short one?
#
# Our link now plays a network of IPv6 whose MTU is 1,280 bytes. The headers take 48 of them, which
# leaves 1,232 for you. (Our link carries no headers, so we tell it `mtu=1232`.) It also loses one
# packet in ten. A sensor sends datagrams of 100, 600, 1,200 and 1,300 bytes, 20 of each. How many of
# the largest arrive?

# %%
predict("05 too large", "How many of the 20 largest arrive?", low=0, high=20, unit="of 20")

# %% tags=["hidden"]
sizes = (100, 600, 1200, 1300)
through = staging.send_through([bytes(size) for size in sizes * 20], loss=0.1, mtu=1232, seed=4)
lengths = [len(data) for data, _ in through]
for size in sizes:
    print(f"{size:5} bytes: {lengths.count(size):2} of 20 arrived")
print(predicted("05 too large").compare(lengths.count(1300)))

# %% [markdown]
# **None** of the largest arrives, however often you send it: the link drops what is larger than 1,232
# bytes. Of each smaller size at most one is lost. In IPv4 a router may cut a packet that is too large
# into fragments, but in IPv6 only the sender may ([RFC 8200, section
# 4.5](https://www.rfc-editor.org/rfc/rfc8200#section-4.5)). So the router drops it, as our link does.
#
# A real router reports the drop to the sender, but a guard on the way (a *firewall*) may drop the
# report ([RFC 8899, section 1](https://www.rfc-editor.org/rfc/rfc8899#section-1)). So if only long
# messages vanish, again and again, send smaller ones.
#
# ## Where does the time go?
#
# Where a slow cable or radio begins, packets line up in a *queue*, and that takes time.
#
# Our link now takes 60,000 bytes a second, which is its *rate*. Up to 3,000 bytes may wait, and the
# way itself takes 10 ms. The sensor sends a reading of 100 bytes every millisecond, which is 100,000
# bytes a second. How long is reading 50 on its way?

# %%
predict("05 queue", "How long will reading 50 take?", low=0, unit="ms")


# %% tags=["hidden", "nbval-ignore-output"]
def bottleneck(rate, queue, jitter_ms):
    """100 readings of 100 bytes, one each millisecond; return numbers, delays in ms, and their limit."""
    settings = {"rate": rate, "queue": queue, "delay": 0.01, "jitter": jitter_ms / 1000, "seed": 2}
    came = staging.sense([21.5] * 100, gap=0.001, **settings)
    rows = [(number, (arrival - sending) * 1000) for number, _, sending, arrival in came]
    return rows, 10 + queue / rate * 1000


panel = explore(
    bottleneck,
    charts.through_a_queue(predicted("05 queue")),
    rate=Slider(50_000, 150_000, 10_000, start=60_000),
    queue=Slider(500, 4_000, 500, start=3_000),
    jitter_ms=Slider(0, 10, 1, start=0),
    labels={"rate": "rate (bytes/s)", "queue": "queue (bytes)"},
)
print(predicted("05 queue").compare(round(dict(panel.data[0]).get(50, 0))))
panel

# %% tags=["claim"]
numbers_that_came = {number for number, _ in panel.data[0]}
assert set(range(1, 31)) <= numbers_that_came  # 30 fit into the queue, whatever the time

# %% [markdown]
# It takes about 44 ms, or more if the machine pauses. Think of a till where each customer takes 100
# seconds, and a new one comes every 60: each waits 40 seconds longer than the one before.
#
# Here the link needs 1.67 ms for a reading, and the next one comes after 1 ms. So each waits 0.67 ms
# longer. The first takes 10 + 1.67 ms, about 12, and the 50th takes 49 × 0.67 ms more.
#
# After some 70 readings the queue is full. Its 3,000 bytes take the link 50 ms, so the delay stays at
# about 10 + 50 = 60 ms. From then on the link has room for only three of five readings. The other two
# are **lost**: the crosses at the bottom.
#
# A larger queue only loses them later, and lets all wait longer ([RFC 7567, section
# 2](https://www.rfc-editor.org/rfc/rfc7567#section-2)). What helps is a sender that slows down.
#
# **Try:**
#
# 1. Move the rate to 120,000 or more. Do readings still wait? (No, the queue stays nearly empty.)
# 2. Leave it there, and move the jitter to 10 ms. That is an average: it adds anything from 0 to 20
#    ms. How many readings are overtaken, the triangles? (About seven in ten.)
#
# Jitter turns into *reordering* where two delays differ by more than the time between the packets.
#
# ## If you have time: exercise 6, jitter in one number
#
# The clocks of two machines differ, so you can't measure a one-way delay by subtraction. But you can
# measure how it **changes** from packet to packet. If one clock is 5 seconds ahead, delays may look
# like 5.000 and 5.016 seconds, but the change of 0.016 is right. [RFC 3550, section
# 6.4.1](https://www.rfc-editor.org/rfc/rfc3550#section-6.4.1) smooths such changes into one number.


# %% tags=["exercise"]
def interarrival_jitter(timestamps):
    """The interarrival jitter of RFC 3550, section 6.4.1, in seconds.

    For two packets that arrive one after the other, D is the later one's (received - sent)
    minus that of the one before. J begins at 0, and each packet after the first adds
    (|D| - J) / 16 to it.

    Argument: timestamps is a list of tuples (sent, received), in seconds and in the order of
    arrival. It may not be changed. The two clocks may differ by any constant.
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
# ## What you can do now
#
# - See which packets died, as a diagram, a table and a capture.
# - Predict the share of round trips, (1 − p)², and put an interval on a measured loss.
# - Tell lost from doubled, late, damaged and too large, and write a checksum.
# - Explain how a queue delays and drops, and how jitter reorders.
#
# [Chapter 06](06_reliable_delivery_over_udp.ipynb) delivers every message over a link like these.
#
# **Worth reading:** [RFC 1071](https://www.rfc-editor.org/rfc/rfc1071#section-2), on clever ways to add
# up a checksum.
#
# ## Words of this chapter

# %%
words("05")
