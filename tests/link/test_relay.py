"""The thread inside a link: its timetable, its sockets, and how it wakes and ends."""

import contextlib
import socket
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from time import perf_counter

import pytest
from conftest import ROOT
from drive.waiting import wait_until
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.link import relay as relay_module
from helpers.link.relay import SWITCH_INTERVAL, Relay, quick_switching, widen

PATIENCE = 10.0  # seconds

pytestmark = pytest.mark.usefixtures("nothing_left")


@contextlib.contextmanager
def running_relay() -> Iterator[Relay]:
    relay = Relay("relay of a test")
    relay.start()
    try:
        yield relay
    finally:
        relay.stop()


@contextlib.contextmanager
def pair_in(relay: Relay) -> Iterator[tuple[socket.socket, list[bytes]]]:
    """A socket whose peer the relay reads, and what it has read there."""
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    read: list[bytes] = []
    relay.call(relay.readers.__setitem__, theirs, lambda: read.append(theirs.recv(100)))
    with ours:
        yield ours, read


def test_a_call_runs_in_the_thread_of_the_relay_and_is_done_when_it_returns():
    with running_relay() as relay:
        names = []
        relay.call(lambda: names.append(threading.current_thread().name))
        assert names == ["relay of a test"]


def test_a_call_to_a_relay_that_has_stopped_does_nothing_and_returns():
    with running_relay() as relay:
        pass
    relay.call(pytest.fail, "must not run")


def test_a_call_that_fails_returns_and_leaves_the_failure():
    with running_relay() as relay:
        relay.call(lambda: 1 / 0)
        assert wait_until(lambda: isinstance(relay.failure, ZeroDivisionError))


def test_a_readable_socket_is_read():
    with running_relay() as relay, pair_in(relay) as (sock, read):
        sock.sendall(b"hello")
        assert wait_until(lambda: read == [b"hello"])


def test_a_socket_that_is_read_and_written_gets_both_calls():
    with running_relay() as relay:
        calls = set()
        ours, theirs = socket.socketpair()
        with ours:
            ours.sendall(b"x")

            def watch() -> None:
                relay.readers[theirs] = lambda: calls.add("read")
                relay.writers[theirs] = lambda: calls.add("write")

            relay.call(watch)
            assert wait_until(lambda: calls == {"read", "write"})


def test_a_socket_that_only_can_be_written_is_not_read():
    with running_relay() as relay:
        calls = []
        ours, theirs = socket.socketpair()
        with ours:

            def once() -> None:
                calls.append("write")
                del relay.writers[theirs]

            def watch() -> None:
                relay.readers[theirs] = lambda: calls.append("read")
                relay.writers[theirs] = once

            relay.call(watch)
            assert wait_until(lambda: calls)
            assert calls == ["write"]


def test_what_is_due_happens_in_order_and_never_early():
    with running_relay() as relay:
        done = []
        start = perf_counter()

        def plan() -> None:
            for index in (3, 1, 2):
                relay.at(start + index / 100, lambda index=index: done.append(index))

        relay.call(plan)
        assert wait_until(lambda: len(done) == 3)
        assert perf_counter() - start >= 0.03
        assert done == [1, 2, 3]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 5), max_size=30))
def test_the_timetable_keeps_the_order_of_what_is_due_at_once(delays):
    relay = Relay("never started")
    done: list[tuple[int, int]] = []
    for index, delay in enumerate(delays):
        relay.at(float(delay), lambda *item: done.append(item), delay, index)
    relay.deliver_due()
    relay.readers.popitem()[0].close()
    relay._wake_writer.close()
    assert done == sorted((delay, index) for index, delay in enumerate(delays))


def test_a_relay_with_something_on_its_timetable_is_not_idle():
    with running_relay() as relay:
        assert wait_until(lambda: relay.idle)
        relay.call(relay.at, perf_counter() + 60, pytest.fail)
        assert not relay.idle


