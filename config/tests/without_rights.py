"""Run a command that may write only where the modes of files allow it,
also where the tests run as root.
"""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PR_CAPBSET_DROP = 24
# CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: what root may do whatever the
# modes say
OVERRIDES = (1, 2)

# loaded here, since nothing may be loaded between fork and exec
_libc = ctypes.CDLL(None)


def _drop_overrides() -> None:
    if sys.platform == "linux" and os.geteuid() == 0:
        for capability in OVERRIDES:
            _libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)


def run(
    *argv: str, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run it to its end in `folder`, with nothing of the
    environment of the tests.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        argv,
        cwd=folder,
        env={**kept, "DJANGO_SETTINGS_MODULE": "config.settings", **environment},
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=_drop_overrides,
    )
