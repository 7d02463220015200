"""Hints for what a belief does not tell."""

from __future__ import annotations

from helpers.checks.wrong import Hints

PACKETS: Hints = (
    "Compare the datagram with the figure in the specification, field by field.",
    "Kind 1 byte, transfer, number and CRC 4 bytes each, in network byte order, then the payload.",
    "Work the example conversation by hand, and look which bytes your program sends.",
)
SENDING: Hints = (
    "Which datagrams did your sender send, and which ones did the receiver miss?",
    "OFFER until it is answered, then each chunk until it is confirmed, then DONE.",
    "Print kind and number of all that you send and receive, for an image of 500 bytes.",
)
RECEIVING: Hints = (
    "Which answer does the specification want to this datagram, and which one came?",
    "OFFER and DATA are answered by ACK with the lowest missing number, at the end by DONE.",
    "Print kind and number of all that you send and receive, for an image of 500 bytes.",
)
OFFERED: Hints = (
    "What does your receiver do with an OFFER when it has taken one already?",
    "The first OFFER says what the image is. A later one of this transfer is only answered.",
    "Keep size and hash of the first, and let a later one change nothing that you keep.",
)
REPEATING: Hints = (
    "Any datagram may be lost, the first and the last as well. Which one was it here?",
    "A sender repeats what was not confirmed in time; a receiver answers each repeat.",
    "Look at each place where your program waits: what does it do when nothing comes?",
)
FAILING: Hints = (
    "Which error does the specification want here, and which one came?",
    "A transfer that can't succeed ends with ConnectionError on both sides, and its text says why.",
    "Raise it at the one place where packets are taken in: for FAIL, and when time is over.",
)
LIMITS: Hints = (
    "Which numbers and sizes does the specification allow in this packet?",
    "A packet with another number or size is not valid: it is ignored like a damaged one.",
    "Look at kind, number and size of the payload at one place, before the packet is used.",
)
SPEED: Hints = (
    "How many chunks are in flight at once, and how long does your sender wait for nothing?",
    "Rate times round trip, 16 chunks here, keep the link busy; many more only stand in its queue.",
    "Send a new chunk as soon as there is room, and repeat a lost one alone, without stopping.",
)
THRIFT: Hints = (
    "Which chunks were sent again although they had come?",
    "A timer shorter than the round trip repeats what is on its way; the bit map says what is "
    "there.",
    "Measure round trips as in chapter 06, and repeat only what is missing and late.",
)
