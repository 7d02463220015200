"""Servers in threads: they start ready, answer with their newest code, and always end."""

import asyncio
import contextlib
import errno
import functools
import gc
import logging
import os
import re
import select
import selectors
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from drive.waiting import wait_until
from hypothesis import given, settings
from hypothesis import strategies as st
from support.loopback import HOSTS, family_of, needs_ipv6, run_python

import helpers.servers.ending
from helpers.servers.crashes import ServerCrashed, unreported_crashes
from helpers.servers.ending import raise_in
from helpers.servers.servers import run_server, stop_all

# Stopping strikes an event loop in the middle, so that asyncio leaves its transports to the
# collector (their sockets are closed all the same).
left_by_asyncio = (
    pytest.mark.filterwarnings("ignore:unclosed transport:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:loop is closed:ResourceWarning"),
)


@pytest.fixture(autouse=True)
def servers_end(nothing_left: None) -> Iterator[None]:
    """Stop what a failed test has left."""
    yield
    stop_all()


@pytest.fixture
def collects(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Collect what a server has left in the test that expects it, and not in one of the next."""
    caplog.set_level(logging.CRITICAL + 1, "asyncio")  # an error that it logs holds its loop
    yield
    gc.collect()


def echo(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        with connection:
            while data := connection.recv(4096):
                connection.sendall(data)


def echo_udp(sock: socket.socket) -> None:
    while True:
        data, sender = sock.recvfrom(2048)
        sock.sendto(data, sender)


def answering(text: bytes, name: str = "answerer"):
    """A server function of a fixed name that answers each client with this text."""

    def serve(listener: socket.socket) -> None:
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.recv(100)
                connection.sendall(text)

    serve.__name__ = name
    return serve


def fail_at_once(listener: socket.socket) -> None:
    raise LookupError("no such sensor")


def ask(address: tuple, message: bytes = b"ping") -> bytes:
    """Everything that a TCP server answers to one message."""
    with socket.create_connection(address, 10) as client:
        client.sendall(message)
        client.shutdown(socket.SHUT_WR)
        return client.makefile("rb").read()


def ask_udp(address: tuple, message: bytes = b"ping") -> bytes:
    with socket.socket(family_of(address[0]), socket.SOCK_DGRAM) as client:
        client.settimeout(10)
        client.sendto(message, address)
        return client.recv(2048)


def crashed(serve, **options):
    """A server whose function has failed, and whose failure nobody has seen."""
    server = run_server(serve, **options)
    assert wait_until(lambda: server.name in unreported_crashes())
    return server


# Starting


@pytest.mark.parametrize("host", HOSTS)
def test_a_tcp_server_answers_as_soon_as_it_has_been_started(host):
    with run_server(echo, host=host) as server:
        assert ask(server.address) == b"ping"


def timeouts_of(serve):
    """A server function that answers with its listener's and its connection's timeout."""

    def tell(listener: socket.socket) -> None:
        serve()
        connection, _ = listener.accept()
        with connection:
            connection.recv(100)
            connection.sendall(f"{listener.gettimeout()} {connection.gettimeout()}".encode())

    return tell


def test_a_servers_sockets_wait_for_ever_whatever_the_notebooks_default_is():
    socket.setdefaulttimeout(0.2)
    try:
        with run_server(timeouts_of(lambda: None)) as server:
            assert ask(server.address) == b"None None"
    finally:
        socket.setdefaulttimeout(None)


def test_a_default_that_the_servers_function_sets_holds_for_its_connections():
    try:
        with run_server(timeouts_of(lambda: socket.setdefaulttimeout(5))) as server:
            assert ask(server.address) == b"None 5.0"
    finally:
        socket.setdefaulttimeout(None)


@pytest.mark.parametrize("host", HOSTS)
def test_a_udp_server_answers_as_soon_as_it_has_been_started(host):
    with run_server(echo_udp, "udp", host=host) as server:
        assert ask_udp(server.address) == b"ping"


def test_a_server_gets_a_free_port_by_default():
    with run_server(echo, name="one") as one, run_server(echo, name="two") as two:
        assert one.address[1] != two.address[1]


def test_a_server_listens_on_loopback_by_default():
    with run_server(echo) as server:
        assert server.address[0] == "127.0.0.1"


def test_a_server_gets_the_port_that_it_asks_for():
    with run_server(echo) as server:
        port = server.address[1]
    with run_server(echo, port=port) as again:
        assert again.address == ("127.0.0.1", port)


def test_clients_may_connect_before_the_function_accepts():
    go = threading.Event()

    def late(listener):
        go.wait(10)
        echo(listener)

    with run_server(late) as server, socket.create_connection(server.address, 10) as client:
        go.set()
        client.sendall(b"early")
        assert client.recv(10) == b"early"


def test_a_server_is_named_after_its_function():
    with run_server(echo) as server:
        assert server.name == "echo"


def test_a_server_describes_itself():
    with run_server(echo) as server:
        assert re.fullmatch(r"<Server 'echo': tcp on 127\.0\.0\.1 port \d+, running>", repr(server))
    assert "stopped" in repr(server)


def test_a_hundred_servers_run_at_once():
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(run_server(echo, name=f"no. {n}")) for n in range(100)]
        assert {ask(server.address) for server in servers} == {b"ping"}


def test_a_thousand_starts_and_stops_leave_nothing():
    for _ in range(1000):
        run_server(echo).stop()


# Replacing


def test_running_again_replaces_the_server():
    run_server(answering(b"old"))
    with run_server(answering(b"new")) as server:
        assert ask(server.address) == b"new"


def test_the_old_server_is_stopped_when_it_is_replaced():
    old = run_server(answering(b"old"))
    with run_server(answering(b"new")):
        assert not old.running


def test_the_address_of_a_server_that_was_replaced_is_not_given_any_more():
    old = run_server(answering(b"old"))
    with run_server(answering(b"new")):
        with pytest.raises(RuntimeError, match=r"nobody listens there.*a name of its own"):
            old.address  # noqa: B018


def test_the_old_code_never_answers_on_a_fixed_port():
    server = run_server(answering(b"first"))
    port = server.address[1]
    for number in range(20):
        text = b"edition %d" % number
        server = run_server(answering(text), port=port)
        assert ask(server.address) == text
    server.stop()


def test_a_fixed_port_can_be_taken_again_while_a_client_is_connected():
    server = run_server(echo)
    with socket.create_connection(server.address, 10) as client:
        client.sendall(b"hold")
        assert client.recv(10) == b"hold"
        with run_server(echo, port=server.address[1]) as again:
            assert again.address == server.address
            assert ask(again.address) == b"ping"


def test_a_udp_server_can_be_replaced_on_its_port():
    server = run_server(echo_udp, "udp")
    with run_server(echo_udp, "udp", port=server.address[1]) as again:
        assert ask_udp(again.address) == b"ping"


def test_servers_of_two_names_run_side_by_side():
    with run_server(answering(b"a", "a")) as a, run_server(answering(b"b", "b")) as b:
        assert (ask(a.address), ask(b.address)) == (b"a", b"b")


def test_a_server_that_can_not_start_leaves_the_old_one_running():
    with run_server(echo) as old:
        with pytest.raises(ValueError):
            run_server(echo, "carrier pigeon")
        assert ask(old.address) == b"ping"


def test_the_failure_of_a_replaced_server_is_shown(capsys):
    crashed(fail_at_once)
    with run_server(echo, name="fail_at_once"):
        shown = capsys.readouterr().err
    assert "which is now replaced" in shown
    assert shown.rstrip().endswith("LookupError: no such sensor")


def test_a_server_that_fails_while_it_is_replaced_does_not_hold_up_the_new_one(capsys):
    def serve(listener):
        try:
            listener.accept()
        finally:
            raise LookupError("on its way out")

    run_server(serve)
    with run_server(echo, name="serve") as server:  # a thread that is held up gives a warning
        assert ask(server.address) == b"ping"
    assert "LookupError: on its way out" in capsys.readouterr().err


def test_a_stop_that_is_interrupted_can_be_done_again(monkeypatch):
    server = run_server(echo)
    with monkeypatch.context() as patch:
        patch.setattr("helpers.servers.servers.wait_until_settled", interrupted)
        with pytest.raises(KeyboardInterrupt):
            server.stop()
    stop_all()
    assert not server.running


def interrupted(*_):
    raise KeyboardInterrupt


# Stopping


def in_accept(listener, ready):
    ready.set()
    listener.accept()


def in_accept_with_a_timeout(listener, ready):
    listener.settimeout(300)
    in_accept(listener, ready)


def in_recv(listener, ready):
    connection, _ = listener.accept()
    ready.set()
    connection.recv(10)


def in_recv_with_a_timeout(listener, ready):
    connection, _ = listener.accept()
    connection.settimeout(300)
    ready.set()
    connection.recv(10)


def in_recv_into(listener, ready):
    connection, _ = listener.accept()
    ready.set()
    connection.recv_into(bytearray(10))


def in_waitall(listener, ready):
    connection, _ = listener.accept()
    ready.set()
    connection.recv(1000, socket.MSG_WAITALL)


def in_a_file_of_lines(listener, ready):
    connection, _ = listener.accept()
    ready.set()
    with connection, connection.makefile() as lines:
        for _line in lines:
            pass


def in_sendall_to_one_who_does_not_read(listener, ready):
    connection, _ = listener.accept()
    ready.set()
    connection.sendall(bytes(50_000_000))


def in_select(listener, ready):
    ready.set()
    while True:
        select.select([listener], [], [])[0][0].accept()


def in_a_selector(listener, ready):
    listener.setblocking(False)
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        ready.set()
        while True:
            for key, _ in selector.select():
                if key.fileobj is listener:
                    connection, _ = listener.accept()
                    selector.register(connection, selectors.EVENT_READ)
                elif not key.fileobj.recv(100):
                    selector.unregister(key.fileobj)
                    key.fileobj.close()


def in_asyncio_streams(listener, ready):
    async def talk(reader, writer):
        ready.set()
        await reader.read()
        writer.close()

    async def main():
        async with await asyncio.start_server(talk, sock=listener) as server:
            await server.serve_forever()

    asyncio.run(main())


def in_asyncio_sockets(listener, ready):
    async def main():
        loop = asyncio.get_running_loop()
        listener.setblocking(False)
        connection, _ = await loop.sock_accept(listener)
        connection.setblocking(False)
        ready.set()
        await loop.sock_recv(connection, 100)

    asyncio.run(main())


def in_a_thread_of_its_own(listener, ready):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=wait_for_bytes, args=(connection, ready)).start()


def in_a_pool(listener, ready):
    with ThreadPoolExecutor(4) as pool:
        while True:
            connection, _ = listener.accept()
            pool.submit(wait_for_bytes, connection, ready)


def in_a_pool_without_with(listener, ready):
    pool = ThreadPoolExecutor(4)
    while True:
        connection, _ = listener.accept()
        pool.submit(wait_for_bytes, connection, ready)


def in_an_endless_loop(listener, ready):
    ready.set()
    while True:
        pass


def wait_for_bytes(connection, ready):
    with connection:
        ready.set()
        connection.recv(10)


BLOCKED = [
    in_accept,
    in_accept_with_a_timeout,
    in_recv,
    in_recv_with_a_timeout,
    in_recv_into,
    in_waitall,
    in_a_file_of_lines,
    in_sendall_to_one_who_does_not_read,
    in_select,
    in_a_selector,
    pytest.param(in_asyncio_streams, marks=left_by_asyncio),
    in_asyncio_sockets,
    in_a_thread_of_its_own,
    in_a_pool,
    in_a_pool_without_with,
    in_an_endless_loop,
]


@pytest.mark.parametrize("serve", BLOCKED, ids=lambda serve: serve.__name__)
def test_stopping_wakes_a_tcp_server_blocked(serve, collects):
    ready = threading.Event()
    server = run_server(lambda listener: serve(listener, ready))
    with socket.create_connection(server.address, 10):
        assert ready.wait(10)
        server.stop()  # a thread that does not end gives a warning, which fails the test
        assert not server.running


def in_recvfrom(sock, ready):
    ready.set()
    sock.recvfrom(100)


def in_recvfrom_with_a_timeout(sock, ready):
    sock.settimeout(300)
    in_recvfrom(sock, ready)


def in_recvfrom_into(sock, ready):
    ready.set()
    sock.recvfrom_into(bytearray(10))


def in_recv_of_a_connected_socket(sock, ready):
    sock.connect(sock.getsockname())
    ready.set()
    sock.recv(10)


def in_a_datagram_selector(sock, ready):
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        ready.set()
        while True:
            selector.select()
            sock.recvfrom(100)


def in_an_asyncio_datagram_endpoint(sock, ready):
    async def main():
        loop = asyncio.get_running_loop()
        await loop.create_datagram_endpoint(asyncio.DatagramProtocol, sock=sock)
        ready.set()
        await loop.create_future()

    asyncio.run(main())


@pytest.mark.parametrize(
    "serve",
    [
        in_recvfrom,
        in_recvfrom_with_a_timeout,
        in_recvfrom_into,
        in_recv_of_a_connected_socket,
        in_a_datagram_selector,
        pytest.param(in_an_asyncio_datagram_endpoint, marks=left_by_asyncio),
    ],
    ids=lambda serve: serve.__name__,
)
def test_stopping_wakes_a_udp_server_blocked(serve, collects):
    ready = threading.Event()
    server = run_server(lambda sock: serve(sock, ready), "udp")
    assert ready.wait(10)
    server.stop()
    assert not server.running


def test_stopping_closes_connections_that_the_function_keeps():
    kept = []

    def hoard(listener):
        while True:
            kept.append(listener.accept())

    with run_server(hoard) as server, socket.create_connection(server.address, 10) as client:
        assert wait_until(lambda: kept)
        server.stop()
        assert client.recv(10) == b""
        assert kept[0][0].fileno() == -1


def test_stopping_closes_connections_of_which_a_file_is_kept():
    kept = []

    def hoard(listener):
        while True:
            connection, _ = listener.accept()
            kept.append(connection.makefile("rwb"))

    with run_server(hoard) as server, socket.create_connection(server.address, 10) as client:
        assert wait_until(lambda: kept)
        server.stop()
        assert client.recv(10) == b""


def test_stopping_refuses_new_clients():
    with run_server(echo) as server:
        address = server.address
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, 10)


def test_stopping_twice_is_fine():
    server = run_server(echo)
    server.stop()
    server.stop()


def test_a_server_may_stop_itself():
    box, done = [], threading.Event()

    def suicidal(listener):
        listener.accept()
        box[0].stop()
        done.set()

    box.append(run_server(suicidal))
    with socket.create_connection(box[0].address, 10):
        assert done.wait(10)
    box[0].stop()


def test_a_function_that_catches_every_error_still_ends():
    def stubborn(listener):
        while True:
            try:
                listener.accept()
            except Exception:
                continue

    run_server(stubborn).stop()


def test_a_thread_that_does_not_end_is_named_with_its_line():
    release = threading.Event()

    def deaf(listener):
        release.wait(60)

    server = run_server(deaf)
    with pytest.warns(
        RuntimeWarning, match=r"'server deaf'.*line \d+ of deaf: `release.wait\(60\)`"
    ):
        server.stop(timeout=0.1)
    release.set()


def test_the_socket_of_a_thread_that_does_not_end_is_closed():
    release = threading.Event()

    def deaf(listener):
        release.wait(60)

    server = run_server(deaf)
    address = server.address
    with pytest.warns(RuntimeWarning):
        server.stop(timeout=0.1)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, 10)
    release.set()


def test_stopping_says_nothing_of_a_pool_that_outlives_the_server():
    with ThreadPoolExecutor(2) as pool:

        def serve(listener):
            while True:
                pool.submit(talk, listener.accept()[0])

        with run_server(serve) as server:
            assert ask(server.address) == b"ping"


def test_a_function_that_returns_ends_its_server():
    server = run_server(lambda listener: None)
    assert wait_until(lambda: not server.running)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(server.address, 10)
    server.stop()


def test_the_end_of_the_function_closes_its_connections():
    server = run_server(lambda listener: listener.accept())
    with socket.create_connection(server.address, 10) as client:
        assert client.recv(10) == b""
    server.stop()


def test_a_thread_of_the_function_may_outlive_it():
    def once(listener):
        connection, _ = listener.accept()
        threading.Thread(target=talk, args=(connection,)).start()

    def talk(connection):
        with connection:
            connection.sendall(connection.recv(100))

    with run_server(once) as server:
        with socket.create_connection(server.address, 10) as client:
            assert wait_until(lambda: not server.running)
            client.sendall(b"still here")
            assert client.recv(100) == b"still here"


def test_an_interrupt_in_the_with_block_stops_the_server():
    with pytest.raises(KeyboardInterrupt), run_server(echo) as server:
        signal.raise_signal(signal.SIGINT)
    assert not server.running


def interrupted_after(function):
    """The function, and then an interrupt before its caller goes on."""

    def call(*arguments):
        result = function(*arguments)
        signal.raise_signal(signal.SIGINT)
        return result

    return call


def test_an_interrupt_while_a_server_starts_leaves_none_that_cannot_be_stopped(monkeypatch):
    with monkeypatch.context() as patches:
        patches.setattr(threading.Thread, "start", interrupted_after(threading.Thread.start))
        with pytest.raises(KeyboardInterrupt):
            run_server(echo)
    stop_all()  # and nothing is left: see the fixture


def test_an_interrupt_while_a_server_is_stopped_does_not_keep_it_from_ending(monkeypatch):
    with monkeypatch.context() as patches:
        waking = interrupted_after(helpers.servers.ending.Owner.wake)
        patches.setattr(helpers.servers.ending.Owner, "wake", waking)
        with pytest.raises(KeyboardInterrupt), run_server(echo) as server:
            pass
    assert not server.running


def test_an_error_in_the_with_block_passes():
    with pytest.raises(ZeroDivisionError), run_server(echo):
        raise ZeroDivisionError


# Failures

USES = {
    "address": lambda server: server.address,
    "log": lambda server: server.log,
    "trace": lambda server: server.trace,
    "running": lambda server: server.running,
    "settle": lambda server: server.settle(),
    "show": lambda server: server.show(),
    "stop": lambda server: server.stop(),
    "the end of with": lambda server: server.__exit__(None, None, None),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
def test_a_failure_is_raised_at_the_next_use(use):
    server = crashed(fail_at_once)
    with pytest.raises(ServerCrashed, match="LookupError: no such sensor"):
        use(server)


def test_a_failure_is_raised_once():
    server = crashed(fail_at_once)
    with pytest.raises(ServerCrashed):
        _ = server.address
    server.stop()


def test_a_failure_points_at_the_learners_line_and_at_no_helper():
    server = crashed(fail_at_once)
    with pytest.raises(ServerCrashed) as caught:
        server.stop()
    shown = "".join(traceback.format_exception(caught.value.__cause__))
    assert 'raise LookupError("no such sensor")' in shown
    assert os.path.join("helpers", "") not in shown


def test_a_failure_inside_a_socket_call_points_at_the_learners_line_and_at_no_helper():
    def sends_text(listener):
        connection, _ = listener.accept()
        connection.sendall("text")

    server = run_server(sends_text)
    with socket.create_connection(server.address, 10):
        assert wait_until(unreported_crashes)
    with pytest.raises(ServerCrashed, match="TypeError") as caught:
        server.stop()
    shown = "".join(traceback.format_exception(caught.value.__cause__))
    assert 'connection.sendall("text")' in shown
    assert os.path.join("helpers", "") not in shown


def fail_in_a_thread(listener):
    thread = threading.Thread(target=fail_at_once, args=(listener,))
    thread.start()
    thread.join()
    echo(listener)


def test_a_failure_in_a_thread_of_the_server_is_raised():
    server = crashed(fail_in_a_thread)
    with pytest.raises(ServerCrashed, match="no such sensor"):
        server.stop()


def test_a_server_goes_on_printing_after_a_failure_in_its_thread():
    printed = threading.Event()

    def serve(listener):
        thread = threading.Thread(target=fail_at_once, args=(listener,))
        thread.start()
        thread.join()
        print("still serving")
        printed.set()
        echo(listener)

    server = run_server(serve)
    assert printed.wait(10)
    with pytest.raises(ServerCrashed, match=r"failed with LookupError: no such sensor;"):
        server.stop()
    assert server.log.lines == ["still serving"]


def test_several_failures_are_counted():
    def serve(listener):
        for _ in range(3):
            thread = threading.Thread(target=fail_at_once, args=(listener,))
            thread.start()
            thread.join()

    server = run_server(serve)
    assert wait_until(lambda: not server._main.is_alive())
    with pytest.raises(ServerCrashed, match=r"no such sensor \(and 2 times more\)"):
        server.stop()


def test_sys_exit_in_a_server_is_a_failure():
    server = crashed(lambda listener: sys.exit("enough"), name="quitter")
    with pytest.raises(ServerCrashed, match="SystemExit: enough"):
        server.stop()


def test_a_failure_closes_the_connections_of_the_server():
    def serve(listener):
        connection, _ = listener.accept()
        threading.Thread(target=connection.recv, args=(10,)).start()
        raise LookupError

    server = run_server(serve)
    with socket.create_connection(server.address, 10) as client:
        assert client.recv(10) == b""
    with pytest.raises(ServerCrashed):
        server.stop()


def test_the_end_of_a_with_block_waits_for_the_failure_to_come():
    def serve(listener):
        connection, _ = listener.accept()
        with connection:
            int(connection.recv(100))

    with pytest.raises(ServerCrashed, match="ValueError"):
        with run_server(serve) as server, socket.create_connection(server.address, 10) as client:
            client.sendall(b"no number")


def fail_on_a_word(listener):
    connection, _ = listener.accept()
    with connection:
        int(connection.recv(100))


@pytest.mark.parametrize("run", range(20))
def test_a_failure_is_not_lost_when_the_client_hears_of_it_first(run):
    server = run_server(fail_on_a_word)
    with socket.create_connection(server.address, 10) as client:
        client.sendall(b"word")
        assert client.recv(10) == b""  # the connection is closed before the error arrives
        with pytest.raises(ServerCrashed, match="ValueError"):
            server.stop()


def test_a_failure_comes_before_the_clients_error_and_names_it():
    with pytest.raises(ServerCrashed) as caught:
        with run_server(fail_on_a_word) as server:
            with socket.create_connection(server.address, 10) as client:
                client.sendall(b"word")
                if not client.recv(10):
                    raise ConnectionError("no answer")
    assert caught.value.__cause__.__notes__ == [
        "Meanwhile the client met ConnectionError: no answer"
    ]


def test_an_interrupt_is_raised_and_what_it_does_to_the_server_is_told_in_a_line(capsys):
    """The client's end leaves something unread, so the system resets the connection."""

    def claims(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"more than the client reads")
            connection.recv(1)

    with pytest.raises(KeyboardInterrupt):
        with run_server(claims) as server:
            with socket.create_connection(server.address, 10) as client:
                client.recv(1)
            assert wait_until(unreported_crashes)
            raise KeyboardInterrupt
    line = r"\[claims\] failed in line \d+ with ConnectionResetError: .*because the interrupt"
    assert re.search(line, capsys.readouterr().out)
    assert unreported_crashes() == []


def test_stopping_is_no_failure():
    with run_server(echo) as server:
        ask(server.address)
    assert unreported_crashes() == []


def test_a_notebook_shows_a_failure_after_the_cell():
    done = run_python(
        """
        from IPython.core.interactiveshell import InteractiveShell

        shell = InteractiveShell.instance(colors="NoColor")
        for cell in (
            "from helpers import run_server",
            "def broken(listener):\\n    raise LookupError('no such sensor')",
            "server = run_server(broken)",
            "server._main.join()",
            "print('one more cell')",
        ):
            shell.run_cell(cell)
        """
    )
    assert done.stdout.count("LookupError: no such sensor") == 2  # the cause, and the sentence
    assert done.stdout.count("ServerCrashed") >= 1
    assert "raise LookupError('no such sensor')" in done.stdout
    assert done.stdout.rstrip().endswith("one more cell")


# Settling


def test_settling_waits_until_the_server_has_dealt_with_everything():
    got = []

    def count(sock):
        while True:
            got.append(sock.recv(100))

    with run_server(count, "udp") as server:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            for _ in range(100):
                client.sendto(b"x", server.address)
        assert server.settle(10)
        assert len(got) == 100


def pooled(listener):
    with ThreadPoolExecutor(4) as pool:
        while True:
            connection, _ = listener.accept()
            pool.submit(talk, connection)


def threaded(listener):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=talk, args=(connection,)).start()


