"""The connection to the queue. An entry that is not a message is set aside, and the
others are delivered.
"""

import logging
from typing import Any

from kombu.transport import redis

log = logging.getLogger(__name__)


def keep(reason: str, *, task: str = "", text: object = "") -> None:
    """Store a broken message for the owner. If that fails, the worker goes on anyway."""
    # Imported late: this module is loaded before Django.
    from operate.actions import set_message_aside

    log.error("A message of the queue is set aside: %s %s", reason, task)
    try:
        set_message_aside(reason=reason, task=task, text=readable(text))
    except Exception:
        log.exception("The message could not be kept: %r", text)


def readable(text: object) -> str:
    if isinstance(text, bytes | bytearray | memoryview):
        return bytes(text).decode("utf-8", "backslashreplace")
    if isinstance(text, str):
        return text
    return repr(text)


class Channel(redis.Channel):
    """Celery's channel, but an entry that is not a message does not end the worker."""

    def _brpop_read(self, **options: Any) -> Any:
        client = self.client
        taken: list[Any] = []
        read = client.parse_response

        def parse_response(*args: Any, **kwargs: Any) -> Any:
            answer = read(*args, **kwargs)
            taken[:] = answer or ()
            return answer

        client.parse_response = parse_response
        try:
            return super()._brpop_read(**options)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            if not taken:  # then the error is about the connection, not about a message
                raise
            keep(f"It is no message: {error!r}", text=taken[1])
            return True
        finally:
            client.parse_response = read


class Transport(redis.Transport):
    Channel = Channel
