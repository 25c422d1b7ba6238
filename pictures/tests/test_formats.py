import struct

import pytest

from pictures.formats import Inspected, inspected
from pictures.refusals import FileRefused
from pictures.tests import bad_pictures
from pictures.tests.bad_pictures import SIGNATURE, chunk, picture, png, zeros

REFUSED = {name: (data, says) for name, data, says in bad_pictures.refused()}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_picture_is_refused_before_it_is_decoded(name: str) -> None:
    data, says = REFUSED[name]

    with pytest.raises(FileRefused, match=says):
        inspected(data)


def header(*, depth: int = 8, colour: int = 2, interlaced: int = 0) -> bytes:
    values = struct.pack(">IIBBBBB", 5, 3, depth, colour, 0, 0, interlaced)
    return SIGNATURE + chunk(b"IHDR", values)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (SIGNATURE + chunk(b"IEND", b""), "cannot be read"),
        (SIGNATURE + chunk(b"IHDR", b"short") + chunk(b"IEND", b""), "cannot be read"),
        (header(colour=5) + chunk(b"IEND", b""), "cannot be read"),
        (header() + chunk(b"IEND", b""), "in the middle"),
        (png(0, 5, zeros(1)), "cannot be read"),
        (b"\xff\xd8\xff\xda\0\2" + b"\0" * 9, "cannot be read"),  # without a frame
        (b"\xff\xd8" + b"\xff\xe0\0\2" * 10_001, "cannot be read"),
        (b"\xff\xd8\xff\xc0\0\2", "in the middle"),
        (b"RIFF\x20\0\0\0WEBPALPH" + bytes(30), "cannot be read"),
        (b"RIFF\x04\0\0\0WEBP", "in the middle"),
    ],
)
def test_a_picture_that_breaks_its_format_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(FileRefused, match=says):
        inspected(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("size", [(7, 13), (640, 480)])
def test_the_size_is_read_from_every_format(kind: str, size: tuple[int, int]) -> None:
    given = {"lossless": True} if size == (7, 13) and kind == "WEBP" else {}

    found = inspected(picture(kind, size, **given))

    assert (found.width, found.height) == size


def test_the_size_of_an_extended_webp_is_that_of_its_canvas() -> None:
    found = inspected(bad_pictures.webp_that_says(300, 200))

    assert (found.width, found.height) == (300, 200)


@pytest.mark.parametrize(
    ("depth", "colour", "length"), [(1, 0, 6), (16, 6, 123), (8, 3, 18)]
)
def test_points_of_every_depth_are_counted(
    depth: int, colour: int, length: int
) -> None:
    def of(points: int) -> bytes:
        body = chunk(b"IDAT", zeros(points)) + chunk(b"IEND", b"")
        return header(depth=depth, colour=colour) + body

    assert inspected(of(length)).height == 3
    with pytest.raises(FileRefused, match="in the middle"):
        inspected(of(length - 1))


def test_points_of_an_interlaced_picture_are_counted() -> None:
    # by pass: 1 by 1, 1 by 1, none, 1 by 1, 3 by 1, 2 by 2, 5 by 1
    length = 4 + 4 + 4 + 10 + 14 + 16

    def of(points: int) -> bytes:
        body = chunk(b"IDAT", zeros(points)) + chunk(b"IEND", b"")
        return header(interlaced=1) + body

    assert inspected(of(length)).height == 3
    with pytest.raises(FileRefused, match="in the middle"):
        inspected(of(length - 1))


def test_points_may_be_in_any_number_of_chunks() -> None:
    packed = zeros(3 * 16)
    parts = [chunk(b"IDAT", packed[place : place + 1]) for place in range(len(packed))]

    found = inspected(header() + b"".join(parts) + chunk(b"IEND", b""))

    assert (found.width, found.height) == (5, 3)


def test_text_and_large_pieces_of_a_png_do_not_reach_the_decoder() -> None:
    whole = picture()
    place = whole.index(b"IDAT") - 4
    extra = chunk(b"tEXt", b"Author\0Mira") + chunk(b"eXIf", bytes(70_000))

    found = inspected(whole[:place] + extra + whole[place:] + b"behind")

    assert found == Inspected("PNG", 640, 480, whole)


def test_markers_without_a_length_stand_between_the_parts_of_a_jpeg() -> None:
    whole = picture("JPEG")

    found = inspected(whole[:2] + b"\xff\x01\xff" + whole[2:])

    assert (found.width, found.height) == (640, 480)


def test_points_of_more_than_one_piece_are_counted() -> None:
    # a little more than one
    assert inspected(png(655, 100, zeros(656 * 100), colour=0)).height == 100
