"""Cases that find no room for their files, and functions that leave none."""

import importlib
import os
import selectors
import socket
from functools import partial

import pytest
from drive.on_disk import ROOT

from helpers.chapters.chapter_08 import solutions
from helpers.chapters.chapter_08.threaded_echo import EXERCISE
from helpers.checks.cases import Case, Exercise
from helpers.checks.report import Report
from helpers.checks.runner import run_cases
from helpers.checks.wrong import Wrong
from helpers.open_files import files_left, files_open, open_file_limits
from helpers.study.finding import exercises, find_exercise

resource = pytest.importorskip("resource")
pytestmark = pytest.mark.filterwarnings(  # of what the learners' functions leave open
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
HINTS = ("first", "second", "third")


def case(run=lambda function, stage: function(), name="case", **more):
    return Case(name, "It acts.", run, HINTS, **more)


def checked(function, *cases):
    return run_cases("exercise", function, Exercise(cases, "It survives."))


@pytest.fixture
def room():
    """Leaves this process room for so many files more, until the test's end."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)

    def leave(files):
        resource.setrlimit(resource.RLIMIT_NOFILE, (files_open() + files, before[1]))

    yield leave
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def connect_some(number):
    """A case with so many connections of the check's own."""

    def run(function, stage):
        for _ in range(number):
            stage.connection()
        function()

    return run


def test_what_is_left_is_the_limit_without_what_is_open(room):
    room(30)
    assert files_left() == 30
    with socket.socket(), socket.socket():
        assert files_left() == 28


def test_a_case_without_room_is_neither_passed_nor_failed_and_says_why(room):
    room(60)
    report = checked(lambda: None, case(), case(name="fifty clients", files=120))
    assert report.passed
    assert report.headline == "exercise: passed (1 case, 1 not tried here), you may go on"
    limit = open_file_limits()[0]
    assert f"Not tried here: this account may open only {limit:,} files." in repr(report)
    assert "not tried: fifty clients" in repr(report)
    assert "– </span>" not in report._repr_html_()
    assert f"this account may open only {limit:,} files" in report._repr_html_()
    with pytest.raises(ValueError, match="nothing has failed"):
        report.hint(1)


def test_a_failure_beside_a_case_without_room_is_a_failure(room):
    room(60)
    report = checked(lambda: 1 / 0, case(), case(files=120))
    assert report.headline == "exercise: 1 of 2 cases failed, 1 not tried here"
    assert not report.passed


def test_an_exercise_of_which_nothing_has_room_is_not_passed(room):
    room(10)
    report = checked(lambda: None, case(), case())
    assert not report.passed
    assert report.headline == "exercise: not tried here, none of its 2 cases"


def test_an_exercise_without_cases_is_no_matter_of_room():
    assert Report("exercise", []).passed


def test_where_the_checks_own_side_finds_no_room_the_learner_is_not_blamed(room):
    room(30)
    report = checked(lambda: None, case(), case(connect_some(40)))
    assert report.passed
    assert "1 not tried here" in report.headline


def leak(what):
    def function():
        kept = []
        while True:
            kept.append(what())

    return function


@pytest.mark.parametrize(
    "what",
    [socket.socket, selectors.DefaultSelector, partial(open, os.devnull)],
    ids=["sockets", "selectors", "files"],
)
def test_a_function_that_opens_until_there_is_no_room_is_told_so(room, what, nothing_left):
    room(60)
    report = checked(leak(what), case())
    assert not report.passed
    assert "Your code held " in repr(report)
    assert "Close each of them" in repr(report)
    assert "kept.append(what())" in repr(report)


def test_a_server_that_opens_until_there_is_no_room_is_told_so(room, nothing_left):
    room(80)

    def serve(listener):
        connection, _ = listener.accept()
        connection.recv(10)
        leak(socket.socket)()

    def run(function, stage):
        client = stage.client(stage.run(function))
        client.sendall(b"go")
        if client.recv(10) == b"":
            raise Wrong("The server has gone.")

    report = checked(serve, case(run))
    assert "Your code held " in repr(report)


def test_with_little_room_a_right_answer_passes_what_is_tried(room):
    room(52)
    report = run_cases("threaded_echo", solutions.threaded_echo, EXERCISE)
    assert report.passed, report
    assert "1 not tried here" in report.headline


ALL_CROWDED = [
    (name, each)
    for name in exercises()
    for each in find_exercise(name).cases
    if each.files > Case.files
]
JUDGED = dict(each for each in reversed(ALL_CROWDED) if each[0].startswith("judge"))
# The cases of one judge are alike: the first stands for them.
CROWDED = [each for each in ALL_CROWDED if each[0] not in JUDGED] + list(JUDGED.items())


@pytest.mark.parametrize(("name", "crowded"), CROWDED, ids=lambda each: getattr(each, "name", each))
def test_a_case_with_many_peers_takes_no_more_files_than_it_says(room, name, crowded):
    (module,) = ROOT.glob(f"helpers/chapters/*/{name}.py")
    answers = importlib.import_module(f"helpers.chapters.{module.parent.name}.solutions")
    room(crowded.files)
    report = run_cases(
        name,
        getattr(answers, name),
        Exercise((crowded,), "It survives.", again=True, asks_async=name == "telemetry_server"),
    )
    assert report.passed, report


def test_the_crowded_cases_are_found():
    assert len(CROWDED) >= 6
