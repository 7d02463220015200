"""One process that has loaded what assignments need, and a fork of it for each program.

To start Python and load the course takes longer than most programs take for a milestone or two. A
fork has all that from the beginning, and is a process of its own as a learner's is.
"""

import contextlib
import dataclasses
import functools
import json
import math
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CHILD = "import sys; sys.path[:0] = {!r}; from support.forked import serve; serve()"
PLACES = [str(ROOT), str(ROOT / "tests")]
THERE = hasattr(os, "fork") and sys.platform != "darwin"  # Apple's libraries dislike it


class Forks:
    """That process, from the first job on. It ends with `close`, as its input does."""

    def __init__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", CHILD.format(PLACES)],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONUTF8": "1", "MPLBACKEND": "agg"},
        )

    def tell_of(self, job, seconds):
        """Yield what comes of each milestone, as `assessor` tells it.

        Args:
            job: as `assessor` has it; of its milestones those that `once` names are not repeated.
            seconds: that it may take; it is ended then.
        """
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            line = json.dumps({"port": port, "job": job, "seconds": seconds}) + "\n"
            self._process.stdin.write(line.encode())  # in one piece: others write as well
            self._process.stdin.flush()
            listener.settimeout(seconds)
            connection, _ = listener.accept()
        with connection, connection.makefile("r", encoding="utf-8") as lines:
            connection.settimeout(seconds)
            yield from map(json.loads, lines)

    def close(self):
        """End it; the forks that still run end when they have done their job."""
        self._process.stdin.close()
        self._process.wait()


def serve():
    """In that process: a fork for each line of the input."""
    from helpers.study import assessor, finding

    for name in finding.assignments():
        finding.find_assignment(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks what became of them
    for line in sys.stdin.buffer:
        if not os.fork():
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _work(assessor, **json.loads(line))


def _work(assessor, port, job, seconds):
    from helpers.study import beside

    with contextlib.suppress(BaseException):
        signal.alarm(math.ceil(seconds))  # its end, should it not come back
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(0, 1)
        beside._limit_memory()
        connection = socket.create_connection(("127.0.0.1", port))
        out = connection.makefile("w", encoding="utf-8")
        _try_milestones(assessor, job, functools.partial(beside.tell, out))
        out.close()
    os._exit(0)


def _try_milestones(assessor, job, tell):
    repeats = assessor.REPEATS
    try:
        names = assessor.load(job["code"], job["file"])
    except BaseException as error:
        tell(problem=assessor._told(error))
        return
    for milestone in assessor.find_assignment(job["assignment"]).among(*job["only"]):
        once = milestone.name in job["once"]
        assessor.REPEATS = 0 if once else repeats
        if once:
            exercise = dataclasses.replace(milestone.exercise, again=False)
            milestone = dataclasses.replace(milestone, exercise=exercise)
        tell(reached=assessor.tried(milestone, names))
