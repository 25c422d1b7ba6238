import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from operate import lighter


def collect_static() -> None:
    """Collect, hash and compress the static files, if they have changed since then."""
    stamp = settings.STATIC_ROOT / ".stamp"
    now = _state_of_static()
    if not stamp.exists() or stamp.read_text() != now:
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(now)


def _state_of_static() -> str:
    """A digest of the project's static files, of what makes them lighter, and of the list
    of installed packages, whose static files are collected too.
    """
    files = [Path(lighter.__file__)]
    for folder in settings.STATICFILES_DIRS:
        files += [path for path in Path(folder).rglob("*") if path.is_file()]
    facts = [
        f"{path} {path.stat().st_mtime_ns} {path.stat().st_size}"
        for path in sorted(files)
    ]
    lock = settings.BASE_DIR / "requirements" / "base.txt"
    return hashlib.sha256("\n".join([*facts, lock.read_text()]).encode()).hexdigest()
