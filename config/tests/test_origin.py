"""SITE_URL is the whole address of a site, or the start is refused
with a sentence.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config.network import is_this_machine
from config.origin import origin_of

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://study.example.org", "https://study.example.org"),
        ("https://study.example.org/", "https://study.example.org"),
        (" https://study.example.org/ ", "https://study.example.org"),
        ("HTTPS://Study.Example.ORG", "https://study.example.org"),
        ("https://study.example.org:443", "https://study.example.org"),
        ("http://study.example.org:80/", "http://study.example.org"),
        ("http://study.local:8000", "http://study.local:8000"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://BÜCHER.example:8443", "https://xn--bcher-kva.example:8443"),
        ("http://[2001:db8::1]:8000", "http://[2001:db8::1]:8000"),
        ("http://192.168.1.20:8000", "http://192.168.1.20:8000"),
    ],
)
def test_an_address_is_written_as_browsers_write_it(typed: str, address: str) -> None:
    assert origin_of(typed) == address
    assert origin_of(address) == address


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("study.example.org", "must begin with http:// or https://"),
        ("study.example.org:8000", "must begin with http:// or https://"),
        ("localhost", "must begin with http:// or https://"),
        ("//study.example.org", "must begin with http:// or https://"),
        ("ftp://study.example.org", "must begin with http:// or https://"),
        ("https:study.example.org", "must begin with http:// or https://"),
        ("https://", "names no host"),
        ("https://two words.org", "names no host"),
        ("https://study.example.org/minibatch", "must end after the host"),
        ("https://study.example.org/minibatch/", "must end after the host"),
        ("https://study.example.org?x=1", "must end after the host"),
        ("https://study.example.org/#home", "must end after the host"),
        ("https://ada:secret@study.example.org", "must not hold a name or password"),
        ("https://study.example.org:port", "is no address"),
        ("https://study.example.org:99999", "is no address"),
        ("https://[::1", "is no address"),
        ("https://--ü--.example", "names a host that cannot exist"),
    ],
)
def test_what_is_no_address_of_a_site_is_refused_in_a_sentence(
    typed: str, why: str
) -> None:
    with pytest.raises(SystemExit) as refusal:
        origin_of(typed)

    said = "" if "@" in typed else f" It says “{typed}”."
    assert (
        str(refusal.value)
        == f"SITE_URL {why_in_full(why)}, such as https://study.example.org.{said}"
    )
    assert "secret" not in str(refusal.value)


def why_in_full(why: str) -> str:
    return (
        f"{why} and its port: the site cannot live below a path"
        if why.endswith("host") and "end" in why
        else why
    )


@pytest.mark.parametrize("command", [["up"], ["check"], ["migrate", "--check"]])
def test_every_command_says_the_sentence_and_no_traceback(
    tmp_path: Path, command: list[str]
) -> None:
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "SITE_URL": "study.example.org/minibatch",
    }
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"

    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("SITE_URL must begin with http:// or https://")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        *(
            (host, True)
            for host in "localhost LOCALHOST. app.localhost 127.0.0.1 127.9.9.9 127.1 "
            "0x7f.0.0.1".split()
        ),
        *(
            (host, True)
            for host in "2130706433 0.0.0.0 [::1] ::1 [::ffff:127.0.0.1] ::".split()
        ),
        *(
            (host, False)
            for host in "garden study.test localhost.example.org 192.168.1.7 128.0.0.1 8.8".split()
        ),
        ("", False),
    ],
)
def test_this_machine_is_known_in_every_spelling(host: str, *, is_here: bool) -> None:
    assert is_this_machine(host) is is_here


def test_the_names_of_this_machine_stand_in_one_place() -> None:
    names = {"localhost", "127.0.0.1", "[::1]", "::1"}
    found = set()
    for folder in (
        *settings.OUR_APPS,
        "config",
        "demo",
        "fields",
        "lists",
        "look",
        "text",
    ):
        for path in (ROOT / folder).rglob("*.py"):
            if "tests" in path.parts or path.name == "test_settings.py":
                continue
            texts = {
                node.value
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Constant)
            }
            if names & texts:
                found.add(str(path.relative_to(ROOT)))

    assert found == {"config/network.py"}
