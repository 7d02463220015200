"""The exercise collect: readings of many devices, which may be lost, doubled or late."""

from __future__ import annotations

from helpers.chapters.chapter_04 import _collect as collect
from helpers.chapters.chapter_04.beliefs import DELIVERED, NO_END
from helpers.checks.cases import Case, Exercise

EXERCISE = Exercise(
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
