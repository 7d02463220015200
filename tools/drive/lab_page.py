"""A page with JupyterLab in it, in a real, headless Chromium that can reach this machine only."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from drive.lab import THEMES, LabServer

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-pings",
    "--force-prefers-reduced-motion",
    # Pages are loaded anew so often that optimised code never pays, nor does collecting early.
    "--js-flags=--no-opt,--no-maglev,--min-semi-space-size=64",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    # Whatever it may want of another machine ends here: no name is looked up, and nobody listens
    # at the proxy. What is on this machine is asked without one.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=127.0.0.1",
]

CODE_CELLS = """window.jupyterapp.shell.currentWidget.content.widgets
    .filter(cell => cell.model.type === 'code')"""
# What the page is asked about each code cell, in order. An error is told by the notebook's model:
# on the page it looks as what a program wrote to stderr does.
CELL_STATES = f"""() => {CODE_CELLS}.map(cell => ({{
        prompt: cell.node.querySelector('.jp-InputPrompt').textContent,
        text: cell.node.querySelector('.jp-OutputArea')?.innerText ?? '',
        error: cell.model.outputs.toJSON().filter(output => output.output_type === 'error')
            .map(output => `${{output.ename}}: ${{output.evalue}}`).join(),
    }}))"""
# Whether each code cell has run, or one shows an error that is not among the numbers (from 0) of
# those that may.
HAVE_RUN_OR_ONE_HAS_FAILED = f"""mayFail => {{
    const cells = {CODE_CELLS};
    const failed = cell =>
        cell.model.outputs.toJSON().some(output => output.output_type === 'error');
    const prompt = cell => cell.node.querySelector('.jp-InputPrompt').textContent;
    return cells.every(cell => /\\[\\d+\\]/.test(prompt(cell)))
        || cells.some((cell, number) => !mayFail.includes(number) && failed(cell));
}}"""
# An answer shows in its control before the output that is saved has it.
HOLDS = f"""([number, text]) => JSON.stringify({CODE_CELLS}[number].model.outputs.toJSON())
    .includes(text)"""
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
RUN_COMMAND = """([name, values]) => {
    window.courseDone = false;
    window.jupyterapp.commands.execute(name, values).finally(() => { window.courseDone = true; });
}"""
OPEN_AGAIN = """async path => {
    const {shell, commands} = window.jupyterapp;
    [...shell.widgets('main')].forEach(each => each.dispose());
    const opened = await commands.execute('docmanager:open', {path, factory: 'Notebook'});
    shell.activateById(opened.id);
}"""
SHUT_DOWN = "() => window.jupyterapp?.shell.currentWidget?.sessionContext.shutdown()"
THEME_IS = "name => document.body.dataset.jpThemeName === name"
# Counts the pictures that the kernel sends in place of earlier ones.
COUNT_PICTURES = """() => {
    const panel = window.jupyterapp.shell.currentWidget;
    const pictures = window.pictures = {sent: 0, last: ''};
    panel.sessionContext.iopubMessage.connect((_, message) => {
        if (message.header.msg_type !== 'update_display_data') { return; }
        pictures.last = message.content.data['text/html'] ?? '';
        pictures.sent += 1;
    });
}"""


def find_chromium() -> str | None:
    """Return the path of a Chromium that this machine has, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


