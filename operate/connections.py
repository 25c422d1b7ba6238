"""How many connections each web process has open, seen by all of them.

A browser keeps its connection, and stays with the process that took it. The process
that is asked first would take most of them: of sixty, up to 54 (decision 0095).
"""

import mmap

PROCESSES = 256  # more than there are
MOST = 0xFFFE


class OpenConnections:
    """Numbers in memory that processes share; made before they fork.

    A process is named by its age, as gunicorn counts them, and writes a number of
    its own only.
    """

    def __init__(self) -> None:
        # two bytes for each process: the number and one more, 0 for no process
        self._shared = memoryview(mmap.mmap(-1, 2 * PROCESSES)).cast("H")

    def note(self, age: int, number: int) -> None:
        self._shared[age % PROCESSES] = min(number, MOST) + 1

    def end(self, age: int) -> None:
        self._shared[age % PROCESSES] = 0

    def has_fewest(self, number: int) -> bool:
        """Whether no process has fewer connections than `number`."""
        return all(noted > number for noted in self._shared if noted)


open_connections = OpenConnections()
