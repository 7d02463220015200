"""A process beside the notebook in which programs of assignments run, and what it tells."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from helpers.servers.scripts import python_itself
from helpers.uninterrupted import uninterrupted

ROOT = Path(__file__).resolve().parents[2]
LOOK = 0.1  # seconds between two looks at whether an interrupt came
MEMORY = 4 << 30  # bytes that a program may ask for
CHILD = "import sys; sys.path.insert(0, {!r}); from helpers.study.{} import main; main()"


def events_of(module: str, job: dict[str, Any], seconds: float) -> Iterator[dict[str, Any]]:
    """Give a job to a process of its own, and yield what it tells until it ends.

    The process is ended in any case: also by an interrupt, and where the caller stops to listen.

    Args:
        module: of this wing; its `main` does the job by `take_job`.
        job: what JSON can hold.
        seconds: that it may take.

    Raises:
        TimeoutError: when it has not ended by then.
    """
    deadline = time.monotonic() + seconds
    with _process(module, job) as events:
        while True:
            try:
                event = events.get(timeout=LOOK)
            except queue.Empty:  # an interrupt is heard between two looks
                event = {}
            if event is None:
                return
            if time.monotonic() > deadline:
                raise TimeoutError(f"it did not end within {seconds:g} s")
            if event:
                yield event


def take_job() -> tuple[dict[str, Any], IO[str]]:
    """In that process: the job, and where to write what is found, a line of JSON each.

    What the programs print goes nowhere. Memory is limited, against accidents and not malice.
    """
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    _limit_memory()
    return json.loads(sys.stdin.buffer.read()), out


def tell(out: IO[str], **what: Any) -> None:
    """Write a line of what was found; nothing where nobody listens any more."""
    with contextlib.suppress(BrokenPipeError):
        out.write(json.dumps(what) + "\n")
        out.flush()


@contextlib.contextmanager
def _process(module: str, job: dict[str, Any]) -> Iterator[queue.Queue]:
    python, variables = python_itself()
    events: queue.Queue = queue.Queue()
    with tempfile.TemporaryDirectory(prefix="assess-", ignore_cleanup_errors=True) as folder:
        with uninterrupted():
            process = subprocess.Popen(
                [python, "-P", "-c", CHILD.format(str(ROOT), module)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=os.environ | {"PYTHONUTF8": "1", "MPLBACKEND": "agg"} | variables,
                start_new_session=sys.platform != "win32",  # an interrupt is for us to hear
            )
            reader = threading.Thread(
                target=_read, args=(process, events), name="assess", daemon=True
            )
            reader.start()
        try:
            with contextlib.suppress(OSError):  # it may have ended already
                process.stdin.write(json.dumps(job).encode())
                process.stdin.close()
            yield events
        finally:
            with uninterrupted():
                process.kill()
                process.wait()
                reader.join()
                process.stdout.close()


def _read(process: subprocess.Popen, events: queue.Queue) -> None:
    for line in process.stdout:
        with contextlib.suppress(ValueError):
            events.put(json.loads(line))
    events.put(None)


def _limit_memory() -> None:
    try:
        import resource  # not on Windows

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    except (ImportError, ValueError, OSError):
        pass