def talk(connection):
    with connection:
        while data := connection.recv(100):
            connection.sendall(data)


def selecting(listener):
    in_a_selector(listener, threading.Event())


def streaming(listener):
    in_asyncio_streams(listener, threading.Event())


@pytest.mark.parametrize(
    "serve", [echo, pooled, threaded, selecting, streaming], ids=lambda serve: serve.__name__
)
def test_settling_is_true_for_a_server_that_waits(serve):
    with run_server(serve) as server:
        ask(server.address)
        assert server.settle(10)


def test_settling_is_false_for_a_server_that_works_on():
    go_on = threading.Event()

    def busy(listener):
        while not go_on.is_set():
            pass

    with run_server(busy) as server:
        assert not server.settle(0.05)
        go_on.set()


def test_settling_is_true_for_a_server_that_has_ended():
    with run_server(lambda listener: None) as server:
        assert server.settle(10)


def test_settling_is_true_after_a_stop():
    server = run_server(echo)
    server.stop()
    assert server.settle(10)


# The end of the process


@pytest.mark.parametrize(
    "serve",
    [
        "listener.accept()",
        "threading.Thread(target=listener.accept).start()",
        "ThreadPoolExecutor(2).submit(listener.accept); listener.accept()",
        "threading.Event().wait(60)",
    ],
)
def test_a_process_ends_at_once_with_a_server_running(serve):
    done = run_python(
        f"""
        import threading
        from concurrent.futures import ThreadPoolExecutor
        from helpers import run_server

        def serve(listener):
            started.set()
            {serve}

        started = threading.Event()
        run_server(serve)
        started.wait()
        """
    )
    assert (done.returncode, done.stderr) == (0, "")


