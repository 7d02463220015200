"""What an SVG needs that is written as text: how wide words are without a font, and escaping."""

from __future__ import annotations

import html
import unicodedata

# What the page's own words are set in, so that a drawing looks as a part of it.
FONTS = "system-ui, 'Segoe UI', Roboto, Arial, sans-serif"
# In parts of the font's size, as wide as in DejaVu Sans and rounded up: that is what most Linux
# desktops have, and Arial, Helvetica, Segoe and Roboto are narrower.
_WIDTHS = {
    0.3: "'IJijl",
    0.35: r" ,./:;\|",
    0.4: "()-[]ft",
    0.45: "!r",
    0.5: '"*_`',
    0.55: "?csz",
    0.6: "FLkvxy",
    0.65: "$0123456789EPSTYabdeghnopqu{}",
    0.7: "ABCKRVXZ",
    0.75: "NU",
    0.8: "&DGHOQ",
    0.85: "#+<=>^w~",
    0.9: "M",
    1.0: "%@Wm",
}
_WIDTH_OF = {character: width for width, group in _WIDTHS.items() for character in group}
_OTHER, _WIDE = 1.0, 1.3  # "…" is 1.0 wide, an emoji up to 1.25
_CONTROL_PICTURES = 0x2400  # U+2400 stands for the null character, U+2401 for the next


def text_width(text: str, size: float) -> float:
    """At the least, how much room a line of text needs at a font size; both in the same unit."""
    return size * sum(_width(character) for character in text)


def _width(character: str) -> float:
    if character in _WIDTH_OF:
        return _WIDTH_OF[character]
    if unicodedata.east_asian_width(character) in "WF":
        return _WIDE
    if unicodedata.combining(character):
        return 0.0
    return _WIDTH_OF.get(unicodedata.normalize("NFD", character)[0], _OTHER)  # "é" is as "e"


def escaped(text: str) -> str:
    """Any text as XML may hold it between two tags.

    A control character becomes the sign that pictures it, as "␀", for XML 1.0 has no way to write
    most of them (section 2.2). What else can't be printed becomes "�": a sign that turns the
    direction of writing would spoil the line.
    """
    return html.escape("".join(map(_printed, text)), quote=False)


def _printed(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":  # a space of any width
        return character
    code = ord(character)
    return chr(_CONTROL_PICTURES + code) if code < 0x20 else "�"


def short(number: float) -> str:
    """A coordinate to a tenth, in as few characters as it takes."""
    return f"{round(number, 1):g}"


def milliseconds(seconds: float) -> str:
    """A moment in milliseconds, to three digits or whole: "0.05 ms", "12.3 ms", "153 ms"."""
    value = seconds * 1000
    decimals = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0
    return f"{value:.{decimals}f} ms"


def duration(seconds: float) -> str:
    """A length of time to two digits, in the unit that suits: "93 ms", "0.4 s", "5 min"."""
    if seconds < 0.0995:
        return f"{float(f'{seconds * 1000:.2g}'):g} ms"
    if seconds < 99.5:
        return f"{float(f'{seconds:.2g}'):g} s"
    return f"{float(f'{seconds / 60:.2g}'):g} min"
