"""What the cache holds is data: whoever can write to Redis cannot make the
site run code.
"""

import json
from typing import Any


class JsonSerializer:
    """Values as JSON, for Django's Redis cache.

    A value that JSON does not know raises TypeError when it is set.
    """

    def dumps(self, value: Any) -> bytes | int:
        """Return what is stored.

        Whole numbers stay numbers, so that Redis can count with them.
        """
        if type(value) is int:
            return value
        return json.dumps(value).encode()

    def loads(self, stored: bytes) -> Any:
        """Return the value.

        What somebody else has put there and is no JSON counts as nothing.
        """
        try:
            return json.loads(stored)
        except (TypeError, ValueError):
            return None
