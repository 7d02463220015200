"""Colours stand out: ratios of contrast as WCAG 2.2 defines and asks for them.

Text needs 4.5 to 1 (success criterion 1.4.3), a line or an edge that one must see needs 3 to 1
(1.4.11). Figures are drawn on white; a dark theme turns them.
"""

import ast
import colorsys
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pages
import pytest
from drive.on_disk import ROOT, SOURCES
from matplotlib.colors import to_hex, to_rgb

from helpers.figures import byte_chart as byte_rows
from helpers.look import palette, style
from helpers.look.card import SIGNS
from helpers.look.palette import FAINT, INK
from helpers.look.style import TURNED
from helpers.trace import diagram as diagrams
from helpers.trace.trace import Trace

WHITE, DARK = "#ffffff", "#111111"  # what is below an output in JupyterLab's two themes
TEXT, LINE = 4.5, 3.0
SEEN = {"plot", "step", "errorbar", "hist", "bar", "barh", "broken_barh", "scatter", "stem"}
SEEN |= {"axvline", "axhline", "hlines", "vlines", "fill_between", "annotate"}
WRITTEN = {"text", "set_title", "set_xlabel", "set_ylabel", "suptitle", "set_text"}
EDGES = {"edgecolor", "ec", "edgecolors", "markeredgecolor", "mec"}


def luminance(colour: str) -> float:
    """The relative luminance of a colour, from 0 for black to 1 for white (WCAG 2.2)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """The ratio of contrast of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def schemes() -> list[dict[str, str]]:
    """The colours of the pages by name: the light scheme, then the dark one."""
    sheet = (pages.HERE / pages.STYLE).read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", sheet)
    return [{name: pair[place] for name, *pair in pairs} for place in (0, 1)]


def code_of(path: Path) -> Iterator[ast.Call]:
    """Every call in a Python file; lines that are for IPython are left out."""
    lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line[:1] not in "%!"]
    tree = ast.parse("\n".join(lines))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def colour_of(node: ast.expr | None) -> str | None:
    """The colour that an argument names as a text or as a name of the palette, else None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != "none":
        return node.value
    return getattr(palette, node.id, None) if isinstance(node, ast.Name) else None


def too_faint(call: ast.Call) -> str:
    """What is wrong with the colours of a call, or "" where nothing is (or nothing is known)."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    given = {each.arg: colour_of(each.value) for each in call.keywords if each.arg}
    colour = given.get("color") or given.get("c") or given.get("facecolor")
    ground = given.get("backgroundcolor") or WHITE
    if name in WRITTEN and colour and contrast(colour, ground) < TEXT:
        return f"{name}: {colour} on {ground} is {contrast(colour, ground):.1f} to 1, not {TEXT}"
    edges = [given[each] for each in EDGES if given.get(each)]
    best = max((contrast(each, WHITE) for each in [colour, *edges] if each), default=LINE)
    return (
        f"{name}: {colour} is {best:.1f} to 1, not {LINE}" if name in SEEN and best < LINE else ""
    )


def test_the_ratio_is_the_one_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("colours", schemes(), ids=["light", "dark"])
def test_words_on_a_page_stand_out(colours: dict[str, str]):
    grounds = {name: colours[name] for name in ("paper", "code", "stripe")}
    for name in set(colours) - set(grounds) - {"line", "mark"}:
        for ground, below in grounds.items():
            assert contrast(colours[name], below) >= TEXT, f"{name} on {ground}"
    for below in grounds.values():  # the outline of what has the focus
        assert contrast(colours["mark"], below) >= LINE


def test_both_schemes_name_the_same_colours():
    light, dark = schemes()
    assert light.keys() == dark.keys()


@pytest.mark.parametrize("name", [*style.STATES, *style.KINDS])
def test_the_stripe_of_a_card_is_seen_in_both_themes(name: str):
    colour = {**style.STATES, **style.KINDS}[name]
    for ground in (WHITE, DARK):
        assert contrast(colour, ground) >= LINE


@pytest.mark.parametrize("name", style.STATES)
def test_the_sign_of_a_state_is_read_on_its_colour(name: str):
    assert contrast(WHITE, style.STATES[name]) >= TEXT


def test_every_state_and_kind_with_a_sign_has_a_colour_and_no_two_signs_are_the_same():
    assert set(SIGNS) <= set(style.STATES) | set(style.KINDS)
    assert set(style.STATES) <= set(SIGNS)
    assert len(set(SIGNS.values())) == len(SIGNS)


def test_words_in_a_figure_and_its_lines_stand_out():
    assert contrast(INK, WHITE) >= TEXT
    assert contrast(FAINT, WHITE) >= LINE
    for colour, _ in diagrams.STYLES.values():
        assert contrast(colour, WHITE) >= LINE


