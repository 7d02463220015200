"""Build both editions of every chapter from its source: `python3 course.py notebooks` calls this.

`source/NN_name.py` (jupytext percent text) becomes `NN_name.ipynb`, the chapter with its exercises
undone, and `solutions/NN_name.ipynb`, the same chapter with every exercise solved. Both are run
from top to bottom, each in a kernel of its own, and saved with their outputs. `--check` runs
nothing: it says where a notebook is not what its source builds.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import overview
from claims import as_code
from editions import ASSIGNMENTS, EDITIONS, METADATA, BuildError, claims_of, make, target
from folded import fold
from for_viewers import for_viewers
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from solutions import solutions_path, solutions_text

from helpers.study.about import about  # overview has made helpers known

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ROOT / "notebooks"
CELL_SECONDS = 30
NO_CLAIMS: Mapping[int, list[str]] = {}
WIDGET = "application/vnd.jupyter.widget-view+json"
LEARNERS_PYTHON = ".venv/bin/python"
ANSI = re.compile(r"\x1b\[[0-9;]*m")
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
PICTURE = re.compile(r"data:image/[\w.+-]+;base64,[A-Za-z0-9+/=]*")
FOLDERS = re.compile(r"(?:~|[A-Za-z]:)?[\\/](?:[^\s\\/:]+[\\/])+(?=[^\s\\/:]+\.py\b)")


def run(notebook: NotebookNode, path: Path, claims: Mapping[int, list[str]] = NO_CLAIMS) -> None:
    """Run every cell in a new kernel in the notebook's own folder, each with its claims, and leave
    clean outputs in the notebook.

    The learner's progress goes to a file in a temporary folder, so that the author's own is neither
    shown nor touched. Raises BuildError with the cell and the traceback where a cell fails (unless
    tagged `raises-exception`) or takes longer than CELL_SECONDS, and where an output would differ
    on another machine. The kernel is always ended.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        interrupt_on_timeout=True,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    with tempfile.TemporaryDirectory() as scratch:
        environment = os.environ | {"COURSE_PROGRESS": str(Path(scratch, "progress.json"))}
        with client.setup_kernel(env=environment):
            codes = 0
            for number, cell in enumerate(notebook.cells, start=1):
                try:
                    client.execute_cell(cell, number - 1)
                    if cell.cell_type == "code":
                        for claim in claims.get(codes, ()):
                            _claim(client, claim, number)
                        codes += 1
                except CellExecutionError as error:
                    trace = ANSI.sub("", error.traceback)
                    raise BuildError(f"{_place(path)}, cell {number}:\n{trace}") from None
                except (DeadKernelError, TimeoutError) as error:
                    raise BuildError(f"{_place(path)}, cell {number}: {error}") from None
                if "KeyboardInterrupt" in [o.get("ename") for o in cell.get("outputs", [])]:
                    raise BuildError(f"{_place(path)}, cell {number} took over {CELL_SECONDS} s.")
    notebook.metadata = NotebookNode(METADATA)
    clean(notebook)
    for cell in notebook.cells:
        for_viewers(cell)
        fold(cell)
    if problems := list(faults(notebook, private_paths(path))):
        raise BuildError("\n".join(f"{_place(path)}, {problem}" for problem in problems))


def _claim(client: NotebookClient, claim: str, number: int) -> None:
    """Run a claim after the cell of this number; what it shows is of no use to anybody."""
    cells, place = client.nb.cells, number - 1
    kept = cells[place]
    try:
        client.execute_cell(new_code_cell(as_code(claim)), place, store_history=False)
    except CellExecutionError as error:
        what = f"{error.ename}: {error.evalue}".rstrip(": ")
        raise BuildError(f"after cell {number} a claim does not hold ({what}):\n{claim}") from None
    finally:
        cells[place] = kept  # nbclient puts what it has run in its place


def clean(notebook: NotebookNode) -> None:
    """Bring outputs into the one form that is saved: no timestamps, no split streams, no widgets
    without their state.

    A view of a widget means nothing without a kernel, so a reader sees its text or HTML in its
    place. Folders are taken out of tracebacks: they are the author's, not the reader's. Where
    Python is said to be, it is where a learner has it.
    """
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        outputs: list[NotebookNode] = []
        for output in cell.get("outputs", []):
            if (
                output.output_type == "stream"
                and outputs
                and outputs[-1].get("name") == output.name
            ):
                outputs[-1].text += output.text
                continue
            if output.output_type == "error":
                output.traceback = [FOLDERS.sub("", line) for line in output.traceback]
            if "data" in output:
                output.data.pop(WIDGET, None)
                for mime, shown in output.data.items():
                    if mime.startswith("text/"):
                        output.data[mime] = shown.replace(sys.executable, LEARNERS_PYTHON)
            if output.get("data") != {}:
                outputs.append(output)
        if cell.cell_type == "code":
            cell.outputs = outputs


