"""Measure the chapters' prose and code: `python tools/prose.py [NN ...]`.

Minutes leave out what stands below a heading that begins with "If you have time".

Prints for each chapter: words, words in a sentence on average, the longest sentence, code lines
outside exercises and in the longest cell, minutes as computed, and the words of the glossary that
are used before they are explained. `--long` shows every sentence over 35 words.
"""

from __future__ import annotations

import argparse
import ast
import math
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import jupytext
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from helpers.study.finding import chapters_with  # noqa: E402
from helpers.study.words import Word, words_of  # noqa: E402

SOURCES = ROOT / "notebooks" / "source"
LONGEST = 35  # words that a sentence may have
A_MINUTE = 200  # words
AN_EXPERIMENT, A_QUESTION = 2, 1  # minutes
TEN_LINES = 6  # minutes for each ten lines of an exercise's solution, and for any at least
WORD = re.compile(r"[A-Za-z0-9][\w'’-]*")
ASKING = re.compile(r"^(quiz|predict|puzzle|review|order)\(", re.MULTILINE)
OPTIONAL = "If you have time"  # begins the heading of a part whose minutes don't count
HEADING = re.compile(r"^## (.*)", re.MULTILINE)
NO_EXPERIMENT = re.compile(
    r"\A(check|quiz|predict|puzzle|review|order|words|glossary|check_machine|course_map|progress)\("
    r"|\A%%writefile"
)
EMPHASIS = re.compile(r"(?<!\*)\*{1,2}([^*\n]+)\*{1,2}")


@dataclass(frozen=True)
class Figures:
    """What is measured of a chapter.

    Attributes:
        words: of its text.
        sentences: each as its words, in order.
        code: lines of code outside exercises, without empty ones and claims.
        longest_cell: the lines of its longest cell of code outside exercises.
        cells: all cells of the chapter.
        minutes: as computed.
    """

    words: int
    sentences: list[list[str]]
    code: int
    longest_cell: int
    cells: int
    minutes: int

    @property
    def a_sentence(self) -> float:
        """Words in a sentence, on average."""
        return sum(map(len, self.sentences)) / max(1, len(self.sentences))

    @property
    def longest(self) -> int:
        """Words in the longest sentence."""
        return max(map(len, self.sentences), default=0)


def cells_of(source: Path) -> list[NotebookNode]:
    """The cells that a chapter shows, solutions included."""
    cells = jupytext.read(source, fmt="py:percent").cells
    return [each for each in cells if not {"about", "claim"} & set(_tags(each))]


def figures(source: Path) -> Figures:
    """Measure a chapter by its source."""
    cells = cells_of(source)
    texts = [each.source for each in cells if each.cell_type == "markdown"]
    code = [each for each in cells if each.cell_type == "code"]
    lines = [_lines(each.source) for each in code if "exercise" not in _tags(each)]
    sentences = [each for text in texts for each in sentences_of(text)]
    words = sum(len(WORD.findall(plain(text))) for text in texts)
    return Figures(
        words, sentences, sum(lines), max(lines, default=0), len(cells), _minutes(counted(cells))
    )


def counted(cells: list[NotebookNode]) -> list[NotebookNode]:
    """The cells whose minutes count: without the parts that are headed "If you have time"."""
    kept, optional = [], False
    for cell in cells:
        if cell.cell_type != "markdown":
            kept += [] if optional else [cell]
            continue
        text = ""
        for part in re.split(r"^(?=## )", cell.source, flags=re.MULTILINE):
            if heading := HEADING.match(part):
                optional = heading[1].startswith(OPTIONAL)
            text += "" if optional else part
        kept.append(NotebookNode(cell, source=text))
    return kept


def _minutes(cells: list[NotebookNode]) -> int:
    texts = [each.source for each in cells if each.cell_type == "markdown"]
    minutes = sum(len(WORD.findall(plain(text))) for text in texts) / A_MINUTE
    code = [each for each in cells if each.cell_type == "code"]
    for cell in code[1:]:  # the first finds the course
        if "exercise" in _tags(cell):
            minutes += max(TEN_LINES, TEN_LINES * _body(cell.source) / 10)
        elif ASKING.search(cell.source):
            minutes += A_QUESTION * len(ASKING.findall(cell.source))
        elif not NO_EXPERIMENT.match(cell.source):
            minutes += AN_EXPERIMENT
    return 5 * math.ceil(minutes / 5)


