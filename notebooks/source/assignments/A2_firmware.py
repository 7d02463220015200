# %% [markdown]
# # Assignment 2: firmware over a bad link
#
# A device in the field needs new firmware, the program that it runs. It has a radio that loses packets, doubles
# them, changes their order and flips bits, and nobody can walk over and plug in a cable. You build both ends of
# the transfer from a specification, and your programs will meet programs that we have built from the same
# pages, some of them wrong.
#
# About 300 minutes and 30 points. Plan three sittings: one for the packets and a first image, one for all that
# goes wrong, and one for speed. The first two give 22 points. The time is an estimate; if networks are new to
# you, plan twice as long. It counts 15 minutes for each ten lines of our own solution, because no half-written
# function is given here, and finding a fault takes longer than writing the missing line.
#
# Read chapters [04](../04_datagrams_udp_for_sensors.ipynb) to [07](../07_windows.ipynb) first. Each half counts
# by itself: the sender alone gives 17 points, the receiver alone 12, and both together all 30.

# %% tags=["about"]
# learn: carry 1 MB through loss, damage, disorder and strangers, fast, or say clearly why it failed

# %%
import sys
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

from helpers import assess, interop, page_style

page_style()  # pictures follow a dark theme

# %% [markdown]
# ## One careless rule, and every packet came twice
#
# TFTP is a small protocol that loads firmware into devices, and many of them still speak it. Its first
# specification had a rule that looked harmless: whoever receives an old packet again sends its newest packet
# again. Now let one answer take longer than the sender's timer. The sender repeats its packet, so two
# answers come, and each of them brings forth the next packet. From then on every packet crosses twice until the
# end of the transfer. The image was right all the same, and so the fault lived in many programs for years ([RFC
# 1123, section 4.2.3.1](https://www.rfc-editor.org/rfc/rfc1123#section-4.2.3.1), which names it after Goethe's
# Sorcerer's Apprentice).
#
# No single program was to blame there: each did what the text said. On a bad link a rule has to be right for
# every packet that may be lost, late or doubled, the last one included.
#
# Below stands a text for your own two programs. Sections 1 to 3 say what crosses the link, and sections 4 to 6
# what each side does. Section 7 is an example, section 8 names your functions, and the last two say what is left
# open. Read the text once as a whole, with the example beside you, and look things up later.
#
# The word **must** means that a program which does otherwise is wrong, and the tests look for it as far as they
# can see it from outside. **May** leaves the choice to you.

