import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageDraw

from pictures import child, remaking
from pictures.encoding import ORIENTATION, encoded
from pictures.refusals import BUSY, UNREADABLE, FileRefused
from pictures.tests import bad_pictures
from pictures.tests.bad_pictures import picture, png, zeros

ROOT = Path(__file__).parents[2]
BYTES, SECONDS = 50_000_000, 1
REFUSED = {name: (data, says) for name, data, says in bad_pictures.refused()}


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def measured(
    data: bytes, most_bytes: int = BYTES, seconds: int = SECONDS
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [
            sys.executable,
            *("-m", "pictures.tests.measured", str(most_bytes), str(seconds)),
        ],
        cwd=ROOT,
        input=data,
        capture_output=True,
        check=False,
    )


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_picture_is_refused_within_a_second_and_50_megabytes(name: str) -> None:
    data, says = REFUSED[name]

    done = measured(data)

    assert done.returncode == 0, done.stderr
    cost = json.loads(done.stdout)
    assert says in cost["outcome"]
    assert cost["bytes"] <= BYTES
    assert cost["seconds"] <= SECONDS


@pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
def test_a_picture_that_is_decoded_would_reach_these_limits() -> None:
    largest = png(6_000, 4_000, zeros(96_004_000))

    assert measured(largest).returncode != 0
    assert b'"taken"' in measured(largest, 400_000_000, 30).stdout


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("PNG", "image/png"), ("WEBP", "image/png"), ("JPEG", "image/jpeg")],
)
def test_a_picture_becomes_at_most_1600_points_long_and_has_a_small_form(
    kind: str, media_type: str
) -> None:
    made = encoded(picture(kind, size=(2400, 900)))

    assert made.small
    assert made.media_type == media_type
    assert (made.large.width, made.large.height) == (1600, 600)
    assert (made.small.width, made.small.height) == (800, 300)
    for form in (made.large, made.small):
        assert opened(form.data).size == (form.width, form.height)


def test_a_small_picture_keeps_its_points_and_has_one_form() -> None:
    made = encoded(picture(size=(641, 3)))

    assert (made.large.width, made.large.height, made.small) == (641, 3, None)
    assert opened(made.large.data).tobytes() == opened(picture(size=(641, 3))).tobytes()


def test_a_thin_picture_keeps_a_point_of_width() -> None:
    made = encoded(picture(size=(1, 9_000)))

    assert (made.large.width, made.large.height) == (1, 1600)


