"""Every committed notebook keeps the course's rules; none is run here (nbval does that)."""

import ast
import itertools
import re
from pathlib import Path

import build
import editions
import folded
import jupytext
import pytest
from drive.on_disk import CHAPTERS, NOTEBOOKS, SOLUTIONS, SOURCES, code_cells, each, read, tags
from for_viewers import ALT

from helpers.look.picture import PNG, TOLD

MACHINE = re.compile(
    r"/home/\w|/Users/\w|/root\b|/tmp/|/var/folders/|[A-Za-z]:\\+Users\\|ipykernel_\d"
)
IMAGE = re.compile(r"<img\b[^>]*>")
ALTERNATIVE = re.compile(r"""\balt=(["'])\s*\S.*?\1""", re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def calls_check(source: str) -> bool:
    """Whether a cell calls `check(...)`; a cell with a magic in it does not."""
    try:
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    except SyntaxError:
        return False
    return any(isinstance(call.func, ast.Name) and call.func.id == "check" for call in calls)


def judged_elsewhere(source: str) -> bool:
    """Whether a cell calls `check(...)`, or writes a script for a later cell.

    Or shows the table of this machine, of which tests/study/test_machine.py says more.
    """
    stated = re.search(r"\A%%writefile |^check_machine\(", source, re.MULTILINE)
    return bool(stated) or calls_check(source)


def said(cell) -> str:
    """All text that a cell shows."""
    return "\n".join(build.output_text(output) for output in cell.outputs)


def test_chapters_00_01_and_02_are_there_in_both_editions():
    for paths in (SOURCES, CHAPTERS, SOLUTIONS):
        assert {"00", "01", "02"} <= {path.name[:2] for path in paths}


@each(SOURCES)
def test_saved_notebooks_are_what_their_sources_build(path: Path):
    problems = build.check([path])
    assert not problems, "\n".join(problems)


def test_every_notebook_has_a_source_and_pages_say_what_the_chapters_say():
    problems = build.orphans() + build.stale_pages()
    assert not problems, "\n".join(problems)


@each(NOTEBOOKS)
def test_a_notebook_is_saved_after_one_clean_run(path: Path):
    problems = list(build.faults(read(path), build.private_paths(path)))
    assert not problems, "\n".join(problems)


@each(NOTEBOOKS)
def test_no_output_names_a_folder_of_a_machine(path: Path):
    for number, cell in code_cells(read(path)):
        found = MACHINE.search(said(cell))
        assert not found, f"cell {number} shows {found.group()}"


@each(NOTEBOOKS)
def test_every_tag_is_known(path: Path):
    for number, cell in enumerate(read(path).cells, start=1):
        assert set(tags(cell)) <= editions.TAGS, f"cell {number}"


@each(SOURCES)
def test_a_cell_whose_output_is_not_compared_has_a_claim(path: Path):
    claims = editions.claims_of(path)
    cells = [cell for _, cell in code_cells(editions.make(path, "solutions"))]
    for number, cell in enumerate(cells):
        if "nbval-ignore-output" in tags(cell) and not judged_elsewhere(cell.source):
            assert number in claims, f"this cell needs a claim:\n{cell.source}"


@each(SOURCES)
def test_what_would_give_a_prediction_away_is_hidden_until_the_cell_is_run(path: Path):
    cells = [cell for _, cell in code_cells(editions.make(path, "solutions"))]
    for place, cell in enumerate(cells):
        for guess in re.findall(r"^predict\(\s*(\"[^\"]+\")", cell.source, re.MULTILINE):
            after = cells[place + 1 :]
            uses = [n for n, each in enumerate(after) if f"predicted({guess})" in each.source]
            assert uses, f"nothing is compared with {guess}"
            assert all("hidden" in tags(each) for each in after[: uses[0] + 1]), guess


@each(NOTEBOOKS)
def test_what_stands_in_the_place_of_a_hidden_result_gives_nothing_away(path: Path):
    """JupyterLab shows there the first line of the first output."""
    for number, cell in code_cells(read(path)):
        hides = cell.metadata.get("jupyter") == folded.METADATA
        lines = [folded.is_line(output) for output in cell.outputs]
        assert lines == [hides and place == 0 for place in range(len(lines))], f"cell {number}"


@each(SOURCES)
def test_no_cell_needs_the_result_of_a_check_or_a_prediction_that_may_be_skipped(path: Path):
    for number, cell in code_cells(editions.make(path, "solutions")):
        kept = re.search(r"\w+ = (check|predict|quiz)\(", cell.source)
        assert not kept, f"cell {number} keeps a result: ask predicted or own_answer for it"


@each(SOURCES)
def test_a_claim_asserts_something(path: Path):
    for claim in itertools.chain(*editions.claims_of(path).values()):
        assert any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(claim))), claim


