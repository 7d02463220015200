"""Sliders round an experiment: what is run, what is shown, and what is left behind."""

import asyncio
import base64
import gc
import importlib
import io
import re
import sys
import threading
import weakref
import zlib

import matplotlib.image
import numpy as np
import pytest
from drive.on_disk import ROOT
from ipywidgets.widgets.widget import _instances
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell, new_notebook

from helpers.figures.explore import Panel, Slider, explore
from helpers.figures.kept_figure import KeptFigure, PngEncoder
from helpers.figures.plots import Picture, chart
from helpers.look.palette import BLUE, GREEN
from helpers.look.picture import PICTURE_CLASS

# The package has a function of the same name, so `import helpers.figures.explore` would not do.
MODULE = importlib.import_module("helpers.figures.explore")
PANEL = importlib.import_module("helpers.figures.panel")
MANY = 100
TRUE_COLOUR, PALETTE = 2, 3  # PNG specification, 11.2.1


def share(loss: float, delay_ms: int = 0, kind: str = "independent", on: bool = True) -> tuple:
    return loss, (1 - loss) ** 2, delay_ms, kind, on


def point(axes, data) -> str:
    axes.plot(data[0], data[1], "o", color=BLUE)
    return f"At a loss of {data[0]} {data[1]:.2f} arrive."


def axes():
    made = chart("Two packets must arrive", "loss", "share")[1]
    made.set(xlim=(0, 1), ylim=(0, 1))
    return made


@pytest.fixture
def shown(monkeypatch) -> list[tuple[dict, bool]]:
    """What is displayed: each bundle, and whether it took the place of an earlier one."""
    seen = []

    def publish(data, transient=None, update=False):
        seen.append((data, update))

    monkeypatch.setattr(PANEL, "publish_display_data", publish)
    return seen


@pytest.fixture
def by_hand(monkeypatch) -> None:
    """Moves come from the reader's browser, not from a cell."""
    monkeypatch.setattr(PANEL, "_in_a_cell", lambda: False)


@pytest.fixture(autouse=True)
def no_panel_stays():
    yield
    for panel in MODULE._open_panels.values():
        panel.close()
    MODULE._open_panels.clear()


def pixels(png: bytes) -> np.ndarray:
    return matplotlib.image.imread(io.BytesIO(png))


def sent(bundle: dict) -> bytes:
    """The PNG in what is displayed."""
    return base64.b64decode(re.search('base64,([^"]+)', bundle["text/html"])[1])


def show(panel: Panel) -> Panel:
    panel._ipython_display_()
    return panel


# --- What is shown


def test_the_first_picture_is_displayed_once_and_never_updated(shown):
    show(explore(share, point, axes(), loss=(0, 0.9, 0.1)))
    assert [update for _, update in shown] == [False, False, False]
    picture = shown[2][0]
    assert picture["text/plain"] == "At a loss of 0.0 1.00 arrive."
    assert 'alt="At a loss of 0.0 1.00 arrive." ' in picture["text/html"]


def test_a_moved_slider_updates_the_picture_and_its_alternative_text(shown):
    panel = show(explore(share, point, axes(), loss=(0, 0.9, 0.1)))
    panel.loss.value = 0.5
    bundle, update = shown[-1]
    assert update
    assert bundle["text/plain"] == "At a loss of 0.5 0.25 arrive."
    assert bundle["text/html"] != shown[2][0]["text/html"]


def test_the_first_picture_is_saved_so_it_is_small_and_the_later_ones_are_as_they_are_drawn(shown):
    panel = show(explore(share, point, axes(), loss=(0, 0.9, 0.1)))
    panel.loss.value = 0.5
    panel.loss.value = 0.0
    first, *later = (sent(bundle) for bundle, _ in shown[2:])
    kinds = [png[25] for png in (first, *later)]  # the colour type in the header
    assert kinds == [PALETTE, TRUE_COLOUR, TRUE_COLOUR]
    assert 2 * len(first) < len(later[-1])
    assert abs(pixels(first)[:, :, :3] - pixels(later[-1])[:, :, :3]).max() * 255 <= 40
    assert np.mean(pixels(first)[:, :, :3] == pixels(later[-1])[:, :, :3]) > 0.95


def test_each_picture_has_the_class_that_a_dark_theme_turns(shown):
    panel = show(explore(share, point, axes(), loss=(0, 0.9, 0.1)))
    panel.loss.value = 0.5
    for bundle, _ in shown[2:]:
        assert bundle["text/html"].startswith(f'<img class="{PICTURE_CLASS}" ')


