"""What a user set for pip reaches pip and uv; what would lead packages elsewhere does not."""

import os
import sys
from pathlib import Path

import pytest
from start.pip_settings import (
    Settings,
    ask_pip,
    for_pip,
    for_uv,
    is_on,
    listed,
    sorted_out,
    uv_options,
)

PIP = [sys.executable, "-I", "-m", "pip"]
FILE = """[global]
index-url = https://ada:secret@index.example/simple
proxy = proxy.example:3128
target = /elsewhere
constraint = limits.txt
timeout = 9

[install]
timeout = 20
extra-index-url =
    https://one.example/simple
    https://two.example/simple
user = true
"""


def asked(tmp_path: Path, text: str, **variables: str) -> Settings:
    """What pip says where its configuration is this text."""
    file = tmp_path / "pip.conf"
    file.write_text(text)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    settings = ask_pip(PIP, kept | {"PIP_CONFIG_FILE": str(file)} | variables)
    if settings is None:
        pytest.skip("this Python has no pip")
    return settings


def test_pip_is_asked_and_what_leads_elsewhere_is_left_out(tmp_path: Path):
    settings = asked(tmp_path, FILE, PIP_TARGET="/nowhere", PIP_DRY_RUN="1", PIP_CERT="/a.pem")
    told = settings.handed_on
    assert told["index-url"] == "https://ada:secret@index.example/simple"
    assert told["cert"] == "/a.pem"
    assert told["timeout"] == "20", "[install] beats [global]"
    assert told["extra-index-url"].split() == [
        "https://one.example/simple",
        "https://two.example/simple",
    ]
    assert {"target", "constraint", "user", "dry-run"} <= set(settings.overruled)
    assert settings.unreadable == ""


def test_a_variable_beats_a_file(tmp_path: Path):
    settings = asked(tmp_path, FILE, PIP_INDEX_URL="http://a.example/", PIP_TIMEOUT="3")
    assert settings.handed_on["index-url"] == "http://a.example/"
    assert settings.handed_on["timeout"] == "3"


@pytest.mark.parametrize("text", ["index-url = no section\n", "[global\n", "[global]\nx\n"])
def test_of_a_file_that_pip_can_not_read_the_variables_remain(tmp_path: Path, text: str):
    settings = asked(tmp_path, text, PIP_FIND_LINKS="/wheels", PIP_PREFIX="/elsewhere")
    assert settings.handed_on["find-links"] == "/wheels"
    assert "prefix" in settings.overruled
    assert "onfiguration" in settings.unreadable


def test_a_python_without_pip_is_told_from_one_that_has_no_settings(tmp_path: Path):
    script = tmp_path / "no_pip.py"
    script.write_text("raise SystemExit('/usr/bin/python3: No module named pip')")
    assert ask_pip([sys.executable, str(script)], os.environ) is None
    script.write_text("")
    assert ask_pip([sys.executable, str(script)], os.environ) == Settings()


def test_values_are_read_as_python_writes_them():
    said = "global.proxy='a=b'\n:env:.cert=\"it's\"\nfreeze.x='y'\ninstall.proxy='c'\nnonsense\n"
    assert listed(said) == {"proxy": "c", "cert": "it's"}


def test_pip_follows_these_settings_and_no_others():
    settings = sorted_out({"index-url": "http://a.example/", "target": "/elsewhere"})
    variables = for_pip(settings, {"PIP_TARGET": "/elsewhere", "PIP_USER": "1", "HOME": "/home"})
    assert variables["PIP_INDEX_URL"] == "http://a.example/"
    assert variables["PIP_CONFIG_FILE"] == os.devnull
    assert variables["HOME"] == "/home"
    assert not variables.keys() & {"PIP_TARGET", "PIP_USER"}


def test_uv_gets_each_setting_in_its_own_words():
    settings = sorted_out(
        {
            "index-url": "http://a.example/",
            "extra-index-url": "http://b.example/\nhttp://c.example/",
            "find-links": "/wheels",
            "trusted-host": "a.example b.example:81",
            "no-index": "false",
            "keyring-provider": "subprocess",
        }
    )
    assert uv_options(settings) == [
        "--default-index=http://a.example/",
        "--index=http://b.example/",
        "--index=http://c.example/",
        "--find-links=/wheels",
        "--allow-insecure-host=a.example",
        "--allow-insecure-host=b.example:81",
        "--keyring-provider=subprocess",
    ]
    assert uv_options(sorted_out({"no-index": "1"})) == ["--no-index"]


def test_uv_gets_proxy_certificates_and_times_as_variables():
    settings = sorted_out(
        {"proxy": "p.example:1", "cert": "/a.pem", "client-cert": "/b", "default-timeout": "9"}
    )
    variables = for_uv(settings, {"HTTPS_PROXY": "other"}, is_folder=lambda path: False)
    assert variables["HTTPS_PROXY"] == variables["https_proxy"] == "p.example:1"
    assert variables["SSL_CERT_FILE"] == "/a.pem"
    assert variables["SSL_CLIENT_CERT"] == "/b"
    assert variables["UV_HTTP_TIMEOUT"] == "9"


def test_certificates_that_pip_would_read_from_the_environment_reach_uv():
    names = {"CURL_CA_BUNDLE": "/c", "REQUESTS_CA_BUNDLE": "/r"}
    assert for_uv(Settings(), names, lambda path: False)["SSL_CERT_FILE"] == "/r"
    assert for_uv(Settings(), names, lambda path: True)["SSL_CERT_DIR"] == "/r"
    assert "SSL_CERT_FILE" not in for_uv(Settings(), {})


def test_variables_of_uv_that_lead_elsewhere_are_left_out():
    given = {"UV_TARGET": "/t", "UV_PYTHON": "3.8", "UV_OFFLINE": "1", "UV_INDEX": "http://a/"}
    given |= {"UV_INDEX_HOME_PASSWORD": "secret", "PIP_INDEX_URL": "http://b/", "LANG": "C"}
    kept = for_uv(Settings(), given).keys() & given.keys()
    assert kept == {"UV_INDEX", "UV_INDEX_HOME_PASSWORD", "LANG"}


def test_of_a_setting_about_pip_itself_only_the_certificates_are_kept():
    settings = sorted_out({"use-feature": "fast-deps truststore", "use-deprecated": "legacy"})
    assert settings.handed_on == {"use-feature": "truststore"}


def test_a_yes_or_no_is_read_as_pip_reads_it():
    assert is_on(Settings({"no-index": "True"}), "no-index")
    assert not is_on(Settings({"no-index": "off"}), "no-index")
    assert not is_on(Settings(), "no-index")
