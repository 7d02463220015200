"""Machines as learners have them, and what `course.py lab` must do on each.

`python3 course.py abuse environments` really starts a JupyterLab in each situation, asks it, and
ends it. Nothing is installed: the course is copied, and its .venv sees this one's packages. A
situation that this machine can't make is not tried, and that is said.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
from drive.course_copy import (
    StartedLab,
    error_of,
    learner_environment,
    make_course_copy,
    notebook_kernel,
    printed,
    started_lab,
)
from drive.on_disk import CHAPTERS
from drive.waiting import wait_until

from abuse import cells

LAUNCH = Path(__file__).with_name("launch.py")
FIRST = "notebooks/00_start_here.ipynb"
PAGE = f"/lab/workspaces/sockets-in-iot/tree/{FIRST}"
FIRST_CELL = """import sys
from pathlib import Path
here = Path.cwd()
sys.path[:0] = [str(p) for p in (here, *here.parents) if (p / "helpers").is_dir()][:1]
"""
STEADY = ("--no-browser",)


class NotHere(Exception):
    """This machine can't make the situation; the text says why."""


@dataclass(frozen=True)
class Place:
    """What a situation is made of.

    Attributes:
        course: a copy of the course, for all situations.
        scratch: an empty folder of the situation's own.
    """

    course: Path
    scratch: Path

    @property
    def home(self) -> Path:
        """The learner's home, made when first asked for."""
        home = self.scratch / "home"
        home.mkdir(exist_ok=True)
        return home

    @property
    def runtime(self) -> Path:
        """Where Jupyter keeps its running servers and kernels, if that home can be written."""
        return runtime_below(self.home)

    @contextmanager
    def lab(
        self,
        *arguments: str,
        before: tuple[str, ...] = (),
        folder: Path | None = None,
        home: Path | None = None,
        **variables: str,
    ) -> Iterator[StartedLab]:
        """Run `course.py lab` here.

        Args:
            arguments: what the learner says behind `lab`.
            before: limits, as `launch` takes them.
            folder: where the learner is.
            home: another home than `self.home`.
            variables: of the learner's, besides.
        """
        environment = learner_environment(home or self.home, **variables)
        launched = [sys.executable, str(LAUNCH), *before, "--"] if before else None
        log = self.scratch / "log.txt"
        with started_lab(self.course, [*arguments], environment, log, launched, folder) as lab:
            yield lab


@dataclass(frozen=True)
class Environment:
    """A situation: its name, what must be seen in it, and what makes it and looks."""

    name: str
    seen: str
    check: Callable[[Place], None]


def runtime_below(home: Path) -> Path:
    """Where Jupyter keeps its running servers below this home."""
    if sys.platform == "darwin":
        return home / "Library" / "Jupyter" / "runtime"
    if sys.platform == "win32":
        return home / "AppData" / "jupyter" / "runtime"
    return home / ".local" / "share" / "jupyter" / "runtime"


def needs(*limits: str) -> tuple[str, ...]:
    """These limits, where this machine can set them.

    Raises:
        NotHere: where it can't.
    """
    if not sys.platform.startswith("linux"):
        raise NotHere("needs Linux")
    command = [sys.executable, LAUNCH, *limits, "--", sys.executable, "-c", ""]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotHere(done.stderr.strip().rpartition("\n")[2])
    return limits


def must(held: object, what: str, lab: StartedLab | None = None) -> None:
    """Fail with what must have held, and with what was printed."""
    assert held, what + (f"; printed:\n{lab.output}" if lab else "")


def opens_chapter_00(lab: StartedLab) -> None:
    """The page is chapter 00, in the course's own workspace; the file is there, and no question."""
    must(lab.page == PAGE, f"the page is {lab.page}", lab)
    must(lab.api(f"contents/{FIRST}?content=0")["name"] == Path(FIRST).name, "no chapter 00", lab)
    setting = lab.api("settings/@jupyterlab/apputils-extension:notification", of="lab/api")
    asked = setting["schema"]["properties"]["fetchNews"]["default"]
    must(asked == "false", f"it asks about news: {asked}", lab)


