"""The words of chapter 06: reliable delivery."""

from helpers.study.words import Word, rfc

WORDS = [
    Word(
        "acknowledgement",
        "a message that says of another that it is there; in short ACK",
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
    Word("SRTT", "the smoothed round-trip time, an average of the latest ones", rfc(6298, "2")),
    Word("RTTVAR", "how far round-trip times usually are from SRTT", rfc(6298, "2")),
    Word(
        "Karn's rule",
        "a packet that was sent more than once gives no round-trip time",
        rfc(6298, "3"),
    ),
    Word(
        "backoff", "waiting longer after each failure", rfc(6298, "5.5"), ("back off", "backs off")
    ),
    Word("confirmable", "a CoAP message that asks for an acknowledgement", rfc(7252, "4.2")),
]
