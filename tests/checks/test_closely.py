"""One case looked at closely, what a server prints, and a check that is interrupted or slow."""

import _thread
import contextlib
import socket
import threading
import time

import pytest

from helpers import checks
from helpers.checks import waiting
from helpers.checks.cases import Case, Exercise
from helpers.checks.closely import MOST_PRINTS
from helpers.checks.runner import run_cases
from helpers.checks.waiting import Watch
from helpers.checks.wrong import Wrong

HINTS = ("look", "look closer", "there")

pytestmark = pytest.mark.usefixtures("nothing_left")


def of_the_course(run):
    """A case's function as if it stood in the course's own code, and not in a learner's."""
    run.__code__ = run.__code__.replace(co_filename=checks.__file__)
    return run


@of_the_course
def says_late(function, stage):
    def peer(listener):
        connection, _ = listener.accept()
        with connection:
            stage.pause(0.05)
            connection.sendall(b"hello")

    peer.__code__ = peer.__code__.replace(co_filename=checks.__file__)
    got = stage.call(function, stage.serve(peer).address)
    if got != b"hello":
        raise Wrong(f"got {got!r}")


@of_the_course
def echoes(function, stage):
    with stage.client(stage.run(function)) as client:
        client.sendall(b"hello")
        client.recv(100)


def calls(function, stage):
    return stage.call(function)


def closely(function, run):
    found = Exercise((Case("one", "It acts.", run, HINTS), Case("two", "", run, HINTS)), "It is.")
    return run_cases("exercise", function, found, only=found.cases[0])


def asks(address):
    with socket.create_connection(address) as connection:
        print("connected")
        return connection.recv(100)


def test_one_case_alone_shows_what_passed_was_printed_and_waited_for():
    report = closely(asks, says_late)
    (log,) = (outcome.log for outcome in report.outcomes)
    text = "\n".join(log)
    assert "printed: connected" in text
    assert "`return connection.recv(100)` waited 0." in text
    assert "server -> you  5 bytes 'hello'" in text
    assert log == sorted(log, key=lambda line: float(line.split()[0]))
    assert "As it happened:" in repr(report)
    assert "printed: connected" in report._repr_html_()


def test_one_case_alone_says_that_there_are_more():
    report = closely(asks, says_late)
    assert report.headline == "exercise: this case passed; check(exercise) tries all 2"
    assert report.alone == 2
    assert "It is." not in repr(report)


def test_a_server_of_the_learners_is_seen_to_wait_and_to_print():
    def serves(listener):
        connection, _ = listener.accept()
        with connection:
            print("a client")
            connection.sendall(connection.recv(100))
        listener.accept()

    report = closely(serves, echoes)
    text = "\n".join(report.outcomes[0].log)
    assert "printed: a client" in text
    assert "`listener.accept()` waits, and did not come back" in text
    assert report.prints == {"one": ["a client"]}


def test_a_sleep_is_a_wait():
    text = "\n".join(closely(lambda: time.sleep(0.01), calls).outcomes[0].log)
    assert "time.sleep(0.01)" in text and " waited 0.01" in text


def test_a_long_run_of_prints_is_cut_in_the_log():
    def chatters():
        for number in range(100):
            print(number)

    report = closely(chatters, calls)
    log = report.outcomes[0].log
    assert len(log) == MOST_PRINTS + 1
    assert "80 lines more: report.prints" in log[-1]
    assert len(report.prints["one"]) == 100


def test_sockets_are_pythons_own_again():
    before = dict(vars(socket.socket))
    closely(asks, says_late)
    assert dict(vars(socket.socket)) == before


def test_without_it_nothing_is_noted():
    found = Exercise((Case("one", "It acts.", says_late, HINTS),), "")
    assert run_cases("exercise", asks, found).outcomes[0].log == []


def test_what_a_server_prints_belongs_to_its_case():
    def serves(listener):
        print("begins")
        connection, _ = listener.accept()
        with connection:
            thread = threading.Thread(target=print, args=("in a thread",))
            thread.start()
            thread.join()
            connection.sendall(connection.recv(100))

    found = Exercise((Case("one", "It acts.", echoes, HINTS),), "")
    report = run_cases("exercise", serves, found)
    assert report.prints == {"one": ["begins", "in a thread"]}


# Slow checks and interrupts


def test_a_check_that_takes_long_says_which_case_runs(monkeypatch):
    monkeypatch.setattr(waiting, "SLOW", 0.0)
    told = []
    names = ("first", "second")
    cases = tuple(Case(name, "It acts.", calls, HINTS) for name in names)
    run_cases("exercise", lambda: 5, Exercise(cases, ""), tell=lambda *case: told.append(case))
    assert told == [(0, "first"), (1, "second")]


def test_a_check_that_is_quick_says_nothing(monkeypatch):
    monkeypatch.setattr(waiting, "SLOW", 1000.0)
    told = []
    cases = (Case("first", "It acts.", calls, HINTS),)
    run_cases("exercise", lambda: 5, Exercise(cases, ""), tell=lambda *case: told.append(case))
    assert told == []


def test_an_interrupt_ends_the_case_that_runs_and_keeps_what_was_found():
    def waits():
        _thread.interrupt_main()
        threading.Event().wait()

    answers = iter([lambda: 5, waits, lambda: 5])
    cases = [Case(f"case {number}", "It acts.", calls, HINTS) for number in range(3)]
    report = run_cases("exercise", lambda: next(answers)(), Exercise(tuple(cases), "It is."))
    assert [each.state for each in report.outcomes] == ["passed", "not tried", "not tried"]
    assert report.interrupted
    assert not report
    assert report.headline == "exercise: interrupted, 1 passed, 0 failed, 2 not tried"
    assert "still waiting in line" in report.outcomes[1].problem
    with pytest.raises(ValueError, match="there is no hint"):
        report.hint(1)


def test_an_interrupt_after_the_last_case_changes_nothing():
    cases = (Case("first", "It acts.", calls, HINTS),)
    report = run_cases("exercise", _thread.interrupt_main, Exercise(cases, ""))
    assert report.passed
    assert not report.interrupted


def test_a_watch_in_another_thread_hears_no_interrupt():
    heard = []

    def watches():
        with Watch() as watch:
            heard.append(watch.step())

    thread = threading.Thread(target=watches)
    thread.start()
    thread.join()
    assert heard == [True]


def test_an_interrupt_that_nobody_waits_for_any_more_is_pythons_again():
    with Watch():
        pass
    with contextlib.suppress(KeyboardInterrupt):
        _thread.interrupt_main()
        time.sleep(1)
        raise AssertionError("nobody was interrupted")
