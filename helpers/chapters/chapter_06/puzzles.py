"""The puzzles of chapter 06: packets that come twice, and what stands in their bytes."""

from helpers.study.questions import Question, right, wrong


def _in_words(datagram: bytes) -> str:
    kind = {1: "DATA", 2: "ACK", 3: "END"}[datagram[0]]
    number, payload = int.from_bytes(datagram[1:5], "big"), datagram[5:].decode()
    return f"{kind} {number}" + (f" '{payload}'" if payload else "")


def _as_bytes(datagram: bytes) -> str:
    return datagram.hex(" ")


QUESTIONS = {
    "each comes twice": Question(
        "No packet is lost here, and yet the receiver gets each message twice. Why?",
        {
            "The link copies packets.": wrong(
                "A copy has one sending and two arrivals. Here the sender has sent each message "
                "twice, some time apart."
            ),
            "The receiver forgot to confirm.": wrong(
                "Follow the arrows from right to left: each message, old or new, has its ACK."
            ),
            "The sender's timer is shorter than the way there and back.": right(
                "An ACK needs about 80 ms to come, and the sender waits for 50. So it repeats "
                "what is confirmed already. Half of what it sends is for nothing, and no loss is "
                "to blame."
            ),
            "The ACKs name the wrong number.": wrong(
                "Each confirms the highest number up to which all is here, as agreed. Look at "
                "when they come."
            ),
        },
        conversation="each_twice",
        title="Two messages, sent by stop-and-wait",
        words=_in_words,
    ),
    "read the bytes": Question(
        "Here each packet is shown as the bytes that it has. Which one is the first to tell the "
        "sender that message 2 is there?",
        {
            "The one at the fifth arrow, which ends in a cross": wrong(
                "Its bytes are right: an ACK, with number 2. But did the sender ever see them?", 5
            ),
            "The one at the sixth arrow, `01 00 00 00 02 6f 66 66`": wrong(
                "The first byte is the kind: 1 is DATA. This is the message itself, once more.",
                3,
                4,
                6,
            ),
            "The one at the seventh arrow, `02 00 00 00 02`": right(
                "Kind 2 is ACK, and the four bytes after it hold the number 2. The same ACK was "
                "lost before, which is why message 2 was sent a third time.",
                7,
            ),
            "The one at the ninth arrow, `02 00 00 00 03`": wrong(
                "It confirms all up to 3, so message 2 as well, but it is not the first that does.",
                9,
            ),
        },
        conversation="read_the_bytes",
        title="Three messages, as bytes",
        words=_as_bytes,
    ),
}