@pytest.mark.parametrize("size", [(6_000, 4_000), (3_300, 3_300), (1_601, 900)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_large_picture_shows_the_same(kind: str, size: tuple[int, int]) -> None:
    large = opened(encoded(picture(kind, size)).large.data).convert("L")

    shades = [large.getpixel((large.width // 2, y)) for y in (2, large.height - 3)]
    assert shades[0] < 5
    assert shades[1] > 250


def telephone(size: tuple[int, int] = (400, 300)) -> bytes:
    """A photo of a telephone held upright, with where it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x0110] = "A telephone of Mira"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, 40, 40), fill="red")
    written = io.BytesIO()
    image.save(
        written,
        "JPEG",
        exif=exif.tobytes(),
        comment=b"a comment",
        xmp=b"<x:xmpmeta>at home</x:xmpmeta>",
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    )
    return written.getvalue() + b"a moving picture of the telephone"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_a_telephone_adds_is_left_out_and_the_picture_is_upright(
    kind: str,
) -> None:
    photo = telephone()
    if kind == "PNG":
        image = opened(photo)
        written = io.BytesIO()
        image.save(written, "PNG", exif=image.getexif())
        photo = written.getvalue()

    shown = opened(encoded(photo).large.data)

    assert shown.size == (300, 400)
    red, green, blue = shown.getpixel((290, 10))
    assert red > 200
    assert max(green, blue) < 90
    assert not shown.getexif()
    assert shown.info.keys() <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
    } | {
        "progressive",
        "progression",
    }
    for word in (b"Mira", b"comment", b"home", b"moving", b"ICC", b"sRGB"):
        assert word not in encoded(photo).large.data


@pytest.mark.parametrize(
    ("mode", "colour", "shade"),
    [
        ("RGBA", (0, 0, 0, 0), 255),
        ("LA", (0, 0), 255),
        ("L", 40, 40),
        ("1", 1, 255),
        ("I;16", 40 * 256, 40),
        ("P", 0, 0),
    ],
)
def test_every_kind_of_points_is_shown_on_white(
    mode: str, colour: object, shade: int
) -> None:
    written = io.BytesIO()
    Image.new(mode, (20, 20), colour).save(written, "PNG")  # type: ignore[arg-type]

    shown = opened(encoded(written.getvalue()).large.data)

    assert shown.mode in ("L", "RGB")
    assert abs(shown.convert("L").getpixel((5, 5)) - shade) <= 1


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_photos_of_printers_and_without_colours_are_shown(mode: str) -> None:
    written = io.BytesIO()
    Image.new(mode, (20, 20)).save(written, "JPEG")

    assert opened(encoded(written.getvalue()).large.data).size == (20, 20)


def test_a_photo_that_comes_as_png_becomes_a_jpeg() -> None:
    noise = Image.effect_noise((1200, 900), 90).convert("RGB")
    written = io.BytesIO()
    noise.save(written, "PNG")

    made = encoded(written.getvalue())

    assert made.media_type == "image/jpeg"
    assert opened(made.large.data).format == "JPEG"
    assert made.small
    assert opened(made.small.data).format == "JPEG"


def test_a_picture_with_a_profile_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(FileRefused, match="cannot be read"):
        encoded(picture("JPEG", icc_profile=b"no profile"))


def test_a_picture_is_made_anew_in_a_process_of_its_own() -> None:
    for data in (picture(size=(1700, 20)), picture(size=(20, 20))):
        assert remaking.remade(data) == encoded(data)
    with pytest.raises(FileRefused, match="in the middle"):
        remaking.remade(picture()[:-20])


@pytest.mark.parametrize("ended_by", ["a signal", "the clock"])
def test_a_process_that_comes_to_no_answer_is_a_refusal(
    ended_by: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    does = {
        "a signal": "import os; os.kill(os.getpid(), 9)",
        "the clock": "import time; time.sleep(60)",
    }
    package = tmp_path / "pictures"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "child.py").write_text(does[ended_by])
    monkeypatch.setattr(remaking, "ROOT", tmp_path)
    monkeypatch.setattr(remaking, "SECONDS", 1)

    with pytest.raises(FileRefused, match=UNREADABLE):
        remaking.remade(picture())


@pytest.mark.parametrize("full", ["AT_ONCE", "WITH_WAITING"])
def test_a_picture_is_refused_while_too_many_others_wait(
    full: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remaking, "SECONDS", 0.01)
    places = getattr(remaking, full)
    taken = 0
    while places.acquire(blocking=False):
        taken += 1
    try:
        with pytest.raises(FileRefused, match=BUSY):
            remaking.remade(picture())
    finally:
        places.release(taken)
    monkeypatch.undo()
    assert remaking.remade(picture())


@pytest.mark.skipif(sys.platform != "linux", reason="limits of Linux")
def test_the_process_has_limits_of_its_own() -> None:
    asks = (
        "from pictures import child; child.limit(); import os, resource; "
        "print([os.nice(0), *(resource.getrlimit(each)[0] for each in (resource.RLIMIT_AS, "
        "resource.RLIMIT_CPU, resource.RLIMIT_FSIZE))])"
    )

    told = subprocess.check_output(
        [sys.executable, "-c", asks], cwd=ROOT, env=dict(os.environ), text=True
    )

    nicer = min(19, os.nice(0) + child.NICER)
    assert json.loads(told) == [nicer, 768_000_000, 8, 0]


@pytest.mark.parametrize("size", [(1700, 20), (20, 20)])
def test_the_process_writes_sizes_and_forms(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    read, written = io.BytesIO(picture(size=size)), io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(read))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written))

    child.main()

    heading, _, body = written.getvalue().partition(b"\n")
    made = encoded(picture(size=size))
    forms = [form for form in (made.large, made.small) if form]
    assert json.loads(heading)["sizes"] == [
        [form.width, form.height, len(form.data)] for form in forms
    ]
    assert body == b"".join(form.data for form in forms)
