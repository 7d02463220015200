# %% [markdown]
# # Windows: many packets in flight
#
# A camera on a mast sends its pictures by radio. A packet and its ACK need a while to go there and
# back, so with the stop-and-wait of chapter 06 the radio is idle most of the time. In this
# chapter you fill the path with packets, repair it when one of them dies, and find out when it
# is better to hold back.
#
# At the end you can
# - **compute** how many packets must be on their way to keep a path full;
# - **write** Go-Back-N and the receiver of Selective Repeat, and say what each does about a lost packet;
# - **choose** a window that fits the numbers that your packets carry;
# - **recognise** a queue that fills, and give way before others suffer.
#
# About 95 minutes, which is an estimate, in four parts. Read chapters
# [04](04_datagrams_udp_for_sensors.ipynb), [05](05_packet_loss.ipynb) and
# [06](06_reliable_delivery_over_udp.ipynb) first. You need not have solved the exercises of 06: below the questions to recall, a
# cell repeats its packets. If you like your own lines better, paste them over ours.

# %% [markdown] tags=["about"]
# learn: keep a long path full, repair it when a packet dies, and share it with others
# leave out: the exercise on the receiver of Selective Repeat
# ask: Go-Back-N with packet 2 of 6 lost | How many packets go again?

# %%
import contextlib
import socket
import struct
import sys
import time
from builtins import max, min, round  # Python's own, also after `from numpy import *`
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

from helpers import Link, Slider, check, explore, live, order, own_answer, predict, predicted
from helpers import page_style, puzzle, quiz, sequence_diagram, words
from helpers.chapters.chapter_07 import charts, staging

page_style()  # pictures follow a dark theme

# %%
from helpers import review

review("07")

# %%
# The packets of chapter 06: a kind in one byte, a number in four, and then the payload.
HEADER = struct.Struct("!BI")  # kind, number
DATA, ACK, END = 1, 2, 3
TRIES = 10  # transmissions of one message, before its sender gives up
RULES = ["Go-Back-N", "Selective Repeat"]


def packet(kind, number, payload=b""):
    return HEADER.pack(kind, number) + payload


