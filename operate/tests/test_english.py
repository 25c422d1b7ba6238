from operate import english


def words(text: str) -> list[str]:
    return [breach.words for breach in english.breaches_of_text("a.html", text)]


def test_a_forbidden_phrase_is_named_with_what_is_better() -> None:
    text = "This link\ndoes not work any more, and no mail goes out."

    found = [
        (each.line, each.words) for each in english.breaches_of_text("a.html", text)
    ]

    assert found == [
        (2, "“any more”; better: no longer"),
        (2, "“goes out”; better: is sent"),
    ]


def test_capitals_do_not_hide_a_phrase() -> None:
    assert words("Shall we go on?") == [
        "“Shall”; better: must, will, or the present tense"
    ]


def test_parts_of_other_words_are_no_breach() -> None:
    assert words("A shallow text, and many mores.") == []


def test_docstrings_and_what_is_shown_are_looked_at() -> None:
    source = 'def f():\n    """Kept no more."""\n    return _("This is\\nnot here any more.")\n'

    assert list(english.texts_of(source)) == [
        (2, "Kept no more."),
        (3, "This is\nnot here any more."),
    ]


def test_comments_are_looked_at() -> None:
    assert list(english.texts_of("n = 1\nm = 2  # her step\n")) == [(2, "# her step")]


def test_a_member_is_called_they() -> None:
    better = "better: they, or a sentence without a pronoun"

    assert words("Where she was, and Her step.") == [
        f"“she”; {better}",
        f"“Her”; {better}",
    ]
    assert words("Other members are there, in the sheer dark.") == []
