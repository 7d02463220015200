"""`course.py test --python 3.13` finds the Python that is meant."""

import os
import sys
from pathlib import Path

import pytest
from start.interpreters import candidates, find_python
from start.places import Problem
from start.words import _taken_out


@pytest.fixture
def pyenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of pyenv with some versions in it, and nothing on PATH."""
    for version in ("3.13.0", "3.13.10", "3.13.9", "3.13.2t", "3.1.9", "3.14-dev", "pypy3.13-7"):
        (tmp_path / "versions" / version / "bin").mkdir(parents=True)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path / "versions"


@pytest.mark.skipif(os.name == "nt", reason="pyenv's folders are others on Windows")
def test_the_newest_of_a_version_comes_first_and_a_free_threaded_one_only_by_its_t(pyenv: Path):
    def folders(named: str) -> list[str]:
        return [str(Path(command[0]).relative_to(pyenv).parts[0]) for command in candidates(named)]

    assert folders("3.13") == ["3.13.10", "3.13.9", "3.13.0"]
    assert folders("3.13t") == ["3.13.2t"]
    assert folders("3.13.9") == ["3.13.9"]
    assert folders("3.1") == ["3.1.9"]


def test_a_path_is_taken_as_it_is():
    assert os.path.samefile(find_python(sys.executable), sys.executable)


def test_on_windows_its_launcher_is_asked_first():
    assert candidates("3.13", windows=True)[0] == ["py", "-3.13"]
    assert ["py", "-3.13"] not in candidates("3.13", windows=False)


@pytest.mark.parametrize("named", ["3.99", "/no/such/python", "no-such-python"])
def test_a_python_that_is_not_there_gets_one_sentence(named: str):
    with pytest.raises(Problem, match=f"no Python {named} was found"):
        find_python(named)


@pytest.mark.parametrize("words", [["--python", "3.13", "-k", "a"], ["-k", "--python=3.13", "a"]])
def test_the_option_is_taken_out_of_what_goes_to_pytest(words: list[str]):
    assert _taken_out("--python", words) == ("3.13", ["-k", "a"])


def test_the_option_needs_a_value():
    assert _taken_out("--python", ["04"]) == ("", ["04"])
    with pytest.raises(Problem, match="--python needs a version"):
        _taken_out("--python", ["04", "--python"])
