"""The claims of chapter 09's prose, each by the experiment that shows it."""

import ast
import asyncio
import json
import re
import selectors
import socket
import struct
import threading
import time
from contextlib import ExitStack, closing, contextmanager, suppress

import jupytext
import measure_designs
import pytest
from drive.on_disk import ROOT
from support.stalls import eventually

from helpers.chapters.chapter_09.charts import RECORDED
from helpers.servers.servers import run_server

pytestmark = pytest.mark.usefixtures("nothing_left")

SOURCE = ROOT / "notebooks" / "source" / "09_one_thread_many_sockets.py"
ONE_THREAD = ROOT / "helpers" / "load" / "one_thread_echo.py"
CELLS = jupytext.read(SOURCE, fmt="py:percent").cells
CODE = [cell for cell in CELLS if cell.cell_type == "code"]
TEXT = "\n".join(cell.source for cell in CELLS if cell.cell_type == "markdown")


@pytest.fixture
def chapter():
    """The chapter's names: its imports and functions, without running its experiments."""
    names = {
        "asyncio": asyncio,
        "selectors": selectors,
        "socket": socket,
        "threading": threading,
        "time": time,
        "ExitStack": ExitStack,
        "closing": closing,
        "contextmanager": contextmanager,
        "suppress": suppress,
        "went_on": [],
    }
    for cell in CODE:
        if "sys.path" not in cell.source:
            kept = [node for node in _parsed(cell.source).body if _is_definition(node)]
            exec(compile(ast.Module(kept, []), SOURCE.name, "exec"), names)
    return names


def _parsed(source):
    return compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def _is_definition(node):
    return isinstance(
        node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    )


# By hand


def test_a_loop_that_asks_goes_round_in_vain_and_one_with_pauses_is_late(chapter):
    rounds, sent, noticed, _ = chapter["ask_in_turn"]()
    assert len(rounds) > 1000
    assert noticed >= sent
    rounds, _, noticed, _ = chapter["ask_in_turn"](pause_ms=90)
    assert len(rounds) <= 4
    assert noticed >= 0.2


def test_a_socket_that_does_not_block_says_not_now():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        with pytest.raises(BlockingIOError):
            ours.recv(100)


def test_the_echo_loop_of_the_text_serves_several_clients():
    (code,) = re.findall(r"```python\n(while True:.*?)```", TEXT, re.DOTALL)

    def serve(listener):
        with selectors.DefaultSelector() as selector:
            selector.register(listener, selectors.EVENT_READ)
            exec(code, {"selectors": selectors, "selector": selector, "listener": listener})

    with run_server(serve) as server, ExitStack() as stack:
        clients = [
            stack.enter_context(socket.create_connection(server.address, timeout=10))
            for _ in range(3)
        ]
        for number in (2, 0, 1, 2):
            clients[number].sendall(b"%d" % number)
            assert clients[number].recv(10) == b"%d" % number


def test_sendall_on_a_socket_that_does_not_block_fails_after_a_part():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        with pytest.raises(BlockingIOError):
            ours.sendall(bytes(50_000_000))
        ours.close()
        theirs.settimeout(10)
        arrived = 0
        while piece := theirs.recv(1 << 20):
            arrived += len(piece)
        assert 0 < arrived < 50_000_000


def test_a_selector_that_watches_for_writing_never_rests():
    ours, theirs = socket.socketpair()
    with ours, theirs, selectors.DefaultSelector() as selector:
        selector.register(ours, selectors.EVENT_READ | selectors.EVENT_WRITE)
        for _ in range(3):
            assert [events for _, events in selector.select(10)] == [selectors.EVENT_WRITE]
        selector.modify(ours, selectors.EVENT_READ)
        assert selector.select(0) == []


def test_a_client_that_has_reset_is_found_out_by_sending_to_it():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname(), timeout=10)
        connection, _ = listener.accept()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        with connection, pytest.raises(ConnectionError):
            for _ in range(1000):
                connection.sendall(bytes(10_000))


def test_accept_on_a_listener_that_is_closed_raises_an_os_error():
    listener = socket.create_server(("127.0.0.1", 0))
    listener.close()
    assert listener.fileno() == -1
    with pytest.raises(OSError):
        listener.accept()


# asyncio


def test_two_stories_are_told_by_turns(chapter, capsys):
    (door, door_device), (lamp, lamp_device) = socket.socketpair(), socket.socketpair()
    with door, door_device, lamp, lamp_device:
        for number, device in enumerate([lamp_device, door_device, lamp_device, door_device]):
            threading.Timer(0.1 * number, device.sendall, [b"%d" % number]).start()
        chapter["run"]({door: chapter["story"]("door", door), lamp: chapter["story"]("lamp", lamp)})
    said = [line.split()[1] for line in capsys.readouterr().out.splitlines()]
    assert said == ["lamp", "door", "lamp", "door"]


