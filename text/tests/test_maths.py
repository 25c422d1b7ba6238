import html
import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from text import maths, plain_title, render, render_inline
from text.maths import mathml

CORPUS = Path(__file__).parent / "corpus"
FONTS = Path(__file__).parents[2] / "static" / "fonts"
FORMULAS = json.loads((CORPUS / "formulas.json").read_text(encoding="utf-8"))
OURS = (CORPUS / "deep_learning.txt").read_text(encoding="utf-8").splitlines()


def is_set(source):
    return "<math" in maths.tex(source, display=True)


def test_formulas_of_deep_learning_texts_are_set():
    assert [row["tex"] for row in FORMULAS if not is_set(row["tex"])] == []


def test_what_a_study_group_writes_is_set_but_for_what_is_not_latex():
    assert [source for source in OURS if not is_set(source)] == [
        r"\frac{1}{2} \unknowncommand{x}",
        r"\sqrt[3]{x} + \sqrt{x",
    ]


def test_the_maths_font_holds_the_signs_of_these_formulas():
    """The letters that are left to the reader's system aside; the font is
    made from the list in its README.
    """
    sources = [row["tex"] for row in FORMULAS] + OURS
    markup = "".join(maths.tex(source, display=True) for source in sources)
    signs = set(html.unescape(re.sub("<[^>]*>", "", markup)))
    italic_h = "\u210e"  # what a browser makes of <mi>h</mi>

    missing = (signs | {italic_h}) - signs_of_the_font()

    assert [
        name
        for name in map(unicodedata.name, missing)
        if not re.search("FRAKTUR|MONOSPACE|SELECTOR", name)
    ] == []


def signs_of_the_font():
    listed = re.findall(
        r"--unicodes=(U\+\S+)", (FONTS / "README.md").read_text(encoding="utf-8")
    )[-1]
    ranges = [
        [int(end, 16) for end in part.split("-")]
        for part in listed.replace("U+", "").split(",")
    ]
    return {chr(sign) for ends in ranges for sign in range(ends[0], ends[-1] + 1)}


def test_a_formula_that_is_not_understood_is_shown_as_typed():
    assert maths.tex(r"\nosuchthing{<b>}", display=False) == (
        '<code class="math-source">\\nosuchthing{&lt;b&gt;}</code>'
    )
    assert maths.tex("  ", display=False) == '<code class="math-source"></code>'


@pytest.mark.parametrize(
    ("source", "same_as"),
    [
        (r"\begin{align*}a&=b\end{align*}", r"\begin{aligned}a&=b\end{aligned}"),
        (r"\begin{alignat}{2}a&=b\end{alignat}", r"\begin{aligned}a&=b\end{aligned}"),
        (r"\begin{equation}a\label{e}\nonumber\end{equation}", "a"),
        (r"\begin{multline}a\\b\end{multline}", r"\begin{gathered}a\\b\end{gathered}"),
        (r"\begin{eqnarray}a&=&b\end{eqnarray}", r"\begin{array}{rcl}a&=&b\end{array}"),
        (r"\begin{smallmatrix}a\end{smallmatrix}", r"\begin{matrix}a\end{matrix}"),
        (r"a\tag{3}", r"a\qquad\text{(3)}"),
        (r"\eqref{e}", r"\text{(e)}"),
        (r"\mathop{\mathrm{argmin}}\limits_x", r"\operatorname*{argmin}_x"),
        (r"\newcommand{\R}{\mathbb{R}}x", "x"),
        (r"\epsilon*x", r"\epsilon *x"),
        (r"\operatorname*{arg\,max}_x", r"\argmax_x"),
        (r"x\textsuperscript{2}", r"x^{\text{2}}"),
        (r"x\textsubscript{in}", r"x_{\text{in}}"),
        (r"\ce{H2O}", r"\mathrm{H_{2}O}"),
        (r"\ae\copyright", r"\text{æ}\text{©}"),
        (r"\textcircled{0}\textcircled 1\textcircled{20}", "⓪①⑳"),
        (r"\textcircled{a}\textcircled{Z}", "ⓐⓏ"),
        (r"\textcircled{21}", r"\text{(21)}"),
        (r"\text{if $x$ holds}", r"{\text{if }x\text{ holds}}"),
    ],
)
def test_ways_of_writing_that_math_core_lacks_mean_the_same(source, same_as):
    assert maths.tex(source, display=True) == maths.tex(same_as, display=True)
    assert is_set(source)