# Bad use


def no_argument():
    pass


def two_arguments(listener, port):
    pass


async def coroutine(listener):
    pass


def generator(listener):
    yield


async def asynchronous_generator(listener):
    yield


class Callable:
    def __call__(self, listener):
        echo(listener)


class AsyncCallable:
    async def __call__(self, listener):
        pass


@pytest.mark.parametrize(
    ("serve", "advice"),
    [
        (no_argument, r"write `def no_argument\(listener\):`"),
        (two_arguments, r"write `def two_arguments\(listener\):`"),
        (functools.partial(two_arguments, 1, 2), r"one argument"),
        (None, r"without calling"),
        ("echo", r"without calling"),
        (coroutine, r"without `async`"),
        (functools.partial(coroutine), r"without `async`"),
        (AsyncCallable(), r"without `async`"),
        (generator, r"without `yield`"),
        (asynchronous_generator, r"without `async`"),
    ],
)
def test_what_is_no_server_function_is_refused_with_advice(serve, advice):
    with pytest.raises(TypeError, match=advice) as caught:
        run_server(serve)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "serve", [lambda listener: echo(listener), functools.partial(echo), Callable()]
)
def test_any_callable_of_one_argument_can_serve(serve):
    with run_server(serve) as server:
        assert ask(server.address) == b"ping"


