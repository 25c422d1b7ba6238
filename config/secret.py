"""The secret key of an installation: made once, kept in the data folder, readable by its owner only."""

import os
import secrets
from pathlib import Path


def keep_secret(path: Path) -> str:
    """Return the secret in the file at `path`, made first if it is missing; two processes at once get the same one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(50))
    try:
        os.link(draft, path)  # fails when another process was first, so that its secret stays
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return _read(path)


def _read(path: Path) -> str:
    secret = path.read_text().strip()
    if len(secret) < 32:
        raise ValueError(f"{path} holds no secret; delete the file and start again.")
    return secret
