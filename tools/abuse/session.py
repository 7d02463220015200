"""A kernel and someone who runs cells in it, interrupts it, restarts it and looks it through."""

import contextlib
import os
import queue
import shutil
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from drive import kernels
from drive.waiting import wait_until
from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

from abuse.cells import shown

HERE = Path(__file__).parent
REPLY_SECONDS = 10.0  # a run that takes longer hangs
START_SECONDS = 60.0
GONE_SECONDS = 5.0  # what is on its way out gets so long to go


@dataclass
class Run:
    """What came of running some code.

    Attributes:
        status: "ok", "error", "hang", "dead", or "lost" where an interrupt has hit the kernel's own
            code: it has sent no reply, but goes on with whatever comes next.
        seconds: until the reply.
        text: all that it showed, errors included.
        stderr: what of that was printed as errors and warnings are.
        error: what `inside.last_error` knows of the error that it ended with or showed.
        name: the class of the error that was shown last.
        trace: the traceback, or where a run that hangs is at work.
        interrupted: whether an interrupt was sent while it ran.
    """

    status: str = "ok"
    seconds: float = 0.0
    text: str = ""
    stderr: str = ""
    error: dict = field(default_factory=dict)
    trace: str = ""
    name: str = ""
    interrupted: bool = False


class Limited:
    """What makes a kernel one that `launch` starts."""

    limits: tuple[str, ...] = ()

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """The kernel's command, behind that of `launch`."""
        command = super().format_kernel_cmd(extra_arguments)
        if not self.limits:
            return command
        return [sys.executable, str(HERE / "launch.py"), *self.limits, "--", *command]


class LimitedKernel(Limited, KernelManager):
    """A kernel that `launch` starts."""


