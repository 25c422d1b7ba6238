"""What a file is, by its bytes and its name: a picture, a file to download, or neither."""

import re
import zipfile
from io import BytesIO
from pathlib import PurePosixPath

from pictures import formats, refusals
from pictures.refusals import FileRefused
from text.typed import clean_line

MEGABYTE = 1_000_000
PICTURE_MB, FILE_MB = 12, 5
NAME_MAX = 100  # characters
PICTURE_NAMES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WebP"}
OTHER_PICTURES = set(".gif .bmp .tif .tiff .heic .heif .avif .jxl .ico .apng".split())
TEXTS = set(
    ".txt .log .csv .tsv .md .rst .py .ipynb .json .jsonl .yaml .yml .toml .ini .cfg "
    ".sh .tex .bib .diff .patch".split()
)
BINARIES = {".pdf": b"%PDF-", ".npy": b"\x93NUMPY"}
ARCHIVES = {".zip", ".npz"}
PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # not tabs, lines and colours
NOT_TAKEN = (
    "Files of this kind cannot be added. Notebooks, logs, tables, code, PDF and ZIP "
    "archives can."
)


def is_picture(name: str, data: bytes) -> bool:
    """Whether it is a picture to be shown; else it is a file to download. Raises
    FileRefused.
    """
    if not data:
        raise FileRefused(refusals.EMPTY)
    is_shown = bool(formats.name_of(data))
    megabytes = PICTURE_MB if is_shown else FILE_MB
    if len(data) > megabytes * MEGABYTE:
        raise FileRefused(refusals.too_large(megabytes))
    if not is_shown:
        _check_file(_ending(name), data)
    return is_shown


def _check_file(ending: str, data: bytes) -> None:
    """Raises FileRefused if the file is not what its name says."""
    if ending == ".svg":
        raise FileRefused(refusals.SVG)
    if ending in OTHER_PICTURES:
        raise FileRefused(refusals.MOVING if _moves(data) else refusals.OTHER_PICTURE)
    if said := PICTURE_NAMES.get(ending):
        raise FileRefused(refusals.says_but_is(said, _told(data)))
    if data.startswith(PROGRAMS):
        raise FileRefused(refusals.says_but_is(ending or "nothing", "a program"))
    if ending in ARCHIVES:
        is_so = zipfile.is_zipfile(BytesIO(data))
    elif ending in BINARIES:
        is_so = data.startswith(BINARIES[ending])
    elif ending in TEXTS:
        is_so = is_text(data)
    else:
        raise FileRefused(NOT_TAKEN)
    if not is_so:
        raise FileRefused(refusals.says_but_is(ending, _told(data)))


def is_text(data: bytes) -> bool:
    try:
        return not CONTROL.search(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return False


def _moves(data: bytes) -> bool:
    return data.startswith(b"GIF8")


def _told(data: bytes) -> str:
    """What the bytes are, in words."""
    if zipfile.is_zipfile(BytesIO(data)):
        return "a ZIP archive"
    if data.startswith(b"%PDF-"):
        return "a PDF"
    if _moves(data):
        return "a GIF"
    if data.startswith(PROGRAMS):
        return "a program"
    return "text" if is_text(data) else "something else"


def _ending(name: str) -> str:
    return PurePosixPath(named(name)).suffix.lower()


def named(name: str) -> str:
    """The name without folders and without signs that no name should have."""
    last = clean_line(name.replace("\\", "/").rpartition("/")[2])
    cleaned = re.sub(r'["<>|:*?\[\]]', "_", last).strip(". ")
    if len(cleaned) <= NAME_MAX:
        return cleaned or "file"
    stem, dot, ending = cleaned.rpartition(".")
    if not dot or len(ending) > 10:
        return cleaned[:NAME_MAX]
    return f"{stem[: NAME_MAX - len(ending) - 1]}.{ending}"
