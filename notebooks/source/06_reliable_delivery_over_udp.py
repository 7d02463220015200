# %% [markdown]
# # Reliable delivery over UDP
#
# A sensor at a door reports `open`, and later `shut`. If the network loses the second report, the heating
# still believes that the door is open. UDP does nothing about that, so you will. You start with a plain "did
# you get it?", watch it fail, and mend it step by step.
#
# At the end you can
# - **build** delivery that survives lost, doubled and late packets;
# - **judge** a receiver that you can't look into, by what it answers;
# - **predict** how often a message has to be sent;
# - **set** a timer from measured round trips, and say why it waits longer after each failure.
#
# About 100 minutes in four parts. This is an estimate; if networks are new to you, plan twice as long. Read
# chapters [04](04_datagrams_udp_for_sensors.ipynb) and [05](05_packet_loss.ipynb) first.

# %% [markdown] tags=["about"]
# learn: survive loss, duplicates and lost confirmations; judge a receiver; set timers
# leave out: the section on CoAP
# ask: the lost answer | What has the receiver got, once the sender tries again?

# %%
import contextlib
import socket
import struct
import sys
import time
from builtins import round  # Python's own, also after `from numpy import *`
from dataclasses import dataclass
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

from helpers import Slider, check, explore, live, order, own_answer, page_style
from helpers import predict, predicted, puzzle, quiz, review, words

page_style()  # pictures follow a dark theme

# %%
review("06")

# %% [markdown]
# ## Did you get it?
#
# When you tell a friend a phone number, the friend says it back. The sensor at the door needs the same: it is
# our *sender*, and the collector of its reports is our *receiver*. The answer that says "I have it" is called
# an **acknowledgement**, or **ACK** for short.
#
# Each datagram begins with a header of five bytes, put in front by `packet` in the next cell. The first byte
# says what kind it is: a message travels in a `DATA`, and the answer is an `ACK`. The other four bytes are a
# number, which nobody reads at first.

# %%
from helpers.chapters.chapter_06 import charts, staging

HEADER = struct.Struct("!BI")  # five bytes: the kind in one, the number in four
DATA, ACK, END = 1, 2, 3  # the kinds
TRIES = 10  # transmissions of one message, before its sender gives up


@dataclass
class Stats:
    """What it took to send messages."""

    transmissions: int
    rtts: list[float]  # round-trip times, in seconds


def packet(kind, number, payload=b""):
    return HEADER.pack(kind, number) + payload


