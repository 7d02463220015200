"""The exercise collect: readings of many devices, which may be lost, doubled or late."""

from __future__ import annotations

from helpers.chapters.chapter_04 import _collect as collect
from helpers.chapters.chapter_04 import _collect_words as words
from helpers.chapters.chapter_04._readings import in_words
from helpers.chapters.chapter_04._shared import RAISES, with_hints
from helpers.chapters.chapter_04.beliefs import DELIVERED, NO_END
from helpers.checks.cases import Case, Exercise

HANGS = with_hints(
    NO_END,
    "Your function waits for a datagram, and none comes any more: which timeout does your socket "
    "have in that line?",
)
RAISING = RAISES | {
    "TimeoutError": with_hints(
        NO_END,
        "TimeoutError has ended your function: here it is no failure, but how you learn that "
        "nothing comes any more.",
    ),
    "error": words.ANY_LENGTH,  # struct.error
    "KeyError": (
        "Your dict has no entry for the key that the error names. Is it a device that speaks for "
        "the first time, or a sequence number that never came? Numbers may begin anywhere.",
        "A dict in square brackets fails for a key that is not there; `setdefault` puts it there.",
        "Make the entry when it is needed first, and add to it from then on.",
    ),
}

EXERCISE = Exercise(
    cases=(
        Case(
            "three devices, interleaved",
            "Three devices send eight readings each, in turn and in order, and fall silent.",
            collect.many,
            words.FIRST,
            if_it_hangs=HANGS,
            if_it_raises=RAISING,
            words=in_words,
        ),
        Case(
            "duplicates, and readings that only look like them",
            "Some readings come twice; some have the same temperature or the same number as "
            "another and are none the less new.",
            collect.doubled,
            words.TWICE,
            if_it_hangs=HANGS,
            if_it_raises=RAISING,
            words=in_words,
        ),
        Case(
            "two devices behind one address, and one that changes its own",
            "A gateway sends for devices 7 and 8, and device 7 also sends by itself; one reading "
            "comes both ways.",
            collect.moved,
            words.SENDER,
            if_it_hangs=HANGS,
            if_it_raises=RAISING,
            words=in_words,
        ),
        Case(
            "lost readings",
            "Device 7 sends from number 5 on, and some numbers never arrive; device 0 is heard "
            "once.",
            collect.gaps,
            words.UP_TO_GAP,
            if_it_hangs=with_hints(DELIVERED, words.UP_TO_GAP[0]),
            if_it_raises=RAISING
            | {"LookupError": with_hints(DELIVERED, words.MISSING[0])}
            | {"KeyError": with_hints(DELIVERED, words.MISSING[0])},
            words=in_words,
        ),
        Case(
            "readings that overtake each other",
            "Device 7 sends numbers 1, 2, 10, 255, 256, 300 and 4,000,000,000, and they arrive in "
            "another order.",
            collect.shuffled,
            words.ARRIVAL,
            if_it_hangs=HANGS,
            if_it_raises=RAISING | {"LookupError": words.MISSING, "KeyError": words.MISSING},
            words=in_words,
        ),
        Case(
            "empty datagrams",
            "The sensor sends an empty datagram between its readings, twice.",
            collect.empty,
            (
                "What does your code do with an empty datagram, whose length is 0?",
                *words.LENGTH,
            ),
            if_it_hangs=HANGS,
            if_it_raises=RAISING,
            words=in_words,
        ),
        Case(
            "datagrams that are no readings",
            "Somebody sends 7, 11, 13 and 24 bytes and a greeting between the sensor's readings.",
            collect.broken,
            words.ANY_LENGTH,
            if_it_hangs=HANGS,
            if_it_raises=RAISING,
            words=in_words,
        ),
        Case(
            "another temperature for the same number",
            "Numbers 1 and 2 come a second time, with other temperatures than the first time.",
            collect.changed,
            words.LAST_WINS,
            if_it_hangs=HANGS,
            if_it_raises=RAISING,
            words=in_words,
        ),
        Case(
            "readings for longer than idle",
            "The sensor sends on and on, each reading well within `idle` after the last; then "
            "other talk comes for longer than `idle`, and one more reading.",
            collect.long,
            words.STOPS,
            if_it_hangs=HANGS,
            if_it_raises=RAISING,
            words=in_words,
        ),
        Case(
            "the wall clock is set",
            "Between two readings, well within `idle`, the machine's clock jumps ahead by an hour.",
            collect.clock_is_set,
            words.WALL,
            if_it_hangs=words.WALL,
            if_it_raises=RAISING,
            words=in_words,
        ),
        Case(
            "silence from the start",
            "Nobody sends anything.",
            collect.silence,
            (
                "Nobody has sent anything: what does your function return when nothing comes?",
                "After `idle` seconds of silence the collection is over, whatever came before.",
                "Without readings the result is an empty dict.",
            ),
            if_it_hangs=HANGS,
            if_it_raises=RAISING,
            words=in_words,
        ),
    ),
    survives="Your collector survives duplicates, losses, overtaking, empty and broken datagrams, "
    "devices that move, clocks that jump, and silence.",
)
