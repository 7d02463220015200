"""The words of chapter 05: packet loss."""

from helpers.study.words import Word, python, rfc

WORDS = [
    Word(
        "seed",
        "the number that fixes a generator of random numbers: the same seed, the same dice",
        python("library/random.html#random.seed"),
        ("seeds",),
    ),
    Word("echo", "a server that sends back what it gets"),
    Word(
        "capture",
        "a file with recorded packets, which Wireshark and others open",
        forms=("captures",),
    ),
    Word(
        "interval",
        "a range that holds the true value with a stated probability",
        forms=("intervals", "confidence interval"),
    ),
    Word(
        "standard deviation",
        "how far luck usually carries a value from its mean",
        python("library/statistics.html#statistics.stdev"),
        ("standard deviations",),
    ),
    Word("burst", "several packets right after one another, sent or lost", forms=("bursts",)),
    Word(
        "loss",
        "a packet that was sent and never came, by the time when one stops waiting",
        rfc(7680),
    ),
    Word(
        "reordering",
        "a packet that arrives after one that was sent later",
        rfc(4737),
        ("reordered",),
    ),
    Word("jitter", "a delay that varies", rfc(3393)),
    Word(
        "queue",
        "packets that wait for a line; what finds it full is dropped",
        rfc(7567, "2"),
        ("queues",),
    ),
    Word("rate", "how many bytes a line takes in a second"),
]
