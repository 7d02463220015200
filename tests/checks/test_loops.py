"""A learner's asyncio server in a loop of its own: started, talked to, ended whatever it did."""

import asyncio
import contextlib
import socket
import threading
import time

import pytest
from drive.waiting import wait_until

from helpers.checks import runner
from helpers.checks.cases import Case, Exercise
from helpers.checks.loops import LoopServer
from helpers.checks.wrong import Misconception, Wrong
from helpers.servers.crashes import ServerCrashed

pytestmark = pytest.mark.usefixtures("nothing_left")
LIMIT = 10.0  # seconds
HINTS = ("look", "look closer", "there")
BELIEF = Misconception("a belief", "It is wrong.", ("one", "two", "three"))


async def handle(reader, writer):
    while data := await reader.read(100):
        writer.write(data)
    writer.close()


async def echo(host, port):
    return await asyncio.start_server(handle, host, port)


def serving(handler):
    async def serve(host, port):
        return await asyncio.start_server(handler, host, port)

    return serve


def told(function, stage, **options):
    """What a case hears of a function that starts no server as it should."""
    with pytest.raises(Wrong) as caught:
        LoopServer(function, stage, BELIEF, **options)
    return caught.value


# The start


def test_a_client_talks_to_a_server_in_another_thread(stage):
    with LoopServer(echo, stage, BELIEF) as server:
        client = server.client(LIMIT)
        client.sendall(b"word")
        assert client.recv(100) == b"word"


def test_a_server_is_recorded_as_you(stage):
    with LoopServer(echo, stage, BELIEF) as server:
        client = server.client(LIMIT)
        client.sendall(b"word")
        client.recv(100)
    assert [(event.source, event.target) for event in stage.trace] == [
        ("client", "you"),
        ("client", "you"),
        ("you", "client"),
    ]


def test_a_function_that_returns_an_awaitable_need_not_be_a_coroutine_function(stage):
    def plain(host, port):
        return asyncio.start_server(handle, host, port)

    with LoopServer(plain, stage, BELIEF) as server:
        server.client(LIMIT).close()


def test_a_function_that_gives_no_coroutine_is_wrong(stage):
    assert "Expected a coroutine" in str(told(lambda host, port: 7, stage))


@pytest.mark.parametrize("result", [None, 7, "server"])
def test_a_result_that_is_no_server_is_wrong(stage, result):
    async def other(host, port):
        return result

    assert "Expected an asyncio.Server" in str(told(other, stage))


def test_a_server_that_is_closed_already_is_wrong(stage):
    async def closes(host, port):
        async with await echo(host, port) as server:
            return server

    assert "does not listen" in str(told(closes, stage))


def test_a_server_that_listens_elsewhere_is_wrong(stage):
    async def everywhere(host, port):
        return await asyncio.start_server(handle, "0.0.0.0", port)

    assert "was to listen on 127.0.0.1" in str(told(everywhere, stage))


def test_a_function_that_serves_for_ever_is_wrong_without_a_belief(stage):
    async def for_ever(host, port):
        await (await echo(host, port)).serve_forever()

    wrong = told(for_ever, stage)
    assert "serve_forever" in str(wrong)
    assert wrong.misconception is None


def test_a_function_that_blocks_the_loop_at_the_start_has_the_belief(stage):
    listener = socket.create_server(("127.0.0.1", 0))

    async def blocks(host, port):
        with contextlib.suppress(OSError):
            listener.accept()[0].close()

    with listener:
        try:
            wrong = told(blocks, stage)
        finally:
            socket.create_connection(listener.getsockname()).close()
    assert wrong.misconception is BELIEF
    assert "listener.accept()" in str(wrong)


def test_an_error_of_the_function_comes_out_as_it_is(stage):
    async def fails(host, port):
        raise ValueError("no such port")

    with pytest.raises(ValueError, match="no such port"):
        LoopServer(fails, stage, BELIEF)


