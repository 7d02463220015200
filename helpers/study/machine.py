"""Whether this machine has what the course needs, as a table with remedies.

Standard library only: it must tell of the packages that are missing.
"""

from __future__ import annotations

import errno
import os
import secrets
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from helpers import welcome
from helpers.look.card import SIGNS, card, marked, sign, verdict
from helpers.look.tables import html_table
from helpers.open_files import files_open
from helpers.shadows import shadows

# The chapters run without JupyterLab, in Visual Studio Code for instance.
PACKAGES = (*welcome.ESSENTIAL, "ipython", "jupyterlab")
USEFUL = {"jupyterlab": "Only needed where the course is opened in JupyterLab."}
MODULES = {"ipython": "IPython"}  # that have another name than their package
FEWEST_FILES = 128  # open at the same time: a kernel has 67 before any of ours
ALL_CASES = 220  # for fifty clients of an exercise, both of whose ends are here
ALL_CLIENTS = 1024  # for the 1,000 of chapter 08
MORE_FILES = "`ulimit -n 4096` in the shell, and then `python3 course.py lab`; or ask who runs it."
FILES = "Restart the kernel: that closes them. Then see the row on the open-file limit."


STATES = {"ok": "right", "note": "note", "problem": "wrong"}  # as `look` calls them


@dataclass(frozen=True)
class Finding:
    """One row of the table.

    Attributes:
        what: what was looked at.
        found: what was found.
        state: "ok", "note" (the course copes) or "problem".
        remedy: what to do where the state is not "ok".
    """

    what: str
    found: str
    state: str = "ok"
    remedy: str = ""


class MachineCheck:
    """The findings, as a notebook or as plain text shows them."""

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings

    @property
    def ok(self) -> bool:
        """Whether the course can run here."""
        return not any(finding.state == "problem" for finding in self.findings)

    def __repr__(self) -> str:
        return "\n".join(
            f"{finding.state:8}{finding.what}: {finding.found}"
            + (f". {finding.remedy}" if finding.remedy else "")
            for finding in self.findings
        )

    def _repr_html_(self) -> str:
        # What is well is told quietly: the eye is to find the rest.
        signs = {state: sign(STATES[state]) for state in STATES} | {"ok": SIGNS["right"]}
        rows = [
            (
                f'<span class="course-state">{signs[each.state]} {each.state}</span>',
                *map(marked, (each.what, each.found, each.remedy)),
            )
            for each in self.findings
        ]
        table = html_table(("State", "What", "Found", "What to do"), rows)
        state = "right" if self.ok else "wrong"
        return card("machine", "This machine", verdict(state, self._headline), table, state=state)

    @property
    def _headline(self) -> str:
        problems = sum(each.state == "problem" for each in self.findings)
        if self.ok:
            return "This machine has what the course needs"
        return f"{problems} {'problem' if problems == 1 else 'problems'} to solve first"


def check_machine() -> MachineCheck:
    """Look at Python and its packages, at loopback, open files, a port, and the notebook's folder.

    The folder is the one that the kernel works in.
    """
    looks = [_python, *(_package_look(name) for name in PACKAGES)]
    looks += [_tcp, _udp, _ipv6, _localhost, _open_files, _names, _folder, _port]
    return MachineCheck([look() for look in looks])


def _python() -> Finding:
    found = welcome.this_python().removeprefix("Python ")
    if tuple(sys.version_info[:2]) >= welcome.OLDEST_PYTHON:
        return Finding("Python", found)
    return Finding("Python", found, "problem", "Install Python 3.11 or newer from python.org.")


def _package_look(name: str) -> Callable[[], Finding]:
    """How a package is looked at: it is missing, hidden, too old, untried or as it should be."""
    worst = "note" if name in USEFUL else "problem"
    module = MODULES.get(name, name)

    def look() -> Finding:
        if hiding := welcome.hidden_by(module):
            remedy = f"Give this file another name, and restart the kernel: {hiding.name}"
            return Finding(name, f"hidden by {hiding}", worst, remedy)
        if not welcome.is_there(module):
            return Finding(name, "missing", worst, USEFUL.get(name) or welcome.how_to_install())
        found, tried = welcome.version(name), welcome.locked().get(name)
        needed = welcome.lower_bounds().get(name, "0")
        if not found:
            return Finding(name, "there")  # but not by pip or conda, which note the version
        if welcome.numbers(found) < welcome.numbers(needed) and not welcome.on_colab():
            remedy = USEFUL.get(name) or welcome.how_to_install()
            return Finding(name, f"{found}, older than {needed}", worst, remedy)
        if tried and found not in tried:
            remedy = (
                f"The course was tested with {' and '.join(sorted(tried))}. It need not matter."
            )
            return Finding(name, found, "note", remedy)
        return Finding(name, found)

    return look


