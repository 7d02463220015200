"""How a check shows itself in a notebook's cell, as the front end gets it."""

import sys
import types

import pytest

from helpers.checks.cases import Case
from helpers.checks.findings import Outcome, failed
from helpers.checks.report import Report
from helpers.study import showing
from helpers.study.showing import Running, show_after_cell

HINTS = ("look", "look closer", "there")


class Shell:
    """A notebook's kernel: its cells end when `end_cell` is called."""

    def __init__(self):
        self.hooks, self.quiet, self.metadata = [], False, {"cellId": "5"}
        self.events = types.SimpleNamespace(register=lambda name, hook: self.hooks.append(hook))
        self.displayhook = types.SimpleNamespace(quiet=lambda: self.quiet)

    def get_parent(self):
        return {"metadata": self.metadata}

    def end_cell(self):
        for hook in self.hooks:
            hook(None)


@pytest.fixture
def shell(monkeypatch):
    shell = Shell()
    monkeypatch.setattr(showing, "_shell", lambda: shell)
    monkeypatch.setattr(showing, "_unseen", [])
    monkeypatch.setattr(showing, "_watched", set())
    return shell


@pytest.fixture
def displayed(monkeypatch):
    """What is displayed, as plain text, by its place in the cell."""
    import IPython.display

    places = {}

    def publish(bundle, transient=None, update=False):
        place = (transient or {}).get("display_id") or len(places)
        assert update == (place in places)
        places[place] = bundle["text/plain"]

    monkeypatch.setattr(IPython.display, "publish_display_data", publish)
    return places


def report(passed=False):
    case = Case("a case", "It acts.", print, HINTS)
    return Report("ask", [Outcome(case) if passed else failed(case, "Expected 5, got 4.")])


def test_a_report_that_nobody_displays_appears_at_the_end_of_the_cell(shell, displayed):
    show_after_cell(report())
    assert displayed == {}
    shell.end_cell()
    shell.end_cell()
    (text,) = displayed.values()
    assert text.startswith("✗ ask: 1 of 1 case failed")


def test_a_report_that_was_displayed_or_printed_does_not_appear_again(shell, displayed):
    for how in (repr, lambda made: made._repr_html_()):
        made = report()
        show_after_cell(made)
        how(made)
        shell.end_cell()
    assert displayed == {}


def test_each_report_of_a_cell_appears(shell, displayed):
    show_after_cell(report())
    show_after_cell(report(passed=True))
    shell.end_cell()
    assert [text.split()[2] for text in displayed.values()] == ["1", "passed"]


def test_a_semicolon_hides_the_last_report(shell, displayed):
    shell.quiet = True
    show_after_cell(report())
    shell.end_cell()
    assert displayed == {}


def test_outside_of_ipython_nothing_happens(monkeypatch, displayed):
    monkeypatch.setattr(showing, "_shell", lambda: None)
    monkeypatch.setattr(showing, "_unseen", [])  # of other tests
    show_after_cell(report())
    running = Running("ask", 5)
    running.tell(0, "a case")
    running.end(report())
    assert displayed == {}
    assert showing._unseen == []


def test_the_line_that_says_which_case_runs_gives_its_place_to_the_report(shell, displayed):
    running, made = Running("ask", 5), report()
    running.tell(0, "a short question")
    assert list(displayed.values()) == ["ask: case 1 of 5 runs: a short question …"]
    Running("assess", 9, of="milestone").tell(4, "frames")
    assert list(displayed.values())[1:] == ["assess: milestone 5 of 9 runs: frames …"]
    displayed.popitem()
    running.tell(1, "<b>")
    assert list(displayed.values()) == ["ask: case 2 of 5 runs: <b> …"]
    running.end(made)
    show_after_cell(made)
    shell.end_cell()
    (text,) = displayed.values()
    assert text.startswith("✗ ask: 1 of 1 case failed")


def test_a_report_in_the_place_of_that_line_is_not_shown_as_the_last_value_too(shell, displayed):
    from IPython.core.formatters import IPythonDisplayFormatter

    running, made = Running("ask", 5), report()
    running.tell(0, "a case")
    running.end(made)
    show = IPythonDisplayFormatter()
    assert show(made) is True  # it has shown itself: IPython adds nothing
    assert show(made) is not True  # in another cell it is a value like others


def test_a_check_that_fails_itself_leaves_no_line(shell, displayed):
    running = Running("ask", 5)
    running.tell(0, "a case")
    running.end(None)
    assert list(displayed.values()) == [""]


@pytest.mark.parametrize("metadata", [{}, {"cellId": ""}])
def test_where_no_person_looks_there_is_no_such_line(shell, displayed, metadata):
    shell.metadata = metadata
    running = Running("ask", 5)
    running.tell(0, "a case")
    running.end(report())
    assert displayed == {}


def test_ipython_is_not_loaded_for_it(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert showing._shell() is None