# Meanwhile


def test_what_clients_send_while_the_loop_is_held_is_there_at_once(stage):
    seen = []

    async def look(reader, writer):
        while data := await reader.read(100):
            seen.append(data)
            await asyncio.sleep(0)
            writer.write(b"%d" % len(seen))
        writer.close()

    with LoopServer(serving(look), stage, BELIEF) as server:
        clients = [server.client(LIMIT) for _ in range(5)]
        server.settle()
        with server.held():
            for client in clients:
                client.sendall(b"word")
            assert seen == []
        # Each is answered after all were read: so all were there in the same round.
        assert {client.recv(10) for client in clients} == {b"5"}


def test_a_loop_is_free_unless_a_call_blocks_it(stage):
    leave = threading.Event()

    async def block(reader, writer):
        await reader.read(1)
        leave.wait(LIMIT)
        writer.close()

    with LoopServer(serving(block), stage, BELIEF) as server:
        client = server.client(LIMIT)
        server.settle()
        assert server.is_free()
        client.sendall(b"!")
        wrong = server.blocked("Nothing came.")
        while wrong.misconception is None:  # the byte may not have arrived
            wrong = server.blocked("Nothing came.")
        assert "leave.wait(LIMIT)" in str(wrong)
        leave.set()


def test_an_error_in_a_task_says_more_than_what_its_client_has_met(stage):
    async def fail(reader, writer):
        await reader.read(1)
        writer.close()
        raise ValueError("no number")

    with (
        pytest.raises(ServerCrashed) as caught,
        LoopServer(serving(fail), stage, BELIEF) as server,
    ):
        client = server.client(LIMIT)
        client.sendall(b"!")
        assert client.recv(1) == b""
        raise Wrong("Expected an answer.")
    assert str(caught.value.__cause__) == "no number"


def test_an_error_in_a_callback_says_more_than_what_its_client_has_met(stage):
    class Fails(asyncio.Protocol):
        def data_received(self, data):
            raise ValueError("no number")

    async def serve(host, port):
        return await asyncio.get_running_loop().create_server(Fails, host, port)

    with (
        pytest.raises(ServerCrashed) as caught,
        LoopServer(serve, stage, BELIEF) as server,
    ):
        client = server.client(LIMIT)
        client.sendall(b"!")
        with contextlib.suppress(ConnectionError):
            assert client.recv(1) == b""
        raise Wrong("Expected an answer.")
    assert str(caught.value.__cause__) == "no number"


def test_a_connection_that_its_client_has_reset_is_no_error(stage):
    async def fail(reader, writer):
        writer.write(b"!")
        raise ConnectionResetError("the client has gone")

    with (
        pytest.raises(Wrong, match="something else"),
        LoopServer(serving(fail), stage, BELIEF) as server,
    ):
        assert server.client(LIMIT).recv(1) == b"!"
        raise Wrong("It is something else.")


def test_a_place_is_the_line_that_a_task_waits_in(stage):
    with LoopServer(echo, stage, BELIEF) as server:
        server.client(LIMIT)
        assert wait_until(lambda: "await reader.read(100)" in server.place)


def test_nobody_listens_where_the_server_has_been_closed(stage):
    async def close_at_a_word(host, port):
        async def close(reader, writer):
            await reader.read(1)
            server.close()
            writer.close()

        server = await asyncio.start_server(close, host, port)
        return server

    with LoopServer(close_at_a_word, stage, BELIEF) as server:
        client = server.client(LIMIT)
        client.sendall(b"!")
        assert client.recv(1) == b""
        with pytest.raises(Wrong, match="Nobody listens"):
            server.client(LIMIT)


# In a check, where `time.sleep` ends with the case


def report(function, run):
    """The report of one case."""
    case = Case("a case", "It acts.", run, HINTS)
    return runner.run_cases("serve", function, Exercise((case,), "It survives.", asks_async=True))


