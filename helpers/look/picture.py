"""Pictures as a notebook shows and keeps them: an `<img>` that carries its alternative text."""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass

PICTURE_CLASS = "course-picture"  # by which `style` finds them
TOLD = "course-told"  # the class of what a saved chart shows, in words, right after it
PNG, SVG = "image/png", "image/svg+xml"


@dataclass(frozen=True, repr=False)
class Drawing:
    """An SVG with alternative text; notebooks show it and keep both.

    Attributes:
        svg: a whole SVG document.
        alt: what it shows, in a sentence or two, for those who can't see it.
        width: in pixels of the screen, as height.
        height: given too, so that nothing below it moves while the picture is loaded.
    """

    svg: str
    alt: str
    width: int
    height: int

    def __post_init__(self) -> None:
        check_alternative_text(self.alt)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return image_bundle(self.svg.encode(), self.alt, self.width, self.height, SVG)

    def __repr__(self) -> str:
        return self.alt


def check_alternative_text(alt: str) -> None:
    """Raise ValueError where a picture's alternative text says nothing."""
    if not alt.strip():
        raise ValueError("a picture needs alternative text: say in a sentence what it shows")


def image_bundle(data: bytes, alt: str, width: int, height: int, kind: str = PNG) -> dict[str, str]:
    """A picture as a notebook shows it: as large as said, and smaller where there is less room.

    It is an `<img>` in both cases: from a notebook that a reader has downloaded and not yet run,
    JupyterLab takes away inline SVG and styles, and leaves this (with its class).

    Args:
        data: the picture, as a file would hold it.
        alt: its alternative text, which a notebook keeps in an `<img>` only.
        width: in pixels of the screen, as height.
        height: given too, so that nothing below it moves while the picture is loaded.
        kind: `PNG` or `SVG`.
    """
    # Decoded with the page, so that there is never a gap between two pictures.
    image = (
        f'<img class="{PICTURE_CLASS}" alt="{html.escape(alt)}" width="{width}" '
        f'height="{height}" decoding="sync" style="max-width: 100%; height: auto" '
        f'src="data:{kind};base64,{base64.b64encode(data).decode("ascii")}">'
    )
    return {"text/html": image, "text/plain": alt}
