"""Somebody at a browser: what they see, and what the browser complained about."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Error, Locator, Page, expect

from browser_tests.looking import Faults, inspect, open_context
from browser_tests.running import Site

# milliseconds; two slow cores run the site, its worker and three browsers
PATIENCE = 60_000
# seconds; an app shows a code for half a minute, and a slow machine needs some of it
TO_TYPE_A_CODE = 12
# what has been sent and is not answered yet, or whose answer is being put in
ON_ITS_WAY = "form[aria-busy], .htmx-request, .htmx-swapping, .htmx-settling"


def code_of_app(secret: str) -> str:
    """What the app shows for the secret, for TO_TYPE_A_CODE seconds at least."""
    left = 30 - time.time() % 30
    if left < TO_TYPE_A_CODE:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


class Person:
    def __init__(
        self,
        site: Site,
        browser: Browser,
        email: str = "",
        pictures: Path | None = None,
        *,
        javascript: bool = True,
    ) -> None:
        self.site, self.browser, self.email, self.pictures = (
            site,
            browser,
            email,
            pictures,
        )
        self.context = open_context(browser, javascript=javascript)
        self.context.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        self.faults = Faults(self.context, site.url)
        self.page: Page = self.context.new_page()
        self.typed_codes: set[str] = set()

    def without_javascript(self) -> "Person":
        """The same person, signed in, in a browser that runs no scripts."""
        same = Person(
            self.site, self.browser, self.email, self.pictures, javascript=False
        )
        same.context.add_cookies(self.context.cookies())  # type: ignore[arg-type]
        return same

    def goes(self, path: str) -> None:
        address = path if path.startswith("http") else self.site.url + path
        try:
            answer = self.page.goto(address)
        except Error as error:
            if "ERR_ABORTED" not in error.message:
                raise
            answer = self.page.goto(address)  # the answer to a form came in between
        assert answer
        assert answer.status < 400, f"{answer.status} {path}"

    def looks(self, name: str) -> None:
        """Inspect the page as it stands: both widths, both schemes."""
        inspect(self.page, self.pictures, name)
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.emulate_media(color_scheme="light")

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each)

    def named(
        self, role: Literal["button", "link"], name: str | re.Pattern[str], within: str
    ) -> Locator:
        """The first of that role and name. A string is the whole name, or all that
        stands there where the name goes on for those who do not see it: "Keep" is not
        "Keep theme".
        """
        place = self.page.locator(within)
        found = place.get_by_role(role, name=name, exact=True)
        if isinstance(name, str):
            seen = re.compile(rf"^\s*{re.escape(name)}\s*(:|$)")
            found = found.or_(place.get_by_role(role).filter(has_text=seen))
        return found.first

    def button(self, name: str | re.Pattern[str], within: str = "main") -> Locator:
        """See `named`; the rail is beside `main`."""
        return self.named("button", name, within)

    def presses(self, name: str | re.Pattern[str], within: str = "body") -> None:
        self.clicks(self.button(name, within))

    def follows(self, name: str | re.Pattern[str], within: str = "main") -> None:
        self.clicks(self.named("link", name, within))

    def clicks(self, target: Locator) -> None:
        """Click and wait for the answer, so that what is read, typed or pressed next
        meets the page that came.
        """
        target.click()
        self.is_answered()

    def is_answered(self) -> None:
        """What was sent has been answered, and the page is whole: what is typed now
        stays, and keys reach the scripts.
        """
        expect(self.page.locator(ON_ITS_WAY)).to_have_count(0)
        self.page.wait_for_load_state()

    def is_at(self, path: str | re.Pattern[str]) -> str:
        """The address, once it is that of the path and its page is whole; in a pattern
        the path stands without what follows ? and #.
        """
        pattern = path.pattern if isinstance(path, re.Pattern) else re.escape(path)
        address = re.compile(re.escape(self.site.url) + pattern + r"([?#].*)?$")
        expect(self.page).to_have_url(address)
        self.page.wait_for_load_state()
        return self.page.url

    def sees_nothing_come(self, seconds: float) -> None:
        """Give what must not come the time to come. For nothing else: what comes is
        waited for with `expect`.
        """
        self.page.wait_for_timeout(seconds * 1_000)

    def waits_for(self, is_so: Callable[[], bool]) -> None:
        """Wait for what no page shows, such as a request that is held."""
        deadline = time.monotonic() + PATIENCE / 1_000
        while not is_so():
            assert time.monotonic() < deadline
            self.page.wait_for_timeout(50)

    def meets(self, this: Locator, other: Locator) -> bool:
        """Whether the page shows this, once it shows this or the other."""
        expect(this.or_(other).first).to_be_visible()
        return this.is_visible()

    def types_code(self, subject: str) -> None:
        """The code out of the newest mail, into the form that asks for it."""
        code = self.site.code(self.email, subject, besides=self.typed_codes)
        self.typed_codes.add(code)
        self.page.get_by_label("Code", exact=True).fill(code)
        self.presses("Continue")

    def confirms_if_asked(self, wanted: Locator) -> None:
        """On the way to a page of credentials: it comes at once after a fresh sign-in,
        and else after a code.
        """
        asked = self.page.get_by_role("button", name="Send me a code", exact=True)
        if self.meets(asked, wanted):
            self.presses("Send me a code")
            self.types_code("sign-in code")
        expect(wanted).to_be_visible()

    def sets_up_an_app(self, wanted: str) -> None:
        """Led from a page of staff to the second factor, through the form,
        and back to the page.
        """
        self.goes(wanted)
        self.follows("Set up an app")
        field = self.page.locator("#secret")
        self.confirms_if_asked(field)
        secret = field.input_value().replace(" ", "")
        self.page.locator("[name=code]").fill(code_of_app(secret))
        self.presses("Turn it on")
        self.sees("Recovery codes")
        self.follows("I have saved them, continue")
        self.is_at(wanted)

    def leaves(self) -> None:
        self.faults.none()
        self.context.close()


def signed_in(
    site: Site, browser: Browser, name: str, pictures: Path | None = None
) -> Person:
    """A person of the demo's group, by first name, at the home page."""
    person = Person(site, browser, pictures=pictures)
    person.goes(site.links[name])
    person.presses("Sign in")
    person.is_at("/")
    return person
