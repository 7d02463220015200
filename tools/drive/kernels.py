"""Kernels that tests start, ask and look through for what is left behind."""

import ast
import functools
import json
import os
from collections.abc import Callable
from pathlib import Path

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager, start_new_kernel

PROBE = Path(__file__).with_name("kernel_probe.py")
LEFT = "__import__('course_probe').left()"
CRASHES = (
    "[str(c) for c in __import__('helpers.servers.crashes').servers.crashes.unreported_crashes()]"
)
STOP_ALL = "import helpers.servers.servers; helpers.servers.servers.stop_all()"
TRIES = 6  # to start a kernel: its ports are chosen before it starts, so another may take one


def patiently(start: Callable) -> Callable:
    """Return a function that starts a kernel as this one does, and tries again where it can't."""

    @functools.wraps(start)
    def tries(*arguments, **named):
        for _ in range(TRIES - 1):
            try:
                return start(*arguments, **named)
            except RuntimeError:
                pass
        return start(*arguments, **named)

    return tries


def start(folder: Path, progress: Path) -> tuple[KernelManager, BlockingKernelClient]:
    """Start a kernel that works in a folder and keeps the learner's progress in this file.

    The caller ends it, by `end`.
    """
    return patiently(start_new_kernel)(
        kernel_name="python3",
        cwd=str(folder),
        env=os.environ | {"COURSE_PROGRESS": str(progress)},
        extra_arguments=["--log-level=ERROR"],
    )


def end(manager: KernelManager, client: BlockingKernelClient) -> None:
    """End a kernel at once."""
    client.stop_channels()
    manager.shutdown_kernel(now=True)


LOADING = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location({name!r}, {path!r})
module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
"""


def load(path: Path, name: str) -> str:
    """Return code that loads a file as a module of this name, and that binds no name itself."""
    return f"exec({LOADING.format(name=name, path=str(path))!r}, {{}})"


def ask(client: BlockingKernelClient, expression: str, seconds: float) -> object:
    """Return the value of an expression in the kernel; it has to survive JSON.

    Raises:
        TimeoutError: when the kernel does not answer in time.
        AssertionError: when the expression raises.
    """
    reply = client.execute_interactive(
        "",
        silent=True,
        timeout=seconds,
        output_hook=lambda message: None,
        user_expressions={"value": f"__import__('json').dumps({expression})"},
    )["content"]["user_expressions"]["value"]
    assert reply["status"] == "ok", reply
    return json.loads(ast.literal_eval(reply["data"]["text/plain"]))


def memory(manager: KernelManager) -> float | None:
    """The megabytes that a kernel holds in memory at this moment; None without /proc."""
    status = Path("/proc", str(manager.provisioner.process.pid), "status")
    if not status.exists():
        return None
    line = next(each for each in status.read_text().splitlines() if each.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
