"""A copy of the course that `course.py lab` takes for set up, and the JupyterLab started from it.

Its .venv sees the packages of the Python that makes it, so nothing is installed. It is there for
what has to be tried as a learner starts it: all of `course.py lab`, from the first line on.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from drive.lab import end_with_family
from drive.on_disk import ROOT
from drive.waiting import wait_until
from jupyter_client.blocking import BlockingKernelClient

STAMP = """
from start.places import VENV
from start.set_up import LEARNER
from start.stamp import stamp_lines, write_stamp
write_stamp(stamp_lines(LEARNER, VENV), VENV)
"""
SECONDS = 60
ADDRESS = re.compile(r"https?://[\w.\[\]:-]+:(\d+)(/\S*)\?token=(\w+)")


def make_course_copy(folder: Path, without: tuple[str, ...] = ()) -> Path:
    """Copy the course to a folder that is not there yet, with a .venv; return the folder.

    Args:
        folder: the copy's place.
        without: names of files and folders that are left out.
    """
    folder.mkdir(parents=True)
    for name in ("course.py", "requirements.txt"):
        shutil.copy(ROOT / name, folder)
    leave_out = shutil.ignore_patterns(".*", "__pycache__", "*.part", "kept-*", "*.pcap", *without)
    for name in ("notebooks", "helpers", "tools"):
        shutil.copytree(ROOT / name, folder / name, ignore=leave_out)
    venv = folder / ".venv"
    make = [sys.executable, "-I", "-m", "venv", "--without-pip", str(venv)]
    subprocess.run(make, check=True, timeout=SECONDS)
    places = {name: str(venv) for name in ("base", "platbase", "installed_base")}
    packages = Path(sysconfig.get_path("purelib", "venv", vars=places))
    here = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    (packages / "shared.pth").write_text("\n".join(dict.fromkeys(here)), encoding="utf-8")
    for name in ("share", "etc"):  # JupyterLab's page, and which of its parts are on
        if (there := Path(sys.prefix, name)).is_dir():
            (venv / name).symlink_to(there, target_is_directory=True)
    python = Path(sysconfig.get_path("scripts", "venv", vars=places), Path(sys.executable).name)
    tools = f"import sys; sys.path.insert(0, {str(folder / 'tools')!r})\n"
    base = getattr(sys, "_base_executable", sys.executable)
    subprocess.run([base, "-I", "-c", tools + STAMP], check=True, timeout=SECONDS)
    assert python.exists(), python
    return folder


@dataclass
class StartedLab:
    """A JupyterLab that `course.py lab` has started."""

    process: subprocess.Popen
    log: Path
    address: str = ""  # of the server, such as http://127.0.0.1:8888/
    page: str = ""  # that it opens, below the address
    token: str = ""
    said: list[str] = field(default_factory=list)

    @property
    def output(self) -> str:
        """All that course.py and JupyterLab have printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def api(self, path: str, body: object = None, of: str = "api") -> object:
        """What the server answers to a request for api/`path`, or to one with a body, as JSON."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.address}{of}/{path}", data)
        request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=10) as reply:
            return json.loads(reply.read() or "null")


def learner_environment(home: Path, **changes: str) -> dict[str, str]:
    """The variables of a learner whose home this is, without those of the one who tests."""
    away = ("JUPYTER", "PIP_", "PYTHON", "COURSE", "SSH_", "XDG_", "IPYTHON", "MPL", "BROWSER")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(away)}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "VIRTUAL_ENV"):
        kept.pop(name, None)
    kept |= {"HOME": str(home), "USERPROFILE": str(home), "APPDATA": str(home / "AppData")}
    return kept | changes


@contextmanager
def started_lab(
    course: Path,
    arguments: list[str],
    environment: Mapping[str, str],
    log: Path,
    before: list[str] | None = None,
    folder: Path | None = None,
) -> Iterator[StartedLab]:
    """Run `course.py lab` until its JupyterLab answers; end it and its family with the block.

    Args:
        course: what `make_course_copy` has made.
        arguments: what the learner says behind `lab`.
        environment: their variables.
        log: a file for what is printed.
        before: a command that starts the rest in limits, as `abuse/launch.py` does.
        folder: where the learner is, by default the folder above the course.

    Raises:
        RuntimeError: where it ends, or does not answer within a minute, with what it printed.
    """
    python = getattr(sys, "_base_executable", sys.executable)
    command = [*(before or []), python, str(course / "course.py"), "lab", *arguments]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder or course.parent,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    lab = StartedLab(process, log)
    try:
        wait_until(lambda: process.poll() is not None or _answers(lab), SECONDS)
        if process.poll() is not None or not lab.address:
            raise RuntimeError(f"JupyterLab did not start: {lab.output}")
        yield lab
    finally:
        end_with_family(process)


@contextmanager
def notebook_kernel(
    lab: StartedLab, notebook: str, runtime: Path
) -> Iterator[BlockingKernelClient]:
    """Start a notebook's kernel as the page does, and give a client of it; the lab ends it.

    Args:
        lab: the running lab.
        notebook: its path below the folder that is served.
        runtime: where Jupyter keeps the files of its connections.
    """
    wanted = {"path": notebook, "name": "", "type": "notebook", "kernel": {"name": "python3"}}
    kernel = lab.api("sessions", wanted)["kernel"]["id"]
    client = BlockingKernelClient(connection_file=str(runtime / f"kernel-{kernel}.json"))
    client.load_connection_file()
    client.start_channels()
    try:
        if not wait_until(lambda: _is_ready(client), SECONDS):
            raise RuntimeError(f"the kernel of {notebook} does not answer: {lab.output}")
        yield client
    finally:
        client.stop_channels()


def _is_ready(client: BlockingKernelClient) -> bool:
    try:
        client.wait_for_ready(timeout=SECONDS)
    except RuntimeError:  # a heartbeat came late on a busy machine, or the kernel has died
        return False
    return True


def printed(client: BlockingKernelClient, source: str) -> str:
    """What a cell prints; with the traceback, where it fails."""
    shown: list[str] = []

    def hear(message: dict) -> None:
        content = message["content"]
        shown.append(content.get("text", "") + "\n".join(content.get("traceback", [])))

    client.execute_interactive(source, timeout=SECONDS, output_hook=hear)
    return "".join(shown)


def error_of(client: BlockingKernelClient, source: str) -> str:
    """The error that a cell ends with, as "ValueError: ..."; "" for none."""
    reply = client.execute_interactive(source, timeout=SECONDS, output_hook=lambda message: None)
    content = reply["content"]
    return f"{content['ename']}: {content['evalue']}" if content["status"] == "error" else ""


def _answers(lab: StartedLab) -> bool:
    """Whether the server has said where it is, and answers there."""
    found = None
    for found in ADDRESS.finditer(lab.output):
        if found[0].startswith(("http://127.", "https://127.")):
            break
    if found is None:
        return False
    lab.page, lab.token = found[2], found[3]
    lab.address = f"{found[0].partition('://')[0]}://127.0.0.1:{found[1]}/"
    try:
        return bool(lab.api("status"))
    except (OSError, ValueError, urllib.error.URLError):
        return False
