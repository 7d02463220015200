"""The build: stubs, messages, clean outputs, and the check that tells drift."""

import ast
import shutil
import sys
from pathlib import Path

import build
import editions
import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook, new_output

SOURCE = '''# %% [markdown]
# # A small chapter
#
# You will double a number.

# %% tags=["exercise"]
FACTOR = 2


def double(
    number: int,  # any size
) -> int:
    """Return twice the number — as an int."""
    return _times(number)


def _times(number):
    return FACTOR * number

# %%
try:
    print(double(21))
except NotImplementedError:
    print("not started")
'''


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A notebooks folder with one chapter, built (two kernels)."""
    folder = tmp_path_factory.mktemp("repo") / "notebooks"
    (folder / "source").mkdir(parents=True)
    (folder / "source" / "01_small.py").write_text(SOURCE, encoding="utf-8")
    assert build.main([], folder) == 0
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A copy of the built folder, for a test to spoil."""
    return shutil.copytree(built, tmp_path / "notebooks")


def source(folder: Path, text: str) -> Path:
    """A source file with this text."""
    path = folder / "source" / "01_small.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def edit(path: Path, change) -> None:
    """Read a notebook, change it, and write it back."""
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def ran(*outputs, tags=()) -> nbformat.NotebookNode:
    """A notebook of one code cell that ran and shows these outputs."""
    cell = new_code_cell("f()", execution_count=1, outputs=list(outputs))
    cell.metadata = nbformat.from_dict({"tags": list(tags)})
    return new_notebook(cells=[cell])


# Stubs


def test_a_stub_keeps_signature_and_docstring_as_the_author_wrote_them():
    cell = editions.jupytext.reads(SOURCE, fmt="py:percent").cells[1].source
    assert editions.stub(cell) == (
        "def double(\n    number: int,  # any size\n) -> int:\n"
        '    """Return twice the number — as an int."""\n    raise NotImplementedError'
    )


def test_a_stub_keeps_decorators_and_async():
    cell = '@trace\n@cache(1)\nasync def serve(host):\n    """Serve."""\n    await host\n'
    assert editions.stub(cell) == (
        '@trace\n@cache(1)\nasync def serve(host):\n    """Serve."""\n    raise NotImplementedError'
    )


TIMER = '''class Timer:
    """Time."""

    gain = 8

    def __init__(self):
        self.n = 0

    @property
    def now(self) -> float:
        """Now."""
        return self._n()

    def _n(self):
        return 1
'''


def test_a_stub_of_a_class_keeps_its_public_methods():
    assert editions.stub(TIMER) == (
        'class Timer:\n    """Time."""\n\n    @property\n    def now(self) -> float:\n'
        '        """Now."""\n        raise NotImplementedError'
    )


def test_a_documented_init_stays_in_the_stub():
    cell = (
        'class Timer:\n    """Time."""\n\n    def __init__(self, gain):\n        """Set gain."""\n'
        '        self.gain = gain\n\n    def now(self):\n        """Now."""\n        return 1\n'
    )
    assert "def __init__(self, gain):" in editions.stub(cell)
    assert "self.gain" not in editions.stub(cell)


HALF = '''def read_all(connection):
    """All that comes."""
    received = b""
    while True:
        # your line
        piece = connection.recv(100)
        # end
        if not piece:
            break
        # your lines
        received += piece

        # end
    return received
'''


def test_a_half_written_exercise_keeps_all_but_the_marked_lines():
    left = editions.stub(HALF)
    assert left.count("raise NotImplementedError") == 2
    assert "recv" not in left and "+=" not in left
    assert left.count("# your line") == left.count("# end") == 2
    assert "        raise NotImplementedError\n        # end\n        if not piece:" in left
    assert left.endswith("    return received\n")


