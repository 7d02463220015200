"""Waits on Windows: a link asks for fine ticks once, and a system that has none is left alone."""

import ctypes
import sys

import pytest

from helpers.link import ticks


class Multimedia:
    """In place of the library of Windows that has the call."""

    def __init__(self, asked):
        self.timeBeginPeriod = asked.append


@pytest.fixture
def loading(monkeypatch):
    """Lets a system load libraries by this function; returns the names of those it asks for."""
    ticks.make_fine.cache_clear()
    names = []

    def begin(system, load):
        monkeypatch.setattr(sys, "platform", system)
        monkeypatch.setattr(
            ctypes, "WinDLL", lambda name: names.append(name) or load(name), raising=False
        )
        return names

    yield begin
    ticks.make_fine.cache_clear()


def test_on_windows_a_millisecond_is_asked_for_once(loading):
    asked = []
    loaded = loading("win32", lambda name: Multimedia(asked))
    ticks.make_fine()
    ticks.make_fine()
    assert (loaded, asked) == (["winmm"], [1])


@pytest.mark.parametrize("problem", [OSError, AttributeError])
def test_a_windows_without_the_call_is_left_as_it_is(loading, problem):
    def load(name):
        raise problem(name)

    tried = loading("win32", load)
    ticks.make_fine()
    assert tried == ["winmm"]


def test_other_systems_are_left_as_they_are(loading):
    tried = loading("linux", Multimedia)
    ticks.make_fine()
    assert not tried
