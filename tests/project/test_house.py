"""The house: each wing imports only what its paragraph allows, and no two modules need each other.

Imports are read, not run: those inside functions count as well.
"""

import ast
import importlib
import re
from pathlib import Path

import pytest
from drive.on_disk import ROOT, SOURCES

from helpers.study import about, finding

HELPERS = ROOT / "helpers"
GROUND = "ground"
WINGS = {  # what each may import beside itself, and the ground
    GROUND: set(),
    "look": set(),
    "trace": {"look"},
    "servers": {"trace"},
    "link": {"trace", "servers"},
    "figures": {"trace", "look"},
    "load": {"servers", "figures", "look"},
    "checks": {"link", "servers", "trace", "look"},
    "study": {"checks", "figures", "servers", "trace", "look"},
    "chapters": {"study", "checks", "load", "figures", "link", "servers", "trace", "look"},
    "assignments": {"study", "checks", "load", "figures", "link", "servers", "trace", "look"},
}
TOO_LONG = 400  # lines of a module: one that passes 300 should have a reason


def module_name(path: Path) -> str:
    """The dotted name of a module of the helpers, or of the text of one: a/b.py is helpers.a.b."""
    parts = path.relative_to(HELPERS.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(HELPERS.rglob("*.py"))}


def imports_of(text: str, known: set[str]) -> set[str]:
    """The modules of the course that a text imports; a name's module where it imports a name."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"write it in full: from {'.' * node.level}{node.module or ''}"
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inside & known) or {node.module or ""}
    return {name for name in found if name.partition(".")[0] == "helpers"}


OF_ONE = {"chapters": "chapter", "assignments": "assignment"}
SECOND_HALVES = {"07": "06", "09": "08"}  # which speak of the same packets, or peers


def wing_of(module: str) -> str:
    """The wing of a module: ground for those that stand in helpers itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in WINGS else GROUND


def wrong_arrows(arrows: dict[str, set[str]]) -> list[str]:
    """A line for each import that goes upwards, or from one chapter to another."""
    wrong = []
    for module, targets in arrows.items():
        wing = wing_of(module)
        for target in sorted(targets):
            other = wing_of(target)
            if other not in {wing, GROUND, *WINGS[wing]}:
                wrong.append(f"{module} imports {target}: {wing} may not import {other}")
            elif wing == other and wing in OF_ONE and not may_share(module, target):
                wrong.append(f"{module} imports {target}: a {OF_ONE[wing]} may not import another")
    return wrong


def may_share(module: str, target: str) -> bool:
    """Whether a room may use another: of its own chapter, or of the first half of its theme."""
    here, there = (each.split(".")[2].removeprefix("chapter_") for each in (module, target))
    return here == there or SECOND_HALVES.get(here) == there


def circle(arrows: dict[str, set[str]]) -> list[str]:
    """The modules of a circle, the first of them again at the end; empty where there is none."""
    done: set[str] = set()

    def walk(module: str, way: list[str]) -> list[str]:
        if module in way:
            return [*way[way.index(module) :], module]
        if module in done:
            return []
        for target in sorted(arrows.get(module, ())):
            if found := walk(target, [*way, module]):
                return found
        done.add(module)
        return []

    return next((found for module in sorted(arrows) if (found := walk(module, []))), [])


@pytest.fixture(scope="module")
def arrows() -> dict[str, set[str]]:
    """What each module imports of the course."""
    known = set(MODULES)
    return {
        name: imports_of(path.read_text(encoding="utf-8"), known) for name, path in MODULES.items()
    }


def test_no_import_goes_upwards(arrows: dict[str, set[str]]):
    arrows = {name: targets for name, targets in arrows.items() if name != "helpers"}
    assert "\n".join(wrong_arrows(arrows)) == ""


def test_no_two_modules_need_each_other(arrows: dict[str, set[str]]):
    assert " -> ".join(circle(arrows)) == ""


def test_no_two_wings_need_each_other(arrows: dict[str, set[str]]):
    wings: dict[str, set[str]] = {}
    for module, targets in arrows.items():
        if module != "helpers":
            others = {wing_of(target) for target in targets} - {wing_of(module)}
            wings.setdefault(wing_of(module), set()).update(others)
    assert " -> ".join(circle(wings)) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from helpers.checks.stage import Stage", "trace may not import checks"),
        ("def f():\n    import helpers.figures.plots", "trace may not import figures"),
    ],
)
def test_an_import_that_goes_upwards_is_named(text: str, said: str):
    known = {"helpers.checks.stage", "helpers.figures.plots"}
    found = wrong_arrows({"helpers.trace.new": imports_of(text, known)})
    assert len(found) == 1
    assert found[0].startswith("helpers.trace.new imports helpers.")
    assert found[0].endswith(said)


def test_an_import_from_one_chapter_to_another_is_named():
    text = "from helpers.chapters.chapter_03 import beliefs"
    arrows = {"helpers.chapters.chapter_07.ask": imports_of(text, {text.split()[1] + ".beliefs"})}
    assert "a chapter may not import another" in wrong_arrows(arrows)[0]


def test_a_circle_is_found():
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]


@pytest.mark.parametrize("wing", sorted(set(WINGS) - {GROUND}))
def test_a_wing_says_what_it_is_and_what_it_may_import(wing: str):
    said = " ".join(importlib.import_module(f"helpers.{wing}").__doc__.split())
    allowed = re.search(r"May import: ([^.;]+)[.;]", said)[1]
    if allowed in (
        "everything but another chapter",
        "everything but chapters and another assignment",
    ):
        assert WINGS[wing] == set(WINGS) - {"chapters", "assignments", GROUND}
    else:
        assert set(allowed.split(", ")) - {GROUND} == WINGS[wing]


def test_every_folder_of_the_helpers_is_a_wing():
    folders = {path.name for path in HELPERS.iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders == set(WINGS) - {GROUND}


def test_no_name_is_an_exercise_of_two_chapters():
    names = finding.exercises()
    assert len(names) == len(set(names))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_chapter_has_a_module_for_each_of_its_exercises_and_no_other(source: Path):
    assert sorted(about.about(source).exercises) == finding.exercises(source.name[:2])


def test_chapters_import_from_helpers_and_their_own_charts_and_staging_alone():
    for source in SOURCES:
        text = source.read_text(encoding="utf-8")
        found = set(re.findall(r"^\s*(?:from|import) (helpers[\w.]*)(.*)", text, re.M))
        room = f"helpers.chapters.chapter_{source.name[:2]}"
        own = {(room, f" import {names}") for names in ("charts", "staging", "charts, staging")}
        assert {name for name, _ in found - own} == {"helpers"}


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_is_of_a_size_that_one_can_read(name: str):
    if not name.endswith(".solutions"):
        lines = MODULES[name].read_text(encoding="utf-8").count("\n")
        assert lines <= TOO_LONG, "has it a second idea?"