# %% [markdown]
# ## The specification
#
# ### 1. Roles and words
#
# These words have the same meaning in all sections.
#
# - An **image** is what is to be carried: bytes, at most 16 MiB (16,777,216) of them, perhaps none.
# - A **sender** has an image, and a **receiver** wants it.
# - A **transfer** is one attempt to carry one image from one to the other.
# - The image is cut into **chunks** of 499 bytes, and the last chunk has what is left. Chunks are numbered from
#   0; an empty image has none.
# - All numbers are unsigned and in network byte order.
#
# ### 2. Packets
#
# A packet carries a chunk or an answer, and lets the other side find out whether it is damaged. Each packet is
# one UDP datagram:
#
#     offset  0      1            5            9            13
#             +------+------------+------------+------------+---------------------+
#             | kind |  transfer  |   number   |    CRC     |  payload            |
#             |  1   |  4 bytes   |  4 bytes   |  4 bytes   |  0 to 499 bytes     |
#             +------+------------+------------+------------+---------------------+
#
# - A program must not send a datagram of more than 512 bytes, because the link drops it without a word.
# - The sender must draw the number in the field **transfer** at random, anew for each transfer. All packets of
#   both sides must carry this number.
# - The **CRC** must be the CRC-32 of the whole packet, computed while its own four bytes are zero. It is what
#   `zlib.crc32` computes.
#
# | kind | name | sent by | number | payload |
# |---|---|---|---|---|
# | 1 | OFFER | the sender | size of the image, in bytes | the image's SHA-256, 32 bytes |
# | 2 | DATA | the sender | of the chunk | the chunk |
# | 3 | ACK | the receiver | the lowest chunk that is missing | a bit map, 0 to 32 bytes |
# | 4 | DONE | the receiver | size of the image, in bytes | empty |
# | 5 | FAIL | either | a code, see section 6 | a reason for a person to read, UTF-8 |
#
# **SHA-256** is a *hash*: it makes 32 bytes of any number of bytes, and nobody has found two images with the
# same 32. `hashlib.sha256(image).digest()` computes it.
#
# The **bit map** tells which chunks after the lowest missing one have come. Its first bit stands for the chunk
# after that one, the second bit for the next, and so on. In each byte the first bit is the one that is worth
# 128. A 1 means that the chunk is there. For example, chunk 1 is the lowest that is missing, and the bit map is
# one byte, `80`:
#
#     bits               1   0   0   0   0   0   0   0
#     stand for chunk    2   3   4   5   6   7   8   9      so chunk 2 is there, and 3 to 9 are not
#
# - Bits that are not sent count as 0. So a receiver may send a shorter bit map than it could, or none.
# - For chunks that the image does not have, the receiver must send 0. A sender may ignore a 1 there, or the
#   whole packet.
# - A sender may ignore all bit maps.
#
# ### 3. Which packets are valid
#
# Both sides look at each datagram first, so that damaged and foreign ones do no harm.
#
# A packet is **valid** if all of this holds:
#
# - Its CRC fits.
# - Its kind is one that the other side sends.
# - Its payload is as the table says, and an OFFER has a size of at most 16 MiB.
# - A DATA has the number of a chunk of this image, and exactly that chunk's count of bytes.
# - An ACK has the number of a chunk of this image. So there is no valid ACK for an empty image.
# - A DONE has the size of this image.
# - A FAIL may have any code, and any bytes or none as its reason. What is no UTF-8 is shown as well as can be.
# - It comes from the other side's address, and carries the number of this transfer. The sender knows both from
#   the start. The receiver takes them from the first OFFER that fulfils all the other points.
#
# Both sides must ignore any other datagram, as if it had been lost: it is not answered, changes nothing and is
# no sign of life.
#
# ### 4. The sender
#
# The sender offers the image, sends its chunks, and repeats whatever may be lost, until it has heard how it
# ended.
#
# - **At the beginning** it must send OFFER, and repeat it until a valid answer comes. Before that answer it
#   must not send DATA.
# - A chunk is **confirmed** when an ACK has a higher number, or says so in its bit map. What was confirmed
#   stays confirmed, even if an older ACK comes later and says less.
# - The sender must send each chunk until it is confirmed.
# - **The window.** It must not send a chunk whose number is 256 or more above the lowest chunk that is not
#   confirmed. So while chunk 0 is not confirmed, chunk 255 is the highest that it may send.
# - From the call until the transfer ends, the sender must never be silent for longer than 0.5 seconds. Where
#   nothing else is left to send, it may repeat a chunk or the OFFER.
# - **At the end** DONE means success, and nothing else does. It counts even if some chunks are not confirmed
#   yet, because their ACKs may have been lost.
#
# ### 5. The receiver
#
# The receiver collects the chunks, answers every time, and stays for a while at the end, because its last
# answer may be lost.
#
# - **While chunks are missing** it must answer each valid OFFER and DATA at once by ACK. It may answer several
#   that wait in its socket by one ACK.
# - Chunks may come in any order and more than once. The receiver must keep each that it did not have.
# - A later OFFER of this transfer must be answered like any other. It changes nothing, whatever it offers.
# - **When no chunk is missing**, it must compare the SHA-256 of the image with that of the OFFER. For an empty
#   image this is so from the first OFFER on.
# - If the two are equal, its answer is DONE from then on, else FAIL with code 1.
# - **At the end** the receiver must stay until no valid packet has come for 1 second. Meanwhile it must give
#   this answer to each valid OFFER and DATA. Then it returns the image, or fails.
#
# ### 6. Failure
#
# A transfer that can't succeed must end on both sides, and this section says when.
#
# | code | meaning |
# |---|---|
# | 1 | the image's hash is not the one that was offered |
# | 2 | the side that sends it has given up |
# | 3 and more | free: the reason says it |
#
# - A side that gets a valid FAIL must fail.
# - A side must also give up when no valid packet comes: **3 to 5 seconds** after the last one (or after the
#   call, if there was none), however often it has tried. So a transfer survives a silence of 2 seconds, and
#   nobody waits long for a dead link.
# - A side that gives up may send FAIL with code 2, once. (A receiver that has had no OFFER knows nobody to send
#   it to.)
# - A FAIL must have a reason that is not empty.
#
# There is one exception. Once a receiver has all chunks and their hash fits, a FAIL changes nothing: it returns
# the image, at once or after its 1 second.
#
# ### 7. An example
#
# Compare your packets with these, byte by byte. An image of 1,000 zero bytes has the chunks 0, 1 and 2, the
# last one with 2 bytes. The first DATA 1 is lost.
#
# | who | kind | transfer | number | CRC | payload | what it means |
# |---|---|---|---|---|---|---|
# | sender | `01` OFFER | `5e ed 00 42` | `00 00 03 e8` | `8b b6 fe f8` | `54 1b 3e 9d` ... `13 8a 53` | 1,000 bytes, and their SHA-256 |
# | receiver | `03` ACK | `5e ed 00 42` | `00 00 00 00` | `7b 31 66 7f` | | chunk 0 is missing, go on |
# | sender | `02` DATA | `5e ed 00 42` | `00 00 00 00` | `98 a5 05 eb` | 499 times `00` | chunk 0 |
# | sender | `02` DATA | `5e ed 00 42` | `00 00 00 01` | `94 95 f0 f6` | 499 times `00` | chunk 1, which is lost |
# | sender | `02` DATA | `5e ed 00 42` | `00 00 00 02` | `63 cb 02 5b` | `00 00` | chunk 2, the last one |
# | receiver | `03` ACK | `5e ed 00 42` | `00 00 00 01` | `46 51 4f cf` | | chunk 0 has come |
# | receiver | `03` ACK | `5e ed 00 42` | `00 00 00 01` | `34 27 e2 c3` | `80` | chunk 2 has come as well |
# | sender | `02` DATA | `5e ed 00 42` | `00 00 00 01` | `94 95 f0 f6` | 499 times `00` | chunk 1 again |
# | receiver | `04` DONE | `5e ed 00 42` | `00 00 03 e8` | `98 72 9e 97` | | all is there, and the hash fits |
#
# ### 8. The functions
#
# The tests call your program by the names of these two functions.
#
# - `send_firmware(sock, address, image)` sends `image`, which is `bytes`, to a receiver at `address`, an IPv4
#   address and a port. It must return an object with at least two attributes: `transmissions`, the number of
#   DATA datagrams that it has sent, and `seconds`, from the call to the return.
# - `receive_firmware(sock)` receives one image and must return it as `bytes`.
#
# In both `sock` is a UDP socket that is bound. The caller closes it; the functions may change its timeout. On
# Windows its `recvfrom` may raise `ConnectionError`, as in chapter 04: that is no sign of life, and no failure.
#
# | what happened | the error that must be raised |
# |---|---|
# | a valid FAIL came | `ConnectionError`, whose text has the reason |
# | the hash is wrong (receiver) | `ConnectionError`, whose text says so |
# | no valid packet came in time, as section 6 says | `ConnectionError`, whose text says so |
# | `image` has more than 16 MiB | `ValueError`, and nothing is sent |
#
# ### 9. What is not specified
#
# Two right programs may differ here, so yours must not rely on any of it.
#
# - How many chunks are in flight within the window, and in which order they are sent.
# - When a chunk counts as lost, and what a sender does with the bit map.
# - How a receiver is found, and what it does with the image.
# - How a receiver tells a late OFFER of an earlier transfer from a new one. If it hears the late one first, it
#   takes that transfer for its own and fails in the end, so its caller tries again.
#
# ### 10. Security considerations
#
# This section says from whom the protocol does not protect.
#
# CRC and SHA-256 find accidents. They are no proof of who has sent the image, because whoever can send an OFFER
# can compute both. A real device wants a signature, which only the maker of the firmware can compute ([RFC
# 9019](https://www.rfc-editor.org/rfc/rfc9019)). The transfer's number has 32 bits, and others on the way can
# read it. With a forged address they can end a transfer by FAIL. The limit of 16 MiB keeps an OFFER from using
# up the receiver's memory.

