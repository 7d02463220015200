"""Cells as learners run them: again, and in an order that no author had in mind.

The chapters, with their exercises undone, are run again, the solutions in another order; the abuse
driver does both with exercises done, undone and half done. After every run the servers are stopped,
and then the kernel must own no more threads, sockets, listening ports or processes than before, and
hold no more memory than a small machine can spare.
"""

import functools
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from drive import kernels
from drive.on_disk import CHAPTERS, SOLUTIONS, THOROUGH, code_cells, name, read, tags
from drive.waiting import wait_until
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager
from nbformat import NotebookNode

CELL_SECONDS = 30
LONG_CELL = 0.5  # seconds: a cell that takes longer runs once here, and again in `course.py abuse`
MEGABYTES = 250  # that a kernel may hold after any chapter, run again and again
# What a cell says whose names, or whose script, a cell makes that has not run yet.
MISSING = ("NameError", "FileNotFoundError: there is no script")
STOP = "### A good place to stop"
SHUFFLED = [path for path in SOLUTIONS if THOROUGH or path.name[:2] in ("00", "01", "02", "03")]


class Learner:
    """A kernel with one notebook open, and someone who runs its cells."""

    def __init__(self, path: Path, manager: KernelManager, client: BlockingKernelClient) -> None:
        self.path, self.manager = path, manager
        numbered = code_cells(read(path))
        self.cells = [cell for _, cell in numbered]
        places = [n for n, cell in enumerate(read(path).cells, start=1) if STOP in cell.source]
        # How many cells of code stand above each good place to stop.
        self.stops = [sum(number < place for number, _ in numbered) for place in places]
        self.client = client
        self.started = False

    def run(self, source: str) -> dict:
        """Run code, and return the kernel's reply; a cell over its time is a TimeoutError."""
        try:
            return self.client.execute_interactive(
                source, timeout=CELL_SECONDS, allow_stdin=False, output_hook=lambda message: None
            )["content"]
        except TimeoutError as error:
            self.manager.interrupt_kernel()
            raise TimeoutError(f"no end after {CELL_SECONDS} s:\n{source}") from error

    def ask(self, expression: str) -> object:
        """Return the value of an expression in the kernel; it has to survive JSON."""
        return kernels.ask(self.client, expression, CELL_SECONDS)

    def set_up(self) -> None:
        """Start the notebook afresh: forget every name, then run the first cell."""
        self.run("%reset -f")
        problem = self.problem(self.cells[0])
        assert not problem, problem
        if not self.started:
            self.run(kernels.load(kernels.PROBE, "course_probe"))
            self.started = True

    def restart(self) -> None:
        """Restart the kernel, as it is the next day."""
        self.manager.restart_kernel(now=True)
        self.client.wait_for_ready(timeout=180)
        self.started = False
        self.set_up()

    def problem(self, cell: NotebookNode) -> str:
        """Run a cell, and return what went wrong, or "" where all is as it should be."""
        reply = self.run(cell.source)
        error = reply.get("ename")
        meant = {output.get("ename") for output in cell.outputs}
        if "raises-exception" in tags(cell) and error != "NameError":
            meant.add(error)
        if reply["status"] == "ok" or error in meant:
            return ""
        trace = "\n".join(reply.get("traceback", []))
        return f"{error}: {reply.get('evalue')}\n{cell.source}\n{trace}"

    def leave(self) -> None:
        """Stop all servers, and fail where something is left or a crash was never shown."""
        reply = self.run(kernels.STOP_ALL)
        assert reply["status"] == "ok", "\n".join(reply["traceback"])
        assert wait_until(lambda: not self.ask(kernels.LEFT)), self.ask(kernels.LEFT)
        assert self.ask(kernels.CRASHES) == []
        assert (kernels.memory(self.manager) or 0) <= MEGABYTES


@pytest.fixture(scope="module")
def learner(request: pytest.FixtureRequest, tmp_path_factory) -> Iterator[Learner]:
    """One notebook in one kernel, which ends with the last of its tests."""
    progress = tmp_path_factory.mktemp("progress") / "progress.json"
    manager, client = kernels.start(request.param.parent, progress)
    try:
        yield Learner(request.param, manager, client)
    finally:
        kernels.end(manager, client)


of_each = functools.partial(pytest.mark.parametrize, "learner", indirect=True, ids=name)


@of_each(CHAPTERS)
def test_each_cell_runs_twice_in_a_row_and_after_a_stop_the_rest_runs_tomorrow(learner: Learner):
    """At a good place to stop the kernel ends; then all above it is run, and the rest."""
    learner.set_up()
    # From the top in a new kernel is nbval's run of every chapter; what a kernel that was ended
    # leaves for the next one differs little between chapters.
    ended = learner.path.name[:2] in ("02", "06")
    stops = learner.stops if THOROUGH else learner.stops[: int(ended)]
    then = learner.cells if THOROUGH else []  # the whole chapter once more
    start = 0
    for stop in (*stops, len(learner.cells)):
        for cell in learner.cells[start:stop]:
            began = time.monotonic()
            problem = learner.problem(cell)
            if not problem and (THOROUGH or time.monotonic() - began < LONG_CELL):
                problem = learner.problem(cell)
            assert not problem, problem
        if stop in stops:
            learner.restart()
            for cell in learner.cells[1:stop]:
                problem = learner.problem(cell)
                assert not problem, problem
        start = stop
    for cell in then:
        problem = learner.problem(cell)
        assert not problem, problem
    learner.leave()


@of_each(SHUFFLED)
def test_cells_run_in_any_order_in_which_no_name_is_missing(learner: Learner):
    learner.set_up()
    waiting = learner.cells[1:]
    random.Random(name(learner.path)).shuffle(waiting)
    while waiting:
        again = []
        for cell in waiting:
            problem = learner.problem(cell)
            if problem.startswith(MISSING):
                again.append(cell)
            else:
                assert not problem, problem
        assert len(again) < len(waiting), f"never had its names: {again[0].source}"
        waiting = again
    learner.leave()
