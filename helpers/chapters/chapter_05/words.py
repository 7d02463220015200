"""The words of chapter 05: packet loss."""

from helpers.study.words import Word, python, rfc

WORDS = [
    Word("echo", "a server that sends back what it gets"),
    Word(
        "capture",
        "a file with recorded packets, which Wireshark and others open",
        forms=("captures",),
    ),
    Word(
        "interval",
        "a range computed from a sample; such ranges hold the truth in about 95 of 100 samples",
        forms=("intervals", "confidence interval"),
    ),
    Word(
        "standard deviation",
        "the typical size of the move that luck makes from the mean",
        python("library/statistics.html#statistics.stdev"),
        ("standard deviations",),
    ),
    Word(
        "dataclass",
        "a class with named values, of which Python writes the rest",
        python("library/dataclasses.html"),
        ("dataclasses",),
    ),
    Word(
        "reordering",
        "a packet that arrives after one that was sent later",
        rfc(4737),
        ("reordered",),
    ),
    Word(
        "checksum",
        "a number computed from bytes and sent along, so that damage can be seen",
        rfc(1071),
        ("checksums",),
    ),
    Word(
        "CRC",
        "a check in which each bit's place counts, so it also sees that words have changed places",
        python("library/zlib.html#zlib.crc32"),
        ("CRC-32",),
    ),
    Word("rate", "how many bytes a link takes in a second"),
]
