"""What the user set for pip, and what of it is handed on to the installer.

Where packages come from is the user's to say: index, proxy, certificate. Where they go is not: a
`target=` in a pip.conf, made for something else, would send them past the environment. So pip's
own answer to `pip config list` is read, and the installer gets the first kind and nothing else.
uv reads neither pip.conf nor PIP_*; it gets the same, in its own words.
"""

import ast
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from start.running import heard

HANDED_ON = {
    *("index-url", "extra-index-url", "find-links", "no-index", "keyring-provider"),
    *("proxy", "cert", "client-cert", "trusted-host", "timeout", "default-timeout", "retries"),
    *("cache-dir", "no-cache-dir", "log"),
}
# Of these, one value says whose certificates count; what else they hold is about pip itself.
CERTIFICATES = {"use-feature": "truststore", "use-deprecated": "legacy-certs"}
OFF = {"", "0", "n", "no", "f", "false", "off"}
# uv's variables of the same kind. All others could send packages elsewhere.
UV_HANDED_ON = {
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS"),
    *("UV_KEYRING_PROVIDER", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS", "UV_INSECURE_HOST"),
    *("UV_HTTP_TIMEOUT", "UV_HTTP_RETRIES", "UV_CONCURRENT_DOWNLOADS", "UV_CACHE_DIR"),
    *("UV_LINK_MODE", "UV_CREDENTIALS_DIR"),
}
NO_PIP = "No module named pip"


@dataclass(frozen=True)
class Settings:
    """What the user set for pip: what is handed on, by name, and the names of what is not."""

    handed_on: dict[str, str] = field(default_factory=dict)
    overruled: tuple[str, ...] = ()
    unreadable: str = ""  # what pip said where it could not read its configuration


def ask_pip(pip: list[str], variables: Mapping[str, str]) -> Settings | None:
    """Ask a pip for all that it was told by files and variables; None where there is no such pip.

    Where pip can't read its files, the variables alone count.
    """
    code, said = heard([*pip, "config", "list"], dict(variables))
    if NO_PIP in said:
        return None
    if code:
        given = {
            name[4:].lower().replace("_", "-"): value
            for name, value in variables.items()
            if name.startswith("PIP_") and name != "PIP_CONFIG_FILE"
        }
        lines = [line for line in said.splitlines() if line.strip()]
        named = [line for line in lines if "onfiguration" in line]
        return sorted_out(given, " ".join([*named, *lines[-1:]][:1]))
    return sorted_out(listed(said))


def listed(said: str) -> dict[str, str]:
    """Read `pip config list`: for one name a variable beats [install], and that beats [global]."""
    sections: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in said.splitlines():
        match = re.fullmatch(r"(global|install|:env:)\.([\w-]+)=(.*)", line)
        if match:
            try:
                value = str(ast.literal_eval(match[3]))
            except (SyntaxError, ValueError):
                value = match[3]
            sections[match[1]][match[2]] = value
    return {name: value for section in sections.values() for name, value in section.items()}


def sorted_out(given: Mapping[str, str], unreadable: str = "") -> Settings:
    """Tell what is handed on from what is not."""
    given = {name: value for name, value in given.items() if value.strip()}
    kept = {name: value for name, value in given.items() if name in HANDED_ON}
    kept |= {name: word for name, word in CERTIFICATES.items() if word in given.get(name, "")}
    return Settings(kept, tuple(sorted(given.keys() - kept.keys())), unreadable)


def for_pip(settings: Settings, variables: Mapping[str, str]) -> dict[str, str]:
    """The variables for a pip that is to follow these settings and no others."""
    kept = {name: value for name, value in variables.items() if not name.startswith("PIP_")}
    own = {
        "PIP_" + name.upper().replace("-", "_"): value for name, value in settings.handed_on.items()
    }
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    return kept | own | quiet | {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INPUT": "1"}


def uv_options(settings: Settings) -> list[str]:
    """The same settings as options of `uv pip install`, where it has one."""
    told = settings.handed_on
    options = [f"--default-index={told['index-url']}"] if "index-url" in told else []
    lists = {
        "extra-index-url": "--index",
        "find-links": "--find-links",
        "trusted-host": "--allow-insecure-host",
    }
    for name, option in lists.items():
        options += [f"{option}={each}" for each in told.get(name, "").split()]
    if is_on(settings, "no-index"):
        options += ["--no-index"]
    if told.get("keyring-provider") == "subprocess":
        options += ["--keyring-provider=subprocess"]
    return options


def for_uv(
    settings: Settings,
    variables: Mapping[str, str],
    is_folder: Callable[[str], bool] = lambda path: Path(path).is_dir(),
) -> dict[str, str]:
    """The variables for a uv that is to follow these settings."""
    kept = {
        name: value
        for name, value in variables.items()
        if not name.startswith(("PIP_", "UV_"))
        or name in UV_HANDED_ON
        or re.fullmatch(r"UV_INDEX_\w+_(USERNAME|PASSWORD)", name)
    }
    told = settings.handed_on
    # The system's certificates, as a pip of today; an older one brings its own.
    own = {"UV_NATIVE_TLS": "1", "UV_SYSTEM_CERTS": "1", "UV_NO_PROGRESS": "1"}
    if proxy := told.get("proxy"):
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            own |= {name: proxy, name.lower(): proxy}
    for trusted in (told.get("cert"), kept.get("REQUESTS_CA_BUNDLE"), kept.get("CURL_CA_BUNDLE")):
        if trusted:
            own["SSL_CERT_DIR" if is_folder(trusted) else "SSL_CERT_FILE"] = trusted
            break
    names = {
        "client-cert": "SSL_CLIENT_CERT",
        "default-timeout": "UV_HTTP_TIMEOUT",
        "timeout": "UV_HTTP_TIMEOUT",
        "retries": "UV_HTTP_RETRIES",
    }
    return kept | own | {names[name]: told[name] for name in names if name in told}


def is_on(settings: Settings, name: str) -> bool:
    """Whether a setting that is a yes or a no says yes."""
    return settings.handed_on.get(name, "").strip().lower() not in OFF