def udp_socket():
    """A UDP socket on a free port of this machine, whose waits end after 0.4 seconds."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(0.4)
    return sock


EVENTS = [b"open", b"shut", b"open"]  # what the sensor reports


# %% [markdown]
# ## What if a packet is lost?
#
# The plainest idea is to send a message, wait for its ACK, and then send the next one. In the next run
# `staging.deliver` lets such a sender talk to a receiver. A script tells the link between them which packets
# to drop: with `up={2: "drop"}` the second packet on its way up, to the receiver, is lost. How many of the
# three messages arrive?

# %%
predict("06 lost packet", "How many messages will the receiver have?", low=0, high=3, unit="of 3")


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


kept, trace = staging.deliver(wait_for_ack, keep_all, EVENTS, up={2: "drop"})
print(predicted("06 lost packet").compare(len(kept)))
staging.draw(trace, "One lost packet, and each side waits for the other")

# %% tags=["claim"]
assert kept == [b"open"]

# %% [markdown]
# Only one message arrives. Look at the cross in the diagram: our script killed the message `shut` there, and
# nothing comes after it. The receiver waits for a message while the sender waits for an ACK, so only a
# timeout ended the run.
#
# So the sender needs a **timer**, which says how long it waits for the ACK. If no ACK has come by then, it
# sends the same message again, which is called a **retransmission**.
#
# ## The answer can get lost, too
#
# Is a timer all that we need? In the next run only the ACK of the second message is lost. We try two
# receivers: the first keeps all that arrives, and the second skips a message whose number it has seen before.
# How often will the first receiver have `shut`?

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
                sock.recv(2048)  # any ACK will do
                break
            except TimeoutError:
                if attempt == 4:
                    raise


def skip_old(sock, kept):
    while True:
        datagram, sender = sock.recvfrom(2048)
        if HEADER.unpack(datagram[:5])[1] == len(kept) + 1:
            kept.append(datagram[5:])
            sock.sendto(packet(ACK, 0), sender)


lost = {2: "drop"}
doubled, trace_of_all = staging.deliver(repeat_until_ack, keep_all, EVENTS, down=lost)
stuck, trace_of_new = staging.deliver(repeat_until_ack, skip_old, EVENTS, down=lost)
print(predicted("06 lost ACK").compare(doubled.count(b"shut")))
display(staging.draw(trace_of_all, "The receiver that keeps all has 'shut' twice"))
staging.draw(trace_of_new, "A receiver that is silent about old messages is asked again and again")

# %% tags=["claim"]
assert doubled.count(b"shut") >= 2 and stuck == [b"open", b"shut"]

# %% [markdown]
# Twice: it has `open`, `shut`, `shut` and `open`. Look at what follows the cross in the first diagram. The
# sender only knows that no ACK came: perhaps the message died, and perhaps only its ACK. So the sender has to
# repeat `shut`, and the first receiver believes that the door was shut twice. For a door that may be
# harmless, but a water meter would count a litre twice.
#
# The second receiver has nothing twice, but it is silent about a message that it knows. Its sender waits for
# exactly that ACK, and gives up before the third report. So a receiver needs two rules for a duplicate:
# - *Keep it only once.*
# - *Confirm it every time*, because its sender may still be waiting for the ACK.
#
# ## Now you are the network
#
# The next cell sends the three messages to the receiver that keeps all. The link takes 0.6 seconds each way, so
# you can watch each packet cross. Click on a packet and it is lost. (Without a mouse, use Tab and K as in
# chapter 00.) *Pause* stops the packets, but not the sender's timer of 4 seconds.
#
# Run the cell twice. Kill a `DATA` first, and in the second run an `ACK`. Before each run, say what the
# receiver will have, and how long it will take.

# %% tags=["nbval-ignore-output"]
patient = partial(repeat_until_ack, timer=4)  # the same sender, with timer=4 filled in
kept, trace = staging.deliver(patient, keep_all, EVENTS, delay=0.6, watch=live)

# %% tags=["claim"]
assert kept == EVENTS and all(event.fate == "delivered" for event in trace)

# %% [markdown]
# A run takes about 4 seconds without a kill, and each kill adds one timer, 4 seconds more. After a killed
# `DATA` the receiver still has each message once, but after a killed `ACK` it has that message twice.
#
# ### A good place to stop
#
# To go on tomorrow, click on the next cell and choose *Run → Run All Above Selected Cell*: this takes about 7
# seconds.
#
# ## Which message does this ACK confirm?
#
# The next receiver follows both rules, but packets can also be late. In the next run the first ACK takes 0.15
# seconds, longer than the sender's timer of 0.1, and later a packet with message 2 is lost. How many of the
# three events are kept?

# %%
predict(
    "06 late ACK",
    "The sender has an ACK for each event. How many are kept?",
    low=0,
    high=3,
    unit="of 3",
)


# %% tags=["hidden", "nbval-ignore-output"]
def confirm_each(sock, kept):
    while True:
        datagram, sender = sock.recvfrom(2048)
        if HEADER.unpack(datagram[:5])[1] == len(kept) + 1:
            kept.append(datagram[5:])
        sock.sendto(packet(ACK, 0), sender)


up, down = {3: "drop"}, {1: 0.15}  # packet 3 is lost, ACK 1 takes 0.15 s
kept, trace = staging.deliver(repeat_until_ack, confirm_each, EVENTS, up, down)
print(predicted("06 late ACK").compare(len(kept)))
staging.draw(trace, "A late ACK is taken for the next one, and two events are lost")

# %% tags=["claim"]
assert kept[:1] == [b"open"]

# %% [markdown]
# Only one is kept: two events are lost, and nobody notices. Follow the diagram:
# 1. The ACK of message 1 was late, so message 1 was sent twice and confirmed twice.
# 2. The second of these ACKs came first. The sender went on to message 2, which was lost at the cross.
# 3. Now the late ACK came in (the long arrow that falls to the left), and the sender took it for the ACK of
#    message 2.
# 4. Message 3 came to a receiver that still waited for 2, so it was confirmed but not kept.
#
# An ACK without a number is like a late "yes" on the telephone: yes to which question? The cure is a number
# in each ACK, which says that *all messages up to this one are here*. The late ACK would then say 1, so a
# sender that waits for 2 ignores it. Put the steps of such a receiver in order:

# %%
order("06 a receiver's steps")


# %% [markdown]
# The sender must look at that number. Say the sender waits 0.1 seconds for ACK 2, and after 0.03 seconds an
# old ACK 1 comes. The sender ignores this ACK and waits on, but only for the 0.07 seconds that are `left`.
# (`suppress` ignores the error of a timeout.)
#
# The next run has all accidents so far, and a doubled message. `staging.confirm_up_to` is the receiver that
# you put in order. Do all three events arrive, once each?


# %% tags=["nbval-ignore-output"]
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
                with contextlib.suppress(TimeoutError):
                    confirmed = HEADER.unpack(sock.recv(65_535)[:5])[1]
    return transmissions


up = {3: "drop", 4: "duplicate"}  # to the receiver
down = {1: 0.15, 3: "drop"}  # and back
kept, trace = staging.deliver(stop_and_wait, staging.confirm_up_to, EVENTS, up, down)
staging.draw(trace, "With numbers in both directions each event is there once, in order")

# %% tags=["claim"]
assert kept == EVENTS

# %% [markdown]
# Yes, they arrive once each, and in order. This is **stop-and-wait**: send one packet, and wait for its ACK
# before you send the next.
#
# **Try:** write other accidents into the cell, such as `up = {1: "drop", 2: "drop", 3: "drop"}`. The three
# events still arrive. What would this sender do if *every* packet was lost? (It would send message 1 for ever.)
#
# The puzzle shows such a conversation as bytes. An `END`, kind 3, closes it: no more messages will come.

# %%
puzzle("06 read the bytes")

# %% [markdown]
# ## Exercise 1: the receiver
#
# A receiver can't know by itself that a transfer is over, so the sender tells it by an `END`. The ACK of the
# `END` can be lost too, and then the `END` comes again. So the receiver stays and confirms what comes, until
# it has heard nothing for its socket's timeout.
#
# You write what becomes of each datagram: is it kept, and which number goes back?


# %% tags=["exercise"]
def receive_reliably(sock):
    """Receive the messages of one sender, confirm them, and return them in order.

    Normal case: DATA 1, DATA 2 and so on come, then an END, and then nothing.
    - DATA n is message n, with a payload of 0 to 1,000 bytes, which is kept.
    - END n has no payload. It says that message n - 1 was the last.
    - Each DATA and each END is answered by an ACK without payload, to the address that it came
      from. The ACK's number says that all messages (and the END) up to this one are here.
    - After END it goes on to confirm, and returns when nothing has come for the socket's timeout.

    Argument: sock is a bound UDP socket with a timeout in seconds; the caller closes it.
    Returns a list of the payloads, as bytes.
    It waits in `recvfrom`, and does not ask again and again.

    Example: DATA 1 "a", DATA 2 "b", END 3 come. It answers ACK 1, 2, 3 and returns [b"a", b"b"].

    What may go wrong:
    - A message or END that is here already comes again: it is answered, but not kept again.
    - A DATA or END comes while one before it is missing: it is answered, but does not count, as
      it will come again. While message 1 is missing, the ACK's number is 0.
    - A DATA comes after the END: it is a late copy, and is answered by END's number.
    - Anything else is ignored, without an answer: less than five bytes, another kind, the
      number 0, an END with a payload.
    - A ConnectionError of `recvfrom` does not end it (this is done).
    - Nothing comes for the timeout, before END is here: it raises TimeoutError.

    Example: DATA 1 "a", DATA 1 "a", DATA 3 "c", DATA 2 "b", END 3 come. It answers
    ACK 1, 1, 1, 2, 3 and returns [b"a", b"b"].
    """
    messages, ended = [], False
    while True:
        try:
            datagram, sender = sock.recvfrom(65_535)
        except ConnectionError:  # on Windows, after an ACK that met a closed port
            continue
        except TimeoutError:
            if ended:
                return messages
            raise
        # your lines: what becomes of this datagram, and which ACK is sent for it
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
        sock.sendto(packet(ACK, len(messages) + ended), sender)
        # end


# %%
check(receive_reliably)

# %% [markdown]
# ## Exercise 2: judge a receiver
#
# Now you write a judge, which tests a receiver by its ACKs alone. It can err in two ways:
# - It *misses* a wrong receiver if it never sends what goes wrong there. The check has six wrong ones, and your
#   judge must find five.
# - It *accuses* a right one if it expects more than exercise 1 promises. The check has three right ones, and
#   your judge must accuse none.
#
# The judge goes through a list of steps. A step is a datagram, and the number that a right receiver confirms
# then, or `None` if it must stay silent.
#
# Read the description of exercise 1, its *contract*, again: for each line, which step would show that a
# receiver breaks it?


# %% tags=["exercise"]
def judge_receiver(address):
    """Tell whether a receiver keeps the contract of exercise 1, by sending to it.

    Argument: address is the (host, port) of a program that has just called receive_reliably,
    with a timeout of 2 seconds. It serves one transfer, so your steps build on one another.
    Returns True if every answer is as the contract says, and False if one is not.

    Example: the second step is (packet(DATA, 3, b"open"), 1), because DATA 2 is missing. A
    receiver that answers ACK 3 is wrong, and judge_receiver(address) returns False.

    What may go wrong: an answer that is missing or can't be read is a wrong one.
    Raises nothing, and closes each socket that it opens.
    Time: at most 2 seconds. Each None costs 0.4, so use at most four.
    """
    steps = [(packet(DATA, 1, b"open"), 1)]  # a datagram, and the number to be confirmed
    # your lines: more steps
    steps += [
        (packet(DATA, 1, b"open"), 1),  # the ACK was lost
        (packet(DATA, 3, b"open"), 1),  # 2 is missing
        (packet(END, 3), 1),
        (packet(END, 2)[:3], None),  # too short
        (packet(DATA, 2, b"shut"), 2),
        (packet(END, 3), 3),
        (packet(END, 3), 3),  # the last ACK was lost
    ]
    # end
    with udp_socket() as sock:
        return all(_answer(sock, address, datagram) == number for datagram, number in steps)


def _answer(sock, address, datagram):
    """Send a datagram; return the number of the ACK that comes, or None if none comes."""
    try:
        sock.sendto(datagram, address)
        kind, number = HEADER.unpack(sock.recv(65_535))
    except (OSError, struct.error):
        return None
    return number if kind == ACK else None


# %% tags=["nbval-ignore-output"]
check(judge_receiver)

# %% [markdown]
# ### A good place to stop
#
# To go on tomorrow, click on the next cell and choose *Run → Run All Above Selected Cell*: this takes about 9
# seconds.
#
# ## Exercise 3: the sender
#
# A real sender does four things that `stop_and_wait` does not:
# - It **gives up** after ten transmissions, as the receiver may be gone, and says at which message.
# - It closes with an `END`.
# - It trusts only ACKs from the receiver's address.
# - It keeps the round-trip times (RTTs), measured by `time.perf_counter`, a clock that only goes forward.
#
# You write the loop for one message, and the lines of `_try_once` that recognise its ACK. First find the
# mistake in a wait that looks right:

# %%
quiz("06 a wait")


# %% tags=["exercise"]
def send_reliably(sock, address, messages, timeout):
    """Send messages one at a time, each until it is confirmed, and then an END.

    Normal case:
    - Message n, counted from 1, goes out as DATA n. An ACK (five bytes) of n or more from `address`
      confirms it, and the next message goes out.
    - END goes out in the same way, with the number after the last message's.

    Arguments:
    - sock is an open UDP socket; the caller closes it. The function may set its timeout.
    - address is a tuple (host, port), host an IPv4 address.
    - messages is a list of bytes and may be empty; timeout is in seconds.

    Returns Stats:
    - transmissions counts the DATA datagrams, with those sent again.
    - rtts has the seconds from sending to ACK, by `perf_counter`, of each message that was
      confirmed at its first transmission, in order.

    Example: message 1 of 2 is lost once: Stats(transmissions=3, rtts=[0.0004])

    What may go wrong:
    - No such ACK has come `timeout` seconds after a transmission: the message is sent again, up
      to TRIES transmissions in all.
    - None has come after TRIES transmissions: it raises TimeoutError, whose text names the
      message, as "message 3 of 8 was not confirmed". Later messages are not sent.
    - An END is never confirmed: no error, as all messages are.
    - Whatever else comes is ignored, and does not lengthen the wait.
    - A ConnectionError of the socket counts as silence.

    It waits in `recvfrom`, and does not ask again and again.
    """
    stats = Stats(0, [])
    for number, message in enumerate(messages, 1):
        # your lines: try it up to TRIES times, and keep the stats
        for attempt in range(TRIES):
            stats.transmissions += 1
            rtt = _try_once(sock, address, packet(DATA, number, message), timeout)
            if rtt is not None:
                break
        else:
            raise TimeoutError(f"message {number} of {len(messages)} was not confirmed")
        if attempt == 0:  # else nobody knows which transmission the ACK is for
            stats.rtts.append(rtt)
        # end
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
            answer, sender = sock.recvfrom(65_535)
        except TimeoutError:
            return None
        except ConnectionError:
            continue
        # your lines: is this the ACK that we wait for? then return the seconds since start
        if sender == address and len(answer) == HEADER.size:
            kind, confirmed = HEADER.unpack(answer)
            if kind == ACK and confirmed >= number:
                return time.perf_counter() - start
        # end
    return None


# %%
check(send_reliably)

# %%
quiz("06 not confirmed")

# %% [markdown]
# ## Your two ends meet
#
# `staging.meet` lets your sender talk to your receiver, over a link that drops, doubles and delays. (An end
# that has not passed its check is replaced by the course's own.) Do all three events arrive, once and in order?

# %% tags=["nbval-ignore-output"]
yours = own_answer("send_reliably"), own_answer("receive_reliably")
kept, stats, trace = staging.meet(
    *yours, EVENTS, up={1: "drop", 3: "duplicate"}, down={3: 0.08, 5: "drop"}
)
print("kept:", *(event.decode() for event in kept))
staging.draw(
    trace, f"Three messages took {stats.transmissions} transmissions, and arrived once each"
)

# %% tags=["claim"]
assert kept == EVENTS and stats.transmissions >= 4

# %% [markdown]
# Yes, all three arrive, once and in order.
#
# ## How many tries does a message need?
#
# Now chance decides: each packet is lost with probability p, messages and ACKs alike. We count the
# transmissions, or *tries*, of 450 messages at each of six losses. How many does a message need on average if
# p is 0.3?

# %%
predict("06 tries", "How many for each message, at a loss of 0.3?", low=1, high=10, unit="tries")

# %% tags=["hidden", "nbval-ignore-output"]
sent = {loss: staging.tries(loss) for loss in (0, 0.1, 0.2, 0.3, 0.4, 0.5)}
print(predicted("06 tries").compare(round(float(sent[0.3].mean()), 2)))
charts.tries_by_loss(sent, predicted("06 tries"))

# %% tags=["claim"]
assert sent[0].mean() == 1 and sent[0.5].mean() > sent[0.3].mean() > 1

# %% [markdown]
# It needs about two. A try succeeds only if both the message and its ACK get through. At a loss of 0.3 each
# of them gets through with probability 0.7, and both with 0.7 × 0.7 = 0.49, which is about every second try.
# So a message needs two tries on average, or more exactly 1/0.49 = 2.04.
#
# For any p this is **1/(1 − p)²**, if the sender never gives up. In the picture this solid curve passes through
# nearly every bar (95 % intervals, as in chapter 05).
#
# ### A good place to stop
#
# To go on tomorrow, click on the next cell and choose *Run → Run All Above Selected Cell*: this takes about
# 12 seconds.
#
# ## How long should the timer be?
#
# Now the link takes 5 milliseconds each way, so a round trip takes 10, and one packet in ten is lost. We try
# five timers, from 3 to 90 milliseconds, with ten messages each. How many transmissions does a message cost
# with the shortest?

# %%
predict("06 short timer", "How many for each message, at 3 ms?", low=1, unit="transmissions")


# %% tags=["hidden", "nbval-ignore-output"]
def with_timer(timer_ms):
    return timer_ms, staging.cost(stop_and_wait, timer_ms / 1000)


costs = dict(map(with_timer, (3, 6, 15, 30, 90)))
print(predicted("06 short timer").compare(round(costs[3][0], 1)))
panel = explore(with_timer, charts.cost_of_timers(costs), timer_ms=Slider(2, 120, start=20))
panel

# %% tags=["claim"]
assert costs[3][0] > costs[90][0] >= 1

# %% [markdown]
# It costs about four. The timer of 3 ms ends at 3, 6 and 9 ms, and the ACK comes only after 10, so even a
# message that is not lost goes out about four times. This timer is fast (its point lies at the left), but it
# costs the most transmissions. The timer of 90 ms costs the most time, because after each loss the sender does
# nothing for so long.
#
# **Move the slider** until both costs are low. Which timers are they? (A little longer than one round trip.)
# But how long is that, on an unknown path?

# %%
puzzle("06 each comes twice")

# %% [markdown]
# ## A timer that measures
#
# How long do you wait for a friend who walks to you? Say the walk usually takes 10 minutes, give or take 2.
# At 12 minutes you don't worry yet, but at 18 you call: the usual time plus four times the usual difference.
#
# TCP does the same ([RFC 6298, section 2](https://www.rfc-editor.org/rfc/rfc6298#section-2)). It keeps two
# values, and each round-trip time R moves both:
# - **SRTT**, the *smoothed* round-trip time, is the usual time. It moves one eighth of the way to R.
# - **RTTVAR** is the usual distance of R from SRTT. It moves one quarter of the way to the newest distance.
#
# The timer is SRTT + 4 × RTTVAR. The first R gives SRTT = R and RTTVAR = R/2. So after a first R of 100 ms
# the timer is 100 + 4 × 50 = 300 ms.
#
# Two rules go with the timer:
# - **Karn's rule** ([section 3](https://www.rfc-editor.org/rfc/rfc6298#section-3)): a message that was sent
#   again gives no R, because its ACK may answer any of its transmissions.
# - **Backoff** ([section 5](https://www.rfc-editor.org/rfc/rfc6298#section-5)): the timer doubles each time it
#   ends, until the next R, because the network may be overloaded.
#
# The next sender follows both rules; its `estimator` is this timer, which you will write soon. It sends 75
# messages, numbered from 0. Each way takes 3 ms at first, 10 ms from message 25, and 3 ms again from message
# 50. One packet in 50 is lost.

# %%
predict(
    "06 fast again",
    "At message 50 the path becomes fast again. What does the timer do first?",
    choices=["It falls at once", "It stays for a while", "It rises"],
)


# %% tags=["hidden", "nbval-ignore-output"]
def send_and_learn(sock, address, number, estimator):
    """Send a message until its ACK comes; return the seconds since each transmission."""
    sent, confirmed = [], -1
    while confirmed != number:
        if sent:
            estimator.back_off()
        sent.append(time.perf_counter())
        sock.sendto(packet(DATA, number), address)
        ends = sent[-1] + estimator.timeout()
        while confirmed != number and (left := ends - time.perf_counter()) > 0:
            sock.settimeout(left)
            with contextlib.suppress(TimeoutError):
                confirmed = HEADER.unpack(sock.recv(65_535)[:5])[1]
    since = [time.perf_counter() - moment for moment in sent]
    if len(sent) == 1:  # Karn's rule
        estimator.sample(since[0])
    return since


rows = staging.follow(send_and_learn)
print(predicted("06 fast again").compare(staging.after_message_50(rows)))
charts.timer_that_follows(rows)

# %% tags=["claim"]
assert any(len(since) == 1 for _, _, since in rows) and len(rows) == 75

# %% [markdown]
# It rises, although the path is fast. A short R is far from SRTT as well, so RTTVAR grows. Say SRTT is 22 and
# RTTVAR 1, so the timer is 22 + 4 × 1 = 26 ms. An R of 8 is 14 away, so RTTVAR becomes 0.75 + 3.5 = 4.25,
# while SRTT falls only to 20.25. The timer rises to 20.25 + 4 × 4.25 = 37.25 ms.
#
# In the grey part a round trip takes some 22 milliseconds: 20 for both ways, and 2 for the machine. Where the
# timer is shorter, a message goes again, though nothing is lost. A message that went again has several
# diamonds, one for each of its transmissions: the height is the time from that transmission to the ACK. Nobody
# knows which transmission the ACK answers, so by Karn's rule no diamond counts as an R. But the doubled timer
# stays, and soon it is long enough for a new R. The high spikes follow a loss, or a pause of the machine.
#
# ## Exercise 4: the estimator
#
# Write this timer as a *class*. Its `__init__` runs first and sets values, such as `self.srtt = None`. Its
# other functions, the *methods*, read and change them by `self`, and call one another, as in `self.timeout()`.
#
# Two details are new:
# - RTTVAR may shrink to nothing, so at least G, the smallest step of the clock, is added to SRTT.
# - RFC 6298 wants a timer of at least one second (rule 2.4). In the experiment this `minimum` was 0.
#
# When yours passes its check, **try** it in a new cell:
# `charts.timer_that_follows(staging.follow(send_and_learn, RtoEstimator(minimum=0)))` draws much the same
# picture.


# %% tags=["exercise"]
class RtoEstimator:
    """The retransmission timer (RTO) of RFC 6298, section 2; the clock's granularity G is 0.001 s.

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

        Before the first sample it is 1.0, and then SRTT + max(G, 4 * RTTVAR).
        """
        return self._timeout

    def sample(self, rtt):
        """Take a round-trip time R in seconds, of a message that was sent only once.

        The first sample sets SRTT = R and RTTVAR = R/2. Each later one changes, in this order,
        1. RTTVAR to 3/4 of itself plus 1/4 of |SRTT - R|, with SRTT as it was;
        2. SRTT to 7/8 of itself plus 1/8 of R.

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
        """Double what timeout() returns, up to maximum; it stays so until the next sample."""
        self._set(2 * self._timeout)

    def _set(self, timeout):
        self._timeout = min(max(timeout, self._minimum), self._maximum)