# %% [markdown]
# ## In which order?
#
# 1. Write packing and unpacking first, at one place for both sides: bytes into a packet, or into nothing.
#    Compare with the example, byte by byte.
# 2. Then a receiver and a sender that has one chunk in flight. `assess("A2", milestone="small")` tries that
#    alone. You have seen most of it in chapter 06.
# 3. Then what is lost, doubled, damaged or a stranger's: `milestone=["loss", "order", "damage", "strangers"]`.
#    If step 1 is right, little is left to do.
# 4. Then the end and giving up. Draw who still waits for whom when the last answer is lost.
# 5. Speed comes last: many chunks in flight, each with its own time. Begin with `send_selectively` of [chapter
#    07](../07_windows.ipynb). Copy it, and what it uses, into a cell of this notebook, which does not know the
#    cells of others. Then change one thing after the other:
#    - Chunks are numbered from 0. An ACK confirms all chunks below its number, and those of its bit map.
#    - DONE takes the place of END. The sender gives up by time, and not after ten tries.
#    - The window is 256 chunks, but far fewer in flight fill the link, as chapter 07 computes.
#    - The timer is your `RtoEstimator` of chapter 06, copied as well, for example `RtoEstimator(minimum=0.15,
#      maximum=0.4)`. Its usual bounds, 1 and 60 seconds, would break the rule of 0.5 seconds.
#
# Look at what happens whenever you don't know why. The next cell lets your two halves carry an image over a
# link, and draws what crossed. Run it now, and when both functions are there, try `cross(b"firmware" * 200)`. A
# link with faults takes them as in chapter 05: `cross(b"firmware" * 200, loss=0.2, seed=1)`, or `up={"script":
# {3: "drop"}}` for the third packet of the sender alone.

