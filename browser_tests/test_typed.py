"""Texts of any script and length on every page: they keep their direction
and never make a page wider.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser_tests.looking import sideways, small_fields
from browser_tests.people import Person
from browser_tests.running import Site

LONG = "Has anybody seen https://github.com/pytorch/pytorch/issues/12345#issuecomment-1234567890 ?"
LETTERS = "x" * 120
FORMULA = (
    "The loss is $" + " + ".join(f"a_{{{n}}} x^{{{n}}}" for n in range(40)) + "$ here."
)
LOSS = (
    r"We minimise $L = \frac{1}{n}\sum_{i=1}^n (y_i - f(x_i; \theta))^2 "
    r"+ \lambda \lVert\theta\rVert_2^2$ today."
)
ARABIC_TITLE = "لماذا تنفجر التدرجات في RNN؟"
ARABIC = (
    "مرحبا بالجميع، لدي سؤال حول $\\sigma(x)$ و PyTorch 2.1!\n\n"
    "- البند الأول\n- البند الثاني\n"
)

FILL = f"""
from django.utils import timezone
from community import actions
from mail.models import Preference
from community.models import Post
from curriculum.models import Release, Resource, Section
from members.models import Member, StudyGroup
from papers.models import Paper
now = timezone.now()
member = Member.objects.get(email={{email!r}})
Member.objects.exclude(pk=member.pk).filter(pk__gt=member.pk).update(name={LETTERS[:80]!r})
StudyGroup.objects.update(name={LETTERS[:80]!r})
for each in Member.objects.all():  # whatever the day of the week is, digests are due
    there = now.astimezone(each.zone)
    Preference.objects.update_or_create(
        member=each,
        defaults=dict(digest_weekday=there.weekday(), digest_hour=there.hour),
    )
Member.objects.look_again()
for title, body in [
    ({LONG!r}, {FORMULA!r}),
    ({LETTERS!r}, {LOSS!r}),
    ({ARABIC_TITLE!r}, {ARABIC!r}),
]:
    post = actions.write_post(member, kind="question", title=title, body=body, now=now)
    actions.write_comment(post, author=member, body={LETTERS!r} + "\\n\\n- " + {FORMULA!r}, now=now)
