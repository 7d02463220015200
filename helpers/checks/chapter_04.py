"""The exercises of chapter 04: a collector, a pinger and a device that can be found."""

from __future__ import annotations

from helpers.checks import chapter_04_collect as collect
from helpers.checks import chapter_04_discovery as discovery
from helpers.checks import chapter_04_ping as ping
from helpers.checks.cases import Case, Exercise
from helpers.checks.chapter_04_shared import DELIVERED, NO_END, ONE_TIMEOUT

COLLECT = Exercise(
    cases=(
        Case(
            "three devices, interleaved",
            "Three devices send eight readings each, in turn and in order, and fall silent.",
            collect.many,
            (
                "Look at the first difference: is it the device, the temperature, or the place?",
                "All three parts come in network byte order; device and number have no sign.",
                "Unpack one datagram of yours by hand with struct, and compare it with what "
                "chapter 01 says about formats.",
            ),
            if_it_hangs=NO_END,
            if_it_raises={"TimeoutError": NO_END},
        ),
        Case(
            "two devices behind one address, and one that changes its own",
            "A gateway sends for devices 7 and 8, and device 7 also sends by itself; one reading "
            "comes both ways.",
            collect.moved,
            (
                "What does your code take for the device?",
                "An address says where a datagram came from, and that may be a gateway.",
                "The device's number is in the datagram, and nothing else names it.",
            ),
            if_it_hangs=NO_END,
        ),
        Case(
            "duplicates, and readings that only look like them",
            "Some readings come twice; some have the same temperature or the same number as "
            "another and are none the less new.",
            collect.doubled,
            collect.COPIES,
            if_it_hangs=NO_END,
        ),
        Case(
            "readings that overtake each other",
            "Device 7 sends numbers 1, 2, 255, 256 and 300, and they arrive in another order.",
            collect.shuffled,
            (
                "In which order are your temperatures: of arrival, of value, of number?",
                "Numbers are ordered as numbers: 256 comes after 255, also where bytes or text "
                "would sort otherwise.",
                "Keep each temperature together with its number until all have come.",
            ),
            if_it_hangs=NO_END,
        ),
        Case(
            "lost readings",
            "Device 7 sends from number 5 on, and some numbers never arrive.",
            collect.gaps,
            (
                "Which numbers are there, and which does your code expect?",
                "Numbers need not begin at 0 or 1, and after a gap others follow.",
                "Go through the numbers that came, not through those that should have come.",
            ),
            if_it_hangs=DELIVERED,
            if_it_raises={"LookupError": DELIVERED},
        ),
        Case(
            "empty datagrams",
            "The sensor sends an empty datagram between its readings, twice.",
            collect.empty,
            (
                "What is the length of an empty datagram, and what does your code do with it?",
                "The contract names one length for a reading; everything else is ignored.",
                "Look at the length before you unpack.",
            ),
            if_it_hangs=NO_END,
        ),
        Case(
            "datagrams that are no readings",
            "Somebody sends 7 bytes, 24 bytes and a greeting between the sensor's readings.",
            collect.broken,
            (
                "Which of the datagrams that you took were no readings?",
                "A datagram of 24 bytes is not a reading, even if its beginning looks like one.",
                "Receive with room to spare, and compare the length of what came with the one "
                "that the contract names.",
            ),
            if_it_hangs=NO_END,
        ),
        Case(
            "readings for longer than idle",
            "The sensor sends on and on, each reading well within `idle` after the last; then "
            "other talk comes for longer than `idle`, and one more reading.",
            collect.long,
            (
                "When did your function stop to listen, and what did it wait for?",
                "`idle` is how long nobody may speak, not how long the whole collection takes.",
                "The silence begins anew with each datagram, also with one that is ignored.",
            ),
            if_it_hangs=NO_END,
        ),
        Case(
            "silence from the start",
            "Nobody sends anything.",
            collect.silence,
            (
                "What does your function return if nothing comes?",
                "After `idle` seconds of silence the collection is over, whatever came before.",
                "Without readings the result is an empty dict.",
            ),
            if_it_hangs=NO_END,
            if_it_raises={"TimeoutError": NO_END},
        ),
    ),
    survives="Your collector survives duplicates, losses, overtaking, empty and broken datagrams, "
    "devices that move, and silence.",
)

WAITS = {"if_it_hangs": DELIVERED, "if_it_raises": {"TimeoutError": DELIVERED}}
PING = Exercise(
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

DISCOVERY = Exercise(
    cases=(
        Case(
            "three askers, one after another",
            "Three askers ask, each when the one before has its answer.",
            discovery.several,
            (
                "What are question and answer, byte for byte, and where does the answer go?",
                "recvfrom returns bytes, which never equal a str, and the asker's address; the "
                "name is sent as bytes in UTF-8.",
                "Answer with the same socket, to the address of the one who asked, and listen "
                "again.",
            ),
        ),
        Case(
            "twenty askers at once",
            "Twenty askers ask before any of them has an answer.",
            discovery.burst,
            (
                "Does each asker get an answer of its own?",
                "The questions wait in your socket's buffer, one by one.",
                "One question, one answer, and back to the next.",
            ),
        ),
        Case(
            "an asker who asks again",
            "An asker loses its answer twice and asks again; another asks in between.",
            discovery.again,
            (
                "Why does it ask again?",
                "Its answer was lost on the way, and your function can't know.",
                "Keep no record of who was answered.",
            ),
        ),
        Case(
            "an empty datagram",
            "Two askers ask; then an empty datagram comes, and another question.",
            discovery.empty,
            (
                "What does an empty datagram do to your loop?",
                "It is not the question, and nothing else.",
                "Ignore it and listen again.",
            ),
        ),
        Case(
            "other talk",
            "Somebody says b'lamp', shouts, asks without the question mark, and sends bytes that "
            "are no text.",
            discovery.other_talk,
            (
                "Which of these did your function answer, or fail at?",
                "Only one datagram is a question, byte for byte; and not all bytes are text.",
                "Compare bytes with bytes, before you decode anything.",
            ),
        ),
        Case(
            "half a question, and one that goes on",
            "The question comes in two datagrams; then one comes with more text behind it.",
            discovery.borders,
            (
                "What does your recvfrom return for a datagram that is longer than the question?",
                "A question is one datagram of exactly 13 bytes.",
                "Receive with room to spare, and compare all of what came.",
            ),
        ),
        Case(
            "an asker who has gone",
            "An asker asks and closes its socket. A receive then raises ConnectionResetError, as "
            "on Windows; and two others ask.",
            discovery.gone,
            (
                "What has the first asker done to your socket?",
                "A socket that is connected hears nobody else; and on Windows a receive raises "
                "ConnectionResetError, as here.",
                "Leave the socket unconnected, and let no such error end the loop.",
            ),
        ),
    ),
    survives="Your device survives many askers, lost answers, empty and broken datagrams, and "
    "askers who vanish.",
)

EXERCISES = {"collect": COLLECT, "ping": PING, "discovery_responder": DISCOVERY}
