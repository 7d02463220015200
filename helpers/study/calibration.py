"""First predictions beside what was measured: how near the learner's guesses are, as a picture."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from helpers.look.palette import BLUE, DARK_ORANGE, INK
from helpers.look.picture import Drawing
from helpers.look.svg import FONTS, escaped, short
from helpers.study import progress
from helpers.study.nearness import Value, is_far
from helpers.study.renumbered import FIRSTS
from helpers.study.sureness import LEVELS

WIDTH, LEFT, RIGHT, ROW, TOP = 660, 104, 528, 28, 84
EDGE = 1.2  # of the scale, in powers of ten from what was measured
TICKS = {-1.0: "a tenth", -math.log10(2): "half", 0.0: "equal", math.log10(2): "double", 1.0: "ten"}
NEAR = "#E3EEF6"
TITLE = 'font-size="15" font-weight="bold"'


@dataclass(frozen=True)
class Guess:
    """A first prediction, what was measured first after it, and how "sure" the learner was before,
    one of `LEVELS`; "" where that was not said."""

    name: str
    predicted: Value
    measured: Value
    sure: str = ""

    @property
    def chapter(self) -> str:
        """The number of its chapter."""
        return self.name[:2]

    @property
    def is_choice(self) -> bool:
        """Whether it is one of some choices, and no number."""
        return isinstance(self.predicted, str) or isinstance(self.measured, str)

    @property
    def far(self) -> bool:
        """Whether it was far off; a choice, whether it was another."""
        return is_far(self.predicted, self.measured)

    @property
    def off(self) -> float:
        """By how many powers of ten a number was too high; below 0 where it was too low. Where one
        of the two is 0 or they differ in sign, infinitely many."""
        if self.predicted == self.measured:
            return 0.0
        if self.predicted * self.measured > 0:
            size = math.log10(self.predicted / self.measured)
            return size if self.measured > 0 else -size
        return math.inf if self.predicted > self.measured else -math.inf


def guesses() -> list[Guess]:
    """All first predictions that something was measured after, by name."""
    return [
        Guess(name, entry["value"], entry["measured"], entry.get("sure", ""))
        for name, entry in sorted(progress.section(FIRSTS).items())
        if "measured" in entry
    ]


def finding(all_of_them: Sequence[Guess]) -> str:
    """What the picture shows, in a sentence or two."""
    near = sum(not each.far for each in all_of_them)
    said = f"{near} of {len(all_of_them)} first predictions were near"
    off = [each.off for each in all_of_them if each.far and not each.is_choice]
    low, high = sum(each < 0 for each in off), sum(each > 0 for each in off)
    if low + high < 3 or min(low, high) * 3 > max(low, high):
        return said
    return f"{said}; those far off were mostly too {'low' if low > high else 'high'}"


def calibration(all_of_them: Sequence[Guess]) -> Drawing:
    """A mark for each predicted number, a row for each chapter; choices are counted at the side."""
    rows: dict[str, list[Guess]] = defaultdict(list)
    for each in all_of_them:
        rows[each.chapter].append(each)
    bottom = TOP + ROW * len(rows)
    parts = [*_frame(bottom, finding(all_of_them))]
    for number, (chapter, group) in enumerate(sorted(rows.items())):
        parts += _row(TOP + ROW * (number + 0.5), chapter, group)
    said = f"{finding(all_of_them)}. {_in_words(rows)}"
    return _drawing(parts, said, bottom + 48)


def told_how_sure(all_of_them: Sequence[Guess]) -> list[tuple[str, int, int]]:
    """For each level of sureness that was said: its name, how many were near, and of how many."""
    levels = [(level, [each for each in all_of_them if each.sure == level]) for level in LEVELS]
    return [(name, sum(not each.far for each in few), len(few)) for name, few in levels if few]


def sureness(all_of_them: Sequence[Guess]) -> Drawing:
    """A bar for each level of sureness: which part of its predictions was near."""
    levels = told_how_sure(all_of_them)
    said = ", ".join(f"{level}: {near} of {count}" for level, near, count in levels)
    surest, right, asked = levels[-1]
    title = f"Where you said “{surest}”, {right} of {asked} were near"
    parts = [_text(12, 24, title, TITLE)]
    for number, (level, near, count) in enumerate(levels):
        y = 44 + ROW * number
        wide = (RIGHT - LEFT) * near / count
        parts += [
            _text(12, y + 14, level),
            f'<rect x="{LEFT}" y="{y}" width="{RIGHT - LEFT}" height="20" fill="{NEAR}"/>',
            f'<rect x="{LEFT}" y="{y}" width="{short(wide)}" height="20" fill="{BLUE}"/>',
            _text(WIDTH - 12, y + 14, f"{near} of {count}", 'text-anchor="end"'),
        ]
    alt = f"How often predictions were near, by how sure you were: {said}."
    return _drawing(parts, alt, 44 + ROW * len(levels) + 4)


def _drawing(parts: list[str], alt: str, height: int) -> Drawing:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="{escaped(FONTS)}" font-size="13" '
        f'fill="{INK}"><rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>'
    )
    return Drawing(svg, alt, WIDTH, height)


def _in_words(rows: dict[str, list[Guess]]) -> str:
    told = []
    for chapter, group in sorted(rows.items()):
        near = sum(not each.far for each in group)
        told.append(f"{near} of {len(group)} in chapter {chapter}")
    return f"Near: {', '.join(told)}."


def _frame(bottom: float, title: str) -> list[str]:
    """All that stands there before the marks: title, legend, the scale and where it is near."""
    low, high = (_across(math.log10(each)) for each in (0.5, 2))
    parts = [
        _text(12, 24, title, TITLE),
        _near(18, 44),
        _text(30, 48, "within a factor of two"),
        _diamond(196, 44),
        _text(208, 48, "further off"),
        _triangle(304, 44, 1),
        _text(316, 48, "beyond the scale, or zero"),
        f'<rect x="{short(low)}" y="{TOP - 8}" width="{short(high - low)}" '
        f'height="{short(bottom - TOP + 12)}" fill="{NEAR}"/>',
        _text((RIGHT + LEFT) / 2, TOP - 14, "near", 'text-anchor="middle"'),
        _text(WIDTH - 12, TOP - 14, "choices", 'text-anchor="end"'),
    ]
    for power, word in TICKS.items():
        x = short(_across(power))
        parts.append(
            f'<path d="M{x} {bottom + 4}v6" stroke="{INK}"/>'
            + _text(_across(power), bottom + 23, word, 'text-anchor="middle"')
        )
    said = "your number, in parts of what was measured"
    parts.append(f'<path d="M{LEFT} {bottom + 4}H{RIGHT}" stroke="{INK}"/>')
    parts.append(_text((LEFT + RIGHT) / 2, bottom + 41, said, 'text-anchor="middle"'))
    return parts


def _row(y: float, chapter: str, group: list[Guess]) -> list[str]:
    choices = [each for each in group if each.is_choice]
    numbers = sorted((each for each in group if not each.is_choice), key=lambda each: each.off)
    parts = [_text(12, y + 4, f"chapter {chapter}")]
    parts.append(f'<path d="M{LEFT} {short(y)}H{RIGHT}" stroke="#8A8A8A" stroke-width=".5"/>')
    if choices:
        right = sum(not each.far for each in choices)
        said = f"{right} of {len(choices)}"
        parts.append(_text(WIDTH - 12, y + 4, said, 'text-anchor="end"'))
    last, level = -math.inf, 0
    for each in numbers:
        x = _across(each.off)
        level = level + 1 if x - last < 11 else 0  # marks that would hide each other
        last = x
        dy = (0, -8, 8)[level % 3]
        if abs(each.off) > EDGE:
            parts.append(_triangle(x, y + dy, 1 if each.off > 0 else -1))
        else:
            parts.append(_diamond(x, y + dy) if each.far else _near(x, y + dy))
    return parts


def _across(power: float) -> float:
    middle = (LEFT + RIGHT) / 2
    return middle + max(-EDGE, min(EDGE, power)) / EDGE * (RIGHT - LEFT) / 2


def _text(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{short(x)}" y="{short(y)}" {more}>{escaped(words)}</text>'


def _near(x: float, y: float) -> str:
    return f'<circle cx="{short(x)}" cy="{short(y)}" r="5" fill="{BLUE}"/>'


def _diamond(x: float, y: float) -> str:
    return _outlined(f"M{short(x - 6)} {short(y)}l6 -6l6 6l-6 6z")


def _triangle(x: float, y: float, way: int) -> str:
    return _outlined(f"M{short(x - 5 * way)} {short(y - 6)}l{10 * way} 6l{-10 * way} 6z")


def _outlined(path: str) -> str:
    return f'<path d="{path}" fill="#fff" stroke="{DARK_ORANGE}" stroke-width="2"/>'
