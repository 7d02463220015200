"""The instructor's page: it names every chapter, and its links lead somewhere."""

import re

from drive.on_disk import ROOT
from start.words import WORDS

from helpers.study.about import chapters

PAGE = (ROOT / "TEACHING.md").read_text(encoding="utf-8")


def test_readme_and_contributing_lead_to_it():
    for name in ("README.md", "CONTRIBUTING.md"):
        assert "(TEACHING.md)" in (ROOT / name).read_text(encoding="utf-8"), name


def test_it_says_of_each_chapter_how_long_it_takes_and_how_many_exercises_it_has():
    rows = re.findall(r"^\| (\d\d) \| ([^|]+) \| (\d+) \| (\d+) \|", PAGE, re.MULTILINE)
    assert rows == [
        (each.number, each.title, str(each.minutes), str(len(each.exercises)))
        for each in chapters()
    ]


def test_every_experiment_and_misconception_belongs_to_a_chapter():
    known = {each.number for each in chapters()}
    assert set(re.findall(r"^\| (\d\d)\b", PAGE, re.MULTILINE)) == known


def test_files_and_words_that_it_names_are_there():
    for name in ("requirements.txt", "environment.yml"):
        assert f"`{name}`" in PAGE
        assert (ROOT / name).is_file()
    for word in set(re.findall(r"course\.py (\w+)", PAGE)):
        assert word in WORDS, word


def test_what_reads_progress_is_python_that_reads_it(tmp_path, capsys):
    folder = tmp_path / "ada" / "sockets-in-iot"
    folder.mkdir(parents=True)
    kept = '{"exercises": {"ask": {"attempts": 4, "passed": false}}, "predictions": {}}'
    (folder / "progress.json").write_text(kept, encoding="utf-8")
    code = re.search(r"(?:^    .*\n|^\n)*^    import json\n(?:^    .*\n|^\n)+", PAGE, re.MULTILINE)
    lines = [line.removeprefix("    ") for line in code[0].split("\n")]
    exec("\n".join(lines).replace("/srv/class", tmp_path.as_posix()), {})
    assert capsys.readouterr().out == "ada: 0 passed; still at ask 4\n"
