"""Hints for what a judge of brokers can miss, or take for wrong."""

from __future__ import annotations

ACCUSED = (
    "This broker is right, and your judge says False: which of your tests did it not pass?",
    "The steps show what the broker heard and said. Was every client taken in before the line was "
    "said? A client that is only connected is one that the broker may not know yet.",
    "Compare what your test expects with the contract. A connection may end by a FIN or by a "
    "reset, lines may come in any pieces, and up to a million bytes may wait for a slow reader.",
)
PIECES = (
    "None of your tests sends a line in two pieces while another client speaks in between.",
    "The network cuts where it likes, and you can do the same: half a line, then another client's "
    "line, then the rest.",
    "Let a third client hear both lines, and expect each of them whole.",
)
ECHO = (
    "In none of your tests do you look at what the sender itself hears.",
    "A line goes to every *other* client. You can't wait for something that must not come, but you "
    "can look at what comes first.",
    "Let one client speak, then another: what must the first line be that the first one hears?",
)
RESET = (
    "In none of your tests does a client reset while the broker still has its connection.",
    "A client without power says no goodbye, and a linger time of zero lets a test do the same.",
    "Let one client reset, perhaps in the middle of a line, and look whether the others still "
    "hear each other.",
)
LOST = (
    "In none of your tests does a client read late. What was said meanwhile has to wait for it.",
    "The system's buffers hold some hundred thousand bytes for a client that does not read. A "
    "right broker keeps up to a million more.",
    "Say some hundred thousand bytes in long lines, let one client read none of it until all is "
    "said, and expect that it then hears every line whole.",
)
WAITS = (
    "In none of your tests must one client hear a line while another reads nothing.",
    "A broker that waits for the slow one keeps all others waiting, too.",
    "While one client reads nothing, say some hundred thousand bytes to the others, and expect "
    "that they hear each line at once.",
)
ENDLESS = (
    "None of your tests sends a line that is too long.",
    "The contract has a number. What does a right broker do beyond it, and how would your judge "
    "hear of it?",
    "Send one byte more than is allowed, without a newline, and expect that the broker ends that "
    "connection: by a FIN, or by a reset.",
)
