"""Timeouts of a learner's program that a case lets run out early."""

import asyncio
import contextlib
import select
import selectors
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from drive.waiting import wait_until

from helpers.checks import runner
from helpers.checks.cases import Case, Exercise
from helpers.checks.loops import LoopServer
from helpers.checks.runner import run_cases
from helpers.checks.wrong import Misconception, Wrong

pytestmark = pytest.mark.usefixtures("nothing_left")
LONG = 1000.0  # seconds: no test waits for it
HINTS = ("look", "look closer", "there")


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A busy machine may be slow: nothing but what hangs is cut short."""
    monkeypatch.setattr(runner, "CASE_SECONDS", 20.0)
    monkeypatch.setattr(runner, "ALL_SECONDS", 30.0)


def checked(function, run):
    """The report of a check whose only case is `run`, of the function and the stage."""
    return run_cases("function", function, Exercise((Case("a case", "It acts.", run, HINTS),), ""))


def in_a_case(function, run):
    """Run the case as a check does, with the learner's selectors in place; its values are kept."""
    seen = []
    report = checked(function, lambda function, stage: seen.append(run(function, stage)))
    assert report.passed, str(report)
    return seen[0]


def echo(connection):
    with connection, contextlib.suppress(ConnectionError):
        while data := connection.recv(1000):
            connection.sendall(data)


def cuts_off(listener):
    """Wrong: a client that is silent for a while is cut off."""
    while True:
        connection, _ = listener.accept()
        connection.settimeout(LONG)
        with contextlib.suppress(TimeoutError):
            echo(connection)


def polls(listener):
    """Right: it looks from time to time, at the listener and at its client, and goes on."""
    listener.settimeout(LONG)
    while True:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        connection.settimeout(LONG)
        with connection:
            while True:
                try:
                    data = connection.recv(1000)
                except TimeoutError:
                    continue
                if not data:
                    break
                connection.sendall(data)


def waits(listener):
    """Right: it waits for as long as it takes."""
    while True:
        echo(listener.accept()[0])


def says(client, words):
    client.sendall(words)
    return client.recv(100)


def test_a_server_that_cuts_its_client_off_after_a_while_is_seen_to_do_so(stage):
    client = stage.client(stage.run(cuts_off))
    assert says(client, b"first") == b"first"
    assert stage.time_out() == 1
    assert client.recv(100) == b""


def test_a_server_that_looks_from_time_to_time_goes_on(stage):
    server = stage.run(polls)
    assert stage.time_out() == 1
    client = stage.client(server)
    for words in (b"first", b"second"):
        assert says(client, words) == words
        assert stage.time_out() == 1
    assert says(client, b"third") == b"third"


def test_waits_without_a_timeout_are_left_alone(stage):
    client = stage.client(stage.run(waits))
    assert says(client, b"first") == b"first"
    assert stage.time_out() == 0
    assert says(client, b"second") == b"second"


def test_each_wait_of_each_thread_ends_once_in_a_call(stage):
    ended = []

    def in_threads(listener):
        connections = [listener.accept()[0] for _ in range(3)]

        def wait(connection):
            connection.settimeout(LONG)
            for number in range(2):
                try:
                    connection.recv(1)
                except TimeoutError:
                    ended.append(number)

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(wait, connections))

    server = stage.run(in_threads)
    clients = [stage.client(server) for _ in range(3)]
    assert wait_until(lambda: len(server._owner.early.waits) == 3)
    assert stage.time_out() == 3
    assert ended == [0, 0, 0]
    assert stage.time_out() == 3
    assert ended == [0, 0, 0, 1, 1, 1]
    assert len(clients) == 3


def test_the_checks_own_waits_go_on(stage):
    mine, peer = stage.connection()
    mine.settimeout(LONG)
    peer.settimeout(LONG)
    answer = stage.script(peer.recv, 10)
    heard = []

    def receive():
        try:
            mine.recv(1)
        except TimeoutError:
            heard.append("timed out")

    function = threading.Thread(target=receive)
    function.start()
    assert stage.time_out() == 1
    function.join()
    assert heard == ["timed out"]
    assert answer.is_alive()
    mine.sendall(b"hello")
    assert answer.result() == b"hello"


