"""The second wall: only these elements and attributes leave the pipeline, whatever came before."""

import nh3

MATHML = set(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom msub msup msubsup munder mover "
    "munderover mmultiscripts mprescripts mtable mtr mtd".split()
)
MATH_ATTRIBUTES = set(
    "display displaystyle scriptlevel mathvariant stretchy lspace rspace minsize maxsize form fence separator largeop "
    "movablelimits symmetric accent accentunder linethickness width height depth voffset columnspan rowspan class".split()
)
HTML = set(
    "p br hr a strong em s del code pre blockquote ul ol li h1 h2 h3 h4 h5 h6 table thead tbody tr th td sup span div "
    "section input img".split()
)
CLEANER = nh3.Cleaner(
    tags=MATHML | HTML,
    attributes={tag: MATH_ATTRIBUTES for tag in MATHML}
    | {tag: {"class"} for tag in "code span section sup hr ul p th td".split()}
    | {
        "a": {"href", "title", "class", "id"},
        "li": {"class", "id"},
        "ol": {"class", "start"},
        "div": {"class", "tabindex", "role", "aria-label"},
        "pre": {"class", "tabindex"},
        "img": {"src", "alt", "title"},
        "input": {"type", "checked", "disabled", "class"},
    },
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener ugc",
    strip_comments=True,
    clean_content_tags=set("script style title noscript iframe template annotation annotation-xml".split()),
    set_tag_attribute_values={
        "img": {"loading": "lazy", "referrerpolicy": "no-referrer"},
        "input": {"type": "checkbox", "disabled": ""},
    },
)


def cleaned(html: str) -> str:
    return CLEANER.clean(html)