def private_paths(notebook: Path) -> list[str]:
    """Return the folders of this machine that no saved output may name."""
    folders = [notebook.parent, ROOT, Path.home(), Path(sys.prefix), tempfile.gettempdir()]
    both = {Path(folder) for folder in folders} | {Path(folder).resolve() for folder in folders}
    return sorted(str(folder) for folder in both if len(folder.parts) > 1)


def faults(notebook: NotebookNode, private: Iterable[str] = ()) -> Iterator[str]:
    """Yield a sentence for each output that no reader should see or that would differ on another
    machine.

    `private` lists folders that must not appear. Execution counts have to be 1, 2, 3 ... over all
    code cells: nbval does not compare a cell that has none.
    """
    paths = [re.compile(re.escape(path) + r"(?![\w.-])") for path in private]
    expected = 0
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        expected += 1
        if cell.execution_count != expected:
            yield f"cell {number} has execution count {cell.execution_count}, not {expected}."
        may_raise = "raises-exception" in cell.metadata.get("tags", [])
        for output in cell.outputs:
            if output.output_type == "error" and not may_raise:
                yield f"cell {number} shows {output.ename} and is not tagged raises-exception."
            text = output_text(output)
            for pattern in paths:
                if found := pattern.search(text):
                    yield f"cell {number} shows a folder of this machine: {found.group()}"
            if found := ADDRESS.search(text):
                yield f"cell {number} shows an object's address: {found.group()}"
            if output.output_type == "stream" and "\x1b[" in text and not may_raise:
                yield f"cell {number} shows a coloured warning on {output.name}."


def output_text(output: NotebookNode) -> str:
    """Return all that an output says in words, whatever its type; pictures are left out."""
    data = output.get("data", {})
    words = [
        data[mime] for mime in data if mime == "image/svg+xml" or not mime.startswith("image/")
    ]
    words += [output.get(key, "") for key in ("text", "ename", "evalue")]
    words += output.get("traceback", [])
    return PICTURE.sub("", "\n".join(str(word) for word in words))


def save(notebook: NotebookNode, path: Path) -> bool:
    """Write the notebook in one step, if it differs from the file; return whether it did."""
    nbformat.validate(notebook)
    return write(path, nbformat.writes(notebook).rstrip("\n") + "\n")


def write(path: Path, text: str) -> bool:
    """Write a text in one step, if it differs from the file; return whether it did.

    A file whose text is empty goes. A chapter without a folder of its own gets none.
    """
    content = text.encode()
    if not path.parent.is_dir() or content == (path.read_bytes() if path.exists() else b""):
        return False
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(content)
    partial.replace(path)
    if not content:
        path.unlink()
    return True


def build(source: Path) -> str:
    """Build, run and save both editions of one source, one after the other, and return a line that
    says so.

    Nothing is saved unless both ran, but for an assignment's answers. They take turns because they
    may listen on the same port.
    """
    start = time.monotonic()
    if problems := without_a_check(source):
        raise BuildError("\n".join(problems))
    notebooks = {edition: make(source, edition) for edition in EDITIONS}
    claims = claims_of(source)
    answers = write_answers(source) if source.parent.name == ASSIGNMENTS else False  # it meets them
    for edition, notebook in notebooks.items():
        run(notebook, target(source, edition), claims)
    changed = [edition for edition in EDITIONS if save(notebooks[edition], target(source, edition))]
    changed += ["answers"] if write_answers(source) or answers else []
    seconds = time.monotonic() - start
    return f"{source.stem}: {' and '.join(changed) or 'nothing'} changed ({seconds:.1f} s)"


def write_answers(source: Path) -> bool:
    """Write the module of a source's right answers; return whether it changed."""
    return write(solutions_path(source), solutions_text(source))


def without_a_check(source: Path) -> list[str]:
    """Return a sentence for each exercise of a source that has no module of its name."""
    folder = solutions_path(source).parent
    return [
        f"{source.name}: the exercise {name} needs its check, in "
        f"helpers/chapters/{folder.name}/{name}.py."
        for name in about(source).exercises
        if folder.is_dir() and not (folder / f"{name}.py").exists()
    ]


def check(sources: Iterable[Path]) -> list[str]:
    """Return a sentence for each way in which saved notebooks differ from what these sources build;
    runs nothing.

    Cells are compared by kind, text, tags and order, and not by their outputs.
    """
    problems = []
    for source in sources:
        answers = solutions_path(source)
        kept = answers.read_text(encoding="utf-8") if answers.exists() else ""
        if answers.parent.is_dir() and kept != solutions_text(source):
            problems.append(f"{_place(answers)} is not what its source says. {_remedy(source)}")
        for edition in EDITIONS:
            path = target(source, edition)
            if not path.exists():
                problems.append(f"{_place(path)} is missing. {_remedy(source)}")
                continue
            try:
                saved, built = nbformat.read(path, as_version=4), make(source, edition)
            except BuildError as error:
                problems.append(str(error))
                break  # the other edition would say the same
            except (ValueError, nbformat.ValidationError) as error:
                problems.append(f"{_place(path)} is not a notebook ({error}). {_remedy(source)}")
                continue
            if difference := _difference(saved, built):
                problems.append(f"{_place(path)}: {difference}. {_remedy(source)}")
    return problems


