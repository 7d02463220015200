"""Other right answers: to be read after a pass only, each beside the learner's own."""

import re

import pytest

from helpers.checks.answers import answer
from helpers.checks.cases import Case
from helpers.checks.findings import Outcome, failed
from helpers.checks.others import compared
from helpers.checks.report import Report

HINTS = ("Look.", "Look closer.", "There.")
LOOPS = 3


def _beside(data):
    return data.decode()


@answer("ask")
def reads_by_a_file(connection):
    """It needs no loop: `read` goes on to the end. It costs a buffer of its own."""
    with connection.makefile("rb") as reply:  # a comment that stays
        return _beside(reply.read())


@answer("ask")
class counts_in_a_class:
    """It keeps its state. It is longer."""

    def count(self):
        return self.count() + len("")


def learners(connection):
    text = ""
    for _ in range(LOOPS):
        text += connection.recv(10).decode()
    return text


def shown(*answers, function=learners):
    return compared("ask", answers, function)


def test_another_answer_has_a_name_a_reason_and_its_code():
    (other,) = shown(reads_by_a_file)
    assert other.name == "Reads by a file"
    assert other.about.startswith("It needs no loop: `read` goes on to the end. It costs")
    assert other.code.splitlines() == [
        "def _beside(data):",
        "    return data.decode()",
        "",
        "",
        "def reads_by_a_file(connection):",
        '    with connection.makefile("rb") as reply:  # a comment that stays',
        "        return _beside(reply.read())",
    ]


def test_a_class_is_another_answer_too():
    (other,) = shown(counts_in_a_class)
    assert other.code.startswith("class counts_in_a_class:")
    assert "It keeps its state" not in other.code
    assert other.difference == "it calls `len`; yours calls `decode`, `range`, `recv`."


def test_what_each_calls_and_the_other_does_not_is_said():
    (other,) = shown(reads_by_a_file)
    said = "it calls `makefile`, `read`; yours calls `decode`, `range`, `recv`."
    assert other.difference == said
    (same,) = shown(reads_by_a_file, function=reads_by_a_file)
    assert same.difference.startswith("both call the same")


def test_where_the_learners_source_is_gone_nothing_is_compared():
    (other,) = shown(reads_by_a_file, function=len)
    assert other.difference == ""


def report(*outcomes):
    return Report("ask", list(outcomes), find_others=lambda: shown(reads_by_a_file))


GOOD = Outcome(Case("good", "It sends.", print, HINTS))
BAD = failed(Case("bad", "It sends.", print, HINTS), "Got 7.")


def test_they_are_folded_below_a_pass():
    text = report(GOOD)._repr_html_()
    assert "<summary>Another right answer</summary>" in text
    assert "<summary>Reads by a file</summary>" in text
    assert "# a comment that stays" in text


def test_plain_text_says_only_where_they_are():
    assert repr(report(GOOD)).endswith("Others have solved it, too: report.others")
    assert "makefile" not in repr(report(GOOD))
    assert "makefile" in repr(report(GOOD).others)
    assert len(report(GOOD).others) == 1


def test_before_a_pass_they_are_neither_loaded_nor_told():
    def never():
        raise AssertionError("loaded")

    failing = Report("ask", [BAD], find_others=never)
    assert "right answer" not in failing._repr_html_() + repr(failing)
    with pytest.raises(ValueError, match="when this one has passed"):
        _ = failing.others


def test_where_there_are_none_nothing_is_promised():
    alone = Report("ask", [GOOD], find_others=lambda: shown())
    assert "thers" not in repr(alone) and "right answer" not in alone._repr_html_()
    with pytest.raises(ValueError, match="no other answers"):
        _ = alone.others


def test_a_report_that_is_kept_with_its_notebook_holds_none():
    kept = report(GOOD)
    kept.folds_others = False
    assert "makefile" not in kept._repr_html_()
    assert "<code>report.others</code>" in kept._repr_html_()


def test_they_take_little_room():
    """A notebook may hold 320 kB: its code is not coloured, which weighs five times as much."""
    text = compared("ask", [reads_by_a_file] * 3, learners).folds()
    code = sum(len(other.code) + len(other.about) for other in shown(*[reads_by_a_file] * 3))
    assert len(text) < 2 * code + 1_000
    assert not re.search("style=|<span", text)
