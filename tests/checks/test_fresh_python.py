"""A check shows a learner's function Python as it has just started, and puts the rest back."""

import socket
import warnings

import numpy as np
import pytest

from helpers.checks.cases import Case, Exercise
from helpers.checks.fresh_python import fresh_python
from helpers.checks.runner import run_cases

HINTS = ("", "", "")


def checked(function):
    """What a check of a function says whose only case calls it."""
    case = Case("case", "It acts.", lambda given, stage: given(), HINTS)
    return run_cases("exercise", function, Exercise((case,), "It survives."))


@pytest.fixture
def hasty():
    socket.setdefaulttimeout(0.2)
    yield
    socket.setdefaulttimeout(None)


def test_a_function_under_check_meets_no_default_timeout_and_the_readers_comes_back(hasty):
    seen = []
    report = checked(lambda: seen.append(socket.getdefaulttimeout()))
    assert report.passed, report
    assert seen == [None]
    assert socket.getdefaulttimeout() == 0.2


def test_a_function_that_sets_one_is_told_and_the_readers_comes_back(hasty):
    report = checked(lambda: socket.setdefaulttimeout(3))
    assert report.left == ["socket.setdefaulttimeout was left at 3.0; it is None again."]
    assert socket.getdefaulttimeout() == 0.2


def test_sockets_of_a_stage_wait_for_ever_whatever_the_default_is(hasty, stage):
    mine, other = stage.connection()
    assert (mine.gettimeout(), other.gettimeout()) == (None, None)
    assert stage.socket_udp("you").gettimeout() is None
    assert stage.client(stage.serve(lambda listener: listener.accept()), 1).gettimeout() == 1


def test_warnings_that_are_errors_are_none_in_a_check():
    def warns():
        warnings.warn("old", DeprecationWarning, stacklevel=1)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        before = list(warnings.filters)
        assert checked(warns).passed
        assert warnings.filters == before


def test_filters_for_some_warnings_stay_as_they_are():
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="mine")
        with fresh_python({}):
            assert ("error", Warning) in [(each[0], each[2]) for each in warnings.filters]


def star(*names):
    """A learner's names after `from numpy import *`."""
    return {name: getattr(np, name) for name in names}


def test_what_numpy_has_put_in_the_place_of_pythons_own_is_pythons_in_the_block():
    names = {**star("all", "any", "sum", "min", "max", "round", "abs", "bool"), "np": np}
    before = dict(names)
    with fresh_python(names):
        assert names["all"](each for each in (True, False)) is False
        assert names["any"](each for each in (False, False)) is False
        assert names["sum"](each for each in (1, 2)) == 3
        assert names["min"](5000, 28) == 28
        assert names["max"]([], default=7) == 7
        assert type(names["round"](1.25)) is int
        assert names["bool"] is bool
        assert names["np"] is np
    assert names == before


def test_with_arrays_and_arguments_of_its_own_numpys_is_meant():
    names = star("sum", "min", "round")
    with fresh_python(names):
        assert names["sum"](np.ones((2, 3)), axis=0).tolist() == [2, 2, 2]
        assert names["sum"]([[1, 2], [3, 4]], axis=1).tolist() == [3, 7]
        assert names["min"](np.array([[3, 1], [2, 4]]), 0).tolist() == [2, 1]
        assert names["round"](np.array([1.26]), 1).tolist() == [1.3]


def test_a_function_of_the_learners_own_of_such_a_name_stays():
    def max(*values):
        return "mine"

    names = {"max": max, "sum": 7}
    with fresh_python(names):
        assert names == {"max": max, "sum": 7}


def test_what_is_given_another_value_in_the_block_keeps_it():
    names = star("sum")
    with fresh_python(names):
        names["sum"] = 3
    assert names == {"sum": 3}


def test_a_right_answer_passes_where_numpys_names_are_the_learners():
    names = star("all", "min")
    exec("def answer():\n    assert not all(x for x in (1, 0))\n    return min(3, 2)", names)
    report = checked(names["answer"])
    assert report.passed, report
    assert names["all"] is np.all
