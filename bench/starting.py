"""How long `make up` takes the second time, until the site says
that it runs.
"""

import os
import signal
import subprocess
import time

from bench.ratios import middle
from bench.sites import BenchFailed, Site

ROUNDS = 3
SAYS = "is running at"


def second_start(site: Site) -> float:
    """Seconds. The database is prepared already, and byte code is kept."""
    once(site)
    return middle([once(site) for _each in range(ROUNDS)])


def once(site: Site) -> float:
    begun = time.perf_counter()
    with subprocess.Popen(
        [site.python, "manage.py", "up"],
        cwd=site.root,
        env=site.environment(site.copy),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        lines = []
        try:
            for line in process.stdout:
                lines.append(line)
                if SAYS in line:
                    return time.perf_counter() - begun
        finally:
            os.kill(process.pid, signal.SIGTERM)
            process.stdout.read()
            process.wait(60)
    raise BenchFailed("`manage.py up` has not started:\n" + "".join(lines))
