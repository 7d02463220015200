"""JupyterLab in a real, headless browser, for the browser test and the pictures.

`lab_server` serves a copy of the repository on a free loopback port, with settings of its own, so
that neither the reader's files nor the reader's Jupyter are touched. `browser_page` drives it.
"""

import json
import os
import re
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
from urllib.parse import urlsplit

import psutil
from waiting import wait_until

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
IGNORED = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "*.part")

# What the page is asked about each code cell, in order; every cell is in the page (windowing off).
CELL_STATES = """() => [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')].map(cell => ({
    prompt: cell.querySelector('.jp-InputPrompt').textContent,
    text: cell.querySelector('.jp-OutputArea')?.innerText ?? '',
    error: cell.querySelector('[data-mime-type="application/vnd.jupyter.error"]')?.innerText ?? '',
}))"""


# The indicator in the toolbar says "idle" before there is a kernel, so the session is asked itself.
KERNEL_IS_READY = """() => {
    const panel = window.jupyterapp?.shell.currentWidget;
    return panel?.context?.isReady && panel.sessionContext?.isReady
        && panel.sessionContext.session?.kernel?.status === 'idle';
}"""
WHAT_LAB_SAYS = """() => {
    const kernel = window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel;
    const said = each => each.innerText;
    const dialogs = [...document.querySelectorAll('.jp-Dialog-content')].map(said);
    return [kernel?.status ?? 'no kernel', kernel?.connectionStatus, ...dialogs];
}"""
SCROLL_TO_TOP = """() => {
    document.querySelector('.jp-WindowedPanel-outer').scrollTop = 0;
    const cells = document.querySelectorAll('.jp-Notebook .jp-Cell');
    return Math.ceil(cells[cells.length - 1].getBoundingClientRect().bottom) + 60;
}"""
RUN_COMMAND = """name => {
    window.courseDone = false;
    window.jupyterapp.commands.execute(name).finally(() => { window.courseDone = true; });
}"""


@dataclass(frozen=True)
class LabServer:
    """A running JupyterLab: where it listens, how to get in, and the folder that it serves."""

    url: str
    token: str
    folder: Path


