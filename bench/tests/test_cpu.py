import os
import subprocess
import sys

from bench import cpu

BUSY = "sum(range(3_000_000)); print(1, flush=True); input()"


def test_used_counts_the_cpu_of_a_process_and_of_its_children():
    argv = [sys.executable, "-c", BUSY]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()

        assert child.pid in cpu.tree(os.getpid())
        assert cpu.between({}, cpu.used([child.pid])) > 5_000_000
        assert cpu.memory([child.pid])["Rss"] > 1_000_000
        child.communicate(b"\n")


def test_a_thread_that_is_new_counts_from_nothing():
    assert cpu.between({1: 100, 2: 5}, {1: 130, 3: 7}) == 37


def test_a_process_that_has_ended_is_left_out():
    assert cpu.used([2**22]) == {}
