# %% [markdown]
# # Reliable delivery over UDP
#
# A sensor at a door reports `open`, and later `shut`. If the network loses the second report, the
# heating goes on believing that the door is open. UDP does nothing about that, so in this chapter you
# will. You start with a plain "did you get it?", watch each version fail, and mend it step by step.
#
# At the end you can
# - **build** delivery that survives lost, doubled and late packets, and lost answers too;
# - **judge** a receiver that you can't look into, by what it answers;
# - **predict** how often a message has to be sent;
# - **set** a timer from measured round trips, and say why it waits longer after each failure.
#
# About 100 minutes, which is an estimate, in four parts. Read chapters
# [04](04_datagrams_udp_for_sensors.ipynb) and [05](05_packet_loss.ipynb) first.

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

from helpers import Link, Slider, check, explore, live, order, page_style
from helpers import predict, predicted, puzzle, quiz, review, run_server, sequence_diagram, words

page_style()  # pictures follow a dark theme

# %%
review("06")

# %% [markdown]
# ## Did you get it?
#
# When you tell a friend a phone number, the friend says it back, so you know that it arrived. The
# sensor at the door needs the same. In this chapter it is our *sender*, and the computer that writes
# its reports down is our *receiver*. The answer that says "I have it" is called an
# **acknowledgement**, or **ACK** for short.
#
# Each datagram begins with a header of five bytes. One byte says what kind it is: a message travels in
# a `DATA`, and the answer is an `ACK`. The other four bytes are a number, which nobody reads at first. You
# will soon see why it is needed.
#
# In the next cell, `packet` makes such a datagram, and `deliver` is our stage. It runs a sender and a
# receiver, and puts a link between them that treats each packet as a script says. You may skip its
# code.

# %%
from helpers.chapters.chapter_06 import charts, staging

HEADER = struct.Struct("!BI")  # kind, number
DATA, ACK, END = 1, 2, 3
TRIES = 10  # transmissions of one message, before its sender gives up
EVENTS = [b"open", b"shut", b"open"]
SHOWN = {"words": staging.in_words, "roles": ("sender", "receiver")}
draw = partial(sequence_diagram, **SHOWN)


@dataclass
class Stats:
    """What it took to send messages."""

    transmissions: int
    rtts: list[float]


def packet(kind, number, payload=b""):
    return HEADER.pack(kind, number) + payload