def test_what_has_come_is_received_and_does_not_time_out(stage):
    mine, peer = stage.connection()
    mine.settimeout(LONG)
    peer.sendall(b"here")
    assert stage.time_out() == 0
    assert mine.recv(10) == b"here"


def test_a_function_that_is_about_to_wait_is_given_a_moment(stage):
    go_on = threading.Event()
    mine = stage.socket_udp("you")

    def function():
        go_on.wait()
        mine.settimeout(LONG)
        with pytest.raises(TimeoutError):
            mine.recvfrom(10)
        return "timed out"

    counted = stage.script(stage.time_out)
    go_on.set()
    assert function() == "timed out"
    assert counted.result() == 1


def with_a_selector(kind, listener):
    """Right: it looks after its two sockets, and from time to time at the clock."""
    with kind() as selector:
        selector.register(listener, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select(LONG):
                if key.fileobj is listener:
                    selector.register(listener.accept()[0], selectors.EVENT_READ)
                elif data := key.fileobj.recv(100):
                    key.fileobj.sendall(data)
                else:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()


def with_select(listener):
    others = []
    while True:
        readable, _, _ = select.select([listener, *others], [], [], LONG)
        for sock in readable:
            if sock is listener:
                others.append(listener.accept()[0])
            elif data := sock.recv(100):
                sock.sendall(data)
            else:
                others.remove(sock)
                sock.close()


def with_poll(listener):
    poller, others = select.poll(), {}
    poller.register(listener, select.POLLIN)
    while True:
        for number, _ in poller.poll(LONG * 1000):
            if number == listener.fileno():
                connection, _ = listener.accept()
                others[connection.fileno()] = connection
                poller.register(connection, select.POLLIN)
            elif data := others[number].recv(100):
                others[number].sendall(data)
            else:
                poller.unregister(number)
                others.pop(number).close()


def _servers():
    names = ("SelectSelector", "PollSelector", "EpollSelector", "KqueueSelector")
    for kind in (getattr(selectors, name, None) for name in names):
        if kind is not None:
            yield pytest.param(
                lambda listener, kind=kind: with_a_selector(kind, listener), id=kind.__name__
            )
    yield pytest.param(with_select, id="select.select")
    if hasattr(select, "poll"):
        yield pytest.param(with_poll, id="select.poll")


@pytest.mark.parametrize("function", list(_servers()))
def test_a_server_with_a_selector_goes_on_when_its_timeout_has_run_out(function):
    def run(function, stage):
        server = stage.run(function)
        counts = [stage.time_out()]
        client = stage.client(server)
        for words in (b"first", b"second"):
            assert says(client, words) == words
            counts.append(stage.time_out())
        return counts

    assert in_a_case(function, run) == [1, 1, 1]


def test_a_selector_that_closes_idle_clients_is_seen_to_do_so():
    def impatient(listener):
        connection, _ = listener.accept()
        with connection, selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_READ)
            while selector.select(LONG):
                connection.sendall(connection.recv(100))

    def run(function, stage):
        client = stage.client(stage.run(function))
        assert says(client, b"first") == b"first"
        assert stage.time_out() == 1
        if client.recv(1) == b"":
            raise Wrong("The client was cut off.")

    report = checked(impatient, run)
    assert "The client was cut off." in str(report)


def test_a_selector_without_a_timeout_is_left_alone():
    def patient(listener):
        with selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            while selector.select():
                listener.accept()[0].close()

    def run(function, stage):
        server = stage.run(function)
        count = stage.time_out()
        assert stage.client(server).recv(1) == b""
        return count

    assert in_a_case(patient, run) == 0


def test_a_server_that_waits_in_select_without_a_timeout_has_settled():
    def patient(listener):
        while select.select([listener], [], []):
            listener.accept()[0].close()

    def run(function, stage):
        server = stage.run(function)
        assert wait_until(lambda: server.settle(0.1))
        return stage.time_out()

    assert in_a_case(patient, run) == 0


