"""What is loaded when: a kernel starts soon, and pays for what it uses when it first uses it.

How long it takes is measured by `tools/bench/start_up.py`; here is what must not come back unseen.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = ROOT / "helpers/chapters"
HEAVY = ("numpy", "matplotlib", "ipywidgets", "IPython", "asyncio")
STUB = '''def ask(address, message):
    """What the chapter gives."""
    raise NotImplementedError
'''


def loaded(tmp_path: Path, *cells: str) -> list[set[str]]:
    """What a new process has loaded after each of these cells."""
    tell = "print('loaded', json.dumps(sorted(sys.modules)), flush=True)\n"
    script = tmp_path / "cells.py"
    lines = [f"import json, sys\nsys.path.insert(0, {str(ROOT)!r})\n"]
    script.write_text("".join([*lines, *(f"{cell}\n{tell}" for cell in cells)]), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stderr
    found = [line for line in done.stdout.splitlines() if line.startswith("loaded ")]
    return [set(json.loads(line.removeprefix("loaded "))) for line in found]


def heavy(modules: set[str]) -> set[str]:
    """Which of the heavy packages have been loaded."""
    return modules.intersection(HEAVY)


def test_a_server_and_a_link_load_neither_what_draws_nor_what_checks(tmp_path: Path):
    (modules,) = loaded(tmp_path, "from helpers import run_server, Link")
    assert not modules.intersection({*HEAVY, "helpers.checks", "helpers.chapters"})


@pytest.mark.parametrize("kind", ["udp", "tcp"])
def test_numpy_is_loaded_with_the_first_link(tmp_path: Path, kind: str):
    make = f"with Link(('127.0.0.1', 9), {kind!r}): pass"
    before, after = loaded(tmp_path, "from helpers import Link", make)
    assert "numpy" not in before
    assert heavy(after) == {"numpy"}


def test_an_interrupt_while_the_first_link_loads_numpy_is_heard_when_numpy_is_there(tmp_path: Path):
    (modules,) = loaded(
        tmp_path,
        """
import importlib.abc, signal, threading
from helpers import Link

class Interrupting(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "numpy.linalg":
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Interrupting())
try:
    Link(("127.0.0.1", 9))
except KeyboardInterrupt:
    print("interrupted")
else:
    raise SystemExit("no interrupt was heard")
Link(("127.0.0.1", 9)).stop()
""",
    )
    assert "numpy.linalg" in modules


def test_a_check_loads_neither_numpy_nor_asyncio_nor_a_chapter(tmp_path: Path):
    (modules,) = loaded(tmp_path, "from helpers import check")
    assert not heavy(modules)
    assert not [name for name in modules if name.startswith("helpers.chapters")]


def test_checking_an_exercise_loads_its_own_module_and_no_other_chapters(tmp_path: Path):
    (modules,) = loaded(tmp_path, f"from helpers import check\n{STUB}\ncheck(ask)")
    own = "helpers.chapters.chapter_02"
    found = {name for name in modules if name.startswith("helpers.chapters.")}
    assert f"{own}.ask" in found
    assert not [name for name in found if not name.startswith(own)]
    assert not found & {f"{own}.echo_server", f"{own}.fetch_welcome", f"{own}.quizzes"}
    assert not heavy(modules)


def test_a_check_of_a_coroutine_loads_asyncio_when_it_meets_it(tmp_path: Path):
    cell = "from helpers.checks.results import taken\nasync def five(): return 5"
    before, after = loaded(tmp_path, cell, "assert taken(five()) == 5")
    assert heavy(before) == set()
    assert heavy(after) == {"asyncio"}


def test_cases_that_make_links_load_numpy_before_a_case_begins():
    """A case may be ended at any moment: in the middle of numpy's import, numpy would be broken."""
    links = [
        path
        for path in CHAPTERS.rglob("*.py")
        if "\nfrom helpers.link.link import" in path.read_text(encoding="utf-8")
    ]
    assert links
    for path in links:
        assert "\nfrom helpers.link import blocks" in path.read_text(encoding="utf-8"), path
