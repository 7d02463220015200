"""What a check tells, as plain text and as HTML, and values as short text."""

import collections
import dataclasses
import enum
import html.parser
import re
import subprocess
import sys

import pytest
from drive.on_disk import ROOT

from helpers.checks.cases import Case
from helpers.checks.findings import Outcome, failed
from helpers.checks.report import Report
from helpers.checks.values import short
from helpers.checks.wrong import Misconception
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


def test_a_passed_report_takes_a_line_for_each_case_and_says_what_it_survives():
    report = Report("ask", [Outcome(case("one")), Outcome(case("two"))], "It survives silence.")
    assert repr(report) == (
        "ask: passed (2 cases), you may go on\n  passed: one\n  passed: two\nIt survives silence."
    )


def test_a_stub_is_not_started():
    assert repr(Report("ask", [], started=False)) == "ask: not started"


def test_a_failed_case_is_told_in_full():
    assert repr(Report("ask", [Outcome(case("good")), wrong("bad")], "It survives.")) == (
        "ask: 1 of 2 cases failed\n"
        "  passed: good\n"
        "  FAILED: bad\n"
        "      What happened: The server sends 26 bytes.\n"
        "      What came of it: Expected 26 bytes, got 7.\n"
        "      Misconception: one recv is one message. It is not.\n"
        "      What passed:\n"
        "          server -> you  7 bytes 'piece 0'\n"
        "          server -> you  7 bytes 'piece 1'\n"
        "      Three hints, one after another: report = check(ask), then report.hint(1)."
    )


def test_only_the_first_failure_is_told_in_full():
    text = repr(Report("ask", [wrong("one"), wrong("two"), wrong("three", OTHER)]))
    assert text.count("What passed:") == text.count("What happened:") == 1
    assert text.count("It is not.") == 1
    assert "The same misconception: one recv is one message." in text
    assert "Misconception: send sends everything. It does not." in text


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


def test_a_long_conversation_is_cut():
    text = repr(Report("ask", [wrong(events=100)]))
    assert "… and 60 events more" in text
    assert len(text.splitlines()) < 60


def test_nothing_is_shown_where_nothing_passed():
    report = Report("ask", [wrong(events=0)])
    assert "What passed:" not in repr(report)
    assert "<img" not in report._repr_html_()


def test_what_was_left_behind_is_told_also_where_all_passed():
    report = Report("ask", [Outcome(case())], left=["A socket was left open."])
    assert repr(report).endswith("Left behind:\n  - A socket was left open.")
    assert "A socket was left open." in report._repr_html_()


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
    assert (reader.seen["details"], reader.depth) == (3, 3)
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
    for word in ("passed:", "failed:", "not tried:"):
        assert f"<strong>{word}</strong>" in shown


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