# --- The network's names, and the learner's own options


def no_localhost(place: Place) -> None:
    """The hosts file has no line for localhost."""
    _with_hosts(place, "10.0.0.7 printer\n")


def wrong_localhost(place: Place) -> None:
    """The hosts file leads localhost to another machine."""
    _with_hosts(place, "10.0.0.7 localhost\n")


def _with_hosts(place: Place, text: str) -> None:
    hosts = place.scratch / "hosts"
    hosts.write_text(text, encoding="utf-8")
    with place.lab(*STEADY, before=needs(f"--hosts={hosts}")) as lab:
        opens_chapter_00(lab)
        with notebook_kernel(lab, FIRST, place.runtime) as kernel:
            said = printed(
                kernel, f"{FIRST_CELL}from helpers import run_server, check_machine\n6*7"
            )
            must("Traceback" not in said, said)


def own_ip(place: Place) -> None:
    """--ip is the learner's own, another address of loopback."""
    for option in (["--ip=127.0.0.1"], ["--ip", "127.0.0.1"], ["--ServerApp.ip=127.0.0.1"]):
        with place.lab(*STEADY, *option) as lab:
            opens_chapter_00(lab)


def own_folder(place: Place) -> None:
    """The learner serves the folder above the course, by each name of the option."""
    above = place.course.parent
    page = PAGE.replace(FIRST, f"{quote(place.course.name)}/{FIRST}")
    ways = [[f"--notebook-dir={above}"], ["--notebook-dir", str(above)]]
    ways += [[f"--ServerApp.root_dir={above}"], [f"--ServerApp.notebook_dir={above}"], [str(above)]]
    for option in ways:
        with place.lab(*STEADY, *option) as lab:
            must(lab.page == page, f"{option} opens {lab.page}", lab)
            names = {each["name"] for each in lab.api("contents/")["content"]}
            must(place.course.name in names, f"{option} serves {names}", lab)


def other_folder(place: Place) -> None:
    """The learner serves a folder without the course; named as seen from where the learner is."""
    other = place.scratch / "other"
    other.mkdir()
    (other / "mine.txt").write_text("mine", encoding="utf-8")
    with place.lab(*STEADY, "--notebook-dir=other", folder=place.scratch) as lab:
        must(lab.page == "/lab", f"the page is {lab.page}", lab)
        names = [each["name"] for each in lab.api("contents/")["content"]]
        must(names == ["mine.txt"], f"serves {names}", lab)


def own_port(place: Place) -> None:
    """--port is the learner's own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with place.lab(*STEADY, "--port", str(port)) as lab:
        must(lab.address == f"http://127.0.0.1:{port}/", lab.address, lab)
        opens_chapter_00(lab)


def one_chapter(place: Place) -> None:
    """The learner names a notebook, as seen from where they are."""
    chapter = "01_what_is_a_socket.ipynb"
    away = {"SSH_CONNECTION": "1 2 3 4"}  # or a browser would open here
    with place.lab(chapter, folder=place.course / "notebooks", **away) as lab:
        wait_until(lambda: "The course is at" in lab.output, 20)
        said = lab.output.partition("The course is at")[2]
        must(f"/tree/notebooks/{chapter}?token" in said, "it does not open", lab)


# --- The learner's Jupyter

CONFIG = """c.ServerApp.ip = "0.0.0.0"
c.ServerApp.root_dir = {other!r}
c.ServerApp.preferred_dir = {other!r}
c.ServerApp.default_url = "/tree"
c.LabApp.default_url = "/lab/tree/elsewhere.ipynb"
c.ServerApp.port = {port}
c.ServerApp.allow_origin = "*"
"""


def own_configuration(place: Place) -> None:
    """A configuration of the learner's leads elsewhere in every way, and sets a port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    other = place.scratch / "other"
    other.mkdir()
    config = place.home / ".jupyter" / "jupyter_server_config.py"
    config.parent.mkdir()
    config.write_text(CONFIG.format(other=str(other), port=port), encoding="utf-8")
    with place.lab(*STEADY) as lab:
        must(lab.address == f"http://127.0.0.1:{port}/", "their port does not hold", lab)
        opens_chapter_00(lab)
        must(not listens_beyond_loopback(lab), "it listens beyond loopback", lab)


