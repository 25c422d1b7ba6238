"""What browsers get does the same as what is in the project, and is lighter."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import override_settings

from operate.lighter import LighterStorage, lighter, lighter_css, lighter_script

OURS = sorted(
    path.relative_to(settings.BASE_DIR / "static").as_posix()
    for kind in ("css", "js")
    for path in (settings.BASE_DIR / "static" / kind).glob(f"*.{kind}")
)
COMMENTS = {
    "css": re.compile(r"/\*.*?\*/", re.DOTALL),
    "js": re.compile(r"^\s*//.*$", re.MULTILINE),
}
STRING = re.compile(r""""[^"\n]*"|'[^'\n]*'""")


def source(name: str) -> str:
    return (settings.BASE_DIR / "static" / name).read_text()


def test_styles_lose_comments_and_what_stands_around_signs() -> None:
    css = """/* one */
.a, .b > .c {  /* two
  lines */
  color: red;
  &:is(.d .e)::before { content: "·  /* {kept} */ : "; }
  background: url(../x y.svg);
  inset: calc(100% - 1px) 0;
}
@media (width < 60rem) { .f { margin: 0 -1px; } }
"""
    assert lighter_css(css) == (
        ".a,.b > .c{color:red;"
        '&:is(.d .e)::before{content:"·  /* {kept} */ : ";}'
        "background:url(../x y.svg);inset:calc(100% - 1px) 0;}"
        "@media (width < 60rem){.f{margin:0 -1px;}}"
    )


def test_scripts_lose_lines_of_comments_and_indentation() -> None:
    script = "// one\nconst a = () => {\n  // two\n\n  b()  // three\n  (c);\n};\n"

    assert lighter_script(script) == "const a = () => {\nb()  // three\n(c);\n};"


@pytest.mark.parametrize("name", OURS)
def test_only_our_own_files_change_and_lose_no_string(name: str) -> None:
    text = source(name)
    made = lighter(name, text)

    assert (made == text) == (".min." in name)
    code = COMMENTS[name.rpartition(".")[2]].sub("", text)
    assert STRING.findall(made) == STRING.findall(code)


@pytest.mark.parametrize("name", [name for name in OURS if name.endswith(".js")])
def test_no_text_of_a_script_spans_lines(name: str) -> None:
    """Its indentation would be lost."""
    if ".min." not in name:
        for line in source(name).split("\n"):
            assert line.count("`") % 2 == 0, line


def test_files_of_libraries_stay_as_they_are() -> None:
    text = "a { b: c; }\n"

    assert lighter("admin/css/base.css", text) == text
    assert lighter("css/print.min.css", text) == text
    assert lighter("icons/icons.svg", text) == text


def test_files_are_hashed_as_they_are_sent(tmp_path: Path) -> None:
    with override_settings(STATIC_ROOT=tmp_path, DEBUG=False):
        storage = LighterStorage(location=tmp_path)
        for name in ("css/talk.css", "js/thread.js"):
            storage.save(name, ContentFile(source(name).encode()))
        done = list(
            storage.post_process(
                {name: (storage, name) for name in ("css/talk.css", "js/thread.js")}
            )
        )

    assert all(processed is not False for _name, _hashed, processed in done)
    paths = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    for name, hashed in paths.items():
        assert (tmp_path / hashed).read_text() == lighter(name, source(name))
        assert (tmp_path / f"{hashed}.gz").exists()
