"""The check of `read_lines`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from helpers.chapters.chapter_03._pieces import ERROR_LOST, NO_COUNT, OTHER_ERROR, Ends, sending
from helpers.chapters.chapter_03.beliefs import DECODED, END_INSIDE, NOTHING_YET, ONE_RECV
from helpers.checks.cases import Case, Exercise
from helpers.checks.stage import Stage
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

MOST = 2000  # lines that a case takes


def _lines(function: Callable, ends: Ends) -> tuple[list[Any], Exception | None]:
    """The lines that the function yields, and the error that ended them."""
    lines: list[Any] = []
    try:
        ends.called.set()
        result = function(ends.mine)
        if isinstance(result, (str, bytes)) or not hasattr(result, "__iter__"):
            raise Wrong(f"Expected lines one after another (`yield`), got {short(result)}.")
        for line in result:
            lines.append(line)
            if len(lines) > MOST:
                raise Wrong(f"It yields on and on: {short(lines[:3])} …")
    except UnicodeDecodeError as error:
        return lines, error
    except (EOFError, ValueError, ConnectionError, TimeoutError) as error:
        return lines, error
    return lines, None


def _compare(got: Sequence[Any], expected: Sequence[str]) -> None:
    """Raise Wrong where these are not the lines, with the belief that leads to them."""
    if list(got) == list(expected):
        return
    told = f"Expected the lines {short(expected)}, got {short(got)}."
    if any(isinstance(each, (bytes, bytearray)) for each in got):
        raise Wrong(told + " A line is to be a str.")
    if not all(isinstance(each, str) for each in got):
        raise Wrong(told)
    if [each.removesuffix("\n") for each in got] == list(expected):
        raise Wrong(told + " The newline that ends a line is not part of it.")
    if "\n" in "".join(got):
        raise Wrong(told, ONE_RECV)
    raise Wrong(told)


def _first_line(got: Sequence[Any], error: Exception | None) -> None:
    """Raise Wrong where the line 'on', which was whole before anything went wrong, is missing."""
    if got[:1] == ["on"]:
        return
    if not got and error is not None:
        told = f"Expected the line 'on' first, which was whole; {type(error).__name__} came before."
        raise Wrong(told, hints=WHOLE_FIRST)
    _compare(got, ["on"])


def _expect(function: Callable, ends: Ends, expected: Sequence[str]) -> None:
    got, error = _lines(function, ends)
    if isinstance(error, EOFError) and got == list(expected):
        told = f"Expected the lines {short(expected)} and no error, as none was begun at the end; "
        raise Wrong(told + f"got them, and then EOFError: {error}", hints=AT_THE_END)
    if error is not None:
        raise error
    _compare(got, expected)


def _together(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"on\noff\ntoggle\n"], then="end")
    _expect(function, ends, ["on", "off", "toggle"])
    ends.still_open()


def _at_once(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"on\nof"])
    stage.note("the peer had sent one whole line and was waiting until you yield it")
    lines = iter(function(ends.mine))
    _compare([next(lines, None)], ["on"])
    ends.peer.sendall(b"f\n")
    second = next(lines, None)
    if second in ("of", "f"):
        raise Wrong(f"Expected the line 'off', got {short(second)}.", ONE_RECV)
    _compare([second], ["off"])


def _byte_by_byte(function: Callable, stage: Stage) -> None:
    sent = b"on\noff\n"
    ends = sending(stage, [sent[at : at + 1] for at in range(len(sent))], then="end")
    got, error = _lines(function, ends)
    if got == ["on", "off"]:
        if error is not None:
            raise error
        return
    pieces = isinstance(error, EOFError) or any(each in ("o", "n") for each in got)
    if pieces or ("".join(map(str, got)).replace("\n", "") == "onoff" and len(got) > 2):
        raise Wrong(f"Expected the lines ['on', 'off'], got {short(got)}.", ONE_RECV)
    if error is not None:
        raise error
    _compare(got, ["on", "off"])


def _cut_character(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"on\nn", b"\xc3", b"\xa9on\n"], then="end")
    got, error = _lines(function, ends)
    if got == ["on", "néon"]:
        return
    if got[:1] != ["on"]:
        _compare(got, ["on", "néon"])
    told = f"Expected the lines ['on', 'néon'], got {short(got)}"
    told += f" and then {type(error).__name__}." if error is not None else "."
    if got[1:2] == ["n"]:
        raise Wrong(told, ONE_RECV)
    spoilt = isinstance(error, UnicodeDecodeError) or any(
        isinstance(each, str) and ("\ufffd" in each or each == "non") for each in got
    )
    raise Wrong(told, DECODED if spoilt else None)


def _strange(function: Callable, stage: Stage) -> None:
    lines = ["one\rtwo", "three\u2028four\x0cfive\x85six", "", "  seven "]
    ends = sending(stage, ["".join(f"{each}\n" for each in lines).encode()], then="end")
    _expect(function, ends, lines)


def _no_lines(function: Callable, stage: Stage) -> None:
    _expect(function, sending(stage, [b""], then="end"), [])


def _end_inside(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"on\nn", "é".encode()], then="end")
    got, error = _lines(function, ends)
    expected = "Expected the line 'on', and then an EOFError"
    _first_line(got, error)
    if error is None or got != ["on"]:
        lost = error is None and got in (["on"], ["on", "né"])
        belief = END_INSIDE if lost else ONE_RECV if got[1:2] in (["n"], ["é"]) else None
        raise Wrong(f"{expected}, got the lines {short(got)}.", belief)
    if not isinstance(error, EOFError):
        raise Wrong(f"{expected}, got {type(error).__name__}.", hints=OTHER_ERROR)
    if "3" not in str(error):
        told = f"{expected} whose message says that 3 bytes of a line came. Its message is "
        raise Wrong(told + f"{short(str(error))}.", hints=NO_COUNT)


def _longest(function: Callable, stage: Stage) -> None:
    line = "é" * 500
    _expect(function, sending(stage, [f"{line}\non\n".encode()], then="end"), [line, "on"])


def _too_long(function: Callable, stage: Stage) -> None:
    sent = "on\n" + "é" * 501 + "\n"
    _expect_refusal(function, sending(stage, [sent.encode()], then="end"), "1,002 bytes")


def _endless(function: Callable, stage: Stage) -> None:
    ends = sending(stage, [b"on\n", b"x" * 1200])
    stage.note("the peer had sent 1,200 bytes without a newline")
    _expect_refusal(function, ends, "1,200 bytes so far")


def _expect_refusal(function: Callable, ends: Ends, size: str) -> None:
    got, error = _lines(function, ends)
    if got == ["on"] and isinstance(error, ValueError):
        return
    _first_line(got, error)
    came = type(error).__name__ if error is not None else f"the lines {short(got)}"
    told = f"Expected the line 'on', and then a ValueError for a line of {size}; got {came}."
    raise Wrong(told)


def _not_text(function: Callable, stage: Stage) -> None:
    got, error = _lines(function, sending(stage, [b"on\n\xff\xfe\n"], then="end"))
    if got == ["on"] and isinstance(error, UnicodeDecodeError):
        return
    _first_line(got, error)
    came = type(error).__name__ if error is not None else f"the lines {short(got)}"
    raise Wrong(f"Expected the line 'on', and then a UnicodeDecodeError, got {came}.")


def _reset(function: Callable, stage: Stage) -> None:
    got, error = _lines(function, sending(stage, [b"on\n", b"of"], then="reset"))
    if isinstance(error, ConnectionError):
        return
    came = type(error).__name__ if error is not None else f"the lines {short(got)}"
    raise Wrong(f"The peer reset the connection. Expected ConnectionResetError, got {came}.")


SPLIT = (
    "Look at the pieces in the diagram, and at where the newlines are in them.",
    "A piece may hold no newline, one, or several. What do you do with each of these?",
    "After each recv yield every line that is whole by now, and keep what is behind the last "
    "newline for the next round.",
)
SOON = (
    "One whole line had come, and your function went on reading.",
    "Whoever waits for this line may have to answer it before more is sent.",
    "Yield inside the loop, as soon as a newline is there; a list in the end is too late.",
)
WHOLE_FIRST = (
    "Two lines came in one piece: a good one, and one that is bad.",
    "The good one is whole before anything is known of the next.",
    "Deal with the lines of a piece one after another: check, decode and yield each by itself.",
)
ONLY_NEWLINE = (
    "Which of your calls decides where a line ends, or what belongs to it?",
    "str.splitlines, strip, and files of makefile without newline= know more line ends than one.",
    "Split at the one byte that the contract names, leave everything else as it is, and yield "
    "an empty line too.",
)
AT_THE_END = (
    "What is left in your hands when the stream ends?",
    "Nothing left: the loop may end. Something left: it is a part of a line.",
    "The docstring names the error for a part of a line, and what its message says.",
)
LIMIT = (
    "How long may a line be, and in which unit? Where does your code compare?",
    "A line that never ends has no newline: what you have collected grows with each piece.",
    "Compare the length in bytes twice: of each whole line, and of the rest that waits for its "
    "newline.",
)
BAD_TEXT = (
    "These bytes are no UTF-8. What did your code do with them?",
    "errors='ignore' and errors='replace' hide what went wrong.",
    "Decode a whole line strictly, and let the error pass.",
)

EXERCISE = Exercise(
    cases=(
        Case(
            "three lines in one piece",
            "The peer sends three lines at once and ends its side.",
            _together,
            SPLIT,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "each line as soon as it is whole",
            "The peer sends one line and a half, and waits until you have yielded the whole one.",
            _at_once,
            SOON,
        ),
        Case(
            "one byte at a time",
            "The peer sends two lines, one byte at a time, and ends its side.",
            _byte_by_byte,
            SPLIT,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "a character cut in two",
            "The peer sends b'on\\nn', b'\\xc3' and b'\\xa9on\\n' (né is cut), and ends its side.",
            _cut_character,
            SPLIT,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "line separators that are none",
            "The peer sends lines that hold other line ends and spaces, and one that is empty.",
            _strange,
            ONLY_NEWLINE,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "no line at all",
            "The peer ends its side without a byte.",
            _no_lines,
            AT_THE_END,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "an end inside a line",
            "The peer sends a line, then 'né' (three bytes) without a newline, and ends its side.",
            _end_inside,
            AT_THE_END,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "the longest line",
            "The peer sends a line of 1,000 bytes, the most that is allowed, and a short one.",
            _longest,
            LIMIT,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "a line that is too long",
            "The peer sends a short line, then one of 501 characters that are 1,002 bytes.",
            _too_long,
            LIMIT,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "a line without an end",
            "The peer sends a short line, then 1,200 bytes without a newline, and waits.",
            _endless,
            LIMIT,
        ),
        Case(
            "bytes that are no text",
            "The peer sends a line, and one whose bytes are not UTF-8.",
            _not_text,
            BAD_TEXT,
            if_it_hangs=NOTHING_YET,
        ),
        Case(
            "a reset",
            "The peer sends a line and a half, and resets the connection.",
            _reset,
            ERROR_LOST,
        ),
    ),
    survives="What it survives now: "
    "lines in any pieces, characters cut in two, an end inside a line, and a peer that "
    "sends without an end",
)
