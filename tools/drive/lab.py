"""A JupyterLab of its own, for the tests in a browser and for the pictures.

`lab_server` serves a copy of the repository on a free loopback port, with settings of its own, so
that neither the reader's files nor the reader's Jupyter are touched. `lab_page` drives it.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from drive.waiting import wait_until

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
IGNORED = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "*.part")


@dataclass(frozen=True)
class LabServer:
    """A running JupyterLab: where it listens, how to get in, and the folder that it serves."""

    url: str
    token: str
    folder: Path
    process: int  # its id

    @property
    def progress(self) -> Path:
        """The file that keeps what its learner has passed and predicted."""
        return self.folder.parent / "progress.json"


def _settings(folder: Path, theme: str) -> None:
    wanted = {
        "notebook-extension/tracker": {"windowingMode": "none"},
        "apputils-extension/notification": {"checkForUpdates": False, "fetchNews": "false"},
        "apputils-extension/themes": {"theme": THEMES[theme]},
        "docmanager-extension/plugin": {"autosave": False},
    }
    for name, values in wanted.items():
        path = folder / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")


@contextmanager
def lab_server(repository: Path, scratch: Path, theme: str = "light") -> Iterator[LabServer]:
    """Serve a copy of `repository`, made in the empty folder `scratch`, until the block ends.

    Raises RuntimeError with the server's log where it does not answer within a minute. At the end
    the server, its kernels and whatever they started are ended, by process id.
    """
    folder, token, log = scratch / "course", secrets.token_hex(16), scratch / "lab.log"
    for name in ("notebooks", "helpers", "tools"):
        shutil.copytree(repository / name, folder / name, ignore=IGNORED)
    _settings(scratch / "settings", theme)
    environment = os.environ | {
        "JUPYTER_TOKEN": token,
        "JUPYTER_CONFIG_DIR": str(scratch / "config"),
        "JUPYTER_DATA_DIR": str(scratch / "data"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(scratch / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(scratch / "workspaces"),
        "IPYTHONDIR": str(scratch / "ipython"),
        "COURSE_PROGRESS": str(scratch / "progress.json"),
        "JUPYTER_PATH": str(folder / "tools" / "start" / "jupyter"),  # kernels as learners have
    }
    command = [sys.executable, "-P", "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", "--expose-app-in-browser"]
    command += [f"--ServerApp.root_dir={folder}", "--LabApp.news_url=", "--log-level=WARN"]
    command += ["--LanguageServerManager.autodetect=False"]  # would start Node twenty times
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdout=output, stderr=output
        )
    try:
        runtime = scratch / "runtime" / f"jpserver-{process.pid}.json"
        answered = wait_until(lambda: process.poll() is not None or _answers(runtime), 60)
        if not answered or process.poll() is not None:
            raise RuntimeError(f"JupyterLab did not start: {log.read_text(errors='replace')}")
        yield LabServer(json.loads(runtime.read_text())["url"], token, folder, process.pid)
    finally:
        end_with_family(process)


def _answers(runtime: Path) -> bool:
    try:
        url = json.loads(runtime.read_text(encoding="utf-8"))["url"]
        with urllib.request.urlopen(f"{url}api", timeout=2):
            return True
    except (OSError, ValueError, urllib.error.URLError):
        return False


def end_with_family(process: subprocess.Popen) -> None:
    """End a process and all that it started, kindly first."""
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    process.terminate()
    for member in family:
        try:
            member.terminate()
        except psutil.NoSuchProcess:
            continue
    for member in psutil.wait_procs(family, timeout=5)[1]:
        member.kill()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
