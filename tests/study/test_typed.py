"""What people type in a field for a number is read as they mean it, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.study.typed import read_number
from helpers.study.wanted import Wanted


def read(text, unit="", low=None, high=None):
    return Wanted(low, high, unit).typed(text)


@pytest.mark.parametrize(
    ("typed", "unit", "number"),
    [
        ("1,024", "bytes", 1024),
        ("1 024", "bytes", 1024),
        ("1\u202f024", "bytes", 1024),
        ("1.024", "bytes", 1024),
        ("1'024", "bytes", 1024),
        ("1_000_000", "bytes", 1_000_000),
        ("12,345,678", "bytes", 12_345_678),
        ("1024 bytes", "bytes", 1024),
        ("1 byte", "bytes", 1),
        ("64 kB", "bytes", 64_000),
        ("64 KiB", "bytes", 65_536),
        ("1e3", "bytes", 1000),
        ("10k", "clients", 10_000),
        ("about 5", "packets", 5),
        ("~ 5?", "packets", 5),
        ("I think 5.", "packets", 5),
        ("5 of them", "packets", 5),
        ("six", "packets", 6),
        ("none", "packets", 0),
        (".5", "s", 0.5),
        ("0,5", "ms", 0.5),
        ("0.5 seconds", "s", 0.5),
        ("500 ms", "s", 0.5),
        ("2 s", "ms", 2000),
        ("200 us", "µs", 200),
        ("200 μs", "µs", 200),  # another letter that looks the same
        ("1.500", "s", 1.5),
        ("1,024.5", "ms", 1024.5),
        ("1.024,5", "ms", 1024.5),
        ("50 %", "%", 50),
        ("50 percent", "%", 50),
        ("50 %", "of 100", 50),
        ("50 %", "of 200", 100),
        ("64of 100", "of 100", 64),
        ("-3", "°C", -3),
    ],
)
def test_a_number_is_read_as_a_person_means_it_by_the_fields_unit(typed, unit, number):
    assert read(typed, unit) == number


def test_where_a_comma_may_mean_two_things_the_bounds_decide():
    assert read("1,024", "ms", low=0, high=50) == 1.024
    assert read("1,024", "ms", low=0, high=5000) == 1024


def test_a_percentage_of_a_share_is_a_share():
    assert read("50 %", low=0, high=1) == 0.5
    assert read("50 %", low=0, high=100) == 50


@pytest.mark.parametrize(
    "typed", ["", "many", "1/2", "5 or 6", "10-20", "nan", "--1", "6 4", "1,2,3", "1.2.3", "5 ms"]
)
def test_what_can_mean_several_things_or_nothing_is_asked_again(typed):
    assert read(typed, "of 100") is None


@given(st.text(max_size=20), st.sampled_from(["", "ms", "bytes", "%", "of 100"]))
def test_no_text_raises(text, unit):
    number = read_number(text, unit, lambda value: value >= 0)
    assert number is None or isinstance(number, float)


@given(st.integers(0, 10**9))
def test_every_whole_number_is_read_with_groups_and_without(number):
    for text in (str(number), f"{number:,}", f"{number:_}", f"{number:,}".replace(",", " ")):
        assert read(text, "bytes") == number
