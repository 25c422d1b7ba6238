"""The data folder is read and written by one account of the machine only."""

import contextlib
import os
import stat
import tempfile
from pathlib import Path

SOCKET_BYTES_MAX = 100  # sun_path holds 104 bytes on macOS, 108 on Linux
PRIVATE_UMASK = 0o077
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_private(folder: Path) -> None:
    """Make `folder` if it is missing, and close it and all new files to
    other accounts.

    Raises SystemExit with a sentence when the folder belongs to another
    account, or cannot be made or closed.
    """
    os.umask(PRIVATE_UMASK)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        about = folder.stat()
    except OSError as error:
        raise SystemExit(
            f"The data folder {folder} cannot be made: {error.strerror}. Choose "
            "another folder with DATA_DIR."
        ) from error
    if about.st_uid != os.geteuid():
        raise SystemExit(
            f"The data folder {folder} belongs to another account (number {about.st_uid}). "
            "Run the site as that account, or choose another folder with DATA_DIR."
        )
    if about.st_mode & OTHERS:
        try:
            folder.chmod(stat.S_IMODE(about.st_mode) & ~OTHERS)
        except OSError as error:
            raise SystemExit(
                f"Other accounts can read the data folder {folder}, and it cannot be "
                "closed to them: "
                f"{error.strerror}. Run chmod 700 on it."
            ) from error


def why_not_writable(folder: Path) -> str:
    """A sentence when no file can be made in the folder: it is closed, its
    disk is read-only or full. Else empty.
    """
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")
            probe.flush()
    except OSError as error:
        return (
            f"The data folder {folder} cannot be written: {error.strerror}. Give this "
            "account the right to, "
            "or choose another folder with DATA_DIR."
        )
    return ""


def is_private(folder: Path) -> bool:
    """Whether `folder` is a folder of this account, not a link, and closed
    to all others.
    """
    try:
        about = folder.lstat()
    except OSError:
        return False
    ours = about.st_uid == os.geteuid()
    return stat.S_ISDIR(about.st_mode) and ours and not about.st_mode & OTHERS


def private_folder_beside(note: Path) -> Path:
    """Return a folder of this account in the machine's temporary folder,
    under a name that nobody can guess.

    The name is kept in the file `note`. A folder that is gone, or no
    longer private, is replaced. Two processes at once get the same one.
    """
    for _attempt in range(3):
        with contextlib.suppress(OSError):
            named = Path(note.read_text().strip())
            if is_private(named):
                return named
            note.unlink()
        made = tempfile.mkdtemp(prefix="minibatch-")
        draft = note.with_name(f"{note.name}.{os.path.basename(made)}")
        draft.write_text(made)
        try:
            os.link(draft, note)  # fails when another process was first
        except FileExistsError:
            os.rmdir(made)
        finally:
            draft.unlink()
    return Path(note.read_text().strip())


def socket_path(data_dir: Path) -> Path:
    """Where the socket of this data folder is: in it, or in a private
    temporary folder where the path is too long.
    """
    path = data_dir / "valkey.sock"
    if len(os.fsencode(path)) <= SOCKET_BYTES_MAX:
        return path
    return private_folder_beside(data_dir / "socket-folder") / "valkey.sock"
