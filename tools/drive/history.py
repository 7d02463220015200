"""Earlier versions of the course, as learners have them: taken out of git's history."""

import io
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
from drive.on_disk import ROOT

RELEASES = dict(
    re.findall(
        r"^## (\S+) \(commit (\w+)\)",
        (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
)


def _has_history() -> bool:
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        return False
    return all(
        subprocess.run(
            ["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=ROOT, capture_output=True
        ).returncode
        == 0
        for commit in RELEASES.values()
    )


needs_history = pytest.mark.skipif(
    not _has_history(), reason="this copy has not the history that CHANGELOG.md names"
)


def archived(version: str, folder: Path, *paths: str) -> Path:
    """Unpack a released version, or these paths of it, into a folder that is made; return it."""
    return unpacked(RELEASES[version], folder / f"course {version}", *paths)


def unpacked(commit: str, folder: Path, *paths: str) -> Path:
    """Unpack a commit, or these paths of it, into this folder; return it."""
    packed = subprocess.run(
        ["git", "archive", commit, *paths], cwd=ROOT, capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder
