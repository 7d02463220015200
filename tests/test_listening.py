"""Opening a server's socket, and finding a free port."""

import socket
import subprocess
import sys
from types import SimpleNamespace

import pytest
from chapters import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.events import EventManager, available_events

from helpers import listening
from helpers.listening import BACKLOG, free_port, open_server_socket


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


def test_two_kernels_that_ask_at_the_same_time_get_different_ports():
    with open_server_socket("tcp", "127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
    code = f"from helpers import free_port; print(free_port({port}), flush=True); input()"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, **pipes) as other:
        theirs = int(other.stdout.readline())
        ours = free_port(port)
        other.communicate("\n", timeout=30)
    assert theirs == port
    assert ours != theirs


def test_a_kernel_that_asks_again_gets_the_same_port_and_can_listen_there():
    with open_server_socket("tcp", "127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
    first = free_port(port)
    open_server_socket("tcp", "127.0.0.1", first).close()
    assert free_port(port) == first


def test_a_port_that_is_taken_stays_free_for_others_to_claim(nothing_left):
    with open_server_socket("tcp", "127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
        ours = free_port(port)
        open_server_socket("udp", "127.0.0.1", port).close()
    listening._claims.pop(("127.0.0.1", ours)).close()


def test_a_claim_ends_with_the_cell_that_made_it(monkeypatch, nothing_left):
    shell = SimpleNamespace()
    shell.events = EventManager(shell, available_events)
    monkeypatch.setattr(sys.modules["IPython"], "get_ipython", lambda: shell)
    port = free_port(23_456)
    assert ("127.0.0.1", port) in listening._claims
    shell.events.trigger("post_run_cell", None)
    assert not listening._claims


def test_looking_for_a_free_port_beyond_the_last_one_is_refused():
    with pytest.raises(ValueError, match="65535"):
        free_port(65536)