def test_alternative_text_with_quotes_stays_one_attribute(shown):
    show(explore(share, lambda axes, data: 'a "quoted" <word>', axes(), loss=(0, 0.9)))
    assert 'alt="a &quot;quoted&quot; &lt;word&gt;"' in shown[2][0]["text/html"]


def test_a_reader_without_a_kernel_gets_the_settings_in_words(shown):
    settings = {"loss": Slider(0, 0.9, 0.05, start=0.1), "delay_ms": (0, 100, 5)}
    show(explore(share, point, axes(), **settings, kind=["independent", "bursts"], on=True))
    assert shown[0][0]["text/plain"] == (
        "Run this cell to move the sliders: loss from 0 to 0.9, first 0.1; "
        "delay (ms) from 0 to 100, first 0; kind: independent, bursts; on: on at first."
    )
    assert "Run this cell to move the sliders: loss from" in shown[0][0]["text/html"]


def test_each_kind_of_setting_gets_its_control():
    panel = explore(
        share, point, axes(), loss=(0, 0.9, 0.05), delay_ms=(0, 100), kind=["a", "b"], on=False
    )
    kinds = [type(panel.controls[name]).__name__ for name in ("loss", "delay_ms", "kind", "on")]
    assert kinds == ["FloatSlider", "IntSlider", "ToggleButtons", "Checkbox"]
    assert panel.delay_ms.description == "delay (ms)"
    assert panel.loss.readout_format == ".2f"


def test_labels_stand_in_place_of_names():
    panel = explore(share, point, axes(), loss=(0, 0.9), labels={"loss": "loss each way"})
    assert panel.loss.description == "loss each way"


def test_draw_without_axes_returns_a_picture_of_its_own(shown):
    def whole(data):
        return Picture(chart(f"{data[0]}", "x", "y")[0], f"a chart of {data[0]}")

    panel = show(explore(share, whole, loss=(0, 0.9, 0.1)))
    panel.loss.value = 0.3
    assert shown[-1][0]["text/plain"] == "a chart of 0.3"


# --- What is run


def test_the_experiment_gets_plain_numbers_without_a_sliders_noise():
    got = []
    panel = explore(
        lambda loss, delay_ms: got.append((loss, delay_ms)),
        lambda axes, data: "nothing",
        axes(),
        loss=(0, 0.9, 0.05),
        delay_ms=(0, 100, 5),
    )
    panel.loss.value = 0.15000000000000002
    assert got == [(0.0, 0), (0.15, 0)]
    assert [type(value) for value in got[1]] == [float, int]


def test_set_moves_several_controls_and_runs_once():
    runs = []
    panel = explore(
        lambda loss, kind: runs.append((loss, kind)),
        lambda axes, data: "nothing",
        axes(),
        loss=(0, 0.9, 0.1),
        kind=["independent", "bursts"],
    )
    panel.set(loss=0.5, kind="bursts")
    assert runs == [(0.0, "independent"), (0.5, "bursts")]


def test_a_slow_experiment_waits_for_its_button(shown):
    panel = show(explore(share, point, axes(), loss=(0, 0.9, 0.1), slow=True))
    panel.loss.value = 0.5
    assert panel.data[0] == 0.0
    panel._button.click()
    assert panel.data[0] == 0.5
    assert (panel._button.description, panel._button.disabled) == ("Run", False)


def test_a_page_that_was_loaded_anew_is_told_to_run_the_cell_again(shown, by_hand, monkeypatch):
    page = "first"
    monkeypatch.setattr(PANEL, "_session", lambda: page)
    panel = show(explore(share, point, axes(), loss=(0.0, 1.0)))
    panel.loss.value = 0.5
    assert (panel._note.value, panel._note.layout.display) == ("", "none")
    page = "second"
    panel.loss.value = 0.6
    assert "Run this cell again." in panel._note.value
    assert panel._note.layout.display is None
    page = "first"
    panel.loss.value = 0.7
    assert (panel._note.value, panel._note.layout.display) == ("", "none")


def test_a_fast_experiment_has_no_button():
    panel = explore(share, point, axes(), loss=(0, 0.9, 0.1))
    assert panel._button not in panel._box.children


