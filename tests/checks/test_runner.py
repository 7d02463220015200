"""Running a learner's function against cases: what comes of it, and within what time."""

import asyncio
import builtins
import getpass
import importlib
import os
import queue
import signal
import socket
import sys
import threading
import time
from dataclasses import replace
from time import sleep
from time import time as now

import pytest

from helpers import checks
from helpers.checks import attempt, runner, waiting
from helpers.checks.cases import Case, Exercise
from helpers.checks.findings import Outcome
from helpers.checks.report_text import MOST_PRINTS
from helpers.checks.runner import run_cases
from helpers.checks.stubs import is_stub
from helpers.checks.wrong import Misconception, Wrong
from helpers.study import given, progress
from helpers.study.check import check

check_module = importlib.import_module("helpers.study.check")
HINTS = ("look", "look closer", "there")
BELIEF = Misconception("a belief", "It is wrong.", ("one", "two", "three"))


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch, nothing_left):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A busy machine may be slow: nothing but what hangs is cut short."""
    monkeypatch.setattr(runner, "CASE_SECONDS", 20.0)
    monkeypatch.setattr(runner, "ALL_SECONDS", 30.0)


@pytest.fixture
def short(patient, monkeypatch):
    monkeypatch.setattr(runner, "CASE_SECONDS", 0.4)
    monkeypatch.setattr(runner, "ALL_SECONDS", 5.0)


def exercise(*runs, closes=False, asks_async=True, **options) -> Exercise:
    """An exercise; unless told otherwise it takes an `async def` as well."""
    cases = [Case(f"case {number}", "It acts.", run, HINTS, **options) for number, run in runs]
    return Exercise(tuple(cases), "It survives.", closes, asks_async=asks_async)


def of_the_course(run):
    """A case's function as if it stood in the course's own code, and not in a learner's."""
    run.__code__ = run.__code__.replace(co_filename=checks.__file__)
    return run


@of_the_course
def calls(function, stage):
    return stage.call(function)


def tried(function, *, run=calls, closes=False, **options):
    return run_cases("exercise", function, exercise((1, run), closes=closes, **options))


def only(function, **options) -> Outcome:
    """What comes of a function in one case."""
    return tried(function, **options).outcomes[0]


# Stubs


def raises_the_name():
    """Do it."""
    raise NotImplementedError


def raises_a_call():
    raise NotImplementedError("write me")


def dots():
    """Do it."""
    ...


def passes():
    pass


def documented():
    """Only a docstring."""


async def awaits():
    raise NotImplementedError


class Stub:
    """A class to write."""

    def one(self):
        raise NotImplementedError

    def two(self):
        raise NotImplementedError


class StubWithInit:
    """A class to write, whose `__init__` is a stub as well."""

    limit = 60.0

    def __init__(self, minimum=1.0):
        """Begin without a sample."""
        raise NotImplementedError

    def one(self):
        raise NotImplementedError


class StubWithGivenInit(StubWithInit):
    """A class to write, whose `__init__` the chapter gives."""

    def __init__(self, minimum=1.0):
        self.minimum = minimum

    def one(self):
        raise NotImplementedError


class StubOfOtherMethods:
    """A class to write, with methods of every kind."""

    @property
    def one(self):
        raise NotImplementedError

    @staticmethod
    def two():
        raise NotImplementedError

    @classmethod
    def three(cls): ...

    async def four(self):
        raise NotImplementedError


def with_a_gap(data):
    total = 0
    for each in data:  # noqa: B007
        # your line
        raise NotImplementedError
        # end
    return total


def with_an_empty_gap(data):
    # your lines
    # end
    return data


class WithAGap:
    def given(self):
        return 1

    def one(self):
        value = self.given()
        # your line: what it becomes
        raise NotImplementedError
        # end
        return value


CLASSES = [WithAGap, Stub, StubWithInit, StubWithGivenInit, StubOfOtherMethods]


@pytest.mark.parametrize(
    "function",
    [
        raises_the_name,
        raises_a_call,
        dots,
        passes,
        documented,
        awaits,
        *CLASSES,
        with_a_gap,
        with_an_empty_gap,
    ],
)
def test_an_untouched_stub_is_not_started(function):
    report = tried(function)
    assert (report.headline, report.passed, report.outcomes) == (
        "exercise: not started",
        False,
        [],
    )


