"""The pages' style: one sheet, and a rule for each `style="..."` that helpers have written.

The pages' security policy allows no style in an attribute, so each becomes a class.
"""

from __future__ import annotations

import base64
import hashlib
import re
import xml.etree.ElementTree as ET
from pathlib import Path

from bs4 import BeautifulSoup

from helpers.figures.live.view import FOLDER
from helpers.look.picture import SVG
from helpers.look.style import SHEET
from helpers.look.unpacked import SCRIPT

HERE = Path(__file__).resolve().parent
STYLE = "pages.css"
DATA = f"data:{SVG};base64,"


class Styles:
    """The styles that the attributes of all pages hold, each under the name of a class."""

    def __init__(self) -> None:
        self._rules: dict[str, str] = {}

    def take(self, soup: BeautifulSoup) -> None:
        """Replace the style attributes of a page by classes."""
        for tag in soup.select("[style]"):
            style = re.sub(r"\s+", " ", tag["style"]).strip().rstrip(";")
            del tag["style"]
            if style:
                name = f"s-{hashlib.sha256(style.encode()).hexdigest()[:8]}"
                self._rules[name] = style
                tag["class"] = [*tag.get("class", []), name]

    def sheet(self) -> str:
        """The whole style sheet of the site."""
        own = (HERE / STYLE).read_text(encoding="utf-8")
        live = (FOLDER / "view.css").read_text(encoding="utf-8")  # for the gallery
        rules = "".join(f".{name} {{ {rule}; }}\n" for name, rule in sorted(self._rules.items()))
        return f"/* The outputs, as in a notebook. */{SHEET}{live}\n{rules}{own}"


def hashes(html: str) -> list[str]:
    """What the policy calls the styles that a script unpacks on this page, in order.

    They are those of its diagrams, and the one that the script gives to each.
    """
    images = re.findall(f'src="{re.escape(DATA)}([^"]*)"', html)
    if not images:
        return []
    looks = re.search(r"const LOOKS = `(.*?)`;", SCRIPT.read_text(encoding="utf-8"), re.DOTALL)
    found = {looks[1]} if looks else set()
    for source in images:
        found |= styles_of(base64.b64decode(source))
    return sorted(_hashed(style) for style in found)


def styles_of(svg: bytes) -> set[str]:
    """The texts of a drawing's style elements; none where it can't be read."""
    try:
        tree = ET.fromstring(svg)
    except ET.ParseError:
        return set()
    return {each.text for each in tree.iter("{http://www.w3.org/2000/svg}style") if each.text}


def _hashed(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return f"'sha256-{digest}'"
