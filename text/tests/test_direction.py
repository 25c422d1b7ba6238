import pytest

from text import render
from text.direction import direction_of, isolated

ARABIC = (
    "مرحبا بالجميع، لدي سؤال حول $\\sigma(x)$ و PyTorch 2.1!\n\n"
    "- البند الأول\n- البند الثاني\n\n> اقتباس\n\n### عنوان\n"
)


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("abc", "ltr"),
        ("", ""),
        ("1. !", ""),
        ("שלום abc", "rtl"),
        ("2.1 لماذا", "rtl"),
        ("PyTorch هو", "ltr"),
    ],
)
def test_the_first_letter_tells_the_direction(text, direction):
    assert direction_of(text) == direction


def test_blocks_in_arabic_run_from_right_to_left():
    html = render(ARABIC)

    for opening in ("<p", "<ul", "<blockquote", "<h5"):
        assert f'{opening} dir="rtl">' in html
    assert html.count('dir="rtl"') == 4


def test_code_and_formulas_do_not_tell_the_direction():
    assert render("`torch.nn` و $x$ هو").startswith('<p dir="rtl">')
    assert render("$x$ هو").startswith('<p dir="rtl">')


def test_cells_of_a_table_have_a_direction_of_their_own():
    html = render("| النموذج | Accuracy |\n|---|---|\n| شبكة | 0.9 |\n")

    assert html.count('dir="rtl"') == 3
    assert '<table dir="rtl">' in html
    assert (
        '<th scope="col" dir="rtl">النموذج</th>' in html
        or '<th dir="rtl" scope="col">النموذج</th>' in html
    )


def test_a_table_of_english_columns_keeps_their_order():
    html = render("| Model | النموذج |\n|---|---|\n| 1 | 2 |\n")

    assert "<table>" in html
    assert html.count('dir="rtl"') == 1


def test_folds_and_footnotes_have_a_direction_of_their_own():
    fold = render(
        "<details><summary>حل التمرين</summary>\n\nHello.\n\nمرحبا\n\n</details>"
    )
    note = render("Hello[^1] you.\n\n[^1]: حاشية\n")

    assert '<summary dir="rtl">' in fold
    assert "<p>Hello." in fold
    assert '<p dir="rtl">مرحبا' in fold
    assert '<p dir="rtl">حاشية' in note
    assert note.count("dir=") == 1


def test_other_texts_stay_as_they_were():
    assert "dir=" not in render(
        "Hello\n\n- one\n- two שלום\n\n> 中文\n\n| a |\n|---|\n| b |\n"
    )


def test_an_english_text_beside_an_arabic_one_keeps_its_direction():
    html = render("مرحبا\n\nhello\n")

    assert html == '<p dir="rtl">مرحبا</p>\n<p>hello</p>\n'


def test_a_name_from_right_to_left_is_isolated_in_a_sentence():
    assert isolated("نور") == "\u2068نور\u2069"
    assert isolated("Nour Éa 李") == "Nour Éa 李"


@pytest.mark.parametrize(
    "control", [chr(n) for n in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
)
def test_no_text_in_a_sentence_turns_the_rest_of_it_round(control):
    assert isolated(f"ruoh{control} 1 rof") == "ruoh 1 rof"
    assert isolated(f"{control}نور{control}") == "\u2068نور\u2069"
