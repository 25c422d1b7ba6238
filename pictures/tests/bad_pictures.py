"""Files that must be refused, made here: each is small, and asks for much."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from PIL import Image

from pictures.formats import SIGNATURE


def picture(kind: str = "PNG", size: tuple[int, int] = (640, 480), **given: object):
    """A picture with lines and colours in it."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    written = io.BytesIO()
    image.save(written, kind, **given)
    return written.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + check


def png(width: int, height: int, points: bytes, *, colour: int = 6) -> bytes:
    """A PNG that says it is so large; `points` are compressed already."""
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", points), chunk(b"IEND", b"")
    return SIGNATURE + b"".join(parts)


def zeros(length: int) -> bytes:
    """So many zeros, compressed, with little memory."""
    packer, piece = zlib.compressobj(9), bytes(1_000_000)
    packed = [packer.compress(piece) for _ in range(length // len(piece))]
    packed.append(packer.compress(bytes(length % len(piece))))
    return b"".join([*packed, packer.flush()])


def jpeg_that_says(width: int, height: int, marker: int = 0xC0) -> bytes:
    data = bytearray(picture("JPEG", progressive=marker == 0xC2))
    place = data.index(bytes([0xFF, marker]))
    struct.pack_into(">HH", data, place + 5, height, width)
    return bytes(data)


def webp_that_says(width: int, height: int) -> bytes:
    extended = struct.pack("<I", 0)
    extended += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + extended + picture("WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def moving(kind: str) -> bytes:
    frames = [Image.new("RGB", (64, 64), (0, 0, shade)) for shade in range(0, 250, 50)]
    written = io.BytesIO()
    frames[0].save(written, kind, save_all=True, append_images=frames[1:])
    return written.getvalue()


def archive() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("run.sh", "echo")
    return written.getvalue()


def with_text(words: bytes) -> bytes:
    data = picture()
    place = data.index(b"IDAT") - 4
    return data[:place] + chunk(b"tEXt", b"Comment\0" + words) + data[place:]


def refused() -> Iterator[tuple[str, bytes, str]]:
    """The name of each, its bytes, and what its refusal says."""
    points = "million points"
    yield "40,000 by 40,000", png(40_000, 40_000, zeros(1_000_000)), points
    yield "PNG flood", png(30_000, 30_000, zeros(50_000_000)), points
    yield "JPEG flood", jpeg_that_says(65_535, 65_535), points
    yield "progressive flood", jpeg_that_says(8_000, 8_000, 0xC2), points
    yield "WebP flood", webp_that_says(16_383, 16_383), points
    yield "long and thin", png(1, 24_000_000, zeros(120_000_000)), "points long"
    # as large as may be opened, and incomplete at the very end
    yield "24 million short", png(6_000, 4_000, zeros(96_000_000)), "in the middle"
    yield "many chunks", _many_chunks(), "cannot be read"
    yield "many scans", _many_scans(), "cannot be read"
    yield "unzips for ever", png(640, 480, b"x" * 1_000_000), "cannot be read"
    yield "moving PNG", moving("PNG"), "Moving"
    yield "moving WebP", moving("WEBP"), "Moving"
    for kind in ("PNG", "JPEG", "WEBP"):
        whole = picture(kind)
        yield f"half a {kind}", whole[: len(whole) // 2], "in the middle"
        yield f"{kind} without its end", whole[:-9], "in the middle"
        yield f"{kind} and ZIP", whole + archive(), "ZIP archive"
        yield f"{kind} and page", whole + b"<html><svg onload=x>", "web page"
        yield f"{kind} and script", whole + b"<SCRIPT>alert(1)</SCRIPT>", "script"
        yield f"{kind} and PDF", whole + b"%PDF-1.7\n", "PDF"
    yield "script in a comment", with_text(b"<script>alert(1)</script>"), "script"
    yield "script in EXIF", _script_in_exif(), "script"
    yield "GIF", moving("GIF"), "Only PNG"
    yield "SVG", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "Only PNG"
    yield "XML bomb", b"<?xml?><!DOCTYPE x [<!ENTITY a 'aa'>]><svg/>", "Only PNG"
    yield "page", b"<!doctype html><script>alert(1)</script>", "Only PNG"
    yield "program", b"\x7fELF" + bytes(1_000), "Only PNG"
    yield "nothing", b"", "empty"
    yield "only a signature", SIGNATURE, "in the middle"
    yield "noise", b"\xff\xd8\xff" + bytes(range(256)) * 40, "cannot be read"


def _many_chunks() -> bytes:
    return SIGNATURE + chunk(b"tEXt", b"a\0b") * 500_000


def _many_scans() -> bytes:
    data = picture("JPEG", size=(3_000, 3_000), progressive=True)
    place = data.rindex(b"\xff\xda")
    return data[:place] + data[place:-2] * 400 + data[-2:]


def _script_in_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "<script>alert(1)</script>"
    return picture("JPEG", exif=exif.tobytes())