@each(NOTEBOOKS)
def test_no_cell_of_a_learners_has_an_assert_of_ours(path: Path):
    for number, cell in code_cells(read(path)):
        assert not re.search(r"^\s*assert\b", cell.source, re.MULTILINE), f"cell {number}"


@each(NOTEBOOKS)
def test_every_picture_has_alternative_text(path: Path):
    for number, cell in enumerate(read(path).cells, start=1):
        told = False
        for output in cell.get("outputs", []):
            html = "".join(output.get("data", {}).get("text/html", ""))
            for image in IMAGE.findall(html):
                assert ALTERNATIVE.search(image), f"cell {number}: {image[:80]}"
            if PNG in output.get("data", {}):  # what is said of it stands before it
                assert output.metadata[PNG].alt == ALT and told, f"cell {number}: a PNG alone"
            told = f'class="{TOLD}"' in html or (told and PNG in output.get("data", {}))
        assert "No description has been provided for this image" not in str(cell), f"cell {number}"
        if cell.cell_type == "markdown":
            assert "![](" not in cell.source, f"cell {number}"


@each(NOTEBOOKS)
def test_every_link_to_a_file_leads_somewhere(path: Path):
    for number, cell in enumerate(read(path).cells, start=1):
        links = LINK.findall(cell.source) if cell.cell_type == "markdown" else []
        for link in links:
            if not re.match(r"[a-z]+:|#", link):
                assert (path.parent / link.partition("#")[0]).exists(), f"cell {number}: {link}"


@each(NOTEBOOKS)
def test_a_notebook_is_light_enough_to_open_at_once(path: Path):
    assert path.stat().st_size <= 320_000


@each(CHAPTERS)
def test_a_chapter_keeps_to_its_length(path: Path):
    cells = read(path).cells
    least = 20 if any("exercise" in tags(c) for c in cells) or path.name.startswith("00") else 10
    assert least <= len(cells) <= 55


@each(SOURCES)
def test_every_exercise_is_followed_by_its_check(path: Path):
    cells = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells
    for number, cell in enumerate(cells):
        if "exercise" in tags(cell):
            after = cells[number + 1 : number + 3]
            assert any(c.cell_type == "code" and calls_check(c.source) for c in after), number + 1


@each(CHAPTERS)
def test_checks_of_an_untouched_chapter_say_not_started(path: Path):
    for number, cell in code_cells(read(path)):
        if calls_check(cell.source):
            assert "not started" in said(cell), f"cell {number}"


@each(SOLUTIONS)
def test_checks_of_the_solutions_say_passed(path: Path):
    for number, cell in code_cells(read(path)):
        if calls_check(cell.source):
            assert re.search(r"^(✓ )?\w+: passed", said(cell), re.MULTILINE), f"cell {number}"
            assert not re.search(r": not started|cases? failed", said(cell)), f"cell {number}"


@pytest.mark.parametrize("html", ["<img src='a.png'>", '<img alt="">', "<img alt=' '>"])
def test_a_picture_without_words_counts_as_one_without_alternative_text(html: str):
    assert not ALTERNATIVE.search(IMAGE.search(html).group())


def empty_at_first(tree: ast.Module) -> set[str]:
    """The names that a cell gives an empty list, dict or set at its own level, to fill it later."""
    return {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.value) in ("[]", "{}", "set()")
        for target in node.targets
        if isinstance(target, ast.Name)
    }


@each(CHAPTERS)
def test_no_cell_relies_on_a_list_that_a_cell_which_was_broken_off_may_leave_empty(path: Path):
    """A name that is missing tells a learner to run the cell above; an empty list does not."""
    trees = []
    for _, cell in code_cells(read(path)):
        try:
            trees.append(ast.parse(cell.source))
        except SyntaxError:  # a magic
            continue
    for number, tree in enumerate(trees):
        read_later = {
            node.id
            for later in trees[number + 1 :]
            for node in ast.walk(later)
            if isinstance(node, ast.Name)
            and isinstance(node.ctx, ast.Load)
            and node.id not in empty_at_first(later)
        }
        left = sorted(empty_at_first(tree) & read_later)
        assert left == [], "fill it inside a function, and give the name what that returns"
