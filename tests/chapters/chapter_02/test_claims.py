"""The claims of chapter 02's prose, each by the experiment that shows it."""

import ast
import socket
import struct
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import jupytext
import pytest
from drive.on_disk import ROOT
from drive.waiting import wait_until

from helpers import Link, run_server

pytestmark = pytest.mark.usefixtures("nothing_left")
SOURCE = ROOT / "notebooks" / "source" / "02_tcp_server_and_client.py"
ANSWER = b"It is 21.5 degrees here.\n"
not_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows differs, as it says")
only_linux = pytest.mark.skipif(sys.platform != "linux", reason="said of Linux only")


@pytest.fixture
def conversation():
    """A client and the connection that accept has returned for it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_connection(listener.getsockname(), timeout=5) as client:
            connection, _ = listener.accept()
            with connection:
                connection.settimeout(5)
                yield client, connection


@pytest.fixture(scope="module")
def chapter():
    """The chapter's functions, without its experiments."""
    names = {"socket": socket, "time": time, "Link": Link, "run_server": run_server}
    for cell in jupytext.read(SOURCE, fmt="py:percent").cells:
        if cell.cell_type == "code" and "def " in cell.source and "%%" not in cell.source:
            functions = [n for n in ast.parse(cell.source).body if isinstance(n, ast.FunctionDef)]
            exec(compile(ast.Module(functions, []), SOURCE.name, "exec"), names)
    return SimpleNamespace(**names)


def bind(port, reuse):
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
        sock.bind(("127.0.0.1", port))


def leave_in_time_wait(listener):
    """Have a conversation whose server's side closes first; returns the port."""
    port = listener.getsockname()[1]
    with listener, socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        listener.accept()[0].close()
        assert client.recv(1) == b""
    return port


def test_create_server_binds_and_listens():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert listener.getsockname()[1] > 0
        socket.create_connection(listener.getsockname(), timeout=5).close()


def test_connect_and_send_do_not_wait_for_accept():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_connection(listener.getsockname(), timeout=5) as client:
            client.sendall(b"anyone there?")
            connection, _ = listener.accept()
            with connection:
                assert connection.recv(1024) == b"anyone there?"


def test_who_listens_already_and_does_not_share_keeps_others_from_the_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with pytest.raises(OSError):
            bind(listener.getsockname()[1], reuse=False)


@not_windows
def test_time_wait_holds_the_port_and_reuseaddr_lifts_this_hold():
    port = leave_in_time_wait(socket.create_server(("127.0.0.1", 0)))
    with pytest.raises(OSError):
        bind(port, reuse=False)
    bind(port, reuse=True)


@only_linux
def test_reuseaddr_must_have_been_set_on_the_old_server_too():
    old = socket.socket()
    old.bind(("127.0.0.1", 0))
    old.listen()
    port = leave_in_time_wait(old)
    with pytest.raises(OSError):
        bind(port, reuse=True)


@not_windows
def test_create_server_sets_reuseaddr():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert listener.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR)


@not_windows
def test_send_with_a_timeout_may_take_a_part_only(conversation):
    client, _ = conversation
    assert 0 < client.send(bytes(50_000_000)) < 50_000_000


@not_windows
def test_send_waits_for_its_timeout_only_where_there_is_no_room_at_all(conversation):
    client, _ = conversation
    client.settimeout(1)
    start = time.perf_counter()
    client.send(bytes(50_000_000))
    assert time.perf_counter() - start < 0.5
    client.settimeout(0.1)
    with pytest.raises(TimeoutError):
        while True:  # each call takes what has found room by then, until none is left
            client.send(bytes(50_000_000))


def test_the_timeout_given_to_create_connection_holds_for_each_later_call():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_connection(listener.getsockname(), timeout=0.1) as client:
            assert client.gettimeout() == 0.1
            with pytest.raises(TimeoutError):
                client.recv(1)


@not_windows
def test_send_without_a_timeout_waits_until_all_is_taken(conversation):
    client, connection = conversation
    client.settimeout(None)
    request, taken = bytes(50_000_000), []
    sender = threading.Thread(target=lambda: taken.append(client.send(request)))
    sender.start()
    received = len(connection.recv(65536))
    assert not taken  # far more than the buffers hold is still to come
    while received < len(request):
        received += len(connection.recv(1_000_000))
    sender.join()
    assert taken == [len(request)]


def test_without_a_timeout_a_client_waits_as_long_as_the_server_thinks_and_no_longer(chapter):
    with run_server(chapter.thinks) as server:
        assert chapter.hear(server.address, timeout=0.1) == (b"", "TimeoutError")
        assert chapter.hear(server.address, timeout=None) == (ANSWER, 'b""')


