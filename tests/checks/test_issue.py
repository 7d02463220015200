"""A report as a text to copy: it says enough, and nothing of the machine's folders."""

import functools
import re
import types
from pathlib import Path

import pytest
from drive.on_disk import ROOT

from helpers.checks import issue
from helpers.checks.cases import Case
from helpers.checks.findings import Outcome, failed
from helpers.checks.issue import masked
from helpers.checks.report import Report
from helpers.trace.trace import Trace

HINTS = ("Look.", "Look closer.", "There.")


def asks(address):
    return address  # what a learner wrote


def report(function=asks, **options) -> Report:
    """A report with two failures."""
    first = failed(Case("bad", "It sends.", print, HINTS), "Got 7.", **options)
    first.trace = Trace()
    first.trace.record("server", "you", "data", b"21.5")
    other = failed(Case("worse", "It sends.", print, HINTS), "Got 8.")
    good = Outcome(Case("good", "It sends.", print, HINTS))
    return Report("ask", [good, first, other], function=function)


def test_it_says_exercise_versions_case_what_was_seen_and_the_function():
    text = report().as_issue()
    for words in (
        "Exercise: ask",
        "Case: bad",
        "What came of it: Got 7.",
        "1. The server sent you 4 bytes: '21.5'",
        "Failed too: worse: Got 8.",
        "    return address  # what a learner wrote",
    ):
        assert words in text
    assert re.search(r"^Versions: course \d+\.\d+\S*, Python 3\.\d+\S* \(\w+\), \w+ ", text, re.M)
    assert "ipykernel" in text
    assert "hint" not in text and not any(hint in text for hint in HINTS)


def test_it_is_folded_into_a_failed_report_and_into_no_other():
    assert "I think this check is wrong" in report()._repr_html_()
    assert "return address  # what a learner wrote" in report()._repr_html_()
    passed = Report("ask", [Outcome(Case("good", "It sends.", print, HINTS))], function=asks)
    assert "check is wrong" not in passed._repr_html_() + repr(passed)


class Counter:
    """A class, as some exercises ask for one."""


@pytest.mark.parametrize("function", [asks, Counter, functools.partial(asks), len, 5, None])
def test_whatever_the_function_is_there_is_a_text(function):
    assert report(function).as_issue().partition("Function:\n")[2]


def test_a_function_whose_source_is_gone_says_so():
    code = compile("def f(): pass", "<nowhere>", "exec").co_consts[0]
    lost = types.FunctionType(code, {}, "f")
    assert report(lost).as_issue().endswith(f"{issue.UNSEEN} the function f")


def test_a_very_long_function_is_cut(monkeypatch):
    monkeypatch.setattr(issue, "MOST_LINES", 1)
    assert report().as_issue().endswith("def asks(address):\n… 1 lines more")


def test_it_names_no_folder_of_this_machine():
    details = (
        "Traceback (your lines only):\n"
        f'  File "{ROOT}/notebooks/my work/client.py", line 3, in ask\n'
        f'    open("{Path.home()}/data.csv")\nOSError: {Path.cwd()} is no file'
    )
    text = report(details=details).as_issue()
    assert 'File "client.py", line 3' in text
    for folder in (ROOT, Path.home(), Path.cwd()):
        assert str(folder) not in text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ('File "/home/anna/x/y.py", line 3', 'File "y.py", line 3'),
        (r'File "C:\Users\Anna B\y.py", line 3', 'File "y.py", line 3'),
        ('open("/home/anna/data.csv")', 'open("~/data.csv")'),
        ("/Users/anna/course", "~/course"),
        (r"C:\Users\anna\data", r"~\data"),
        (r"'C:\\Users\\anna\\data'", r"'~\\data'"),
        ('"GET /home HTTP/1.1"', '"GET /home HTTP/1.1"'),
        ("a / b and c//d", "a / b and c//d"),
        ("http://127.0.0.1:8000/index", "http://127.0.0.1:8000/index"),
    ],
)
def test_a_file_keeps_its_name_and_a_home_has_none(text, left):
    assert masked(text) == left


def test_a_copy_of_the_course_without_its_citation_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(issue, "ROOT", tmp_path)
    assert issue.course_version() == "unknown"
