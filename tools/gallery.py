"""The gallery: every part that helpers show, in every state, in a light and in a dark theme.

`pages` writes it as a page of the site, for those who change how something looks.
"""

from __future__ import annotations

import html
import re
import socket
import time
from collections.abc import Iterator

from answers import answers
from bs4 import BeautifulSoup
from gallery_live import live_views

from helpers.checks.cases import Case
from helpers.checks.findings import Outcome, failed
from helpers.checks.others import compared
from helpers.checks.report import Report
from helpers.checks.report_html import running
from helpers.checks.wrong import Misconception
from helpers.look.asked import Asked
from helpers.look.byte_rows import byte_rows
from helpers.look.card import block
from helpers.look.picture import PICTURE_CLASS
from helpers.look.saved import while_they_are_there
from helpers.look.unpacked import answered_by_click
from helpers.study.calibration import Guess, calibration
from helpers.study.course_map import CourseMap, Row
from helpers.study.machine import Finding, MachineCheck
from helpers.study.questions import Order, Question, right, wrong
from helpers.trace.diagram import sequence_diagram
from helpers.trace.packet_table import packet_table
from helpers.trace.trace import Trace

HINTS = (
    "Compare the number of bytes that were sent with the number that came back.",
    "What does `recv` return when only a part has arrived so far?",
    "Call it again, and collect what it gives, until it gives an empty result.",
)
ONE_RECV = Misconception(
    "one recv is one message",
    "`recv` returns what has arrived so far, from one byte up to the number that you gave.",
    HINTS,
)
NO_END = Misconception(
    "closing one side closes the conversation", "Each direction ends by itself.", HINTS
)
TRACEBACK = """Traceback (your lines only):
  In your notebook, line 3, in ask
    connection = sokcet.create_connection(address, timeout)
NameError: name 'sokcet' is not defined"""
Address = tuple[str, int]


def gallery_text() -> str:
    """The gallery, as HTML for the page's main part."""
    parts = [
        "<h1>How outputs look</h1>",
        "<p>Every part that the course's helpers show, in every state, in a light theme and in a "
        "dark one. Buttons and fields do nothing here.</p>",
    ]
    for kind, states in (
        ("A check", checks()),
        ("A question", questions("Question")),
        ("A puzzle", puzzles()),
        ("Lines of code to choose from, and lines to put in order", lines_of_code()),
        ("A question to recall", recalled()),
        ("A prediction", questions("Predict")),
        ("This machine", machines()),
        ("The map, with progress", maps()),
        ("Bytes and packets", tables()),
        ("A live view", live_views(_shown(_diagram()))),
        ("A sequence diagram", [("Three packets, one of them lost", _shown(_diagram()))]),
    ):
        parts.append(f"<h2>{kind}</h2>")
        parts += [_pair(name, shown) for name, shown in states]
    return "\n".join(parts)


def checks() -> Iterator[tuple[str, str]]:
    """A check in every state."""
    yield "Not started", _shown(Report("ask", [], started=False))
    yield "Running", running("ask", 3, 7, "a welcome in three pieces")
    yield "Interrupted", _shown(_interrupted())
    yield "One case alone", _shown(_alone())
    yield "Wrong, the others folded", _shown(_failed())
    yield "Wrong, everything opened", _opened(_shown(_failed()))
    yield "Wrong, an error of Python's, and prints", _shown(_raised())
    yield "Right", _shown(_passed())
    yield "Right, with other answers and prints, opened", _opened(_shown(_passed(True)))
    yield "Right, a judge that has missed one program", _shown(_judged())
    yield "Not tried here", _shown(_without_room())
    yield "Wrong, in a notebook that is not trusted yet", _without_looks(_shown(_failed()))
    yield "Wrong, as plain text", _plain(repr(_failed()))
    yield "Right, as plain text", _plain(repr(_passed(True)))


