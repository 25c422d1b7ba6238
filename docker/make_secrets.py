"""Write the secrets of docker-compose.yml into the folder `secrets`; what
is there already stays.

Needs Python's standard library only: `make secrets`, or `python3
docker/make_secrets.py`.
"""

import secrets
from pathlib import Path


def make_secrets(folder: Path) -> list[str]:
    """Write what is missing and return the names of the files written.

    Compose mounts each file as it is, so the containers' account must be
    able to read it; the folder keeps other accounts of this machine out.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    written = []

    def keep(name: str, value: str) -> str:
        path = folder / name
        if not path.exists():
            path.write_text(value + "\n")
            written.append(name)
        path.chmod(0o644)
        return path.read_text().strip()

    keep("secret-key", secrets.token_urlsafe(50))
    keep("postgres-password", secrets.token_urlsafe(24))
    owner = keep("owner-password", secrets.token_urlsafe(24))
    site = keep("site-password", secrets.token_urlsafe(24))
    redis = keep("redis-password", secrets.token_urlsafe(24))
    keep("owner-database-url", f"postgres://minibatch_owner:{owner}@db:5432/minibatch")
    keep("site-database-url", f"postgres://minibatch_site:{site}@db:5432/minibatch")
    keep("redis-settings", f"requirepass {redis}")
    keep("redis-url", f"redis://:{redis}@redis:6379/0")
    keep("email-url", "")
    return written


def main() -> None:
    folder = Path(__file__).resolve().parents[1] / "secrets"
    written = make_secrets(folder)
    for name in written:
        print(f"Wrote secrets/{name}")
    if not (folder / "email-url").read_text().strip():
        print(
            "Mail stays in the outbox until secrets/email-url holds smtp+tls://name:password@host:587"
        )


if __name__ == "__main__":
    main()
