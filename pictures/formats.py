"""What the bytes of a picture say of themselves, read without decoding a point.

Whatever is refused here costs no more memory than the file. The formats are those of
the PNG specification, of ITU-T T.81 and of Google's WebP container.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from pictures import refusals
from pictures.refusals import FileRefused

MILLION = 1_000_000
# Points that are decoded, four bytes each. A JPEG is decoded at a fraction of its size,
# unless it is progressive.
POINTS_MAX = {
    "PNG": 24 * MILLION,
    "JPEG": 64 * MILLION,
    "progressive JPEG": 16 * MILLION,
    "WebP": 16 * MILLION,
}
SIDE_MAX = 20_000
CHUNKS_MAX = 10_000
SCANS_MAX = 60  # of a progressive JPEG; each goes over all its points
PIECE = 65_536
# Without text, times and whatever programs add. The profile and the orientation are
# read, and left out of the new picture.
NEEDED_CHUNKS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"iCCP", b"eXIf"}
SMALL_CHUNK = 65_536  # bytes of those that hold no points
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
SIGNATURE = b"\x89PNG\r\n\x1a\n"
# The passes of an interlaced PNG: first column and row, and the steps.
PASSES = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)
# Start of frame: baseline, extended and progressive; others are not for the web.
FRAMES = {0xC0: "JPEG", 0xC1: "JPEG", 0xC2: "progressive JPEG"}
ALONE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
SCRIPT = re.compile(rb"<(?:script|\?php)", re.IGNORECASE)
BEHIND = re.compile(rb"<(?:html|svg|body|!doctype)|%PDF-", re.IGNORECASE)


class Inspected(NamedTuple):
    """A picture that may be decoded."""

    name: str  # PNG, JPEG or WebP
    width: int
    height: int
    data: bytes


def inspected(data: bytes) -> Inspected:
    """The picture, without what is not needed to decode it. Raises FileRefused."""
    if not data:
        raise FileRefused(refusals.EMPTY)
    name = name_of(data)
    if name == "PNG":
        return _png(data)
    if name == "JPEG":
        return _jpeg(data)
    if name == "WebP":
        return _webp(data)
    raise FileRefused(refusals.OTHER_PICTURE)


def name_of(data: bytes) -> str:
    """PNG, JPEG or WebP; empty for anything else."""
    if data.startswith(SIGNATURE):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WebP"
    return ""


def _png(data: bytes) -> Inspected:
    chunks = list(_png_chunks(data))
    if not chunks or chunks[0].kind != b"IHDR" or len(chunks[0].body) != 13:
        raise FileRefused(refusals.UNREADABLE)
    if any(chunk.kind == b"acTL" for chunk in chunks):
        raise FileRefused(refusals.MOVING)
    header = struct.unpack(">IIBBBBB", chunks[0].body)
    _check_size("PNG", "PNG", *header[:2])
    _check_hidden("PNG", data, chunks[-1].end)
    _check_points(chunks, *header)
    needed = [data[: len(SIGNATURE)]]
    for chunk in chunks:
        if chunk.kind in NEEDED_CHUNKS:
            needed.append(data[chunk.start : chunk.end])
    return Inspected("PNG", header[0], header[1], b"".join(needed))


class Chunk(NamedTuple):
    kind: bytes
    start: int
    end: int
    body: memoryview


def _png_chunks(data: bytes) -> Iterator[Chunk]:
    """Up to the end of the picture. Raises FileRefused."""
    view, place = memoryview(data), len(SIGNATURE)
    for _number in range(CHUNKS_MAX):
        if place + 12 > len(data):
            raise FileRefused(refusals.TRUNCATED)
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            raise FileRefused(refusals.TRUNCATED)
        if length <= SMALL_CHUNK or kind == b"IDAT":
            yield Chunk(kind, place, end, view[place + 8 : end - 4])
        if kind == b"IEND":
            return
        place = end
    raise FileRefused(refusals.UNREADABLE)


def _check_points(
    chunks: list[Chunk],
    width: int,
    height: int,
    depth: int,
    colour: int,
    _compression: int,
    _filter: int,
    interlaced: int,
) -> None:
    """Raises FileRefused if points are missing.

    They are counted as they are inflated, and none is kept: what is decoded first and
    found to be incomplete afterwards has filled the memory by then.
    """
    bits = depth * CHANNELS.get(colour, 0)
    if not bits:
        raise FileRefused(refusals.UNREADABLE)
    passes = PASSES if interlaced else ((0, 0, 1, 1),)
    missing = 0
    for left, top, across, down in passes:
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            missing += rows * (1 + -(-columns * bits // 8))
    for length in _inflated(chunk.body for chunk in chunks if chunk.kind == b"IDAT"):
        missing -= length
        if missing <= 0:
            return
    raise FileRefused(refusals.TRUNCATED)


def _inflated(bodies: Iterator[memoryview]) -> Iterator[int]:
    """The lengths of the pieces, one after the other. Raises FileRefused.

    While points are left, so are bytes: a sum of four stands behind them.
    """
    stream = zlib.decompressobj()
    try:
        for body in bodies:
            rest: bytes | memoryview = body
            while rest and not stream.eof:
                yield len(stream.decompress(rest, PIECE))
                rest = stream.unconsumed_tail
    except zlib.error:
        raise FileRefused(refusals.UNREADABLE) from None


def _jpeg(data: bytes) -> Inspected:
    kind, width, height, place = _jpeg_frame(data)
    _check_size("JPEG", kind, width, height)
    end = data.find(b"\xff\xd9", place)
    if end < 0:
        raise FileRefused(refusals.TRUNCATED)
    if data.count(b"\xff\xda", place) > SCANS_MAX:
        raise FileRefused(refusals.UNREADABLE)
    _check_hidden("JPEG", data, end + 2)
    return Inspected("JPEG", width, height, data)


class Frame(NamedTuple):
    kind: str
    width: int
    height: int
    place: int  # where its points begin


def _jpeg_frame(data: bytes) -> Frame:
    """Raises FileRefused."""
    frame, place = None, 2
    for _number in range(CHUNKS_MAX):
        if place + 4 > len(data):
            raise FileRefused(refusals.TRUNCATED)
        sign, marker, length = struct.unpack_from(">BBH", data, place)
        if sign != 0xFF:
            raise FileRefused(refusals.UNREADABLE)
        if marker == 0xFF or marker in ALONE:
            place += 1 if marker == 0xFF else 2
            continue
        if marker == 0xDA and frame:
            return frame._replace(place=place)
        if marker in FRAMES and place + 9 <= len(data):
            height, width = struct.unpack_from(">HH", data, place + 5)
            frame = Frame(FRAMES[marker], width, height, place)
        place += 2 + length
    raise FileRefused(refusals.UNREADABLE)


def _webp(data: bytes) -> Inspected:
    end = 8 + struct.unpack_from("<I", data, 4)[0]
    if end > len(data) or len(data) < 30:
        raise FileRefused(refusals.TRUNCATED)
    kind, flags, start = data[12:16], data[20], data[20:30]
    if kind == b"VP8X":
        if flags & 0b10:
            raise FileRefused(refusals.MOVING)
        width = 1 + int.from_bytes(start[4:7], "little")
        height = 1 + int.from_bytes(start[7:10], "little")
    elif kind == b"VP8L":
        sizes = int.from_bytes(start[1:5], "little")
        width, height = 1 + (sizes & 0x3FFF), 1 + (sizes >> 14 & 0x3FFF)
    elif kind == b"VP8 ":
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", start[6:10]))
    else:
        raise FileRefused(refusals.UNREADABLE)
    _check_size("WebP", "WebP", width, height)
    _check_hidden("WebP", data, end)
    return Inspected("WebP", width, height, data[:end])


def _check_size(name: str, kind: str, width: int, height: int) -> None:
    points, at_most = width * height, POINTS_MAX[kind]
    if not points:
        raise FileRefused(refusals.UNREADABLE)
    if points > at_most:
        raise FileRefused(refusals.too_many_points(points, at_most))
    if max(width, height) > SIDE_MAX:
        raise FileRefused(refusals.too_long(max(width, height), SIDE_MAX))


def _check_hidden(name: str, data: bytes, end: int) -> None:
    """Refuse a file that is something else as well. Telephones put moving pictures and
    depths behind their pictures; these are left out without a word.
    """
    if SCRIPT.search(data):
        raise FileRefused(refusals.also(name, "a script"))
    if BEHIND.search(data, end):
        raise FileRefused(refusals.also(name, "a web page or a PDF"))
    if zipfile.is_zipfile(io.BytesIO(data)):
        raise FileRefused(refusals.also(name, "a ZIP archive"))
