import pytest

from papers.arxiv import plain_tex, split_authors


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ada Lovelace and Alan Turing", ("Ada Lovelace", "Alan Turing")),
        (
            "Ada Byron, Grace Hopper, and Alan Turing",
            ("Ada Byron", "Grace Hopper", "Alan Turing"),
        ),
        ("Jane Roe, MD, PhD, John Doe", ("Jane Roe", "John Doe")),
        ("Jane Roe, M.D., Ph.D.", ("Jane Roe",)),
        ("J. Roe$^{1}$, K. Doe$^{1,2}$", ("J. Roe", "K. Doe")),
        (r"K. Doe\textsuperscript{2}, L. Moe*", ("K. Doe", "L. Moe")),
        (r"P. Erd\H{o}s & {\L}ukasz Kaiser", ("P. Erdős", "Łukasz Kaiser")),
        ("Robert Sandall, Jr., Xu Yi (MIT, USA)", ("Robert Sandall, Jr.", "Xu Yi")),
        ("Alexander Anderson", ("Alexander Anderson",)),
        (
            "Ada Lark^1, Bob Mill^2,3 and Cy Nock^{1}",
            ("Ada Lark", "Bob Mill", "Cy Nock"),
        ),
        (
            "The ATLAS Collaboration: A. Lark, B. Mill",
            ("The ATLAS Collaboration", "A. Lark", "B. Mill"),
        ),
    ],
)
def test_names_of_an_author_line(line: str, names: tuple[str, ...]) -> None:
    assert split_authors(line) == names


def test_a_naked_command_keeps_its_braces() -> None:
    assert plain_tex(r"On \mathbb{R}, {D}iff and \'{e}") == r"On \mathbb{R}, Diff and é"
