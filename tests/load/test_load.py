"""Load for an echo service: clients in a process of their own, bounded in number and time."""

import contextlib
import ipaddress
import json
import math
import os
import selectors
import socket
import struct
import subprocess
import sys
import threading

import psutil
import pytest
from drive.waiting import wait_until
from support.stalls import eventually

from helpers.load import clients, load
from helpers.load.load import ask_once, hold_open, idle_memory, keep_asking, processor_time
from helpers.servers.servers import run_server

pytestmark = pytest.mark.usefixtures("nothing_left")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="others have one loopback address")


def children():
    """The processes that this one has started and that still run."""
    return [each for each in psutil.Process().children() if each.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture(autouse=True)
def no_process_left():
    before = {each.pid for each in children()}
    yield
    assert wait_until(lambda: {each.pid for each in children()} <= before)


def echo(connection):
    with connection, contextlib.suppress(OSError):
        while data := connection.recv(1024):
            connection.sendall(data)


def threaded(listener):
    while True:
        threading.Thread(target=echo, args=(listener.accept()[0],)).start()


def one_after_another(listener):
    while True:
        echo(listener.accept()[0])


def first_two_only(listener):
    kept = []
    while True:
        connection = listener.accept()[0]
        kept.append(connection)
        if len(kept) <= 2:
            threading.Thread(target=echo, args=(connection,)).start()


def never_answers(listener):
    kept = []
    while True:
        kept.append(listener.accept()[0])


def hangs_up(listener):
    while True:
        listener.accept()[0].close()


@pytest.fixture
def address_of(nothing_left):
    """Runs a server, and returns its address."""
    with contextlib.ExitStack() as stack:

        def run(serve):
            return stack.enter_context(run_server(serve, name="loaded")).address

        yield run


# Asking again and again


@on_linux
@pytest.mark.parametrize("process", [1, 255, 65_535, 4_194_304])
def test_an_address_of_a_process_is_one_of_loopback(process: int):
    address, port = clients.own_address(process)
    assert ipaddress.ip_address(address).is_loopback
    assert port == 0
    assert address not in ("127.0.0.1", clients.own_address(process + 1)[0])


@on_linux
def test_the_clients_of_two_jobs_have_an_address_each():
    """So neither looks long for a port, however many are taken by the other."""
    peers = set()

    def note(listener):
        while True:
            connection, peer = listener.accept()
            peers.add(peer[0])
            threading.Thread(target=echo, args=(connection,)).start()

    with run_server(note) as server:
        for _ in range(2):
            ask_once(server.address, 1)
    assert len(peers) == 2


def test_each_number_of_clients_has_a_run_of_its_own_in_which_all_are_served(address_of):
    loads = keep_asking(address_of(threaded), [1, 5], seconds=1)  # a busy machine may stall
    assert [each.clients for each in loads] == [1, 5]
    assert [each.served for each in loads] == [1, 5]
    assert all(each.rate > 0 and 0 < each.p99 < 10 for each in loads)
    assert all(each.answers >= each.served for each in loads)


def test_clients_that_get_no_answer_are_counted_as_not_served(address_of):
    def experiment() -> bool:
        (found,) = keep_asking(address_of(first_two_only), [6], seconds=0.2)
        assert found.served <= 2
        return (found.clients, found.served) == (6, 2)

    assert eventually(experiment)


def test_a_request_without_an_answer_counts_with_the_time_that_it_has_waited(address_of):
    (found,) = keep_asking(address_of(never_answers), [3], seconds=0.2)
    assert (found.served, found.rate) == (0, 0)
    assert found.p99 >= 0.2 * 0.9


def test_of_the_answers_alone_a_request_without_one_does_not_count(address_of):
    (found,) = keep_asking(address_of(never_answers), [3], seconds=0.2)
    assert found.p99_answered == 0
    address = address_of(threaded)
    assert eventually(lambda: 0 < keep_asking(address, [3], seconds=0.2)[0].p99_answered < 10)


def test_a_server_that_hangs_up_does_not_stop_the_others_run(address_of):
    (found,) = keep_asking(address_of(hangs_up), [4], seconds=0.2)
    assert (found.clients, found.served) == (4, 0)


def test_of_some_tries_the_one_with_the_most_answers_is_kept_for_each_crowd(monkeypatch):
    rates = [5.0, 70.0, 9.0, 30.0, 2.0, 80.0]
    asked = {}

    def found(job, _):
        asked.update(job)
        return [
            {"clients": n, "served": n, "answers": 1, "rate": rate, "p99": 0.1}
            for n, rate in zip(job["clients"], rates, strict=True)
        ]

    monkeypatch.setattr(load, "_result", found)
    loads = keep_asking(("127.0.0.1", 1), [1, 10], seconds=[0.1, 0.2], tries=3)
    assert [(each.clients, each.rate) for each in loads] == [(1, 9.0), (10, 80.0)]
    assert asked["seconds"] == [0.1, 0.2] * 3
    with pytest.raises(ValueError, match="tries"):
        keep_asking(("127.0.0.1", 1), [1], tries=0)


def test_each_run_may_have_a_time_of_its_own(address_of):
    long, short = keep_asking(address_of(never_answers), [1, 1], seconds=[0.4, 0.05])
    assert long.p99 >= 0.4 * 0.9
    assert short.p99 >= 0.05 * 0.9
    with pytest.raises(ValueError):
        keep_asking(("127.0.0.1", 1), [1, 2], seconds=[0.1])


class WindowsSelector(selectors.SelectSelector):
    """As on Windows, whose `select` refuses to watch nothing."""

    def select(self, timeout=None):
        if not self.get_map():
            raise OSError(10022, "An invalid argument was supplied")
        return super().select(timeout)


def test_clients_that_none_of_them_can_connect_do_not_ask_windows_to_watch_nothing(monkeypatch):
    monkeypatch.setattr(selectors, "DefaultSelector", WindowsSelector)
    monkeypatch.setattr(clients, "LONGEST", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = closed.getsockname()
    assert clients.keep_asking(address, 3, 0.01)["clients"] == 0
    clients.hold_open(address, 3, 0.01)
    assert clients.ask_once(address, 2, 0, 0.0, 0.01) == [None, None]


def test_clients_that_their_server_has_left_do_not_ask_windows_to_watch_nothing(
    address_of, monkeypatch
):
    monkeypatch.setattr(selectors, "DefaultSelector", WindowsSelector)
    found = clients.keep_asking(address_of(hangs_up), 1, 0.05)
    assert (found["clients"], found["served"]) == (1, 0)


def test_nobody_listening_is_a_load_of_no_clients():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = closed.getsockname()
    (found,) = keep_asking(address, [3], seconds=0.1)
    assert (found.clients, found.served) == (0, 0)
    assert math.isnan(found.p99)


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        (range(1, 101), 0.99, 99),
        (range(1, 101), 0.5, 50),
        (range(1, 102), 0.99, 100),
        ([7.0], 0.99, 7.0),
        ([1.0, 2.0], 0.99, 2.0),
        (range(1, 101), 1.0, 100),
    ],
)
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(values, share, expected):
    assert clients.percentile(list(values), share) == expected