def test_a_call_of_a_coroutine_function_runs_nothing(chapter, capsys):
    coroutine = chapter["wait_a_moment"]("lamp", 0)
    assert capsys.readouterr().out == ""
    asyncio.run(coroutine)
    assert "waits" in capsys.readouterr().out


def test_both_wait_at_the_same_time_and_the_door_goes_on_first(chapter, capsys):
    async def both():
        wait = chapter["wait_a_moment"]
        await asyncio.gather(wait("lamp", 0.2), wait("door", 0.1))

    start = time.perf_counter()
    asyncio.run(both())
    assert time.perf_counter() - start >= 0.199
    assert capsys.readouterr().out.splitlines()[2] == "the door goes on"


def test_handlers_that_await_wait_together_and_those_that_block_wait_in_turn(chapter):
    waits = sorted(chapter["waits_of"](5, "time.sleep"))
    assert waits[-1] >= 4 * 0.1  # the last to ask may have come when the first had its answer
    assert waits[-1] - waits[0] > 0.2
    assert min(chapter["waits_of"](5, "asyncio.sleep")) >= 0.1 * 0.99


def test_to_thread_moves_a_blocking_call_out_of_the_loop():
    everyone = threading.Barrier(5)  # lets nobody on until all five block in it

    async def all_wait():
        await asyncio.gather(*(asyncio.to_thread(everyone.wait, 10) for _ in range(5)))

    asyncio.run(all_wait())
    assert not everyone.broken


@pytest.mark.parametrize(("pause", "expected"), [(False, 20), (True, 1)])
def test_adding_one_is_safe_between_two_awaits_and_not_across_one(pause, expected):
    count = 0

    async def add_one():
        nonlocal count
        await asyncio.sleep(0)
        seen = count
        if pause:
            await asyncio.sleep(0)
        count = seen + 1

    async def all_add():
        await asyncio.gather(*(add_one() for _ in range(20)))

    asyncio.run(all_add())
    assert count == expected


def test_a_limit_on_lines_is_an_error_that_leaves_the_bytes_where_they_are():
    async def read():
        reader = asyncio.StreamReader(limit=10)
        reader.feed_data(b"far too long a line\n")
        with pytest.raises(asyncio.LimitOverrunError):
            await reader.readuntil(b"\n")
        return await reader.readexactly(20)

    assert asyncio.run(read()) == b"far too long a line\n"


# Back-pressure, and stopping


def test_the_dashboard_is_fed_15_megabytes(chapter):
    assert chapter["feed"].__defaults__ == (300, 50_000)
    assert 300 * 50_000 == 15_000_000


def test_without_drain_memory_grows_and_with_it_stays_small(chapter):
    without = asyncio.run(chapter["feed"](drain=False))
    drained = asyncio.run(chapter["feed"](drain=True))
    assert len(without) == 300
    assert max(without) > 10 * max(drained)
    assert max(drained) < 0.3  # the limit of 64 KiB, and one piece more
    assert len(drained) < 300  # it gave up this reader


def test_a_graceful_stop_cuts_nobody_off_and_one_without_time_does(chapter):
    assert asyncio.run(chapter["whole_answers"](deadline=0)) < 5
    assert asyncio.run(chapter["whole_answers"](deadline=10)) == 5


# What each design costs


def test_what_was_recorded_is_as_the_text_says():
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    alone, crowd = (
        {design: row[place]["microseconds"] for design, row in recorded.items()}
        for place in (0, -1)
    )
    assert min(alone, key=alone.get) == "thread per client"
    assert sorted(crowd, key=crowd.get) == ["selectors", "asyncio", "thread per client"]
    assert crowd["selectors"] < alone["selectors"]
    assert [row[-1]["clients"] for row in recorded.values()] == [1000] * 3
    assert 6 < crowd["thread per client"] / crowd["selectors"] < 8  # "about seven times"
    for place in (1, 2, 3):
        assert (
            min(recorded, key=lambda design: recorded[design][place]["microseconds"]) == "selectors"
        )


@pytest.mark.skipif(not ONE_THREAD.exists(), reason="chapter 08's stage is not there")
def test_one_thread_is_cheaper_than_a_hundred_threads_and_dearer_than_one(monkeypatch):
    monkeypatch.setattr(measure_designs, "CLIENTS", (1, 100))

    def experiment() -> bool:
        measured = measure_designs.designs(0.5)
        alone, crowd = (
            {design: row[place]["microseconds"] for design, row in measured.items()}
            for place in (0, 1)
        )
        cheaper = alone["thread per client"] < alone["asyncio"]
        return cheaper and crowd["selectors"] < min(crowd["thread per client"], crowd["asyncio"])

    assert eventually(experiment, 3)
