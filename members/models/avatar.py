"""What an avatar shows of a member."""


def initials_of(name: str, email: str) -> str:
    """The initials in a member's avatar."""
    words = name.split() or [email]
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][:1] + words[-1][:1]).upper()


def hue_of(pk: int | None) -> int:
    """The number of the colour of a member's avatar."""
    return (pk or 0) % 8 + 1
