# %% [markdown]
# # Assignment 2: firmware over a bad link
#
# A device in the field needs new firmware, the program that it runs. It has a radio that loses packets, doubles
# them, changes their order and flips bits, and nobody can walk over and plug in a cable. You build both ends of
# the transfer from a specification, and your programs will meet programs that we have built from the same
# pages, some of them wrong.
#
# About 300 minutes and 30 points. Plan three sittings:
#
# 1. one packet (half an hour), then taking packets in and a first image (steps 1 and 2 below);
# 2. all that goes wrong on the way (steps 3 and 4): with this sitting you have 22 points;
# 3. speed (step 5).
#
# The time is an estimate; if networks are new to you, plan twice as long.
#
# Read chapters [04](../04_datagrams_udp_for_sensors.ipynb) to [07](../07_windows.ipynb) first. Each half counts
# by itself: the sender alone gives 17 points, the receiver alone 12, and both together all 30.

# %% tags=["about"]
# learn: carry 1 MB through loss, damage, disorder and strangers, fast, or say clearly why it failed

# %%
import sys
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

from helpers import assess, interop, page_style
from helpers.assignments.a2.carried import carry
from helpers.assignments.a2.packed import compare

page_style()  # pictures follow a dark theme

# %% [markdown]
# ## One careless rule, and every packet came twice
#
# TFTP is a small protocol that loads firmware into devices, and many of them still speak it. Its first
# specification had a rule that looked harmless: a side that receives an old packet again sends its newest
# packet again.
#
# Now suppose that one answer takes longer than the sender's timer. The sender repeats its packet, so two
# answers come, and the sender replies to each of them with the next packet. From then on every packet crosses
# twice until the end of the transfer. The image was right all the same, and so the fault lived in many programs
# for years ([RFC 1123, section 4.2.3.1](https://www.rfc-editor.org/rfc/rfc1123#section-4.2.3.1), which calls it
# the Sorcerer's Apprentice Syndrome, after a poem of Goethe's).
#
# No single program was to blame there: each did what the text said. On a bad link a rule has to be right for
# every packet that may be lost, late or doubled, the last one included.
#
# ## One transfer, from the first packet to the last
#
# In your protocol the sender first offers the **image**, which is the firmware as bytes. It cuts the image into
# **chunks** of 499 bytes, and numbers them from 0. The receiver answers by naming the lowest chunk that is
# missing. (Take care: in chapter 06 an ACK named the last packet up to which all was there. Here it names the
# lowest that is missing.) At the end it compares a **hash**, a long checksum of the whole image. Here 1,000
# bytes cross in three chunks, and one packet is lost:
#
#     sender                                                        receiver
#       | OFFER: 1,000 bytes, and their hash ------------------------> |
#       | <--------------------------------- ACK 0: chunk 0 is missing |
#       | DATA 0 ----------------------------------------------------> |
#       | DATA 1 -----------------------X lost                         |
#       | DATA 2 ----------------------------------------------------> |
#       | <--------------------------------- ACK 1: chunk 1 is missing |
#       | <---------------- ACK 1: chunk 1 is missing, chunk 2 is here |
#       | DATA 1 again ----------------------------------------------> |
#       | <---------------------- DONE: all is here, and the hash fits |
#
# All rules below say how such a transfer goes: what a packet looks like, when a side sends it again, and when a
# side gives up.
#
# ## Before you read the rules: one packet
#
# Make the bytes of one packet. This takes 20 to 30 minutes. It gives no points, but both of your programs need
# it.
#
# Each packet begins with a **header** of 13 bytes. The **payload** follows, such as a chunk, or nothing at all:
#
# | field | bytes | what it is |
# |---|---|---|
# | kind | 1 | 1 for OFFER, 2 for DATA, 3 for ACK, 4 for DONE |
# | transfer | 4 | a number that all packets of one transfer carry |
# | number | 4 | of the chunk; in OFFER and DONE the size of the image |
# | CRC | 4 | a checksum, which shows the other side whether bits were flipped |
#
# The CRC is computed from the whole packet, header and payload. But it stands in the header itself, so you need
# a header before you know the CRC. Therefore its four bytes are zero while you compute it.
#
# Fill in the gap. The format of the header is given.

# %% tags=["exercise"]
import struct
import zlib

HEAD = struct.Struct("!BIII")  # kind, transfer, number, CRC


def packed(kind, transfer, number, payload=b""):
    """The bytes of one packet: its header, and the payload behind it.

    Example: packed(3, 0x5EED0042, 0) returns 13 bytes, 03 5e ed 00 42 00 00 00 00 7b 31 66 7f.

    The CRC is `zlib.crc32` of the whole packet, computed while the CRC in its header is 0.
    """
    # your lines: a header with 0 as its CRC; the CRC; then the header with it, and the payload
    crc = zlib.crc32(HEAD.pack(kind, transfer, number, 0) + payload)
    return HEAD.pack(kind, transfer, number, crc) + payload
    # end


