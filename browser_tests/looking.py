"""Pages as people meet them: a phone and a desk, light and dark; a fault
in console, policy or access fails.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
)

AXE = (Path(__file__).parent / "axe.min.js").read_text()
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FIELDS = "input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), select, textarea"
SMALL_FIELDS = f"""() => [...document.querySelectorAll("{FIELDS}")]
    .filter((each) => parseFloat(getComputedStyle(each).fontSize) < 16)
    .map((each) => {{
        const name = `${{each.tagName}} ${{each.name || each.id}}`;
        return `${{location.pathname}} ${{name}} is smaller than 16 px`;
    }})"""
WIDTHS, SCHEMES = (390, 1280), ("light", "dark")
# 640 and 320 are a desk's window at 200 % and 400 %
MORE_WIDTHS = (320, 640, 768, 1024, 1440)


def launch(playwright: Playwright) -> Browser:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "No Chromium on this machine: `make browser` installs it."
    return playwright.chromium.launch(executable_path=chromium, args=QUIET)


def open_context(
    browser: Browser,
    *,
    width: int = 1280,
    scheme: str = "light",
    javascript: bool = True,
) -> BrowserContext:
    return browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=javascript,
        # axe would measure colours on their way from light to dark
        reduced_motion="reduce",
        bypass_csp=False,
        timezone_id="Europe/Berlin",
        locale="en-GB",
    )


class Faults:
    """What the browser complained about on the pages of a context."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.found: list[str] = []
        self.site = site
        context.on("console", self._console)
        context.on("weberror", lambda error: self.found.append(f"error: {error.error}"))
        context.on("request", self._request)
        context.on(
            "response",
            lambda r: (
                self.found.append(f"{r.status} {r.url}") if r.status >= 500 else None
            ),
        )

    def _console(self, message: ConsoleMessage) -> None:
        refused = "Failed to load resource" in message.text and any(
            f" {code} " in message.text for code in (401, 403, 404, 409, 422, 429)
        )
        if message.type in {"error", "warning"} and not refused:
            where = message.page.url if message.page else ""
            self.found.append(f"{where} {message.type}: {message.text}")

    def _request(self, request: object) -> None:
        url = request.url  # type: ignore[attr-defined]
        if not url.startswith((self.site, "data:", "about:", "blob:")):
            self.found.append(f"foreign request: {url}")

    def none(self) -> None:
        assert not self.found, "\n".join(self.found)


def axe_faults(page: Page, *, only_colours: bool = False) -> list[str]:
    """What axe-core finds on the page as it is."""
    # Evaluated, not added as a script element: the page's policy forbids
    # those, and we want that policy in force.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    result = page.evaluate(
        """async (only) => await axe.run(document, {
            resultTypes: ["violations"],
            preload: false,
            ...only
        })""",
        {"runOnly": ["color-contrast", "link-in-text-block"]} if only_colours else {},
    )
    # axe moves things by style and leaves empty attributes behind, which
    # htmx would copy.
    page.evaluate(
        "document.querySelectorAll('[style=\"\"]').forEach((each) => each.removeAttribute('style'))"
    )
    return [
        f"{page.url} {fault['id']}: {node['target']} {node.get('failureSummary', '')[:300]}"
        for fault in result["violations"]
        for node in fault["nodes"]
    ]


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(
        page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
    )


def small_fields(page: Page) -> list[str]:
    """Fields in which Safari on an iPhone would zoom in; for a page that
    is shown as on a phone.
    """
    found: list[str] = page.evaluate(SMALL_FIELDS)
    return found


def each_view(page: Page) -> Iterator[tuple[int, str]]:
    """Show the page at every width and scheme in turn."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            yield width, scheme


def inspect(page: Page, pictures: Path | None = None, name: str = "") -> None:
    """axe at both widths in both schemes, nothing wider than any window; a
    picture of each where a folder is given.
    """
    page.wait_for_load_state("networkidle")
    faults = []
    for width, scheme in each_view(page):
        # By night only colours differ.
        faults += [
            f"{width} {scheme} {fault}"
            for fault in axe_faults(page, only_colours=scheme == "dark")
        ]
        if width == WIDTHS[0] and scheme == SCHEMES[0]:
            faults += small_fields(page)
        if (wider := sideways(page)) > 0:
            faults.append(
                f"{width} {scheme} {page.url} is {wider} px wider than the window"
            )
        if pictures:
            page.evaluate("scrollTo(0, 0)")
            # caret: or else a style element is put into the page, which
            # its policy forbids
            page.screenshot(
                path=pictures / f"{name}-{width}{scheme[0]}.png",
                full_page=True,
                caret="initial",
            )
    for width in MORE_WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if (wider := sideways(page)) > 0:
            faults.append(f"{page.url} is {wider} px wider than a window of {width} px")
    assert not faults, "\n".join(faults)
