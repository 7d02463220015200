"""The exercise ping: round trips to a device that need not answer."""

from __future__ import annotations

from helpers.chapters.chapter_04 import _ping as ping
from helpers.chapters.chapter_04 import _ping_words as words
from helpers.chapters.chapter_04._shared import with_hints
from helpers.chapters.chapter_04.beliefs import ONE_TIMEOUT
from helpers.checks.cases import Case, Exercise

EXERCISE = Exercise(
    cases=(
        Case(
            "three pings, three answers",
            "The device sends each ping back, the second after 50 ms.",
            ping.plain,
            words.NO_MATCH,
            if_it_hangs=words.STANDS,
            if_it_raises=words.RAISING
            | {"TimeoutError": words.NO_MATCH, "ConnectionError": words.NOT_UDP},
        ),
        Case(
            "lost pings",
            "The device answers pings 1 and 4; 2 and 3 are lost. It says b'busy' when the time of "
            "ping 3 is nearly over.",
            ping.silent,
            words.STOPS,
            if_it_hangs=words.FOREVER,
            if_it_raises=words.RAISING,
        ),
        Case(
            "a late answer",
            "The answer to ping 1 arrives while ping 2 waits, which is never answered; ping 3 is.",
            ping.late,
            words.ANY_ANSWER,
            if_it_hangs=words.FOREVER,
            if_it_raises=words.RAISING,
        ),
        Case(
            "an answer that comes twice",
            "Ping 1 is answered twice, ping 2 once, and ping 3 is lost.",
            ping.doubled,
            words.ANY_ANSWER,
            if_it_hangs=words.FOREVER,
            if_it_raises=words.RAISING,
        ),
        Case(
            "answers from somebody else",
            "A stranger talks while ping 1 waits, answers ping 2 in place of the device, and talks "
            "before ping 3 is answered.",
            ping.stranger,
            words.NOT_WHO,
            if_it_hangs=words.FOREVER,
            if_it_raises=words.RAISING,
        ),
        Case(
            "a device that talks of other things",
            "The device says b'busy' again and again, and answers ping 1 when its time is long "
            "over; ping 2 at once.",
            ping.chatter,
            words.ANEW,
            if_it_hangs=with_hints(ONE_TIMEOUT, words.ANEW[0]),
            if_it_raises=words.RAISING,
        ),
        Case(
            "other datagrams before the answer, one of them empty",
            "The device says b'busy', bytes that are no text, and b'ping 1 waits', and then "
            "answers ping 1; it sends b'' and then answers ping 2.",
            ping.empty,
            words.GAVE_UP,
            if_it_hangs=words.FOREVER,
            if_it_raises=words.RAISING,
        ),
        Case(
            "a dozen pings, and none",
            "No ping at all is asked for; then one with a timeout of a millionth of a second; then "
            "twelve, which the device answers at once. While ping 11 waits a late copy of the "
            "answer to ping 1 comes first.",
            ping.a_dozen,
            words.LAST_DIGIT,
            if_it_hangs=words.STANDS,
            if_it_raises=words.RAISING | {"ValueError": words.BELOW_ZERO_TIMEOUT},
        ),
        Case(
            "the wall clock is set",
            "While ping 1 waits the machine's clock jumps ahead by an hour, and while ping 2 waits "
            "it is put back. Both are answered soon.",
            ping.clock_is_set,
            words.WALL,
            if_it_hangs=words.WALL,
            if_it_raises=words.RAISING | {"ValueError": words.WALL},
        ),
        Case(
            "nobody listens",
            "Nobody has a socket at that address; the system may say so with an error.",
            ping.nobody,
            words.NOBODY,
            if_it_hangs=words.FOREVER,
            if_it_raises=words.RAISING,
        ),
    ),
    survives="Your pinger survives lost, late and doubled answers, strangers, chatter, empty "
    "datagrams, clocks that jump, and nobody there.",
    closes=True,
)
