"""What a check tells, as plain text and as HTML, and values as short text."""

import collections
import dataclasses
import enum
import html.parser
import re
import socket
import subprocess
import sys

import pytest
from drive.on_disk import ROOT

from helpers.checks.cases import Case
from helpers.checks.findings import Outcome, explain, failed
from helpers.checks.peers import PeerSocket
from helpers.checks.report import Report
from helpers.checks.report_html import running
from helpers.checks.steps import sentence, steps
from helpers.checks.values import short
from helpers.checks.watched import WatchedSocket
from helpers.checks.wrong import Misconception
from helpers.look.style import RULE, SHEET
from helpers.servers.served_socket import ServedSocket
from helpers.trace.trace import Trace

HINTS = ("Look.", "Look closer.", "There.")
BELIEF = Misconception("one recv is one message", "It is not.", HINTS)
OTHER = Misconception("send sends everything", "It does not.", HINTS)


def case(name="a case"):
    return Case(name, "The server sends 26 bytes.", print, HINTS)


def trace(events=2):
    made = Trace()
    for number in range(events):
        made.record("server", "you", "data", b"piece %d" % number)
    return made


def wrong(name="a case", misconception=BELIEF, events=2):
    outcome = failed(case(name), "Expected 26 bytes, got 7.", misconception)
    outcome.trace = trace(events)
    return outcome


def untried():
    return Outcome(case("the last"), "The cases before took all the time.", tried=False)


# Plain text


def test_a_passed_report_says_so_and_what_it_survives():
    report = Report("ask", [Outcome(case("one")), Outcome(case("two"))], "It survives silence.")
    assert repr(report) == "✓ ask: passed (2 cases), you may go on\nIt survives silence."


def test_a_stub_is_not_started():
    assert repr(Report("ask", [], started=False)) == "– ask: not started"


def test_a_failed_case_is_told_in_full():
    assert repr(Report("ask", [Outcome(case("good")), wrong("bad")], "It survives.")) == (
        "✗ ask: 1 of 2 cases failed\n"
        "\n"
        "What failed: bad\n"
        "  What happened: The server sends 26 bytes.\n"
        "  What came of it: Expected 26 bytes, got 7.\n"
        "  Misconception: one recv is one message. It is not.\n"
        "  Step by step:\n"
        "    1. The server sent you 7 bytes: 'piece 0'\n"
        "    2. The server sent you 7 bytes: 'piece 1'\n"
        "    3. ✗ here\n"
        "  Three hints, one after another: report = check(ask), then report.hint(1).\n"
        '  To watch this case alone: check(ask, case="bad")\n'
        "\n"
        "1 passed: good.\n"
        "Is this check wrong? print(report.as_issue()) is to be copied into an issue."
    )


def test_only_the_first_failure_is_told_in_full():
    text = repr(Report("ask", [wrong("one"), wrong("two"), wrong("three", OTHER)]))
    assert text.count("Step by step:") == text.count("What happened:") == 1
    assert text.count("It is not.") == 1
    assert "Misconception: send sends everything. It does not." in text


def test_the_others_have_a_line_each_and_those_of_the_same_cause_are_counted():
    outcomes = [wrong("one"), wrong("three", OTHER), wrong("two"), wrong("four", OTHER)]
    lines = repr(Report("ask", outcomes)).splitlines()
    start = lines.index("And one more for the same reason:")
    assert lines[start + 1 : start + 5] == [
        "  FAILED: two",
        "Two others failed:",
        "  FAILED: three: Expected 26 bytes, got 7. Misconception: send sends everything. It does "
        "not.",
        "  FAILED: four: The same reason as for “three”.",
    ]


def test_of_the_same_reason_only_what_differs_is_said_in_a_line():
    long = "It raised TypeError: ask() takes 2 positional arguments but 3 were given. " * 4
    outcomes = [failed(case(name), problem, BELIEF) for name, problem in (
        ("one", long), ("two", long), ("three", f"{long} And more."),
    )]  # fmt: skip
    report = Report("ask", outcomes)
    lines = repr(report).splitlines()
    start = lines.index("And two more for the same reason:")
    assert lines[start + 1] == "  FAILED: two"
    assert lines[start + 2].startswith("  FAILED: three: It raised TypeError")
    assert len(lines[start + 2]) < 120 and lines[start + 2].endswith("…")
    assert "<li><strong>two</strong></li>" in report._repr_html_()
    assert repr(report).count(long.strip()) == 1