class Session:
    """One kernel, in a folder, with limits of `launch`. A context manager: its end ends the kernel.

    Args:
        folder: where it works.
        progress: the learner's file, or a folder that is to be a full disk with the file in it.
        limits: as `launch` takes them.
        patches: what can't be limited from outside, and is patched within (`inside.patch`).
        patience: seconds after which a run hangs.
    """

    def __init__(
        self,
        folder: Path,
        progress: Path,
        limits: tuple[str, ...] = (),
        patches: tuple[str, ...] = (),
        patience: float = REPLY_SECONDS,
    ) -> None:
        self.patches, self.patience = patches, patience
        self.orphans: list[int] = []  # processes that have outlived the last restart
        self._scratch = tempfile.mkdtemp(prefix="abuse-")
        self.stacks = Path(self._scratch, "stacks.txt")
        manager = LimitedKernel(kernel_name="python3")
        manager.limits = limits
        manager.connection_file = str(Path(self._scratch, "kernel.json"))
        if "--no-ipv6" in limits:
            manager.transport = "ipc"  # loopback is another one there; files are the same
        self.log = open(Path(self._scratch, "log.txt"), "w+")  # noqa: SIM115
        self.manager: KernelManager = manager
        try:
            manager.start_kernel(
                cwd=str(folder),
                env=os.environ
                | {
                    "COURSE_PROGRESS": str(progress),
                    "XDG_DATA_HOME": str(progress.parent),  # where it goes when a disk is full
                    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
                },
                extra_arguments=["--log-level=ERROR"],
                stderr=self.log,
            )
            self.client: BlockingKernelClient = manager.client()
            self.client.start_channels()
            self._get_ready()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the kernel."""
        if hasattr(self, "client"):
            self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)
        self.log.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def run(self, source: str, interrupt: float | None = None, times: int = 1) -> Run:
        """Run code; with `interrupt`, send SIGINT after so many seconds, so many times.

        The error, where there is one, is looked into afterwards.
        """
        run = self._send(source, interrupt, times)
        if run.status == "error" or (run.status == "ok" and run.trace):
            for _ in range(2):  # a last interrupt may come late, and hit the first
                with contextlib.suppress(TimeoutError, AssertionError):
                    run.error = self.ask(_INSIDE + ".last_error(get_ipython().user_ns)")
                    break
        return run

    def ask(self, expression: str) -> object:
        """The value of an expression in the kernel."""
        return kernels.ask(self.client, expression, self.patience)

    def left(self) -> list[str]:
        """Forget every name, stop all servers, and return what is still there after a while."""
        found = []
        for source in ("%reset -f", f"{_INSIDE}.leave()"):
            run = self._send(source)
            if "KeyboardInterrupt" in run.trace:  # one that came late
                run = self._send(source)
            if run.status != "ok" or run.stderr:
                found.append(f"stopping all servers: {run.status} {run.text} {run.trace}")
        if found:
            return found
        wait_until(lambda: not self.ask(kernels.LEFT), GONE_SECONDS)
        crashes = self.ask(f"{_INSIDE}.crashes()")
        shown_never = [f"a crash that was never shown: {each}" for each in crashes]
        return [f"left behind: {each}" for each in self.ask(kernels.LEFT)] + shown_never

    def restart(self, now: bool) -> list[str]:
        """Restart the kernel; return the processes of the old one that outlive it."""
        children = _children(self.manager.provisioner.process.pid)
        self.manager.restart_kernel(now=now)
        self._get_ready()
        wait_until(lambda: not [each for each in children if _is_alive(each)], GONE_SECONDS)
        self.orphans = [each for each in children if _is_alive(each)]
        return [f"process {_is_alive(each)}" for each in self.orphans]

    def restart_in_the_midst(self, source: str, after: float) -> list[str]:
        """Restart the kernel some seconds after a run has begun."""
        self.client.execute(source, allow_stdin=False)
        threading.Event().wait(after)
        return self.restart(now=False)

    def _get_ready(self) -> None:
        self.client.wait_for_ready(timeout=START_SECONDS)
        loading = kernels.load(HERE / "inside.py", "course_abuse")
        loading += f"\n{_INSIDE}.begin({str(self.stacks)!r})\n"
        loading += "".join(f"{_INSIDE}.patch({each!r})\n" for each in self.patches)
        loading += kernels.load(kernels.PROBE, "course_probe")
        run = self._send(loading)
        if run.status != "ok":
            raise RuntimeError(f"the kernel can't be prepared: {run.trace}")

    def _send(self, source: str, interrupt: float | None = None, times: int = 1) -> Run:
        start = time.monotonic()
        message = self.client.execute(source, allow_stdin=False)
        run, idle = Run(), threading.Event()
        hand = threading.Thread(target=self._press, args=(run, idle, interrupt, times))
        if interrupt is not None:
            hand.start()
        try:
            if not self._collect(run, message, start + self.patience + (interrupt or 0)):
                idle.set()
                run.seconds = time.monotonic() - start
                self._look_into(run, message)
        finally:
            idle.set()
            if interrupt is not None:
                hand.join()
        run.seconds = run.seconds or time.monotonic() - start
        return run

    def _press(self, run: Run, idle: threading.Event, after: float, times: int) -> None:
        for number in range(times):
            if idle.wait(0.05 if number else after):
                return
            run.interrupted = True
            self.manager.interrupt_kernel()

    def _collect(self, run: Run, message: str, deadline: float) -> bool:
        """Take in what a run shows until it is idle and has its reply; False at the deadline.

        The kernel serves one request after the other. So after an interrupt another one follows:
        where that is served and the run has no reply, it will never have one.
        """
        outputs: list = []
        waiting_for, following = {"idle", "reply"}, ""
        while waiting_for and time.monotonic() < deadline:
            if run.interrupted and not following:
                following = self.client.kernel_info()
            get = self.client.get_iopub_msg if "idle" in waiting_for else self.client.get_shell_msg
            try:
                came = get(timeout=0.25)
            except queue.Empty:
                if not self.manager.is_alive():
                    run.status = "dead"
                    break
                continue
            except ValueError:  # a wrong signature: an interrupt has torn it, and a page drops it
                continue
            kind, content = came["msg_type"], came["content"]
            is_idle = kind == "status" and content["execution_state"] == "idle"
            if came["parent_header"].get("msg_id") != message:
                after = came["parent_header"].get("msg_id") == following
                if after and (is_idle or kind.endswith("reply")):
                    run.status = "lost"
                    waiting_for.clear()
            elif is_idle:
                waiting_for.discard("idle")
            elif kind == "execute_reply":
                waiting_for.discard("reply")
                run.status = "ok" if content["status"] == "ok" else "error"
            else:
                outputs.append(content)
                run.stderr += content["text"] if content.get("name") == "stderr" else ""
                run.name = content.get("ename", run.name)
                run.trace += "\n".join(content.get("traceback", []))
        run.text += shown(outputs)
        return not waiting_for

    def _look_into(self, run: Run, message: str) -> None:
        """A run that does not end: say where it is, and try to end it."""
        if run.status == "dead":
            self.log.flush()
            run.trace = Path(self.log.name).read_text()[-2000:]
            return
        where = ""
        if hasattr(signal, "SIGUSR1"):
            known = len(self.stacks.read_text())
            self.manager.signal_kernel(signal.SIGUSR1)
            # The main thread comes last, and begins with this. Deep stacks are cut before it.
            wait_until(lambda: "_run_module_as_main" in self.stacks.read_text()[known:], 5)
            where = self.stacks.read_text()[known:]
        self.manager.interrupt_kernel()
        ended = self._collect(run, message, time.monotonic() + 5)
        run.trace = f"an interrupt {'ends' if ended else 'does not end'} it\n{where[-4000:]}"
        run.status = "hang"
        if not ended:
            self.restart(now=True)


_INSIDE = "__import__('sys').modules['course_abuse']"


def _children(process: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(each) for each in path.read_text().split()]
    return found


def _is_alive(process: int) -> str:
    """A process's command line; "" where it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