BROKEN = {
    "ServerApp": {
        "contents_manager_class": "not_here.TextFileContentsManager",
        "kernel_spec_manager_class": "not_here.KernelSpecManager",
        "jpserver_extensions": {"not_here": True},
    }
}


def broken_configuration(place: Place) -> None:
    """A configuration of the learner's names what another Jupyter of theirs has, and ours lacks."""
    config = place.home / ".jupyter"
    config.mkdir()
    (config / "jupyter_server_config.json").write_text(json.dumps(BROKEN), encoding="utf-8")
    with place.lab(*STEADY) as lab:
        opens_chapter_00(lab)


def listens_beyond_loopback(lab: StartedLab) -> bool:
    """Whether the server listens under another address than 127.0.0.1. (It is course.py's heir.)"""
    sockets = psutil.Process(lab.process.pid).net_connections("tcp")
    listening = {each.laddr.ip for each in sockets if each.status == psutil.CONN_LISTEN}
    must(listening, "it does not listen at all", lab)
    return listening != {"127.0.0.1"}


def foreign_kernel(place: Place) -> None:
    """The learner has installed a kernel of the same name, which does not start."""
    spec = runtime_below(place.home).parent / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    wrong = {"argv": ["false", "{connection_file}"], "display_name": "mine", "language": "python"}
    spec.write_text(json.dumps(wrong), encoding="utf-8")
    with place.lab(*STEADY) as lab:
        with notebook_kernel(lab, FIRST, place.runtime) as kernel:
            must(printed(kernel, "print(6 * 7)") == "42\n", "the kernel does not answer", lab)


# --- Folders that can't be written


def unwritable_home(place: Place) -> None:
    """The home is no folder, so nobody can write there, an administrator neither."""
    if os.name == "nt":
        raise NotHere("needs /dev/null")
    own = place.course / ".jupyter"
    with place.lab(*STEADY, home=Path("/dev/null")) as lab:
        opens_chapter_00(lab)
        must(f"keeps its settings in {own}" in lab.output, "no line says where", lab)
        with notebook_kernel(lab, FIRST, own / "jupyter_runtime_dir") as kernel:
            plot = "import matplotlib; print(matplotlib.get_cachedir())"
            must(printed(kernel, plot) == f"{own / 'mplconfigdir'}\n", "matplotlib complains", lab)


def read_only_home(place: Place) -> None:
    """The home can be read and not written; the configuration in it holds."""
    config = place.home / ".jupyter" / "jupyter_server_config.py"
    config.parent.mkdir()
    config.write_text("c.ServerApp.allow_origin = 'https://example.org'", encoding="utf-8")
    with place.lab(*STEADY, before=needs(f"--read-only={place.home}")) as lab:
        opens_chapter_00(lab)
        must("keeps its settings in" in lab.output, "no line says where", lab)


SHARED = f"""{FIRST_CELL}from helpers import check_machine, run_script
from helpers.study import progress
import os
open("server.py", "w").write("print('hello')")
print(run_script("server.py").wait().strip(), progress.record("resolve", True), os.getcwd())
print([str(f) for f in check_machine().findings if f.what == "the notebook's folder"])
"""


def shared_checkout(place: Place) -> None:
    """The course's folder can't be written, as where one checkout serves a whole class."""
    _shared(place, place.home / "sockets-in-iot-work", place.home)


