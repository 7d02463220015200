# %% [markdown]
# # The window: many packets in flight
#
# A camera on a mast cuts its pictures into packets and sends them by radio. A packet and its ACK need a while
# to go there and back, so with the stop-and-wait of chapter 06 the radio is idle most of the time.
#
# At the end you can
# - **compute** how many packets must be in flight to keep a path full;
# - **write** Go-Back-N and the receiver of Selective Repeat, and say what each does about a lost packet;
# - **choose** a window that fits the numbers that your packets carry;
# - **recognise** a queue that fills, and give way before others suffer.
#
# About 95 minutes in four parts. This is an estimate; if networks are new to you, plan twice as long. Read
# chapters [04](04_datagrams_udp_for_sensors.ipynb), [05](05_packet_loss.ipynb) and
# [06](06_reliable_delivery_over_udp.ipynb) first.

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
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from IPython.display import display

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


@dataclass
class Stats:
    """What it took to send messages."""

    transmissions: int
    rtts: list[float] = field(default_factory=list)  # here they may stay empty


def packet(kind, number, payload=b""):
    return HEADER.pack(kind, number) + payload


def udp_socket():
    """A UDP socket on a free port of this machine, whose waits end after 0.4 seconds."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(0.4)
    return sock


# %% [markdown]
# ## A camera that waits for each ACK leaves its radio idle
#
# One picture has 120 packets. In each **slot** of a millisecond the radio may send one packet, so the picture
# could leave in 120 slots. A packet takes 8 slots to arrive. To keep the sums easy its ACK takes no time, so
# a round trip takes 8 slots too.
#
# With stop-and-wait the camera sends a packet only when the one before it is confirmed. If no packet is lost,
# how much of the picture is there after 120 slots?

# %%
predict("07 stop and wait", "How many packets arrive in 120 slots?", low=0, unit="packets")


# %% tags=["hidden", "nbval-ignore-output"]
RULES = ["Go-Back-N", "Selective Repeat"]


def climb(rule, window, loss):
    return rule, window, staging.transfer(rule, window, loss, seconds=0.12)


panel = explore(
    climb, charts.climb(), rule=RULES, window=Slider(1, 32, start=1), loss=(0, 0.3, 0.05)
)
print(predicted("07 stop and wait").compare(panel.data[2][0].arrived))
panel

# %% tags=["claim"]
assert 0 < panel.data[2][0].arrived <= 16

# %% [markdown]
# By the numbers 120 / 8 = 15 packets could arrive. One or two fewer did, because each round trip takes a little
# longer here.
#
# A packet that has been sent and not confirmed is **in flight**. A **window** of size w begins at the oldest of
# these: this packet and the w − 1 after it may be in flight. When the oldest is confirmed, the window moves on.
#
# Move only the window's slider. From which window on do the points rise no faster?

# %%
quiz("07 no faster")

# %% [markdown]
# From 8 on they rise no faster. With a smaller window the points stand in groups, because the sender sends
# its window and then waits. With 8 there is always something to send.
#
# So a path is full when *in flight = rate × round-trip time*. Here that is 1 packet a slot × 8 slots = 8. Books
# call it the [bandwidth-delay product](https://www.rfc-editor.org/rfc/rfc7323#section-1.1).

# %%
quiz("07 in flight")

# %% [markdown]
# ## One packet is lost, and two rules repair it
#
# With many packets in flight a loss leaves a gap: packet 2 is missing, while 3, 4 and 5 arrive. There are
# [two answers](https://www.rfc-editor.org/rfc/rfc3366#section-1.4).
# - **Go-Back-N** makes do with a simple receiver, which keeps a packet only if that is the next in order. Its
#   ACK is **cumulative**: ACK 5 says that everything up to 5 is here. If a timer ends, the sender goes back to
#   the oldest unconfirmed packet, and sends all from there again.
# - **Selective Repeat** needs a receiver with a memory. It keeps what comes early, and each ACK names the one
#   packet that it answers. The sender repeats only what was not confirmed.
#
# Both now send 6 packets with a window of 4, and the link drops packet 2. In this run a slot lasts 5
# milliseconds, and each packet's timer 16 slots. (In exercise 1 one for all will do.)

# %%
predict("07 goes back", "How many packets will Go-Back-N send again?", low=0, unit="packets")

# %% tags=["hidden", "nbval-ignore-output"]
draw = partial(sequence_diagram, words=staging.in_words, roles=("sender", "receiver"))
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
# Go-Back-N sends four packets again. In the first diagram look at the ACKs, the arrows that point left: the
# receiver keeps none of 3, 4 and 5, and answers each with ACK 1. So the sender goes back, and sends 2, 3, 4
# and 5 again. In the second diagram the receiver answers with ACK 3, 4 and 5, and only packet 2 goes again.
#
# Yet packet 6 waits in both: the window still begins at packet 2, so it ends at packet 5.
#
# Now you choose what is lost. In the next cell `staging.Flow`, a sender of ours, sends six packets slowly, with
# a timer of two seconds. Click on a packet or an ACK while it moves. Which packets do you expect again? Then
# change the rule to `"Selective Repeat"`, and kill the same one.


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
# If you kill a packet, Go-Back-N sends it and those in flight after it again, and Selective Repeat only this
# one. If you kill an ACK under Selective Repeat, its packet goes again, because no other ACK speaks for it.
#
# Under Go-Back-N a lost ACK often does no harm. The puzzle shows such a run: why?

# %%
puzzle("07 nothing goes again")

# %% [markdown]
# ### A good place to stop
#
# To go on tomorrow, click on the next cell and choose *Run → Run All Above Selected Cell* (about 8 seconds).
#
# ## A Go-Back-N sender remembers two numbers
#
# `oldest` is the oldest packet that is not confirmed, and `fresh` is the next one to be sent. If packets 1 to 5
# were sent and ACK 1 has come, `oldest` is 2 and `fresh` is 6, so 2 to 5 are in flight. Three events can
# follow: the window has room, an ACK comes, or the timer ends.
#
# `next_ack` waits as you did in chapter 06, and returns the number of the next ACK from the right address, or
# `None`.


# %%
def next_ack(sock, address, ends):
    """The number of the next ACK from this address, or None where none comes until then."""
    while (left := ends - time.perf_counter()) > 0:
        sock.settimeout(left)
        try:
            answer, sender = sock.recvfrom(65_535)
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
# The sender is half written. Three gaps are yours, one for each of the three events. Before you begin:
# - `_send` is `sendto`, and ignores a ConnectionError.
# - `silences` counts how often in a row the timer has ended.
# - The loop's last line starts the timer anew, and `continue` skips it.
# - The lines that you put in order left out that some time no message is left to send.


# %% tags=["exercise"]
def go_back_n_send(sock, address, messages, window, timeout):
    """Send messages with up to `window` of them unconfirmed, and then an END.

    Example: 8 messages, window 4, DATA 2 lost once: DATA 2, 3, 4 and 5 are sent again, so it
    returns Stats(12).

    What it sends:
    - Message n, counted from 1, goes out as DATA n, without waiting while the window has room.
    - One timer of `timeout` seconds starts with the oldest unconfirmed message, and anew when
      an ACK confirms something new. When it ends, every unconfirmed message that was sent is
      sent again, in order.
    - After the last confirmation END is sent up to TRIES times. END unconfirmed is no error.

    What it hears:
    - ACK n from `address` confirms all up to n.
    - All else is ignored: lower ACKs, those of numbers never sent, other kinds and addresses.
    - A ConnectionError of the socket counts as silence.
    - It waits in `recvfrom`, as `next_ack` does.

    Arguments:
    - sock is an open UDP socket; the caller closes it. The function may set its timeout.
    - address is a tuple (host, port).
    - messages is a list of bytes and may be empty.
    - window is a number of messages, 1 or more.
    - timeout is in seconds, by a clock that only goes forward.

    Returns Stats: transmissions counts the DATA datagrams, with those sent again. rtts may stay
    empty, and whatever stands in it is not looked at.
    Raises ValueError for a window below 1. Raises TimeoutError when the timer has ended TRIES
    times in a row without anything new confirmed; its text names the first message that was
    not confirmed, as "message 3 of 8 was not confirmed".
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
            if confirmed == len(messages) + 1:
                return Stats(transmissions)
    return Stats(transmissions)


