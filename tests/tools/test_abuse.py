"""The driver sees each way in which a notebook can misbehave, and lets pass what learners may meet.

A driver that cannot fail is worth nothing: most cells here misbehave on purpose.
"""

import itertools
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from abuse import driver, report, verdict
from abuse.cells import Cell, load_chapter, variants
from abuse.driver import Failure, Result, Walk
from abuse.session import HERE, Run, Session
from abuse.situations import SITUATIONS, Situation, Step, plan
from drive.on_disk import ROOT

# From 3.13 a cell that ends too early raises a kind of SyntaxError of its own.
UNFINISHED = "_IncompleteInputError" if sys.version_info >= (3, 13) else "SyntaxError"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of Linux")
CELLS = [Cell(number, f"cell_{number} = {number}") for number in range(1, 9)]

HANGS = "import time\nwhile True:\n    time.sleep(0.05)"
LEAVES_A_THREAD = """import threading
threading.Thread(target=threading.Event().wait, name="forgotten", daemon=True).start()"""
LEAVES_A_PORT = "import socket, sys\nsys.kept = socket.create_server(('127.0.0.1', 0))"
LEAVES_A_PROCESS = """import subprocess, sys
sys.child = subprocess.Popen(["sleep", "60"], start_new_session=True)"""
LEAVES_A_FILE = "import sys\nsys.file = open(__import__('helpers').__file__)"
CRASHES_UNSEEN = """import types
import helpers.servers.crashes
helpers.servers.crashes._unreported.append(types.SimpleNamespace(name="unseen"))"""
FAILS_INSIDE = "import helpers.servers.listening\nhelpers.servers.listening.reachable(5)"
IN_USE = "print('[Errno 98] Address already in use')"


@pytest.fixture(scope="module")
def session(tmp_path_factory) -> Iterator[Session]:
    """A kernel for all cells that misbehave; whoever hangs does so after two seconds."""
    progress = tmp_path_factory.mktemp("progress") / "progress.json"
    with Session(ROOT / "notebooks", progress, patience=2.0) as session:
        session.run(f"import sys\nsys.path.insert(0, {str(ROOT)!r})")
        yield session


def walked(session: Session, *sources: str, **how: object) -> Result:
    """What the driver says of a chapter of these cells, each run once and in order."""
    cells = [Cell(number, source) for number, source in enumerate(sources, start=1)]
    steps = [Step(place, **how) for place in range(len(cells))]
    result = Result("99", "a test")
    Walk(session, cells, steps, result).go()
    return result


def failures(result: Result) -> list[str]:
    return [each.what for each in result.failures]


def test_cells_that_behave_are_no_failure(session: Session):
    result = walked(session, "import math", "math.pi", "print(undefined_name)")
    assert failures(result) == []
    assert result.counts == {"ran": 2, "names missing": 1}


def test_a_cell_that_hangs_is_told_with_its_place_and_the_rest_goes_on(session: Session):
    result = walked(session, HANGS, "after = 1")
    assert failures(result) == ["no reply within 2 s"]
    assert "an interrupt ends it" in result.failures[0].trace
    if hasattr(signal, "SIGUSR1"):
        assert "line 3 in <module>" in result.failures[0].trace
    assert result.counts == {"failed": 1, "ran": 1}


def test_an_interrupted_cell_is_no_failure(session: Session):
    result = walked(session, HANGS, interrupt=0.5)
    assert failures(result) == []
    assert result.counts == {"interrupted": 1}


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (IN_USE, "address in use"),
        ("1 / 0", "ZeroDivisionError, which a clean run has not"),
        (FAILS_INSIDE, "TypeError out of the insides of helpers, listening.py line"),
        ("x = ]", "SyntaxError, which a clean run has not"),
        ("x = [", f"{UNFINISHED}, which a clean run has not"),
    ],
)
def test_a_message_that_no_learner_can_act_on_is_a_failure(session: Session, source, what):
    result = walked(session, source)
    assert [each.startswith(what) for each in failures(result)] == [True], failures(result)
    assert result.failures[0].source.endswith(source)


