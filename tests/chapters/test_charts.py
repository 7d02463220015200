"""Each named chart draws something for its data, with a title, and words from the data."""

import importlib
import inspect
import io
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.image import imread

from helpers.figures import plots
from helpers.figures.explore import MovingChart, explore
from helpers.figures.kept_figure import KeptFigure
from helpers.figures.plots import Picture
from helpers.study.finding import CHAPTERS
from helpers.trace.trace import Trace

NOTHING = SimpleNamespace(draw=lambda *_, **__: "")


def star(axes: object, *_: object, **__: object) -> str:
    """What a prediction draws."""
    axes.plot([1], [1], "*", label="your prediction")
    return "A star marks your prediction, 7."


PREDICTED = SimpleNamespace(draw=star)


def some_trace() -> Trace:
    """Five datagrams, as chapter 06 sends them, of which one is lost and one is sent again."""
    trace = Trace()
    for number, fate in ((0, "delivered"), (1, "dropped"), (2, "delivered"), (1, "delivered")):
        payload = b"\x01\x00\x00\x00" + bytes([number])
        moment = trace._start + 0.01 * len(trace)
        trace.begin(moment, "client 1", "server", "datagram", payload, fate, "", number + 1)
    return trace


def bar(share: float, packets: float) -> tuple[float, float]:
    return max(0, share - 1 / packets), share + 1 / packets


FLOW = SimpleNamespace(rtts=[(0.0, 0.02)], sizes=[(0.0, 1), (0.5, 9)], arrived=3)
MINUTES = np.arange(1, 301)
# For each chart: what it is given, what it draws if it moves, and what its words must say of that.
CHARTS = {
    "01 round_trip_times": ([[20.0, 21, 22, 30, 400], PREDICTED], None, ["22 µs", "400", "star"]),
    "01 sockets_and_ports": (
        [],
        ([("here", 40000), ("here", 40001)], [(("here", 51000), ("here", 40000))]),
        ["1 socket behind 1 port", "2 listeners and 1 connection behind 2 ports"],
    ),
    "01 two_orders": ([], (b"\x01\x02", b"\x02\x01"), ["258 as 2 bytes", "takes for 513"]),
    "02 boxes_of_recv": ([3000, 8], [8, 1024, 1968, 0], ["3 boxes", "8, 1,024, 1,968"]),
    "03 two_parsers": (
        [["on", "off"], list, lambda pieces: b"".join(pieces).splitlines(keepends=True)],
        [b"on\no", b"ff\n"],
        ["came: 2", "naive parser reads 0 of 2", "framed parser reads 2 of 2"],
    ),
    "03 four_ways": (["é€"], (1, {"a": "é€", "b": "?"}), ["after 1 of 5", "a: é€, right", "b: ?"]),
    "04 one_lost_frame": ([], None, ["83%", "64%"]),
    "04 burst_into_a_buffer": ([PREDICTED], (9, 4096, 8192, [0, 1, 2]), ["3 kept", "6 lost"]),
    "04 pings": ([], (0.25, 4, {1: 9.0, 3: 11.0}), ["2 of 4 answered", "median 10 ms", "0.25"]),
    "05 both_ways": ([[(0.1, 150, 120)], PREDICTED], (0.5, 100, 25), ["25 of 100", "star"]),
    "05 growing_sample": (
        [{10: 0, 40: 4}, bar],
        None,
        ["after 40 packets 0.100, and", "0.075 to 0.125"],
    ),
    "05 records": (
        [MINUTES, np.sin(MINUTES)],
        {"independent": range(1, 301), "in bursts": range(11, 301)},
        ["independent: 0 of 300 lost", "in bursts: 10 of 300 lost, longest gap 10"],
    ),
    "05 through_a_queue": (
        [PREDICTED, 4],
        ([(1, 10.0), (3, 12.0), (2, 13.0)], 60),
        ["2 in order, 1 overtaken, 1 lost", "60 ms", "star"],
    ),
    "06 tries_by_loss": ([{0: [1, 1], 0.3: [1, 3]}, PREDICTED], None, ["2.00 at 0.3", "star"]),
    "06 cost_of_timers": (
        [{3: (4.0, 9.0), 90: (1.2, 30.0)}],
        (20, (1.5, 16.0)),
        ["timer 20 ms: 1.5 transmissions, 16 ms", "timer 3 ms: 4.0 and 9 ms"],
    ),
    "06 timer_that_follows": (
        [[(0, 100.0, [6.0]), (1, 18.0, [6.0]), (2, 16.0, [30.0, 6.0])]],
        None,
        ["2 samples of round-trip times over 3 messages; 1 messages"],
    ),
    "06 herd_chart": ([], (1.5, {1, 2}, some_trace()), ["factor 1.5: 2 of 30 are confirmed"]),
    "07 climb": (
        [],
        ("Go-Back-N", 4, (SimpleNamespace(arrived=2), some_trace())),
        ["2 arrived in order", "sent: 2, sent again: 1, lost on the way: 1"],
    ),
    "07 wrapped": ([], (4, 3, [1, 2, 3, 4, 1]), ["4 messages in their places, 1 wrong"]),
    "07 goodput_chart": (
        [
            {("Go-Back-N", 32, 0.1): 0.3, ("Go-Back-N", 32, 0.5): 0.1, ("Go-Back-N", 5, 0.1): 0.2},
            lambda rule, window, loss: (0.1, 1 - loss),
        ],
        None,
        ["Go-Back-N, window 32, loss 0.5: 0.10", "eleven of them recorded"],
    ),
    "07 queue_chart": (
        [{10: ([FLOW], some_trace()), 20: ([FLOW], some_trace())}, 10, 10, PREDICTED],
        None,
        ["window 10: 20 ms, 25 % dropped", "star"],
    ),
    "07 shares_chart": (
        [{"fixed": ([FLOW], some_trace()), "gives way": ([FLOW], some_trace())}],
        None,
        ["25% dropped with fixed", "gives way: 25% dropped"],
    ),
    "07 sawtooth": (
        [],
        (10, FLOW, some_trace()),
        ["A queue for 10", "round trip 20 ms; 1 dropped"],
    ),
    "08 lost_updates": (
        [(2, [(0.0, 0.003, 1), (0.001, 0.004, 1), (0.005, 0.008, 2)])],
        None,
        ["3 threads add 1 each, and the total is 2: 1 update is lost", "8 ms"],
    ),
    "09 asked_in_turn": (
        [],
        ([0.0, 0.1, 0.2], 0.15, 0.2, 0.02),
        ["3 rounds", "50.0 ms late", "busy for 2%"],
    ),
    "09 waits_in_one_loop": ([], [0.2, 0.1], ["2 clients wait", "100 to 200 ms"]),
    "09 recorded_designs": ([], None, ["thread per client: 9 µs with 1 client", "asyncio"]),
    "09 waiting_in_the_server": ([[0.0, 5.0, 11.0], [0.0, 0.1]], None, ["11 MB", "0.1"]),
}