def udp_socket():
    """A UDP socket on a free port of this machine, whose waits end after 0.4 seconds."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(0.4)
    return sock


draw = partial(sequence_diagram, words=staging.in_words, roles=("sender", "receiver"))

# %% [markdown]
# ## Who waits for each ACK leaves the link idle
#
# Think of a conveyor belt with a place for one parcel every second. Whoever waits for a signature before
# the next parcel goes on the belt leaves most of its places empty. Our belt is a link on which one packet
# may leave in each **slot** of a millisecond. A packet takes 8 slots to arrive. To keep the sums easy its
# ACK takes no time, so a round trip takes 8 slots too.
#
# Stop-and-wait now sends for 120 slots, and no packet is lost.

# %%
predict("07 stop and wait", "How many packets arrive in 120 slots?", low=0, unit="packets")


# %% tags=["hidden", "nbval-ignore-output"]
def climb(rule, window, loss):
    return rule, window, staging.transfer(rule, window, loss, seconds=0.12)


panel = explore(
    climb, charts.climb(), rule=RULES, window=Slider(1, 32, start=1), loss=(0, 0.3, 0.05)
)
print(predicted("07 stop and wait").compare(panel.data[2][0].arrived))
panel

# %% tags=["claim"]
assert 8 <= panel.data[2][0].arrived <= 16

# %% [markdown]
# About 14 packets arrived, where 120 had room: seven slots of eight passed unused. To wait for an ACK is no mistake,
# because otherwise nobody would know what is lost. The mistake is to have a *single* packet waiting.
#
# A **window** of n allows n packets to be on their way without being confirmed. Whenever the oldest of them is confirmed, the
# window moves on, and the next packet may leave. Now move the slider of the window, and leave the loss at 0. From
# which window on do the points rise no faster?
#
# From 8 on the steps are gone. When the eighth packet has left, the first ACK
# is here, so there is always something to send, and a window of 20 gains nothing more.
#
# That is the first rule of this chapter: **in flight** is what has been sent and not confirmed, and a path is full
# when *in flight = rate × round-trip time*. Here that is 1 packet a slot × 8 slots. You will also meet it under the
# name [bandwidth-delay product](https://www.rfc-editor.org/rfc/rfc7323#section-1.1).

# %%
quiz("07 in flight")

# %% [markdown]
# ## One packet dies, and two rules repair it
#
# With many packets in flight a loss leaves a gap: packet 2 is missing, while 3, 4 and 5 arrive. There are
# [two classic answers](https://www.rfc-editor.org/rfc/rfc3366#section-1.4).
# - **Go-Back-N** wants a simple receiver. It keeps a packet only if that is the next in order. Its ACK is
#   **cumulative**: ACK 5 says that everything up to 5 is here. If the timer ends, the sender goes back to the oldest
#   unconfirmed packet, and sends all from there again.
# - **Selective Repeat** wants a receiver with a memory. It keeps what comes early, and each ACK names
#   the one packet that it answers. The sender repeats only what was not confirmed.
#
# Both now send 6 packets with a window of 4, and the link drops packet 2. To let you watch, a slot lasts 5
# milliseconds here. The timer ends after 16 slots.

# %%
predict("07 goes back", "How many packets will Go-Back-N send again?", low=0, unit="packets")

# %% tags=["hidden", "nbval-ignore-output"]
again = {}
for rule in RULES:
    settings = {"script": {2: "drop"}, "messages": 6, "slot": 0.005, "seconds": 9}
    flow, trace = staging.transfer(rule, 4, **settings)
    again[rule] = len(flow.sent) - 6
    display(draw(trace, f"{rule}: {again[rule]} sent again"))
print(predicted("07 goes back").compare(again["Go-Back-N"]))

# %% tags=["claim"]
assert again["Selective Repeat"] >= 1 and flow.arrived == 6

# %% [markdown]
# Look at the arrows from right to left. In the first diagram the receiver answers 3, 4 and 5 with ACK 1,
# since it has no use for them, and so all four packets go again. In the second it answers with ACK 3, 4 and 5, and
# only packet 2 goes again. Yet packet 6 waits in both, because a window hangs on its oldest unconfirmed packet.
#
# Now you choose what dies. The next cell sends six packets slowly. Click on a packet while it moves, or on an ACK.
# Which packets do you expect to see again? Afterwards change the rule to `"Selective Repeat"`, and kill the same one.


# %% tags=["nbval-ignore-output"]
def watch(rule):
    roles = ("sender", "receiver")
    with udp_socket() as there, Link(there.getsockname(), delay=0.6) as link:
        with live(link, words=staging.in_words, roles=roles):
            flow = staging.Flow(4, rule, timer=2, slot=0.2, messages=6)
            staging.run(there, link, [flow], seconds=30)
    return flow


watched = watch("Go-Back-N")

# %% tags=["claim"]
assert watched.arrived == 6

# %% [markdown]
# Did you kill an ACK as well? Under Go-Back-N that often does no harm, because the next cumulative ACK speaks for the
# earlier packets too. Under Selective Repeat no other ACK speaks for that packet, so it goes again although it had
# arrived.
#
# ### A good place to stop
#
# Next you write the first of the two rules. To go on
# tomorrow, open the chapter, click on the next cell and choose *Run → Run All Above Selected Cell*. This takes about 8
# seconds.

# %%
puzzle("07 nothing goes again")

# %% [markdown]
# ## Two numbers are all that a Go-Back-N sender has to remember
#
# `oldest` is the oldest packet that is not confirmed, and `fresh` is the next one to be sent. What lies between
# them is in flight. Three things can happen: there is room in the window, an ACK comes, or the
# timer ends.
#
# The wait for an ACK is the one that you know from chapter 06. `next_ack` gives the number of the next ACK that comes from
# the right address, or `None` when the time is over. Everything else is ignored, and does not make the
# wait longer.


# %%
def next_ack(sock, address, ends):
    """The number of the next ACK from this address, or None where none comes until then."""
    while (left := ends - time.perf_counter()) > 0:
        sock.settimeout(left)
        try:
            answer, sender = sock.recvfrom(2048)
        except TimeoutError:
            return None
        except ConnectionError:  # about an earlier datagram, which met a closed port
            continue
        if sender == address and len(answer) == HEADER.size and answer[0] == ACK:
            return HEADER.unpack(answer)[1]
    return None


# %%
order("07 one turn")

# %% [markdown]
# ## Exercise 1: Go-Back-N
#
# The sender is half written: the wait and the end are there. Three gaps are yours, one for each of the three events. This
# sender will talk to a receiver like your `receive_reliably` from chapter 06, which keeps nothing that comes early.


# %% tags=["exercise"]
def go_back_n_send(sock, address, messages, window, timeout):
    """Send messages with up to `window` of them unconfirmed, and then an END.

    Message n, counted from 1, is sent as DATA n, without waiting while the window has room.
    ACK n from `address` confirms all up to n. All else is ignored: lower ACKs, those of
    numbers never sent, other kinds and addresses. One timer of `timeout` seconds starts with
    the oldest unconfirmed message, and anew whenever an ACK confirms something new. When it
    ends, every unconfirmed message that was sent is sent again, in order. After the last
    confirmation END is sent up to TRIES times; END unconfirmed is no error.

    Arguments: sock is an open UDP socket, which the caller closes (the function may set its
    timeout); address is a tuple (host, port); messages is a list of bytes and may be empty;
    window is a number of messages, 1 or more; timeout is in seconds, by a clock that nobody
    sets back. A wait leaves the processor to others.
    Returns how many DATA datagrams were sent, with those sent again, END not counted.
    Raises ValueError for a window below 1. Raises TimeoutError when the timer has ended TRIES
    times in a row without anything new confirmed; its text names the first message that was
    not confirmed, as "message 3 of 8 was not confirmed". A ConnectionError of the socket
    counts as silence.

    Example: 8 messages, window 4, DATA 2 lost once: DATA 2, 3, 4 and 5 are sent again, so 12.
    """
    if window < 1:
        raise ValueError(f"a window has room for 1 message or more, not {window}")
    transmissions, oldest, fresh, silences = 0, 1, 1, 0
    ends = time.perf_counter() + timeout
    while oldest <= len(messages):
        # your lines: while the window has room, send with _send; count, and move fresh on
        while fresh < min(oldest + window, len(messages) + 1):
            _send(sock, address, packet(DATA, fresh, messages[fresh - 1]))
            transmissions += 1
            fresh += 1
        # end
        confirmed = next_ack(sock, address, ends)
        if confirmed is None:
            # your lines: the timer has ended. Give up, or go back?
            silences += 1
            if silences == TRIES:
                raise TimeoutError(f"message {oldest} of {len(messages)} was not confirmed")
            fresh = oldest
            # end
        else:
            # your lines: an ACK has come. If it confirms nothing new, the old timer goes on
            if not oldest <= confirmed < fresh:
                continue
            oldest, silences = confirmed + 1, 0
            # end
        ends = time.perf_counter() + timeout
    for _ in range(TRIES):
        _send(sock, address, packet(END, len(messages) + 1))
        ends = time.perf_counter() + timeout
        while (confirmed := next_ack(sock, address, ends)) is not None:
            if confirmed > len(messages):
                return transmissions
    return transmissions


def _send(sock, address, datagram):
    with contextlib.suppress(ConnectionError):  # about an earlier datagram; this one is lost
        sock.sendto(datagram, address)


# %%
check(go_back_n_send)

# %% [markdown]
# ## Your sender on a bad link
#
# `deliver` runs a sender and a receiver at the two ends of a link. Each way takes 10 milliseconds here, and one packet in
# ten is lost. If your sender has passed, it is yours that runs, and otherwise one of ours does. Before
# you run the cell: how much does a window of 8 save, and what does it cost?

# %% tags=["nbval-ignore-output"]
from concurrent.futures import ThreadPoolExecutor

MESSAGES = [b"picture %d" % n for n in range(1, 31)]
BAD = {"delay": 0.01, "loss": 0.1, "seed": 5}


def deliver(send, receive, *settings):
    """Run both ends over a bad link: the packets sent, seconds, and what has arrived."""
    with udp_socket() as there, udp_socket() as sock, ThreadPoolExecutor(1) as thread:
        with Link(there.getsockname(), **BAD) as link:
            arrived, start = thread.submit(receive, there), time.perf_counter()
            packets = send(sock, link.address, MESSAGES, *settings)
            return packets, time.perf_counter() - start, arrived.result()


sender = own_answer("go_back_n_send") or staging.GIVEN["go_back_n_send"]
for window in (1, 8):
    packets, seconds, arrived = deliver(sender, staging.GIVEN["receive_reliably"], window, 0.03)
    print(
        f"window {window}: {packets} packets, {seconds:.1f} s, all in order: {arrived == MESSAGES}"
    )

# %% tags=["claim"]
assert arrived == MESSAGES

# %% [markdown]
# The wider window is faster by far, although each loss makes it send much again. That is the price of Go-Back-N: it
# pays for a simple receiver with packets.
#
# ### A good place to stop
#
# Your sender fills a path and repairs it. Next comes a receiver that wastes nothing. To go on tomorrow, open the chapter, click on the next cell and
# choose *Run → Run All Above Selected Cell*. This takes about 10 seconds.

# %% [markdown]
# ## A packet that comes early is worth keeping
#
# Imagine that you collect the parts of a novel from the post. If part 2 is late, you would not burn parts 3, 4 and 5.
# You would put them on a shelf, and when part 2 comes, you could read on to part 5 at once. The receiver of
# Selective Repeat has such a shelf: a dictionary `early` from numbers to payloads. `wanted` is the number that
# it can hand out next.
#
# The shelf needs a limit, because memory is short and a number far ahead may be nonsense. So the receiver has a window, too: it
# keeps `wanted` and the `window - 1` numbers after it.

# %%
order("07 a gap closes")

# %% [markdown]
# What should the receiver say about a packet that lies *behind* its window? It has handed that packet out long
# ago. But its sender asks again, so the ACK was lost, and the answer is the same ACK once more. And a packet *beyond* the
# window gets no ACK: an ACK is a promise to keep it.
#
# ## Exercise 2: the receiver of Selective Repeat
#
# Again some of it is written. Your lines decide about a DATA packet: keep it, confirm it, or neither.


# %% tags=["exercise"]
def receive_selectively(sock, window):
    """Receive the messages of one sender in any order, confirm each, and return them in order.

    A message is DATA, number 1, 2, ..., and its payload of 0 to 1,000 bytes. `wanted` is the
    lowest number that is not here yet. DATA from wanted to wanted + window - 1 is kept, once,
    and answered with an ACK of its own number, to the address that it came from. DATA with a
    lower number was here before: it gets its ACK again, and is not kept again. DATA beyond
    the window is ignored, without an answer.

    END has no payload; its number is one more than the last message's. It counts, and is
    answered with an ACK of its number, only when all before it are here; until then it is
    ignored. After END it goes on to confirm DATA and END that come again, until nothing has come
    for the socket's timeout. All other datagrams are ignored: shorter than five bytes, of another
    kind, number 0, an END with a payload.

    Arguments: sock is a bound UDP socket with a timeout in seconds; the caller closes it; window
    is a number of packets, 1 or more.
    Returns a list of the payloads, as bytes, in the order of their numbers.
    Raises ValueError for a window below 1, and TimeoutError where nothing comes for the timeout,
    before END. On Windows receiving raises ConnectionResetError where an ACK met a closed
    port; that must not end it. While it waits it leaves the processor to others.

    Example: window 4, and DATA 1 "a", DATA 3 "c", DATA 1 "a", DATA 2 "b", END 4 come. It answers
    ACK 1, 3, 1, 2, 4 and returns [b"a", b"b", b"c"].
    """
    if window < 1:
        raise ValueError(f"a window has room for 1 packet or more, not {window}")
    messages, early, wanted, ended = [], {}, 1, False
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
        if kind == END and not payload and number == wanted:
            ended = True
            sock.sendto(packet(ACK, number), sender)
        elif kind == DATA and number > 0:
            # your lines: does it lie behind the window, in it, or beyond?
            if number >= wanted + window:
                continue
            if number >= wanted:
                early[number] = payload
            while wanted in early:
                messages.append(early.pop(wanted))
                wanted += 1
            sock.sendto(packet(ACK, number), sender)
            # end


# %%
check(receive_selectively)

# %% [markdown]
# ## Both ends of Selective Repeat
#
# A receiver like this needs a sender that knows of each packet when it was sent, and whether it is
# confirmed. Compare it with your Go-Back-N sender: where it goes through its window, it sends only
# what is due.


# %% tags=["nbval-ignore-output"]
def send_selectively(sock, address, messages, window, timeout):
    """Send each message until its own ACK has come, and then an END; return the packets sent."""
    sent_at, confirmed, oldest, packets = {}, set(), 1, 0
    while oldest <= len(messages):
        now = time.perf_counter()
        for number in range(oldest, min(oldest + window, len(messages) + 1)):
            if number not in confirmed and now - sent_at.get(number, -9) >= timeout:
                sock.sendto(packet(DATA, number, messages[number - 1]), address)
                sent_at[number], packets = now, packets + 1
        confirmed.add(next_ack(sock, address, now + 0.002))
        while oldest in confirmed:
            oldest += 1
    for _ in range(TRIES):
        sock.sendto(packet(END, oldest), address)
        if next_ack(sock, address, time.perf_counter() + timeout) == oldest:
            break
    return packets


receiver = own_answer("receive_selectively") or staging.GIVEN["receive_selectively"]
packets, seconds, arrived = deliver(send_selectively, partial(receiver, window=8), 8, 0.03)
print(f"Selective Repeat: {packets} packets, all in order: {arrived == MESSAGES}")

# %% tags=["claim"]
assert arrived == MESSAGES

# %% [markdown]
# Only what was lost on the way, or whose ACK was lost, went again. Compare the number with what Go-Back-N sent for
# the same 30 messages with the same window.
#
# ## Numbers begin again, and an old packet looks new
#
# Four bytes can count to four billion, so our numbers never ran out. A small radio spends less on them. IEEE 802.15.4,
# which many sensors speak, has one byte, and after 255 comes 0 again. What can go wrong?
#
# We take two bits, so the numbers are 1, 2, 3, 0, 1, 2, 3, 0 and so on. The window is 3. The first three packets
# arrive, but all three ACKs are lost, and the sender sends its packets 1, 2 and 3 again.

# %%
predict(
    "07 number 1 again",
    "The receiver has messages 1 to 3. Now a packet with the number 1 comes. What does it do?",
    choices=("it knows the packet, and confirms it again", "it keeps it as message 5"),
)

# %% tags=["hidden", "nbval-ignore-output"]
acks = {1: "drop", 2: "drop", 3: "drop"}
flow, trace = staging.transfer(
    "Selective Repeat", 3, numbers=4, lost_acks=acks, messages=6, slot=0.005, seconds=2
)
print("The receiver hands out:", b" ".join(flow.kept).decode())
wrong = flow.kept[4:5] == [b"m1"]
found = "it keeps it as message 5" if wrong else "it knows the packet, and confirms it again"
print(predicted("07 number 1 again").compare(found))
draw(trace, "With four numbers and a window of 3, message 1 is taken for message 5")

# %% tags=["claim"]
assert wrong

# %% [markdown]
# After three messages the receiver is ready for 4, 5 and 6, and these bear the numbers 0, 1 and 2. So a packet with the number 1
# must be message 5, as far as it can know. No checksum would notice, because not a single bit is wrong. Yet the list
# is wrong, and both sides believe that everything went well.
#
# The old window and the new one must therefore have no number in common, which gives the rule: *for Selective Repeat the window is
# at most half of the number space*. Move the two sliders, and find the border. The picture shows
# 16 messages, and again all ACKs of the first window are lost.


# %% tags=["nbval-ignore-output"]
def wrap(numbers, window):
    acks = dict.fromkeys(range(1, window + 1), "drop")
    settings = {"numbers": numbers, "lost_acks": acks, "messages": 16}
    flow, _ = staging.transfer("Selective Repeat", window, seconds=0.5, **settings)
    return numbers, window, [int(kept[1:]) for kept in flow.kept]


wraps = explore(
    wrap, charts.wrapped(), numbers=Slider(2, 16, start=8), window=Slider(1, 10, start=5)
)
wraps

# %% tags=["claim"]
assert wraps.data[2][8:10] == [1, 2]

# %% [markdown]
# For this reason TCP, whose 32 bits count bytes, [keeps its windows within 2³⁰](https://www.rfc-editor.org/rfc/rfc7323#section-2.3).
#
# ### A good place to stop
#
# Next you measure what both rules are worth, and share a link. To go on tomorrow, open the
# chapter, click on the next cell and choose *Run → Run All Above Selected Cell*. This takes about 12 seconds.

# %% [markdown]
# ## What is a window worth when packets are lost?
#
# **Goodput** counts only what arrives and is new. The books give formulas for it. With a round trip of R slots, a timer of T,
# a window of n and a loss P, a message takes
# - R + T · P/(1 − P) slots with stop-and-wait,
# - max(1, R/n) + T · P/(1 − P) slots with Go-Back-N, since every loss costs it a whole timer.
#
# For Selective Repeat there are two bounds instead. Each message stays in the window for R + T · P/(1 − P) slots on
# average, and n fit in, so the goodput is at most n divided by that time, and never above 1 − P. It would be least if
# the window moved on only as a whole, when its slowest message is confirmed.

# %%
predict(
    "07 a fifth is lost",
    "A fifth of all packets is lost, and the window is 32. What is the goodput of Go-Back-N, in "
    "packets a slot?",
    low=0,
    high=1,
)

# %% tags=["hidden", "nbval-ignore-output"]
SECONDS = 0.15


def goodput(rule, window, loss, seed=1):
    flow, _ = staging.transfer(rule, window, loss, seed, SECONDS)
    return flow.arrived / (SECONDS / staging.SLOT - staging.TRIP)


points = [(rule, 32, loss) for rule in RULES for loss in (0, 0.1, 0.2, 0.3)]
points += [("stop-and-wait", 1, loss) for loss in (0, 0.1, 0.2, 0.3)]
points += [(rule, window, 0.1) for rule in RULES for window in (1, 4, 8, 16)]
picture = charts.goodput_chart({each: goodput(*each) for each in points}, staging.theory)
print(predicted("07 a fifth is lost").compare(round(picture.values["Go-Back-N", 32, 0.2], 2)))
picture

# %% tags=["claim"]
assert picture.values["Selective Repeat", 32, 0.2] > 2 * picture.values["Go-Back-N", 32, 0.2]

# %% [markdown]
# A run of 150 slots is short, and a lucky one may tell nonsense. So each full mark is the mean of twelve runs with
# twelve seeds. Your machine has made one of them; the others were recorded earlier, by the same function. The bar
# is a 95 % interval.
#
# On the left, with a fifth of all packets lost, Go-Back-N is down to a fifth of the path, since each loss costs it 16 slots. Selective
# Repeat still reaches 0.64, and its marks lie in the shaded band between the two bounds.
#
# On the right, at a window of 4, the two are close: 0.29 for Selective Repeat and 0.26 for Go-Back-N, with bars that overlap. A small
# window soon hangs on its oldest packet, whatever the rule. Up to 8, the round trip, both gain by a larger window. Beyond 8
# only Selective Repeat gains much, because its window has room to go on while one packet is repaired.
#
# In the first panel of this chapter, with a loss of 0.1, you can watch all this happen.
#
# ## Above rate × round-trip time, a window fills a queue
#
# So far the sender's own radio was the slowest part. Often the slowest part lies further on, in a router. Such a **bottleneck** has a
# queue: packets that come too fast wait there, and if the queue is full, they are dropped.
#
# Now the sender may send two packets in a millisecond. The bottleneck passes on one, and has a queue for 10 packets. The way there and
# back takes 10 milliseconds, so 10 packets fill the path. What does a window of 20 buy?

# %%
predict(
    "07 a window of 20",
    "With a window of 10 a round trip takes about 10 ms. How long does it take with one of 20?",
    low=0,
    unit="ms",
)


# %% tags=["hidden", "nbval-ignore-output"]
def through_queue(*windows, queue=10, seconds=0.25, later=0.0):
    """Send packets of 100 bytes through a queue, each sender a while later than the one before."""
    up = {"rate": 100_000, "queue": 100 * queue, "delay": 0.005}
    flows = [
        staging.Flow(each, timer=0.06, size=100, slot=0.0005, fast=True, begins=later * place)
        for place, each in enumerate(windows)
    ]
    with udp_socket() as there, Link(there.getsockname(), up=up, down={"delay": 0.005}) as link:
        staging.run(there, link, flows, seconds)
    return flows, link.trace


rows = {window: through_queue(window) for window in (5, 10, 15, 20, 30, 40)}
asked = predicted("07 a window of 20")
queued = charts.queue_chart(rows, holds=10, queue=10, prediction=asked)
print(asked.compare(round(queued.values["trips"][20])))
queued

# %% tags=["claim"]
assert queued.values["drops"][40] > queued.values["drops"][5]

# %% [markdown]
# Follow the upper curve from left to right. Up to 10 packets the round trip stays the same. Between 10 and 20 each
# further packet waits in the queue, so the window buys nothing but delay: by the rule above, 20 packets at 1 a millisecond
# mean a round trip of 20 milliseconds. Beyond 20 the queue is full, and what comes then is dropped. This loss is not
# chance. The senders make it.
#
# ## Two senders, and who gives way
#
# Suppose that a second camera starts to send through the same bottleneck, and each has a window of 20. Neither knows of the other, and the
# path has room for 20 packets in all. A sender can't decide its rate alone, because the
# queue is shared. But each sender sees one thing: its losses. In a wired network a loss is above all a message from a
# full queue.
#
# TCP has listened to that message since 1988. [RFC 5681](https://www.rfc-editor.org/rfc/rfc5681#section-3.1) writes
# down how, and here is its core, counted in packets instead of bytes.
# - A **congestion window** starts at 1 (real TCP begins with a few more). While it is below a threshold, every ACK adds 1, so it doubles in
#   each round trip. This beginning is called **slow start**.
# - From the threshold on, each ACK adds 1/size, which makes about one packet in a round trip.
# - If three later packets are confirmed and one is missing, that one is taken for lost. The window is halved, because packets
#   still get through.
# - If the timer ends, nothing gets through. The window starts again at 1.
#
# ## Exercise 3: a window that gives way


# %% tags=["exercise"]
class CongestionWindow:
    """How many packets may be in flight, as RFC 5681 has it, counted in packets.

    Attributes: size, the window in packets, a number that need not be whole; threshold, in
    packets too.

    Example: after one acked() size is 2, after three it is 4. Then lost() makes size and
    threshold 2, and the next acked() makes size 2.5.
    """

    def __init__(self):
        """Start with a size of 1, and a threshold of 64."""
        self.size, self.threshold = 1, 64

    def acked(self):
        """A packet was confirmed: add 1 below the threshold, and 1/size from it on."""
        self.size += 1 if self.size < self.threshold else 1 / self.size

    def lost(self):
        """One packet is missing: the threshold is half the size, at least 2, and so is the size."""
        self.threshold = self.size = max(self.size / 2, 2)

    def timed_out(self):
        """The timer has ended: the same threshold as for a loss, and a size of 1."""
        self.lost()
        self.size = 1


# %%
check(CongestionWindow)

# %% [markdown]
# Here is one sender with such a window at the bottleneck. It runs with your class, if that has passed. Move the
# slider of the queue: what does a longer queue change for the window, and what for the round trip?

# %% tags=["nbval-ignore-output"]
Window = own_answer("CongestionWindow") or staging.GIVEN["CongestionWindow"]


def alone(queue):
    flows, trace = through_queue(Window(), queue=queue, seconds=0.8)
    return queue, flows[0], trace


saw = explore(alone, charts.sawtooth(), slow=True, queue=Slider(2, 40, start=10))
saw

# %% tags=["claim"]
assert saw.data[1].arrived > 50

# %% [markdown]
# The window climbs until the queue drops a packet, halves, and climbs again: the saw of TCP. A long queue does not make this
# sender faster. It only makes every packet wait longer, which is called
# [bufferbloat](https://www.rfc-editor.org/rfc/rfc8033#section-1).
#
# And two senders? The second one starts 0.4 seconds later.

# %% tags=["nbval-ignore-output"]
runs = {
    "windows of 20": through_queue(20, 20, seconds=1.6, later=0.4),
    "CongestionWindow": through_queue(Window(), Window(), seconds=1.6, later=0.4),
}
charts.shares_chart(runs)

# %% tags=["claim"]
assert all(flow.arrived > 100 for flows, _ in runs.values() for flow in flows)
fixed, gives_way = (staging.lost_share(trace) for _, trace in runs.values())
assert gives_way < 0.6 * fixed

# %% [markdown]
# With fixed windows a good part of all packets dies in the queue, and chance decides who gets how much. With congestion
# windows only a few die, and the shares come nearer to each other, since halving costs the larger window more. All this works only as
# long as everybody gives way: a sender that doesn't takes the others' place.
#
# A radio, however, loses packets because of noise, and this window halves all the same. On such paths an
# [explicit mark](https://www.rfc-editor.org/rfc/rfc3168#section-1) by the router says more than a loss. Real TCP adds other things, too: a
# receiver that tells how much it has [room for](https://www.rfc-editor.org/rfc/rfc9293#section-3.8.6), and today
# often [another curve](https://www.rfc-editor.org/rfc/rfc9438#section-1) to climb.

# %%
quiz("07 two kinds of loss")

# %% [markdown]
# ## What you can do now
#
# - Compute what fills a path: in flight = rate × round-trip time.
# - Write Go-Back-N and the receiver of Selective Repeat, and say which packets go again after a loss.
# - Choose a window of at most half the number space, and of about what the path holds.
# - Recognise a queue by its round trips, and give way when it drops packets.
#
# [Chapter 08](08_many_clients_at_once.ipynb) goes back to TCP, where the kernel does all this for you, and asks how one server
# serves many clients.
#
# **Worth reading:** [RFC 3366, section 1.4](https://www.rfc-editor.org/rfc/rfc3366#section-1.4) (both rules, for links);
# [RFC 5681, section 3](https://www.rfc-editor.org/rfc/rfc5681#section-3) (congestion control); [RFC 1982](https://www.rfc-editor.org/rfc/rfc1982) (numbers that begin again).
#
# ## Words of this chapter

# %%
words("07")
