"""A served socket holds no buffer after a call, whoever looks at the threads meanwhile."""

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from drive.waiting import wait_until
from support.loopback import read_all

from helpers.learner_code import code_of_all_threads, frames_of_all_threads, place_of
from helpers.servers.owner import Owner
from helpers.servers.served_socket import ServedSocket
from helpers.servers.servers import run_server
from helpers.trace.trace import Trace

pytestmark = pytest.mark.usefixtures("nothing_left")
LIMIT = 10.0  # seconds
MUCH = 8_000_000  # bytes: more than the buffers of two sockets hold


@pytest.fixture
def owner() -> Iterator[Owner]:
    owner = Owner("server", Trace())
    yield owner
    owner.close()


@pytest.fixture
def pair(owner) -> Iterator[tuple[ServedSocket, socket.socket]]:
    """A served connection, and its client."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), LIMIT)
        connection, _ = listener.accept()
    connection.settimeout(None)
    with ServedSocket.adopt(connection, owner) as served, client:
        served.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        yield served, client


@pytest.fixture
def datagrams(owner) -> Iterator[tuple[ServedSocket, socket.socket]]:
    """A served UDP socket, and a client that is connected to it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("127.0.0.1", 0))
        client.connect(sock.getsockname())
        with ServedSocket.adopt(sock, owner) as served:
            yield served, client


def in_a_thread_that_is_looked_at(owner, call, let_go):
    """Run a call that waits, and keep all frames of that moment until it has come back."""
    errors = []

    def run():
        try:
            call()
        except OSError as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    assert wait_until(lambda: owner.parked)
    kept = frames_of_all_threads()
    let_go()
    thread.join(LIMIT)
    assert not thread.is_alive()
    return kept, errors


@pytest.mark.parametrize("call", ["sendall", "send"])
def test_a_buffer_that_was_sent_can_be_emptied(owner, pair, call):
    served, client = pair
    room = bytearray(MUCH)

    def receive():
        received = 0
        while received < MUCH:
            received += len(client.recv(1_000_000))

    kept, errors = in_a_thread_that_is_looked_at(
        owner, lambda: getattr(served, call)(room), receive
    )
    room.clear()
    assert (errors, room) == ([], b"")
    assert kept


def test_a_buffer_that_was_sent_in_part_can_be_emptied(owner, pair):
    served, client = pair
    served.settimeout(0.01)
    room = bytearray(MUCH)
    with pytest.raises(TimeoutError) as caught:
        served.sendall(room)
    room.clear()
    assert caught.tb  # with the frames of all calls


def test_a_buffer_whose_client_has_gone_can_be_emptied(owner, pair):
    served, client = pair
    room = bytearray(MUCH)
    kept, errors = in_a_thread_that_is_looked_at(
        owner, lambda: served.sendall(room), lambda: reset(client)
    )
    room.clear()
    assert [isinstance(error, ConnectionError) for error in errors] == [True]
    assert kept


def test_a_buffer_that_was_received_into_can_be_emptied(owner, pair):
    served, client = pair
    room = bytearray(100)
    kept, _ = in_a_thread_that_is_looked_at(
        owner, lambda: served.recv_into(room), lambda: client.sendall(b"hello")
    )
    assert room[:5] == b"hello"
    room.clear()
    assert kept


def test_a_buffer_of_a_datagram_can_be_emptied(owner, datagrams):
    served, client = datagrams
    room = bytearray(100)
    kept, _ = in_a_thread_that_is_looked_at(
        owner, lambda: served.recvfrom_into(room), lambda: client.send(b"hello")
    )
    assert served.sendto(room, client.getsockname()) == 100
    room.clear()
    assert kept


def test_a_server_that_uses_a_buffer_again_meets_no_error_of_ours():
    """Many short conversations whose clients reset, while the server is looked at on and on."""

    def serve(connection):
        room = bytearray()
        try:
            with connection:
                while data := connection.recv(1024):
                    room += data
                    connection.sendall(room)
                    room.clear()
        except ConnectionError:
            room.clear()

    def threaded_echo(listener):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=serve, args=(connection,)).start()

    with run_server(threaded_echo) as server:
        over = threading.Event()

        def look():
            while not over.is_set():
                server.settle(0.01)

        looking = threading.Thread(target=look)
        looking.start()
        try:
            for number in range(300):
                client = socket.create_connection(server.address, LIMIT)
                client.sendall(b"words")
                if number % 2:
                    client.recv(100)
                reset(client)
        finally:
            over.set()
            looking.join(LIMIT)


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def test_the_code_of_a_thread_is_told_without_its_frame():
    go_on = threading.Event()

    def wait(variable):
        go_on.wait()

    thread = threading.Thread(target=wait, args=(object(),))
    thread.start()
    try:
        assert wait_until(lambda: "go_on.wait()" in place_of(thread))
        assert code_of_all_threads()[thread.ident].co_name == "wait"
    finally:
        go_on.set()
        thread.join(LIMIT)


def test_what_a_server_sends_from_a_buffer_arrives_whole(pair):
    served, client = pair
    sender = threading.Thread(
        target=lambda: (served.sendall(bytearray(MUCH)), served.shutdown(socket.SHUT_WR))
    )
    sender.start()
    assert len(read_all(client)) == MUCH
    sender.join(LIMIT)
