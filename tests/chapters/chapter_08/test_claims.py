"""The claims of chapter 08's prose, each by the experiment that shows it."""

import ast
import dis
import errno
import os
import socket
import struct
import sys
import sysconfig
import threading
import time
from contextlib import ExitStack, nullcontext, suppress
from itertools import pairwise
from pathlib import Path

import jupytext
import psutil
import pytest
from drive.on_disk import ROOT
from support.stalls import eventually

import helpers
from helpers import open_files
from helpers.load import load
from helpers.load.clients import percentile
from helpers.load.crowd import crowd, is_connected
from helpers.load.load import ask_once, keep_asking, processor_time
from helpers.open_files import open_file_limits
from helpers.servers.scripts import run_script, stop_scripts
from helpers.servers.servers import run_server

pytestmark = pytest.mark.usefixtures("nothing_left")

SOURCE = ROOT / "notebooks" / "source" / "08_many_clients_at_once.py"
CELLS = [c for c in jupytext.read(SOURCE, fmt="py:percent").cells if c.cell_type == "code"]
SCRIPT = "%%writefile "
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="a claim about Linux")
not_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")


@pytest.fixture
def chapter():
    """The chapter's names: its imports and functions, without running its experiments."""
    names = {
        "socket": socket,
        "sys": sys,
        "threading": threading,
        "time": time,
        "nullcontext": nullcontext,
        "suppress": suppress,
        "run_server": run_server,
        "ask_once": ask_once,
        "crowd": crowd,
        "is_connected": is_connected,
        "hundred": 100,
    }
    for cell in CELLS:
        if cell.source.startswith(SCRIPT) or "sys.path" in cell.source:
            continue
        kept = [node for node in ast.parse(cell.source).body if _is_definition(node)]
        exec(compile(ast.Module(kept, []), SOURCE.name, "exec"), names)
    return names


def _is_definition(node):
    return isinstance(
        node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    )


def cell_with(text):
    """The source of the one code cell that holds this text."""
    (source,) = (cell.source for cell in CELLS if text in cell.source)
    return source


@pytest.fixture
def start(tmp_path, nothing_left):
    """Starts one of the chapter's scripts; returns the script and its address."""

    def run(name, *arguments):
        path = tmp_path / name
        if name == "echo_threads.py":
            source = cell_with(f"{SCRIPT}{name}\n")
            path.write_text(source.partition("\n")[2], encoding="utf-8")
        else:
            path = ROOT / "helpers" / "load" / name
        script = run_script(path, *arguments, ready="\n")
        return script, ("127.0.0.1", int(script.output))

    yield run
    stop_scripts()


DESIGNS = {
    "thread per client": ("echo_threads.py", 0, 0),
    "pool of 32": ("echo_threads.py", 32, 0),
    "selectors": ("one_thread_echo.py", "selectors", 0),
    "asyncio": ("one_thread_echo.py", "asyncio", 0),
}
all_but_the_pool = pytest.mark.parametrize("design", sorted(set(DESIGNS) - {"pool of 32"}))


def setting(name):
    """A number of the Linux kernel, or None where it has none of that name."""
    path = Path("/proc/sys/net", name)
    return int(path.read_text()) if path.exists() else None


# One slow client, and the backlog


def test_behind_one_slow_client_the_five_quick_ones_wait_as_long_as_it(chapter):
    with run_server(chapter["one_after_another"], name="claim") as server:
        slow, *quick = ask_once(server.address, clients=6, slow=1, pause=0.5)
    assert len(quick) == 5
    assert min(slow, *quick) >= 0.5 * 0.99


def connected_at_once(backlog):
    with (
        socket.create_server(("127.0.0.1", 0), backlog=backlog) as listener,
        crowd(listener.getsockname(), 100, wait=False) as clients,
    ):
        return sum(is_connected(client) for client in clients)


