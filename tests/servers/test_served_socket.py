"""The socket that a server's function gets: it does all that an ordinary one does.

Most tests run twice, with an ordinary socket and with a served one: both must pass.
"""

import array
import errno
import gc
import os
import selectors
import socket
import threading
from collections.abc import Iterator

import pytest
from drive.waiting import wait_until
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.loopback import read_all

from helpers.servers.owner import READ, WRITE, Owner, ServerStopped
from helpers.servers.served_socket import ServedSocket
from helpers.trace.trace import Trace

LIMIT = 10  # seconds after which a test's own client gives up


@pytest.fixture
def owner() -> Iterator[Owner]:
    owner = Owner("server", Trace())
    yield owner
    owner.close()


@pytest.fixture(params=["plain", "served"])
def dress(request: pytest.FixtureRequest, owner: Owner):
    """Turns an ordinary socket into the kind that this run of the test is about."""
    if request.param == "plain":
        return lambda sock: sock
    return lambda sock: ServedSocket.adopt(sock, owner)


@pytest.fixture
def pair(dress) -> Iterator[tuple[socket.socket, socket.socket]]:
    """A connection as a server has it, and its client."""
    with dress(socket.create_server(("127.0.0.1", 0))) as listener:
        client = socket.create_connection(listener.getsockname(), LIMIT)
        connection, _ = listener.accept()
    with connection, client:
        yield connection, client