def all_chapters_of_a_shared_checkout(place: Place) -> None:
    """Each chapter is run from its first cell to its last, in a course that can't be written."""
    with place.lab(*STEADY, before=needs(f"--read-only={place.course}")) as lab:
        for path in CHAPTERS:
            with notebook_kernel(lab, f"notebooks/{path.name}", place.runtime) as kernel:
                for cell in cells.load(path):
                    error = error_of(kernel, cell.source)
                    must(not error or cell.errors, f"{path.name}, cell {cell.number}: {error}")


def shared_checkout_and_no_home(place: Place) -> None:
    """Neither the course's folder nor the home can be written."""
    if not hasattr(os, "getuid"):
        raise NotHere("needs /dev/null")
    temporary = place.scratch / "tmp"
    temporary.mkdir()
    work = temporary / f"sockets-in-iot-work-{os.getuid()}"
    said = "It does not last"
    _shared(place, work, Path("/dev/null"), said, TMPDIR=str(temporary))


def _shared(place: Place, work: Path, home: Path, more: str = "", **variables: str) -> None:
    before = needs(f"--read-only={place.course}")
    runtime = work / ".jupyter" / "jupyter_runtime_dir"
    if home == place.home:
        runtime = place.runtime
    mine = work / "notebooks" / "02_tcp_server_and_client.ipynb"  # from an earlier day
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    with place.lab(*STEADY, before=before, home=home, **variables) as lab:
        opens_chapter_00(lab)
        must(f"are in {work}. {more}".strip() in lab.output, "no line says where", lab)
        with notebook_kernel(lab, FIRST, runtime) as kernel:
            said = printed(kernel, SHARED)
            must(said.startswith(f"hello  {mine.parent}\n"), said, lab)
    must((work / "progress.json").exists(), "no progress is kept")
    must((mine.parent / "server.py").exists(), "no script")
    must(mine.read_text(encoding="utf-8") == "mine", "the learner's notebook was overwritten")
    must(not (place.course / "progress.json").exists(), "the shared course was changed")


# --- What a browser shows

TABS = ".lm-DockPanel-tabBar .lm-TabBar-tabLabel"
THEIRS = {
    "data": {
        "layout-restorer:data": {
            "main": {
                "dock": {"type": "tab-area", "currentIndex": 0, "widgets": ["notebook:mine.ipynb"]},
                "current": "notebook:mine.ipynb",
            }
        },
        "notebook:mine.ipynb": {"data": {"path": "mine.ipynb", "factory": "Notebook"}},
    },
    "metadata": {"id": "default"},
}


def seen_in_a_browser(place: Place) -> None:
    """The learner's own workspace holds a notebook of theirs; a browser opens the course."""
    from drive.lab_page import chromium, find_chromium

    if find_chromium() is None:
        raise NotHere("needs Chromium")
    workspaces = place.home / ".jupyter" / "lab" / "workspaces"
    workspaces.mkdir(parents=True)
    theirs = workspaces / "default-37a8.jupyterlab-workspace"  # JupyterLab's name of the default
    theirs.write_text(json.dumps(THEIRS), encoding="utf-8")
    with place.lab(*STEADY) as lab, chromium() as browser:
        page = browser.new_page()
        page.goto(f"{lab.address.rstrip('/')}{lab.page}?token={lab.token}")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        with page.expect_response(lambda reply: "/api/workspaces/" in reply.url, timeout=60_000):
            pass  # the layout is kept once all is there
        tabs = page.locator(TABS).all_inner_texts()
        must(tabs == [Path(FIRST).name], f"the tabs are {tabs}")
        said = page.locator(".jp-Dialog, .Toastify__toast").all_inner_texts()
        must(not said, f"it says {said}")
    must(json.loads(theirs.read_text(encoding="utf-8")) == THEIRS, "their workspace was changed")


# --- Variables of Python's