def questions(kind: str) -> Iterator[tuple[str, str]]:
    """A question, or a prediction, in every state."""
    choices = ["what one `send` of the server sent", "what has arrived so far", "4,096 bytes"]
    if kind == "Question":
        text = "What does `recv(4096)` return?"
        told = [
            ("Wrong", ("A: Not quite.", "A stream has no borders.", "Try another.", "wrong")),
            ("Right", ("B: Right.", "From one byte up to 4,096.", "", "right")),
        ]
        controls = "".join(f'<button type="button">{letter}</button> ' for letter in "ABC")
    else:
        text, choices = "How many of 100 datagrams arrive if the link loses 20 % of them?", []
        told = [("Kept", ("Your prediction:", "80 of 100.", "Now run the cells below.", ""))]
        controls = (
            '<label>Your prediction (of 100): <input placeholder="0 to 100" size="8"></label> '
            '<button type="button">Keep</button>'
        )
    kinds = f"course-controls course-{kind.lower()}"
    for state, answer in [("Not answered", ()), *told]:
        asked = Asked(kind, "03 pieces", text, choices)
        if answer:
            head, why, then, look = answer
            asked.answered(head, why, then, False, look)
        says = asked.feedback.widget.value.removeprefix(while_they_are_there(f"{kind} 03 pieces"))
        saved = BeautifulSoup(asked.bundle()["text/html"], "html.parser")
        without = str(saved)
        saved.select_one(".course-saved").decompose()
        yield state, f'{saved}<div class="{kinds}">{controls}{says}</div>'
        if state != "Kept":
            yield f"{state}, without a front end", without
        asked.feedback.widget.close()
    if kind == "Predict":
        asked.feedback = type(asked.feedback)()
        asked.feedback.say("Not kept.", "Type a number from 0 to 100.", False, "note")
        yield (
            "Not understood",
            f'<div class="{kinds}">{controls}{asked.feedback.widget.value}</div>',
        )
        asked.feedback.widget.close()
    yield "Plain text", _plain(asked.bundle()["text/plain"])


def puzzles() -> Iterator[tuple[str, str]]:
    """A puzzle: its picture, which scripts unpack, and its question."""
    choices = {"the first": wrong("It has arrived.", 1), "the second": right("It ends.", 2)}
    question = Question("Which packet was lost?", choices)
    shown = answered_by_click(_diagram(), {1: "A: the first", 2: "B: the second"})["text/html"]
    yield "Not answered", shown + _asked(Asked("Puzzle", "05 lost", question.text, list(choices)))
    asked = Asked("Puzzle", "05 lost", question.text, list(choices))
    shown += _asked(asked, answers("05 lost", question))
    yield "On a page, with its answer opened", _opened(shown)


def lines_of_code() -> Iterator[tuple[str, str]]:
    """A question whose choices are lines of a program, and lines to put in order."""
    lines = ["while True:", "    piece = connection.recv(1024)", "    received += piece"]
    yield "The wrong line", _asked(Asked("Question", "02 line", "Which is wrong?", lines, True))
    order = Order("Put these lines in order.", dict.fromkeys(lines, "Something must come first."))
    mixed = order.mixed("02 lines")
    for state, words in (
        ("Not answered", ()),
        ("A line chosen", ("So far: A.", "What comes next?", "", False, "", block(lines[0]))),
        ("Too early", ("B: Not yet.", "There is no piece.", "", False, "wrong", block(lines[0]))),
        (
            "In order",
            ("Right.", "The order is A, C, B.", "", False, "right", block("\n".join(lines))),
        ),
    ):
        asked = Asked("Order", "02 lines", order.text, mixed, True)
        if words:
            asked.answered(*words)
        yield state, _asked(asked)
    asked = Asked("Order", "02 lines", order.text, mixed, True)
    yield "On a page, with the order opened", _opened(_asked(asked, answers("02 lines", order)))


def recalled() -> Iterator[tuple[str, str]]:
    """A question from a chapter before."""
    lead = "Recall, from chapter 02"
    choices = ["leave the loop", "ask again"]
    yield "Not answered", _asked(Asked("Recall", "02 end", "And now?", choices, lead=lead))