# %%
check(RtoEstimator)

# %% [markdown]
# ## Thirty devices after a power cut
#
# CoAP is a protocol for small devices, over UDP. Its *confirmable* message is stop-and-wait with a number ([RFC
# 7252, section 4.2](https://www.rfc-editor.org/rfc/rfc7252#section-4.2)). Its timer does not measure: its first
# length is chosen at random, from 2 to 3 seconds, and doubles for each of up to 4 retransmissions. Why does the
# standard ask for a *random* time?
#
# After a power cut thirty devices, numbered from 0, send at the same moment. The gateway needs a fifth of a
# second for each message. Four more can wait meanwhile, and the others are dropped. (The cell runs all this
# faster, and the picture shows the seconds of real devices.) If every first timer is exactly 2 seconds long,
# how many devices are confirmed in their five tries?

# %%
predict("06 in step", "All timers are equal. How many are confirmed?", low=0, high=30, unit="of 30")

# %% tags=["hidden", "nbval-ignore-output"]
ACK_TIMEOUT, ACK_RANDOM_FACTOR, MAX_RETRANSMIT = 2.0, 1.5, 4


def coap_timers(dice, factor=ACK_RANDOM_FACTOR):
    """How long a message waits after each of its transmissions, in seconds."""
    first = dice.uniform(ACK_TIMEOUT, ACK_TIMEOUT * factor)
    return [first * 2**retransmission for retransmission in range(MAX_RETRANSMIT + 1)]


