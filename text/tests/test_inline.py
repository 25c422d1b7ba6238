import pytest

from text import TEXT_MAX, render_inline


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            r"Schr\"odinger, Fr\'echet, na\"{\i}ve, \v{S}tef",
            "Schrödinger, Fréchet, naïve, Štef",
        ),
        (r"{\L}ojasiewicz, \O re, \ss{}, H{\"o}lder", "Łojasiewicz, Øre, ß, Hölder"),
        (r"\b{eta}-chain at 30{\deg}, 0.6 \pm 0.05", "β-chain at 30°, 0.6 ± 0.05"),
        (r"96\% of Q\&A\_x \$9", "96% of Q&amp;A_x $9"),
        (
            r"\textbf{a \emph{b} c} {\em d} {\sc e} \texttt{f}",
            "<strong>a <em>b</em> c</strong> <em>d</em> e <code>f</code>",
        ),
        (
            r"km\textsuperscript{2} mAP\textsubscript{50} \textsc{eng}",
            "km<sup>2</sup> mAP<sub>50</sub> eng",
        ),
        (r"see~\cite{a,b} and \citep[see][p.1]{x}.", "see and."),
        (r"data\footnote{of ours} here", "data (of ours) here"),
        (r"\textcolor{red}{a} {\color{blue}b}", "a b"),
        (
            "``a'' b--c --- d al.~e ~30%",
            "“a” b–c — d al.\u00a0e ~30%".replace("\u00a0", "&nbsp;"),
        ),
        ("p<0.05 & <think> a>b", "p&lt;0.05 &amp; &lt;think&gt; a&gt;b"),
        (r"\ourmodel{} and \foo{a} b", r"\ourmodel{} and \foo{a} b"),
        (r"under\-way a\ b a\\b", "underway a b a b"),
        ("left } open { and \\emph{x", "left  open  and <em>x</em>"),
        ("*not* _markdown_ # `at` all", "*not* _markdown_ # `at` all"),
    ],
)
def test_latex_of_abstracts_reads_well(text, html):
    assert render_inline(text) == html


@pytest.mark.parametrize("text", ["$x$", "$ x $", "$$x$$", r"\(x\)", r"\[ x \]"])
def test_formulas_are_set_in_their_line(text):
    assert render_inline(f"a {text} b") == "a <math><mi>x</mi></math> b"


def test_an_environment_is_a_formula():
    assert "<mtable" in render_inline(r"\begin{align} x &= y \end{align}")


def test_a_formula_with_spaces_needs_a_sign_of_latex():
    assert "<math" in render_inline(r"of $ \alpha + 1 $ here")
    assert "<math" not in render_inline("cost $5 and $10, or $ 7 8 $")


def test_formulas_beyond_the_limit_stay_as_typed():
    assert render_inline("$x$" * 1001).count("<math>") == 1000


def test_addresses_become_links_when_asked():
    text = (
        r"Code: https://e.example/a\_b. Also \href{https://e.example}{\emph{here}} "
        r"and \url{http://e.example/c}"
    )

    assert (
        render_inline(text)
        == "Code: https://e.example/a_b. Also <em>here</em> and http://e.example/c"
    )
    assert render_inline(text, links=True) == (
        'Code: <a href="https://e.example/a_b" rel="nofollow noopener '
        'ugc">https://e.example/a_b</a>.'
        ' Also <a href="https://e.example" rel="nofollow noopener ugc"><em>here</em></a>'
        ' and <a href="http://e.example/c" rel="nofollow noopener ugc">http://e.example/c</a>'
    )
    assert (
        render_inline(r"\href{javascript:x}{a} \url{javascript:x}", links=True)
        == "a javascript:x"
    )


def test_deep_groups_stay_shallow():
    assert render_inline(r"\emph{" * 100 + "x" + "}" * 100).count("<em>") == 20


def test_a_text_beyond_the_limit_comes_back_escaped():
    assert render_inline("<" * (TEXT_MAX + 1)) == "&lt;" * (TEXT_MAX + 1)


def test_half_a_character_is_replaced():
    assert render_inline("a\udfff") == "a\ufffd"
