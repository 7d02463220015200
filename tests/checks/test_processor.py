"""Whether a learner's code works where it has only to wait."""

import threading
import time

import pytest

from helpers.checks import processor
from helpers.checks.processor import Clock, FreeTime, processor_time, spins


def work(seconds: float) -> None:
    """Keep a processor busy for so many seconds of its time."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_a_call_that_works_spins_and_one_that_sleeps_does_not():
    asleep = Clock()
    time.sleep(0.05)
    assert not asleep.spins
    assert asleep.took >= 0.05
    busy = Clock()
    work(0.05)
    assert busy.spins


@pytest.mark.parametrize("busy", [True, False])
def test_a_thread_that_works_spins_and_one_that_waits_does_not(busy):
    ended = threading.Event()

    def work_or_wait() -> None:
        while busy and not ended.is_set():
            pass
        ended.wait()

    thread = threading.Thread(target=work_or_wait)
    thread.start()
    try:
        # Even Linux's figures are of no use where the machine itself stands still for a second.
        assert any(spins(lambda: [thread]) for _ in range(3 if busy else 1)) == busy
    finally:
        ended.set()
        thread.join()


def test_time_in_which_a_thread_has_no_processor_is_not_free(monkeypatch):
    kept_waiting = iter(["0 0 1", "0 100000000000 2"])  # nanoseconds at work, kept waiting, times
    monkeypatch.setattr(processor, "_told_of", lambda thread, file: next(kept_waiting))
    free = FreeTime(list)
    assert free.seconds == 0


def test_all_time_is_free_where_the_system_does_not_tell(monkeypatch):
    monkeypatch.setattr(processor, "_told_of", lambda thread, file: "")
    free, began = FreeTime(lambda: [threading.current_thread()]), time.perf_counter()
    took = time.perf_counter() - began
    assert free.seconds >= took


def test_a_thread_that_has_ended_or_not_begun_takes_no_time():
    ended = threading.Thread(target=int)
    before = processor_time([threading.Thread()])
    ended.start()
    ended.join()
    assert processor_time([ended]) - before < 0.5
