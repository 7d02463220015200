"""Pictures look the same whatever the reader's matplotlib is set to, and leave that as it is."""

import logging
import warnings

import matplotlib
import pytest

from helpers.figures.byte_chart import byte_chart, draw_pieces, draw_verdicts
from helpers.figures.kept_figure import KeptFigure
from helpers.figures.own_style import own_style
from helpers.figures.plots import Picture, chart, marks
from helpers.look.palette import BLUE, RED

# What readers' settings do: LaTeX, white on black, letters of 20 points, a font that is missing, a
# backend with windows, another size, a grid, no antialiasing, a sketch, other colours and formats.
SETTINGS = {
    "LaTeX": {"text.usetex": True},
    "dark": "dark_background",
    "comic": "xkcd",
    "large": {"font.size": 20, "axes.titlesize": 30, "figure.dpi": 300, "savefig.dpi": 20},
    "a font that is missing": {"font.family": ["No Such Font"], "font.sans-serif": ["Nor This"]},
    "all else": {
        "axes.autolimit_mode": "round_numbers",
        "axes.formatter.limits": [0, 0],
        "axes.unicode_minus": False,
        "axes.prop_cycle": matplotlib.cycler(color=["black"], linestyle=["--"]),
        "axes.xmargin": 0.4,
        "axes.grid": True,
        "errorbar.capsize": 9,
        "figure.autolayout": True,
        "figure.constrained_layout.hspace": 0.5,
        "hist.bins": 3,
        "legend.loc": "lower right",
        "lines.linewidth": 7,
        "lines.marker": "s",
        "path.sketch": (5, 50, 2),
        "text.antialiased": False,
        "xtick.direction": "in",
        "ytick.labelleft": False,
    },
}


def draw_all() -> list[bytes]:
    """Pictures with all that chapters draw, as a chapter's lines do it."""
    figure, axes = chart("Delay grows, 1 − p", "time (s)", "delay (ms)", 3, 3)
    axes.plot([1, 2, 3], [-1, 5, 2], label="measured")
    axes.errorbar([1, 2], [2, 3], [0.5, 0.2], fmt="o", label="a range")
    axes.hist([1, 1, 2, 3], label="hist")
    axes.axhline(2, linestyle="--")
    axes.fill_between([1, 2, 3], [0, 1, 0], step="post")
    axes.step([1, 2, 3], [3, 1, 2], where="mid")
    axes.annotate("here", (1, 2), (5, 5), textcoords="offset points")
    axes.text(2, 4, "words", backgroundcolor="white")
    marks(axes, [(1, 1)], "x", RED, "marks")
    axes.legend(frameon=False)
    pictures = [Picture(figure, "all kinds").png]
    figure, axes = chart("Logarithmic", "x", "y", 3, 2)
    axes.plot([1, 100], [1, 3])
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_yticks([1, 3], ["low", "high"])
    pictures.append(Picture(figure, "logarithmic").png)
    figure, axes = byte_chart("Bytes", b"lamp on\n", ["sent", "read"])
    draw_pieces(axes, [b"lamp", b" on\n"])
    draw_verdicts(axes, [b"lamp on\n"], ["right"], 1)
    pictures.append(Picture(figure, "bytes").png)

    def moved(axes, data):
        axes.plot([0, data], [0, 1])
        axes.legend(["moved"])
        return "a line"

    _, axes = chart("Kept", "x", "y", 3, 2)
    kept = KeptFigure(axes, moved)
    pictures += [kept.picture(number)[0] for number in (1, 2)]
    return pictures


@pytest.fixture
def the_readers(request):
    """A reader's settings, in force until the test's end."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        if request.param == "xkcd":
            with warnings.catch_warnings():
                matplotlib.pyplot.xkcd()
        elif isinstance(request.param, str):
            matplotlib.style.use(request.param)
        else:
            matplotlib.rcParams.update(request.param)
        yield dict(matplotlib.rcParams.items())


@pytest.fixture(scope="module")
def by_default():
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        return draw_all()


@pytest.mark.parametrize("the_readers", SETTINGS.values(), ids=list(SETTINGS), indirect=True)
def test_every_picture_is_the_same_to_the_pixel_and_the_readers_settings_stay(
    the_readers, by_default, caplog
):
    with caplog.at_level(logging.INFO):
        drawn = draw_all()
    assert drawn == by_default
    assert dict(matplotlib.rcParams.items()) == the_readers
    assert not caplog.records


@pytest.mark.parametrize("the_readers", [{"lines.linewidth": 7}], indirect=True)
def test_the_readers_own_figures_go_on_as_they_set_them(the_readers):
    _, axes = chart("Ours", "x", "y")
    ours = axes.plot([1, 2])[0]
    theirs = matplotlib.figure.Figure().subplots().plot([1, 2])[0]
    assert (ours.get_linewidth(), theirs.get_linewidth()) == (1.5, 7)


@pytest.mark.parametrize("the_readers", [{"lines.linewidth": 7}], indirect=True)
def test_the_readers_settings_come_back_after_an_error(the_readers):
    _, axes = chart("Ours", "x", "y")
    with pytest.raises(ValueError):
        axes.plot([1, 2], [1, 2, 3])
    with pytest.raises(ZeroDivisionError), own_style(), own_style():
        raise ZeroDivisionError
    assert matplotlib.rcParams["lines.linewidth"] == 7


def test_further_axes_of_a_chart_are_in_the_style_too(monkeypatch):
    _, axes = chart("Ours", "x", "y")
    monkeypatch.setitem(matplotlib.rcParams, "lines.linewidth", 7)
    line = axes.twinx().plot([1, 2], color=BLUE)[0]
    assert line.get_linewidth() == 1.5


def test_what_belongs_to_windows_is_left_alone():
    before = dict.__getitem__(matplotlib.rcParams, "backend")
    with own_style():
        dict.__setitem__(matplotlib.rcParams, "backend", "svg")
    assert matplotlib.rcParams["backend"] == "svg"
    dict.__setitem__(matplotlib.rcParams, "backend", before)
