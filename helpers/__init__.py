"""The course's stage: what a chapter needs beside the networking that it shows.

Each name is loaded when a chapter first asks for it, so that a chapter that draws nothing does not
wait for matplotlib. The wings below are laid out in CONTRIBUTING.
"""

from __future__ import annotations

import importlib

from helpers import welcome

welcome.check_python()  # what is below needs it

from helpers.old_names import add_old_modules  # noqa: E402
from helpers.uninterrupted import uninterrupted  # noqa: E402

_WHERE = {
    "figures.byte_chart": ("byte_chart", "draw_pieces", "draw_verdicts"),
    "figures.explore": ("Slider", "explore"),
    "figures.live": ("live",),
    "figures.plots": ("Picture", "chart", "marks"),
    "link.link": ("Link",),
    "load.charts": ("crowd_axes", "draw_crowd", "percentiles_chart", "rates_chart"),
    "load.crowd": ("crowd", "is_connected"),
    "load.load": ("ask_once", "hold_open", "idle_memory", "keep_asking", "processor_time"),
    "look.palette": ("BLUE", "FAINT", "GREEN", "ORANGE", "RED"),
    "open_files": ("files_left", "files_open", "open_file_limits", "room_for"),
    "servers.listening": ("free_port",),
    "servers.scripts": ("run_script",),
    "servers.servers": ("run_server",),
    "study.assess": ("assess",),
    "study.check": ("check", "own_answer"),
    "study.course_map": ("course_map",),
    "study.first_cell": ("page_style",),
    "study.fresh": ("fresh", "start_over"),
    "study.hand_in": ("hand_in",),
    "study.interop": ("interop",),
    "study.machine": ("check_machine",),
    "study.predict": ("predict", "predicted"),
    "study.progress_page": ("progress",),
    "study.quiz": ("order", "puzzle", "quiz"),
    "study.review": ("review",),
    "study.words": ("glossary", "words"),
    "trace.diagram": ("sequence_diagram",),
    "trace.packet_table": ("packet_table",),
    "trace.pcap": ("write_pcap",),
}
_MODULES = {name: module for module, names in _WHERE.items() for name in names}
__all__ = sorted(_MODULES)
WITHOUT_PACKAGES = {"check_machine"}  # it is what tells of them
add_old_modules()


def __getattr__(name: str) -> object:
    """Load what a chapter imports."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name not in WITHOUT_PACKAGES:
        welcome.check_packages()
    with uninterrupted():  # a package that is imported in part fails at every later import
        module = importlib.import_module(f"{__name__}.{_MODULES[name]}")
    value = globals()[name] = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return __all__
