"""What the driver asks inside a kernel, where this file is loaded as the module `course_abuse`.

It binds no name of the learner's. Standard library only; the course's own modules are used where a
cell has imported them.
"""

import ast
import builtins
import faulthandler
import importlib.util
import linecache
import random
import signal
import socket
import sys
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HELPERS = str(ROOT / "helpers")


def begin(stacks: str) -> None:
    """Have SIGUSR1 write the stacks of all threads to a file; make the tables of answers known."""
    signal_number = getattr(signal, "SIGUSR1", None)
    if signal_number is not None:
        begin.file = open(stacks, "w")  # noqa: SIM115 (stays open as long as the kernel runs)
        faulthandler.register(signal_number, begin.file, all_threads=True)
    sys.path += [str(ROOT / "tools"), str(ROOT / "tests")]


def wrong_answer(chapter: str, name: str) -> object:
    """A wrong answer of a chapter's table, by its label."""
    table = importlib.import_module(f"chapters.chapter_{chapter}.wrong").WRONG
    return next(each.answer for each in table if each.answer.label == name)


def chain(error: BaseException | None) -> list[BaseException]:
    """An error and all that led to it, the outermost first."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def last_error(names: dict) -> dict:
    """What is known of the error that was shown last.

    Args:
        names: the learner's, so that a name that was missing is told from one that was there.

    Returns:
        `names`, those of the error's class and of all that led to it; `missing`, the names that
        were looked for by a learner's line and are nowhere; `file` and `line` of the innermost
        frame; `on_purpose`, whether that line is a `raise`; `files` of all frames.
    """
    errors = chain(getattr(sys, "last_value", None))
    frames = [frame for each in errors for frame in traceback.extract_tb(each.__traceback__)]
    root = errors[0] if errors else None
    while root is not None and root.__cause__ is not None:
        root = root.__cause__
    own = traceback.extract_tb(root.__traceback__) if root else []
    missing = []
    for each in errors:
        name = getattr(each, "name", None)
        places = traceback.extract_tb(each.__traceback__)
        at = places[-1].filename if places else ""
        if type(each) is NameError and not at.startswith(HELPERS):
            missing += [name] if name not in names and not hasattr(builtins, str(name)) else []
        if type(each) is ModuleNotFoundError and name == "helpers" and name not in sys.modules:
            missing.append(name)  # the first cell of each chapter says where it is
    return {
        "names": [type(each).__name__ for each in errors],
        "missing": missing,
        "file": own[-1].filename if own else "",
        "line": own[-1].lineno if own else 0,
        "on_purpose": bool(own) and is_raise(own[-1].filename, own[-1].lineno),
        "files": sorted({frame.filename for frame in frames}),
    }


def is_raise(file: str, line: int) -> bool:
    """Whether a line of a file is part of a `raise` that makes its own error."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:
        return False
    raises = (node for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc)
    return any(node.lineno <= line <= node.end_lineno for node in raises)


def gesture(seed: int) -> None:
    """Use some of the controls that are on the page.

    A prediction gets a number or a word, a question a choice, a slider another place.

    Raises:
        RuntimeError: where one of them then shows an error.
    """
    if "ipywidgets" not in sys.modules:
        return
    rng = random.Random(seed)
    import ipywidgets
    from ipywidgets.widgets import widget as registry

    controls = [each for each in list(registry._instances.values()) if _is_control(each)]
    for control in rng.sample(controls, min(3, len(controls))):
        if isinstance(control, ipywidgets.Button):
            control.click()
        elif isinstance(control, ipywidgets.Text):
            control.value = rng.choice(["", "1", "2.5", "a few", "-3", "1e99"])
        elif hasattr(control, "options"):
            control.index = rng.randrange(len(control.options))
        elif hasattr(control, "max"):
            steps = int((control.max - control.min) / (control.step or 1))
            control.value = min(control.max, control.min + rng.randint(0, steps) * control.step)
        elif isinstance(control.value, bool):
            control.value = not control.value
    shown = [getattr(each, "value", "") for each in list(registry._instances.values())]
    for text in shown:
        if isinstance(text, str) and "This failed" in text:
            raise RuntimeError(text)


def _is_control(widget: object) -> bool:
    import ipywidgets

    kinds = (ipywidgets.Text, ipywidgets.Button, ipywidgets.ToggleButtons, ipywidgets.Dropdown)
    kinds += (ipywidgets.IntSlider, ipywidgets.FloatSlider, ipywidgets.Checkbox)
    return isinstance(widget, kinds) and not getattr(widget, "disabled", False)


def leave() -> None:
    """Stop all servers, links and scripts; let go of controls and tracebacks."""
    if servers := sys.modules.get("helpers.servers.servers"):
        servers.stop_all()
    if links := sys.modules.get("helpers.link.link"):
        links.stop_links()
    if widgets := sys.modules.get("ipywidgets"):
        widgets.Widget.close_all()
    if scripts := sys.modules.get("helpers.servers.scripts"):
        scripts.stop_scripts()
    sys.modules["course_probe"].forget_errors()


def crashes() -> list[str]:
    """The servers whose failure no cell has shown."""
    servers = sys.modules.get("helpers.servers.crashes")
    return [str(each) for each in servers.unreported_crashes()] if servers else []


def patch(what: str) -> None:
    """Where a limit can't be set from outside: IPv6 missing ("no-ipv6"), or a full disk ("full").

    Patches what the kernel's Python sees of it.
    """
    if what == "full":
        import errno
        import os

        def fsync(number: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        os.fsync = fsync
        return
    resolve, bind = socket.getaddrinfo, socket.socket.bind

    def getaddrinfo(*args: object, **options: object) -> list:
        return [each for each in resolve(*args, **options) if each[0] != socket.AF_INET6]

    def bind_4(self: socket.socket, address: tuple) -> None:
        if self.family == socket.AF_INET6:
            raise OSError(99, "Cannot assign requested address")
        bind(self, address)

    socket.has_ipv6, socket.getaddrinfo, socket.socket.bind = False, getaddrinfo, bind_4
