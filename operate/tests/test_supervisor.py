import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import private
from config.private import is_private
from operate import embedded, supervisor
from operate.supervisor import AlreadyRunning, Part, Supervisor, take_lock

PATIENCE = 120  # seconds; a machine with other work is slow to start processes

SITE = """
import sys
from pathlib import Path
from operate.supervisor import AlreadyRunning, Part, Supervisor

folder = Path(sys.argv[1])
CHILD = '''
import pathlib, signal, sys, time
folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
def note(word):
    with open(folder / "story", "a") as story:
        story.write(f"{name} {word}\\\\n")
def stop(*_):
    time.sleep(float(sys.argv[3])); note("stops"); sys.exit(0)
signal.signal(signal.SIGTERM, stop)
note("starts"); (folder / name).touch()
while True: time.sleep(0.05)
'''
def part(name, delay="0"):
    command = [sys.executable, "-c", CHILD, str(folder), name, delay]
    return Part(name, command, ready=(folder / name).exists)
try:
    supervisor = Supervisor([part("broker", "0.3"), part("web")], folder / "lock")
    sys.exit(supervisor.run(on_ready=(folder / "ready").touch))
except AlreadyRunning:
    sys.exit(7)
"""


def start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", SITE, str(folder)], cwd=Path(__file__).parents[2]
    )


def wait_for(path: Path, words: str = "", times: int = 1) -> None:
    deadline = time.monotonic() + PATIENCE
    while not (path.exists() and path.read_text().count(words) >= times):
        assert time.monotonic() < deadline, f"{path.name} never came"
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_parts_start_in_order_and_stop_in_reverse(
    tmp_path: Path, number: signal.Signals
) -> None:
    site = start(tmp_path)
    wait_for(tmp_path / "ready")

    site.send_signal(number)

    assert site.wait(PATIENCE) == 0
    story = (tmp_path / "story").read_text().splitlines()
    assert story == ["broker starts", "web starts", "web stops", "broker stops"]


def test_a_second_start_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    site = start(tmp_path)
    wait_for(tmp_path / "ready")

    assert start(tmp_path).wait(PATIENCE) == 7
    site.terminate()
    assert site.wait(PATIENCE) == 0


def test_after_kill_9_a_new_start_waits_for_the_last_child_of_the_old_one(
    tmp_path: Path,
) -> None:
    site = start(tmp_path)
    wait_for(tmp_path / "ready")

    site.kill()
    site.wait(PATIENCE)
    again = start(tmp_path)
    # the web may be quicker: that the broker was ready is known from before
    wait_for(tmp_path / "story", "broker starts", times=2)

    again.terminate()
    assert again.wait(PATIENCE) == 0
    story = (tmp_path / "story").read_text().splitlines()
    assert story.index("broker stops") < len(story) - 1 - story[::-1].index(
        "broker starts"
    )


def run_one(folder: Path, code: str, ready: str = "None") -> subprocess.Popen[str]:
    """A supervisor of one part, `python -c code folder`, whose log
    is what it prints.
    """
    site = f"""
import sys
from pathlib import Path
from operate.supervisor import Part, Supervisor
folder = Path(sys.argv[1])
part = Part("web", [sys.executable, "-c", {code!r}, str(folder)], ready={ready})
log = lambda line: print(line, flush=True)
sys.exit(Supervisor([part], folder / "lock", log=log).run(on_ready=(folder / "ready").touch))
"""
    return subprocess.Popen(
        [sys.executable, "-c", site, str(folder)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )


def pids(folder: Path, count: int) -> list[int]:
    """The process ids that parts left in files named pid-...; waits for
    `count` of them.
    """
    deadline = time.monotonic() + PATIENCE
    while len(found := list(folder.glob("pid-*"))) < count:
        assert time.monotonic() < deadline, f"only {found}"
        time.sleep(0.02)
    return sorted(int(path.name.removeprefix("pid-")) for path in found)


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while is_running(pid):
        assert time.monotonic() < deadline, f"{pid} never ended"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"


LIVES = """
import os, pathlib, sys, time
(pathlib.Path(sys.argv[1]) / f"pid-{os.getpid()}").touch()
time.sleep(600)
"""


def test_a_part_that_is_killed_again_and_again_is_started_again_after_growing_waits(
    tmp_path: Path,
) -> None:
    site = run_one(tmp_path, LIVES)
    killed: set[int] = set()

    for count in (1, 2, 3):
        (alive,) = set(pids(tmp_path, count)) - killed
        os.kill(alive, signal.SIGKILL)
        killed.add(alive)
    (alive,) = set(pids(tmp_path, 4)) - killed
    site.terminate()

    said = [line[20:] for line in site.communicate()[0].splitlines()]
    assert said == [
        "web ended (exit -9); starting it again in 1 s",
        "web ended (exit -9); starting it again in 2 s",
        "web ended (exit -9); starting it again in 4 s",
        "stopping web",
        "stopped",
    ]
    assert site.returncode == 0
    assert not is_running(alive)


def test_an_error_before_the_site_was_up_ends_it_with_a_sentence(
    tmp_path: Path,
) -> None:
    site = run_one(tmp_path, "import sys; sys.exit(3)", ready="lambda: False")

    said, _ = site.communicate(timeout=30)

    assert site.returncode == 1
    assert said[20:].strip() == (
        "web cannot start (exit 3): the reason is in the lines above."
    )


def test_an_error_after_the_site_was_up_is_tried_again_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "WAIT_SECONDS_MAX", 0)
    lines: list[str] = []
    part = Part("web", [sys.executable, "-c", "import sys; sys.exit(3)"])
    site = Supervisor([part], tmp_path / "lock", log=lines.append)
    site.lock = take_lock(tmp_path / "lock")
    site.is_up = True

    deadline = time.monotonic() + PATIENCE
    while part.failures < supervisor.MANY_FAILURES:
        assert time.monotonic() < deadline
        site._look_after(part)
    site.lock.close()

    assert lines[-2].endswith("web ended (exit 3); starting it again in 0 s")
    assert "web has ended 5 times in a row. It will be tried again" in lines[-1]


