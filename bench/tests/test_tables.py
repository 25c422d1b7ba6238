from bench.tables import put_section, table


def test_a_table_has_text_on_the_left_and_figures_on_the_right():
    text = table(
        ("page", "ms", "queries"), [["feed", 12.345, 8], ["step", 123.4, None]]
    )

    assert text.splitlines() == [
        "| page |    ms | queries |",
        "| ---- | ----: | ------: |",
        "| feed | 12.35 |       8 |",
        "| step |   123 |         |",
    ]


def test_a_section_is_put_at_the_end_once_and_replaced_after():
    first = put_section("# Performance\n", "pages, sqlite", "old")
    other = put_section(first, "digest", "kept")
    again = put_section(other, "pages, sqlite", "new\n")

    assert again == (
        "# Performance\n\n"
        "<!-- pages, sqlite -->\nnew\n<!-- end of pages, sqlite -->\n\n"
        "<!-- digest -->\nkept\n<!-- end of digest -->\n"
    )