class LabPage:
    """One browser page with JupyterLab in it, and every host that the page asked for anything."""

    def __init__(self, page, server: LabServer) -> None:
        self.page = page
        self.server = server
        self.notebook: str | None = None  # that was opened last
        self.hosts: set[str] = set()
        page.on("request", lambda request: self._note(request.url))
        page.on("dialog", lambda dialog: dialog.accept())  # "changes may not be saved"
        page.on("websocket", lambda connection: self._note(connection.url))

    def _note(self, url: str) -> None:
        if host := urlsplit(url).hostname:  # data: and blob: addresses have none
            self.hosts.add(host)

    def open(self, notebook: str, seconds: float = 60) -> None:
        """Open a notebook (a path below the served folder) and wait until its kernel is idle."""
        address = f"{self.server.url}doc/tree/{notebook}?token={self.server.token}&reset"
        self.page.goto(address, timeout=seconds * 1000)
        self.notebook = notebook
        self._until_loaded(seconds)

    def go_on_to(self, notebook: str, seconds: float = 60) -> None:
        """Open a notebook in place of the one that is open, as a click in the file browser does."""
        self.page.evaluate(OPEN_AGAIN, notebook)
        self.notebook = notebook
        self._until_loaded(seconds)

    def reload(self, seconds: float = 60) -> None:
        """Load the page anew, as the browser's button does, and wait until its kernel is idle."""
        self.page.reload(timeout=seconds * 1000)
        self._until_loaded(seconds)

    def _until_loaded(self, seconds: float) -> None:
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=seconds * 1000)
        self.wait(KERNEL_IS_READY, seconds)
        self.page.evaluate(COUNT_PICTURES)

    def wait(self, condition: str, seconds: float = 60, arg: object = None) -> None:
        """Wait until a function of the page is true, or raise TimeoutError.

        The page is asked twenty times a second: Playwright asks at each frame otherwise, and has
        the page paint for nothing.
        """
        from playwright.sync_api import TimeoutError as TooLate

        try:
            self.page.wait_for_function(condition, arg=arg, timeout=seconds * 1000, polling=50)
        except TooLate:
            raise TimeoutError(f"not within {seconds} s: {condition}") from None

    def open_without_kernel(self) -> None:
        """End the kernel, close the notebook and open it again where no kernel can be had."""
        self.shut_down()
        sessions = "**/api/sessions?*"
        self.page.route(sessions, _no_new_session)
        try:
            self.page.evaluate(OPEN_AGAIN, self.notebook)
            self.page.wait_for_selector(".jp-Notebook .jp-Cell")
            self.page.locator(".jp-Dialog .jp-mod-accept").click()  # it says that there is none
            self.page.get_by_role("dialog").get_by_role("button", name="No Kernel").click()
        finally:
            self.page.unroute(sessions)

    def shut_down(self) -> None:
        """End the kernel, if there is one."""
        self.page.evaluate(SHUT_DOWN)

    def theme(self, name: str) -> None:
        """Change to the light or to the dark theme."""
        self.command("apputils:change-theme", values={"theme": THEMES[name]})
        self.wait(THEME_IS, arg=THEMES[name])

    def command(self, name: str, seconds: float = 60, values: dict | None = None) -> None:
        """Run a command of JupyterLab, and wait until it is done."""
        self.page.evaluate(RUN_COMMAND, [name, values or {}])
        self.wait("() => window.courseDone", seconds)

    def save(self, holds: dict[int, str]) -> None:
        """Save the notebook once the outputs of these code cells, from 0, hold these texts."""
        for number, text in holds.items():
            self.wait(HOLDS, arg=[number, text])
        self.command("docmanager:save")

    def run_all(self, notebook: str, seconds: float = 120) -> None:
        """Clear all outputs, run all cells, and wait until each has run or one has failed.

        Raises TimeoutError where neither has happened after `seconds`. JupyterLab calls its command
        done at the first error, even an intended one, so the cells themselves are asked.
        """
        self.command("notebook:clear-all-cell-outputs")
        self.command("notebook:run-all-cells", seconds)
        meant = [n for n, cell in enumerate(self._saved_cells(notebook)) if _may_fail(cell)]
        try:
            self.wait(HAVE_RUN_OR_ONE_HAS_FAILED, seconds, meant)
        except TimeoutError:
            raise TimeoutError(
                f"{notebook}: code cells {self.not_run()} have not run. "
                f"JupyterLab says {self.page.evaluate(WHAT_LAB_SAYS)!r}; "
                f"the first of them shows {self._output_of(self.not_run())!r}."
            ) from None
        self.wait(KERNEL_IS_READY, seconds)

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
        found = []
        states = self.page.evaluate(CELL_STATES)
        for cell, state in zip(self._saved_cells(notebook), states, strict=True):
            if state["error"] and not _may_fail(cell):
                found.append(state["error"])
            if "Error displaying widget" in state["text"]:
                found.append("Error displaying widget")
        return found

    def _saved_cells(self, notebook: str) -> list[dict]:
        """The code cells of a notebook's file."""
        saved = json.loads((self.server.folder / notebook).read_text(encoding="utf-8"))
        return [cell for cell in saved["cells"] if cell["cell_type"] == "code"]

    def show_first_picture(self) -> bool:
        """Scroll to the first picture among the outputs; return whether there is one."""
        shown = ':is(img[alt]:not([alt=""]), div.course-picture)'  # an image or an unpacked diagram
        pictures = self.page.locator(f".jp-OutputArea-output {shown}")
        if not pictures.count():
            return False
        pictures.first.evaluate("image => image.scrollIntoView({block: 'center'})")
        self.wait(
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


def _may_fail(cell: dict) -> bool:
    return "raises-exception" in cell["metadata"].get("tags", [])


def _no_new_session(route) -> None:
    if route.request.method == "POST":
        route.abort()
    else:
        route.continue_()


@contextmanager
def chromium() -> Iterator:
    """Start a headless Chromium (Playwright's `Browser`), and end it when the block ends.

    Raises RuntimeError where the machine has none.
    """
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    if path is None:
        raise RuntimeError(f"No Chromium found (looked for {', '.join(BROWSERS)}).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def browser_page(
    server: LabServer, width: int = 1280, height: int = 800, scale: float = 2
) -> Iterator[LabPage]:
    """Open a page in a Chromium of its own, and close both when the block ends.

    Width and height are in CSS pixels; a screenshot has `scale` times as many. Raises RuntimeError
    where the machine has no Chromium.
    """
    with chromium() as browser:
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, device_scale_factor=scale)
        yield LabPage(context.new_page(), server)
