"""The zip that learners get: what is in it, and that it works without what is not."""

import importlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from drive.history import needs_history
from drive.on_disk import NOTEBOOKS, ROOT, SOURCES

TOOL = importlib.import_module("release")

pytestmark = needs_history


@pytest.fixture(scope="module")
def commit():
    return TOOL.read_commit()


@pytest.fixture(scope="module")
def packed(commit) -> bytes:
    return TOOL.pack(commit)


@pytest.fixture(scope="module")
def unpacked(packed: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a learner has unpacked, in one with a space."""
    folder = tmp_path_factory.mktemp("a folder")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(folder)
    (top,) = folder.iterdir()
    return top


def files(folder: Path) -> set[str]:
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if each.is_file()}


def test_the_same_commit_gives_the_same_bytes_and_few(commit, packed):
    assert TOOL.pack(commit) == packed
    assert len(packed) < TOOL.MOST


def test_it_is_one_folder_named_after_the_version(commit, unpacked):
    assert unpacked.name == f"sockets-in-iot-{TOOL.version_of(commit.files)}"


def test_it_has_all_notebooks_with_their_sources_and_no_tests_or_authors_tools(unpacked):
    found = files(unpacked)
    for path in (*NOTEBOOKS, *SOURCES):
        assert path.relative_to(ROOT).as_posix() in found
    assert {"LICENSE", "LICENSE-CC-BY-4.0", "requirements.txt", "requirements-uv.txt"} <= found
    for start in ("tests/", ".", "tools/abuse", "tools/bench", "tools/drive", "tools/build.py"):
        assert not [each for each in found if each.startswith(start)], start


def test_what_readme_links_to_is_there(commit, unpacked):
    links = TOOL.linked("README.md", commit.files["README.md"].decode())
    assert links
    assert [each for each in links if not (unpacked / each).exists()] == []


def test_the_words_of_learners_have_all_that_they_import(unpacked):
    code = f"import sys; sys.path[:0] = {[str(unpacked), str(unpacked / 'tools')]!r}\n"
    code += "import fresh, bring, assess, pages, start.words, helpers"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("fresh", "02"), 0, "02_tcp_server_and_client.ipynb"),
        (("bring", "."), 2, "that is the folder of this very course"),
        (("test",), 1, "test is a word for those who change the course"),
        (("help",), 0, "  site "),
    ],
)
def test_it_does_what_learners_ask_and_says_what_it_is_not_for(unpacked, words, code, said):
    done = subprocess.run(
        [sys.executable, "course.py", *words], cwd=unpacked, capture_output=True, text=True
    )
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert "bench" not in done.stdout + done.stderr
