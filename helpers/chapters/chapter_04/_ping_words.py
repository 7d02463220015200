"""Hints for a pinger: each way to fail has its own."""

from __future__ import annotations

from helpers.chapters.chapter_04._shared import RAISES, with_hints
from helpers.chapters.chapter_04.beliefs import DELIVERED, EMPTY, ONE_TIMEOUT, ORDER, STRANGER
from helpers.checks.wrong import Hints, Misconception

TIMES = (
    "A time begins when its own ping is sent and ends when its answer is there; it is in seconds.",
    "Take the time from a clock such as time.perf_counter() right before the sending and right "
    "after the receiving, for each ping anew.",
)
CONTRACT = (
    'Ping n is b"ping n", counted from 1, and the next one is sent when its answer has come or its '
    "time is over.",
    "Follow the first two pings by hand: what is sent when, and what is noted?",
)
GO_ON = (
    "What is not the answer, byte for byte, is no answer, and no reason to give up.",
    "Go on waiting for as long as this ping has time.",
)
NONE_HERE = (
    "TimeoutError is what tells you that nothing came, and for one ping only.",
    "Catch it where one ping waits, note None for that one, and go on with the next.",
)

NOT_A_LIST: Hints = (
    "Your function does not give back a list: is there a `return` on each way, with the list that "
    "was filled?",
    *CONTRACT,
)
NOT_NUMBERS: Hints = (
    "Your list holds something else than times and None: for each ping one float, in seconds, or "
    "None.",
    *TIMES,
)
BELOW_ZERO: Hints = (
    "A number below 0 stands where no answer came, or you subtract the later time from the "
    "earlier: silence is None.",
    *TIMES,
)
ZERO: Hints = (
    "0 stands where no answer came: silence is None, and 0.0 would be a time.",
    *NONE_HERE,
)
LEFT_OUT: Hints = (
    "Your list has no entry for a ping without an answer: None holds its place, so that the others "
    "keep theirs.",
    *NONE_HERE,
)
OTHER_COUNT: Hints = (
    "Your list and `count` don't fit: how many pings does your loop send? `range(1, count)` ends "
    "one before count.",
    *CONTRACT,
)
REPEATED: Hints = (
    "You send a ping a second time: each ping is sent once, and where no answer comes in time its "
    "entry is None.",
    *NONE_HERE,
)
FROM_ZERO: Hints = ("Your first ping is ping 0: they are counted from 1.", *CONTRACT)
EXTRA: Hints = (
    "Your pings have bytes more than they should, as a new line at the end: exactly the bytes of "
    'b"ping 1" are one.',
    *CONTRACT,
)
OTHER_PINGS: Hints = (
    "The datagrams that you send are not the pings that are asked for: compare them with what was "
    "expected, byte for byte.",
    *CONTRACT,
)
AT_ONCE: Hints = (
    "You send the next ping before the answer to the one before has come or its time is over: one "
    "after another is asked for.",
    *CONTRACT,
)
NEVER_WAITS: Hints = (
    "You measure only the sending, and don't wait for the answer: a time ends when recvfrom has "
    "brought it.",
    *DELIVERED.hints[1:],
)
NO_MATCH: Hints = (
    "Each answer had come, and you have taken none of them for it: what do you compare? bytes "
    "never equal a str, and recvfrom gives a tuple of the bytes and the address.",
    "Print with repr both sides of your comparison.",
    "An answer is the very bytes that you have sent, from the address that you have pinged.",
)
MILLISECONDS: Hints = (
    "Your times are in milliseconds, 1000 times too large: the contract asks for seconds.",
    *TIMES,
)
FROM_THE_FIRST: Hints = (
    "Your times grow from ping to ping, as if all began with the first ping: each ping has a "
    "beginning of its own.",
    *TIMES,
)
TOO_LARGE: Hints = (
    "Your times are longer, all together, than the whole call took: when does each of them begin, "
    "and in which unit is it?",
    *TIMES,
)
TOO_SMALL: Hints = (
    "Your time is shorter than the device held the answer back: does it begin when the ping was "
    "sent? And does its clock go on while you wait, as perf_counter does and a processor's time "
    "does not?",
    *TIMES,
)
LAST_WAIT: Hints = (
    "Your time covers only the last wait: it begins anew where something else came, and it is to "
    "begin when the ping was sent.",
    *TIMES,
)
PAUSES: Hints = (
    "You wait on although the answer has come: the next ping is sent at once then. Is there a "
    "pause of your own, or does the loop wait for the timeout in any case?",
    *CONTRACT,
)
STANDS: Hints = (
    "Your function does not come back, though each answer was there soon: is the line shown above "
    "a pause of your own, or does the loop never see the answer? (bytes never equal a str.)",
    *NO_MATCH[1:],
)
GIVES_UP_EARLY: Hints = (
    "A ping was given up too soon: wait the whole timeout for it, not half of it or a fixed time "
    "of your own.",
    "The timeout counts from when this ping was sent, and belongs to this ping alone.",
    "Work out before each recvfrom how much of this ping's time is left.",
)
WAITS_ON: Hints = (
    "A ping without an answer was waited for longer than its timeout: do several waits follow each "
    "other, or is there a pause behind it?",
    "The timeout counts from when this ping was sent, and belongs to this ping alone.",
    "Follow one silent ping by hand: which calls wait, and how long each?",
)
STOPS: Hints = (
    "Your function ends at the first silence: a ping without an answer gets None, and the next "
    "ping is sent all the same.",
    *ONE_TIMEOUT.hints[1:],
)
USED_UP: Hints = (
    "The pings before have used up the time of this one: each ping has a timeout of its own, "
    "counted from its own sending.",
    *ONE_TIMEOUT.hints[1:],
)
ANEW: Hints = (
    "Each datagram begins your wait anew: one ping waits no longer than its timeout, so give each "
    "recvfrom only what is left.",
    *ONE_TIMEOUT.hints[1:],
)
ANY_ANSWER: Hints = (
    "You take whatever comes for the answer: here a late answer to an earlier ping came. Compare "
    "what came, the whole of it with its number, with this ping.",
    *ORDER.hints[1:],
)
ANY_TALK: Hints = (
    "You take whatever comes for the answer: here it was another datagram. Compare what came, the "
    "whole of it, with this ping.",
    *ORDER.hints[1:],
)
LATE_TIME: Hints = (
    "A late answer has given an earlier ping a time after all: when its timeout was over, its "
    "entry was None.",
    "The answer came while a later ping was waiting.",
    "What is not the answer to this ping is ignored, and the wait goes on.",
)
GAVE_UP: Hints = (
    "Your ping gives up at the first datagram that is not its answer: ignore it, and go on waiting "
    "for what is left of its time.",
    *GO_ON,
)
NOT_WHO: Hints = (
    "You don't look at the address from which an answer came: a stranger answered here.",
    *STRANGER.hints[1:],
)
EMPTY_ENDS: Hints = (
    "An empty datagram ends your wait: on a stream b'' would be the end, here it is a message like "
    "any other.",
    *EMPTY.hints[1:],
)
NEARLY: Hints = (
    "You take a datagram for the answer that only begins like it, or is cut to its length: the "
    "whole of it, exactly the same bytes, is the answer.",
    "`startswith` and `in` look at a part; and what does not fit into the size that you give to "
    "recvfrom is thrown away.",
    "Ask for more bytes than the answer has, and compare all of what came.",
)
LAST_DIGIT: Hints = (
    "Ping 11 has taken the late answer to ping 1: compare the whole number, not its first or last "
    "digit, nor with `in` or `startswith`.",
    *NEARLY[1:],
)
COUNT_ZERO: Hints = (
    "With a count of 0 no ping is sent, and the list is empty.",
    *CONTRACT,
)
NOT_UDP: Hints = (
    "The device is there, and your connection was refused: a socket of SOCK_STREAM speaks TCP, "
    "and the device hears UDP.",
    "A UDP socket is one of the kind SOCK_DGRAM.",
    "Look at the line that makes the socket, and at the address that you send to.",
)
BELOW_ZERO_TIMEOUT: Hints = (
    "You have set a timeout below 0: the time of this ping was over, and what was left of it had "
    "become negative.",
    "A timeout of 0 means not to wait at all, and a negative one is an error.",
    "When nothing is left, this ping is over: look at what is left before you wait.",
)
NOBODY: Hints = (
    "Nobody listens there, and your function has not given None for each ping: which call told you "
    "of it, and where do you catch that?",
    "A connected socket hears of it at its next call, sending or receiving; on Windows any UDP "
    "socket does.",
    "ConnectionError covers ConnectionRefusedError and ConnectionResetError. For the contract they "
    "mean: no answer to this ping.",
)
REFUSED: Hints = (
    "ConnectionRefusedError has ended your function: it means that nobody listens there, and for "
    "this ping that is None.",
    *NOBODY[1:],
)
WALL: Hints = (
    "You measure with the wall clock: `time.time()` jumps when a machine sets its clock, and your "
    "time or your wait jumps with it.",
    "time.monotonic() and time.perf_counter() never jump.",
    "Read a clock that only goes forward wherever you measure how long something takes.",
)

FOREVER = with_hints(
    DELIVERED,
    "Your function waits for an answer that never comes: which timeout does your socket have in "
    "the line shown above?",
)
RAISING: dict[str, Misconception | Hints] = RAISES | {
    "TimeoutError": with_hints(
        DELIVERED,
        "TimeoutError has ended your function: it only says that this one ping got no answer in "
        "time.",
    ),
    "ConnectionError": REFUSED,
}
