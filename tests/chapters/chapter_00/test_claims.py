"""The claims of chapter 00's prose, each by the experiment that shows it."""

import socket

import pytest

from helpers.servers.crashes import ServerCrashed
from helpers.servers.servers import run_server

pytestmark = pytest.mark.usefixtures("nothing_left")


def doorman(listener):
    connection, _ = listener.accept()
    with connection:
        connection.sendall(b"Good morning, " + connection.recv(100) + b"!")


def ask(server):
    with socket.create_connection(server.address, timeout=5) as client:
        client.sendall(b"Ada")
        return client.recv(100)


def test_the_doorman_sends_eighteen_bytes_back():
    with run_server(doorman) as server:
        assert len(ask(server)) == 18


def test_u_umlaut_and_sharp_s_become_two_bytes_each():
    assert [len(letter.encode()) for letter in "üßG"] == [2, 2, 1]


def test_letters_beyond_a_to_z_cannot_stand_in_bytes():
    with pytest.raises(SyntaxError):
        compile('b"Zoë"', "cell", "eval")


def test_who_waits_for_a_second_question_never_answers():
    def sphinx(listener):
        connection, _ = listener.accept()
        connection.recv(100)
        connection.recv(100)

    with run_server(sphinx) as server:
        with socket.create_connection(server.address, timeout=0.5) as client:
            client.sendall(b"What walks on four legs in the morning?")
            with pytest.raises(TimeoutError):
                client.recv(100)


def test_a_server_started_anew_takes_the_place_of_the_one_before():
    with run_server(doorman, name="doorman") as first:
        with run_server(doorman, name="doorman") as second:
            assert not first.running
            assert len(ask(second)) == 18


def test_a_server_that_fails_tells_the_cell_that_uses_it():
    def clumsy(listener):
        connection, _ = listener.accept()
        with connection:
            connection.sendall("Welcome!")

    with pytest.raises(ServerCrashed), run_server(clumsy) as server:
        with socket.create_connection(server.address, timeout=5) as client:
            client.recv(100)
