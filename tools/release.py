"""Pack what a learner needs into one zip: `python3 course.py release` calls this.

The zip holds the notebooks of both editions with their sources, the helpers, the tools behind the
words that learners use, the locks, and README with all that it links to; no tests and no authors'
tools. It is made of what is committed, so the same commit gives the same bytes (by the same zlib).
Standard library only.
"""

import ast
import io
import re
import subprocess
import sys
import tarfile
import time
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
NAME = "sockets-in-iot-{}"
WORDS = ("fresh", "bring", "assess", "pages")  # the tools that learners' words start
WHOLE = ("helpers/", "notebooks/", "tools/start/", "LICENSE")  # all that begins so is packed
SINGLE = (
    "course.py",
    "README.md",
    "CHANGELOG.md",
    "CITATION.cff",
    "environment.yml",
    "pyproject.toml",
    "requirements.txt",
    "requirements-uv.txt",
)
BESIDE = (".css", ".js", ".svg", ".html")  # what tools read that is no code
MOST = 15_000_000  # bytes of the zip
_LINK = re.compile(r"""\]\(([^)#\s]+)|(?:src|srcset|href)="([^"#]+)\"""")


class Problem(Exception):
    """Something that the author can put right; its text is what they see."""


@dataclass(frozen=True)
class Commit:
    """What is committed.

    Attributes:
        files: the bytes of each file, by its path with slashes.
        programs: the paths of those that may be executed.
        time: when it was committed, in seconds since 1970.
    """

    files: Mapping[str, bytes]
    programs: frozenset[str]
    time: int


def read_commit(root: Path = ROOT, name: str = "HEAD") -> Commit:
    """Read all files of a commit.

    Raises:
        Problem: where there is no git, or no such commit.
    """
    packed = _git(root, "archive", "--format=tar", name)
    when = int(_git(root, "show", "-s", "--format=%ct", name))
    files, programs = {}, set()
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        for member in archive:
            if member.isfile():
                files[member.name] = archive.extractfile(member).read()
                if member.mode & 0o100:
                    programs.add(member.name)
    return Commit(files, frozenset(programs), when)


def version_of(files: Mapping[str, bytes]) -> str:
    """The version that pyproject.toml says."""
    return str(tomllib.loads(files["pyproject.toml"].decode())["project"]["version"])


def chosen(files: Mapping[str, bytes]) -> list[str]:
    """The paths of what a learner needs, in order."""
    wanted = {path for path in files if path.startswith(WHOLE) or path in SINGLE}
    wanted |= tools_for(WORDS, files)
    todo = [path for path in wanted if path.endswith(".md")]
    while todo:  # what a page links to can be opened
        page = todo.pop()
        for path in linked(page, files[page].decode()):
            if path in files and path not in wanted:
                wanted.add(path)
                if page == "README.md" and path.endswith(".md"):
                    todo.append(path)
    return sorted(wanted)


def linked(page: str, text: str) -> set[str]:
    """The paths that a page's links lead to, as far as they stay in the repository."""
    found = {one or other for one, other in _LINK.findall(text)}
    folder = PurePosixPath(page).parent
    return {str(folder / each) for each in found if "://" not in each}


def tools_for(words: tuple[str, ...], files: Mapping[str, bytes]) -> set[str]:
    """The files below tools/ that these tools need: what they import, and what such code reads."""
    found, todo = set(), [f"tools/{word}.py" for word in words]
    while todo:
        path = todo.pop()
        if path in found or path not in files:
            continue
        found.add(path)
        for name in _imported(files[path].decode()):
            todo.append(f"tools/{name.replace('.', '/')}.py")
            package = f"tools/{name.partition('.')[0]}/"
            todo += [each for each in files if each.startswith(package)]
    beside = {each for each in files if PurePosixPath(each).parent == PurePosixPath("tools")}
    return found | {each for each in beside if each.endswith(BESIDE)}


def _imported(code: str) -> set[str]:
    """The modules that code imports; a file that is no Python imports none."""
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except SyntaxError:
        return set()
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}


def pack(commit: Commit) -> bytes:
    """The zip: one folder, named after the version, so that it never lands on an older one."""
    top = NAME.format(version_of(commit.files))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in chosen(commit.files):
            entry = zipfile.ZipInfo(f"{top}/{path}", time.gmtime(commit.time)[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is made: for the rights
            entry.external_attr = (0o100755 if path in commit.programs else 0o100644) << 16
            archive.writestr(entry, commit.files[path])
    return packed.getvalue()


def release(folder: Path, root: Path = ROOT) -> Path:
    """Write the zip into a folder, and return its path.

    Raises:
        Problem: where it would be too large, or there is no commit to make it of.
    """
    commit = read_commit(root)
    content = pack(commit)
    if len(content) > MOST:
        raise Problem(f"it would have {len(content):,} bytes, and at most {MOST:,} are meant.")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{NAME.format(version_of(commit.files))}.zip"
    path.write_bytes(content)
    return path


def _git(root: Path, *words: str) -> bytes:
    try:
        return subprocess.run(["git", *words], cwd=root, capture_output=True, check=True).stdout
    except FileNotFoundError:
        raise Problem("git is not there, and the zip is made of what is committed.") from None
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip()
        raise Problem(f"this folder has no commit to make it of ({said}).") from None


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line and return its exit status: 2 for words that it does not know."""
    words = sys.argv[1:] if arguments is None else arguments
    if len(words) > 1 or any(word.startswith("-") for word in words):
        print("It takes a folder to write the zip to, or nothing, for dist.")
        return 2
    try:
        path = release(Path(words[0]) if words else root / "dist", root)
        changed = _git(root, "status", "--porcelain", "--untracked-files=no").decode().splitlines()
    except Problem as problem:
        print(f"No zip was made: {problem}")
        return 1
    print(f"{path}: {path.stat().st_size:,} bytes")
    if changed:
        print(f"It has what is committed, and not your changes in {len(changed)} files.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
