"""Judges: what comes of a function that tells right programs from wrong ones, and in what time."""

import asyncio
import contextlib
import itertools
import socket
import threading
import time

import pytest

from helpers.checks import judges, runner
from helpers.checks.judges import judging, right_one, wrong_one
from helpers.checks.report_html import as_html
from helpers.checks.wrong import Misconception

pytestmark = pytest.mark.usefixtures("nothing_left")

OTHER = ("Ask for more.", "Ask for an answer.", "Compare the answer.")
SILENT = ("Wait.", "Wait for an answer.", "Set a limit to your wait.")
BELIEF = Misconception("programs answer", "Some do not.", SILENT)


def answering(answer):
    """A server function that answers each request by this."""

    def serve(listener):
        while True:
            connection, _ = listener.accept()
            with connection, contextlib.suppress(OSError):
                while connection.recv(100):
                    if answer is not None:
                        connection.sendall(answer)

    return serve


def fails(listener):
    connection, _ = listener.accept()
    with connection:
        raise ValueError(connection.recv(100))


def replies(sock):
    while True:
        data, address = sock.recvfrom(100)
        sock.sendto(data[::-1], address)


RIGHT = [right_one("a right one", answering(b"pong")), right_one("another", answering(b"pong"))]
WRONG = [
    wrong_one("one that answers no", answering(b"no"), OTHER),
    wrong_one("one that is silent", answering(None), SILENT, BELIEF),
    wrong_one("one that fails", fails, OTHER),
]
EXERCISE = judging("server", RIGHT, WRONG, "It finds all.")


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A busy machine may be slow: nothing but what hangs is cut short."""
    monkeypatch.setattr(runner, "CASE_SECONDS", 20.0)
    monkeypatch.setattr(runner, "ALL_SECONDS", 90.0)
    monkeypatch.setattr(runner, "SLOW_SECONDS", 200.0)


@pytest.fixture
def short(patient, monkeypatch):
    monkeypatch.setattr(runner, "CASE_SECONDS", 0.4)


def checked(judge, exercise=EXERCISE, only=None):
    return runner.run_cases("judge", judge, exercise, only)


def problems(report):
    return {each.case.name: each.problem for each in report.outcomes if not each.passed}


def notes(report):
    return {each.case.name: each.note for each in report.outcomes}


def ask(address, timeout=0.2):
    with socket.create_connection(address, timeout) as sock:
        sock.sendall(b"ping")
        return sock.recv(100)


def finds_all(address):
    try:
        return ask(address) == b"pong"
    except OSError:
        return False


def test_a_right_judge_passes_and_hears_how_long_each_verdict_took():
    report = checked(finds_all)
    assert report.passed, report
    said = notes(report)
    assert said["a right one"].startswith("True after ") and said["a right one"].endswith("s")
    assert all(said[each.name].startswith("False after ") for each in WRONG)
    assert all(note in repr(report) and note in as_html(report) for note in said.values())


def test_all_programs_run_side_by_side_each_on_an_address_of_loopback():
    everybody = threading.Barrier(len(RIGHT + WRONG))
    addresses = []

    def waits_for_the_others(address):
        addresses.append(address)
        everybody.wait(20)
        return finds_all(address)

    report = checked(waits_for_the_others)
    assert report.passed, report
    assert len(set(addresses)) == len(RIGHT + WRONG)
    assert {host for host, _ in addresses} == {"127.0.0.1"}


def test_one_missed_program_is_spared_and_told():
    def misses_no(address):
        try:
            return ask(address) in (b"pong", b"no")
        except OSError:
            return False

    report = checked(misses_no)
    assert report.passed, report
    assert "your judge has missed it, but 2 of 3 are enough" in notes(report)["one that answers no"]
    assert "missed it" in repr(report)


def test_two_missed_programs_are_told_each_with_hints_of_its_own():
    def misses_two(address):
        with contextlib.suppress(TimeoutError):
            return len(ask(address)) > 0
        return True

    report = checked(misses_two)
    told = problems(report)
    assert list(told) == ["one that answers no", "one that is silent"]
    assert "takes this server for right" in told["one that is silent"]
    assert report.hint(1) == OTHER[0]
    second = report.groups[1][0]
    assert (second.hints, second.misconception) == (SILENT, BELIEF)


@pytest.mark.parametrize("connects", [False, True])
def test_true_without_a_word_sent_is_refused(connects):
    def trusts(address):
        if connects:
            socket.create_connection(address).close()
        return True

    report = checked(trusts)
    assert "the server has received nothing" in problems(report)["a right one"]
    assert report.hint(1) == judges.NOTHING_SENT[0]


def test_what_was_sent_by_a_judge_that_does_not_wait_counts_as_sent():
    def only_sends(address):
        with socket.create_connection(address) as sock:
            sock.sendall(b"ping")
        return True

    assert not any("nothing" in each for each in problems(checked(only_sends)).values())


def test_a_judge_that_accuses_a_right_program_is_refused():
    report = checked(lambda address: False)
    assert list(problems(report)) == [each.name for each in RIGHT]
    assert report.hint(1) == judges.ACCUSED[0]


@pytest.mark.parametrize("verdict", [None, 1, "yes", [True]])
def test_a_verdict_that_is_no_bool_is_refused(verdict):
    def says(address):
        finds_all(address)
        return verdict

    report = checked(says)
    assert all("Expected True or False, got " in each for each in problems(report).values())
    assert report.hint(1) == judges.NO_BOOL[0]


def test_an_async_judge_is_refused_and_one_with_a_loop_of_its_own_passes():
    async def asks(address):
        reader, writer = await asyncio.open_connection(*address)
        try:
            writer.write(b"ping")
            return await asyncio.wait_for(reader.read(100), 0.2) == b"pong"
        except OSError:
            return False
        finally:
            writer.close()

    assert not checked(asks).passed
    report = checked(lambda address: asyncio.run(asks(address)))
    assert report.passed, report


def test_a_judge_that_waits_for_ever_is_let_go_and_told_where_it_waits(short):
    report = checked(lambda address: ask(address, timeout=None) == b"pong")
    told = problems(report)["one that is silent"]
    assert "No verdict within 0.4 s" in told and "sock.recv(100)" in told
    assert report.outcomes[3].hints == judges.TOO_LATE
    assert "a right one" not in problems(report)


def spins(address):
    while True:
        time.monotonic()


def spins_and_swallows(address):
    while True:
        with contextlib.suppress(BaseException):
            time.monotonic()


def sleeps(address):
    time.sleep(30)
    return finds_all(address)


@pytest.mark.parametrize("judge", [spins, spins_and_swallows, sleeps])
def test_a_judge_that_is_late_for_all_is_refused_and_ended(judge, short):
    report = checked(judge)
    assert len(problems(report)) == len(EXERCISE.cases)
    assert all("No verdict within" in each for each in problems(report).values())
    assert report.left == []


def test_a_judge_that_is_late_once_is_asked_again(short):
    slow = itertools.chain([True], itertools.repeat(False))

    def sleeps_once(address):
        if next(slow):
            time.sleep(30)
        return finds_all(address)

    report = checked(sleeps_once)
    assert report.passed, report


def test_a_judge_that_keeps_a_global_passes():
    now = {}

    def keeps(address):
        now["address"] = address
        time.sleep(0.02)
        return finds_all(now["address"])

    report = checked(keeps)
    assert report.passed, report


def test_a_judge_that_keeps_a_fixed_port_passes():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def binds(address):
        with socket.create_server(("127.0.0.1", port)):
            time.sleep(0.02)
            return finds_all(address)

    report = checked(binds)
    assert report.passed, report


def test_a_judge_that_always_errs_is_asked_about_a_program_twice_at_the_most():
    asked, begun = [], []

    def begins(listener):
        begun.append(listener)
        fails(listener)

    def errs(address):
        asked.append(address)
        with contextlib.suppress(OSError):
            ask(address)
        raise LookupError(address)

    several = [wrong_one(name, begins, OTHER) for name in ("one", "two", "three")]
    exercise = judging("server", [right_one("a right one", begins)], several, "It finds all.")
    assert len(problems(checked(errs, exercise))) == len(exercise.cases)
    assert len(exercise.cases) < len(asked) <= 2 * len(exercise.cases)
    assert len(begun) == len(asked), "each time another server"


def test_an_error_of_the_network_is_to_be_a_verdict():
    report = checked(lambda address: ask(address) == b"pong")
    assert "TimeoutError" in problems(report)["one that is silent"]
    assert report.hint(1) == judges.BROKEN[0]


def test_an_error_of_the_judges_own_is_told_with_its_line():
    def mistypes(address):
        return finds_al(address)  # noqa: F821

    report = checked(mistypes)
    assert "NameError" in report.first.problem
    assert "finds_al(address)" in report.first.details
    assert "finds_al" in report.hint(1)


def test_sockets_that_are_left_open_are_refused_and_closed():
    kept = []

    def keeps_open(address):
        verdict = finds_all(address)
        kept.append(socket.create_connection(address, 0.2))
        return verdict

    report = checked(keeps_open)
    told = problems(report)["a right one"]
    assert "it has not closed the TCP socket of line" in told
    assert "kept.append" in told
    assert report.hint(1) == judges.LEFT_OPEN[0]
    assert all(each.fileno() < 0 for each in kept)


def test_threads_that_are_left_are_told_and_ended():
    def leaves(address):
        threading.Thread(target=time.sleep, args=(30,)).start()
        return finds_all(address)

    report = checked(leaves)
    assert report.passed, report
    assert "A thread that the function started still ran" in report.left[0]


def test_what_a_judge_prints_stands_at_the_program_that_it_was_asked_about():
    def prints(address):
        verdict = finds_all(address)
        print(f"I say {verdict}")
        return verdict

    report = checked(prints)
    assert report.prints == {each.name: [f"I say {each.is_right}"] for each in EXERCISE.programs}


def test_a_failure_shows_what_passed_with_that_program_alone():
    report = checked(lambda address: ask(address) != b"" or True)
    no = next(each for each in report.outcomes if each.case.name == "one that answers no")
    assert [(each.source, each.kind, each.head) for each in no.trace.events][:3] == [
        ("you", "connect", b""),
        ("you", "data", b"ping"),
        ("server", "data", b"no"),
    ]


def test_one_program_can_be_looked_at_alone():
    asked = []

    def notes_all(address):
        asked.append(address)
        return finds_all(address)

    report = checked(notes_all, only=EXERCISE.cases[2])
    assert [each.case.name for each in report.outcomes] == ["one that answers no"]
    assert (report.outcomes[0].passed, len(asked)) == (True, 1)
    assert any("ping" in line for line in report.outcomes[0].log)


def test_alone_no_program_may_be_missed():
    report = checked(lambda address: bool(ask(address)), only=EXERCISE.cases[2])
    assert "takes this server for right" in report.outcomes[0].problem


def test_among_few_programs_none_may_be_missed():
    few = EXERCISE.among("a right one", "one that answers no")
    report = checked(lambda address: bool(ask(address)), few)
    assert list(problems(report)) == ["one that answers no"]


def test_programs_can_speak_udp():
    def asks(address):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(0.2)
            sock.sendto(b"abc", address)
            try:
                return sock.recv(100) == b"cba"
            except OSError:
                return False

    wrong = [wrong_one("one that is silent", lambda sock: sock.recv(100), OTHER)]
    exercise = judging("echo", [right_one("a right one", replies)], wrong, "", kind="udp", spared=0)
    report = checked(asks, exercise)
    assert report.passed, report


def test_a_check_can_be_interrupted(monkeypatch):
    watches = []
    usual = runner.Watch.__init__

    def remembers(watch, *args):
        usual(watch, *args)
        watches.append(watch)

    monkeypatch.setattr(runner.Watch, "__init__", remembers)

    def interrupts(address):
        watches[0].interrupted = True
        time.sleep(30)

    report = checked(interrupts)
    assert report.interrupted and not report.passed