class _Odd(socket.socket):
    """A class of a learner's own."""


def test_a_key_that_is_a_socket_is_told_as_a_socket_of_whatever_class_of_the_courses():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        for kind in (socket.socket, ServedSocket, WatchedSocket, PeerSocket):
            with kind(fileno=listener.dup().detach()) as sock:
                assert short(sock) == "a socket"
                assert short({sock: 1}) == "{a socket: 1}"
                assert repr(sock).startswith("<socket.socket fd=")
                told = explain(case(), KeyError(sock)).problem
                assert "ServedSocket" not in told
                assert "KeyError: a socket" in told
        with _Odd(fileno=listener.dup().detach()) as sock:
            assert short(sock) == "an object of the class _Odd"


def test_a_case_without_a_misconception_has_none():
    assert "isconception" not in repr(Report("ask", [wrong(misconception=None)]))


def test_cases_that_were_not_tried_are_counted_apart():
    report = Report("ask", [wrong(), untried()])
    assert report.headline == "ask: 1 of 2 cases failed, 1 not tried"
    assert "not tried: the last" in repr(report)
    assert not report.passed


def test_why_cases_were_not_tried_is_told_once():
    text = repr(Report("ask", [wrong(), untried(), untried()]))
    assert text.count("took all the time") == 1


def test_nothing_is_shown_where_nothing_passed():
    report = Report("ask", [wrong(events=0)])
    assert "Step by step" not in repr(report) + report._repr_html_()
    assert "<img" not in report._repr_html_()


def test_what_was_left_behind_is_told_also_where_all_passed():
    report = Report("ask", [Outcome(case())], left=["A socket was left open."])
    assert repr(report).endswith("Left behind:\n  - A socket was left open.")
    assert "A socket was left open." in report._repr_html_()


def test_a_failed_report_is_false_and_a_passed_one_is_true():
    assert not Report("ask", [wrong()])
    assert not Report("ask", [], started=False)
    assert Report("ask", [Outcome(case())])


def test_an_interrupted_report_has_not_passed_and_tells_what_was_found():
    report = Report("ask", [Outcome(case()), wrong("bad")], interrupted=True)
    assert report.headline == "ask: interrupted, 1 passed, 1 failed"
    assert "What failed: bad" in repr(report)
    early = Report("ask", [Outcome(case())], interrupted=True)
    assert early.headline == "ask: interrupted, 1 passed, 0 failed"
    assert not early.passed and early.state == "none"


def test_of_all_the_cases_that_are_not_first_twenty_lines_are_shown():
    outcomes = [Outcome(case(name)) for name in ("one", "two", "three")]
    for outcome in outcomes:
        outcome.prints = [f"{outcome.case.name} {n}" for n in range(15)]
    text = repr(Report("ask", outcomes))
    assert "one 14" in text and "two 4" in text and "two 5" not in text
    assert "… and 10 lines more: report.prints" in text
    assert "15 lines: report.prints" in text and "three 0" not in text


def test_one_case_alone_is_shown_as_it_happened_and_opens_no_other_answers():
    alone = Outcome(case("one"), log=["  0.1 ms  line 3 waited 0.2 s <b>"])
    report = Report("ask", [alone], "It survives.", alone=4, find_others=lambda: 1 / 0)
    assert "As it happened:" in repr(report) and "line 3 waited" in repr(report)
    assert "line 3 waited 0.2 s &lt;b&gt;" in report._repr_html_()
    assert "It survives." not in repr(report) + report._repr_html_()
    bad = wrong("bad")
    bad.log = ["  0.1 ms  server -> you"]
    report = Report("ask", [bad], alone=4)
    assert "Step by step" not in repr(report) + report._repr_html_()
    assert "0.1 ms  server -> you" in repr(report)


# Which failure comes first


def with_error(name, error, line=3):
    """A case in which a line of the learner's raised an error."""
    outcome = failed(case(name), f"It raised {error}.")
    place = f"  In your notebook, line {line}, in ask\n    data = connection.recv()"
    outcome.details = f"Traceback (your lines only):\n{place}\n{error}"
    return outcome


def test_an_error_of_the_program_itself_comes_before_all_other_failures():
    slip = with_error("later", "NameError: name 'sokcet' is not defined")
    report = Report("ask", [wrong("first"), with_error("reset", "ConnectionResetError: x"), slip])
    assert report.first is slip
    assert repr(report).splitlines()[2] == "Mend this first: later"