def _tcp() -> Finding:
    return _round_trip("TCP on 127.0.0.1", socket.AF_INET, "127.0.0.1", socket.SOCK_STREAM)


def _udp() -> Finding:
    return _round_trip("UDP on 127.0.0.1", socket.AF_INET, "127.0.0.1", socket.SOCK_DGRAM)


def _ipv6() -> Finding:
    finding = _round_trip("TCP on ::1 (IPv6)", socket.AF_INET6, "::1", socket.SOCK_STREAM)
    if finding.state == "ok" or finding.remedy == FILES:
        return finding
    remedy = "The course works without it and says where."
    return Finding(finding.what, finding.found, "note", remedy)


def _round_trip(what: str, family: int, host: str, kind: int) -> Finding:
    """Send a few bytes from one socket of this process to another."""
    try:
        with socket.socket(family, kind) as server, socket.socket(family, kind) as client:
            for sock in (server, client):
                sock.settimeout(2)
            server.bind((host, 0))
            if kind == socket.SOCK_DGRAM:
                client.sendto(b"hello", server.getsockname())
                received = server.recv(16)
            else:
                server.listen()
                client.connect(server.getsockname())
                connection, _ = server.accept()
                with connection:
                    client.sendall(b"hello")
                    connection.settimeout(2)
                    received = connection.recv(16)
    except OSError as error:
        return Finding(what, error.strerror or str(error), "problem", _way_out(error))
    return Finding(what, f"{len(received)} bytes crossed")


def _way_out(error: OSError) -> str:
    """What to do where bytes do not cross inside this machine."""
    if error.errno == errno.EMFILE:
        return FILES
    if error.errno in (errno.ENETUNREACH, errno.EADDRNOTAVAIL):
        return "The loopback interface is down: on Linux, `sudo ip link set lo up` starts it."
    return "A firewall, or a sandbox that this runs in, forbids it: allow 127.0.0.1 there."


def _localhost() -> Finding:
    try:
        found = socket.getaddrinfo("localhost", 80, type=socket.SOCK_STREAM)
    except OSError as error:
        remedy = "Add the line `127.0.0.1 localhost` to the hosts file."
        if error.errno == errno.EMFILE:
            remedy = FILES
        return Finding("the name localhost", error.strerror or str(error), "note", remedy)
    return Finding("the name localhost", ", then ".join(str(entry[4][0]) for entry in found))


def _open_files() -> Finding:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return Finding("open-file limit", "none on this system")
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit == resource.RLIM_INFINITY:
        return Finding("open-file limit", "none")
    if limit >= ALL_CLIENTS:
        return Finding("open-file limit", f"{limit:,}")
    found = f"{limit:,}, of which this notebook has {files_open()} open"
    if limit < FEWEST_FILES:
        return Finding("open-file limit", found, "problem", f"Too few to work with. {MORE_FILES}")
    means = "Chapter 08 shows fewer clients"
    if limit < ALL_CASES:
        means += ", and a few cases of its exercises are not tried here"
    remedy = f"{means}; all else is the same. For more: {MORE_FILES}"
    return Finding("open-file limit", found, "note", remedy)


def _names() -> Finding:
    """Whether a file beside the notebook has the name of a module of Python's or of a package."""
    what = "names of your files"
    found = shadows()
    if not found:
        return Finding(what, "none is called like a part of Python")
    remedy = "Rename them: each hides the module of that name from programs beside it, and some "
    remedy += "keep a kernel from starting."
    return Finding(what, ", ".join(found), "note", remedy)


def _folder() -> Finding:
    """Whether chapters can write their scripts beside the notebook."""
    what = "the notebook's folder"
    try:
        probe = Path(f".course-{secrets.token_hex(8)}")  # `tempfile` would try for ever on Windows
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        remedy = "Start with `python3 course.py lab`, which works in a folder of yours then."
        return Finding(what, f"can't be written: {error.strerror}", "problem", remedy)
    # `course.py lab` sets the variable where the course's own folder can't be written.
    return Finding(what, os.getcwd() if "COURSE_FOLDER" in os.environ else "can be written")


def _port() -> Finding:
    try:
        with socket.create_server(("127.0.0.1", 12345)):
            return Finding("port 12345", "free, for chapter 02")
    except OSError as error:
        if error.errno == errno.EMFILE:
            return Finding("port 12345", error.strerror, "note", FILES)
        remedy = "Another program holds it. Chapter 02 takes the next free one."
        return Finding("port 12345", "taken", "note", remedy)
