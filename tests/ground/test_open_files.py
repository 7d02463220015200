"""The limit of open files, raised for a while."""

import sys

import pytest

from helpers.open_files import NO_LIMIT, ON_WINDOWS, open_file_limits, room_for

not_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")


@pytest.fixture
def limits():
    """The limits, to be set; put back at the end."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


@not_windows
def test_the_limits_are_numbers_also_where_there_is_none(limits, monkeypatch):
    import resource

    assert open_file_limits()[0] == 256
    nothing = (resource.RLIM_INFINITY,) * 2
    monkeypatch.setattr(resource, "getrlimit", lambda _: nothing)
    assert open_file_limits() == (NO_LIMIT, NO_LIMIT)


@not_windows
def test_room_is_made_where_there_is_too_little_and_the_limit_put_back(limits):
    with room_for(300):
        assert open_file_limits()[0] == 300
        with room_for(200):
            assert open_file_limits()[0] == 300
    assert open_file_limits()[0] == 256


@not_windows
def test_the_limit_is_put_back_after_an_error(limits):
    with pytest.raises(ZeroDivisionError), room_for(300):
        raise ZeroDivisionError
    assert open_file_limits()[0] == 256


@not_windows
def test_there_is_no_room_past_the_hard_limit(limits):
    if open_file_limits()[1] == NO_LIMIT:
        pytest.skip("no hard limit")
    with pytest.raises(ValueError), room_for(open_file_limits()[1] + 1):
        pass


def test_without_the_module_it_is_what_select_watches_on_windows(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)
    assert open_file_limits() == (ON_WINDOWS, ON_WINDOWS)
    with room_for(ON_WINDOWS):
        pass
    with pytest.raises(ValueError, match="select"), room_for(ON_WINDOWS + 1):
        pass
