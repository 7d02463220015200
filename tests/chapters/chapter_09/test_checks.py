"""The checks of chapter 09 beyond their answers: what a report says, what is seen in every run."""

import asyncio
import contextlib
import io
from dataclasses import replace

import pytest

from chapters.chapter_09 import bricks, right, wrong
from helpers.chapters.chapter_08.beliefs import GIL
from helpers.chapters.chapter_09 import solutions
from helpers.chapters.chapter_09._counts import _compare
from helpers.checks import runner
from helpers.checks.wrong import Wrong
from helpers.study.finding import find_exercise

pytestmark = pytest.mark.usefixtures("nothing_left")

NAMES = ("take_lines", "send_some", "selector_broker")


def tried(function, case):
    """The outcome of a function that was tried against one case of its exercise."""
    exercise = find_exercise(function.__name__)
    cases = tuple(each for each in exercise.cases if each.name == case)
    with contextlib.redirect_stdout(io.StringIO()):
        report = runner.run_cases(function.__name__, function, replace(exercise, cases=cases))
    return report.outcomes[0]


# Counts


def test_counts_that_are_each_there_once_are_right():
    _compare("They were counted.", [[1, 4], [2, 3]])


def test_a_count_that_comes_twice_is_a_lost_update():
    with pytest.raises(Wrong, match="readings were lost") as caught:
        _compare("They were counted.", [[1, 2], [2, 3]])
    assert caught.value.misconception is GIL


@pytest.mark.parametrize("counts", [[[1, 3], [4, 5]], [[2, 1], [3, 4]], [[0, 1]]])
def test_other_counts_are_wrong_without_that_belief(counts):
    with pytest.raises(Wrong) as caught:
        _compare("They were counted.", counts)
    assert caught.value.misconception is None


@pytest.mark.parametrize(
    ("function", "case"),
    [
        (wrong.stores_between_reading_and_writing, wrong.AT_ONCE),
        (wrong.gives_others_a_turn_in_the_middle, wrong.AT_ONCE),
        (wrong.counts_in_threads_without_a_lock, wrong.AT_ONCE),
        (wrong.stores_the_readings_in_a_thread, wrong.AT_ONCE),
        (wrong.counts_up_when_the_answer_has_gone, wrong.DEAF),
    ],
    ids=lambda each: getattr(each, "label", None),
)
def test_a_lost_update_is_seen_in_every_run(function, case):
    for _ in range(5):
        outcome = tried(function, case)
        assert outcome.misconception is GIL, outcome.problem


# The broker


def test_the_others_go_on_when_a_line_meets_a_dead_client():
    for _ in range(5):
        outcome = tried(wrong.fails_when_it_sends_to_the_dead, wrong.RESET)
        assert outcome.misconception.name == wrong.GOODBYE, outcome.problem
        assert tried(right.brokers_by_callbacks, wrong.RESET).passed


@pytest.mark.parametrize(
    ("function", "belief"),
    [
        (wrong.always_watches_for_room, wrong.WRITABLE),
        (wrong.gives_select_no_time, wrong.FASTER),
    ],
    ids=lambda each: getattr(each, "label", None),
)
def test_a_broker_that_never_rests_hears_why(function, belief):
    # On a busy machine it may get so little of a processor that nobody sees it.
    outcomes = (tried(function, wrong.NOTHING) for _ in range(20))
    seen = next(each for each in outcomes if not each.passed)
    assert seen.misconception.name == belief


@pytest.mark.parametrize(
    ("function", "case"),
    [
        (right.brokers_by_generators, wrong.NOTHING),
        (right.brokers_by_asyncio_inside, wrong.NEVER),
        (right.telemetry_counted_in_threads_with_a_lock, wrong.FLOOD),
        (bricks.sends_until_there_is_no_room, bricks.FULL),
        (bricks.asks_for_room_first, bricks.PART),
        (solutions.send_some, bricks.GONE),
    ],
    ids=lambda each: getattr(each, "label", None),
)
def test_a_right_answer_passes_the_strict_cases_in_every_run(function, case):
    for _ in range(5):
        outcome = tried(function, case)
        assert outcome.passed, outcome.problem


def test_an_exact_limit_is_told_from_one_byte_more():
    assert tried(wrong.disconnects_at_the_limit_and_not_above, wrong.MEGABYTE).problem
    assert tried(wrong.keeps_two_million_bytes, wrong.NEVER).problem


# The bricks


@pytest.mark.parametrize(
    ("function", "case", "told"),
    [
        (bricks.gives_its_name_a_new_value, bricks.HALF, "it holds b'lamp on"),
        (bricks.clears_the_buffer, bricks.HALF, "should hold b'lamp o'; it holds b''"),
        (bricks.takes_it_all_for_sent, bricks.PART, "0 are left in the buffer"),
        (bricks.swallows_every_error, bricks.GONE, "Expected a ConnectionError"),
        (bricks.tries_until_all_has_gone, bricks.FULL, "only when the peer had read"),
    ],
    ids=lambda each: getattr(each, "label", None),
)
def test_a_brick_hears_what_came_of_it(function, case, told):
    assert told in tried(function, case).problem


# What is no such function


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("function", [None, print, lambda *_: None, lambda *_: 1 / 0])
def test_what_is_no_such_function_fails_in_words(name, function):
    with contextlib.redirect_stdout(io.StringIO()):
        report = runner.run_cases(name, function, find_exercise(name))
    assert not all(outcome.passed for outcome in report.outcomes)
    assert "The check itself" not in repr(report)


def test_functions_of_the_wrong_kind_fail_in_words():
    async def coroutine(listener):
        await asyncio.sleep(0)

    def generator(listener):
        yield listener

    for function, words in ((coroutine, "a plain function"), (generator, "ordinary function")):
        report = runner.run_cases("selector_broker", function, find_exercise("selector_broker"))
        assert words in report.outcomes[0].problem
