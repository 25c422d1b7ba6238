"""The last check: only these elements, attributes and classes leave the
pipeline, whatever came before.

Never let in: style, on*, svg, style and script elements, href on MathML,
and of MathML annotation, annotation-xml, semantics, maction, mglyph,
menclose: each has been a way past a sanitiser.
"""

import re

import nh3
from pygments.token import STANDARD_TYPES

from text.attached import KEY
from text.maths import CLASSES

MATHML = set(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom "
    "msub msup msubsup munder mover "
    "munderover mmultiscripts mprescripts mtable mtr mtd".split()
)
MATHML_ATTRIBUTES = set(
    "display displaystyle scriptlevel mathvariant stretchy lspace rspace minsize "
    "maxsize form fence separator largeop "
    "movablelimits symmetric accent accentunder linethickness width height depth "
    "voffset columnspan rowspan".split()
)
HTML = set(
    "p br hr a strong em b i s del code pre blockquote ul ol li h3 h4 h5 h6 table "
    "thead tbody tr th td sup sub span "
    "div section input img details summary kbd".split()
)
NEVER = set(
    "script style title noscript noembed noframes xmp iframe template textarea "
    "annotation annotation-xml".split()
)
REL = "nofollow noopener ugc"
ALIGNED = {"ta-left", "ta-center", "ta-right"}
FOR_PICTURES = {"loading": "lazy", "referrerpolicy": "no-referrer"}
FOR_BOXES = {"type": "checkbox", "disabled": ""}

OPEN_PICTURE = "Open the picture"  # the name of a link around one without a description
OUR_PICTURE = re.compile(rf"/pictures/{KEY}/small/")
SIDE = re.compile(r"[1-9][0-9]{0,3}")
OF_A_PICTURE = {"src": OUR_PICTURE, "width": SIDE, "height": SIDE}


def only_our_pictures(tag: str, name: str, value: str) -> str | None:
    wanted = OF_A_PICTURE.get(name) if tag == "img" else None
    return value if wanted is None or wanted.fullmatch(value) else None


CLEANER = nh3.Cleaner(
    tags=MATHML | HTML,
    clean_content_tags=NEVER,
    attribute_filter=only_our_pictures,
    strip_comments=True,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    attributes=dict.fromkeys(MATHML, MATHML_ATTRIBUTES)
    | {
        "math": MATHML_ATTRIBUTES | {"aria-label"},
        "a": {"href", "title", "id"},
        "li": {"id"},
        "ol": {"start"},
        "div": {"aria-label"},
        "section": {"aria-label"},
        "img": {"src", "alt", "title", "width", "height"},
        "input": {"checked", "aria-label"},
    },
    tag_attribute_values={
        tag: {"dir": {"rtl"}}
        for tag in "p ul ol blockquote h3 h4 h5 h6 td table summary".split()
    }
    | {
        "a": {
            "rel": {REL},
            "role": {"doc-noteref", "doc-backlink"},
            "aria-label": {"Back to the text", OPEN_PICTURE},
        },
        "div": {"tabindex": {"0"}, "role": {"region", "group"}},
        "span": {"tabindex": {"0"}, "role": {"group"}, "aria-label": {"Formula"}},
        "pre": {"tabindex": {"0"}},
        "section": {"role": {"doc-endnotes"}},
        "th": {"scope": {"col"}, "dir": {"rtl"}},
        # nh3 sets these two below, in an order of chance; those that are
        # there already keep their place.
        "img": {name: {value} for name, value in FOR_PICTURES.items()},
        "input": {name: {value} for name, value in FOR_BOXES.items()},
    },
    allowed_classes={tag: {*CLASSES.values(), "mbox", "mcancel"} for tag in MATHML}
    | {
        "a": {"footnote-backref", "mention", "image-link", "picture", "attached"},
        "code": {"math-source"},
        "div": {"table-wrap", "math-block"},
        "li": {"footnote-item", "task-list-item"},
        "ol": {"footnotes-list", "contains-task-list"},
        "ul": {"contains-task-list"},
        "pre": {"code"},
        "section": {"footnotes"},
        "span": {
            *filter(None, STANDARD_TYPES.values()),
            "math-block",
            "math-core-serif-font",
            "math-core-sans-serif-font",
        },
        "sup": {"footnote-ref"},
        "td": ALIGNED,
        "th": ALIGNED,
    },
    set_tag_attribute_values={"img": FOR_PICTURES, "input": FOR_BOXES},
)


def cleaned(html: str) -> str:
    return CLEANER.clean(html)