def _send(sock, address, datagram):
    with contextlib.suppress(ConnectionError):  # about an earlier datagram; this one is lost
        sock.sendto(datagram, address)


# %%
check(go_back_n_send)

# %% [markdown]
# ## Your sender on a bad link
#
# `staging.deliver` runs a sender and the receiver of chapter 06, with a link between them that loses one
# packet in ten, ACKs too. Your sender runs if it has passed, and otherwise one of ours. How much time does a
# window of 8 save, and what does it cost?

# %% tags=["nbval-ignore-output"]
MESSAGES = [b"picture %d" % n for n in range(1, 31)]
sender = own_answer("go_back_n_send") or staging.GIVEN["go_back_n_send"]
for window in (1, 8):
    stats, seconds, arrived = staging.deliver(sender, MESSAGES, window)
    sent = f"window {window}: {stats.transmissions} packets, {seconds:.1f} s"
    print(f"{sent}, all in order: {arrived == MESSAGES}")

# %% tags=["claim"]
assert arrived == MESSAGES

# %% [markdown]
# A window of 8 is done far sooner than one of 1, but it sends far more packets, because a loss can make it
# repeat eight of them.
#
# ### A good place to stop
#
# To go on tomorrow, click on the next cell and choose *Run → Run All Above Selected Cell* (about 10 seconds).
#
# ## A packet that comes early is worth keeping
#
# A novel comes to you by post, in parts. If part 2 is late, you don't burn parts 3, 4 and 5. You put them on a
# shelf, and when part 2 comes, you can read on to part 5 at once.
#
# The receiver of Selective Repeat has such a shelf: a dictionary `early` from numbers to payloads. `wanted`
# is the lowest number that it still misses. For the novel `wanted` is 2, and `early` holds 3, 4 and 5.
#
# Memory is limited, so the receiver has a window, too: `wanted` and the `window - 1` numbers after it.