def _asked(asked: Asked, below: str = "") -> str:
    """A question with its buttons and what they have led to; without them where there is more."""
    says = asked.feedback.widget.value.partition("</style>")[2]
    asked.feedback.widget.close()
    saved = BeautifulSoup(asked.bundle()["text/html"], "html.parser")
    if below:
        saved.select_one(".course-card").append(BeautifulSoup(below, "html.parser"))
        return str(saved)
    saved.select_one(".course-saved").decompose()
    letters = "".join(f'<button type="button">{letter}</button> ' for letter in "ABC")
    return f'{saved}<div class="course-controls course-question">{letters}{says}</div>'


def machines() -> Iterator[tuple[str, str]]:
    """The table of a machine that has all, and of one that has not."""
    fine = [Finding("Python", "3.12.4"), Finding("TCP on 127.0.0.1", "5 bytes crossed")]
    note = Finding("port 12345", "taken", "note", "Chapter 02 takes the next free one.")
    problem = Finding("ipykernel", "missing", "problem", "Type `python3 course.py lab`.")
    yield "All is there", _shown(MachineCheck([*fine, note]))
    yield "Something is missing", _shown(MachineCheck([*fine, note, problem]))
    yield "Plain text", _plain(repr(MachineCheck([*fine, note, problem])))


def maps() -> Iterator[tuple[str, str]]:
    """The map of somebody who begins, and of somebody who has passed some exercises."""
    names = ["resolve", "pack_reading", "unpack_reading"]
    for title, passed in (("Nothing passed", []), ("Some passed", names)):
        rows = [
            Row("00", "Start here", "index.html", [], []),
            Row("01", "What is a socket?", "index.html", names, passed),
            Row("02", "A TCP server and its client", "index.html", ["ask"], []),
            Row("08", "A chapter to come", "", [], []),
        ]
        yield title, _shown(CourseMap(rows))
    yield "Plain text", _plain(repr(CourseMap(rows)))
    ratios = enumerate((0.02, 0.4, 0.9, 1, 1.1, 1.9, 2.5, 0, 1))
    guesses = [Guess(f"0{1 + number // 4} {number}", 100 * r, 100) for number, r in ratios]
    guesses += [Guess("03 a", "yes", "no"), Guess("03 b", "yes", "yes")]
    yield "How near predictions were", _shown(calibration(guesses))


def tables() -> Iterator[tuple[str, str]]:
    """Bytes, and the packets of a trace."""
    frame = bytes([0, 0, 0, 13]) + b'{"lamp": "on"}\n' + bytes(range(250, 256)) * 9
    yield "Bytes", _shown(byte_rows(frame, 32))
    yield "No bytes", _shown(byte_rows(b""))
    yield "Packets", _shown(packet_table(_trace(), times=False))
    yield "Bytes as plain text", _plain(repr(byte_rows(frame, 32)))


def _case(number: int) -> Case:
    names = "a short question", "an answer in three pieces", "no answer but an end", "silence"
    peer = "The server reads the request to its end, answers in three pieces, and ends its side."
    return Case(names[number % len(names)], peer, print, HINTS)


def _right(number: int) -> Outcome:
    return Outcome(_case(number))


def _wrong(number: int, belief: Misconception | None = ONE_RECV) -> Outcome:
    outcome = failed(_case(number), "Expected `b'21.5 degrees'`, got `b'21.5'`.", belief)
    outcome.trace = _conversation()
    return outcome


def _failed() -> Report:
    untried = Outcome(_case(0), "The cases before took all the time.", tried=False)
    outcomes = [_right(0), _wrong(1), _wrong(2), _wrong(3), _wrong(0, NO_END), _right(2), untried]
    left = ["A socket was left open. Python has closed it."]
    return Report("ask", outcomes, left=left, function=_ask)


def _interrupted() -> Report:
    why = "You have interrupted in this case. The function was still at work in line 4: `pass`."
    stopped = Outcome(_case(2), why, tried=False)
    return Report("ask", [_right(0), _right(1), stopped], interrupted=True)


