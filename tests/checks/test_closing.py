"""A learner's server whose listener a case closes, as its caller may."""

import contextlib
import errno
import re
import select
import selectors
import threading
import time

import pytest
from drive.waiting import wait_until

from helpers.checks.stage import Stage
from helpers.checks.wrong import Wrong
from helpers.servers.crashes import ServerCrashed

pytestmark = pytest.mark.usefixtures("nothing_left")
LIMIT = 10.0  # seconds


def serve(listener):
    connection, _ = listener.accept()
    with connection:
        while data := connection.recv(100):
            connection.sendall(data)


def lets_the_error_out(listener):
    while True:
        serve(listener)


def returns(listener):
    with contextlib.suppress(OSError):
        lets_the_error_out(listener)


def swallows(listener):
    """Wrong: it never ends."""
    while True:
        with contextlib.suppress(Exception):
            serve(listener)


def sleeps_and_swallows(listener):
    """Wrong: it never ends, and spares the processor."""
    while True:
        try:
            serve(listener)
        except OSError:
            time.sleep(0.02)


def looks_at_the_listener(listener):
    while listener.fileno() >= 0:
        with contextlib.suppress(OSError):
            serve(listener)


def looks_from_time_to_time(listener):
    listener.settimeout(0.01)
    while True:
        try:
            serve(listener)
        except TimeoutError:
            continue
        except OSError:
            return


def in_a_selector(listener):
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        while selector.select():
            serve(listener)


def in_select(listener):
    while select.select([listener], [], []):
        serve(listener)


def asked(stage, function):
    """The function at work, which has served one client already."""
    server = stage.run(function)
    with stage.client(server) as client:
        client.sendall(b"hello")
        assert client.recv(100) == b"hello"
    return server


@pytest.mark.parametrize("function", [lets_the_error_out, in_a_selector, in_select])
def test_a_function_may_end_with_the_error_of_accept(stage, function):
    closed = stage.close_listener(asked(stage, function), LIMIT)
    assert closed.returned
    assert closed.error.errno == errno.EBADF
    assert str(closed.error) == "[Errno 9] Bad file descriptor"
    assert closed.accepts == 1


def test_an_error_that_the_case_was_told_is_told_nobody_else(stage):
    server = asked(stage, lets_the_error_out)
    stage.close_listener(server, LIMIT)
    assert list(stage.crashes()) == []
    server.settle()


@pytest.mark.parametrize("function", [returns, looks_at_the_listener, looks_from_time_to_time])
def test_a_function_that_returns_is_seen_to_do_so(stage, function):
    closed = stage.close_listener(asked(stage, function), LIMIT)
    assert (closed.returned, closed.spins, closed.error) == (True, False, None)


def test_a_function_that_spins_is_told_apart_before_the_time_is_up(stage):
    closed = stage.close_listener(asked(stage, swallows), 1000.0)
    assert not closed.returned
    assert closed.spins
    assert closed.accepts >= 50
    assert re.match(r"line \d+ of (swallows|serve)\b", closed.place)


def test_a_function_that_goes_on_slowly_does_not_return(stage):
    closed = stage.close_listener(asked(stage, sleeps_and_swallows), 0.3)
    assert not closed.returned
    assert 1 <= closed.accepts < 50


def test_a_client_that_is_being_served_stays(stage):
    server = stage.run(returns)
    client = stage.client(server)
    client.sendall(b"first")
    assert client.recv(100) == b"first"
    assert not stage.close_listener(server, 0.1).returned
    client.sendall(b"second")
    assert client.recv(100) == b"second"
    client.close()
    assert wait_until(lambda: not server.running)


def test_nobody_is_accepted_any_more(stage):
    server = stage.run(returns)
    stage.close_listener(server, LIMIT)
    assert server._owner.trace.events == []


def test_a_function_that_had_returned_before_is_wrong(stage):
    server = stage.run(lambda listener: None)
    assert wait_until(lambda: not server._main.is_alive())
    with pytest.raises(Wrong, match="has returned while its listener was still open"):
        stage.close_listener(server, LIMIT)


def test_a_function_that_had_failed_before_has_its_error(stage):
    server = stage.run(lambda listener: 1 / 0)
    assert wait_until(lambda: not server._main.is_alive())
    with pytest.raises(ServerCrashed):
        stage.close_listener(server, LIMIT)


def test_a_function_that_has_another_error_keeps_it(stage):
    def fails(listener):
        try:
            serve(listener)
        except OSError:
            raise KeyError("lamp") from None

    closed = stage.close_listener(stage.run(fails), LIMIT)
    assert closed.returned
    assert isinstance(closed.error, KeyError)


def test_a_function_that_never_ends_is_ended_with_its_stage():
    stage = Stage()
    before = set(threading.enumerate())
    stage.close_listener(asked(stage, swallows), LIMIT)
    stage.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(LIMIT)
        assert not thread.is_alive()
