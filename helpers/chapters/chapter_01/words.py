"""The words of chapter 01: what is a socket?"""

from helpers.study.words import Word, python, rfc

WORDS = [
    Word(
        "listener",
        "a server's socket that waits for clients and hands out a connection for each",
        python("library/socket.html#socket.socket.listen"),
        ("listeners",),
    ),
    Word("peer", "the other end of a conversation", forms=("peers",)),
    Word(
        "IP address",
        "the part of an address that leads to a machine, such as `127.0.0.1`",
        rfc(791),
        ("IP addresses",),
    ),
    Word(
        "port",
        "a number from 0 to 65,535, part of a socket's address; many sockets may share one",
        rfc(9293, "3.1"),
        ("ports",),
    ),
    Word(
        "ephemeral port",
        "a free port that the system picks for one conversation",
        rfc(6335, "6"),
        ("ephemeral",),
    ),
    Word(
        "process",
        "a running program, with memory of its own",
        forms=("processes",),
    ),
    Word(
        "TCP",
        "the protocol that brings bytes in order and without gaps while its connection holds",
        rfc(9293),
    ),
    Word(
        "protocol",
        "what two programs have agreed on: which bytes mean what, and who speaks when",
        forms=("protocols",),
    ),
    Word(
        "RFC",
        "a document that describes a protocol of the Internet; most standards are RFCs",
        rfc(2026),
        ("RFCs",),
    ),
    Word(
        "IPv6",
        "the newer kind of IP addresses, with 128 bits: `::1` is its loopback address",
        rfc(8200),
        ("IPv4",),
    ),
    Word(
        "stream",
        "bytes in order, without borders between what was sent in one call and in the next",
        rfc(9293),
        ("streams",),
    ),
    Word("UDP", "the protocol that sends datagrams one by one and promises nothing", rfc(768)),
    Word(
        "datagram",
        "what is sent over UDP in one piece, and arrives whole or not at all",
        rfc(768),
        ("datagrams",),
    ),
    Word(
        "UTF-8",
        "the encoding that most protocols use for text: one to four bytes a character",
        rfc(3629),
    ),
    Word(
        "network byte order",
        "the order of Internet protocols: the byte that counts most comes first",
        rfc(791),
        ("little-endian", "big-endian"),
    ),
    Word("gateway", "a device that speaks for others, such as sensors", forms=("gateways",)),
    Word(
        "round-trip time",
        "how long it takes until a question has been answered",
        rfc(2681),
        ("round trip", "round trips", "round-trip times"),
    ),
    Word(
        "median",
        "the value that half of the measurements stay under",
        python("library/statistics.html#statistics.median"),
    ),
    Word(
        "percentile",
        "the 99th percentile is the value that 99 of 100 measurements stay under",
        python("library/statistics.html#statistics.quantiles"),
        ("percentiles",),
    ),
]
