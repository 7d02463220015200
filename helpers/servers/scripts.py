"""Scripts that a chapter writes, started as processes of their own and sure to end."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Self

from helpers.servers.listening import let_go
from helpers.uninterrupted import uninterrupted

LAUNCHER = "__PYVENV_LAUNCHER__"  # by which a Python on Windows hears of its .venv
_HOST = Path(__file__).with_name("_script_host.py")
_running: dict[str, Script] = {}


def run_script(
    path: str | Path,
    *arguments: object,
    ready: str | None = None,
    timeout: float = 10.0,
) -> Script:
    """Start a Python file as a process, as `python path arguments` does in a terminal.

    It can import what is beside it; but where that has the name of a module of Python's, such as
    `socket.py`, Python's is imported, so that no file of another day breaks it.

    A process of the same file that still runs is ended first, so a cell can be run again.

    Args:
        path: the script.
        arguments: its command line.
        ready: text that the script prints when it is ready for clients; the call returns as
            soon as it has been printed. Without it the call returns at once.
        timeout: seconds to wait for that text at the most.

    Returns:
        The running script. The caller ends it, by `stop()` or as a context manager. It ends
        too when this Python process does, however that comes about.

    Raises:
        FileNotFoundError: when there is no such file.
        RuntimeError: when the script ended before it was ready, with what it printed.
        TimeoutError: when it did not get ready in time; it has been ended then.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"there is no script {path}: run the cell that writes it first, then this one again"
        )
    key = str(path.resolve())
    with uninterrupted():
        if key in _running:
            _running.pop(key).stop()
        script = _running[key] = Script(path, [str(argument) for argument in arguments])
    if ready is not None:
        try:
            script.wait_for(ready, timeout)
        except BaseException:
            script.stop()
            raise
        if ports := [int(each) for each in arguments if str(each).isdecimal()]:
            let_go(*ports)  # it holds them itself now
    return script


def stop_scripts() -> None:
    """End every script that `run_script` has started and that still runs, and free their ports."""
    for script in list(_running.values()):
        script.stop()
    let_go()


def python_itself() -> tuple[str, dict[str, str]]:
    """The Python to start, and the variables that it needs, so that a process is the one started.

    On Windows the `python.exe` of a .venv is a launcher: it starts another process, whose number
    is not the one that we get, and whose memory and time are not the launcher's. We start that
    one at once, and tell it of the .venv, as `multiprocessing` does (CPython issue 35797).
    """
    base = getattr(sys, "_base_executable", None) or sys.executable
    if sys.platform != "win32" or os.path.normcase(base) == os.path.normcase(sys.executable):
        return sys.executable, {}
    return base, {LAUNCHER: sys.executable}


class Script:
    """A script at work, as `run_script` returns it. As a context manager it is ended at the end."""

    def __init__(self, path: Path, arguments: list[str]) -> None:
        self.path = path
        self._key = str(path.resolve())
        python, more = python_itself()
        self._process = subprocess.Popen(
            # -P: the host puts the script's folder on the path, behind what comes with Python.
            [python, "-P", "-u", str(_HOST), path.name, *arguments],
            cwd=path.resolve().parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **more, "PYTHONIOENCODING": "utf-8"},
        )
        self._output = bytearray()
        self._news = threading.Condition()
        self._finished = False
        self._reader = threading.Thread(
            target=self._read_output, name=f"output of {path.name}", daemon=True
        )
        self._reader.start()

    @property
    def output(self) -> str:
        """What the script has printed so far, errors included."""
        with self._news:
            return self._output.decode("utf-8", "replace").replace("\r\n", "\n")

    @property
    def pid(self) -> int:
        """The number that the system knows the process by."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def wait(self, timeout: float = 10.0) -> str:
        """Wait until the script has ended by itself, and return what it has printed.

        Raises:
            TimeoutError: when it has not ended in time; it goes on.
        """
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise TimeoutError(
                f"{self.path.name} has not ended in {timeout:g} s: it still runs. "
                "End it with .stop()"
            ) from None
        self._release()
        return self.output

    def wait_for(self, text: str, timeout: float = 10.0) -> None:
        """Wait until the script has printed a text.

        Raises:
            RuntimeError: when the script ended without it.
            TimeoutError: when the time is up.
        """
        deadline = time.monotonic() + timeout
        with self._news:
            while text not in self.output:
                left = deadline - time.monotonic()
                if self._finished:
                    raise RuntimeError(
                        f"{self.path.name} ended before it had printed {text!r}. "
                        f"It printed:\n{self.output.strip() or '(nothing)'}"
                    )
                if left <= 0:
                    raise TimeoutError(
                        f"{self.path.name} has not printed {text!r} in {timeout:g} s. "
                        f"So far it printed:\n{self.output.strip() or '(nothing)'}"
                    )
                self._news.wait(left)

    def stop(self) -> None:
        """End the process, if it still runs, and collect the rest of its output."""
        with uninterrupted():
            if self.running:
                self._process.terminate()
                try:
                    self._process.wait(2.0)
                except subprocess.TimeoutExpired:
                    self._process.kill()
                    self._process.wait()
            self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        code = self._process.poll()
        return f"<Script {self.path.name}: {'running' if code is None else f'ended with {code}'}>"

    def _release(self) -> None:
        self._reader.join(2.0)
        self._process.stdin.close()
        if not self._reader.is_alive():
            self._process.stdout.close()
        if _running.get(self._key) is self:
            del _running[self._key]

    def _read_output(self) -> None:
        while piece := os.read(self._process.stdout.fileno(), 65536):
            with self._news:
                self._output += piece
                self._news.notify_all()
        with self._news:
            self._finished = True
            self._news.notify_all()
