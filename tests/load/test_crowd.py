"""A crowd of clients in this process."""

import socket

import pytest

from helpers.load.crowd import crowd, is_connected

pytestmark = pytest.mark.usefixtures("nothing_left")


def test_a_crowd_is_connected_in_order_and_closed_at_the_end_of_the_block():
    with socket.create_server(("127.0.0.1", 0), backlog=10) as listener:
        with crowd(listener.getsockname(), 3) as clients:
            accepted = [listener.accept() for _ in clients]
            assert [peer for _, peer in accepted] == [each.getsockname() for each in clients]
            assert all(is_connected(each) for each in clients)
        for connection, _ in accepted:
            with connection:
                connection.settimeout(10)
                assert connection.recv(10) == b""
        assert not any(is_connected(each) for each in clients)


def test_a_crowd_that_does_not_wait_begins_to_connect_where_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = closed.getsockname()
    with crowd(address, 3, wait=False) as clients:
        assert len(clients) == 3
        assert not any(is_connected(each) for each in clients)


def test_a_crowd_that_waits_fails_where_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = closed.getsockname()
    with pytest.raises(OSError), crowd(address, 3):
        pass
