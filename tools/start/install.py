"""Installing what the locks pin: by uv, which takes seconds, or by pip where uv can't.

The locks are full, so nothing is resolved, and they hold the hash of each file, which both check.
Neither compiles: what the first page needs is compiled when it is looked at, the rest when used.
"""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from start.circumstances import facts
from start.making import base_python
from start.masking import last_lines
from start.pip_settings import Settings, ask_pip, for_pip, for_uv, is_on, uv_options
from start.places import Problem, Venv
from start.progress import Progress
from start.remedies import kind_of, sentence
from start.running import environment, heard

UV_LOCK = "requirements-uv.txt"
OLDEST_UV = (0, 5)  # knows the options that are used here
PINNED = ("--no-deps", "--require-hashes")
# Where pip could not fetch uv for one of these, it can't fetch the rest either.
ALL_THE_SAME = {"network", "certificate", "proxy", "denied", "trouble", "room", "permission"}
Pip = Callable[[], list[str]]


class Failed(Exception):
    """An installer did not manage it."""

    def __init__(self, tool: str, said: str, more: str = "") -> None:
        super().__init__(tool)
        self.tool, self.said = tool, said
        self.all = f"{said}\n{more}" if kind_of(said) == "package" else said


def install(locks: tuple[str, ...], venv: Venv, own_pip: Pip, progress: Progress) -> None:
    """Install what the locks pin into the environment.

    Args:
        locks: names of the lock files, in the root.
        venv: where to.
        own_pip: gives the command of the environment's own pip as soon as that is there.
        progress: is told what is done.

    Raises:
        Problem: where it can't be done, with the reason and what to do.
    """
    # The Python that made the environment has a pip as a rule, ready before the environment's own.
    pip, variables = [base_python(), "-I", "-m", "pip"], environment(venv)
    settings = ask_pip(pip, variables)
    if settings is None:
        pip = own_pip()
        settings = ask_pip(pip, variables) or Settings()
    try:
        try:
            uv = uv_on_path(variables) or fetch_uv(pip, settings, venv, progress)
            install_by_uv(uv, locks, settings, venv, progress)
        except Failed as failed:
            if failed.tool == "pip" and kind_of(failed.all) in ALL_THE_SAME:
                raise
            try:
                install_by_pip(own_pip(), locks, settings, venv, progress)
            except Failed as pip_failed:
                known = [each for each in (pip_failed, failed) if kind_of(each.all) != "unknown"]
                raise [*known, pip_failed][0] from None
    except Failed as failed:
        why = sentence(failed.all, facts(settings, venv, variables))
        lines = "".join(f"\n  {failed.tool}: {line}" for line in last_lines(failed.said))
        raise Problem(f"could not install the packages: {why}{lines}") from None


def uv_on_path(variables: Mapping[str, str]) -> str | None:
    """The uv that the user has, where it is new enough."""
    uv = shutil.which("uv", path=variables.get("PATH"))
    try:
        code, said = heard([uv, "--version"], dict(variables)) if uv else (1, "")
    except OSError:
        return None
    version = re.match(r"uv (\d+)\.(\d+)", said)
    new_enough = version and (int(version[1]), int(version[2])) >= OLDEST_UV
    return uv if code == 0 and new_enough else None


def fetch_uv(pip: list[str], settings: Settings, venv: Venv, progress: Progress) -> str:
    """Fetch the wheel of uv that is pinned, beside the environment's packages.

    Raises:
        Failed: where it can't be had.
    """
    folder = venv.folder / "course-uv"
    uv = found_uv(folder)
    if uv:
        return uv
    progress.step("uv")
    options = [*PINNED, "--no-compile", "--only-binary=:all:", f"--target={folder}"]
    command = [*pip, "install", *options, f"--requirement={UV_LOCK}"]
    code, said = _heard(command, for_pip(settings, environment(venv)), "pip")
    uv = found_uv(folder)
    if code or not uv:
        raise Failed("pip", said)
    return uv


def found_uv(folder: Path) -> str | None:
    """The program uv in the folder where pip put its wheel."""
    for scripts in ("bin", "Scripts"):
        program = folder / scripts / ("uv.exe" if os.name == "nt" else "uv")
        if program.is_file():
            return str(program)
    return None


def install_by_uv(
    uv: str, locks: tuple[str, ...], settings: Settings, venv: Venv, progress: Progress
) -> None:
    """Install wheels by uv.

    Raises:
        Failed: where it does not work.
    """
    progress.step("packages")
    variables = for_uv(settings, environment(venv))
    # As pip does it: the best of all indexes. uv's own way is to protect from what hashes rule out.
    options = [*PINNED, "--no-build", "--index-strategy=unsafe-best-match"]
    options += [*uv_options(settings), *(f"--requirement={lock}" for lock in locks)]
    with usable_cache(uv, settings, variables, venv) as cache:
        # Files are linked from the cache where the disk allows it, and else copied.
        command = [uv, "pip", "install", "--no-config", f"--python={venv.python}", *cache, *options]
        code, said = _heard(command, variables, "uv")
    if code:
        raise Failed("uv", said)


@contextlib.contextmanager
def usable_cache(
    uv: str, settings: Settings, variables: Mapping[str, str], venv: Venv
) -> Iterator[list[str]]:
    """Options that give uv a cache where it may write: its own, or one that goes afterwards."""
    if not is_on(settings, "no-cache-dir"):
        with contextlib.suppress(OSError, ValueError):
            code, said = heard([uv, "--no-config", "cache", "dir"], dict(variables))
            folder = Path(said.strip())
            if code == 0 and folder.is_absolute():
                folder.mkdir(parents=True, exist_ok=True)
                with tempfile.NamedTemporaryFile(dir=folder):
                    pass
                yield []
                return
    folder = venv.folder / "course-cache"
    try:
        yield [f"--cache-dir={folder}"]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def install_by_pip(
    pip: list[str], locks: tuple[str, ...], settings: Settings, venv: Venv, progress: Progress
) -> None:
    """Install by pip, which may build a package that has no wheel for this machine.

    Raises:
        Failed: where it does not work.
    """
    progress.step("packages by pip")
    variables = for_pip(settings, environment(venv))
    options = [*PINNED, "--no-compile", *(f"--requirement={lock}" for lock in locks)]
    code, said = _heard([*pip, "install", *options], variables, "pip")
    if code:
        raise Failed("pip", said, asked_again(pip, said, variables))


def asked_again(pip: list[str], said: str, variables: Mapping[str, str]) -> str:
    """What pip says of one package where it only said that it did not find it: it may say why."""
    package = re.search(r"No matching distribution found for ([\w.-]+==\S+)", said)
    if not package or kind_of(said) != "package":
        return ""
    with tempfile.TemporaryDirectory() as folder:
        options = ["-vv", "--no-deps", "--no-cache-dir", f"--dest={folder}", package[1]]
        _, more = heard([*pip, "download", *options], dict(variables) | {"PIP_RETRIES": "0"})
    return telling(more)


def telling(said: str) -> str:
    """The lines of pip's long report that say why it took nothing."""
    starts = ("Could not fetch URL", "Skipping link: none", "Ignoring indexes")
    return "\n".join(line for line in said.splitlines() if line.strip().startswith(starts))


def _heard(command: list[str], variables: Mapping[str, str], tool: str) -> tuple[int, str]:
    try:
        return heard(command, dict(variables))
    except (OSError, subprocess.SubprocessError) as error:
        raise Failed(tool, str(error)) from None