def _body(source: str) -> int:
    """The lines of a solution, without what the chapter gives of it."""
    try:
        tree = compile(source, "<cell>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError:
        return _lines(source)
    documented = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    given = 0
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node) is not None:
            given += node.body[0].end_lineno - node.lineno + 1
    return max(1, len(source.splitlines()) - given - source.count("\n\n"))


def plain(text: str) -> str:
    """A cell's text as words: without code, links' addresses and marks of lists and headings."""
    text = re.sub(r"```.*?```", " ", text, flags=re.DOTALL)
    text = re.sub(r"`[^`]+`", "code", text)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.sub(r"[*_\[\]>]", "", text)


def sentences_of(text: str) -> list[list[str]]:
    """The sentences of a cell's text; headings and tables are none, each item of a list is one."""
    sentences = []
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:[-+]|\d+\.)\s)", text)
    for block in blocks:
        if re.match(r"\s*(#|\|)", block):
            block = "\n".join(
                line for line in block.splitlines() if not re.match(r"\s*(#|\|)", line)
            )
        block = re.sub(r"^\s*(?:[-+]|\d+\.)\s+", "", plain(block))
        block = re.sub(r"\b(e\.g|i\.e|vs|St)\.", r"\1", block)
        for sentence in re.split(
            r"(?<=[.!?:;])[\"')\]]*\s+(?=[\"'(]*[A-Z0-9])|(?<=[.!?])\s*\(", block
        ):
            words = WORD.findall(sentence)
            if words:
                sentences.append(words)
    return sentences


def used_too_early(chapter: str) -> list[str]:
    """The words of the glossary that a chapter uses before they are explained, with the sentence.

    A word is explained where it is first emphasised in the chapter whose words it belongs to; where
    it is not, its first use there counts as its explanation. Whole words count, outside code.
    """
    source = next(SOURCES.glob(f"{chapter}_*.py"))
    # The first cell is the title and what one will be able to do: it may name what is to come.
    texts = [each.source for each in cells_of(source)[1:] if each.cell_type == "markdown"]
    found = []
    for number in chapters_with("words"):
        for word in words_of(number):
            if number < chapter:
                continue
            early = _before(texts, word) if number == chapter else _first(texts, word)
            if early:
                told = "here" if number == chapter else f"in {number}"
                found.append(f"{word.word} (explained {told}): {early}")
    return found


def _pattern(word: Word) -> re.Pattern[str]:
    names = "|".join(re.escape(each) for each in (word.word, *word.forms))
    return re.compile(rf"(?<![\w-])(?:{names})(?![\w-])")


def _first(texts: list[str], word: Word) -> str:
    """The line in which a word is used first; empty where it is not."""
    pattern = _pattern(word)
    for text in texts:
        for line in plain(text).splitlines():
            if pattern.search(line) and not line.startswith("#"):
                return line.strip()
    return ""


def _before(texts: list[str], word: Word) -> str:
    """The line in which it is used before its first emphasis, in texts that have one."""
    pattern = _pattern(word)
    whole = "\n".join(re.sub(r"^#.*$", "", text, flags=re.MULTILINE) for text in texts)
    whole = re.sub(r"`[^`]+`", lambda code: " " * len(code[0]), whole)
    places = [each.start() for each in EMPHASIS.finditer(whole) if pattern.search(each[1])]
    used = pattern.search(whole)
    if not places or used is None or used.start() > places[0]:
        return ""
    line = whole[: used.start()].rfind("\n") + 1
    return whole[line : whole.find("\n", used.start())].strip()


def _lines(source: str) -> int:
    return sum(bool(line.strip()) for line in source.splitlines())


def _tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])


def main(arguments: list[str]) -> int:
    """Print a line for each chapter, and what is used too early below it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", help="numbers, such as 02 (default: all)")
    parser.add_argument("--long", action="store_true", help="show each sentence that is too long")
    chosen = parser.parse_args(arguments)
    print("      cells  words  a sentence  longest  code  longest cell  minutes")
    for source in sorted(SOURCES.glob("[0-9][0-9]_*.py")):
        chapter = source.name[:2]
        if chosen.chapters and chapter not in chosen.chapters:
            continue
        each = figures(source)
        print(
            f"{chapter}{each.cells:9}{each.words:7}{each.a_sentence:12.1f}{each.longest:9}"
            f"{each.code:6}{each.longest_cell:14}{each.minutes:9}"
        )
        for line in used_too_early(chapter):
            print(f"      {line[:110]}")
        for sentence in each.sentences if chosen.long else ():
            if len(sentence) > LONGEST:
                print(f"      {len(sentence)} words: {' '.join(sentence)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