def test_a_dollar_in_text_stays_a_dollar():
    assert "$5" in maths.tex(r"\text{for \$5}", display=False)


def test_styles_become_classes():
    table = maths.tex(
        r"\begin{array}{c|c} a & b \\ \hline c & d \end{array}", display=True
    )

    assert " style=" not in table
    assert '<mtd class="mbr"><mi>a</mi></mtd>' in table
    assert '<mtd class="mbt"><mi>d</mi></mtd>' in table


def test_a_colour_is_dropped_and_leaves_no_style():
    assert (
        maths.tex(r"\color{red}x", display=False)
        == "<math><mrow><mi>x</mi></mrow></math>"
    )


def test_boxes_and_strikes_are_drawn_by_classes():
    assert (
        maths.tex(r"\boxed{x}", display=False)
        == '<math><mrow class="mbox"><mi>x</mi></mrow></math>'
    )
    assert (
        maths.tex(r"\cancel{x}", display=False)
        == '<math><mrow class="mcancel"><mi>x</mi></mrow></math>'
    )


def test_a_long_formula_is_shown_as_typed():
    assert is_set("x" * maths.FORMULA_MAX)
    assert not is_set("x" * (maths.FORMULA_MAX + 1))


def test_macros_of_ones_own_are_not_run():
    assert not is_set(r"\newcommand{\a}{" + "x" * 1500 + "}" + r"\a" * 200)
    assert not is_set(r"\def\a{x}\a")


@pytest.mark.parametrize(
    "source",
    [
        "{" * 31 + "x" + "}" * 31,
        r"\left(" * 31 + "x" + r"\right)" * 31,
        r"\sqrt" * 40 + "x",
        r"\frac1" * 40 + "x",
        r"\frac{a}" * 40 + "x",
        r"\sqrt[" * 40 + "x",
        r"\color{red}abc" * 40,
        "{]" * 40 + "x" + "}" * 40,
        r"{\right)" * 40,
        r"\hat~" * 40 + "x",
    ],
)
def test_formulas_that_nest_too_deeply_are_shown_as_typed(source):
    assert maths.nests_too_deeply(source)
    assert not is_set(source)


@pytest.mark.parametrize(
    "source",
    [
        r"\alpha + \beta abc" * 40,
        r"\begin{matrix}" + r"\displaystyle\alpha & " * 60 + r"x \end{matrix}",
        "[0, 1) " * 25,
        r"\left[ 0, 1 \right) {[ } " * 30,
        r"\frac{a}{b} + xyz " * 60,
        r"\} \{ " * 60,
        "}" * 60,
    ],
)
def test_long_formulas_that_do_not_nest_are_let_through(source):
    assert not maths.nests_too_deeply(source)


def test_no_formula_overflows_the_stack_of_a_small_thread():
    """A stack overflow in math-core would end the process, so another
    process tries.
    """
    program = Path(__file__).parent / "deep_formulas.py"

    done = subprocess.run(
        [sys.executable, program],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stdout.strip()) == (0, "all formulas answered"), (
        done.stderr
    )


def test_a_panic_of_the_rust_side_shows_the_formula_as_typed(monkeypatch):
    class PanicException(BaseException):
        pass

    class Panicking:
        def convert_with_local_state(self, *_, **__):
            raise PanicException

    monkeypatch.setattr(mathml, "CONVERTER", Panicking())

    assert not is_set("x + panic")