def python_variables(place: Place) -> None:
    """The shell has set Python's own variables, for another Python of the learner's."""
    wrong = place.scratch / "wrong"
    wrong.mkdir()
    for name in ("jupyterlab", "ipykernel", "numpy"):
        (wrong / f"{name}.py").write_text("raise SystemExit('the wrong one')", encoding="utf-8")
    told = {"PYTHONOPTIMIZE": "2", "PYTHONSAFEPATH": "1", "PYTHONPATH": str(wrong)}
    told["PYTHONHOME"] = getattr(sys, "base_prefix", sys.prefix)
    with place.lab(*STEADY, **told) as lab:
        opens_chapter_00(lab)
        with notebook_kernel(lab, FIRST, place.runtime) as kernel:
            cell = f"{FIRST_CELL}import numpy\nprint(__debug__, bool(numpy.sum.__doc__))"
            must(printed(kernel, cell) == "True True\n", "the variables reach the kernel", lab)


def warnings_are_errors(place: Place) -> None:
    """PYTHONWARNINGS=error."""
    with place.lab(*STEADY, PYTHONWARNINGS="error") as lab:
        opens_chapter_00(lab)


# --- Open files


def few_files(place: Place) -> None:
    """The hard limit of open files is below what a notebook needs."""
    with place.lab(*STEADY, before=needs("--files=100")) as lab:
        must("may open only 100 files" in lab.output, "no word of it", lab)
        must(lab.output.index("100 files") < lab.output.index("ServerApp"), "it comes late", lab)


def soft_limit(place: Place) -> None:
    """The soft limit is low, as on macOS, and the hard one is not."""
    try:
        import resource
    except ImportError:
        raise NotHere("there is no such limit") from None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
    try:
        with place.lab(*STEADY) as lab:
            with notebook_kernel(lab, FIRST, place.runtime) as kernel:
                said = printed(kernel, "import resource; print(resource.getrlimit(7)[0])")
                must(said == f"{min(hard, 4096)}\n", f"the limit is {said}", lab)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


# --- Files of the learner's that bear the names of Python's

NAMES = ("socket.py", "select.py", "types.py", "random.py", "os.py", "numpy.py", "zmq.py")
IMPORTS = f"""{FIRST_CELL}import socket, select, types, random, numpy, mine, subprocess
from helpers import check_machine, run_script
print(mine.WORD, hasattr(socket, "create_server"), run_script("script.py").wait().strip())
print(subprocess.check_output([sys.executable, "plain/script.py"], text=True).strip())
print([f.found for f in check_machine().findings if f.what == "names of your files"])
"""
SCRIPT = "import socket, mine\nprint(mine.WORD, hasattr(socket, 'create_server'))"
EXPECTED = f"""beside True beside True
beside True
['{", ".join(sorted(NAMES))}']
"""


def names_of_pythons(place: Place) -> None:
    """Beside the notebook are files with the names of Python's modules, and one of their own."""
    folder = place.scratch / "like a course" / "notebooks"
    (folder / "plain").mkdir(parents=True)
    (folder.parent / "helpers").symlink_to(place.course / "helpers", target_is_directory=True)
    for name in NAMES:
        (folder / name).write_text("raise SystemExit('the wrong one')", encoding="utf-8")
    for beside in (folder, folder / "plain"):
        (beside / "mine.py").write_text("WORD = 'beside'", encoding="utf-8")
        (beside / "script.py").write_text(SCRIPT, encoding="utf-8")
    with place.lab(*STEADY, f"--notebook-dir={folder}") as lab:
        with notebook_kernel(lab, "any.ipynb", place.runtime) as kernel:
            said = printed(kernel, IMPORTS)
            must(said == EXPECTED, f"printed {said}", lab)


# --- No browser


