"""The check of `lamp_server`: apps that are quick, slow, rude, or gone."""

from __future__ import annotations

from helpers.chapters.chapter_03 import _hints_lamp as lamp
from helpers.chapters.chapter_03 import _lamp_cases as cases
from helpers.chapters.chapter_03.beliefs import DECODED, ONE_RECV
from helpers.checks.cases import Case, Exercise

# An error that gets out of one conversation; a line that is no JSON tells more, where it is one.
ENDED_BY = dict.fromkeys(("OSError", "EOFError", "UnicodeError"), lamp.SURVIVE)
# What comes of a look into a line that is no command.
NO_COMMAND = dict.fromkeys(
    ("ValueError", "LookupError", "TypeError", "AttributeError"), lamp.NONSENSE
)
PIECES = {**ENDED_BY, "JSONDecodeError": ONE_RECV}
REFUSED_LINE = {**PIECES, "UnicodeError": lamp.LINE_REFUSED, "ValueError": lamp.LINE_REFUSED}

EXERCISE = Exercise(
    cases=(
        Case(
            "three commands, one after another",
            "An app sends three commands, each after the answer to the one before, and ends; then "
            "comes another app.",
            cases.three_commands,
            lamp.PROTOCOL,
            if_it_raises=ENDED_BY,
        ),
        Case(
            "five commands in one segment",
            "An app sends five commands at once.",
            cases.together,
            lamp.FRAMES,
            if_it_raises=PIECES,
        ),
        Case(
            "commands cut anywhere",
            "An app sends a command in five pieces, then two commands in three.",
            cases.in_pieces,
            lamp.FRAMES,
            if_it_raises=PIECES,
        ),
        Case(
            "an id with a character cut in two",
            "An app sends a command and a piece of another, which is cut inside its é.",
            cases.cut_character,
            lamp.FRAMES,
            if_it_raises={**PIECES, "UnicodeDecodeError": DECODED},
        ),
        Case(
            "the same id again",
            "An app sends a toggle twice, another one, and the first a third time; after 40 other "
            "commands once more.",
            cases.same_id,
            lamp.KNOWN,
            if_it_raises=ENDED_BY,
        ),
        Case(
            "nonsense between commands",
            "An app sends ten lines that are no commands, each after the answer to the last.",
            cases.nonsense,
            lamp.NONSENSE,
            if_it_raises=NO_COMMAND,
        ),
        Case(
            "ids that look alike",
            'An app sends toggles of the ids 1, "1" and "true"; then lines whose id is true, '
            "false or null, which are no commands.",
            cases.alike,
            lamp.ALIKE,
        ),
        Case(
            "the same id from another connection",
            "An app toggles, resets, comes back with the same toggle, and then comes another.",
            cases.asks_again,
            lamp.OUTLAST,
            if_it_raises=ENDED_BY,
        ),
        Case(
            "half a command and an end",
            "An app sends a command, then one without its newline, and ends its side.",
            cases.half_a_command,
            lamp.HALF,
            if_it_raises=PIECES,
        ),
        Case(
            "apps that vanish",
            "Three apps send commands and reset before they read the answers; five close.",
            cases.vanishes,
            lamp.SURVIVE,
        ),
        Case(
            "the longest line",
            "An app sends two commands whose lines have 1,000 bytes, as JSON may hold spaces.",
            cases.longest,
            lamp.LONGEST,
            if_it_raises=ENDED_BY,
        ),
        Case(
            "a line that is too long",
            "An app sends a command whose line has 1,001 bytes, and another command.",
            cases.too_long,
            lamp.LIMIT_WHOLE,
            if_it_raises=REFUSED_LINE,
        ),
        Case(
            "a line without an end",
            "An app sends 1,001 bytes without a newline.",
            cases.endless,
            lamp.LIMIT,
            if_it_raises=REFUSED_LINE,
        ),
        Case(
            "a line that is not UTF-8",
            "An app sends a command, a line that is no text, and another command, all at once.",
            cases.not_text,
            lamp.NOT_TEXT,
            if_it_raises=REFUSED_LINE,
        ),
        Case(
            "a slow app",
            "An app sends a part of a command and waits: any timeout of yours runs out. Then it "
            "sends the rest.",
            cases.slow,
            lamp.TIMED_OUT,
            if_it_raises={**ENDED_BY, "TimeoutError": lamp.TIMED_OUT},
        ),
        Case(
            "the end of the listener",
            "When the app has gone the caller closes the listener: accept raises OSError.",
            cases.listener_closed,
            lamp.ACCEPT_FAILS,
            if_it_raises=ENDED_BY,
        ),
    ),
    survives="What it survives now: "
    "commands in any pieces, nonsense, the same command twice, and apps that are slow or vanish",
)