def half_written():
    value = 1
    raise NotImplementedError(value)


class HalfWritten(Stub):
    def one(self):
        return 1

    def two(self):
        raise NotImplementedError


def with_a_filled_gap(data):
    total = 0
    for each in data:
        # your line
        total += each
        # end
    return total


def with_one_gap_of_two_filled(data):
    # your line: a list of them
    data = list(data)
    # end
    # your line: a list of them
    raise NotImplementedError
    # end


class OnlyInit:
    def __init__(self):
        self.value = 5


class WrittenProperty(StubOfOtherMethods):
    @property
    def one(self):
        return 1


@pytest.mark.parametrize(
    "function",
    [
        half_written,
        HalfWritten,
        OnlyInit,
        WrittenProperty,
        len,
        int,
        "text",
        with_a_filled_gap,
        with_one_gap_of_two_filled,
    ],
)
def test_what_was_begun_is_no_stub(function):
    assert not is_stub(function)


def test_a_begun_function_hears_that_some_is_missing():
    assert "not written yet" in only(half_written).problem


# Kinds of functions


def returns(expected):
    def run(function, stage):
        got = stage.call(function)
        if got != expected:
            raise Wrong(f"got {got!r}")

    return run


def test_a_plain_function_passes():
    outcome = only(lambda: 5, run=returns(5))
    assert (outcome.passed, outcome.problem, outcome.state) == (True, "", "passed")


def test_a_generator_is_taken_to_its_end():
    def numbers():
        yield 1
        yield 2

    assert only(numbers, run=returns([1, 2])).passed


def test_an_abandoned_generator_is_closed():
    closed = []

    def numbers():
        try:
            while True:
                yield 1
        finally:
            closed.append(True)

    def run(function, stage):
        next(function())

    assert only(numbers, run=run).passed
    assert closed


def test_an_endless_generator_is_stopped():
    def numbers():
        while True:
            yield 1

    assert "more than 100,000 items" in only(numbers).problem


def test_a_coroutine_function_runs_in_a_loop_of_its_own():
    async def answer():
        await asyncio.sleep(0)
        return 5

    assert only(answer, run=returns(5)).passed


def test_an_asynchronous_generator_is_taken_to_its_end():
    async def numbers():
        for number in (1, 2):
            await asyncio.sleep(0)
            yield number

    assert only(numbers, run=returns([1, 2])).passed


def test_asyncio_run_works_inside_a_function():
    async def answer():
        return 5

    assert only(lambda: asyncio.run(answer()), run=returns(5)).passed


def test_a_check_works_where_the_notebook_has_a_running_loop():
    async def answer():
        return 5

    async def notebook():
        return only(answer, run=returns(5)).passed

    assert asyncio.run(notebook())


class Estimator:
    def __init__(self):
        self.value = 5


def test_a_class_can_be_an_exercise():
    def run(made, stage):
        assert made().value == 5

    assert only(Estimator, run=run).passed


def test_a_class_that_was_begun_hears_that_some_is_missing():
    def run(made, stage):
        made().two()

    assert "not written yet" in only(HalfWritten, run=run).problem


def test_a_class_without_the_arguments_of_its_contract_hears_of_them():
    class Bare:
        value = 5

        def one(self):
            return self.value

    @of_the_course
    def run(made, stage):
        made(1.0, 60.0)

    assert "can't be called as its description says" in only(Bare, run=run).problem


# The wall clock


def test_a_case_sets_the_wall_clock_of_the_function_and_no_other():
    def run(function, stage):
        stage.set_clock(-3600)
        seen, nanoseconds = stage.call(function)
        asked.set()
        assert told.wait(10)
        if not (3500 < real[0] - seen < 3700 and 3500 < real[0] - nanoseconds / 1e9 < 3700):
            raise Wrong("the clock was not set, or was set for others too")

    asked, told, real = threading.Event(), threading.Event(), []

    def outside():
        asked.wait(20)
        real.append(time.time())
        told.set()

    watcher = threading.Thread(target=outside)
    watcher.start()
    outcome = only(lambda: (time.time(), time.time_ns()), run=run)
    asked.set()
    watcher.join()
    assert outcome.passed, outcome.problem


def test_a_clock_that_was_imported_by_its_name_is_set_too_and_put_back():
    def run(function, stage):
        before = stage.call(function)
        stage.set_clock(3600)
        if not 3500 < stage.call(function) - before < 3700:
            raise Wrong("the clock was not set")

    real = globals()["now"]
    assert only(lambda: now(), run=run).passed
    assert now is real is time.time


