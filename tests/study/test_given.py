"""What may be given to `check`: an exercise's function, under whatever name, and nothing else."""

import functools
import warnings

import pytest

from helpers.study import check as check_module
from helpers.study import progress
from helpers.study.check import check


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch, nothing_left):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))


def divides(part, whole):
    """An answer to `one_way_loss` that is wrong, under a name of its own."""
    return part / whole


def timer(function):
    def wrapper(*args):
        return function(*args)

    return wrapper


class Divides:
    def __call__(self, part, whole):
        return divides(part, whole)


@pytest.mark.parametrize(
    "made",
    [
        lambda part, whole: divides(part, whole),
        functools.partial(divides),
        timer(divides),
        Divides(),
        divides,
    ],
    ids=["lambda", "partial", "decorated", "object", "another name"],
)
def test_what_has_lost_its_name_is_taken_for_the_exercise_that_it_is_bound_to(made):
    one_way_loss = made
    report = check(one_way_loss)
    assert report.exercise == "one_way_loss"
    assert progress.attempts("one_way_loss") == 1


def refusal(value, **names):
    """What check says where a cell knows these names as well."""
    scope = {"check": check, "value": value, **names}
    with pytest.raises(TypeError) as caught:
        exec("check(value)", scope)
    assert len(str(caught.value)) < 400
    return str(caught.value)


def test_two_exercises_for_one_function_are_no_answer():
    made = timer(divides)
    assert "wrapper" in refusal(made, one_way_loss=made, longest_gap=made)


async def waits():
    """A coroutine function."""


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (lambda: None, "a lambda, which has no name of its own"),
        (functools.partial(divides), "a partial of the function divides"),
        (timer(divides), "`timer.<locals>.wrapper`, as a decorator without `functools.wraps`"),
        (Divides(), "an object of the class Divides"),
        (None, "None, which is what a call gives whose function returns nothing"),
        (5, "got 5: write check("),
        ("one_way_loss", "write check(one_way_loss), without the quotes"),
        (divides, "no exercise has this name"),
    ],
)
def test_what_came_is_said(value, words):
    told = refusal(value)
    assert words in told
    assert "write check(" in told


def test_a_name_that_is_nearly_an_exercises_gets_it_as_advice():
    def fetch_welcom(address, timeout):
        return ""

    assert "`fetch_welcome`, which comes nearest" in refusal(fetch_welcom)


def test_a_class_in_the_place_of_a_function_is_refused():
    made = type("one_way_loss", (), {})
    assert "`one_way_loss` is a class here" in refusal(made)


def test_a_coroutine_is_told_and_closed():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "a coroutine" in refusal(waits())


def test_a_call_in_the_place_of_the_function_is_told():
    def one_way_loss(answered, asked):
        return None

    with pytest.raises(TypeError, match=r"`one_way_loss\(…\)` calls the function.*: None"):
        check(one_way_loss(1, 2))


def test_one_case_is_chosen_by_a_part_of_its_name_and_counts_for_nothing(monkeypatch):
    def one_way_loss(answered, asked):
        return 5.0

    name = check_module.find_exercise("one_way_loss").cases[0].name
    report = check(one_way_loss, case=name.upper()[:-1])
    assert [each.case.name for each in report.outcomes] == [name]
    assert report.alone > 1
    assert progress.attempts("one_way_loss") == 0


@pytest.mark.parametrize("wanted", ["no such case", "", 5])
def test_a_case_that_is_not_known_is_told_with_those_that_are(wanted):
    def one_way_loss(answered, asked):
        return 5.0

    names = [case.name for case in check_module.find_exercise("one_way_loss").cases]
    with pytest.raises(ValueError) as caught:
        check(one_way_loss, case=wanted)
    assert all(f"\n  {name}" in str(caught.value) for name in names)


def test_a_report_is_true_where_the_function_has_passed():
    def one_way_loss(answered, asked):
        return 5.0

    assert not check(one_way_loss)
    with pytest.raises(AssertionError):
        assert check(one_way_loss)
