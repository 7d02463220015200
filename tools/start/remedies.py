"""From what an installer said to what the reader can do: pure functions of texts.

Each kind of failure has a pattern that finds it in the words of pip and of uv, and a sentence. The
tests hold a real output of each kind against its sentence.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from start.masking import masked

AGAIN = "then run this again."
OTHER_PYTHON = "install Python 3.11 to 3.14 for 64 bits from python.org, and run course.py with it."


@dataclass(frozen=True)
class Facts:
    """What a sentence may have to name, besides what the installer said."""

    python: str = "3.11"
    machine: str = "this processor"
    proxies: tuple[str, ...] = ()  # names of the variables and settings that name one
    settings: tuple[str, ...] = ()  # names of what the user set for pip
    unreadable: str = ""  # what pip said of a configuration that it can't read
    folder: str = ".venv"
    room: dict[str, tuple[str, int]] = field(default_factory=dict)  # name: path, bytes free


# The first that fits counts: a proxy's refusal, for example, holds a network's words, too.
KINDS = {
    "hash": r"DO NOT MATCH THE HASHES|[Hh]ash mismatch",
    "room": r"No space left|Errno 28\b|os error 28\b|quota exceeded|[Ee]rr(?:no|or) 122\b"
    r"|not enough space|os error 112\b|WinError 112\b|Errno 27\b",
    "noexec": r"failed to map segment from shared object",
    "constraint": r"\(constraint\)|ERROR: ResolutionImpossible"
    r"|all requirements must have their versions",
    "certificate": r"CERTIFICATE_VERIFY_FAILED|certificate verify failed|invalid peer certificate"
    r"|UnknownIssuer|TLS CA certificate bundle|problem confirming the ssl certificate",
    "proxy": r"ProxyError|Tunnel connection failed|tunnel error|Unable to connect to proxy"
    r"|connecting to proxy|proxy (?:authorization|authentication) required"
    r"|unsuccessful tunnel|unsupported proxy",
    "denied": r"\b40[137] (?:Client Error|Unauthorized|Forbidden)|\((?:401 Unauth|403 Forb)\w*\)",
    "trouble": r"\b(?:429|5\d\d) (?:Server|Client) Error|HTTP status server error"
    r"|\bHTTP (?:error )?(?:429|5\d\d)|too many 5\d\d error",
    "network": r"NewConnectionError|ConnectTimeout|[Rr]ead timed out|timed out|ReadTimeout"
    r"|NameResolutionError|Failed to resolve|didn't respond within|dns error"
    r"|getaddrinfo|Temporary failure in name"
    r"|tcp connect error|Network is unreachable|No route to host|Connection refused"
    r"|Connection reset|RemoteDisconnected|Connection aborted|ConnectionResetError"
    r"|IncompleteRead|ProtocolError|unexpected EOF|UNEXPECTED_EOF",
    "in use": r"WinError 32\b|os error 32\b|used by another process",
    "permission": r"Errno 13\b|Errno 1\b|Errno 30\b|os error 13\b|os error 30\b|WinError 5\b"
    r"|Permission denied|Access is denied|Read-only file system|Operation not permitted",
    "damaged": r"Wheel '.*' located at .* is invalid|Failed to extract archive|Invalid zip"
    r"|has an invalid wheel|BadZipFile|not a zip file|Bad CRC|corrupt",
    "wheel": r"has no wheels with a matching|has no usable wheels|no wheels are usable"
    r"|metadata-generation-failed|subprocess-exited-with-error|Failed to build\b"
    r"|Failed building wheel|failed-wheel-build|not a supported wheel",
    "no index": r"index lookups were disabled|Ignoring indexes",
    "package": r"No matching distribution|was not found in the package registry"
    r"|there is no version of|not found in the provided package locations",
}


def kind_of(said: str) -> str:
    """The kind of a failure, by what an installer said of it; "unknown" where nothing fits."""
    if _skipped_wheel(said):
        return "wheel"
    return next((kind for kind, words in KINDS.items() if re.search(words, said)), "unknown")


def sentence(said: str, facts: Facts) -> str:
    """What went wrong, and what the reader can do about it."""
    kind = kind_of(said)
    made = SENTENCES[kind](said, facts)
    if facts.unreadable and kind not in ("room", "permission", "hash", "noexec"):
        unreadable = masked(facts.unreadable).strip().rstrip(".")
        made = f"(your settings for pip were left out: {unreadable}.) {made}"
    return made


def _network(said: str, facts: Facts) -> str:
    proxy = "no proxy is set, and some networks need one (HTTPS_PROXY)"
    if facts.proxies:
        proxy = f"a proxy is set ({_names(facts.proxies)}), and it must be right"
    return (
        "no network, or nothing answers where the packages are: connect to one, "
        f"{AGAIN} Note: {proxy}."
    )


def _certificate(said: str, facts: Facts) -> str:
    return (
        "the certificate of the package index is not one that this machine trusts. Is the clock "
        "right? If a firewall or a virus scanner reads along, ask who runs it for the file of "
        f"its certificate and set PIP_CERT to that file, {AGAIN}"
    )


def _proxy(said: str, facts: Facts) -> str:
    names = _names(facts.proxies) or "set in the system"
    return (
        f"the proxy ({names}) does not answer or refuses: correct its address, user and password, "
        f"or remove the setting where you need no proxy, {AGAIN}"
    )


def _denied(said: str, facts: Facts) -> str:
    return (
        "the package index refuses to answer (401, 403 or 407): check name and password in "
        f"index-url, in your settings for pip, {AGAIN}"
    )


def _trouble(said: str, facts: Facts) -> str:
    return "the package index has trouble of its own: wait some minutes, " + AGAIN


def _package(said: str, facts: Facts) -> str:
    what = f"{_package_in(said)} for Python {facts.python} on {facts.machine}"
    own = [
        name for name in ("index-url", "extra-index-url", "find-links") if name in facts.settings
    ]
    if own:
        return (
            f"the package index does not have {what}, and it is one of your own ({_names(own)} in "
            f"pip's settings): have it added there, or take that setting away, {AGAIN}"
        )
    return f"the package index does not have {what}: wait an hour, {AGAIN} Or {OTHER_PYTHON}"


def _no_index(said: str, facts: Facts) -> str:
    return (
        f"your settings for pip say no-index, and find-links has no {_package_in(said)}: put the "
        f"packages there, or take no-index away, {AGAIN}"
    )


def _hash(said: str, facts: Facts) -> str:
    return (
        f"the file of {_package_in(said)} that came is not the one that the course was made with "
        "(its hash differs), so it was not installed. Try once more; if it comes again, the index "
        "or something on the way to it gives out other files: ask who runs it."
    )


def _damaged(said: str, facts: Facts) -> str:
    return f"the file of {_package_in(said)} that came is damaged: run this again."


def _room(said: str, facts: Facts) -> str:
    named = [name for name, (path, _) in facts.room.items() if path and _in_text(path, said)]
    by_path = sorted(named, key=lambda name: len(facts.room[name][0]))
    by_room = sorted(facts.room, key=lambda name: facts.room[name][1])
    # Where uv copies from its cache into the folder, the last path is the one that is full.
    name = max(by_path, key=lambda each: said.rfind(facts.room[each][0]), default="")
    name = name or (by_room[0] if by_room else "")
    path, free = facts.room.get(name, ("", 0))
    where = f"in {name} ({path}, {free // 10**6} MB are free)" if name else "on the disk"
    do = {
        "TMPDIR": "make room there, or set TMPDIR to a folder with 1 GB free",
        "the cache": "make room there, or set UV_CACHE_DIR and PIP_CACHE_DIR to another folder",
    }.get(name, "free 1 GB, or move the course to a disk that has it")
    return f"no room is left {where}: {do}, {AGAIN}"


def _permission(said: str, facts: Facts) -> str:
    path = re.search(
        r"(?:denied|permitted|file system)\W*['`\"]([^'`\"\n]+)"
        r"|['`\"]([^'`\"\n]+)['`\"]:?\s+(?:Caused by: )?(?:Permission|Operation|Read-only|Access)"
        r"|cache at [`']([^`'\n]+)",
        said,
    )
    where = next(filter(None, path.groups()), "") if path else facts.folder
    return (
        f"this account may not write {where}: give it the right to, or copy the course into a "
        f"folder of your own, {AGAIN}"
    )


def _in_use(said: str, facts: Facts) -> str:
    return f"another program uses {facts.folder}: close JupyterLab and editors, {AGAIN}"


def _constraint(said: str, facts: Facts) -> str:
    names = _names(tuple(name for name in facts.settings if "constraint" in name))
    return (
        f"a constraint of yours{f' ({names})' if names else ''} forbids {_package_in(said)}, "
        f"which the course needs: take it away for this (PIP_CONSTRAINT, pip.conf), {AGAIN}"
    )


def _wheel(said: str, facts: Facts) -> str:
    return (
        f"there is no ready-made {_package_in(said)} for Python {facts.python} on "
        f"{facts.machine}, and it could not be built here: {OTHER_PYTHON}"
    )


def _noexec(said: str, facts: Facts) -> str:
    return (
        f"the disk that holds {facts.folder} does not let programs run (it is mounted noexec): "
        f"move the course to another disk, {AGAIN}"
    )


def _unknown(said: str, facts: Facts) -> str:
    return "this program does not know why. The installer said:"


SENTENCES = {
    "network": _network,
    "certificate": _certificate,
    "proxy": _proxy,
    "denied": _denied,
    "trouble": _trouble,
    "package": _package,
    "no index": _no_index,
    "hash": _hash,
    "damaged": _damaged,
    "room": _room,
    "permission": _permission,
    "in use": _in_use,
    "constraint": _constraint,
    "wheel": _wheel,
    "noexec": _noexec,
    "unknown": _unknown,
}


def sentence_inside(report: dict[str, list], folder: str) -> str:
    """What is wrong with what was installed, by the report of `inside`, and what to do."""
    broken = "; ".join(f"`import {module}` says {error}" for module, error in report["broken"])
    if kind_of(broken) == "noexec":
        return "what was installed can't run: " + _noexec("", Facts(folder=folder))
    if report["absent"]:
        names = _few(sorted(set(report["absent"])))
        return (
            f"the installer says that all is well, but {names} did not arrive in {folder}: "
            "something sends packages elsewhere (a file pydistutils.cfg, a wrapper of pip or uv). "
            f"Take it away, {AGAIN}"
        )
    if report["other"]:
        found = [f"{name} {found} for {wanted}" for name, found, wanted in report["other"]]
        return (
            f"{folder} holds other versions than requirements.txt names: "
            f"{_few(sorted(set(found)))}. Delete {folder}, {AGAIN}"
        )
    return (
        f"what was installed does not work: {masked(broken)}. Delete {folder}, {AGAIN} If it comes "
        "again, " + OTHER_PYTHON
    )


def _package_in(said: str) -> str:
    """The package that it is about."""
    found = re.search(
        r"No matching distribution found for ([\w.=-]+)"
        r"|[Hh]ash mismatch for `([\w.=-]+)"
        r"|^ +([\w.-]+==[\w.]+) from .*:$"
        r"|Because ([\w.-]+==\S+) has no"
        r"|no version of ([\w.=-]+)"
        r"|you require\s+([\w.-]+==[\w.]+\w)"
        r"|Failed to (?:download|build|install)[: ]+`?([\w.=-]+)"
        r"|user requested ([\w.=-]+)"
        r"|Wheel '([\w.-]+)'"
        r"|Collecting ([\w.-]+==\S+)(?![\s\S]*Collecting)",
        said,
        re.MULTILINE,
    )
    return next(filter(None, found.groups())) if found else "a package"


def _skipped_wheel(said: str) -> bool:
    """Whether an index has the package that pip did not find, for other machines only."""
    wanted = re.search(r"No matching distribution found for ([\w.-]+)==([\w.]+)", said)
    if not wanted:
        return False
    version = re.escape(wanted[2])
    file = re.sub(r"[-_.]+", "[-_.]", wanted[1]) + "-" + version + "-"
    skipped = rf"(?i)Skipping link: none of the wheel's tags.*{file}"
    newer = rf"require a different python version:.*\b{version} Requires-Python"
    return re.search(rf"{skipped}|{newer}", said) is not None


def _in_text(path: str, said: str) -> bool:
    return path.rstrip("/\\") + "/" in said.replace("\\", "/") or path in said


def _few(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _names(names: Iterable[str]) -> str:
    return ", ".join(names)