# %%
order("07 a gap closes")

# %% [markdown]
# What about a packet that lies *behind* the window? The receiver has taken it already, but its ACK may have
# been lost, so the receiver sends the same ACK once more. A packet *beyond* the window gets no ACK, because
# an ACK is a promise to keep it.
#
# ## Exercise 2: the receiver of Selective Repeat
#
# Your lines decide about a DATA packet: is it kept, and is it confirmed?


# %% tags=["exercise"]
def receive_selectively(sock, window):
    """Receive the messages of one sender in any order, confirm each, and return them in order.

    Example: window 4, and DATA 1 "a", DATA 3 "c", DATA 1 "a", DATA 2 "b", END 4 come. It answers
    ACK 1, 3, 1, 2, 4 and returns [b"a", b"b", b"c"].

    A message is DATA, number 1, 2, ..., and its payload of 0 to 1,000 bytes. `wanted` is the
    lowest number that is not here yet.

    What comes:
    - DATA from wanted to wanted + window - 1 is kept, once, and gets an ACK of its own number.
    - DATA below wanted was here before: it gets its ACK again, and is not kept again.
    - DATA beyond the window is ignored, without an answer.
    - END has no payload; its number is one more than the last message's. Once all before it are
      here, it gets an ACK of its number. Until then it is ignored.
    - All else is ignored: less than five bytes, another kind, number 0, an END with a payload.

    Each ACK goes to the address that its packet came from. After END it goes on to confirm DATA
    and END that come again, and returns when nothing has come for the socket's timeout.

    Arguments: sock is a bound UDP socket with a timeout in seconds; the caller closes it. window
    is a number of packets, 1 or more.
    Returns a list of the payloads, as bytes, in the order of their numbers.
    Raises ValueError for a window below 1, and TimeoutError if nothing comes for the timeout,
    before END. A ConnectionError of the socket must not end it, and it waits in `recvfrom`.
    """
    if window < 1:
        raise ValueError(f"a window has room for 1 packet or more, not {window}")
    messages, early, wanted, ended = [], {}, 1, False
    while True:
        try:
            datagram, sender = sock.recvfrom(65_535)
        except ConnectionError:  # on Windows, after an ACK that met a closed port
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
# The sender has to know of each packet when it was sent, and whether it is confirmed. The one below goes
# through its window again and again, and sends what is *due*: a packet that was never sent, or whose timer has
# ended without an ACK. It waits for an ACK for at most 2 milliseconds, because meanwhile any of its timers may
# end.


