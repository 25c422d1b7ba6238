import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from text import maths, plain, plain_title, render_inline
from text.texwords import words_of_formula


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (r"$\text{R}^2\text{ec}$: a model", "R²ec: a model"),
        ("M$^3$Meet", "M³Meet"),
        (r"$\mathcal{O}(n\log n)$ attention", "O(n log n) attention"),
        ("{DARTS}: {D}ifferentiable search", "DARTS: Differentiable search"),
        (r"{\em good} and \emph{better}", "good and better"),
        (
            r"Models via $\mathbf{\texttt{D}}$ual-$\mathbf{\texttt{H}}$ead",
            "Models via Dual-Head",
        ),
        (r"\sigma_t^2 in \mathbb{R}", "σₜ² in ℝ"),
        (r"Schr\"odinger, Fr\'echet, Erd\H{o}s", "Schrödinger, Fréchet, Erdős"),
        (r"Why is $\sigma'(z)\le \frac14$?", "Why is σ′(z) ≤ ¼?"),
        (r"$\hat{x}$ and $\frac{a+b}{c}$ and $\sqrt{2}$", "x̂ and (a+b)/c and √2"),
        (r"$\beta$-VAE with 3$\times$3, 100\% \& more", "β-VAE with 3×3, 100% & more"),
        (r"$\ell_\infty$ and $10^{-3}$ and $90^\circ$", "ℓ_∞ and 10⁻³ and 90°"),
        (r"\foo{bar} and $\nosuch{x}$", "bar and x"),
        ("A $50K budget, or $5 and $10", "A $50K budget, or $5 and $10"),
        ("What does f(**{'a': 1}) mean?", "What does f(**{'a': 1}) mean?"),
        (r"C:\new\folder fails", r"C:\new\folder fails"),
        ("snake_case stays", "snake_case stays"),
        (r"$a\quad b$, $x_{\,}$ and $y^{}$", "a b, x and y"),
        (r"$\sqrt[3]{x}$ and $\begin{matrix}a&b\\c&d\end{matrix}$", "³√x and a b; c d"),
        (
            r"\textbf{Note: read this} and {BERT: Pre-training of nets}",
            "Note: read this and BERT: Pre-training of nets",
        ),
        (
            r"\href{https://example.org/?a=b}{Code} at \url{https://example.org/a_b}",
            "Code at https://example.org/a_b",
        ),
        (
            r"{\large Big}, {\bfseries bold} and \protect\emph{safe}",
            "Big, bold and safe",
        ),
        (
            r"\textsuperscript{2}H, CO\textsubscript{2}, the 5\textsuperscript{th}",
            "²H, CO₂, the 5ᵗʰ",
        ),
        (
            r"\texorpdfstring{$\alpha$-Net}{alpha-Net}: \ensuremath{\beta} first",
            "alpha-Net: β first",
        ),
        (r"$\underline{x}$, $\overline{y}$ and $\underbrace{a+b}$", "x, y and a+b"),
        (
            "torch.optim with {lr: 0.1, eps: 1e-8}?",
            "torch.optim with {lr: 0.1, eps: 1e-8}?",
        ),
        ("f'_{step=}' prints x_{i=1}", "f'_{step=}' prints x_{i=1}"),
        (r"\sum_{i=1}^n without dollars", "∑ᵢ₌₁ⁿ without dollars"),
        ("a set {1, 2} and a dict {'a': [1]}", "a set {1, 2} and a dict {'a': [1]}"),
        ("", ""),
    ],
)
def test_a_title_reads_without_tex(typed: str, words: str) -> None:
    assert plain_title(typed) == words


FORMULAS = [
    each["tex"]
    for each in json.loads(
        (Path(__file__).parent / "corpus" / "formulas.json").read_text()
    )
]
# Braces of a formula that look like those of code.
LIKE_CODE = [
    r"\sum_{i=1}^n x_i",
    r"\lim_{x\to 0,y=1}f",
    r"a_{i<j}+x^{*}",
    r"\min_{\theta}\sum_{(x,y)\in D} L",
    r"\underset{i=1}{\max}",
    r"x_{1,2}, \mathbf{W}^{[l]}",
    r"\frac {a=b}{c}",
    r"\sqrt {x>1}",
    "{x=1}",
    "{1,2}",
]


@pytest.mark.parametrize(
    "formula",
    [each for each in FORMULAS if "\n" not in each and "$" not in each] + LIKE_CODE,
)
def test_a_formula_reads_the_same_in_a_title_and_in_a_text(formula: str) -> None:
    words = plain_title(f"${formula}$")

    assert words == plain(f"${formula}$", 1000)
    assert "$" not in words


def test_formulas_of_a_text_become_their_signs() -> None:
    assert plain("a $x^2$ b\n\n$$\n\\frac12\n$$", 100) == "a x² b ½"


def test_what_only_sets_letters_is_not_shown_in_a_title_that_is_set() -> None:
    shown = render_inline(
        r"{\large Big} \texorpdfstring{$\alpha$}{alpha} \ensuremath{\beta}"
    )

    assert shown.startswith("Big <math")
    assert shown.count("<math") == 2
    assert "\\" not in shown
    assert "alpha" not in shown


def test_a_naked_formula_of_a_title_is_set() -> None:
    assert "<math" in render_inline(r"On \mathbb{R}^n")


@given(
    st.lists(
        st.sampled_from(
            [*"\\${}^_ab1 ~`'", "\\frac", "\\text{", "$x$", "\\begin{a}", "漢", "<b>"]
        )
    ).map("".join)
)
@settings(max_examples=200, deadline=None)
def test_any_title_gives_one_line(typed: str) -> None:
    assert "\n" not in plain_title(typed)


def test_the_style_of_a_note_is_brackets_and_that_of_words_is_nothing() -> None:
    assert plain_title(r"a\footnote{b} \textbf{c}") == "a (b) c"


def test_a_formula_whose_markup_cannot_be_read_keeps_the_words_of_its_source(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(maths, "tex", lambda *_, **__: "<math><broken></math>")

    assert words_of_formula(r"\text{of nothing else}") == "of nothing else"
