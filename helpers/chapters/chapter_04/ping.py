"""The exercise ping: round trips to a device that need not answer."""

from __future__ import annotations

from helpers.chapters.chapter_04 import _ping as ping
from helpers.chapters.chapter_04.beliefs import DELIVERED, ONE_TIMEOUT
from helpers.checks.cases import Case, Exercise

WAITS = {"if_it_hangs": DELIVERED, "if_it_raises": {"TimeoutError": DELIVERED}}

EXERCISE = Exercise(
    cases=(
        Case(
            "three pings, three answers",
            "The device sends each ping back, the second after 50 ms.",
            ping.plain,
            (
                "Read the contract again: what exactly is a ping, and when is the next one sent?",
                "A time begins when its own ping is sent and ends when its answer is there; it is "
                "in seconds.",
                "Take the time from a clock such as time.perf_counter() right before the sending "
                "and right after the receiving, for each ping anew.",
            ),
        ),
        Case(
            "lost pings",
            "The device answers pings 1 and 4; 2 and 3 are lost.",
            ping.silent,
            (
                "What does your function do when nothing comes?",
                "TimeoutError is what tells you so, and for one ping only.",
                "Catch it where one ping waits, note None for that one, and go on with the next.",
            ),
            **WAITS,
        ),
        Case(
            "a late answer",
            "The answer to ping 1 arrives while ping 2 waits, which is never answered; ping 3 is.",
            ping.late,
            (
                "Whose answer came while ping 2 was waiting?",
                "An answer repeats its ping, so you can tell.",
                "What is not the answer to this ping is ignored, and the wait goes on.",
            ),
            **WAITS,
        ),
        Case(
            "an answer that comes twice",
            "Ping 1 is answered twice, ping 2 once, and ping 3 is lost.",
            ping.doubled,
            (
                "Where is the second copy when ping 2 is sent?",
                "It waits in your socket's buffer, before the answer to ping 2.",
                "Ignore it as you ignore a late answer, and go on waiting.",
            ),
            **WAITS,
        ),
        Case(
            "answers from somebody else",
            "A stranger talks while ping 1 waits, answers ping 2 in place of the device, and talks "
            "before ping 3 is answered.",
            ping.stranger,
            (
                "From which address did that answer come?",
                "The contract asks for an answer from the address that was pinged.",
                "What comes from elsewhere is ignored, and the wait goes on.",
            ),
            **WAITS,
        ),
        Case(
            "a device that talks of other things",
            "The device says b'busy' again and again, and answers ping 1 when its time is long "
            "over; ping 2 at once.",
            ping.chatter,
            (
                "How long did ping 1 wait, and how long was it to wait?",
                "What comes in the meantime does not lengthen the wait, and does not end it.",
                "Work out before each recvfrom how much of this ping's time is left.",
            ),
            if_it_hangs=ONE_TIMEOUT,
            if_it_raises={"TimeoutError": DELIVERED},
        ),
        Case(
            "other datagrams before the answer, one of them empty",
            "The device says b'busy', bytes that are no text, and b'ping 1 waits', and then "
            "answers ping 1; it sends b'' and then answers ping 2.",
            ping.empty,
            (
                "What came before the answer, and what did your function make of it?",
                "What is not the answer, byte for byte, is no answer, and no reason to give up.",
                "Go on waiting for as long as this ping has time.",
            ),
            **WAITS,
        ),
        Case(
            "nobody listens",
            "Nobody has a socket at that address; the system may say so with an error.",
            ping.nobody,
            (
                "Which error did your code meet, if any, and in which call?",
                "A connected socket hears of it at its next call, sending or receiving; on Windows "
                "any UDP socket does.",
                "ConnectionError covers ConnectionRefusedError and ConnectionResetError. For the "
                "contract they mean: no answer to this ping.",
            ),
            **WAITS,
        ),
    ),
    survives="Your pinger survives lost, late and doubled answers, strangers, chatter, empty "
    "datagrams, and nobody there.",
    closes=True,
)