# %% tags=["nbval-ignore-output"]
def send_selectively(sock, address, messages, window, timeout):
    """Send each message until its own ACK has come, and then an END; return Stats."""
    sent_at, confirmed, oldest = {}, set(), 1
    tries = [0] * (len(messages) + 1)  # of each message
    while oldest <= len(messages):
        now = time.perf_counter()
        for number in range(oldest, min(oldest + window, len(messages) + 1)):
            due = number not in sent_at or now - sent_at[number] >= timeout
            if due and number not in confirmed:
                if tries[number] == TRIES:
                    raise TimeoutError(f"message {number} was not confirmed")
                _send(sock, address, packet(DATA, number, messages[number - 1]))
                sent_at[number] = now
                tries[number] += 1
        # The next ACK's number, or None, which is no number.
        confirmed.add(next_ack(sock, address, time.perf_counter() + 0.002))
        while oldest in confirmed:
            oldest += 1
    for _ in range(TRIES):
        _send(sock, address, packet(END, oldest))
        ends = time.perf_counter() + timeout
        while (number := next_ack(sock, address, ends)) is not None:
            if number == oldest:
                return Stats(sum(tries))
    return Stats(sum(tries))


receiver = own_answer("receive_selectively") or staging.GIVEN["receive_selectively"]
keeping = partial(receiver, window=8)
stats, seconds, arrived = staging.deliver(send_selectively, MESSAGES, 8, keeping)
print(f"Selective Repeat: {stats.transmissions} packets in {seconds:.1f} s")
print("all in order:", arrived == MESSAGES)

# %% tags=["claim"]
assert arrived == MESSAGES

# %% [markdown]
# Only what was not confirmed went again.
#
# ## What if the numbers begin again?
#
# The radio of many sensors, IEEE 802.15.4, numbers its packets with one byte, so after 255 comes 0 again.
# What can go wrong?
#
# With two bits the numbers are 1, 2, 3, 0, 1, 2 and so on, so message 5 bears the number 1 again. The window
# is 3. The first three packets arrive, but all three ACKs are lost, so the sender sends the three packets
# again.

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
# It keeps the packet as message 5. When the second `DATA 1 'm1'` arrives, the receiver waits for the messages
# 4, 5 and 6, which have the numbers 0, 1 and 2, so it takes the old packet for message 5.
#
# How large may the window be, so that this can't happen? Find the border with the sliders; again all ACKs of
# the first window are lost.


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
assert wraps.data[2][8:10] == [1, 2] or wrap(8, 5)[2][8:10] == [1, 2]  # if it stalled

# %% [markdown]
# With 8 numbers a window of 4 is safe, and one of 5 is not. With 5 the old window has the numbers 1 to 5, and
# the new one 6, 7, 0, 1 and 2, so 1 and 2 lie in both.
#
# Old and new must not share a number, so *for Selective Repeat the window is at most half of the numbers*.
#
# ### A good place to stop
#
# To go on tomorrow, click on the next cell and choose *Run → Run All Above Selected Cell* (about 12 seconds).
#
# ## How much gets through when packets are lost?
#
# **Goodput** counts only packets that arrive and are new. We measure it in packets a slot, so 1 is a full
# path.
#
# Say that one packet in ten is lost, but no ACKs. The window is wide, and each packet has a timer of its own,
# which ends 16 slots after it was sent. (Your Go-Back-N has one for all, which an ACK starts anew.) What does
# Go-Back-N reach?
#
# Look at ten packets. Nine arrive, which takes 9 slots. The tenth is lost. From its slot until its timer ends
# 16 slots pass, all in vain: the receiver keeps nothing of what is sent in them. Then it goes back to the
# tenth, which is the first of the next ten. That makes nine packets in 9 + 16 = 25 slots, a goodput of 9/25 =
# 0.36.
#
# In words, the goodput is *packets that arrive / (their slots + a timer for each loss)*.

# %%
predict(
    "07 a fifth is lost",
    "A fifth of all packets is lost, the timer is 16 slots, and the window is 32. What is the "
    "goodput of Go-Back-N, in packets a slot?",
    low=0,
    high=1,
)

# %% tags=["hidden", "nbval-ignore-output"]
SECONDS = 0.15


def goodput(rule, window, loss, seed=1):
    flow, _ = staging.transfer(rule, window, loss, seed, SECONDS)
    return flow.arrived / (SECONDS / staging.SLOT - staging.TRIP)


