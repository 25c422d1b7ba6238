"""Why a file is not taken. The sentences are for the member who chose it."""


class FileRefused(ValueError):
    """The file is not taken; the message says why and what to do."""


EMPTY = "The file is empty."
UNREADABLE = (
    "This picture cannot be read. Save it again as PNG or JPEG and try once more."
)
BUSY = "Several other pictures are being made ready. Try again in a minute."
TRUNCATED = "The file ends in the middle. Upload it once more."
MOVING = "Moving pictures are not shown. Save one frame as PNG, and choose that."
SVG = "Drawings in SVG can carry scripts. Save it as PNG: plt.savefig('plot.png')."
OTHER_PICTURE = (
    "Only PNG, JPEG and WebP pictures are shown. Save it as one of them and try again."
)


def too_many_points(points: int, at_most: int) -> str:
    return (
        f"This picture has {points / 1e6:,.0f} million points, and at most "
        f"{at_most // 1_000_000} million can be opened. Save it smaller, such as "
        "4,000 points wide, and try again."
    )


def too_long(side: int, at_most: int) -> str:
    return (
        f"This picture is {side:,} points long, and at most {at_most:,} can be "
        "opened. Cut it into parts and try again."
    )


def too_large(megabytes: int) -> str:
    return f"The file is larger than {megabytes} MB. Save it smaller and try again."


def also(name: str, other: str) -> str:
    """A picture in which something else is hidden."""
    return (
        f"This {name} picture also holds {other}. Open it in a picture editor, "
        "save it again, and choose the new file."
    )


def says_but_is(said: str, other: str) -> str:
    return (
        f"This says {said} but is {other}. Give the file the name of what it is, "
        "and choose it again."
    )