def _difference(saved: NotebookNode, built: NotebookNode) -> str:
    for number, (old, new) in enumerate(zip(saved.cells, built.cells, strict=False), start=1):
        if old.cell_type != new.cell_type:
            return f"cell {number} is a {old.cell_type} cell, its source says {new.cell_type}"
        if old.source != new.source:
            return f"cell {number} is not what its source builds ({_first_line(old, new)})"
        if old.metadata != new.metadata:
            return f"cell {number} has other tags than its source"
    if len(saved.cells) != len(built.cells):
        return f"it has {len(saved.cells)} cells, its source builds {len(built.cells)}"
    if saved.metadata != built.metadata:
        return "its metadata is not the build's (was it saved by hand?)"
    for number, cell in enumerate(saved.cells, start=1):
        if cell.get("execution_count", 0) is None:
            return f"cell {number} was never run"
    return ""


def _first_line(old: NotebookNode, new: NotebookNode) -> str:
    pairs = zip([*old.source.split("\n"), ""], [*new.source.split("\n"), ""], strict=False)
    was, should = next((pair for pair in pairs if pair[0] != pair[1]), ("", ""))
    return f"`{was}` should be `{should}`"


def orphans(folder: Path = NOTEBOOKS) -> list[str]:
    """Return a sentence for each notebook that has no source, but for those that learners keep."""
    places = ("", "solutions/", f"{ASSIGNMENTS}/", f"solutions/{ASSIGNMENTS}/")
    found = [path for place in places for path in sorted(folder.glob(f"{place}*.ipynb"))]
    return [
        f"{_place(path)} has no source: delete it, or add {_place(_source_of(path, folder))}."
        for path in found
        if not path.name.startswith("kept-") and not _source_of(path, folder).exists()
    ]


def _source_of(path: Path, folder: Path) -> Path:
    """Where the source of a notebook would be."""
    inside = ASSIGNMENTS if path.parent.name == ASSIGNMENTS else ""
    return folder / "source" / inside / f"{path.stem}.py"


def write_pages(folder: Path = NOTEBOOKS) -> None:
    """Write anew what README, TEACHING and CITATION say of the chapters and the project."""
    for path, text in overview.pages(folder.parent):
        write(path, text)


def stale_pages(folder: Path = NOTEBOOKS) -> list[str]:
    """Return a sentence for each page that does not say what the chapters and the project say."""
    return [
        f"{path.name} is not what the chapters say. Run: python3 course.py notebooks"
        for path, text in overview.pages(folder.parent)
        if path.read_text(encoding="utf-8") != text
    ]


def find_sources(names: Iterable[str], folder: Path = NOTEBOOKS) -> list[Path]:
    """Return the sources with these names or numbers ("02", "02_tcp"), or all of them where no name
    is given.

    Raises ValueError for a name that no source has.
    """
    sources = sorted((folder / "source").glob("[0-9][0-9]_*.py"))
    sources += sorted((folder / "source" / ASSIGNMENTS).glob("A[0-9]_*.py"))
    chosen = []
    for name in names:
        matches = [path for path in sources if Path(name).stem in (path.stem, path.stem[:2])]
        if not matches:
            known = ", ".join(path.stem for path in sources) or "none yet"
            raise ValueError(f"There is no chapter {name} (there are: {known}).")
        chosen += matches
    return sorted(set(chosen)) or sources


def _place(path: Path) -> str:
    return "/".join(path.parts[-2:] if path.parent.name != "solutions" else path.parts[-3:])


def _remedy(source: Path) -> str:
    return f"Run: python3 course.py notebooks {source.stem[:2]}"


def main(arguments: list[str] | None = None, folder: Path = NOTEBOOKS) -> int:
    """Run the command line and return its exit status: 1 where something is wrong, 2 for an unknown
    chapter.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="numbers or names, such as 02 (default: all)")
    parser.add_argument("--check", action="store_true", help="run nothing, say what is out of step")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="chapters run at a time"
    )
    options = parser.parse_args(arguments)
    try:
        sources = find_sources(options.names, folder)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    problems = [] if options.names else orphans(folder)
    if options.check:
        problems += check(sources) + stale_pages(folder)
    else:
        with ThreadPoolExecutor(max(1, options.jobs)) as pool:
            for job in [pool.submit(build, source) for source in sources]:
                try:
                    print(job.result(), flush=True)
                except BuildError as error:
                    problems.append(str(error))
        write_pages(folder)
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
