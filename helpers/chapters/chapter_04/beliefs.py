"""What learners of chapter 04 may believe about datagrams."""

from __future__ import annotations

from helpers.checks.wrong import Misconception

HALF = Misconception(
    "recvfrom can return half a datagram now and the rest later",
    "Each recvfrom takes one whole datagram, and what does not fit into the size that you give is "
    "thrown away: there is no rest, and no two datagrams ever join.",
    (
        "How many bytes do you ask for, and how many calls do you spend on one datagram?",
        "Ask for more than the largest datagram that you expect, and look at the length of what "
        "one call returned before you look at its content.",
        "Treat what one call returned by itself: keep no bytes of it for the next datagram, and "
        "drop it where its length is not exactly the one that the contract names.",
    ),
)

EMPTY = Misconception(
    "an empty datagram means closed",
    "Without a connection there is nothing to close: b'' is a datagram of no bytes, and others "
    "may follow it.",
    (
        "An empty datagram ends your loop: on a stream b'' would be the end, here it is a "
        "message like any other.",
        "Look for `if not data`, `while data` or a `:=` that ends your loop.",
        "An empty datagram is one that you have no use for: go on as after any other of these.",
    ),
)

ORDER = Misconception(
    "answers come in the order asked",
    "Datagrams overtake each other, come late and come twice, so only what is in them, a number, "
    "says what they belong to.",
    (
        "Where in your code do you decide what a datagram belongs to? Is it by its place in the "
        "order of arrival?",
        "The number that the sender has put into each datagram is the only thing to go by.",
        "Take the number out of what came and use it: to sort by, or to compare with the one that "
        "you wait for now. What does not fit is no reason to stop waiting.",
    ),
)

DELIVERED = Misconception(
    "sendto without an error means delivered",
    "It means that the system took the datagram; it, or the answer to it, may be lost on the way, "
    "and nobody tells either side.",
    (
        "What does your code do if the datagram that it counts on never comes?",
        "Follow it by hand with one datagram taken out: where does it wait for ever, stop, fail, "
        "or take for granted that the other side has heard?",
        "Every wait needs an end of its own, a gap in the numbers is normal, and a question that "
        "comes again deserves an answer again.",
    ),
)

ONE_TIMEOUT = Misconception(
    "one timeout for the whole conversation",
    "Each wait has a time of its own: it begins with its own datagram, no other datagram makes it "
    "longer, and when it is over the next one begins.",
    (
        "When does your clock start, and what starts it anew? Compare with the contract.",
        "A socket's timeout counts from the call of recvfrom, each time again; a deadline that was "
        "computed once counts from then. Which of them does the contract ask for here?",
        "Note with time.monotonic() when this wait began, give each recvfrom only what is left of "
        "it, and let the end of one wait not be the end of all. Where the contract counts the "
        "silence since the last datagram, each datagram begins it anew.",
    ),
)

NO_END = Misconception(
    "somebody says when it is over",
    "Datagrams come without a connection, so no end is ever announced: there is only silence, and "
    "you decide how long to wait for it.",
    (
        "Your function waits for a datagram. What should happen if none comes any more?",
        "A socket can be told how long to wait, with settimeout; then recvfrom "
        "raises TimeoutError.",
        "Here that error is the normal end: catch it, and return what you have.",
    ),
)

STRANGER = Misconception(
    "what comes to my port is from my peer",
    "Anyone who knows the address of a socket can send to it; recvfrom tells from where each "
    "datagram came.",
    (
        "Who can send a datagram to your socket?",
        "recvfrom returns two things. What do you do with the second?",
        "Compare the sender's address with the one that you asked, and go on waiting where they "
        "differ; or let the system do it: what does connect do to a UDP socket?",
    ),
)
