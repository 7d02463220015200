"""The exercise discovery_responder: a device that can be found."""

from __future__ import annotations

from helpers.chapters.chapter_04 import _discovery as discovery
from helpers.checks.cases import Case, Exercise

EXERCISE = Exercise(
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
            files=32,
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
