# %% [markdown]
# # Windows: many packets in flight
#
# To be written.

# %% [markdown] tags=["about"]
# learn: keep a long path full, and repair it when a packet dies
# leave out: the exercise on Selective Repeat
# ask: Go-Back-N with packet 2 of 6 lost | Which packets go again?

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

review("07")

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



# %% [markdown]
# ## More than one at a time
#
# Stop-and-wait sends a message and then does nothing for a round trip. A **window** of n lets n
# messages be under way. What if one is lost? **Go-Back-N**: the receiver keeps nothing that comes early,
# and the sender goes back and sends all from the lost one on. **Selective Repeat**: the receiver
# keeps what is early and confirms each by itself; the sender repeats only what is lost.
#
# `transfer` is both, with both ends in one loop. It may send a message in each *slot* of a millisecond (here
# 5, to watch); the way there takes 8 slots, the ACK's way back none. The window is 4, and packet 2 of 6 is
# lost. Which go again?

# %%
predict("06 goes back", "How many packets will Go-Back-N send again?", low=0, unit="packets")

# %% tags=["hidden", "nbval-ignore-output"]
TRIP, TIMER = 8, 16  # slots


def transfer(
    selective, window, loss=0.0, seed=1, seconds=0.2, messages=10_000, script=(), slot=0.001
):
    """Send numbered messages for a while; return how many arrived in order, and the trace."""
    sent_at, confirmed, base, fresh = {}, set(), 1, 1  # of the sender
    early, wanted = set(), 1  # of the receiver
    up = {"delay": TRIP * slot, "loss": loss, "script": script}
    with (
        udp_socket() as receiver,
        Link(receiver.getsockname(), up=up, seed=seed) as link,
        udp_socket() as sender,
    ):
        start = turn = now = time.perf_counter()
        while base <= messages and now < start + seconds:
            # The sender: what is overdue, otherwise the next one, if the window has room.
            overdue = now - TIMER * slot
            late = [n for n in range(base, fresh) if sent_at[n] < overdue and n not in confirmed]
            if late and not selective:
                fresh = base  # go back: from the oldest on all are sent again
            number = late[0] if late else fresh
            if number >= min(base + window, messages + 1):
                turn = max(turn, now)  # no room in the window
            elif now >= turn:
                sender.sendto(packet(DATA, number), link.address)
                sent_at[number], turn = now, turn + slot
                fresh = max(fresh, number + 1)
            ready = select.select([receiver, sender], [], [], max(slot / 4, turn - now))[0]
            if receiver in ready:  # keeps it, and confirms
                datagram, address = receiver.recvfrom(2048)
                number = HEADER.unpack(datagram)[1]
                if selective or number == wanted:
                    early.add(number)
                while wanted in early:
                    wanted += 1
                receiver.sendto(packet(ACK, number if selective else wanted - 1), address)
            if sender in ready:  # an ACK: the window moves on
                number = HEADER.unpack(sender.recv(2048))[1]
                confirmed.update([number] if selective else range(base, number + 1))
                while base in confirmed:
                    base += 1
                fresh = max(fresh, base)
            now = time.perf_counter()
    return wanted - 1, link.trace


pictures = []
for selective, title in (
    (False, "Go-Back-N: after the loss of 2, all from 2 on are sent again"),
    (True, "Selective Repeat: only 2 is sent again"),
):
    arrived, trace = transfer(
        selective, window=4, messages=6, script={2: "drop"}, seconds=9, slot=0.005
    )
    pictures.append(draw(trace, title))
    numbers = [HEADER.unpack(e.head)[1] for e in trace if e.source != "server"]
    print(f"{title.split(':')[0]}: {arrived} of 6 arrived; sent were {numbers}")
    if not selective:
        again = len(numbers) - len(set(numbers))
print(predicted("06 goes back").compare(again))
display(pictures[0])
pictures[1]

# %% tags=["claim"]
assert arrived == 6

# %% [markdown]
# Go-Back-N sent 3, 4 and 5 again although they had arrived; Selective Repeat sent 2 alone.
#
# ## What is a window worth?
#
# *Goodput* counts only what arrives and is new. A round trip of 8 slots needs a window of at least 8 to
# keep the path full. By the textbook a message takes, in slots, with a round trip R, a timer T, a window n and
# a loss P:
# - stop-and-wait: R + T · P/(1 − P)
# - Go-Back-N: max(1, R/n) + T · P/(1 − P)
# - Selective Repeat: max(1, R/n) / (1 − P), if the window never has to wait for a lost one
#
# (The books set T = R; ours is 16. Here no ACKs are lost, as there.) Marks are measured, lines are the formulas.

# %% tags=["nbval-ignore-output"]
from functools import cache


def theory(name, window, loss):
    """Messages for each slot, by the textbook."""
    one = max(1, TRIP / window)
    if name == "Selective Repeat":
        return (1 - loss) / one
    return 1 / (one + TIMER * loss / (1 - loss))


@cache  # the same is not measured twice
def goodput(name, window, loss, seed=1, seconds=0.13):
    arrived, _ = transfer(name == "Selective Repeat", window, loss, seed, seconds)
    return arrived / (seconds / 0.001 - TRIP)