def udp_socket():
    """A UDP socket on a free port of this machine, whose waits end after 0.4 seconds."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(0.4)
    return sock


def deliver(sender, receiver, up=(), down=(), delay=0.003, watch=contextlib.nullcontext):
    """Send EVENTS over a link with scripts for both ways; return what was kept, and the trace."""
    kept, ending = [], "the sender waits in vain"
    with (
        run_server(partial(receiver, kept=kept), kind="udp", name="receiver") as server,
        Link(server.address, delay=delay, up={"script": up}, down={"script": down}) as link,
        udp_socket() as sock,
        watch(link),
    ):
        with contextlib.suppress(TimeoutError):
            sender(sock, link.address, EVENTS)
            ending = "the sender is content"
        link.settle(5)
        server.settle()
    print(f"{ending}; kept:", *(event.decode() for event in kept))
    return kept, link.trace


# %% [markdown]
# ## What if a packet is lost?
#
# The plainest idea is to send a message, wait for its ACK, and then send the next one. In the next run
# the link drops the second packet on its way to the receiver, which we write as `up={2: "drop"}`. How
# far do the two get?

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


kept, trace = deliver(wait_for_ack, keep_all, up={2: "drop"})
print(predicted("06 lost packet").compare(len(kept)))
draw(trace, "One lost packet, and each side waits for the other")

# %% tags=["claim"]
assert kept == [b"open"]

# %% [markdown]
# Look at the cross in the diagram: the message `shut` died there, and nothing comes after it. The
# receiver waits for a message while the sender waits for an ACK, so only our socket's timeout ended it.
#
# So the sender needs a **timer**, which says how long it waits. If the timer ends and no ACK has come, the
# sender sends the same message again, and that is called a **retransmission**.
#
# ## The answer can get lost, too
#
# With a timer of a tenth of a second the report survives a lost packet. Is that enough? An ACK travels
# through the same network as a message does, so it can be lost just as well.
#
# In the next run only the ACK of the second message is lost. Two receivers take part, one after the
# other. The first one keeps everything that arrives. The second one looks at the number in front of each
# message, and skips a message that it has seen before. What does each of them have at the end?

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


doubled, trace_of_all = deliver(repeat_until_ack, keep_all, down={2: "drop"})
stuck, trace_of_new = deliver(repeat_until_ack, skip_old, down={2: "drop"})
print(predicted("06 lost ACK").compare(doubled.count(b"shut")))
display(draw(trace_of_all, "The receiver that keeps all has 'shut' twice"))
draw(trace_of_new, "A receiver that is silent about old messages is asked again and again")

# %% tags=["claim"]
assert doubled.count(b"shut") >= 2 and stuck == [b"open", b"shut"]

# %% [markdown]
# Look at what follows the cross in the first diagram. From where the sender stands, nothing came back.
# Perhaps the message died on its way, or perhaps it arrived and only the ACK died. It can't tell, so it
# must assume the worse and send `shut` again. The receiver now believes that the door was shut twice.
# For a door that may be harmless, but think of a water meter that reports "one litre more".
#
# The second receiver has a list that is right, but it is silent about the message that it knows. Its
# sender still waits for exactly that ACK, and gives up in the end. So a receiver needs two rules for a
# duplicate: *keep it only once*, and *confirm it every time*, because the repeat itself shows that the
# last ACK was lost.
#
# ## Now you are the network
#
# The next cell sends the three messages to the receiver that keeps all. The link takes 0.7 seconds
# each way, so you can watch each packet cross. Click on a packet and it is lost. Without a mouse, press
# Tab until the packets have a frame, choose one with the arrow keys, and press K. *Pause* gives you time
# to choose, but the sender's timer of 4 seconds goes on.
#
# Run the cell three times. Before each run, say what the receiver will have, and how long it will take:
# 1. Kill a `DATA`.
# 2. Kill an `ACK`.
# 3. Kill the last packet, which is the ACK of message 3.

# %% tags=["nbval-ignore-output"]
patient = partial(repeat_until_ack, timer=4)
kept, trace = deliver(patient, keep_all, delay=0.7, watch=partial(live, **SHOWN))

# %% tags=["claim"]
assert kept == EVENTS and all(event.fate == "delivered" for event in trace)

# %% [markdown]
# (In the saved run nobody killed anything.) Each of the three costs 4 seconds, which is one timer. If a
# `DATA` dies, the receiver has each message once. If an `ACK` dies, it has one message twice, and the
# sender sees no difference between the two. The same holds for the last ACK: if you kill it four times,
# the sender gives up although all three messages have arrived.
#
# ### A good place to stop
#
# The first part is done. To go on tomorrow, open the chapter, click on the next cell, and choose
# *Run → Run All Above Selected Cell*: this takes about 7 seconds.

# %% [markdown]
# ## Which message does this ACK confirm?
#
# The next receiver follows both rules. But packets can also be late. In the next run the first ACK takes
# 0.15 seconds, which is longer than the sender's timer. Later the third packet is lost on its way to the
# receiver. Each accident alone does no harm. What do both together do?

# %%
predict(
    "06 late ACK", "The sender is content. How many events are kept?", low=0, high=3, unit="of 3"
)


# %% tags=["hidden", "nbval-ignore-output"]
def confirm_each(sock, kept):
    while True:
        datagram, sender = sock.recvfrom(2048)
        if HEADER.unpack(datagram[:5])[1] == len(kept) + 1:
            kept.append(datagram[5:])
        sock.sendto(packet(ACK, 0), sender)


kept, trace = deliver(repeat_until_ack, confirm_each, up={3: "drop"}, down={1: 0.15})
print(predicted("06 late ACK").compare(len(kept)))
draw(trace, "A late ACK is taken for the next one, and two events are lost")

# %% tags=["claim"]
assert kept[:1] == [b"open"]

# %% [markdown]
# This is the worst so far, because nobody notices it. Message 1 was sent twice, as its ACK was late, and so
# it was confirmed twice. Follow the long arrow: the late ACK came in while the sender waited for the
# answer to message 2, so the sender took it for that answer. But message 2 had died at the cross. Message
# 3 then came to a receiver that still waited for 2: it was confirmed, as everything is, but not kept.
#
# The cure is that an ACK says *what* it confirms. The receiver now writes a number into it: all messages
# up to this one are here. Put its steps in order:

# %%
order("06 a receiver's steps")


# %% [markdown]
# This receiver is `staging.confirm_up_to`. Its sender, below, ignores an ACK whose number is too low, and
# goes on waiting for the rest of its time. Do the two survive when all accidents come together: a lost
# message, a doubled one, a late ACK and a lost one?


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
                    confirmed = HEADER.unpack(sock.recv(2048)[:5])[1]
    return transmissions


both_ways = {"up": {3: "drop", 4: "duplicate"}, "down": {1: 0.15, 3: "drop"}}
kept, trace = deliver(stop_and_wait, staging.confirm_up_to, **both_ways)
draw(trace, "With numbers in both directions each event is there once, in order")

# %% tags=["claim"]
assert kept == EVENTS

# %% [markdown]
# This is **stop-and-wait**: send one packet, and wait for its ACK before you send the next. Where packets
# never overtake each other, one bit is enough as the number (the *alternating-bit protocol* of 1969).
# Datagrams do overtake, so we count on.
#
# **Try:** write other accidents into `both_ways`, such as `"up": ["drop"] * 5`. What does the pair
# not survive?

# %%
puzzle("06 read the bytes")

# %% [markdown]
# ## Exercise 1: the receiver
#
# One thing is missing: the receiver can't know when it is **over**. So the sender tells it by an `END`,
# whose number comes after the last message's. The ACK of the `END` can be lost too, and then the sender
# asks again. So the receiver stays for a while and confirms what comes, until it has heard nothing for
# its socket's timeout. (No protocol can make sure of its last packet, so it has to stop some time.)
#
# The frame is there. Write what becomes of a datagram: which ones count, what is kept, and which number
# goes back.


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
# Now change sides. The check has just sent to your receiver what a bad network brings: numbers twice,
# gaps, nonsense. You write such a sender. It gets the address of a receiver and sees neither its code nor
# its list of messages, but only the ACKs.
#
# A judge can err in two ways. It *misses* a wrong receiver if it never does what goes wrong there, and it
# *accuses* a right one if it expects more than exercise 1 promises. The check gives your judge three
# right receivers, of which it must accuse none. It also gives six wrong ones, each with one false belief,
# and the judge must find at least five.
#
# The judge is a list of steps: a datagram, and the number that a right receiver confirms then, or `None`
# if it must stay silent. Read the contract of exercise 1 again, sentence by sentence. Which step would
# show that a receiver breaks it?


# %% tags=["exercise"]
def judge_receiver(address):
    """Tell whether a receiver keeps the contract of exercise 1, by sending to it.

    Argument: address is the (host, port) of a program that has just called receive_reliably,
    with a timeout of 2 seconds. It serves one transfer: what your first step has done still
    counts at the last one.
    Returns True if it keeps the contract in all that you try, and False if it does not: also
    if it falls silent or answers what can't be read. Raises nothing.
    A verdict may take 2 seconds. The function closes each socket that it opens.

    Example: a receiver that answers DATA 2, as the first datagram, by ACK 2. Then
    judge_receiver(address) is False, as DATA 1 is missing.
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
        kind, number = HEADER.unpack(sock.recv(2048))
    except (OSError, struct.error):
        return None
    return number if kind == ACK else None