@pytest.mark.parametrize(
    ("how", "end"),
    [
        ("stall_after", "TimeoutError"),
        ("close_after", 'b""'),
        ("reset_after", "ConnectionResetError"),
    ],
)
def test_a_conversation_that_breaks_off_shows_how_it_broke(chapter, how, end):
    _, title = chapter.broken(how, 12, 20)
    assert title == f"12 of {len(ANSWER)} bytes came, and then {end}"


def test_a_delay_above_the_timeout_looks_like_a_stall_although_nothing_is_lost(chapter):
    for _ in range(5):  # a client that the machine lets wait for longer finds the answer there
        trace, title = chapter.broken("close_after", 30, 400)
        if title == "0 of 25 bytes came, and then TimeoutError":
            break
    assert title == "0 of 25 bytes came, and then TimeoutError"
    assert sum(event.size for event in trace if event.kind == "data") == len(ANSWER)


def test_a_client_that_reads_later_finds_both_sends_and_no_border_between_them(chapter):
    assert chapter.sizes_of_pieces(4096, reads_after_ms=0)[0] == 8
    assert chapter.sizes_of_pieces(4096, reads_after_ms=400) == [3000, 0]


def test_recv_returns_what_is_there_and_no_more_than_asked_for(conversation):
    client, connection = conversation
    connection.sendall(b"Welcome ")
    assert client.recv(1024) == b"Welcome "
    connection.sendall(bytes(3000))
    assert 1 <= len(client.recv(1024)) <= 1024


def test_an_empty_result_comes_again_and_again_after_the_end(conversation):
    client, connection = conversation
    connection.close()
    assert [client.recv(1024) for _ in range(3)] == [b"", b"", b""]


def test_the_three_ways_to_get_nothing_have_three_errors(conversation):
    client, connection = conversation
    client.settimeout(0.1)
    with pytest.raises(TimeoutError):
        client.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    client.settimeout(5)
    with pytest.raises(ConnectionResetError):
        client.recv(1)
    with socket.socket() as nobody:  # bound, so that nobody else listens there
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises((ConnectionRefusedError, TimeoutError)):
            socket.create_connection(nobody.getsockname(), timeout=5)
    errors = (TimeoutError, ConnectionResetError, ConnectionRefusedError)
    assert all(issubclass(each, OSError) for each in errors)


@not_windows
def test_closing_with_unread_input_resets(conversation):
    client, connection = conversation
    client.sendall(b"unread")
    assert wait_until(lambda: connection.recv(1, socket.MSG_PEEK))
    connection.close()
    with pytest.raises(ConnectionResetError):
        client.recv(1)


DIES = """
import os, socket
with socket.create_server(("127.0.0.1", 0)) as listener:
    print(listener.getsockname()[1], flush=True)
    connection, _ = listener.accept()
    os._exit(1)
"""


@not_windows
def test_a_program_that_dies_looks_like_a_normal_end():
    with subprocess.Popen([sys.executable, "-c", DIES], stdout=subprocess.PIPE, text=True) as died:
        port = int(died.stdout.readline())
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            assert client.recv(1) == b""


def count_bytes(listener):
    connection, _ = listener.accept()
    with connection:
        total = 0
        while piece := connection.recv(1024):
            total += len(piece)
        connection.sendall(f"{total} bytes".encode())


def test_after_a_half_close_the_answer_still_comes():
    with run_server(count_bytes) as server, Link(server.address, "tcp") as link:
        with socket.create_connection(link.address, timeout=5) as client:
            client.sendall(b"21.5 22.0 22.5")
            client.shutdown(socket.SHUT_WR)
            assert client.recv(1024) == b"14 bytes"
        link.settle()
        kinds = [event.kind for event in link.trace]
    assert kinds[:3] == ["connect", "data", "end"]


def test_close_gives_up_the_answer_too(conversation):
    client, _ = conversation
    client.close()
    with pytest.raises(OSError):
        client.recv(1)


def test_one_silent_client_holds_up_everybody():
    def reads_first(listener):
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1)
                connection.sendall(b"Welcome!")

    with run_server(reads_first) as server:
        with socket.create_connection(server.address, timeout=0.2) as slow:
            with socket.create_connection(server.address, timeout=0.2) as quick:
                quick.sendall(b"?")
                with pytest.raises(TimeoutError):
                    quick.recv(8)
                for client in (slow, quick):
                    client.settimeout(5)
                slow.sendall(b"?")
                assert slow.recv(8) == b"Welcome!"
                assert quick.recv(8) == b"Welcome!"


@not_windows
def test_closing_with_bytes_unread_resets(conversation):
    client, connection = conversation
    client.sendall(b"lamp off, heating on")
    assert connection.recv(4) == b"lamp"
    wait_until(lambda: connection.recv(16, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    connection.close()
    with pytest.raises(ConnectionResetError):
        client.recv(1024)