def test_a_clock_that_was_set_is_put_back_after_a_hang(short):
    def run(function, stage):
        stage.set_clock(-3600)
        stage.call(function)

    real = time.time

    def hangs():
        until = time.time() + 1000
        while time.time() < until:
            time.sleep(0.01)

    report = tried(hangs, run=run)
    assert not report.passed
    assert time.time is real
    assert not any("replaced" in left for left in report.left)


def test_a_function_that_replaces_the_clock_itself_is_told():
    def replaces():
        time.time = lambda: 0.0

    report = tried(replaces)
    assert any("time.time had been replaced" in left for left in report.left)
    assert time.time() > 1


def test_a_limit_that_the_course_itself_sets_is_no_fault_of_the_function():
    @of_the_course
    def run(function, stage):
        sys.setswitchinterval(sys.getswitchinterval())

    assert tried(lambda: None, run=run).left == []


def echo_server(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            while data := connection.recv(100):
                connection.sendall(data)


def echoes(function, stage, patience=10):
    server = stage.run(function)
    for _ in range(3):
        with stage.client(server, patience) as client:
            client.sendall(b"hello")
            if client.recv(100) != b"hello":
                raise Wrong("no echo")


def test_a_server_function_is_run_and_stopped():
    assert only(echo_server, run=echoes).passed


# Outcomes


def test_a_wrong_result_is_told_with_its_misconception_and_hints():
    def wrong(function, stage):
        raise Wrong("it was wrong", BELIEF)

    outcome = only(lambda: None, run=wrong)
    assert (outcome.problem, outcome.misconception) == ("it was wrong", BELIEF)
    assert outcome.hints == BELIEF.hints


def test_hints_of_the_problem_come_before_those_of_the_misconception():
    def wrong(function, stage):
        raise Wrong("it was wrong", BELIEF, ("a", "b", "c"))

    assert only(lambda: None, run=wrong).hints == ("a", "b", "c")


def test_without_a_misconception_the_hints_are_those_of_the_case():
    def wrong(function, stage):
        raise Wrong("it was wrong")

    assert only(lambda: None, run=wrong).hints == HINTS


def fails():
    return {}["missing"]


def test_an_error_is_told_with_the_learners_line_and_no_helpers():
    outcome = only(fails)
    assert outcome.problem.startswith("It raised KeyError: 'missing', in line ")
    assert "`return {}" in outcome.problem
    assert 'return {}["missing"]' in outcome.details
    assert os.path.join("helpers", "") not in outcome.details


def test_a_notebooks_cell_is_named_as_such():
    source = "def broken():\n    return {}['missing']\n"
    names = {}
    exec(compile(source, os.path.join("", "tmp", "ipykernel_12", "345.py"), "exec"), names)
    assert "In your notebook, line 2, in broken" in only(names["broken"]).details


def test_an_error_may_stand_for_a_misconception():
    assert only(fails, if_it_raises={"LookupError": BELIEF}).misconception is BELIEF


def test_an_error_of_a_group_is_told_as_itself():
    async def groups():
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(fails))

    outcome = only(groups, if_it_raises={"KeyError": BELIEF})
    assert outcome.problem.startswith("It raised KeyError: 'missing', in line ")
    assert outcome.misconception is BELIEF


def test_a_name_that_was_lost_gets_advice():
    def lost():
        return no_such_name  # noqa: F821

    assert "run the cells above again" in only(lost).problem


def test_a_name_of_pythons_own_gets_the_line_that_imports_it():
    def root():
        return sqrt(2)  # noqa: F821

    def module():
        return statistics.mean([2])  # noqa: F821

    for function, line in ((root, "from math import sqrt"), (module, "import statistics")):
        problem = only(function).problem
        assert f"If you mean Python's, write `{line}` above your function." in problem
        assert "If a cell above defines it, run that cell again." in problem


