"""Opening a server's socket, and finding a free port."""

import socket
import subprocess
import sys

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.servers.listening import BACKLOG, free_port, let_go, open_server_socket


@pytest.fixture(autouse=True)
def no_port_is_promised():
    yield
    let_go()


def test_a_tcp_socket_is_listening():
    with open_server_socket("tcp", "127.0.0.1", 0) as sock:
        socket.create_connection(sock.getsockname(), 10).close()


def test_a_udp_socket_is_bound():
    with open_server_socket("udp", "127.0.0.1", 0) as sock:
        assert sock.type == socket.SOCK_DGRAM
        assert sock.getsockname()[1] != 0


def test_a_hundred_clients_may_wait_for_accept():
    assert BACKLOG >= 100


def test_localhost_is_on_loopback():
    with open_server_socket("tcp", "localhost", 0) as sock:
        assert sock.getsockname()[0] in ("127.0.0.1", "::1")


def test_a_failure_to_open_leaves_no_socket(nothing_left):
    with open_server_socket("tcp", "127.0.0.1", 0) as sock:
        with pytest.raises(OSError):
            open_server_socket("tcp", "127.0.0.1", sock.getsockname()[1])


def test_a_port_is_free_again_after_connections_that_the_server_closed_first():
    with open_server_socket("tcp", "127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        with socket.create_connection(sock.getsockname(), 10) as client:
            sock.accept()[0].close()
            assert client.recv(1) == b""
    open_server_socket("tcp", "127.0.0.1", port).close()


@settings(max_examples=25, deadline=None)
@given(st.one_of(st.floats(), st.text(), st.booleans(), st.none(), st.binary()))
def test_a_port_that_is_no_whole_number_is_refused(port):
    with pytest.raises(TypeError, match="whole number"):
        open_server_socket("tcp", "127.0.0.1", port)


def test_a_free_port_is_the_preferred_one_where_that_is_free():
    with open_server_socket("tcp", "127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
    assert free_port(port) == port


def test_a_free_port_is_the_next_one_where_the_preferred_is_taken():
    with open_server_socket("tcp", "127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        assert port < free_port(port) < port + 100


def test_two_kernels_that_ask_at_once_get_different_ports():
    """Each asks before the other's script listens: a class that runs the same cell."""
    ask = "from helpers import free_port\nprint(free_port(23450), flush=True)\ninput()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    with subprocess.Popen([sys.executable, "-c", ask], **pipes) as other:
        theirs = int(other.stdout.readline())
        mine = free_port(23_450)
        other.communicate("\n")
    assert theirs != mine


def test_a_free_port_asked_for_again_is_the_same():
    assert free_port(23_470) == free_port(23_470)


def test_a_promised_port_can_be_had_by_others_once_it_is_let_go(nothing_left):
    port = free_port(23_480)
    with pytest.raises(OSError):
        open_server_socket("udp", "127.0.0.1", port)
    let_go(port)
    open_server_socket("udp", "127.0.0.1", port).close()


def test_looking_for_a_free_port_beyond_the_last_one_is_refused():
    with pytest.raises(ValueError, match="65535"):
        free_port(65536)
