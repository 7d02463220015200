"""The stage of a case: its peers, the trace of what passed, and its end."""

import socket
import threading
import time
import types

import pytest
from drive.waiting import wait_until

from helpers.checks.stage import Silence, Stage
from helpers.checks.wrong import Wrong
from helpers.servers.crashes import ServerCrashed
from helpers.servers.owner import ServerStopped
from helpers.servers.servers import run_server

pytestmark = pytest.mark.usefixtures("nothing_left")


def echo_server(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            while data := connection.recv(100):
                connection.sendall(data)


def read_all(sock):
    return b"".join(iter(lambda: sock.recv(100), b""))


def test_a_connection_carries_bytes_both_ways(stage):
    mine, peer = stage.connection()
    mine.sendall(b"question")
    assert peer.recv(100) == b"question"
    peer.sendall(b"answer")
    assert mine.recv(100) == b"answer"


def test_a_connection_blocks_until_it_is_told_otherwise(stage):
    assert [sock.gettimeout() for sock in stage.connection()] == [None, None]


def test_a_connection_is_recorded_once_with_both_names(stage):
    mine, peer = stage.connection("client")
    mine.sendall(b"question")
    peer.recv(100)
    peer.sendall(b"answer")
    mine.recv(100)
    peer.shutdown(socket.SHUT_WR)
    assert stage.trace.table().splitlines() == [
        "you -> client  8 bytes 'question'",
        "client -> you  6 bytes 'answer'",
        "client -> you  sends no more (FIN)",
    ]


@pytest.mark.parametrize(
    "receive",
    [
        lambda sock: sock.recv(9, socket.MSG_WAITALL),
        lambda sock: sock.makefile("rb").read(9),
        lambda sock: bytes(iter_into(sock)),
    ],
    ids=["MSG_WAITALL", "makefile", "recv_into"],
)
def test_a_connection_serves_other_ways_to_receive(stage, receive):
    mine, peer = stage.connection()

    def play():
        for piece in (b"one", b"two", b"six"):
            peer.sendall(piece)
            stage.pause(0.01)

    stage.script(play)
    assert receive(mine) == b"onetwosix"


def iter_into(sock):
    buffer = bytearray(9)
    view = memoryview(buffer)
    while view:
        view = view[sock.recv_into(view) :]
    return buffer


def test_a_peer_that_nobody_holds_stays_open(stage):
    mine = stage.connection()[0]
    mine.settimeout(0.01)
    with pytest.raises(TimeoutError):
        mine.recv(1)


def test_the_sockets_are_called_sockets(stage):
    with pytest.raises(AttributeError, match="'socket' object has no attribute 'nothing'"):
        stage.connection()[0].nothing  # noqa: B018


def test_a_server_of_the_checks_is_recorded_as_server(stage):
    server = stage.serve(echo_server)
    with socket.create_connection(server.address) as client:
        client.sendall(b"hello")
        client.recv(100)
    server.settle()
    assert stage.trace.table().splitlines()[:3] == [
        "you -> server  connects",
        "you -> server  5 bytes 'hello'",
        "server -> you  5 bytes 'hello'",
    ]


def test_more_connections_of_the_learners_are_numbered(stage):
    server = stage.serve(echo_server)
    for _ in range(2):
        with socket.create_connection(server.address):
            server.settle()
    names = {event.source for event in stage.trace} - {"server"}
    assert names == {"you", "you 2"}


def test_clients_of_the_learners_server_are_recorded_by_number(stage):
    server = stage.run(echo_server)
    for _ in range(2):
        with stage.client(server) as client:
            client.sendall(b"hello")
            client.recv(100)
    assert stage.trace.table().splitlines() == [
        f"{source} -> {target}  {what}"
        for name in ("client", "client 2")
        for source, target, what in [
            (name, "you", "connects"),
            (name, "you", "5 bytes 'hello'"),
            ("you", name, "5 bytes 'hello'"),
            (name, "you", "closes"),
        ]
    ]


def test_a_client_may_have_a_name(stage):
    server = stage.run(echo_server)
    stage.client(server, name="app").sendall(b"hello")
    assert stage.trace.events[0].source == "app"


def test_two_servers_of_the_same_name_live_side_by_side(stage):
    servers = [stage.run(echo_server), stage.run(echo_server)]
    assert all(server.running for server in servers)


def test_a_server_of_the_notebook_with_the_same_name_is_left_alone(stage):
    with run_server(echo_server) as mine:
        stage.run(echo_server)
        assert mine.running


def test_a_client_that_waits_in_vain_says_where_the_server_is(stage):
    server = stage.run(echo_server)
    with stage.client(server, 0.05) as client, pytest.raises(Silence, match="your server was in"):
        client.recv(1)


def test_silence_is_a_timeout_that_a_case_may_expect(stage):
    server = stage.run(echo_server)
    with stage.client(server, 0.05) as client, pytest.raises(TimeoutError):
        client.recv(1)


def crashes(listener):
    connection, _ = listener.accept()
    with connection:
        connection.recv(100)
        raise KeyError


def test_a_crash_is_raised_where_the_next_client_connects(stage):
    server = stage.run(crashes)
    client = stage.client(server)
    client.sendall(b"hello")
    assert client.recv(100) == b""
    assert wait_until(lambda: not server._main.is_alive())  # the crash is noted a moment later
    with pytest.raises(ServerCrashed):
        stage.client(server)


def test_a_server_that_has_returned_is_told(stage):
    server = stage.run(lambda listener: None)
    server.settle()
    with pytest.raises(Wrong, match="has returned"):
        stage.client(server)


def test_datagrams_are_recorded_under_their_names(stage):
    sensor, mine = stage.socket_udp("sensor 1"), stage.socket_udp("you")
    sensor.sendto(b"reading", mine.getsockname())
    data, sender = mine.recvfrom(100)
    mine.sendto(b"thanks", sender)
    sensor.recvfrom(100)
    assert data == b"reading"
    assert stage.trace.table().splitlines() == [
        "sensor 1 -> you  7 bytes 'reading'",
        "you -> sensor 1  6 bytes 'thanks'",
    ]


def test_a_connected_datagram_socket_is_recorded(stage):
    sensor, mine = stage.socket_udp("sensor"), stage.socket_udp("you")
    sensor.connect(mine.getsockname())
    sensor.send(b"reading")
    assert stage.trace.table() == "sensor -> you  7 bytes 'reading'"


# Scripts


def test_a_script_returns_its_result(stage):
    assert stage.script(lambda number: number + 1, 4).result() == 5


def test_a_script_raises_its_error_where_its_result_is_asked_for(stage):
    with pytest.raises(KeyError):
        stage.script({}.__getitem__, 1).result()


def test_an_error_of_a_script_is_the_cases(stage):
    def wrong():
        raise Wrong("it was wrong")

    stage.script(wrong).join()
    assert [str(error) for _, error in stage.crashes()] == ["it was wrong"]


def test_a_broken_connection_of_a_script_is_not_the_cases(stage):
    def breaks():
        raise ConnectionResetError

    stage.script(breaks).join()
    assert list(stage.crashes()) == []


def test_a_script_that_pauses_ends_with_the_case(stage):
    script = stage.script(stage.pause, 1000)
    stage.stop()
    script.join(5)
    assert not script.is_alive()


def test_a_pause_after_the_end_ends_the_thread(stage):
    stage.stop()
    with pytest.raises(ServerStopped):
        stage.pause()


# The learner's function


async def coroutine():
    return 5


@pytest.mark.parametrize(
    ("function", "result"),
    [
        (lambda: 5, 5),
        (coroutine, 5),
        (lambda: coroutine(), 5),
        (lambda: iter([1, 2]), [1, 2]),
        (lambda: (number for number in (1, 2)), [1, 2]),
        (lambda: [1, 2], [1, 2]),
        (lambda: "text", "text"),
        (types.SimpleNamespace, types.SimpleNamespace()),
    ],
)
def test_a_result_is_taken_to_its_end(stage, function, result):
    assert stage.call(function) == result


def test_a_generator_that_fails_is_closed(stage):
    closed = threading.Event()

    def numbers():
        try:
            yield 1
            raise KeyError
        finally:
            closed.set()

    with pytest.raises(KeyError):
        stage.call(numbers)
    assert closed.is_set()


# Words


def test_a_note_says_what_the_peer_does(stage):
    stage.note("the peer was asleep")
    assert stage.situation() == "the peer was asleep"


def test_nothing_is_said_where_nothing_is_known(stage):
    assert stage.situation() == ""


def waits_to(stage, event):
    """Whether one of the stage's own threads waits for this."""
    deadline = time.monotonic() + 5
    while event not in stage._waits() and time.monotonic() < deadline:
        time.sleep(0.001)
    return event in stage._waits()


def test_a_peer_that_waits_for_room_says_so(stage):
    _, peer = stage.connection("server")
    stage.script(peer.sendall, bytes(50_000_000))
    assert waits_to(stage, "write")
    assert stage.situation() == "the peer was sending and waited until you receive"


def test_a_silent_peer_that_waits_says_so(stage):
    _, peer = stage.connection("server")
    stage.script(peer.recv, 1)
    assert waits_to(stage, "read")
    assert stage.situation() == "the peer was waiting for you"


# The end


def test_close_closes_every_socket_and_ends_every_server():
    stage = Stage()
    sockets = [*stage.connection(), stage.socket_udp("sensor")]
    server = stage.run(echo_server)
    sockets.append(stage.client(server))
    stage.close()
    assert [sock.fileno() for sock in sockets] == [-1] * 4
    assert not server.running


def test_the_end_is_not_recorded():
    stage = Stage()
    stage.client(stage.run(echo_server)).sendall(b"hello")
    before = len(stage.trace)
    stage.close()
    assert len(stage.trace) == before


def test_the_end_wakes_a_learners_function_that_waits(stage):
    mine, _ = stage.connection()
    stopped = threading.Event()

    def receives():
        try:
            mine.recv(1)
        except ServerStopped:
            stopped.set()

    thread = threading.Thread(target=receives)
    thread.start()
    stage.stop()
    assert stopped.wait(5)
    thread.join()


def test_a_context_is_left_when_the_case_is_over():
    stage, left = Stage(), []

    class Context:
        def __enter__(self):
            return 5

        def __exit__(self, *_):
            left.append(True)

    assert stage.enter(Context()) == 5
    stage.close()
    assert left


def test_close_may_be_called_twice():
    stage = Stage()
    stage.run(echo_server)
    stage.close()
    stage.close()