def find_chromium() -> str | None:
    """Return the path of a Chromium that this machine has, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


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
    for name in ("notebooks", "helpers"):
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
    }
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    command += ["--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", "--expose-app-in-browser"]
    command += [f"--ServerApp.root_dir={folder}", "--LabApp.news_url=", "--log-level=WARN"]
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
        yield LabServer(json.loads(runtime.read_text())["url"], token, folder)
    finally:
        _end(process)


def _answers(runtime: Path) -> bool:
    try:
        url = json.loads(runtime.read_text(encoding="utf-8"))["url"]
        with urllib.request.urlopen(f"{url}api", timeout=2):
            return True
    except (OSError, ValueError, urllib.error.URLError):
        return False


def _end(process: subprocess.Popen) -> None:
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


class LabPage:
    """One browser page with JupyterLab in it, and every host that the page asked for anything."""

    def __init__(self, page, server: LabServer) -> None:
        self.page = page
        self.server = server
        self.hosts: set[str] = set()
        page.on("request", lambda request: self._note(request.url))
        page.on("websocket", lambda connection: self._note(connection.url))

    def _note(self, url: str) -> None:
        if host := urlsplit(url).hostname:  # data: and blob: addresses have none
            self.hosts.add(host)

    def open(self, notebook: str, seconds: float = 60) -> None:
        """Open a notebook (a path below the served folder) and wait until its kernel is idle."""
        address = f"{self.server.url}doc/tree/{notebook}?token={self.server.token}&reset"
        self.page.goto(address, timeout=seconds * 1000)
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=seconds * 1000)
        self.page.wait_for_function(KERNEL_IS_READY, timeout=seconds * 1000)

    def command(self, name: str, seconds: float = 60) -> None:
        """Run a command of JupyterLab, and wait until it is done."""
        self.page.evaluate(RUN_COMMAND, name)
        self.page.wait_for_function("() => window.courseDone", timeout=seconds * 1000)

    def run_all(self, notebook: str, seconds: float = 120) -> None:
        """Clear all outputs, run all cells, and wait until each has run or one has failed.

        Raises TimeoutError where neither has happened after `seconds`. JupyterLab calls its command
        done at the first error, even an intended one, so the cells themselves are asked.
        """
        self.command("notebook:clear-all-cell-outputs")
        self.command("notebook:run-all-cells", seconds)
        if not wait_until(lambda: not self.not_run() or self.errors(notebook), seconds):
            raise TimeoutError(
                f"{notebook}: code cells {self.not_run()} have not run. "
                f"JupyterLab says {self.page.evaluate(WHAT_LAB_SAYS)!r}; "
                f"the first of them shows {self._output_of(self.not_run())!r}."
            )
        self.page.wait_for_function(KERNEL_IS_READY, timeout=seconds * 1000)

    def _output_of(self, numbers: list[int]) -> str:
        """What the first of these code cells shows so far."""
        states = self.page.evaluate(CELL_STATES)
        return states[numbers[0] - 1]["text"][:500] if numbers else ""

    def not_run(self) -> list[int]:
        """Return the numbers (from 1, code cells only) of the cells without an execution count."""
        states = self.page.evaluate(CELL_STATES)
        return [
            number
            for number, state in enumerate(states, start=1)
            if not re.search(r"\[\d+\]", state["prompt"])
        ]

    def errors(self, notebook: str) -> list[str]:
        """Return each error that a code cell shows, unless its tag says that it is meant to."""
        saved = json.loads((self.server.folder / notebook).read_text(encoding="utf-8"))
        code = [cell for cell in saved["cells"] if cell["cell_type"] == "code"]
        found = []
        for cell, state in zip(code, self.page.evaluate(CELL_STATES), strict=True):
            if "raises-exception" not in cell["metadata"].get("tags", []) and state["error"]:
                found.append(state["error"])
            if "Error displaying widget" in state["text"]:
                found.append("Error displaying widget")
        return found

    def show_first_picture(self) -> bool:
        """Scroll to the first picture among the outputs; return whether there is one."""
        pictures = self.page.locator('.jp-OutputArea-output img[alt]:not([alt=""])')
        if not pictures.count():
            return False
        pictures.first.evaluate("image => image.scrollIntoView({block: 'center'})")
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('.jp-OutputArea-output img')]"
            ".every(image => image.complete)"
        )
        return True

    def whole_height(self) -> int:
        """Scroll to the top; return the height in CSS pixels that shows the notebook whole."""
        return self.page.evaluate(SCROLL_TO_TOP)

    def pictures_of_all(self, stem: Path, slice_height: int = 2000) -> list[Path]:
        """Save the whole page as `stem-1.png`, `stem-2.png` ... of at most `slice_height` each."""
        width, height = self.page.viewport_size["width"], self.whole_height()
        self.page.set_viewport_size({"width": width, "height": height})
        self.whole_height()  # a new size can have scrolled the page
        written = []
        for number, top in enumerate(range(0, height, slice_height), start=1):
            path = stem.with_name(f"{stem.name}-{number}.png")
            clip = {"x": 0, "y": top, "width": width, "height": min(slice_height, height - top)}
            self.page.screenshot(path=path, clip=clip)
            written.append(path)
        return written


@contextmanager
def browser_page(
    server: LabServer, width: int = 1280, height: int = 800, scale: float = 2
) -> Iterator[LabPage]:
    """Open a page in a headless Chromium, and close both when the block ends.

    Width and height are in CSS pixels; a screenshot has `scale` times as many. Raises RuntimeError
    where the machine has no Chromium.
    """
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        raise RuntimeError(f"No Chromium found (looked for {', '.join(BROWSERS)}).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        try:
            context = browser.new_context(
                viewport={"width": width, "height": height}, device_scale_factor=scale
            )
            yield LabPage(context.new_page(), server)
        finally:
            browser.close()