def test_a_variable_without_a_value_needs_no_cell_above():
    def unassigned():
        count += 1  # noqa: F821, F841

    problem = only(unassigned).problem
    assert "UnboundLocalError" in problem and "cell" not in problem


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ("Expected 3, got None.", True),
        ("Expected a list, got None. It has none.", True),
        ("Expected 3, got 2.", False),
        ("Expected [None], got [None, None].", False),
        ("Expected ValueError, got None.", False),
        ("Expected the error socket.gaierror to reach the caller, got None.", False),
    ],
)
def test_a_result_of_none_where_another_was_expected_is_asked_about(told, asked):
    def wrong(function, stage):
        raise Wrong(told)

    problem = only(lambda: None, run=wrong).problem
    assert ("Does your function return its result?" in problem) == asked


def test_a_misconception_behind_a_result_of_none_stays_alone():
    def wrong(function, stage):
        raise Wrong("Expected 3, got None.", BELIEF)

    assert only(lambda: None, run=wrong).problem == "Expected 3, got None."


socket_as_text = "socket"


def test_a_name_redefined_as_a_string_is_told_with_the_learners_line():
    def wrong():
        return socket_as_text.socket()

    outcome = only(wrong)
    assert "AttributeError: 'str' object has no attribute 'socket'" in outcome.problem
    assert "socket_as_text.socket()" in outcome.details


def test_wrong_arguments_are_told():
    outcome = only(lambda number: number)
    assert "can't be called as its description says" in outcome.problem
    assert "arguments" in outcome.hints[0]


def test_a_threads_arguments_that_are_no_tuple_are_told():
    def serves(listener):
        connection, _ = listener.accept()
        with connection:
            thread = threading.Thread(target=print, args=(connection))
            thread.start()
            thread.join()

    outcome = only(serves, run=echoes)
    assert "A thread could not call its function" in outcome.problem
    assert "comma" in outcome.hints[0]


def test_a_result_that_a_case_can_not_use_is_told():
    @of_the_course
    def run(function, stage):
        len(stage.call(function))

    assert "could not use what it returned" in only(lambda: 5, run=run).problem


def test_sys_exit_is_told():
    def leaves():
        sys.exit(3)

    assert only(leaves).problem.startswith("It raised SystemExit: 3, in line ")


@pytest.mark.parametrize("leave", ["exit", "quit"])
def test_the_words_that_leave_a_notebook_only_end_the_function(leave):
    def leaves():
        getattr(builtins, leave)()

    assert only(leaves).problem.startswith("It raised SystemExit, in line ")
    assert not sys.stdin.closed


def test_a_question_to_the_learner_is_an_error():
    for ask in (lambda: input("Your name? "), lambda: getpass.getpass(prompt="Password: ")):
        outcome = only(ask)
        assert "() out, in line" in outcome.problem
        assert "It asks for keyboard input." in outcome.problem
        assert "not written yet" not in outcome.problem
        assert "keyboard" in outcome.hints[0]


def test_an_error_that_a_library_raises_as_not_implemented_is_no_stub():
    def calls_library():
        os_call()

    def os_call():
        raise NotImplementedError("no such call here")

    os_call.__code__ = os_call.__code__.replace(co_filename=os.__file__)
    assert "It raised NotImplementedError: no such call here" in only(calls_library).problem


def test_an_error_that_can_not_be_shown_is_told():
    class Shy(Exception):
        def __str__(self):
            raise ValueError

    def raises():
        raise Shy

    assert "Shy" in only(raises).problem


def test_an_error_with_a_hundred_million_characters_is_cut():
    def raises():
        raise ValueError("x" * 100_000_000)

    outcome = only(raises)
    assert len(outcome.problem) <= 1_000
    assert len(outcome.details) <= 3_000


def even(number):
    return odd(number)


def odd(number):
    return even(number)


@pytest.mark.parametrize("function", [lambda: recursing(), lambda: even(1)])
def test_deep_recursion_is_told_in_a_few_lines(function):
    outcome = only(function)
    assert "RecursionError" in outcome.problem
    assert len(outcome.details.splitlines()) < 40


def recursing():
    return recursing()


# Hangs


class Slow(Exception):
    def __str__(self):
        while True:
            pass


def spins():
    while True:
        pass


def spins_and_swallows():
    while True:
        try:  # noqa: SIM105
            pass
        except Exception:
            pass


def spins_and_swallows_all():
    while True:
        try:  # noqa: SIM105
            len("abc")
        except:  # noqa: E722
            pass


def sleeps():
    time.sleep(1000)


def sleeps_by_another_name():
    sleep(1000)


def sleeps_and_swallows_all():
    while True:
        try:  # noqa: SIM105
            sleep(1000)
        except:  # noqa: E722
            pass


