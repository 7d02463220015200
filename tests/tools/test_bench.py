"""What `course.py bench` measures with; how fast it is, nobody asserts."""

import subprocess
import sys

from conftest import ROOT

ALL = """
import importlib, sys
sys.path.insert(0, "tools")
from bench.__main__ import MODULES
print(*(callable(importlib.import_module(name).rows) for name in MODULES))
"""


def test_every_module_of_the_bench_is_found_beside_the_others():
    done = subprocess.run([sys.executable, "-c", ALL], cwd=ROOT, capture_output=True, text=True)
    assert set(done.stdout.split()) == {"True"}, done.stderr