def _alone() -> Report:
    outcome = _wrong(1)
    outcome.log = [
        "     0.2 ms  you -> server  connects",
        "     0.3 ms  printed: connected",
        "    50.9 ms  line 4: `connection.recv(4096)` waited 0.051 s",
        "    51.0 ms  server -> you  4 bytes '21.5'",
    ]
    return Report("ask", [outcome], alone=7)


def _raised() -> Report:
    outcome = failed(_case(1), "It raised NameError: name 'sokcet' is not defined.")
    outcome.details = TRACEBACK
    outcome.prints = ["asking ('127.0.0.1', 40000)", *(f"step {n}" for n in range(30))]
    return Report("ask", [outcome], function=_ask)


def _passed(more: bool = False) -> Report:
    outcomes = [_right(number) for number in range(4)]
    report = Report("ask", outcomes, "What it survives now: an answer in pieces, and silence.")
    if more:
        outcomes[1].prints = ["21.5", "degrees"]
        report.find_others = lambda: compared("ask", [reads_by_a_file], _ask)
    return report


def _judged() -> Report:
    names = ["the course's own lamp", "a lamp that hangs up at one bad line"]
    notes = [
        "True after 161 ms",
        "True after 98 ms: your judge has missed it, but 5 of 6 are enough",
    ]
    outcomes = [
        Outcome(Case(name, "Your judge was asked about it.", print, HINTS), note=note)
        for name, note in zip(names, notes, strict=True)
    ]
    return Report("judge_lamp", outcomes, "What your judge finds now: five of six wrong lamps.")


def _without_room() -> Report:
    why = "Not tried here: this account may open only 128 files."
    return Report("ask", [Outcome(_case(0), no_room=why)], "It survives.")


def _ask(address: Address, request: bytes, timeout: float) -> bytes:
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        return connection.recv(4096)


def reads_by_a_file(address: Address, request: bytes, timeout: float) -> bytes:
    """A file reads to the end without a loop of yours. It costs a buffer of its own."""
    with socket.create_connection(address, timeout) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as reply:
            return reply.read()


def _conversation() -> Trace:
    trace = Trace()
    trace.record("you", "server", "connect")
    trace.record("you", "server", "data", b"temperature?")
    trace.record("you", "server", "end")
    trace.record("server", "you", "data", b"21.5")
    trace.record("server", "you", "data", b" degrees")
    trace.record("server", "you", "end")
    trace.note_close("you", "server", time.perf_counter())
    return trace


def _trace() -> Trace:
    trace = Trace()
    for number, fate in enumerate(("delivered", "dropped", "delivered"), 1):
        trace.begin(number / 100, "sensor", "collector", "datagram", b"reading %d" % number, fate)
    return trace


def _diagram() -> object:
    return sequence_diagram(_trace(), "One of three readings is lost", times=False)


def _shown(thing: object) -> str:
    """What a notebook shows of an object, as HTML."""
    if hasattr(thing, "_repr_html_"):
        return thing._repr_html_()
    return thing._repr_mimebundle_()["text/html"]


def _opened(shown: str) -> str:
    return shown.replace("<details ", "<details open ")


def _without_looks(shown: str) -> str:
    """What is left where JupyterLab takes the style sheet away."""
    return re.sub(rf' class="(?!{PICTURE_CLASS})[^"]*"', "", shown)


def _plain(text: str) -> str:
    return f"<pre>{html.escape(text, quote=False)}</pre>"


def _pair(name: str, shown: str) -> str:
    """A part in both themes, side by side."""
    columns = "".join(
        f'<div class="theme theme-{theme} scrolls" tabindex="0" role="group" aria-label="{theme}" '
        f'data-jp-theme-light="{light}">{shown}</div>'
        for theme, light in (("light", "true"), ("dark", "false"))
    )
    return f'<h3>{name}</h3>\n<div class="pair outputs">{columns}</div>'