@linux
def test_what_cells_leave_is_a_failure_and_a_process_may_not_outlive_the_kernel(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("abuse.session.GONE_SECONDS", 0.1)
    cells = [LEAVES_A_THREAD, LEAVES_A_PORT, LEAVES_A_FILE, LEAVES_A_PROCESS, CRASHES_UNSEEN]
    try:
        found = failures(walked(session, f"import sys\nsys.path.insert(0, {str(ROOT)!r})", *cells))
        assert "left behind: thread forgotten" in found
        assert any(each.startswith("left behind: listening port") for each in found)
        assert any(each.endswith("helpers/__init__.py") for each in found)
        assert any(each.startswith("left behind: child process `sleep 60`") for each in found)
        assert "a crash that was never shown: unseen" in found
        assert len(found) == 6, found  # the listening socket counts as a socket as well
        assert session.ask("1 + 1") == 2  # in a new kernel
        assert session.orphans != []
    finally:
        for process in session.orphans:
            os.kill(process, signal.SIGKILL)


@linux
def test_a_client_that_connects_to_the_kernel_anew_is_no_failure(session: Session):
    """On a busy machine a client whose heartbeat is late does."""
    port = session.manager.hb_port
    with socket.create_connection((session.manager.ip, port)):
        assert failures(walked(session, "import math")) == []


def test_a_kernel_that_dies_is_a_failure_and_is_started_again(session: Session):
    result = walked(session, "import os\nos._exit(3)", "alive = 1")
    assert failures(result) == ["the kernel died"]
    assert result.counts == {"failed": 1, "ran": 1}


def test_a_kernel_is_restarted_before_a_cell_and_in_the_midst_of_one(session: Session):
    before = walked(session, "first = 1", restart="before")
    midst = walked(session, HANGS, restart="midst", interrupt=0.1)
    assert failures(before) + failures(midst) == []
    assert (before.counts, midst.counts) == ({"ran": 1}, {"restarted": 1})


ERROR = {"names": ["ValueError"], "missing": [], "file": "", "on_purpose": False, "line": 1}


def error(**known: object) -> Run:
    return Run(status="error", trace="...", error={**ERROR, **known})


def test_an_error_raised_on_purpose_is_one_only_where_code_of_the_learners_own_calls_for_it():
    run = error(file=f"{verdict.HELPERS}/servers.py", on_purpose=True)
    assert verdict.judge(run, CELLS[0], own_code=True) == ("own error", [])
    assert verdict.judge(run, CELLS[0])[0] == "failed"


def test_an_error_out_of_the_insides_of_helpers_is_never_the_learners_own():
    run = error(file=f"{verdict.HELPERS}/servers.py")
    assert verdict.judge(run, CELLS[0], own_code=True)[0] == "failed"


def test_another_error_than_the_keyboards_is_a_failure_in_an_interrupted_cell_too():
    run = error()
    run.interrupted = True
    assert verdict.judge(run, CELLS[0])[0] == "failed"
    run.error["names"] = ["OSError", "KeyboardInterrupt"]
    assert verdict.judge(run, CELLS[0])[0] == "interrupted"


def test_where_the_kernel_tells_of_another_error_than_it_has_shown_the_shown_one_counts():
    run = error()
    run.name = "NameError"
    assert verdict.judge(run, CELLS[0]) == ("names missing", [])
    run.trace = f"in {verdict.HELPERS}/servers.py"
    assert verdict.judge(run, CELLS[0]) == ("failed", ["NameError, not looked into"])


def test_errors_of_a_clean_run_are_no_failure():
    assert verdict.judge(error(), Cell(1, "", {"ValueError"})) == ("ran", [])
    shown_only = error()
    shown_only.status = "ok"  # the failure of a server, shown below a cell that ended well
    assert verdict.judge(shown_only, Cell(1, "", {"ValueError"}))[0] == "failed"


@pytest.mark.parametrize("words", sorted(verdict.INSIDES))
def test_words_that_tell_of_the_insides_are_a_failure_unless_a_clean_run_has_them(words: str):
    run = Run(text=f"before {words} after")
    assert verdict.judge(run, CELLS[0])[0] == "failed"
    assert verdict.judge(run, Cell(1, "", clean=run.text))[0] == "ran"


def test_the_same_seed_gives_the_same_plan_and_more_runs_begin_with_the_fewer():
    cells = load_chapter("03")
    for situation in SITUATIONS:
        longer = plan(situation, cells, "7", 90)
        assert plan(situation, cells, "7", 90) == longer
        assert plan(situation, cells, "7", 40) == longer[:40]
        assert plan(situation, cells, "8", 90) != longer


def test_a_plan_holds_all_that_its_situation_is_about():
    steps = plan(Situation("all", interrupts=0.5, restarts=0.2), CELLS, "1", 300)
    assert {step.restart for step in steps} == {"", "before", "midst"}
    assert {step.times for step in steps} == {1, 2, 3}
    assert {step.cell for step in steps} == set(range(len(CELLS)))
    again = [one for one, two in itertools.pairwise(steps) if one.cell == two.cell]
    back = [one for one, two in itertools.pairwise(steps) if one.cell > two.cell]
    assert len(again) > 10
    assert len(back) > 10
    calm = plan(Situation("calm"), CELLS, "1", 300)
    assert {(step.restart, step.interrupt) for step in calm} == {("", None)}


def test_exercises_hold_half_written_and_wrong_answers_only_where_that_is_the_situation():
    cells = load_chapter("04")
    for situation in SITUATIONS:
        found = {step.variant.split()[0] for step in plan(situation, cells, "1", 400)}
        more = {"half", "a", "wrong"} if situation.answers else set()
        assert found == {"as", "solved"} | more


def test_a_solution_is_cut_from_its_end():
    solution = 'def f(x):\n    """Doc."""\n    y = x + 1\n    z = 2\n    return y + z'
    found = variants("99", 'def f(x):\n    """Doc."""\n    raise NotImplementedError', solution, {})
    assert found["a part of it 1"] == solution.rpartition("\n")[0]
    assert found["a part of it 3"] == 'def f(x):\n    """Doc."""'
    assert found["half written 1"].endswith("    return None")


def launched(*options: str, code: str) -> str:
    command = [sys.executable, HERE / "launch.py", *options, "--", sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@linux
def test_files_and_cores_are_limited():
    code = "import os, resource\nprint(resource.getrlimit(7)[0], len(os.sched_getaffinity(0)))"
    assert launched("--files=256", "--one-core", code=code) == "256 1"


@linux
def test_without_ipv6_no_server_listens_there_but_loopback_works():
    if driver.possible(("--no-ipv6",))[1]:
        pytest.skip("no namespaces on this machine")
    code = """import socket
listener = socket.create_server(('127.0.0.1', 0))
socket.create_connection(listener.getsockname())
try:
    socket.create_server(('::1', 0), family=socket.AF_INET6)
except OSError as error:
    print(error.errno)"""
    assert launched("--no-ipv6", code=code) == "99"


@linux
def test_on_a_full_disk_progress_is_not_kept_and_that_is_said(tmp_path: Path):
    if driver.possible(("--full",))[1]:
        pytest.skip("no namespaces on this machine")
    code = f"""import os, sys
sys.path.insert(0, {str(ROOT)!r})
os.environ["COURSE_PROGRESS"] = {str(tmp_path / "progress.json")!r}
os.environ["XDG_DATA_HOME"] = {str(tmp_path)!r}
from helpers.study import progress
print(progress.record("resolve", True))"""
    said = launched(f"--full={tmp_path}", code=code)
    assert "No space left on device" in said
    assert list(tmp_path.iterdir()) == []


@linux
@pytest.mark.parametrize("what", ["no-ipv6", "full"])
def test_where_a_limit_cannot_be_set_the_kernel_is_patched(what: str):
    code = f"""import importlib.util, os, socket
spec = importlib.util.spec_from_file_location("inside", {str(HERE / "inside.py")!r})
inside = importlib.util.module_from_spec(spec)
spec.loader.exec_module(inside)
inside.patch({what!r})
socket.create_server(("127.0.0.1", 0))
try:
    socket.create_server(("::1", 0), family=socket.AF_INET6) if {what == "no-ipv6"} else os.fsync(1)
except OSError as error:
    print(error.errno)"""
    assert launched(code=code) == {"no-ipv6": "99", "full": "28"}[what]


def test_a_limit_that_can_neither_be_set_nor_patched_is_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(driver, "possible", lambda limits: ((), ()))
    few = Situation("256 open files", limits=("--files=256",))
    assert "NOT LIMITED" in report.line(driver.treat("00", few, 1, 1))


def test_the_report_names_the_failed_run_with_cell_and_traceback():
    failure = Failure("no reply within 10 s", 17, 5, "# Step\nwait()", "\x1b[31mTraceback\x1b[0m")
    result = Result("04", "one core", "", failures=[failure], slowest=(3.21, 9))
    result.counts.update({"ran": 3, "failed": 1})
    line = " ".join(report.line(result).split())
    assert line == "04 one core 4 runs: 3 ran, 1 failed; slowest: cell 9, 3.2 s, 1 FAILURES"
    text = report.failure_text(result, failure)
    assert "run 17, cell 5: no reply within 10 s" in text
    assert "    wait()" in text
    assert "  | Traceback" in text


def test_a_chapter_is_interrupted_at_random():
    """The quick version; `python3 course.py abuse` runs a thousand cells of each chapter."""
    (situation,) = (each for each in SITUATIONS if each.name == "interrupted")
    (result,) = driver.abuse("00", 3, 15, (situation,))
    assert [report.failure_text(result, each) for each in result.failures] == []
    assert result.runs == 15
