"""What there is to say about this machine when something went wrong."""

import contextlib
import os
import platform
import shutil
import tempfile
from collections.abc import Mapping

from start.pip_settings import Settings
from start.places import ROOT, Venv, python_name
from start.remedies import Facts


def facts(settings: Settings, venv: Venv, variables: Mapping[str, str]) -> Facts:
    """Look for proxies, and for room where files are written."""
    proxies = {
        name.upper()
        for name in ("https_proxy", "all_proxy", "http_proxy")
        if variables.get(name) or variables.get(name.upper())
    }
    if "proxy" in settings.handed_on:
        proxies = {"proxy= in pip's settings"}
    cache = variables.get("UV_CACHE_DIR") or os.path.expanduser("~/.cache")
    places = {"TMPDIR": tempfile.gettempdir(), "the cache": cache, "the course's folder": ROOT}
    room = {}
    for name, path in places.items():
        with contextlib.suppress(OSError):
            room[name] = (str(path), shutil.disk_usage(path).free)
    return Facts(
        python=python_name(),
        machine=f"{platform.system()} {platform.machine()}".strip() or "this processor",
        proxies=tuple(sorted(proxies)),
        settings=(*settings.handed_on, *settings.overruled),
        unreadable=settings.unreadable,
        folder=venv.folder.name,
        room=room,
    )