def test_a_stop_from_the_keyboard_is_not_swallowed(monkeypatch):
    class Stopped:
        def convert_with_local_state(self, *_, **__):
            raise KeyboardInterrupt

    monkeypatch.setattr(mathml, "CONVERTER", Stopped())

    with pytest.raises(KeyboardInterrupt):
        maths.tex("x + stop", display=False)


FORMULA = "<math><mi>x</mi></math>"


@pytest.mark.parametrize("text", ["$x$", r"\(x\)", r"\( x \)"])
def test_a_formula_stands_in_its_line(text):
    assert render(f"a {text} b") == f"<p>a {FORMULA} b</p>\n"


@pytest.mark.parametrize(
    "text",
    [
        "$$x$$",
        "$$\nx\n$$",
        "$$x\n$$.",
        "\\[\nx\n\\]",
        r"\[x\]",
        "```math\nx\n```",
        "``` math\nx\n```",
    ],
)
def test_a_formula_stands_alone(text):
    assert (
        render(text)
        == '<div class="math-block"><math display="block"><mi>x</mi></math></div>\n'
    )
    assert render(f"a\n{text}\nb").count("<p>") == 2


def test_a_formula_stands_alone_inside_its_paragraph():
    block = '<span class="math-block"><math display="block"><mi>x</mi></math></span>'

    assert render("a $$x$$ b") == f"<p>a {block} b</p>\n"
    assert render("$$x$$ b") == f"<p>{block} b</p>\n"
    assert render(r"a \[x\] b") == f"<p>a {block} b</p>\n"


def test_a_wide_formula_can_be_scrolled_by_keyboard():
    assert (
        '<div class="math-block" tabindex="0" role="group" aria-label="Formula"><math'
        in render("$$" + "x+" * 30 + "x$$")
    )


def test_formulas_stand_in_quotes_lists_tables_and_headings():
    assert FORMULA in render("> $x$")
    assert 'display="block"' in render("> $$\n> x\n> $$")
    assert 'display="block"' in render("- a\n\n  $$\n  x\n  $$")
    assert FORMULA in render("| a |\n|---|\n| $x$ |")
    assert "<mi>x</mi></math></h3>" in render("# $x$")
    assert "<mi>x</mi></math></a>" in render("[$x$](/a/)")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("| $R^2$ | of $a<b$ |\n|---|---|\n| $c$ | d |", ["R²", "a &lt; b"]),
        ("| $$\\alpha$$ |\n|---|", ["α"]),
        ("## $R^2$", ["R²"]),
        ("[$x_1$](/learn/) and $y$", ["x₁"]),
        ("[*$x$* and $y$](/learn/) and $z$", ["x", "y"]),
        (
            "<details><summary>$\\theta$, **$z$**</summary>\n\n$w$\n</details>",
            ["θ", "z"],
        ),
        ("$x$\n\n- $y$\n\n> $z$", []),
    ],
)
def test_a_formula_that_names_a_header_cell_heading_link_or_fold_has_its_words_as_name(
    text: str, names: list[str]
) -> None:
    assert re.findall(r'<math aria-label="([^"]*)"', render(text)) == names


def test_a_formula_that_cannot_be_set_is_named_by_its_source() -> None:
    assert '<th scope="col"><code class="math-source">\\nosuch</code></th>' in render(
        "| $\\nosuch$ |\n|---|"
    )


def test_formulas_of_a_title_are_named_and_those_of_an_abstract_are_not() -> None:
    assert '<math aria-label="R²">' in render_inline('$R^2$ "wins"', names=True)
    assert "aria-label" not in render_inline('$R^2$ "wins"')


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $10.",
        "Between $5 and 10$.",
        "$20,000 and USD$30",
        "5$-10$",
        "$",
        "$$",
        "$$$",
        "a $x",
        r"\$x\$",
        r"$x\$",
        "$`x` y",
        "$$ and no end",
        r"\(",
        r"\( no end",
        r"\[\\\]",
        "\\[\nsee below\n\\]",
        "[\n\\nosuchthing{x}\n]",
        r"\(see `x`\)",
        "$ a ~ b $",
        "$ a is b $",
        "$ 5 x $",
    ],
)
def test_dollars_and_brackets_that_hold_no_formula_stay_text(text):
    assert "math" not in render(text)


