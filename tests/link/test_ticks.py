"""Waits on Windows: a link asks for fine ticks once, and a system that has none is left alone."""

import ctypes
import sys

import pytest

from helpers.link import ticks


class Multimedia:
    """In place of the library of Windows that has the call."""

    def __init__(self, asked):
        self.timeBeginPeriod = asked.append


@pytest.fixture(autouse=True)
def anew():
    ticks.make_fine.cache_clear()
    yield
    ticks.make_fine.cache_clear()


def test_on_windows_a_millisecond_is_asked_for_once(monkeypatch):
    asked, loaded = [], []

    def load(name):
        loaded.append(name)
        return Multimedia(asked)

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "WinDLL", load, raising=False)
    ticks.make_fine()
    ticks.make_fine()
    assert (loaded, asked) == (["winmm"], [1])


@pytest.mark.parametrize("problem", [OSError, AttributeError])
def test_a_windows_without_the_call_is_left_as_it_is(monkeypatch, problem):
    tried = []

    def load(name):
        tried.append(name)
        raise problem(name)

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "WinDLL", load, raising=False)
    ticks.make_fine()
    assert tried == ["winmm"]


def test_other_systems_are_left_as_they_are(monkeypatch):
    tried = []
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "WinDLL", tried.append, raising=False)
    ticks.make_fine()
    assert not tried
