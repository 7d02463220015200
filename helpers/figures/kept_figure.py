"""A figure that is kept and redrawn fast, for pictures that follow a slider."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from helpers.figures.plots import SCREEN_DPI, small_png

if TYPE_CHECKING:  # imported where first used: a kernel that draws nothing starts sooner
    import numpy as np
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.backends.backend_agg import FigureCanvasAgg

SCALE = 2  # pixels of the picture for one of the screen, so that it stays sharp when enlarged
BAND = 16  # rows of the picture that are compressed together


class KeptFigure:
    """A figure whose fixed part is drawn once; each picture adds only what `draw` adds.

    What is on the axes at the start (title, labels, grid, a curve of theory) stays. What `draw`
    adds lies over it, and is taken away after each picture. Where `draw` changes the fixed part,
    such as a title or the limits, all is drawn anew: right, and several times slower.

    Args:
        axes: of a figure with an Agg canvas, such as `chart` returns; its figure is the caller's
            to leave alone from now on.
        draw: called as `draw(axes, data)`; adds to the axes and returns the alternative text.
    """

    def __init__(self, axes: Axes, draw: Callable[[Axes, Any], str]) -> None:
        self._axes, self._draw = axes, draw
        self._figure = axes.figure
        self._figure.set_dpi(SCALE * SCREEN_DPI)
        self._all_axes = list(self._figure.axes)
        self._titles = [each.title for each in self._all_axes]
        self._at_start = self._children()
        self._containers = [each for axes in self._all_axes for each in axes.containers]
        self._fixed: list[Artist] = []
        self._background: Any = None
        self._encoder = PngEncoder()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of the screen."""
        width, height = self._figure.get_size_inches() * SCREEN_DPI
        return round(width), round(height)

    def picture(self, data: object, small: bool = False) -> tuple[bytes, str]:
        """Draw the data; return the PNG and its alternative text.

        Args:
            data: what `draw` gets.
            small: whether the PNG is to be kept, and so takes a third of the bytes, and longer.

        Raises:
            ValueError: where `draw` returns no alternative text.
            RuntimeError: where `draw` clears the axes.
            Exception: whatever `draw` raises. What it had added is taken away.
        """
        from helpers.figures.own_style import own_style

        with own_style():
            return self._picture(data, small)

    def _picture(self, data: object, small: bool) -> tuple[bytes, str]:
        for axes in self._all_axes:
            axes.set_prop_cycle(None)  # else a line would change its colour from picture to picture
        try:
            alt = self._draw(self._axes, data)
            if [axes.title for axes in self._all_axes] != self._titles:
                raise RuntimeError(
                    "draw(axes, data) must not clear the axes: what it added to them for the last "
                    "picture is already gone"
                )
            if not isinstance(alt, str) or not alt.strip():
                raise ValueError(
                    "draw(axes, data) must return the picture's alternative text: what it shows, "
                    f"in a sentence (it returned {alt!r})"
                )
            self._render(self._added())
            canvas = self._figure.canvas
            png = self._encoder.encode(canvas)  # in any case, for the next one is faster by it
            return small_png(canvas) if small else png, alt
        finally:
            self._remove_added()

    def _children(self) -> list[Artist]:
        parents = [self._figure, *self._all_axes]
        return [child for parent in parents for child in parent.get_children()]

    def _added(self) -> list[Artist]:
        return [artist for artist in self._children() if artist not in self._at_start]

    def _render(self, added: list[Artist]) -> None:
        for axes in self._all_axes:
            axes.get_xlim(), axes.get_ylim()  # where they follow the data, they do so now
        canvas = self._figure.canvas
        if self._background is None or any(artist.stale for artist in self._fixed):
            for artist in added:
                artist.set_animated(True)  # leaves it out of canvas.draw()
            canvas.draw()
            self._background = canvas.copy_from_bbox(self._figure.bbox)
            self._fixed = self._all_but(added)
            for artist in self._fixed:
                artist.stale = False  # so that a later change shows
        else:
            canvas.restore_region(self._background)
        for artist in sorted(added, key=lambda artist: artist.get_zorder()):
            artist.draw(canvas.get_renderer())

    def _all_but(self, added: list[Artist]) -> list[Artist]:
        left_out = {id(part) for artist in added for part in artist.findobj()}
        # Adding anything makes the axes themselves stale, which says nothing.
        left_out |= {id(axes) for axes in self._all_axes}
        parts = self._figure.findobj(include_self=False)
        return [part for part in parts if id(part) not in left_out]

    def _remove_added(self) -> None:
        if [axes.title for axes in self._all_axes] != self._titles:
            self._titles = [axes.title for axes in self._all_axes]
            self._at_start, self._background = self._children(), None
            return
        for axes in self._all_axes:
            for container in [each for each in axes.containers if each not in self._containers]:
                container.remove()
        for artist in self._added():
            artist.remove()
        for axes in self._all_axes:
            if axes.get_autoscale_on():
                axes.relim()


class PngEncoder:
    """Turns a canvas into PNGs, again and again, in a fraction of the time that `savefig` takes.

    Trying row filters and long matches is what costs there, and a chart's flat areas gain little
    by it: here rows go in as they are (PNG specification, third edition, sections 5.3, 9.2). They
    are compressed in bands, each by itself, and a band that looks as it did last time is not
    compressed again: a moved point changes a few of them.
    """

    def __init__(self) -> None:
        self._last: np.ndarray | None = None  # the pixels of the last picture
        self._bands: list[tuple[bytes, int, int]] = []  # compressed; checksum and length before

    def encode(self, canvas: FigureCanvasAgg) -> bytes:
        """What is on the canvas as a PNG of 8 bits each of red, green and blue."""
        import numpy as np

        pixels = np.asarray(canvas.buffer_rgba())
        height, width = pixels.shape[:2]
        whole = pixels.view(np.uint32)[:, :, 0]
        starts = range(0, height, BAND)
        if self._last is None or self._last.shape != whole.shape:
            self._last = whole.copy()
            self._bands = [_compressed(pixels[y : y + BAND]) for y in starts]
        else:
            changed = (whole != self._last).any(axis=1)
            for number, y in enumerate(starts):
                if changed[y : y + BAND].any():
                    self._bands[number] = _compressed(pixels[y : y + BAND])
                    self._last[y : y + BAND] = whole[y : y + BAND]
        checksum = 1
        for _, of_band, length in self._bands:
            checksum = _joined(checksum, of_band, length)
        body = b"".join(
            (b"\x78\x01", *(band for band, _, _ in self._bands), b"\x03\x00")
        ) + struct.pack(">I", checksum)
        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
        )


def _compressed(pixels: np.ndarray) -> tuple[bytes, int, int]:
    """A band of rows as a part of a deflate stream that needs no other part, its checksum, length.

    A full flush ends it at a whole byte and without a look back (RFC 1951, RFC 1950).
    """
    import numpy as np

    height, width = pixels.shape[:2]
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # each begins with filter 0
    for colour in range(3):
        rows[:, 1 + colour :: 3] = pixels[:, :, colour]
    deflate = zlib.compressobj(3, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = deflate.compress(rows) + deflate.flush(zlib.Z_FULL_FLUSH)
    return data, zlib.adler32(rows), rows.nbytes


def _joined(first: int, second: int, length: int) -> int:
    """The Adler-32 of two pieces from that of each and the second's length (RFC 1950, 8.2)."""
    low = (first & 0xFFFF) + (second & 0xFFFF) - 1
    high = (first >> 16) + (second >> 16) + length * ((first & 0xFFFF) - 1)
    return (high % 65521) << 16 | low % 65521
