"""Secrets: the key of an installation, made once and kept in the data
folder; and those that lie in files.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from environ.fileaware_mapping import FileAwareMapping


class SecretFiles(FileAwareMapping):
    """The environment, in which NAME_FILE names a file that holds the
    value of NAME, without its last line end.

    `asked` has the name of every variable that was read.
    """

    def __init__(self, env: Mapping[str, str] | None = None) -> None:
        super().__init__(env)
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> str:
        """Raises SystemExit with a sentence when the named file
        cannot be read.
        """
        self.asked.add(key)
        try:
            value: str = super().__getitem__(key)
        except OSError as error:
            name = self.env[f"{key}_FILE"]
            raise SystemExit(
                f"{key}_FILE names {name}, which cannot be read: {error.strerror}."
            ) from error
        if self.env.get(f"{key}_FILE"):
            return value.rstrip("\r\n")
        return value


def keep_secret(path: Path) -> str:
    """Return the secret in the file at `path`, made first if it is
    missing; two processes at once get the same one.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with open(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
    ) as file:
        file.write(secrets.token_urlsafe(50))
    try:
        # fails when another process was first, so that its secret stays
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return _read(path)


def secret_key(path: Path) -> str:
    """As `keep_secret`, for the start.

    Raises SystemExit with a sentence if no secret can be read or made.
    """
    try:
        return keep_secret(path)
    except ValueError as error:
        raise SystemExit(str(error)) from error
    except OSError as error:
        raise SystemExit(
            f"The secret key {path} can be neither read nor made: {error.strerror}."
        ) from error


def _read(path: Path) -> str:
    secret = path.read_text().strip()
    if len(secret) < 32:
        raise ValueError(f"{path} holds no secret; delete the file and start again.")
    return secret
