"""The checks of chapter 08 beyond their answers: what a report says, what is seen in every run."""

import asyncio
import contextlib
import io
import sys
import threading
from dataclasses import replace

import pytest

from chapters.chapter_08 import right, wrong
from helpers.chapters.chapter_08._counts import _compare
from helpers.chapters.chapter_08._lines import Talker, pieces
from helpers.chapters.chapter_08._standing import spins
from helpers.chapters.chapter_08.beliefs import GIL
from helpers.checks import runner
from helpers.checks.wrong import Wrong
from helpers.study.finding import find_exercise

pytestmark = pytest.mark.usefixtures("nothing_left")

NAMES = ("threaded_echo", "selector_broker")


def tried(function, case):
    """The outcome of a function that was tried against one case of its exercise."""
    exercise = find_exercise(function.__name__)
    cases = tuple(each for each in exercise.cases if each.name == case)
    with contextlib.redirect_stdout(io.StringIO()):
        report = runner.run_cases(function.__name__, function, replace(exercise, cases=cases))
    return report.outcomes[0]


# Peers that speak in lines


@pytest.fixture
def talker(stage):
    mine, peer = stage.connection("client")
    peer.settimeout(10)
    return mine, Talker(peer)


def test_a_line_is_heard_with_its_newline_and_the_next_one_waits(talker):
    mine, client = talker
    mine.sendall(b"one\n\ntwo\nth")
    assert [client.hear() for _ in range(3)] == [b"one\n", b"\n", b"two\n"]
    mine.sendall(b"ree\n")
    assert client.hear() == b"three\n"


def test_where_the_connection_ends_no_line_is_heard_and_the_half_is_known(talker):
    mine, client = talker
    mine.sendall(b"half a l")
    mine.close()
    assert client.hear() is None
    assert client.half == b"half a l"


def test_a_client_that_vanishes_resets_its_connection(talker):
    mine, client = talker
    client.vanish()
    with pytest.raises(ConnectionResetError):
        mine.recv(10)


def test_an_end_is_told_from_more_that_comes(talker):
    mine, client = talker
    mine.sendall(b"more")
    assert not client.is_ended()
    mine.close()
    assert client.is_ended()


def test_bytes_are_cut_where_they_should_be():
    assert pieces(b"abcdef", 1, 4) == [b"a", b"bcd", b"ef"]


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


def test_the_others_go_on_when_a_line_meets_a_dead_client():
    for _ in range(5):
        outcome = tried(wrong.fails_when_it_sends_to_the_dead, wrong.RESET)
        assert outcome.misconception.name == wrong.GOODBYE, outcome.problem
        assert tried(right.brokers_by_callbacks, wrong.RESET).passed


# What waiting costs, and who rests


def test_a_thread_that_goes_round_spins_and_one_that_waits_does_not():
    end = threading.Event()

    def goes_round():
        while not end.is_set():
            pass

    busy, waiting = (threading.Thread(target=each, daemon=True) for each in (goes_round, end.wait))
    busy.start()
    waiting.start()
    try:
        assert spins(lambda: [busy])
        if sys.platform == "linux":  # elsewhere it is the whole process that is seen
            assert not spins(lambda: [waiting])
    finally:
        end.set()
        busy.join()
        waiting.join()


@pytest.mark.parametrize(
    ("function", "case"),
    [
        (right.echoes_with_timeouts_that_only_look_round, wrong.FIFTY),
        (right.brokers_by_generators, wrong.NOTHING),
        (right.brokers_by_asyncio_inside, wrong.NEVER),
        (right.telemetry_counted_in_threads_with_a_lock, wrong.FLOOD),
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


# What is no such function


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("function", [None, print, lambda: None, lambda listener: 1 / 0])
def test_what_is_no_such_function_fails_in_words(name, function):
    with contextlib.redirect_stdout(io.StringIO()):
        report = runner.run_cases(name, function, find_exercise(name))
    assert not any(outcome.passed for outcome in report.outcomes)
    assert "The check itself" not in repr(report)


def test_functions_of_the_wrong_kind_fail_in_words():
    async def coroutine(listener):
        await asyncio.sleep(0)

    def generator(listener):
        yield listener

    for name in NAMES:
        for function, words in ((coroutine, "a plain function"), (generator, "ordinary function")):
            report = runner.run_cases(name, function, find_exercise(name))
            assert words in report.outcomes[0].problem
