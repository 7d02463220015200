"""Files that would hide a module of Python's or of a package are found by their names."""

import sys
from pathlib import Path

from helpers.shadows import shadows


def test_names_of_pythons_modules_and_of_packages_are_found_and_the_learners_own_are_not(tmp_path):
    for name in ("socket.py", "types.py", "numpy.py", "helpers.py", "lamp.py", "random.txt"):
        (tmp_path / name).touch()
    assert shadows(tmp_path) == ["helpers.py", "numpy.py", "socket.py", "types.py"]


def test_a_folder_counts_where_it_is_a_package(tmp_path):
    for name in ("select", "queue", "lamps"):
        (tmp_path / name).mkdir()
    (tmp_path / "queue" / "__init__.py").touch()
    (tmp_path / "lamps" / "__init__.py").touch()
    assert shadows(tmp_path) == ["queue"]


def test_only_what_is_installed_counts_and_no_folder_of_data(tmp_path):
    packages = tmp_path / "site-packages"
    (packages / "data").mkdir(parents=True)
    (packages / "thermometer.py").touch()
    for name in ("thermometer.py", "data.py", "lamp.py"):
        (tmp_path / name).touch()
    assert shadows(tmp_path, [str(tmp_path), str(packages)]) == ["thermometer.py"]


def test_the_courses_own_folders_hide_nothing():
    root = Path(__file__).resolve().parents[2]
    assert shadows(root / "notebooks", sys.path) == []
    assert shadows(root / "no such folder") == []
