"""What a good repository has: changes, citation, how to report, and files that tools can read."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from drive.on_disk import ROOT
from start.words import WORDS

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CHANGES = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
HISTORY = (ROOT / ".git").exists() and shutil.which("git") is not None
needs_history = pytest.mark.skipif(not HISTORY, reason="this copy has no history")


def git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


def test_the_newest_change_and_the_citation_have_the_projects_version():
    assert re.search(r"^## (\S+)", CHANGES, re.MULTILINE)[1] == PROJECT["version"]
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert {"cff-version", "message", "title", "authors"} <= set(citation)


@needs_history
def test_a_released_version_names_a_commit_that_is_there():
    named = re.findall(r"^## \S+ \(commit (\w+)\)", CHANGES, re.MULTILINE)
    assert named
    if git("rev-parse", "--is-shallow-repository").strip() == "true":
        pytest.skip("this copy has no history")
    for commit in named:
        assert git("cat-file", "-t", commit).strip() == "commit"


@needs_history
@pytest.mark.parametrize(
    ("file", "attribute", "value"),
    [
        ("notebooks/00_start_here.ipynb", "diff", "unset"),
        ("notebooks/00_start_here.ipynb", "linguist-generated", "set"),
        ("tools/images/killed.png", "binary", "set"),
        ("tools/images/killed.gif", "binary", "set"),
    ],
)
def test_built_notebooks_have_no_diff_and_pictures_are_binary(file, attribute, value):
    assert git("check-attr", attribute, file).strip() == f"{file}: {attribute}: {value}"


def test_there_is_a_form_for_each_kind_of_issue():
    assert [path.stem for path in FORMS] == ["chapter", "check", "idea", "setup"]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_one_that_github_takes(path: Path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= set(form)
    ids = [part["id"] for part in form["body"]]
    assert len(ids) == len(set(ids))
    for part in form["body"]:
        assert part["type"] in {"input", "textarea", "dropdown", "checkboxes"}
        assert part["attributes"]["label"]


@pytest.mark.parametrize("name", [".github/dependabot.yml", ".pre-commit-config.yaml"])
def test_a_setting_is_yaml(name: str):
    assert isinstance(yaml.safe_load((ROOT / name).read_text(encoding="utf-8")), dict)


def test_what_runs_before_a_commit_is_a_word_of_course_py():
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    for word in re.findall(r"course\.py (\w+)", text):
        assert word in WORDS
