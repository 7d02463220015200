"""The checks of chapter 05 beyond their answers: what they expect, and what a report says."""

import contextlib
import io
import math
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from chapters.chapter_05 import wrong as chapter_05
from helpers.chapters.chapter_05._checksum import MISTAKES
from helpers.chapters.chapter_05._numbers import call_with_lists, is_number, is_rounded, near
from helpers.chapters.chapter_05._records import TELLING, gaps, never_came
from helpers.chapters.chapter_05._sums import internet
from helpers.chapters.chapter_05._wilson import right_ends, slips
from helpers.chapters.chapter_05.checksum import TELLING as TELLING_DATA
from helpers.chapters.chapter_05.interarrival_jitter import JITTER, TRANSITS
from helpers.checks import runner
from helpers.checks.wrong import Wrong
from helpers.study.finding import find_exercise

pytestmark = pytest.mark.usefixtures("nothing_left")


def tried(name, function, cases=99):
    """The report of a function that was tried against the first of an exercise's cases."""
    exercise = replace(find_exercise(name), cases=find_exercise(name).cases[:cases])
    with contextlib.redirect_stdout(io.StringIO()):
        return runner.run_cases(name, function, exercise)


# What a check takes for a number


@pytest.mark.parametrize("value", [0, 0.5, np.float64(0.5), np.int64(3), np.float32(0.5)])
def test_numbers_of_python_and_of_numpy_are_numbers(value):
    assert is_number(value)


@pytest.mark.parametrize("value", [True, np.True_, math.nan, math.inf, 0.5j, "0.5", None, [0.5]])
def test_what_is_no_finite_real_number_is_none(value):
    assert not is_number(value)
    assert not near(value, 0.5, 10)


# What a check expects


@pytest.mark.parametrize("sent", [1, 2, 3, 10, 50, 100, 1000])
def test_the_interval_by_its_definition_is_that_of_wilsons_formula(sent):
    for lost in {0, 1, sent // 3, sent - 1, sent}:
        share, z2 = lost / sent, 1.96**2
        root = (share * (1 - share) / sent + z2 / (4 * sent * sent)) ** 0.5
        centre, half = share + z2 / (2 * sent), 1.96 * root
        ends = [(centre + side * half) / (1 + z2 / sent) for side in (-1, 1)]
        assert right_ends(lost, sent) == pytest.approx(ends, abs=1e-9)


def test_the_jitter_of_the_five_packets_is_that_of_the_rfc():
    jitter = 0.0
    for before, after in pairwise(TRANSITS):
        jitter += (abs(after - before) - jitter) / 16
    assert jitter == pytest.approx(JITTER, abs=1e-12)


def test_a_list_that_was_changed_is_named(stage):
    def changes(sent, received):
        received.clear()

    with pytest.raises(Wrong, match="has changed the list `received`"):
        call_with_lists(changes, stage, "loss_report", [1, 2], [1])


def test_a_list_that_was_left_alone_is_passed_as_it_is(stage):
    got, told = call_with_lists(lambda sent, received: sent + received, stage, "f", [1, 2], [1])
    assert (got, told) == ([1, 2, 1], "f([1, 2], [1])")


# Results of other types


@pytest.mark.parametrize(
    ("name", "result"),
    [
        *(("one_way_loss", each) for each in (None, "0.3", True, (0.3,), 0.3j, math.nan)),
        *(("loss_interval", each) for each in (None, 0.1, (), (0, 1, 2), ("0", "1"), [0.1, 0.6])),
        *(("loss_report", each) for each in (None, (2, 0, 0), {"lost": 2}, 2)),
        ("loss_report", SimpleNamespace(lost="2", duplicated=None, reordered=[])),
        *(("longest_gap", each) for each in (None, "3", [3], (1, 3), math.nan)),
        *(("interarrival_jitter", each) for each in (None, "0.001", [0.001], math.inf)),
        *(("checksum", each) for each in (None, "0x220d", b"\x22\x0d", (0x22, 0x0D))),
    ],
)
def test_another_kind_of_result_hears_what_was_expected(name, result):
    def answer(*_):
        return result

    first = tried(name, answer, cases=1).outcomes[0]
    assert not first.passed
    assert "xpected" in first.problem
    assert first.misconception is None


def test_a_report_may_be_any_object_with_the_three_attributes():
    class Anything:
        lost, duplicated, reordered = 2, 0, 0

    def answer(sent, received):
        thing = Anything()
        thing.lost = len(sent) - len(received)
        return thing

    assert tried("loss_report", answer, cases=1).passed


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda low, high: (round(low, 3), round(high, 3)), "Yours is rounded"),
        (lambda low, high: (100 * low, 100 * high), "Yours is in percent"),
        (lambda low, high: ((low + high) / 2, (high - low) / 2), "Yours is centre and half"),
        (lambda low, high: (high, low), "The lower end comes first"),
    ],
)
def test_an_interval_in_another_form_hears_in_which(change, said):
    def answer(lost, sent):
        return change(*right_ends(lost, sent))

    first = tried("loss_interval", answer, 1).outcomes[0]
    assert not first.passed and said in first.problem


