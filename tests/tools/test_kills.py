"""Kernels that are killed while they keep progress lose nothing; who loses something is found out.

`course.py abuse progress` kills a thousand.
"""

import json
import os

import pytest
from abuse import kills

if os.name == "nt":
    pytest.skip("waits for pipes as POSIX does", allow_module_level=True)


def test_forty_kills_lose_nothing(tmp_path):
    outcome = kills.kill_writers(40, seed=5, folder=tmp_path)
    assert outcome.kills == 40
    assert outcome.kept > 0
    assert (outcome.lost, outcome.left) == ([], [])


def test_what_is_missing_is_named(tmp_path):
    file = tmp_path / "progress.json"
    assert len(kills.missing(file, ["05 a"])) == 1
    file.write_text("{")
    assert "can't be read" in kills.missing(file, ["05 a"])[0]
    file.write_text(json.dumps({"exercises": {"05 a": {}}, "predictions": {}, "quizzes": {}}))
    assert kills.missing(file, ["05 a"]) == [
        "05 a is not among the predictions",
        "05 a is not among the quizzes",
        "0 attempts of 1",
    ]


def test_a_write_that_is_not_one_step_is_found_out(tmp_path, monkeypatch):
    in_place = "from helpers.study import kept_file; import os, json, time\n" + (
        "def write(path, data):\n"
        "    with open(path, 'w') as file:\n"
        "        for part in json.dumps(data): file.write(part); file.flush()\n"
        "kept_file.write = write\n"
    )
    monkeypatch.setattr(kills, "WRITER", in_place + kills.WRITER)
    assert kills.kill_writers(25, seed=5, folder=tmp_path).lost