@pytest.mark.parametrize(
    "text",
    [
        r"3$\times$3",
        "$x$-ray",
        "($x$)",
        "$x$ is 5",
        "$x$\\",
        r"$\$5$",
        "$5$",
        "$5 x$",
        "$ 5 + x $",
    ],
)
def test_dollars_that_hold_a_formula_do(text):
    assert "<math>" in render(text)


@pytest.mark.parametrize(
    "text", ["$$\n\nx\n$$", "$$x\n", "$$\n$$", "    $$x$$", "- $$\nx\n$$"]
)
def test_a_formula_does_not_run_past_its_block(text):
    assert "<div" not in render(text)


def test_a_failed_search_for_an_end_does_not_hide_a_later_formula():
    assert 'class="math-block"' in render("$$a\n\n$$x$$")
    assert 'class="math-block"' in render("$$a\n\n\\[\nx\n\\]")


@pytest.mark.parametrize(
    "source",
    [
        "(" * 40,
        r"\{" * 40,
        r"\bigl| " * 40,
        "{(}" * 40,
        "[^)" * 40,
        r"(\sqrt)" * 40,
        "⟨" * 40,
        r"(\int\left(x)\right." * 40,
    ],
)
def test_brackets_left_open_are_shown_as_typed_since_math_core_would_never_come_back(
    source,
):
    assert maths.unclosed_brackets(source) > maths.UNCLOSED_MAX
    assert not is_set(source)


@pytest.mark.parametrize(
    "source",
    [
        r"f(\theta) [0, \infty) \{x\} " * 20,
        "(" * 20 + "x" + ")" * 20,
        r"\frac{(a}{b)} " * 4,
        r"\left( x \right) " * 12,
        r"\sqrt[3]{x} " * 40,
    ],
)
def test_brackets_that_are_closed_are_set(source):
    assert maths.unclosed_brackets(source) <= maths.UNCLOSED_MAX


def test_math_core_itself_says_how_many_arguments_a_command_takes():
    names = ("alpha", "hat", "frac", "nosuchthing", "color")

    assert [maths.arguments_of(name) for name in names] == [0, 1, 2, 3, 1]


@pytest.mark.parametrize(
    ("name", "as_there"), [("dollar_math.md", (58, 60)), ("brackets.md", (39, 40))]
)
def test_formulas_begin_and_end_where_the_plugins_of_others_have_them(name, as_there):
    """But for one case each, of a parser without indented code, and for
    spaces inside the dollars.
    """
    text = (CORPUS / name).read_text(encoding="utf-8")
    parts = re.split(r"^\.\n", text, flags=re.MULTILINE)
    cases = list(zip(parts[0::3], parts[1::3], parts[2::3], strict=False))
    same = sum(
        ("math" in theirs or "<eq" in theirs)
        == ("<math" in (ours := render(source)) or "math-source" in ours)
        for _, source, theirs in cases
    )

    assert (same, len(cases)) == as_there


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (r"\sc Foo", "<mtext>Foo</mtext>"),
        (r"{\scshape Foo}", "<mtext>Foo</mtext>"),
        (r"\textsl{Foo}", "<mtext>Foo</mtext>"),
        (r"\text{\sc Foo}", "<mtext>Foo</mtext>"),
        (r"\mathsc{A}", '<mi mathvariant="normal">A</mi>'),
        (r"\small{A}", "<mi>A</mi>"),
        (r"\Large A", "<mi>A</mi>"),
    ],
)
def test_small_capitals_and_sizes_leave_their_words(typed: str, shown: str) -> None:
    html = render_inline(f"${typed}$")

    assert shown in html
    assert "<code" not in html
    assert plain_title(f"${typed}$") in ("Foo", "A")


def test_a_command_that_begins_like_a_size_is_another_one() -> None:
    assert r"\smallish" in render_inline(r"$\smallish{A}$")
