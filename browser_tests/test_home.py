"""Home as members meet it on a phone; links to single comments; a notice
that is put away; small things.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browser_tests.people import Person, signed_in
from browser_tests.running import Site

PHONE = {"width": 390, "height": 844}
LONG = """
from datetime import timedelta
from django.utils import timezone
from community import actions
from community.discussion import COMMENTS
from community.models import Comment, Post
from members.models import Member
asker, now = Member.objects.get(email__startswith="noor"), timezone.now()
post = actions.write_post(
    asker, now=now, kind="discussion", title="A long thread", body="Say something."
)
author = Member.objects.exclude(pk=asker.pk).first()
for n in range(COMMENTS + 5):
    Comment.objects.create(
        post=post,
        author=author,
        body=str(n),
        body_html=f"<p>{n}</p>",
        commented_at=now + timedelta(seconds=n),
    )
actions.recount()
lines = "\\n\\n".join(f"Paragraph {n}." for n in range(14))
actions.write_post(author, now=now, kind="discussion", title="Tall", body=lines)
print(post.pk, Comment.objects.filter(post=post).latest("pk").pk)
"""

# An answer that holds what scrolls by itself: formulas, a table and code.
FORMULAS = """
from django.utils import timezone
from community import actions
from members.models import Member
asker, now = Member.objects.get(email__startswith="noor"), timezone.now()
other = Member.objects.exclude(pk=asker.pk).active().last()
question = actions.write_post(
    asker, now=now, kind="question", title="Why 2.303?", body="What is it?"
)
body = "\\n\\n".join([
    r"A guess among $C$ classes costs $-\\log\\frac{1}{C}$, so $\\log 10 = 2.303$.",
    "| classes | loss |\\n|---|---|\\n| 2 | 0.693 |\\n| 10 | 2.303 |",
    r"$$L = -\\frac{1}{N}\\sum_i \\log p_i$$",
    "```python\\nprint(math.log(10))\\nprint(math.log(2))\\n```",
    r"So a first loss of $\\frac{1}{2}\\log 10$ is too good to be true for anyone.",
])
answer = actions.write_comment(question, author=other, body=body, now=now)
actions.accept_answer(answer, by=asker, now=now)
"""
# Blocks of the texts in a list that are lower than what they hold.
SHRUNK = """() => [...document.querySelectorAll("#posts .rich > *")]
    .filter((each) => each.scrollHeight > each.clientHeight + 1)
    .map((each) => `${each.localName} ${each.clientHeight} of ${each.scrollHeight}`)"""

# Where the selected elements are, each place once.
TOPS, MIDDLES, LEFTS = (
    f"(all) => [...new Set(all.map((each) => each.getBoundingClientRect()).map((box) => {of}))]"
    for of in ("box.top", "Math.round((box.top + box.bottom) / 2)", "box.left")
)

NEWER_RELEASE = """
from django.utils import timezone
from curriculum import actions
from curriculum.models import Curriculum
curriculum = Curriculum.objects.get(slug="practical-way-up")
curriculum.summary += " Once more."
curriculum.save()
actions.publish(curriculum, by=None, changelog="New words.", now=timezone.now())
"""
# Words that stand on more than one line.
BROKEN_WORDS = """(menu) => {
    const texts = document.createTreeWalker(menu, NodeFilter.SHOW_TEXT), broken = [];
    while (texts.nextNode()) {
        for (const word of texts.currentNode.data.matchAll(/\\p{L}+/gu)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, word.index);
            range.setEnd(texts.currentNode, word.index + word[0].length);
            const tops = [...range.getClientRects()].map((each) => each.top);
            if (new Set(tops).size > 1) broken.push(word[0]);
        }
    }
    return broken;
}"""

# Lines within the selected elements that begin with a dot; each sign is
# measured where it stands.
BEGINS_WITH_DOT = """(lines) => lines.filter((line) => [...line.children].slice(1).some((each) => {
    const mark = getComputedStyle(each, "::before");
    return mark.content.includes("·") && mark.position !== "absolute";
})).length"""
# Whatever the demo's Noor did until today, nothing of this step is marked.
UNMARKED = """
from curriculum.models import Activity
from members.models import Member
from progress.models import Record
noor = Member.objects.get(email__startswith="noor")
step = Activity.objects.filter(step__slug="deep-dive").values("key")
print(Record.objects.filter(member=noor, activity_key__in=step).delete())
"""
BROKEN_FEED = """
from papers.models import Batch
Batch.objects.update(partial=True)
"""


@pytest.fixture(scope="module")
def site(demo_site: Site) -> Site:
    return demo_site


@pytest.fixture(scope="module")
def noor(site: Site, browser: Browser) -> Iterator[Person]:
    person = signed_in(site, browser, "Noor")
    yield person
    person.leaves()


@pytest.fixture(scope="module")
def long_thread(site: Site) -> tuple[str, str]:
    """The keys of a post with comments on more than one page, and of the last."""
    post, comment = site.shell(LONG).split()
    return post, comment


@pytest.fixture(scope="module")
def answer_with_formulas(site: Site) -> None:
    site.shell(FORMULAS)


@pytest.fixture
def unmarked_step(site: Site, noor: Person) -> None:
    site.shell(UNMARKED)
    noor.goes("/learn/practical-way-up/deep-dive/")


def end_of(page: Page, selector: str) -> float:
    box = page.locator(selector).first.bounding_box()
    assert box, selector
    return box["y"] + box["height"]


def test_on_a_phone_the_next_activity_and_the_week_come_first(noor: Person) -> None:
    page = noor.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    noor.goes("/")

    assert end_of(page, ".next") < 300
    assert end_of(page, ".week") < PHONE["height"]
    assert page.locator(".feed-choices").bounding_box()["height"] < 60  # type: ignore[index]
    assert end_of(page, ".pinned") - page.locator(".pinned").bounding_box()["y"] < 170  # type: ignore[index]
    step = page.locator(".tabbar").get_by_role("link", name=re.compile(r"Step \d"))
    address = step.get_attribute("href")
    assert address
    assert address.startswith("/learn/")
    noor.clicks(step)
    noor.is_at(address)


def test_a_notice_unfolds_and_is_put_away_without_javascript(noor: Person) -> None:
    plain = noor.without_javascript()
    page = plain.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    plain.goes("/")
    notice = page.locator(".pinned")
    before = notice.bounding_box()
    notice.get_by_text("Show all", exact=True).click()
    after = notice.bounding_box()
    assert before
    assert after
    assert after["height"] > before["height"] + 20

    plain.presses(re.compile("^Dismiss"), ".pinned")

    plain.sees("Write to the group")
    expect(page.locator(".pinned")).to_have_count(0)
    plain.leaves()


def test_a_comment_on_a_later_page_opens_by_its_link_and_is_marked(
    noor: Person, long_thread: tuple[str, str]
) -> None:
    post, comment = long_thread
    page = noor.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    noor.goes(f"/posts/{post}/#comment-{comment}")  # as somebody would write it by hand
    here = f"/posts/{post}/?comment={comment}#comment-{comment}"
    noor.is_at(here)  # where a script leads
    marked = page.locator(f"#comment-{comment}:target")
    expect(marked).to_be_in_viewport()
    ground = (
        "getComputedStyle(document.querySelector(':target > .rich')).backgroundColor"
    )
    assert page.evaluate(ground) != "rgba(0, 0, 0, 0)"

    noor.goes(f"/posts/{post}/?comment={comment}")
    expect(marked).to_have_count(0)
    noor.clicks(page.locator(f"#comment-{comment} a.permalink"))
    noor.is_at(here)
    expect(marked).to_be_in_viewport()
    noor.looks("long-thread")


@pytest.mark.usefixtures("long_thread")
def test_long_texts_are_cut_at_one_height_and_lead_to_the_rest(noor: Person) -> None:
    page = noor.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    noor.goes("/?order=newest")
    heights = page.evaluate(
        "[...document.querySelectorAll('#posts > .post > .rich')].map((each) => each.clientHeight)"
    )
    assert max(heights) <= 352
    tall = page.locator("#posts > .post").filter(has_text="Paragraph 1.")
    expect(tall.get_by_role("link", name=re.compile("Read on"))).to_be_visible()
    short = page.locator("#posts > .post").filter(has_text="Say something.")
    expect(short.get_by_text("Read on")).to_be_hidden()

    noor.goes("/")
    noor.looks("home")
    assert (
        page.evaluate(
            "getComputedStyle(document.querySelector('.topbar details.menu')).borderTopWidth"
        )
        == "0px"
    )


@pytest.mark.usefixtures("answer_with_formulas")
@pytest.mark.parametrize("width", [390, 1280])
def test_a_cut_text_keeps_its_formulas_tables_and_code_whole(
    noor: Person, width: int
) -> None:
    page = noor.page
    page.set_viewport_size({"width": width, "height": 900})
    noor.goes("/?show=questions&order=newest")
    answer = page.locator("#posts .post", has_text="Why 2.303?").locator(".answer")

    expect(answer.locator(".rich")).to_have_class(re.compile("folded"))
    expect(answer.get_by_role("link", name="Read the whole answer")).to_be_visible()
    assert page.evaluate(SHRUNK) == []


def test_what_stands_in_the_composer_survives_a_reload_and_goes_with_ctrl_enter(
    noor: Person,
) -> None:
    page = noor.page
    noor.goes("/")
    page.get_by_label("Write to the group").fill("Why is the loss flat?")
    page.reload()
    body = page.get_by_label("Write to the group")
    expect(body).to_have_value("Why is the loss flat?")

    body.press("Control+Enter")

    noor.sees("Posted.")
    page.reload()
    expect(page.get_by_label("Write to the group")).to_have_value("")
    expect(
        page.locator("#posts > .post").filter(has_text="Why is the loss flat?")
    ).to_have_count(1)


def test_the_short_form_asks_for_what_its_kind_is_for_and_keeps_the_kind(
    noor: Person,
) -> None:
    page = noor.page
    noor.goes("/")
    body = page.get_by_label("Write to the group")
    expect(body).to_have_attribute("placeholder", "What do you want to say, Noor?")

    page.locator("#composer").get_by_text("Question", exact=True).click()
    expect(body).to_have_attribute("placeholder", "What are you stuck on, Noor?")
    body.fill("The loss is flat.")
    noor.presses("Post", "#composer")
    noor.sees("A question needs a title")
    expect(body).to_have_attribute("placeholder", "What are you stuck on, Noor?")
    page.reload()

    expect(page.locator("#composer [value=question]")).to_be_checked()
    expect(body).to_have_value("The loss is flat.")
    expect(body).to_have_attribute("placeholder", "What are you stuck on, Noor?")
    page.locator("#composer").get_by_text("Discussion", exact=True).click()
    body.fill("")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_notice_of_a_release_is_put_away_beside_its_words(
    noor: Person, width: int
) -> None:
    noor.site.shell(NEWER_RELEASE)
    noor.page.set_viewport_size({"width": width, "height": 900})
    noor.goes("/")

    notice = noor.page.locator(".announcement")
    words, button = (
        notice.locator("p").bounding_box(),
        notice.get_by_role("button").bounding_box(),
    )

    assert words
    assert button
    if width == 1280:
        assert button["x"] >= words["x"] + words["width"]
        assert (
            abs(button["y"] + button["height"] / 2 - words["y"] - words["height"] / 2)
            < 4
        )
    else:
        assert button["y"] >= words["y"] + words["height"]


@pytest.mark.parametrize("width", [390, 1280])
def test_no_word_is_broken_in_the_menu_of_an_activity(noor: Person, width: int) -> None:
    noor.page.set_viewport_size({"width": width, "height": 900})
    noor.goes("/learn/practical-way-up/deep-dive/")
    noor.page.locator("a.row-menu").first.click()
    open_menu = noor.page.locator("details.row-menu[open]")
    noor.is_answered()
    expect(open_menu.get_by_label("Done, after")).to_be_visible()

    broken = open_menu.evaluate(BROKEN_WORDS)

    assert broken == []


def test_the_menu_of_an_activity_opens_in_the_window_and_closes_behind_the_keyboard(
    noor: Person, unmarked_step: None
) -> None:
    page = noor.page
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    opener = page.locator(".checklist > li a.row-menu").nth(2)
    opener.evaluate("each => scrollBy(0, each.getBoundingClientRect().top - 700)")
    noor.clicks(opener)
    menu = page.locator("details.row-menu > div")
    expect(menu).to_be_visible()

    expect(
        menu.get_by_role("button", name="To revisit", exact=True)
    ).to_be_in_viewport()
    assert end_of(page, "details.row-menu > div") <= PHONE["height"] - 60

    last = menu.get_by_role("button", name="Skip", exact=True)
    last.focus()
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    expect(menu).to_be_hidden()


def test_the_menu_of_an_activity_is_opened_used_and_closed_by_keyboard(
    noor: Person, unmarked_step: None
) -> None:
    row = noor.page.locator(".checklist > li").first
    menu = row.locator("details.row-menu")
    is_flagged = row.locator(".chip").get_by_text("To revisit", exact=True)
    expect(is_flagged).to_have_count(0)
    row.locator("a.row-menu").focus()
    noor.page.keyboard.press("Enter")
    expect(menu.locator("summary")).to_be_focused()
    noor.is_answered()
    expect(menu.get_by_label("Done, after")).to_be_visible()
    noor.page.keyboard.press("Escape")
    expect(menu.get_by_label("Done, after")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()

    noor.page.keyboard.press("Enter")
    menu.get_by_label("Fine").check()
    menu.get_by_label("Done, after").evaluate("field => field.type = 'text'")
    menu.get_by_label("Done, after").fill("soon")
    menu.get_by_role("button", name="Done", exact=True).press("Enter")
    expect(menu.get_by_role("alert")).to_contain_text("between 1 and 960")
    expect(menu.get_by_label("Done, after")).to_be_focused()
    noor.is_answered()
    expect(menu.get_by_label("Fine")).to_be_checked()

    menu.get_by_role("button", name="To revisit", exact=True).press("Enter")
    expect(is_flagged).to_be_visible()
    expect(row.locator("a.row-menu")).to_be_focused()


def test_what_stands_in_the_longer_forms_survives_a_reload_until_it_is_sent(
    noor: Person,
) -> None:
    page = noor.page
    noor.goes("/posts/new/?kind=question")
    template = page.get_by_label("Text", exact=True).input_value()
    assert "What I want to do" in template
    page.get_by_label("Title").fill("Why is the gradient zero?")
    page.get_by_label("Text", exact=True).fill("Half a thought")
    page.reload()
    expect(page.get_by_label("Title")).to_have_value("Why is the gradient zero?")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Half a thought")

    noor.presses("Post", "main")
    post = noor.is_at(re.compile(r"/posts/\d+/"))
    noor.sees("Why is the gradient zero?")
    noor.goes("/posts/new/?kind=question")
    expect(page.get_by_label("Title")).to_have_value("")
    expect(page.get_by_label("Text", exact=True)).to_have_value(template)

    noor.goes(post + "edit/")
    page.get_by_label("Text", exact=True).fill("Half an edit")
    page.reload()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Half an edit")
    noor.presses("Save", "main")
    expect(page).to_have_url(post)
    noor.sees("Half an edit")
    noor.goes(post + "edit/")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Half an edit")
    page.get_by_label("Text", exact=True).fill("Never sent")
    noor.site.shell(f"""