def test_a_function_in_the_cases_thread_is_timed_out_by_a_script():
    def ask(connection):
        return select.select([connection], [], [], LONG)

    def run(function, stage):
        counted = stage.script(stage.time_out)
        connection = stage.connection()[0]
        return function(connection), counted.result()

    assert in_a_case(ask, run) == (([], [], []), 1)


def test_after_a_case_all_selectors_are_pythons_own():
    before = select.select, vars(selectors.DefaultSelector)["select"]
    in_a_case(echo, lambda function, stage: None)
    assert (select.select, vars(selectors.DefaultSelector)["select"]) == before


class Loops:
    """Servers of asyncio: each starts a server and returns it."""

    @staticmethod
    async def impatient(host, port):
        """Wrong: a client that says nothing for a while is cut off."""

        async def handle(reader, writer):
            with contextlib.suppress(TimeoutError, asyncio.TimeoutError):
                while line := await asyncio.wait_for(reader.readline(), LONG):
                    writer.write(line)
                    await writer.drain()
            writer.close()

        return await asyncio.start_server(handle, host, port)

    @staticmethod
    async def patient(host, port):
        """Right: it looks from time to time, and goes on."""

        async def handle(reader, writer):
            coming = asyncio.ensure_future(reader.readline())
            while True:
                done, _ = await asyncio.wait([coming], timeout=LONG)
                if not done:
                    continue
                if not (line := coming.result()):
                    break
                coming = asyncio.ensure_future(reader.readline())
                writer.write(line)
                await writer.drain()
            writer.close()

        return await asyncio.start_server(handle, host, port)

    @staticmethod
    async def without(host, port):
        """Right: it waits for as long as it takes."""

        async def handle(reader, writer):
            while line := await reader.readline():
                writer.write(line)
                await writer.drain()
            writer.close()

        return await asyncio.start_server(handle, host, port)


@pytest.mark.parametrize(
    ("function", "count", "then"),
    [(Loops.impatient, 1, b""), (Loops.patient, 1, b"more\n"), (Loops.without, 0, b"more\n")],
    ids=["impatient", "patient", "without"],
)
def test_the_timers_of_a_loop_run_out(stage, function, count, then):
    belief = Misconception("a belief", "It is wrong.", HINTS)
    with LoopServer(function, stage, belief) as server:
        client = server.client()
        assert says(client, b"words\n") == b"words\n"
        assert stage.time_out() == count
        with contextlib.suppress(ConnectionError):
            client.sendall(b"more\n")
        with contextlib.suppress(ConnectionError):
            assert client.recv(100) == then
        client.close()


def test_a_loop_of_the_functions_own_times_out_too():
    def server(listener):
        async def handle():
            loop = asyncio.get_running_loop()
            listener.setblocking(False)
            with contextlib.suppress(asyncio.TimeoutError, TimeoutError):
                await asyncio.wait_for(loop.sock_accept(listener), LONG)

        asyncio.run(handle())

    def run(function, stage):
        server = stage.run(function)
        assert wait_until(lambda: "wait_for" in server.place or "run" in server.place)
        counts = [stage.time_out()]
        assert wait_until(lambda: not server.running)
        return counts

    assert in_a_case(server, run) == [1]


def test_nobody_to_time_out_counts_as_none(stage):
    assert stage.time_out() == 0


def test_a_timeout_that_runs_out_by_itself_is_not_counted(stage):
    looked = threading.Event()

    def server(listener):
        listener.settimeout(0.01)
        with contextlib.suppress(TimeoutError):
            listener.accept()
        looked.set()
        listener.settimeout(None)
        listener.accept()

    stage.run(server)
    assert looked.wait(10)
    assert stage.time_out() == 0


def test_sockets_that_nobody_times_out_early_have_no_more_files(stage):
    server = stage.run(waits)
    assert says(stage.client(server), b"hello") == b"hello"
    assert server._owner.early._lines == {}
    assert isinstance(server._socket, socket.socket)
