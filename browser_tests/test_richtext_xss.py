"""Hostile text in a real browser: what the pipeline lets out runs nothing and asks no other host for anything."""

import json
import os
import shutil
from pathlib import Path

import pytest

from richtext import TextRefused, render, render_inline
from richtext.sanitise import cleaned

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps an event loop in the test's thread

CORPUS = Path(__file__).parents[1] / "richtext" / "tests" / "corpus"
ATTACKS = [attack for name in ("xss.json", "dompurify.json") for attack in json.loads((CORPUS / name).read_text())]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PAGE = """<!doctype html><script>
  window.runs = 0;
  function pwn() { runs++; }
  for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = pwn;
  window.onerror = null;
</script><div id="place"></div>"""
INSERT = """html => { const place = document.getElementById("place"); place.innerHTML = html; }"""
AGAIN = """html => {
  const place = document.getElementById("place");
  place.innerHTML = html;
  const once = place.innerHTML;
  place.innerHTML = once;
  const template = document.createElement("template");
  template.innerHTML = once;
  place.append(template.content);
}"""


@pytest.fixture(scope="module")
def page():
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.fail("This test needs a browser: install Chromium (on Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser.new_page()
        browser.close()


def documents():
    for attack in ATTACKS:
        yield cleaned(attack)
        yield render_inline(attack, links=True)
        try:
            yield render(attack, mentions=lambda handle: f"/members/{handle}/")
        except TextRefused:
            continue


@pytest.mark.parametrize("way", ["parsed", "inserted", "written out and inserted again"])
def test_no_attack_runs_or_asks_another_host(page, way):
    asked: list[str] = []

    def answer(route):
        asked.append(route.request.url)
        route.abort()

    page.unroute_all()
    page.route("**/*", answer)
    html = list(documents())
    ran = []
    for start in range(0, len(html), 25):
        batch = html[start : start + 25]
        page.set_content(PAGE + ("".join(f"<section>{part}</section>" for part in batch) if way == "parsed" else ""))
        if way != "parsed":
            for part in batch:
                page.evaluate(INSERT if way == "inserted" else AGAIN, part)
        page.wait_for_timeout(60)
        if page.evaluate("runs"):
            ran.append(batch)

    assert len(html) > 1000
    assert ran == []
    assert asked == []


def test_the_browser_would_have_noticed(page):
    page.unroute_all()
    page.set_content(PAGE)

    page.evaluate(INSERT, "<img src=x onerror=pwn()>")
    page.wait_for_timeout(200)

    assert page.evaluate("runs") == 1
