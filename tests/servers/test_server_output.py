"""Where a server's prints go: into its log, in order, bounded, and never into another cell."""

import io
import logging
import sys
import threading
import traceback

import pytest
from drive.waiting import wait_until
from hypothesis import given
from hypothesis import strategies as st
from support.loopback import run_python

from helpers.servers.server_output import LIMIT, LONGEST, Log
from helpers.servers.servers import SHOWN, run_server

pytestmark = pytest.mark.usefixtures("nothing_left")


def finished(serve):
    """A server whose function has run to its end."""
    server = run_server(serve)
    server._main.join(30)
    assert not server._main.is_alive()
    return server


def test_prints_of_a_server_go_to_its_log_in_order():
    def serve(listener):
        for number in range(100):
            print("line", number)

    with finished(serve) as server:
        assert server.log.lines == [f"line {number}" for number in range(100)]


def test_prints_of_a_server_do_not_appear_while_it_runs(capsys):
    server = finished(lambda listener: print("from the server"))
    assert capsys.readouterr().out == ""
    server.stop()


def test_the_end_of_a_with_block_shows_what_was_printed(capsys):
    with finished(lambda listener: print("one\ntwo")):
        pass
    assert capsys.readouterr().out == "[<lambda>] one\n[<lambda>] two\n"


def test_prints_of_the_main_thread_stay_where_they_are(capsys):
    with run_server(lambda listener: listener.accept()) as server:
        print("from the cell")
        assert server.log.lines == []
    assert capsys.readouterr().out == "from the cell\n"


def test_prints_of_other_threads_stay_where_they_are(capsys):
    with run_server(lambda listener: listener.accept()):
        thread = threading.Thread(target=print, args=("from a thread",))
        thread.start()
        thread.join()
    assert capsys.readouterr().out == "from a thread\n"


def test_prints_of_a_thread_that_the_server_started_go_to_its_log():
    def serve(listener):
        grandchild = threading.Thread(target=print, args=("from a grandchild",))
        child = threading.Thread(target=lambda: (grandchild.start(), grandchild.join()))
        child.start()
        child.join()

    with finished(serve) as server:
        assert server.log.lines == ["from a grandchild"]


def test_each_server_has_a_log_of_its_own():
    def first(listener):
        print("first")

    def second(listener):
        print("second")

    with finished(first) as one, finished(second) as two:
        assert (one.log.lines, two.log.lines) == (["first"], ["second"])


def test_a_server_that_another_starts_has_a_log_of_its_own():
    inner = []

    def outer(listener):
        inner.append(finished(lambda listener: print("inside")))
        print("outside")

    with finished(outer) as server:
        assert server.log.lines == ["outside"]
        assert inner[0].log.lines == ["inside"]
    inner[0].stop()


def test_showing_again_shows_new_lines_only(capsys):
    go = threading.Event()
    done = threading.Event()

    def serve(listener):
        print("before")
        done.set()
        go.wait(10)
        print("after")

    with run_server(serve, name="s") as server:
        assert done.wait(10)
        server.show()
        assert capsys.readouterr().out == "[s] before\n"
        go.set()
        server._main.join(10)
        server.show()
        assert capsys.readouterr().out == "[s] after\n"
    assert capsys.readouterr().out == ""


def test_errors_go_to_the_log_too():
    def serve(listener):
        print("to stderr", file=sys.stderr)
        try:
            raise LookupError("printed")
        except LookupError:
            traceback.print_exc()

    with finished(serve) as server:
        text = str(server.log)
    assert text.startswith("to stderr\n")
    assert text.endswith("LookupError: printed")


def test_warnings_and_logging_go_to_the_log_too():
    source = """
        import logging, warnings
        from helpers import run_server

        def serve(listener):
            warnings.warn("careful")
            logging.warning("late")

        server = run_server(serve)
        server._main.join()
        print(server.log)
    """
    done = run_python(source)
    assert "UserWarning: careful" in done.stdout
    assert "WARNING:root:late" in done.stdout
    assert done.stderr == ""


def test_a_million_lines_stay_bounded(capsys):
    def serve(listener):
        for _ in range(1000):
            sys.stdout.write("line\n" * 1000)

    with finished(serve) as server:
        lines = server.log.lines
    assert len(lines) == LIMIT + 1
    assert lines[-1] == "... and 990,000 lines more, which this log did not keep"
    *shown, rest = capsys.readouterr().out.splitlines()
    assert shown == ["[serve] line"] * SHOWN
    assert rest == f"[serve] ... and {LIMIT + 1 - SHOWN:,} lines more: its `log` has them"


