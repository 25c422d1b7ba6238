"""A feed that is no longer XML, made XML again."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.repair import items, repaired


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("a & b", "a &amp; b"),
        ("a &amp; b &lt; c", "a &amp; b &lt; c"),
        ("a&nbsp;b", "a\xa0b"),
        ("a &nosuch; b", "a &amp;nosuch; b"),
        ("&#60;b&#x3e;", "&lt;b&gt;"),
        ("a < b", "a &lt; b"),
        ("<title>x <b>y</b></title>", "<title>x &lt;b>y&lt;/b></title>"),
        ("<dc:creator>x</dc:creator>", "<dc:creator>x</dc:creator>"),
        ("a ]]> b", "a ]]&gt; b"),
        ("a\x00\x0bb\tc", "a  b\tc"),
        ("a<!-- <item> -->b", "ab"),
        ("a <!-- b", "a &lt;!-- b"),
        ("<![CDATA[a < b & c]]>", "a &lt; b &amp; c"),
        ("<![CDATA[a <!-- b]]> -->", "a &lt;!-- b -->"),
        ("<![CDATA[a", "&lt;![CDATA[a"),
    ],
)
def test_what_is_no_tag_of_a_feed_becomes_text(broken: str, whole: str) -> None:
    assert repaired(broken.encode()) == whole


@pytest.mark.parametrize(
    ("declared", "encoded"),
    [
        ("", "é".encode()),
        ("", b"\xef\xbb\xbf\xc3\xa9"),
        ("", b"\xe9"),  # no UTF-8, so Windows-1252
        ('<?xml version="1.0"?>', b"\xe9"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', b"\xe9"),
        ('<?xml version="1.0" encoding="ascii"?>', "é".encode()),
        ('<?xml version="1.0" encoding="no-such"?>', "é".encode()),
        # Python knows it, and no feed is written in it.
        ('<?xml version="1.0" encoding="unicode_escape"?>', "é".encode()),
    ],
)
def test_a_feed_is_read_in_its_encoding_or_in_a_likely_one(
    declared: str, encoded: bytes
) -> None:
    assert repaired(declared.encode() + encoded) == "é"


def test_each_item_is_a_document_of_its_own() -> None:
    text = '<rss a="b"><channel><item>1</item>\n<item>2<item >3</item></channel></rss>'

    assert list(items(text)) == [
        '<rss a="b"><item>1</item></rss>',
        None,
        '<rss a="b"><item >3</item></rss>',
    ]
    assert list(items("<feed><entry>1</entry></feed>")) == [
        "<feed><entry>1</entry></feed>"
    ]


def test_a_text_without_a_feed_has_no_items() -> None:
    assert list(items("<item>1</item>")) == []


SIGNS = st.sampled_from(
    [
        "&",
        "&amp;",
        "&#0;",
        "&#xd800;",
        "<",
        "<b>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "é",
    ]
)


@given(st.lists(SIGNS | st.text(max_size=3)).map("".join))
def test_any_text_in_an_element_is_xml_once_it_is_mended(text: str) -> None:
    words = repaired(text.encode("utf-8", "replace"))

    ElementTree.fromstring(f"<p>{words}</p>")  # noqa: S314  (we wrote it)
