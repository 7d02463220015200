"""The claims of chapter 00's prose, each by the experiment that shows it."""

import socket

import pytest
from drive.waiting import wait_until

from helpers.link.link import Link
from helpers.servers.crashes import ServerCrashed
from helpers.servers.servers import run_server

pytestmark = pytest.mark.usefixtures("nothing_left")


def udp_socket():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(5)
    return sock


def test_nobody_is_told_of_a_packet_that_is_killed_on_its_way():
    with udp_socket() as collector, udp_socket() as sensor:
        with Link(collector.getsockname(), delay=0.3) as link:
            sensor.sendto(b"reading 1", link.address)
            assert wait_until(link.in_flight)
            assert link.kill(link.in_flight()[0].id)
            sensor.sendto(b"reading 2", link.address)  # and raises nothing
            assert collector.recv(100) == b"reading 2"
            link.settle()
        for sock in (collector, sensor):
            sock.setblocking(False)
            with pytest.raises(BlockingIOError):  # nothing waits there, and no error
                sock.recv(100)


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


def test_a_greeting_of_zoe_has_one_letter_less_than_bytes():
    greeting = "Good morning, Zoë!"
    assert (len(greeting), len(greeting.encode())) == (18, 19)


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
            client.sendall(b"What is the answer?")
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
