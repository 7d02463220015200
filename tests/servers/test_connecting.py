"""A served socket that connects, and one that is told not to wait, do what an ordinary one does.

Most tests run twice, with an ordinary socket and with a served one: both must pass.
"""

import contextlib
import errno
import io
import os
import socket
import threading
from collections.abc import Iterator

import pytest
from drive.waiting import wait_until
from support.loopback import read_all

from helpers.servers.owner import Owner, ServerStopped
from helpers.servers.served_socket import ServedSocket
from helpers.trace.trace import Trace

pytestmark = pytest.mark.usefixtures("nothing_left")
LIMIT = 10.0  # seconds
MUCH = 8_000_000  # bytes: more than the buffers of two sockets hold
DONTWAIT = getattr(socket, "MSG_DONTWAIT", None)
may_not_wait = pytest.mark.skipif(DONTWAIT is None, reason="this system has no MSG_DONTWAIT")
has_messages = pytest.mark.skipif(
    not hasattr(socket.socket, "sendmsg"), reason="this system has no sendmsg"
)


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
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
def full() -> Iterator[socket.socket]:
    """A listener at which nobody else can connect: those that wait already fill its queue."""
    if not os.path.exists("/proc/net/tcp"):
        pytest.skip("only Linux lets a client wait at a full queue")
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            early = stack.enter_context(socket.socket())
            early.setblocking(False)
            early.connect_ex(listener.getsockname())
        yield listener


@pytest.fixture
def pair(dress, listener) -> Iterator[tuple[socket.socket, socket.socket]]:
    """A connection of the kind that this run is about, and its client."""
    client = socket.create_connection(listener.getsockname(), LIMIT)
    connection = dress(listener.accept()[0])
    with connection, client:
        yield connection, client