def accepts():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.accept()


def receives_from():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.recvfrom(100)


def waits_for_an_event():
    threading.Event().wait()


def waits_for_a_queue():
    queue.Queue().get()


def joins_a_sleeper():
    thread = threading.Thread(target=time.sleep, args=(1000,))
    thread.start()
    thread.join()


async def awaits_for_ever():
    await asyncio.sleep(1000)


async def awaits_and_swallows_all():
    while True:
        try:  # noqa: SIM105
            await asyncio.sleep(1000)
        except:  # noqa: E722
            pass


def runs_a_loop():
    asyncio.run(awaits_for_ever())


def raises_what_hangs():
    raise Slow


def generates_nothing():
    while True:
        pass
    yield


HANGING = [
    spins,
    spins_and_swallows,
    spins_and_swallows_all,
    sleeps,
    sleeps_by_another_name,
    sleeps_and_swallows_all,
    accepts,
    receives_from,
    waits_for_an_event,
    waits_for_a_queue,
    joins_a_sleeper,
    awaits_for_ever,
    awaits_and_swallows_all,
    runs_a_loop,
    raises_what_hangs,
    generates_nothing,
]


@pytest.mark.parametrize("function", HANGING, ids=lambda function: function.__name__)
def test_a_function_that_hangs_is_told_with_its_line_and_ended(function, short):
    report = tried(function, if_it_hangs=BELIEF)
    outcome = report.outcomes[0]
    assert "It does not come back" in outcome.problem
    assert "line " in outcome.problem
    assert outcome.misconception is BELIEF
    assert report.left == []
    assert only(lambda: 5).passed  # the next check


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (spins, "still at work in line"),
        (accepts, "still waiting in line"),
        (sleeps, "`time.sleep(1000)`"),
        (awaits_for_ever, "`await asyncio.sleep(1000)`"),
        (runs_a_loop, "`await asyncio.sleep(1000)`"),
    ],
)
def test_a_hang_names_the_line_and_whether_it_waits_there(function, words, short):
    assert words in only(function).problem


def receives(connection):
    received = bytearray()
    while True:
        received += connection.recv(1024)


def sends_and_waits(function, stage):
    mine, peer = stage.connection("server")
    peer.sendall(b"all of it")
    stage.note("the server had sent everything and was waiting for you")
    function(mine)


def test_a_hang_says_what_the_peer_was_doing(short):
    assert only(receives, run=sends_and_waits).problem == (
        "It does not come back: still waiting in line "
        f"{receives.__code__.co_firstlineno + 3} of receives: `received += connection.recv(1024)`, "
        "after 0.4 s; the server had sent everything and was waiting for you."
    )


def test_what_the_peer_was_doing_is_seen_without_a_note(short):
    def run(function, stage):
        mine, peer = stage.connection("server")

        def play():
            peer.sendall(b"all of it")
            peer.recv(1)

        stage.script(play)
        function(mine)

    problem = only(receives, run=run).problem
    assert problem.endswith("; the server had sent everything and was waiting for you.")


def test_a_hang_after_the_peers_end_says_so(short):
    def run(function, stage):
        mine, peer = stage.connection("server")
        peer.shutdown(socket.SHUT_WR)
        function(mine)

    problem = only(receives, run=run).problem
    assert problem.endswith("; the server had sent everything and ended its side.")
    assert "still at work" in problem


def echoes_soon(function, stage):
    echoes(function, stage, 0.2)


def never_answers(listener):
    connection, _ = listener.accept()
    with connection:
        connection.recv(100)
        connection.recv(100)


def test_a_server_that_does_not_answer_is_told_with_its_line():
    outcome = only(never_answers, run=echoes_soon, if_it_hangs=BELIEF)
    line = never_answers.__code__.co_firstlineno + 4
    assert outcome.problem == (
        "The client waited for 0.2 s in vain; your server was in "
        f"line {line} of never_answers: `connection.recv(100)`."
    )
    assert outcome.misconception is BELIEF


def returns_at_once(listener):
    del listener


def test_a_server_function_that_returns_is_told():
    def run(function, stage):
        server = stage.run(function)
        server.settle()
        stage.client(server)

    assert "Your server function has returned" in only(returns_at_once, run=run).problem


def stumbles(listener):
    connection, _ = listener.accept()
    raise KeyError(connection.recv(100))


