"""The checks of chapter 02: what they say, and what the diagram of a failed case shows.

That right answers pass and wrong ones hear of their misconception is in test_answers.py; what a
hostile answer can't do is in test_runner.py.
"""

import contextlib
import socket
import threading
import time

import pytest

from helpers.chapters.chapter_02._peers import be_patient_again, patience, waited_in_vain
from helpers.checks import runner
from helpers.checks.escape import end_learners_threads
from helpers.servers.servers import run_server
from helpers.study.finding import find_exercise

pytestmark = pytest.mark.usefixtures("nothing_left")


def tried(exercise, function):
    return runner.run_cases(exercise, function, find_exercise(exercise))


def problems(report):
    return {each.case.name: each.problem for each in report.outcomes if not each.passed}


def read_to_end(sock):
    received = b""
    while piece := sock.recv(4096):
        received += piece
    return received


def fetch(address, timeout):
    with socket.create_connection(address, timeout) as client:
        return read_to_end(client).decode()


def serve_once(listener):
    connection, _ = listener.accept()
    with connection:
        while data := connection.recv(1024):
            connection.sendall(data)


def serve(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            try:
                while data := connection.recv(1024):
                    connection.sendall(data)
            except ConnectionError:
                pass


@pytest.mark.parametrize(
    ("exercise", "function", "words"),
    [
        ("fetch_welcome", lambda address, timeout: None, "got None"),
        ("fetch_welcome", lambda address, timeout: b"Welcome", "The result is to be a str"),
        ("fetch_welcome", lambda address: "", "It can't be called as its description says"),
        ("echo_server", lambda listener: None, "has returned"),
        ("echo_server", serve_once, "has returned"),
        ("echo_server", lambda listener: listener.recv(1), "It raised OSError"),
        ("ask", lambda address, request, timeout: "text", "The result is to be bytes"),
        ("ask", lambda address, request, timeout: None, "got None"),
    ],
)
def test_a_wrong_answer_hears_what_is_wrong(exercise, function, words):
    report = tried(exercise, function)
    assert not report.passed
    assert any(words in problem for problem in problems(report).values()), repr(report)


def test_the_diagram_shows_also_what_was_still_to_come():
    def fetch_once(address, timeout):
        with socket.create_connection(address, timeout) as client:
            return client.recv(1024).decode("utf-8", "ignore")

    outcomes = {each.case.name: each for each in tried("fetch_welcome", fetch_once).outcomes}
    passed = outcomes["50,000 bytes in four pieces, with pauses"].trace.events
    assert [(event.source, event.kind) for event in passed if event.source == "server"][:2] == [
        ("server", "data"),
        ("server", "data"),
    ]


def test_a_client_that_nobody_accepts_is_seen_to_be_connected():
    def ask(address, request, timeout):
        with socket.create_connection(address, timeout) as client:
            client.sendall(request)
            client.shutdown(socket.SHUT_WR)
            try:
                return read_to_end(client)
            except TimeoutError:
                return b""

    outcome = next(
        each for each in tried("ask", ask).outcomes if each.case.name.endswith("never accepts")
    )
    assert "no program had accepted it" in outcome.problem
    assert [event.kind for event in outcome.trace] == ["connect"]


def test_a_timeout_of_its_own_is_told_from_the_one_that_was_given():
    def fetch_in_a_second(address, timeout):
        return fetch(address, 1.0)

    told = problems(tried("fetch_welcome", fetch_in_a_second))
    assert list(told) == ["a server that falls silent"]
    assert "Expected TimeoutError after 0.1 s, the timeout that was given" in told.popitem()[1]


def test_the_timeout_of_all_sockets_is_what_it_was():
    def fetch_and_change_all(address, timeout):
        socket.setdefaulttimeout(timeout)
        return fetch(address, timeout)

    assert not tried("fetch_welcome", fetch_and_change_all).passed
    assert socket.getdefaulttimeout() is None


def test_a_pause_outlasts_a_timeout_of_the_learners():
    def serve_for_a_second(listener):
        listener.settimeout(1)
        serve(listener)

    told = problems(tried("echo_server", serve_for_a_second))
    assert list(told) == ["clients that take their time"]


def test_a_server_that_ends_on_no_account_is_named_with_its_line():
    def serve_on_and_on(listener):
        while True:
            try:  # noqa: SIM105
                serve(listener)
            except:  # noqa: E722
                pass

    def left():
        return [each for each in threading.enumerate() if "serve_on_and_on" in each.name]

    told = problems(tried("echo_server", serve_on_and_on))
    end_learners_threads(left, lambda: None, 60)  # on a machine that stalls, a case gives up
    assert list(told) == ["a caller that closes the listener"]
    assert "your server goes on and on, in line" in told.popitem()[1]


def test_a_server_that_reads_byte_by_byte_has_time_enough():
    def serve_bytes(listener):
        while True:
            connection, _ = listener.accept()
            with connection:
                try:
                    while data := connection.recv(1):
                        connection.sendall(data)
                except ConnectionError:
                    pass

    report = tried("echo_server", serve_bytes)
    assert report.passed, repr(report)


def test_a_server_on_a_port_of_its_own_hears_that_its_listener_was_not_used():
    def serve_elsewhere(listener):
        with socket.create_server(("127.0.0.1", 0)) as own:
            serve(own)

    told = problems(tried("echo_server", serve_elsewhere))
    assert "accepted nobody on the listener" in told["two messages of one client"]


def test_a_server_of_the_learner_lives_through_a_check():
    with run_server(serve, name="echo_server") as server:
        tried("echo_server", serve)
        assert server.running


def test_a_peer_that_has_waited_in_vain_waits_less_until_the_check_begins_anew():
    def function():
        pass

    waited_in_vain(function)
    assert patience(function, 0.8, 0.1) == 0.1
    be_patient_again(function)
    assert patience(function, 0.8, 0.1) == 0.8
    assert patience([], 0.8, 0.1) == 0.8  # to which there is no weak reference


def test_connecting_is_as_it_was_when_a_check_is_over():
    def fetch_without_a_timeout_at_first(address, timeout):
        with socket.create_connection(address) as client:
            client.settimeout(timeout)
            return read_to_end(client).decode()

    told = problems(tried("fetch_welcome", fetch_without_a_timeout_at_first))
    assert list(told) == ["a server that falls silent"]
    assert "when your socket connected, it had no timeout" in told.popitem()[1]
    assert not {"connect", "connect_ex"} & vars(socket.socket).keys()


def test_a_server_that_polls_without_haste_costs_nothing():
    def serve_and_look(listener):
        listener.setblocking(False)
        while True:
            try:
                connection, _ = listener.accept()
            except BlockingIOError:
                time.sleep(0.005)
                continue
            connection.setblocking(True)
            with connection, contextlib.suppress(ConnectionError):
                while data := connection.recv(1024):
                    connection.sendall(data)

    report = tried("echo_server", serve_and_look)
    assert report.passed, repr(report)
