"""The words of chapter 04: datagrams."""

from helpers.study.words import Word, python, rfc

WORDS = [
    Word(
        "loss",
        "packets that were sent and had not come when one stopped waiting, or their share",
        rfc(7680),
    ),
    Word("burst", "several packets right after one another, sent or lost", forms=("bursts",)),
    Word(
        "receive buffer",
        "where datagrams wait between their arrival and `recvfrom`; what finds it full is dropped",
        python("library/socket.html#socket.socket.setsockopt"),
        ("receive buffers",),
    ),
    Word(
        "ICMP",
        "the protocol by which the network reports, for example that nobody listens at a port",
        rfc(792),
    ),
    Word(
        "MTU",
        "the size of the largest packet that a network takes, with its headers",
        rfc(8085, "3.2"),
    ),
    Word(
        "fragment",
        "a part of a packet that was too large; the receiver needs all of them",
        rfc(8900),
        ("fragments",),
    ),
    Word("header", "what stands before a payload: addresses, lengths, numbers", forms=("headers",)),
    Word(
        "sequence number",
        "the number that a sender gives each of its packets",
        forms=("sequence numbers",),
    ),
    Word("duplicate", "a packet whose number came before", rfc(5560), ("duplicates",)),
    Word("ping", "a question that asks only whether somebody is there", forms=("pings",)),
    Word(
        "seed",
        "the number that fixes a generator of random numbers: the same seed, the same dice",
        python("library/random.html#random.seed"),
        ("seeds",),
    ),
    Word("jitter", "how much a delay varies", rfc(3393)),
    Word("broadcast", "a datagram to all machines of a network", rfc(919)),
    Word("multicast", "a datagram to all that have joined a group", rfc(1112)),
    Word("TTL", "how many networks a packet may cross", rfc(791)),
]
