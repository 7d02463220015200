"""The check of `read_lines`."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from helpers.chapters.chapter_03 import _hints as say
from helpers.chapters.chapter_03 import _hints_lines as lines
from helpers.chapters.chapter_03._ends import (
    TIMEOUT,
    expect_count,
    judge_silence,
    let_go_late,
    named,
)
from helpers.chapters.chapter_03._lines import compare, first_line, lines_of
from helpers.chapters.chapter_03._pieces import Ends, sending
from helpers.chapters.chapter_03.beliefs import DECODED, END_INSIDE, NOTHING_YET, ONE_RECV
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Hints, Wrong


def _expect(function: Callable, ends: Ends, expected: Sequence[str]) -> None:
    got, error = lines_of(function, ends)
    if isinstance(error, EOFError) and got == list(expected):
        told = f"Expected the lines {short(expected)} and no error, as none was begun at the end; "
        raise Wrong(f"{told}got them, and then {named(error)}: {error}", hints=lines.AT_THE_END)
    if isinstance(error, EOFError) and got and got == expected[: len(got)]:
        told = f"Expected the lines {short(expected)}, got {short(got)}, and then {named(error)}."
        raise Wrong(told, hints=lines.SEVERAL)
    if error is not None:
        raise error
    compare(got, expected)


def _together(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"on\noff\ntoggle\n"], then="end")
    _expect(function, ends, ["on", "off", "toggle"])
    ends.still_open()


def _at_once(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"on\nof"])
    stage.note("the peer had sent one whole line and was waiting until you yield it")
    result = iter(function(ends.mine))
    compare([next(result, None)], ["on"])
    ends.peer.sendall(b"f\n")
    second = next(result, None)
    if second in ("of", "f"):
        raise Wrong(f"Expected the line 'off', got {short(second)}.", ONE_RECV)
    compare([second], ["off"])


def _byte_by_byte(function: Callable, stage: Stage) -> None:
    sent = b"on\noff\n"
    ends = sending(stage, [sent[at : at + 1] for at in range(len(sent))], then="end")
    got, error = lines_of(function, ends)
    if got == ["on", "off"]:
        if isinstance(error, EOFError):
            told = "Expected the lines ['on', 'off'] and no error; got them, and then "
            raise Wrong(f"{told}{named(error)}: {error}", hints=lines.AT_THE_END)
        if error is not None:
            raise error
        return
    if error is None and [each for each in got if each] == ["on", "off"]:
        told = f"Expected the lines ['on', 'off'], got {short(got)}."
        raise Wrong(told, hints=lines.LAST_PIECE)
    pieces = isinstance(error, EOFError) or any(each in ("o", "n") for each in got)
    if pieces or ("".join(map(str, got)).replace("\n", "") == "onoff" and len(got) > 2):
        raise Wrong(f"Expected the lines ['on', 'off'], got {short(got)}.", ONE_RECV)
    if error is not None:
        raise error
    compare(got, ["on", "off"])


def _cut_character(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"on\nn", b"\xc3", b"\xa9on\n"], then="end")
    got, error = lines_of(function, ends)
    if got == ["on", "néon"]:
        return
    if got[:1] != ["on"]:
        compare(got, ["on", "néon"])
    told = f"Expected the lines ['on', 'néon'], got {short(got)}"
    told += f" and then {named(error)}." if error is not None else "."
    if got[1:2] == ["n"]:
        raise Wrong(told, ONE_RECV)
    if got[1:2] == ["n\xc3\xa9on"]:
        raise Wrong(told, hints=lines.OTHER_CODE)
    spoilt = isinstance(error, UnicodeDecodeError) or any(
        isinstance(each, str) and ("\ufffd" in each or each == "non") for each in got
    )
    raise Wrong(told, DECODED if spoilt else None)


def _strange(function: Callable, stage: Stage) -> None:
    sent = ["one\rtwo", "three\u2028four\x0cfive\x85six", "", "  seven ", "eight\r"]
    ends = sending(stage, ["".join(f"{each}\n" for each in sent).encode()], then="end")
    _expect(function, ends, sent)


def _no_lines(function: Callable, stage: Stage) -> None:
    _expect(function, sending(stage, [b""], then="end"), [])


def _end_inside(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"on\nn", "é".encode()], then="end")
    got, error = lines_of(function, ends)
    expected = "Expected the line 'on', and then an EOFError"
    first_line(got, error)
    if error is None or got != ["on"]:
        lost = error is None and got in (["on"], ["on", "né"])
        belief = END_INSIDE if lost else ONE_RECV if got[1:2] in (["n"], ["é"]) else None
        raise Wrong(f"{expected}, got the lines {short(got)}.", belief)
    if not isinstance(error, EOFError):
        raise Wrong(f"{expected}, got {named(error)}.", hints=say.OTHER_ERROR)
    others = lines.CHARACTERS if "2" in str(error) else None
    expect_count(str(error), 3, expected, others)


def _many_short(function: Callable, stage: Stage) -> None:
    sent = [f"dim {number}" for number in range(150)]  # 1,190 bytes
    ends = sending(stage, ["".join(f"{each}\n" for each in sent).encode()], then="end")
    _expect(function, ends, sent)


def _longest(function: Callable, stage: Stage) -> None:
    line = "é" * 500
    # First in one piece with its newline, then without, as a rest that is still within the limit.
    for pieces in ([f"{line}\non\n".encode()], [line.encode(), b"\non\n"]):
        _expect(function, sending(stage, pieces, then="end"), [line, "on"])


def _too_long(function: Callable, stage: Stage) -> None:
    sent = f"on\n{'é' * 500}x\n"
    ends = sending(stage, [sent.encode()], then="end")
    _expect_refusal(function, ends, "1,001 bytes", lines.TOO_LONG)


def _endless(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"on\n", b"x" * 1001])
    stage.note("the peer had sent 1,001 bytes without a newline, and a ValueError is due")
    _expect_refusal(function, ends, "1,001 bytes so far", lines.REST)


def _expect_refusal(function: Callable, ends: Ends, size: str, hints: Hints) -> None:
    got, error = lines_of(function, ends)
    if got == ["on"] and isinstance(error, ValueError):
        return
    first_line(got, error)
    came = named(error) if error is not None else f"the lines {short(got)}"
    told = f"Expected the line 'on', and then a ValueError for a line of {size}; got {came}."
    cut = got[1:] and isinstance(got[1], str) and len(got[1]) == 1000
    raise Wrong(told, hints=lines.OTHER_REFUSAL if cut or error is not None else hints)


def _not_text(function: Callable, stage: Stage) -> None:
    got, error = lines_of(function, sending(stage, [b"on\n\xff\xfe\n"], then="end"))
    if got == ["on"] and isinstance(error, UnicodeDecodeError):
        return
    first_line(got, error)
    came = named(error) if error is not None else f"the lines {short(got)}"
    raise Wrong(f"Expected the line 'on', and then a UnicodeDecodeError, got {came}.")


def _reset(function: Callable, stage: Stage) -> None:
    got, error = lines_of(function, sending(stage, [b"on\n", b"of"], then="reset"))
    if isinstance(error, ConnectionError):
        return
    came = named(error) if error is not None else f"the lines {short(got)}"
    raise Wrong(f"The peer reset the connection. Expected ConnectionResetError, got {came}.")


def _silence(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"on\nof"])
    ends.mine.settimeout(TIMEOUT)
    let_go = let_go_late(stage, ends.peer.close)
    got, error = lines_of(function, ends)
    let_go.back.set()
    came = named(error) if error is not None else f"the lines {short(got)}"
    came = "it" if isinstance(error, TimeoutError) else came
    told = f"Nothing more came within the socket's timeout of {TIMEOUT} s. Expected TimeoutError"
    judge_silence(ends.mine, TIMEOUT, came, told, let_go.done.is_set())


OTHER_REFUSAL = dict.fromkeys(
    ("AssertionError", "OverflowError", "RuntimeError", "MemoryError"), lines.OTHER_REFUSAL
)

EXERCISE = Exercise(
    cases=(
        Case(
            "three lines in one piece",
            "The peer sends three lines at once and ends its side.",
            _together,
            lines.SPLIT,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "each line as soon as it is whole",
            "The peer sends one line and a half, and waits until you have yielded the whole one.",
            _at_once,
            lines.SOON,
        ),
        Case(
            "one byte at a time",
            "The peer sends two lines, one byte at a time, and ends its side.",
            _byte_by_byte,
            lines.SPLIT,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "a character cut in two",
            "The peer sends b'on\\nn', b'\\xc3' and b'\\xa9on\\n' (né is cut), and ends its side.",
            _cut_character,
            lines.SPLIT,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "line separators that are none",
            "The peer sends lines that hold other line ends and spaces, and one that is empty.",
            _strange,
            lines.SEPARATORS,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "no line at all",
            "The peer ends its side without a byte.",
            _no_lines,
            lines.AT_THE_END,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "an end inside a line",
            "The peer sends a line, then 'né' (three bytes) without a newline, and ends its side.",
            _end_inside,
            END_INSIDE.hints,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "many short lines",
            "The peer sends 150 short lines, over 1,000 bytes together, at once.",
            _many_short,
            lines.LIMIT_EACH,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "the longest line",
            "The peer sends a line of 1,000 bytes, the most that is allowed, and a short one; "
            "then the same again, and the newline of the long line comes apart.",
            _longest,
            lines.AT_LIMIT,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "a line that is too long",
            "The peer sends a short line, then one of 501 characters that are 1,001 bytes.",
            _too_long,
            lines.TOO_LONG,
            if_it_hangs=NOTHING_YET,
            if_it_raises=OTHER_REFUSAL,
        ),
        Case(
            "a line without an end",
            "The peer sends a short line, then 1,001 bytes without a newline, and waits.",
            _endless,
            lines.REST,
            if_it_raises=OTHER_REFUSAL,
        ),
        Case(
            "bytes that are no text",
            "The peer sends a line, and one whose bytes are not UTF-8.",
            _not_text,
            lines.BAD_TEXT,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "a reset",
            "The peer sends a line and a half, and resets the connection.",
            _reset,
            say.ERROR_LOST,
        ),
        Case(
            "a silent peer",
            "The socket has a timeout of 0.1 s. The peer sends a line and a half, and no more.",
            _silence,
            say.ASKS_AGAIN,
        ),
    ),
    survives="What it survives now: "
    "lines in any pieces, characters cut in two, an end inside a line, and a peer that "
    "sends without an end",
)
