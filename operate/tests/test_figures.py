from operate.figures import figures

SHORT = "def a(b):\n    return b\n\n\n"
LONG = "def c():\n" + "    print()\n" * 19 + "\n"


def over(source: str) -> list[str]:
    return [figure.name for figure in figures({"a.py": source}) if figure.is_over]


def test_short_lines_and_functions_are_within_the_figures() -> None:
    assert over(SHORT * 10) == []


def test_more_than_one_long_line_in_ten_is_over() -> None:
    lines = "x = 1\n" * 18
    long = f'y = "{"z" * 80}"\n'

    assert over(SHORT + lines + long) == []
    assert over(SHORT + lines + long * 3) == ["characters in nine of ten lines"]


def test_many_conditional_expressions_are_over() -> None:
    lines = "x = 1\n" * 500

    assert over(SHORT + lines + "y = 1 if x else 2\n") == []
    assert over(SHORT + lines + "y = 1 if x else 2\n" * 5) == [
        "conditional expressions in 1,000 lines"
    ]


def test_blank_lines_do_not_count() -> None:
    lines = "x = 1\n" * 500 + "\n" * 5_000

    assert over(SHORT + lines + "y = 1 if x else 2\n" * 5) == [
        "conditional expressions in 1,000 lines"
    ]


def test_long_functions_are_over_when_they_are_half_of_all() -> None:
    assert over(SHORT * 3 + LONG) == []
    assert over(SHORT + LONG * 2) == ["lines in half of the functions"]


def test_a_figure_says_its_limit() -> None:
    first, *_ = figures({"a.py": SHORT})

    assert str(first) == "characters in nine of ten lines: 12, at most 75"
