"""The live view without a browser: what it tells a page, what it does for it, and what is left."""

import builtins
import contextlib
import importlib
import threading
from collections.abc import Iterator

import pytest
from drive.waiting import wait_until
from ipywidgets.widgets.widget import _instances
from link.test_link import endpoint, send_numbers

from helpers.figures.live import live
from helpers.figures.live.flight import MOST, Flight
from helpers.figures.live.view import LATE, OVER, finding, in_time
from helpers.link.link import Link, stop_links
from helpers.trace.trace import Trace

MODULE = importlib.import_module("helpers.figures.live")
VIEW = importlib.import_module("helpers.figures.live.view")
LONG = 5.0  # seconds; no test waits for it


@pytest.fixture
def shown(monkeypatch) -> list[dict]:
    """What is displayed."""
    seen: list[dict] = []

    def publish(data, transient=None, update=False):
        seen.append(data)

    monkeypatch.setattr(VIEW, "publish_display_data", publish)
    return seen


@pytest.fixture(autouse=True)
def no_view_stays(shown, nothing_left: None) -> Iterator[None]:
    yield
    for view in MODULE._views.values():
        view.close()
    MODULE._views.clear()
    stop_links()


class Crossing:
    """A link that delays for long, and a client that sends into it."""

    def __init__(self, link: Link, client) -> None:
        self.link, self.client = link, client

    def send(self, count: int) -> list[int]:
        before = len(self.link.in_flight())
        send_numbers(self.client, self.link.address, count)
        assert wait_until(lambda: len(self.link.in_flight()) == before + count)
        return [each.id for each in self.link.in_flight()]


@pytest.fixture
def crossing() -> Iterator[Crossing]:
    with endpoint() as server, endpoint() as client:
        with Link(server.getsockname(), delay=LONG) as link:
            yield Crossing(link, client)
            link.stop()


def word(head: bytes) -> str:
    return f"DATA {head[-1]}"


def messages(view) -> list[dict]:
    """Keeps what a view sends to its page from now on."""
    sent: list[dict] = []
    view.widget.send = sent.append
    return sent


def press(view, do: str, **more) -> str:
    """Act as a click on the page does; return what is said."""
    view._asked(view.widget, {"do": do, **more}, [])
    return view.said


# What a view is told


def test_packets_that_have_come_are_told_once_with_their_words(crossing: Crossing):
    flight = Flight(crossing.link, word)
    ids = crossing.send(2)
    news = flight.news()
    assert [(each["id"], each["up"], each["label"]) for each in news["packets"]] == [
        (ids[0], True, "DATA 0"),
        (ids[1], True, "DATA 1"),
    ]
    assert all(0 <= each["at"] < 1 and 0 < each["left"] <= LONG * 1000 for each in news["packets"])
    assert flight.news() == {}


def test_a_new_view_is_told_all_again(crossing: Crossing):
    flight = Flight(crossing.link, word)
    crossing.send(1)
    first = flight.news()["packets"][0]["id"]
    flight.tell_all_again()
    assert flight.news()["packets"][0]["id"] == first


def test_what_became_of_a_packet_is_said_in_a_sentence(crossing: Crossing):
    flight = Flight(crossing.link, word)
    ids = crossing.send(3)
    flight.news()
    crossing.link.kill(ids[0])
    crossing.link.pause()
    crossing.link.step()
    gone = {each["id"]: (each["fate"], each["said"]) for each in flight.news()["gone"]}
    assert gone == {
        ids[0]: ("killed", "DATA 0 was killed by hand."),
        ids[1]: ("arrived", "DATA 1 has reached the server."),
    }


def test_a_chapters_roles_stand_for_client_and_server(crossing: Crossing):
    flight = Flight(crossing.link, word, ("sender", "receiver"))
    crossing.send(1)
    crossing.link.pause()
    crossing.link.step()
    assert flight.news()["gone"][0]["said"] == "DATA 0 has reached the receiver."


def test_what_the_link_loses_at_once_is_told_with_its_cause(crossing: Crossing):
    flight = Flight(crossing.link, word)
    crossing.link.set(loss=1)
    send_numbers(crossing.client, crossing.link.address, 1)
    assert wait_until(lambda: len(crossing.link.trace))
    assert flight.news()["gone"][0]["said"] == "DATA 0 was lost (loss)."


def test_a_packet_that_is_held_is_told_again_and_a_copy_says_so(crossing: Crossing):
    flight = Flight(crossing.link, word)
    (one,) = crossing.send(1)
    left = flight.news()["packets"][0]["left"]
    crossing.link.hold(one, 10)
    crossing.link.double(one)
    held, copy = flight.news()["packets"]
    assert held["id"] == one and held["left"] > left
    assert copy["label"] == "DATA 0 (copy)"


def test_no_more_packets_than_a_page_can_show_are_told_and_the_rest_counted(crossing: Crossing):
    flight = Flight(crossing.link, word)
    crossing.send(MOST + 5)
    news = flight.news()
    assert len(news["packets"]) == MOST
    assert news["more"] == 5


def test_words_that_fail_are_replaced_by_number_and_text(crossing: Crossing):
    flight = Flight(crossing.link, lambda head: 1 / 0)
    crossing.client.sendto(b"open", crossing.link.address)
    assert wait_until(crossing.link.in_flight)
    assert flight.news()["packets"][0]["label"] == "1: 'open'"


# What it does for a page


def test_a_click_kills_the_packet_and_the_trace_says_so(crossing: Crossing):
    with live(crossing.link, words=word) as view:
        one, _ = crossing.send(2)
        assert wait_until(lambda: view._flight._told)
        sent = messages(view)
        assert press(view, "kill", packet=one) == ""  # the news say it
        assert wait_until(lambda: any("gone" in each for each in sent))
        assert crossing.link.trace.events[0].cause == "by hand"
        assert press(view, "kill", packet=one) == LATE.format("the packet")


