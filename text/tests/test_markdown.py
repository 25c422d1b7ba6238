import contextlib

import pytest

from text import TEXT_MAX, TextRefused, handles_in, render
from text.limits import FORMULAS_MAX, HIGHLIGHT_MAX, at_most
from text.shape import MENTIONS_MAX
from text.tests.worst_texts import WORST


def test_headings_start_below_those_of_the_page():
    assert render("# One\n## Two\n### Three\n#### Four\n###### Six\n\nSetext\n---") == (
        "<h3>One</h3>\n<h4>Two</h4>\n<h5>Three</h5>\n<h6>Four</h6>\n<h6>Six</h6>\n<h4>Setext</h4>\n"
    )


def test_links_to_other_sites_say_that_we_do_not_vouch_for_them():
    assert render(
        "[a](https://e.example/ 'T') [b](//e.example) [c](/learn/) [d](#top) "
        "[e](mailto:a@e.example)"
    ) == (
        '<p><a href="https://e.example/" title="T" rel="nofollow noopener ugc">a</a>'
        ' <a href="//e.example" rel="nofollow noopener ugc">b</a> <a '
        'href="/learn/">c</a> <a href="#top">d</a>'
        ' <a href="mailto:a@e.example">e</a></p>\n'
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,x",
        "data:image/png;base64,AA",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:x",
    ],
)
def test_links_lead_to_the_web_to_mail_or_to_this_site_only(address):
    assert "<a" not in render(f"[x]({address})")
    assert "<img" not in render(f"![x]({address})")
    assert "<a" not in render(f"<{address}>")


def test_a_full_address_in_the_text_becomes_a_link():
    link = (
        '<a href="https://e.example/a_b_(c)" rel="nofollow noopener '
        'ugc">https://e.example/a_b_(c)</a>'
    )

    assert render("See https://e.example/a_b_(c).") == f"<p>See {link}.</p>\n"
    assert render("(https://e.example/a_b_(c)), then") == f"<p>({link}), then</p>\n"
    assert (
        render("**https://e.example/a_b_(c)**") == f"<p><strong>{link}</strong></p>\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "main.py",
        "data.io",
        "A@B.T",
        "www.e.example",
        "xhttps://e.example",
        "https://",
        "a://b",
    ],
)
def test_what_only_resembles_an_address_stays_text(text):
    assert render(text) == f"<p>{text}</p>\n"


def test_an_address_inside_a_link_makes_no_second_link():
    assert render("[https://a.example](https://b.example)") == (
        '<p><a href="https://b.example" rel="nofollow noopener ugc">https://a.example</a></p>\n'
    )


def test_a_link_without_words_shows_its_address():
    assert render("[](/learn/)") == '<p><a href="/learn/">/learn/</a></p>\n'


@pytest.mark.parametrize(
    "source",
    [
        "https://e.example/a.png",
        "/accounts/logout/",
        "/media/a.png",
        "/pictures/../admin/",
        "/pictures/0b9f1c1e-0000-4000-8000-000000000001/small/",
    ],
)
def test_a_picture_elsewhere_becomes_a_link_with_its_description(source):
    html = render(f"![A graph]({source} 'T')")

    assert "<img" not in html
    assert f'<a href="{source}" class="image-link" title="T"' in html
    assert ">A graph</a>" in html


def test_a_foreign_picture_without_description_shows_its_address():
    assert ">https://e.example/a.png</a>" in render("![](https://e.example/a.png)")


def test_a_foreign_picture_inside_a_link_leaves_its_words():
    assert (
        render("[![A graph](https://e.example/a.png)](/learn/)")
        == '<p><a href="/learn/">A graph</a></p>\n'
    )
    assert (
        render("[![](https://e.example/a.png)](/learn/)")
        == '<p><a href="/learn/">https://e.example/a.png</a></p>\n'
    )


def test_a_table_scrolls_in_a_region_named_for_its_columns():
    html = render("| Model | *Score* | |\n|:--|--:|:-:|\n| a | 1 | x |\n")

    assert html.startswith(
        '<div class="table-wrap" tabindex="0" role="region" aria-label="Table: Model, '
        'Score"><table>'
    )
    assert '<th scope="col" class="ta-left">Model</th>' in html
    assert '<td class="ta-right">1</td>\n<td class="ta-center">x</td>' in html
    assert html.endswith("</table></div>\n")


