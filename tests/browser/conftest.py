"""One JupyterLab and one Chromium for all tests of this folder, and a look at whom they talk to."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import nbformat
import psutil
import pytest
from drive.lab import LabServer, lab_server
from drive.lab_page import LabPage, chromium, find_chromium
from drive.on_disk import ROOT

REQUIRED = os.environ.get("CI") == "true" and sys.platform == "linux"


class Browsing:
    """A JupyterLab, and a browser with one page on it, which goes from notebook to notebook.

    To load JupyterLab itself takes longer than most of what is tried there.
    """

    def __init__(self, server: LabServer, browser) -> None:
        self.server = server
        context = browser.new_context(viewport={"width": 1280, "height": 1600})
        context.set_default_timeout(60_000)
        self._page = LabPage(context.new_page(), server)

    @property
    def hosts(self) -> set[str]:
        """Those that the page has asked for anything."""
        return self._page.hosts

    @contextmanager
    def opened(self, notebook: str) -> Iterator[LabPage]:
        """The page with a notebook, by its path on the server; its kernel ends with the block."""
        open_it = self._page.go_on_to if self._page.notebook else self._page.open
        open_it(notebook)
        try:
            yield self._page
        finally:
            self._page.shut_down()

    @contextmanager
    def page_alone(self, width: int, height: int) -> Iterator:
        """Another page of this size, with nothing on it."""
        page = self._page.page.context.browser.new_page(viewport={"width": width, "height": height})
        try:
            yield page
        finally:
            page.close()

    def write(self, name: str, cells: list[str]) -> str:
        """Make a notebook of these cells for the tests, and return its path on the server."""
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        (self.server.folder / name).write_text(nbformat.writes(made), encoding="utf-8")
        return name

    def connected(self) -> set[str]:
        """The addresses to which the server, its kernels and the browser are connected now.

        Empty where the system does not tell (macOS tells an administrator only).
        """
        family = {each.pid for each in psutil.Process().children(recursive=True)}
        try:
            connections = psutil.net_connections("inet")
        except psutil.AccessDenied:
            return set()
        return {each.raddr.ip for each in connections if each.raddr and each.pid in family}


def beyond(hosts: set[str]) -> set[str]:
    """Those of some addresses that are not this machine's own."""
    return {host for host in hosts if not host.startswith("127.") and host != "::1"}


@pytest.fixture(scope="package")
def browsing(tmp_path_factory) -> Iterator[Browsing]:
    """JupyterLab with a copy of the course, and a browser."""
    for there, what in (
        (importlib.util.find_spec("playwright"), "playwright is not installed"),
        (find_chromium(), "this machine has no Chromium"),
    ):
        if not there:
            (pytest.fail if REQUIRED else pytest.skip)(what)
    with lab_server(ROOT, tmp_path_factory.mktemp("lab")) as server, chromium() as browser:
        yield Browsing(server, browser)


@pytest.fixture(autouse=True)
def nothing_leaves_this_machine(browsing: Browsing) -> Iterator[None]:
    """Fail a test in which anything was asked of another machine."""
    yield
    assert beyond(browsing.hosts) == set()