def named_charts() -> set[str]:
    """Every public function of a chapter's charts, by chapter and name."""
    found = set()
    for path in CHAPTERS.glob("chapter_[0-9][0-9]/charts.py"):
        number = path.parent.name[-2:]
        module = importlib.import_module(f"helpers.chapters.chapter_{number}.charts")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and not name.startswith("_"):
                found.add(f"{number} {name}")
    return found


def chart_of(name: str) -> Picture | MovingChart:
    """The chart of this name, made of its example."""
    chapter, _, function = name.partition(" ")
    module = importlib.import_module(f"helpers.chapters.chapter_{chapter}.charts")
    return getattr(module, function)(*CHARTS[name][0])


def test_every_named_chart_has_an_example_here():
    assert named_charts() == set(CHARTS)


@pytest.mark.parametrize("name", CHARTS)
def test_a_named_chart_draws_its_data_and_tells_of_them(name: str, monkeypatch: pytest.MonkeyPatch):
    titles, make = [], plots.Picture.__init__

    def noted(self: Picture, figure: object, alt: str) -> None:
        titles.append(figure.axes[0].get_title(loc="left"))
        make(self, figure, alt)

    monkeypatch.setattr(plots.Picture, "__init__", noted)
    made, (_, data, said) = chart_of(name), CHARTS[name]
    if isinstance(made, MovingChart):
        titles.append(made.axes.get_title(loc="left"))
        empty = imread_of(KeptFigure(made.axes, lambda *_: "nothing").picture(None)[0])
        png, alt = KeptFigure(made.axes, made.draw).picture(data)
        assert (imread_of(png) != empty).any()
    else:
        png, alt = made.png, made.alt
        assert imread_of(png).std() > 0
    assert titles and all(len(title.strip()) > 10 for title in titles)
    for words in said:
        assert words in alt


def imread_of(png: bytes) -> np.ndarray:
    """The pixels of a picture."""
    return imread(io.BytesIO(png))[..., :3]


def test_a_chart_without_a_prediction_says_nothing_of_one():
    module = importlib.import_module("helpers.chapters.chapter_01.charts")
    assert "prediction" not in module.round_trip_times([20.0, 21, 400], NOTHING).alt


def test_a_moving_chart_is_explored_without_axes_of_its_own():
    panel = explore(lambda loss: (loss, 2, {1: 9.0}), chart_of("04 pings"), loss=(0, 1))
    assert "1 of 2 answered" in repr(panel) or panel.data == (0, 2, {1: 9.0})
    panel.close()