def test_verdicts_on_bytes_are_read_on_their_boxes():
    for _, edge, face, _ in byte_rows.VERDICTS.values():
        assert contrast(INK, face) >= TEXT
        assert contrast(edge, WHITE) >= LINE


def test_every_word_of_a_sequence_diagram_stands_out():
    trace = Trace()
    for number in range(60):  # more than are drawn: the note below is a word, too
        trace.record("server", "client", "data", b"%d" % number)
    drawing = diagrams.sequence_diagram(trace, "A title")
    root = ET.fromstring(drawing.svg)
    assert len(list(root.iter("{http://www.w3.org/2000/svg}text"))) > 40
    assert root.get("fill") == INK  # which words have that say nothing else
    words = re.findall(r'<text[^>]* fill="([^"]+)"', drawing.svg)
    words += re.findall(r"\.at,\.pause{[^}]*fill:([^}]+)}", drawing.svg)
    assert len(words) == 1  # the times
    for colour in (INK, *words):
        assert contrast(colour, WHITE) >= TEXT
        assert contrast(turned(colour), turned(WHITE)) >= TEXT


# --- In a dark theme


def turned(colour: str) -> str:
    """A colour as the dark theme shows it (Filter Effects Module Level 1, 12.1.3 and 12.1.6).

    Both filters work on the colours as they are written, and not on light, and each cuts off what
    is below 0 or above 1.
    """
    amount, degrees = re.fullmatch(r"invert\((\.\d+)\) hue-rotate\((\d+)deg\)", TURNED).groups()
    inverted = [float(amount) + c * (1 - 2 * float(amount)) for c in to_rgb(colour)]
    cos, sin = math.cos(math.radians(int(degrees))), math.sin(math.radians(int(degrees)))
    light = np.array([0.213, 0.715, 0.072])
    matrix = np.tile(light, (3, 1)) + cos * (np.eye(3) - light)
    matrix += sin * np.array(
        [[-0.213, -0.715, 0.928], [0.143, 0.140, -0.283], [-0.787, 0.715, 0.072]]
    )
    return to_hex(np.clip(matrix @ inverted, 0, 1))


def hue(colour: str) -> float:
    """A colour's hue, in degrees from red."""
    return 360 * colorsys.rgb_to_hsv(*to_rgb(colour))[0]


PALETTE = {name: value for name, value in vars(palette).items() if name.isupper()}


def test_white_becomes_the_ground_of_the_dark_theme():
    assert turned(WHITE) == "#121212"
    assert contrast(turned(WHITE), DARK) < 1.02


@pytest.mark.parametrize("name", PALETTE)
def test_a_colour_of_the_palette_stands_out_in_the_dark_as_it_does_on_white(name: str):
    here, there = contrast(PALETTE[name], WHITE), contrast(turned(PALETTE[name]), turned(WHITE))
    least = TEXT if name == "INK" else LINE
    assert there >= min(least, here)


@pytest.mark.parametrize("name", sorted(set(PALETTE) - {"INK", "FAINT"}))
def test_a_colour_of_the_palette_keeps_its_hue_in_the_dark(name: str):
    apart = abs(hue(PALETTE[name]) - hue(turned(PALETTE[name])))
    assert min(apart, 360 - apart) < 25


def test_verdicts_on_bytes_are_read_on_their_boxes_in_the_dark():
    for _, edge, face, _ in byte_rows.VERDICTS.values():
        assert contrast(turned(INK), turned(face)) >= TEXT
        assert contrast(turned(edge), turned(WHITE)) >= LINE


@pytest.mark.parametrize(
    "path", [*SOURCES, *sorted((ROOT / "helpers").rglob("*.py"))], ids=lambda path: path.stem
)
def test_no_colour_that_is_drawn_with_is_too_faint(path: Path):
    found = [f"line {call.lineno}, {fault}" for call in code_of(path) if (fault := too_faint(call))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("axes.text(0, 0, 'a', color='#D55E00')", True),
        ("axes.text(0, 0, 'a', color=RED)", True),
        ("axes.text(0, 0, 'a', color=INK)", False),
        ("axes.text(0, 0, 'a', backgroundcolor='white')", False),
        ("axes.plot(x, y, color=ORANGE)", True),
        ("axes.plot(x, y, color=RED)", False),
        ("axes.bar(x, y, color=SKY, edgecolor=BLUE)", False),
        ("axes.bar(x, y, color=unknown)", False),
        ("axes.grid(color='#E5E5E5')", False),
    ],
)
def test_a_faint_colour_is_found_where_it_is_named(code: str, wrong: bool):
    assert bool(too_faint(ast.parse(code, mode="eval").body)) is wrong
