"""Functions of another kind than an exercise asks for, and coroutines that nobody awaits."""

import asyncio
import functools
import warnings

import pytest

from helpers.checks.cases import Case, Exercise
from helpers.checks.kinds import names_of
from helpers.checks.runner import run_cases
from helpers.checks.values import short
from helpers.checks.wrong import Wrong

HINTS = ("look", "look closer", "there")

pytestmark = pytest.mark.usefixtures("nothing_left")


def wants_five(function, stage):
    got = stage.call(function)
    if got != 5:
        raise Wrong(f"Expected 5, got {got!r}.")


def tried(function, asks_async=False):
    cases = tuple(Case(name, "It acts.", wants_five, HINTS) for name in ("one", "two"))
    return run_cases("exercise", function, Exercise(cases, "", asks_async=asks_async))


async def answers():
    return 5


async def answers_one_by_one():
    yield 5


class Answers:
    async def __call__(self):
        return 5


@pytest.mark.parametrize(
    "function", [answers, answers_one_by_one, functools.partial(answers), Answers()]
)
def test_an_async_def_is_refused_where_a_def_is_asked_for(function):
    report = tried(function)
    assert [each.state for each in report.outcomes] == ["failed", "not tried"]
    assert "It is an `async def`" in report.outcomes[0].problem
    assert "`async`" in report.hint(1)


def test_a_class_with_async_methods_is_refused():
    class Estimator:
        async def add(self):
            return 5

    assert "The method `add` is an `async def`" in tried(Estimator).outcomes[0].problem


def test_a_function_that_returns_a_coroutine_is_refused():
    report = tried(lambda: answers())
    assert "It returned the coroutine `answers`" in report.outcomes[0].problem
    assert "`answers` is an `async` function" in report.hint(1)


def test_a_coroutine_that_came_in_the_place_of_a_result_is_told_as_such():
    def run(function, stage):
        coroutine = function()
        coroutine.close()
        raise Wrong(f"Expected lines, got {short(coroutine)}.", hints=("other", "hints", "here"))

    found = Exercise((Case("one", "It acts.", run, HINTS),), "")
    report = run_cases("exercise", lambda: answers(), found)
    assert "`answers` is an `async` function" in report.hint(1)


def test_a_plain_function_that_drops_a_coroutine_is_told_so():
    def forgets():
        answers()

    report = tried(forgets)
    assert "`answers` was called without `await`" in report.outcomes[0].problem
    assert "`answers` is an `async` function" in report.hint(1)


def test_asyncio_run_in_a_plain_function_is_right():
    def runs():
        return asyncio.run(answers())

    @functools.wraps(answers)
    def wrapped():
        return asyncio.run(answers())

    assert tried(runs)
    assert tried(wrapped)


def test_an_async_def_is_right_where_it_is_asked_for():
    assert tried(answers, asks_async=True)


def test_a_coroutine_that_nobody_awaits_is_told_and_not_warned_of():
    async def forgets():
        asyncio.sleep(0)
        return 4

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        report = tried(forgets, asks_async=True)
    assert warned == []
    for outcome in report.outcomes:  # each case, although Python warns once for a line
        assert "`sleep` was called without `await`" in outcome.problem
        assert outcome.prints == ["The coroutine `sleep` was never awaited."]
    assert "`await`" in report.hint(1)


def test_other_warnings_are_shown_as_ever():
    def warns():
        warnings.warn("mind the gap", RuntimeWarning, stacklevel=1)
        return 5

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        assert tried(warns)
    assert [str(each.message) for each in warned] == ["mind the gap"] * 2


def test_the_names_of_a_module_are_seen_through_partials_and_objects():
    class Plain:
        def __call__(self):
            return 5

    for each in (answers, functools.partial(answers), Plain(), Plain):
        assert names_of(each) is globals()
    assert names_of(print) == {}
