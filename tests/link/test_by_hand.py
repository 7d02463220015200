"""Packets that a hand stops on their way: killed, doubled, held, or all of them at once."""

import contextlib
from collections.abc import Iterator

import pytest
from drive.waiting import wait_until
from link.test_link import PATIENCE, endpoint, introduce, is_silent, receive_numbers, send_numbers

from helpers.link.link import Link, stop_links
from helpers.servers.servers import run_server
from helpers.trace.trace import Trace

LONG = 5.0  # seconds; no test waits for it


@pytest.fixture(autouse=True)
def links_end(nothing_left: None) -> Iterator[None]:
    """Stop what a failed test has left."""
    yield
    stop_links()


class Stage:
    """A client and a server with a link between them, which delays for long."""

    def __init__(self, client, server, link: Link) -> None:
        self.client, self.server, self.link = client, server, link

    def send(self, count: int) -> list[int]:
        """Send so many more numbered packets up; return the ids of all on the link, in order."""
        before = len(self.link.in_flight())
        send_numbers(self.client, self.link.address, count)
        assert wait_until(lambda: len(self.link.in_flight()) == before + count)
        return [each.id for each in self.link.in_flight()]

    def fates(self) -> list[tuple[str, str]]:
        return [(event.fate, event.cause) for event in self.link.trace]


@pytest.fixture
def stage() -> Iterator[Stage]:
    with endpoint() as client, endpoint() as server:
        with Link(server.getsockname(), delay=LONG) as link:
            yield Stage(client, server, link)
            link.stop()


def test_packets_on_their_way_are_listed_with_what_they_are(stage: Stage):
    stage.send(2)
    first, second = stage.link.in_flight()
    assert (first.way, first.source, first.target) == ("up", "client 1", "server")
    assert (first.head, first.size, first.number, first.copy) == (bytes(4), 4, 1, False)
    assert second.number == 2 and second.id != first.id
    assert first.due - first.sent == pytest.approx(LONG)


def test_a_killed_packet_is_dropped_by_hand_and_the_account_adds_up(stage: Stage):
    one, _ = stage.send(2)
    assert stage.link.kill(one)
    assert stage.fates() == [("dropped", "by hand"), ("in flight", "")]
    account = stage.link.account()["up"]
    assert (account.sent, account.dropped, account.in_flight) == (2, {"by hand": 1}, 1)
    assert stage.link.trace.table().splitlines()[0].endswith(", killed by hand")
    assert not stage.link.kill(one)  # it has gone


def test_the_others_arrive_when_one_is_killed(stage: Stage):
    ids = stage.send(3)
    stage.link.kill(ids[1])
    stage.link.pause()
    while stage.link.step():
        pass
    assert receive_numbers(stage.server, 2) == [0, 2]
    assert stage.link.account()["up"].in_flight == 0


def test_a_doubled_packet_arrives_twice_and_counts_once(stage: Stage):
    (one,) = stage.send(1)
    assert stage.link.double(one)
    stage.link.pause()
    assert stage.link.step() and stage.link.step() and not stage.link.step()
    assert receive_numbers(stage.server, 2) == [0, 0]
    account = stage.link.account()["up"]
    assert (account.sent, account.delivered, account.duplicates) == (1, 1, 1)


def test_a_killed_copy_is_no_loss_of_what_was_sent(stage: Stage):
    (one,) = stage.send(1)
    stage.link.double(one)
    (copy,) = [each.id for each in stage.link.in_flight() if each.copy]
    assert stage.link.kill(copy)
    account = stage.link.account()["up"]
    assert (account.sent, account.dropped, account.in_flight) == (1, {}, 1)
    assert stage.fates() == [("in flight", ""), ("dropped", "by hand")]


def test_a_packet_that_is_held_lets_the_others_pass(stage: Stage):
    one, _ = stage.send(2)
    assert stage.link.hold(one, 3.0)
    assert [each.number for each in stage.link.in_flight()] == [2, 1]
    with pytest.raises(ValueError, match="0 to 60 seconds"):
        stage.link.hold(one, -1)


def test_a_pause_holds_what_is_due_and_what_comes_and_resume_lets_it_go(stage: Stage):
    stage.link.set(delay=0)
    introduce(stage.client, stage.server, stage.link)
    stage.link.pause()
    assert stage.link.paused
    stage.send(2)
    assert is_silent(stage.server)
    assert not stage.link.settle(0.01)  # two are still on their way
    assert stage.link.step()
    assert receive_numbers(stage.server, 1) == [0]
    assert is_silent(stage.server)
    stage.link.resume()
    assert receive_numbers(stage.server, 1) == [1]
    assert stage.link.settle(PATIENCE)


def test_no_time_has_passed_for_a_packet_after_a_pause(stage: Stage):
    stage.send(1)
    (before,) = stage.link.in_flight()
    stage.link.pause()
    assert is_silent(stage.server)
    stage.link.resume()
    (after,) = stage.link.in_flight()
    assert after.due >= before.due + 0.1  # as long as the silence


def test_after_a_pause_packets_keep_their_order(stage: Stage):
    stage.send(2)
    stage.link.pause()
    stage.send(4)
    stage.link.resume()
    assert [each.number for each in stage.link.in_flight()] == [1, 2, 3, 4, 5, 6]


def test_a_link_that_has_stopped_does_nothing_by_hand(stage: Stage):
    (one,) = stage.send(1)
    assert stage.link.runs
    stage.link.stop()
    assert not stage.link.runs
    assert not stage.link.kill(one) and not stage.link.double(one) and not stage.link.step()


def test_a_stream_has_no_packets_to_stop():
    def serve(listener):
        with contextlib.suppress(OSError):
            listener.accept()[0].close()

    with run_server(serve, kind="tcp") as server, Link(server.address, "tcp") as link:
        for act in (link.in_flight, link.pause, link.step, link.resume, lambda: link.kill(1)):
            with pytest.raises(ValueError, match='only a link of kind "udp" can'):
                act()


def test_a_view_asks_the_trace_for_what_is_new():
    trace = Trace(limit=2, keep="newest")
    noted = trace.after(0)
    assert noted == (0, [])
    for number in range(3):
        trace.record("a", "b", "data", b"%d" % number)
    count, rows = trace.after(1)
    assert count == 3 and [row[5] for row in rows] == [b"1", b"2"]
    assert trace.after(count) == (3, [])
    trace.clear()
    trace.record("a", "b", "data", b"new")
    assert [row[5] for row in trace.after(count)[1]] == [b"new"]
