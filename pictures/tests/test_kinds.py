import json

import pytest

from pictures.kinds import is_picture, named
from pictures.refusals import FileRefused
from pictures.tests.bad_pictures import archive, moving, picture

NOTEBOOK = json.dumps({"cells": [], "nbformat": 4}).encode()
COLOURS = b"\x1b[32mepoch 1\x1b[0m\tloss 2.3\r\n"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_known_by_its_bytes_whatever_its_name(kind: str) -> None:
    assert is_picture("run.log", picture(kind))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("loss.ipynb", NOTEBOOK),
        ("RUN.LOG", COLOURS),
        ("table.csv", "\ufeffä,b\n".encode()),
        ("code.zip", archive()),
        ("arrays.npz", archive()),
        ("paper.pdf", b"%PDF-1.7\n"),
    ],
)
def test_notebooks_logs_and_the_like_are_files(name: str, data: bytes) -> None:
    assert not is_picture(name, data)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.png", b"", "empty"),
        ("a.png", archive(), "says PNG but is a ZIP archive"),
        ("a.jpg", b"%PDF-1.7", "says JPEG but is a PDF"),
        ("a.jpeg", moving("GIF"), "says JPEG but is a GIF"),
        ("a.webp", b"\x7fELF\0", "says WebP but is a program"),
        ("a.png", b"\0\1\2", "says PNG but is something else"),
        ("a.png", b"<svg/>", "says PNG but is text"),
        ("plot.svg", b"<svg><script/></svg>", "savefig"),
        ("training.gif", moving("GIF"), "Moving pictures"),
        ("photo.heic", b"\0\0\0\x18ftypheic", "Only PNG, JPEG and WebP"),
        ("run.log", b"MZ\x90\0", "says .log but is a program"),
        ("run.log", b"a\0b", "says .log but is something else"),
        ("run.txt", "é".encode("latin-1"), "says .txt but is something else"),
        ("code.zip", b"echo", "says .zip but is text"),
        ("paper.pdf", b"<html>", "says .pdf but is text"),
        ("tool.exe", b"text", "cannot be added"),
        ("page.html", b"<html>", "cannot be added"),
        ("noname", b"text", "cannot be added"),
        ("noname", b"MZ", "says nothing but is a program"),
        ("run.log", b"x" * 5_000_001, "larger than 5 MB"),
        ("a.png", picture() + b"x" * 12_000_000, "larger than 12 MB"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    name: str, data: bytes, says: str
) -> None:
    with pytest.raises(FileRefused, match=says):
        is_picture(name, data)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("loss.png", "loss.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\home\\loss.png", "loss.png"),
        ('a"b<c>[d].log', "a_b_c__d_.log"),
        ("  .. ", "file"),
        ("", "file"),
        ("run\u202egnp.log", "rungnp.log"),
        ("a\r\nSet-Cookie: x.txt", "a Set-Cookie_ x.txt"),
        ("x" * 300 + ".ipynb", "x" * 94 + ".ipynb"),
        ("x" * 300, "x" * 100),
        ("a." + "x" * 300, "a." + "x" * 98),
    ],
)
def test_names_are_cleaned(given: str, name: str) -> None:
    assert named(given) == name