def test_an_error_of_a_server_is_told_with_its_line():
    outcome = only(stumbles, run=echoes, if_it_raises={"KeyError": BELIEF})
    assert outcome.problem.startswith("It raised KeyError: b'hello', in line ")
    assert "raise KeyError(connection.recv(100))" in outcome.details
    assert outcome.misconception is BELIEF


def stumbles_late(listener):
    connection, _ = listener.accept()
    with connection:
        connection.sendall(connection.recv(100))
        if not connection.recv(100):
            raise ZeroDivisionError


def test_an_error_of_a_server_after_the_last_answer_counts():
    def run(function, stage):
        server = stage.run(function)
        with stage.client(server) as client:
            client.sendall(b"hello")
            client.recv(100)

    assert "ZeroDivisionError" in only(stumbles_late, run=run).problem


@pytest.mark.parametrize("function", [awaits_for_ever, generates_nothing])
def test_a_server_function_of_another_kind_is_told(function):
    assert "ordinary function" in only(function, run=echoes).problem


def serves_and_swallows_all(listener):
    while True:
        try:  # noqa: SIM105
            listener.accept()[0].recv(100)
        except:  # noqa: E722
            pass


def serves_in_a_busy_loop(listener):
    connection, _ = listener.accept()
    while True:
        connection.recv(100)


@pytest.mark.parametrize("function", [serves_and_swallows_all, serves_in_a_busy_loop])
def test_a_server_function_that_does_not_want_to_end_is_ended(function, short):
    report = tried(function, run=echoes_soon)
    assert (report.outcomes[0].state, report.left) == ("failed", [])


def test_a_servers_sockets_are_open_until_its_threads_have_ended(short, monkeypatch):
    """Nothing wakes a selector that waits for a socket which is closed."""
    listeners, still_open = [], []
    gate = threading.Lock()
    gate.acquire()
    end = attempt.end_learners_threads

    def waits_where_no_exception_gets(listener):
        listeners.append(listener)
        gate.acquire()

    def end_and_note(*how):
        still_open.append(listeners[0].fileno() != -1)
        gate.release()
        return end(*how)

    monkeypatch.setattr(attempt, "end_learners_threads", end_and_note)
    tried(waits_where_no_exception_gets, run=echoes_soon)
    assert still_open == [True]


# Time


def test_all_cases_of_an_exercise_take_five_seconds_at_most(short, monkeypatch):
    monkeypatch.setattr(runner, "ALL_SECONDS", 1.5)
    began = time.monotonic()
    report = run_cases(
        "exercise", spins_and_swallows_all, exercise(*((n, calls) for n in range(9)))
    )
    took = time.monotonic() - began
    states = [outcome.state for outcome in report.outcomes]
    assert states[0] == "failed"
    assert states[-1] == "not tried"
    assert not report.passed
    assert "not tried" in report.headline
    assert took < 60  # it came back at all; how fast is measured, not tested


def test_cases_go_on_on_a_slow_machine_until_one_has_failed(patient, monkeypatch):
    monkeypatch.setattr(runner, "ALL_SECONDS", 0.0)

    def fails(function, stage):
        raise Wrong("not this one")

    runs = [(1, calls), (2, calls), (3, fails), (4, calls)]
    report = run_cases("exercise", lambda: None, exercise(*runs))
    assert [outcome.state for outcome in report.outcomes] == [
        "passed",
        "passed",
        "failed",
        "not tried",
    ]


class Sleeper:
    """A thread that never ends, on a clock of its own that it moves when it is joined."""

    def __init__(self, late=0.0):
        self.now, self.late = 100.0, late

    def monotonic(self):
        return self.now

    def join(self, seconds):
        self.now += seconds + self.late

    def is_alive(self):
        return True


@pytest.mark.parametrize(
    ("late", "least", "most"), [(0.0, 2.0, 2.1), (0.05, 2.5, 4.5), (10.0, 6.0, 17.0)]
)
def test_a_case_gets_more_time_where_the_machine_wakes_threads_late(late, least, most, monkeypatch):
    sleeper = Sleeper(late)
    monkeypatch.setattr(waiting, "time", sleeper)
    waiting.join_in_time(sleeper, 2.0)
    assert least <= sleeper.now - 100 <= most