def test_show_shows_all_that_was_not_shown_yet(capsys):
    def serve(listener):
        print("line\n" * 50)

    server = run_server(serve)
    server.settle()
    server.show()
    assert capsys.readouterr().out.count("[serve] line\n") == 50
    server.stop()


def test_a_handler_that_was_made_before_the_first_server_follows(monkeypatch):
    plain = io.StringIO()
    monkeypatch.setattr(sys, "stderr", plain)
    handler = logging.StreamHandler()
    log = logging.getLogger("early")
    log.propagate = False
    log.addHandler(handler)

    def serve(listener):
        log.warning("from the server")

    try:
        with finished(serve) as server:
            assert server.log.lines == ["from the server"]
        log.warning("from the cell")
    finally:
        log.removeHandler(handler)
    assert plain.getvalue() == "from the cell\n"


def test_a_line_without_an_end_stays_bounded():
    log = Log()
    for _ in range(200_000):
        log.write("x")
    assert max(len(line) for line in log.lines) <= LONGEST


def test_a_very_long_line_is_cut():
    log = Log()
    log.write("x" * 10_000_000 + "\nnext\n")
    assert (len(log.lines[0]), log.lines[-1]) == (LONGEST, "next")


def test_pieces_of_lines_from_two_threads_do_not_mix():
    turn = [threading.Event(), threading.Event()]

    def say(word, mine, other):
        for letter in word:
            turn[mine].wait(10)
            turn[mine].clear()
            print(letter, end="")
            turn[other].set()
        print()

    def serve(listener):
        threads = [
            threading.Thread(target=say, args=("alpha", 0, 1)),
            threading.Thread(target=say, args=("gamma", 1, 0)),
        ]
        for thread in threads:
            thread.start()
        turn[0].set()
        for thread in threads:
            thread.join()

    with finished(serve) as server:
        assert sorted(server.log.lines) == ["alpha", "gamma"]


def test_a_piece_that_an_ended_thread_left_does_not_begin_anothers_line():
    log = Log()
    for text in ("left over", "whole\n") * 20:  # threads' numbers are used again
        thread = threading.Thread(target=log.write, args=(text,))
        thread.start()
        thread.join()
    assert log.lines.count("whole") == 20


def test_a_line_without_an_end_is_shown():
    log = Log()
    log.write("waiting ...")
    assert log.unseen() == ["waiting ..."]


def test_the_rest_of_a_line_that_was_shown_is_not_lost():
    log = Log()
    log.write("waiting ...")
    log.unseen()
    log.write(" done\n")
    assert log.unseen() == [" done"]


@given(st.lists(st.one_of(st.none(), st.text(st.sampled_from("ab\n"), max_size=8)), max_size=20))
def test_what_was_written_is_shown_once_wherever_one_looks_in_between(actions):
    log, written, seen = Log(), "", []
    for action in actions:
        if action is None:
            seen += log.unseen()
        else:
            log.write(action)
            written += action
    seen += log.unseen()
    assert "".join(seen) == written.replace("\n", "")


def test_lines_left_out_are_counted_again_when_more_are_left_out():
    log = Log()
    log.write("x\n" * (LIMIT + 1))
    assert log.unseen()[-1] == "... and 1 lines more, which this log did not keep"
    log.write("x\n")
    assert log.unseen() == ["... and 2 lines more, which this log did not keep"]
    assert log.unseen() == []


def test_a_log_reads_like_a_list_of_lines():
    log = Log()
    log.write("a\nb\n")
    assert (list(log), len(log), str(log), repr(log)) == (["a", "b"], 2, "a\nb", "a\nb")


def test_an_empty_log_says_so():
    assert repr(Log()) == "(nothing printed so far)"


def test_a_log_may_be_read_while_threads_write():
    log, stop = Log(), threading.Event()

    def write():
        while not stop.is_set():
            log.write("line\n")

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        assert wait_until(lambda: log.unseen() or len(log) > 1000)
        assert set(log.lines[:100]) == {"line"}
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_the_streams_keep_their_other_abilities():
    with run_server(lambda listener: listener.accept()):
        assert sys.stdout.encoding.lower() == "utf-8"
        sys.stdout.writelines(["a", "b\n"])
        sys.stdout.flush()