@pytest.mark.parametrize(
    ("options", "error", "advice"),
    [
        ({"kind": "TCP/IP"}, ValueError, 'use "tcp" or "udp"'),
        ({"port": 65536}, ValueError, "from 0"),
        ({"port": -1}, ValueError, "from 0"),
        ({"port": "80"}, TypeError, "whole number"),
        ({"port": 80.0}, TypeError, "whole number"),
        ({"port": True}, TypeError, "whole number"),
        ({"host": "nowhere.invalid"}, socket.gaierror, "check its spelling"),
        ({"host": ""}, socket.gaierror, "check its spelling"),
        ({"host": "a..b"}, socket.gaierror, "check its spelling"),
    ],
)
def test_a_wrong_argument_is_refused_with_advice(options, error, advice):
    with pytest.raises(error, match=advice) as caught:
        run_server(echo, **options)
    assert "\n" not in str(caught.value)


@settings(max_examples=25, deadline=None)
@given(st.one_of(st.integers(max_value=-1), st.integers(min_value=65536)))
def test_every_port_out_of_range_is_refused(port):
    with pytest.raises(ValueError):
        run_server(echo, port=port)


def test_a_port_that_another_program_holds_is_refused_with_advice():
    with socket.create_server(("127.0.0.1", 0)) as other:
        with pytest.raises(OSError, match=r"another program.*port=0") as caught:
            run_server(echo, port=other.getsockname()[1])
    assert caught.value.errno == errno.EADDRINUSE


