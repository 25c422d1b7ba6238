import base64
import hashlib
import re
from pathlib import Path

from django.conf import settings


def test_the_policy_allows_the_one_style_inside_a_page() -> None:
    page = (
        Path(settings.BASE_DIR) / "templates" / "look" / "_transition.html"
    ).read_text()

    (style,) = re.findall(r"<style>(.*?)</style>", page, re.S)

    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" == settings.TRANSITION_STYLE
