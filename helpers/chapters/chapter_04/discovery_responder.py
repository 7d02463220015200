"""The exercise discovery_responder: a device that can be found."""

from __future__ import annotations

from helpers.chapters.chapter_04 import _discovery as discovery
from helpers.chapters.chapter_04 import _discovery_words as words
from helpers.checks.cases import Case, Exercise

EXERCISE = Exercise(
    cases=(
        Case(
            "three askers, one after another",
            "Three askers ask, each when the one before has its answer.",
            discovery.several,
            words.NO_ANSWER,
            if_it_hangs=words.STANDS,
            if_it_raises=words.RAISING,
        ),
        Case(
            "a quiet time",
            "An asker asks. Then it is quiet, for longer than any timeout that your function has "
            "set, and two others ask.",
            discovery.quiet,
            words.OWN_TIMEOUT,
            if_it_hangs=words.STANDS,
            if_it_raises=words.RAISING,
        ),
        Case(
            "twenty askers at once",
            "Twenty askers ask before any of them has an answer.",
            discovery.burst,
            words.ONLY_SOME,
            if_it_hangs=words.STANDS,
            if_it_raises=words.RAISING,
            files=32,
        ),
        Case(
            "an asker who asks again",
            "An asker loses its answer twice and asks again; another asks in between.",
            discovery.again,
            words.AGAIN,
            if_it_hangs=words.STANDS,
            if_it_raises=words.RAISING,
        ),
        Case(
            "an empty datagram",
            "Two askers ask; then an empty datagram comes, and another question.",
            discovery.empty,
            words.ENDS_EMPTY,
            if_it_hangs=words.STANDS,
            if_it_raises=words.RAISING,
        ),
        Case(
            "half a question, and one that goes on",
            "The question comes in two datagrams; then one comes with more text behind it.",
            discovery.borders,
            words.JOINED,
            if_it_hangs=words.STANDS,
            if_it_raises=words.RAISING,
        ),
        Case(
            "other talk",
            "Somebody says b'lamp', shouts, asks without the question mark, with a new line or a "
            "blank more, and sends bytes that are no text.",
            discovery.other_talk,
            words.TOLERANT,
            if_it_hangs=words.STANDS,
            if_it_raises=words.RAISING,
        ),
        Case(
            "an asker who has gone",
            "An asker asks and closes its socket. A receive then raises ConnectionResetError, as "
            "on Windows; and two others ask.",
            discovery.gone,
            words.DEAF,
            if_it_hangs=words.STANDS,
            if_it_raises=words.RAISING,
        ),
    ),
    survives="Your device survives many askers, quiet times, lost answers, empty and broken "
    "datagrams, and askers who vanish.",
)
