"""A course that is set up in seconds: course.py, and locks that name tiny wheels on this disk."""

import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

COURSE = Path(__file__).resolve().parents[2] / "course.py"
DEADLINE = 300  # seconds that one command may take at the very most
ECHO = """import json, os, sys
print(json.dumps([os.getcwd(), sys.prefix, sys.argv[1:]]))
sys.exit({code})
"""
NO_UV = """import sys
print("uv 99.0.0" if "--version" in sys.argv else "error: this is no uv")
sys.exit("--version" not in sys.argv)
"""


def make_wheel(folder: Path, name: str, code: int = 0, text: str = "", version: str = "1.0") -> str:
    """Write a wheel whose `python -m name` prints how it was called and exits with `code`.

    Args:
        text: what its module `labapp` runs, which the set-up imports.

    Returns:
        A lock's lines for it.
    """
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": "",
        f"{name}/__main__.py": ECHO.format(code=code),
        f"{name}/labapp.py": text,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    wheels = folder / "wheels"
    wheels.mkdir(exist_ok=True)
    path = wheels / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for member, content in files.items():
            wheel.writestr(zipfile.ZipInfo(member), content)
    return lock_lines(name, version, hashlib.sha256(path.read_bytes()).hexdigest())


def lock_lines(name: str, version: str, sha256: str) -> str:
    """A lock's lines for one package."""
    return f"{name}=={version} \\\n    --hash=sha256:{sha256}\n    # via the tests\n"


def nobodys_lock() -> str:
    """A lock that names a package which nobody has."""
    return lock_lines("no-such-package-anywhere", "1.0", "0" * 64)


def make_course(parent: Path) -> Path:
    """Return a folder that holds course.py, the locks and the wheels that they name."""
    folder = parent / "my coürse"
    folder.mkdir(parents=True)
    shutil.copy(COURSE, folder)
    shutil.copytree(COURSE.parent / "tools" / "start", folder / "tools" / "start")
    make_wheels(folder)
    return folder


def make_wheels(folder: Path, **jupyterlab: str) -> None:
    """Write both wheels and the lock files that name them; no wheel of uv is to be had."""
    (folder / "requirements.txt").write_text(make_wheel(folder, "jupyterlab", **jupyterlab))
    (folder / "requirements-dev.txt").write_text(make_wheel(folder, "pytest", code=7))
    (folder / "requirements-uv.txt").write_text(lock_lines("uv", "1.0", "0" * 64))


def put_uv(folder: Path, text: str = NO_UV) -> Path:
    """Put a program `uv` that runs this text into a new folder; return the folder."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    script = programs / "uv.py"
    script.write_text(text, encoding="utf-8")
    if os.name == "nt":
        (programs / "uv.bat").write_text(f'@"{sys.executable}" -I "{script}" %*\n')
    else:
        (programs / "uv").write_text(f"#!/bin/sh\nexec '{sys.executable}' -I '{script}' \"$@\"\n")
        (programs / "uv").chmod(0o755)
    return programs


def marker(folder: Path) -> Path:
    """Return the path of a file that shows whether .venv is still the same."""
    return folder / ".venv" / "still the same"


def child_environment(folder: Path, **changes: object) -> dict[str, str]:
    """An environment in which pip finds the wheels of this course, and nothing but `changes`."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))
    }
    programs = folder.parent / "programs"
    if not programs.is_dir():
        put_uv(folder.parent)
    kept |= {"PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0", "PYTHONUTF8": "1"}
    kept |= {"PIP_FIND_LINKS": (folder / "wheels").as_uri(), "PIP_NO_INDEX": "1"}
    kept["PATH"] = str(programs) + os.pathsep + kept.get("PATH", os.defpath)
    kept |= {name: str(value) for name, value in changes.items()}
    return {name: value for name, value in kept.items() if value}


def call(folder: Path, *words: str, **changes: object) -> subprocess.CompletedProcess:
    """Run course.py with these words from the folder above its own."""
    inside = folder if folder != COURSE.parent else None
    return subprocess.run(
        [sys.executable, folder / "course.py", *words],
        cwd=folder.parent,
        env=child_environment(inside, **changes) if inside else None,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
    )


def called(result: subprocess.CompletedProcess) -> tuple[Path, Path, list[str]]:
    """Return working folder, prefix and arguments of the tool that course.py started."""
    folder, prefix, arguments = json.loads(result.stdout.splitlines()[-1])
    return Path(folder), Path(prefix), arguments


def closed_port() -> int:
    """Return a port of loopback on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def assert_one_clear_line(result: subprocess.CompletedProcess, *parts: str) -> None:
    """Check that stderr is course.py's one line, that it says `parts`, and no traceback.

    The installer's own last lines may follow it.
    """
    first, *after = result.stderr.splitlines()
    assert first.startswith("course.py: "), result.stderr
    assert all(part in first for part in parts), first
    assert all(line.startswith(("  pip: ", "  uv: ")) for line in after), result.stderr
    assert result.returncode == 1