@on_linux
@pytest.mark.parametrize("backlog", [1, 5, 20])
def test_on_linux_the_queue_holds_one_more_than_the_backlog(backlog):
    assert connected_at_once(backlog) == backlog + 1


def listening_counters():
    lines = Path("/proc/net/netstat").read_text().splitlines()
    found = {}
    for names, values in zip(lines[::2], lines[1::2], strict=True):
        found |= zip(names.split()[1:], map(int, values.split()[1:]), strict=True)
    return found


@on_linux
def test_with_a_backlog_of_5_few_are_welcomed_while_connect_succeeds_for_all(chapter):
    if setting("ipv4/tcp_syncookies") != 1 or setting("ipv4/tcp_abort_on_overflow"):
        pytest.skip("this machine is set up in another way")
    before = listening_counters()
    welcomed, connected = chapter["hundred_at_once"](5)
    after = listening_counters()
    assert 6 <= welcomed < 60  # 6 at first, and as a rule 6 to 8 when all try again
    assert connected > welcomed
    # 94 are dropped at first; then cookies are sent, and the last packet finds the queue full.
    assert after["ListenOverflows"] - before["ListenOverflows"] >= 94
    assert after["SyncookiesSent"] - before["SyncookiesSent"] > 0


def test_with_a_backlog_of_128_all_of_a_hundred_are_welcomed(chapter):
    assert chapter["hundred_at_once"](128) == (100, 100)


@on_linux
def test_linux_caps_the_backlog_at_4096():
    if setting("core/somaxconn") != 4096:
        pytest.skip("this machine has another setting")
    listener = socket.create_server(("127.0.0.1", 0), backlog=100_000)
    with listener:
        # tcpi_sacked of a listening socket is its backlog (`ss -lt` shows it as Send-Q).
        info = listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        assert struct.unpack_from("I", info, 28)[0] == 4096


# The designs


@all_but_the_pool
def test_a_design_serves_all_its_clients(start, design):
    script, address = start(*DESIGNS[design])
    with script:
        (found,) = keep_asking(address, [50], seconds=1.0)
    assert (found.clients, found.served) == (50, 50)


@pytest.mark.parametrize("workers", [1, 32])
def test_a_pool_serves_as_many_as_it_has_threads_and_nobody_else(start, workers):
    script, address = start("echo_threads.py", workers, 0)
    with script:
        (found,) = keep_asking(address, [workers + 20], seconds=1.0)
    assert (found.clients, found.served) == (workers + 20, workers)


def test_a_place_in_a_pool_is_free_again_when_a_client_leaves(start):
    script, (host, port) = start("echo_threads.py", 1, 0)
    with script, socket.create_connection((host, port), timeout=10) as waiting:
        waiting.sendall(b"me first")
        assert waiting.recv(100) == b"me first"
        with socket.create_connection((host, port), timeout=10) as second:
            second.sendall(b"me too")
            waiting.close()
            assert second.recv(100) == b"me too"


def test_a_thread_per_client_serves_all_given_time_and_a_pool_never_does(start):
    # "Some have had no turn" when the time was up is about the time; the pool's clients have none.
    served = {}
    for design in ("thread per client", "pool of 32"):
        script, address = start(*DESIGNS[design])
        with script:
            (found,) = keep_asking(address, [400], seconds=4.0)
            served[design] = found.served
    assert served == {"thread per client": 400, "pool of 32": 32}


def test_the_answers_of_a_pool_alone_leave_out_who_had_none(start):
    def experiment():
        script, address = start(*DESIGNS["pool of 32"])
        with script:
            (found,) = keep_asking(address, [300], seconds=0.3)
        assert found.served == 32
        few = found.clients - found.served <= 0.01 * (found.answers + found.clients)
        return few or found.p99 >= 0.9 * 0.3  # it shows how long was measured

    assert eventually(experiment)


