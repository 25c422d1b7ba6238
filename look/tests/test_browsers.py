"""Browsers in words."""

import pytest

from look.browsers import browser_in_words

WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (f"{WINDOWS} Chrome/131.0 Safari/537.36", "Chrome on Windows"),
        (f"{WINDOWS} Chrome/131.0 Safari/537.36 Edg/131.0", "Edge on Windows"),
        (f"{IPHONE} Version/18.1 Mobile Safari/604.1", "Safari on iPhone"),
        (f"{IPHONE} CriOS/131.0 Mobile Safari/604.1", "Chrome on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Firefox/133.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Linux; Android 14) Firefox/133.0", "Firefox on Android"),
        ("Mozilla/5.0 (Macintosh) Safari/605.1", "Safari on macOS"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("x" * 300, "x" * 60),
        ("", "unknown"),
    ],
)
def test_a_browser_is_named_in_words(sent: str, words: str) -> None:
    assert browser_in_words(sent) == words