def test_what_a_killed_part_leaves_behind_is_ended_before_the_part_starts_again(
    tmp_path: Path,
) -> None:
    child = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {LIVES}"
    forks = f"import os; os.fork(); {child}"
    site = run_one(tmp_path, forks)
    first = pids(tmp_path, 2)
    master = min(first)

    os.kill(master, signal.SIGKILL)
    pids(tmp_path, 4)

    for pid in first:
        assert not is_running(pid)
    site.kill()
    for pid in pids(tmp_path, 4):
        if is_running(pid):
            os.kill(pid, signal.SIGKILL)
    site.communicate(timeout=30)


def test_parts_that_outlive_a_killed_supervisor_are_ended_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stubborn = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {LIVES}"
    site = run_one(tmp_path, stubborn)
    (orphan,) = pids(tmp_path, 1)
    wait_for(tmp_path / "ready")
    site.kill()
    site.wait(PATIENCE)
    assert site.stdout is not None
    site.stdout.close()
    assert is_running(orphan)
    monkeypatch.setattr(supervisor, "ORPHANS_SECONDS", 1)
    said: list[str] = []

    lock = take_lock(tmp_path / "lock", log=said.append)

    lock.close()
    wait_until_gone(orphan)
    assert said == ["waiting for the parts of the last start to end"]


def test_a_process_that_only_has_the_number_of_an_old_part_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = subprocess.Popen(
        [sys.executable, "-c", LIVES, str(tmp_path)], start_new_session=True
    )
    pids(tmp_path, 1)
    monkeypatch.setattr(supervisor, "ORPHANS_SECONDS", 0)

    with open(tmp_path / "lock", "a+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write(json.dumps({"pid": 0, "parts": {str(other.pid): ["valkey-server"]}}))
        held.flush()
        with pytest.raises(AlreadyRunning):
            take_lock(tmp_path / "lock", wait_seconds=1)

    assert other.poll() is None
    other.kill()
    other.wait()


def test_a_lock_of_a_live_process_is_refused_at_once(tmp_path: Path) -> None:
    lock = take_lock(tmp_path / "lock")

    with pytest.raises(AlreadyRunning):
        take_lock(tmp_path / "lock")

    lock.close()
    take_lock(tmp_path / "lock").close()


def test_the_embedded_valkey_answers_in_a_folder_with_an_odd_name(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "a b ö#%"
    folder.mkdir()
    path = private.socket_path(folder)
    server = subprocess.Popen(
        embedded.valkey_command(folder, path), stdout=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while not embedded.answers(path):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert oct(os.stat(path).st_mode)[-3:] == "700"
    finally:
        server.terminate()
        server.wait(PATIENCE)
    assert not embedded.answers(path)


def test_a_long_folder_name_moves_the_socket_to_a_private_place(tmp_path: Path) -> None:
    long, other = tmp_path / ("x" * 120), tmp_path / ("y" * 120)
    long.mkdir()
    other.mkdir()

    path = private.socket_path(long)

    assert len(str(path)) <= private.SOCKET_BYTES_MAX
    assert path == private.socket_path(long)
    assert path != private.socket_path(other)
    assert is_private(path.parent)


def test_a_signal_is_taken_while_the_main_thread_holds_the_event(
    tmp_path: Path,
) -> None:
    site = Supervisor([], tmp_path / "lock", log=print)

    with site.stopping._cond:  # type: ignore[attr-defined]  # as its wait does
        site.take_signal(signal.SIGINT, None)

    assert site.run() == 0
