"""Hostile text in a real browser: what the pipeline lets out runs nothing
and asks nobody for anything.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, Route

from text import TextRefused, render, render_inline
from text.sanitise import cleaned

CORPUS = Path(__file__).parents[1] / "text" / "tests" / "corpus"
ATTACKS = [
    attack
    for name in ("xss.json", "dompurify.json")
    for attack in json.loads((CORPUS / name).read_text())
]

HOST = "http://pages.example/"
LAST = HOST + "last.png"
# The page has no Content-Security-Policy: here the pipeline stands alone.
PAGE = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script>
  window.runs = [];
  for (const name of ["alert", "confirm", "prompt", "print", "pwn"]) {
    window[name] = () => runs.push(name);
  }
</script><main>"""
ROW = """const row = html => {
  const section = document.createElement("section");
  document.querySelector("main").append(section);
  section.innerHTML = html;
  return section;
};"""
WAYS = {
    "parsed with the page": "parts => {}",
    "inserted": f"parts => {{ {ROW} parts.forEach(row); }}",
    "written out and inserted again": f"""parts => {{ {ROW}
        for (const part of parts) {{
            const again = row(row(part).innerHTML);
            const template = document.createElement("template");
            template.innerHTML = again.innerHTML;
            again.append(template.content);
        }}
    }}""",
}
# A picture asked for last fails last: by then whatever was asked for
# before is known, and so is what its failure ran. Two frames later, what
# waits for the page to be drawn has had its turn.
SETTLED = """async () => {
  await new Promise(failed => {
    const picture = new Image();
    picture.onerror = failed;
    picture.src = "/last.png";
  });
  await new Promise(drawn => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(drawn)));
  });
  const links = [...document.querySelectorAll("main a[href]")];
  return [runs, [...new Set(links.map(link => link.protocol))]];
}"""


class Seen(NamedTuple):
    ran: list[str]
    asked: list[str]
    protocols: set[str]

    @property
    def harm(self) -> bool:
        return bool(
            self.ran or self.asked or self.protocols - {"http:", "https:", "mailto:"}
        )


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


def look(page: Page, parts: Sequence[str], way: str) -> Seen:
    """What these parts of a page run and ask for, besides pictures of our
    own, and where their links lead.
    """
    asked: list[str] = []
    at_once = parts if way == "parsed with the page" else ()
    body = PAGE + "".join(f"<section>{part}</section>" for part in at_once)

    def answer(route: Route) -> None:
        if route.request.url == HOST and not asked:
            route.fulfill(body=body, content_type="text/html")
        else:
            asked.append(route.request.url)
            route.abort()

    page.unroute_all()
    page.route("**/*", answer)
    page.goto(HOST)
    page.evaluate(WAYS[way], list(parts))
    ran, protocols = page.evaluate(SETTLED)
    assert LAST in asked
    return Seen(
        ran,
        [
            url
            for url in asked
            if url != LAST and not url.startswith(HOST + "pictures/")
        ],
        set(protocols),
    )


def documents() -> Iterator[str]:
    for attack in ATTACKS:
        yield cleaned(attack)
        yield render_inline(attack, links=True)
        try:
            yield render(attack, mentions=lambda handle: f"/members/{handle}/")
        except TextRefused:
            continue


@pytest.mark.parametrize("way", WAYS)
def test_no_attack_runs_or_asks_for_anything(page: Page, way: str) -> None:
    parts = list(documents())

    batches = [parts[start : start + 100] for start in range(0, len(parts), 100)]
    suspects = [
        part for batch in batches if look(page, batch, way).harm for part in batch
    ]

    assert len(parts) > 1000
    assert {
        part: seen for part in suspects if (seen := look(page, [part], way)).harm
    } == {}
    assert suspects == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("attack", "ran", "asked"),
    [
        ("<img src=x onerror=pwn()>", ["pwn"], [HOST + "x"]),
        ("<input autofocus onfocus=pwn()>", ["pwn"], []),
        ("<details open ontoggle=pwn()>", ["pwn"], []),
        (
            "<style>@import '//foreign.example/a.css';</style>",
            [],
            ["http://foreign.example/a.css"],
        ),
        ("<iframe src='//foreign.example/'></iframe>", [], ["http://foreign.example/"]),
    ],
)
def test_the_browser_would_have_noticed(
    page: Page, way: str, attack: str, ran: list[str], asked: list[str]
) -> None:
    seen = look(page, [attack], way)

    assert set(seen.ran) == set(ran)
    assert set(seen.asked) == set(asked)


@pytest.mark.parametrize("attack", ["<svg onload=pwn()>", "<script>pwn()</script>"])
def test_the_browser_would_have_noticed_what_runs_only_while_a_page_is_parsed(
    page: Page, attack: str
) -> None:
    assert look(page, [attack], "parsed with the page").ran == ["pwn"]


def test_the_browser_knows_a_link_that_would_run(page: Page) -> None:
    assert look(
        page, ["<a href=' java\tscript:pwn()'>a</a>"], "inserted"
    ).protocols == {"javascript:"}