def test_changes_that_wait_behind_a_run_lead_to_one_more_run_with_the_newest(by_hand, monkeypatch):
    monkeypatch.setattr(PANEL, "IN_LINE", 0.5)  # a busy machine pauses between two changes
    runs = []

    async def queue() -> None:
        panel = explore(lambda n: runs.append(n), lambda axes, data: "nothing", axes(), n=(0, MANY))
        for n in range(1, MANY + 1):  # none of them lets the loop go on: a queue of messages
            panel.n.value = n
        while panel._asked:
            await asyncio.sleep(0)
        panel.close()

    asyncio.run(queue())
    assert runs[0] == 0
    assert runs[-1] == MANY
    assert len(runs) <= 3


def test_changes_from_another_thread_are_run_in_the_main_thread_and_the_newest_wins(by_hand):
    runs, begun, moved = [], threading.Event(), threading.Event()

    def experiment(n):
        runs.append((n, threading.current_thread() is threading.main_thread()))
        if n == 1:
            begun.set()
            assert moved.wait(5)

    async def drag() -> None:
        panel = explore(experiment, lambda axes, data: "nothing", axes(), n=(0, MANY))

        def move():
            panel.n.value = 1
            begun.wait(5)
            for n in range(2, MANY + 1):
                panel.n.value = n
            moved.set()

        mover = threading.Thread(target=move)
        mover.start()
        while mover.is_alive() or panel._asked:
            await asyncio.sleep(0)

    asyncio.run(drag())
    assert runs == [(0, True), (1, True), (MANY, True)]


# --- Errors


def fails_at_the_end(loss):
    if loss == 0.9:
        raise RuntimeError("nothing <left>")
    return loss, 1.0


def test_an_error_in_the_first_run_is_raised_by_the_call():
    with pytest.raises(RuntimeError, match="nothing"):
        explore(fails_at_the_end, point, axes(), loss=Slider(0, 0.9, 0.1, start=0.9))
    with pytest.raises(ZeroDivisionError):
        explore(share, lambda axes, data: 1 / 0, axes(), loss=(0, 0.9))


