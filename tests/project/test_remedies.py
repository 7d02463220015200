"""Each kind of failed installation gets its own sentence.

`outputs/` holds what pip and uv of several versions really said when each failure was made to
happen: "== kind", then the text. An old pip says least, so what a second, longer question to it
brought stands at the end of its texts.
"""

import re
from pathlib import Path

import pytest
from start.masking import last_lines, masked
from start.remedies import Facts, kind_of, sentence, sentence_inside

OUTPUTS = Path(__file__).with_name("outputs")
KINDS = {
    "broken-wheel": "damaged",
    "certificate": "certificate",
    "constraint": "constraint",
    "hash": "hash",
    "index-401": "denied",
    "index-403": "denied",
    "index-503": "trouble",
    "no-index": "no index",
    "no-name": "network",
    "no-package": "package",
    "no-permission": "permission",
    "no-permission-cache": "permission",
    "no-room-cache": "room",
    "no-room-folder": "room",
    "no-room-tmp": "room",
    "no-version": "package",
    "proxy-403": "proxy",
    "proxy-407": "proxy",
    "proxy-refused": "proxy",
    "refused": "network",
    "reset": "network",
    "silent": "network",
    "source": "wheel",
    "unreachable": "network",
    "wrong-python": "wheel",
    "wrong-system": "wheel",
}
UV_SAYS_LESS = {
    "uv-0.13 index-401": "package",
    "uv-0.13 index-403": "package",
    "uv-0.5 proxy-refused": "network",
}
FACTS = Facts(
    python="3.13",
    machine="Linux armv7l",
    proxies=("HTTPS_PROXY",),
    settings=("constraint", "index-url"),
    room={
        "TMPDIR": ("/tmp/small", 1_000_000),
        "the cache": ("/home/ada/.cache", 9_000_000_000),
        "the course's folder": ("/home/ada/course", 9_000_000_000),
    },
)
SAYS = {
    "network": ("no network", "a proxy is set (HTTPS_PROXY)", "run this again"),
    "certificate": ("certificate", "PIP_CERT"),
    "proxy": ("the proxy (HTTPS_PROXY)", "password"),
    "denied": ("refuses", "index-url"),
    "trouble": ("trouble of its own", "wait"),
    "package": ("index does not have", "==1.0", "index-url"),
    "no index": ("no-index", "thing==1.0"),
    "hash": ("thing==1.0", "its hash differs", "not installed"),
    "damaged": ("broken", "is damaged"),
    "room": ("no room is left in", "MB are free"),
    "permission": ("may not write /home/ada/", "a folder of your own"),
    "constraint": ("a constraint of yours (constraint)", "PIP_CONSTRAINT"),
    "wheel": ("no ready-made", "==1.0", "Python 3.13", "Linux armv7l", "python.org"),
}


def outputs() -> dict[str, str]:
    """What was kept, by "tool kind"."""
    kept = {}
    for file in sorted(OUTPUTS.glob("*.txt")):
        parts = re.split(r"^== (.*)\n", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        for kind, text in zip(parts[1::2], parts[2::2], strict=True):
            kept[f"{file.stem} {kind}"] = text
    return kept


KEPT = outputs()


@pytest.mark.parametrize("name", KEPT)
def test_a_real_output_gets_the_sentence_of_its_kind(name: str):
    said = KEPT[name]
    kind = UV_SAYS_LESS.get(name) or KINDS[name.split()[1]]
    assert kind_of(said) == kind
    told = sentence(said, FACTS)
    for part in SAYS[kind]:
        assert part in told
    assert "\n" not in told


@pytest.mark.parametrize("tool", sorted({name.split()[0] for name in KEPT}))
def test_each_kind_is_kept_from_each_tool(tool: str):
    kinds = {KINDS[name.split()[1]] for name in KEPT if name.startswith(tool + " ")}
    assert kinds == set(KINDS.values())


@pytest.mark.parametrize("name", KEPT)
def test_no_line_that_is_shown_names_a_host(name: str):
    shown = "\n".join(last_lines(KEPT[name], 100))
    assert "packages.invalid" not in shown
    assert not re.search(r"(127\.0\.0\.1|192\.0\.2\.1|localhost)", shown)


def test_a_password_in_an_address_is_not_shown():
    line = "Looking in indexes: https://ada:secret@index.example/simple, http://b.example/"
    assert masked(line) == "Looking in indexes: https://.../simple, http://.../"


def test_without_a_proxy_the_sentence_says_so():
    assert "no proxy is set" in sentence("Connection refused", Facts())


@pytest.mark.parametrize(
    "name, place",
    [
        ("pip-23.2 no-room-tmp", "TMPDIR (/tmp/small, 1 MB"),
        ("uv-0.13 no-room-folder", "the course's folder (/home/ada/course, 9000 MB"),
    ],
)
def test_where_there_is_no_room_is_named(name: str, place: str):
    assert f"no room is left in {place}" in sentence(KEPT[name], FACTS)


def test_an_unknown_failure_says_so_and_asks_for_nothing():
    told = sentence("a bolt from the blue", FACTS)
    assert told == "this program does not know why. The installer said:"


def test_settings_that_pip_can_not_read_are_told_with_the_failure():
    said = "Configuration file could not be loaded."
    told = sentence("a bolt from the blue", Facts(unreadable=said))
    assert said in told


NOEXEC = (
    "ImportError: /home/ada/course/.venv/lib/python3.11/site-packages/rpds/rpds.cpython-311-x86_64"
    "-linux-gnu.so: failed to map segment from shared object"
)


def test_a_disk_that_runs_no_programs_is_told_as_that():
    report = {"absent": [], "other": [], "broken": [["jupyterlab.labapp", NOEXEC]]}
    assert "mounted noexec" in sentence_inside(report, ".venv")


def test_packages_that_landed_elsewhere_are_named():
    report = {"absent": ["numpy", "jupyterlab", "a", "b", "a"], "other": [], "broken": []}
    told = sentence_inside(report, ".venv")
    assert "a, b, jupyterlab and 1 more did not arrive in .venv" in told


def test_another_version_is_named_with_the_one_that_is_wanted():
    report = {"absent": [], "other": [["numpy", "2.0", "2.4.6"]], "broken": []}
    assert "numpy 2.0 for 2.4.6" in sentence_inside(report, ".venv")


def test_a_package_that_does_not_import_is_named_with_its_error():
    report = {"absent": [], "other": [], "broken": [["numpy", "ImportError: no cblas"]]}
    told = sentence_inside(report, ".venv-3.13")
    assert "`import numpy` says ImportError: no cblas" in told
    assert "Delete .venv-3.13" in told
