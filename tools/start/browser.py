"""Opens JupyterLab's page in a browser, or says how to reach it where no browser can be opened.

JupyterLab starts it, once it listens, with the page that holds its address. JupyterLab by itself
would open a browser for text in the terminal, or one on the screen of a machine far away.
"""

import getpass
import os
import re
import shlex
import socket
import sys
import urllib.parse
import urllib.request
import webbrowser
from collections.abc import Mapping
from pathlib import Path

USUAL_PORT = 8888  # JupyterLab's, where it is free
SCREENS = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")


def command(python: Path) -> str:
    """What to tell JupyterLab as its browser. Slashes only: it takes a backslash for an escape."""
    parts = (python.as_posix(), "-I", Path(__file__).as_posix())
    return " ".join(shlex.quote(each) for each in parts) + " %s"


def has_screen(environment: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether a browser would open where the learner sees it.

    A terminal that came by ssh has no screen, unless it brought one along (`ssh -X`).
    """
    if any(environment.get(name) for name in SCREENS):
        return True
    away = environment.get("SSH_CONNECTION") or environment.get("SSH_TTY")
    return platform in ("win32", "darwin") and not away


def how_to_reach(port: int | None = None) -> str:
    """What to do on another machine, to see in its browser what only this machine can reach.

    Args:
        port: the server's, where it is known already.
    """
    there = port or USUAL_PORT
    other = f" Where it has another port than {there}, write that one, twice."
    return (
        "JupyterLab can be reached from this machine alone. To use a browser of another one, run "
        f"there\n\n    ssh -N -L {there}:127.0.0.1:{there} {_user()}@{socket.gethostname()}\n\n"
        f"leave it running, and open the same address in its browser.{'' if port else other}\n"
    )


def address_in(page: str) -> str:
    """The address that JupyterLab's page leads to; the page itself where it can't be read."""
    try:
        with urllib.request.urlopen(page) as file:
            found = re.search(r'href="(https?://[^"]+)"', file.read().decode())
    except (OSError, ValueError):
        return page
    return found[1].replace("&amp;", "&") if found else page


def main(page: str) -> None:
    """Open the page, or say how to reach it."""
    if has_screen(os.environ):
        try:
            if webbrowser.open(page):
                return
        except (webbrowser.Error, OSError):
            pass
    address = address_in(page)
    print(f"\nNo browser can be opened here. The course is at\n\n    {address}\n")
    print(how_to_reach(urllib.parse.urlsplit(address).port), flush=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a number without a name, as in some containers
        return "USER"


if __name__ == "__main__":
    main(sys.argv[1])
