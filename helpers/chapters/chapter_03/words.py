"""The words of chapter 03: messages on a stream."""

from helpers.study.words import Word, python, rfc

WORDS = [
    Word(
        "framing",
        "sending messages so that the receiver finds the end of each; such a message is a frame",
        forms=("frame", "frames", "framed"),
    ),
    Word("delimiter", "what marks the end of a message, such as a newline"),
    Word("payload", "what a message carries, without what frames it", forms=("payloads",)),
    Word("parser", "the part of a program that makes messages of bytes", forms=("parsers",)),
    Word(
        "incremental decoder",
        "one that keeps half a character until the rest comes",
        python("library/codecs.html#codecs.IncrementalDecoder"),
    ),
    Word("JSON", "a way to write dictionaries, lists, texts and numbers as text", rfc(8259)),
    Word(
        "escape",
        "to write a character by others, so that it does not mean what it otherwise would",
        rfc(8259, "7"),
        ("escaped", "escapes"),
    ),
    Word("base64", "three bytes written as four plain characters", rfc(4648, "4")),
    Word(
        "generator",
        "a function with `yield`, which hands out values one by one",
        python("glossary.html#term-generator"),
        ("yield",),
    ),
    Word(
        "limit",
        "how much a receiver is willing to take; it is compared before room is made",
        rfc(9113, "4.2"),
        ("limits",),
    ),
    Word(
        "idempotent",
        "of a command: done twice, it leaves all as it is after once",
        rfc(9110, "9.2.2"),
    ),
]