# %%
import socket
import traceback
from concurrent.futures import ThreadPoolExecutor

from helpers import Link, sequence_diagram

NAMES = {b"\x01": "OFFER", b"\x02": "DATA", b"\x03": "ACK", b"\x04": "DONE", b"\x05": "FAIL"}


def in_words(head):
    """A packet's kind and number, from its first bytes."""
    return f"{NAMES.get(head[:1], '?')} {int.from_bytes(head[5:9], 'big')}"


def cross(image, **faults):
    """Let an image cross a link with these faults, by your own two functions; draw what crossed."""
    with (
        socket.socket(type=socket.SOCK_DGRAM) as mine,
        socket.socket(type=socket.SOCK_DGRAM) as theirs,
    ):
        for sock in (mine, theirs):
            sock.bind(("127.0.0.1", 0))
            sock.settimeout(5)  # seconds, so that an unfinished function ends as well
        with Link(theirs.getsockname(), **faults) as link, ThreadPoolExecutor() as pool:
            receiver = pool.submit(receive_firmware, theirs)
            sender = pool.submit(send_firmware, mine, link.address, image)
    for name, call in (("sender", sender), ("receiver", receiver)):
        if call.exception():
            traceback.print_exception(call.exception())
        else:
            print(f"{name}:", "the image" if call.result() == image else repr(call.result())[:70])
    return sequence_diagram(
        link.trace, "What crossed", words=in_words, roles=("sender", "receiver")
    )