def says_a_word(function, stage):
    with LoopServer(function, stage, BELIEF) as server:
        client = server.client(LIMIT)
        client.sendall(b"word")
        if client.recv(100) != b"word":
            raise Wrong("Expected the word.")


def test_a_loop_that_is_put_to_sleep_is_wrong_also_where_all_answers_come():
    async def sleepy(reader, writer):
        while data := await reader.read(100):
            time.sleep(0.001)
            writer.write(data)
        writer.close()

    outcome = report(serving(sleepy), says_a_word).outcomes[0]
    assert outcome.misconception is BELIEF
    assert "slept for 0.001 s in line" in outcome.problem


def test_a_thread_that_sleeps_beside_the_loop_is_right():
    async def patient(reader, writer):
        while data := await reader.read(100):
            await asyncio.to_thread(time.sleep, 0.001)
            writer.write(data)
        writer.close()

    found = report(serving(patient), says_a_word)
    assert found.passed, repr(found)
    assert found.left == []


# The end: whatever it did, the fixture finds nothing left


async def swallows(reader, writer):
    writer.write(await reader.read(100))
    while True:
        try:
            await asyncio.sleep(100)
        except BaseException:
            continue


async def spins(reader, writer):
    writer.write(await reader.read(100))
    await asyncio.sleep(0)
    while True:
        pass


async def sleeps(reader, writer):
    writer.write(await reader.read(100))
    await asyncio.sleep(0)
    while True:
        try:
            time.sleep(1000)
        except BaseException:
            continue


async def exits(reader, writer):
    writer.write(await reader.read(100))
    await asyncio.sleep(0)
    raise SystemExit


async def starts_tasks(reader, writer):
    writer.write(await reader.read(100))
    await asyncio.gather(*(swallows(reader, writer) for _ in range(20)))


async def stops_the_loop(reader, writer):
    writer.write(await reader.read(100))
    asyncio.get_running_loop().stop()


async def leaves_a_thread(reader, writer):
    writer.write(await reader.read(100))
    await asyncio.to_thread(time.sleep, 1000)


async def waits_for_its_own_lock(reader, writer):
    lock = threading.Lock()
    writer.write(await reader.read(100))
    await asyncio.sleep(0)
    with lock:
        lock.acquire()


class Box:
    def __init__(self):
        self.lock = threading.Lock()

    def lock_twice(self):
        with self.lock, self.lock:
            pass


async def waits_for_the_lock_of_an_object(reader, writer):
    writer.write(await reader.read(100))
    await asyncio.sleep(0)
    Box().lock_twice()


# From Python 3.13 on asyncio says so of a writer that a handler has left open, as these do.
@pytest.mark.filterwarnings("ignore:unclosed <StreamWriter:ResourceWarning")
@pytest.mark.parametrize(
    "handler",
    [
        waits_for_its_own_lock,
        waits_for_the_lock_of_an_object,
        swallows,
        spins,
        sleeps,
        exits,
        starts_tasks,
        stops_the_loop,
        leaves_a_thread,
    ],
    ids=lambda handler: handler.__name__,
)
def test_nothing_is_left_whatever_a_handler_does(handler):
    report(serving(handler), says_a_word)


# The loop is the last to hold its socket, which is then collected.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_a_server_that_is_lost_is_closed_and_named():
    async def loses(host, port):
        await echo(host, port)

    found = report(loses, says_a_word)
    assert "Expected an asyncio.Server, got None" in found.outcomes[0].problem


@pytest.mark.filterwarnings("ignore:unclosed <StreamWriter:ResourceWarning")  # as above
def test_connections_whose_handlers_have_ended_are_closed(stage):
    async def leave(reader, writer):
        writer.write(b"!")

    with LoopServer(serving(leave), stage, BELIEF) as server:
        client = server.client(LIMIT)
        assert client.recv(1) == b"!"
    with contextlib.suppress(ConnectionError):
        assert client.recv(1) == b""
