"""The lists of packages say the same: pyproject.toml, environment.yml and the locks."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from start import inside
from start.install import OLDEST_UV
from start.verify import KERNEL, SERVER

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LEARNER = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
AUTHOR = [Requirement(line) for line in PROJECT["dependency-groups"]["dev"]]
LOCKS = ("requirements.txt", "requirements-dev.txt")
PLATFORMS = [
    {
        "python_version": version,
        "python_full_version": f"{version}.1",
        "sys_platform": system,
        "os_name": "nt" if system == "win32" else "posix",
        "platform_system": {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[system],
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    for version in ("3.11", "3.12", "3.13", "3.14")
    for system in ("linux", "darwin", "win32")
]


def lock_lines(name: str) -> list[str]:
    """Return a lock's lines without hashes, comments and blank ones."""
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = re.sub(r" \\\n +--hash=\S+", "", text).splitlines()
    return [line for line in (re.sub(r"(^|\s+)#.*", "", line).strip() for line in lines) if line]


def pinned(name: str, platform: dict[str, str]) -> dict[str, Version]:
    """Return the packages that a lock installs on a platform, with their versions."""
    versions = {}
    for requirement in map(Requirement, lock_lines(name)):
        marker = requirement.marker
        if marker is None or marker.evaluate(default_environment() | platform):
            (pin,) = requirement.specifier
            assert requirement.name not in versions, f"{requirement.name} twice on {platform}"
            versions[requirement.name] = Version(pin.version)
    return versions


@pytest.mark.parametrize("name", [*LOCKS, "requirements-uv.txt"])
def test_a_lock_pins_each_package_and_names_no_place(name: str):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"(^|[\s'\"=])(/|~|[A-Za-z]:\\)", text, re.MULTILINE), "an absolute path"
    for line in lock_lines(name):
        assert not line.startswith("-"), f"an option in a lock: {line}"
        requirement = Requirement(line)
        assert requirement.url is None
        assert [pin.operator for pin in requirement.specifier] == ["=="], line
        assert "*" not in str(requirement.specifier), line


@pytest.mark.parametrize("name", [*LOCKS, "requirements-uv.txt"])
def test_a_lock_holds_hashes_of_every_package(name: str):
    text = (ROOT / name).read_text(encoding="utf-8")
    packages = re.findall(r"^[a-z][^\\\n]*(?:\\\n[^\\\n]*)*", text, re.MULTILINE)
    assert len(packages) == len(lock_lines(name))
    for package in packages:
        first, *hashes = package.split(" \\\n")
        assert hashes, first
        for line in hashes:
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}", line), package
    assert text.count("--hash=") == sum(package.count("--hash=") for package in packages)


def test_pip_finds_each_extra_that_a_package_asks_for_in_the_lock_too():
    # With hashes on, an extra that the lock does not name counts as a package without a pin.
    locked = {}
    for requirement in map(Requirement, lock_lines("requirements.txt")):
        locked.setdefault(canonicalize_name(requirement.name), set()).update(requirement.extras)
    for name in locked:
        try:
            needed = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # for another system
        for requirement in map(Requirement, needed):
            wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            if wanted and requirement.extras:
                assert requirement.extras <= locked[canonicalize_name(requirement.name)], name


def test_the_uv_that_is_fetched_is_new_enough_and_what_pyproject_names():
    (line,) = lock_lines("requirements-uv.txt")
    (bound,) = map(Requirement, PROJECT["dependency-groups"]["set-up"])
    (pin,) = Requirement(line).specifier
    assert bound.name == Requirement(line).name == "uv"
    assert bound.specifier.contains(pin.version)
    assert Version(pin.version).release[:2] >= OLDEST_UV


def test_each_package_of_the_short_lists_is_imported_before_the_stamp():
    names = {requirement.name for requirement in LEARNER + AUTHOR}
    assert names <= SERVER.keys() | KERNEL.keys()
    locked = {Requirement(line).name for name in LOCKS for line in lock_lines(name)}
    assert SERVER.keys() | KERNEL.keys() <= locked


@pytest.mark.parametrize("name", LOCKS)
@pytest.mark.parametrize(
    "platform", PLATFORMS, ids=lambda p: f"{p['sys_platform']}-{p['python_version']}"
)
def test_the_set_up_reads_a_lock_as_pip_does(name: str, platform: dict[str, str]):
    values = default_environment() | platform
    for version in ("python_version", "python_full_version"):
        values[version] = inside.Version(values[version])
    text = (ROOT / name).read_text(encoding="utf-8")
    wanted = {name: str(version) for name, version in pinned(name, platform).items()}
    read = inside.pins(text, values)
    assert {name: str(Version(version)) for name, version in read.items()} == wanted


@pytest.mark.parametrize(
    "platform", PLATFORMS, ids=lambda p: f"{p['sys_platform']}-{p['python_version']}"
)
def test_each_platform_gets_every_package_of_the_short_lists(platform: dict[str, str]):
    learner, author = (pinned(name, platform) for name in LOCKS)
    for requirement in LEARNER:
        assert requirement.specifier.contains(learner[canonicalize_name(requirement.name)])
    for requirement in AUTHOR:
        assert requirement.specifier.contains(author[canonicalize_name(requirement.name)])
    shared = learner.keys() & author.keys()
    assert {name: learner[name] for name in shared} == {name: author[name] for name in shared}


def test_the_short_lists_hold_lower_bounds_only():
    for requirement in LEARNER + AUTHOR:
        assert [pin.operator for pin in requirement.specifier] == [">="], str(requirement)


def test_a_learner_does_not_get_the_authors_tools():
    names = {Requirement(line).name for line in lock_lines("requirements.txt")}
    assert names.isdisjoint({"hypothesis", "jupytext", "nbval", "playwright", "pytest", "ruff"})


def test_conda_gets_the_learners_list_with_the_same_lower_bounds():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["name"] == PROJECT["project"]["name"]
    assert environment["channels"] == ["conda-forge"]
    python = f"python{PROJECT['project']['requires-python']}"
    assert sorted(environment["dependencies"]) == sorted([python, *map(str, LEARNER)])


def test_contributing_says_what_each_learners_package_is_for():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for requirement in LEARNER:
        assert re.search(rf"^\| `{requirement.name}` \| \w", text, re.MULTILINE), requirement.name


def test_what_is_installed_fits_together():
    command = [sys.executable, "-I", "-m", "pip", "--disable-pip-version-check", "check"]
    result = subprocess.run(command, capture_output=True, text=True)
    if "No module named pip" in result.stderr:
        pytest.skip("this Python has no pip")
    assert result.returncode == 0, result.stdout
