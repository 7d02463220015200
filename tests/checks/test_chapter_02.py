"""The checks of chapter 02: right answers in several styles pass, wrong ones hear why."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from helpers.checks import EXERCISES, runner
from helpers.checks.chapter_02 import (
    CLOSE_HALF,
    CUT_CHARACTER,
    EMPTY_RECV,
    NO_TIMEOUT,
    ONE_RECV,
    PEERS_VANISH,
    SEND_ALL,
)
from helpers.servers import run_server, stop_all, unreported_crashes

pytestmark = pytest.mark.usefixtures("nothing_left")


def tried(exercise, function):
    report = runner.run_cases(exercise, function, EXERCISES["02"][exercise])
    stop_all("check")
    return report


def read_to_end(sock):
    received = b""
    while piece := sock.recv(4096):
        received += piece
    return received


# Right answers


def fetch_in_a_loop(address, timeout):
    with socket.create_connection(address, timeout) as client:
        return read_to_end(client).decode()


def fetch_by_a_file(address, timeout):
    client = socket.socket()
    client.settimeout(timeout)
    try:
        client.connect(address)
        with client.makefile(encoding="utf-8", newline="") as file:
            return file.read()
    finally:
        client.close()


def serve_in_a_loop(listener):
    while True:
        connection, _ = listener.accept()
        try:
            with connection:
                while data := connection.recv(1024):
                    connection.sendall(data)
        except OSError:
            continue


def serve_byte_by_byte_with_send(listener):
    while True:
        connection, _address = listener.accept()
        try:
            while True:
                data = connection.recv(65536)
                if data == b"":
                    break
                while data:
                    data = data[connection.send(data) :]
        except ConnectionError:
            pass
        finally:
            connection.close()


def serve_in_threads(listener):
    def talk(connection):
        with connection:
            try:
                while data := connection.recv(1024):
                    connection.sendall(data)
            except ConnectionError:
                pass

    while True:
        threading.Thread(target=talk, args=(listener.accept()[0],)).start()


def serve_by_a_pool(listener):
    def talk(connection):
        with connection:
            while data := connection.recv(1024):
                connection.sendall(data)

    with ThreadPoolExecutor(4) as pool:
        while True:
            pool.submit(talk, listener.accept()[0])


def ask_in_a_loop(address, request, timeout):
    with socket.create_connection(address, timeout) as client:
        client.sendall(request)
        client.shutdown(socket.SHUT_WR)
        return read_to_end(client)


def ask_by_a_file(address, request, timeout):
    with socket.create_connection(address, timeout=timeout) as client, client.makefile("rwb") as io:
        io.write(request)
        io.flush()
        client.shutdown(socket.SHUT_WR)
        return io.read()


@pytest.mark.parametrize(
    ("exercise", "function"),
    [
        ("fetch_welcome", fetch_in_a_loop),
        ("fetch_welcome", fetch_by_a_file),
        ("echo_server", serve_in_a_loop),
        ("echo_server", serve_byte_by_byte_with_send),
        ("echo_server", serve_in_threads),
        ("echo_server", serve_by_a_pool),
        ("ask", ask_in_a_loop),
        ("ask", ask_by_a_file),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_right_answer_passes(exercise, function):
    report = tried(exercise, function)
    assert report.passed, repr(report)


# Wrong answers


def fetch_with_one_recv(address, timeout):
    with socket.create_connection(address, timeout) as client:
        return client.recv(4096).decode("utf-8", "ignore")


def fetch_piece_by_piece(address, timeout):
    text = ""
    with socket.create_connection(address, timeout) as client:
        while piece := client.recv(4096):
            text += piece.decode()
    return text


def fetch_and_wait_for_more(address, timeout):
    text = b""
    with socket.create_connection(address, timeout) as client:
        while not text.endswith(b"the end"):
            text += client.recv(4096)


def fetch_without_timeout(address, timeout):
    with socket.create_connection(address) as client:
        return read_to_end(client).decode()


def fetch_nothing_in_time(address, timeout):
    try:
        return fetch_in_a_loop(address, timeout)
    except TimeoutError:
        return ""


def serve_one_message(listener):
    while True:
        connection, _ = listener.accept()
        try:
            with connection:
                connection.sendall(connection.recv(1024))
        except OSError:
            continue


def serve_on_after_the_end(listener):
    while True:
        connection, _ = listener.accept()
        try:
            while True:
                connection.sendall(connection.recv(1024))
        except OSError:
            connection.close()


def serve_until_a_reset(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            while data := connection.recv(1024):
                connection.sendall(data)


def ask_with_send(address, request, timeout):
    with socket.create_connection(address, timeout) as client:
        client.send(request)
        client.shutdown(socket.SHUT_WR)
        return read_to_end(client)


def ask_without_end(address, request, timeout):
    with socket.create_connection(address, timeout) as client:
        client.sendall(request)
        return read_to_end(client)


def ask_and_close(address, request, timeout):
    client = socket.create_connection(address, timeout)
    client.sendall(request)
    client.close()
    return read_to_end(client)


def ask_with_one_recv(address, request, timeout):
    with socket.create_connection(address, timeout) as client:
        client.sendall(request)
        client.shutdown(socket.SHUT_WR)
        return client.recv(65536)


def ask_without_timeout(address, request, timeout):
    with socket.create_connection(address) as client:
        client.sendall(request)
        client.shutdown(socket.SHUT_WR)
        return read_to_end(client)


@pytest.mark.parametrize(
    ("exercise", "function", "misconception"),
    [
        ("fetch_welcome", fetch_with_one_recv, ONE_RECV),
        ("fetch_welcome", fetch_piece_by_piece, CUT_CHARACTER),
        ("fetch_welcome", fetch_nothing_in_time, NO_TIMEOUT),
        ("fetch_welcome", fetch_without_timeout, NO_TIMEOUT),
        ("echo_server", serve_one_message, ONE_RECV),
        ("echo_server", serve_on_after_the_end, EMPTY_RECV),
        ("echo_server", serve_until_a_reset, PEERS_VANISH),
        ("ask", ask_with_send, SEND_ALL),
        ("ask", ask_with_one_recv, ONE_RECV),
        ("ask", ask_and_close, CLOSE_HALF),
        ("ask", ask_without_timeout, NO_TIMEOUT),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_wrong_answer_hears_of_its_misconception(exercise, function, misconception, monkeypatch):
    monkeypatch.setattr(runner, "CASE_SECONDS", 1.0)
    heard = {outcome.misconception for outcome in tried(exercise, function).outcomes}
    assert heard - {""} == {misconception}


def test_a_question_without_an_end_hears_first_of_the_half_close(monkeypatch):
    monkeypatch.setattr(runner, "ALL_SECONDS", 2.0)
    first = tried("ask", ask_without_end).outcomes[0]
    assert first.misconception == CLOSE_HALF


def test_a_client_that_waits_for_more_after_the_end_hears_what_the_end_is(monkeypatch):
    monkeypatch.setattr(runner, "CASE_SECONDS", 0.5)
    first = tried("fetch_welcome", fetch_and_wait_for_more).outcomes[0]
    assert first.misconception == EMPTY_RECV
    assert "it is still in line" in first.problem


def serve_once(listener):
    connection, _ = listener.accept()
    with connection:
        while data := connection.recv(1024):
            connection.sendall(data)


@pytest.mark.parametrize(
    ("exercise", "function", "words"),
    [
        ("fetch_welcome", lambda address, timeout: None, "got None"),
        ("fetch_welcome", lambda address, timeout: b"Welcome", "decode the bytes as UTF-8"),
        ("fetch_welcome", lambda address: "", "it can't be called as its description says"),
        ("echo_server", lambda listener: None, "has returned"),
        ("echo_server", serve_once, "has returned"),
        ("echo_server", lambda listener: listener.recv(1), "it raised OSError"),
        ("ask", lambda address, request, timeout: "text", "is to be bytes"),
        ("ask", lambda address, request, timeout: None, "got None"),
    ],
)
def test_a_wrong_answer_hears_what_is_wrong(exercise, function, words):
    report = tried(exercise, function)
    assert not report.passed
    assert words in repr(report)


# Hostile answers: each comes back, says something and leaves nothing


def spin(*_):
    while True:
        pass


def swallow(*_):
    while True:
        try:
            raise ValueError
        except Exception:
            pass


def recurse(*arguments):
    return recurse(*arguments)


def leave(*_):
    raise SystemExit("enough")


def interrupt(*_):
    raise KeyboardInterrupt


def close_the_listener_first(listener):
    listener.close()
    listener.accept()


@pytest.mark.parametrize("exercise", ["fetch_welcome", "echo_server", "ask"])
@pytest.mark.parametrize(
    "function", [spin, swallow, recurse, leave, interrupt], ids=lambda each: each.__name__
)
def test_a_hostile_answer_fails_and_leaves_nothing(exercise, function, monkeypatch):
    monkeypatch.setattr(runner, "CASE_SECONDS", 0.3)
    monkeypatch.setattr(runner, "ALL_SECONDS", 0.5)
    report = tried(exercise, function)
    assert not any(outcome.passed for outcome in report.outcomes)
    assert unreported_crashes() == []


def test_a_closed_listener_is_reported_with_the_learners_line():
    details = tried("echo_server", close_the_listener_first).outcomes[0].details
    assert "listener.accept()" in details
    assert "served_socket" not in details


def print_on_and_on(listener):
    while True:
        print("here")


def test_a_server_that_prints_on_and_on_floods_nothing(capsys, monkeypatch):
    monkeypatch.setattr(runner, "ALL_SECONDS", 0.5)
    tried("echo_server", print_on_and_on)
    assert len(capsys.readouterr().out) < 5000


def test_a_server_of_the_learner_lives_through_a_check():
    with run_server(serve_in_a_loop, name="echo_server") as server:
        tried("echo_server", serve_in_a_loop)
        assert server.running