# %% tags=["nbval-ignore-output"]
check(judge_receiver)

# %% [markdown]
# ### A good place to stop
#
# The second part is done: you have a receiver, and a judge of receivers. To go on tomorrow, click on
# the next cell and choose *Run → Run All Above Selected Cell*: this takes about 9 seconds.

# %% [markdown]
# ## Exercise 3: the sender
#
# A real sender differs from `stop_and_wait` in four points. It **gives up** after ten transmissions, as
# the receiver may be gone, and it says at which message. It ends with an `END`. It trusts an ACK only if
# that comes from the receiver's address. And it keeps the round-trip times, by `time.perf_counter`: the
# clock of `time.time` may be set while you wait, by hand or over the network.
#
# In the exercise, `_try_once` sends once, and you write what makes an answer the ACK that it waits for.
# In `send_reliably` you write what happens to one message. First find the mistake in a wait that looks
# right:

# %%
quiz("06 a wait")


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
            answer, sender = sock.recvfrom(2048)
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
# ## How many tries does a message take?
#
# Suppose that each packet is lost with probability 0.3, messages and ACKs alike. How often must a message
# be sent on average, until its ACK comes? We count it for 450 messages at each of six losses, many of them
# side by side, so that nobody waits for a timer.

# %%
predict("06 tries", "How often is a message sent at a loss of 0.3?", low=1, high=10, unit="times")

