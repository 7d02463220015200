"""Running a learner's function against cases, safely."""

import os
import threading

import pytest

from helpers import progress
from helpers.checks import EXERCISES, check, runner
from helpers.checks.runner import Case, Outcome, Report, Wrong, is_stub, run_cases


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch, nothing_left):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))


def only(function, *, run=lambda function: function(), **options) -> Outcome:
    """What comes of a function in one case."""
    return run_cases("exercise", function, [Case("a case", run, **options)]).outcomes[0]


# Stubs


def raises_the_name():
    """Do it."""
    raise NotImplementedError


def raises_a_call():
    raise NotImplementedError("write me")


def dots():
    """Do it."""
    ...


def passes():
    pass


def documented():
    """Only a docstring."""


@pytest.mark.parametrize("function", [raises_the_name, raises_a_call, dots, passes, documented])
def test_an_untouched_stub_is_not_started(function):
    report = run_cases("resolve", function, EXERCISES["01"]["resolve"])
    assert (report.headline, report.passed, report.outcomes) == (
        "resolve: not started",
        False,
        [],
    )


def half_written():
    value = 1
    raise NotImplementedError(value)


def test_a_function_that_was_begun_is_no_stub():
    assert not is_stub(half_written)


def test_a_function_without_source_is_no_stub():
    assert not is_stub(len)


def test_a_begun_function_hears_that_some_is_missing():
    assert "not written yet" in only(half_written).problem


# Outcomes


def test_a_function_that_survives_passes():
    outcome = only(lambda: None)
    assert (outcome.passed, outcome.problem) == (True, "")


def test_a_wrong_result_is_told_with_its_misconception():
    def wrong(function):
        raise Wrong("it was wrong", "a belief")

    outcome = only(lambda: None, run=wrong)
    assert (outcome.problem, outcome.misconception) == ("it was wrong", "a belief")


def fails():
    return {}["missing"]


def test_an_error_is_told_with_the_learners_line_and_no_helpers():
    outcome = only(fails)
    assert outcome.problem == "it raised KeyError: 'missing'"
    assert 'return {}["missing"]' in outcome.details
    assert os.path.join("helpers", "") not in outcome.details


def test_an_error_may_stand_for_a_misconception():
    assert only(fails, if_it_raises={"LookupError": "a belief"}).misconception == "a belief"


def test_sys_exit_is_told():
    def leaves():
        raise SystemExit(3)

    assert only(leaves).problem == "it raised SystemExit: 3"


def test_an_error_that_can_not_be_shown_is_told():
    class Shy(Exception):
        def __str__(self):
            raise ValueError

    def raises():
        raise Shy

    assert "Shy" in only(raises).problem


def test_deep_recursion_is_told():
    def recurse():
        return recurse()

    assert "RecursionError" in only(recurse).problem


def test_a_function_that_hangs_is_told_with_its_line(monkeypatch):
    monkeypatch.setattr(runner, "CASE_SECONDS", 0.2)

    def spin():
        while True:
            pass

    outcome = only(spin, if_it_hangs="a belief")
    assert "it is still in line" in outcome.problem
    assert outcome.misconception == "a belief"


def test_a_function_that_nothing_can_end_is_left_behind(monkeypatch):
    monkeypatch.setattr(runner, "CASE_SECONDS", 0.1)
    release = threading.Event()
    assert "`release.wait(60)`" in only(lambda: release.wait(60)).problem
    release.set()


def test_cases_that_find_no_time_are_not_tried(monkeypatch):
    monkeypatch.setattr(runner, "ALL_SECONDS", 0.0)
    assert only(lambda: None).problem.startswith("not tried")


# Prints


def test_what_a_function_prints_is_shown(capsys):
    only(lambda: print("value", 5))
    assert capsys.readouterr().out == "value 5\n"


def test_a_thread_of_a_function_prints_with_it(capsys):
    def serve():
        thread = threading.Thread(target=print, args=("from a thread",))
        thread.start()
        thread.join()

    only(serve)
    assert capsys.readouterr().out == "from a thread\n"


def test_a_million_printed_lines_are_cut(capsys):
    only(lambda: print("line\n" * 1_000_000))
    shown = capsys.readouterr().out.splitlines()
    assert len(shown) == runner.MOST_PRINTS + 1
    assert shown[-1] == "... and at least 9,981 lines more"


# Reports


def test_a_report_counts_failures():
    good = Outcome(Case("good", print))
    bad = Outcome(Case("bad", print), "no", "a belief", "details")
    report = Report("ask", [good, bad])
    assert repr(report) == (
        "ask: 1 of 2 cases failed\n  passed: good\n  FAILED: bad\n"
        "      no\n      a belief\n      details"
    )


def test_a_report_is_escaped_in_html():
    bad = Outcome(Case("<a>", print), "<b>", "<c>", "<d>")
    shown = Report("<e>", [bad], remark="<f>")._repr_html_()
    assert not any(f"<{letter}>" in shown for letter in "acdef")
    assert "&lt;b&gt;" in shown


# check


def resolve(host, port):
    raise NotImplementedError


def test_an_untouched_stub_is_no_attempt():
    assert not check(resolve).started
    assert progress.attempts("resolve") == 0


def unpack_reading(data):
    return None


def test_a_failed_check_is_an_attempt():
    assert not check(unpack_reading).passed
    assert (progress.attempts("unpack_reading"), progress.passed()) == (1, set())


def pack_reading(device_id, celsius):
    import struct

    return struct.pack("!If", device_id, celsius)


def test_a_passed_check_is_remembered():
    report = check(pack_reading)
    assert repr(report).startswith("pack_reading: passed (2 cases), you may go on")
    assert progress.passed() == {"pack_reading"}


def test_a_result_that_can_not_be_kept_is_said_and_nothing_else_fails(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "missing" / "progress.json"))
    report = check(pack_reading)
    assert report.passed
    assert "could not be kept" in repr(report)


@pytest.mark.parametrize("value", [None, "resolve", print, lambda: None, 5])
def test_what_is_no_exercise_is_refused_with_advice(value):
    with pytest.raises(TypeError, match=r"write check\("):
        check(value)
