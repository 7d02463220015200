"""A server function whose listener a case can close, and which it can stop in the middle."""

import contextlib
import selectors
import socket
import threading

import pytest
from drive.waiting import wait_until

from helpers.checks.watched import Watched, watched
from helpers.checks.wrong import Wrong
from helpers.servers.crashes import ServerCrashed

pytestmark = pytest.mark.usefixtures("nothing_left")
LIMIT = 10.0  # seconds


def serve(connection):
    with connection, contextlib.suppress(ConnectionError):
        while data := connection.recv(1024):
            connection.sendall(data)


def echo(listener):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=serve, args=(connection,)).start()


def in_a_selector(listener, select=lambda selector: selector.select()):
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        while listener.fileno() >= 0:
            for _ in select(selector):
                try:
                    listener.accept()[0].close()
                except OSError:
                    return


def in_a_selector_with_a_timeout(listener):
    in_a_selector(listener, lambda selector: selector.select(0.02))


def by_looking_at_the_listener(listener):
    listener.settimeout(0.02)
    while listener.fileno() >= 0:
        with contextlib.suppress(OSError):
            listener.accept()[0].close()


def by_asking_the_number_alone(listener):
    ended = threading.Event()
    while listener.fileno() >= 0:
        ended.wait(0.01)


@pytest.mark.parametrize(
    "function",
    [
        echo,
        in_a_selector,
        in_a_selector_with_a_timeout,
        by_looking_at_the_listener,
        by_asking_the_number_alone,
    ],
    ids=lambda function: function.__name__,
)
def test_a_function_that_ends_with_its_listener_is_seen_to_end(stage, function):
    at_work = Watched(function, stage)
    at_work.close_listener(LIMIT)
    assert at_work.server._threads() == []


def test_a_function_that_goes_on_without_its_listener_is_wrong(stage):
    def on_and_on(listener):
        while True:
            try:
                listener.accept()
            except OSError:
                stage.pause(0.01)

    with pytest.raises(Wrong, match="goes on and on, in line"):
        Watched(on_and_on, stage).close_listener(0.1)


def test_a_selector_that_has_lost_its_listener_is_ended_all_the_same(stage):
    def deaf(listener):
        with selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    with contextlib.suppress(OSError):
                        key.fileobj.accept()

    at_work = Watched(deaf, stage)
    with pytest.raises(Wrong):
        at_work.close_listener(0.1)
    stage.close()
    assert wait_until(lambda: not at_work.server._threads())


def test_a_function_that_fails_with_its_listener_is_heard_of(stage):
    def fails(listener):
        while True:
            listener.accept()

    with pytest.raises(ServerCrashed, match="Bad file descriptor"):
        Watched(fails, stage).close_listener(LIMIT)


def test_a_function_that_closes_its_listener_is_wrong(stage):
    def closes(listener):
        with listener, contextlib.suppress(OSError):
            listener.accept()

    with pytest.raises(Wrong, match="closed the listener"):
        Watched(closes, stage).close_listener(LIMIT)


def test_a_function_that_has_returned_too_early_is_wrong(stage):
    at_work = Watched(lambda listener: None, stage)
    assert wait_until(lambda: not at_work.server._threads())
    with pytest.raises(Wrong, match="still open"):
        at_work.close_listener(LIMIT)


def test_connections_that_are_left_to_be_collected_count_as_left_open(stage):
    def leaves(listener):
        kept = []
        with contextlib.suppress(OSError):
            while True:
                kept.append(listener.accept())

    at_work = Watched(leaves, stage)
    for _ in range(3):
        at_work.client(LIMIT)
    assert at_work.wait_for_accepted(3, LIMIT)
    at_work.close_listener(LIMIT)
    assert at_work.left_open == 3


def test_connections_that_are_closed_are_not_left_open(stage):
    def closes(listener):
        with contextlib.ExitStack() as clients, contextlib.suppress(OSError):
            while True:
                clients.enter_context(listener.accept()[0])

    at_work = Watched(closes, stage)
    for _ in range(3):
        at_work.client(LIMIT)
    assert at_work.wait_for_accepted(3, LIMIT)
    at_work.close_listener(LIMIT)
    assert at_work.left_open == 0


def test_open_connections_are_counted_until_they_are_closed(stage):
    at_work = Watched(echo, stage)
    first, second = at_work.client(LIMIT), at_work.client(LIMIT)
    assert at_work.wait_for_accepted(2, LIMIT)
    assert len(at_work.open_connections()) == 2
    assert not at_work.wait_for_connections(1, 0.05)
    first.close()
    assert at_work.wait_for_connections(1, LIMIT)
    second.close()
    assert at_work.wait_for_connections(0, LIMIT)


def test_a_function_that_is_held_stands_still_with_what_it_has_received(stage):
    at_work = Watched(echo, stage)
    client = at_work.client(LIMIT)
    at_work.hold()
    client.sendall(b"word")
    assert at_work.wait_until_held(LIMIT)
    client.settimeout(0.05)
    with pytest.raises(TimeoutError):
        client.recv(10)
    at_work.release()
    client.settimeout(LIMIT)
    assert client.recv(10) == b"word"


def test_bytes_that_sendall_leaves_unsent_are_noted(stage):
    failed = threading.Event()

    def sends(listener):
        with listener.accept()[0] as connection:
            connection.setblocking(False)
            try:
                connection.sendall(bytes(20_000_000))
            except BlockingIOError:
                failed.set()

    at_work = Watched(sends, stage, send_buffer=65_536)
    at_work.client(LIMIT)
    assert failed.wait(LIMIT)
    assert at_work.cut


@pytest.mark.parametrize("function", [None, lambda: None], ids=["no function", "no argument"])
def test_what_is_no_server_function_is_refused_with_its_reason(stage, function):
    with pytest.raises(TypeError, match=r"listener|function"):
        Watched(function, stage)


def test_a_coroutine_function_is_refused_with_its_reason(stage):
    async def coroutine(listener):
        pass

    with pytest.raises(TypeError, match="ordinary function"):
        Watched(coroutine, stage)


def test_a_case_gets_the_function_at_work_and_ends_it_orderly(stage):
    met = []

    @watched()
    def case(at_work, stage):
        client = at_work.client(LIMIT)
        client.sendall(b"word")
        met.append((at_work, client.recv(10)))

    case(echo, stage)
    ((at_work, word),) = met
    assert word == b"word"
    assert at_work.server._threads() == []
    assert at_work.open_connections() == []


def test_an_error_of_the_end_is_no_error_of_a_case(stage):
    @watched()
    def case(at_work, stage):
        at_work.client(LIMIT)

    def fails_at_the_end(listener):
        while True:
            threading.Thread(target=serve, args=listener.accept()[:1]).start()

    case(fails_at_the_end, stage)
    assert list(stage.crashes()) == []


def test_an_error_before_the_end_is_one_of_the_case(stage):
    @watched()
    def case(at_work, stage):
        with at_work.client(LIMIT) as client:
            client.recv(10)

    def fails(listener):
        with listener.accept()[0]:
            raise ValueError("on its way")

    with pytest.raises(ServerCrashed, match="on its way"):
        case(fails, stage)


def test_a_small_send_buffer_is_that_of_its_connections(stage):
    sizes = []

    def look(listener):
        with listener.accept()[0] as connection:
            sizes.append(connection.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF))

    Watched(look, stage, send_buffer=65_536).client(LIMIT)
    assert wait_until(lambda: sizes)
    assert sizes[0] <= 2 * 65_536  # Linux doubles what it is given