# %% [markdown]
# The next cell makes the packets of the transfer above by your function. It compares them with the
# specification's own, and shows the first that differs, field by field.

# %%
compare(packed)

# %% [markdown]
# If they are right, they can cross a link. In the next cell a small sender of ours packs by your function, and
# sends the 1,000 bytes to a receiver of ours. The link drops the first DATA 1. Compare what crossed with the
# picture above: where does the receiver say that chunk 2 has come?

# %% tags=["nbval-ignore-output"]
carry(packed)

# %% [markdown]
# One byte says it, `80`; section 2 tells how. This sender knew which packet would be lost. Yours has to find
# out, by the rules of the specification.
#
# ## How to read the specification
#
# Now comes the text for your two programs. Read it once as a whole, with the picture above beside you, and look
# things up later.
#
# - Sections 1 to 3 say what crosses the link.
# - Sections 4 to 6 say what each side does.
# - Section 7 has the transfer above again, with all its bytes.
# - Section 8 names your functions, and the last two say what is left open.
#
# The word **must** means that a program which does otherwise is wrong. The tests look for it as far as they can
# see it from outside. **May** leaves the choice to you.

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
# - The sender must draw the number in the field **transfer** at random, anew for each transfer
#   (`random.getrandbits(32)` draws one). All packets of both sides must carry this number.
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
# The **bit map** tells which chunks after the lowest missing one have come. A 1 means that the chunk is there.
# The first bit stands for the chunk right after the lowest missing one, the second bit for the next chunk, and
# so on. In each byte the first bit is the one that is worth 128. For example, chunk 1 is the lowest that is
# missing, and the bit map is one byte, `80`:
#
#     bits               1   0   0   0   0   0   0   0
#     stand for chunk    2   3   4   5   6   7   8   9      so chunk 2 is there, and 3 to 9 are not
#
# - Bits that are not sent count as 0. So a receiver may send a shorter bit map than it could, or none.
# - For chunks that the image does not have, the receiver must send 0. If a sender finds a 1 for such a chunk,
#   it may ignore this bit, or the whole packet.
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
# - A FAIL may have any code, and any bytes or none as its reason. A reason that is no UTF-8 is shown as well as
#   possible.
# - It comes from the other side's address, and carries the number of this transfer. The sender knows both from
#   the start. The receiver takes them from the first OFFER that fulfils all the other points.
#
# Both sides must ignore any other datagram, as if it had been lost. They don't answer it, it changes nothing,
# and it does not put off giving up (section 6).
#
# ### 4. The sender
#
# The sender offers the image, sends its chunks, and repeats whatever may be lost, until it hears how the
# transfer ended.
#
# - **At the beginning** it must send OFFER, and repeat it until a valid answer comes. Before that answer it
#   must not send DATA.
# - A chunk is **confirmed** when an ACK has a higher number than the chunk, or a 1 for it in its bit map. What
#   was confirmed stays confirmed, even if an older ACK comes later and says less.
# - The sender must send each chunk again and again until it is confirmed.
# - **The window.** It must not send a chunk whose number is 256 or more above the lowest chunk that is not
#   confirmed. So while chunk 0 is not confirmed, chunk 255 is the highest that it may send.
# - From the call until the transfer ends, the sender must never be silent for longer than 0.5 seconds. If
#   nothing else is left to send, it may repeat a chunk or the OFFER.
# - **At the end** DONE means success, and nothing else does. It counts even if some chunks are not confirmed
#   yet, because their ACKs may have been lost.
#
# ### 5. The receiver
#
# The receiver collects the chunks, answers every time, and stays for a while at the end, because its last
# answer may be lost.
#
# - **While chunks are missing** it must answer each valid OFFER and DATA at once by ACK. If several wait in its
#   socket, it may answer all of them by one ACK.
# - Chunks may come in any order and more than once. The receiver must keep each that it did not have.
# - A later valid OFFER of this transfer must be answered too. It changes nothing, whatever it offers.
# - **When no chunk is missing**, it must compare the SHA-256 of the image with that of the OFFER. (An empty
#   image misses no chunk from the first OFFER on.)
# - If the two are equal, its answer is DONE from then on. If not, its answer is FAIL with code 1.
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
# - A side must also give up when no valid packet comes: **3 to 5 seconds** after the last one, or after the
#   call if there was none. How often it has tried does not matter. So a transfer survives a silence of 2
#   seconds, and nobody waits long for a dead link.
# - A side that gives up may send FAIL with code 2, once. (A receiver that has had no OFFER knows nobody to send
#   it to.)
# - A side that sends a FAIL must give it a reason that is not empty.
#
# There is one exception. Once a receiver has all chunks and their hash fits, a FAIL changes nothing: it returns
# the image, at once or after its 1 second.
#
# ### 7. An example
#
# This is the transfer of the picture, with all its bytes. The image has 1,000 zero bytes, so the last chunk,
# number 2, has 2 bytes.
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
# Windows its `sendto` and `recvfrom` may raise `ConnectionError` too, as in chapter 04. That means nothing: put
# a `try` around each of these calls, and not around your whole loop, or you hide your own.
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
# 1. **Unpacking.** You have `packed`. Write its counterpart, which makes a packet of the bytes of a datagram,
#    or `None` if the packet is damaged. Both sides use it, so let them take packets in at this one place.
# 2. **A first image.** Write a receiver, and a sender that has one chunk in flight. It is sketched below, and
#    you have seen most of it in chapter 06. `assess("A2", milestone="small")` tries this alone.
# 3. **What goes wrong.** Packets are lost, doubled, damaged or a stranger's: `milestone=["loss", "order",
#    "damage", "limits", "strangers"]`. If step 1 is right, little is left to do.
# 4. **The end**, and giving up. Draw who still waits for whom when the last answer is lost.
# 5. **Speed**: many chunks in flight, each with its own time. Begin with the loop of `send_selectively` of
#    [chapter 07](../07_windows.ipynb), and copy it into your sender, in place of the loop there. Your own
#    waiting and your `packed` replace `next_ack` and `packet`. Then change one thing after the other:
#    - Chunks are numbered from 0. An ACK confirms all below its number, and those of its bit map.
#    - The sender sends no END: DONE ends its loop, as no ACK confirms the last missing chunk. It gives up by
#      time, and not after ten tries.
#    - The window is 256 chunks. Set a second, smaller limit to the chunks that are on their way: sent, not
#      confirmed, and their timer has not ended. *Rate × round-trip time* says how many fill the link of
#      `goodput` below, at 512 bytes each. Take this number, or up to twice as many.
#    - The timer is your `RtoEstimator` of chapter 06, copied as well, for example `RtoEstimator(minimum=0.15,
#      maximum=0.4)`. Its usual minimum of 1 second would break the rule of 0.5 seconds in section 4.
#
# ### For step 2: both halves in a few words
#
# On a link without faults this is enough, and `small` asks for no more:
#
#     sender                                      receiver
#
#     send OFFER                                  wait for an OFFER
#     repeat:                                     while a chunk is missing:
#         wait for an answer, 0.4 s at most           send ACK with the lowest missing chunk
#         nothing came: send the last one again       wait for the next packet
#         ACK n came: send chunk n                    DATA came: keep its chunk
#         DONE came: return                       compare the hash
#                                                 send DONE, stay for 1 second and repeat it, return the image
#
# On a bad link it has the fault of the Sorcerer's Apprentice. What crosses if one ACK comes twice? Repair
# that in step 3.
#
# ### When you are stuck: look at the packets
#
# Whenever you don't know why something happens, look at what crossed. The next cell defines `cross`, which lets
# your two halves carry an image over a link, and draws what crossed. Run it now. When both functions are there,
# try these (■ ends a run that hangs, and still draws it):
#
# - `cross(b"firmware" * 200)` uses a link without faults.
# - `cross(b"firmware" * 200, loss=0.2, seed=1)` loses packets, as in chapter 05.
# - `cross(b"firmware" * 200, up={"script": {3: "drop"}})` loses the sender's third packet alone; `down` does so
#   to the receiver.

