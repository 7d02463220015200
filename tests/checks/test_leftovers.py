"""What a learner's function leaves behind is put back, ended or closed, and named."""

import builtins
import concurrent.futures
import contextlib
import gc
import os
import queue
import select
import socket
import sys
import threading
import time

import pytest
from drive.left_behind import open_descriptors

from helpers.checks import attempt, runner
from helpers.checks.cases import Case, Exercise
from helpers.checks.ending import Ending
from helpers.checks.runner import run_cases

pytestmark = pytest.mark.usefixtures("nothing_left")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(runner, "CASE_SECONDS", 20.0)
    monkeypatch.setattr(runner, "ALL_SECONDS", 30.0)
    monkeypatch.setattr(attempt, "GRACE", 0.05)  # for threads that do not end by themselves


@pytest.fixture
def held():
    """What a function may hold beyond its end."""
    return []


def tried(function, run=None):
    case = Case(
        "case", "It acts.", run or (lambda function, stage: stage.call(function)), ("", "", "")
    )
    return run_cases("exercise", function, Exercise((case,), "It survives.", asks_async=True))


def left(function, run=None):
    """What a function that passes leaves behind."""
    report = tried(function, run)
    assert report.passed, repr(report)
    return report.left


def only_left(function):
    (sentence,) = left(function)
    return sentence


def test_a_function_that_leaves_nothing_is_not_told_so():
    assert left(lambda: 5) == []


# Names and settings


def replaces_send():
    socket.socket.send = lambda *_: 1


def replaces_socket():
    socket.socket = "a string"


def replaces_sleep():
    time.sleep = None


def replaces_print():
    builtins.print = len


def replaces_output():
    sys.stdout = None


def replaces_accept():
    socket.socket.accept = None


def replaces_select():
    select.select = None


def removes_a_name():
    del socket.create_connection


REPLACING = {
    replaces_send: "socket.socket.send",
    replaces_accept: "socket.socket.accept",
    replaces_socket: "socket.socket",
    replaces_sleep: "time.sleep",
    replaces_print: "builtins.print",
    replaces_output: "sys.stdout",
    replaces_select: "select.select",
    removes_a_name: "socket.create_connection",
}


@pytest.mark.parametrize("function", REPLACING, ids=lambda function: function.__name__)
def test_a_replaced_name_is_put_back_and_told(function):
    module, *path = REPLACING[function].split(".")

    def value():
        found = sys.modules[module]
        for name in path:
            found = getattr(found, name)
        return found

    left(lambda: 5)  # the first check of all routes what is printed
    before = value()
    told = only_left(function)
    assert told == f"{REPLACING[function]} had been replaced; it is the usual one again."
    assert value() is before
    assert left(lambda: print("the next check")) == []


def test_a_failure_with_a_replaced_name_says_so_first():
    def function():
        socket.socket.send = None
        raise KeyError

    problem = tried(function).outcomes[0].problem
    assert problem.startswith(
        "Your code has replaced socket.socket.send. It raised KeyError, in line"
    )


def test_a_replaced_name_is_put_back_before_the_next_case():
    seen = []

    def function():
        seen.append(socket.socket.send)
        socket.socket.send = None

    case = Case("case", "It acts.", lambda function, stage: function(), ("", "", ""))
    report = run_cases("exercise", function, Exercise((case, case), "It survives."))
    assert report.passed
    assert seen[0] is seen[1]
    assert len(report.left) == 1  # said once


def test_a_name_replaced_before_the_check_is_put_back_first():
    socket.socket.send = lambda *_: 1
    try:
        told = only_left(lambda: 5)
    finally:
        with contextlib.suppress(AttributeError):
            del socket.socket.send
    assert told == "socket.socket.send was not Python's own; it is again."


def test_a_default_timeout_is_put_back_and_told():
    told = only_left(lambda: socket.setdefaulttimeout(3))
    assert told == "socket.setdefaulttimeout was left at 3.0; it is None again."
    assert socket.getdefaulttimeout() is None


def test_the_working_folder_is_put_back_and_told():
    before = os.getcwd()
    assert "The working folder was left at" in only_left(lambda: os.chdir(os.sep))
    assert os.getcwd() == before


def test_the_garbage_collector_is_put_back_and_told():
    assert "The garbage collector" in only_left(gc.disable)
    assert gc.isenabled()


@pytest.mark.parametrize("name", ["setrecursionlimit", "setswitchinterval"])
def test_a_limit_of_the_whole_interpreter_stays_and_that_is_told(name):
    before = sys.getrecursionlimit(), sys.getswitchinterval()
    told = only_left(lambda: getattr(sys, name)(50))
    assert told == f"sys.{name} holds for the whole notebook; in a check it does nothing."
    assert (sys.getrecursionlimit(), sys.getswitchinterval()) == before


def test_other_threads_sleep_as_ever_while_a_check_runs():
    slept = []

    def run(function, stage):
        function()

    def function():
        outside.set()
        assert done.wait(5)

    def sleeper():
        outside.wait(5)
        time.sleep(0.001)
        slept.append(True)
        done.set()

    outside, done = threading.Event(), threading.Event()
    thread = threading.Thread(target=sleeper)
    thread.start()
    assert left(function, run) == []
    thread.join()
    assert slept


