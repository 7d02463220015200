"""The checks of chapter 08 beyond their answers: what a report says, what is seen in every run."""

import asyncio
import contextlib
import io
import threading
from dataclasses import replace

import pytest

from chapters.chapter_08 import right, wrong
from helpers.chapters.chapter_08._lines import Talker, pieces
from helpers.chapters.chapter_08._totals import SlowTotals, locks_in_hand
from helpers.checks import runner
from helpers.study.finding import find_exercise

pytestmark = pytest.mark.usefixtures("nothing_left")

NAMES = ("threaded_echo", "tally_server")


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


# Updates that are lost


@pytest.mark.parametrize(
    ("function", "case", "belief"),
    [
        (wrong.counts_without_a_lock, wrong.TWENTY, wrong.GIL),
        (wrong.trusts_plus_equals, wrong.TWENTY, wrong.GIL),
        (wrong.makes_a_lock_for_each_update, wrong.TWENTY, wrong.EACH),
        (wrong.has_threads_with_a_lock_each, wrong.TWENTY, wrong.EACH),
        (wrong.holds_the_lock_while_it_sends, wrong.DEAF, wrong.HOLDING),
    ],
    ids=lambda each: getattr(each, "label", None),
)
def test_what_is_wrong_with_a_lock_is_seen_in_every_run(function, case, belief):
    for _ in range(5):
        outcome = tried(function, case)
        assert outcome.misconception, outcome.problem
        assert outcome.misconception.name == belief, outcome.problem


@pytest.mark.parametrize(
    "function",
    [wrong.has_a_variable_that_all_threads_share, wrong.looks_again_when_the_lock_is_free],
    ids=lambda each: each.label,
)
def test_an_answer_that_is_taken_after_the_lock_is_seen_in_every_run(function):
    for _ in range(5):
        assert "Expected that each is told another count" in tried(function, wrong.TWENTY).problem


@pytest.mark.parametrize(
    "function",
    [wrong.locks_only_the_writing, wrong.takes_the_lock_twice],
    ids=lambda each: each.label,
)
def test_an_update_that_only_half_a_lock_protects_is_lost_in_every_run(function):
    for _ in range(5):
        assert "were lost" in tried(function, wrong.TWENTY).problem


def test_a_mapping_without_a_server_holds_nobody_and_counts():
    totals = SlowTotals()
    totals["lamp"] = totals.get("lamp", 0) + 1
    totals.setdefault("door", 0)
    totals["door"] += 1
    assert dict(totals) == {"lamp": 1, "door": 1}
    assert "bulb" not in totals
    with pytest.raises(KeyError):
        totals["bulb"]


def test_locks_that_this_thread_can_reach_are_found_while_they_are_taken():
    names = {"locks_in_hand": locks_in_hand}
    exec(compile(LOCKS, "<a learner's>", "exec"), names)
    free, taken, makes, lock = names["looks"]()
    assert (free, taken, makes) == ([], [lock], True)


LOCKS = """
import threading

def looks():
    lock = threading.Lock()
    free, makes = locks_in_hand()
    with lock:
        taken, _ = locks_in_hand()
    return free, taken, makes, lock
"""


# What waiting costs, and who rests


@pytest.mark.parametrize(
    ("function", "case"),
    [
        (right.echoes_with_timeouts_that_only_look_round, wrong.FIFTY),
        (right.counts_with_one_lock, wrong.TWENTY),
        (right.counts_with_a_lock_of_the_module, wrong.TWENTY),
        (right.counts_all_lines_of_a_piece_and_then_answers, wrong.DEAF),
    ],
    ids=lambda each: getattr(each, "label", None),
)
def test_a_right_answer_passes_the_strict_cases_in_every_run(function, case):
    for _ in range(5):
        outcome = tried(function, case)
        assert outcome.passed, outcome.problem


# Who closes what


def test_the_line_that_closes_what_another_thread_serves_is_named():
    def threaded_echo(listener):
        def serve(connection):
            while data := connection.recv(4096):
                connection.sendall(data)

        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection:
                    threading.Thread(target=serve, args=(connection,), daemon=True).start()

    for _ in range(20):  # on a busy machine a client may be through before its socket is closed
        outcome = tried(threaded_echo, "one client, word by word")
        if outcome.problem:
            break
    assert "closed before that: by line " in outcome.problem
    assert "`with connection:`, in another thread" in outcome.problem
    assert "goes on at once" in outcome.hints[1]


def test_a_lock_that_is_held_while_sending_is_not_laid_to_the_line_that_accepts():
    outcome = tried(wrong.holds_the_lock_while_it_sends, wrong.DEAF)
    assert "waited for a lock" in outcome.problem
    assert "accept" not in outcome.problem


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