def after_the_power_cut(factor):
    confirmed, trace = staging.herd(partial(coap_timers, factor=factor))
    return factor, confirmed, trace


panel = explore(after_the_power_cut, charts.herd_chart(), factor=Slider(1, 2, 0.1, start=1))
print(predicted("06 in step").compare(len(panel.data[1])))
panel

# %% tags=["claim"]
assert 0 < len(panel.data[1]) <= 30

# %% [markdown]
# Twenty-five are confirmed, if the machine is not busy. Look at the columns of crosses, at 0, 2, 6, 14 and 30
# seconds: equal timers collide again each time. The gateway takes five devices, one at work and four waiting,
# and five tries times five places are 25.
#
# **Move the slider** to 1.5, the standard's factor: the first timers are then 2 to 3 seconds long. What happens
# to the columns, and how many devices get through?
#
# Only the first column stays, and as a rule all thirty get through: chance keeps the devices apart, and
# doubling gives an overloaded network more time.
#
# ## What you can do now
#
# - Build delivery that survives lost, doubled and late packets.
# - Judge a receiver by what it answers.
# - Predict how many tries a message takes: 1/(1 − p)².
# - Set a timer from measured round trips, with Karn's rule, backoff and chance.
#
# Your sender has only one packet on its way, so a long path stays nearly empty. How many may be on their way
# before they overload the network? [Chapter 07](07_windows.ipynb) shows it.
#
# **Worth reading:** RFC 7252, sections [4.2](https://www.rfc-editor.org/rfc/rfc7252#section-4.2) to
# [4.8](https://www.rfc-editor.org/rfc/rfc7252#section-4.8) (CoAP's messages).
#
# ## Words of this chapter

# %%
words("06")