def test_else_the_first_case_that_failed_comes_first():
    outcomes = [Outcome(case()), wrong("first"), with_error("reset", "ConnectionResetError: x")]
    assert Report("ask", outcomes).first is outcomes[1]


def groups_of(*outcomes):
    report = Report("ask", list(outcomes))
    return [[each.case.name for each in group] for group in report.groups]


def test_the_same_error_in_the_same_line_is_one_cause():
    error = "TypeError: a bytes-like object is required"
    others = with_error("c", error, line=8), with_error("d", "TypeError: other")
    assert groups_of(with_error("a", error), with_error("b", error), *others) == [
        ["a", "b", "d"],
        ["c"],
    ]


def test_the_line_that_it_hangs_in_is_one_cause():
    text = "It does not come back: still waiting in line {}: `data = x.recv(5)`, after {} s."
    places = {"a": (4, 2), "b": (4, 1), "c": (5, 2)}
    hanging = [failed(case(name), text.format(*at)) for name, at in places.items()]
    assert groups_of(*hanging) == [["a", "b"], ["c"]]


def test_the_same_hints_that_are_not_the_cases_own_are_one_cause():
    own = ("a", "b", "c")
    hinted = [failed(case(name), f"Got {name}.", hints=own) for name in ("x", "y")]
    assert groups_of(*hinted, failed(case("z"), "Got nothing.")) == [["x", "y"], ["z"]]


def test_two_wrong_values_are_not_one_cause_but_the_same_words_are():
    texts = ("Expected b'a', got b'b'.", "Expected b'c', got b'd'.")
    assert groups_of(failed(case("a"), texts[0]), failed(case("b"), texts[1])) == [["a"], ["b"]]
    longer = [failed(case(text[9:13]), f"{text} The result is to be bytes.") for text in texts]
    assert len(groups_of(*longer)) == 1


# Steps


def test_a_long_conversation_is_cut_in_the_middle():
    numbers = [number for number, _ in steps(trace(100))]
    assert numbers == [1, 2, 0, 97, 98, 99, 100, 101]
    assert steps(trace(100))[2] == (0, "… 94 steps more")


def test_what_the_trace_has_not_kept_is_counted_before_the_last_step():
    made = trace(3)
    made.left_out = 5
    assert [number for number, _ in steps(made)] == [1, 2, 3, 0, 9]
    assert steps(made)[3][1] == "… 5 steps more"


def test_the_moment_at_which_you_close_is_a_step_and_the_peers_close_is_not():
    made = trace(2)
    made.note_close("you", "server", made._start)
    made.note_close("server", "you", made._start)
    assert [text for _, text in steps(made)].count("You closed the connection") == 1
    assert len(steps(made)) == 4


@pytest.mark.parametrize("events", range(1, 12))
def test_steps_are_few_and_count_all_that_passed(events):
    told = steps(trace(events))
    assert len(told) <= 8
    assert told[-1] == (events + 1, "✗ here")
    skipped = sum(int(text.split()[1]) for number, text in told if not number)
    assert skipped + sum(bool(number) for number, _ in told) == events + 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("you", "server", "connect", b"", "delivered"), "You connected to the server"),
        (("client 1", "you", "end", b"", "delivered"), "Client 1 ended its side (FIN)"),
        (("you", "client 1", "end", b"", "delivered"), "You ended your side (FIN)"),
        (("app", "lamp", "close", b"", "delivered"), "The app closed the connection"),
        (("app", "lamp", "reset", b"", "delivered"), "The app reset the connection (RST)"),
        (("you", "server", "connect", b"", "dropped"), "You connected to the server, refused"),
        (
            ("sensor", "you", "datagram", b"5", "dropped"),
            "The sensor sent you a datagram of 1 byte, lost: '5'",
        ),
    ],
)
def test_a_step_is_a_sentence(row, said):
    made = Trace()
    made.begin(0.0, *row)
    assert sentence(made.events[0]) == said


# What was printed


def test_what_was_printed_stands_under_its_case_and_is_cut():
    bad, good = wrong("bad"), Outcome(case("good"))
    bad.prints, good.prints = [f"line {n}" for n in range(30)], ["hello <b>"]
    report = Report("ask", [good, bad])
    text = repr(report)
    assert text.index("What failed: bad") < text.index("line 0") < text.index("line 19")
    assert "line 20" not in text + report._repr_html_()
    assert report.prints == {"good": ["hello <b>"], "bad": [f"line {n}" for n in range(30)]}
    assert "… and 10 lines more: report.prints" in text
    assert text.index("passed: good\n") < text.index("hello <b>")
    assert "hello &lt;b&gt;" in report._repr_html_()