END_THEN_IF = "        # end\n        if not piece:"


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (HALF.replace("        # end\n    return", "    return"), "has no `# end`"),
        (HALF.replace("        # end\n        if", "        if"), "a second `# your line`"),
        (HALF.replace("        # your line\n", "", 1), "stands where no `# your line`"),
        (HALF.replace("piece = connection.recv(100)", ""), "nothing stands between"),
        (HALF.replace('    """All that comes."""\n', ""), "with a docstring"),
        (HALF.replace(END_THEN_IF, "        if not piece:\n        # end"), "whole statements"),
    ],
)  # fmt: skip
def test_marks_that_do_not_fit_are_named(cell, message):
    with pytest.raises(ValueError, match=message):
        editions.stub(cell)


NAMES = st.from_regex(r"\A[a-z][a-z0-9_]{0,8}\Z").map(lambda name: f"fn_{name}")
TEXTS = st.text(
    st.characters(exclude_characters='\\"\x00\r', exclude_categories=["Cs"]), min_size=1
)
TEXTS = TEXTS.filter(lambda text: text.strip())


@given(st.lists(st.tuples(NAMES, TEXTS), min_size=1, max_size=4, unique_by=lambda pair: pair[0]))
def test_any_stub_is_valid_python_with_the_same_contract_and_no_solution(functions):
    cell = "SECRET = 1\n" + "\n".join(
        f'def {name}(a, *, b: int = 2):\n    """{text}"""\n    return SECRET\n'
        for name, text in functions
    )
    whole, left = ast.parse(cell), ast.parse(editions.stub(cell))
    kept = [node for node in whole.body if isinstance(node, ast.FunctionDef)]
    assert [node.name for node in left.body] == [node.name for node in kept]
    for before, after in zip(kept, left.body, strict=True):
        assert ast.get_docstring(after, clean=False) == ast.get_docstring(before, clean=False)
        assert ast.dump(after.args) == ast.dump(before.args)
        assert ast.unparse(after.body[1:]) == "raise NotImplementedError"
    assert "SECRET" not in [n.id for n in ast.walk(left) if isinstance(n, ast.Name)]


# Messages


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ('# %% tags=["exercise"]\nx = 1', "no public function"),
        ('# %% tags=["exercise"]\ndef f(:\n    pass', "not valid Python"),
        ('# %% tags=["exercise"]\ndef f():\n    return 1', "f needs a docstring"),
        ('# %% tags=["exercise"]\ndef f(): "Doc."', "must start on a line of its own"),
        ('# %% tags=["exercise"]\nclass C:\n    """Data."""\n    a = 1', "no public method"),
        ('# %% tags=["exercize"]\nx = 1', "unknown tag exercize"),
        ("# %%", "empty"),
        ("# %% A heading\nx = 1", "unknown cell option"),
    ],
)
def test_a_malformed_cell_is_named_in_one_sentence(tmp_path: Path, cell: str, message: str):
    path = source(tmp_path, f"# %% [markdown]\n# # Title\n\n{cell}\n")
    with pytest.raises(editions.BuildError, match=message) as caught:
        editions.make(path, "chapter")
    assert str(caught.value).startswith("01_small.py, cell 2: ")
    assert "\n" not in str(caught.value)


def test_a_chapter_has_to_start_with_its_title(tmp_path: Path):
    with pytest.raises(editions.BuildError, match="title"):
        editions.make(source(tmp_path, "# %%\nx = 1\n"), "chapter")


@pytest.mark.parametrize("address", ["", "https://example.org/course"])
def test_a_source_that_fetches_the_course_gets_its_address_where_there_is_one(tmp_path, address):
    says = editions.FETCHING
    path = source(tmp_path / "notebooks", f'# %% [markdown]\n# # A\n\n# %%\n"Upload it{says}"\n')
    project = f'[project.urls]\nrepository = "{address}"\n[project]\n'
    (tmp_path / "pyproject.toml").write_text(project, encoding="utf-8")
    said = says.replace(editions.PLACEHOLDER, address) if address else editions.UPLOADING
    assert editions.make(path, "chapter").cells[1].source == f'"Upload it{said}"'


def test_an_unknown_chapter_is_one_sentence_and_status_2(folder: Path, capsys):
    assert build.main(["09"], folder) == 2
    assert capsys.readouterr().err == "There is no chapter 09 (there are: 01_small).\n"