# Asking once


def test_every_client_is_told_how_long_it_waited(address_of):
    waits = ask_once(address_of(threaded), 8)
    assert len(waits) == 8
    assert all(0 < wait < 10 for wait in waits)


def test_slow_clients_come_first_and_pause_in_mid_request(address_of):
    waits = ask_once(address_of(threaded), 5, slow=2, pause=0.4, timeout=5)
    assert all(wait >= 0.4 for wait in waits[:2])
    assert all(wait is not None for wait in waits)


def test_behind_a_slow_client_all_others_wait_where_one_is_served_after_the_other(address_of):
    waits = ask_once(address_of(one_after_another), 4, slow=1, pause=0.3, timeout=5)
    assert all(wait >= 0.3 * 0.99 for wait in waits)


def test_who_has_no_answer_in_time_gives_up(address_of):
    assert ask_once(address_of(never_answers), 3, timeout=0.3) == [None] * 3


def test_who_is_hung_up_on_or_refused_has_no_answer(address_of):
    assert ask_once(address_of(hangs_up), 3, timeout=5) == [None] * 3
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = closed.getsockname()
    assert ask_once(address, 3, timeout=1) == [None] * 3


# Holding


def test_a_crowd_holds_its_connections_and_answers_until_it_is_stopped():
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        listener.settimeout(10)
        crowd = stack.enter_context(hold_open(listener.getsockname(), 20))
        connections = [stack.enter_context(listener.accept()[0]) for _ in range(20)]
        assert crowd.wait() == 20
        for connection in connections:
            connection.settimeout(10)
            connection.sendall(b"?")
        assert [connection.recv(10) for connection in connections] == [b"?"] * 20
        crowd.stop()
        assert [connection.recv(10) for connection in connections] == [b""] * 20