def test_a_relay_that_still_works_on_what_it_has_read_is_not_idle():
    with running_relay() as relay, pair_in(relay) as (sock, _):
        began, go_on = threading.Event(), threading.Event()

        def work() -> None:
            began.set()
            go_on.wait(PATIENCE)

        relay.at(0.0, work)
        sock.send(b"x")
        assert began.wait(PATIENCE)
        assert not relay.idle
        go_on.set()
        assert wait_until(lambda: relay.idle)


def test_a_relay_that_has_taken_up_a_socket_since_one_looked_is_not_idle(monkeypatch):
    """As a link does that accepts a client just then: what the client sent was in no table yet."""
    look = relay_module._wait

    def slow_look(readers, writers, seconds):
        found = look(readers, writers, seconds)
        if threading.current_thread() is threading.main_thread():
            relay.call(lambda: None)
            assert wait_until(lambda: relay._waiting)
        return found

    with running_relay() as relay:
        assert wait_until(lambda: relay.idle)
        monkeypatch.setattr(relay_module, "_wait", slow_look)
        assert not relay.idle


def test_a_relay_that_has_stopped_is_idle():
    with running_relay() as relay:
        relay.call(relay.at, perf_counter() + 60, pytest.fail)
    assert relay.idle


def test_stopping_wakes_a_relay_that_waits_for_nothing():
    with running_relay() as relay:
        assert wait_until(lambda: relay._waiting)
    assert not relay._thread.is_alive()


def test_stopping_closes_the_sockets_that_are_read_and_written():
    with running_relay() as relay:
        ours, theirs = socket.socketpair()
        relay.call(relay.readers.__setitem__, ours, ours.fileno)
        relay.call(relay.readers.__setitem__, theirs, theirs.fileno)
    assert (ours.fileno(), theirs.fileno()) == (-1, -1)


def test_threads_take_turns_more_often_while_a_relay_runs():
    before = sys.getswitchinterval()
    with running_relay():
        assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL)
    assert sys.getswitchinterval() == before


def test_the_usual_turns_come_back_when_the_last_of_overlapping_relays_stops():
    before = sys.getswitchinterval()
    first, second = Relay("first"), Relay("second")
    first.start()
    second.start()
    first.stop()
    assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL)
    second.stop()
    assert sys.getswitchinterval() == before


def test_turns_that_are_quicker_already_stay_as_they_are():
    before = sys.getswitchinterval()
    try:
        sys.setswitchinterval(SWITCH_INTERVAL / 2)
        quicker = sys.getswitchinterval()
        quick_switching(+1)
        assert sys.getswitchinterval() == quicker
        quick_switching(-1)
        assert sys.getswitchinterval() == quicker
    finally:
        sys.setswitchinterval(before)


@pytest.mark.parametrize("limit", [1_000, 0])
def test_the_sockets_that_are_ready_are_found_with_select_and_without(limit, monkeypatch):
    monkeypatch.setattr(relay_module, "_SELECT_LIMIT", limit)
    first, second = socket.socketpair()
    with first, second:
        assert relay_module._wait([first, second], [], 0) == ([], [])
        first.send(b"x")
        assert relay_module._wait([first, second], [first], PATIENCE) == ([second], [first])
        assert relay_module._wait([second], [second], PATIENCE) == ([second], [second])


def test_sockets_with_numbers_beyond_the_limit_of_select_are_watched():
    resource = pytest.importorskip("resource")
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if most != resource.RLIM_INFINITY and most < 1_300:
        pytest.skip("this system allows fewer than 1,300 descriptors")
    script = """
        import resource, socket
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        files = [open("/dev/null") for _ in range(1_100)]
        from helpers.link.relay import _wait
        first, second = socket.socketpair()
        first.send(b"x")
        readable, writable = _wait([first, second], [first, second], 5)
        print(second.fileno() > 1_024, readable == [second], {*writable} == {first, second})
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert run.stdout == "True True True\n", run.stderr


def test_a_widened_socket_has_at_least_the_room_that_it_had():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        before = sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        widen(sock)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) >= before


def test_a_socket_is_widened_where_the_limit_may_not_be_passed(monkeypatch):
    monkeypatch.setattr(relay_module, "_FORCE", 9_999)  # an option that no system knows
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        before = sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        widen(sock)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) >= before
