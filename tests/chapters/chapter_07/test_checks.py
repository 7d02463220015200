"""The checks of chapter 07 beyond their answers: other results, slips, hints."""

import contextlib
import io
import re
from dataclasses import replace

import pytest

from chapters.chapter_07 import right
from helpers.chapters.chapter_06 import _wire as wire
from helpers.chapters.chapter_07 import _congestion_hints, _selective_hints, _window_hints
from helpers.chapters.chapter_07._congestion_models import SLIPS as WINDOWS
from helpers.chapters.chapter_07._selective import A, B, C, D
from helpers.chapters.chapter_07._selective_models import RIGHT as RECEIVER
from helpers.chapters.chapter_07._selective_models import SLIPS as RECEIVERS
from helpers.chapters.chapter_07.CongestionWindow import EXERCISE
from helpers.checks import runner
from helpers.study.check import check
from helpers.study.finding import find_exercise

pytestmark = pytest.mark.usefixtures("nothing_left")

RIGHT = dict(reversed(right.RIGHT))  # the first of each exercise


def tried(name, function, cases=99):
    """The report of a function that was tried against the first of an exercise's cases."""
    exercise = replace(find_exercise(name), cases=find_exercise(name).cases[:cases])
    with contextlib.redirect_stdout(io.StringIO()):
        return runner.run_cases(name, function, exercise)


@pytest.mark.parametrize("result", [None, 8.0, "8", True, [8]])
def test_a_window_with_another_result_hears_what_was_expected(result):
    def go_back_n_send(sock, address, messages, window, timeout):
        RIGHT["go_back_n_send"](sock, address, messages, window, timeout)
        return result

    first = tried("go_back_n_send", go_back_n_send, cases=1).outcomes[0]
    assert "xpected" in first.problem


@pytest.mark.parametrize("result", [None, (b"21.5",), ["21.5"], [bytearray(b"21.5")], {}])
def test_a_receiver_with_another_result_hears_what_was_expected(result):
    def receive_selectively(sock, window):
        RIGHT["receive_selectively"](sock, window)
        return result

    first = tried("receive_selectively", receive_selectively, cases=1).outcomes[0]
    assert "xpected" in first.problem


@pytest.mark.parametrize("name", ["receive_selectively", "go_back_n_send"])
def test_a_function_that_closes_the_callers_socket_hears_so(name):
    def closes(sock, *rest):
        try:
            return RIGHT[name](sock, *rest)
        finally:
            sock.close()

    closes.__name__ = name
    assert "has closed sock" in tried(name, closes, cases=1).outcomes[0].problem


@pytest.mark.parametrize("name", ["receive_selectively", "go_back_n_send"])
def test_a_report_draws_the_conversation_in_words(name):
    def stops(sock, *rest):
        RIGHT[name](sock, *rest)

    stops.__name__ = name
    assert "DATA 1" in repr(tried(name, stops, cases=1))


def test_a_right_receiver_does_what_the_contract_says():
    told = RECEIVER.receive([A, C, A, B, D, wire.end(5)], 4)
    assert told == ([1, 3, 1, 2, 4, 5], [A[5:], B[5:], C[5:], D[5:]])
    assert RECEIVER.receive([D, A], 3) == ([1], None)  # beyond, and no END


def test_every_slip_of_a_receiver_differs_from_the_right_one_somewhere():
    end = wire.end
    series = [
        ([A, C, D, B, end(5)], 4), ([A, C, D, B, A, A, end(5)], 8),
        ([A, A, C, C, B, A, C, end(4)], 8), ([B, C, D, A, D, end(5)], 3),
        ([A, B, A, B, C, D, C, end(5)], 2), ([A, end(3), B, end(3)], 4),
        ([A, end(2), end(2)], 4), ([B, A, B, end(3)], 1),
    ]  # fmt: skip
    for model, _, _ in RECEIVERS:
        assert any(model.receive(*each) != RECEIVER.receive(*each) for each in series), model


@pytest.mark.parametrize(
    ("model", "belief", "hints"), WINDOWS, ids=[m.__name__ for m, _, _ in WINDOWS]
)
def test_a_window_hears_of_the_slip_that_it_has(model, belief, hints):
    class CongestionWindow(model):
        """Named as the exercise."""

        note = 0

    report = runner.run_cases("CongestionWindow", CongestionWindow, EXERCISE)
    first = next(each for each in report.outcomes if each.problem)
    assert first.misconception is belief
    assert report.hint(1) == (hints or belief.hints)[0]


def test_an_untouched_window_is_not_started():
    class CongestionWindow:
        """A window."""

        def __init__(self) -> None:
            """Start."""
            raise NotImplementedError

        def acked(self) -> None:
            """Grow."""
            raise NotImplementedError

        def lost(self) -> None:
            """Halve."""
            raise NotImplementedError

        def timed_out(self) -> None:
            """Begin again."""
            raise NotImplementedError

    assert "not started" in repr(check(CongestionWindow))


HINTS = [
    pytest.param(each, id=f"{module.__name__.rpartition('.')[2]}.{name}")
    for module in (_congestion_hints, _selective_hints, _window_hints)
    for name, each in vars(module).items()
    if isinstance(each, tuple)
]


@pytest.mark.parametrize("hints", HINTS)
def test_a_failure_has_three_hints_in_whole_sentences_without_code(hints):
    assert len(set(hints)) == 3
    for hint in hints:
        assert hint.endswith((".", "?"))
        assert not re.search(r"\b(sock)\.\w|def |return \(", hint)