def test_what_a_right_function_printed_is_shown_too():
    good = Outcome(case("good"))
    good.prints = ["hello"]
    assert "hello" in repr(Report("ask", [good]))
    assert '<details class="course-fold" open>' in Report("ask", [good])._repr_html_()


# Hints


def test_hints_come_one_by_one_from_the_first_failure():
    report = Report("ask", [Outcome(case()), wrong(), wrong(misconception=OTHER)])
    assert [report.hint(number) for number in (1, 2, 3)] == list(HINTS)


@pytest.mark.parametrize("number", [0, 4, -1, "1"])
def test_there_are_three_hints(number):
    with pytest.raises(ValueError, match="ask for 1 to 3"):
        Report("ask", [wrong()]).hint(number)


def test_without_a_failure_there_is_no_hint():
    with pytest.raises(ValueError, match="no hint"):
        Report("ask", [Outcome(case())]).hint(1)


def test_no_hint_is_told_before_it_is_asked_for():
    text = repr(Report("ask", [wrong()]))
    assert not any(hint in text for hint in HINTS)


# HTML


class Reader(html.parser.HTMLParser):
    """The elements of a report, and whether all are closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.depth = [], collections.Counter(), 0
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.seen[tag] += 1
        if tag != "img":
            self.open.append(tag)
        self.depth = max(self.depth, self.open.count("details"))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_hints_are_folded_each_inside_the_one_before():
    reader = Reader(Report("ask", [wrong()])._repr_html_())
    assert (reader.seen["details"], reader.depth) == (4, 3)  # one more for the issue
    assert reader.seen["script"] == 0


def test_the_picture_is_that_of_the_first_failure_and_has_words():
    shown = Report("ask", [Outcome(case()), wrong(), wrong()])._repr_html_()
    assert Reader(shown).seen["img"] == 1
    assert re.search(r'class="course-picture" alt="Sequence diagram between you and server', shown)


def test_a_failed_report_needs_no_matplotlib():
    code = """import sys