# %% [markdown]
# A program in a file is as good as cells: `assess("A2", "my_file.py")`.
#
# ## How points are given
#
# In brackets stand the sender's points and the receiver's.
#
# | milestone | points | | milestone | points |
# |---|---|---|---|---|
# | `small`: a link that does nothing | 3 (1 + 2) | | `the end`: a lost DONE, a wrong hash | 4 (2 + 2) |
# | `loss`: one of ten packets | 2 (1 + 1) | | `giving up`: dead and silent links | 4 (2 + 2) |
# | `order`: duplicates, disorder | 2 (1 + 1) | | `goodput`: a busy link | 4 (4 + 0) |
# | `damage`: flipped bits | 2 (1 + 1) | | `few repeats`: nothing in vain | 3 (2 + 1) |
# | `limits`: sizes, numbers, the window | 3 (2 + 1) | | `together`: 1 MB, your two halves | 1 (both) |
# | `strangers`: others on the port | 2 (1 + 1) | | | |
#
# For `goodput` your sender meets our receiver over a link of 200 kB/s with 20 ms each way, which loses one of
# ten packets each way. Its queue has room for 64 kB, and what does not fit there is lost as well. No sender can
# carry 300 kB in less than 1.62 s, because all bytes, headers included, and two round trips take so long at that
# rate. You get a point each where the median of three runs reaches 15, 30, 45 and 60 % of that best.
#
# In `few repeats` your sender gets one point if it sends a chunk at most 3.5 times on average, or two points
# if at most 1.4 times. (One packet in ten is lost, so 1/0.9 = 1.11 times is the least.) The third point is your
# receiver's: ours sends to it, and needs at most 1.6 times where your bit map tells of what has come. For
# `together` your two halves have 18 s, too few for one chunk at a time. A busy machine costs no points: what
# had no processor is tried again.
#
# A good solution takes packets in at one place, decides there what is valid, keeps time in one place, and has
# few states. Points don't ask for that; the people who will read your code do.
#
# ## Your program
#
# As many cells as you like. Imports, functions, classes and constants are taken from the cells that you have
# run, the newest of each name.

# %%
# Your program begins here.

# %% tags=["worked"]
import contextlib
import hashlib
import math
import secrets
import struct
import time
import zlib
from dataclasses import dataclass
from typing import NamedTuple

HEAD = struct.Struct("!BIII")  # kind, transfer, number, CRC-32 of the whole
LARGEST = 512  # bytes of a datagram
CHUNK = LARGEST - HEAD.size
OFFER, DATA, ACK, DONE, FAIL = range(1, 6)
WRONG_HASH = 1
MOST = 16 * 2**20  # bytes of an image
WINDOW = 256  # chunks from the lowest one that is not confirmed
IN_FLIGHT = 64  # of them at once: more would only wait in a queue
OVERTAKEN = 16  # later ones that have come before a chunk is taken for lost
SHORTEST_TIMER, LONGEST_TIMER = 0.15, 0.4  # seconds
GIVE_UP, LINGER = 3.0, 1.0


class Packet(NamedTuple):
    """What a datagram holds."""

    kind: int
    transfer: int
    number: int
    payload: bytes = b""

    def packed(self):
        crc = zlib.crc32(HEAD.pack(*self[:3], 0) + self.payload)
        return HEAD.pack(*self[:3], crc) + self.payload

    @classmethod
    def unpacked(cls, datagram):
        """The packet that a datagram holds; None where it is damaged, or holds none."""
        if not HEAD.size <= len(datagram) <= LARGEST:
            return None
        packet = cls(*HEAD.unpack_from(datagram)[:3], datagram[HEAD.size :])
        return packet if packet.packed() == datagram else None


# %% tags=["worked"]
class Conversation:
    """One side of a transfer. What is no valid packet of the other side stays outside."""

    def __init__(self, sock, is_valid, address=None, transfer=None):
        self.sock, self.is_valid = sock, is_valid
        self.address, self.transfer = address, transfer
        self.heard = time.monotonic()

    def send(self, kind, number, payload=b""):
        self.sock.sendto(Packet(kind, self.transfer, number, payload).packed(), self.address)

    def receive(self, until=math.inf):
        """The next valid packet; None where none has come by then.

        Raises ConnectionError for FAIL, and when nothing valid has come for too long.
        """
        while True:
            ends = min(until, self.heard + GIVE_UP)
            self.sock.settimeout(max(0.0, ends - time.monotonic()))  # 0: look, and don't wait
            try:
                datagram, address = self.sock.recvfrom(2 * LARGEST)
            except (TimeoutError, BlockingIOError):
                if time.monotonic() < ends:
                    continue
                if until <= self.heard + GIVE_UP:
                    return None
                raise ConnectionError(f"nothing valid has come for {GIVE_UP:g} s") from None
            except ConnectionError:  # Windows tells so of a datagram that nobody took
                continue
            packet = Packet.unpacked(datagram)
            if packet and self.is_valid(packet) and self._is_ours(packet, address):
                self.heard = time.monotonic()
                if packet.kind == FAIL:
                    reason = packet.payload.decode(errors="replace")
                    raise ConnectionError(f"the other side ended the transfer: {reason}")
                return packet

    def _is_ours(self, packet, address):
        if self.address is None and packet.kind == OFFER:
            self.address, self.transfer = address, packet.transfer
        return (address, packet.transfer) == (self.address, self.transfer)


