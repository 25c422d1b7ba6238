"""What a process loads before its first request or task. It stays for as long as the
process runs.
"""

import gc

from django.urls import get_resolver


def load_addresses() -> None:
    """Load the addresses of all pages. Else the first `reverse` does, and waits."""
    get_resolver().reverse_dict  # noqa: B018  (asking for it loads all)


def freeze() -> None:
    """Let the garbage collector never walk again what is loaded now: that takes a
    third of a page's time, and a quarter of that of writing digests.
    """
    gc.collect()
    gc.freeze()