from helpers.checks.cases import Case
from helpers.checks.findings import failed
from helpers.checks.report import Report
from helpers.checks.report_html import running
from helpers.checks.steps import sentence, steps
from helpers.look.style import RULE, SHEET
from helpers.trace.trace import Trace
outcome = failed(Case("a case", "It sends.", print, ("1", "2", "3")), "Nothing came.")
outcome.trace = Trace()
outcome.trace.record("server", "you", "data", b"21.5")
print("data:image/svg+xml" in Report("ask", [outcome])._repr_html_(), "matplotlib" in sys.modules)
"""
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["True", "False"]


def test_every_state_is_a_word_and_not_a_colour_alone():
    shown = Report("ask", [Outcome(case()), wrong(), untried()])._repr_html_()
    for words in ("1 of 3 cases failed, 1 not tried", "What failed:", "1 passed", "Not tried:"):
        assert words in shown


def test_the_first_thing_on_the_card_is_the_verdict_and_the_second_the_failure():
    outcomes = [Outcome(case("good")), wrong("bad"), wrong("too")]
    shown = Report("ask", outcomes)._repr_html_()
    words = "✗ ", "2 of 3 cases failed", "Mend this first", "bad", "Step by step", "First hint"
    words += "And one more for the same reason", "too", "1 passed", "good", "I think this check"
    places = [re.sub("<[^>]+>", "", shown).index(each) for each in words]
    assert places == sorted(places)


def test_what_is_not_first_is_folded():
    shown = Report("ask", [Outcome(case("good")), wrong("bad"), wrong("too")])._repr_html_()
    outside = re.sub("<details.*</details>", "", shown, flags=re.DOTALL)
    assert "bad" in outside and "too" not in outside and "good" not in outside
    assert " open>" not in shown


def test_a_picture_of_many_steps_is_folded():
    assert "The picture of all 20 steps" in Report("ask", [wrong(events=20)])._repr_html_()
    assert "The picture of all" not in Report("ask", [wrong(events=5)])._repr_html_()


def test_all_looks_come_from_the_style_sheet():
    shown = Report("ask", [Outcome(case()), wrong(events=20), wrong()], left=["x"])._repr_html_()
    inline = set(re.findall('style="([^"]*)"', shown))
    assert inline <= {"list-style: none", "max-width: 100%; height: auto"}  # the picture's own
    for names in re.findall('class="([^"]+)"', shown):
        for name in names.split():
            assert re.search(rf"\.{name}\b", SHEET + RULE), name


def test_a_check_on_its_way_says_which_case_runs():
    shown = running("ask", 3, 7, "in <pieces>")
    Reader(shown)
    assert "ask: running, case 3 of 7" in shown and "in &lt;pieces&gt;" in shown


def test_text_keeps_the_themes_colours():
    shown = Report("ask", [wrong()])._repr_html_()
    assert not re.search(r"[^-]color:|background", shown)


def test_a_report_is_escaped_in_html():
    odd = Case("<a1>", "<b1>", print, ("<h1>", "<h2>", "<h3>"))
    bad = failed(odd, "<c1>", Misconception("<d1>", "<e1>", odd.hints), details="<f1>")
    shown = Report("<g1>", [bad], left=["<i1>"], remark="<j1>")._repr_html_()
    Reader(shown)
    assert not re.search("<[a-j][123]>", shown)
    assert len(re.findall("&lt;[a-j][123]&gt;", shown)) >= 11


def test_code_between_backquotes_is_code_in_html():
    bad = failed(case(), "Still in line 4: `a < b`.")
    assert "<code>a &lt; b</code>" in Report("ask", [bad])._repr_html_()


def test_a_passed_report_is_the_same_each_time():
    reports = [Report("ask", [Outcome(case())], "It survives.") for _ in range(2)]
    assert repr(reports[0]) == repr(reports[1])
    assert reports[0]._repr_html_() == reports[1]._repr_html_()


# Values


class Loud:
    def __repr__(self):
        raise AssertionError("asked")


class LoudText(str):
    def __repr__(self):
        raise AssertionError("asked")


class Colour(enum.Enum):
    RED = 1


@dataclasses.dataclass
class Reading:
    device: int
    held: object


Pair = collections.namedtuple("Pair", "left right")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (5, "5"),
        (2.5, "2.5"),
        ("text", "'text'"),
        (b"\x00\xff", r"b'\x00\xff'"),
        (bytearray(b"ab"), "bytearray(b'ab')"),
        ([1, "a"], "[1, 'a']"),
        ((1,), "(1,)"),
        (set(), "set()"),
        ({1}, "{1}"),
        (frozenset({1}), "frozenset({1})"),
        ({"a": [1]}, "{'a': [1]}"),
        (Colour.RED, "Colour.RED"),
        (Reading(1, Loud()), "Reading(device=1, held=an object of the class Loud)"),
        (Pair(1, 2), "Pair(left=1, right=2)"),
        (Loud(), "an object of the class Loud"),
        (LoudText("a"), "an object of the class LoudText"),
        (ValueError("no"), "ValueError('no')"),
        (int, "the class int"),
        (len, "the function len"),
        ((number for number in ()), "the generator <genexpr>"),
        (10**1_000, "an int of 3,322 bits"),
    ],
)
def test_a_value_as_short_text(value, text):
    assert short(value) == text


@pytest.mark.parametrize(
    "make",  # when the test runs: together they take gigabytes
    [
        lambda: "x" * 10**9,
        lambda: bytes(10**9),
        lambda: bytearray(10**8),
        lambda: ["x" * 10**8] * 3,
        lambda: list(range(10**6)),
        lambda: dict.fromkeys(range(10**6)),
        lambda: {"key": "x" * 10**8},
        lambda: collections.deque(range(10**6)),
        lambda: "\N{NO-BREAK SPACE}\x00" * 100,
        lambda: b"\xff" * 70,
        lambda: [[[[[[[[[[]]]]]]]]] * 100],
    ],
)
def test_a_large_value_stays_short(make):
    assert len(short(make())) <= 200


def test_a_cut_value_says_how_long_it_is():
    assert short("x" * 1000).endswith("… (1,000 characters)")
    assert short(b"x" * 1000).endswith("… (1,000 bytes)")
    assert short(list(range(1000))).endswith("…] (1,000 in all)")


def test_a_list_that_holds_itself_stays_short():
    value = []
    value.append(value)
    assert short(value) == "[[[[…]]]]"