def test_a_check_within_a_check_is_refused():
    def nested():
        return run_cases("exercise", fails, exercise((1, calls)))

    assert "must not call check itself" in only(nested).problem
    assert only(lambda: 5, run=returns(5)).passed


@pytest.mark.skipif(os.name == "nt", reason="a process can't send itself an interrupt there")
def test_a_check_that_is_interrupted_leaves_nothing(monkeypatch):
    monkeypatch.setattr(runner, "CASE_SECONDS", 60.0)
    monkeypatch.setattr(runner, "ALL_SECONDS", 60.0)

    def interrupts():
        socket.socket.send = None
        os.kill(os.getpid(), signal.SIGINT)
        spins()

    before, heard = time.sleep, signal.getsignal(signal.SIGINT)
    report = run_cases(
        "exercise", interrupts, exercise((1, returns(5)), (2, calls), asks_async=False)
    )
    assert report.interrupted and not report
    assert report.headline == "exercise: interrupted, 0 passed, 0 failed, 2 not tried"
    assert "interrupted in this case. The function was still at work in" in repr(report)
    assert signal.getsignal(signal.SIGINT) is heard
    assert time.sleep is before
    assert "send" not in vars(socket.socket)
    assert only(lambda: 5, run=returns(5)).passed


# Prints


def test_what_a_function_prints_is_kept_with_its_case(capsys):
    report = tried(lambda: print("value", 5))
    assert report.outcomes[0].prints == ["value 5"]
    assert report.prints == {"case 1": ["value 5"]}
    assert "It printed:\n        value 5" in repr(report)
    assert capsys.readouterr().out == ""  # else it would be there twice


def test_each_case_has_its_own_prints():
    count = iter(range(2))
    report = run_cases("exercise", lambda: print(next(count)), exercise((1, calls), (2, calls)))
    assert report.prints == {"case 1": ["0"], "case 2": ["1"]}


def test_a_thread_of_a_function_prints_with_it():
    def serve():
        thread = threading.Thread(target=print, args=("from a thread",))
        thread.start()
        thread.join()

    assert only(serve).prints == ["from a thread"]


def test_an_error_in_a_thread_of_a_function_is_shown():
    def serve():
        thread = threading.Thread(target=fails)
        thread.start()
        thread.join()

    shown = "\n".join(only(serve).prints)
    assert "A thread failed." in shown
    assert 'return {}["missing"]' in shown


def test_a_million_printed_lines_are_cut():
    report = tried(lambda: print("line\n" * 1_000_000))
    shown = repr(report).splitlines()
    assert shown.count("        line") == MOST_PRINTS
    assert "        … and 9,981 lines more: report.prints" in shown
    assert len(report.prints["case 1"]) == 10_001
    assert "990,001 lines more" in report.prints["case 1"][-1]


def test_of_all_cases_together_so_many_lines_are_kept_as_of_one():
    cases = exercise(*((number, calls) for number in range(3)))
    report = run_cases("exercise", lambda: print("line\n" * 6_000, end=""), cases)
    assert [len(each.prints) for each in report.outcomes] == [6_000, 4_001, 1]
    assert report.outcomes[2].prints == ["... and 6,000 lines more, which the check did not keep"]


def test_prints_of_a_second_try_follow_those_of_the_first(monkeypatch):
    monkeypatch.setattr(runner, "LATE", -1.0)
    count = iter(range(5))

    def fails_once():
        number = next(count)
        print("try", number)
        return number

    found = replace(exercise((1, returns(1))), again=True)
    report = run_cases("exercise", fails_once, found)
    assert report.passed
    assert report.outcomes[0].prints == ["try 0", "try 1"]


# check


@pytest.fixture
def known(monkeypatch):
    """An exercise of the course's own, which wants 5."""
    found = {"gives_five": exercise((1, returns(5)))}
    real = check_module.find_exercise
    for module in (check_module, given):
        monkeypatch.setattr(module, "find_exercise", lambda name: found.get(name) or real(name))


def named(function, name="gives_five"):
    function.__name__ = name
    return function


def test_an_untouched_stub_is_no_attempt(known):
    def gives_five():
        raise NotImplementedError

    assert not check(gives_five).started
    assert progress.attempts("gives_five") == 0


def test_a_failed_check_is_an_attempt(known):
    assert not check(named(lambda: 4)).passed
    assert (progress.attempts("gives_five"), progress.passed()) == (1, set())


