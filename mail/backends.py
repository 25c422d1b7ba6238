"""Ways out for mail: a folder on one machine, or an SMTP server that is told in two halves."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from mail import outbox


class OutboxBackend(BaseEmailBackend):
    """Writes every message of the site into OUTBOX_DIR.

    `resends_are_one`: writing a message again leaves one file, so what a crash left open is simply sent again.
    """

    resends_are_one = True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._write(message) for message in email_messages)

    def _write(self, message: EmailMessage) -> bool:
        if not message.recipients():
            return False
        built = message.message()
        try:
            outbox.write(Path(settings.OUTBOX_DIR), built["Message-ID"], built.as_bytes(linesep="\r\n"))
        except OSError:
            if not self.fail_silently:
                raise
            return False
        return True