points = [(rule, 32, loss) for rule in RULES for loss in (0, 0.1, 0.2, 0.3)]
points += [(rule, window, 0.1) for rule in RULES for window in (1, 4, 8, 16)]
picture = charts.goodput_chart({each: goodput(*each) for each in points}, staging.theory)
print(predicted("07 a fifth is lost").compare(round(picture.values["Go-Back-N", 32, 0.2], 2)))
picture

# %% tags=["claim"]
assert picture.values["Selective Repeat", 32, 0.2] > 2 * picture.values["Go-Back-N", 32, 0.2]

# %% [markdown]
# The marks are means of your run and eleven recorded ones, with 95 % intervals. The curve on the left is our
# formula. No rule passes the dotted line, 1 − p, because a lost packet uses up a slot.
#
# With a fifth lost, Go-Back-N reaches about 0.2, since four of five packets arrive, and 4/(4 + 16) = 0.2, up to
# chance. Selective Repeat reaches about 0.64.
#
# Selective Repeat goes on with new packets while a lost one is repaired. The repair takes a timer and a trip,
# 16 + 8 = 24 slots, and a window of 32 has enough new packets to fill them. Only if the repair is lost too, it
# runs empty.
#
# On the right both rules rise up to a window of 8, because smaller ones leave slots unused. But 8 packets
# last for 8 slots and not for the 24 of a repair. So *where packets are lost, a window wider than the path
# pays, but only under Selective Repeat*. Go-Back-N sends its further packets again anyway.
#
# ## Above rate × round-trip time, a window fills a queue
#
# Often the slowest part of a path, its **bottleneck**, is not the radio but a router further on. Packets that
# come too fast wait there in a queue, and if the queue is full, they are dropped.
#
# So far the sender itself was slowest, so even a window of 32 filled no queue. From here on the path is another
# one, and we count in milliseconds. In each millisecond the sender may send two packets, and the bottleneck
# passes on one. Its queue holds 10 packets. A round trip takes 10 milliseconds, so 10 packets fill the path.
# What does a window of 20 buy?

# %%
predict(
    "07 a window of 20",
    "With a window of 10 a round trip takes some 10 ms. How long does it take with one of 20?",
    low=0,
    unit="ms",
)


# %% tags=["hidden", "nbval-ignore-output"]
def through_queue(*windows, queue=10, seconds=0.25, later=0.0):
    """Send packets of 100 bytes through a queue, each sender a while later than the one before."""
    up = {"rate": 100_000, "queue": 100 * queue, "delay": 0.005}  # bytes a second, bytes, seconds
    flows = [
        staging.Flow(each, timer=0.06, size=100, slot=0.0005, fast=True, begins=later * place)
        for place, each in enumerate(windows)
    ]
    with udp_socket() as there, Link(there.getsockname(), up=up, down={"delay": 0.005}) as link:
        staging.run(there, link, flows, seconds)
    return flows, link.trace


def undisturbed(window):
    return staging.calm(lambda: through_queue(window))  # again where the machine paused


rows = {window: undisturbed(window) for window in (5, 10, 15, 20, 25, 30)}
asked = predicted("07 a window of 20")
queued = charts.queue_chart(rows, holds=10, queue=10, prediction=asked)
print(asked.compare(round(queued.values["trips"][20])))
queued

# %% tags=["claim"]
assert queued.values["drops"][30] > queued.values["drops"][5]

