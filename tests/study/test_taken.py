"""What is taken from the cells that were run: newest definitions, nothing with an effect."""

import pytest

from helpers.study.taken import from_cells, from_file


def run(code):
    names = {}
    exec(compile(code, "<taken>", "exec"), names)
    return names


def test_the_newest_definition_is_taken_with_what_it_needs():
    cells = [
        "import struct\nHEAD = struct.Struct('!H')",
        "def serve(x):\n    return helper(x) + 1",
        "def helper(x):\n    return HEAD.size",
        "def serve(x):\n    return helper(x) + 10",
        "def unused():\n    pass",
    ]
    taken = from_cells(["serve"], cells)
    assert run(taken.code)["serve"](0) == 12
    assert taken.names == ("HEAD", "helper", "serve", "struct")
    assert "unused" not in taken.code


def test_statements_with_an_effect_are_left_out():
    cells = [
        "def serve():\n    return PORT",
        "PORT = 80",
        "server = start(serve)\nprint('on')\nserve()",
        "PORT = choose_port()",
    ]
    taken = from_cells(["serve"], cells)
    assert "start" not in taken.code and "print" not in taken.code
    assert run(taken.code)["serve"]() == 80


def test_what_a_class_or_a_decorator_needs_stands_above_it_whatever_the_order_of_the_cells():
    cells = [
        "@mark\nclass App(Base):\n    size: int = SIZE\n    def go(self):\n        return later()",
        "class Base:\n    pass",
        "from functools import partial\ndef mark(cls):\n    return cls",
        "SIZE = 4 * 2",
        "def later():\n    return App.size",
    ]
    assert run(from_cells(["App"], cells).code)["App"]().go() == 8


def test_dataclasses_annotations_and_futures_work():
    cells = [
        "from __future__ import annotations",
        "@dataclass\nclass Frame:\n    body: Unknown = b''",
        "from dataclasses import dataclass",
        "def serve():\n    return Frame().body",
    ]
    assert run(from_cells(["serve"], cells).code)["serve"]() == b""


def test_cells_that_are_not_python_and_magics_are_passed_over():
    cells = [
        "def serve(:",
        "get_ipython().run_line_magic('time', 'x')",
        "def serve():\n    return 1",
    ]
    assert run(from_cells(["serve"], cells).code)["serve"]() == 1


def test_what_is_missing_is_named_and_half_a_program_is_taken():
    taken = from_cells(["serve", "App"], ["def serve():\n    pass"])
    assert taken.missing == ("App",)
    with pytest.raises(LookupError, match="run the cells with your program first"):
        from_cells(["serve", "App"], ["x = 1"])


def test_a_file_is_taken_as_it_is(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text("print('effect')\n", encoding="utf-8")
    assert from_file(path).code == "print('effect')\n"
    path.write_text("def f(:\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"mine\.py, line 1 is not Python"):
        from_file(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="no text in UTF-8"):
        from_file(path)