def test_a_table_without_names_is_a_table():
    assert 'aria-label="Table">' in render("| |\n|--|\n| a |\n")
    assert "<td>a</td>" in render("| |\n|--|\n| a |\n")


def test_a_table_may_follow_a_paragraph():
    assert render("text\n| a |\n|---|\n| b |").startswith("<p>text</p>\n<div")


def test_task_lists_say_whether_a_task_is_done():
    assert render("- [ ] a\n- [x] b\n- c") == (
        '<ul class="contains-task-list">\n'
        '<li class="task-list-item"><input type="checkbox" disabled="" aria-label="To do"> a</li>\n'
        '<li class="task-list-item"><input type="checkbox" disabled="" '
        'aria-label="Done" checked=""> b</li>\n'
        "<li>c</li>\n</ul>\n"
    )


def test_footnotes_lead_there_and_back():
    assert render("a[^n] b[^n]\n\n[^n]: Note.", doc_id="post-7") == (
        '<p>a<sup class="footnote-ref"><a href="#fn-post-7-1" id="fnref-post-7-1" '
        'role="doc-noteref">1</a></sup>'
        ' b<sup class="footnote-ref"><a href="#fn-post-7-1" id="fnref-post-7-1-1" '
        'role="doc-noteref">1</a></sup></p>\n'
        '<section class="footnotes" role="doc-endnotes" aria-label="Footnotes">\n<ol '
        'class="footnotes-list">\n'
        '<li id="fn-post-7-1" class="footnote-item"><p>Note.'
        ' <a href="#fnref-post-7-1" class="footnote-backref" role="doc-backlink" '
        'aria-label="Back to the text">↩︎</a>'
        ' <a href="#fnref-post-7-1-1" class="footnote-backref" role="doc-backlink" '
        'aria-label="Back to the text">↩︎</a>'
        "</p>\n</li>\n</ol>\n</section>\n"
    )


def test_two_texts_on_a_page_keep_their_footnotes_apart():
    text = "a[^1]\n\n[^1]: b"

    assert 'id="fn-p1-1"' in render(text, doc_id="p1")
    assert 'id="fn-p2-1"' in render(text, doc_id="p2")


def test_a_doc_id_that_would_break_the_html_is_a_programmers_mistake():
    with pytest.raises(AssertionError):
        render("a", doc_id='"><script>')


def test_code_is_coloured_by_classes_and_can_be_scrolled_by_keyboard():
    assert render("```python\nx = 1\n```") == (
        '<pre class="code" tabindex="0"><code><span class="n">x</span> <span class="o">=</span>'
        ' <span class="mi">1</span>\n</code></pre>\n'
    )
    assert (
        render("    a < b")
        == '<pre class="code" tabindex="0"><code>a &lt; b\n</code></pre>\n'
    )


def test_code_beyond_the_limit_is_shown_without_colours():
    block = "```python\n" + "x = 1\n" * (HIGHLIGHT_MAX // 6) + "```\n\n"

    html = render(block * 2)

    assert html.count('<span class="n">x</span>') == HIGHLIGHT_MAX // 6
    assert html.count("x = 1\n") == HIGHLIGHT_MAX // 6


def test_struck_text_is_struck():
    assert render("~~a~~") == "<p><s>a</s></p>\n"


def test_html_in_the_text_stays_text():
    assert render("<b>a</b> &lt;i&gt;") == "<p>&lt;b&gt;a&lt;/b&gt; &lt;i&gt;</p>\n"


def test_members_called_by_their_handle_become_links_outside_code_and_links():
    html = render(
        "@ada, `@ada` [@ada](/x/) a@ada.example @nobody @ada",
        mentions={"ada": "/members/ada/"}.get,
    )

    ada = '<a href="/members/ada/" class="mention">@ada</a>'
    assert (
        html
        == f'<p>{ada}, <code>@ada</code> <a href="/x/">@ada</a> a@ada.example @nobody {ada}</p>\n'
    )


def test_each_handle_is_asked_for_once_and_not_without_end():
    asked = []

    render(
        " ".join(f"@m{n} @m{n}" for n in range(MENTIONS_MAX + 5)), mentions=asked.append
    )

    assert asked == [f"m{n}" for n in range(MENTIONS_MAX)]


def test_handles_in_code_and_links_call_nobody():
    asked = []

    render(
        "@ada and @Grace-H. `@code` [@link](/x/) a@b.example @ada @Ольга",
        mentions=asked.append,
    )

    assert asked == ["ada", "Grace-H", "Ольга"]


def test_handles_in_a_text_are_found_without_parsing_it():
    text = "@ada and @Grace-H. `@code` a@b.example @ada"

    assert handles_in(text) == {"ada", "Grace-H", "code"}
    many = " ".join(f"@m{n}" for n in range(MENTIONS_MAX + 5))
    assert len(handles_in(many)) == MENTIONS_MAX


def test_formulas_beyond_the_limit_stay_as_their_source():
    html = render(" ".join(["$x$"] * (FORMULAS_MAX + 2)))

    assert html.count("<math>") == FORMULAS_MAX
    assert html.count('<code class="math-source">x</code>') == 2


def test_half_a_character_is_replaced():
    assert render("a\ud800b") == "<p>a\ufffdb</p>\n"


def refusal(text):
    with pytest.raises(TextRefused) as refused:
        render(text)
    return str(refused.value)


def test_a_text_that_is_too_long_is_refused_whole():
    assert render("a" * TEXT_MAX)
    assert (
        refusal("a" * (TEXT_MAX + 1))
        == "This text is longer than 100,000 characters. Please split it in two."
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[a]: http://x.y/" + "a" * 1900 + "\n\n" + "[a] " * 500, "repeats its links"),
        ("[a]: /u '" + "t" * 900 + "'\n\n" + "![a] " * 500, "repeats its links"),
        ("[^1]: x\n\n" + "[^1]" * 2_000, "too large a page"),
        ("|a|\n|-|\n|b|\n\n" * 7_000, "too large a page"),
    ],
)
def test_a_text_that_becomes_far_too_long_is_refused(text: str, why: str) -> None:
    assert why in refusal(text)


