"""The settings of the last start of the site, for commands that are run by hand.

`make up` gives settings to the site only. A command that somebody types later has an
environment of its own. Without the settings of the site its links would lead nowhere,
and its mail would go elsewhere. So each start stores its settings in the data folder, and
`manage.py` takes those that its own environment lacks.

What may hold a password is not stored, but the path of a file that holds it is.

Knows no Django.
"""

import json
import os
import re
from collections.abc import Iterable, Mapping, MutableMapping
from pathlib import Path

from config.secret import SecretFiles

BASE_DIR = Path(__file__).resolve().parent.parent
FILE = "started-with.json"
SECRET_NAME = re.compile("SECRET|KEY|PASSWORD|TOKEN")
# An address with a name, a password or parameters.
SECRET_VALUE = re.compile("://.*[@?]")
IN_FILE = "_FILE"


def data_dir(environment: Mapping[str, str]) -> Path:
    given = SecretFiles(environment).get("DATA_DIR", "")
    return Path(given or BASE_DIR / "data").absolute()


def store(folder: Path, names: Iterable[str], environment: Mapping[str, str]) -> None:
    """Store what the environment gives for the settings `names`, as the settings of the
    last start. Raises OSError.
    """
    given: dict[str, str] = {}
    secret: list[str] = []
    for name in sorted({*names} - {"DATA_DIR"}):
        if path := environment.get(name + IN_FILE):
            given[name + IN_FILE] = str(Path(path).absolute())
        elif value := environment.get(name):
            if _may_be_secret(name, value):
                secret.append(name)
            else:
                given[name] = value
    draft = folder / f"{FILE}.new"
    draft.write_text(json.dumps({"given": given, "secret": secret}, indent=1))
    draft.replace(folder / FILE)


def complete(environment: MutableMapping[str, str]) -> None:
    """Set each setting of the last start that the environment lacks. An empty value counts
    as given: the command then uses the default.

    Raises SystemExit with a sentence where such a setting was not stored.
    """
    path = data_dir(environment) / FILE
    try:
        stored = json.loads(path.read_bytes())
        given, secret = dict(stored["given"]), list(stored["secret"])
    except OSError:
        return  # never started, or refused with a better sentence by the settings
    except (ValueError, KeyError, TypeError):
        raise SystemExit(
            f"{path} cannot be read. Start the site again, or delete the file."
        ) from None
    missing = [name for name in secret if not _has(environment, name)]
    if missing:
        raise SystemExit(_refusal(missing))
    for name, value in given.items():
        if not _has(environment, name.removesuffix(IN_FILE)):
            environment[name] = value


def _has(environment: Mapping[str, str], name: str) -> bool:
    return name in environment or name + IN_FILE in environment


def _may_be_secret(name: str, value: str) -> bool:
    return bool(SECRET_NAME.search(name) or SECRET_VALUE.search(value))


def _refusal(missing: list[str]) -> str:
    first = missing[0]
    return (
        f"The site was started with {' and '.join(missing)}. That may hold a password, so "
        "it was not stored: give it to this command too. Or start the site with "
        f"{first}{IN_FILE}, the path of a file that holds it; commands then find it."
    )


def typed(words: str) -> str:
    """A command of `manage.py` as somebody types it in the folder of the code.

    `words` is the command with its arguments.
    """
    python = ".venv/bin/python"
    if not os.path.exists(BASE_DIR / python):  # in a container
        python = "python"
    return f"{python} manage.py {words}"