def test_a_crowd_says_how_many_could_connect():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = closed.getsockname()
    with hold_open(address, 5, seconds=1) as crowd:
        assert crowd.wait() == 0


def test_a_crowd_outlives_a_connection_that_is_reset():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        with hold_open(listener.getsockname(), 2) as crowd:
            first, second = (listener.accept()[0] for _ in range(2))
            assert crowd.wait() == 2
            first.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            first.close()
            with second:
                second.settimeout(10)
                second.sendall(b"still there?")
                assert second.recv(100) == b"still there?"


# Memory


def test_the_memory_of_idle_connections_is_shared_between_them(address_of):
    assert idle_memory(os.getpid(), address_of(threaded), 20) >= 0


def test_where_nobody_listens_idle_connections_take_no_memory(monkeypatch):
    monkeypatch.setattr(load, "hold_open", lambda *a: hold_open(*a, seconds=0.2))
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = closed.getsockname()
    assert idle_memory(os.getpid(), address, 3) == 0


def test_processor_time_grows_while_a_process_works():
    code = (
        "import sys; sys.stdin.readline(); sum(n * n for n in range(3_000_000)); "
        "print('done', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        before = processor_time(process.pid)
        process.stdin.write("work\n")
        process.stdin.flush()
        process.stdout.readline()
        assert processor_time(process.pid) > before
        process.stdin.close()


# Bounds


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda a: keep_asking(a, [0]), "clients"),
        (lambda a: keep_asking(a, [1, 10_001]), "clients"),
        (lambda a: keep_asking(a, [1], seconds=60), "seconds"),
        (lambda a: keep_asking(a, [1], seconds=0), "seconds"),
        (lambda a: ask_once(a, 3, slow=4), "slow"),
        (lambda a: ask_once(a, 3, pause=-1), "pause"),
        (lambda a: ask_once(a, 3, timeout=100), "timeout"),
        (lambda a: hold_open(a, 10**6), "clients"),
        (lambda a: hold_open(a, 1, seconds=100), "seconds"),
    ],
)
def test_numbers_out_of_range_are_refused_before_anything_is_started(call, name):
    with pytest.raises(ValueError, match=name):
        call(("127.0.0.1", 1))


def test_a_process_that_fails_is_an_error_with_what_it_printed(monkeypatch, tmp_path):
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit('no clients today')", encoding="utf-8")
    monkeypatch.setattr(load, "_CLIENTS", broken)
    with pytest.raises(RuntimeError, match="no clients today"):
        ask_once(("127.0.0.1", 1), 1)


def test_a_process_that_does_not_end_is_ended(monkeypatch, tmp_path):
    stuck = tmp_path / "stuck.py"
    stuck.write_text("import threading; threading.Event().wait(60)", encoding="utf-8")
    with pytest.raises(TimeoutError):
        monkeypatch.setattr(load, "_CLIENTS", stuck)
        load._result({}, timeout=0.3)


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_the_clients_raise_their_own_limit_and_leave_ours():
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 600:
        pytest.skip("the hard limit is too low")
    with contextlib.ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=200))
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))  # the clients inherit it
        crowd = hold_open(listener.getsockname(), 300)
        resource.setrlimit(resource.RLIMIT_NOFILE, (600, hard))
        stack.enter_context(crowd)
        listener.settimeout(10)
        for _ in range(300):
            stack.enter_context(listener.accept()[0])
        assert crowd.wait() == 300


def test_the_clients_need_the_standard_library_only():
    job = {"what": "ask once", "address": ["127.0.0.1", 1], "clients": 1, "slow": 0}
    job |= {"pause": 0, "timeout": 0.1}
    code = f"import sys; sys.argv = ['', {json.dumps(job)!r}]; import clients as c; c.main(); "
    code += "print('helpers' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=os.path.dirname(load.__file__),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.split("\n")[:2] == ["[null]", "False False"], done.stderr