@pytest.mark.parametrize(
    ("seconds", "error"), [(-1, ValueError), ("1", TypeError), (float("nan"), ValueError)]
)
def test_a_wrong_sleep_fails_as_ever(seconds, error):
    def run(function, stage):
        with pytest.raises(error):
            function()

    assert left(lambda: time.sleep(seconds), run) == []


# Sockets and files


def test_an_open_socket_is_closed_and_told_with_its_line(held):
    told = only_left(lambda: held.append(socket.socket()))
    assert told.startswith("The TCP socket of line ")
    assert "held.append(socket.socket())" in told
    assert "must close it" in told
    assert held[0].fileno() == -1


def test_a_bound_port_is_told_with_its_address_and_free_again(held):
    def binds():
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("127.0.0.1", 0))
        held.append(sock)
        held.append(sock.getsockname()[1])

    told = only_left(binds)
    assert told.startswith("The UDP socket of line ")
    assert f"(bound to 127.0.0.1 port {held[1]})" in told
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
        again.bind(("127.0.0.1", held[1]))


def test_an_open_listener_is_closed(held):
    told = only_left(lambda: held.append(socket.create_server(("127.0.0.1", 0))))
    assert "was left open (bound to 127.0.0.1 port" in told
    assert held[0].fileno() == -1


def test_a_socket_held_open_by_its_file_is_closed(held):
    def opens(connection):
        sock = socket.create_connection(connection)
        held.append(sock.makefile("rb"))
        sock.close()

    def run(function, stage):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            function(listener.getsockname())

    assert len(left(opens, run)) == 1
    held[0].close()


def test_a_socket_in_a_cycle_is_collected_and_not_told():
    def opens():
        cycle = [socket.socket()]
        cycle.append(cycle)

    assert left(opens) == []


def test_a_socket_that_the_learner_closes_twice_does_no_harm():
    def closes(connection):
        connection.close()
        connection.close()

    assert left(closes, lambda function, stage: function(stage.connection()[0])) == []


def test_a_socket_whose_number_is_closed_does_no_harm():
    def closes(connection):
        os.close(connection.fileno()) if os.name != "nt" else connection.close()

    assert left(closes, lambda function, stage: function(stage.connection()[0])) == []


@pytest.mark.skipif(not open_descriptors(), reason="only Linux lists what is open by name")
def test_an_open_file_is_told_with_its_name(held, tmp_path):
    told = only_left(lambda: held.append((tmp_path / "data.txt").open("w")))
    assert told.startswith("The file data.txt was left open")
    held.pop().close()


@pytest.mark.skipif(not open_descriptors(), reason="only where descriptors can be listed")
def test_a_detached_socket_is_told(held):
    def detaches():
        with socket.socket() as sock:
            held.append(sock.detach())

    assert only_left(detaches).startswith("A socket was left open")
    os.close(held[0])


# Threads


def spins():
    while True:
        pass


def sleeps():
    while True:
        time.sleep(1000)


def waits():
    threading.Event().wait()


def listens():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.accept()


@pytest.mark.parametrize("target", [spins, sleeps, waits, listens], ids=lambda each: each.__name__)
def test_a_thread_left_running_is_ended_and_told_with_its_line(target):
    told = only_left(lambda: threading.Thread(target=target).start())
    line = target.__code__.co_firstlineno
    assert told.startswith("A thread that the function started still ran in line ")
    assert any(f"line {line + step} of {target.__name__}: `" in told for step in (1, 2))
    assert "The check has ended it." in told


def test_a_thread_that_is_about_to_end_is_not_told(monkeypatch):
    monkeypatch.setattr(attempt, "GRACE", 5.0)
    assert left(lambda: threading.Timer(0.05, print).start()) == []


def test_a_pool_left_open_is_ended_and_told(held):
    def maps():
        pool = concurrent.futures.ThreadPoolExecutor(2)
        held.append(pool)
        list(pool.map(abs, range(4)))

    assert all("a pool does so" in told for told in left(maps))


def test_a_thread_that_waits_for_a_lock_is_ended(monkeypatch):
    monkeypatch.setattr(runner, "CASE_SECONDS", 0.4)
    lock = threading.Lock()
    lock.acquire()

    def blocks():
        with lock:
            pass

    assert tried(blocks).left == []


def test_a_thread_that_nothing_can_end_is_named(monkeypatch):
    monkeypatch.setattr(runner, "CASE_SECONDS", 0.4)
    things = queue.SimpleQueue()

    def blocks():
        things.get()

    (told,) = tried(blocks).left
    things.put("an end")
    assert told.startswith("A thread can't be ended: it is in line ")


# The end of a case


def test_an_ending_ends_every_wait():
    ending, woken = Ending(), []
    threads = [threading.Thread(target=lambda: woken.append(ending.wait(1000))) for _ in range(9)]
    for thread in threads:
        thread.start()
    ending.set()
    for thread in threads:
        thread.join(5)
    assert woken == [True] * 9
    assert ending.wait(1000)


def test_a_wait_may_run_out_before_the_ending():
    ending = Ending()
    assert not ending.wait(0.001)
    assert not ending.is_set()
