"""The words of chapter 06: reliable delivery."""

from helpers.study.words import Word, rfc

WORDS = [
    Word(
        "acknowledgement",
        "a message that confirms another; in short ACK",
        rfc(9293, "3.4"),
        ("ACK", "ACKs", "acknowledgements"),
    ),
    Word(
        "timer",
        "a time after which something is done if nothing else has happened",
        forms=("timers",),
    ),
    Word(
        "retransmission",
        "sending the same packet again",
        rfc(6298, "5"),
        ("retransmissions", "transmissions"),
    ),
    Word(
        "stop-and-wait", "sending one packet, and waiting for its acknowledgement before the next"
    ),
    Word(
        "Karn's rule", "a round trip of a packet that was sent again is no sample", rfc(6298, "3")
    ),
    Word(
        "backoff", "waiting longer after each failure", rfc(6298, "5.5"), ("back off", "backs off")
    ),
    Word(
        "window",
        "how many packets may be on their way without being confirmed",
        rfc(5681, "2"),
        ("windows",),
    ),
    Word(
        "Go-Back-N",
        "sending all again from the first packet that is not confirmed",
        rfc(3366, "1.4"),
    ),
    Word("Selective Repeat", "sending again only what is lost", rfc(3366, "1.4")),
    Word("goodput", "the new payload that arrives in a second", rfc(2647, "3.17")),
]