# %% tags=["worked"]
class Timer:
    """How long to wait for an ACK, learnt from round trips as RFC 6298 does it."""

    def __init__(self):
        self.mean = self.deviation = None
        self.seconds = LONGEST_TIMER

    def sample(self, round_trip):
        if self.mean is None:
            self.mean, self.deviation = round_trip, round_trip / 2
        else:
            self.deviation += (abs(round_trip - self.mean) - self.deviation) / 4
            self.mean += (round_trip - self.mean) / 8
        self.seconds = min(max(SHORTEST_TIMER, self.mean + 4 * self.deviation), LONGEST_TIMER)


class Flight:
    """The chunks that are in flight, each with a time of its own: Selective Repeat."""

    def __init__(self, count):
        self.count = count  # of all chunks
        self.may_begin = False
        self.lowest = self.next = 0  # the lowest unconfirmed chunk, and the next new one
        self.sent = {}  # chunk -> the number and the moment of its transmission, in this order
        self.repeated = set()
        self.transmissions = self.newest = 0  # all, and the newest one that was confirmed
        self.timer = Timer()

    def due(self, now):
        """The chunks to be sent now: first those that are taken for lost, then new ones."""
        while self.sent:
            chunk, (transmission, moment) = next(iter(self.sent.items()))
            overtaken = self.newest - transmission > OVERTAKEN
            if not overtaken and now < moment + self.timer.seconds:
                break
            del self.sent[chunk]
            self.repeated.add(chunk)
            yield self._sent(chunk, now)
        end = min(self.count, self.lowest + WINDOW) if self.may_begin else 0
        while self.next < end and len(self.sent) < IN_FLIGHT:
            self.next += 1
            yield self._sent(self.next - 1, now)

    def next_due(self):
        """When the next timer runs out."""
        _, moment = next(iter(self.sent.values()), (0, math.inf))
        return moment + self.timer.seconds

    def confirm(self, ack, now):
        """Take note of what an ACK says."""
        self.may_begin = True
        there = "".join(f"{byte:08b}" for byte in ack.payload)
        for chunk in list(self.sent):
            place = chunk - ack.number - 1
            if chunk < ack.number or there[max(0, place) : place + 1] == "1":
                transmission, moment = self.sent.pop(chunk)
                if chunk not in self.repeated:  # else nobody knows which of them was confirmed
                    self.timer.sample(now - moment)
                    self.newest = max(self.newest, transmission)
        self.lowest = min(self.sent, default=self.next)

    def _sent(self, chunk, now):
        self.transmissions += 1
        self.sent[chunk] = self.transmissions, now
        return chunk


# %% tags=["worked"]
@dataclass
class Stats:
    """What a transfer took: DATA datagrams, and seconds."""

    transmissions: int
    seconds: float


def send_firmware(sock, address, image):
    """Send an image, as the specification says. The caller closes the socket."""
    if len(image) > MOST:
        raise ValueError(f"an image has at most {MOST:,} bytes, not {len(image):,}")
    began = offer_due = time.monotonic()
    chunks = [image[start : start + CHUNK] for start in range(0, len(image), CHUNK)]

    def is_valid(packet):
        if packet.kind == ACK:
            return packet.number < len(chunks) and len(packet.payload) <= WINDOW // 8
        if packet.kind == DONE:
            return packet.number == len(image) and not packet.payload
        return packet.kind == FAIL

    talk = Conversation(sock, is_valid, address, secrets.randbits(32))
    flight = Flight(len(chunks))
    while True:
        now = time.monotonic()
        for chunk in flight.due(now):
            talk.send(DATA, chunk, chunks[chunk])
        if not flight.sent and now >= offer_due:  # at first, and for an empty image
            talk.send(OFFER, len(image), hashlib.sha256(image).digest())
            offer_due = now + LONGEST_TIMER
        packet = talk.receive(flight.next_due() if flight.sent else offer_due)
        if packet and packet.kind == DONE:
            return Stats(flight.transmissions, time.monotonic() - began)
        if packet:
            flight.confirm(packet, talk.heard)


