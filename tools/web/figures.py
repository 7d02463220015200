"""Pictures on a page: each in a figure of its own, with the buttons that belong to it."""

from __future__ import annotations

import base64
import io
import re

from bs4 import BeautifulSoup, Tag
from PIL import Image

from web.cells import SCROLLED
from web.styles import DATA

LARGER = '<button type="button" class="larger">Larger</button>'
# Written into the page and not made by the script, which would move what stands below.
PLAYER = (
    '<div class="player needs-script" role="group" aria-label="Packet by packet">'
    '<button type="button">Back</button><button type="button">Next</button>'
    f'<button type="button">Play</button>{LARGER}'
    '<span class="said" aria-live="polite"></span></div>'
)
TOOLS = f'<div class="tools needs-script">{LARGER}</div>'


def wrap_figures(soup: BeautifulSoup) -> None:
    """Give each picture of an output its place, its size and its buttons; the page is changed."""
    for image in soup.select("img.course-picture"):
        frame = image.wrap(soup.new_tag("div", attrs={"class": "frame scrolls"}))
        frame.attrs |= {"tabindex": "0", "role": "group", "aria-label": f"Picture. {SCROLLED}"}
        figure = frame.wrap(soup.new_tag("div", attrs={"class": "figure"}))
        _say_size(image)
        _without_style(image)
        image["decoding"] = "async"
        bar = PLAYER if packets_of(image["src"]) > 1 else TOOLS
        if packets_of(image["src"]):
            figure["class"] = "figure has-packets"
        figure.append(BeautifulSoup(bar, "html.parser"))


def _without_style(image: Tag) -> None:
    """Take away the drawing's white ground, which the page gives to each picture.

    The page's policy allows no style in an attribute, also in what a script unpacks.
    """
    if image["src"].startswith(DATA):
        svg = base64.b64decode(image["src"].removeprefix(DATA))
        bare = re.sub(rb'^(<svg [^>]*?) style="[^"]*"', rb"\1", svg)
        image["src"] = DATA + base64.b64encode(bare).decode("ascii")


def packets_of(source: str) -> int:
    """How many packets a picture shows that is a sequence diagram; 0 for any other."""
    if not source.startswith(DATA):
        return 0
    return base64.b64decode(source.removeprefix(DATA)).count(b'class="packet"')


def _say_size(image: Tag) -> None:
    """Give a picture its size where it does not say it, so that nothing moves when it is there."""
    if image.get("width") or not image["src"].startswith("data:image/png;base64,"):
        return
    data = base64.b64decode(image["src"].partition(",")[2])
    with Image.open(io.BytesIO(data)) as picture:
        image["width"], image["height"] = (str(side // 2) for side in picture.size)