def test_a_failing_cell_is_reported_with_its_place_and_traceback(tmp_path: Path, capsys):
    source(tmp_path, "# %% [markdown]\n# # Title\n\n# %%\n1 / 0\n")
    assert build.main(["01"], tmp_path) == 1
    said = capsys.readouterr().err
    assert "01_small.ipynb, cell 2:" in said
    assert "ZeroDivisionError" in said
    assert "\x1b" not in said
    assert not list(tmp_path.glob("*.ipynb"))


# Both editions


def test_the_chapter_has_the_stub_and_the_solutions_have_the_solution(built: Path):
    chapter = nbformat.read(built / "01_small.ipynb", as_version=4)
    solved = nbformat.read(built / "solutions" / "01_small.ipynb", as_version=4)
    assert "FACTOR" not in str(chapter)
    assert [chapter.cells[2].outputs[0].text, solved.cells[2].outputs[0].text] == [
        "not started\n",
        "42\n",
    ]
    assert "[one folder up](../01_small.ipynb)" in solved.cells[0].source
    assert "Solutions edition" not in chapter.cells[0].source


def test_an_output_that_gives_a_prediction_away_is_hidden_in_the_chapter_only(tmp_path: Path):
    source = tmp_path / "99_small.py"
    source.write_text('# %% [markdown]\n# # A title\n\n# %% tags=["hidden"]\n2 + 2\n')
    chapter, solutions = (editions.make(source, edition).cells[1] for edition in editions.EDITIONS)
    assert chapter.metadata["jupyter"] == {"outputs_hidden": True}
    assert "jupyter" not in solutions.metadata


def test_a_built_notebook_is_counted_from_1_and_names_no_machine(built: Path):
    notebook = nbformat.read(built / "01_small.ipynb", as_version=4)
    assert [c.execution_count for c in notebook.cells if c.cell_type == "code"] == [1, 2]
    assert notebook.metadata == editions.METADATA
    assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
    text = (built / "01_small.ipynb").read_text(encoding="utf-8")
    assert text.endswith("}\n")
    assert not [folder for folder in build.private_paths(built / "x") if folder in text]


def test_building_again_changes_no_file(folder: Path):
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.ipynb")}
    assert build.main([], folder) == 0
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.ipynb")} == before


def test_equal_cells_have_ids_of_their_own_that_stay_the_same(tmp_path: Path):
    path = source(tmp_path, "# %% [markdown]\n# # Title\n\n# %%\nx = 1\n\n# %%\nx = 1\n")
    ids = [[cell.id for cell in editions.make(path, "chapter").cells] for _ in range(2)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 3


# The check


def test_the_check_passes_on_what_was_just_built(folder: Path):
    assert build.main(["--check"], folder) == 0


def other_text(notebook):
    notebook.cells[2].source += "\n1"


def missing_cell(notebook):
    del notebook.cells[2]


def other_tags(notebook):
    notebook.cells[1].metadata = {}


def never_run(notebook):
    notebook.cells[2].execution_count = None


def saved_by_hand(notebook):
    notebook.metadata["language_info"]["version"] = "3.11.0"


@pytest.mark.parametrize("edition", ["", "solutions/"])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (other_text, "cell 3 is not what its source builds"),
        (missing_cell, "it has 2 cells, its source builds 3"),
        (other_tags, "cell 2 has other tags"),
        (never_run, "cell 3 was never run"),
        (saved_by_hand, "metadata"),
    ],
)
def test_the_check_says_what_differs_and_what_to_run(folder, capsys, edition, change, message):
    edit(folder / f"{edition}01_small.ipynb", change)
    assert build.main(["--check"], folder) == 1
    said = capsys.readouterr().err
    assert f"notebooks/{edition}01_small.ipynb: " in said
    assert message in said
    assert "python3 course.py notebooks 01" in said