# %%
import contextlib
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
        contextlib.suppress(KeyboardInterrupt),  # which closes the sockets, and so ends both halves
        socket.socket(type=socket.SOCK_DGRAM) as mine,
        socket.socket(type=socket.SOCK_DGRAM) as theirs,
    ):
        for sock in (mine, theirs):
            sock.bind(("127.0.0.1", 0))
            sock.settimeout(5)  # seconds
        # The pool runs both functions at the same time.
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
# The brackets have the sender's points first, and then the receiver's.
#
# | milestone | points | | milestone | points |
# |---|---|---|---|---|
# | `small`: a link without faults | 3 (1 + 2) | | `the end`: a lost DONE, a wrong hash | 4 (2 + 2) |
# | `loss`: one of ten packets | 2 (1 + 1) | | `giving up`: dead and silent links | 4 (2 + 2) |
# | `order`: duplicates, disorder | 2 (1 + 1) | | `goodput`: speed with losses | 4 (4 + 0) |
# | `damage`: flipped bits | 2 (1 + 1) | | `few repeats`: nothing in vain | 3 (2 + 1) |
# | `limits`: sizes, numbers, the window | 3 (2 + 1) | | `together`: 1 MB, your two halves | 1 (both) |
# | `strangers`: others on the port | 2 (1 + 1) | | | |
#
# Three milestones measure how well your program does it.
#
# **`goodput`**: your sender sends 300 kB to our receiver.
#
# - The link carries 200 kB/s, takes 20 ms each way, and loses one of ten packets each way.
# - Its queue has room for 64 kB. What does not fit there is lost as well.
# - No sender can be done in less than 1.62 s: at that rate all bytes, headers included, and two round trips
#   take so long.
# - Your sender runs three times, and the middle result counts.
# - You get a point each where it reaches 15, 30, 45 and 60 % of that speed: 10.8, 5.4, 3.6 and 2.7 s.
#
# **`few repeats`**: nothing is sent in vain. The link takes 10 ms each way and loses one packet in ten, so a
# sender must send each chunk 1/0.9 = 1.11 times on average, at least.
#
# - Your sender gets one point if it sends a chunk at most 3.5 times on average, or two points if it needs
#   at most 1.4 times.
# - Your receiver gets the third point if our sender sends it each chunk at most 1.6 times on average. That is
#   enough if your bit map tells what has come.
#
# **`together`**: your two halves carry 1 MB, in 18 s at the most; one chunk at a time takes longer. The link
# takes 2 ms each way. It loses one packet in ten, and doubles, delays and damages others.
#
# A busy machine costs no points: if your program got no processor, it is tried again.
#
# A good solution takes packets in at one place, decides there what is valid, and keeps time in one place. You
# get no points for that, but people will read your code.
#
# ## Your program
#
# Use as many cells as you like. `assess` takes imports, functions, classes and constants from the cells that
# you have run, the newest of each name. Your `packed` from above is taken as well, if your program calls it.