def test_a_percentile_hides_those_without_an_answer_while_they_are_less_than_one_in_a_hundred():
    unanswered = [0.25] * 68  # of 100 clients, where 32 are served
    assert percentile([0.001] * 6_733 + unanswered, 0.99) == 0.001
    assert percentile([0.001] * 6_731 + unanswered, 0.99) == 0.25


def test_the_wait_grows_with_the_number_of_clients_divided_by_the_rate(start):
    script, address = start(*DESIGNS["selectors"])
    with script:
        for found in keep_asking(address, [10, 200], seconds=0.5):
            assert found.p99 > 0.5 * found.clients / found.rate


@pytest.mark.skipif(sys.platform == "win32", reason="memory is counted in another way")
def test_an_idle_thread_takes_most_memory_and_a_selector_next_to_nothing(start):
    kilobytes = {}
    for design in ("thread per client", "asyncio", "selectors"):
        script, address = start(*DESIGNS[design])
        with script:
            process = psutil.Process(script.pid)
            before = process.memory_info().rss
            with crowd(address, 300) as clients:
                for client in clients:
                    client.sendall(b"?")
                    assert client.recv(1) == b"?"
                kilobytes[design] = (process.memory_info().rss - before) / 300 / 1000
    assert kilobytes["thread per client"] > kilobytes["asyncio"] > kilobytes["selectors"]
    assert kilobytes["selectors"] < 2


def test_selectors_do_less_for_an_answer_than_asyncio_and_than_a_thousand_threads(start):
    clients = min(1000, open_file_limits()[0] - 100)

    def cost(design: str) -> float:
        script, address = start(*DESIGNS[design])
        with script:
            before, answers = processor_time(script.pid), 0
            for _ in range(30):  # on a busy machine half a second may bring no answer at all
                (found,) = keep_asking(address, [clients], seconds=0.5)
                answers += found.answers
                if answers >= clients:
                    break
            return (processor_time(script.pid) - before) / answers

    def is_least() -> bool:
        return cost("selectors") < min(cost("asyncio"), cost("thread per client"))

    assert eventually(is_least)


@pytest.mark.parametrize("design", [("echo_threads.py", 1), ("one_thread_echo.py", "selectors")])
def test_one_after_another_and_the_selectors_script_wait_for_every_handler_in_turn(start, design):
    server, address = start(*design, 0.05)
    with server:
        waits = ask_once(address, 10, timeout=9)
    assert max(waits) >= 10 * 0.05


def test_one_after_another_the_pauses_of_slow_clients_do_not_add_up(start):
    server, address = start("echo_threads.py", 1, 0)
    with server:
        waits = ask_once(address, 20, slow=8, pause=0.5, timeout=9)
    assert 0.5 * 0.99 <= max(waits) < 4 * 0.5