from community.models import Post
Post.objects.filter(pk={post.rstrip("/").rpartition("/")[2]}).update(body="Changed elsewhere")
""")
    page.reload()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Changed elsewhere")


def test_a_form_that_is_refused_stays_one_step_in_the_history(noor: Person) -> None:
    page = noor.page
    noor.goes("/learn/")
    noor.goes("/posts/new/?kind=question")
    page.locator("form[data-draft]").evaluate("form => { form.noValidate = true }")
    noor.presses("Post", "main")
    expect(page.locator("main [role=alert]").first).to_contain_text("needs a title")
    expect(page.locator("main [role=alert]").first).to_be_focused()

    page.get_by_label("Title").fill("What does Back do?")
    page.get_by_label("Text", exact=True).fill("It **leads** to the page before.")
    noor.presses("Preview", "main")
    expect(page.locator("#preview strong")).to_be_visible()
    expect(page.locator("#preview h2")).to_be_focused()
    expect(page.locator("main [role=alert]")).to_have_count(0)
    noor.looks("preview")
    noor.presses("Post", "main")
    expect(page.locator("h1")).to_have_text("What does Back do?")

    page.go_back()
    noor.is_at("/posts/new/")
    expect(page.get_by_label("Title")).to_have_value("")
    page.go_back()
    noor.is_at("/learn/")


def test_what_is_on_its_way_is_not_lost_without_an_answer(noor: Person) -> None:
    page = noor.page
    noor.goes("/posts/new/")
    page.get_by_label("Title").fill("No answer")
    page.get_by_label("Text", exact=True).fill("Kept.")
    page.route("**/posts/new/", lambda route: route.abort())

    noor.presses("Post", "main")

    expect(page.locator(".toast")).to_contain_text("was not sent")
    page.unroute("**/posts/new/")
    page.reload()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Kept.")
    cut_off = [each for each in noor.faults.found if "ERR_FAILED" in each]
    for each in cut_off:
        noor.faults.found.remove(each)


def test_a_long_message_keeps_its_distance_from_both_edges_of_a_phone(
    noor: Person,
) -> None:
    noor.page.set_viewport_size(PHONE)
    noor.goes("/")
    noor.page.get_by_label("Write to the group").fill("A word to the group.")
    noor.presses("Post", "main")
    toast = noor.page.locator(".toast").first
    expect(toast).to_be_visible()

    # written and measured at once: a message leaves after ten seconds
    left, right = toast.evaluate(
        """each => {
            each.prepend("A message that needs more than one line on a phone. ".repeat(3));
            const box = each.getBoundingClientRect();
            return [box.left, box.right];
        }"""
    )

    assert left >= 16
    assert right <= PHONE["width"] - 16


def test_markdown_at_length_is_typed_in_letters_of_one_width(noor: Person) -> None:
    noor.goes("/posts/new/")
    body = noor.page.locator("textarea[name=body]")

    expect(body).to_have_css("font-family", re.compile("monospace"))


@pytest.mark.usefixtures("answer_with_formulas")
def test_small_things_on_a_phone(noor: Person) -> None:
    page = noor.page
    page.set_viewport_size(PHONE)
    noor.goes("/")
    for bar in (".topbar", ".tabbar"):
        colour = page.locator(bar).evaluate(
            "(bar) => getComputedStyle(bar).backgroundColor"
        )
        assert not re.search(r"/ 0?\.|rgba", colour), (
            f"Text shows through {bar}: {colour}"
        )
    said = page.locator(".answer > p").first
    assert (
        said.evaluate(
            """(p) => [...p.childNodes]
                .filter((each) => each.nodeType === 3 && each.data.trim()).length"""
        )
        == 0
    )

    kinds = page.locator(".composer .kinds")
    assert len(kinds.locator("label").evaluate_all(TOPS)) == 1
    composer = page.locator(".composer .row").bounding_box()
    first = kinds.locator("label").first.bounding_box()
    assert composer
    assert first
    assert first["x"] >= composer["x"]

    noor.goes("/progress/")
    row = page.locator(".row:has(> #studied-on) > :is(.input, .button)")
    expect(row).to_have_count(3)
    assert len(row.evaluate_all(MIDDLES)) == 1
    page.locator("#studied-on").evaluate("each => each.removeAttribute('max')")
    page.locator("#minutes").fill("20")
    page.locator("#studied-on").fill("2090-01-01")
    noor.presses("Log", "main")
    fault = page.locator("#day-error")
    expect(fault).to_have_css("display", "flex")
    assert fault.evaluate("each => getComputedStyle(each).color") != page.evaluate(
        "getComputedStyle(document.body).color"
    )
    starts = page.locator(".minutes.rows .row > .meta").evaluate_all(LEFTS)
    assert len(starts) == 1

    noor.goes("/learn/practical-way-up/deep-dive/")
    expect(page.locator(".dots").nth(3)).to_be_attached()
    assert (
        page.evaluate(f"({BEGINS_WITH_DOT})([...document.querySelectorAll('.dots')])")
        == 0
    )

    noor.goes("/settings/")
    lines = page.locator("[aria-labelledby=more] a").evaluate_all(
        "(all) => all.map((each) => getComputedStyle(each).textDecorationLine)"
    )
    assert set(lines) == {"underline"}

    noor.goes("/accounts/2fa/totp/activate/")
    noor.email = "noor.haddad@demo.example"
    secret = page.locator("#secret")
    noor.confirms_if_asked(secret)
    assert re.fullmatch(r"(\w{4} ){7}\w{4}", secret.input_value())
    assert secret.evaluate(
        "(each) => each.scrollWidth <= each.clientWidth && each.scrollHeight <= each.clientHeight"
    )


def test_a_notice_about_papers_keeps_its_distance_from_the_tabs(noor: Person) -> None:
    noor.site.shell(BROKEN_FEED)
    noor.page.set_viewport_size(PHONE)
    noor.goes("/papers/")

    gap = noor.page.locator("main > .notice").evaluate(
        """(notice) => {
            const following = notice.nextElementSibling.getBoundingClientRect();
            return following.top - notice.getBoundingClientRect().bottom;
        }"""
    )

    assert gap >= 12
