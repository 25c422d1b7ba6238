"""`make validate`: the Nu Html Checker has nothing to say about any page."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from config.tests.world import make_world
from validate.fragments import as_page
from validate.pages import write_pages

# Valid CSS and HTML of 2024 that the checker does not know yet:
# look/_transition.html, and the link of app.html that waits for an element.
NOT_FOR_STYLES = (
    "A “link” element with a “blocking” attribute must have a “rel” attribute "
    "whose value is “stylesheet”."
)
UNKNOWN_TO_THE_CHECKER = {
    "CSS: Unrecognized at-rule “@view-transition”",
    NOT_FOR_STYLES,
}
CHECKER = Path(
    os.environ.get("VNU_JAR", ".validator/node_modules/vnu-jar/build/dist/vnu.jar")
)


def messages_about(folder: Path) -> list[dict[str, str]]:
    """What the checker says about the pages of the folder, errors
    and warnings.
    """
    command = ["java", "-jar", str(CHECKER), "--format", "json", "--stdout"]
    done = subprocess.run(
        [*command, "--exit-zero-always", "--skip-non-html", str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    messages: list[dict[str, str]] = json.loads(done.stdout)["messages"]
    return messages


@pytest.mark.django_db
def test_every_page_is_valid_html(tmp_path: Path) -> None:
    pages = write_pages(make_world(), tmp_path)

    faults: dict[str, list[dict[str, str]]] = {}
    for message in messages_about(tmp_path):
        text = message["message"]
        if message["type"] == "error" and text not in UNKNOWN_TO_THE_CHECKER:
            faults.setdefault(text, []).append(message)
    print(f"pages checked: {pages}")
    assert pages["asked"] > 100
    assert min(pages.values()) > 10, pages
    assert not faults, "\n".join(map(_told, faults.values()))


def _told(messages: list[dict[str, str]]) -> str:
    first = messages[0]
    extract = " ".join(first.get("extract", "").split())
    page = Path(first["url"]).name
    return f"{len(messages)} x {first['message']}\n    {extract}\n    first in {page}"


def test_the_checker_finds_a_fault(tmp_path: Path) -> None:
    page = "<!doctype html><html lang=en><title>x</title><p><div>y</div></p></html>"
    (tmp_path / "page.html").write_text(page)

    kinds = [message["type"] for message in messages_about(tmp_path)]
    assert "error" in kinds


def test_the_checker_finds_a_fault_in_a_part_of_a_page(tmp_path: Path) -> None:
    good = as_page("<li>\n<p>x</p></li>\n<p id=y>y<br></p>")
    bad = as_page("<li><p>x<div>y</div></p></li>")
    (tmp_path / "good.html").write_text(good)
    (tmp_path / "bad.html").write_text(bad)

    faulty = {Path(each["url"]).name for each in messages_about(tmp_path)}
    assert "<ul><li>\n<p>x</p></li></ul>\n<p id=y>y<br></p>" in good
    assert faulty == {"bad.html"}