# %% tags=["hidden", "nbval-ignore-output"]
sent = {loss: staging.tries(loss) for loss in (0, 0.1, 0.2, 0.3, 0.4, 0.5)}
print(predicted("06 tries").compare(round(float(sent[0.3].mean()), 2)))
charts.tries_by_loss(sent, predicted("06 tries"))

# %% tags=["claim"]
assert sent[0].mean() == 1 and sent[0.5].mean() > sent[0.3].mean() > 1

# %% [markdown]
# Look at the diamonds: they follow the upper curve. A try succeeds only if both the message and its ACK
# get through, and that happens with probability (1 − p)². If you roll a die until a six comes, you need
# six rolls on average, which is one over one sixth. In the same way a message takes **1/(1 − p)²** tries:
# 2.04 at a loss of 0.3, and already 4 at 0.5.
#
# ### A good place to stop
#
# The third part is done, and your sender is complete. To go on tomorrow, click on the next cell and
# choose *Run → Run All Above Selected Cell*: this takes about 12 seconds.

# %% [markdown]
# ## How long should the timer be?
#
# So far we guessed the timer. Now the link takes 5 milliseconds each way, so a round trip takes 10, and it
# loses one packet in ten. We send ten messages by stop-and-wait, with timers from 3 to 90 milliseconds.
# What does the shortest one cost?

# %%
predict(
    "06 short timer", "How many datagrams will a message cost at 3 ms?", low=1, unit="datagrams"
)


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
# The point for 3 ms is the highest: a timer below the round trip repeats what is not lost, on a network
# that may be overloaded already. The point for 90 ms lies far to the right, because after each loss the
# sender does nothing for 90 ms.
#
# **Move the slider:** which timer is best? A little more than one round trip is. But how long is that, on
# a path that you do not know, and that changes?

# %%
puzzle("06 each comes twice")

# %% [markdown]
# ## A timer that measures
#
# How long do you wait for a friend who walks to you? You need two numbers: how long the walk usually takes,
# and how much that varies. TCP does the same
# ([RFC 6298, section 2](https://www.rfc-editor.org/rfc/rfc6298#section-2)). From each round-trip time R
# it updates two values:
# - **SRTT**, the *smoothed* round-trip time: seven eighths of the old value and one eighth of R;
# - **RTTVAR**, the usual distance of R from SRTT: three quarters old, one quarter new.
#
# The timer is SRTT + 4 · RTTVAR. The first R gives SRTT = R and RTTVAR = R/2, so if it was 100 ms, the timer
# becomes 100 + 4 · 50 = 300 ms. Two rules go with it:
# - **Karn's rule** ([section 3](https://www.rfc-editor.org/rfc/rfc6298#section-3)): a message that was
#   sent twice gives no R, because its ACK may answer either transmission.
# - **Backoff** ([section 5](https://www.rfc-editor.org/rfc/rfc6298#section-5)): each time the timer ends,
#   it doubles, and it stays so until the next R comes.
#
# Here is a sender that follows both rules; its `estimator` is what you will write next. Each way takes 3 ms,
# from message 25 on 10 ms, and from 50 on 3 ms again. One packet in 50 is lost. What will the timer do
# when the path becomes slow?


# %% tags=["nbval-ignore-output"]
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
                confirmed = HEADER.unpack(sock.recv(2048)[:5])[1]
    since = [time.perf_counter() - moment for moment in sent]
    if len(sent) == 1:  # Karn's rule
        estimator.sample(since[0])
    return since


rows = staging.follow(send_and_learn)
charts.timer_that_follows(rows)

# %% tags=["claim"]
assert any(len(since) == 1 for _, _, since in rows) and len(rows) == 75

