"""What may be shown of an installer's words: no host, no password."""

import re


def last_lines(said: str, most: int = 6) -> list[str]:
    """The last lines of what an installer said, without its bars and without names of hosts.

    Left out is also what it does not need here: packages for other systems.
    """
    lines = [line.rstrip() for line in masked(said).splitlines()]
    dull = re.compile(r"━|^Ignoring .* markers|^\s*$")
    return [line for line in lines if not dull.search(line)][-most:]


def masked(said: str) -> str:
    """A text without the hosts that it names, and without names and passwords in addresses."""
    hosts = set(re.findall(r"\w+://(?:[^\s/'\"`@]*@)?([\w.-]+)", said))
    hosts |= set(re.findall(r"host=['\"]([\w.-]+)", said))
    hosts |= set(re.findall(r"(?:address for|to resolve|connect to) ['\"]([\w.-]+)", said))
    said = re.sub(r"(\w+://)[^\s/'\"`)>,\]]+", r"\1...", said)
    for host in hosts - {""}:
        said = re.sub(rf"(?<![\w.-]){re.escape(host)}(?![\w-])", "...", said)
    return said
