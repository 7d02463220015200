"""The word `assess`: what it prints, and the exit code that a teacher's script reads."""

import assess
import pytest
from support.programs import solution


@pytest.fixture(autouse=True)
def own_progress(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "progress.json"))


def file_with(folder, code):
    path = folder / "my program.py"
    path.write_text(code, encoding="utf-8")
    return str(path)


def test_a_right_program_gives_0_and_its_points(tmp_path, capsys):
    assert assess.main(["A1", file_with(tmp_path, solution("a1")), "hello"]) == 0
    assert "hello: 1 of 1" in capsys.readouterr().out


def test_a_program_that_lacks_a_milestone_gives_1(tmp_path, capsys):
    assert assess.main(["A1", file_with(tmp_path, "def unrelated(): pass\n"), "hello"]) == 1
    assert "hello: 0 of 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "It takes an assignment and a file"),
        (["A1"], "It takes an assignment and a file"),
        (["A1", "no/mine.py"], "Nothing was tried: no/mine.py: No such file or directory"),
        (["no/A1.json"], "Nothing was tried: no/A1.json: No such file or directory"),
        (["A9", __file__], "Nothing was tried: there is no assignment 'A9'"),
        (["A1", __file__, "hell"], "no milestone 'hell'"),
    ],
)
def test_no_job_gives_2_and_says_what_is_missing(words, said, capsys):
    assert assess.main(words) == 2
    printed = capsys.readouterr()
    assert said in printed.err and not printed.out


def test_a_file_that_was_not_handed_in_is_refused(tmp_path, capsys):
    path = tmp_path / "A1.json"
    path.write_text("{}", encoding="utf-8")
    assert assess.main([str(path)]) == 2
    assert "no file that hand_in has written" in capsys.readouterr().err