def test_a_loss_each_way_that_is_rounded_hears_that_it_is():
    def answer(answered, asked):
        return round(1 - (answered / asked) ** 0.5, 2)

    report = tried("one_way_loss", answer, 1)
    assert "Yours is rounded" in report.outcomes[0].problem
    assert "lost its digits" in report.hint(1)


def test_what_is_100_times_too_large_in_one_case_only_is_not_called_percent():
    """For 0 of 10 the slip gives 100 times the interval: n squared."""
    report = tried("loss_interval", chapter_05.lets_a_division_cover_too_little)
    assert not report.passed and "percent" not in repr(report)


def test_an_interval_of_another_kind_is_not_called_rounded():
    report = tried("loss_interval", chapter_05.takes_three_by_n_where_none_is_lost)
    assert not report.passed and "rounded" not in repr(report)


@pytest.mark.parametrize("name", ["longest_gap", "loss_report"])
def test_a_result_of_none_is_told_where_it_may_come_from(name):
    first = tried(name, lambda *_: print(3), 1).outcomes[0]
    assert "Does your function return its result?" in first.problem


def test_a_loop_that_goes_one_packet_too_far_is_told_of_the_last():
    report = tried("interarrival_jitter", chapter_05.goes_one_packet_too_far)
    assert "IndexError" in repr(report)
    assert "the last packet has no next one" in report.hint(1)


@pytest.mark.parametrize("got", [(0.31, 0.6), (0.2, 0.7), (0.1, 0.6), (0.1, 0.7), (0.11, 0.61)])
def test_an_interval_that_is_wrong_in_another_way_is_not_named(got):
    first = tried("loss_interval", lambda lost, sent: got if lost == 3 else (0, 1), 1).outcomes[0]
    assert first.problem.endswith(f"got {got}.")
    assert "Print centre and half" in first.hints[0]


@pytest.mark.parametrize("counts", [(3, 10), (1, 10), (9, 10), (30, 100)])
def test_no_slip_in_wilsons_formula_gives_the_right_interval(counts):
    for slip in slips(*counts):
        distances = (abs(a - b) for a, b in zip(slip.value, right_ends(*counts), strict=True))
        assert max(distances) > 2e-5, slip.told


@pytest.mark.parametrize("got", [0.4, 0.42, 0.43, 0.423, 0.42265])
def test_what_is_cut_to_some_places_or_goes_in_hundredths_is_rounded(got):
    assert is_rounded(got, 1 - 3**-0.5)


@pytest.mark.parametrize("got", [0.41, 0.5, 1 - 3**-0.5, 0.4226497])
def test_what_is_wrong_by_more_or_fine_enough_is_not_rounded(got):
    assert not is_rounded(got, 1 - 3**-0.5)


def test_an_interval_that_begins_a_rounding_below_zero_is_told_so_in_a_case_of_its_own():
    def answer(lost, sent):
        low, high = right_ends(lost, sent)
        return low - 1e-16, high + 1e-16

    report = tried("loss_interval", answer)
    failed = [outcome.case.name for outcome in report.outcomes if not outcome.passed]
    assert failed[0] == "ends within 0 and 1"
    assert "last digit" in report.hint(1)


def test_what_is_kept_between_calls_is_found_also_where_the_first_call_is_wrong():
    calls = []

    def answer(sent, received):
        calls.append(sent)
        return len(calls)

    first = tried("longest_gap", answer).outcomes[0]
    assert "another result for the same arguments" in first.problem


def test_a_belief_is_named_only_where_it_fits_the_telling_records_too():
    def in_all_here_only(sent, received):
        return 7 if (sent, received) in TELLING else never_came(sent, received)

    first = tried("longest_gap", in_all_here_only, 1).outcomes[0]
    assert "You count all that were lost" in first.hints[0]
    assert first.misconception is None


def test_the_gaps_of_a_record_are_counted_at_both_ends():
    assert gaps([1, 2, 3, 4, 5, 6], [4, 3, 3, 99]) == [2, 0, 2]


def test_no_mistake_about_the_checksum_is_right_for_the_telling_datagrams():
    for slip in MISTAKES:
        assert any(slip.value(data) != internet(data) for data in TELLING_DATA), slip.told


def test_no_two_mistakes_about_the_checksum_give_the_same_for_the_telling_datagrams():
    told = {}
    for slip in MISTAKES:
        told.setdefault(tuple(slip.value(data) for data in TELLING_DATA), set()).add(slip.told)
    assert [each for each in told.values() if len(each) > 1] == []


def test_a_sum_with_wrong_pairs_is_not_taken_for_a_check_that_looks_at_places():
    def of_four_bytes(data):
        data += bytes(-len(data) % 4)
        total = sum(int.from_bytes(data[at : at + 4], "big") for at in range(0, len(data), 4))
        return ~(total % 99_991) & 0xFFFF

    first = tried("checksum", of_four_bytes).outcomes[0]
    assert not first.passed and first.misconception is None


def test_bytes_that_do_not_count_are_named_by_their_first_place():
    report = tried("checksum", lambda data: internet(data[:6]), 1)
    assert "the byte at place 6" in report.outcomes[0].problem