def test_an_error_while_sliding_is_shown_and_the_next_run_shows_the_picture(shown, by_hand):
    panel = show(explore(fails_at_the_end, point, axes(), loss=(0, 0.9, 0.1)))
    panel.loss.value = 0.9
    bundle, update = shown[-1]
    assert update
    assert "RuntimeError: nothing &lt;left&gt;" in bundle["text/html"]
    assert 'raise RuntimeError("nothing <left>")' in bundle["text/plain"]
    assert "loss = 0.9" in bundle["text/plain"]
    assert "explore" not in bundle["text/plain"].replace("test_explore", "")
    panel.loss.value = 0.8
    assert "<img" in shown[-1][0]["text/html"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_or_an_exit_while_sliding_does_not_end_the_kernel(shown, by_hand, error):
    def leaves(loss):
        if loss:
            raise error

    panel = show(explore(leaves, lambda axes, data: "nothing", axes(), loss=(0, 1)))
    panel.loss.value = 1
    assert error.__name__ in shown[-1][0]["text/plain"]


def test_an_error_after_a_move_in_a_cell_is_raised_there_and_shown(shown):
    panel = show(explore(fails_at_the_end, point, axes(), loss=(0, 0.9, 0.1)))
    with pytest.raises(RuntimeError, match="nothing"):
        panel.loss.value = 0.9
    assert "RuntimeError" in shown[-1][0]["text/plain"]
    panel.set(loss=0.2)
    with pytest.raises(RuntimeError, match="nothing"):
        panel.set(loss=0.9)


def test_an_error_says_what_it_came_from(shown, by_hand):
    def chained(loss):
        if loss:
            raise RuntimeError("the server failed") from ValueError("the cause")

    panel = show(explore(chained, lambda axes, data: "nothing", axes(), loss=(0, 1)))
    panel.loss.value = 1
    assert "because of:\nValueError: the cause" in shown[-1][0]["text/plain"]


def test_what_a_failing_draw_had_added_is_taken_away(by_hand):
    def half(axes, data):
        axes.plot(0.5, 0.5, "o")
        if data[0] > 0.5:
            raise ValueError("half way")
        return "a point"

    where = axes()
    before = len(where.get_children())
    panel = explore(share, half, where, loss=(0, 0.9, 0.1))
    panel.loss.value = 0.9
    assert len(where.get_children()) == before


WRONG = [
    (TypeError, "needs a function as its experiment", (3, point), {"loss": (0, 1)}),
    (TypeError, "needs a function as its draw", (share, "plot"), {"loss": (0, 1)}),
    (TypeError, "share has no parameter 'los' .it has: loss, del", (share, point), {"los": (0, 1)}),
    (TypeError, "share needs a value for 'loss'", (share, point), {"delay_ms": (0, 100)}),
    (ValueError, "loss: low must be below high", (share, point), {"loss": (1, 1)}),
    (ValueError, "loss: the step must be above 0", (share, point), {"loss": (0, 1, 0)}),
    (TypeError, "loss must be a Slider, .*, not 'a'", (share, point), {"loss": "a"}),
    (TypeError, "loss must be a Slider, .*, not \\[\\]", (share, point), {"loss": []}),
    (TypeError, "numbers, not '1'", (share, point), {"loss": (0, "1")}),
    (TypeError, "a label for 'los'", (share, point), {"loss": (0, 1), "labels": {"los": "x"}}),
]


@pytest.mark.parametrize(("error", "message", "functions", "settings"), WRONG)
def test_wrong_use_raises_at_the_call(error, message, functions, settings):
    with pytest.raises(error, match=message) as caught:
        explore(*functions, axes(), **settings)
    assert "\n" not in str(caught.value)


def test_a_start_outside_the_range_raises():
    with pytest.raises(ValueError, match=r"from 0 to 0\.9, and it is 1"):
        Slider(0, 0.9, 0.05, start=1)


def test_set_refuses_what_a_control_can_not_take():
    panel = explore(share, point, axes(), loss=(0, 0.9, 0.1), kind=["independent", "bursts"])
    with pytest.raises(ValueError, match=r"loss must be from 0 to 0\.9, not 2"):
        panel.set(kind="bursts", loss=2)
    with pytest.raises(ValueError, match="kind must be one of independent, bursts, not 'x'"):
        panel.set(kind="x")
    with pytest.raises(TypeError, match="no control 'los'"):
        panel.set(los=0.5)
    assert panel.values == {"loss": 0.0, "kind": "independent"}
    with pytest.raises(AttributeError, match="no control and no attribute 'los'"):
        _ = panel.los


@pytest.mark.parametrize("alt", [None, "", "  "])
def test_draw_has_to_return_alternative_text(alt):
    with pytest.raises(ValueError, match="alternative text"):
        explore(share, lambda axes, data: alt, axes(), loss=(0, 1))


def test_draw_must_not_clear_the_axes():
    def clears(axes, data):
        axes.clear()
        return "nothing"

    with pytest.raises(RuntimeError, match="must not clear the axes"):
        explore(share, clears, axes(), loss=(0, 1))


# --- Nothing is left behind


def test_a_panel_of_the_same_functions_replaces_the_old_one():
    before = len(_instances)
    first = weakref.ref(explore(share, point, axes(), loss=(0, 0.9)))
    alive = len(_instances)
    for _ in range(20):
        explore(share, point, axes(), loss=(0, 0.9), kind=["a", "b"])
    explore(share, point, axes(), loss=(0, 0.9))
    assert len(_instances) == alive
    assert len(MODULE._open_panels) == 1
    gc.collect()
    assert first() is None
    MODULE._open_panels.popitem()[1].close()
    assert len(_instances) == before


def test_a_hundred_changes_leave_one_figure_with_as_much_in_it_as_before():
    where = axes()

    def busy(axes, data):
        axes.plot([0, 1], [data[0], 0])
        axes.bar([0.5], [0.5])
        axes.errorbar([0.2], [0.5], yerr=0.1)
        axes.legend(["a"])
        return "bars"

    panel = explore(share, busy, where, loss=(0, 100))
    counts = len(where.get_children()), len(where.containers), len(_instances)
    for n in range(MANY):
        panel.loss.value = n
    assert (len(where.get_children()), len(where.containers), len(_instances)) == counts
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or pyplot.get_fignums() == []


def test_a_closed_panel_does_not_run_again(by_hand):
    panel = explore(share, point, axes(), loss=(0, 0.9, 0.1))
    control = panel.loss
    panel.close()
    panel.close()
    assert control.comm is None
    panel._answer()
    assert panel.data[0] == 0.0
    assert "loss" in repr(panel)


# --- The kept figure


def redrawn(kept: KeptFigure, draw, *all_data) -> np.ndarray:
    for data in all_data:
        png = kept.picture(data)[0]
    return pixels(png)


def line(axes, data) -> str:
    axes.plot([0, 1], [0, data], color=GREEN)
    axes.text(0.5, 0.5, f"{data}")
    return "a line"


def test_a_kept_figure_draws_what_a_fresh_one_draws():
    kept = redrawn(KeptFigure(axes(), line), line, 0.2, 0.9, 0.5)
    fresh = redrawn(KeptFigure(axes(), line), line, 0.5)
    assert np.array_equal(kept, fresh)
    assert kept.shape[1] == 1344


def test_limits_that_follow_the_data_are_drawn_anew():
    def free():
        return chart("free", "x", "y")[1]

    kept = redrawn(KeptFigure(free(), line), line, 100, 1)
    assert np.array_equal(kept, redrawn(KeptFigure(free(), line), line, 1))


@pytest.mark.parametrize(
    "change",
    [
        lambda axes, data: axes.set_title(f"{data}", loc="left"),
        lambda axes, data: axes.set_xlabel(f"{data}"),
        lambda axes, data: axes.set_xlim(0, 1 + data),
        lambda axes, data: axes.set_xticks([0, data]),
    ],
)
def test_a_change_of_the_fixed_part_shows(change):
    def draw(axes, data):
        change(axes, data)
        return line(axes, data)

    kept = redrawn(KeptFigure(axes(), draw), draw, 0.2, 0.5)
    assert np.array_equal(kept, redrawn(KeptFigure(axes(), draw), draw, 0.5))


def test_a_line_without_a_colour_keeps_its_colour():
    def plain(axes, data):
        axes.plot([0, 1], [0, data])
        return "a line"

    kept = KeptFigure(axes(), plain)
    assert np.array_equal(redrawn(kept, plain, 0.5), redrawn(kept, plain, 0.2, 0.5))


@pytest.mark.parametrize("size", [(2.0, 1.5), (3.01, 2.02), (7.0, 3.4)])
def test_a_picture_encoded_again_is_the_canvas_to_the_bit(size):
    figure, where = chart("t", "x", "y", *size)
    encoder, canvas = PngEncoder(), figure.canvas
    for height in (0.1, 0.9, 0.1, 0.5):
        (mark,) = where.plot(0.5, height, "o")
        canvas.draw()
        png = encoder.encode(canvas)
        mark.remove()
        canvas_as_it_is = np.asarray(canvas.buffer_rgba())[:, :, :3]
        assert np.array_equal(np.round(pixels(png)[:, :, :3] * 255), canvas_as_it_is)
        size_of_data = int.from_bytes(png[33:37], "big")
        assert zlib.decompress(png[41 : 41 + size_of_data])  # its checksum is right as well


# --- In a kernel

CELL = """from helpers.figures.explore import explore
from helpers.figures.plots import chart

def experiment(loss):
    return loss

def draw(axes, data):
    return f"loss {1 / (1 - data):.1f}"

panel = explore(experiment, draw, chart("t", "x", "y")[1], loss=(0, 1, 0.5))
panel"""


def run(*cells: str) -> list:
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    root = str(MODULE.__file__).rpartition("helpers")[0]
    client = NotebookClient(notebook, timeout=60, resources={"metadata": {"path": root}})
    client.execute()
    return [cell.outputs for cell in notebook.cells]


def test_in_a_kernel_a_cell_leaves_controls_and_one_picture_and_an_error_fails_the_cell():
    outputs = run(CELL, "panel.set(loss=0.5)", "panel.data")
    kinds = [output.output_type for output in outputs[0]]
    assert kinds == ["display_data"] * 3
    line, controls, picture = (output.data for output in outputs[0])
    assert line["text/plain"].startswith("Run this cell to move the sliders: loss")
    assert "application/vnd.jupyter.widget-view+json" in controls
    assert picture["text/plain"] == "loss 2.0"
    assert outputs[2][0].data["text/plain"] == "0.5"
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        run(CELL, "panel.loss.value = 1.0")


def test_exit_in_an_experiment_ends_the_run_and_not_the_kernel():
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from helpers import Picture, explore\n"
        "panel = explore(lambda p: exit(), lambda data: None, p=(0, 5))"
    )
    notebook = new_notebook(cells=[new_code_cell(code), new_code_cell("print('still here')")])
    NotebookClient(notebook, timeout=60, allow_errors=True).execute()
    first, second = notebook.cells
    assert "It has ended this function only" in str(first.outputs)
    assert second.outputs[0].text == "still here\n"
