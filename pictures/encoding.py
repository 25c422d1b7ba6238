"""A picture made again from its points: upright, in the colours of the web, without
anything else that was in its file.

Runs in a process of its own (`pictures.child`), since decoders of pictures have had
errors that end a process or do worse.
"""

import io
from typing import Any, NamedTuple

from PIL import Image, ImageCms, ImageOps

from pictures import refusals
from pictures.formats import Inspected, inspected
from pictures.refusals import FileRefused

LARGE, SMALL = 1600, 800  # points of the longer side
JPEG, PNG = "image/jpeg", "image/png"
PHOTO: dict[str, Any] = {"quality": 85, "optimize": True, "progressive": True}
DRAWING: dict[str, Any] = {"quality": 88, "optimize": True, "subsampling": 0}
PNG_MAX = 600_000  # bytes; beyond, a picture is no drawing and becomes a JPEG
PROFILE_MAX = 100_000
SIXTEEN_BITS = "I"  # how the names of such modes begin
REDUCIBLE = {"L", "LA", "RGB", "RGBA", "CMYK"}
ORIENTATION = 0x0112  # the number of this fact in EXIF
Image.MAX_IMAGE_PIXELS = None  # checked before anything is opened


class Form(NamedTuple):
    width: int
    height: int
    data: bytes


class Encoded(NamedTuple):
    media_type: str
    large: Form
    small: Form | None  # None where the large form is small enough


def encoded(data: bytes) -> Encoded:
    """The picture in the forms that are stored. Raises FileRefused."""
    picture = inspected(data)
    try:
        points = _points(picture)
    except (OSError, SyntaxError, ValueError, EOFError, ImageCms.PyCMSError):
        raise FileRefused(refusals.UNREADABLE) from None
    media_type, large = _form(points, JPEG if picture.name == "JPEG" else PNG)
    small = None
    if max(points.size) > SMALL:
        points.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
        small = Form(*points.size, _written(points, media_type))
    return Encoded(media_type, large, small)


def _points(picture: Inspected) -> Image.Image:
    """What is shown, at most LARGE points long, in RGB or in grey."""
    with Image.open(io.BytesIO(picture.data), formats=[picture.name]) as image:
        if picture.name == "JPEG":
            image.draft(None, _fitting(image.size))
        image.load()
        profile = image.info.get("icc_profile", b"")
        orientation = image.getexif()
        shown = _without_alpha(_reduced(image))
    if max(shown.size) > LARGE:
        shown.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    shown.info = {}
    if shown.mode == "RGB" and 0 < len(profile) <= PROFILE_MAX:
        _to_srgb(shown, profile)
    shown.getexif()[ORIENTATION] = orientation.get(ORIENTATION, 1)
    upright = ImageOps.exif_transpose(shown)
    clean = Image.new(upright.mode, upright.size)
    clean.paste(upright)
    return clean


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    """The size that the large form will have."""
    longest = max(size)
    return (
        max(1, size[0] * LARGE // longest),
        max(1, size[1] * LARGE // longest),
    )


def _reduced(image: Image.Image) -> Image.Image:
    """At half its size, or a third and so on, if that is still twice of what is stored:
    so that the steps after this one need little memory.
    """
    factor = max(image.size) // (2 * LARGE)
    if factor < 2 or image.mode not in REDUCIBLE:
        return image
    return image.reduce(factor)


def _without_alpha(image: Image.Image) -> Image.Image:
    """On white where it is transparent, in RGB or in grey."""
    if image.mode.startswith(SIXTEEN_BITS):
        image = image.convert("I").point(lambda value: value / 256)
    if image.has_transparency_data:
        if image.mode != "RGBA":
            image = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(image, mask=image.getchannel("A"))
        return ground
    return image.convert("L" if image.mode in ("1", "L", "I") else "RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> None:
    """Colours of another space in those that screens show."""
    stated = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    srgb = ImageCms.createProfile("sRGB")
    ImageCms.profileToProfile(image, stated, srgb, inPlace=True)


def _form(points: Image.Image, media_type: str) -> tuple[str, Form]:
    data = _written(points, media_type)
    if media_type == PNG and len(data) > PNG_MAX:
        media_type, data = JPEG, _written(points, JPEG, DRAWING)
    return media_type, Form(*points.size, data)


def _written(
    points: Image.Image, media_type: str, options: dict[str, Any] = PHOTO
) -> bytes:
    written = io.BytesIO()
    if media_type == PNG:
        points.save(written, "PNG")
    else:
        points.save(written, "JPEG", **options)
    return written.getvalue()
