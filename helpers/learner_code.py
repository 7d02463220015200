"""Finding the learner's own lines in tracebacks and in threads at work."""

from __future__ import annotations

import functools
import gc
import linecache
import os
import sys
import sysconfig
import threading
import traceback
import types
from pathlib import Path

_NOT_THE_LEARNERS = tuple(
    dict.fromkeys(
        [
            str(Path(__file__).parent),
            str(Path(threading.__file__).parent),
            *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
            "<frozen",
            "<__array_function__",  # numpy's
        ]
    )
)
# Of whatever environment: also of the user's own, or of one that a notebook was pointed at.
_PACKAGES = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages"))
_listing_frames = threading.Lock()


@functools.lru_cache(1024)
def is_learners(file: str) -> bool:
    """Whether code of this file is the learner's: no helper's, library's or importer's.

    A notebook's cell is the learner's, and so is a file beside it; an installed package is not.
    """
    return not file.startswith(_NOT_THE_LEARNERS) and not any(each in file for each in _PACKAGES)


def learners_part(trace: types.TracebackType | None) -> types.TracebackType | None:
    """A traceback cut to the learner's frames; whole where it has none of them."""
    kept, frame = [], trace
    while frame:
        if is_learners(frame.tb_frame.f_code.co_filename):
            kept.append(frame)
        frame = frame.tb_next
    if not kept:
        return trace
    for frame, following in zip(kept, [*kept[1:], None], strict=True):
        frame.tb_next = following
    return kept[0]


def has_learners_frame(error: BaseException) -> bool:
    """Whether an error passed through a line of the learner's."""
    frames = traceback.walk_tb(error.__traceback__)
    return any(is_learners(frame.f_code.co_filename) for frame, _ in frames)


def frames_of_all_threads() -> dict[int, types.FrameType]:
    """The innermost frame of each other thread, by the thread's identifier.

    Not that of the calling thread: a caller that keeps what it gets would keep itself, in a circle,
    and with it all frames until the collector comes.

    As long as anybody holds a frame, its variables live on, also when its function has returned: a
    `memoryview` among them keeps a bytearray from being emptied. So let go of frames before
    anything waits, or reads a file; where their code is enough, ask `code_of_all_threads`.

    Without the garbage collector: where it sets in while Python lists the frames, older versions
    stop for ever (CPython issue 106883).
    """
    with _listing_frames:
        was_on = gc.isenabled()
        gc.disable()
        try:
            frames = sys._current_frames()
            frames.pop(threading.get_ident(), None)
            return frames
        finally:
            if was_on:
                gc.enable()


def code_of_all_threads() -> dict[int, types.CodeType]:
    """The code that each other thread runs, by the thread's identifier; keeps no frame."""
    return {ident: frame.f_code for ident, frame in frames_of_all_threads().items()}


def place_of(thread: threading.Thread) -> str:
    """The learner's line that a thread is in, as `line_in_words` says it."""
    own = thread is threading.current_thread()
    frame = learners_frame(sys._getframe() if own else frames_of_all_threads().get(thread.ident))
    if frame is None:
        return "code that can't be seen from here"
    words = line_of_frame(frame)
    del frame
    return words


def learners_frame(frame: types.FrameType | None) -> types.FrameType | None:
    """The innermost of the learner's frames, from this one outwards; None where there is none."""
    while frame and not is_learners(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def line_of_frame(frame: types.FrameType) -> str:
    """The line that a frame is in, as `line_in_words` says it."""
    return line_in_words(frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name)


def line_in_words(file: str, number: int, function: str = "") -> str:
    """A line of a file as "line 4 of ask: `data = connection.recv(10)`".

    Args:
        file: where it stands.
        number: which line of the file, or of the notebook's cell, it is.
        function: the one that it belongs to; what has no name of its own, as a lambda, is left out.
    """
    line = linecache.getline(file, number).strip()
    place = f"line {number} of {function}" if function.isidentifier() else f"line {number}"
    return f"{place}: `{line}`" if line else place