# %% [markdown]
# The timer starts at three times the first R, because it adds four times R/2. While the round trips stay
# alike, RTTVAR shrinks and the timer sinks towards them.
#
# Now look at message 25. The round trip jumps above the timer, so the message goes again though nothing
# is lost. The crosses are what R might have been, counted from each transmission, and Karn's rule takes
# none of them. But the doubled timer stays for the next message, and after one or two it is long enough
# for a new R. So the timer is *not* always above the round trips: it learns of a change only from
# packets that have met it. The other spikes are losses, or moments at which your machine was busy. (RFC
# 6298 also asks for at least one second, in rule 2.4, which we left out here.)
#
# ## Exercise 4: the estimator
#
# When yours passes its check, **try** it. In the last experiment write
# `staging.follow(send_and_learn, RtoEstimator(minimum=0))`.


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
# ## Thirty devices after a power cut
#
# CoAP is a protocol for small devices, and it runs over UDP. Its *confirmable* message is stop-and-wait
# with a number ([RFC 7252, section 4.2](https://www.rfc-editor.org/rfc/rfc7252#section-4.2)). Its timer
# does not measure. It starts at a random time between 2 and 3 seconds, doubles each time it ends, and
# after 4 retransmissions the sender gives up. Why does the standard ask for chance?
#
# After a power cut thirty devices send at the same moment. The gateway takes a message in a fifth of a
# second, and four more can wait in its queue. First all devices wait the same 2 seconds. How many of
# them are confirmed in their five tries? (Our clock runs 200 times faster.)

# %%
predict(
    "06 in step", "All wait equally long. How many are confirmed?", low=0, high=30, unit="of 30"
)

# %% tags=["hidden", "nbval-ignore-output"]
ACK_TIMEOUT, ACK_RANDOM_FACTOR, MAX_RETRANSMIT = 2.0, 1.5, 4


def coap_timers(dice, factor=ACK_RANDOM_FACTOR):
    """How long a message waits after each of its transmissions, in seconds."""
    first = dice.uniform(ACK_TIMEOUT, ACK_TIMEOUT * factor)
    return [first * 2**retransmission for retransmission in range(MAX_RETRANSMIT + 1)]


def after_the_power_cut(factor):
    return factor, *staging.herd(partial(coap_timers, factor=factor))


panel = explore(after_the_power_cut, charts.herd_chart(), factor=Slider(1, 2, 0.1, start=1))
print(predicted("06 in step").compare(len(panel.data[1])))
panel

# %% tags=["claim"]
assert 0 < len(panel.data[1]) <= 30

# %% [markdown]
# Look at the columns of crosses: whoever collided once and waits as long as the others collides with them
# again, each time. **Move the slider** to 1.5, which is the factor of the standard. The columns spread
# out, and as a rule all thirty get through. So doubling spares a network that is overloaded, and chance
# keeps the devices apart. After 31 times its first timer, 62 to 93 seconds, a CoAP sender gives up.
#
# ## Words of this chapter

# %%
words("06")

# %% [markdown]
# ## What you can do now
#
# - Build delivery that survives lost, doubled and late packets: numbers both ways, a timer, an end.
# - Judge a receiver by what it answers to copies, gaps, nonsense and a repeated end.
# - Predict how many tries a message takes: 1/(1 − p)².
# - Set a timer from measured round trips, with Karn's rule and backoff, and spread it by chance.
#
# So you have built one part of what TCP does: numbers, ACKs and a timer. Two large parts are missing. Your
# sender has only one packet on its way, so a long path stays nearly empty, and it does not slow down when
# the receiver or the network has too much to do. [Chapter 07](07_windows.ipynb) adds both.
#
# **Worth reading:** [RFC 6298](https://www.rfc-editor.org/rfc/rfc6298) (TCP's timer, in a few pages);
# RFC 7252, sections [4.2](https://www.rfc-editor.org/rfc/rfc7252#section-4.2) to
# [4.8](https://www.rfc-editor.org/rfc/rfc7252#section-4.8) (CoAP's messages);
# [RFC 8085, section 3.1](https://www.rfc-editor.org/rfc/rfc8085#section-3.1) (what a sender over UDP owes
# the network).