# %%
# Your program begins here.

# %% tags=["worked"]
import contextlib
import hashlib
import math
import secrets
import time
from dataclasses import dataclass
from typing import NamedTuple

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

    @classmethod
    def unpacked(cls, datagram):
        """The packet that a datagram holds; None where it is damaged, or holds none."""
        if not HEAD.size <= len(datagram) <= LARGEST:
            return None
        packet = cls(*HEAD.unpack_from(datagram)[:3], datagram[HEAD.size :])
        return packet if packed(*packet) == datagram else None


# %% tags=["worked"]
class Conversation:
    """One side of a transfer. What is no valid packet of the other side stays outside."""

    def __init__(self, sock, is_valid, address=None, transfer=None):
        self.sock, self.is_valid = sock, is_valid
        self.address, self.transfer = address, transfer
        self.heard = time.monotonic()

    def send(self, kind, number, payload=b""):
        self.sock.sendto(packed(kind, self.transfer, number, payload), self.address)

    def receive(self, until=math.inf):
        """The next valid packet; None where none has come by then.

        Raises ConnectionError for FAIL, and when nothing valid has come for too long.
        """
        while True:
            ends = min(until, self.heard + GIVE_UP)
            self.sock.settimeout(max(0.0, ends - time.monotonic()))  # 0: look, and don't wait
            try:
                datagram, address = self.sock.recvfrom(65_535)
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
# Your program runs in a process of its own, so nothing that it does can harm this notebook. If you interrupt it
# (■), you see what was found so far. `assess("A2")` tries all milestones. It takes about 35 s for a right
# program, and longer if something is still missing.

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
# yours, the course's own, a second right one that does Go-Back-N, and three senders and three receivers that
# are broken in one thing each. Your programs must get along with all that keep to the specification. Each
# conversation ends in one of these ways:
#
# - ✓ *worked*: the image has come, and both sides know it.
# - ○ *refused*: at least one side raised a clear error, even if the image had come.
# - ✗ *wrong*: for example, a wrong image came and nobody said so. This must never happen to you.
# - … *hung*: a side had not come back in the end. This must never happen either.
#
# Where one program is broken, ○ is as good as ✓. Some faults show only where something else goes wrong, so a
# broken program may work with a right one. And a ✗ may stand where two broken ones meet. Click on a cell of the
# table to see that conversation.
#
# Files of others can take part: put them into a folder, and call `interop("A2", "folder")`. Where you disagree
# with a neighbour, the specification decides. If it does not, it has a gap. Then tell the authors, by an issue
# in the course's repository.

# %% tags=["nbval-ignore-output"]
interop("A2")

# %% [markdown]
# ## Hand it in
#
# If you want to give your program to a teacher or a friend, `from helpers import hand_in` and `hand_in("A2")`
# write one file with your program, its result and the versions of your system. They try it again from that file
# alone, by `python3 course.py assess A2_hand_in.json`. The limits on time and memory there are against
# accidents, not against malice: whoever tries a program runs it with their own rights.
#
# ## What next?
#
# One sender and one receiver had a socket for themselves here. A server has hundreds of clients, and some of
# them are slow: part III begins with [chapter 08](../08_many_clients_at_once.ipynb).
