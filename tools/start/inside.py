"""Runs in the new environment, alone: imports modules, and compares versions with the locks.

Called as `python -I inside.py MODULE ... -- LOCK ...`. Its last line is a report in JSON.
"""

import importlib
import importlib.metadata
import json
import os
import platform
import re
import sys
from pathlib import Path


class Version(str):
    """A version in a marker, which is compared by its numbers."""

    def _numbers(self) -> list[int]:
        numbers = [int(each) for each in re.findall(r"\d+", self)]
        return numbers + [0] * (4 - len(numbers))

    def __lt__(self, other: str) -> bool:
        return self._numbers() < Version(other)._numbers()

    def __le__(self, other: str) -> bool:
        return self._numbers() <= Version(other)._numbers()

    def __gt__(self, other: str) -> bool:
        return self._numbers() > Version(other)._numbers()

    def __ge__(self, other: str) -> bool:
        return self._numbers() >= Version(other)._numbers()


def pins(text: str, values: dict[str, str]) -> dict[str, str]:
    """The packages that a lock installs where markers have these values, with their versions."""
    wanted = {}
    for line in text.splitlines():
        match = re.match(r"([\w.-]+)(?:\[[\w.,-]+\])?==([^\s;\\]+)\s*(?:;([^\\#]+))?", line)
        # A marker is an expression of Python, too. The lock is the course's own.
        if match and (not match[3] or eval(match[3].strip(), {"__builtins__": {}}, dict(values))):
            wanted[match[1]] = match[2]
    return wanted


def normal(version: str) -> str:
    """A version without the zeros that a number may begin with, as 2026.01."""
    return re.sub(r"(?<!\d)0+(?=\d)", "", version.lower())


def here() -> dict[str, str]:
    """What the markers of a lock can ask, on this machine."""
    return {
        "implementation_name": sys.implementation.name,
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_system": platform.system(),
        "python_full_version": Version(platform.python_version()),
        "python_version": Version(".".join(platform.python_version_tuple()[:2])),
        "sys_platform": sys.platform,
    }


def main(arguments: list[str]) -> None:
    """Look, and print what is wrong: {"absent": [...], "other": [...], "broken": [...]}."""
    middle = arguments.index("--")
    wanted: dict[str, str] = {}
    for lock in arguments[middle + 1 :]:
        wanted |= pins(Path(lock).read_text(encoding="utf-8"), here())
    absent, other, broken = [], [], []
    for name, version in wanted.items():
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            absent.append(name)
        else:
            if normal(found) != normal(version):
                other.append([name, str(found), version])
    if not absent:
        for module in arguments[:middle]:
            try:
                importlib.import_module(module)
            except BaseException as error:
                broken.append([module, f"{type(error).__name__}: {error}"])
    print("\n" + json.dumps({"absent": absent, "other": other, "broken": broken}))


if __name__ == "__main__":
    main(sys.argv[1:])