@pytest.mark.parametrize("design", [("echo_threads.py", 0), ("one_thread_echo.py", "asyncio")])
def test_threads_and_asyncio_suffer_neither_from_slow_work_nor_from_slow_clients(start, design):
    server, address = start(*design, 0.1)
    with server:
        waits = ask_once(address, 30, slow=10, pause=2, timeout=9)
    quick = sorted(waits[10:])
    assert quick[len(quick) // 2] < 2  # less than a slow client's pause, and than 30 x 0.1


def test_a_pool_bears_as_many_slow_clients_as_it_has_threads_less_one(start):
    server, address = start("echo_threads.py", 32, 0)
    with server:
        waits = ask_once(address, 40, slow=31, pause=2, timeout=9)
    assert max(waits[31:]) < 2


def test_selectors_do_not_mind_slow_clients(start):
    server, address = start("one_thread_echo.py", "selectors", 0)
    with server:
        waits = ask_once(address, 30, slow=10, pause=2, timeout=9)
    assert max(waits[10:]) < 2


# The GIL


def test_with_a_gil_two_threads_that_compute_keep_one_core_busy(chapter):
    if not getattr(sys, "_is_gil_enabled", lambda: True)():
        pytest.skip("this build of Python runs without a GIL")
    workers = [threading.Thread(target=chapter["compute"]) for _ in range(2)]
    began, used = time.perf_counter(), time.process_time()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert time.process_time() - used < 1.3 * (time.perf_counter() - began)


def test_from_python_3_13_on_a_build_says_whether_it_has_a_gil():
    assert hasattr(sys, "_is_gil_enabled") == (sys.version_info >= (3, 13))
    if sysconfig.get_config_var("Py_GIL_DISABLED") is None and sys.version_info >= (3, 13):
        assert sys._is_gil_enabled()


# The limit of open files


@not_windows
def test_past_the_soft_limit_accept_fails_with_an_os_error():
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        stack.enter_context(socket.create_connection(listener.getsockname()))
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        lowest = os.dup(0)
        os.close(lowest)
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
        with pytest.raises(OSError) as caught:
            listener.accept()
        assert caught.value.errno == errno.EMFILE


@not_windows
def test_a_process_may_move_its_soft_limit_up_to_the_hard_one_and_no_further():
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        pytest.skip("no hard limit")
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        with pytest.raises(ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard + 1, hard))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize(
    ("soft", "counts"),
    [(128, [1, 10, 100, 108]), (256, [1, 10, 100, 236]), (1024, [1, 10, 100, 1000])],
)
def test_where_the_limit_is_low_the_chapter_measures_with_fewer_clients(
    soft, counts, capsys, monkeypatch
):
    monkeypatch.setattr(helpers, "open_file_limits", lambda: (soft, soft))
    names = {}
    exec(cell_with("counts = sorted"), names)
    assert names["counts"] == counts


@pytest.mark.parametrize(("left", "clients"), [(60, 40), (180, 100), (1_000_000, 100)])
def test_where_few_files_are_left_fewer_clients_than_a_hundred_come(left, clients):
    names = {"files_left": lambda: left}
    exec(cell_with("hundred = min").partition("def ")[0], names)
    assert names["hundred"] == clients


def test_windows_selectors_watch_no_more_than_the_loads_bound():
    assert load.SELECT_WATCHES == open_files.ON_WINDOWS == 512


# Shared state


def test_with_the_barrier_all_twenty_clients_are_told_1(chapter, capsys):
    chapter["predicted"] = helpers.predicted
    for _ in range(3):
        exec(cell_with("everyone = 0, threading.Barrier(20)"), chapter)
        first, *_ = capsys.readouterr().out.splitlines()
        assert first.split() == ["told:"] + ["1"] * 20
        assert chapter["count"] == 1


def test_with_a_lock_no_update_is_lost_and_no_two_threads_overlap(chapter):
    total, bars = chapter["add_ones"](threads=12, pause_ms=2, with_lock=True)
    assert total == 12
    assert [wrote for _, _, wrote in bars] == list(range(1, 13))
    ordered = sorted(bars)
    assert all(first[1] <= then[0] for first, then in pairwise(ordered))


def test_without_a_lock_threads_overlap_and_most_updates_are_lost(chapter):
    total, bars = chapter["add_ones"](threads=12, pause_ms=50, with_lock=False)
    assert len(bars) == 12
    assert total < 6


def test_adding_one_has_several_steps():
    steps = [step.opname for step in dis.get_instructions("count += 1")]
    reads = next(n for n, name in enumerate(steps) if name.startswith("LOAD_NAME"))
    writes = next(n for n, name in enumerate(steps) if name.startswith("STORE_NAME"))
    assert writes - reads > 1


# Stopping


def test_a_graceful_stop_cuts_nobody_off_and_an_abrupt_one_does(chapter):
    # Where an abrupt stop were no normal end for its clients, their `recv` would raise.
    assert chapter["whole_answers"](graceful=False) < 5
    assert chapter["whole_answers"](graceful=True) == 5


# What servers hear of clients


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
    with pytest.raises(OSError):
        listener.accept()