def no_screen(place: Place) -> None:
    """There is no screen, and a browser for text is installed."""
    programs = place.scratch / "programs"
    programs.mkdir()
    for name in ("w3m", "lynx", "www-browser", "xdg-open"):
        (programs / name).write_text("#!/bin/sh\necho OPENED $0\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    path = str(programs) + os.pathsep + os.environ["PATH"]
    with place.lab(PATH=path, TERM="xterm", SSH_CONNECTION="1 2 3 4") as lab:
        wait_until(lambda: "ssh -N -L" in lab.output, 20)
        port = lab.address.rstrip("/").rpartition(":")[2]
        must(f"ssh -N -L {port}:127.0.0.1:{port} " in lab.output, "no way is told", lab)
        must("OPENED" not in lab.output, "a browser for text was opened", lab)
        must(not listens_beyond_loopback(lab), "it listens beyond loopback", lab)


ENVIRONMENTS = (
    Environment("no localhost in the hosts file", "chapter 00 on 127.0.0.1", no_localhost),
    Environment("a wrong localhost", "chapter 00 on 127.0.0.1", wrong_localhost),
    Environment("--ip of the learner's", "theirs wins, in three ways to write it", own_ip),
    Environment("--notebook-dir and its other names", "chapter 00 below theirs", own_folder),
    Environment("another folder is served", "their folder, and no chapter", other_folder),
    Environment("--port of the learner's", "chapter 00 on that port", own_port),
    Environment("a chapter is named", "that chapter", one_chapter),
    Environment("a configuration leads elsewhere", "chapter 00, on loopback", own_configuration),
    Environment("a configuration of another Jupyter", "chapter 00", broken_configuration),
    Environment("a python3 kernel of the learner's", "ours starts", foreign_kernel),
    Environment("tabs of the learner's, in a browser", "chapter 00 alone", seen_in_a_browser),
    Environment("HOME is no folder", "chapter 00, and a line that says where", unwritable_home),
    Environment("a HOME on a read-only disk", "the same", read_only_home),
    Environment("a read-only checkout", "work goes to the home; nothing is lost", shared_checkout),
    Environment(
        "all chapters of a read-only checkout",
        "no error but those of a clean run",
        all_chapters_of_a_shared_checkout,
    ),
    Environment("nothing can be written", "work goes to /tmp", shared_checkout_and_no_home),
    Environment(
        "PYTHONHOME, -PATH, -OPTIMIZE, -SAFEPATH", "chapter 00, and ours", python_variables
    ),
    Environment("PYTHONWARNINGS=error", "chapter 00", warnings_are_errors),
    Environment("100 open files at the most", "what to do, before JupyterLab", few_files),
    Environment("a low soft limit of open files", "a kernel has 4,096", soft_limit),
    Environment("socket.py, types.py ... of the learner's", "they hide nothing", names_of_pythons),
    Environment("no screen, and w3m", "the address, and ssh -L", no_screen),
)


def tried(environment: Environment, course: Path) -> str:
    """Try a situation: "" where all was as it must be, or what was not; "not tried: ..." else."""
    with tempfile.TemporaryDirectory(prefix="abuse-") as folder:
        try:
            environment.check(Place(course, Path(folder)))
        except NotHere as reason:
            return f"not tried: {reason}"
        except Exception as error:
            return f"{type(error).__name__}: {error}"
    return ""


def main(words: list[str]) -> int:
    """Try the situations whose names hold a word, or all; print a table; 1 where one failed."""
    failed = []
    with tempfile.TemporaryDirectory(prefix="abuse-") as folder:
        course = make_course_copy(Path(folder, "my coürse"))
        for each in ENVIRONMENTS:
            if words and not any(word in each.name for word in words):
                continue
            said = tried(each, course)
            state = said if said.startswith("not tried") else "FAILED" if said else "ok"
            print(f"{each.name:44} {each.seen:40} {state}", flush=True)
            if state == "FAILED":
                failed.append((each.name, said))
    for name, said in failed:
        print(f"\nFAILED {name}:\n    " + said.replace("\n", "\n    "))
    return 1 if failed else 0