def test_the_check_tells_an_edited_source(folder: Path, capsys):
    source(folder, SOURCE.replace("21", "22"))
    assert build.main(["--check", "01"], folder) == 1
    assert "`    print(double(21))` should be `    print(double(22))`" in capsys.readouterr().err


def test_the_check_tells_a_notebook_without_a_source(folder: Path, capsys):
    shutil.copy(folder / "01_small.ipynb", folder / "07_extra.ipynb")
    assert build.main(["--check"], folder) == 1
    assert "notebooks/07_extra.ipynb has no source" in capsys.readouterr().err


def test_the_check_tells_a_source_without_a_notebook(folder: Path, capsys):
    (folder / "solutions" / "01_small.ipynb").unlink()
    assert build.main(["--check"], folder) == 1
    assert "notebooks/solutions/01_small.ipynb is missing" in capsys.readouterr().err


# Outputs


def test_pieces_of_one_stream_become_one_output():
    pieces = [new_output("stream", name="stdout", text=text) for text in ("a\n", "b\n")]
    notebook = ran(*pieces, new_output("stream", name="stderr", text="c\n"))
    build.clean(notebook)
    assert [output.text for output in notebook.cells[0].outputs] == ["a\nb\n", "c\n"]


def test_a_widget_keeps_its_words_only():
    view = {build.WIDGET: {"model_id": "1"}, "text/plain": "IntSlider(value=0)"}
    notebook = ran(new_output("display_data", view), new_output("display_data", {build.WIDGET: {}}))
    build.clean(notebook)
    assert [output.data for output in notebook.cells[0].outputs] == [
        {"text/plain": "IntSlider(value=0)"}
    ]


def test_an_output_says_where_a_learners_python_is():
    shown = {"text/plain": f"3.11.7 ({sys.executable})"}
    notebook = ran(new_output("display_data", shown))
    build.clean(notebook)
    assert notebook.cells[0].outputs[0].data["text/plain"] == "3.11.7 (.venv/bin/python)"


def test_a_traceback_loses_the_folders_of_this_machine():
    trace = ["File \x1b[32m/usr/lib/python3.11/socket.py:851\x1b[39m, in create_connection"]
    error = new_output("error", ename="OSError", evalue="", traceback=trace)
    notebook = ran(error, tags=["raises-exception"])
    build.clean(notebook)
    assert "File \x1b[32msocket.py:851" in notebook.cells[0].outputs[0].traceback[0]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("in /somewhere/private/file.py", "a folder of this machine: /somewhere/private"),
        ("<socket object at 0x7f12ab34cd56>", "an object's address"),
        ("\x1b[31mwarning", "a coloured warning"),
        ("/somewhere/private-not", None),
        ("\N{SNOWMAN} 0x7f12 is a number", None),
    ],
)
def test_an_output_that_differs_by_machine_is_a_fault(text: str, fault: str | None):
    notebook = ran(new_output("stream", name="stderr", text=text))
    found = list(build.faults(notebook, ["/somewhere/private"]))
    assert bool(found) == (fault is not None)
    assert not fault or (fault in found[0] and found[0].startswith("cell 1 "))


def test_a_picture_holds_no_fault_whatever_its_bytes_spell():
    html = '<img alt="x" src="data:image/png;base64,aaa/tmp/bbb">'
    notebook = ran(new_output("display_data", {"text/html": html, "image/png": "a/tmp/b"}))
    assert not list(build.faults(notebook, ["/tmp"]))


def test_an_error_is_a_fault_unless_its_cell_is_tagged():
    error = new_output("error", ename="OSError", evalue="", traceback=[])
    assert list(build.faults(ran(error)))
    assert not list(build.faults(ran(error, tags=["raises-exception"])))


@given(st.lists(st.one_of(st.none(), st.integers(0, 5)), max_size=5))
def test_execution_counts_have_to_be_1_2_3_without_a_gap(counts):
    cells = [new_code_cell("1", execution_count=count) for count in counts]
    faults = list(build.faults(new_notebook(cells=cells)))
    assert (not faults) == (counts == list(range(1, len(counts) + 1)))