def test_a_passed_check_is_remembered(known):
    report = check(named(lambda: 5))
    assert repr(report).startswith("✓ gives_five: passed (1 case), you may go on")
    assert progress.passed() == {"gives_five"}


def test_a_result_that_can_not_be_kept_is_said_and_nothing_else_fails(known, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "missing" / "progress.json"))
    report = check(named(lambda: 5))
    assert report.passed
    assert "could not be kept" in repr(report)


@pytest.mark.parametrize("value", [None, "resolve", print, lambda: None, 5, [], b"x" * 10**6])
def test_what_is_no_exercise_is_refused_with_advice(value):
    with pytest.raises(TypeError, match=r"write check\(") as caught:
        check(value)
    assert len(str(caught.value)) < 400


def test_a_string_in_place_of_a_function_gets_the_function_as_advice():
    with pytest.raises(TypeError, match=r"write check\(fetch_welcome\)"):
        check("fetch_welcome")


# Sockets that a function must close


@pytest.fixture
def held():
    """What a function may hold beyond its end."""
    kept = []
    yield kept
    for sock in kept:
        sock.close()


def test_a_function_that_closes_its_sockets_passes():
    def opens():
        with socket.socket():
            return 5

    assert only(opens, run=returns(5), closes=True).passed


def test_a_socket_that_is_still_open_fails_an_exercise_that_closes(held):
    def opens():
        held.append(socket.socket())

    problem = only(opens, closes=True).problem
    assert "it has not closed the TCP socket of line" in problem
    assert "held.append(socket.socket())" in problem


def test_a_socket_left_to_the_collector_fails_an_exercise_that_closes():
    def opens():
        sock = socket.socket()
        return sock.fileno() > 0

    with pytest.warns(ResourceWarning, match="unclosed"):  # Python's own, from the collector
        report = only(opens, closes=True)
    assert "has not closed" in report.problem


def test_a_socket_of_the_stage_is_not_for_the_function_to_close():
    def run(function, stage):
        function(stage.connection()[0])

    assert only(lambda connection: 5, run=run, closes=True).passed


def test_asyncio_streams_that_are_closed_count_as_closed():
    async def asks(address):
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"hello")
        await writer.drain()
        answer = await reader.read(100)
        writer.close()
        return answer

    def run(function, stage):
        server = stage.serve(echo_server)
        assert stage.call(function, server.address) == b"hello"

    assert only(asks, run=run, closes=True).problem == ""


# A second try


def waits_once(monkeypatch, again):
    """The report of a case that fails after a wait, and only the first time."""
    monkeypatch.setattr(runner, "LATE", 0.01)
    tries = []

    @of_the_course
    def run(function, stage):
        tries.append(stage)
        if len(tries) == 1:
            stage.pause(0.05)
            raise Wrong("It came too late.")

    case = replace(exercise(("slow", run)), again=again)
    return run_cases("answer", lambda: None, case), len(tries)


def test_a_case_that_failed_after_a_wait_is_tried_again_where_the_exercise_says_so(monkeypatch):
    report, tries = waits_once(monkeypatch, again=True)
    assert report.passed
    assert tries == 2


def test_a_case_that_failed_after_a_wait_is_not_tried_again_otherwise(monkeypatch):
    report, tries = waits_once(monkeypatch, again=False)
    assert not report.passed
    assert tries == 1


def test_a_case_that_failed_at_once_is_not_tried_again(monkeypatch):
    monkeypatch.setattr(runner, "LATE", 10.0)
    tries = []

    @of_the_course
    def run(function, stage):
        tries.append(stage)
        raise Wrong("It is wrong.")

    report = run_cases("answer", lambda: None, replace(exercise(("wrong", run)), again=True))
    assert not report.passed
    assert len(tries) == 1


def test_there_is_no_second_try_without_time_for_it(monkeypatch):
    monkeypatch.setattr(runner, "LATE", 0.01)
    monkeypatch.setattr(runner, "CASE_SECONDS", 0.4)
    monkeypatch.setattr(runner, "ALL_SECONDS", runner.ENDING + 0.4)
    tries = []

    @of_the_course
    def run(function, stage):
        tries.append(stage)
        stage.pause(0.35)
        raise Wrong("It came too late.")

    run_cases("answer", lambda: None, replace(exercise(("slow", run)), again=True))
    assert len(tries) == 1