@pytest.fixture
def datagrams(dress) -> Iterator[tuple[socket.socket, socket.socket]]:
    """A UDP socket as a server has it, and a client that is connected to it."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.connect(sock.getsockname())
    client.settimeout(LIMIT)
    with dress(sock) as sock, client:
        yield sock, client


# Listening and accepting


def test_accept_tells_the_clients_address(dress):
    with dress(socket.create_server(("127.0.0.1", 0))) as listener:
        with socket.create_connection(listener.getsockname(), LIMIT) as client:
            connection, address = listener.accept()
            with connection:
                assert address == client.getsockname() == connection.getpeername()


def test_accept_with_a_timeout_raises_timeout_error(dress):
    with dress(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.settimeout(0.01)
        with pytest.raises(TimeoutError, match="timed out"):
            listener.accept()


def test_accept_of_a_nonblocking_listener_raises_blocking_io_error(dress):
    with dress(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.setblocking(False)
        with pytest.raises(BlockingIOError):
            listener.accept()


def test_an_accepted_connection_blocks_whatever_its_listener_does(dress):
    with dress(socket.create_server(("127.0.0.1", 0))) as listener:
        listener.settimeout(LIMIT)
        with socket.create_connection(listener.getsockname(), LIMIT):
            connection, _ = listener.accept()
            with connection:
                assert (connection.gettimeout(), connection.getblocking()) == (None, True)


def test_a_closed_listener_raises_os_error(dress):
    listener = dress(socket.create_server(("127.0.0.1", 0)))
    listener.close()
    with pytest.raises(OSError) as caught:
        listener.accept()
    assert caught.value.errno == errno.EBADF


# Timeouts


@pytest.mark.parametrize("value", [None, 0, 0.0, 1, 2.5])
def test_a_timeout_reads_back_as_it_was_set(pair, value):
    pair[0].settimeout(value)
    assert pair[0].gettimeout() == pair[0].timeout == value
    assert pair[0].getblocking() is (value != 0)


@pytest.mark.parametrize(
    ("value", "error"), [(-1, ValueError), ("1", TypeError), (float("nan"), ValueError)]
)
def test_a_wrong_timeout_is_refused(pair, value, error):
    with pytest.raises(error):
        pair[0].settimeout(value)


def test_a_refused_timeout_changes_nothing(pair):
    pair[0].settimeout(3)
    with pytest.raises(ValueError):
        pair[0].settimeout(-1)
    assert pair[0].gettimeout() == 3


@pytest.mark.parametrize("flag", [True, False])
def test_setblocking_reads_back(pair, flag):
    pair[0].setblocking(flag)
    assert (pair[0].getblocking(), pair[0].gettimeout()) == (flag, None if flag else 0.0)


RECEIVERS = {
    "recv": lambda sock: sock.recv(10),
    "recv_into": lambda sock: sock.recv_into(bytearray(10)),
    "recvfrom": lambda sock: sock.recvfrom(10),
    "recvfrom_into": lambda sock: sock.recvfrom_into(bytearray(10)),
    "waitall": lambda sock: sock.recv(10, socket.MSG_WAITALL),
    "recvmsg": lambda sock: sock.recvmsg(10),
    "recvmsg_into": lambda sock: sock.recvmsg_into([bytearray(10)]),
}


@pytest.mark.parametrize("receive", RECEIVERS.values(), ids=RECEIVERS.keys())
def test_receiving_with_a_timeout_raises_timeout_error(pair, receive):
    pair[0].settimeout(0.01)
    with pytest.raises(TimeoutError, match="timed out"):
        receive(pair[0])


@pytest.mark.parametrize("receive", RECEIVERS.values(), ids=RECEIVERS.keys())
def test_receiving_without_blocking_raises_blocking_io_error(pair, receive):
    pair[0].setblocking(False)
    with pytest.raises(BlockingIOError):
        receive(pair[0])


@pytest.mark.parametrize("event", [READ, WRITE])
def test_a_wait_for_a_socket_that_was_closed_just_now_raises_os_error(owner, event):
    one, other = socket.socketpair()
    with other:
        served = ServedSocket.adopt(one, owner)
        served.close()
        with pytest.raises(OSError) as raised:
            owner.wait(served, event, None)
    assert raised.value.errno == errno.EBADF


@pytest.mark.parametrize("receive", RECEIVERS.values(), ids=RECEIVERS.keys())
def test_receiving_on_a_closed_socket_raises_os_error(pair, receive):
    pair[0].close()
    with pytest.raises(OSError) as caught:
        receive(pair[0])
    assert caught.value.errno == errno.EBADF


@pytest.mark.parametrize("name", ["recv", "recvfrom", "recvmsg"])
def test_receiving_waits_for_bytes_that_come_later(pair, name):
    connection, client = pair
    got = []
    thread = threading.Thread(target=lambda: got.append(getattr(connection, name)(10)))
    thread.start()
    client.sendall(b"late")
    thread.join(LIMIT)
    assert got[0] == b"late" or got[0][0] == b"late"


def test_sendall_with_a_timeout_raises_timeout_error(pair):
    pair[0].settimeout(0.01)
    with pytest.raises(TimeoutError, match="timed out"):
        pair[0].sendall(bytes(50_000_000))


def test_send_without_blocking_sends_a_part(pair):
    pair[0].setblocking(False)
    assert 0 < pair[0].send(bytes(50_000_000)) < 50_000_000


def test_send_without_blocking_raises_when_nothing_more_fits(pair):
    pair[0].setblocking(False)
    with pytest.raises(BlockingIOError):
        for _ in range(1000):
            pair[0].send(bytes(1_000_000))


# Receiving


def test_recv_after_the_peers_end_gives_nothing_again_and_again(pair):
    connection, client = pair
    client.close()
    assert [connection.recv(10) for _ in range(3)] == [b"", b"", b""]


def test_recv_takes_no_more_than_it_was_asked_for(pair):
    connection, client = pair
    client.sendall(b"abcdef")
    assert connection.recv(4, socket.MSG_WAITALL) == b"abcd"
    assert connection.recv(4) == b"ef"


def test_recv_of_no_bytes_gives_none(pair):
    pair[1].sendall(b"waiting")
    assert pair[0].recv(0) == b""


def test_recv_of_a_negative_number_is_refused(pair):
    with pytest.raises(ValueError):
        pair[0].recv(-1)


def test_peeking_leaves_the_bytes_where_they_are(pair):
    connection, client = pair
    client.sendall(b"peek")
    assert connection.recv(10, socket.MSG_PEEK) == b"peek"
    assert connection.recv(10) == b"peek"


def test_waitall_waits_for_all_bytes(pair):
    connection, client = pair
    got = []
    thread = threading.Thread(target=lambda: got.append(connection.recv(6, socket.MSG_WAITALL)))
    thread.start()
    client.sendall(b"abc")
    client.sendall(b"def")
    thread.join(LIMIT)
    assert got == [b"abcdef"]


def test_waitall_gives_what_came_before_the_end(pair):
    connection, client = pair
    client.sendall(b"abc")
    client.close()
    assert connection.recv(6, socket.MSG_WAITALL) == b"abc"


def test_recv_into_fills_the_buffer_from_its_start(pair):
    pair[1].sendall(b"abc")
    buffer = bytearray(b"......")
    assert pair[0].recv_into(buffer) == 3
    assert buffer == b"abc..."


def test_recv_into_takes_no_more_than_nbytes(pair):
    pair[1].sendall(b"abcdef")
    buffer = bytearray(6)
    assert pair[0].recv_into(buffer, 2) == 2
    assert buffer == b"ab\0\0\0\0"


def test_recv_into_refuses_more_bytes_than_the_buffer_has(pair):
    with pytest.raises(ValueError):
        pair[0].recv_into(bytearray(2), 3)


def test_recv_into_refuses_a_negative_number(pair):
    with pytest.raises(ValueError):
        pair[0].recv_into(bytearray(2), -1)


def test_recv_into_a_buffer_of_numbers(pair):
    pair[1].sendall(bytes(8))
    numbers = array.array("I", [7, 7])
    assert pair[0].recv_into(numbers, 0, socket.MSG_WAITALL) == 8
    assert list(numbers) == [0, 0]


def test_recv_into_a_buffer_that_can_not_be_written_to_is_refused(pair):
    with pytest.raises((TypeError, BufferError)):
        pair[0].recv_into(b"fixed")


# Sending


@pytest.mark.parametrize("name", ["send", "sendall"])
@pytest.mark.parametrize(
    "data",
    [b"bytes", bytearray(b"bytes"), memoryview(b"bytes"), array.array("H", [1, 2, 3])],
    ids=lambda data: type(data).__name__,
)
def test_anything_that_holds_bytes_can_be_sent(pair, name, data):
    connection, client = pair
    getattr(connection, name)(data)
    connection.close()
    assert read_all(client) == bytes(memoryview(data).cast("B"))


@pytest.mark.parametrize("name", ["send", "sendall"])
@pytest.mark.parametrize("data", ["text", 5, None, ["list"]])
def test_what_holds_no_bytes_can_not_be_sent(pair, name, data):
    with pytest.raises(TypeError):
        getattr(pair[0], name)(data)


def test_send_tells_how_many_bytes_it_took(pair):
    assert pair[0].send(array.array("H", [1, 2, 3])) == 6


def test_sendall_returns_nothing(pair):
    assert pair[0].sendall(b"x") is None


def test_sending_nothing_is_fine(pair):
    assert (pair[0].send(b""), pair[0].sendall(b"")) == (0, None)


@pytest.mark.parametrize("name", ["send", "sendall"])
def test_sending_nothing_on_a_closed_socket_raises_os_error(pair, name):
    pair[0].close()
    with pytest.raises(OSError):
        getattr(pair[0], name)(b"")


@pytest.mark.parametrize("name", ["send", "sendall"])
def test_five_megabytes_arrive_whole(pair, name):
    connection, client = pair
    message = bytes(range(250)) * 20_000
    got = []
    reader = threading.Thread(target=lambda: got.append(read_all(client)))
    reader.start()
    getattr(connection, name)(message)
    connection.close()
    reader.join(30)
    assert got == [message]


def test_sendmsg_gathers_its_buffers(pair):
    assert pair[0].sendmsg([b"ab", bytearray(b"cd")]) == 4
    assert pair[1].makefile("rb").read(4) == b"abcd"


def test_sending_after_a_reset_raises_connection_error(pair):
    connection, client = pair
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    with pytest.raises(ConnectionError):
        for _ in range(100):
            connection.sendall(b"x")


def test_receiving_after_a_reset_raises_connection_reset_error(pair):
    connection, client = pair
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    with pytest.raises(ConnectionResetError):
        connection.recv(10)


# Ending


def test_a_half_closed_connection_still_receives(pair):
    connection, client = pair
    connection.shutdown(socket.SHUT_WR)
    assert client.recv(10) == b""
    client.sendall(b"answer")
    assert connection.recv(10) == b"answer"


def test_sending_after_shutdown_raises_broken_pipe_error(pair):
    pair[0].shutdown(socket.SHUT_WR)
    with pytest.raises(BrokenPipeError):
        pair[0].sendall(b"x")


def test_a_context_manager_closes_it(pair):
    with pair[0] as connection:
        pass
    assert connection.fileno() == -1
    assert pair[1].recv(10) == b""


def test_a_duplicate_outlives_the_original(pair):
    connection, client = pair
    connection.settimeout(LIMIT)
    with connection.dup() as duplicate:
        connection.close()
        assert duplicate.gettimeout() == LIMIT
        client.sendall(b"still")
        assert duplicate.recv(10) == b"still"


def test_a_detached_file_number_works_on_as_a_blocking_socket(pair):
    connection, client = pair
    with socket.socket(fileno=connection.detach()) as again:
        assert connection.fileno() == -1
        client.sendall(b"again")
        assert again.recv(5, socket.MSG_WAITALL) == b"again"


def test_a_detached_file_number_blocks(pair):
    connection, _ = pair
    with socket.socket(fileno=connection.detach()) as again:
        assert os.get_blocking(again.fileno())


# Files


def test_lines_can_be_read_from_a_file_of_it(pair):
    connection, client = pair
    client.sendall("21 °C\nno end".encode())
    client.close()
    with connection.makefile(encoding="utf-8") as lines:
        assert list(lines) == ["21 °C\n", "no end"]


def test_lines_can_be_written_to_a_file_of_it(pair):
    connection, client = pair
    with connection.makefile("w", encoding="utf-8") as file:
        print("21 °C", file=file)
    connection.close()
    assert read_all(client).decode() == "21 °C\n"


def test_an_unbuffered_file_reads_and_writes(pair):
    connection, client = pair
    with connection.makefile("rwb", buffering=0) as file:
        file.write(b"out")
        assert client.recv(10) == b"out"
        client.sendall(b"in")
        assert file.read(10) == b"in"


def test_a_file_keeps_the_connection_open_until_it_is_closed(pair):
    connection, client = pair
    file = connection.makefile("wb")
    connection.close()
    file.write(b"later")
    file.close()
    assert read_all(client) == b"later"


# Selectors and other things


def test_a_selector_can_watch_it(pair):
    connection, client = pair
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_READ, "mine")
        assert selector.select(0) == []
        client.sendall(b"x")
        assert [key.data for key, _ in selector.select(LIMIT)] == ["mine"]


def test_options_can_be_set_and_read(pair):
    pair[0].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    assert pair[0].getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_it_is_an_ordinary_socket_to_look_at(pair):
    connection, _ = pair
    assert isinstance(connection, socket.socket)
    assert (connection.family, connection.type) == (socket.AF_INET, socket.SOCK_STREAM)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=10),
    st.integers(1, 500),
)
def test_a_stream_arrives_whole_and_in_order_in_whatever_pieces(dress, pieces, size):
    with dress(socket.create_server(("127.0.0.1", 0))) as listener:
        with socket.create_connection(listener.getsockname(), LIMIT) as client:
            for piece in pieces:
                client.sendall(piece)
        connection, _ = listener.accept()
        with connection:
            got = b"".join(iter(lambda: connection.recv(size), b""))
    assert got == b"".join(pieces)


# Datagrams


def test_a_datagram_comes_whole_with_its_sender(datagrams):
    sock, client = datagrams
    client.send(b"hello")
    assert sock.recvfrom(100) == (b"hello", client.getsockname())


def test_a_datagram_is_cut_to_the_size_that_was_asked_for(datagrams):
    sock, client = datagrams
    client.send(b"hello")
    client.send(b"next")
    assert [sock.recv(2), sock.recv(10)] == [b"he", b"next"]


def test_an_empty_datagram_is_one(datagrams):
    sock, client = datagrams
    client.send(b"")
    assert sock.recvfrom(100) == (b"", client.getsockname())


def test_an_empty_datagram_can_be_sent(datagrams):
    sock, client = datagrams
    assert sock.sendto(b"", client.getsockname()) == 0
    assert client.recv(10) == b""


def test_recvfrom_into_tells_size_and_sender(datagrams):
    sock, client = datagrams
    client.send(b"hello")
    buffer = bytearray(10)
    assert sock.recvfrom_into(buffer, 3) == (3, client.getsockname())
    assert buffer == b"hel" + bytes(7)


def test_sendto_takes_flags_before_the_address(datagrams):
    sock, client = datagrams
    assert sock.sendto(b"reply", 0, client.getsockname()) == 5
    assert client.recv(10) == b"reply"


def test_sendto_without_an_address_is_refused(datagrams):
    with pytest.raises(TypeError):
        datagrams[0].sendto(b"lost")


def test_sendto_of_text_is_refused(datagrams):
    with pytest.raises(TypeError):
        datagrams[0].sendto("text", datagrams[1].getsockname())


def test_a_datagram_that_is_too_long_is_refused(datagrams):
    with pytest.raises(OSError) as caught:
        datagrams[0].sendto(bytes(70_000), datagrams[1].getsockname())
    assert caught.value.errno == errno.EMSGSIZE


def test_a_connected_udp_socket_sends_and_receives(datagrams):
    sock, client = datagrams
    sock.connect(client.getsockname())
    sock.send(b"there")
    client.send(b"back")
    assert (client.recv(10), sock.recv(10)) == (b"there", b"back")


# What is special about a served one


@pytest.fixture
def served(owner: Owner) -> Iterator[tuple[ServedSocket, socket.socket, Owner]]:
    with ServedSocket.adopt(socket.create_server(("127.0.0.1", 0)), owner) as listener:
        client = socket.create_connection(listener.getsockname(), LIMIT)
        connection, _ = listener.accept()
    with connection, client:
        yield connection, client, owner


def steps(owner: Owner) -> list[tuple[str, str, int]]:
    return [(event.source, event.kind, event.size) for event in owner.trace]


def test_the_trace_tells_the_conversation_in_order(served):
    connection, client, owner = served
    client.sendall(b"12345")
    connection.recv(10)
    connection.sendall(b"678")
    client.shutdown(socket.SHUT_WR)
    connection.recv(10)
    connection.recv(10)
    connection.close()
    assert steps(owner) == [
        ("client 1", "connect", 0),
        ("client 1", "data", 5),
        ("server", "data", 3),
        ("client 1", "end", 0),
        ("server", "close", 0),
    ]


def test_the_trace_tells_of_a_half_close_and_a_reset(served):
    connection, client, owner = served
    connection.shutdown(socket.SHUT_WR)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    with pytest.raises(ConnectionResetError):
        connection.recv(10)
    assert steps(owner)[1:] == [("server", "end", 0), ("client 1", "reset", 0)]


def test_peeking_is_not_in_the_trace(served):
    connection, client, owner = served
    client.sendall(b"x")
    connection.recv(10, socket.MSG_PEEK)
    assert steps(owner) == [("client 1", "connect", 0)]


def test_sending_nothing_on_a_stream_is_not_in_the_trace(served):
    connection, _, owner = served
    connection.sendall(b"")
    connection.send(b"")
    assert steps(owner) == [("client 1", "connect", 0)]


def test_the_trace_names_each_udp_client(owner):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    with ServedSocket.adopt(sock, owner) as sock:
        for text in (b"one", b"two"):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
                client.sendto(text, sock.getsockname())
                data, sender = sock.recvfrom(10)
                sock.sendto(data, sender)
                client.recv(10)
    assert [(event.source, event.target) for event in owner.trace] == [
        ("client 1", "server"),
        ("server", "client 1"),
        ("client 2", "server"),
        ("server", "client 2"),
    ]


def test_a_stopped_socket_ends_a_wait_in_another_thread(served):
    connection, _, owner = served

    def wait():
        with pytest.raises(ServerStopped):
            connection.recv(10)

    thread = threading.Thread(target=wait)
    thread.start()
    assert wait_until(lambda: owner.parked)
    owner.wake()
    thread.join(LIMIT)
    assert not thread.is_alive()


def test_an_owner_leaves_nothing(nothing_left):
    owner = Owner("server", Trace())
    with ServedSocket.adopt(socket.create_server(("127.0.0.1", 0)), owner) as listener:
        with socket.create_connection(listener.getsockname(), LIMIT):
            connection, _ = listener.accept()
    owner.close()
    assert connection.fileno() == -1


def test_the_main_thread_is_told_that_the_server_has_been_stopped(served):
    connection, _, owner = served
    owner.wake()
    with pytest.raises(OSError, match="has been stopped"):
        connection.recv(10)


def test_closing_the_owner_closes_a_socket_of_which_a_file_is_open(served):
    connection, client, owner = served
    with connection.makefile("rb"):
        owner.close()
        assert client.recv(10) == b""


def test_file_numbers_of_a_thousand_and_more_can_wait(owner):
    resource = pytest.importorskip("resource")
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 1200:
        pytest.skip("this process may not open 1,200 files")
    low = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    try:
        with ServedSocket.adopt(socket.create_server(("127.0.0.1", 0)), owner) as listener:
            listener.settimeout(0.01)
            assert listener.fileno() > 1024
            with pytest.raises(TimeoutError):
                listener.accept()
    finally:
        for number in low:
            os.close(number)


def test_a_connection_that_is_dropped_is_closed_and_no_warning_told(owner):
    with (
        ServedSocket.adopt(socket.create_server(("127.0.0.1", 0)), owner) as listener,
        socket.create_connection(listener.getsockname(), LIMIT) as client,
    ):
        listener.accept()  # a ResourceWarning would fail this test
        gc.collect()
        assert client.recv(1) == b""
