"""What every test shares: the paths, a progress file that is not the reader's, and a leak check."""

import contextlib
import gc
import os
import re
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BROWSER = "tests/browser"
LONGEST = (  # the longest first
    BROWSER,
    "tests/chapters/test_answers.py",
    "tests/notebooks/test_learner_runs.py",
    "notebooks",
    "tests/tools/test_pages",
    "tests/project/test_course.py",
    "tests/project/test_install.py",
    "tests/tools/test_abuse",
    "tests/tools/test_new.py",
    "tests/checks/test_runner.py",
    "tests/project/test_lab.py",
    "tests/project/test_platforms.py",
    "tests/servers/test_servers.py",
    "tests/figures/test_explore.py",
    "tests/chapters",
    "tests/checks",
    "tests/tools",
)
KERNELS = (BROWSER, "tests/notebooks", "tests/tools", "notebooks")  # tests that drive them
# What measures times, or waits as long as a network does: a busy machine may disturb it. The marker
# `timing` names it all, for `test -m timing --times 30`.
TIMING = re.compile(
    r"tests/(link/test_(link|link_streams|relay|by_hand)\.py"
    r"|load/"
    r"|servers/test_(connecting|dying_servers|served_socket|servers)\.py"
    r"|checks/test_(judges|processor|time_out)\.py"
    r"|figures/test_live\.py"
    r"|chapters/chapter_\d\d/test_claims\.py)"
)
# Jupyter's client leaves the event loop of each thread that talks to a kernel to the collector.
LEFT_BY_JUPYTER = r"ignore:unclosed (event loop|<socket\.socket):ResourceWarning"
for folder in (ROOT, ROOT / "tools", ROOT / "tests"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

import nbval.kernel  # noqa: E402
from drive.kernels import patiently  # noqa: E402
from drive.left_behind import watch  # noqa: E402
from support import claims  # noqa: E402

from helpers.study.about import chapters  # noqa: E402

nbval.kernel.start_new_kernel = patiently(nbval.kernel.start_new_kernel)
EXERCISES = {name: each.number for each in chapters() for name in each.exercises}

# A shell's background job is started with SIGINT ignored, and so would be what tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

_scratch = tempfile.TemporaryDirectory(prefix="course-tests-")
os.environ["COURSE_PROGRESS"] = str(Path(_scratch.name, "progress.json"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """Give every test file and every notebook a progress file of its own.

    A notebook's kernel starts after this hook and inherits the variable, so a chapter that shows
    the learner's progress shows none, whatever ran before.
    """
    name = "-".join(item.path.relative_to(ROOT).parts) if item.path.is_relative_to(ROOT) else "else"
    os.environ["COURSE_PROGRESS"] = str(Path(_scratch.name, f"{name}.progress.json"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Tests can be chosen by chapter, and what each chapter costs can be shown."""
    group = parser.getgroup("course")
    group.addoption("--chapter", action="append", default=[], help="only what belongs to it")
    group.addoption("--costs", action="store_true", help="show the seconds that each chapter takes")
    group.addoption("--times", type=int, default=1, help="run each test so many times in a row")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let each test of a file run as often as was asked for."""
    times = metafunc.config.getoption("--times")
    if times > 1:
        metafunc.fixturenames.append("which_time")
        metafunc.parametrize("which_time", range(1, times + 1), indirect=True)


@pytest.fixture
def which_time(request: pytest.FixtureRequest) -> int:
    """Which time a test runs, from 1, where it is to run several times."""
    return request.param


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left with it at the end; leave out what
    does not belong to the chapters that were asked for. Let nbval's cells run their claims.

    What drives kernels is not told of what Jupyter leaves behind.
    """
    for item in items:
        item.user_properties.append(("chapter", chapter_of(item)))
    if wanted := config.getoption("--chapter"):
        kept = [item for item in items if dict(item.user_properties)["chapter"] in wanted]
        if not kept:
            raise pytest.UsageError(f"no tests belong to chapter {', '.join(wanted)}")
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept
    items.sort(key=lambda item: _place(item.nodeid))
    claims.attach(items)
    for item in items:
        if TIMING.match(item.nodeid):
            item.add_marker(pytest.mark.timing)
        if item.nodeid.startswith(KERNELS):
            item.add_marker(pytest.mark.filterwarnings(LEFT_BY_JUPYTER))


def chapter_of(item: pytest.Item) -> str:
    """The number of the chapter that a test belongs to, by its file or by what it is given; ""
    where it belongs to none or to all."""
    folder = re.search(r"chapters/chapter_(\d\d)/", item.path.as_posix())
    if folder:
        return folder[1]
    params = getattr(item, "callspec", None)
    given = [item.path, *(params.params.values() if params else ())]
    for each in given:
        if isinstance(each, Path) and re.match(r"\d\d_.*\.(ipynb|py)$", each.name):
            return each.name[:2]
        if isinstance(each, str) and re.fullmatch(r"\d\d|(solutions/)?\d\d_\w+\.\w+", each):
            return each.removeprefix("solutions/")[:2]
        if isinstance(each, str) and each in EXERCISES:
            return EXERCISES[each]
    return ""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """With --costs, a line for each chapter."""
    if not terminalreporter.config.getoption("--costs"):
        return
    costs: dict[str, float] = {}
    for report in (each for group in terminalreporter.stats.values() for each in group):
        if isinstance(report, pytest.TestReport):
            chapter = dict(report.user_properties).get("chapter") or "all"
            costs[chapter] = costs.get(chapter, 0) + report.duration
    terminalreporter.section("seconds by chapter")
    for chapter, seconds in sorted(costs.items()):
        terminalreporter.line(f"{chapter:4}{seconds:8.1f}")


def _place(nodeid: str) -> int:
    found = (place for place, start in enumerate(LONGEST) if nodeid.startswith(start))
    return next(found, len(LONGEST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Run tests that share a kernel, a browser or trials in one process (with pytest-xdist)."""
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return together(nodeid)

    return Together(config, log)


def together(nodeid: str) -> str:
    """The name of the group that a test belongs to, by its id: its file or notebook, as a rule.

    The learner-like runs have a kernel for each notebook, all tests in a browser have one, and all
    of the static pages are of one rendering.
    """
    path, _, rest = nodeid.partition("::")
    if path.startswith(f"{BROWSER}/"):
        return BROWSER
    if path.startswith("tests/tools/test_pages"):
        return "the pages"
    notebook = re.search(r"[\w/]+\.ipynb", rest)
    return f"{path} {notebook.group()}" if notebook and "learner" in path else path


def pytest_unconfigure() -> None:
    """Remove the progress files, and let go of ports that answers have asked for at import."""
    if listening := sys.modules.get("helpers.servers.listening"):
        listening.let_go()
    _scratch.cleanup()


@pytest.fixture(scope="module", autouse=True)
def collected() -> Iterator[None]:
    """Collect garbage after each test file: what it has left open fails it, and no later one."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course as web pages, written once for all tests; none may change it."""
    import pages

    target = tmp_path_factory.mktemp("pages") / "site"
    pages.write_site(ROOT / "notebooks", target)
    return target


@pytest.fixture
def udp() -> Iterator[Callable[..., socket.socket]]:
    """Makes UDP sockets on free loopback ports, with a timeout, and closes them."""
    with contextlib.ExitStack() as stack:

        def make(timeout=5.0):
            sock = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            sock.bind(("127.0.0.1", 0))
            sock.settimeout(timeout)
            return sock

        yield make


@pytest.fixture
def stage() -> Iterator:
    """A check's stage of its own for each test."""
    from helpers.checks.stage import Stage

    stage = Stage()
    yield stage
    stage.close()


@pytest.fixture
def nothing_left() -> Iterator[None]:
    """Fail a test that leaves a thread or (on Linux) an open descriptor behind."""
    left_behind = watch()
    yield
    left = left_behind()
    assert left == [], f"left behind: {', '.join(left)}"
