"""Begin a chapter: `python3 course.py new 16 "A new chapter"` calls this. Standard library only.

`new A4 "A new assignment"` begins an assignment.

It makes the three places of a chapter: a source with the cells that every chapter has, the folder
of its checks and questions, and the folder of its tests. They build and pass as they are; their
text says what to write where.
"""

import keyword
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = Path(__file__).resolve().parent / "templates" / "chapter"
OF_ASSIGNMENT = TEMPLATES.with_name("assignment")
USAGE = (
    "It takes a number, a title and, if you like, the name of the exercise, as in: "
    'python3 course.py new 16 "A new chapter" read_all. An assignment has a name such as A4.'
)


class Problem(Exception):
    """Something that the author can put right; its text is the sentence that they see."""


def new_chapter(number: str, title: str, exercise: str = "", root: Path = ROOT) -> list[Path]:
    """Write the files of a new chapter, and return them.

    Args:
        number: two digits, which no chapter has.
        title: as its first line shows it.
        exercise: the name of its first exercise; one is made up where it is empty.
        root: the project's folder.

    Raises:
        Problem: for a number or a title that is none, or that a chapter has. Nothing is written.
        OSError: where a file can't be written.
    """
    if not re.fullmatch(r"\d\d", number):
        raise Problem(f"{number!a} is no number of a chapter: it has two digits, such as 16.")
    title = " ".join(title.split())
    name = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    if not name:
        raise Problem(f"{title!a} is no title: a file is named after its letters and digits.")
    if set(title) & set('\\"'):
        raise Problem("Write the title without quotes and backslashes: it stands in code, too.")
    for path in sorted((root / "notebooks" / "source").glob("[0-9][0-9]_*.py")):
        if path.name[:2] == number:
            raise Problem(f"There is a chapter {number} already: {path.name}.")
        if path.stem[3:] == name:
            raise Problem(f"There is a chapter of that name already: {path.name}.")
    exercise = exercise or f"exercise_{number}"
    if not exercise.isidentifier() or keyword.iskeyword(exercise) or exercise.startswith("_"):
        raise Problem(f"{exercise!a} can't be the name of a function.")
    if taken := sorted((root / "helpers" / "chapters").glob(f"chapter_*/{exercise}.py")):
        raise Problem(f"{taken[0].relative_to(root).as_posix()} is there already.")
    files = dict(_files(number, title, name, exercise, root))
    if there := [path for path in files if path.exists()]:
        raise Problem(f"{there[0].relative_to(root).as_posix()} is there already.")
    return _written(files)


def new_assignment(name: str, title: str, root: Path = ROOT) -> list[Path]:
    """Write the files of a new assignment, and return them.

    Args:
        name: such as "A4", which no assignment has.
        title: as its first line shows it.
        root: the project's folder.

    Raises:
        Problem: for a title that is none, or a name that an assignment has. Nothing is written.
        OSError: where a file can't be written.
    """
    title = " ".join(title.split())
    file = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    if not file:
        raise Problem(f"{title!a} is no title: a file is named after its letters and digits.")
    if set(title) & set('\\"'):
        raise Problem("Write the title without quotes and backslashes: it stands in code, too.")
    folder = name.lower()
    words = {"name": name, "folder": folder, "title": title}
    source = root / "notebooks" / "source" / "assignments" / f"{name}_{file}.py"
    files = {source: _filled(OF_ASSIGNMENT / "source.py.txt", words)}
    for place in ("helpers", "tests"):
        for template in sorted((OF_ASSIGNMENT / place).glob("*.txt")):
            path = root / place / "assignments" / folder / template.stem
            files[path] = _filled(template, words)
    taken = [*source.parent.glob(f"{name}_*.py"), *(path for path in files if path.exists())]
    if taken:
        raise Problem(f"{taken[0].relative_to(root).as_posix()} is there already.")
    return _written(files)


def _written(files: dict[Path, str]) -> list[Path]:
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(files)


def _files(
    number: str, title: str, name: str, exercise: str, root: Path
) -> Iterator[tuple[Path, str]]:
    words = {"number": number, "title": title, "exercise": exercise}
    yield (
        root / "notebooks" / "source" / f"{number}_{name}.py",
        _filled(TEMPLATES / "source.py.txt", words),
    )
    for place in ("helpers", "tests"):
        folder = root / place / "chapters" / f"chapter_{number}"
        for template in sorted((TEMPLATES / place).glob("*.txt")):
            file = f"{exercise}.py" if template.stem == "exercise.py" else template.stem
            yield folder / file, _filled(template, words)


def _filled(template: Path, words: dict[str, str]) -> str:
    return Template(template.read_text(encoding="utf-8")).substitute(words)


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command line and return its exit status: 2 where nothing was made."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        if len(words) not in (2, 3):
            raise Problem(USAGE)
        if re.fullmatch(r"A\d", words[0]) and len(words) == 2:
            made = new_assignment(*words, root=root)
        else:
            made = new_chapter(*words, root=root)
    except (Problem, OSError) as problem:
        print(f"Nothing was made. {problem}", file=sys.stderr)
        return 2
    for path in made:
        print(path.relative_to(root).as_posix())
    print(
        f"Edit them: their text says what belongs where. Then: python3 course.py notebooks "
        f"{words[0]}, and python3 course.py test {words[0]}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