three = Resource.objects.values("pk")[:3]
Resource.objects.filter(pk__in=three).update(title={LETTERS!r}, note={LETTERS!r})
Section.objects.update(title={LETTERS!r})
Paper.objects.update(title={LETTERS!r}, title_html={LETTERS!r}, authors=[{LETTERS[:80]!r}])
for release in Release.objects.all():
    for step in release.document["curriculum"]["steps"]:
        step["title"] = {LETTERS!r}
        for holder in [step, *step.get("routes", [])]:
            for activity in holder.get("activities", []):
                activity["title"] = {LETTERS!r}
    release.published_at = now
    release.save()
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo's group, in which titles and names are as long as
    they may be.
    """
    site = Site(tmp_path_factory.mktemp("typed"))
    site.links = dict(
        re.findall(r"^  (\w+) .* (http\S+)$", site.prepare_demo(), re.MULTILINE)
    )
    email = site.shell(
        "from members.models import Member; print(Member.objects.get(owner_since=None, pk=2).email)"
    )
    site.shell(FILL.replace("{email!r}", repr(email.strip())))
    site.start()
    yield site
    site.stop()


def signed_in(site: Site, browser: Browser, role: str = "owner") -> Person:
    person = Person(site, browser)
    person.goes(site.links[role])
    person.presses("Sign in")
    person.is_at("/")
    return person


def pages(page: Page, site: Site) -> list[str]:
    """One page of each kind that a member meets."""
    fixed = [
        "/",
        "/learn/",
        "/learn/resources/",
        "/papers/",
        "/papers/kept/",
        "/progress/",
        "/settings/",
        "/posts/new/",
    ]
    found = []
    for start, pattern in [
        ("/", r"/posts/\d+/$"),
        ("/learn/", r"/learn/[a-z-]+/$"),
        ("/learn/seven-steps/", r"/learn/seven-steps/[a-z-]+/$"),
        ("/learn/resources/", r"/learn/resources/[a-z0-9-]+/$"),
        ("/papers/", r"/papers/\d[\d.]+/$"),
    ]:
        page.goto(site.url + start)
        hrefs = page.eval_on_selector_all(
            "main a", "all => all.map((each) => each.pathname)"
        )
        found += list(
            dict.fromkeys(href for href in hrefs if re.search(pattern, href))
        )[:3]
    return [*fixed, *found, "/accounts/email/", "/mail/preferences/"]


def test_no_page_is_wider_than_its_window_and_no_field_of_a_phone_is_small(
    site: Site, browser: Browser, pictures: Path | None
) -> None:
    person = signed_in(site, browser)
    wide: list[str] = []
    small: list[str] = []

    for path in pages(person.page, site):
        for width in (390, 1280):
            person.page.set_viewport_size({"width": width, "height": 900})
            answer = person.page.goto(site.url + path)
            if answer and answer.status == 404:
                continue
            if (by := sideways(person.page)) > 0:
                wide.append(f"{path} at {width}: {by}")
            if width == 390:
                small += small_fields(person.page)
            if pictures:
                name = path.strip("/").replace("/", "-") or "home"
                person.page.screenshot(
                    path=pictures / f"typed-{name}-{width}.png", caret="initial"
                )

    assert not wide, "\n".join(wide)
    assert not small, "\n".join(small)
    person.leaves()


def test_no_mail_is_wider_than_its_window(site: Site, browser: Browser) -> None:
    site.mail("@", "week", seconds=180)
    digests = [mail for mail in site.mails("@") if "week" in str(mail["Subject"])]
    reminders = [
        mail for mail in site.mails("@") if "where you stopped" in str(mail["Subject"])
    ]
    page = browser.new_page()
    wide = []

    for mail in [*digests[:4], *reminders[:2]]:
        part = mail.get_body(("html",))
        assert part
        html = part.get_content()
        assert LETTERS[:80] in html
        for width in (320, 600):
            page.set_viewport_size({"width": width, "height": 900})
            page.set_content(html)
            if (by := sideways(page)) > 0:
                wide.append(f"{mail['Subject']} at {width}: {by}")

    assert not wide, "\n".join(wide)
    page.close()


def test_an_arabic_question_runs_from_right_to_left(
    site: Site, browser: Browser, pictures: Path | None
) -> None:
    person = signed_in(site, browser, "moderator")
    person.page.set_viewport_size({"width": 390, "height": 900})
    person.page.get_by_role("link", name=ARABIC_TITLE).first.click()

    assert (
        person.page.locator("#post-title").evaluate(
            "each => getComputedStyle(each).direction"
        )
        == "rtl"
    )
    for tag in ("p", "ul", "li"):
        first = person.page.locator(f".rich {tag}").first
        assert first.evaluate("each => getComputedStyle(each).direction") == "rtl", tag
    if pictures:
        person.page.screenshot(path=pictures / "typed-arabic-390.png", caret="initial")
    person.leaves()


def test_a_member_who_chose_utc_keeps_it_and_is_offered_the_zone_of_the_browser(
    site: Site, browser: Browser
) -> None:
    link = site.links["member"]
    context = browser.new_context(timezone_id="Asia/Tokyo", locale="en-GB")
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{site.url}/")
    page.goto(site.url + "/settings/")
    zone = page.locator("select[name=time_zone]")
    zone.select_option("UTC")
    page.locator("main form").get_by_role("button", name="Save").click()
    expect(page.locator("form[aria-busy]")).to_have_count(0)
    page.goto(site.url + "/settings/")

    expect(zone).to_have_value("UTC")
    page.locator("[name=name]").fill("Noor H.")
    page.locator("main form").get_by_role("button", name="Save").click()
    expect(page.locator("form[aria-busy]")).to_have_count(0)
    page.goto(site.url + "/settings/")
    expect(zone).to_have_value("UTC")
    expect(page.get_by_text("Your browser is in Asia/Tokyo:")).to_be_visible()
    page.get_by_role("button", name="use it").click()
    expect(zone).to_have_value("Asia/Tokyo")
    context.close()