def test_code_that_colours_make_far_too_long_stays_without_them() -> None:
    row = "[" + "0, 1, " * 20 + "]\n"

    assert "<span" in render(f"```python\n{row}```")
    assert "<span" not in render(f"```python\n{row * 60}```")


def test_references_and_formulas_that_people_write_are_shown() -> None:
    paper = "https://arxiv.org/abs/1706.03762"
    assert render(f"[a]: {paper}\n\n" + "As [a] says, words. " * 400)
    assert render(f"[a]: {paper}{'?' + 'q' * 1_500}\n\n[a] [a] [a]")
    assert render("https://zh.wikipedia.org/wiki/" + "\u6df1" * 900)
    assert render("Let $h_{i-1}$ be $\\Phi(x)$. " * 500)


@pytest.mark.parametrize("length", [100, 3_900])
@pytest.mark.parametrize("name", WORST)
def test_html_is_bounded_by_the_length_of_its_text(name: str, length: int) -> None:
    text = WORST[name][:length]
    with contextlib.suppress(TextRefused):
        assert len(render(text)) <= at_most(len(text))


@pytest.mark.parametrize(
    "text",
    [
        ">" * 30 + " a",
        "- " * 30 + "a",
        "\n".join("  " * depth + "- a" for depth in range(30)),
        "*a **b " * 30 + "b** a*" * 30,
        "[" * 200,
        "[^1]\n\n" + "[^1]: " * 200,
    ],
)
def test_a_text_that_nests_too_deeply_is_refused(text):
    assert "too deeply" in refusal(text)


def test_nesting_that_people_write_is_shown():
    assert (
        render("\n".join("  " * depth + "- a" for depth in range(9))).count("<ul>") == 9
    )
    assert render("> " * 9 + "a").count("<blockquote>") == 9
    assert render("[INFO] start [0, 1) " * 40)


def test_recursion_is_a_refusal_not_an_error(monkeypatch):
    def overflow(*_):
        raise RecursionError

    monkeypatch.setattr("text.markdown.PARSER.parse", overflow)

    assert "too deeply" in refusal("a")


def test_a_table_of_endless_empty_cells_is_refused():
    assert "10,000 cells" in refusal(
        "|" + "a|" * 200 + "\n|" + "-|" * 200 + "\n" + "|\n" * 100
    )


def test_a_long_reference_used_a_thousand_times_is_refused():
    assert "repeats its links" in refusal(
        "[a]: /" + "u" * 50_000 + "\n\n" + "[a] " * 1000
    )


def test_an_empty_corner_of_a_table_is_no_header() -> None:
    html = render("|  | plus |\n|---|---|\n| real | 1 |")

    assert "<td></td>\n" in html
    assert '<th scope="col">plus</th>' in html
    assert html.count("<th ") == 1
