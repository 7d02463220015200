"""Charts of what clients have met."""

from helpers.load.charts import (
    UNSERVED,
    crowd_axes,
    draw_crowd,
    looks_of,
    percentiles_chart,
    rates_chart,
)
from helpers.load.load import Load

LOADS = {
    "threads": [Load(1, 1, 2000, 20_000.0, 0.0001), Load(100, 60, 1000, 10_000.0, 0.2)],
    "asyncio": [Load(1, 1, 1500, 15_000.0, 0.0001), Load(100, 100, 1200, 12_000.0, 0.01)],
}


def test_a_chart_of_loads_says_in_words_what_its_lines_end_with():
    for picture in (rates_chart("A finding", LOADS), percentiles_chart("A finding", LOADS)):
        assert picture.alt.startswith("A finding. ")
        assert "threads: 10,000 a second, 99th percentile 200.0 ms, 60 of 100 served" in picture.alt
        assert "asyncio: 12,000 a second, 99th percentile 10.0 ms, 100 of 100 served" in picture.alt


def test_a_design_looks_the_same_in_each_picture_and_like_no_other_of_it():
    live = looks_of(["thread per client", "pool of 32", "selectors", "asyncio"])
    recorded = looks_of(["selectors", "asyncio", "thread per client"])
    assert recorded == {design: live[design] for design in recorded}
    assert len(set(looks_of([*live, "one of the learner's own"]).values())) == 5


def test_a_crowd_is_drawn_with_the_slow_the_quick_and_those_without_an_answer():
    axes = crowd_axes()
    told = draw_crowd(axes, ("a pool", 2, [0.4, 0.5, 0.1, None, 0.2]))
    assert told.endswith("a pool: 4 of 5 served; median 400 ms, longest 500 ms.")
    slow, quick, lost = axes.lines
    assert list(slow.get_ydata()) == [400, 500]
    assert list(quick.get_xdata()) == [2, 3, 4]
    assert (list(lost.get_xdata()), list(lost.get_ydata())) == ([3], [UNSERVED])
    assert axes.get_ylim()[1] > UNSERVED
    assert axes.get_title(loc="left") == "A pool: 4 of 5 served; median 400 ms, longest 500 ms"
    assert "crosses" in axes.get_xlabel()


def test_a_small_crowd_fills_the_width_and_its_climb_is_seen():
    axes = crowd_axes()
    draw_crowd(axes, ("one after another", 0, [0.1 * number for number in range(1, 9)]))
    assert axes.get_xlim()[1] < 8
    assert (axes.get_ylim(), axes.get_yscale()) == ((0, 1000), "linear")
    assert "crosses" not in axes.get_xlabel()


def test_a_crowd_that_nobody_served_is_drawn_too():
    assert "0 of 2 served." in draw_crowd(crowd_axes(), ("none", 0, [None, None]))
