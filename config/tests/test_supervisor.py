import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config import embedded
from config.supervisor import AlreadyRunning, take_lock

SITE = """
import sys
from pathlib import Path
from config.supervisor import AlreadyRunning, Part, Supervisor

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
    return Part(name, [sys.executable, "-c", CHILD, str(folder), name, delay], ready=(folder / name).exists)
try:
    sys.exit(Supervisor([part("broker", "0.3"), part("web")], folder / "lock").run(on_ready=(folder / "ready").touch))
except AlreadyRunning:
    sys.exit(7)
"""


def start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", SITE, str(folder)], cwd=Path(__file__).parents[2])


def wait_for(path: Path, words: str = "") -> None:
    deadline = time.monotonic() + 20
    while not (path.exists() and words in path.read_text()):
        assert time.monotonic() < deadline, f"{path.name} never came"
        time.sleep(0.02)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_parts_start_in_order_and_stop_in_reverse(tmp_path: Path, number: signal.Signals) -> None:
    site = start(tmp_path)
    wait_for(tmp_path / "ready")

    site.send_signal(number)

    assert site.wait(20) == 0
    story = (tmp_path / "story").read_text().splitlines()
    assert story == ["broker starts", "web starts", "web stops", "broker stops"]


def test_a_second_start_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    site = start(tmp_path)
    wait_for(tmp_path / "ready")

    assert start(tmp_path).wait(20) == 7
    site.terminate()
    assert site.wait(20) == 0


def test_after_kill_9_a_new_start_waits_for_the_last_child_of_the_old_one(tmp_path: Path) -> None:
    site = start(tmp_path)
    wait_for(tmp_path / "ready")

    site.kill()
    site.wait(20)
    again = start(tmp_path)
    wait_for(tmp_path / "story", "broker stops\nbroker starts")

    again.terminate()
    assert again.wait(20) == 0
    story = (tmp_path / "story").read_text().splitlines()
    assert story.index("broker stops") < len(story) - 1 - story[::-1].index("broker starts")


def test_a_part_that_dies_is_started_again_only_when_it_had_lived(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from config.supervisor import Part, Supervisor;"
        "part = Part('web', [sys.executable, '-c', 'import sys; sys.exit(3)']);"
        "sys.exit(Supervisor([part], Path(sys.argv[1]) / 'lock').run())"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=Path(__file__).parents[2], capture_output=True, text=True
    )

    assert (done.returncode, done.stdout.strip()) == (1, "web ended at once (exit 3); stopping")


def test_a_lock_of_a_live_process_is_refused_at_once(tmp_path: Path) -> None:
    lock = take_lock(tmp_path / "lock")

    with pytest.raises(AlreadyRunning):
        take_lock(tmp_path / "lock")

    lock.close()
    take_lock(tmp_path / "lock").close()


def test_the_embedded_valkey_answers_in_a_folder_with_an_odd_name(tmp_path: Path) -> None:
    folder = tmp_path / "a b ö#%"
    folder.mkdir()
    path = embedded.socket_path(folder)
    server = subprocess.Popen(embedded.valkey_command(folder, path), stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while not embedded.answers(path):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert oct(os.stat(path).st_mode)[-3:] == "700"
    finally:
        server.terminate()
        server.wait(20)
    assert not embedded.answers(path)


def test_a_long_folder_name_moves_the_socket_to_a_private_place(tmp_path: Path) -> None:
    path = embedded.socket_path(tmp_path / ("x" * 120))

    assert len(str(path)) <= embedded.SOCKET_BYTES_MAX
    assert path != embedded.socket_path(tmp_path / ("y" * 120))
