"""Somebody at a browser: what they see, and what the browser complained about."""

import re
import time
from pathlib import Path

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Error, Locator, Page, expect

from browser_tests.looking import Faults, inspect, open_context
from browser_tests.running import Site

PATIENCE = (
    30_000  # milliseconds; two slow cores run the site, its worker and the browser
)


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

    def button(self, name: str | re.Pattern[str], within: str = "main") -> Locator:
        """The first button or link of that name; the rail is
        beside `main`.
        """
        return self.page.locator(within).get_by_role("button", name=name).first

    def presses(self, name: str | re.Pattern[str], within: str = "body") -> None:
        self.button(name, within).click()
        self.is_answered()

    def is_answered(self) -> None:
        """A form that was sent has been answered: what is typed now stays."""
        expect(self.page.locator("form[aria-busy]")).to_have_count(0)

    def follows(self, name: str | re.Pattern[str], within: str = "main") -> None:
        self.page.locator(within).get_by_role("link", name=name).first.click()

    def is_at(self, path: str) -> None:
        expect(self.page).to_have_url(
            re.compile(re.escape(self.site.url) + path + r"([?#].*)?$")
        )

    def types_code(self, subject: str) -> None:
        """The code out of the newest mail, into the form that asks for it."""
        body = self.site.mail(self.email, subject).get_body(("plain",))
        assert body
        code = re.search(
            r"^([A-Z0-9]{4}-[A-Z0-9]{4})\r?$", body.get_content(), re.MULTILINE
        )
        assert code, body.get_content()
        self.page.get_by_label("Code", exact=True).fill(code[1])
        self.presses("Continue")

    def sets_up_an_app(self, wanted: str) -> None:
        """Led from a page of staff to the second factor, through the form,
        and back to the page.
        """
        self.goes(wanted)
        self.follows("Set up an app")
        if self.page.get_by_role(
            "heading", name="Please confirm that it is you"
        ).count():
            self.presses("Send me a code")
            self.types_code("sign-in code")
        secret = self.page.locator("#secret").input_value().replace(" ", "")
        self.page.locator("[name=code]").fill(
            format_hotp_value(hotp_value(secret, int(time.time()) // 30))
        )
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