def test_each_button_acts_on_the_link(crossing: Crossing):
    with live(crossing.link, words=word) as view:
        (one,) = crossing.send(1)
        assert wait_until(lambda: view._flight._told)
        assert press(view, "double", packet=one) == "A copy of DATA 0 follows."
        assert press(view, "hold", packet=one) == "DATA 0 is held for 1 s."
        assert press(view, "pause") == "The link holds all packets."
        assert crossing.link.paused
        assert press(view, "step") == ""
        assert press(view, "go") == "The link goes on."
        assert not crossing.link.paused
        for seconds, said in ((0.25, "250 ms"), (99, "3.0 s"), (0, "10 ms")):
            expected = f"The link delays by {said} from the next packet on."
            assert press(view, "delay", seconds=seconds) == expected
        assert crossing.link.up.settings["delay"] == 0.01


def test_a_page_that_says_hello_is_answered_with_all_that_is_there(crossing: Crossing):
    with live(crossing.link, words=word) as view:
        crossing.send(1)
        assert wait_until(lambda: view._flight._told)
        sent = messages(view)
        view._asked(view.widget, {"do": "hello"}, [])
        answer = next(each for each in sent if each.get("hello"))
        assert answer["packets"][0]["label"] == "DATA 0"
        assert answer["paused"] is False


def test_a_page_that_cannot_say_hello_is_told_again_and_again(crossing: Crossing):
    with live(crossing.link, words=word) as view:
        sent = messages(view)
        crossing.send(1)
        assert wait_until(lambda: sum("packets" in each for each in sent) >= 3)


def test_an_error_of_the_link_is_said_and_does_not_end_the_view(crossing: Crossing):
    with live(crossing.link) as view:
        assert press(view, "delay", seconds="soon").startswith("This failed. ValueError")
        assert press(view, "pause") == "The link holds all packets."


# What is shown and what is left


def test_the_run_stands_as_a_diagram_below_a_line_for_those_without_a_kernel(
    crossing: Crossing, shown: list[dict]
):
    with live(crossing.link, "A title", words=word):
        crossing.send(1)
    line, view, diagram = shown
    assert line["text/plain"] == VIEW.HERE
    assert view["text/html"] == ""  # all that a saved notebook has of the view
    assert diagram["text/html"].startswith("<img ")
    assert "DATA 0" in diagram["text/plain"]


def test_at_the_end_of_a_cell_the_diagram_comes_when_the_link_stops(
    crossing: Crossing, shown: list[dict]
):
    view = live(crossing.link, words=word)
    view._ipython_display_()
    crossing.send(1)
    assert [each["text/plain"] for each in shown] == [VIEW.HERE, "", ""]
    crossing.link.stop()
    assert wait_until(lambda: len(shown) == 4)
    assert "DATA 0" in shown[-1]["text/plain"]
    live(crossing.link, words=word)._ipython_display_()  # of a link that has stopped
    assert "DATA 0" in shown[-1]["text/plain"]


def test_without_anywidget_a_line_says_so_and_the_diagram_stands(
    crossing: Crossing, shown: list[dict], monkeypatch
):
    real = builtins.__import__

    def without(name, *more):
        if name == "anywidget":
            raise ImportError(name)
        return real(name, *more)

    VIEW._widget_class.cache_clear()
    monkeypatch.setattr(builtins, "__import__", without)
    try:
        with live(crossing.link, words=word):
            crossing.send(1)
    finally:
        VIEW._widget_class.cache_clear()
    line, diagram = shown
    assert "needs the package anywidget" in line["text/plain"]
    assert "DATA 0" in diagram["text/plain"]


def test_no_thread_is_left_when_the_link_stops_or_the_block_ends(crossing: Crossing):
    view = live(crossing.link)
    view._ipython_display_()
    thread = next(each for each in threading.enumerate() if each.name == "live link")
    crossing.link.stop()
    assert wait_until(lambda: not thread.is_alive())
    assert press(view, "pause") == OVER
    with contextlib.suppress(ZeroDivisionError), live(crossing.link):
        raise ZeroDivisionError
    assert not [each for each in threading.enumerate() if each.name == "live link"]


def test_a_second_view_of_a_link_closes_the_first_and_its_widgets(crossing: Crossing):
    live(crossing.link).show()
    before = len(_instances)
    live(crossing.link).show()
    assert len(_instances) == before
    assert sum(each.name == "live link" for each in threading.enumerate()) == 1


def test_a_link_for_streams_has_nothing_to_show():
    with endpoint() as server, Link(server.getsockname(), "tcp") as link:
        with pytest.raises(ValueError, match='only a link of kind "udp"'):
            live(link)


def test_a_long_run_keeps_its_newest_packets(crossing: Crossing):
    live(crossing.link)
    assert crossing.link.trace.newest


@pytest.mark.parametrize(("killed", "said"), [(0, "No packet"), (1, "1 packet was"), (2, "2 pac")])
def test_the_diagrams_title_says_what_a_hand_has_done(killed: int, said: str):
    trace = Trace()
    for _ in range(killed):
        trace.drop(trace.begin(0.0, "a", "b", "datagram", b"", "in flight"), "by hand")
    trace.record("a", "b", "datagram")
    assert finding(trace).startswith(said)


@pytest.mark.parametrize(("seconds", "said"), [(0.01, "10 ms"), (0.999, "999 ms"), (3.0, "3.0 s")])
def test_a_delay_is_said_in_its_unit(seconds: float, said: str):
    assert in_time(seconds) == said
