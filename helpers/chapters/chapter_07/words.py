"""The words of chapter 07: windows."""

from helpers.study.words import Word, rfc

WORDS = [
    Word("slot", "the time in which one packet may leave", forms=("slots",)),
    Word(
        "window",
        "how many packets may be sent from the oldest unconfirmed one on",
        rfc(5681, "2"),
        ("windows",),
    ),
    Word("in flight", "sent, and not confirmed so far", rfc(5681, "2")),
    Word(
        "bandwidth-delay product",
        "rate × round-trip time: how many packets, or bytes, fill a path",
        rfc(7323, "1.1"),
    ),
    Word(
        "Go-Back-N",
        "sending all again from the first packet that is not confirmed",
        rfc(3366, "1.4"),
    ),
    Word("cumulative", "said of an ACK: it confirms everything up to its number", rfc(9293, "3.4")),
    Word("Selective Repeat", "sending again only what was not confirmed", rfc(3366, "1.4")),
    Word("goodput", "the new payload that arrives in a second, or in a slot", rfc(2647, "3.17")),
    Word(
        "bottleneck",
        "the slowest part of a path, before which packets queue",
        rfc(7567, "1"),
        ("bottlenecks",),
    ),
    Word(
        "congestion window",
        "a window that grows with each ACK and shrinks at each loss",
        rfc(5681, "2"),
        ("congestion windows",),
    ),
    Word(
        "slow start",
        "growing from a small window, and doubling in each round trip",
        rfc(5681, "3.1"),
    ),
]