def test_a_port_that_a_socket_of_this_kernel_holds_is_not_called_anothers():
    with socket.create_server(("127.0.0.1", 0)) as own:
        with pytest.raises(OSError, match="a socket of this notebook holds it") as caught:
            run_server(echo, port=own.getsockname()[1])
    assert caught.value.errno == errno.EADDRINUSE


def test_a_port_that_an_own_server_holds_is_refused_with_its_name():
    with run_server(echo, name="first") as first:
        with pytest.raises(OSError, match="your own server 'first': stop that one"):
            run_server(echo, name="second", port=first.address[1])


def test_a_host_that_is_not_this_machines_is_refused_with_advice():
    with pytest.warns(UserWarning), pytest.raises(OSError, match=r'use "127\.0\.0\.1"') as caught:
        run_server(echo, host="192.0.2.1")
    assert caught.value.errno == errno.EADDRNOTAVAIL


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or sys.platform != "linux",
    reason="needs the right to give up rights",
)
def test_a_port_for_administrators_is_refused_with_advice():
    done = run_python(
        """
        import encodings.idna, os, socket
        from helpers import run_server

        def echo(listener):
            listener.accept()

        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        try:
            socket.create_server(("127.0.0.1", 7)).close()
        except PermissionError:
            try:
                run_server(echo, port=7)
            except PermissionError as error:
                print(error)
        else:
            print("anyone may")
        """
    )
    if done.stdout == "anyone may\n":
        pytest.skip("this machine lets anyone open low ports")
    assert "use a port from 1024 to 65535" in done.stdout, done.stderr


def test_a_host_beyond_loopback_gets_a_warning_at_the_learners_line():
    with pytest.warns(UserWarning, match="other machines can connect") as caught:
        server = run_server(echo, host="0.0.0.0")
    server.stop()
    assert caught[0].filename == __file__


def test_a_server_on_every_address_tells_one_that_can_be_connected_to():
    with pytest.warns(UserWarning):
        server = run_server(echo, host="0.0.0.0")
    with server:
        assert server.address[0] == "127.0.0.1"
        assert ask(server.address) == b"ping"


@needs_ipv6
def test_a_server_on_every_ipv6_address_tells_one_that_can_be_connected_to():
    with pytest.warns(UserWarning):
        server = run_server(echo, host="::")
    with server:
        assert ask(server.address) == b"ping"


def test_a_stop_that_nothing_catches_ends_its_thread_in_silence(capsys):
    begun = threading.Event()

    def goes_round() -> None:
        begun.set()
        while True:
            pass

    thread = threading.Thread(target=goes_round, daemon=True)
    thread.start()
    assert begun.wait(10)
    raise_in([thread])  # now and then it strikes behind the last line of a server's own
    thread.join(10)
    assert not thread.is_alive()
    assert capsys.readouterr().err == ""
