"""Formulas as a browser draws them with the font that the site serves."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from text import render

FONT = Path(__file__).parents[1] / "static" / "fonts" / "stix-two-math.woff2"
# Each root with the most that its sign may be higher than what it is over,
# in em: the bar, the gaps of the font and the way from one size of the
# sign to the next.
ROOTS = {
    r"$\sqrt{n}$": 0.40,
    r"$\sqrt{d_k}$": 0.40,
    r"$\sqrt{x^2+1}$": 0.40,
    r"$\frac{1}{\sqrt{d}}$": 0.40,
    r"$$\sqrt{n}$$": 0.50,
    r"$$\frac{QK^\top}{\sqrt{d_k}}$$": 0.40,
    r"$$\sqrt{\frac{a}{b}}$$": 0.70,
    r"$$\sqrt{\sum_{i=1}^{n} x_i^2}$$": 0.80,
    r"$$\sqrt{\begin{matrix} a \\ b \\ c \\ d \\ e \end{matrix}}$$": 0.40,
}
BOX = """() => {
    const [root] = document.querySelectorAll("msqrt");
    const size = parseFloat(getComputedStyle(root).fontSize);
    const children = [...root.children].map((each) => each.getBoundingClientRect());
    const box = root.getBoundingClientRect();
    const top = Math.min(...children.map((each) => each.top));
    const bottom = Math.max(...children.map((each) => each.bottom));
    const end = Math.max(...children.map((each) => each.right));
    return {higher: (box.height - (bottom - top)) / size, behind: (box.right - end) / size};
}"""


@pytest.fixture
def page(browser: Browser) -> Page:
    page = browser.new_page()
    font = base64.b64encode(FONT.read_bytes()).decode()
    page.set_content(
        f"<style>@font-face {{ font-family: served; src: url(data:font/woff2;base64,{font}) }}"
        f"math {{ font: 100px served }}</style><math><mi>n</mi></math><main></main>"
    )
    assert (
        page.evaluate(
            "document.fonts.load('10px served').then((faces) => faces.length)"
        )
        == 1
    )
    return page


@pytest.mark.parametrize("text", ROOTS)
def test_a_root_ends_where_its_content_ends(page: Page, text: str) -> None:
    page.locator("main").evaluate(
        "(main, html) => { main.innerHTML = html }", render(text)
    )

    box = page.evaluate(BOX)

    assert 0 < box["higher"] < ROOTS[text], box
    assert box["behind"] < 0.05, box