def nobodys_address() -> tuple[str, int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()


@pytest.mark.parametrize("timeout", [None, LIMIT])
def test_connecting_waits_until_it_is_connected(dress, listener, timeout):
    with dress(socket.socket()) as sock:
        sock.settimeout(timeout)
        sock.connect(listener.getsockname())
        assert sock.getpeername() == listener.getsockname()
        sock.sendall(b"hello")
        with listener.accept()[0] as connection:
            assert connection.recv(10) == b"hello"


def test_connect_ex_gives_zero_when_it_is_connected(dress, listener):
    with dress(socket.socket()) as sock:
        assert sock.connect_ex(listener.getsockname()) == 0


@pytest.mark.parametrize("timeout", [None, LIMIT])
def test_connecting_to_nobody_is_refused(dress, timeout):
    address = nobodys_address()
    with dress(socket.socket()) as sock:
        sock.settimeout(timeout)
        with pytest.raises(ConnectionRefusedError) as caught:
            sock.connect(address)
        assert caught.value.strerror == os.strerror(errno.ECONNREFUSED)
    with dress(socket.socket()) as sock:
        sock.settimeout(timeout)
        assert sock.connect_ex(address) == errno.ECONNREFUSED


def test_connecting_times_out(dress, full):
    with dress(socket.socket()) as sock:
        sock.settimeout(0.02)
        with pytest.raises(TimeoutError, match="timed out"):
            sock.connect(full.getsockname())
    with dress(socket.socket()) as sock:
        sock.settimeout(0.02)
        assert sock.connect_ex(full.getsockname()) == errno.EWOULDBLOCK


def test_connecting_without_blocking_does_not_wait(dress, full):
    with dress(socket.socket()) as sock:
        sock.setblocking(False)
        with pytest.raises(BlockingIOError):
            sock.connect(full.getsockname())


@pytest.mark.parametrize("address", [("127.0.0.1",), ("127.0.0.1", "80"), b"", None])
def test_what_is_no_address_is_refused_in_the_same_words(owner, address):
    told = []
    for kind in ("plain", "served"):
        plain = socket.socket()
        with ServedSocket.adopt(plain, owner) if kind == "served" else plain as sock:
            with pytest.raises(TypeError) as caught:
                sock.connect(address)
            told.append(str(caught.value))
    assert told[0] == told[1]


def test_stopping_the_owner_wakes_a_socket_that_connects(owner, full):
    sock = ServedSocket.adopt(socket.socket(), owner)
    ended = []

    def connect():
        try:
            sock.connect(full.getsockname())
        except ServerStopped as stopped:
            ended.append(stopped)

    thread = threading.Thread(target=connect)
    thread.start()
    assert wait_until(lambda: owner.parked)
    owner.wake()
    thread.join(LIMIT)
    assert len(ended) == 1
    sock.close()


# MSG_DONTWAIT

RECEIVERS = {
    "recv": lambda sock: sock.recv(10, DONTWAIT),
    "recv for all": lambda sock: sock.recv(10, DONTWAIT | socket.MSG_WAITALL),
    "recv_into": lambda sock: sock.recv_into(bytearray(10), 10, DONTWAIT),
    "recvfrom": lambda sock: sock.recvfrom(10, DONTWAIT),
    "recvfrom_into": lambda sock: sock.recvfrom_into(bytearray(10), 10, DONTWAIT),
    "recvmsg": lambda sock: sock.recvmsg(10, 0, DONTWAIT),
    "recvmsg_into": lambda sock: sock.recvmsg_into([bytearray(10)], 0, DONTWAIT),
}
SENDERS = {
    "send": lambda sock: sock.send(bytes(100_000), DONTWAIT),
    "sendall": lambda sock: sock.sendall(bytes(100_000), DONTWAIT),
    "sendmsg": lambda sock: sock.sendmsg([bytes(100_000)], [], DONTWAIT),
}


@may_not_wait
@pytest.mark.parametrize("receive", RECEIVERS.values(), ids=RECEIVERS)
def test_receiving_with_the_flag_does_not_wait(pair, receive):
    with pytest.raises(BlockingIOError):
        receive(pair[0])


@may_not_wait
@pytest.mark.parametrize("send", SENDERS.values(), ids=SENDERS)
def test_sending_with_the_flag_does_not_wait(pair, send):
    with pytest.raises(BlockingIOError):
        for _ in range(MUCH // 1000):
            send(pair[0])


@may_not_wait
def test_sending_a_datagram_with_the_flag_goes_at_once(dress, udp):
    other = udp(LIMIT)
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with dress(sock) as sock:
        assert sock.sendto(b"hello", DONTWAIT, other.getsockname()) == 5
        assert other.recv(10) == b"hello"


@may_not_wait
def test_the_flag_takes_what_is_there(pair):
    pair[1].sendall(b"hello")
    assert pair[0].recv(5, socket.MSG_PEEK) == b"hello"
    assert pair[0].recv(10, DONTWAIT) == b"hello"


@may_not_wait
def test_with_a_timeout_the_flag_is_no_matter(pair):
    pair[0].settimeout(0.02)
    with pytest.raises(TimeoutError):
        pair[0].recv(10, DONTWAIT)


# Messages and files


@has_messages
def test_a_long_message_is_sent_whole(pair):
    connection, client = pair
    sizes = []

    def send():
        sizes.append(connection.sendmsg(piece for piece in (bytes(MUCH), b"end")))
        connection.shutdown(socket.SHUT_WR)

    thread = threading.Thread(target=send)
    thread.start()
    assert read_all(client)[-3:] == b"end"
    thread.join(LIMIT)
    assert sizes == [MUCH + 3]


@pytest.fixture
def served(owner, listener) -> Iterator[tuple[ServedSocket, socket.socket]]:
    """A connection that a served listener has accepted, and its client."""
    served_listener = ServedSocket.adopt(listener.dup(), owner)
    client = socket.create_connection(listener.getsockname(), LIMIT)
    with served_listener, served_listener.accept()[0] as connection, client:
        yield connection, client


@has_messages
def test_messages_are_in_the_trace(owner, served):
    connection, client = served
    client.sendall(b"question")
    assert connection.recvmsg(100)[0] == b"question"
    client.sendall(b"more")
    assert connection.recvmsg_into([bytearray(2), bytearray(8)])[0] == 4
    assert connection.sendmsg([b"ans", b"wer"]) == 6
    assert owner.trace.table().splitlines()[1:] == [
        "client 1 -> server  8 bytes 'question'",
        "client 1 -> server  4 bytes 'more'",
        "server -> client 1  6 bytes 'answer'",
    ]


def test_a_file_that_is_sent_is_in_the_trace(owner, served):
    connection, client = served
    assert connection.sendfile(io.BytesIO(b"a file")) == 6
    assert client.recv(10) == b"a file"
    assert owner.trace.table().splitlines()[1:] == ["server -> client 1  6 bytes 'a file'"]