losses = [(loss, 32, loss) for loss in (0, 0.1, 0.2, 0.3)]
display(charts.goodput_chart(losses, "loss of messages, P; the window is 32", goodput, theory))
windows = [(window, window, 0.1) for window in (1, 4, 8, 16, 32)]
charts.goodput_chart(windows, "window, messages; the loss is 0.1", goodput, theory)

# %% tags=["claim"]
windowed = [goodput("Go-Back-N", 32, loss) for loss in (0, 0.1, 0.2, 0.3)]
assert max(windowed) > goodput("stop-and-wait", 1, 0)


# %% tags=["nbval-ignore-output"]
def watch(protocol, window, loss, seed):
    return protocol, window, transfer(protocol == "Selective Repeat", window, loss, seed, 0.12)


panel = explore(
    watch,
    charts.climb(),
    protocol=["Go-Back-N", "Selective Repeat"],
    window=Slider(1, 32, start=24),
    loss=Slider(0, 0.3, 0.05, start=0.1),
    seed=Slider(1, 20, start=1),
)
panel

# %% tags=["claim"]
assert panel.data[2][0] > 0

# %% [markdown]
# A window of 1 climbs in steps of a round trip. A larger one climbs faster, until at 8 the path is full.
# After each cross Go-Back-N falls back and repeats what was there already (diamonds): each loss costs a whole
# timer, however large the window is. Selective Repeat repeats one, and goes on as long as the window has
# room. At 8 it has to wait, so its points lie below its curve; at 32 a little, as our runs are short
# and what is not in order at their end does not count. The price: the receiver stores what is early.
#
# **Try:** give the `Link` in `transfer` a `loss=loss` as well, so that ACKs die too, and run these cells
# again. Which protocol minds least? (An ACK of Go-Back-N covers all those before it.)
#
# ## Exercise 4: Go-Back-N
#
# This sender talks to your `receive_reliably`, which ignores what is early.


# %% tags=["exercise"]
def go_back_n_send(sock, address, messages, window, timeout):
    """Send messages with up to `window` of them unconfirmed, and then an END.

    Message n, counted from 1, is sent as DATA n, without waiting while the window has room.
    ACK n from `address` confirms all up to n. All else is ignored: lower ACKs, those of
    numbers never sent, other kinds and addresses. One timer of `timeout` seconds starts with
    the oldest unconfirmed message, and anew whenever an ACK confirms something new. When it
    ends, every unconfirmed message that was sent is sent again, in order. After the last
    confirmation END is sent, as in `send_reliably`. A wait leaves the processor to others.

    Arguments: as for `send_reliably`; window is a number of messages, 1 or more.
    Returns how many DATA datagrams were sent, with those sent again, END not counted.
    Raises ValueError for a window below 1. Raises TimeoutError when the timer has ended TRIES
    times in a row without anything new confirmed; its text names the first message that was
    not confirmed, as "message 3 of 8 was not confirmed". A ConnectionError of the socket
    counts as silence. The caller closes sock; the function may set its timeout.

    Example: 8 messages, window 4, DATA 2 lost once: DATA 2, 3, 4 and 5 are sent again, so 12.
    """
    if window < 1:
        raise ValueError(f"a window has room for 1 message or more, not {window}")
    transmissions, oldest, fresh, silences = 0, 1, 1, 0
    ends = time.perf_counter() + timeout
    while oldest <= len(messages):
        while fresh < min(oldest + window, len(messages) + 1):
            _send(sock, address, packet(DATA, fresh, messages[fresh - 1]))
            transmissions += 1
            fresh += 1
        confirmed = _next_ack(sock, address, ends)
        if confirmed is None:
            silences += 1
            if silences == TRIES:
                raise TimeoutError(f"message {oldest} of {len(messages)} was not confirmed")
            fresh = oldest
        elif oldest <= confirmed < fresh:
            oldest, silences = confirmed + 1, 0
        else:
            continue
        ends = time.perf_counter() + timeout
    for _ in range(TRIES):
        _send(sock, address, packet(END, len(messages) + 1))
        ends = time.perf_counter() + timeout
        while (confirmed := _next_ack(sock, address, ends)) is not None:
            if confirmed > len(messages):
                return transmissions
    return transmissions


def _send(sock, address, datagram):
    with contextlib.suppress(ConnectionError):  # about an earlier datagram; this one is lost
        sock.sendto(datagram, address)


def _next_ack(sock, address, ends):
    """The number of the next ACK, or None where none comes until then."""
    while (left := ends - time.perf_counter()) > 0:
        sock.settimeout(left)
        try:
            answer, sender = sock.recvfrom(2048)
        except TimeoutError:
            return None
        except ConnectionError:
            continue
        if sender == address and len(answer) == HEADER.size and answer[0] == ACK:
            return HEADER.unpack(answer)[1]
    return None


# %%
check(go_back_n_send)
# %% [markdown]
# ## Words of this chapter

# %%
words("07")

# %% [markdown]
# ## What you can do now