# %% tags=["worked"]
def receive_firmware(sock):
    """Receive an image, as the specification says. The caller closes the socket."""
    size = 0

    def is_valid(packet):
        if packet.kind == OFFER:
            return packet.number <= MOST and len(packet.payload) == 32
        if packet.kind == DATA:
            return 0 < len(packet.payload) == min(CHUNK, size - packet.number * CHUNK)
        return packet.kind == FAIL

    talk = Conversation(sock, is_valid)
    _, _, size, digest = talk.receive()
    count = math.ceil(size / CHUNK)
    chunks, there, lowest = [b""] * count, bytearray(b"0" * count), 0
    while lowest < count:
        bits = there[lowest + 1 : lowest + 1 + WINDOW].ljust(WINDOW, b"0")
        talk.send(ACK, lowest, int(bits, 2).to_bytes(WINDOW // 8, "big"))
        packet = talk.receive()
        if packet.kind == DATA:
            chunks[packet.number], there[packet.number] = packet.payload, ord("1")
            lowest = (there + b"0").index(b"0", lowest)
    image = b"".join(chunks)
    fits = hashlib.sha256(image).digest() == digest
    answer = (DONE, size) if fits else (FAIL, WRONG_HASH, b"the hash is not the one offered")
    with contextlib.suppress(ConnectionError):  # of a FAIL that comes too late
        talk.send(*answer)
        while talk.receive(time.monotonic() + LINGER):
            talk.send(*answer)
    if not fits:
        raise ConnectionError("the hash of what came is not the one that was offered")
    return image


# %% [markdown]
# ## Assess it
#
# Your program runs in a process of its own, so nothing that it does can harm this notebook. You can interrupt
# it (■): what was found so far is shown. `assess("A2")` tries all milestones; it takes about 35 s for a right
# program, and longer where something is still missing.

# %% tags=["nbval-ignore-output"]
assess("A2", milestone=["small", "loss", "order", "damage", "limits", "strangers"])

# %% tags=["nbval-ignore-output"]
assess("A2", milestone=["the end", "giving up"])

# %% [markdown]
# The picture below `goodput` shows your three runs, and runs of the course's own solution that were recorded.
# Whoever waits for each answer ends up at the bottom. Who sends everything again after a loss (Go-Back-N)
# reaches about a quarter.

# %% tags=["nbval-ignore-output"]
assess("A2", milestone=["goodput", "few repeats", "together"])

# %% [markdown]
# ## Does it work with strangers?
#
# Your two halves share what you had in mind. Here each sender talks to each receiver over a link with loss:
# yours, the course's own, a second right one that does Go-Back-N, and six that are broken in one thing each.
# Your programs must get along with all that keep to the specification. Where the other one is broken, a clear
# failure is as good as success (*refused*: at least one side raised a clear error, even if the image had come),
# and a wrong image never is. Some faults show only where another one meets them, so a broken program may work
# with a right one, and a ✗ may stand where two broken ones meet. Click on a cell of the table to see that
# conversation.
#
# Files of others can take part: put them into a folder, and call `interop("A2", "folder")`. Where you disagree
# with a neighbour, the specification decides. If it does not, it has a gap: tell the authors, by an issue in
# the course's repository.

# %% tags=["nbval-ignore-output"]
interop("A2")

# %% [markdown]
# ## Hand it in
#
# After `from helpers import hand_in`, `hand_in("A2")` writes one file with your program, its result and the
# versions of your system. `python3 course.py assess A2_hand_in.json` tries it again from that file alone; that
# is what a teacher does, or a friend. The limits on time and memory there are against accidents, not against
# malice: whoever tries a program runs it with their own rights.
#
# ## What next?
#
# One sender and one receiver had a socket for themselves here. A server has hundreds of clients, and some of
# them are slow: part III begins with [chapter 08](../08_many_clients_at_once.ipynb).