# %% [markdown]
# With a window of 20 a round trip takes nearly 20 milliseconds: 10 for the path, and 1 for each of 10 that
# wait. But the bottleneck passes on no more than one packet a millisecond, and 10 in flight nearly keep it
# busy. So 20 buy mostly delay, and a little loss. Up to 10 the upper curve is level.
#
# From about 20 on the queue drops what finds no room, a little earlier where packets come in bunches. This loss
# is not chance: the sender makes it.
#
# ## Two senders, and who gives way
#
# A second camera starts to send through the same bottleneck. Path and queue have room for 20 packets in all,
# and two windows of 20 want 40. Neither sender sees the other, but each sees its losses, and in a wired
# network most of them come from a full queue. So TCP listens to losses. Its classic rules ([RFC
# 5681](https://www.rfc-editor.org/rfc/rfc5681#section-3)), slightly simplified:
# - A **congestion window** starts at 1, and grows fast below a *threshold*, slowly above it. The threshold is
#   64 at first, and half the window after a loss.
# - Below the threshold every ACK adds 1. A window of 4 brings 4 ACKs in a round trip, so it grows to 8. This
#   doubling is called **slow start**: only its beginning is slow.
# - From the threshold on, each ACK adds 1/size. So a window of 64 grows to about 65 in a round trip.
# - A packet is taken for lost when three that were sent later are confirmed, and it is not. The window is
#   halved, once for all that are lost in one round trip. It does not fall back to 1, because packets still get
#   through.
# - If the timer ends, perhaps nothing gets through. The window starts again at 1.
#
# ## Exercise 3: a window that gives way
#
# Write them as a class. A sender asks for its `size`, and calls a method at each event, but `lost` only once a
# round trip.


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
        """One packet is missing: size and threshold become half the old size, at least 2."""
        self.threshold = self.size = max(self.size / 2, 2)

    def timed_out(self):
        """The timer has ended: the same threshold as for a loss, and a size of 1."""
        self.lost()
        self.size = 1


# %%
check(CongestionWindow)

# %% [markdown]
# Here one sender uses your class, if it has passed. Move the slider of the queue: what does a longer queue
# change for the window, and what for the round trip?

# %% tags=["nbval-ignore-output"]
Window = own_answer("CongestionWindow") or staging.GIVEN["CongestionWindow"]


def alone(queue):
    flows, trace = staging.calm(lambda: through_queue(Window(), queue=queue, seconds=0.8))
    return queue, flows[0], trace


saw = explore(alone, charts.sawtooth(), slow=True, queue=Slider(2, 40, start=10))
saw

# %% tags=["claim"]
assert saw.data[1].arrived > 10

# %% [markdown]
# Slow start shoots over the line of 20 packets, because the news of a loss takes a round trip. The window
# halves, or starts again at 1 if the timer ends. Then it climbs until the queue drops a packet, and halves: the
# saw of classic TCP.
#
# With a longer queue the window climbs higher, and each round trip takes longer, because more packets wait.
# With a queue of 10 the window falls from about 20 to 10, which still fills the path, so a longer queue makes
# this sender hardly faster. Such useless waiting is called
# [bufferbloat](https://www.rfc-editor.org/rfc/rfc8033#section-1).
#
# Now a second sender starts 0.4 seconds after the first. Will each get its turn, and will two congestion
# windows lose less than two windows of 20?

# %% tags=["nbval-ignore-output"]
runs = {
    "windows of 20": through_queue(20, 20, seconds=1.6, later=0.4),
    "CongestionWindow": through_queue(Window(), Window(), seconds=1.6, later=0.4),
}
charts.shares_chart(runs)

# %% tags=["claim"]
assert all(flow.arrived > 10 for flows, _ in runs.values() for flow in flows)
fixed, gives_way = (staging.lost_share(trace) for _, trace in runs.values())
assert gives_way < fixed

# %% [markdown]
# Yes, each sender gets its turn, though one may fall far behind for a while, and both after losses of both. And
# yes, congestion windows lose far less: a few packets in a hundred, where fixed windows lose fifteen to twenty.
# Fixed windows bring about as many packets to the end, but keep the queue full for everybody.
#
# The camera's radio loses packets because of noise, and this window halves all the same.

# %%
quiz("07 two kinds of loss")

# %% [markdown]
# ## What you can do now
#
# - Compute what fills a path: in flight = rate × round-trip time.
# - Write Go-Back-N and the receiver of Selective Repeat, and say which packets go again after a loss.
# - Choose a window: about what the path holds, and with Selective Repeat more if there are losses to repair,
#   but never more than half of the numbers.
# - Recognise a queue by its round trips, and give way when it drops packets.
#
# Part II ends with [assignment A2](assignments/A2_firmware.ipynb). In [chapter
# 08](08_many_clients_at_once.ipynb) TCP does all this for you, and one server serves many clients.
#
# **Worth reading:** [RFC 3366, section 1.4](https://www.rfc-editor.org/rfc/rfc3366#section-1.4) and [RFC 5681,
# section 3](https://www.rfc-editor.org/rfc/rfc5681#section-3).
#
# ## Words of this chapter

# %%
words("07")
